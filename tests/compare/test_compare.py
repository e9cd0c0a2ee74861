"""Two sides of any kind are held against each other by names and numbers, whatever their ids."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from typer.testing import CliRunner, Result

from pulumi_voice_routing.cli import app
from pulumi_voice_routing.plan import pulumi_cli
from tests.drift.states import forget_clients
from tests.drift.test_drift import NUMBER, Line
from tests.emulated import Emulated, settings_for
from tests.measured import measured

Run = Callable[..., Result]

SCHEMA = jsonschema.Draft202012Validator(
    json.loads(files("pulumi_voice_routing.commands.compare").joinpath("compare.schema.json").read_text("utf-8"))
)


@pytest.fixture
def run(emulator: Emulated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """The command in an empty folder, each time as if in a new process."""
    for name, value in {**settings_for(emulator.url), "VOICE_ROUTING_CACHE_DIR": str(tmp_path / "cache")}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)

    def run_(*words: str) -> Result:
        forget_clients()
        return CliRunner().invoke(app, words)

    yield run_
    forget_clients()


def fails(done: Result) -> str:
    assert (done.exit_code, done.stdout) == (3, "")
    (line,) = done.stderr.splitlines()
    return line


def kept(portal: Emulated, name: str) -> str:
    """The emulator's state in a file."""
    Path(name).write_text(json.dumps(portal.state()))
    return name


@pytest.fixture
def account(run: Run, emulator: Emulated) -> Line:
    return Line(emulator)


def the_same_with_other_ids(portal: Emulated) -> Line:
    """The account that the fixture makes, once more, in which every id is another one."""
    portal.start_over()
    for _ in range(3):
        filler = portal.group("Filler")
        portal.destination("Filler", filler)
        portal.profile("Filler", filler)
    state = portal.state()
    for kind in ("CloudRouteGroup", "CloudRouteDestination", "CloudRouteProfile"):
        state["objects"][kind] = [
            one
            for one in state["objects"][kind]
            if "Filler" not in (one.get("groupName"), one.get("destinationName"), one.get("profileName"))
        ]
    portal.put_state(state)
    return Line(portal)


@pytest.mark.whole_run
def test_ids_make_no_difference(run: Run, account: Line, emulator: Emulated) -> None:
    first = kept(emulator, "first.json")
    again = the_same_with_other_ids(emulator)
    assert again.desk != account.desk
    done = run("compare", first, kept(emulator, "second.json"))
    assert (done.exit_code, done.stderr) == (0, ""), done.stdout
    assert "first.json and second.json are the same" in done.stdout


@pytest.mark.whole_run
def test_what_is_different_is_named_by_fields_and_for_callers(run: Run, account: Line, emulator: Emulated) -> None:
    first = kept(emulator, "first.json")
    again = the_same_with_other_ids(emulator)
    again.change_desk(routeDestination="+13035559999")
    emulator.destination("Night", again.group)
    kept(emulator, "second.json")

    done = run("compare", first, "second.json")
    assert done.exit_code == 2
    assert "only in second.json:\n  ringcx:Destination Support / Night\n" in done.stdout
    assert "ringcx:Destination Support / Desk is different" in done.stdout
    assert 'target: "+13035551234", and "+13035559999" there' in done.stdout
    assert f"+{NUMBER}" in done.stdout.partition("For callers")[2]

    document = json.loads(run("compare", "second.json", first, "--json").stdout)
    SCHEMA.validate(document)
    assert document["only_left"] == [{"type": "ringcx:Destination", "name": ["Support", "Night"]}]
    (different,) = document["different"]
    assert different["fields"] == [{"name": "target", "left": "+13035559999", "right": "+13035551234"}]
    assert {one["number"] for one in document["numbers"]} == {f"+{NUMBER}"}

    text = run("compare", first, "second.json", "--format", "markdown").stdout
    assert text.startswith("**1 only in second.json, 1 different, ")
    assert "| ringcx:Destination Support / Night | only in second.json |" in text


def test_what_the_vendor_has_switched_off_is_known_to_be_off(run: Run, account: Line, emulator: Emulated) -> None:
    kept(emulator, "on.json")
    emulator.switch("Destination", account.desk, on=False, group=account.group)
    emulator.forget_journal()
    done = run("compare", "live", "on.json")
    assert done.exit_code == 2, done.stderr
    assert "active: false, and true there" in done.stdout
    assert "not declared" not in done.stdout.partition("For callers")[2]
    asked = [one["path"] for one in emulator.journal()]
    assert len(asked) == len(set(asked))


