"""The calls for tracking numbers, which take a number out of the pool, and back into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ...client.answers import part
from ...client.listings import Json
from ...lifecycle.calls import Calls
from .. import shapes_numbers as shapes
from ..client import RingCX
from ..client_numbers import TRACKING_NUMBERS

_NESTED = {"dnis": "dnis", "dnisDescription": "dnisDescription", "active": "isActive"}
"""Fields that the vendor shows flat in one place and inside ``assignedDnis`` in another."""


def flat(live: Mapping[str, Any]) -> Json:
    """The object with the fields of its assignment in the place where they are written."""
    nested: Json = part(live.get("assignedDnis"))
    shown = {name: nested[inner] for name, inner in _NESTED.items() if inner in nested and live.get(name) is None}
    return {**live, **shown}


def _create(api: RingCX, group: str, body: Json) -> shapes.TracNumber | None:
    try:
        return api.create_tracking_number(group, body)
    finally:
        api.pool.forget()


def _update(api: RingCX, group: str, tracking: str, body: Json) -> shapes.TracNumber:
    try:
        return api.update_tracking_number(group, tracking, body)
    finally:
        api.pool.forget()


_CALLS: Calls[RingCX, shapes.TracNumber, str] = TRACKING_NUMBERS
CALLS = replace(_CALLS, create=_create, update=_update)
