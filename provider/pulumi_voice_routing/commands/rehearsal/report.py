"""A rehearsal for people, for pull requests, and for other programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...errors import one_line, some_of
from ...markdown_text import escaped
from ..impact_report import outcome_as_json
from .callers import Gap
from .rehearse import Rehearsal, Stop, counted
from .stage import Moment

_MOST = 5


def as_text(found: Rehearsal) -> str:
    """The whole report in lines."""
    if not found.steps:
        return "\n".join(["Nothing would be done.", *_left_out(found), ""])
    lines = [_summary(found), *(f"error: {one_line(error)}" for error in found.errors), ""]
    lines += _gap_lines(found)
    lines += ["", *_stop_lines(found)] if found.stops else []
    lines += _left_out(found)
    return "\n".join(lines) + "\n"


def as_markdown(found: Rehearsal) -> str:
    """The same for a comment of a pull request."""
    if not found.steps:
        return "\n".join(["### Rehearsal: nothing would be done", "", *map(escaped, _left_out(found)), ""])
    title = "callers notice nothing in between" if found.clean else "look at this before it is merged"
    lines = [f"### Rehearsal: {title}", "", escaped(_summary(found)), ""]
    lines += [f"- **The run stops:** {escaped(error)}" for error in found.errors]
    if found.gaps:
        lines += ["", "| calls to | when | in between | from request | to request |", "| --- | --- | --- | --- | --- |"]
        lines += [f"| {' | '.join(map(escaped, _cells(gap)))} |" for gap in found.gaps]
    if found.broken:
        lines += ["", "| stopped after | what is left |", "| --- | --- |"]
        lines += [f"| {escaped(_at(stop.after))} | {escaped(_left(stop))} |" for stop in found.broken]
    elif found.stops:
        lines += ["", escaped(_stops_summary(found))]
    lines += ["", *(f"- {escaped(one)}" for one in _left_out(found))]
    return "\n".join(lines).rstrip() + "\n"


def as_json(found: Rehearsal) -> dict[str, object]:
    """The same as plain values."""
    return {
        "clean": found.clean,
        "steps": found.steps,
        "left_alone": found.others,
        "requests": {"all": len(found.moments), "writes": len(found.writes)},
        "minutes": round(found.minutes, 2),
        "rates": {f"{vendor} {group}": limit for (vendor, group), limit in found.rates.items()},
        "moments": {"looked_at": found.looked.moments, "of": found.looked.of, "numbers": found.looked.numbers},
        "gaps": [
            {
                "numbers": gap.numbers,
                "calls": gap.calls,
                "when": gap.when,
                "minutes": [list(one) for one in gap.intervals],
                "unanswered": gap.unanswered,
                "outcome": outcome_as_json(gap.outcome),
                "from": _request(gap.begins),
                "to": _request(gap.ends) if gap.ends else None,
            }
            for gap in found.gaps
        ],
        "stops": [
            {
                "after": _request(stop.after),
                "written": stop.written,
                "done": stop.done,
                "unanswered": stop.unanswered,
                "left": stop.left,
                "healed": stop.healed,
                "why_not": stop.why_not,
            }
            for stop in found.stops
        ],
        "errors": found.errors,
        "assumed": found.assumed,
        "left_out": found.left_out,
    }


def _request(moment: Moment) -> dict[str, object]:
    return {"number": moment.number, "request": moment.name}


def _at(moment: Moment) -> str:
    return f"request {moment.number}, {moment.name}"


def _summary(found: Rehearsal) -> str:
    steps = ", ".join(f"{count} to {op}" for op, count in sorted(counted(found).items()))
    rates = ", ".join(f"{vendor} {limit} a minute" for vendor, limit in _slowest(found))
    return (
        f"{steps}: {len(found.moments)} requests, of which {len(found.writes)} change something; "
        f"about {_minutes(found.minutes)}" + (f" at the rates that are allowed ({rates})" if rates else "") + "."
    )


def _slowest(found: Rehearsal) -> Iterator[tuple[str, int]]:
    for vendor in sorted({vendor for vendor, _ in found.rates}):
        yield vendor, min(limit for (of, _), limit in found.rates.items() if of == vendor)


def _minutes(minutes: float) -> str:
    if minutes < 1:
        return f"{max(1, round(minutes * 60))} s"
    return f"{minutes:.1f} minutes"


def _gap_lines(found: Rehearsal) -> Iterator[str]:
    looked = found.looked
    if not found.gaps:
        yield (
            f"After each of the {looked.moments} requests that change something, each of {looked.numbers} numbers "
            "ends where it does before or after the change."
        )
    for gap in found.gaps:
        who, when, what, begins, ends = _cells(gap)
        yield f"{who}: {when}, {what}"
        yield f"  from {begins}"
        yield f"  to   {ends}"
    if looked.moments < looked.of:
        yield (
            f"Only {looked.moments} of {looked.of} moments were looked at, spread evenly: there are {looked.numbers} "
            "numbers. What begins and ends between two of them is not seen."
        )


def _cells(gap: Gap) -> tuple[str, str, str, str, str]:
    who = some_of(gap.numbers, _MOST) + (f", calls {gap.calls}" if gap.calls else "")
    what = f"{'no answer' if gap.unanswered else 'elsewhere'}: {one_line(str(gap.outcome))}"
    return who, gap.when, what, _at(gap.begins), _at(gap.ends) if gap.ends else "it stays so"


def _stop_lines(found: Rehearsal) -> Iterator[str]:
    yield _stops_summary(found)
    for stop in found.stops:
        if stop.unanswered or not stop.healed:
            yield f"  stopped after {_at(stop.after)}: {_left(stop)}"


def _stops_summary(found: Rehearsal) -> str:
    possible = max(0, len(found.writes) - 1)
    tried = f"at {len(found.stops)} of {possible} places" if len(found.stops) < possible else "at each place"
    healed = len(found.stops) - len(found.broken)
    stops = f"{len(found.stops)} {'stop' if len(found.stops) == 1 else 'stops'}"
    return f"Stopped {tried} between two writes; of {stops}, the next run brings everything in order after {healed}."


def _left(stop: Stop) -> str:
    parts: list[str] = []
    if stop.unanswered:
        parts.append(f"no answer at {some_of(stop.unanswered, _MOST)}")
    parts.append(f"done: {_some(stop.done)}; left to do: {_some(stop.left)}")
    parts.append("the next run brings it in order" if stop.healed else f"the next run does not: {stop.why_not}")
    return "; ".join(parts)


def _some(names: Sequence[str]) -> str:
    return some_of(names, _MOST) or "nothing"


def _left_out(found: Rehearsal) -> list[str]:
    lines = [f"Without {one_line(one)}" for one in found.left_out]
    if found.assumed:
        lines.append(f"Taken to be there, since no reading tells of it: {some_of(found.assumed, _MOST)}")
    if found.others:
        lines.append(
            f"{len(found.others)} resources of other packages were left alone: "
            f"{some_of(sorted(urn.rpartition('::')[2] for urn in found.others), _MOST)}"
        )
    return lines


__all__ = ["as_json", "as_markdown", "as_text"]
