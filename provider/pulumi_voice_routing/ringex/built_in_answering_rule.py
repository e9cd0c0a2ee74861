"""The two answering rules that every extension has: for its business hours, and for the time after them."""

from __future__ import annotations

from typing import Annotated, Literal, Required, Unpack

from pulumi import Input, Output

from ..client.listings import Json
from ..errors import DeclarationError
from ..lifecycle import meaning as means
from ..lifecycle import references
from ..lifecycle.built_in import Fixture, GivenBack
from ..lifecycle.calls import At
from ..lifecycle.fields import Immutable
from ..lifecycle.model import Values
from ..lifecycle.resource import Options, Resource
from . import rule_form
from .call_handling import CallHandling, RuleMember
from .fields import ExtensionReference

_SUFFIX = "-rule"


class BuiltInAnsweringRuleArgs(CallHandling, GivenBack, total=False):
    """What a built-in rule does with calls. Fields that are not given are left as the vendor has them."""

    extension_id: Required[Annotated[Input[ExtensionReference], Immutable(), means.Inside("extension")]]
    """The extension whose calls it is for: ``ACCOUNT/EXTENSION``, its bare number, or ``~`` for whoever signs in."""
    rule: Required[
        Annotated[Input[Literal["business-hours", "after-hours"]], Immutable(), means.Key("the rule"), means.Hours()]
    ]
    """Which of the two. An extension that is open around the clock has no ``after-hours``."""


class BuiltInAnsweringRuleProvider(Fixture, RuleMember):
    token = "ringex:BuiltInAnsweringRule"  # noqa: S105
    args = BuiltInAnsweringRuleArgs
    noun = "built-in answering rule"

    def fixed_number(self, args: Values) -> str:
        return f"{args['rule']}{_SUFFIX}"

    def why_absent(self, args: Values) -> str:
        if args["rule"] == "after-hours":
            return (
                f"extension {args['extension_id']} has no after-hours rule, because it is open around the clock. Give "
                "it business hours in the portal first, or take this rule out of the program; nothing was changed."
            )
        return f"there is no extension {args['extension_id']} with a business-hours rule; nothing was changed."

    def kept_back(self, live: Json, args: Values) -> Json:
        return dict(rule_form.without_echoes(super().kept_back(live, args)))

    def below(self, reference: str) -> tuple[str, ...]:
        extension, _, number = reference.rpartition("/")
        if not number.endswith(_SUFFIX):
            raise DeclarationError(
                f"{reference!r} is not a built-in rule's id, such as 123456/1001/business-hours-rule"
            )
        return (*references.below(extension, self.account, self.path[:-1]), number)

    def shown(self, at: At, live: Json) -> Values:
        return {**super().shown(at, live), "rule": self.number(live).removesuffix(_SUFFIX)}


class BuiltInAnsweringRule(Resource, lifecycle=BuiltInAnsweringRuleProvider):
    """The business-hours or the after-hours rule of a RingEX extension.

    It is there already, so creating this resource adopts it, and its present values are kept. It cannot be
    deleted: destroying the resource puts these values back, or forgets the rule (``on_delete``). It has no conditions.
    Calls: EX-02, EX-03 (``answering-rule/business-hours-rule``, ``answering-rule/after-hours-rule``).

    Refuses: a rule that rings nothing, forbidden countries and premium-rate numbers, extensions with the newer call
    handling, and a rule that the extension does not have.
    """

    extension_id: Output[str]
    rule: Output[str]

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[BuiltInAnsweringRuleArgs]) -> None:
        self._declare(resource_name, args, opts)
