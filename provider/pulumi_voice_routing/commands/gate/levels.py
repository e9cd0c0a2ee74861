"""How strictly each rule is kept: the policy config of the pack, read by the gate as well.

::

    {"all": "mandatory", "e164": "advisory", "forbidden-target": {"enforcementLevel": "mandatory", "countries": ["1"]}}
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...errors import SettingsError, one_line
from ...safety.rule import Rule, Settings
from ...safety.rules import TAKES_SETTINGS
from ...text_files import read_whole

ADVISORY, MANDATORY, DISABLED = "advisory", "mandatory", "disabled"
LEVELS = (ADVISORY, MANDATORY, DISABLED)

_LEVEL = "enforcementLevel"
_ALL = "all"
_TYPES: Mapping[str, tuple[type, ...]] = {
    "boolean": (bool,),
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "array": (list,),
    "object": (dict,),
}


@dataclass(frozen=True)
class Levels:
    """Level and settings of each rule; the rule's own where nothing is said."""

    default: str = ""
    """That of rules that are not named; empty for their own."""
    levels: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Settings] = field(default_factory=dict)
    strangers: tuple[str, ...] = ()
    """Names in the file that are no rule here, such as those of another policy in the same pack."""

    def level(self, rule: Rule) -> str:
        """``mandatory``, ``advisory`` or ``disabled``."""
        return self.levels.get(rule.name) or self.default or rule.level

    def lowered(self, rules: Iterable[Rule]) -> dict[str, list[str]]:
        """The rules that are kept less strictly than they say themselves, by what is kept of them."""
        found: dict[str, list[str]] = {}
        for rule in rules:
            if self.level(rule) not in (MANDATORY, rule.level):
                found.setdefault(self.level(rule), []).append(rule.name)
        return found

    def of(self, rule: Rule) -> Settings:
        """Its settings."""
        return self.settings.get(rule.name, {})


def read_levels(path: Path, rules: Sequence[Rule]) -> Levels:
    """Those of a policy config file. Raises :class:`SettingsError`, with all that is wrong in it."""
    try:
        document = json.loads(read_whole(path), object_pairs_hook=_once)
    except (OSError, ValueError, RecursionError) as error:
        raise SettingsError(f"config: {path} cannot be read as JSON: {one_line(str(error))}") from None
    if not isinstance(document, dict):
        raise SettingsError(f'config: {path} must be an object, such as {{"all": "mandatory"}}')
    known: dict[str, Rule] = {rule.name: rule for rule in rules} | dict(TAKES_SETTINGS)
    wrong = [line for name, given in document.items() for line in _problems(name, given, known.get(name))]
    if wrong:
        raise SettingsError(f"config: {path}: {'; '.join(wrong)}")
    given = {name: value if isinstance(value, dict) else {_LEVEL: value} for name, value in document.items()}
    levels = {name: value[_LEVEL] for name, value in given.items() if _LEVEL in value}
    settings: dict[str, dict[str, Any]] = {}
    for name, value in given.items():
        said = {key: one for key, one in value.items() if key != _LEVEL}
        if name not in TAKES_SETTINGS:
            settings[name] = {**settings.get(name, {}), **said}
        elif levels.get(name) != DISABLED:  # of an earlier name, which the present one goes before
            now = TAKES_SETTINGS[name].name
            settings[now] = {**said, **settings.get(now, {})}
    here = {rule.name for rule in rules}
    return Levels(levels.get(_ALL, ""), levels, settings, tuple(sorted(set(document) - here - {_ALL})))


def _once(members: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """An object of which each name is there once: of two levels for a rule, neither is to win in silence."""
    found = dict(members)
    if len(found) < len(members):
        names = [name for name, _ in members]
        raise ValueError(f"{next(name for name in names if names.count(name) > 1)} is in it twice")
    return found


def _problems(name: str, given: Any, rule: Rule | None) -> Iterator[str]:
    if isinstance(given, str):
        given = {_LEVEL: given}
    if not isinstance(given, dict):
        yield f"{name} must be a level or an object with one and settings"
        return
    if _LEVEL in given and given[_LEVEL] not in LEVELS:
        yield f"{name}: {_LEVEL} must be one of {', '.join(LEVELS)}"
    if rule is None:
        return
    for setting, value in given.items():
        if setting == _LEVEL:
            continue
        if setting not in rule.settings:
            there = ", ".join(sorted(rule.settings)) or "none"
            yield f"{name} has no setting {setting!r} (it has {there})"
        else:
            yield from (f"{name}.{setting} {why}" for why in _misfits(value, rule.settings[setting]))


def _misfits(value: Any, schema: Mapping[str, Any]) -> Iterator[str]:
    """How a value does not fit the few words of JSON schema that settings use."""
    type_ = str(schema.get("type", "object"))
    fits = isinstance(value, _TYPES[type_]) and (type_ == "boolean" or not isinstance(value, bool))
    if not fits:
        yield f"must be of type {type_}"
        return
    if isinstance(value, float) and not math.isfinite(value):
        yield "must be a finite number"
    if "enum" in schema and value not in schema["enum"]:
        yield f"must be one of {', '.join(map(str, schema['enum']))}"
    if "minimum" in schema and value < schema["minimum"]:
        yield f"must be at least {schema['minimum']}"
    if "maximum" in schema and value > schema["maximum"]:
        yield f"must be at most {schema['maximum']}"
    if isinstance(value, list) and "items" in schema:
        for item in value:
            yield from (f"has an item that {why}" for why in _misfits(item, schema["items"]))
