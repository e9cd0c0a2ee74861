"""Rows that fail, and runs that are cut off."""

from __future__ import annotations

import threading
from typing import Any

import pulumi
import pytest
from pulumi.output import Unknown

from pulumi_voice_routing import registry, ringcx
from pulumi_voice_routing.commands.drift import drifted
from pulumi_voice_routing.errors import BadRequest, Incomplete
from pulumi_voice_routing.lifecycle import fleet_work, plugin
from pulumi_voice_routing.lifecycle.fleet_rows import IDS, PROTECTED, ROWS
from pulumi_voice_routing.lifecycle.fleet_work import Work
from pulumi_voice_routing.lifecycle.provider import Partly
from tests.emulated import Emulated
from tests.examples import ref
from tests.fleets.test_every_type import EXAMPLES, another_process, made, the_emulator_is_the_vendor  # noqa: F401 - used by all
from tests.stacks import Stack

TABLE = "name,phone\ndenver,+13035551234\nboulder,+13035551235\naspen,+13035551236\n"
TOKEN = "ringcx:Destination"


def rows(*names: str) -> dict[str, Any]:
    phones = {name: f"+1303555{1000 + place}" for place, name in enumerate(names)}
    return {
        name: {"group_id": ref("1000"), "name": name, "kind": "DID", "target": phone} for name, phone in phones.items()
    }


def names_of(emulator: Emulated) -> list[str]:
    there = emulator.api("GET", "/cloudRouteDestinationGroups/1000/cloudRouteDestinations")
    return sorted(one["destinationName"] for one in there)


def test_a_row_that_fails_is_named_with_its_line_and_the_others_are_made(emulator: Emulated, stack: Stack) -> None:
    (stack.folder / "work" / "desks.csv").write_text(TABLE)

    def program() -> None:
        table = stack.folder / "work" / "desks.csv"
        fleet = ringcx.Destination.fleet(
            "desks", rows=table, group_id=ref("1000"), name="{name}", kind="DID", target="{phone}"
        )
        pulumi.export("ids", {key: row.id for key, row in fleet.items()})

    emulator.faults({"match": {"operation": "CR-04"}, "fault": "status", "code": 400, "times": 1})
    failed = stack.fails(program)
    (line,) = failed.lines
    assert line.startswith("ringcx: 1 of 3 rows failed, 2 are done: row ")
    state = stack.state()["desks"]["outputs"]
    (missing,) = {"denver", "boulder", "aspen"} - state["ids"].keys()
    number = TABLE.splitlines().index(next(row for row in TABLE.splitlines() if row.startswith(missing))) + 1
    assert f'"{missing}" (' in line
    assert f"desks.csv:{number}): " in line

    run = stack.up(program)
    assert {key: run.outputs["ids"][key] for key in state["ids"]} == state["ids"]
    assert names_of(emulator) == ["aspen", "boulder", "denver"]


def test_rows_that_fail_keep_their_ids(emulator: Emulated) -> None:
    provider = registry.provider_for(TOKEN + registry.FLEET)
    declared = rows("a", "b", "c")
    outs = provider.create({ROWS: declared}).outs
    changed = {name: {**row, "description": "new"} for name, row in declared.items()}
    assert provider.diff("f", outs, {ROWS: changed}).changes
    emulator.faults({"match": {"operation": "CR-06"}, "fault": "status", "code": 400, "times": 1})

    with pytest.raises(Partly) as failed:
        provider.update("f", outs, {ROWS: changed})

    now = failed.value.outs
    assert now[IDS] == outs[IDS]
    assert sorted(row.get("description", "") for row in now[ROWS].values()) == ["", "new", "new"]
    another_process()
    assert provider.diff("f", now, {ROWS: changed}).changes
    again = provider.update("f", now, {ROWS: changed}).outs
    assert {row["description"] for row in again[ROWS].values()} == {"new"}


def test_a_create_that_the_state_never_heard_of_is_found_again(emulator: Emulated) -> None:
    provider = registry.provider_for(TOKEN + registry.FLEET)
    outs = provider.create({ROWS: rows("a", "b")}).outs  # the engine is killed before it writes this down
    another_process()

    checked = provider.check({}, {ROWS: rows("a", "b", "c")})
    assert checked.failures == []
    again = provider.create(checked.inputs).outs

    assert {key: again[IDS][key] for key in outs[IDS]} == outs[IDS]
    assert names_of(emulator) == ["a", "b", "c"]


def test_what_is_wrong_with_rows_is_told_by_row(emulator: Emulated) -> None:
    emulator.destination("taken")
    provider = registry.provider_for(TOKEN + registry.FLEET)
    declared = {**rows("a", "taken"), "odd": {**rows("odd")["odd"], "kind": "DIDD"}}

    said = [failure.reason for failure in provider.check({}, {ROWS: declared}).failures]

    assert any(line.startswith('row "odd": kind') for line in said)
    protected = {ROWS: rows("a", "b"), PROTECTED: ["a"]}
    (line,) = [failure.reason for failure in provider.check(protected, {ROWS: rows("b")}).failures]
    assert line.startswith('row "a": it is protected.')
    moved = {"a": {**rows("a")["a"], "group_id": ref("1001")}}
    (line,) = [failure.reason for failure in provider.check(protected, {ROWS: {**rows("b"), **moved}}).failures]
    assert line.startswith('row "a": it is protected.')


