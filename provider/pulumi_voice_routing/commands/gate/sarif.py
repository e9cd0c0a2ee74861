"""The verdict in SARIF 2.1.0, for code scanning."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from ... import __version__
from ...plan.preview import PolicyViolation
from ...safety.rule import Rule
from ...toml_entries import with_zone
from .verdict import Finding, Verdict

_FINGERPRINT = "voiceRouting/v1"
_PROJECT_FILE = "Pulumi.yaml"
_LINE = re.compile(r"[1-9][0-9]{0,8}")


def sarif(verdict: Verdict, folder: PurePosixPath) -> str:
    """The log as text. ``folder`` is where the program is, seen from the root of the repository."""
    rules = [_rule(rule) for rule in verdict.rules]
    known = [rule.name for rule in verdict.rules]
    for name in dict.fromkeys(one.policy for one in verdict.policies):
        if name not in known:
            known.append(name)
            rules.append({"id": name, "shortDescription": {"text": f"Policy {name} of a policy pack."}})
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "voice-routing", "semanticVersion": __version__, "rules": rules}},
                "automationDetails": {"id": f"voice-routing/{verdict.plan.project}/{verdict.plan.stack}/"},
                "columnKind": "unicodeCodePoints",
                "results": [
                    *(_result(one, known, folder) for one in verdict.findings),
                    *(_policy_result(one, known, folder) for one in verdict.policies),
                ],
            }
        ],
    }
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.name,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.matters},
        "help": {
            "text": f"{rule.triggers}\n\n{rule.matters}\n\n{rule.example}",
            "markdown": f"{rule.triggers}\n\n{rule.matters}\n\n```python\n{rule.example}\n```\n",
        },
        "defaultConfiguration": {"level": "error" if rule.level == "mandatory" else "warning"},
    }


def _result(one: Finding, known: Sequence[str], folder: PurePosixPath) -> dict[str, Any]:
    result = {
        "ruleId": one.rule.name,
        "ruleIndex": known.index(one.rule.name),
        "level": "error" if one.level == "mandatory" else "warning",
        "message": {"text": _message(one.message)},
        "locations": [_location(one.source, one.urn, folder)],
        "partialFingerprints": {_FINGERPRINT: one.fingerprint},
    }
    if one.approval is not None:
        why = f"{one.approval.ticket}: {one.approval.reason} (until {with_zone(one.approval.until)})"
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": why}]
    return result


def _policy_result(one: PolicyViolation, known: Sequence[str], folder: PurePosixPath) -> dict[str, Any]:
    return {
        "ruleId": one.policy,
        "ruleIndex": known.index(one.policy),
        "level": "error" if one.level == "mandatory" else "warning",
        "message": {"text": _message(one.message)},
        "locations": [_location("", one.urn, folder)],
    }


def _location(source: str, urn: str, folder: PurePosixPath) -> dict[str, Any]:
    file, _, line = source.partition("#")
    number = int(line) if _LINE.fullmatch(line) else 1
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(str(folder / (file or _PROJECT_FILE)), errors="replace")},
            "region": {"startLine": number},
        }
    }
    if urn:
        location["logicalLocations"] = [{"fullyQualifiedName": urn, "name": urn.rpartition("::")[2]}]
    return location


def _message(text: str) -> str:
    """Without what SARIF takes for a link in a message."""
    return text.replace("](", "] (")
