"""Every file that is read: of numbers, of hours, of approvals, of previews and states, and those of the emulator."""

from __future__ import annotations

import datetime
import json
import subprocess
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from pulumi_voice_routing import registry
from pulumi_voice_routing.cli import app
from pulumi_voice_routing.commands.stack_state import Entered, StackState
from pulumi_voice_routing.emulator import create_app
from pulumi_voice_routing.emulator.store import StateError
from pulumi_voice_routing.errors import VoiceRoutingError
from pulumi_voice_routing.lifecycle.declaring import sent
from pulumi_voice_routing.lifecycle.provider import MANAGED
from pulumi_voice_routing.permission.approvals import Approvals, Change
from pulumi_voice_routing.ringcx.cloud_routing.hours_table import HOURS, HoursTable
from pulumi_voice_routing.safety import run as state
from tests.fuzz.answers import WORDS
from tests.fuzz.hostile import NASTY, clean, inputs, json_values, spoilt, value_or_lines
from tests.fuzz.world import World
from tests.gate.previews import preview, same, step

POOL = registry.provider_for("ringcx:DnisPool")
DAY = datetime.date(2026, 1, 1)

keys = st.sampled_from([*WORDS, "urn", "type", "id", "inputs", "outputs", "resources", "deployment"]) | st.text(
    max_size=5
)
noise = st.sampled_from([text for text in NASTY if len(text) < 10_000]) | st.text(max_size=10)
cells = noise | st.sampled_from(
    ['"', '""', '"a\nb"', ",", "|", "\t", "\r", "\r\n", "=1+1", "100", "-1", "1e2", "\ufeff"]
)


def _table(header: list[str], row: list[str]) -> st.SearchStrategy[str]:
    """A table with something wrong in it."""

    @st.composite
    def draw_one(draw: st.DrawFn) -> str:
        delimiter = draw(st.sampled_from([",", "|", "\t", ";", "\x00"]))
        rows = [list(header), *(list(row) for _ in range(draw(st.integers(0, 3))))]
        for _ in range(draw(st.integers(0, 4))):
            line = draw(st.sampled_from(rows))
            place = draw(st.integers(0, max(len(line) - 1, 0)))
            line[place : place + draw(st.integers(0, 2))] = draw(st.lists(cells, max_size=2))
        newline = draw(st.sampled_from(["\n", "\r\n", "\r", "\n\n"]))
        return draw(st.sampled_from(["", "\ufeff", "\n"])) + newline.join(delimiter.join(line) for line in rows)

    return draw_one()


pool_files = _table(["dnis", "dnisDescription", "active", "vruNetworkId"], ["+13035550100", "Denver", "true", "7"])


@inputs(60)
@given(text=pool_files | noise)
def test_numbers_as_text(text: str) -> None:
    checked = POOL.check({}, {"file": text})
    for failure in checked.failures:
        clean(failure.reason)
    if not checked.failures and isinstance(checked.inputs["file"], str):
        assert POOL.diff("1", {MANAGED: ["file"], **checked.inputs}, checked.inputs).replaces == []


