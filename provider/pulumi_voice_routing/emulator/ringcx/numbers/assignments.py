"""Which product answers a DNIS."""

from __future__ import annotations

from ...crud import updated
from ...problems import Problem, conflict, invalid, not_found
from ...routing import Call, Family, Handler, Operation
from ...schema import Record, flag, flags, text, thing, wholes
from ...store import Kind
from ...vendors import RINGCX
from ..cloud_routing.profiles import PROFILE
from .owners import ASSIGNED, DNIS, GATE, OWNERS, VISUAL_IVR, Owner, account_of, owner_of, sees
from .pool import POOL, POOL_V2_UPDATE, TN, keyed, keys, pooled, require_once, updated_pool
from .searches import PRODUCTS

_UPDATE = keyed(ASSIGNED.fields)


def _assigns(owner: Owner, kind: Kind) -> Handler:
    """PUT of an array: each DNIS is assigned to the path's object, or updated there. All, or none."""

    def handler(call: Call) -> list[Record]:
        owned = call.record(kind)
        if not sees(call, account_of(call.store, owned)):
            raise not_found(f"{kind.name} {owned[kind.id_field]}")
        bodies = call.objects(_UPDATE, creating=False)
        require_once(keys(bodies))
        new = [_assigned_to(call, owner, owned, body) for body in bodies]
        return [ASSIGNED.shown(call.store, keep_assigned(call, record)) for record in new]

    return handler


def keep_assigned(call: Call, record: Record) -> Record:
    """Keeps an assignment, whether there is one of the DNIS or not."""
    known = call.store.get(ASSIGNED, record["dnis"])
    return call.store.replace(ASSIGNED, record) if known else call.store.add(ASSIGNED, record)


def _assigned_to(call: Call, owner: Owner, owned: Record, body: Record) -> Record:
    """The assignment of a DNIS to an object, as `body` would leave it."""
    _require_pooled_with(call, owned, body["dnis"])
    present = call.store.get(ASSIGNED, body["dnis"])
    if present is not None:
        if owner.link not in present:
            raise _held(present)
        return updated(call, ASSIGNED, present, body) | {owner.link: owned[owner.link]}
    if "isActive" not in body:
        raise invalid("isActive", "is required")
    return {owner.link: owned[owner.link], **ASSIGNED.new(body)}


def _require_pooled_with(call: Call, owned: Record, dnis: str) -> None:
    """404 for a DNIS that is not in the pool of the owner's account."""
    if pooled(call, dnis)["reservedAccountId"] != account_of(call.store, owned):
        raise not_found(f"DNIS {dnis}")


def require_free(call: Call, owned: Record, dnis: str) -> None:
    """404 for a DNIS that is not in the pool of the owner's account, 409 for one that anything answers."""
    _require_pooled_with(call, owned, dnis)
    present = call.store.get(ASSIGNED, dnis)
    if present is not None:
        raise _held(present)


def _held(assigned: Record) -> Problem:
    holder = owner_of(assigned)
    held = f"{holder.product} {assigned[holder.link]}" if holder else "something else"
    return conflict(f"DNIS {assigned['dnis']} is assigned to {held}")


def _assigned(call: Call, dnis: str) -> Record:
    pooled(call, dnis)
    record = call.store.get(ASSIGNED, dnis)
    if record is None:
        raise not_found(f"assignment of DNIS {dnis}")
    return record


def _get(call: Call) -> Record:
    return ASSIGNED.shown(call.store, _assigned(call, call.params["dnis"]))


def _delete(call: Call) -> bool:
    call.store.remove(ASSIGNED, _assigned(call, call.params["dnis"]))
    return True


def _update(call: Call) -> list[Record]:
    """Present assignments only. All, or none."""
    bodies = call.objects(_UPDATE, creating=False)
    require_once(keys(bodies))
    new = [updated(call, ASSIGNED, _assigned(call, body["dnis"]), body) for body in bodies]
    return [ASSIGNED.shown(call.store, call.store.replace(ASSIGNED, record)) for record in new]


_DELETE_REQUEST = (text("dnis"), text("dnisE164", pattern=rf"\+{DNIS}"), flag("phoneNumbersI18nEnabled"))


def _delete_by_body(call: Call) -> bool:
    body = call.body(_DELETE_REQUEST)
    dnis = body.get("dnis") or body.get("dnisE164", "").removeprefix("+")
    if not dnis:
        raise invalid("dnis", "is required")
    call.store.remove(ASSIGNED, _assigned(call, dnis))
    return True


_POOL_AND_ASSIGNMENT = (
    thing("dnisPool", required=True, fields=POOL_V2_UPDATE),
    text("product", enum=PRODUCTS),
    *wholes("productId", "chatQueueId"),
    *flags("unassignProduct", "unassignSmsProduct"),
    *(thing(name) for name in ("startDate", "endDate", "smsStartDate", "smsEndDate")),
)


def _update_with_pool(call: Call) -> bool:
    """All items, or none. `unassignProduct` goes before `product`, so that one item can move a DNIS."""
    before = call.store.copy()
    try:
        for item in call.objects(_POOL_AND_ASSIGNMENT, creating=True):
            _move(call, item)
    except Problem:
        call.store.become(before)
        raise
    return True


def _move(call: Call, item: Record) -> None:
    record = call.store.replace(POOL, updated_pool(call, item["dnisPool"]))
    present = call.store.get(ASSIGNED, record["dnis"])
    if item.get("unassignProduct") and present:
        call.store.remove(ASSIGNED, present)
    if "product" not in item:
        return
    owner = next((owner for owner in OWNERS if owner.product == item["product"]), None)
    if owner is None or "productId" not in item:
        raise invalid("product", "is no product that can answer a DNIS, or comes without productId", item["product"])
    owned = call.store.get(call.store.kinds[owner.kind], item["productId"])
    if owned is None:
        raise not_found(f"{owner.product} {item['productId']}")
    keep_assigned(call, _assigned_to(call, owner, owned, {"dnis": record["dnis"], "isActive": record["active"]}))


_ALL = f"{TN}/assignedDnis"
_PROFILE = f"{_ALL}/cloudRouteProfiles/{{cloudRouteProfileId}}"
_ACD, _IVR, _CLOUD, _ = OWNERS

FAMILY = Family(
    vendor=RINGCX,
    operations=(
        Operation("NM-07", "PUT", f"{_ALL}/gates/{{gateId}}", _assigns(_ACD, GATE), takes="json"),
        Operation("NM-08", "PUT", f"{_ALL}/visualIvrs/{{visualIvrId}}", _assigns(_IVR, VISUAL_IVR), takes="json"),
        Operation(
            "NM-09",
            "PUT",
            f"{_ALL}/cloudRouteProfiles/{{cloudRouteProfileId}}",
            _assigns(_CLOUD, PROFILE),
            takes="json",
        ),
        Operation("NM-10", "GET", f"{_ALL}/{{dnis}}", _get),
        Operation("NM-11", "DELETE", f"{_ALL}/{{dnis}}", _delete),
        Operation("NMb-05", "PUT", f"{TN}/updatePoolAndAssignment", _update_with_pool, takes="json"),
        Operation("NMb-06", "PUT", _ALL, _update, takes="json"),
        Operation("NMb-07", "DELETE", _ALL, _delete_by_body, takes="json"),
    ),
)
