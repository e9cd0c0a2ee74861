"""What can answer a DNIS: queues, Visual IVRs, profiles and tracking numbers; and the assignments to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...problems import invalid
from ...routing import Call, Family
from ...schema import Record, Write, flag, server_sets, text, texts, thing, whole, wholes
from ...store import Kind, Store
from ...vendors import RINGCX
from ..accounts import ACCOUNT, is_visible
from ..cloud_routing.groups import GROUP
from ..cloud_routing.profiles import PROFILE

DNIS = r"\d{7,15}"

GATE = Kind(
    name="GateSkinnyAssignable",
    id_field="gateId",
    fields=(
        whole("gateId"),
        text("gateName", required=True),
        whole("gateGroupId"),
        whole("groupId"),
        flag("isActive", default=True),
        text("accountId"),
    ),
    links={"accountId": ACCOUNT.name},
    path_name="gateId",
)
"""Queues. No call of this family makes one; a state file does."""

VISUAL_IVR = Kind(
    name="VisualIvrSkinny",
    id_field="visualIvrId",
    fields=(
        whole("visualIvrId"),
        text("visualIvrName", required=True),
        *texts("visualIvrDesc", "accountId"),
        *wholes("visualIvrGroupId", "groupId"),
        flag("isActive", default=True),
        flag("isDeleted", default=False),
    ),
    links={"accountId": ACCOUNT.name},
    path_name="visualIvrId",
)
"""Visual IVRs. No call of this family makes one; a state file does."""


@dataclass(frozen=True)
class Owner:
    """A product that can answer a DNIS: the link that an assignment to it holds, and what it shows of it."""

    product: str
    link: str
    kind: str
    member: str
    shown: tuple[str, ...]
    group: str


OWNERS = (
    Owner(
        "ACD",
        "gateId",
        GATE.name,
        "gate",
        ("gateId", "gateName", "gateGroupId", "accountId", "isActive"),
        "gateGroupId",
    ),
    Owner(
        "VISUAL_IVR",
        "visualIvrId",
        VISUAL_IVR.name,
        "visualIvr",
        ("visualIvrId", "visualIvrName", "visualIvrGroupId", "accountId", "isActive"),
        "visualIvrGroupId",
    ),
    Owner(
        "CLOUD_PROFILE",
        "cloudProfileId",
        PROFILE.name,
        "cloudRouteProfile",
        ("cloudProfileId", "profileName", "cloudGroupId", "isActive", "isDeleted"),
        "cloudGroupId",
    ),
    Owner("TRAC_NUMBER", "tracId", "TracNumber", "tracNumber", ("tracId", "tracGroupId", "description"), "tracGroupId"),
)


def _show_assigned(store: Store, record: Record) -> Record:
    answer = ASSIGNED.own(record) | {"dnisE164": f"+{record['dnis']}"}
    owner = owner_of(record)
    if owner:
        owned = store.get(store.kinds[owner.kind], record[owner.link]) or {}
        shown = {name: owned[name] for name in owner.shown if name in owned}
        answer[owner.member] = shown | {"accountId": account_of(store, owned)}
    return answer


ASSIGNED = Kind(
    name="AssignedDnis",
    id_field="dnis",
    fields=(
        text("dnis", required=True, pattern=DNIS, write=Write.ON_CREATE),
        flag("isActive", required=True),
        text("dnisDescription"),
        text("dnisE164", write=Write.NEVER),
        *texts("originatingDnis", "endPointId", "endPointType"),
        flag("phoneNumbersI18nEnabled"),
        *server_sets(thing("gate"), thing("visualIvr"), thing("cloudRouteProfile"), thing("tracNumber")),
        thing("startDate"),
        thing("endDate"),
    ),
    links={owner.link: owner.kind for owner in OWNERS},
    show=_show_assigned,
    free_links=True,
    complete=lambda store, assigned: _checked(store, assigned),
)


def _checked(store: Store, assigned: Record) -> Record:
    links = [owner.link for owner in OWNERS if owner.link in assigned]
    if len(links) > 1:
        raise invalid(links[1], f"one product answers a DNIS, and {links[0]} is there")
    if store.get(store.kinds["DnisPool"], assigned["dnis"]) is None:
        raise invalid("dnis", "is no DnisPool of this state", assigned["dnis"])
    return assigned


def owner_of(assigned: Record) -> Owner | None:
    return next((owner for owner in OWNERS if owner.link in assigned), None)


def account_of(store: Store, owned: Record) -> Any:
    """The account of an owner: its own, or that of its group."""
    if "cloudGroupId" in owned:
        return (store.get(GROUP, owned["cloudGroupId"]) or {}).get("accountId")
    if "tracGroupId" in owned:
        return (store.get(store.kinds["TracGroup"], owned["tracGroupId"]) or {}).get("accountId")
    return owned.get("accountId")


def sees(call: Call, account_id: Any) -> bool:
    """Whether the token sees an account."""
    account = call.store.get(ACCOUNT, account_id)
    return account is not None and is_visible(account)


FAMILY = Family(
    vendor=RINGCX,
    kinds=(GATE, VISUAL_IVR, ASSIGNED),
    operations=(),
    first_objects={
        GATE.name: (
            {"accountId": "123456", "gateId": 1000, "gateName": "Support", "gateGroupId": 1000, "isActive": True},
            {"accountId": "654321", "gateId": 999, "gateName": "Support", "gateGroupId": 999, "isActive": True},
        ),
        VISUAL_IVR.name: (
            {"accountId": "123456", "visualIvrId": 1000, "visualIvrName": "Main menu", "isActive": True},
        ),
    },
)
