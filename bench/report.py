"""The table: medians, beside the least that the vendor's API allows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from statistics import median
from typing import Any

from .cases import Figures

Row = dict[str, Any]

_COLUMNS = (
    ("step", "Step"),
    ("provider", "Provider"),
    ("requests", "Requests"),
    ("fewest_requests", "Fewest"),
    ("requests_ratio", "Ratio"),
    ("seconds", "Seconds"),
    ("least_seconds", "Least"),
    ("seconds_ratio", "Ratio"),
    ("cpu_seconds", "CPU s"),
    ("peak_megabytes", "Peak MB"),
)


def rows(figures: Iterable[Figures]) -> list[Row]:
    """One row for each step, provider and network: the medians of its runs."""
    runs: dict[tuple[Any, ...], list[Figures]] = {}
    for one in figures:
        runs.setdefault((one.scenario, one.network, one.step, one.provider), []).append(one)
    return [_row(some) for some in runs.values()]


def markdown(table: Sequence[Row]) -> str:
    """The rows as tables, one for each scenario and network."""
    parts = []
    for (scenario, network), some in groupby(table, lambda row: (row["scenario"], row["network"])):
        parts += [f"### {scenario}, {network}", "", _line(title for _, title in _COLUMNS)]
        parts.append(_line("---" if name in ("step", "provider") else "---:" for name, _ in _COLUMNS))
        parts += [_line(_shown(row[name]) for name, _ in _COLUMNS) for row in some]
        parts.append("")
    return "\n".join(parts)


def _row(runs: Sequence[Figures]) -> Row:
    first = runs[0]
    requests = round(median(one.requests for one in runs))
    seconds = median(one.cost.seconds for one in runs)
    least = first.floor.seconds(first.network)
    return {
        "scenario": first.scenario,
        "network": first.network.name,
        "step": first.step,
        "provider": first.provider,
        "runs": len(runs),
        "requests": requests,
        "fewest_requests": first.floor.requests,
        "requests_ratio": _ratio(requests, first.floor.requests),
        "seconds": round(seconds, 2),
        "least_seconds": round(least, 2),
        "seconds_ratio": _ratio(seconds, least),
        "cpu_seconds": round(median(one.cost.cpu_seconds for one in runs), 2),
        "peak_megabytes": round(median(one.cost.peak_bytes for one in runs) / 1e6),
    }


def _ratio(value: float, floor: float) -> float | None:
    """How many times the floor; nothing where the floor is nothing."""
    return round(value / floor, 2) if floor else None


def _shown(value: Any) -> str:
    return "-" if value is None else str(value)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
