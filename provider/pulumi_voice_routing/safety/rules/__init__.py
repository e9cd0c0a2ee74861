"""All rules, in the order in which they are documented."""

from ..rule import Rule
from .dead_ends import DEAD_ENDS, SHADOWED_RULES
from .duplicates import DUPLICATES
from .e164_numbers import E164_NUMBERS
from .ends_nowhere import CRITICAL_UNANSWERED, ENDS_NOWHERE
from .going_live import INCOMPLETE_ACTIVATION
from .going_silent import DEACTIVATING_IN_USE
from .in_use import IN_USE_ELSEWHERE
from .mass_change import MASS_CHANGE
from .number_owners import REASSIGN_ACTIVE_DNIS, RELEASE_ACTIVE_DNIS, TAKE_FOREIGN_DNIS
from .overrides import OVERRIDE_WIPE
from .plain_secrets import PLAIN_SECRETS
from .protection import UNPROTECTED_NUMBER
from .renamed_numbers import RENAMED_DNIS
from .shares import PERCENT_TOTALS

RULES: tuple[Rule, ...] = (
    REASSIGN_ACTIVE_DNIS,
    RELEASE_ACTIVE_DNIS,
    TAKE_FOREIGN_DNIS,
    RENAMED_DNIS,
    UNPROTECTED_NUMBER,
    MASS_CHANGE,
    PERCENT_TOTALS,
    INCOMPLETE_ACTIVATION,
    DEACTIVATING_IN_USE,
    IN_USE_ELSEWHERE,
    OVERRIDE_WIPE,
    E164_NUMBERS,
    DUPLICATES,
    DEAD_ENDS,
    SHADOWED_RULES,
    ENDS_NOWHERE,
    CRITICAL_UNANSWERED,
    PLAIN_SECRETS,
)

__all__ = [
    "CRITICAL_UNANSWERED",
    "DEACTIVATING_IN_USE",
    "DEAD_ENDS",
    "DUPLICATES",
    "E164_NUMBERS",
    "ENDS_NOWHERE",
    "INCOMPLETE_ACTIVATION",
    "IN_USE_ELSEWHERE",
    "MASS_CHANGE",
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
