"""The rule of a state: what happens to calls while the state counts."""

from __future__ import annotations

from typing import Annotated, Literal, Required, Unpack

from pulumi import Input, Output

from ..lifecycle import meaning as means
from ..lifecycle.built_in import GivenBack
from ..lifecycle.fields import Immutable
from ..lifecycle.resource import Options, Resource
from .dispatching import Dispatching
from .fields import ExtensionReference
from .state import StateRule


class CallHandlingStateRuleArgs(Dispatching, GivenBack, total=False):
    """What a state's rule does with calls. Fields that are not given are left as the vendor has them."""

    extension_id: Required[Annotated[Input[ExtensionReference], Immutable(), means.Inside("extension")]]
    """The extension whose calls it is for: ``ACCOUNT/EXTENSION``, its bare number, or ``~`` for the signed-in user."""
    state: Required[
        Annotated[
            Input[Literal["work-hours", "after-hours", "forward-all-calls", "dnd", "agent"]],
            Immutable(),
            means.Key("the state rule"),
            means.Hours(),
        ]
    ]
    """Whose rule it is. An extension that is open around the clock has no ``after-hours``, and one that is in no call
    queue no ``agent``."""


class CallHandlingStateRuleProvider(StateRule):
    token = "ringex:CallHandlingStateRule"  # noqa: S105
    args = CallHandlingStateRuleArgs
    noun = "state rule"
    after = ("ringex:CallHandlingState",)


class CallHandlingStateRule(Resource, lifecycle=CallHandlingStateRuleProvider):
    """The rule of one state of a RingEX extension with the newer call handling ("user call handling").

    The rule always exists, so creating this resource adopts it and remembers its present values. It cannot be deleted:
    destroying the resource puts these values back, or forgets the rule (``on_delete``). Own apps and devices, and what
    the vendor wants in every rule beside, are filled in from the rule as it is. Calls: EV-04 to EV-06
    (``comm-handling/voice/state-rules``).

    Refuses: a rule that the state cannot have, forbidden countries and premium-rate numbers, extensions with the older
    call handling, and to overwrite ring groups that were edited in the portal since the last refresh.
    """

    extension_id: Output[str]
    """The extension whose calls it is for."""
    state: Output[str]
    """Whose rule it is."""

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[CallHandlingStateRuleArgs]) -> None:
        self._declare(resource_name, args, opts)
