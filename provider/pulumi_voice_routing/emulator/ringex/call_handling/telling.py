"""What answers tell of the newer call handling of an extension."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...learning import Named, Told
from ...schema import Record
from ..extensions import told_extension
from .records import AGENT, INTERACTION_RULE, STATE, STATE_RULE, WRITABLE


def told_states(told: Told) -> Iterator[Named]:
    """States, as far as they are kept: that of the hours left over is none."""
    name, extension, known = told_extension(told, newCallHandling=True)
    yield name, extension, known
    for row in told.rows():
        if row.get("id") in WRITABLE:
            if row["id"] == AGENT:
                yield name, extension, {**known, "inQueue": True}
            yield STATE.name, (extension, row["id"]), {**told.known(STATE, row), "extensionId": extension}


def told_state_rules(told: Told) -> Iterator[Named]:
    """The rules of states; one that borrows another's dispatching has none."""
    name, extension, known = told_extension(told, newCallHandling=True)
    yield name, extension, known
    for row in told.rows():
        record = {**told.known(STATE_RULE, row), "extensionId": extension}
        if row.get("dispatchingRef"):
            record.pop("dispatching", None)
        yield from _devices(name, extension, known, row)
        yield STATE_RULE.name, (extension, row.get("id")), record


def told_rules(told: Told) -> Iterator[Named]:
    """Interaction rules; one whose dispatching a list leaves out is told by its own answer."""
    name, extension, known = told_extension(told, newCallHandling=True)
    yield name, extension, known
    for row in told.rows():
        yield from _devices(name, extension, known, row)
        yield (
            INTERACTION_RULE.name,
            (extension, row.get("id")),
            {**told.known(INTERACTION_RULE, row), "extensionId": extension},
        )


def _devices(name: str, extension: Any, known: Record, row: Record) -> Iterator[Named]:
    """The extension's own desk phones, which its rules ring, and the other extensions that they name."""
    actions = (row.get("dispatching") or {}).get("actions") or ()
    targets = [one for action in actions for one in action.get("targets") or ()]
    own = {}
    for target in targets:
        holder = (target.get("extension") or {}).get("id", extension)
        if holder != extension:
            yield name, holder, {"extensionId": holder, "accountId": known["accountId"]}
        elif target.get("type") == "DeviceRingTarget":
            device = target["device"]
            own[device["id"]] = {one: device[one] for one in ("id", "name", "phoneNumber") if device.get(one)}
    if own:
        yield name, extension, {**known, "devices": list(own.values())}


__all__ = ["told_rules", "told_state_rules", "told_states"]
