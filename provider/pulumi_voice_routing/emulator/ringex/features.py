"""What tells which call handling an extension has."""

from __future__ import annotations

from ..routing import Call, Family, Operation
from ..schema import Record, text
from ..vendors import RINGEX
from .extensions import EXTENSION_PATH, extension_of


def _features(call: Call) -> Record:
    moved = extension_of(call)["newCallHandling"]
    params = [{"name": "isNewBackendAvailable", "value": str(moved).lower()}]
    id_ = call.query.get("featureId", "NewCallHandlingAndForwarding")
    return {"records": [{"id": id_, "available": True, "params": params}]}


FAMILY = Family(
    vendor=RINGEX,
    operations=(
        Operation(
            "EX-features", "GET", f"{EXTENSION_PATH}/features", _features, group="Light", query=(text("featureId"),)
        ),
    ),
)
