"""What a RingEX error answer says.

Reference: https://developers.ringcentral.com/guide/basics/errors
"""

from __future__ import annotations

from ..client.answers import Refusal, words
from ..client.listings import Json

MOVED = "CMN-468"
"""Answers every call about the answering rules of a user, and at times of a queue or a company, that was moved to the
vendor's new call handling."""
WHAT_NOW = (
    "Declare ringex.CallHandlingStateRule for its built-in rules and ringex.InteractionRule for the others: "
    "`voice-routing migrate ringex` writes them, and exchanges them in the stack's state."
)
"""What to do about answering rules of an extension that was moved."""

_ADVICE = {
    "CMN-401": "Give the RingEX app the scopes ReadAccounts and EditExtensions, and sign in anew.",
    "CMN-404": "Sign in as this extension, or as one who may administer it.",
    "CMN-408": "Give the signed-in user the permissions to read and edit answering rules and forwarding numbers.",
    "CMN-419": "Give the signed-in user that permission for other extensions too (its extended scope).",
    "CMN-427": "This extension or its plan does not have the feature.",
    "BIL-101": "This extension or its plan does not have the feature.",
    MOVED: "It was moved to the vendor's new call handling, where answering rules can neither be read nor changed. "
    + WHAT_NOW
    + " Both are for users: a queue or a company that answers this keeps its rules in the vendor's portal alone.",
    "AWR-180": "Fax plans have no call handling.",
    "FPN-103": "An extension holds ten forwarding numbers; delete one first.",
    "FPN-104": "An extension holds seven forwarding numbers with labels of their own; delete one first.",
    "FPN-105": "A number of the same account would send its own calls in a circle; transfer to the extension instead.",
    "FPN-107": "Numbers of devices cannot be deleted; remove the device instead.",
    "FPN-108": "Enable international calling, or use a number of the account's own country.",
    "FPN-119": "An extension has one number each of the types Home, Mobile and Work; use type Other with a label.",
}


def refusal(body: Json, text: str) -> Refusal:
    """Code, message and advice. Real answers repeat the first error beside the list, and some hold only one of them."""
    listed = body.get("errors")
    errors = [one for one in (listed if isinstance(listed, list) else []) if isinstance(one, dict)] or [body]
    code = words(errors[0].get("errorCode") or body.get("errorCode") or body.get("error"))
    said = "; ".join(filter(None, (_said(one) for one in errors)))
    return Refusal(code, said or words(body.get("error_description")) or ("" if body else text), _ADVICE.get(code, ""))


def _said(error: Json) -> str:
    message = words(error.get("message"))
    about = words(error.get("parameterName") or error.get("permissionName"))
    return f"{about}: {message}" if about and about not in message else message
