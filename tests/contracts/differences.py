"""Where the project knowingly departs from a vendor's contract.

The vendors publish more than one source, and these contradict each other at places. `EXCEPTIONS` holds the places where
another source is followed than the contract: the vendor's API reference or guide. Every line is as narrow as the
difference itself and says, where it can, what must hold instead, so that little goes unchecked.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class KnownDifference:
    """One kind of problem that is excused: those of this rule, at this place, in these calls."""

    vendor: str
    row: int | None
    """Number of the difference in the project's list for that vendor; None for a mere gap of the contract."""
    reason: str
    rule: str
    where: str
    """Regular expression for the whole place, e.g. `status (400|409)` or `request.dnis`."""
    call: str = ""
    """Regular expression found in the call, e.g. `POST .*/clone$`."""
    instead: dict[str, Any] | None = field(default=None, compare=False)
    """Schema that the excused value must match."""
    as_status: str = ""
    """Status whose declared body the excused answer must match; stands in for `instead`."""


def _array_of(schema: str) -> dict[str, Any]:
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{schema}"}}


RINGCX_ERROR = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "errorCode": {"type": "string"},
        "generalMessage": {"type": "string"},
        "timestamp": {"type": "integer"},
        "details": {"type": "string"},
        "developerMessage": {"type": "string"},
        "cause": {"type": "string"},
        "requestUri": {"type": "string"},
        "validationErrors": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {"attributeName": {"type": "string"}, "value": {}, "message": {"type": "string"}},
            },
        },
    },
}
RINGCX_ERROR_OR_TEXT = {"oneOf": [RINGCX_ERROR, {"type": "string"}]}

_RINGCX = (
    KnownDifference(
        "ringcx",
        1,
        "the API reference creates a DNIS override with a body alone",
        rule="missing",
        where="query.cloudDestinationType",
        call=r"^POST .*/dnisOverrides$",
    ),
    KnownDifference(
        "ringcx",
        4,
        "the API reference searches by `dnis`, the contract by `searchText`",
        rule="unknown",
        where="request.dnis",
        call="/v1/.*/searchDnis$",
        instead={"type": "string"},
    ),
    KnownDifference(
        "ringcx",
        6,
        "the API reference pages with `size`",
        rule="unknown",
        where="query.size",
        call="/tnManager/search$",
        instead={"type": "string", "pattern": "^[0-9]+$"},
    ),
    KnownDifference(
        "ringcx",
        6,
        "the API reference sorts with `sort`",
        rule="unknown",
        where="query.sort",
        call="/tnManager/search$",
        instead={"type": "string"},
    ),
    *(
        KnownDifference(
            "ringcx",
            9,
            "the API reference shows tracking numbers flat, the contract nests them",
            rule="unknown",
            where=rf"(request|response).*\.{name}",
            call="/tracGroups",
            instead={"type": kind},
        )
        for name, kind in (
            ("dnis", "string"),
            ("dnisDescription", "string"),
            ("active", "boolean"),
            ("tracGroupId", "integer"),
        )
    ),
    KnownDifference(
        "ringcx",
        10,
        "the API reference gives v1 services an `authConfigId`, the contract v2 services only",
        rule="unknown",
        where=r"(request|response).*\.authConfigId",
        call="/v1/.*/httpServiceGroups",
        instead={"type": "string"},
    ),
    *(
        KnownDifference(
            "ringcx",
            12,
            "the API reference sends the rank as a number in a string, the contract says base64",
            rule=rule,
            where=r"(request|response).*\.rank",
            call="/httpServiceGroups",
            instead={"type": "string"},
        )
        for rule in ("pattern", "format")
    ),
    KnownDifference(
        "ringcx",
        14,
        "the API reference lists 400, 409 and 429, the contract does not",
        rule="undeclared",
        where="status (400|409|429)|body of (400|409|429)",
        instead=RINGCX_ERROR,
    ),
    KnownDifference(
        "ringcx",
        15,
        "the contract gives errors no body here; the envelope is the union of both sources",
        rule="undeclared",
        where="body of (403|404|500)",
        instead=RINGCX_ERROR,
    ),
    KnownDifference(
        "ringcx",
        15,
        "the contract gives errors no body here; an expired token is told in plain text",
        rule="undeclared",
        where="body of 401",
        instead=RINGCX_ERROR_OR_TEXT,
    ),
    KnownDifference(
        "ringcx",
        17,
        "tokens are exchanged by a form, as the authentication guide says; the contract leaves signing in out",
        rule="unknown",
        where="path",
        call="^POST /api/auth/",
    ),
    *(
        KnownDifference(
            "ringcx",
            19,
            "a group's children are arrays; the contract says opaque objects",
            rule="type",
            where=rf"(request|response).*\.{name}",
            instead=_array_of(schema),
        )
        for name, schema in (
            ("cloudRouteDestinations", "CloudRouteDestination"),
            ("cloudRouteProfiles", "CloudRouteProfile"),
            ("services", "RemoteHttpService"),
            ("httpServiceInputs", "RemoteHttpServiceInput"),
        )
    ),
    KnownDifference(
        "ringcx",
        None,
        "a create may answer 201, with the object or without",
        rule="undeclared",
        where="status 201|body of 201",
        call="^POST ",
        as_status="200",
    ),
    KnownDifference(
        "ringcx",
        None,
        "the contract names no type for exported files",
        rule="undeclared",
        where="body of 200",
        call="/(percentAllocationHours/export|tnManager/report)$",
        instead={"type": "string"},
    ),
    KnownDifference(
        "ringcx",
        None,
        "the contract leaves the list of accounts out",
        rule="unknown",
        where="path",
        call="^GET /voice/api/v1/admin/accounts$",
    ),
    KnownDifference(
        "ringcx",
        None,
        "the emulator answers 501 where it does not serve an operation",
        rule="undeclared",
        where="status 501",
        instead=RINGCX_ERROR,
    ),
)

