"""RingEX: answering rules and forwarding numbers of extensions."""

from typing import TYPE_CHECKING

from ..lazy_names import names_of

if TYPE_CHECKING:
    from .answering_rule import AnsweringRule, AnsweringRuleArgs
    from .built_in_answering_rule import BuiltInAnsweringRule, BuiltInAnsweringRuleArgs
    from .call_handling import ForwardingStep
    from .fields import Caller, Greeting, Hours, Period, Schedule
    from .forwarding_number import ForwardingNumber, ForwardingNumberArgs, NumberType
    from .lookups import (
        AnsweringRuleInfo,
        ExtensionInfo,
        ForwardingNumberInfo,
        get_answering_rule,
        get_answering_rules,
        get_call_handling_backend,
        get_extension,
        get_forwarding_number,
        get_forwarding_numbers,
    )

__all__ = [
    "AnsweringRule",
    "AnsweringRuleArgs",
    "AnsweringRuleInfo",
    "BuiltInAnsweringRule",
    "BuiltInAnsweringRuleArgs",
    "Caller",
    "ExtensionInfo",
    "ForwardingNumber",
    "ForwardingNumberArgs",
    "ForwardingNumberInfo",
    "ForwardingStep",
    "Greeting",
    "Hours",
    "NumberType",
    "Period",
    "Schedule",
    "get_answering_rule",
    "get_answering_rules",
    "get_call_handling_backend",
    "get_extension",
    "get_forwarding_number",
    "get_forwarding_numbers",
]

if not TYPE_CHECKING:
    __getattr__ = names_of(__name__, __file__)
