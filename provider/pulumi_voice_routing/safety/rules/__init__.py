"""All rules, in the order in which they are documented."""

from collections.abc import Mapping

from ..rule import Rule
from .dead_ends import DEAD_ENDS, SHADOWED_RULES
from .duplicates import DUPLICATES
from .going_silent import DEACTIVATING_IN_USE
from .in_use import IN_USE_ELSEWHERE
from .left_on import LEFT_ON
from .number_owners import REASSIGN_ACTIVE_DNIS, RELEASE_ACTIVE_DNIS, TAKE_FOREIGN_DNIS
from .outcomes import (
    CALLS_ELSEWHERE,
    CALLS_UNANSWERED,
    CALLS_UNKNOWN,
    FORBIDDEN_TARGET,
    SAID_BEFORE,
)
from .overrides import OVERRIDE_WIPE
from .plain_secrets import PLAIN_SECRETS
from .protection import UNPROTECTED_NUMBER
from .replaced_objects import REPLACING_LIVE_OBJECTS
from .shares import PERCENT_TOTALS

RULES: tuple[Rule, ...] = (
    CALLS_ELSEWHERE,
    CALLS_UNANSWERED,
    CALLS_UNKNOWN,
    FORBIDDEN_TARGET,
    REASSIGN_ACTIVE_DNIS,
    RELEASE_ACTIVE_DNIS,
    TAKE_FOREIGN_DNIS,
    UNPROTECTED_NUMBER,
    REPLACING_LIVE_OBJECTS,
    IN_USE_ELSEWHERE,
    DUPLICATES,
    LEFT_ON,
    PLAIN_SECRETS,
)

FORMER: tuple[Rule, ...] = SAID_BEFORE
"""Rules of earlier versions, on single fields. Nothing is refused by them: where calls end says it better. Approvals
that name them go on permitting what they permitted."""

PART_OF: Mapping[str, Rule] = {
    "calls-end-nowhere": CALLS_UNANSWERED,
    "critical-number-unanswered": CALLS_UNANSWERED,
    "deleting-live-objects": CALLS_UNANSWERED,
    "incomplete-activation": CALLS_UNANSWERED,
    "renamed-dnis": REPLACING_LIVE_OBJECTS,
}
"""Rules of earlier versions that are a part of another one now, which takes their approvals."""

TAKES_SETTINGS: Mapping[str, Rule] = {"critical-number-unanswered": CALLS_UNANSWERED}
"""Those whose settings it takes as well, so that no policy config protects less than it did."""

FORMER_NAMES: frozenset[str] = frozenset({*(rule.name for rule in FORMER), *PART_OF, "e164", "mass-change"})
"""What policy configs and approvals may still name."""

__all__ = [
    "CALLS_ELSEWHERE",
    "CALLS_UNANSWERED",
    "CALLS_UNKNOWN",
    "DEACTIVATING_IN_USE",
    "DEAD_ENDS",
    "DUPLICATES",
    "FORBIDDEN_TARGET",
    "FORMER",
    "FORMER_NAMES",
    "IN_USE_ELSEWHERE",
    "LEFT_ON",
    "OVERRIDE_WIPE",
    "PART_OF",
    "PERCENT_TOTALS",
    "PLAIN_SECRETS",
    "REASSIGN_ACTIVE_DNIS",
    "RELEASE_ACTIVE_DNIS",
    "REPLACING_LIVE_OBJECTS",
    "RULES",
    "SHADOWED_RULES",
    "TAKES_SETTINGS",
    "TAKE_FOREIGN_DNIS",
    "UNPROTECTED_NUMBER",
]
