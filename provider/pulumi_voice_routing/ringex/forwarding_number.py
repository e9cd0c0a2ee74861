"""A forwarding number: a telephone that calls of an extension can be sent to."""

from __future__ import annotations

from typing import Annotated, Literal, Required, Unpack

from pulumi import Input, Output
from pydantic import Field

from ..lifecycle import meaning as means
from ..lifecycle.adoption import Adoptable
from ..lifecycle.fields import E164, Decisive, Immutable, Name, Wire
from ..lifecycle.resource import Options, Resource
from .client import FORWARDING_NUMBERS
from .fields import ExtensionReference
from .number_use import ForwardingPhone

NumberType = Literal["Home", "Mobile", "Work", "PhoneLine", "Other"]
"""What a number is. An extension has one number each of ``Home``, ``Mobile`` and ``Work``."""


class ForwardingNumberArgs(Adoptable, total=False):
    """What a forwarding number is. Fields that are not given are left as the vendor has them."""

    extension_id: Required[Annotated[Input[ExtensionReference], Immutable(), means.Inside("extension")]]
    """The extension whose calls it takes: ``ACCOUNT/EXTENSION``, its bare number, or ``~`` for the signed-in user."""
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


class ForwardingNumberProvider(ForwardingPhone):
    token = "ringex:ForwardingNumber"  # noqa: S105
    args = ForwardingNumberArgs
    noun = "forwarding number"
    calls = FORWARDING_NUMBERS
    # An extension has one number of most types, so that the old one goes before the new one comes.
    delete_before_replace = True
    server_fields = frozenset({"id", "uri", "type", "features", "device", "extension"})


class ForwardingNumber(Resource, lifecycle=ForwardingNumberProvider):
    """A telephone that answering rules of a RingEX extension can send calls to ("forwarding number", "call flip").

    It is changed in place, so rules that hold its id keep working. It is not deleted while any answering rule of the
    extension names it, disabled rules and entries included. Calls: EX-05, EXb-02 to EXb-05 (``forwarding-number``).

    Refuses: to be deleted while an answering rule names it, a second number of a type that an extension has once,
    forbidden countries and premium-rate numbers.
    """

    extension_id: Output[str]
    """The extension whose calls it takes."""
    phone_number: Output[str]
    """The telephone, in E.164."""
    type: Output[str]
    """What it is."""

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[ForwardingNumberArgs]) -> None:
        self._declare(resource_name, args, opts)
