"""The two answering rules that every extension has: for its business hours, and for the time after them."""

from __future__ import annotations

from typing import Annotated, Literal, Required, Unpack

from pulumi import Input, Output

from ..lifecycle import meaning as means
from ..lifecycle.built_in import GivenBack
from ..lifecycle.fields import Immutable
from ..lifecycle.resource import Options, Resource
from .built_in_rule import BuiltInRule
from .fields import ExtensionReference
from .rule_handling import CallHandling


class BuiltInAnsweringRuleArgs(CallHandling, GivenBack, total=False):
    """What a built-in rule does with calls. Fields that are not given are left as the vendor has them."""

    extension_id: Required[Annotated[Input[ExtensionReference], Immutable(), means.Inside("extension")]]
    """The extension whose calls it is for: ``ACCOUNT/EXTENSION``, its bare number, or ``~`` for the signed-in user."""
    rule: Required[
        Annotated[Input[Literal["business-hours", "after-hours"]], Immutable(), means.Key("the rule"), means.Hours()]
    ]
    """Which of the two. An extension that is open around the clock has no ``after-hours``."""


class BuiltInAnsweringRuleProvider(BuiltInRule):
    token = "ringex:BuiltInAnsweringRule"  # noqa: S105
    args = BuiltInAnsweringRuleArgs
    noun = "built-in answering rule"


class BuiltInAnsweringRule(Resource, lifecycle=BuiltInAnsweringRuleProvider):
    """The business-hours or the after-hours rule of a RingEX extension.

    The rule always exists, so creating this resource adopts it and remembers its present values. It cannot be
    deleted: destroying the resource puts these values back, or forgets the rule (``on_delete``). It has no conditions.
    Calls: EX-02, EX-03 (``answering-rule/business-hours-rule``, ``answering-rule/after-hours-rule``).

    Refuses: a rule that rings nothing, forbidden countries and premium-rate numbers, extensions with the newer call
    handling, and a rule that the extension does not have.
    """

    extension_id: Output[str]
    """The extension whose calls it is for."""
    rule: Output[str]
    """Which of the two."""

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[BuiltInAnsweringRuleArgs]) -> None:
        self._declare(resource_name, args, opts)
