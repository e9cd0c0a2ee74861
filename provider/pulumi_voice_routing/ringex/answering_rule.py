"""A custom answering rule: what happens to calls of certain callers, to certain numbers, or at certain times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar, Required, Unpack

from pulumi import Input, Output

from ..lifecycle import meaning as means
from ..lifecycle.adoption import Adoptable
from ..lifecycle.fields import E164, Decisive, Immutable, Name, Wire
from ..lifecycle.resource import Options, Resource
from .custom_rule import CustomRule
from .fields import Caller, ExtensionReference, Schedule
from .rule_calls import CUSTOM_RULES
from .rule_handling import CallHandling


class AnsweringRuleArgs(CallHandling, Adoptable, total=False):
    """What a custom answering rule is. Fields that are not given are left as the vendor has them."""

    extension_id: Required[Annotated[Input[ExtensionReference], Immutable(), means.Inside("extension")]]
    """The extension whose calls it is for: ``ACCOUNT/EXTENSION``, its bare number, or ``~`` for the signed-in user."""
    name: Required[Annotated[Input[Name], Wire("name"), means.Label()]]
    """What the extension's owner sees; unique in the extension, as far as this package is concerned."""
    callers: Annotated[Input[Sequence[Caller]], Wire("callers"), Decisive(), means.Entries()]
    """The callers that it is for, in any order."""
    called_numbers: Annotated[Input[Sequence[Input[E164]]], Wire("calledNumbers"), Decisive(), means.Called()]
    """The numbers of the extension that it is for, in any order. Vendor: ``calledNumbers``."""
    schedule: Annotated[Input[Schedule], Wire("schedule"), Decisive(), means.Hours()]
    """The hours that it is for."""


class AnsweringRuleProvider(CustomRule):
    token = "ringex:AnsweringRule"  # noqa: S105
    args = AnsweringRuleArgs
    calls = CUSTOM_RULES
    whole_lists: ClassVar[frozenset[str]] = frozenset({"forward_to", "callers", "called_numbers", "schedule"})


class AnsweringRule(Resource, lifecycle=AnsweringRuleProvider):
    """A custom answering rule of a RingEX extension ("call handling rule"): conditions, and what happens to the call.

    Lists are written as a whole; what somebody else changed in them since the last refresh stops a change. Accounts
    with the vendor's newer call handling are recognised before anything is written. Calls: EX-01 to EX-04, EXb-01
    (``answering-rule``).

    Refuses: a rule without a condition, one that rings nothing, forbidden countries and premium-rate numbers,
    extensions with the newer call handling, and to overwrite lists that were edited in the portal since the last
    refresh.
    """

    extension_id: Output[str]
    """The extension whose calls it is for."""
    name: Output[str]
    """What the extension's owner sees."""
    action: Output[str]
    """What happens to a call; a new rule forwards calls."""
    enabled: Output[bool]
    """Whether the rule counts; disabling it is the way to take it out that can be undone."""

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[AnsweringRuleArgs]) -> None:
        self._declare(resource_name, args, opts)
