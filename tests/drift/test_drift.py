"""What drift means for callers, what the stack does not know, and what the command says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from pulumi_voice_routing.cli import app
from pulumi_voice_routing.plan import pulumi_cli
from pulumi_voice_routing.registry import provider_for
from tests.drift.states import SCHEMA, entry, forget_clients, state
from tests.emulated import Emulated, settings_for
from tests.examples import ref
from tests.numbers.account import Account

Run = Callable[..., Result]

NUMBER = "13035550100"
IGNORE = """
[[ignore]]
object = "{object}"
argument = "{argument}"
reason = "the shift leads write it by hand"
until = {until}
"""


class Line:
    """A line that a stack has made: a number, a profile and a desk."""

    def __init__(self, portal: Emulated) -> None:
        self.portal = portal
        account = Account(portal)
        self.group = portal.group("Support")
        self.desk = portal.destination("Desk", self.group, active=True)
        self.profile = portal.profile("Support", self.group)
        portal.assign(self.profile, self.desk, 100, 1, self.group)
        portal.switch("Profile", self.profile, on=True, group=self.group)
        account.pool([NUMBER])
        account.give([NUMBER], f"profile {self.profile}")

    def change_desk(self, **fields: Any) -> None:
        path = f"/cloudRouteDestinationGroups/{self.group}/cloudRouteDestinations/{self.desk}"
        self.portal.api("PUT", path, {**self.portal.api("GET", path), **fields})

    def save(self, folder: Path) -> None:
        """The state of a stack that declares all of it, as it is now."""
        profile = ref(self.group, self.profile)
        said = {
            "ringcx:RouteGroup": ("support", ref(self.group)),
            "ringcx:Destination": ("desk", ref(self.group, self.desk)),
            "ringcx:Profile": ("profile", profile),
            "ringcx:ProfileDestinations": ("split", profile),
            "ringcx:DnisAssignment": ("number", ref(NUMBER)),
        }
        entries = []
        for token, (name, id_) in said.items():
            outs = provider_for(token).look(id_, {})
            assert outs is not None, token
            entries.append(entry(token, name, id_, outs))
        (folder / "state.json").write_text(json.dumps(state(*entries)))


@pytest.fixture
def run(emulator: Emulated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """The command in the folder of a program, each time as if in a new process."""
    settings = {**settings_for(emulator.url), "VOICE_ROUTING_CACHE_DIR": str(tmp_path / "cache")}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("pulumi_voice_routing.client.http.pause", lambda *_: None)
    monkeypatch.setattr(pulumi_cli, "exported", lambda *_: json.loads((tmp_path / "state.json").read_text()))
    forget_clients()

    def run_(*words: str, **changed: str) -> Result:
        forget_clients()
        done = CliRunner().invoke(app, words, env=changed)
        forget_clients()
        return done

    yield run_
    forget_clients()


def fails(done: Result) -> str:
    assert (done.exit_code, done.stdout) == (3, "")
    (line,) = done.stderr.splitlines()
    return line


@pytest.fixture
def line(emulator: Emulated, run: Run, tmp_path: Path) -> Line:
    made = Line(emulator)
    made.save(tmp_path)
    return made


def test_a_stack_without_drift_says_nothing_but_its_coverage(run: Run, line: Line) -> None:
    done = run("drift")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == "100 % of the objects in the stack's places are managed by it.\n"


def test_it_asks_each_list_once_and_writes_nothing(run: Run, line: Line) -> None:
    with line.portal.recording() as calls:
        run("drift")
    lists = [call["path"] for call in calls if call["operation"] in ("CR-01", "CR-02", "CR-04")]
    assert len(lists) == len(set(lists))
    assert {call["method"] for call in calls} <= {"GET", "POST"}
    assert not [call for call in calls if call["method"] == "POST" and "earch" not in call["path"]]


def test_it_says_whose_calls_go_elsewhere_the_worst_first(run: Run, line: Line) -> None:
    line.change_desk(routeDestination="+13035559999")
    line.portal.api("PUT", f"/cloudRouteDestinationGroups/{line.group}", {"groupName": "Renamed"})
    done = run("drift")
    assert (done.exit_code, done.stderr) == (2, "")
    first, second, *_ = [one for one in done.stdout.splitlines() if not one.startswith(" ") and one]
    assert first == f"ringcx:Destination 'desk' ({ref(line.group, line.desk)}) was changed outside the program"
    assert second.startswith("ringcx:RouteGroup 'support'")
    assert 'target: "+13035551234" became "+13035559999"' in done.stdout
    assert f"calls to +{NUMBER}, always: number +13035559999; before: number +13035551234" in done.stdout
    assert "All together" not in done.stdout  # which one alone does not say better


def test_what_the_stack_does_not_know_comes_as_code(run: Run, line: Line) -> None:
    line.portal.destination("Night", line.group)
    line.portal.group("Somebody else's")
    done = run("drift")
    assert done.exit_code == 2
    assert "ringcx:Destination 'Night'" in done.stdout
    assert "night = ringcx.Destination(" in done.stdout
    assert "Somebody else's" not in done.stdout
    assert "83 % of the objects" in done.stdout
    assert "Somebody else's" in run("drift", "--everything").stdout


def test_two_of_one_name_are_two_resources(run: Run, line: Line) -> None:
    for _ in range(2):
        line.portal.destination("Nacht - Zürich", line.group)
    said = run("drift").stdout
    assert 'nacht_zurich = ringcx.Destination(\n    "nacht-zurich",' in said
    assert 'nacht_zurich_2 = ringcx.Destination(\n    "nacht-zurich-2",' in said


def test_what_was_deleted_and_is_still_listed_is_no_stranger(run: Run, line: Line) -> None:
    gone = line.portal.destination("Night", line.group)
    line.portal.change_record("CloudRouteDestination", "cloudDestinationId", gone, isDeleted=True)
    assert run("drift").exit_code == 0


def test_what_no_program_can_declare_is_no_stranger(run: Run, emulator: Emulated, tmp_path: Path) -> None:
    """The vendor's own phones stand in the list of forwarding numbers."""
    id_ = "123456/100001/901"
    outs = provider_for("ringex:ForwardingNumber").look(id_, {})
    assert outs is not None
    (tmp_path / "state.json").write_text(json.dumps(state(entry("ringex:ForwardingNumber", "home", id_, outs))))
    done = run("drift", "--state", "state.json")
    assert (done.exit_code, done.stdout) == (0, "100 % of the objects in the stack's places are managed by it.\n")


