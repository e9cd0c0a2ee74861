"""Clones of destinations and profiles, and what they take along."""

from __future__ import annotations

from typing import Any

from ...routing import Call, Family, Operation
from ...schema import Record, text
from ...store import Kind
from ...vendors import RINGCX
from .assignments import ASSIGNMENT
from .destinations import DESTINATION, DESTINATION_PATH
from .dtmf_events import DTMF_EVENT
from .overrides import ASSIGNED_OVERRIDE, DESTINATION_OVERRIDE
from .profiles import PROFILE, PROFILE_PATH


def _clone_destination(call: Call) -> Record:
    """The clone inherits settings, hours, active flag, overrides, and the links to profiles at 0 percent."""
    old = call.record(DESTINATION)
    clone = _copy(call, DESTINATION, old, destinationName=call.query["newDestinationName"])
    link = {"cloudDestinationId": clone["cloudDestinationId"]}
    for override in call.store.under(DESTINATION_OVERRIDE, DESTINATION, old):
        _copy(call, DESTINATION_OVERRIDE, override, **link)
    for assignment in call.store.under(ASSIGNMENT, DESTINATION, old):
        share = {"allocationPercent": 0} if "allocationPercent" in assignment else {}
        copied = {name: value for name, value in assignment.items() if name != "allocationPercentHours"}
        _copy(call, ASSIGNMENT, copied, **link, **share)
    return DESTINATION.shown(call.store, clone)


def _clone_profile(call: Call) -> Record:
    """The clone inherits settings, active flag, assignments with their overrides, and DTMF events."""
    old = call.record(PROFILE)
    clone = _copy(call, PROFILE, old, profileName=call.query["newCloudRouteProfileName"])
    link = {"cloudProfileId": clone["cloudProfileId"]}
    for assignment in call.store.under(ASSIGNMENT, PROFILE, old):
        copied = _copy(call, ASSIGNMENT, assignment, **link)
        for override in call.store.under(ASSIGNED_OVERRIDE, ASSIGNMENT, assignment):
            _copy(call, ASSIGNED_OVERRIDE, override, assignedDestinationId=copied["assignedDestinationId"])
    for event in call.store.under(DTMF_EVENT, PROFILE, old):
        _copy(call, DTMF_EVENT, event, **link)
    return PROFILE.shown(call.store, clone)


def _copy(call: Call, kind: Kind, record: Record, **changes: Any) -> Record:
    copied = {name: value for name, value in record.items() if name != kind.id_field}
    return call.store.add(kind, copied | changes)


_NEW_DESTINATION = (text("newDestinationName", required=True),)
_NEW_PROFILE = (text("newCloudRouteProfileName", required=True),)

FAMILY = Family(
    vendor=RINGCX,
    operations=(
        Operation("CR-07", "POST", f"{DESTINATION_PATH}/clone", _clone_destination, query=_NEW_DESTINATION),
        Operation("CR-12", "POST", f"{PROFILE_PATH}/clone", _clone_profile, query=_NEW_PROFILE),
    ),
)
