"""The DNIS pool: the numbers that an account has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from ...crud import updated
from ...problems import Problem, conflict, invalid, not_found
from ...routing import Call, Family, Operation
from ...schema import Check, Field, Record, Write, flag, flags, many, server_sets, text, texts, thing, whole
from ...store import Kind, Store
from ...vendors import RINGCX
from ..accounts import ACCOUNT, is_visible
from .owners import ASSIGNED, DNIS, sees

TN = "/voice/api/v1/admin/utilities/tnManager"
I18N = (flag("phoneNumbersI18nEnabled", default=False),)


def _show_pool(store: Store, record: Record) -> Record:
    answer = POOL.own(record) | {"dnisE164": f"+{record['dnis']}"}
    assigned = store.get(ASSIGNED, record["dnis"])
    return answer | {"assignedDnis": ASSIGNED.shown(store, assigned)} if assigned else answer


_MEDIA = (
    *texts("mediaCode", "mediaFormat", "mediaIsci", "mediaLength", "mediaMarket", "mediaNetwork", "mediaUrl"),
    *texts("mediaVersion", "mediaWebSourcecode"),
)
_POOL_V2_FIELDS = (
    text("dnis", required=True, pattern=DNIS, write=Write.ON_CREATE),
    text("dnisE164", write=Write.NEVER),
    text("reservedAccountId", required=True),
    *texts("dnisDescription", "dnisCategory"),
    flag("active", default=True),
    *texts("notes", "carrier", "resporg", "customAppString", "inboundContext", "originatingDnis"),
    *texts("platformId", "vendorId"),
    whole("vruNetworkId"),
    *flags("smsEnabled", "phoneNumbersI18nEnabled"),
    text("twilioApiKey", secret=True),
    *_MEDIA,
    *server_sets(thing("assignedDnis"), thing("assignedSmsDnis"), thing("reservedAccount")),
    *server_sets(thing("dateCreated"), thing("lastModified"), text("lastModifiedBy")),
)
POOL = Kind(
    name="DnisPool",
    id_field="dnis",
    fields=(*_POOL_V2_FIELDS, flag("dnisManagedByRC", write=Write.NEVER)),
    links={"reservedAccountId": ACCOUNT.name},
    show=_show_pool,
)


def pooled(call: Call, dnis: str) -> Record:
    """The pool record of a DNIS that the token sees."""
    record = call.store.get(POOL, dnis)
    if record is None or not sees(call, record["reservedAccountId"]):
        raise not_found(f"DNIS {dnis}")
    return record


def seen_pool(call: Call) -> list[Record]:
    """The pool records that the token sees."""
    records = call.store.all(POOL)
    seen = {id_: sees(call, id_) for id_ in {record["reservedAccountId"] for record in records}}
    return [record for record in records if seen[record["reservedAccountId"]]]


def _require_account(call: Call, record: Record, _old: Record | None = None) -> None:
    account = call.store.get(ACCOUNT, record["reservedAccountId"])
    if account is None:
        raise not_found(f"Account {record['reservedAccountId']}")
    if not is_visible(account):
        raise Problem(403, f"Account {record['reservedAccountId']} is not open to this token")


def require_once(all_dnis: Iterable[str]) -> None:
    """409 for a DNIS that a batch names twice."""
    for dnis, times in Counter(all_dnis).items():
        if times > 1:
            raise conflict(f"DNIS {dnis} is named {times} times")


def add_to_pool(call: Call, bodies: Sequence[Record]) -> list[Record]:
    """All records, or none."""
    require_once(body["dnis"] for body in bodies)
    for body in bodies:
        _require_account(call, body)
        if call.store.get(POOL, body["dnis"]):
            raise conflict(f"DNIS {body['dnis']} is in the pool already")
    return [POOL.shown(call.store, call.store.add(POOL, POOL.new(body))) for body in bodies]


def _create(call: Call) -> list[Record]:
    return add_to_pool(call, call.objects(POOL.fields, creating=True))


def keyed(fields: Sequence[Field]) -> tuple[Field, ...]:
    """The table of an update whose items say by `dnis` which record they mean."""
    key = text("dnis", required=True, pattern=DNIS)
    return (key, *(field for field in fields if field.name != "dnis"))


_POOL_UPDATE = keyed(POOL.fields)
POOL_V2_UPDATE = keyed(_POOL_V2_FIELDS)


def keys(bodies: Sequence[Record]) -> list[str]:
    """The `dnis` of each item; a merging update checks no required fields, but this one it needs."""
    if any("dnis" not in body for body in bodies):
        raise invalid("dnis", "is required in every item")
    return [body["dnis"] for body in bodies]


def updated_pool(call: Call, body: Record) -> Record:
    """The pool record as `body` would leave it."""
    old = pooled(call, body["dnis"])
    if old.get("dnisManagedByRC"):
        raise Problem(403, f"DNIS {body['dnis']} is managed by RingCentral")
    new = updated(call, POOL, old, body, _require_account)
    if new["reservedAccountId"] != old["reservedAccountId"] and call.store.get(ASSIGNED, body["dnis"]):
        raise conflict(f"DNIS {body['dnis']} is assigned in its account")
    return new


def _update(call: Call) -> list[Record]:
    """All records, or none."""
    bodies = call.objects(_POOL_UPDATE, creating=False)
    require_once(keys(bodies))
    new = [updated_pool(call, body) for body in bodies]
    return [POOL.shown(call.store, call.store.replace(POOL, record)) for record in new]


def _update_bulk(call: Call) -> Record:
    """Also touches assignments: they take over description and active flag."""
    records = _update(call)
    for record in records:
        assigned = call.store.get(ASSIGNED, record["dnis"])
        if assigned:
            taken = {"isActive": record["active"], "dnisDescription": record.get("dnisDescription", "")}
            call.store.replace(ASSIGNED, assigned | taken)
    return {"status": "SUCCESS", "message": f"{len(records)} rows updated", "updatedRows": str(len(records))}


def _get(call: Call) -> Record:
    return POOL.shown(call.store, pooled(call, call.params["dnis"]))


def _delete(call: Call) -> bool:
    return _remove(call, [call.params["dnis"]])


def _delete_many(call: Call) -> bool:
    return _remove(call, _texts(call))


def _remove(call: Call, all_dnis: Sequence[str]) -> bool:
    """All records, or none."""
    require_once(all_dnis)
    records = [pooled(call, dnis) for dnis in all_dnis]
    for record in records:
        if record.get("dnisManagedByRC"):
            raise Problem(403, f"DNIS {record['dnis']} is managed by RingCentral")
        if call.store.get(ASSIGNED, record["dnis"]):
            raise conflict(f"DNIS {record['dnis']} is assigned")
    for record in records:
        call.store.remove(POOL, record)
    return True


def _taken(call: Call) -> list[str]:
    """Those of the candidates that the pool holds already, in whatever account."""
    return [dnis for dnis in _texts(call) if call.store.get(POOL, dnis)]


def _texts(call: Call) -> list[str]:
    check = Check()
    sent: list[str] = check.value(many("body", items="string"), call.json(), "body")
    check.done()
    return sent


FAMILY = Family(
    vendor=RINGCX,
    kinds=(POOL,),
    operations=(
        Operation("NM-03", "POST", f"{TN}/dnisPool", _create, takes="json"),
        Operation("NM-04", "PUT", f"{TN}/dnisPool", _update, takes="json"),
        Operation("NM-06", "PUT", f"{TN}/updateBulkDnisPool", _update_bulk, takes="json"),
        Operation("NMb-01", "GET", f"{TN}/dnisPool/{{dnis}}", _get, query=I18N),
        Operation("NMb-02", "DELETE", f"{TN}/dnisPool/{{dnis}}", _delete),
        Operation("NMb-03", "PUT", f"{TN}/dnisPool/bulkDelete", _delete_many, query=I18N, takes="json"),
        Operation("NMb-04", "POST", f"{TN}/checkNewDnisList", _taken, query=I18N, takes="json"),
    ),
)
