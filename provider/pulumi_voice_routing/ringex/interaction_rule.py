"""An interaction rule: what happens to calls of certain callers, to certain numbers, or at certain times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, Required, Unpack

from pulumi import Input, Output

from ..lifecycle import meaning as means
from ..lifecycle.adoption import Adoptable
from ..lifecycle.fields import E164, Decisive, Immutable, Name, Wire
from ..lifecycle.resource import Options, Resource
from .dispatching import Dispatching
from .fields import Caller, ExtensionReference
from .interaction import Interaction
from .local_times import RuleSchedule


class InteractionRuleArgs(Dispatching, Adoptable, total=False):
    """What an interaction rule is. Fields that are not given are left as the vendor has them."""

    extension_id: Required[Annotated[Input[ExtensionReference], Immutable(), means.Inside("extension")]]
    """The extension whose calls it is for: ``ACCOUNT/EXTENSION``, its bare number, or ``~`` for the signed-in user."""
    name: Required[Annotated[Input[Name], Wire("displayName"), means.Label()]]
    """What the extension's owner sees; unique in the extension, as far as this package is concerned. Vendor:
    ``displayName``."""
    enabled: Annotated[Input[bool], Wire("enabled"), Decisive(), means.Switch()]
    """Whether the rule counts; disabling it is the way to take it out that can be undone. A new one is enabled."""
    callers: Annotated[Input[Sequence[Caller]], Wire("conditions.from"), Decisive(), means.Entries()]
    """The callers that it is for, in any order. Vendor: ``from``."""
    called_numbers: Annotated[Input[Sequence[Input[E164]]], Wire("conditions.to"), Decisive(), means.Called()]
    """The numbers of the extension that it is for, in any order. Vendor: ``to``."""
    schedule: Annotated[Input[RuleSchedule], Wire("conditions.schedule"), Decisive(), means.Hours()]
    """The hours that it is for."""
    state: Annotated[Input[Literal["work-hours", "after-hours"]], Wire("conditions.state"), Decisive(), means.Hours()]
    """The state that it is for, beside a caller or a called number. Vendor: ``state.id``."""
    queue_calls: Annotated[Input[bool], Wire("dispatching.queueCalls"), means.Decides()]
    """Whether it is for calls of call queues too; the account needs the feature. Vendor: ``queueCallsIncluded``."""


class InteractionRuleProvider(Interaction):
    token = "ringex:InteractionRule"  # noqa: S105
    args = InteractionRuleArgs


class InteractionRule(Resource, lifecycle=InteractionRuleProvider):
    """A custom rule of a RingEX extension with the newer call handling: conditions, and what happens to the call.

    All conditions must be met. Rules with more of them come first; between two of the same kind the vendor says no
    order. Own apps and devices, and what the vendor wants in every rule beside, are filled in from the rule of the work
    hours. Calls: EV-07 to EV-11 (``comm-handling/voice/interaction-rules``).

    Refuses: a rule without a condition, forbidden countries and premium-rate numbers, extensions with the older call
    handling, and to overwrite lists that were edited in the portal since the last refresh.
    """

    extension_id: Output[str]
    """The extension whose calls it is for."""
    name: Output[str]
    """What the extension's owner sees."""
    enabled: Output[bool]
    """Whether the rule counts; disabling it is the way to take it out that can be undone."""

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[InteractionRuleArgs]) -> None:
        self._declare(resource_name, args, opts)
