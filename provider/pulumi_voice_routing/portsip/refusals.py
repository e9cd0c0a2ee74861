"""What a PortSIP error answer says."""

from __future__ import annotations

import json

from ..client.answers import Refusal, words
from ..client.listings import Json


def refusal(body: Json, text: str) -> Refusal:
    """Code and message of the errors in an answer."""
    listed = body.get("errors")
    errors = [one for one in (listed if isinstance(listed, list) else []) if isinstance(one, dict)]
    if not errors:
        return Refusal(words(body.get("code")), words(body.get("message")) or ("" if body else text))
    return Refusal(words(errors[0].get("code")), "; ".join(_said(one) for one in errors))


def _said(error: Json) -> str:
    detail = error.get("detail")
    message = words(error.get("message"))
    return f"{message} {json.dumps(detail, ensure_ascii=False)}" if detail else message
