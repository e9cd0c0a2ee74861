"""A state of an extension: when its rule counts."""

from __future__ import annotations

from typing import Annotated, Literal, Required, Unpack

from pulumi import Input, Output

from ..lifecycle import meaning as means
from ..lifecycle.built_in import GivenBack
from ..lifecycle.fields import Decisive, Immutable, Wire
from ..lifecycle.resource import Options, Resource
from .fields import ExtensionReference
from .local_times import StateSchedule
from .state import State


class CallHandlingStateArgs(GivenBack, total=False):
    """When a state counts. Fields that are not given are left as the vendor has them."""

    extension_id: Required[Annotated[Input[ExtensionReference], Immutable(), means.Inside("extension")]]
    """The extension whose calls it is for: ``ACCOUNT/EXTENSION``, its bare number, or ``~`` for the signed-in user."""
    state: Required[
        Annotated[
            Input[Literal["work-hours", "forward-all-calls", "dnd", "agent"]], Immutable(), means.Key("the state")
        ]
    ]
    """Which state. ``after-hours`` is whatever time the work hours leave over."""
    enabled: Annotated[Input[bool], Wire("enabled"), Decisive(), means.Decides()]
    """For ``forward-all-calls`` and ``dnd``: whether it is on. Users change ``dnd`` with their presence."""
    schedule: Annotated[Input[StateSchedule], Wire("schedule"), Decisive(), means.Hours()]
    """When it counts; for all but ``dnd``. Vendor: ``conditions``."""


class CallHandlingStateProvider(State):
    token = "ringex:CallHandlingState"  # noqa: S105
    args = CallHandlingStateArgs
    noun = "call handling state"


class CallHandlingState(Resource, lifecycle=CallHandlingStateProvider):
    """When a state of a RingEX extension counts: its hours, or its switch ("user call handling", "comm-handling").

    The state always exists, so creating this resource adopts it and remembers its present values. It cannot be deleted:
    destroying the resource puts these values back, or forgets the state (``on_delete``). Around-the-clock work hours
    make the vendor delete the after-hours rule. Calls: EV-01 to EV-03 (``comm-handling/states``).

    Refuses: what the vendor lets nobody change about a state, and extensions with the older call handling.
    """

    extension_id: Output[str]
    """The extension whose calls it is for."""
    state: Output[str]
    """Which state."""

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[CallHandlingStateArgs]) -> None:
        self._declare(resource_name, args, opts)
