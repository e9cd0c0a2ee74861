"""The DNIS overrides of a destination, many at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Required, Unpack

from pulumi import Input, Output
from typing_extensions import TypedDict

from ...lifecycle import meaning as means
from ...lifecycle.fields import E164, CreateOnly, Immutable, NumberOrText, Reference, Text
from ...lifecycle.resource import Options, Resource
from .destination import READS, Destination
from .override_set import OverrideSet


class Override(TypedDict, total=False):
    """Another target for calls to one dialled number."""

    dnis: Required[Annotated[Input[E164], means.Called(instead=True)]]
    """The dialled number, in E.164."""
    target: Required[Annotated[Input[NumberOrText], means.Target(by="kind", reads=READS)]]
    """Where calls to it go instead, in the form of the destination's kind."""
    country_id: Annotated[Input[Text], means.Aside()]
    """The vendor's number for the country, such as ``1``."""


class DnisOverridesArgs(TypedDict, total=False):
    """Overrides of one destination."""

    destination: Required[Annotated[Destination | Input[Reference], Immutable(), means.Inside("ringcx:Destination")]]
    """The destination, or its id; another destination means other overrides."""
    overrides: Required[Annotated[Input[Sequence[Override]], means.Entries()]]
    """The overrides. Others that the destination has are left alone, unless ``replace_all`` is set."""
    replace_all: Annotated[Input[bool], means.WholeList()]
    """Set it to own the whole list: overrides that are not declared here are **wiped**. The list is saved
    first, and what is lost is shown. Default: false."""
    adopt: Annotated[Input[bool], CreateOnly(), means.Existing()]
    """Adopt overrides of the declared numbers that exist already. Default: false."""


class DnisOverridesProvider(OverrideSet):
    token = "ringcx:DnisOverrides"  # noqa: S105
    args = DnisOverridesArgs
    noun = "DNIS overrides"


class DnisOverrides(Resource, lifecycle=DnisOverridesProvider):
    """Many overrides of one destination, made in one call.

    New ones go in one file, changed ones are updated and removed ones deleted one by one. Calls: CR-19, CR-21, CRb-13,
    CRb-14 (``dnisOverrides``). The vendor does not document the file; ``dnis,routeDestination,countryId`` is sent, and
    the list is read afterwards to see that each of them is there.

    Refuses: to change overrides that exist already without ``adopt``, and to wipe undeclared ones without
    ``replace_all``.
    """

    destination: Output[str]
    """The destination, or its id; another destination means other overrides."""

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[DnisOverridesArgs]) -> None:
        self._declare(resource_name, args, opts)
