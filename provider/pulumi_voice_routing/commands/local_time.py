"""Times as the clock of whoever reads them shows them, with the zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from ..toml_entries import with_zone


def zone_here() -> str:
    """What the zone of this machine is called now, such as CET."""
    return f"{datetime.now().astimezone():%Z}"


def here(time: datetime) -> str:
    """A time on this machine's clock; empty where that shows the same."""
    if time.tzinfo is None:
        return ""
    try:
        local = time.astimezone()
    except (OSError, OverflowError, ValueError):  # at the ends of all years
        return ""
    return "" if local.replace(tzinfo=None) == time.replace(tzinfo=None) else f"{local:%a %Y-%m-%d %H:%M %Z}"


def last_day(until: date) -> str:
    """A last day, which is one of UTC, and when it ends on this machine's clock."""
    ends = end_here(until)
    return f"{until} (UTC, here until {ends})" if ends else with_zone(until)


def end_here(until: date) -> str:
    """When a day of UTC ends on this machine's clock; empty where that is midnight as well."""
    try:
        local = (datetime(until.year, until.month, until.day, tzinfo=UTC) + timedelta(days=1)).astimezone()
    except (OSError, OverflowError, ValueError):
        return ""
    return f"{local:%Y-%m-%d %H:%M %Z}" if local.utcoffset() else ""


__all__ = ["end_here", "here", "last_day", "zone_here"]
