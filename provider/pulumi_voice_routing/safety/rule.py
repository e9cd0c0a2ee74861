"""What a rule is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ..lifecycle import meaning as means
from ..permission.approvals import Change
from ..plan.facts import Facts, Resource
from ..plan.roles import Mark, Roles

Settings: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class Violation:
    """What is wrong, where, why it hurts callers, and what to do: one line."""

    message: str
    resource: Resource | None
    """The resource that the message is about; nothing when it has left the program."""
    object: str
    """What an approval has to name: a number, or an object such as ``profile 1001``; empty when none can help."""
    from_: str
    """What the object has now, in the words of an approval: ``profile 1001``, ``active``."""
    to: str
    """What it would have: ``profile 1002``, ``nobody``, ``inactive``."""
    lifted_by: tuple[frozenset[Change], ...] = ()
    """Other changes whose approvals take this one along, as the release of a number does the end of its protection: one
    of these groups, all of it."""
    advice: bool = False
    """Whether it is told, and refuses nothing however strictly the rule is kept."""


@dataclass(frozen=True)
class Words:
    """What an approval of a rule has to name, in Markdown."""

    object: str
    from_: str
    to: str


@dataclass(frozen=True)
class Rule:
    """One rule, with everything that is said about it in the documentation."""

    name: str
    title: str
    triggers: str
    """When it triggers."""
    matters: str
    """Why it matters to callers."""
    example: str
    """A program that it stops, and what to write instead."""
    unknowns: str
    """How it takes values that are not known in a preview."""
    words: Words
    judge: Callable[[Facts, Settings], Iterable[Violation]]
    about: tuple[Mark[means.Meaning], ...] = ()
    """The meanings of fields that it looks at: types with one of them are judged by it."""
    one_by_one: Callable[[Roles], object] | None = None
    """The types that it can judge one by one, before the engine touches each; none when it has to see the whole
    stack."""
    whole: bool = False
    """Whether a rule that judges one by one sees more in the whole stack, such as what leaves it."""
    level: str = "mandatory"
    """How strictly it is kept when the team says nothing: ``mandatory`` or ``advisory``."""
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """JSON schema of each setting, by name. All are optional."""

    def judges(self, roles: Roles) -> bool:
        """Whether it looks at resources of a type."""
        return roles.has(*self.about)


ALLOW_UNREADABLE_STATE: Mapping[str, Mapping[str, Any]] = {
    "allowUnreadableState": {
        "type": "boolean",
        "default": False,
        "description": "Let the run pass when the stack's state cannot be read, blind to what was there before.",
    }
}
"""The setting of every rule that compares with the state."""


def unreadable(facts: Facts, settings: Settings, resource: Resource | None = None) -> Iterable[Violation]:
    """The violation of a rule that cannot see what callers have now. It fails closed."""
    if facts.unreadable and not settings.get("allowUnreadableState"):
        yield Violation(
            f"the state of the stack cannot be read ({facts.unreadable}), so that what callers have now is not known "
            'and could be lost: make `pulumi stack export` work where the policy runs, or set "allowUnreadableState": '
            "true for this rule in the policy config.",
            resource,
            object="",
            from_="",
            to="",
        )
