"""A living account as a program: all of it, linked, the same bytes each time, clean under every checker."""

from __future__ import annotations

import ast
import csv
import json
import os
import random
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.adopting.account import living
from tests.adopting.conftest import Export, checked, report, writes
from tests.emulated import ACCOUNT, Emulated
from tests.programs.conftest import Program

pytestmark = pytest.mark.whole_run

KINDS = (".py", ".csv", ".md", ".yaml", ".json", ".txt")


def contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text("utf-8") for path in folder.rglob("*") if path.suffix in KINDS
    }


def test_all_of_an_account_is_exported_and_clean(emulator: Emulated, export: Export, tmp_path: Path) -> None:
    living(emulator)
    emulator.forget_journal()
    folder = tmp_path / "line"
    said = export(folder)

    assert writes(emulator) == []
    types = report(folder)["types"]
    # The emulator's extension begins with a mobile telephone of a kind that no resource can be.
    (apart,) = types["ringex:ForwardingNumber"]["apart"]
    assert apart.endswith("a BusinessMobilePhone is the vendor's own")
    assert [one for one in types.values() if one["left_out"]] == []
    assert report(folder)["coverage"] == 100
    assert {name: one["found"] for name, one in types.items() if one["found"] > 30} == {
        "ringcx:Destination": 60,
        "ringcx:Dnis": 220,
        "ringcx:DnisAssignment": 140,
        "ringcx:TrackingRoutingRule": 39,
    }
    without = {name for name, one in types.items() if not one["found"] and not one["why"]}
    assert without == {"ringcx:CustomAuth"}
    assert "583 objects" in said

    checked("ruff", "format", "--isolated", "--check", ".", folder=folder)
    checked("ruff", "check", "--isolated", ".", folder=folder)
    (folder / "mypy.ini").write_text("[mypy]\nstrict = True\n")
    checked("mypy", "--config-file", "mypy.ini", *(path.name for path in folder.glob("*.py")), folder=folder)

    literal = re.compile(rf"{ACCOUNT}/(?!100001$)[0-9a-f/-]+")
    for path in folder.glob("*.py"):
        texts = {node.value for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Constant)}
        ids = {text for text in texts if isinstance(text, str) and literal.fullmatch(text)}
        assert ids == set(), path
    with (folder / "dnis_assignment.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["profile"] for row in rows} > {"support-main", "sales-night", ""}
    assert [row["active"] for row in rows].count("false") == 20
    names = set(re.findall(r'ringcx\.\w+\(\s+"([^"]+)"', (folder / "ringcx_cloud_routing.py").read_text("utf-8")))
    assert {"support-denver", "support-denver-2", "osterreich", "after-hours-weekends"} <= names
    assert 'config.require_secret("crmApiKey")' in (folder / "ringcx_http_services.py").read_text("utf-8")
    assert "canary" not in "".join(contents(folder).values())


def test_the_same_account_is_the_same_bytes(emulator: Emulated, export: Export, tmp_path: Path) -> None:
    living(emulator)
    export(tmp_path / "one" / "line")
    state = emulator.state()
    for records in state["objects"].values():
        random.Random(7).shuffle(records)
    emulator.put_state(state)
    export(tmp_path / "two" / "line")
    assert contents(tmp_path / "one" / "line") == contents(tmp_path / "two" / "line")
    assert "objects in" in export(tmp_path / "one" / "line"), "the same program is no obstacle"
    emulator.group("Another")
    assert "exists already" in export(tmp_path / "one" / "line", code=1)


def test_what_was_adopted_plans_nothing_and_writes_nothing(
    emulator: Emulated, export: Export, tmp_path: Path, adopted_env: dict[str, str]
) -> None:
    living(emulator)
    folder = tmp_path / "line"
    export(folder)
    program = Program(folder, "dev", {**os.environ, **adopted_env})
    program.init()
    assert "secrets are not set" in export(folder, "--adopt", code=1, env=adopted_env)
    for key in re.findall(r'require_secret\("(\w+)"\)', (folder / "ringcx_http_services.py").read_text("utf-8")):
        program.ok("config", "set", "--secret", key, f"canary-of-{key}")
    before = emulator.state()
    emulator.forget_journal()

    assert "583 entered into the stack's state" in export(folder, "--adopt", env=adopted_env)
    plan = tmp_path / "preview.json"
    plan.write_text(program.ok("preview", "--json", "--show-sames"))
    gate = [sys.executable, "-m", "pulumi_voice_routing", "gate", str(plan)]
    judged = subprocess.run(gate, cwd=folder, env={**os.environ, **adopted_env}, capture_output=True, text=True)
    assert judged.returncode == 0, judged.stdout + judged.stderr
    assert "583 unchanged" in judged.stdout, "the gate passes it, with its two destinations of one name in each group"
    assert "365 unchanged" in program.ok("up", "--yes", "--skip-preview")
    assert "365 unchanged" in program.ok("refresh", "--yes", "--skip-preview")
    assert "365 unchanged" in program.ok("preview")
    assert "0 entered into the stack's state, 583 were there already" in export(folder, "--adopt", env=adopted_env)

    assert writes(emulator) == []
    assert emulator.state() == before
    state = program.resources()
    protected = {one["type"].rpartition("/")[2]: 0 for one in state if one.get("protect")}
    for one in state:
        if one.get("protect"):
            protected[one["type"].rpartition("/")[2]] += 1
    assert protected == {"ringcx:DnisAssignment": 120, "ringcx:TrackingNumber": 20}
    assert "canary" not in json.dumps(state)


FALSE_PROGRAM = """
import sys
from pulumi_voice_routing.__main__ import main
from pulumi_voice_routing.commands.export.program import Program

honest = Program.files
Program.files = lambda self: {name: text.replace('name="Main"', 'name="Other"') for name, text in honest(self).items()}
sys.argv = ["voice-routing", "export", *sys.argv[1:]]
main()
"""


def test_a_proof_runs_the_program_and_asks_no_vendor(
    emulator: Emulated, tmp_path: Path, adopted_env: dict[str, str]
) -> None:
    routing_profile = emulator.profile("Main")
    denver = emulator.destination("Denver", active=True)
    emulator.assign(routing_profile, denver, 100, 1)
    emulator.forget_journal()
    env, few = {**os.environ, **adopted_env}, ["--group", "Default", "--vendor", "ringcx", "--prove"]

    def run(*command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, *command, *few], env=env, capture_output=True, text=True)

    proved = run("-m", "pulumi_voice_routing", "export", str(tmp_path / "true"))
    assert "adopted, previewed, brought up, refreshed: 0 changes, 0 writes" in proved.stdout, (
        proved.stdout + proved.stderr
    )
    asked = emulator.journal()
    assert writes(emulator) == []

    refuted = run("-c", FALSE_PROGRAM, str(tmp_path / "false"))
    assert refuted.returncode == 1
    assert 'name       : "Main" => "Other"' in re.sub(r" +", " ", refuted.stdout).replace("name :", "name       :")
    assert "asked beyond the reading: " in refuted.stdout, "the stand-in has seen a write, and no vendor has"
    assert "the proof fails" in refuted.stderr
    assert len(emulator.journal()) == 2 * len(asked), "both readings, and nothing else"
    assert emulator.state()["objects"]["CloudRouteProfile"][0]["profileName"] == "Main"