def test_json_and_markdown(run: Run, line: Line) -> None:
    line.change_desk(routeDestination="+13035559999")
    document = json.loads(run("drift", "--json").stdout)
    SCHEMA.validate(document)
    (drift,) = document["drifts"]
    assert drift["arguments"] == [{"name": "target", "known": "+13035551234", "there": "+13035559999"}]
    assert {call["number"] for call in drift["calls"]} == {f"+{NUMBER}"}
    text = run("drift", "--format", "markdown").stdout
    assert text.startswith("**Drift: 1 changed**")
    assert "| object | what is different |" in text


@pytest.mark.parametrize(
    ("object_", "argument", "until", "code"),
    [
        ("desk", "target", "2099-12-31", 0),
        ("de*", "", "2099-12-31", 0),
        ("ringcx:Destination desk", "", "2099-12-31", 0),
        ("desk", "name", "2099-12-31", 2),
        ("profile", "", "2099-12-31", 2),
        ("desk", "target", "2020-12-31", 2),
    ],
)
def test_what_is_meant_to_differ(
    run: Run,
    line: Line,
    tmp_path: Path,
    object_: str,
    argument: str,
    until: str,
    code: int,
) -> None:
    line.change_desk(routeDestination="+13035559999")
    (tmp_path / "drift.toml").write_text(IGNORE.format(object=object_, argument=argument, until=until))
    done = run("drift")
    assert done.exit_code == code
    if not code:
        assert "ignored: ringcx:Destination 'desk'" in done.stdout
        assert f"the shift leads write it by hand (until {until} (UTC))" in done.stdout


