"""Operations of the vendors' APIs that the emulator knows by number and does not serve: they answer 501.

A family that is served from its own module has no rows here.
"""

from __future__ import annotations

from typing import Any

from .routing import Call, Family, Operation
from .vendors import RINGCX

_V1 = "/voice/api/v1/admin"
_TN = _V1 + "/utilities/tnManager"

SIGN_IN = (
    ("AUTH-direct", "POST", "/api/auth/login/admin"),
    ("AUTH-permanent-create", "POST", f"{_V1}/token"),
    ("AUTH-permanent-list", "GET", f"{_V1}/token"),
    ("AUTH-permanent-delete", "DELETE", f"{_V1}/token/{{token}}"),
)

NUMBERS = (
    ("NMb-08", "PUT", f"{_TN}/updateCustomerDnisBulk"),
    ("NMb-11", "GET", f"{_TN}/mediaValues"),
)

NUMBERS_TWINS = (
    ("NMb-13", "POST", "/v1/admin/utilities/tnManager/searchDnis"),
    ("NMb-14", "PUT", "/v1/admin/utilities/tnManager/updateBulkDnisPool"),
    ("NMb-15", "PUT", "/v1/admin/utilities/tnManager/updateCustomerDnisBulk"),
    ("NMb-16", "POST", "/v1/admin/utilities/tnManager/uploadDnisPool"),
)


def _never_called(call: Call) -> Any:
    raise NotImplementedError


UNSERVED = Family(
    vendor=RINGCX,
    operations=tuple(
        Operation(number, method, path, _never_called)
        for number, method, path in (
            *SIGN_IN,
            *NUMBERS,
            *NUMBERS_TWINS,
        )
    ),
)
