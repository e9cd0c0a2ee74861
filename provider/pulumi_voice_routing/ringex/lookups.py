"""Look-ups: what is at RingEX now, as plain values, for programs that build on things made elsewhere.

They ask the vendor while the program runs, in previews too. A look-up of one object fails when there is none, and when
there is more than one: the line lists the candidates. ``~`` is the signed-in extension.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from ..client.answers import part, text
from ..errors import DeclarationError
from ..lifecycle import references
from ..lifecycle.lookup import asked, lookup, one_of
from ..telephony.number import NotANumber, Number, same_number
from .client import ID, SELF, RingEX, ringex_client
from .fields import number_there
from .shapes import ForwardingNumber

__all__ = [
    "AnsweringRuleInfo",
    "ExtensionInfo",
    "ForwardingNumberInfo",
    "ForwardingTargetInfo",
    "GreetingInfo",
    "call_handling",
    "get_answering_rule",
    "get_answering_rules",
    "get_call_handling_backend",
    "get_device_users",
    "get_extension",
    "get_forwarding_number",
    "get_forwarding_numbers",
    "get_forwarding_targets",
    "get_standard_greetings",
]


@dataclass(frozen=True)
class ExtensionInfo:
    """The signed-in extension."""

    id: str
    """Its id, as arguments take it."""
    account_id: str
    """The vendor's id of the account."""


@dataclass(frozen=True)
class AnsweringRuleInfo:
    """An answering rule as it is at the vendor; built-in rules have no name."""

    id: str
    """Its id, as arguments take it."""
    name: str
    """What administrators see."""
    type: str
    """``Custom``, or which built-in rule it is."""
    enabled: bool
    """Whether it is followed."""


@dataclass(frozen=True)
class ForwardingNumberInfo:
    """A forwarding number as it is at the vendor, those of devices and apps too."""

    id: str
    """Its id, as arguments take it."""
    phone_number: str
    """The number, in E.164."""
    label: str
    """What administrators see."""
    type: str
    """Which sort of telephone it is, such as ``Mobile``."""
    can_be_forwarded_to: bool
    """Whether answering rules may name it."""


@dataclass(frozen=True)
class ForwardingTargetInfo:
    """What rules of an extension ring; what does not belong to its type is empty."""

    type: str
    """Which sort of target it is, such as ``PhoneNumber``."""
    extension_id: str
    """The extension that rings."""
    device_id: str
    """The telephone that rings."""
    phone_number: str
    """The number that is called."""


@dataclass(frozen=True)
class GreetingInfo:
    """A recording of the vendor's."""

    id: str
    """Its id, as arguments take it."""
    name: str
    """What administrators see."""
    type: str
    """What callers hear it for, in the vendor's words."""


Info = TypeVar("Info")


@lookup
def get_extension() -> ExtensionInfo:
    """Whoever is signed in (EXb-02): what ``~`` stands for."""

    def question(api: RingEX) -> ExtensionInfo:
        account, extension = api.whoami()
        return ExtensionInfo(id=references.join(account, extension), account_id=account)

    return _ask(question)


@lookup
def get_answering_rules(extension_id: str = SELF) -> Sequence[AnsweringRuleInfo]:
    """All answering rules of an extension (EX-01), the built-in ones too."""
    return _ask(lambda api: _rules(api, extension_id))


@lookup
def get_answering_rule(
    extension_id: str = SELF, *, name: str | None = None, id: str | None = None
) -> AnsweringRuleInfo:
    """The answering rule with this name, or with this id (EX-01); built-in ones by ``id="business-hours-rule"``."""

    def matches(one: AnsweringRuleInfo, by: str, value: object) -> bool:
        return references.same(one.id, value) if by == "id" else one.name == str(value).strip()

    return _ask(
        lambda api: one_of(
            "answering rule",
            _rules(api, extension_id),
            {"name": name, "id": id},
            matches,
            lambda one: f"{one.name or one.type!r} ({one.id})",
        )
    )


@lookup
def get_forwarding_numbers(extension_id: str = SELF) -> Sequence[ForwardingNumberInfo]:
    """All forwarding numbers of an extension (EXb-02)."""
    return _ask(lambda api: _numbers(api, extension_id))


