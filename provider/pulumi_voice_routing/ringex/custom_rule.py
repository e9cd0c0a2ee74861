"""What a custom answering rule needs, and whether others are for the same calls."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from .. import say
from ..client.listings import Json
from ..lifecycle.calls import At
from ..lifecycle.model import Failure, Values, unknown
from ..telephony.hours import why_no_period, wrong_in_week
from .fields import why_no_hours
from .rule_facts import overlaps
from .rule_form import rule_facts
from .rule_handling import RuleMember
from .shapes import AnsweringRule

_CONDITIONS = ("callers", "called_numbers", "schedule")


class CustomRule(RuleMember):
    """An answering rule that the extension can do without."""

    def problems(self, args: Values) -> Iterable[Failure]:
        yield from super().problems(args)
        given = [name for name in _CONDITIONS if name in args]
        if not any(unknown(args[name]) or args[name] for name in given):
            yield Failure("", f"a custom rule needs a condition: one of {', '.join(_CONDITIONS)}")
        schedule = args.get("schedule")
        if isinstance(schedule, dict) and not unknown(schedule) and len(schedule) > 1:
            yield Failure("schedule", f"give one of weekly, ranges and ref, not {' and '.join(schedule)}")
        yield from _schedule_problems(schedule)

    def may_be_created(self, at: At, args: Values) -> None:
        body = self.new_body(args)
        self.refuse(at, body, body)

    def may_create(self, at: At, body: Json) -> None:
        self.refuse(at, body, body)
        self._warn_of_overlap(at, body)

    def _warn_of_overlap(self, at: At, body: Json) -> None:
        """The order of rules decides between them, and no call of the vendor sets it."""
        others = [self.get(at, str(one["id"])) for one in self.everything(at) if one.get("enabled") is not False]
        new = rule_facts(cast(AnsweringRule, body))
        names = ", ".join(
            repr(one.get("name")) for one in others if overlaps(new, rule_facts(cast(AnsweringRule, one)))
        )
        if names:
            say.warn(
                f"{self.vendor}: answering rule {body.get('name')!r} is for calls that {names} is for as well. The "
                "first in the extension's list wins, and only the portal can change their order."
            )


def _schedule_problems(schedule: Any) -> Iterable[Failure]:
    """What is wrong with hours and periods, as far as they are known."""
    if not isinstance(schedule, dict):
        return
    weekly, ranges = schedule.get("weekly"), schedule.get("ranges")
    if why := why_no_hours(weekly):
        yield Failure("schedule.weekly", why)
    if ranges == []:
        yield Failure("schedule.ranges", "holds no period; give one or more")
    for place, why in wrong_in_week(weekly if isinstance(weekly, dict) else {}):
        yield Failure(f"schedule.weekly.{place}", why)
    for number, one in enumerate(ranges if isinstance(ranges, list) else []):
        why = why_no_period(one.get("from"), one.get("to")) if isinstance(one, dict) else ""
        if why:
            yield Failure(f"schedule.ranges[{number}]", why)
