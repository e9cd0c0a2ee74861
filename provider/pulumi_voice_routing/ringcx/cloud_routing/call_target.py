"""Where calls go, in the vendor's field: of destinations, of their overrides, and of their links to profiles.

One field holds telephone numbers, SIP addresses, and ids of queues and IVRs; the kind of the destination says which.
"""

from __future__ import annotations

from ...client.listings import Json
from ...lifecycle.model import Values
from ...telephony.number import as_declared, same_number
from ...telephony.wire import on_the_wire

TARGET = "routeDestination"


def sent_target(target: str) -> str:
    """A declared target as the vendor takes it."""
    return on_the_wire("ringcx", TARGET, as_declared(target))


def with_target(seen: Values) -> Values:
    """A vendor's object as the program's fields, with the number of its target as programs write it."""
    target = seen.get("target")
    return {**seen, "target": as_declared(target)} if isinstance(target, str) else seen


def unless_only_the_form_differs(live: Json, wanted: Json) -> Json:
    """What an update sends; nothing when all that it would change is how the vendor writes a target's number."""
    there, target = live.get(TARGET), wanted.get(TARGET)
    if isinstance(there, str) and isinstance(target, str) and there != target and same_number(there, target):
        return wanted if any(wanted[name] != live.get(name) for name in wanted if name != TARGET) else {}
    return wanted
