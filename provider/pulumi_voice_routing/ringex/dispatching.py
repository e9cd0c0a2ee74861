"""What happens to a call in the newer call handling: the arguments that state rules and interaction rules share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, Required

from pulumi import Input
from pydantic import Field
from typing_extensions import TypedDict

from ..lifecycle import meaning as means
from ..lifecycle.fields import Decisive, Id, Wire
from .fields import RECORDING, Screening
from .targets import App, RingTarget, TerminatingTarget

DispatchingType = Literal["RingInOrder", "RingAtOnce", "Terminate"]
"""What happens first: something rings, one group after another or all at once, or the call ends somewhere."""


class RingGroup(TypedDict, total=False):
    """Targets that ring together."""

    targets: Required[Annotated[Sequence[RingTarget], means.Entries()]]
    """What rings, in any order."""
    duration_seconds: Annotated[Input[Annotated[int, Field(ge=1)]], means.Decides()]
    """How long; one ring is about five seconds. Default: 20. Vendor: ``duration``."""
    enabled: Annotated[Input[bool], means.Switch()]
    """Whether it is tried. Default: true."""


class Prompt(TypedDict, total=False):
    """A recording that callers hear on their way."""

    enabled: Annotated[Input[bool], means.Aside()]
    """Whether it is played. Default: true."""
    preset_id: Annotated[Input[Id], means.Aside()]
    """One of the vendor's recordings. Default: the one that is there. Vendor: ``greeting.preset.id``."""
    custom_id: Annotated[Input[Id], means.Aside(), RECORDING]
    """A recording of your own. Vendor: ``greeting.custom.id``."""


class Dispatching(TypedDict, total=False):
    """What happens to a call. Fields that are not given are left as the vendor has them."""

    dispatching: Annotated[Input[DispatchingType], Wire("dispatching.type"), Decisive(), means.Kind()]
    """What happens first. Vendor: ``dispatching.type``."""
    ring_groups: Annotated[
        Input[Sequence[RingGroup]], Wire("dispatching.ringGroups"), Decisive(), means.Entries(), means.WholeList()
    ]
    """What rings, the whole list; with ``RingInOrder`` in the order in which it rings. Own apps and desk phones that
    are in no group stay in the rule, as the vendor wants it, and do not ring. Vendor: ``RingGroupAction``."""
    always_ring: Annotated[
        Input[Sequence[Input[App]]], Wire("dispatching.alwaysRing"), Decisive(), means.Decides(), means.WholeList()
    ]
    """Own apps that ring all the time, whatever the order; they are in no ring group then. Vendor:
    ``RingAlwaysGroupAction``."""
    no_answer_target: Annotated[Input[TerminatingTarget], Wire("dispatching.noAnswer"), Decisive(), means.Entries()]
    """Where a call goes that nobody answers. Vendor: ``ringingTargetType``."""
    immediate_target: Annotated[Input[TerminatingTarget], Wire("dispatching.immediate"), Decisive(), means.Entries()]
    """With ``Terminate``: where every call goes. Vendor: ``terminatingTargetType``."""
    welcome: Annotated[Input[Prompt], Wire("dispatching.welcome"), means.Entries()]
    """The first thing that callers hear. Vendor: ``PlayWelcomePromptAction``."""
    connecting_message: Annotated[Input[Prompt], Wire("dispatching.connectingMessage"), means.Entries()]
    """What asks them to hold. Vendor: ``PlayConnectingMessageAction``."""
    connecting_audio: Annotated[Input[Prompt], Wire("dispatching.connectingAudio"), means.Entries()]
    """Music or a tone while it rings. Vendor: ``PlayConnectingPromptAction``."""
    screening: Annotated[Input[Screening], Wire("dispatching.screening"), means.Decides()]
    """Which callers are asked for their name. Vendor: ``ScreeningAction``."""
    screening_result: Annotated[
        Input[Literal["AskToAnswer", "PlayCallerNameOnly"]], Wire("dispatching.screeningResult"), means.Decides()
    ]
    """What is done with the name. Vendor: ``screeningResult``."""
