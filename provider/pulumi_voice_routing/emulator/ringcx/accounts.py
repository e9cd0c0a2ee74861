"""RingCX accounts."""

from __future__ import annotations

from ..learning import tells
from ..routing import Call, Family, Operation
from ..schema import Record, text
from ..store import Kind
from ..vendors import RINGCX

ACCOUNT = Kind(
    name="Account",
    id_field="accountId",
    fields=(text("accountId"), text("accountName", required=True), text("mainAccountId")),
    path_name="accountId",
    complete=lambda _store, account: account | {"mainAccountId": account.get("mainAccountId") or account["accountId"]},
)
"""RingCX sub-accounts. A record with `visible: false` is there, but no token may see it."""


def accounts_shown(call: Call) -> list[Record]:
    return [ACCOUNT.own(account) for account in call.store.all(ACCOUNT) if is_visible(account)]


def is_visible(account: Record) -> bool:
    return account.get("visible") is not False


FAMILY = Family(
    vendor=RINGCX,
    tells={"AUTH-accounts": tells(ACCOUNT)},
    kinds=(ACCOUNT,),
    operations=(
        Operation("AUTH-accounts", "GET", "/voice/api/v1/admin/accounts", accounts_shown),
        Operation("NMb-10", "GET", "/voice/api/v1/admin/utilities/tnManager/accounts", accounts_shown),
    ),
    first_objects={
        ACCOUNT.name: (
            {"accountId": "123456", "accountName": "Emulated account", "mainAccountId": "100000"},
            {"accountId": "654321", "accountName": "Other account", "mainAccountId": "100000", "visible": False},
        )
    },
)
