"""The rules in words, for the pack's README, and their settings as a JSON schema.

``python -m pulumi_voice_routing.safety.describe policies/number_safety docs/safety.md`` writes both anew, and the table
of the layers.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from .rule import Rule
from .rules import FORMER_NAMES, RULES, TAKES_SETTINGS

APPROVALS_POLICY = "approvals"
"""The advisory policy that says which changes are approved, and which approvals are of no use."""
_FORMER = "No rule any more: where calls end says it better. It may stay in the file and changes nothing."
START = "<!-- The rules below are written from the code. -->"


def rewritten(page: str, rules: Iterable[Rule] = RULES) -> str:
    """A page with everything after :data:`START` written anew."""
    return page.partition(START)[0] + START + "\n\n" + "\n".join(described(rule) for rule in rules)


def described(rule: Rule) -> str:
    """A rule as a section in Markdown."""
    when = "each resource, before it is touched" if rule.one_by_one else "the whole stack"
    if rule.whole:
        when += ", and the whole stack"
    paragraphs = [
        f"## {rule.name}",
        rule.title,
        f"- **Triggers:** {rule.triggers}",
        f"- **Why it matters to callers:** {rule.matters}",
        f"- **Values not known in a preview:** {rule.unknowns}",
        f"- **Judges:** {when}.",
        "Example:",
        f"```python\n{rule.example}\n```",
        f"| an approval has | in words |\n| --- | --- |\n| `object` | {rule.words.object} |\n"
        f"| `from` | {rule.words.from_} |\n| `to` | {rule.words.to} |",
        *_settings(rule),
    ]
    return "\n\n".join(paragraphs).replace("\n\n- ", "\n- ").replace(f"{rule.title}\n- ", f"{rule.title}\n\n- ") + "\n"


def config_schema(rules: Iterable[Rule] = RULES) -> dict[str, object]:
    """What a policy config of the pack may hold, as a JSON schema."""
    policies = {rule.name: _configurable(rule.title, rule.settings) for rule in rules}
    policies |= {
        name: {"description": _FORMER, "deprecated": True} for name in sorted(FORMER_NAMES - {*TAKES_SETTINGS})
    }
    for name, rule in TAKES_SETTINGS.items():
        said = f"A part of {rule.name} now, which takes its settings."
        policies[name] = {**_configurable(said, rule.settings), "deprecated": True}
    policies[APPROVALS_POLICY] = _configurable("Says what is approved, and which approvals are of no use.", {})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Policy config of the number-safety pack",
        "type": "object",
        "properties": {"all": {"$ref": "#/$defs/level"}, **policies},
        "additionalProperties": False,
        "$defs": {"level": {"enum": ["advisory", "mandatory", "disabled"]}},
    }


def _configurable(title: str, settings: Mapping[str, Mapping[str, object]]) -> dict[str, object]:
    level = {"$ref": "#/$defs/level"}
    properties = {"enforcementLevel": level, **{name: dict(schema) for name, schema in settings.items()}}
    return {
        "description": title,
        "anyOf": [level, {"type": "object", "properties": properties, "additionalProperties": False}],
    }


def _settings(rule: Rule) -> Iterable[str]:
    if not rule.settings:
        yield "Settings: the level only."
        return
    rows = [
        f"| `{name}` | {_type(schema)} | `{json.dumps(schema['default'])}` | {schema['description']} |"
        for name, schema in rule.settings.items()
    ]
    yield "\n".join(["| setting | type | default | meaning |", "| --- | --- | --- | --- |", *rows])


def _type(schema: Mapping[str, object]) -> str:
    return "list of strings" if schema["type"] == "array" else str(schema["type"])


def write(pack: Path) -> None:
    """Bring a pack's README and schema up to date."""
    readme = pack / "README.md"
    readme.write_text(rewritten(readme.read_text(encoding="utf-8")), encoding="utf-8")
    (pack / "config.schema.json").write_text(json.dumps(config_schema(), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    from .layers import write as write_layers

    write(Path(sys.argv[1]))
    write_layers(Path(sys.argv[2]))
