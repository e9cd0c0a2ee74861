"""All rules, in the order in which they are documented."""

from .dead_ends import DEAD_ENDS, SHADOWED_RULES
from .duplicates import DUPLICATES
from .going_live import INCOMPLETE_ACTIVATION
from .going_silent import DEACTIVATING_IN_USE
from .numbers import E164_NUMBERS
from .overrides import OVERRIDE_WIPE
from .rule import Rule
from .shares import PERCENT_TOTALS

RULES: tuple[Rule, ...] = (
    PERCENT_TOTALS,
    INCOMPLETE_ACTIVATION,
    DEACTIVATING_IN_USE,
    OVERRIDE_WIPE,
    E164_NUMBERS,
    DUPLICATES,
    DEAD_ENDS,
    SHADOWED_RULES,
)

__all__ = [
    "DEACTIVATING_IN_USE",
    "DEAD_ENDS",
    "DUPLICATES",
    "E164_NUMBERS",
    "INCOMPLETE_ACTIVATION",
    "OVERRIDE_WIPE",
    "PERCENT_TOTALS",
    "RULES",
    "SHADOWED_RULES",
]
