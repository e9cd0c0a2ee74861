"""The rules in words, for the pack's README."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from .rule import Rule
from .rules import RULES

START = "<!-- The rules below are written from the code. -->"


def rewritten(page: str, rules: Iterable[Rule] = RULES) -> str:
    """A page with everything after :data:`START` written anew."""
    return page.partition(START)[0] + START + "\n\n" + "\n".join(described(rule) for rule in rules)


def described(rule: Rule) -> str:
    """A rule as a section in Markdown."""
    when = "each resource, before it is touched" if rule.types else "the whole stack"
    paragraphs = [
        f"## {rule.name}",
        rule.title,
        f"- **Triggers:** {rule.triggers}",
        f"- **Why it matters to callers:** {rule.matters}",
        f"- **Values not known in a preview:** {rule.unknowns}",
        f"- **Judges:** {when}.",
        "Example:",
        f"```python\n{rule.example}\n```",
        *_settings(rule),
    ]
    return "\n\n".join(paragraphs).replace("\n\n- ", "\n- ").replace(f"{rule.title}\n- ", f"{rule.title}\n\n- ") + "\n"


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
