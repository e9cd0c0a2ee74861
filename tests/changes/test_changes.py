"""Changes to an office that stands, each through the real engine: what pack, gate and up say, and what is sent."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pulumi_voice_routing.commands.gate.levels import Levels
from pulumi_voice_routing.commands.gate.verdict import Verdict, judged
from pulumi_voice_routing.permission.approvals import Approvals
from pulumi_voice_routing.plan.plan import Plan
from pulumi_voice_routing.plan.sources import planned
from pulumi_voice_routing.safety.rules import RULES
from pulumi_voice_routing.safety.rules.outcomes import OUTCOME_RULES
from tests.emulated import Emulated, Json, operations, settings_for
from tests.pack.conftest import JudgedStack
from tests.spare import Spare
from tests.stacks import Run

from .office import OFFICE, Program, declare
from .table import HARMLESS, HARMS, PROTECTION, Harm, Harmless

TODAY = datetime.now(UTC).date()
NOT_CHANGES = {rule.name for rule in (*OUTCOME_RULES, *RULES) if rule in OUTCOME_RULES or rule.level == "advisory"}
"""Rules on where calls end, with tests of their own, and rules that refuse nothing."""


@dataclass
class Office:
    """An office that stands, in an account and a state that each change starts from."""

    emulator: Emulated
    stack: JudgedStack
    account: Json
    kept: Path

    def start_over(self) -> None:
        """As if no change had been tried."""
        self.emulator.start_over(self.account)
        self.stack.put_back(self.kept)

    @property
    def _approvals(self) -> Path:
        return self.stack.folder / "work" / "approvals.toml"

    def approve(self, verdict: Verdict, *, days: int) -> None:
        """Permit everything that a verdict refuses, until so many days from now."""
        until = TODAY + timedelta(days=days)
        texts = [
            f"[[approval]]\nrule = {json.dumps(one.rule.name)}\nobject = {json.dumps(one.object)}\n"
            f"from = {json.dumps(one.from_)}\nto = {json.dumps(one.to)}\n"
            f'reason = "It is meant"\nticket = "OPS-1"\nuntil = {until}\n'
            for one in verdict.refused
        ]
        self._approvals.write_text("\n".join(dict.fromkeys(texts)))

    def preview(self, program: Program) -> Plan:
        """What the gate is given."""
        file = self.stack.folder / "preview.json"
        file.write_text(self.stack.preview_json(partial(declare, program)))
        return planned(file)

    def gate(self, plan: Plan, rule: str) -> Verdict:
        """What the gate says of it."""
        approvals = Approvals.read(self._approvals) if self._approvals.exists() else Approvals()
        return judged(plan, levels=Levels(levels=_config(rule)), approvals=approvals)

    def up(self, program: Program, rule: str, *options: str) -> tuple[Run, set[str], list[str]]:
        """An up with the pack: what came of it, what the pack refused, and the writes that were sent."""
        with self.emulator.recording() as calls:
            run, said = self.stack.judged("up", partial(declare, program), "--yes", *options, config=_config(rule))
        return run, {one.policy for one in said if one.level == "mandatory"}, operations(calls, writes=True)


def _config(rule: str) -> dict[str, str]:
    return {} if rule == PROTECTION else {PROTECTION: "disabled"}


@pytest.fixture(scope="session")
def standing(
    engine_on_path: Path,
    pulumi_home: Path,
    spare: Spare,
    emulator_process: Emulated,
    tmp_path_factory: pytest.TempPathFactory,
) -> Office:
    """An office, brought up once."""
    env = settings_for(emulator_process.url)
    emulator_process.start_over()
    stack = JudgedStack(tmp_path_factory.mktemp("office"), pulumi_home, env, spare.python)
    stack.up(partial(declare, OFFICE))
    kept = tmp_path_factory.mktemp("kept")
    stack.keep(kept)
    return Office(emulator_process, stack, emulator_process.state(), kept)


@pytest.fixture
def office(standing: Office, journals: Path) -> Iterator[Office]:
    """The office as it stands. The journal is kept when the test ends."""
    standing.start_over()
    yield standing
    standing.emulator.save_journal(journals)


_LIKE_ANOTHER = [harm for harm in HARMS if harm is not next(one for one in HARMS if one.rule == harm.rule)]
"""Those for a rule that another change before them breaks too: how long approvals last is one thing for each rule."""


def ids(change: Harm | Harmless) -> str:
    return f"{change.rule}: {change.what}"


def names(rules: Sequence[Any]) -> set[str]:
    return {one.rule.name for one in rules}


@pytest.mark.parametrize("harm", HARMS, ids=ids)
def test_a_change_that_hurts_callers_takes_an_approval_that_is_in_force(harm: Harm, office: Office) -> None:
    program = harm.edit.of(OFFICE)
    broken = {harm.rule, *harm.also}
    if harm.held_by_preview:
        run, _, writes = office.up(program, harm.rule)
        assert run.failed
        assert harm.held_by_preview in run.console
        assert writes == []
        return
    plan = office.preview(program)

    for days in (None, -1):  # without an approval, and with one that has expired
        if days is not None:
            office.approve(office.gate(plan, harm.rule), days=days)
            if harm in _LIKE_ANOTHER:
                assert names(office.gate(plan, harm.rule).refused) == broken | set(harm.gate_also)
                continue
        run, pack, writes = office.up(program, harm.rule)
        assert run.failed
        assert pack == broken, run.console
        assert names(office.gate(plan, harm.rule).refused) == broken | set(harm.gate_also)
        assert writes == []

    office.approve(office.gate(plan, harm.rule), days=1)
    run, pack, writes = office.up(program, harm.rule)
    if not harm.approvable:
        assert pack == broken
        assert writes == []
        return
    assert pack == set(), run.console
    gate = office.gate(plan, harm.rule)
    assert gate.passes
    assert names(gate.approved) == broken | set(harm.gate_also)
    assert run.failed == harm.held_by_provider, run.console


@pytest.mark.parametrize("change", HARMLESS, ids=ids)
def test_a_change_that_hurts_nobody_goes_through(change: Harmless, office: Office) -> None:
    program = OFFICE
    for edit in (change.edit, *change.steps):
        program = edit.of(program)
        gate = office.gate(office.preview(program), change.rule)
        assert gate.passes, [one.message for one in gate.refused]
        run, pack, _ = office.up(program, change.rule, "--skip-preview")
        assert pack == set(), run.console
        assert not run.failed, run.console


def test_every_rule_has_changes_that_it_stops_and_changes_that_it_lets_through() -> None:
    rules = {rule.name for rule in RULES} - NOT_CHANGES
    assert {harm.rule for harm in HARMS} - NOT_CHANGES == rules
    assert {change.rule for change in HARMLESS} - NOT_CHANGES == rules
    tried = [3 * len(HARMS), *(1 + len(change.steps) for change in HARMLESS)]
    assert sum(tried) >= 60