def test_each_argument_may_be_meant_by_an_entry_of_its_own(run: Run, line: Line, tmp_path: Path) -> None:
    line.change_desk(routeDestination="+13035559999", destinationName="Other")
    entries = [IGNORE.format(object="desk", argument=name, until="2099-12-31") for name in ("target", "name")]
    for text, code in ((entries[0], 2), (entries[1], 2), ("".join(entries), 0)):
        (tmp_path / "drift.toml").write_text(text)
        assert run("drift").exit_code == code


def test_an_entry_that_has_expired_is_pointed_out(run: Run, line: Line, tmp_path: Path) -> None:
    entries = [IGNORE.format(object="desk", argument="target", until=until) for until in ("2099-12-31", "2020-12-31")]
    (tmp_path / "drift.toml").write_text("".join(entries))
    said = (
        "drift.toml, entry 2, desk target: expired on 2020-12-31 (UTC) (the shift leads write it by hand). "
        "Give it another day, or take it out."
    )
    done = run("drift")
    assert done.exit_code == 0
    assert [one for one in done.stdout.splitlines() if one.startswith("warning: ")] == [f"warning: drift: {said}"]
    document = json.loads(run("drift", "--json").stdout)
    SCHEMA.validate(document)
    assert document["expired"] == [f"drift: {said}"]
    assert "- drift: drift.toml, entry 2" in run("drift", "--format", "markdown").stdout


BAD_IGNORES = {
    "no TOML": ("[[", "cannot be read"),
    "another table": ("[other]\n", "[[ignore]] entries only"),
    "no reason": ('[[ignore]]\nobject = "a"\nuntil = 2099-01-01\n', "reason must be given"),
    "no day": ('[[ignore]]\nobject = "a"\nreason = "r"\n', "until must be a day"),
    "more": ('[[ignore]]\nobject = "a"\nreason = "r"\nuntil = 2099-01-01\nwho = "me"\n', "an entry has object"),
}


@pytest.mark.parametrize("what", BAD_IGNORES)
def test_a_file_of_what_is_meant_that_cannot_be_used(
    run: Run,
    line: Line,
    tmp_path: Path,
    what: str,
) -> None:
    text, said = BAD_IGNORES[what]
    (tmp_path / "drift.toml").write_text(text)
    assert said in fails(run("drift"))


def test_a_file_that_is_named_and_not_there(run: Run, line: Line) -> None:
    assert "missing.toml cannot be read" in fails(run("drift", "--ignore", "missing.toml"))


@pytest.mark.parametrize(
    "settings", [{"RINGCX_BASE_URL": "http://127.0.0.1:9"}, {"RINGCX_ACCESS_TOKEN": "another-token"}], ids=str
)
def test_a_vendor_that_cannot_be_asked_is_one_line(
    run: Run,
    line: Line,
    settings: dict[str, str],
) -> None:
    done = run("drift", **settings)
    assert done.exit_code == 3
    (error,) = [one for one in done.stdout.splitlines() if one.startswith("error: ")]
    assert "another-token" not in error
    assert "is gone" not in done.stdout


def test_an_object_that_cannot_be_read_does_not_stop_the_rest(run: Run, line: Line) -> None:
    line.change_desk(routeDestination="+13035559999")
    line.portal.faults({"match": {"operation": "CR-02"}, "fault": "status", "code": 403})
    done = run("drift")
    assert done.exit_code == 3
    assert "error: ringcx:Profile profile: ringcx: CR-02" in done.stdout
    assert "'desk'" in done.stdout


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"deployment": {"resources": [{"urn": 1}]}}'])
def test_a_state_that_is_none(run: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "state.json").write_text(text)
    fails(run("drift"))
    fails(run("drift", "--state", "state.json"))
    fails(run("drift", "--state", "missing.json"))


def test_the_page_shows_what_the_vendor_has_otherwise(run: Run, line: Line) -> None:
    assert json.loads(run("view", "--drift", "--json").stdout)["drift"] == []
    line.change_desk(routeDestination="+13035559999")
    done = run("view", "--drift", "--json")
    assert done.exit_code == 0, done.stderr
    (told,) = json.loads(done.stdout)["drift"]
    assert (told["level"], told["rule"]) == ("changed", "desk")
    assert "+13035559999" in told["message"]
    assert told["urn"].endswith("::desk")
