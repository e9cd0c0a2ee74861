"""Activation: switches on what is complete, last of all, and off again first of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, Required, TypeAlias, Unpack

import pulumi
from pulumi import Input
from pydantic import BeforeValidator
from typing_extensions import TypedDict

from ...lifecycle import meaning as means
from ...lifecycle.fields import Reference
from ...lifecycle.resource import Options, Resource
from ..http_services.http_service import HttpService
from .destination import Destination
from .profile import Profile
from .switching import Switching

TargetKind = Literal["http_service", "destination", "profile"]
"""What a target is, where its id stands for it."""


class ActivationTarget(TypedDict):
    """Something to switch on that is no resource of the program."""

    kind: Annotated[TargetKind, means.Kind()]
    """What it is."""
    id: Annotated[Input[Reference], means.Key()]
    """Its id, such as ``123456/1001/1002``."""


SWITCHED: Mapping[str, str] = {
    "http_service": "ringcx:HttpService",
    "destination": "ringcx:Destination",
    "profile": "ringcx:Profile",
}
"""The types of targets, by the word for each."""
_OTHER = "other"


def _activatable(target: Any) -> Any:
    if isinstance(target, dict) and _OTHER in target:
        raise ValueError(f"a {target[_OTHER]} cannot be activated; give HTTP services, destinations or profiles")
    return target


_Given: TypeAlias = Annotated[ActivationTarget, BeforeValidator(_activatable)]


class ActivationArgs(TypedDict, total=False):
    """What goes live together."""

    targets: Required[Annotated[Sequence[HttpService | Destination | Profile | _Given], means.Switches(SWITCHED)]]
    """HTTP services, destinations and profiles. They are switched on in this order, and off in the other."""


class ActivationProvider(Switching):
    token = "ringcx:Activation"  # noqa: S105
    args = ActivationArgs
    noun = "activation"


class Activation(Resource, lifecycle=ActivationProvider):
    """Switches HTTP services, destinations and profiles on, together and last, and off first when it is destroyed.

    Nothing is switched on before all of it can take calls: a service needs an address, and the inputs that it declares;
    a destination needs a target; a profile needs destinations that are active or about to be, and shares that make 100
    percent. Let it depend on the sets of its services and profiles with ``opts=ResourceOptions(depends_on=[...])``.
    Calls: HT-11, CR-08, CR-13 (``setIsActive``).

    Refuses: to switch anything on while a target cannot take calls, and to switch off a destination, profile or service
    that other active things, or numbers that callers dial, still lead to.
    """

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[ActivationArgs]) -> None:
        given: Any = args.get("targets")
        targets = [_as_target(target) for target in given] if isinstance(given, list | tuple) else given
        self._declare(resource_name, {**args, "targets": targets}, opts)


def _as_target(target: Any) -> Any:
    for kind, name in ((HttpService, "http_service"), (Destination, "destination"), (Profile, "profile")):
        if isinstance(target, kind):
            return {"kind": name, "id": target.id}
    return {_OTHER: type(target).__name__} if isinstance(target, pulumi.Resource) else target
