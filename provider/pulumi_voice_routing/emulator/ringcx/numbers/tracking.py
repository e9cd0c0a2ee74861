"""RingCX tracking numbers: groups, numbers, routing rules, schedule overrides (NM-12..17, NMb-17..28).

A tracking number owns its DNIS like any other product: making one assigns the DNIS.
"""

from __future__ import annotations

from typing import Any

from ...crud import INCLUDE_PERMISSIONS, PERMISSIONS, creates, deletes, gets, lists, permitted, updated, updates
from ...learning import tells
from ...problems import conflict, invalid
from ...routing import Call, Family, Operation
from ...schema import Record, Write, flag, flags, many, server_sets, text, texts, thing, whole, wholes
from ...store import Kind, Store
from ...vendors import RINGCX
from ..accounts import ACCOUNT
from .assignments import keep_assigned, require_free
from .owners import ASSIGNED, DNIS

_OPENINGS = ("STANDARD", "STANDARD_PARALLEL", "LOCATOR")

GROUP = Kind(
    name="TracGroup",
    id_field="tracGroupId",
    fields=(
        whole("tracGroupId", write=Write.NEVER),
        text("groupName", required=True),
        flag("isDefault", default=False, write=Write.ON_CREATE),
        many("tracNumbers", write=Write.NEVER),
        PERMISSIONS,
    ),
    links={"accountId": ACCOUNT.name},
    path_name="tracGroupId",
)
"""No call makes a tracking group; a state file does."""


def _show_number(store: Store, record: Record) -> Record:
    group = store.get(GROUP, record["tracGroupId"]) or {}
    return NUMBER.own(record) | {"tracGroupId": record["tracGroupId"], "accountId": group["accountId"]}


NUMBER = Kind(
    name="TracNumber",
    id_field="tracId",
    fields=(
        whole("tracId", write=Write.NEVER),
        whole("tracGroupId", write=Write.NEVER),
        text("dnis", required=True, pattern=DNIS, write=Write.ON_CREATE),
        text("dnisDescription"),
        flag("active", default=True),
        text("description"),
        *server_sets(text("accountId"), thing("tracGroup"), thing("assignedDnis")),
        text("openType", enum=_OPENINGS),
        text("closeType", enum=_OPENINGS),
        *wholes("openLocatorId", "closeLocatorId"),
        *texts("monSched", "tueSched", "wedSched", "thuSched", "friSched", "satSched", "sunSched"),
        *texts("outboundCallerId", "introMsg", "whisperMsg", "endcallMsg"),
        *wholes("recordCall", "revMatch", "voicemailEnabled", "shortCallTime", "dequeueDelay", "surveyId"),
        *texts("billingCode", "billingKey"),
        thing("postCallSoapService", link="serviceId"),
        PERMISSIONS,
    ),
    links={"tracGroupId": GROUP.name},
    path_name="tracId",
    show=_show_number,
)

RULE = Kind(
    name="TracRoutingRule",
    id_field="ruleId",
    fields=(
        whole("ruleId", write=Write.NEVER),
        text(
            "ruleType",
            required=True,
            enum=("STANDARD", "STANDARD_SIP", "ENCRYPTED_SIP", "GATE_XFER", "TRAC_XFER", "IN_NETWORK", "VIVR"),
        ),
        *texts("destination", "description"),
        *wholes("rank", "ringDuration", "parallelDelay"),
        *flags("openRule", "ttAccept"),
        *wholes("xferGateId", "xferTracId"),
        thing("tracNumber", write=Write.NEVER),
    ),
    links={"tracId": NUMBER.name},
    path_name="ruleId",
    complete=lambda _store, rule: _checked_rule(rule),
)
_TARGET = {"GATE_XFER": "xferGateId", "TRAC_XFER": "xferTracId"}

SCHEDULE_OVERRIDE = Kind(
    name="TracScheduleOverride",
    id_field="scheduleOverrideId",
    fields=(
        whole("scheduleOverrideId", write=Write.NEVER),
        text("overrideLabel", required=True),
        thing("overrideDate"),
        *texts("overrideSched", "overrideClosedEvent"),
    ),
    links={"tracId": NUMBER.name},
    path_name="overrideId",
)


def _groups_with_numbers(call: Call) -> list[Record]:
    return [
        permitted(call, GROUP.own(group)) | {"tracNumbers": _numbers_of(call, group)} for group in call.siblings(GROUP)
    ]


def _numbers_of(call: Call, group: Record) -> list[Record]:
    numbers = call.store.where(NUMBER, "tracGroupId", group["tracGroupId"])
    return [permitted(call, NUMBER.shown(call.store, number)) for number in numbers]


