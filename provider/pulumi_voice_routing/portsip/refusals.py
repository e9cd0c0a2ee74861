"""What a PortSIP error answer says."""

from __future__ import annotations

import json

from ..client.answers import Refusal, words
from ..client.listings import Json

_LICENCE = "The server or the tenant has no licence for it: add one, or leave it out of the program."
_ADVICE = {
    "RESOURCE_IN_USE": "Something else of the tenant still uses it, such as an inbound rule: take it out there first.",
    "LICENSE_MODULE_UNAVAILABLE": _LICENCE,
    "LICENSE_TENANT_MODULE_REQUIRED": _LICENCE,
    "LICENSE_TARGET_MODULE_REQUIRED": _LICENCE,
    "LICENSE_SNAPSHOT_UNAVAILABLE": "The server cannot read its licences at the moment. Run again.",
}


def refusal(body: Json, text: str) -> Refusal:
    """Code, message and advice for the errors in an answer."""
    listed = body.get("errors")
    errors = [one for one in (listed if isinstance(listed, list) else []) if isinstance(one, dict)]
    if not errors:
        return Refusal(words(body.get("code")), words(body.get("message")) or ("" if body else text))
    code = words(errors[0].get("code"))
    return Refusal(code, "; ".join(_said(one) for one in errors), _ADVICE.get(code, ""))


def _said(error: Json) -> str:
    detail = error.get("detail")
    message = words(error.get("message"))
    return f"{message} {json.dumps(detail, ensure_ascii=False)}" if detail else message
