"""A DNIS assignment: who answers one number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Required, Unpack

from pulumi import Input, Output

from ...lifecycle import meaning as means
from ...lifecycle import references
from ...lifecycle.fields import CreateOnly, Note
from ...lifecycle.model import Values, unknown
from ...lifecycle.provider import MANAGED
from ...lifecycle.resource import Options, Resource
from .dialled_number import Dialled, as_users_write, wire
from .moves import assign, release
from .target import AssignmentLifecycle, Target, managed_as, with_elsewhere


class DnisAssignmentArgs(Target, total=False):
    """Who answers a number."""

    dnis: Required[Annotated[Input[Dialled], CreateOnly(), means.Dialled(in_id=True), means.Key()]]
    """The number, in E.164. It never changes: another number is another resource. Vendor: ``dnis``, digits only."""
    internal: Annotated[Input[bool], CreateOnly(), means.Internal()]
    """The number is short, or exists inside the vendor's network only, and is taken as it is. Default: false."""
    active: Annotated[Input[bool], means.Switch()]
    """Whether callers reach the target. Default: they do, as soon as the number is assigned. Vendor: ``isActive``."""
    description: Input[Note]
    """For administrators. Vendor: ``dnisDescription``."""


class DnisAssignmentProvider(AssignmentLifecycle):
    token = "ringcx:DnisAssignment"  # noqa: S105
    args = DnisAssignmentArgs
    noun = "assignment"
    fixed = ("dnis",)

    def numbers(self, args: Values) -> Iterator[tuple[str, str]]:
        if args.get("dnis") and not unknown(args["dnis"]):
            yield "dnis", args["dnis"]

    def with_numbers(self, args: Values, form: Any) -> Values:
        return {**args, **{name: form(number) for name, number in self.numbers(args)}}

    def make(self, args: Values) -> tuple[str, Values]:
        assign(self.api, {wire(args["dnis"]): args["dnis"]}, self.wish(args), {})
        return references.join(self.api.account_id, wire(args["dnis"])), self.outputs(args, {})

    def look(self, id_: str, olds: Values) -> Values | None:
        (digits,) = references.below(id_, self.api.account_id, ("number",))
        live = self.there([digits]).get(digits)
        if live is None or live.owner is None:
            return None
        number = olds.get("dnis") or as_users_write(digits)
        self.tell_of_strangers([(number, live)], self.known(olds))
        target = self.target(live.owner, olds)
        seen = {
            "dnis": number,
            "active": live.active,
            "description": live.assignment.get("dnisDescription") or "",
            **({} if number.startswith("+") else {"internal": True}),
            **target,
        }
        if not olds.get(MANAGED):
            return self.refreshed(olds, seen)
        outs = self.refreshed(managed_as(olds, target), seen)
        return with_elsewhere(outs, {} if target else {digits: live.owner})

    def change(self, id_: str, olds: Values, args: Values) -> Values:
        self.refuse_another_number(olds, args)
        assign(self.api, {wire(args["dnis"]): args["dnis"]}, self.wish(args), self.known(olds))
        return self.outputs(args, {})

    def remove(self, id_: str, olds: Values) -> None:
        (digits,) = references.below(id_, self.api.account_id, ("number",))
        number = olds.get("dnis") or as_users_write(digits)
        if self.without_renamed([number]):
            release(self.api, {digits: number}, self.known(olds))


class DnisAssignment(Resource, lifecycle=DnisAssignmentProvider):
    """Says who answers a number: a profile of cloud routing, a queue or a Visual IVR ("assigned DNIS").

    Changing the target moves the number in place: its owner is read right before, one that the state does not know is
    refused, a number that callers reach needs an approval, the move is read back and undone when it went wrong. Calls:
    NM-02, NM-07 to NM-09, NM-11, NMb-05 (``tnManager/assignedDnis``).

    Refuses: to move, release or deactivate a number that callers reach, or to take one from an owner that the state
    does not know, without an approval; a profile that cannot answer; a replacement.
    """

    dnis: Output[str]

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[DnisAssignmentArgs]) -> None:
        self._declare(resource_name, args, opts)