def test_filters_act_on_the_reading(emulator: Emulated, export: Export, tmp_path: Path) -> None:
    living(emulator)
    emulator.forget_journal()
    export(
        tmp_path / "sales", "--vendor", "ringcx", "--group", "Sales", "--type", "Destination", "--exclude", "Place 1*"
    )
    assert len(emulator.journal()) == 2, "the list of groups, and that of the one group"
    count = report(tmp_path / "sales")["types"]["ringcx:Destination"]
    assert (count["found"], count["exported"]) == (12, 10)
    export(tmp_path / "number", "--number", "+1 720 555 0003")
    types = report(tmp_path / "number")["types"]
    assert {name: one["exported"] for name, one in types.items() if one["exported"]} == {
        "ringcx:Dnis": 1,
        "ringcx:DnisAssignment": 1,
    }
    for option, name in (("--group", "Nobody"), ("--type", "Nothing"), ("--vendor", "acme")):
        assert "there is no" in export(tmp_path / "none", option, name, code=1)
    both = export(tmp_path / "none", "--group", "Sales", "--number", "+17205550003", code=1)
    assert "there is no group 'Sales' with numbers of its own" in both
    for number, why in (
        ("+17205559876", "there is no number +17205559876 in what was read"),
        ("(720) 555-0003", "has no country code"),
        ("desk", "is not a telephone number"),
        ("", "is not a telephone number"),
    ):
        assert why in export(tmp_path / "none", "--number", number, code=1)
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("place", ["file", "file/line"])
def test_a_place_that_cannot_be_is_told_before_anything_is_read(
    emulator: Emulated, export: Export, tmp_path: Path, place: str
) -> None:
    (tmp_path / "file").touch()
    emulator.forget_journal()
    assert f"{tmp_path / 'file'} is no folder" in export(tmp_path / place, code=1)
    assert emulator.journal() == []


def test_without_any_settings_there_is_nothing_to_export(export: Export, tmp_path: Path) -> None:
    nothing = {f"{name}_BASE_URL": "" for name in ("RINGCX", "PORTSIP")} | {"RINGCX_ACCOUNT_ID": ""}
    said = export(tmp_path / "line", code=1, env={**nothing, "RINGEX_ACCESS_TOKEN": ""})
    assert said.startswith("error: no vendor has settings: ")
    assert len(said.splitlines()) == 1
    assert not (tmp_path / "line").exists()


