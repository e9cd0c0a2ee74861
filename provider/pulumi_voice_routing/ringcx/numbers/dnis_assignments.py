"""DNIS assignments: who answers many numbers."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Annotated, Any, Required, Unpack

import pulumi
from pulumi import Input, Output

from ...lifecycle import meaning as means
from ...lifecycle.fields import CreateOnly, Note
from ...lifecycle.model import FieldFacts, Values
from ...lifecycle.provider import MANAGED, Partly
from ...lifecycle.resource import Options, Resource
from .dialled_number import Dialled, by_digits, shown
from .moves import Halted, assign, release
from .owner import Live, Owner
from .target import AssignmentLifecycle, Target, elsewhere, known_numbers, with_elsewhere


class DnisAssignmentsArgs(Target, total=False):
    """Who answers numbers."""

    numbers: Required[Annotated[Input[Sequence[Input[Dialled]]], means.Dialled()]]
    """The numbers, in E.164. Others that the target has are left alone."""
    internal: Annotated[Input[bool], CreateOnly(), means.Internal()]
    """The numbers are short, or exist inside the vendor's network only, and are taken as they are. Default: false."""
    active: Annotated[Input[bool], means.Switch()]
    """Whether callers reach the target. Default: they do, as soon as a number is assigned. Vendor: ``isActive``."""
    description: Input[Note]
    """For administrators, at every number. Vendor: ``dnisDescription``."""


class DnisAssignmentsProvider(AssignmentLifecycle):
    token = "ringcx:DnisAssignments"  # noqa: S105
    args = DnisAssignmentsArgs
    noun = "assignments"

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

    def make(self, args: Values) -> tuple[str, Values]:
        id_ = uuid.uuid4().hex
        try:
            assign(self.api, by_digits(args["numbers"]), self.wish(args), {})
        except Halted as halted:
            if halted.arrived:
                raise Partly(id_, self._halfway(args, halted.arrived, halted.elsewhere), halted) from halted
            raise
        return id_, self.outputs(args, {})

    def look(self, id_: str, olds: Values) -> Values | None:
        internal = olds.get("internal") is True
        known = self.known(olds)
        names = {digits: shown(digits, internal) for digits in known}
        there = self.there(known)
        self.tell_of_strangers(((names[digits], live) for digits, live in there.items()), known)
        target = self.owner(olds)
        here = [digits for digits in known if digits in there and there[digits].owner == target]
        strangers = {digits: one.owner for digits, one in there.items() if one.owner not in (None, target)}
        if not here and not strangers:
            return None
        seen = {"numbers": [names[digits] for digits in here], **_agreed([there[digits] for digits in here], olds)}
        outs = self.refreshed(olds, seen)
        return with_elsewhere(outs, {digits: owner for digits, owner in strangers.items() if owner is not None})

    def change(self, id_: str, olds: Values, args: Values) -> Values:
        known = self.known(olds)
        numbers = by_digits(args["numbers"])
        leaving = {digits: shown(digits, olds.get("internal") is True) for digits in known if digits not in numbers}
        try:
            assign(self.api, numbers, self.wish(args), known)
        except Halted as halted:
            outs = self._halfway(args, halted.arrived, halted.elsewhere, leaving, known)
            raise Partly(id_, outs, halted) from halted
        try:
            self._release(leaving, known)
        except Exception as error:
            raise Partly(id_, self._halfway(args, numbers, {}, leaving, known), error) from error
        return self.outputs(args, {})

    def remove(self, id_: str, olds: Values) -> None:
        internal = olds.get("internal") is True
        strangers = elsewhere(olds)
        known = self.known(olds)
        self._release({digits: shown(digits, internal) for digits in known if digits not in strangers}, known)
        for digits, owner in strangers.items():
            pulumi.log.warn(f"ringcx: {shown(digits, internal)} is left with {owner}.")

    # Steps

    def _release(self, numbers: Mapping[str, str], known: Mapping[str, Owner]) -> None:
        going = by_digits(self.without_renamed(numbers.values()))
        if going:
            release(self.api, going, known)

    def _halfway(
        self,
        args: Values,
        arrived: Collection[str],
        elsewhere: Mapping[str, Owner],
        leaving: Mapping[str, str] = {},
        known: Mapping[str, Owner] = {},
    ) -> Values:
        """The state when only some numbers are where they should be, and those that leave have not left."""
        target = self.owner(args)
        here = [number for digits, number in by_digits(args["numbers"]).items() if digits in arrived]
        here += [number for digits, number in leaving.items() if known[digits] == target]
        away = {digits: known[digits] for digits in leaving if known[digits] != target}
        return with_elsewhere({MANAGED: sorted(args), **args, "numbers": here}, {**away, **elsewhere})


class DnisAssignments(Resource, lifecycle=DnisAssignmentsProvider):
    """Says who answers many numbers: one profile of cloud routing, queue or Visual IVR for all of them.

    Numbers are assigned in batches of ``RINGCX_NUMBERS_PER_CALL``, four at the same time. When the target changes one
    number moves ahead of the others, and then batch after batch. What was sent is read back before more is; a run that
    stops on the way goes on where it stopped. What holds for one ``DnisAssignment`` holds for each number. Calls:
    NM-02, NM-07 to NM-09, NM-11, NMb-05 (``tnManager/assignedDnis``).
    """

    numbers: Output[Sequence[str]]

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[DnisAssignmentsArgs]) -> None:
        self._declare(resource_name, args, opts)


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
