"""How each vendor writes telephone numbers, field by field: the one place that says so.

Programs write a number in whatever way they like, states hold the canonical form, and what is sent is written here.
Answers are compared as numbers (:func:`~.number.same_number`), so that no way of writing is drift.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from typing import Literal

Vendor = Literal["ringcx", "ringex", "portsip"]


class Form(Enum):
    """A way to write a number."""

    DIGITS = "13035550100"
    """Country code and number, without a plus sign."""
    PLUS = "+13035550100"
    """E.164: the same with a plus sign."""
    AS_DECLARED = "as the program has it"
    """No source shows a form, or short numbers and other texts stand there as well."""


FORMS: Mapping[tuple[Vendor, str], Form] = {
    # Pool records, assignments, tracking numbers, overrides, and the paths of calls about them.
    ("ringcx", "dnis"): Form.DIGITS,
    # Of a destination, of an override, and of a destination in a profile; queues and addresses stay as they are.
    ("ringcx", "routeDestination"): Form.DIGITS,
    # Of a tracking number's rule.
    ("ringcx", "destination"): Form.AS_DECLARED,
    ("ringcx", "outboundCallerId"): Form.AS_DECLARED,
    # Of a forwarding number, a called number and unconditional forwarding.
    ("ringex", "phoneNumber"): Form.PLUS,
    ("ringex", "callerId"): Form.PLUS,
    # Of a no-answer rule: an extension, or digits with an optional plus.
    ("portsip", "number"): Form.AS_DECLARED,
}

_E164 = re.compile(r"\+[0-9]+")


def on_the_wire(vendor: Vendor, field: str, number: str) -> str:
    """A number in canonical form as the vendor's field takes it; a text that is no number stays as it is."""
    if FORMS[vendor, field] is Form.DIGITS and _E164.fullmatch(number):
        return number.removeprefix("+")
    return number
