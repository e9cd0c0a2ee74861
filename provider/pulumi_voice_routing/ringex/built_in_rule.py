"""Where the built-in answering rules of an extension are, and what is kept of them."""

from __future__ import annotations

from collections.abc import Iterator

from ..client.listings import Json
from ..errors import DeclarationError
from ..lifecycle import references
from ..lifecycle.built_in import Fixture
from ..lifecycle.calls import At
from ..lifecycle.model import Values
from . import rule_form
from .rule_handling import RuleMember

_SUFFIX = "-rule"


class BuiltInRule(Fixture, RuleMember):
    """One of the two rules that every extension has."""

    def ids(self, home: str) -> Iterator[str]:
        yield from (id_ for id_ in super().ids(home) if id_.endswith(_SUFFIX))

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

    def readable(self, live: Json, inside: str) -> Json:
        return rule_form.readable(live, inside)

    def below(self, reference: str) -> tuple[str, ...]:
        extension, _, number = reference.rpartition("/")
        if not number.endswith(_SUFFIX):
            raise DeclarationError(
                f"{reference!r} is not a built-in rule's id, such as 123456/1001/business-hours-rule"
            )
        return (*references.below(extension, self.account, self.path[:-1]), number)

    def shown(self, at: At, live: Json) -> Values:
        return {**super().shown(at, live), "rule": self.number(live).removesuffix(_SUFFIX)}