def test_before_anything_is_written_nothing_is_said_to_be_done(emulator: Emulated) -> None:
    provider = registry.provider_for(TOKEN + registry.FLEET)
    declared = rows("a", "b")
    with plugin.as_row(plugin.Row(f"urn:pulumi:dev::p::pulumi-python:dynamic/{TOKEN}Fleet::f")):
        outs = provider.create(provider.check({}, {ROWS: declared}).inputs).outs
        emulator.destination("taken")
        another_process()
        with pytest.raises(
            Incomplete, match=r'^ringcx: 1 of 2 rows failed: row "a": destination .* cannot get the name'
        ):
            provider.diff("f", outs, {ROWS: {**declared, "a": {**declared["a"], "name": "taken"}}})


def test_another_group_is_another_object_of_that_row(emulator: Emulated) -> None:
    elsewhere = ref(emulator.group("Elsewhere"))
    provider = registry.provider_for(TOKEN + registry.FLEET)
    declared = rows("a", "b")
    outs = provider.create({ROWS: declared}).outs
    moved = {**declared, "a": {**declared["a"], "group_id": elsewhere}}

    assert provider.diff("f", outs, {ROWS: moved}).replaces == [ROWS]
    new = provider.create({ROWS: moved}).outs

    assert new[IDS]["b"] == outs[IDS]["b"]
    assert new[IDS]["a"].startswith(elsewhere)


def test_rows_that_are_not_known_go_with_the_group_that_they_are_in(emulator: Emulated) -> None:
    provider = registry.provider_for(TOKEN + registry.FLEET)
    outs = provider.create({ROWS: rows("a")}).outs
    unknown = {ROWS: Unknown()}

    assert provider.check({}, unknown).failures == []
    assert provider.diff("f", outs, unknown).replaces == [ROWS]
    assert provider.diff("f", {ROWS: {}, IDS: {}}, unknown).replaces == []


def test_a_fleet_without_rows_is_there_and_one_whose_rows_are_all_gone_is_not(emulator: Emulated) -> None:
    provider = registry.provider_for(TOKEN + registry.FLEET)
    none = provider.create({ROWS: {}}).outs
    read = provider.read("f", none)
    assert (read.id, read.outs, read.inputs) == ("f", none, {ROWS: {}})
    assert not provider.diff("f", none, {ROWS: {}}).changes

    example = EXAMPLES["portsip:RingGroup"]
    provider = registry.provider_for("portsip:RingGroup" + registry.FLEET)
    some = made("portsip:RingGroup", {"a": example.instances(emulator)["made"].args})
    example.remove(emulator, some[IDS]["a"])
    another_process()
    assert provider.read("f", some).id == ""


def test_a_row_whose_key_was_renamed_is_not_made_twice(emulator: Emulated) -> None:
    provider = registry.provider_for(TOKEN + registry.FLEET)
    declared = rows("a", "b")
    renamed = {"x": declared["a"], "b": declared["b"]}
    with plugin.as_row(plugin.Row(f"urn:pulumi:dev::p::pulumi-python:dynamic/{TOKEN}Fleet::f")):
        outs = provider.create(provider.check({}, {ROWS: declared}).inputs).outs
        another_process()
        with pytest.raises(Partly) as failed:
            provider.update("f", outs, provider.check({ROWS: declared}, {ROWS: renamed}).inputs)
        assert "row \"x\": a destination named 'a' exists already, with the id " in str(failed.value.cause)
        assert "leave the row's key as it was if it was renamed" in str(failed.value.cause)

        another_process()
        taken = provider.check({ROWS: declared}, {ROWS: {**renamed, "x": {**declared["a"], "adopt": True}}}).inputs
        now = provider.update("f", outs, taken).outs
    assert now[IDS] == {"x": outs[IDS]["a"], "b": outs[IDS]["b"]}
    assert names_of(emulator) == ["a", "b"]


def test_progress_is_told_and_rows_do_not_stop_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(pulumi.log, "info", said.append)
    monkeypatch.setattr(fleet_work, "_TELL_SECONDS", 0.0)
    at_once = threading.Barrier(8, timeout=60)

    def do(key: str) -> None:
        at_once.wait()
        if key == "3":
            raise BadRequest("ringcx", "POST /x", 400, "no")

    work = Work("ringcx", do, {str(key): plugin.Row(f"urn:{key}") for key in range(8)}, said="desks")

    assert list(work.wrong) == ["3"]
    assert said[0].startswith("ringcx: desks: 1 of 8, 7 at ")
    assert " a minute: " in said[0]


def test_drift_is_told_by_row(emulator: Emulated) -> None:
    provider = registry.provider_for(TOKEN + registry.FLEET)
    declared = rows("a", "b")
    outs = provider.create({ROWS: declared}).outs
    type_ = f"pulumi-python:dynamic/{TOKEN}Fleet"
    entry = {"urn": f"urn:pulumi:dev::p::{type_}::desks", "type": type_, "id": "desks", "inputs": {ROWS: declared}}
    state = {"deployment": {"resources": [{**entry, "outputs": outs}]}}
    path = f"/cloudRouteDestinationGroups/1000/cloudRouteDestinations/{outs[IDS]['b'].rpartition('/')[2]}"
    there = emulator.api("GET", path)
    kept = {name: there[name] for name in ("destinationName", "destinationType")}
    emulator.api("PUT", path, {**kept, "routeDestination": "13035559999"})
    another_process()

    found = drifted(state)

    assert [(one.label, one.id) for one in found.drifts] == [('desks["b"]', outs[IDS]["b"])]
    assert found.unmanaged == []
