"""The arguments of answering rules as attributes, for what is peculiar to how extensions take calls."""

from __future__ import annotations

from ..lifecycle.view import Data, Flag, Number, Part, Rows, Text, Texts, View


class PeriodView(View):
    """From when to when, within a day or in dates."""

    begin = Text("from")
    end = Text("to")


class ScheduleView(View):
    """When a rule is for calls."""

    weekly = Data()
    ranges = Rows(PeriodView)
    ref = Text()


class CallerView(View):
    """A caller that a rule is for."""

    caller_id = Text()


class ForwardingStepView(View):
    """Telephones that ring together."""

    numbers = Texts()
    index = Number()
    enabled = Flag()


class CallHandlingView(View):
    """What happens to a call."""

    enabled = Flag()
    action = Text()
    forward_to = Rows(ForwardingStepView)
    ringing_mode = Text()
    notify_soft_phones = Flag()
    forward_all_to = Text()
    transfer_to = Text()
    voicemail_enabled = Flag()
    voicemail_recipient_id = Text()


class AnsweringRuleView(CallHandlingView):
    """A custom answering rule."""

    token = "ringex:AnsweringRule"  # noqa: S105
    extension_id = Text()
    name = Text()
    callers = Rows(CallerView)
    called_numbers = Texts()
    schedule = Part(ScheduleView)


class BuiltInAnsweringRuleView(CallHandlingView):
    """The rule of an extension for its business hours, or for all others."""

    token = "ringex:BuiltInAnsweringRule"  # noqa: S105
    extension_id = Text()
    rule = Text()
    on_delete = Text()


class ForwardingNumberView(View):
    """A telephone of an extension."""

    token = "ringex:ForwardingNumber"  # noqa: S105
    extension_id = Text()
    phone_number = Text()
    type = Text()
    label = Text()


class RingTargetView(View):
    """What rings in the newer call handling."""

    type = Text()
    extension_id = Text()
    device_id = Text()
    phone_number = Text()
    integration = Text()


class TerminatingTargetView(View):
    """Where a call ends there."""

    type = Text()
    extension_id = Text()
    phone_number = Text()
    preset_id = Text()
    custom_id = Text()


class RingGroupView(View):
    """Targets that ring together."""

    targets = Rows(RingTargetView)
    duration_seconds = Number()
    enabled = Flag()


class LocalScheduleView(View):
    """When a state or an interaction rule counts, in the user's own time."""

    daily = Part(PeriodView)
    weekly = Data()
    ranges = Rows(PeriodView)


class StateScheduleView(LocalScheduleView):
    """When a state counts."""

    same_as = Text()


class RuleScheduleView(LocalScheduleView):
    """When an interaction rule counts."""

    starts = Text()
    ends = Text()


class DispatchingView(View):
    """What happens to a call in the newer call handling."""

    dispatching = Text()
    ring_groups = Rows(RingGroupView)
    always_ring = Texts()
    no_answer_target = Part(TerminatingTargetView)
    immediate_target = Part(TerminatingTargetView)
    screening = Text()


class CallHandlingStateView(View):
    """When a state counts."""

    token = "ringex:CallHandlingState"  # noqa: S105
    extension_id = Text()
    state = Text()
    enabled = Flag()
    schedule = Part(StateScheduleView)
    on_delete = Text()


class CallHandlingStateRuleView(DispatchingView):
    """The rule of a state."""

    token = "ringex:CallHandlingStateRule"  # noqa: S105
    extension_id = Text()
    state = Text()
    on_delete = Text()


class InteractionRuleView(DispatchingView):
    """A custom rule of the newer call handling."""

    token = "ringex:InteractionRule"  # noqa: S105
    extension_id = Text()
    name = Text()
    enabled = Flag()
    callers = Rows(CallerView)
    called_numbers = Texts()
    schedule = Part(RuleScheduleView)
    state = Text()
    queue_calls = Flag()
