"""RingEX: answering rules and forwarding numbers of extensions; states, state rules and interaction rules."""

from typing import TYPE_CHECKING

from ..lazy_names import names_of

if TYPE_CHECKING:
    from .answering_rule import AnsweringRule, AnsweringRuleArgs
    from .built_in_answering_rule import BuiltInAnsweringRule, BuiltInAnsweringRuleArgs
    from .call_handling_state import CallHandlingState, CallHandlingStateArgs
    from .call_handling_state_rule import CallHandlingStateRule, CallHandlingStateRuleArgs
    from .dispatching import DispatchingType, Prompt, RingGroup
    from .fields import Caller, Greeting, Hours, Period, Schedule
    from .forwarding_number import ForwardingNumber, ForwardingNumberArgs, NumberType
    from .interaction_rule import InteractionRule, InteractionRuleArgs
    from .local_times import LocalPeriod, RuleSchedule, StateSchedule
    from .lookups import (
        AnsweringRuleInfo,
        ExtensionInfo,
        ForwardingNumberInfo,
        ForwardingTargetInfo,
        GreetingInfo,
        call_handling,
        get_answering_rule,
        get_answering_rules,
        get_call_handling_backend,
        get_device_users,
        get_extension,
        get_forwarding_number,
        get_forwarding_numbers,
        get_forwarding_targets,
        get_standard_greetings,
    )
    from .rule_handling import ForwardingStep
    from .targets import (
        AnnouncementTarget,
        AppsRingTarget,
        CoworkerRingTarget,
        DeviceRingTarget,
        ExtensionTarget,
        HotdeskRingTarget,
        IntegrationRingTarget,
        MobileRingTarget,
        PhoneNumberRingTarget,
        PhoneNumberTarget,
        RingTarget,
        TerminatingTarget,
        VoicemailTarget,
    )

__all__ = [
    "AnnouncementTarget",
    "AnsweringRule",
    "AnsweringRuleArgs",
    "AnsweringRuleInfo",
    "AppsRingTarget",
    "BuiltInAnsweringRule",
    "BuiltInAnsweringRuleArgs",
    "CallHandlingState",
    "CallHandlingStateArgs",
    "CallHandlingStateRule",
    "CallHandlingStateRuleArgs",
    "Caller",
    "CoworkerRingTarget",
    "DeviceRingTarget",
    "DispatchingType",
    "ExtensionInfo",
    "ExtensionTarget",
    "ForwardingNumber",
    "ForwardingNumberArgs",
    "ForwardingNumberInfo",
    "ForwardingStep",
    "ForwardingTargetInfo",
    "Greeting",
    "GreetingInfo",
    "HotdeskRingTarget",
    "Hours",
    "IntegrationRingTarget",
    "InteractionRule",
    "InteractionRuleArgs",
    "LocalPeriod",
    "MobileRingTarget",
    "NumberType",
    "Period",
    "PhoneNumberRingTarget",
    "PhoneNumberTarget",
    "Prompt",
    "RingGroup",
    "RingTarget",
    "RuleSchedule",
    "Schedule",
    "StateSchedule",
    "TerminatingTarget",
    "VoicemailTarget",
    "call_handling",
    "get_answering_rule",
    "get_answering_rules",
    "get_call_handling_backend",
    "get_device_users",
    "get_extension",
    "get_forwarding_number",
    "get_forwarding_numbers",
    "get_forwarding_targets",
    "get_standard_greetings",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = names_of(__name__, __file__)
