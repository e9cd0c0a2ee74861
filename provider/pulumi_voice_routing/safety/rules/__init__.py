"""All rules, in the order in which they are documented."""

from ..rule import Rule
from .dead_ends import DEAD_ENDS, SHADOWED_RULES
from .duplicates import DUPLICATES
from .e164_numbers import E164_NUMBERS
from .going_live import INCOMPLETE_ACTIVATION
from .going_silent import DEACTIVATING_IN_USE
from .in_use import IN_USE_ELSEWHERE
from .number_owners import REASSIGN_ACTIVE_DNIS, RELEASE_ACTIVE_DNIS, TAKE_FOREIGN_DNIS
from .outcomes import (
    CALLS_ELSEWHERE,
    CALLS_UNANSWERED,
    CALLS_UNKNOWN,
    CRITICAL_UNANSWERED,
    FORBIDDEN_TARGET,
    SAID_BEFORE,
)
from .overrides import OVERRIDE_WIPE
from .plain_secrets import PLAIN_SECRETS
from .protection import UNPROTECTED_NUMBER
from .renamed_numbers import RENAMED_DNIS
from .shares import PERCENT_TOTALS

RULES: tuple[Rule, ...] = (
    CALLS_ELSEWHERE,
    CALLS_UNANSWERED,
    CALLS_UNKNOWN,
    FORBIDDEN_TARGET,
    CRITICAL_UNANSWERED,
    REASSIGN_ACTIVE_DNIS,
    RELEASE_ACTIVE_DNIS,
    TAKE_FOREIGN_DNIS,
    RENAMED_DNIS,
    UNPROTECTED_NUMBER,
    INCOMPLETE_ACTIVATION,
    IN_USE_ELSEWHERE,
    E164_NUMBERS,
    DUPLICATES,
    PLAIN_SECRETS,
)

FORMER: tuple[Rule, ...] = SAID_BEFORE
"""Rules of earlier versions, on single fields. Nothing is refused by them: where calls end says it better. Approvals
that name them go on permitting what they permitted."""

FORMER_NAMES: frozenset[str] = frozenset({*(rule.name for rule in FORMER), "mass-change"})
"""What policy configs and approvals may still name."""

__all__ = [
    "CALLS_ELSEWHERE",
    "CALLS_UNANSWERED",
    "CALLS_UNKNOWN",
    "CRITICAL_UNANSWERED",
    "DEACTIVATING_IN_USE",
    "DEAD_ENDS",
    "DUPLICATES",
    "E164_NUMBERS",
    "FORBIDDEN_TARGET",
    "FORMER",
    "FORMER_NAMES",
    "INCOMPLETE_ACTIVATION",
    "IN_USE_ELSEWHERE",
    "OVERRIDE_WIPE",
    "PERCENT_TOTALS",
    "PLAIN_SECRETS",
    "REASSIGN_ACTIVE_DNIS",
    "RELEASE_ACTIVE_DNIS",
    "RENAMED_DNIS",
    "RULES",
    "SHADOWED_RULES",
    "TAKE_FOREIGN_DNIS",
    "UNPROTECTED_NUMBER",
]
