"""Numbers with callers, and the permissions that a change of them takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pulumi_voice_routing.plan.facts import UNKNOWN, Resource
from pulumi_voice_routing.safety.rules import REASSIGN_ACTIVE_DNIS, RELEASE_ACTIVE_DNIS, TAKE_FOREIGN_DNIS
from tests.rules.plans import NUMBER, OTHER, assignment, assignments, changes, protected, tracking

NUMBER_RULES = {rule.name: rule for rule in (REASSIGN_ACTIVE_DNIS, RELEASE_ACTIVE_DNIS, TAKE_FOREIGN_DNIS)}
MOVE, RELEASE, TAKE = NUMBER_RULES

SUPPORTS, SALES_ = "profile 3001", "profile 3002"
ONE = assignment("hotline", NUMBER)
MANY = assignments("numbers", [NUMBER, OTHER])
TRACKED = tracking("campaign", NUMBER)
GIVEN_AWAY = replace(MANY, props={**MANY.props, "numbers": [NUMBER], "__elsewhere": {OTHER[1:]: ["queue", "17"]}})

TEAM = protected(assignments("team", [NUMBER, OTHER]))
QUEUE = assignment("hotline", NUMBER, "700")

Change = tuple[str, str, str, str]


def needed(declared: Sequence[Resource], before: Sequence[Resource] | None, **more: Any) -> list[Change]:
    """Every permission that the number rules ask for: rule, number, from, to."""
    return sorted(
        (name, *change) for name, rule in NUMBER_RULES.items() for change in changes(rule, declared, before, **more)
    )


def hidden(one: Resource, name: str, **changes: Any) -> Resource:
    """With an argument that cannot be read; one number is in the id all the same."""
    ids = {"id": f"123456/{NUMBER[1:]}"} if isinstance(one.get("dnis"), str) and one.type != TRACKED.type else {}
    return replace(one, **ids, props={**one.props, **changes, name: UNKNOWN})
