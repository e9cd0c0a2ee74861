"""Who answers many numbers, and what is known when only some of them have arrived."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from ... import say
from ...lifecycle.batched_set import BatchedSet
from ...lifecycle.model import FieldFacts, Values
from ...lifecycle.provider import MANAGED, Partly
from ...telephony.number import Number
from .dialled_number import by_digits
from .moves import Halted, assign, release
from .owner import Live, Owner
from .target import AssignmentLifecycle, elsewhere, known_numbers, with_elsewhere


class ManyAssignments(AssignmentLifecycle, BatchedSet):
    """The assignments of many numbers to one target."""

    def numbers(self, args: Values) -> Iterator[tuple[str, str]]:
        return known_numbers(args, "numbers")

    def with_numbers(self, args: Values, form: Any) -> Values:
        if not isinstance(args.get("numbers"), list):
            return args
        known = {number for _, number in self.numbers(args)}
        return {**args, "numbers": [form(one) if one in known else one for one in args["numbers"]]}

    def same(self, field: FieldFacts, old: Any, new: Any) -> bool:
        if field.name == "numbers" and isinstance(old, list) and isinstance(new, list):
            return set(old) == set(new)
        return super().same(field, old, new)

    def unfinished(self, olds: Values, news: Values) -> bool:
        """Whether a number that left the list is still with the owner that the others have left."""
        return not elsewhere(olds).keys() <= by_digits(number for _, number in self.numbers(news)).keys()

    def look(self, id_: str, olds: Values) -> Values | None:
        internal = olds.get("internal") is True
        known = self.known(olds)
        names = {digits: Number.of_digits(digits, internal=internal) for digits in known}
        there = self.there(known, olds)
        self.tell_of_strangers(((names[digits], live) for digits, live in there.items()), known)
        target = self.owner(olds)
        here = [digits for digits in known if digits in there and there[digits].owner == target]
        strangers = {digits: one.owner for digits, one in there.items() if one.owner not in (None, target)}
        if known and not here and not strangers:
            return None  # none of its numbers is left; a list without numbers is there as long as it is declared
        seen = {
            "numbers": [names[digits] for digits in here],
            **self.account_shown(olds),
            **_agreed([there[digits] for digits in here], olds),
        }
        outs = self.refreshed(olds, seen)
        return with_elsewhere(outs, {digits: owner for digits, owner in strangers.items() if owner is not None})

    def items(self, values: Values) -> dict[str, str]:
        internal = values.get("internal") is True
        return {digits: Number.of_digits(digits, internal=internal) for digits in self.known(values)}

    def bring(self, id_: str, olds: Values, args: Values) -> Values:
        known = self._known(olds)
        try:
            assign(self.api, by_digits(args["numbers"]), self.wanted(args, olds), known)
        except Halted as halted:
            if not olds and not halted.arrived:
                raise
            wanted = self.items(args)
            leaving = {digits: number for digits, number in self.items(olds).items() if digits not in wanted}
            outs = self._halfway(args, halted.arrived, halted.elsewhere, leaving, known)
            raise Partly(id_, outs, halted) from halted
        return self.outputs(args, {})

    def end_items(self, going: Mapping[str, Any], olds: Values, args: Values) -> None:
        numbers = by_digits(self.without_renamed(going.values()))
        if numbers:
            release(self.api, numbers, self._known(olds))

    def with_left(self, outs: Values, left: Mapping[str, Any], olds: Values, args: Values) -> Values:
        return self._halfway(args, by_digits(args["numbers"]), {}, left, self.known(olds))

    def remove(self, id_: str, olds: Values) -> None:
        target, known, items = self.owner(olds), self._known(olds), self.items(olds)
        strangers = {digits: known[digits] for digits in elsewhere(olds) if known[digits] != target}
        self.end_items({digits: number for digits, number in items.items() if digits not in strangers}, olds, olds)
        for digits, owner in strangers.items():
            say.warn(f"ringcx: {items[digits]} is left with {owner}.")

    def _known(self, olds: Values) -> dict[str, Owner]:
        """The owners that the state knows of. What it has elsewhere and is with its target now has been brought there
        by a run that was cut off before it could look."""
        target, strangers = self.owner(olds), elsewhere(olds)
        there = self.there(strangers, olds) if strangers else {}
        brought = (digits for digits, live in there.items() if live.owner == target)
        return {**self.known(olds), **(dict.fromkeys(brought, target) if target else {})}

    def _halfway(
        self,
        args: Values,
        arrived: Collection[str],
        elsewhere: Mapping[str, Owner],
        leaving: Mapping[str, str],
        known: Mapping[str, Owner],
    ) -> Values:
        """The state when only some numbers are where they should be, and those that leave have not left."""
        target = self.owner(args)
        here = [number for digits, number in by_digits(args["numbers"]).items() if digits in arrived]
        here += [number for digits, number in leaving.items() if known[digits] == target]
        away = {digits: known[digits] for digits in leaving if known[digits] != target}
        return with_elsewhere({MANAGED: sorted(args), **args, "numbers": here}, {**away, **elsewhere})


def _agreed(here: Sequence[Live], olds: Values) -> Values:
    """What the assignments say, where one of them differs from the state what that one says."""
    seen: Values = {}
    for live in here:
        for name, value in {
            "active": live.active,
            "description": live.assignment.get("dnisDescription") or "",
        }.items():
            if name not in seen or value != olds.get(name):
                seen[name] = value
    return seen
