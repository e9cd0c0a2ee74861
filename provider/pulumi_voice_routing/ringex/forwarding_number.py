"""A forwarding number: a telephone that calls of an extension can be sent to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, ClassVar, Literal, Required

import pulumi
from pulumi import Input
from pydantic import Field
from typing_extensions import Unpack

from ..client.listings import Json
from ..errors import Refused
from ..lifecycle import meaning as means
from ..lifecycle.fields import E164, Decisive, Immutable, Name, Wire
from ..lifecycle.member import Adoptable, At
from ..lifecycle.model import Failure, FieldFacts, Values, unknown
from ..lifecycle.resource import Resource
from ..telephony.outside_numbers import allowed_countries, why_number_not_allowed
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
    path = ("extension", "number")
    key = "phone_number"
    # An extension has one number of most types, so that the old one goes before the new one comes.
    delete_before_replace = True
    server_fields: ClassVar[frozenset[str]] = frozenset({"id", "uri", "type", "features", "device", "extension"})

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

    def everything(self, at: At) -> list[Json]:
        return self.api.list_numbers(at[0])

    def get(self, at: At, id_: str) -> Json:
        return self.api.get_number(at[0], id_)

    def post(self, at: At, body: Json) -> Json | None:
        self._refuse(why_number_not_allowed(body["phoneNumber"], allowed_countries()))
        self._refuse(why_numbers_full(body["type"], [str(one.get("type")) for one in self.everything(at)]))
        return self.api.create_number(at[0], body)

    def rewritten(self, at: At, live: Json, args: Values) -> Json:
        changed = [name for name in self.changed(self.shown(at, live), args) if name != "type"]
        body = self.body({name: args[name] for name in changed})
        if "flipNumber" in body:
            body["flipNumber"] = str(body["flipNumber"])  # a number when it is made, and a text ever after
        return body

    def put(self, at: At, id_: str, body: Json) -> Json:
        if "phoneNumber" in body:
            self._refuse(why_number_not_allowed(body["phoneNumber"], allowed_countries()))
        return self.api.update_number(at[0], id_, body)

    def end(self, at: At, id_: str, live: Json, olds: Values) -> None:
        rules = [rule_facts(one) for one in self.api.whole_rules(at[0])]
        self._refuse(why_number_used(str(live.get("phoneNumber")), id_, rules))
        self.api.delete_number(at[0], id_)

    def _refuse(self, why: Iterable[str]) -> None:
        said = "; ".join(why)
        if said:
            raise Refused(f"{self.vendor}: {said}; nothing was changed.")


class ForwardingNumber(Resource, module="ringex", name="ForwardingNumber"):
    """A telephone that answering rules of a RingEX extension can send calls to ("forwarding number", "call flip").

    Changed in place: rules hold its id, and so go on to work. It is not deleted while any answering rule of the
    extension names it, disabled rules and entries included. Calls: EX-05, EXb-02 to EXb-05 (``forwarding-number``).

    Refuses: to be deleted while an answering rule names it, a second number of a type that an extension has once,
    forbidden countries and premium-rate numbers.
    """

    lifecycle = ForwardingNumberProvider
    extension_id: pulumi.Output[str]
    phone_number: pulumi.Output[str]
    type: pulumi.Output[str]

    def __init__(
        self, resource_name: str, opts: pulumi.ResourceOptions | None = None, **args: Unpack[ForwardingNumberArgs]
    ) -> None:
        self._declare(resource_name, args, opts)
