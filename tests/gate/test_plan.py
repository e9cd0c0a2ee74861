"""What the gate makes of the files that the engine writes, and of others."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from pulumi_voice_routing.plan import preview as preview_files
from pulumi_voice_routing.plan.plan import Plan, PlanError, read_plan
from pulumi_voice_routing.plan.sources import planned
from tests.gate.previews import (
    DENVER,
    GROUP,
    HOTLINE,
    LINE,
    MOVED,
    PICKLED,
    RENAMED,
    STACK,
    Json,
    events,
    line,
    policy_event,
    preview,
    state_of,
    step,
    urn,
    written,
)

STACK_STEP: Json = {"op": "same", "urn": f"{STACK}pulumi:pulumi:Stack::lines-dev", "oldState": None}
STACK_STEP["newState"] = {"urn": STACK_STEP["urn"], "type": "pulumi:pulumi:Stack"}


def plan(folder: Path, *steps: Json, **members: object) -> Plan:
    return read_plan(written(folder, preview(*steps, **members)))


def test_a_preview_says_what_there_is_before_and_after(tmp_path: Path) -> None:
    read = plan(tmp_path, STACK_STEP, *line(MOVED))

    assert (read.stack, read.project, read.unchanged_missing) == ("dev", "lines", 0)
    assert [one.op for one in read.steps] == ["same"] * 5 + ["update"]
    moved = read.steps[-1]
    assert moved.before is not None
    assert moved.after is not None
    assert (moved.before.get("profile"), moved.after.get("profile")) == ("123456/1001/1001", "123456/1001/1002")
    assert moved.source == "numbers/support.py#12"


def test_both_forms_are_one_plan(tmp_path: Path) -> None:
    steps = [STACK_STEP, *line(MOVED)]
    document, log = plan(tmp_path, *steps), read_plan(written(tmp_path, events(*steps), "events.jsonl"))

    assert log.hash == document.hash
    assert [(one.urn, one.op) for one in log.steps] == [(one.urn, one.op) for one in document.steps]


def test_the_hash_is_of_what_would_be_done(tmp_path: Path) -> None:
    hashes = [plan(tmp_path, *line(*changes)).hash for changes in ((), (MOVED,), (MOVED, RENAMED))]

    assert len({one.changes for one in hashes}) == 3
    assert len({one.state for one in hashes}) == 1


def test_the_hash_is_of_the_state_too(tmp_path: Path) -> None:
    elsewhere = step("same", "ringcx:Destination", "denver", id="123456/1001/2001", old={"target": "1"}, new={})
    ours, other = plan(tmp_path, *line(MOVED)).hash, plan(tmp_path, *line(MOVED, elsewhere)).hash

    assert ours.state != other.state
    assert ours.changes == other.changes


def test_the_hash_is_not_of_times_places_and_order(tmp_path: Path) -> None:
    ours = plan(tmp_path, *line(MOVED)).hash
    again = json.loads(json.dumps([*line(MOVED)]))
    for one in again:
        one["newState"] |= {"created": "2027-01-01T00:00:00Z", "modified": "now", "sourcePosition": "project:///x.py#1"}
        one["newState"]["stackTrace"] = []
    assert plan(tmp_path, *reversed(again), duration=7).hash == ours


def test_what_a_secret_is_does_not_matter(tmp_path: Path) -> None:
    secret = {"name": "CRM", "password": "[secret]"}
    auth = step("create", "ringcx:BasicAuth", "crm", new=secret)

    after = plan(tmp_path, auth).after[0]

    assert not isinstance(after.get("password"), str)
    assert "[secret]" not in repr(after)
    assert PICKLED not in repr(after)


def test_the_hash_is_of_what_unknown_values_are_made_of(tmp_path: Path) -> None:
    def made(of: str) -> Plan:
        inputs = {"dnis": "+13035550155", "profile": "04da6b54-80e4-46f7-96ec-b56ff0331ba9"}
        behind = {"profile": [urn("ringcx:Profile", of)], "dnis": [urn("ringcx:Dnis", of)]}
        return plan(tmp_path, *LINE, step("create", "ringcx:DnisAssignment", "new", new=inputs, behind=behind))

    def told(*steps: Json) -> Plan:
        return read_plan(written(tmp_path, events(*steps), "events.jsonl"))

    ours, other = made("support"), made("sales")
    unknown = step("create", "ringcx:Dnis", "new", new={"dnis": "04da6b54-80e4-46f7-96ec-b56ff0331ba9"})

    assert ours.hash.state == other.hash.state
    assert ours.hash.changes != other.hash.changes
    assert ours.same_as(other)
    assert [one.leads_unseen for one in (ours, told(unknown), told(*line(MOVED)))] == [False, True, False]


@pytest.mark.parametrize("flags", [{"protect": False}, {"protect": True, "retainOnDelete": True}])
def test_the_hash_is_of_protection_that_goes_or_comes(tmp_path: Path, flags: Json) -> None:
    guarded = {**HOTLINE, "newState": {**HOTLINE["newState"], **flags}}

    assert plan(tmp_path, *line(guarded)).hash.changes != plan(tmp_path, *LINE).hash.changes


def provider(op: str, name: str) -> Json:
    one = f"{STACK}pulumi:providers:pulumi-python::{name}"
    state = {"urn": one, "type": "pulumi:providers:pulumi-python", "custom": True, "id": "7", "inputs": {"version": op}}
    return {"op": op, "urn": one, "oldState": state, "newState": state}


def test_providers_of_the_program_are_resources_and_default_ones_are_not(tmp_path: Path) -> None:
    mine = plan(tmp_path, STACK_STEP, provider("update", "mine"), *LINE)
    short = written(tmp_path, preview(STACK_STEP, hidden=7), "short.json")
    state = state_of(provider("same", "mine"), *LINE)

    assert [one.urn.rpartition("::")[2] for one in mine.others] == ["lines-dev", "mine"]
    assert mine.hash != plan(tmp_path, STACK_STEP, *LINE).hash
    default = plan(tmp_path, STACK_STEP, provider("update", "default_1_2_3"), *LINE)
    assert default.hash == plan(tmp_path, STACK_STEP, *LINE).hash
    completed = planned(short, state=written(tmp_path, state, "state.json"))
    assert completed.hash == plan(tmp_path, STACK_STEP, *LINE).hash


def test_what_was_replaced_before_and_is_still_to_be_deleted_is_no_step(tmp_path: Path) -> None:
    pending = {**deleted(HOTLINE), "op": "delete-replaced"}
    pending["oldState"] = {**HOTLINE["oldState"], "delete": True}

    log = read_plan(written(tmp_path, events(*LINE, pending), "events.jsonl"))

    assert log.hash == plan(tmp_path, *LINE).hash
    assert not any(step.changes for step in log.steps)


def deleted(one: Json) -> Json:
    return {"op": "delete", "urn": one["urn"], "oldState": one["oldState"]}


def without(one: Json, *names: str) -> Json:
    return {name: value for name, value in one.items() if name not in names}


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ([without(deleted(HOTLINE), "oldState")], "the step delete without the old state"),
        ([without(MOVED, "oldState")], "the step update without the old state"),
        ([without(MOVED, "newState")], "the step update without the new state"),
        ([{**MOVED, "oldState": without(MOVED["oldState"], "outputs")}], "the step update without the old state"),
        ([{**MOVED, "newState": without(MOVED["newState"], "inputs")}], "the step update without the new state"),
        ([{**MOVED, "op": "frobnicate"}], "a step with the operation 'frobnicate'"),
        ([{**MOVED, "op": ""}], "a step with the operation ''"),
        ([{**MOVED, "oldState": {**MOVED["oldState"], "type": "random:index:Id"}}], "with the state of another"),
        ([{**MOVED, "urn": f"{STACK}random:index:Id::hotline"}], "with the state of another"),
        ([{**MOVED, "urn": urn("ringcx:DnisAssignment", "other")}], "with the state of another"),
        ([HOTLINE, MOVED], "several steps: same, update"),
        ([MOVED, MOVED], "several steps: update, update"),
        ([HOTLINE, deleted(HOTLINE)], "several steps: same, delete"),
    ],
)
def test_steps_that_do_not_say_what_they_must_or_contradict_each_other(
    tmp_path: Path, steps: list[Json], says: str
) -> None:
    for text in (json.dumps(preview(*line(), *steps) | {"steps": [*LINE[:-1], *steps]}), events(*LINE[:-1], *steps)):
        with pytest.raises(PlanError, match=says):
            read_plan(written(tmp_path, text))


@pytest.mark.parametrize(
    "steps",
    [
        [{"op": "import", "urn": HOTLINE["urn"], "newState": HOTLINE["newState"]}],
        [{"op": "read", "urn": DENVER["urn"], "newState": {**DENVER["newState"], "external": True}}],
        [{**DENVER, "op": "discard", "newState": None}],
        [{**DENVER, "op": op} for op in ("delete-replaced", "replace", "create-replacement")],
        [{**DENVER, "op": op} for op in ("replace", "create-replacement", "remove-pending-replace")],
        [{**DENVER, "op": op} for op in ("read-replacement", "replace", "discard-replaced")],
        [{**DENVER, "op": "refresh"}, DENVER],
    ],
)
def test_all_steps_of_the_engine_are_read(tmp_path: Path, steps: list[Json]) -> None:
    assert plan(tmp_path, *steps).steps


def test_a_log_ends_with_its_preview(tmp_path: Path) -> None:
    two = events(*LINE) + events(*line(MOVED))
    with pytest.raises(PlanError, match="goes on after the end"):
        read_plan(written(tmp_path, two, "events.jsonl"))


def test_left_out_resources_come_from_the_state(tmp_path: Path) -> None:
    whole = plan(tmp_path, STACK_STEP, *line(MOVED))
    path = written(tmp_path, preview(STACK_STEP, MOVED, hidden=5))

    completed = planned(path, state=written(tmp_path, state_of(*LINE), "state.json"))

    assert completed.hash == whole.hash
    assert sorted(one.urn for one in completed.after) == sorted(one.urn for one in whole.after)


def test_left_out_resources_come_from_the_refresh_of_the_same_run(tmp_path: Path) -> None:
    looks = [{**one, "op": "refresh", "newState": {**one["newState"], **one["oldState"]}} for one in LINE]

    refreshed = plan(tmp_path, *looks, MOVED, hidden=5)

    assert refreshed.unchanged_missing == 0
    assert refreshed.hash == plan(tmp_path, *line(MOVED)).hash


def test_what_is_looked_at_does_not_vanish(tmp_path: Path) -> None:
    look = {**HOTLINE, "op": "refresh"}
    replaced_before = {**look, "oldState": {**HOTLINE["oldState"], "delete": True}}

    with pytest.raises(PlanError, match="nothing says what becomes of it"):
        plan(tmp_path, *LINE[:-1], look)
    assert plan(tmp_path, *LINE[:-1], {**look, "newState": None}).steps
    assert plan(tmp_path, *LINE, replaced_before).hash == plan(tmp_path, *LINE).hash


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (state_of(*LINE[1:]), "made from another state"),
        ({"deployment": {"resources": [{"urn": "urn:pulumi:prod::lines::t::n", "type": "t"}]}}, "another stack"),
        ({"deployment": {"resources": [{"urn": 5}]}}, "is not what `pulumi stack export` prints"),
        (state_of({"oldState": {**HOTLINE["oldState"], "id": 5}}), "is not what `pulumi stack export` prints"),
        (state_of({"oldState": {**HOTLINE["oldState"], "outputs": [1]}}), "is not what `pulumi stack export` prints"),
        ({"deployment": {"resources": 5}}, "is not what `pulumi stack export` prints"),
        ({}, "is not what `pulumi stack export` prints"),
    ],
)
def test_another_state_does_not_complete_a_plan(tmp_path: Path, state: Json, says: str) -> None:
    path = written(tmp_path, preview(STACK_STEP, MOVED, hidden=5))
    with pytest.raises(PlanError, match=says):
        planned(path, state=written(tmp_path, state, "state.json"))


WHOLE = json.dumps(preview(STACK_STEP, *line(MOVED)))
OF_ANOTHER = json.loads(json.dumps(HOTLINE).replace("urn:pulumi:dev::", "urn:pulumi:prod::"))
FAILED = preview(MOVED, diagnostics=[{"severity": "error", "message": "error: boom\nTraceback\n"}])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is not JSON"),
        ("Previewing update (dev):\n", "is not JSON"),
        (WHOLE[:-30], "not all of it"),
        (WHOLE + "{}", "something follows"),
        ('{"steps": [}', "is not JSON"),
        ('{"steps": [' * 50_000, "is not"),
        ('{"steps": [{"op": "same", "urn": "a::b::c::d", "oldState": ' + '{"a":' * 50_000, "is not"),
        ("[]", "is not JSON"),
        ("5", "is not JSON"),
        ("null", "is not JSON"),
        ("{}", "it has no steps"),
        ('{"version": 3, "deployment": {}}', "it has no steps"),
        ('{"steps": 5}', "is not JSON"),
        ('{"steps": {}}', "is not JSON"),
        ('{"steps": [5]}', "is not what the engine writes"),
        ('{"steps": [null]}', "is not what the engine writes"),
        ('{"steps": [{}]}', "is not what the engine writes"),
        ('{"steps": [{"op": "same", "urn": "here"}]}', "without operation or URN"),
        ('{"steps": [{"op": ["same"], "urn": "a::b::c::d"}]}', "without operation or URN"),
        (json.dumps(preview({**DENVER, "oldState": "there"})), "is not what the engine writes"),
        (json.dumps(preview({**DENVER, "newState": {**DENVER["newState"], "inputs": [1]}})), "inputs are no object"),
        (json.dumps(preview({**DENVER, "newState": {**DENVER["newState"], "type": 5}})), "type or id is no text"),
        (json.dumps(preview({**DENVER, "newState": {**DENVER["newState"], "stackTrace": [1]}})), "is not what"),
        (json.dumps(preview(DENVER) | {"changeSummary": {"same": "many"}}), "is not what the engine writes"),
        (json.dumps(preview(DENVER) | {"diagnostics": [5]}), "is not what the engine writes"),
        (json.dumps(preview(DENVER)).replace('"same": 1', '"same": 1e999'), "is not what the engine writes"),
        (json.dumps(preview(DENVER)).replace('"same": 1', '"same": NaN'), "NaN is no number"),
        (json.dumps(preview(DENVER)).replace('"same": 1', '"same": -1'), "it counts -1 steps of same"),
        (json.dumps(preview(DENVER)).replace('"same": 1', '"same": true'), "it counts True steps of same"),
        (json.dumps(preview(DENVER)).replace('"same": 1', '"same": 1.0'), "it counts 1.0 steps of same"),
        (json.dumps(preview(DENVER)).replace('"same": 1', '"same": 1, "same": 0'), "it has same twice"),
        (json.dumps(preview(DENVER) | {"changeSummary": {"same": 1, "sale": 2}}), "steps of 'sale'"),
        (json.dumps(preview(DENVER) | {"changeSummary": {"same": 1, "import": 1}}), "counts 1 steps of import"),
        (json.dumps(preview(DENVER) | {"changeSummary": {"same": 1, "delete": 1}}), "counts 1 steps of delete"),
        (json.dumps(preview(DENVER, GROUP) | {"changeSummary": {"same": 1}}), "counts 1 steps of same and shows 2"),
        (json.dumps(preview(DENVER) | {"changeSummary": [1]}), "is not what the engine writes"),
        (json.dumps(preview(DENVER, MOVED) | {"changeSummary": {"same": 1}}), "counts 0 steps of update"),
        (WHOLE.replace('"op": "update"', '"op": "update", "op": "same"'), "it has op twice"),
        (WHOLE.replace('"name": "Denver"', '"name": NaN'), "NaN is no number"),
        (WHOLE.replace('"name": "Denver"', '"name": -Infinity'), "-Infinity is no number"),
        (json.dumps(preview(DENVER, OF_ANOTHER)), "of several stacks: urn:pulumi:dev::lines, urn:pulumi:prod::lines"),
        (events(DENVER, OF_ANOTHER), "of several stacks"),
        (events(MOVED).replace('"op": "update"', '"op": "update", "op": "same"'), "it has op twice"),
        ("\n".join([WHOLE, WHOLE]), "something follows"),
        (json.dumps(preview(DENVER))[:-1] + ', "steps": []}', "it has steps twice"),
        (json.dumps(FAILED), "of a preview that failed: boom$"),
        (events(MOVED).splitlines()[0], "the events end before the preview did"),
        (events(MOVED)[:-200], "is not JSON"),
        (events(MOVED).replace('"planning": true', '"planning": false'), "of an update, not of a preview"),
        (events(MOVED, said=[{"diagnosticEvent": {"severity": "error", "message": "boom"}}]), "that failed: boom$"),
        ("\ufeff\ufeff" + WHOLE, "is not JSON"),
    ],
    ids=range(51),
)
def test_other_files_are_one_line(tmp_path: Path, text: str, says: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(PlanError, match=says) as raised:
        read_plan(path)
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 700


def test_a_file_that_is_no_text_or_none_or_huge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview_files, "LARGEST_FILE_BYTES", 1 << 20)
    for place, (make, says) in enumerate(
        (
            (lambda path: path.write_bytes(b"\xff\xfe{\x00"), "is not JSON"),
            (lambda path: path.write_bytes(gzip.compress(WHOLE.encode())), "a compressed file"),
            (lambda path: path.symlink_to("/dev/zero"), "it holds no text"),
            (lambda path: path.symlink_to("/dev/null"), "is not JSON"),
            (lambda path: path.mkdir(), "cannot be read"),
            (lambda path: None, "cannot be read"),
            (lambda path: path.write_text(WHOLE + " " * (1 << 20)), "has more than 1 MB"),
        )
    ):
        path = tmp_path / f"{place}.json"
        make(path)
        with pytest.raises(PlanError, match=says):
            read_plan(path)


def test_replacements_are_told_alike_in_both_forms(tmp_path: Path) -> None:
    old, new = HOTLINE["oldState"], HOTLINE["newState"]
    one: Json = {"op": "replace", "urn": HOTLINE["urn"], "oldState": old, "newState": new}
    marked = {**one, "oldState": {**old, "delete": True}}  # as the engine does once the new one is made
    three = [{**marked, "op": "create-replacement"}, marked, {**marked, "op": "delete-replaced", "newState": None}]

    document = plan(tmp_path, one)
    log = read_plan(written(tmp_path, events(*three), "events.jsonl"))

    assert [(step.op, step.before, step.replaces) for step in log.steps] == [
        ("replace", step.before, True) for step in document.steps
    ]
    assert log.hash == document.hash
    assert document.after[0].id is None


def test_an_alias_goes_on_under_its_new_name(tmp_path: Path) -> None:
    renamed = {**RENAMED, "oldState": {**RENAMED["oldState"], "urn": urn("ringcx:Destination", "old-name")}}

    after = plan(tmp_path, renamed).after[0]

    assert (after.id, set(after.aliases)) == ("123456/1001/2001", {urn("ringcx:Destination", "old-name")})


def test_what_policies_said_is_in_the_events(tmp_path: Path) -> None:
    log = events(MOVED, said=[policy_event("no-fridays", "It is Friday.", on=MOVED["urn"])], result="failed")

    read = read_plan(written(tmp_path, log))

    assert read.stopped
    assert [(one.pack, one.policy, one.level, one.message) for one in read.policies] == [
        ("house-rules", "no-fridays", "mandatory", "It is Friday.")
    ]
