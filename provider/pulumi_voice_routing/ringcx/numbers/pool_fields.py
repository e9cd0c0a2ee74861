"""What a record of the DNIS pool holds, as arguments and as the vendor's object."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pulumi import Input
from typing_extensions import TypedDict

from ...client.listings import Json
from ...lifecycle import meaning as means
from ...lifecycle.fields import Id, Note, Text, Wire
from ...lifecycle.model import FieldFacts, Values, model_of

ACCOUNT = "reservedAccountId"
QUOTE = '"'


class PoolFields(TypedDict, total=False):
    """What can be said of a number in the pool. Fields that are not given are left as the vendor has them."""

    description: Annotated[Input[Note], Wire("dnisDescription")]
    """For administrators. Vendor: ``dnisDescription``."""
    active: Annotated[Input[bool], Wire("active"), means.Switch("record")]
    """Whether the record is in use; the vendor starts records active."""
    category: Annotated[Input[Text], Wire("dnisCategory"), means.Aside()]
    """The vendor's word for what the number is for, such as ``VOICE``. Vendor: ``dnisCategory``."""
    notes: Annotated[Input[Note], Wire("notes")]
    """Internal remarks."""
    carrier: Annotated[Input[Text], Wire("carrier"), means.Aside()]
    """Who delivers calls to the number."""
    resporg: Annotated[Input[Text], Wire("resporg"), means.Aside()]
    """The responsible organization of a toll-free number."""
    custom_app_string: Annotated[Input[Text], Wire("customAppString"), means.Decides()]
    """Vendor: ``customAppString``; its meaning is not documented."""
    inbound_context: Annotated[Input[Text], Wire("inboundContext"), means.Decides()]
    """Vendor: ``inboundContext``; its meaning is not documented."""
    originating_dnis: Annotated[Input[Text], Wire("originatingDnis"), means.Decides()]
    """Vendor: ``originatingDnis``; its meaning is not documented."""
    platform_id: Annotated[Input[Text], Wire("platformId"), means.Decides()]
    """Vendor: ``platformId``; its meaning is not documented."""
    vendor_id: Annotated[Input[Text], Wire("vendorId"), means.Aside()]
    """Vendor: ``vendorId``; its meaning is not documented."""
    vru_network_id: Annotated[Input[int], Wire("vruNetworkId"), means.Decides()]
    """Vendor: ``vruNetworkId``; its meaning is not documented."""
    sms_enabled: Annotated[Input[bool], Wire("smsEnabled"), means.Aside()]
    """Whether the number takes text messages. Vendor: ``smsEnabled``."""
    reserved_account_id: Annotated[Input[Id], Wire(ACCOUNT), means.Decides(), means.Elsewhere("account")]
    """The account that the number is reserved for, such as a sub-account, where that is not the configured one. A
    record stays in its account: one that is in another account is refused. Vendor: ``reservedAccountId``."""
    media_code: Annotated[Input[Text], Wire("mediaCode"), means.Aside()]
    """The advertisement that shows the number. Vendor: ``mediaCode``."""
    media_format: Annotated[Input[Text], Wire("mediaFormat"), means.Aside()]
    """Vendor: ``mediaFormat``; its meaning is not documented."""
    media_isci: Annotated[Input[Text], Wire("mediaIsci"), means.Aside()]
    """Vendor: ``mediaIsci``; its meaning is not documented."""
    media_length: Annotated[Input[Text], Wire("mediaLength"), means.Aside()]
    """Vendor: ``mediaLength``; its meaning is not documented."""
    media_market: Annotated[Input[Text], Wire("mediaMarket"), means.Aside()]
    """Vendor: ``mediaMarket``; its meaning is not documented."""
    media_network: Annotated[Input[Text], Wire("mediaNetwork"), means.Aside()]
    """Vendor: ``mediaNetwork``; its meaning is not documented."""
    media_url: Annotated[Input[Text], Wire("mediaUrl"), means.Aside()]
    """Vendor: ``mediaUrl``; its meaning is not documented."""
    media_version: Annotated[Input[Text], Wire("mediaVersion"), means.Aside()]
    """Vendor: ``mediaVersion``; its meaning is not documented."""
    media_websource_code: Annotated[Input[Text], Wire("mediaWebSourcecode"), means.Aside()]
    """Vendor: ``mediaWebSourcecode``; its meaning is not documented."""


Row = Mapping[str, Any]
"""A number's fields, by argument name."""


def record_fields() -> dict[str, FieldFacts]:
    """The fields of a record, by argument name."""
    return {name: facts for name, facts in model_of(PoolFields).items() if facts.wire is not None}


def body(row: Row, extra: Mapping[str, str] | None = None) -> Json:
    """The declared fields as the vendor's object; ``extra`` are further fields by argument name."""
    wires = {name: str(facts.wire) for name, facts in record_fields().items()} | dict(extra or {})
    return {wire: row[name] for name, wire in wires.items() if row.get(name) is not None}


def account_of(row: Row, configured: str) -> str:
    """The account that a declared number is in."""
    return str(row.get("reserved_account_id") or configured)


def is_in_account(record: Mapping[str, Any], row: Row, configured: str) -> bool:
    """Whether a record is in the account that is declared; one that does not tell its account is."""
    account = account_of(row, configured)
    return str(record.get(ACCOUNT) or account) == account


def differing(row: Row, record: Mapping[str, Any]) -> list[str]:
    """The declared fields that a record has another value for; empty and absent are the same."""
    return [
        wire
        for facts in record_fields().values()
        if (wire := str(facts.wire)) in body(row)
        and not (wire == ACCOUNT and not record.get(ACCOUNT))
        and (_read(facts, record.get(wire)) or "") != (_read(facts, row[facts.name]) or "")
    ]


def _read(facts: FieldFacts, value: Any) -> Any:
    """A value in the field's own form, such as a number that comes as text."""
    try:
        return facts.canonical(value)
    except ValueError:
        return value


def seen_in(record: Mapping[str, Any], row: Row, names: Iterable[str]) -> Values:
    """A record's values of these fields; what the vendor does not show reads as empty, but for the account."""
    seen: Values = {}
    for name, facts in record_fields().items():
        if facts.wire == ACCOUNT and not record.get(ACCOUNT):
            if row.get(name) is not None:
                seen[name] = row[name]
        elif name in names:
            value = _read(facts, record.get(str(facts.wire)))
            seen[name] = value if value is not None else _empty(facts)
    return seen


def _empty(facts: FieldFacts) -> Any:
    for empty in ("", False, 0):
        try:
            facts.canonical(empty)
        except ValueError:
            continue
        return empty
    raise AssertionError(facts.name)
