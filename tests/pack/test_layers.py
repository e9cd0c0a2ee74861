"""The table of the layers is what the layers do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pulumi_policy
import pytest

from pulumi_voice_routing.commands.gate.levels import Levels
from pulumi_voice_routing.commands.gate.verdict import judged
from pulumi_voice_routing.errors import Forbidden, Refused
from pulumi_voice_routing.lifecycle.writes import Write
from pulumi_voice_routing.permission.approvals import Approvals, Change
from pulumi_voice_routing.plan.plan import Plan
from pulumi_voice_routing.registry import provider_for
from pulumi_voice_routing.ringcx.cloud_routing.readiness import DEACTIVATING
from pulumi_voice_routing.ringcx.pool_directory import PoolDirectory
from pulumi_voice_routing.safety import layers
from pulumi_voice_routing.safety.guard import _Guard
from pulumi_voice_routing.safety.pack import pack_policies
from pulumi_voice_routing.safety.rules import TAKES_SETTINGS
from pulumi_voice_routing.safety.rules.outcomes import OUTCOME_RULES
from pulumi_voice_routing.safety.run import Run
from tests.call_flow.line import LINE, NUMBER, split
from tests.emulated import operations
from tests.loops import finished
from tests.numbers.resources import Managed
from tests.outcomes.conftest import NUMBER as PHONE
from tests.outcomes.conftest import Live, live, provider_settings

__all__ = ["live", "provider_settings"]

PAGE = Path(__file__).parents[2] / "docs" / "safety.md"


def column(name: str) -> dict[str, str]:
    return {rule.name: does[name] for rule, does in layers.kept() if name in does}


def test_the_page_has_the_table() -> None:
    page = PAGE.read_text()
    assert layers.START in page
    assert page == layers.rewritten(page), "write it anew with safety.describe"


def test_the_pack_does_what_it_says() -> None:
    words = {pulumi_policy.EnforcementLevel.MANDATORY: "refuses", pulumi_policy.EnforcementLevel.ADVISORY: "warns"}
    made = reversed([one for one in pack_policies(run=Run()) if one.name not in ("approvals", *TAKES_SETTINGS)])
    assert column("Pack") == {one.name: words[one.enforcement_level] for one in made}  # what is only told comes last


def test_the_gate_does_what_it_says() -> None:
    verdict = judged(Plan(), levels=Levels(), approvals=Approvals(), expected="0-0", today=date(2026, 6, 1))
    words = {"mandatory": "refuses", "advisory": "warns"}
    assert column("Gate") == {rule.name: words[Levels().level(rule)] for rule in verdict.rules}


def _number_rules(guard: _Guard, rule: str) -> None:
    guard._require([Change(rule, "+13035550100", "profile 1", "profile 2")])


def _outcome_rules(guard: _Guard, rule: str) -> None:
    old, target = LINE[0], {"calls-unanswered": NUMBER, "forbidden-target": "+19005550100"}.get(rule)
    new = {**old.props, "target": target} if target else dict(split((2001, 1), (2009, 99)).props)
    old = old if target else split((2001, 70), (2002, 30))
    provider = provider_for(old.type)
    args = {name: value for name, value in new.items() if name in provider.model}
    finished(guard._require_answers([Write(provider, old.urn, old.id, old.props, args)]))


def test_guard_refuses_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pulumi.ResourceHook", lambda *args: None)
    monkeypatch.setattr("pulumi.runtime.is_dry_run", lambda: True)
    monkeypatch.setattr("pulumi_voice_routing.safety.guarded_program._exported", lambda: LINE)
    refuses = {rule for rule, does in column("`guard()`").items() if does == "refuses"}
    for rule in refuses:
        asks = _outcome_rules if rule in {one.name for one in OUTCOME_RULES} else _number_rules
        with pytest.raises(Refused, match=rule):
            asks(_Guard(Approvals(), tells=False), rule)
    assert refuses == layers.GUARD_ASKS


class TestProvider:
    """Each rule that the provider keeps, tried with nothing else there: no pack, no gate, no guard."""

    def attempts(self, live: Live) -> dict[str, Callable[[], Any]]:
        number = {"dnis": f"+{PHONE}", "profile": live.id(live.profile)}
        assignment = live.adopted("ringcx:DnisAssignment", **number)
        stranger = live.account.profile("Other")
        live.account.pool(["13035550199"])
        live.account.give(["13035550199"], "queue 1000")
        denver = live.adopted("ringcx:Destination", **live.destination(), adopt=True)
        shares = live.rows((live.denver, 70), (live.austin, 30))
        whole = {"profile": live.id(live.profile), "adopt": True}
        split = live.adopted("ringcx:ProfileDestinations", **whole, destinations=shares)
        gone = live.rows((live.denver, 50), ("4711", 50))
        return {
            "reassign-active-dnis": lambda: assignment.up(**{**number, "profile": stranger}),
            "release-active-dnis": assignment.destroy,
            "take-foreign-dnis": lambda: Managed("ringcx:DnisAssignment").up(**{**number, "dnis": "+13035550199"}),
            "calls-unanswered": lambda: denver.up(**live.destination(target=f"+{PHONE}")),
            "calls-unknown": lambda: split.up(**whole, destinations=gone),
            "forbidden-target": lambda: denver.up(**live.destination(target="+19005550100")),
            DEACTIVATING: lambda: _ended_unseen(live),
        }

    def test_refuses_what_it_says(self, live: Live) -> None:
        attempts = self.attempts(live)
        assert column("Provider") == dict.fromkeys(attempts, "refuses")
        assert attempts.keys() == layers.PROVIDER_ASKS
        live.portal.forget_journal()
        for rule, attempt in attempts.items():
            with pytest.raises(Refused, match=rule):
                attempt()
        assert operations(live.portal.journal(), writes=True) == []


def _ended_unseen(live: Live) -> None:
    """A user who may not see numbers cannot tell that nobody leads to a profile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PoolDirectory, "search", _no_right)
        provider = provider_for("ringcx:Profile")
        given = {"group_id": "123456/1000", "name": "Support", "routing_type": "PERCENT_ALLOCATION"}
        provider.delete(live.id(live.profile), given)


def _no_right(*_: object) -> None:
    raise Forbidden("ringcx", "NM-02 POST search", 403)
