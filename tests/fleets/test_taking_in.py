"""What is taken into a state beside fleets knows their rows."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

import pulumi
import pytest
from typer.testing import CliRunner

from pulumi_voice_routing.cli import app
from pulumi_voice_routing.commands.stack_state import Entered, StackState
from pulumi_voice_routing.errors import VoiceRoutingError
from pulumi_voice_routing.lifecycle import saved_rows
from pulumi_voice_routing.lifecycle.fleet_resource import _options
from pulumi_voice_routing.lifecycle.fleet_rows import IDS, ROWS
from pulumi_voice_routing.plan import pulumi_cli
from tests.emulated import Emulated, settings_for
from tests.examples import ref

PREFIX = "pulumi-python:dynamic/"
TYPE = "ringcx:DestinationFleet"
START = "urn:pulumi:dev::lines::"
FLEET = f"{START}{PREFIX}ringcx:DestinationFleet::desks"


def with_fleet(id_: str) -> dict[str, Any]:
    row = {"group_id": ref("1000"), "name": "denver", "kind": "DID", "target": "+13035551234"}
    entry = {"urn": FLEET, "type": f"{PREFIX}ringcx:DestinationFleet", "id": "desks", "inputs": {ROWS: {"denver": row}}}
    return {"deployment": {"resources": [{**entry, "outputs": {ROWS: {"denver": row}, IDS: {"denver": id_}}}]}}


def test_what_names_a_row_depends_on_its_fleet() -> None:
    state = StackState(with_fleet("1/2/3"), "lines", "dev")
    rows = [(f"{PREFIX}ringcx:Destination", 'desks["denver"]'), (f"{PREFIX}ringcx:Profile", "line")]
    state.enter([Entered("ringcx:ProfileDestinations", "split", "1/2/4", {}, {}, rows)])
    assert state._resources[-1]["dependencies"] == [FLEET, f"{START}{PREFIX}ringcx:Profile::line"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["import", "ringcx:Destination", "denver", "ID"], 'ID already, as desks["denver"], a row of a fleet'),
        (["adopt", "--group", "1000", "--program", "FILE"], 'ID as desks["denver"], a row of a fleet, which --program'),
    ],
)
def test_a_row_is_not_declared_once_more(
    words: list[str], said: str, emulator: Emulated, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    for name, value in settings_for(emulator.url).items():
        monkeypatch.setenv(name, value)
    id_ = ref("1000", emulator.destination("denver"))
    monkeypatch.setattr(pulumi_cli, "exported", lambda *_: with_fleet(id_))
    file = tmp_path / "adopted.py"
    words = [one.replace("ID", id_).replace("FILE", str(file)) for one in words]
    done = CliRunner().invoke(app, [*words, "--stack", "dev"])
    assert said.replace("ID", id_) in str(done.exception)
    assert not file.exists()


def test_of_new_rows_nothing_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    exported: Future[Any] = Future()
    exported.set_result(with_fleet("1/2/3"))
    monkeypatch.setattr("pulumi_voice_routing.lifecycle.saved_rows.engine.get_monitor", object)
    monkeypatch.setattr(saved_rows, "before_the_run", lambda: exported)
    rows = _options(pulumi.ResourceOptions(ignore_changes=["target"]), ["denver", "aspen"], PREFIX + TYPE)
    assert rows.ignore_changes == ['rows["denver"].target']
    assert saved_rows.saved_keys(f"{PREFIX}ringcx:ProfileFleet") == set()
    exported = Future()
    exported.set_exception(VoiceRoutingError("no"))
    assert saved_rows.saved_keys(PREFIX + TYPE) is None
