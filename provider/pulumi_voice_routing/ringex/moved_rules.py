"""What has become of the answering rules of an extension that the vendor has moved to the newer call handling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..lifecycle import references
from .answering_rule import AnsweringRuleProvider
from .built_in_answering_rule import BuiltInAnsweringRuleProvider
from .call_handling_state_rule import CallHandlingStateRuleProvider
from .client import ringex_client
from .forwarding_number import ForwardingNumberProvider
from .interaction_rule import InteractionRuleProvider

_STATES = {"business-hours-rule": "work-hours", "after-hours-rule": "after-hours"}
_OLD = (AnsweringRuleProvider.token, BuiltInAnsweringRuleProvider.token, ForwardingNumberProvider.token)


@dataclass(frozen=True)
class Successor:
    """What stands in the place of a resource now."""

    token: str = ""
    id: str = ""
    """Empty when nothing stands there: forwarding numbers are in the rules now."""
    unknown_because: str = ""
    """Why nobody can tell."""


def successor(token: str, id_: str, outputs: Mapping[str, Any]) -> Successor | None:
    """What stands in the place of a resource; nothing when the vendor has not moved it. ``outputs`` are its own."""
    if token not in _OLD:
        return None
    api, place = ringex_client(), references.parent(id_)
    extension = references.last(place)
    if not api.has_new_call_handling(extension):
        return None
    if token == ForwardingNumberProvider.token:
        return Successor()
    if token == BuiltInAnsweringRuleProvider.token:
        return Successor(CallHandlingStateRuleProvider.token, f"{place}/{_STATES[references.last(id_)]}")
    name = outputs.get("name")
    there = [one["id"] for one in api.list_interaction_rules(extension) if one.get("displayName") == name]
    if len(there) == 1:
        return Successor(InteractionRuleProvider.token, references.join(place, str(there[0])))
    many = f"{len(there)} interaction rules" if there else "no interaction rule"
    return Successor(unknown_because=f"extension {extension} has {many} named {name!r}")


__all__ = ["Successor", "successor"]
