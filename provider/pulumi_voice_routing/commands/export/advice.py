"""What is wrong in an account that was read: nothing that an adoption changes, and worth a look."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...call_flow.outcome import NOWHERE
from ...call_flow.routing import Routing
from ...call_flow.tracer import Tracer
from ...errors import one_line, some_of
from ...lifecycle import meaning as means
from ...lifecycle.model import Values
from ...plan.facts import Before, Facts, Resource
from ...safety.rules import FORMER, RULES
from .account import Found
from .program import Program

_LONGEST = 300
_MOST_SHOWN = 5


def advice(program: Program) -> list[str]:
    """One line for each thing that the rules would not let anybody declare anew, and that callers suffer from."""
    there = [
        Resource(one.token, one.name, f"{one.token}::{one.name}", _seen(program, one), one.id, protected=True)
        for one in program.in_order()
        if one.id
    ]
    facts = Facts(there, Before(there), changed=())
    said = [one.message for rule in (*RULES, *FORMER) for one in rule.judge(facts, {})]
    return sorted({one_line(line)[:_LONGEST] for line in [*said, *_unanswered(there)]})


def _seen(program: Program, one: Found) -> Values:
    """What is known of an object: a switch that a declaration leaves out is as nobody has touched it."""
    switch = one.roles.top(means.Switch)
    off = {switch.field: False} if switch is not None and not switch.mark.first else {}
    return {**off, **program.inputs(one)}


def _unanswered(there: Sequence[Resource]) -> Iterator[str]:
    """The numbers whose calls end with nobody, at some time at least, by where they end."""
    routing = Routing.of_state(there)
    tracer = Tracer(routing)
    by_end: dict[str, list[str]] = {}
    for digits in sorted(routing.answered_by):
        route = tracer.route(digits)
        if route is None or routing.let_go(digits):
            continue
        ends = {str(end) for outcome in route.week.values for end, _ in outcome.shares if end.kind in NOWHERE}
        for end in sorted(ends):
            by_end.setdefault(end, []).append(routing.shown(digits))
    for end, numbers in by_end.items():
        yield f"calls to {some_of(numbers, _MOST_SHOWN)} reach nobody, at some time at least: {end}"


__all__ = ["advice"]
