"""DNIS assignments: who answers many numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Required, Unpack

from pulumi import Input, Output

from ...lifecycle import meaning as means
from ...lifecycle.fields import CreateOnly, Note
from ...lifecycle.resource import Options, Resource
from .dialled_number import Dialled
from .many_assignments import ManyAssignments
from .target import Target


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


class DnisAssignmentsProvider(ManyAssignments):
    token = "ringcx:DnisAssignments"  # noqa: S105
    args = DnisAssignmentsArgs
    noun = "assignments"


class DnisAssignments(Resource, lifecycle=DnisAssignmentsProvider):
    """Says who answers many numbers: one profile of cloud routing, queue or Visual IVR for all of them.

    Numbers are assigned in batches of ``RINGCX_NUMBERS_PER_CALL``, four at the same time. When the target changes one
    number moves ahead of the others, and then batch after batch. What was sent is read back before more is; a run that
    stops on the way goes on where it stopped. What holds for one ``DnisAssignment`` holds for each number. Calls:
    NM-02, NM-07 to NM-09, NM-11, NMb-05 (``tnManager/assignedDnis``).
    """

    numbers: Output[Sequence[str]]
    """The numbers, in E.164."""

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[DnisAssignmentsArgs]) -> None:
        self._declare(resource_name, args, opts)
