"""A DNIS assignment: who answers one number."""

from __future__ import annotations

from typing import Annotated, Required, Unpack

from pulumi import Input, Output

from ...lifecycle import meaning as means
from ...lifecycle.fields import CreateOnly, Note
from ...lifecycle.resource import Options, Resource
from .dialled_number import Dialled
from .one_assignment import OneAssignment
from .target import Target


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


class DnisAssignmentProvider(OneAssignment):
    token = "ringcx:DnisAssignment"  # noqa: S105
    args = DnisAssignmentArgs
    noun = "assignment"


class DnisAssignment(Resource, lifecycle=DnisAssignmentProvider):
    """Says who answers a number: a profile of cloud routing, a queue or a Visual IVR ("assigned DNIS").

    Changing the target moves the number in place: its owner is read right before, one that the state does not know is
    refused, a number that callers reach needs an approval, the move is read back and undone when it went wrong. Calls:
    NM-02, NM-07 to NM-09, NM-11, NMb-05 (``tnManager/assignedDnis``).

    Refuses: to move, release or deactivate a number that callers reach, or to take one from an owner that the state
    does not know, without an approval; a profile that cannot answer; a replacement.
    """

    dnis: Output[str]
    """The number, in E.164."""

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[DnisAssignmentArgs]) -> None:
        self._declare(resource_name, args, opts)
