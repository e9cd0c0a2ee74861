"""What an interaction rule needs, and how it is made and changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from ..client.listings import Json
from ..lifecycle.calls import At
from ..lifecycle.model import Failure, FieldFacts, Values, unknown
from . import condition_form, dispatching_form
from .fields import why_no_hours
from .handling import HandlingMember, schedule_problems
from .shapes_user_calls import CommStateBasedRule
from .state import WORK
from .user_calls import ID, INTERACTION_RULES

_CONDITIONS = ("callers", "called_numbers", "schedule", "state")
_NUMBERS = ("callers", "called_numbers")
_SIMPLE = {"name": "displayName", "enabled": "enabled"}


class Interaction(HandlingMember):
    """A rule that the extension can do without."""

    calls = INTERACTION_RULES
    whole_lists: ClassVar[frozenset[str]] = frozenset(
        {"ring_groups", "always_ring", "callers", "called_numbers", "schedule"}
    )

    def problems(self, args: Values) -> Iterable[Failure]:
        yield from super().problems(args)
        if not any(unknown(args.get(name)) or args.get(name) for name in _CONDITIONS):
            yield Failure("", f"an interaction rule needs a condition: one of {', '.join(_CONDITIONS[:3])}")
        elif "state" in args and not any(unknown(args.get(name)) or args.get(name) for name in _NUMBERS):
            yield Failure("state", f"the vendor takes it beside one of {' and '.join(_NUMBERS)} alone")
        if isinstance(args.get("schedule"), dict):
            yield from schedule_problems(args["schedule"], ("daily", "weekly", "ranges"), "an interaction rule")
            if why := why_no_hours(args["schedule"].get("weekly")):
                yield Failure("schedule.weekly", why)

    def same(self, field: FieldFacts, old: Any, new: Any) -> bool:
        said = condition_form.alike(field.name, old, new)
        return super().same(field, old, new) if said is None else said

    def whole(self, at: At, row: Json) -> Json:
        return row if row.get("dispatching") else self.get(at, self.number(row))

    def shown(self, at: At, live: Json) -> Values:
        return super().shown(at, {**live, "conditions": condition_form.readable(live.get("conditions"))})

    def new_body(self, args: Values) -> Json:
        return {"args": args}

    def create_new(self, at: At, body: Json) -> Json | None:
        """The rule of the work hours tells the apps and devices that each rule must have; where the program says
        nothing, the new rule is like it."""
        args = body["args"]
        work = self._of_work_hours(at[0])
        like = dispatching_form.with_both_ends(dispatching_form.dispatching_of(work))
        whole = {
            "displayName": args["name"],
            "enabled": args.get("enabled", True),
            "conditions": condition_form.laid_over([], args),
            "dispatching": dispatching_form.laid_over(like, args, at[0]),
        }
        self.refuse(whole)
        return super().create_new(at, whole)

    def _of_work_hours(self, extension: str) -> CommStateBasedRule:
        listed = (one for one in self.api.list_state_rules(extension) if one.get(ID) == WORK and one.get("dispatching"))
        return next(listed, None) or self.api.get_state_rule(extension, WORK)

    def rewritten(self, at: At, live: Json, args: Values) -> Json:
        """The parts that change, each as a whole, and nothing else."""
        changed = self.changed(self.shown(at, live), args)
        wanted = {name: args[name] for name in changed if self.model[name].wire is not None}
        body: Json = {wire: wanted.pop(name) for name, wire in _SIMPLE.items() if name in wanted}
        numbers = {name: wanted.pop(name) for name in _CONDITIONS if name in wanted}
        if numbers:
            body["conditions"] = condition_form.laid_over(live.get("conditions"), numbers)
        if wanted:
            there = dispatching_form.dispatching_of(live)
            body["dispatching"] = dispatching_form.laid_over(there, wanted, at[0])
        return body
