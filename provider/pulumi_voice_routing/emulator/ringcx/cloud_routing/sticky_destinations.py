"""Sticky destinations of a profile: which one each caller reached last."""

from __future__ import annotations

from ...crud import PAGING, page_of
from ...problems import not_found
from ...routing import Call, Family, Operation
from ...schema import Record, flag, many, text, whole
from ...store import Kind
from ...vendors import RINGCX
from .destinations import DESTINATION
from .profiles import PROFILE, PROFILE_PATH

STICKY = Kind(
    name="StickyDestination",
    id_field="stickyId",
    fields=(whole("stickyId"), text("ani", required=True), whole("cloudDestinationId")),
    links={"cloudProfileId": PROFILE.name, "cloudDestinationId": DESTINATION.name},
)
"""Which destination a caller reached last. Calls make these; here only a state file does."""


def _search(call: Call) -> Record:
    anis = call.query.get("anis")
    found = [
        {"ani": record["ani"], "cloudDestinationId": record["cloudDestinationId"]}
        for record in call.siblings(STICKY)
        if anis is None or record["ani"] in anis
    ]
    rows = page_of(found, call.query)
    return {"records": rows, "totalElements": len(found)} if call.query["count"] else {"records": rows}


def _forget(call: Call) -> bool:
    for record in call.siblings(STICKY):
        if record["ani"] == call.params["ani"]:
            call.store.remove(STICKY, record)
            return True
    raise not_found(f"sticky destination of {call.params['ani']}")


_SEARCH = (
    flag("aniParams", required=True),
    many("anis"),
    flag("fullAni"),
    flag("count", default=False),
    *PAGING,
)


_ALL = f"{PROFILE_PATH}/stickyDestinations"

FAMILY = Family(
    vendor=RINGCX,
    kinds=(STICKY,),
    operations=(
        Operation("CRb-33", "GET", f"{_ALL}/searchByAnis", _search, query=_SEARCH),
        Operation("CRb-34", "DELETE", f"{_ALL}/{{ani}}", _forget),
    ),
)
