"""The destinations of a profile in the vendor's form and in ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ...client.answers import part
from ...client.listings import Json
from ...lifecycle import references
from ...lifecycle.model import Model
from ...lifecycle.owned_set import Entries
from ...telephony.number import as_declared, same_number
from .. import client
from .call_target import TARGET, sent_target

Item = Mapping[str, Any]
"""One destination as the program declares it."""

LEAVING = {"allocation_percent": 0}
"""What is left of a destination that a run was about to take out when it was cut off."""
_SERVER_FIELDS = frozenset({"permissions", "cloudProfile", "cloudDestination"})


def destination_of(live: Json) -> str:
    """The vendor's id of the destination that a link leads to."""
    return str(part(live.get("cloudDestination")).get(client.DESTINATION_ID))


def by_destination(items: Iterable[Item]) -> dict[str, dict[str, Any]]:
    """Declared destinations by the vendor's id."""
    return {references.last(str(item["destination"])): {**item, "destination": ""} for item in items}


def has_share(item: Item) -> bool:
    """Whether calls are sent there."""
    return item.get("allocation_percent") != 0


def new_link(fields: Model, item: Item) -> Json:
    """What is sent to add a destination: it enters with no share."""
    body = {"destinationType": "STANDARD", **_body(fields, item)}
    body["cloudDestination"] = {client.DESTINATION_ID: int(references.last(item["destination"]))}
    return {**body, "allocationPercent": 0} if "allocation_percent" in item else body


def overlaid(fields: Model, live: Json, item: Item) -> Json:
    """A link with the declared fields laid over it, as it is sent."""
    whole = {name: value for name, value in live.items() if name not in _SERVER_FIELDS}
    return {**whole, "cloudDestination": {client.DESTINATION_ID: int(destination_of(live))}, **_body(fields, item)}


def differ(fields: Model, wanted: Entries, live: list[Json]) -> bool:
    """Whether the vendor has other destinations than the declared ones, or other values for them."""
    there = {destination_of(one): one for one in live}
    if set(there) != {references.last(item["destination"]) for item in wanted}:
        return True
    return not all(is_as(fields, there[references.last(item["destination"])], item) for item in wanted)


def is_as(fields: Model, live: Json, item: Item) -> bool:
    """Whether a link has the declared values."""
    return all(_alike(live.get(wire), value) for wire, value in _body(fields, item).items())


def shown(fields: Model, live: Json, managed: Item | None, profile: str) -> dict[str, Any]:
    """A link as the program would declare it, with the fields that it gave."""
    account_and_group = references.parent(profile)
    item: dict[str, Any] = {"destination": f"{account_and_group}/{destination_of(live)}"}
    for name, field in fields.items():
        if field.wire is None:
            continue
        value = live.get(field.wire)
        given = name in managed if managed is not None else name in ("rank", "allocation_percent")
        if given and managed is not None and _alike(value, managed[name]):
            item[name] = managed[name]  # in the form in which the program wrote it
        elif given and value is not None:
            item[name] = as_declared(value) if field.wire == TARGET and isinstance(value, str) else value
    return item


def _body(fields: Model, item: Item) -> Json:
    body = {wire: item[name] for name, field in fields.items() if (wire := field.wire) is not None and name in item}
    return {**body, TARGET: sent_target(str(body[TARGET]))} if TARGET in body else body


def _alike(there: Any, wanted: Any) -> bool:
    """Whether the vendor shows what is wanted: it may leave out what is empty, and write numbers without a plus."""
    if isinstance(there, str) and isinstance(wanted, str):
        return same_number(there, wanted)
    return bool((there or "") == (wanted or ""))