_RINGEX = (
    KnownDifference(
        "ringex",
        2,
        "the API reference screens with `Never`, the contract with `Off`",
        rule="enum",
        where=r"response.*\.screening",
        instead={"enum": ["Never"]},
    ),
    KnownDifference(
        "ringex",
        7,
        "a deleted forwarding number is answered with 204, as the contract's own sample shows; its schema says 200",
        rule="missing",
        where="body of 204",
        call=r"^DELETE .*/forwarding-number/\{forwardingNumberId\}$",
    ),
    KnownDifference(
        "ringex",
        None,
        "the contract leaves signing in out",
        rule="unknown",
        where="path",
        call="^POST /restapi/oauth/",
    ),
)

PORTSIP_FORWARD_RULE = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"action": {"type": "string"}, "number": {"type": ["string", "null"]}},
}

_PORTSIP = (
    KnownDifference(
        "portsip",
        8,
        "the guide signs in by a form; the contract has the newer JSON calls only",
        rule="unknown",
        where="path",
        call="^POST /api/login/oauth/",
    ),
    KnownDifference(
        "portsip",
        None,
        "servers from version 22.2 on have a night rule; the contract is of version 22.1",
        rule="unknown",
        where=r"(request|response).*\.night_mode_forward_rule",
        call="/api/ring_groups",
        instead=PORTSIP_FORWARD_RULE,
    ),
    *(
        KnownDifference(
            "portsip",
            None,
            "servers from version 22.2 on show whole groups in lists; the contract is of version 22.1",
            rule="unknown",
            where=rf"response\.items\[\]\.{name}",
            call="^GET /api/ring_groups$",
            instead=schema,
        )
        for name, schema in (
            ("skip_busy_member", {"type": "boolean"}),
            ("enable_paid", {"type": "boolean"}),
            ("enable_prid", {"type": "boolean"}),
            ("extension_number_as_to_header", {"type": "boolean"}),
            ("no_answer_forward_rule", PORTSIP_FORWARD_RULE),
            ("outbound_caller_ids", {"type": "array", "items": {"type": "object"}}),
        )
    ),
    KnownDifference(
        "portsip",
        None,
        "empty fields come back as null, says the guide; the contract marks none as nullable",
        rule="null",
        where=r"response.*",
    ),
    KnownDifference(
        "portsip",
        None,
        "the emulator answers 501 where it does not serve an operation",
        rule="undeclared",
        where="status 501",
        instead={"$ref": "#/components/schemas/ErrorEnvelope"},
    ),
)

EXCEPTIONS = (*_RINGCX, *_RINGEX, *_PORTSIP)
