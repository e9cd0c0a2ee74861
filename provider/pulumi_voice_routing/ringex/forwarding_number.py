"""A forwarding number: a telephone that calls of an extension can be sent to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal, Required, Unpack

from pulumi import Input, Output
from pydantic import Field

from ..client.listings import Json
from ..errors import Refused
from ..lifecycle import meaning as means
from ..lifecycle.adoption import Adoptable
from ..lifecycle.calls import At
from ..lifecycle.fields import E164, Decisive, Immutable, Name, Wire
from ..lifecycle.model import Failure, FieldFacts, Values, unknown
from ..lifecycle.resource import Options, Resource
from ..telephony.outside_numbers import allowed_countries, why_number_not_allowed
from .client import FORWARDING_NUMBERS
from .fields import ExtensionReference, digits
from .member import ExtensionMember
from .rule_facts import why_number_used, why_numbers_full
from .rule_form import rule_facts

NumberType = Literal["Home", "Mobile", "Work", "PhoneLine", "Other"]
"""What a number is. An extension has one number each of ``Home``, ``Mobile`` and ``Work``."""


class ForwardingNumberArgs(Adoptable, total=False):
    """What a forwarding number is. Fields that are not given are left as the vendor has them."""

    extension_id: Required[Annotated[Input[ExtensionReference], Immutable(), means.Inside("extension")]]
    """The extension whose calls it takes: ``ACCOUNT/EXTENSION``, its bare number, or ``~`` for whoever signs in."""
    phone_number: Required[
        Annotated[Input[E164], Wire("phoneNumber"), Decisive(), means.Target(reads="number"), means.Key()]
    ]
    """The telephone, in E.164. Changed in place. Vendor: ``phoneNumber``."""
    type: Required[Annotated[Input[NumberType], Wire("type"), Immutable(), Decisive(), means.Kind()]]
    """What it is. The vendor cannot change it, so that another type is another number."""
    label: Annotated[Input[Name], Wire("label")]
    """What the extension's owner sees; only for the type ``Other``, where it is needed."""
    flip_number: Annotated[Input[Annotated[int, Field(ge=1)]], Wire("flipNumber"), means.Aside()]
    """The digit that moves a call over to this telephone. Default: the vendor picks a free one. Vendor:
    ``flipNumber``."""


class ForwardingNumberProvider(ExtensionMember):
    token = "ringex:ForwardingNumber"  # noqa: S105
    args = ForwardingNumberArgs
    noun = "forwarding number"
    calls = FORWARDING_NUMBERS
    path = ("extension", "number")
    # An extension has one number of most types, so that the old one goes before the new one comes.
    delete_before_replace = True
    server_fields = frozenset({"id", "uri", "type", "features", "device", "extension"})

    def problems(self, args: Values) -> Iterable[Failure]:
        type_ = args.get("type")
        if unknown(type_):
            return
        if type_ == "Other" and "label" not in args:
            yield Failure("", "label is missing: numbers of type Other are told apart by it")
        if type_ != "Other" and "label" in args:
            yield Failure("label", f"the vendor names numbers of type {type_} itself; leave it out")

    def same(self, field: FieldFacts, old: object, new: object) -> bool:
        if field.name == "phone_number" and isinstance(old, str) and isinstance(new, str):
            return digits(old) == digits(new)
        return super().same(field, old, new)

    def rewritten(self, at: At, live: Json, args: Values) -> Json:
        changed = [name for name in self.changed(self.shown(at, live), args) if name != "type"]
        body = self.body({name: args[name] for name in changed})
        if "flipNumber" in body:
            body["flipNumber"] = str(body["flipNumber"])  # a number when it is made, and a text ever after
        return body

    def may_create(self, at: At, body: Json) -> None:
        self._refuse(why_number_not_allowed(body["phoneNumber"], allowed_countries()))
        self._refuse(why_numbers_full(body["type"], [str(one.get("type")) for one in self.everything(at)]))

    def may_write(self, at: At, number: str, body: Json) -> None:
        if "phoneNumber" in body:
            self._refuse(why_number_not_allowed(body["phoneNumber"], allowed_countries()))

    def may_end(self, at: At, live: Json, olds: Values) -> None:
        rules = [rule_facts(one) for one in self.api.whole_rules(at[0])]
        self._refuse(why_number_used(str(live.get("phoneNumber")), self.number(live), rules))

    def _refuse(self, why: Iterable[str]) -> None:
        said = "; ".join(why)
        if said:
            raise Refused(f"{self.vendor}: {said}; nothing was changed.")


class ForwardingNumber(Resource, lifecycle=ForwardingNumberProvider):
    """A telephone that answering rules of a RingEX extension can send calls to ("forwarding number", "call flip").

    Changed in place: rules hold its id, and so go on to work. It is not deleted while any answering rule of the
    extension names it, disabled rules and entries included. Calls: EX-05, EXb-02 to EXb-05 (``forwarding-number``).

    Refuses: to be deleted while an answering rule names it, a second number of a type that an extension has once,
    forbidden countries and premium-rate numbers.
    """

    extension_id: Output[str]
    phone_number: Output[str]
    type: Output[str]

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[ForwardingNumberArgs]) -> None:
        self._declare(resource_name, args, opts)
