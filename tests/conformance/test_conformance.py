"""``voice-routing conformance``: what it makes, what it finds out, and that the emulator can be told to do the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pulumi_voice_routing.commands.conformance.meeting import Meeting, as_json, met
from pulumi_voice_routing.commands.conformance.specimens import MARK, Subjects
from pulumi_voice_routing.commands.stand_in import VENDORS, forget_clients
from pulumi_voice_routing.emulator import StateError, create_app
from tests.emulated import ACCOUNT, Emulated, operations, settings_for
from tests.examples.numbers import MANAGER
from tests.second_server.server import Server, listening
from tests.second_server.ways import ALL, OF_NUMBERS, PLAIN, WAYS, Ways

NUMBER = "+13035550177"


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[pytest.MonkeyPatch]:
    monkeypatch.setenv("VOICE_ROUTING_CACHE_DIR", str(tmp_path / "cache"))
    yield monkeypatch
    forget_clients()


def meet(url: str, vendor: str, settings: pytest.MonkeyPatch, *, active_flag: bool = True) -> Meeting:
    for name, value in settings_for(url).items():
        settings.setenv(name, value)
    return met(vendor, Subjects(MARK, [NUMBER], "8777"), lambda done, of, what: None, active_flag=active_flag)


@pytest.mark.parametrize("vendor", VENDORS)
def test_nothing_but_marked_and_inactive_objects(vendor: str, emulator: Emulated, settings: pytest.MonkeyPatch) -> None:
    before = emulator.state()["objects"]
    found = meet(emulator.url, vendor, settings, active_flag=False)
    assert found.problems == []
    assert found.unexpected == {}
    assert found.differences == []
    assert [life.token for life in found.lives if not life.steps and not life.skipped] == []
    after = emulator.state()["objects"]
    new = {kind: [one for one in records if one not in before[kind]] for kind, records in after.items()}
    assert all(MARK in json.dumps(one) for records in new.values() for one in records)
    assert not any(one.get("isActive") or one.get("isEnabled") for records in new.values() for one in records)
    assert all(one in after[kind] for kind, records in before.items() for one in records)
    switched = {"CR-08", "CR-13", "HT-11"} & set(operations(emulator.journal(), writes=True))
    bodies = [call["request"] for call in emulator.journal() if call["operation"] in switched]
    assert {"isActive": True} not in bodies


@pytest.mark.whole_run
def test_an_account_is_met_again(emulator: Emulated, settings: pytest.MonkeyPatch) -> None:
    """What the first meeting had to leave is taken over, and what else is in the account makes no difference."""
    emulator.manage("POST", f"{MANAGER}/dnisPool", [{"dnis": "13035550100", "reservedAccountId": ACCOUNT}])
    for _ in range(2):
        found = meet(emulator.url, "ringcx", settings, active_flag=False)
        assert (found.problems, found.differences) == ([], [])
    assert "taken over" in next(life.steps for life in found.lives if life.token == "ringcx:RouteGroup")


LIKE: dict[str, tuple[str, dict[str, Any]]] = {
    "omitted fields are kept": ("ringcx", {"put": "merge"}),
    "plus signs are taken away": ("ringcx", {"plus_in_targets": "stripped"}),
    "created is 201": ("ringcx", {"created_status": 201}),
    "an update switches": ("ringcx", {"put_sets_active": True}),
    "content": ("ringcx", {"search_form": "content"}),
    "an array": ("ringcx", {"search_form": "array"}),
    "features by themselves": ("ringex", {"ringex_features": "unwrapped"}),
    "features without a parameter": ("ringex", {"ringex_features": "no_parameter"}),
    "no feature": ("ringex", {"ringex_features": "absent"}),
}


@pytest.mark.parametrize("way", LIKE)
@pytest.mark.whole_run
def test_what_no_document_says_is_found_out(
    way: str, emulator: Emulated, settings: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The file that comes of it makes another emulator the same."""
    vendor, switches = LIKE[way]
    emulator.faults(**switches)
    found = meet(emulator.url, vendor, settings)
    emulator.forget_journal()  # some of these ways are beyond the contracts
    assert found.problems == []
    assert {name: found.like[name] for name in switches} == switches
    file = tmp_path / "met.json"
    file.write_text(json.dumps(as_json([found])))
    like = create_app(like_file=file).state.emulator
    assert {name: getattr(like.world.switches, name) for name in switches} == switches
    like.faults.change({"clear": True})
    assert {name: getattr(like.world.switches, name) for name in switches} == switches


