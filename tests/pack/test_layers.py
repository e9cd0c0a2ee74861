"""The table of the layers is what the layers do."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pulumi_policy
import pytest

from pulumi_voice_routing.commands.gate.levels import Levels
from pulumi_voice_routing.commands.gate.verdict import judged
from pulumi_voice_routing.errors import Refused
from pulumi_voice_routing.permission.approvals import Approvals, Change
from pulumi_voice_routing.plan.plan import Plan
from pulumi_voice_routing.ringcx.cloud_routing.readiness import DEACTIVATING
from pulumi_voice_routing.safety import layers
from pulumi_voice_routing.safety.guard import _Guard
from pulumi_voice_routing.safety.pack import pack_policies
from pulumi_voice_routing.safety.run import Run

PAGE = Path(__file__).parents[2] / "docs" / "safety.md"


def column(name: str) -> dict[str, str]:
    return {rule.name: does[name] for rule, does in layers.kept() if name in does}


def test_the_page_has_the_table() -> None:
    page = PAGE.read_text()
    assert layers.START in page
    assert page == layers.rewritten(page), "write it anew with safety.describe"


def test_the_pack_does_what_it_says() -> None:
    words = {pulumi_policy.EnforcementLevel.MANDATORY: "refuses", pulumi_policy.EnforcementLevel.ADVISORY: "warns"}
    policies = {one.name: words[one.enforcement_level] for one in pack_policies(run=Run()) if one.name != "approvals"}
    assert column("Pack") == policies


def test_the_gate_does_what_it_says() -> None:
    verdict = judged(Plan(), levels=Levels(), approvals=Approvals(), expected="0-0", today=date(2026, 6, 1))
    words = {"mandatory": "refuses", "advisory": "warns"}
    assert column("Gate") == {rule.name: words[Levels().level(rule)] for rule in verdict.rules}


def test_guard_refuses_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pulumi.ResourceHook", lambda *args: None)
    monkeypatch.setattr("pulumi.runtime.is_dry_run", lambda: True)
    refuses = {rule for rule, does in column("`guard()`").items() if does == "refuses"}
    for rule in refuses:
        with pytest.raises(Refused, match=rule):
            _Guard(Approvals(), tells=False)._require([Change(rule, "+13035550100", "profile 1", "profile 2")])
    assert refuses == layers.GUARD_ASKS


def test_the_provider_asks_for_approvals_by_these_names() -> None:
    assert set(column("Provider")) == {"reassign-active-dnis", "release-active-dnis", "take-foreign-dnis", DEACTIVATING}
