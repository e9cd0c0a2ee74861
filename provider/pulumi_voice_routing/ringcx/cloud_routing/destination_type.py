"""The calls for DNIS overrides, which the vendor wants to be told the kind of the destination with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from ...client.answers import text
from ...client.listings import Json
from ...errors import DeclarationError, NotFound
from ...lifecycle.calls import At
from ...lifecycle.model import FieldFacts, Values
from ...telephony.number import NotANumber, Number, same_number
from ...telephony.outside_numbers import NUMBER_KINDS
from ...telephony.wire import on_the_wire
from .. import client, shapes
from ..account import RingCXMember
from ..client import RingCX
from .call_target import sent_target, unless_only_the_form_differs, with_target


def destination_type(api: RingCX, group: str, destination: str) -> str:
    """The kind of a destination; asked of the destination itself where the list does not show it."""
    for one in api.list_destinations(group):
        if str(one.get(client.DESTINATION_ID)) == destination:
            whole = one if one.get("destinationType") else api.get_destination(group, destination)
            return text(whole.get("destinationType"))
    raise NotFound("ringcx", "CR-03", 404, message=f"there is no destination {destination} in group {group}")


def create_override(
    api: RingCX, group: str, destination: str, body: Json
) -> shapes.CloudRouteDestinationOverride | None:
    """Create an override."""
    return api.create_override(group, destination, body, destination_type(api, group, destination))


def update_override(
    api: RingCX, group: str, destination: str, override: str, body: Json
) -> shapes.CloudRouteDestinationOverride:
    """Write an override as a whole."""
    return api.update_override(group, destination, override, body, destination_type(api, group, destination))


def require_targets(api: RingCX, at: At, targets: Iterable[str]) -> None:
    """Declared targets of a destination's overrides fit its kind. Raises :class:`DeclarationError`.

    The vendor is asked for the kind when there is a target that is no telephone number.
    """
    group, destination = at
    for target in targets:
        try:
            Number.parse(target)
        except NotANumber as error:
            kind = destination_type(api, group, destination)
            if kind in NUMBER_KINDS:
                raise DeclarationError(f"target: {error}; its destination is of kind {kind}") from None


OVERRIDES = replace(client.DNIS_OVERRIDES, create=create_override, update=update_override)


class TargetOverride(RingCXMember):
    """Another target for calls to one number."""

    def sent(self, name: str, value: Any) -> Any:
        if name == "dnis":
            return on_the_wire("ringcx", name, value)
        return sent_target(value) if name == "target" else value

    def same(self, field: FieldFacts, old: Any, new: Any) -> bool:
        if field.name in ("dnis", "target") and isinstance(old, str) and isinstance(new, str):
            return same_number(old, new)
        return super().same(field, old, new)

    def shown(self, at: At, live: Json) -> Values:
        return with_target(super().shown(at, live))

    def may_make(self, args: Values) -> None:
        require_targets(self.api, self.at(args), [args["target"]])

    def rewritten(self, at: At, live: Json, args: Values) -> Json:
        wanted = unless_only_the_form_differs(live, super().rewritten(at, live, args))
        if wanted:
            require_targets(self.api, at, [args["target"]])
        return wanted
