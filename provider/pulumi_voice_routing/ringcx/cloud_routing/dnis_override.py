"""A DNIS override: another target at a destination for calls to one number."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Required

import pulumi
from pulumi import Input
from typing_extensions import Unpack

from ...client.listings import Json
from ...errors import NotFound
from ...lifecycle import meaning as means
from ...lifecycle.fields import E164, Decisive, Immutable, Reference, Text, Wire
from ...lifecycle.member import Adoptable, At
from ...lifecycle.model import FieldFacts, Values
from ...lifecycle.resource import Resource
from .. import client
from ..client import RingCX
from ..member import CloudRoutingMember
from .destination import READS, Destination, number_or_as_is


class DnisOverrideArgs(Adoptable, total=False):
    """What a DNIS override is."""

    destination: Required[Annotated[Destination | Input[Reference], Immutable(), means.Inside("ringcx:Destination")]]
    """The destination, or its id; another destination means another override."""
    dnis: Required[Annotated[Input[E164], Wire("dnis"), Immutable(), means.Called(instead=True), means.Key()]]
    """The dialled number, in E.164; another number means another override. Vendor: ``dnis``, digits only."""
    target: Required[Annotated[Input[Text], Wire("routeDestination"), Decisive(), means.Target(by="kind", reads=READS)]]
    """Where calls to that number go instead, in the form of the destination's kind. Vendor: ``routeDestination``."""
    country_id: Annotated[Input[Text], Wire("countryId"), means.Aside()]
    """The vendor's number for the country, such as ``1``. Vendor: ``countryId``."""


class DnisOverrideProvider(CloudRoutingMember):
    token = "ringcx:DnisOverride"  # noqa: S105
    args = DnisOverrideArgs
    noun = "DNIS override"
    id_field = client.OVERRIDE_ID
    parent = "destination"
    path = ("group", "destination", "override")
    key = "dnis"
    server_fields: ClassVar[frozenset[str]] = frozenset({"cloudDestination"})

    def sent(self, name: str, value: Any) -> Any:
        return str(value).removeprefix("+") if name == "dnis" else value

    def same(self, field: FieldFacts, old: Any, new: Any) -> bool:
        if field.name == "target" and isinstance(old, str) and isinstance(new, str):
            return number_or_as_is(old) == number_or_as_is(new)
        return super().same(field, old, new)

    def everything(self, at: At) -> list[Json]:
        return self.api.list_overrides(at[0], at[1])

    def get(self, at: At, id_: str) -> Json:
        return self.api.get_override(at[0], at[1], id_)

    def post(self, at: At, body: Json) -> Json | None:
        return self.api.create_override(at[0], at[1], body, destination_type(self.api, at))

    def put(self, at: At, id_: str, body: Json) -> Json:
        return self.api.update_override(at[0], at[1], id_, body, destination_type(self.api, at))

    def end(self, at: At, id_: str, live: Json, olds: Values) -> None:
        self.api.delete_override(at[0], at[1], id_)


def destination_type(api: RingCX, at: At) -> str:
    """The kind of an override's destination, which the vendor wants to be told."""
    for one in api.list_destinations(at[0]):
        if str(one.get(client.DESTINATION_ID)) == at[1]:
            return str(one.get("destinationType"))
    raise NotFound("ringcx", "CR-03", 404, message=f"there is no destination {at[1]} in group {at[0]}")


class DnisOverride(Resource, module="ringcx", name="DnisOverride"):
    """Another target at a destination for calls to one dialled number.

    Calls: CR-19, CR-20, CRb-12 to CRb-14 (``dnisOverrides``).
    """

    lifecycle = DnisOverrideProvider
    destination: pulumi.Output[str]
    dnis: pulumi.Output[str]
    target: pulumi.Output[str]

    def __init__(
        self, resource_name: str, opts: pulumi.ResourceOptions | None = None, **args: Unpack[DnisOverrideArgs]
    ) -> None:
        self._declare(resource_name, args, opts)
