"""The verdict as a JSON document, for programs; ``report.schema.json`` describes it."""

from __future__ import annotations

import json
from typing import Any

from ...plan.facts import PREFIX
from ..impact_report import as_json
from .phrases import callers
from .verdict import Finding, Verdict

VERSION = 1
"""Of the form of the document. New members may come without a new version; none is taken away or changed."""


def document(verdict: Verdict) -> str:
    """The document as text."""
    return json.dumps(described(verdict), indent=2, ensure_ascii=False) + "\n"


def described(verdict: Verdict) -> dict[str, Any]:
    """The document."""
    plan = verdict.plan
    return {
        "version": VERSION,
        "verdict": "passed" if verdict.passes else "refused",
        "project": plan.project,
        "stack": plan.stack,
        "plan": {
            "hash": str(plan.hash),
            "changes": verdict.counts,
            "otherPackages": verdict.plan_changes_elsewhere,
            "resources": [
                {"op": step.op, "urn": step.urn, "type": type_of(step.urn), "name": step.urn.rpartition("::")[2]}
                for step in verdict.changed
            ],
        },
        "live": verdict.live,
        "callers": {"said": callers(verdict), "numbers": as_json(verdict.impacts)},
        "findings": [_finding(one) for one in verdict.findings],
        "policies": [
            {"pack": one.pack, "policy": one.policy, "level": one.level, "message": one.message, "urn": one.urn}
            for one in verdict.policies
        ],
        "notes": list(verdict.notes),
    }


def type_of(urn: str) -> str:
    """``ringcx:Destination`` of a URN, without the types of the components that it is in."""
    return urn.split("::")[2].rpartition("$")[2].removeprefix(PREFIX)


def _finding(one: Finding) -> dict[str, Any]:
    approval = one.approval
    return {
        "rule": one.rule.name,
        "level": one.level,
        "message": one.message,
        "object": one.object,
        "from": one.from_,
        "to": one.to,
        "urn": one.urn or None,
        "source": one.source or None,
        "fingerprint": one.fingerprint,
        "refuses": one.refuses,
        "approval": approval and {"ticket": approval.ticket, "reason": approval.reason, "until": str(approval.until)},
        "missing": one.missing or None,
    }
