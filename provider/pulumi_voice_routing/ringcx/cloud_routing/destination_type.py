"""The calls for DNIS overrides, which the vendor wants to be told the kind of the destination with."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ...client.listings import Json
from ...errors import NotFound
from ...lifecycle.calls import At
from ...lifecycle.model import FieldFacts, Values
from ...telephony.number import same_number
from ...telephony.wire import on_the_wire
from .. import client
from ..account import RingCXMember
from ..client import RingCX
from .call_target import TARGET, require_target, sent_target, unless_only_the_form_differs, with_target


def destination_type(api: RingCX, group: str, destination: str) -> str:
    """The kind of a destination."""
    for one in api.list_destinations(group):
        if str(one.get(client.DESTINATION_ID)) == destination:
            return str(one.get("destinationType"))
    raise NotFound("ringcx", "CR-03", 404, message=f"there is no destination {destination} in group {group}")


def create_override(api: RingCX, group: str, destination: str, body: Json) -> Json | None:
    """Create an override. Raises :class:`DeclarationError` for a target that its destination cannot have."""
    return api.create_override(group, destination, body, _kind(api, group, destination, body))


def update_override(api: RingCX, group: str, destination: str, override: str, body: Json) -> Json:
    """Write an override as a whole. Raises :class:`DeclarationError` for a target that its destination cannot have."""
    return api.update_override(group, destination, override, body, _kind(api, group, destination, body))


def _kind(api: RingCX, group: str, destination: str, body: Json) -> str:
    kind = destination_type(api, group, destination)
    require_target(kind, str(body.get(TARGET)))
    return kind


OVERRIDES = replace(client.DNIS_OVERRIDES, create=create_override, update=update_override)


class TargetOverride(RingCXMember):
    """Another target for calls to one number."""

    def sent(self, name: str, value: Any) -> Any:
        if name == "dnis":
            return on_the_wire("ringcx", name, value)
        return sent_target(value) if name == "target" else value

    def same(self, field: FieldFacts, old: Any, new: Any) -> bool:
        if field.name == "target" and isinstance(old, str) and isinstance(new, str):
            return same_number(old, new)
        return super().same(field, old, new)

    def shown(self, at: At, live: Json) -> Values:
        return with_target(super().shown(at, live))

    def rewritten(self, at: At, live: Json, args: Values) -> Json:
        return unless_only_the_form_differs(live, super().rewritten(at, live, args))