@lookup
def get_forwarding_number(
    extension_id: str = SELF,
    *,
    phone_number: str | None = None,
    type: str | None = None,
    label: str | None = None,
    id: str | None = None,
) -> ForwardingNumberInfo:
    """The forwarding number with this telephone number, type, label, or id (EXb-02)."""

    def matches(one: ForwardingNumberInfo, by: str, value: object) -> bool:
        if by == "id":
            return references.same(one.id, value)
        if by == "phone_number":
            return same_number(one.phone_number, str(value))
        return bool(getattr(one, by) == value)

    number = None if phone_number is None else _asked_number(phone_number)
    return _ask(
        lambda api: one_of(
            "forwarding number",
            _numbers(api, extension_id),
            {"phone_number": number, "type": type, "label": label, "id": id},
            matches,
            lambda one: f"{one.label!r} {one.phone_number} ({one.id})",
        )
    )


@lookup
def get_call_handling_backend(extension_id: str = SELF) -> str:
    """``new`` for an extension that has the vendor's newer call handling, otherwise ``classic`` (EV-17)."""
    return _ask(lambda api: "new" if api.has_new_call_handling(_extension(api, extension_id)) else "classic")


@lookup
def call_handling(extension_id: str = SELF) -> Literal["new", "classic"]:
    """Which call handling an extension has (EV-17): ``new`` takes states, state rules and interaction rules, and
    ``classic`` answering rules. For programs that serve both."""
    return _ask(lambda api: "new" if api.has_new_call_handling(_extension(api, extension_id)) else "classic")


@lookup
def get_forwarding_targets(extension_id: str = SELF) -> Sequence[ForwardingTargetInfo]:
    """What any rule of an extension with the newer call handling rings (EV-12); the vendor does not say which rule."""
    return _ask(lambda api: [_target(one) for one in api.list_forwarding_targets(_extension(api, extension_id))])


@lookup
def get_device_users(extension_id: str, device_id: str) -> Sequence[str]:
    """The other extensions whose rules ring a device of this one (EV-14)."""

    def question(api: RingEX) -> Sequence[str]:
        users = api.list_device_users(_extension(api, extension_id), device_id)
        return [references.join(api.account_id, one) for one in users]

    return _ask(question)


@lookup
def get_standard_greetings(type: str | None = None) -> Sequence[GreetingInfo]:
    """The vendor's own recordings for rules of users (EV-18), by their type such as ``Voicemail``."""
    return _ask(
        lambda api: [
            GreetingInfo(id=str(one[ID]), name=str(one.get("name") or ""), type=str(one.get("type") or ""))
            for one in api.list_standard_greetings(type or "")
        ]
    )


def _target(one: Mapping[str, Any]) -> ForwardingTargetInfo:
    named = {name: part(one.get(name)).get("id") for name in ("extension", "device")}
    number = part(one.get("destination")).get("phoneNumber")
    return ForwardingTargetInfo(
        type=str(one.get("type") or ""),
        extension_id=str(named["extension"] or ""),
        device_id=str(named["device"] or ""),
        phone_number=number_there(number) if number else "",
    )


def _ask(question: Callable[[RingEX], Info]) -> Info:
    return asked("ringex", lambda: question(ringex_client()))


def _extension(api: RingEX, extension_id: str) -> str:
    if extension_id == SELF:
        return api.whoami()[1]
    (extension,) = references.below(extension_id, api.account_id, ("extension",))
    return extension


def _rules(api: RingEX, extension_id: str) -> list[AnsweringRuleInfo]:
    extension = _extension(api, extension_id)
    return [
        AnsweringRuleInfo(
            id=references.join(api.account_id, extension, str(one[ID])),
            name=text(one.get("name")),
            type=text(one.get("type")),
            enabled=str(one.get("enabled", True)).lower() != "false",
        )
        for one in api.list_rules(extension)
    ]


def _numbers(api: RingEX, extension_id: str) -> list[ForwardingNumberInfo]:
    extension = _extension(api, extension_id)
    return [
        _number(references.join(api.account_id, extension, str(one[ID])), one) for one in api.list_numbers(extension)
    ]


def _number(id_: str, one: ForwardingNumber) -> ForwardingNumberInfo:
    return ForwardingNumberInfo(
        id=id_,
        phone_number=number_there(one.get("phoneNumber")) if one.get("phoneNumber") else "",
        label=text(one.get("label")),
        type=text(one.get("type")),
        can_be_forwarded_to=isinstance(features := one.get("features"), list) and "CallForwarding" in features,
    )


def _asked_number(written: str) -> Number:
    try:
        return Number.parse(written)
    except NotANumber as error:
        raise DeclarationError(str(error)) from None
