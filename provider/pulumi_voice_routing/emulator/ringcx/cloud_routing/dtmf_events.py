"""DTMF events of a profile: what is done when a caller presses a key."""

from __future__ import annotations

from ...crud import creates, deletes, gets, lists, require_unique, updates
from ...learning import tells
from ...routing import Call, Family, Operation
from ...schema import Record, Write, text, whole
from ...store import Kind
from ...vendors import RINGCX
from .profiles import PROFILE, PROFILE_PATH

DTMF_EVENT = Kind(
    name="CloudRouteDtmfEvent",
    id_field="cloudRouteDtmfId",
    fields=(
        whole("cloudRouteDtmfId", write=Write.NEVER),
        whole("dtmfCode", required=True),
        text("dtmfEventData", required=True),
    ),
    links={"cloudProfileId": PROFILE.name},
    path_name="dtmfEventId",
)


def _check(call: Call, event: Record, _old: Record | None) -> None:
    require_unique(call, DTMF_EVENT, event, "dtmfCode", call.siblings(DTMF_EVENT))


_EVENTS = f"{PROFILE_PATH}/dtmfEvents"
_EVENT = f"{_EVENTS}/{{dtmfEventId}}"

FAMILY = Family(
    vendor=RINGCX,
    tells={"CRb-28": tells(DTMF_EVENT), "CRb-30": tells(DTMF_EVENT)},
    kinds=(DTMF_EVENT,),
    operations=(
        Operation("CRb-28", "GET", _EVENTS, lists(DTMF_EVENT)),
        Operation("CRb-29", "POST", _EVENTS, creates(DTMF_EVENT, _check), takes="json"),
        Operation("CRb-30", "GET", _EVENT, gets(DTMF_EVENT)),
        Operation("CRb-31", "PUT", _EVENT, updates(DTMF_EVENT, _check), takes="json"),
        Operation("CRb-32", "DELETE", _EVENT, deletes(DTMF_EVENT)),
    ),
)
