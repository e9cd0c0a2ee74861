"""What tells which call handling an extension has (EV-17), in all the ways that vendors answer."""

from __future__ import annotations

from collections.abc import Iterator

from ..learning import Named, Told
from ..routing import Call, Family, Operation
from ..schema import Record, flag, many
from ..vendors import RINGEX
from .extensions import EXTENSION_PATH, OWNER_ID, extension_of, told_extension

CALL_HANDLING = "NewCallHandlingAndForwarding"
_OTHERS = ("CoworkerLineAndAppsForwarding",)


def _features(call: Call) -> Record:
    """A feature that is available to both kinds of extension; its parameter tells them apart."""
    extension = extension_of(call)
    moved = str(extension["newCallHandling"]).lower()
    wanted = call.query.get("featureId") or [CALL_HANDLING, *_OTHERS]
    way = call.world.switches.ringex_features
    absent = way == "absent" or (way == "foreign_absent" and extension["extensionId"] != OWNER_ID)
    params = {} if way == "no_parameter" else {"params": [{"name": "isNewBackendAvailable", "value": moved}]}
    known: dict[str, Record] = {} if absent else {CALL_HANDLING: params}
    known |= {name: {} for name in _OTHERS}
    records = [{"id": name, "available": True, **known[name]} for name in wanted if name in known]
    return records[0] if way == "unwrapped" and len(records) == 1 else {"records": records}


def _told_features(told: Told) -> Iterator[Named]:
    """Whether an extension has the newer call handling."""
    for row in told.rows():
        if row.get("id") == CALL_HANDLING:
            moved = {"name": "isNewBackendAvailable", "value": "true"} in (row.get("params") or [])
            yield told_extension(told, newCallHandling=moved)


_QUERY = (many("featureId"), flag("availableOnly", default=False))

FAMILY = Family(
    vendor=RINGEX,
    tells={"EV-17": _told_features},
    operations=(Operation("EV-17", "GET", f"{EXTENSION_PATH}/features", _features, group="Medium", query=_QUERY),),
)