@pytest.mark.whole_run
def test_every_kind_of_side_of_one_account_is_the_same(run: Run, account: Line, emulator: Emulated) -> None:
    assert run("export", "exported").exit_code == 0
    settings = settings_for(emulator.url)
    Path("other.env").write_text("# another account\n" + "".join(f"export {n}='{v}'\n" for n, v in settings.items()))
    kept(emulator, "emulator.json")
    for one in ("exported", "live:other.env", "emulator.json"):
        done = run("compare", "live", one)
        assert (done.exit_code, done.stderr) == (0, ""), done.stdout
        assert done.stdout == f"live and {one} are the same: 12 objects.\n"
    for file in Path("exported").glob("*.py"):
        file.write_text(file.read_text().replace("+13035551234", "+13035559999"))
    done = run("compare", "live", "exported")
    assert 'target: "+13035551234", and "+13035559999" there' in done.stdout
    assert f"+{NUMBER}" in done.stdout.partition("For callers")[2]


def test_a_stack_and_its_account(
    run: Run, account: Line, emulator: Emulated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.save(tmp_path)
    asked: list[str | None] = []

    def exported(stack: str | None, _: Path) -> Any:
        asked.append(stack)
        return json.loads((tmp_path / "state.json").read_text())

    monkeypatch.setattr(pulumi_cli, "exported", exported)
    assert run("compare", "state.json", "production").exit_code == 0
    assert asked == ["production"]
    account.change_desk(routeDestination="+13035559999")
    done = run("compare", "production", "live")
    assert done.exit_code == 2
    assert 'target: "+13035551234", and "+13035559999" there' in done.stdout
    assert "only in production" not in done.stdout


WRONG = {
    "a file that is not there": ("missing.json", "missing.json cannot be read"),
    "a file of something else": ("else.json", "else.json"),
    "text": ("text.json", "text.json is not JSON"),
    "a state that is none": ("state-of-no.json", "state-of-no.json"),
    "an emulator's state that is none": ("emulator-of-no.json", "emulator-of-no.json"),
    "a folder without a program": ("empty", "there is no __main__.py in it"),
    "a program that fails": (
        "failing",
        "the program in failing fails: ZeroDivisionError: division by zero (__main__.py, line 1)",
    ),
    "settings that are not there": ("live:missing.env", "missing.env cannot be read"),
    "settings that are none": ("live:text.json", "text.json, line 1: a line is NAME=value"),
    "settings of nothing": ("live:empty.env", "no vendor has settings"),
    "a dead host": ("live:dead.env", "cannot connect to 127.0.0.1:9"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_side_that_cannot_be_read_is_one_line(
    run: Run, emulator: Emulated, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pulumi_voice_routing.client.http.pause", lambda *_: None)
    texts = {
        "else.json": "[]",
        "text.json": "plain words",
        "state-of-no.json": '{"deployment": {"resources": [{"urn": 1}]}}',
        "emulator-of-no.json": '{"objects": {"Nonsense": [1]}}',
        "empty.env": "",
        "dead.env": "RINGCX_BASE_URL=http://127.0.0.1:9\nRINGCX_ACCOUNT_ID=123456\nRINGCX_ACCESS_TOKEN=none\n",
    }
    for name, text in texts.items():
        Path(name).write_text(text)
    Path("empty").mkdir()
    Path("failing").mkdir()
    Path("failing/__main__.py").write_text("1 / 0\n")
    named, said = WRONG[what]
    done = run("compare", "live", named)
    assert said in (fails(done) if "dead" not in named else done.stdout + done.stderr)
    assert done.exit_code == 3


@pytest.mark.whole_run
def test_five_thousand_objects(run: Run, account: Line, emulator: Emulated, tmp_path: Path) -> None:
    state = emulator.state()
    first = state["objects"]["CloudRouteDestination"][0]
    state["objects"]["CloudRouteDestination"] += [
        {**first, "cloudDestinationId": 200_000 + place, "destinationName": f"Place {place}"} for place in range(5000)
    ]
    emulator.put_state(state)
    account.save(tmp_path)
    saved = json.loads((tmp_path / "state.json").read_text())
    (desk,) = [one for one in saved["deployment"]["resources"] if one["type"].endswith("ringcx:Destination")]
    for place in range(5000):
        id_ = f"{desk['id'].rpartition('/')[0]}/{200_000 + place}"
        outs = {**desk["outputs"], "name": f"Place {place}"}
        new = {"urn": f"{desk['urn']}-{place}", "id": id_, "outputs": outs}
        saved["deployment"]["resources"].append({**desk, **new})
    for name, target in (("left.json", "+13035551234"), ("right.json", "+13035559999")):
        saved["deployment"]["resources"][-1]["outputs"]["target"] = target
        (tmp_path / name).write_text(json.dumps(saved))
    done = measured("compare", "left.json", "right.json", "--json", cwd=tmp_path, env={})
    assert (done.code, done.complained) == (2, "")
    document = json.loads(done.said)
    assert (len(document["different"]), document["same"]) == (1, 5004)
    assert done.megabytes < 200