def _refuse_group_removal(call: Call, group: Record, _old: Record | None) -> None:
    if group["isDefault"]:
        raise conflict("a default group cannot be deleted")
    if call.store.where(NUMBER, "tracGroupId", group["tracGroupId"]):
        raise conflict("the group still holds tracking numbers")


def _create_number(call: Call) -> Record:
    record = {"tracGroupId": call.record(GROUP)["tracGroupId"], **NUMBER.new(call.object(NUMBER, creating=True))}
    require_free(call, record, record["dnis"])
    made = call.store.add(NUMBER, record)
    call.store.add(ASSIGNED, {"tracId": made["tracId"], **_assignment_part(made)})
    return NUMBER.shown(call.store, made)


def _assignment_part(number: Record) -> Record:
    """What a tracking number says of its DNIS assignment."""
    part = {"dnis": number["dnis"], "isActive": number["active"]}
    return part | ({"dnisDescription": number["dnisDescription"]} if "dnisDescription" in number else {})


def _update_number(call: Call) -> Any:
    old = call.record(NUMBER)
    new = call.store.replace(NUMBER, updated(call, NUMBER, old, call.object(NUMBER, creating=False)))
    assigned = call.store.get(ASSIGNED, new["dnis"])
    if assigned and assigned.get("tracId") == new["tracId"]:
        kept = {name: value for name, value in assigned.items() if name != "dnisDescription"}
        keep_assigned(call, kept | _assignment_part(new))
    return NUMBER.shown(call.store, new)


def _checked_rule(rule: Record) -> Record:
    needed = _TARGET.get(rule["ruleType"], "destination")
    if rule.get(needed) is None:
        raise invalid(needed, f"is required with ruleType {rule['ruleType']}")
    return rule


def _check_rule(_call: Call, rule: Record, _old: Record | None) -> None:
    _checked_rule(rule)


_A = "/voice/api/v1/admin/accounts/{accountId}"
_TG = _A + "/tracGroups/{tracGroupId}"
_TR = _TG + "/tracNumbers/{tracId}"
_RULE = _TR + "/routingRules/{ruleId}"
_OVERRIDE = _TR + "/scheduleOverrides/{overrideId}"

FAMILY = Family(
    vendor=RINGCX,
    tells={
        "NM-12": tells(GROUP, tracNumbers=NUMBER),
        "NM-13": tells(GROUP),
        "NM-15": tells(NUMBER),
        "NMb-18": tells(NUMBER),
        "NMb-19": tells(RULE),
        "NMb-21": tells(RULE),
        "NMb-24": tells(SCHEDULE_OVERRIDE),
        "NMb-26": tells(SCHEDULE_OVERRIDE),
    },
    kinds=(GROUP, NUMBER, RULE, SCHEDULE_OVERRIDE),
    first_objects={
        GROUP.name: ({"accountId": "123456", "tracGroupId": 1000, "groupName": "Default", "isDefault": True},)
    },
    operations=(
        Operation("NM-12", "GET", f"{_A}/tracGroups/withChildren", _groups_with_numbers, query=INCLUDE_PERMISSIONS),
        Operation("NM-13", "GET", _TG, gets(GROUP)),
        Operation("NM-14", "PUT", _TG, updates(GROUP), takes="json"),
        Operation("NM-15", "GET", f"{_TG}/tracNumbers", lists(NUMBER)),
        Operation("NM-16", "POST", f"{_TG}/tracNumbers", _create_number, takes="json"),
        Operation("NM-17", "PUT", _TR, _update_number, takes="json"),
        Operation("NMb-17", "DELETE", _TG, deletes(GROUP, _refuse_group_removal)),
        Operation("NMb-18", "GET", _TR, gets(NUMBER)),
        Operation("NMb-19", "GET", f"{_TR}/routingRules", lists(RULE)),
        Operation("NMb-20", "POST", f"{_TR}/routingRules", creates(RULE, _check_rule), takes="json"),
        Operation("NMb-21", "GET", _RULE, gets(RULE)),
        Operation("NMb-22", "PUT", _RULE, updates(RULE, _check_rule), takes="json"),
        Operation("NMb-23", "DELETE", _RULE, deletes(RULE)),
        Operation("NMb-24", "GET", f"{_TR}/scheduleOverrides", lists(SCHEDULE_OVERRIDE)),
        Operation("NMb-25", "POST", f"{_TR}/scheduleOverrides", creates(SCHEDULE_OVERRIDE), takes="json"),
        Operation("NMb-26", "GET", _OVERRIDE, gets(SCHEDULE_OVERRIDE)),
        Operation("NMb-27", "PUT", _OVERRIDE, updates(SCHEDULE_OVERRIDE), takes="json"),
        Operation("NMb-28", "DELETE", _OVERRIDE, deletes(SCHEDULE_OVERRIDE)),
    ),
)