def test_the_extensions_that_a_setting_names_are_read(emulator: Emulated, export: Export, tmp_path: Path) -> None:
    export(tmp_path / "line", "--vendor", "ringex", env={"RINGEX_EXTENSIONS": "100001, 100004"})
    assert report(tmp_path / "line")["types"]["ringex:BuiltInAnsweringRule"]["exported"] == 4
    program = (tmp_path / "line" / "ringex_routing.py").read_text("utf-8")
    assert re.findall(r'BuiltInAnsweringRule\(\s+"([^"]+)"', program) == [
        "100001-after-hours",
        "100001-business-hours",
        "100004-after-hours",
        "100004-business-hours",
    ]


def test_what_cannot_be_read_is_named_and_the_rest_is_exported(
    emulator: Emulated, export: Export, tmp_path: Path
) -> None:
    living(emulator)
    emulator.faults({"match": {"operation": "CR-14"}, "fault": "status", "code": 403, "times": 99})
    said = export(tmp_path / "line", code=3)
    assert "cannot be read: ringcx:ProfileDestinations of" in said
    assert report(tmp_path / "line")["types"]["ringcx:Destination"]["exported"] == 60


def test_a_list_that_the_vendor_does_not_have_is_told(emulator: Emulated, export: Export, tmp_path: Path) -> None:
    emulator.faults({"match": {"operation": "NM-12"}, "fault": "status", "code": 404, "times": 99})
    export(tmp_path / "line", "--vendor", "ringcx")
    assert "404" in report(tmp_path / "line")["types"]["ringcx:TrackingGroup"]["why"]


@pytest.mark.parametrize(("vendor", "path"), [("ringcx", "/api/"), ("ringex", "/extension/"), ("portsip", "/api/")])
def test_a_vendor_that_has_none_of_its_lists_is_no_empty_account(
    emulator: Emulated, export: Export, tmp_path: Path, vendor: str, path: str
) -> None:
    emulator.faults({"match": {"path_contains": path}, "fault": "status", "code": 404, "times": 999})
    said = export(tmp_path / "line", "--vendor", vendor, code=1)
    assert said.count("\n") == 1
    assert "404" in said
    assert not (tmp_path / "line").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_an_export_that_is_cut_off_leaves_nothing(
    emulator: Emulated, emulator_env: dict[str, str], tmp_path: Path, number: signal.Signals
) -> None:
    living(emulator)
    emulator.faults(latency_seconds=0.1)  # so that it is not over before a busy machine sends the signal
    before = len(emulator.journal())
    command = [sys.executable, "-m", "pulumi_voice_routing", "export", str(tmp_path / "there" / "line")]
    running = subprocess.Popen(command, env={**os.environ, **emulator_env}, stdout=subprocess.PIPE, text=True)
    while len(emulator.journal()) < before + 20:
        assert running.poll() is None
    running.send_signal(number)
    running.communicate(timeout=30)
    assert running.returncode != 0
    assert not (tmp_path / "there").exists()


def test_one_object_is_imported_with_its_declaration(
    emulator: Emulated, tmp_path: Path, adopted_env: dict[str, str]
) -> None:
    denver = emulator.destination("Denver", active=True)
    emulator.forget_journal()
    folder = tmp_path / "line"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: line\nruntime: python\n")
    env = {**os.environ, **adopted_env}
    program = Program(folder, "dev", env)
    program.init()

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pulumi_voice_routing", "import", *words, "--stack", "dev"]
        return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)

    done = run("Destination", "denver", f"{ACCOUNT}/1000/{denver}")
    assert done.returncode == 0, done.stderr
    (folder / "__main__.py").write_text(f"from pulumi_voice_routing import ringcx\n\n{done.stdout}")
    assert "2 unchanged" in program.ok("preview")
    assert writes(emulator) == []
    assert "known to the stack's state" in run("ringcx:Destination", "denver", f"{ACCOUNT}/1000/{denver}").stdout
    renamed = run("ringcx:Destination", "vail", f"{ACCOUNT}/1000/{denver}")
    assert renamed.returncode == 1
    assert "already, named 'denver' and not 'vail': declare it under that name" in renamed.stderr
    for type_, id_ in (("Nothing", "1"), ("Destination", f"{ACCOUNT}/1000/4711"), ("DnisPool", "1")):
        refused = run(type_, "one", id_)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert len(refused.stderr.splitlines()) == 1, refused.stderr


def test_the_report_as_json_is_all_of_standard_output(
    emulator: Emulated, emulator_env: dict[str, str], tmp_path: Path
) -> None:
    emulator.group("Support")
    command = [sys.executable, "-m", "pulumi_voice_routing", "export", str(tmp_path / "line"), "--json"]
    done = subprocess.run(command, env={**os.environ, **emulator_env}, capture_output=True, text=True)
    assert done.stdout == (tmp_path / "line" / "report.json").read_text(encoding="utf-8")
    assert "objects in" in done.stderr
