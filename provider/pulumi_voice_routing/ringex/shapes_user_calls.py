"""What RingEX answers about users with the newer call handling, as types: the fields of the vendor's own reference.

Conditions, actions and targets are unions of many kinds, which the vendor tells apart by their ``type``: they stay as
they come. A vendor may leave out any field but the ids, and send more.
"""

from __future__ import annotations

from typing import Any, Required, TypedDict

from ..client.listings import Json


class CommState(TypedDict, total=False):
    """A state of an extension (EV-01 to EV-03)."""

    id: Required[str]
    enabled: bool
    displayName: str
    conditions: list[Json]


class CommStateBasedRule(TypedDict, total=False):
    """What happens to calls in a state (EV-04 to EV-06)."""

    id: Required[str]
    displayName: str
    dispatching: Json
    dispatchingRef: Json
    state: Json


class CommInteractionRule(TypedDict, total=False):
    """A rule with conditions of its own (EV-07 to EV-10)."""

    id: Required[str]
    conditions: list[Json]
    dispatching: Json
    enabled: bool
    displayName: str


class CommForwardingTarget(TypedDict, total=False):
    """Something that a rule rings (EV-12); its other fields depend on the type."""

    type: str


class CallFlipNumber(TypedDict, total=False):
    """A number that a call can be flipped to (EV-15, EV-16)."""

    id: str
    phoneNumber: str
    type: str
    label: str
    flipNumber: str


class RemovedTarget(TypedDict, total=False):
    """What became of a target that was to go out of all rules (EV-13)."""

    bulkItem: Json
    bulkItemErrors: list[Json]
    bulkItemSuccessful: bool


class Feature(TypedDict, total=False):
    """Something that an extension has or has not (EV-17)."""

    id: str
    available: bool
    params: list[Json]
    reason: Json


class DictionaryGreeting(TypedDict, total=False):
    """A recording of the vendor's (EV-18, EV-19)."""

    id: Required[str]
    uri: str
    name: str
    usageType: str
    text: str
    contentUri: str
    type: str
    category: str
    navigation: Any
    paging: Any


class CustomUserGreeting(TypedDict, total=False):
    """A recording of the user's own (EV-20, EV-21)."""

    id: Required[str]
    uri: str
    type: str
    contentType: str
    contentUri: str
    answeringRule: Json
    text: str


__all__ = [
    "CallFlipNumber",
    "CommForwardingTarget",
    "CommInteractionRule",
    "CommState",
    "CommStateBasedRule",
    "CustomUserGreeting",
    "DictionaryGreeting",
    "Feature",
    "RemovedTarget",
]
