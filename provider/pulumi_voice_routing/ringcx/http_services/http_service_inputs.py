"""The inputs of a remote HTTP service, as one set, in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Required, Unpack

from pulumi import Input, Output
from typing_extensions import TypedDict

from ...lifecycle import meaning as means
from ...lifecycle.fields import Code, CreateOnly, Immutable, Name, Reference
from ...lifecycle.resource import Options, Resource
from .http_service import HttpService
from .input_set import InputSet


class HttpServiceInput(TypedDict, total=False):
    """A value that a call flow hands to a service."""

    name: Required[Input[Name]]
    """What the service calls it; unique in the set."""
    kind: Annotated[Input[Code], means.Aside()]
    """Where it goes in the request; the vendor's words are not documented. Default: ``PARAMETER``. Vendor: ``type``."""
    data_type: Annotated[Input[Code], means.Aside()]
    """What it is; the vendor's words are not documented. Default: ``STRING``. Vendor: ``simpleDataType``."""
    value: Annotated[Input[str], means.Aside()]
    """Its value when the call flow gives none. Default: empty."""


class HttpServiceInputsArgs(TypedDict, total=False):
    """All inputs of a service."""

    service: Required[Annotated[HttpService | Input[Reference], Immutable(), means.Inside("ringcx:HttpService")]]
    """The service, or its id; another service means another set."""
    inputs: Required[Annotated[Input[Sequence[HttpServiceInput]], means.Entries()]]
    """Every input that the service has, in order; those that are not here are removed."""
    adopt: Annotated[Input[bool], CreateOnly(), means.Existing()]
    """Adopt the inputs that the service has already, and bring them to this set. Default: false."""


class HttpServiceInputsProvider(InputSet):
    token = "ringcx:HttpServiceInputs"  # noqa: S105
    args = HttpServiceInputsArgs
    noun = "inputs of an HTTP service"


class HttpServiceInputs(Resource, lifecycle=HttpServiceInputsProvider):
    """All inputs of one remote HTTP service, in order.

    It owns the whole set. The vendor cannot change an input, so that one that differs is deleted and made anew. An
    active service keeps its inputs: deactivate it before they are destroyed. Calls: HT-12, HT-13, HT-15 (``inputs``).

    Refuses: to adopt inputs that exist already without ``adopt``, and to take the inputs away from an active service.
    """

    service: Output[str]
    """The service, or its id; another service means another set."""

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[HttpServiceInputsArgs]) -> None:
        self._declare(resource_name, args, opts)
