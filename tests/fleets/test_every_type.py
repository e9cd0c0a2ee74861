"""Every type has its fleet: all that the examples declare of it, as the rows of one."""

from __future__ import annotations

import ast
import base64
import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from pulumi.dynamic.dynamic import serialize_provider

from pulumi_voice_routing import registry
from pulumi_voice_routing.commands.fleet_text import declaration, fleet_text
from pulumi_voice_routing.lifecycle import adoption, fleet, standing, writes
from pulumi_voice_routing.lifecycle.fleet_rows import IDS, ROWS
from pulumi_voice_routing.lifecycle.fleet_table import Table, rows_with
from pulumi_voice_routing.portsip import client as portsip_client
from pulumi_voice_routing.ringcx.client import ringcx_client
from pulumi_voice_routing.ringex.client import ringex_client
from tests.emulated import Emulated, settings_for
from tests.examples import examples

EXAMPLES = examples()
TYPES = [token for token in sorted(EXAMPLES) if not registry.provider_for(token).no_fleet]
QUICK = ("ringcx:Destination", "ringex:CallHandlingStateRule", "portsip:RingGroup", "ringcx:Dnis")
"""What the quick run tries."""
Values = dict[str, Any]


@pytest.fixture(autouse=True)
def the_emulator_is_the_vendor(emulator: Emulated, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in settings_for(emulator.url).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("VOICE_ROUTING_BREAK_GLASS", "reassign-active-dnis release-active-dnis")
    another_process()


def another_process() -> None:
    """Forget what a process keeps to itself."""
    for forget in (adoption.ours.clear, fleet.forget, standing.forget, writes.forget):
        forget()
    for client in (ringcx_client(), ringex_client(), portsip_client.portsip_client()):
        client.listings.clear()


def made(token: str, rows: Values) -> Values:
    """The outputs of a new fleet."""
    provider = registry.provider_for(token + registry.FLEET)
    checked = provider.check({}, {ROWS: rows})
    assert checked.failures == []
    outs: Values = provider.create(checked.inputs).outs
    return json.loads(json.dumps(outs))  # as the state has it


def canonical(token: str, rows: Values) -> Values:
    """What a table can hold of rows: all that is not secret."""
    fields = registry.provider_for(token).model
    shown = {
        key: {name: fields[name].canonical(value) for name, value in args.items() if not fields[name].secret}
        for key, args in rows.items()
    }
    said: Values = json.loads(json.dumps(shown))
    return said


def from_a_table(token: str, rows: Values, folder: Path) -> Values:
    """The same rows, written as a table and a declaration, as ``fleet gather`` writes them, and read again."""
    written = fleet_text(token, rows)
    (folder / "rows.csv").write_text(written.table, encoding="utf-8", newline="")
    (call,) = ast.parse(declaration(token, "all", "rows.csv", written)).body
    assert isinstance(call, ast.Expr)
    assert isinstance(call.value, ast.Call)
    said = {str(one.arg): ast.literal_eval(one.value) for one in call.value.keywords}
    table, key = Table.of(folder / said.pop("rows")), said.pop("key")
    return {one.key: one.args for one in rows_with(table, key, said, registry.provider_for(token).model)}


def test_types_without_fleets_say_why() -> None:
    without = {token: registry.provider_for(token).no_fleet for token in EXAMPLES if token not in TYPES}
    assert without.keys() == {"ringcx:Activation", "ringcx:DnisAssignments", "ringcx:DnisPool"}


@pytest.mark.parametrize(
    "token", [pytest.param(one, marks=() if one in QUICK else pytest.mark.whole_run) for one in TYPES]
)
def test_a_fleet_has_the_life_of_its_type(token: str, emulator: Emulated, tmp_path: Path) -> None:
    example, provider = EXAMPLES[token], registry.provider_for(token + registry.FLEET)
    assert pickle.loads(base64.b64decode(serialize_provider(provider))).token == f"{token}Fleet"
    instances = example.instances(emulator)
    rows = {name: one.args for name, one in instances.items()}

    outs = made(token, rows)
    assert outs[IDS].keys() == rows.keys()
    for name, one in instances.items():
        assert not one.existing or outs[IDS][name] == one.existing
    another_process()
    inputs = provider.check({ROWS: rows}, {ROWS: rows}).inputs
    assert not provider.diff("fleet", outs, inputs).changes

    read = provider.read("fleet", outs)
    assert read.outs[IDS] == outs[IDS]
    assert read.outs[ROWS] == outs[ROWS]
    assert read.inputs[ROWS].keys() == rows.keys()

    changed = {name: {**rows[name], **one.updates} for name, one in instances.items()}
    for these in (rows, changed):
        plain = canonical(token, these)
        assert canonical(token, from_a_table(token, plain, tmp_path)) == plain
    news = provider.check(inputs, {ROWS: changed}).inputs
    diff = provider.diff("fleet", outs, news)
    assert diff.changes
    assert not diff.replaces
    now = json.loads(json.dumps(provider.update("fleet", outs, news).outs))
    assert now[IDS] == outs[IDS]
    another_process()
    assert not provider.diff("fleet", now, provider.check(news, news).inputs).changes

    fewer = {name: row for name, row in news[ROWS].items() if name != "made"}
    assert provider.diff("fleet", now, {ROWS: fewer}).replaces == [ROWS]
    another_process()
    provider.delete("fleet", now)
    assert example.is_over(emulator, now[IDS]["made"], changed["made"])
