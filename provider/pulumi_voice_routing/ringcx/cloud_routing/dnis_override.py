"""A DNIS override: another target at a destination for calls to one number."""

from __future__ import annotations

from typing import Annotated, Required, Unpack

from pulumi import Input, Output

from ...lifecycle import meaning as means
from ...lifecycle.adoption import Adoptable
from ...lifecycle.fields import E164, Decisive, Immutable, NumberOrText, Reference, Text, Wire
from ...lifecycle.resource import Options, Resource
from .destination import READS, Destination
from .destination_type import OVERRIDES, TargetOverride


class DnisOverrideArgs(Adoptable, total=False):
    """What a DNIS override is."""

    destination: Required[Annotated[Destination | Input[Reference], Immutable(), means.Inside("ringcx:Destination")]]
    """The destination, or its id; another destination means another override."""
    dnis: Required[Annotated[Input[E164], Wire("dnis"), Immutable(), means.Called(instead=True), means.Key()]]
    """The dialled number, in E.164; another number means another override. Vendor: ``dnis``, digits only."""
    target: Required[
        Annotated[Input[NumberOrText], Wire("routeDestination"), Decisive(), means.Target(by="kind", reads=READS)]
    ]
    """Where calls to that number go instead, in the form of the destination's kind. Vendor: ``routeDestination``."""
    country_id: Annotated[Input[Text], Wire("countryId"), means.Aside()]
    """The vendor's number for the country, such as ``1``. Vendor: ``countryId``."""


class DnisOverrideProvider(TargetOverride):
    token = "ringcx:DnisOverride"  # noqa: S105
    args = DnisOverrideArgs
    noun = "DNIS override"
    calls = OVERRIDES
    server_fields = frozenset({"cloudDestination"})


class DnisOverride(Resource, lifecycle=DnisOverrideProvider):
    """Another target at a destination for calls to one dialled number.

    Calls: CR-19, CR-20, CRb-12 to CRb-14 (``dnisOverrides``).
    """

    destination: Output[str]
    """The destination, or its id; another destination means another override."""
    dnis: Output[str]
    """The dialled number, in E.164; another number means another override."""
    target: Output[str]
    """Where calls to that number go instead, in the form of the destination's kind."""

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[DnisOverrideArgs]) -> None:
        self._declare(resource_name, args, opts)