@inputs(30)
@given(content=pool_files.map(lambda text: text.encode("utf-8", "surrogatepass")) | st.binary(max_size=60))
def test_numbers_in_a_file_of_the_program(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.getbasetemp() / "numbers.csv"
    file.write_bytes(content)

    def declare() -> None:
        given = sent("pool", pulumi.FileAsset(str(file)))
        for failure in POOL.check({}, {"file": given}).failures:
            clean(failure.reason)

    value_or_lines(declare)


HEADER = ["id", *(f"H{hour:02}" for hour in range(HOURS))]


@inputs(60)
@given(text=_table(HEADER, ["7", *["100"] * HOURS]) | noise, other=_table(HEADER, ["7", *["50"] * HOURS]))
def test_tables_of_hours(text: str, other: str) -> None:
    def read() -> None:
        table = HoursTable.read(text, ["7"])
        assert HoursTable.read(table.text(), ["7"]).shares() == table.shares()
        table.with_rows_of(HoursTable.read(other, ["7"])).text()

    value_or_lines(read)


@inputs(60)
@given(text=_table(["dnis", "routeDestination", "countryId"], ["13035550100", "sip:x", "1"]) | noise, data=st.data())
def test_tables_that_the_emulator_is_sent(text: str, data: st.DataObject, world: World) -> None:
    world.start_over()
    group = "/voice/api/v1/admin/accounts/123456"
    uploads = [
        f"{group}/cloudRouteDestinationGroups/1000/cloudRouteDestinations/{world.destination('x')}/dnisOverrides/batch",
        "/voice/api/v1/admin/utilities/tnManager/uploadDnisPool?fileType=COMMA",
    ]
    content = text.encode("utf-8", "surrogatepass")
    answer = world.upload(data.draw(st.sampled_from(uploads)), content)
    assert answer.status_code < 500


APPROVAL = """[[approval]]
rule = "reassign-active-dnis"
objects = ["+13035551234"]
from = "profile 1001"
to = "profile 1002"
reason = "x"
ticket = "OPS-1"
until = 2026-12-31
"""


@st.composite
def _spoilt_text(draw: st.DrawFn, text: str) -> str:
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = start + draw(st.integers(0, 12))
        odd = draw(
            noise | st.sampled_from(["[", "]", "=", '"', "'''", "1979-05-27T07:32:00", "{a=1}", "nan", "\\uD800"])
        )
        text = text[:start] + odd + text[end:]
    return text


@inputs(60)
@given(content=_spoilt_text(APPROVAL).map(lambda text: text.encode("utf-8", "surrogatepass")) | st.binary(max_size=40))
def test_approvals(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.getbasetemp() / "approvals.toml"
    file.write_bytes(content)
    change = Change("reassign-active-dnis", "+13035551234", "profile 1001", "profile 1002")

    def read() -> None:
        approvals = Approvals.read(file)
        approvals.allow(change, DAY)
        approvals.why_not(change, DAY)

    value_or_lines(read)


def _documents(fine: Any) -> st.SearchStrategy[bytes]:
    """The text of a JSON document with something wrong in it, or of no document at all."""
    values = json_values(keys)
    texts = (spoilt(fine, values) | values).map(json.dumps).filter(lambda text: len(text) < 50_000)
    cut = st.builds(lambda text, end: text[:end], texts, st.integers(0, 400))
    odd = st.sampled_from(
        [b"", b"[" * 20_000, b"\xff\xfe", b'{"a": NaN}', b"9" * 5_000, b'{"resources": ' + b"9" * 5_000]
    )
    return texts.map(str.encode) | cut.map(str.encode) | odd | st.binary(max_size=20)


EMULATOR_STATE = {
    "counters": {"CloudRouteGroup": 1001},
    "objects": {
        "Account": [{"accountId": "123456", "accountName": "x", "mainAccountId": "1"}],
        "CloudRouteGroup": [{"cloudGroupId": 1000, "groupName": "x", "accountId": "123456"}],
        "CloudRouteDestination": [{"cloudDestinationId": 1001, "cloudGroupId": 1000, "destinationName": "x"}],
    },
}


@inputs(50)
@given(content=_documents(EMULATOR_STATE))
def test_files_that_the_emulator_starts_from(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.getbasetemp() / "state.json"
    file.write_bytes(content)
    for named in (True, False):
        with suppress(StateError):
            create_app(state_file=file if named else None, seed_file=None if named else file)


RESOURCE = {
    "urn": "urn:pulumi:dev::lines::pulumi-python:dynamic/ringcx:Destination::denver",
    "type": "pulumi-python:dynamic/ringcx:Destination",
    "id": "123456/1000/1001",
    "custom": True,
    "inputs": {"name": "Denver"},
    "outputs": {"name": "Denver", "target": "+13035550100"},
}
STATE = {"version": 3, "deployment": {"resources": [RESOURCE]}}


def _said(content: bytes) -> Callable[..., Any]:
    """In the place of running a command: it prints this."""

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 0, content.decode("utf-8", "surrogateescape"), "")

    return run


@inputs(50)
@given(content=_documents(STATE))
def test_states_that_the_policies_ask_for(content: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pulumi_voice_routing.plan.pulumi_cli.subprocess.run", _said(content))
        try:
            before = state.exported("organization/lines/dev")
        except state.Unreadable as error:
            clean(str(error))
        else:
            before.with_id("ringcx:Destination", "123456/1000/1001")


@inputs(50)
@given(content=_documents(STATE), project=st.sampled_from(["name: lines", "name: 'x", "", "\x00", "name:\n", "\ud800"]))
def test_states_that_are_adopted_into(content: bytes, project: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.getbasetemp()
    (folder / "Pulumi.yaml").write_bytes(project.encode("utf-8", "surrogatepass"))
    entered = Entered("ringcx:Destination", "denver", "123456/1000/1001", {"name": "Denver"}, {"name": "Denver"})

    def adopt() -> None:
        there = StackState.read(folder, "dev")
        there.names()
        there.enter([entered])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pulumi_voice_routing.plan.pulumi_cli.subprocess.run", _said(content))
        value_or_lines(adopt)


NUMBER = {"dnis": "+13035550100", "profile": "123456/1000/1001"}
PREVIEW = preview(
    step(
        "update",
        "ringcx:DnisAssignment",
        "sales",
        id="123456/13035550100",
        old=NUMBER,
        new={**NUMBER, "profile": "1002"},
    ),
    step(
        "delete",
        "ringcx:Destination",
        "denver",
        id="123456/1000/1001",
        old={"name": "Denver", "target": "+13035550100"},
    ),
    same("ringcx:Profile", "support", id="123456/1000/1001", name="Support", active=True),
)


@pytest.mark.whole_run
@inputs(60)
@given(data=st.data(), form=st.sampled_from(["text", "json", "markdown", "sarif"]))
def test_the_gate(data: st.DataObject, form: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.getbasetemp()
    files = {"preview": PREVIEW, "state": STATE, "config": {"all": "mandatory"}}
    hostile = data.draw(st.sampled_from(["preview", "preview", *files]))
    for name, fine in files.items():
        content = data.draw(_documents(fine)) if name == hostile else json.dumps(fine).encode()
        (folder / name).write_bytes(content)
    options = [f"--{hostile}", str(folder / hostile)] if hostile != "preview" else []
    _runs("gate", str(folder / "preview"), "--cwd", str(folder), "--format", form, *options)


@inputs(20)
@given(content=_documents({"version": 1, "findings": [{"rule": "x", "object": "y", "from": "a", "to": "b"}]}))
def test_reports_that_are_approved(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.getbasetemp()
    (folder / "report.json").write_bytes(content)
    said = ["--rule", "x", "--reason", "r", "--ticket", "t", "--until", str(datetime.date.today())]
    _runs("approve", str(folder / "report.json"), "--all", "--file", str(folder / "new.toml"), *said)


def _runs(*command: str) -> None:
    """A command says something, or fails with one line."""
    done = CliRunner().invoke(app, command)
    if isinstance(done.exception, VoiceRoutingError):
        clean(str(done.exception))
        return
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    if done.stderr:
        (line,) = done.stderr.splitlines()
        clean(line)
