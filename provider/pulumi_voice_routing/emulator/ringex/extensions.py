"""RingEX extensions: which there are, how a path names one, and how they are paged.

Account 123456 has four users: 100001, which is signed in (`~`), and 100004, both with limited hours; 100002, which is
open around the clock; 100003, which was moved to the newer call handling, has a desk phone and takes calls of the call
queue 100005.
"""

from __future__ import annotations

import json
import re
from typing import Any

from ..learning import Named, Told
from ..problems import FieldProblem, Problem, invalid
from ..routing import Call, Family
from ..schema import Record, flag, many, text, whole_number
from ..store import Kind, Store
from ..vendors import RINGEX

ACCOUNT_ID = "123456"
OWNER_ID = "100001"
"""The extension that is signed in."""
EXTENSION_PATH = "/restapi/v1.0/account/{accountId}/extension/{extensionId}"
USER_TYPES = ("User", "DigitalUser", "FaxUser", "VirtualUser")
QUEUE = "Department"
DND = ("TakeAllCalls", "DoNotAcceptAnyCalls", "DoNotAcceptDepartmentCalls")
E164 = r"\+[1-9]\d{6,14}"

_DEVICE = (text("id", required=True), text("name"), text("phoneNumber", pattern=E164))

EXTENSION = Kind(
    name="RingExExtension",
    id_field="extensionId",
    fields=(
        text("extensionId"),
        text("accountId", default=ACCOUNT_ID),
        many("phoneNumbers", items="string", default=[]),
        flag("limitedHours", default=False),
        flag("newCallHandling", default=False),
        text("name"),
        text("type", enum=(*USER_TYPES, QUEUE), default="User"),
        many("devices", fields=_DEVICE, default=[]),
        flag("inQueue", default=False),
        text("dndStatus", enum=DND, default="TakeAllCalls"),
    ),
    stored=(flag("signedIn"),),
    complete=lambda store, one: _complete(store, one),
)
"""`signedIn` is whose token it is, where that is another one than 100001. `devices` are desk phones; `inQueue` says
that the user takes calls of a queue; `dndStatus` is the presence.
"""


def _complete(store: Store, one: Record) -> Record:
    own = next((other for other in store.all(EXTENSION) if other.get("signedIn")), {"accountId": ACCOUNT_ID})
    if one["accountId"] != own["accountId"]:
        raise invalid("accountId", f"must be one of {own['accountId']}", one["accountId"])
    return one | {"name": one.get("name") or f"Extension {one['extensionId']}"}


def extension_of(call: Call) -> Record:
    """The extension of the path; `~` is the signed-in one."""
    account, extension = call.params["accountId"], call.params["extensionId"]
    own = signed_in(call.store)
    if account not in ("~", own["accountId"] if own else ACCOUNT_ID):
        raise not_found("accountId", account)
    record = own if extension == "~" else call.store.get(EXTENSION, extension)
    if record is None:
        raise not_found("extensionId", extension)
    return record


def signed_in(store: Store) -> Record | None:
    """The extension whose token it is."""
    own = store.get(EXTENSION, OWNER_ID)
    return own or next((one for one in store.all(EXTENSION) if one.get("signedIn")), None)


def not_found(parameter: str, value: str) -> Problem:
    """404 for a path parameter that names nothing."""
    message = f"Resource for parameter [{parameter}] is not found"
    return Problem(404, message, code="CMN-102", fields=[FieldProblem(parameter, message, value)])


def refused(code: str, message: str, parameter: str = "", status: int = 400) -> Problem:
    """A refusal with one of the vendor's codes."""
    return Problem(status, message, code=code, fields=[FieldProblem(parameter, message)] if parameter else ())


def uri_of(call: Call, *steps: str) -> str:
    """An address with real ids, whatever the request said."""
    host = call.request.headers.get("host", "platform.ringcentral.com")
    extension = extension_of(call)
    path = "/".join(("account", extension["accountId"], "extension", extension["extensionId"], *steps))
    return f"http://{host}/restapi/v1.0/{path}"


PAGING = (text("page", default="1"), text("perPage", default="100"))


def page_of(call: Call, collection: str, rows: list[Record]) -> Record:
    """One page of a collection of the extension."""
    page, size = (_count(call, name) for name in ("page", "perPage"))
    uri = uri_of(call, collection)
    if size == 0:
        return {"uri": uri, "records": []}
    size = min(size, 1000)
    pages = -(-len(rows) // size)
    start = (max(page, 1) - 1) * size
    shown = rows[start : start + size]
    paging: Record = {"page": max(page, 1), "perPage": size, "totalPages": pages, "totalElements": len(rows)}
    if shown:
        paging |= {"pageStart": start, "pageEnd": start + len(shown) - 1}
    places = {"firstPage": 1, "lastPage": max(pages, 1)}
    if page < pages:
        places["nextPage"] = page + 1
    if 1 < page <= pages:
        places["previousPage"] = page - 1
    links = {name: {"uri": f"{uri}?page={place}&perPage={size}"} for name, place in places.items()}
    return {"uri": uri, "records": shown, "paging": paging, "navigation": links}


def _count(call: Call, name: str) -> int:
    count = whole_number(str(call.query[name]))
    if count is None:
        raise invalid(name, "must be 0 or more", call.query[name])
    return count


def told_extension(told: Told, **facts: Any) -> Named:
    """The extension that an answer is about. That of the token is `~` in paths, and has its ids in addresses."""
    account, extension = told.match.params["accountId"], told.match.params["extensionId"]
    known: Record = dict(facts)
    if "~" in (account, extension):
        said = re.search(r"/account/(\d+)/extension/(\d+)", json.dumps(told.answer))
        account, extension = said.groups() if said else (ACCOUNT_ID, OWNER_ID)
        known["signedIn"] = True
    return EXTENSION.name, extension, {"extensionId": extension, "accountId": account, **known}


FAMILY = Family(
    vendor=RINGEX,
    operations=(),
    kinds=(EXTENSION,),
    first_objects={
        EXTENSION.name: (
            {"extensionId": OWNER_ID, "phoneNumbers": ["+13035550101", "+13035550102"], "limitedHours": True},
            {"extensionId": "100002", "phoneNumbers": ["+13035550103"]},
            {
                "extensionId": "100003",
                "phoneNumbers": ["+13035550104"],
                "limitedHours": True,
                "newCallHandling": True,
                "inQueue": True,
                "devices": [{"id": "700003", "name": "Desk phone", "phoneNumber": "+13035550113"}],
            },
            {"extensionId": "100004", "phoneNumbers": ["+13035550105"], "limitedHours": True},
            {"extensionId": "100005", "phoneNumbers": ["+13035550106"], "name": "Sales", "type": QUEUE},
        )
    },
)
