"""Which layer keeps which rule: the table in ``docs/safety.md`` is written from here."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ..permission.approvals import LOSE_AFTER_HOURS, OVERWRITE, REASSIGN, RELEASE, TAKE_FOREIGN
from ..plan.plan import Plan
from .rule import Rule
from .rules import (
    CALLS_UNANSWERED,
    CALLS_UNKNOWN,
    DEACTIVATING_IN_USE,
    FORBIDDEN_TARGET,
    FORMER,
    RULES,
    UNPROTECTED_NUMBER,
)
from .rules.plan_rules import plan_rules, reviewed_plan

START, END = "<!-- The table is written from the code. -->", "<!-- Here it ends. -->"

_ON_OUTCOMES = frozenset({CALLS_UNANSWERED.name, CALLS_UNKNOWN.name, FORBIDDEN_TARGET.name})
_ON_OWNERS = frozenset({REASSIGN, RELEASE, TAKE_FOREIGN})
PROVIDER_ASKS = _ON_OUTCOMES | _ON_OWNERS | {DEACTIVATING_IN_USE.name}
"""The rules whose approvals the provider asks for, right before a write and with what the vendor has then."""
PROVIDER_ALONE = frozenset({OVERWRITE, LOSE_AFTER_HOURS, DEACTIVATING_IN_USE.name})
"""Those of them that no other layer keeps."""
AT_THE_VENDOR = PROVIDER_ALONE | {TAKE_FOREIGN}
"""Those whose approvals are needed because of what only the vendor tells: nobody else can say that one is of no use."""
GUARD_ASKS = _ON_OUTCOMES | _ON_OWNERS
"""Those that ``guard()`` asks for, before each create, update and delete."""
GUARD_DOES = frozenset({UNPROTECTED_NUMBER.name})
"""What ``guard()`` sees to itself, so that there is nothing to refuse."""


def kept() -> list[tuple[Rule, dict[str, str]]]:
    """Each rule, and what each layer does about it; a layer that does nothing is left out."""
    only_gate = (*plan_rules(Plan()), reviewed_plan(Plan(), ""))
    only_provider = [rule for rule in FORMER if rule.name in PROVIDER_ASKS]
    return [
        *((rule, _layers(rule, "Pack", "Gate")) for rule in RULES),
        *((rule, _layers(rule, "Gate")) for rule in only_gate),
        *((rule, _layers(rule)) for rule in only_provider),
    ]


def _layers(rule: Rule, *keep: str) -> dict[str, str]:
    found = dict.fromkeys(keep, "refuses" if rule.level == "mandatory" else "warns")
    if rule.name in PROVIDER_ASKS:
        found["Provider"] = "refuses"
    if rule.name in GUARD_ASKS:
        found["`guard()`"] = "refuses"
    if rule.name in GUARD_DOES:
        found["`guard()`"] = "protects"
    return found


def table() -> str:
    """The table in Markdown."""
    columns = ("Provider", "`guard()`", "Pack", "Gate")
    rows = [["Rule", *columns], ["---"] * (len(columns) + 1)]
    rows += [[_named(rule, layers), *(layers.get(column, "") for column in columns)] for rule, layers in kept()]
    return "\n".join(f"| {' | '.join(row)} |".replace("|  |", "| |").replace("|  |", "| |") for row in rows)


def _named(rule: Rule, layers: Iterable[str]) -> str:
    if "Pack" in layers:
        return f"[`{rule.name}`](../policies/number_safety/README.md#{rule.name})"
    where = "gate.md#rules-that-only-the-gate-has" if "Gate" in layers else "approvals.md#rules-of-earlier-versions"
    return f"[`{rule.name}`]({where})"


def rewritten(page: str) -> str:
    """A page with the table written anew."""
    before, _, rest = page.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n\n{table()}\n\n{END}{after}"


def write(page: Path) -> None:
    """Bring a page up to date."""
    page.write_text(rewritten(page.read_text(encoding="utf-8")), encoding="utf-8")