@pytest.mark.whole_run
def test_lists_that_are_late_are_waited_for(emulator: Emulated, settings: pytest.MonkeyPatch) -> None:
    emulator.faults(lists_late_seconds=1)
    found = meet(emulator.url, "ringcx", settings)
    (late,) = [answer for answer in found.answers if "late" in answer.question]
    assert 0.5 <= late.like["lists_late_seconds"] < 10


@pytest.mark.parametrize(
    "broken", [None, {}, {"like": []}, {"like": {"put": "perhaps"}}, {"like": {"weather": "fine"}}], ids=str
)
def test_the_emulator_refuses_other_files(broken: Any, tmp_path: Path) -> None:
    file = tmp_path / "met.json"
    file.write_text(json.dumps(broken))
    with pytest.raises(StateError, match=r"^[^\n]*met.json[^\n]*$"):
        create_app(like_file=file)


@contextmanager
def second_server(ways: Ways) -> Iterator[str]:
    with listening(Server(ways)) as url:
        yield url


_CASES = {"plain": PLAIN, "all": ALL, **{name: frozenset({name}) for name in WAYS}}


def _has_such(vendor: str, ways: Ways) -> bool:
    """Whether a vendor can answer in such a way: those of numbers are RingCX's, those of users RingEX's."""
    about = {
        "ringcx": ways <= OF_NUMBERS,
        "ringex": ways <= {"ids_as_numbers", "times_otherwise", "features_unwrapped"},
    }
    return not ways or about.get(vendor, False) or not any(about.values())


@pytest.mark.parametrize(
    ("ways", "vendor"),
    [(name, vendor) for name, ways in _CASES.items() for vendor in VENDORS if _has_such(vendor, ways)],
)
@pytest.mark.whole_run
def test_the_second_server_in_all_its_ways(ways: str, vendor: str, settings: pytest.MonkeyPatch) -> None:
    with second_server(_CASES[ways]) as url:
        found = meet(url, vendor, settings)
        assert found.problems == []
    said = json.dumps(as_json([found]))
    assert NUMBER.removeprefix("+") not in said
    if "extra_fields" in _CASES[ways]:
        assert any("not among the fields" in line for lines in found.unexpected.values() for line in lines)
    if ways in ("array", "content") and vendor == "ringcx":
        assert found.like["search_form"] == ways


def run(*words: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pulumi_voice_routing", "conformance", *words],
        env={**{name: one for name, one in os.environ.items() if not name.startswith(("RING", "PORTSIP"))}, **env},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


@pytest.mark.whole_run
def test_it_asks_first_and_sweeps_dry(emulator: Emulated, emulator_env: dict[str, str], tmp_path: Path) -> None:
    env = {**emulator_env, "VOICE_ROUTING_CACHE_DIR": str(tmp_path / "cache")}
    with emulator.recording() as calls:
        done = run("--vendor", "portsip", env=env)
    assert (done.returncode, operations(calls, writes=True)) == (3, [])
    assert done.stderr.endswith("error: nothing was done; with --yes nobody is asked\n")
    emulator.call("POST", "/api/blacklisted_numbers", {"number": "+12025550142", "description": f"{MARK}, old"})
    emulator.call("POST", "/api/blacklisted_numbers", {"number": "+12025550149", "description": "somebody else's"})
    with emulator.recording() as calls:
        done = run("--sweep", "--vendor", "portsip", env=env)
    assert (done.returncode, operations(calls, writes=True)) == (0, [])
    assert done.stdout.splitlines()[-1] == "1 objects are left; --sweep --yes removes what can be removed"
    done = run("--sweep", "--yes", "--vendor", "portsip", env=env)
    assert done.stdout.splitlines()[-1] == "1 removed, 0 left"
    (left,) = emulator.records("PortSipBlacklistedNumber")
    assert left["description"] == "somebody else's"
    file = tmp_path / "met.json"
    done = run("--yes", "--vendor", "portsip", "--file", str(file), env=env)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(file.read_text())["like"] == {}


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["--vendor", "acme"], "error: there is no vendor acme; there are ringcx, ringex, portsip"),
        ([], "error: no vendor has settings; see `voice-routing doctor`"),
        (["--vendor", "ringcx"], "error: The RingCX account id is not set. "),
        (["--number", "desk"], "error: --number: 'desk' is not a telephone number: "),
        (["--file", "nowhere/met.json"], "error: nowhere/met.json cannot be written: "),
    ],
)
def test_bad_input_is_one_line(words: list[str], line: str, tmp_path: Path) -> None:
    done = run("--yes", *words, env={"VOICE_ROUTING_CACHE_DIR": str(tmp_path)})
    assert done.returncode == 3
    assert done.stderr.startswith(line)
    assert done.stderr.count("\n") == 1
