"""The files of what is said, and how they are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path

from pulumi_voice_routing.plan.plan import Plan
from pulumi_voice_routing.safety import describe
from pulumi_voice_routing.safety.rule import Rule
from pulumi_voice_routing.safety.rules.plan_rules import plan_rules, reviewed_plan
from tests import recording
from tests.outcomes import table

from . import extensions, lines, numbers, objects, varied
from .chance import chance
from .saying import Case, told

FOLDER = Path(__file__).parent / "recorded"


def _cases(*cases: Case) -> dict[str, Callable[[], str]]:
    assert len({one.what for one in cases}) == len(cases), "two cases have one name"
    return {one.what: partial(told, one) for one in cases}


def _outcomes() -> list[Case]:
    return [Case(one.what, one.before, one.after, countries=one.countries, in_the_run=False) for one in table.HARMS]


def _in_words(rule: Rule) -> str:
    """A rule that has no page of its own."""
    return "\n".join(filter(None, describe.described(rule).splitlines()[1:]))


@cache
def sections() -> Mapping[str, Mapping[str, Callable[[], str]]]:
    """What is said, by file and section."""
    return {
        "chance": _cases(*chance()),
        "extensions": _cases(*extensions.EXTENSIONS),
        "groups": _cases(*extensions.GROUPS),
        "in_use": _cases(*objects.IN_USE),
        "numbers": _cases(*numbers.NUMBERS),
        "outcomes": _cases(*_outcomes()),
        "overrides": _cases(*lines.OVERRIDES),
        "rules": {rule.name: partial(_in_words, rule) for rule in (*plan_rules(Plan()), reviewed_plan(Plan(), ""))},
        "secrets": _cases(*objects.SECRETS),
        "shares": _cases(*lines.SHARES),
        "switches": _cases(*lines.SWITCHES),
        "twice": _cases(*objects.TWICE),
        "types": {token: partial(objects.said_of_type, token) for token in objects.TYPES},
        "varied": varied.recordings(_VARIED),
    }


_VARIED: Mapping[str, Sequence[Case]] = {
    "extensions": extensions.EXTENSIONS,
    "groups": extensions.GROUPS,
    "in_use": objects.IN_USE,
    "numbers": numbers.NUMBERS,
    "outcomes": _outcomes(),
    "overrides": lines.OVERRIDES,
    "secrets": objects.SECRETS,
    "shares": lines.SHARES,
    "switches": lines.SWITCHES,
    "twice": objects.TWICE,
}


def file(name: str) -> Path:
    """Where it is kept."""
    return FOLDER / f"{name}.txt"


@cache
def recorded(name: str) -> dict[str, str]:
    """The sections of a file."""
    return recording.read(file(name))


def write() -> None:
    """Make all files anew."""
    for name, says in sections().items():
        file(name).write_text(recording.written({what: say() for what, say in says.items()}), encoding="utf-8")
