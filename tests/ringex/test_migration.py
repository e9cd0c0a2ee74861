"""From answering rules to the rules of moved extensions: what becomes of each form of rule, and of the state."""

from __future__ import annotations

import copy
import json
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from pulumi_voice_routing.cli import app
from pulumi_voice_routing.commands.migration import MovedState, program_of
from pulumi_voice_routing.lifecycle.provider import MANAGED
from pulumi_voice_routing.plan import pulumi_cli
from pulumi_voice_routing.registry import provider_for
from pulumi_voice_routing.ringex import client as ringex_client
from tests.emulated import ACCOUNT, Emulated, Json, operations
from tests.examples import ref
from tests.examples.ringex import EXTENSION, forwarding_number
from tests.numbers.conftest import provider_settings

__all__ = ["provider_settings"]

ROOT = f"/restapi/v1.0/account/{ACCOUNT}/extension"
TYPE = "pulumi-python:dynamic/ringex:"
STACK = "urn:pulumi:dev::lines::pulumi:pulumi:Stack::lines-dev"
WEEKLY = {"weeklyRanges": {"monday": [{"from": "09:00", "to": "17:00"}], "sunday": [{"from": "22:00", "to": "24:00"}]}}
DATES = {"ranges": [{"from": "2030-12-24T00:00:00", "to": "2030-12-27T00:00:00"}]}
CALLER = [{"callerId": "+13035550170", "name": "Zoe"}, {"callerId": "+13035550171"}]

CUSTOM: dict[str, Json] = {
    "callers": {"callers": CALLER},
    "called numbers": {"calledNumbers": [{"phoneNumber": "+13035550101"}]},
    "by the week": {"schedule": WEEKLY},
    "in a period": {"schedule": DATES},
    "in business hours": {"callers": CALLER, "schedule": {"ref": "BusinessHours"}},
    "all conditions": {"callers": CALLER, "calledNumbers": [{"phoneNumber": "+13035550101"}], "schedule": WEEKLY},
    "switched off": {"callers": CALLER, "enabled": False},
    "messages": {"callers": CALLER, "callHandlingAction": "TakeMessagesOnly"},
    "an announcement": {"callers": CALLER, "callHandlingAction": "PlayAnnouncementOnly"},
    "another extension": {
        "callers": CALLER,
        "callHandlingAction": "TransferToExtension",
        "transfer": {"extension": {"id": "100002"}},
    },
    "another number": {
        "callers": CALLER,
        "callHandlingAction": "UnconditionalForwarding",
        "unconditionalForwarding": {"phoneNumber": "+13035550180"},
    },
    "no voicemail": {"callers": CALLER, "voicemail": {"enabled": False}},
    "voicemail of somebody else": {
        "callers": CALLER,
        "voicemail": {"enabled": True, "recipient": {"id": 100002}},
    },
    "screening": {"callers": CALLER, "screening": "Always"},
    "all at once": {"callers": CALLER, "forwarding": {"ringingMode": "Simultaneously", "notifyMySoftPhones": False}},
    "a recording": {"callers": CALLER, "greetings": [{"type": "Introductory", "preset": {"id": "66301"}}]},
}


class Killed(BaseException):
    """The command ended there."""


@pytest.fixture
def portal(emulator: Emulated, provider_settings: None, monkeypatch: pytest.MonkeyPatch) -> Emulated:
    monkeypatch.setattr(ringex_client, "_clients", {})
    return emulator


def entry(kind: str, name: str, id_: str, **more: Any) -> Json:
    inputs = more.pop("inputs", {})
    urn = f"urn:pulumi:dev::lines::{more.pop('below', '')}{TYPE}{kind}::{name}"
    there = {"urn": urn, "custom": True, "id": id_, "type": f"{TYPE}{kind}", "parent": STACK, "provider": "p"}
    return {**there, "inputs": inputs, "outputs": inputs, **more}


def rule(name: str, id_: str, **more: Any) -> Json:
    return entry("AnsweringRule", name, id_, inputs={"name": name}, **more)


def moved(portal: Emulated, *entries: Json) -> MovedState:
    for extension in (EXTENSION, "100004"):
        portal.call("POST", "/_emulator/ringex/move", {"extensionId": extension})
    root = {"urn": STACK, "custom": False, "type": "pulumi:pulumi:Stack"}
    return MovedState({"deployment": {"resources": [root, *entries]}}, "lines", "dev")


def resources(state: MovedState) -> dict[str, Json]:
    return {one["urn"].rpartition("::")[2]: one for one in state._resources[1:]}


def old_rule(portal: Emulated, name: str, **body: Any) -> str:
    path = f"{ROOT}/{EXTENSION}/answering-rule"
    made = portal.call("POST", path, {"type": "Custom", "name": name, "enabled": True, **body})
    return ref(EXTENSION, str(made["id"]))


def is_quiet(one: Json) -> None:
    """A program that declares what is in the state wants to change nothing."""
    provider = provider_for(one["type"].removeprefix("pulumi-python:dynamic/"))
    declared = {name: value for name, value in one["inputs"].items() if not name.startswith("__")}
    checked, failures = provider.checked(json.loads(json.dumps(declared)))
    assert failures == []
    assert not provider.diff(one["id"], one["outputs"], {**checked, "__provider": one["inputs"]["__provider"]}).changes
    assert provider.look(one["id"], one["outputs"])[MANAGED] == one["outputs"][MANAGED]


@pytest.mark.parametrize("form", CUSTOM)
def test_every_form_of_a_custom_rule(portal: Emulated, form: str) -> None:
    state = moved(portal, rule("VIPs", old_rule(portal, "VIPs", **CUSTOM[form])))
    with portal.recording() as calls:
        (step,) = state.steps()
        state.exchange([step])
    assert operations(calls, writes=True) == []
    assert step.new is not None
    compile(program_of([step.new]), "program", "exec")
    (one,) = resources(state).values()
    assert one["urn"] == f"urn:pulumi:dev::lines::{TYPE}InteractionRule::VIPs"
    is_quiet(one)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"callHandlingAction": "TakeMessagesOnly"},
        {"callHandlingAction": "PlayAnnouncementOnly"},
        {"callHandlingAction": "TransferToExtension", "transfer": {"extension": {"id": "100002"}}},
        {"screening": "Always", "voicemail": {"enabled": False}},
    ],
    ids=str,
)
@pytest.mark.parametrize("which", ["business-hours", "after-hours"])
def test_every_form_of_a_built_in_rule(portal: Emulated, which: str, body: Json) -> None:
    number = forwarding_number(portal, "+13035550160", label="Home")
    steps = [{"index": 1, "ringCount": 6, "forwardingNumbers": [{"id": number}], "enabled": True}]
    path = f"{ROOT}/{EXTENSION}/answering-rule/{which}-rule"
    portal.call("PUT", path, {"forwarding": {"ringingMode": "Sequentially", "rules": steps}, **body})
    state = moved(portal, entry("BuiltInAnsweringRule", "hours", ref(EXTENSION, f"{which}-rule")))
    state.exchange(state.steps())
    (one,) = resources(state).values()
    assert one["id"] == ref(EXTENSION, {"business-hours": "work-hours"}.get(which, which))
    is_quiet(one)


class TestState:
    def test_others_stay_as_they_are(self, portal: Emulated) -> None:
        unmoved = entry("BuiltInAnsweringRule", "other", ref("100002", "business-hours-rule"))
        elsewhere = {"urn": "urn:pulumi:dev::lines::aws:Bucket::b", "type": "aws:Bucket", "custom": True, "id": "b"}
        state = moved(portal, unmoved, elsewhere)
        assert state.steps() == []
        state.exchange(state.steps())
        assert list(resources(state).values()) == [unmoved, elsewhere]

    def test_twice_is_once(self, portal: Emulated) -> None:
        state = moved(portal, rule("VIPs", old_rule(portal, "VIPs", callers=CALLER), protect=True))
        state.exchange(state.steps())
        first = json.dumps(state._document)
        assert state.steps() == []
        assert resources(state)["VIPs"]["protect"] is True
        assert json.dumps(state._document) == first

    def test_the_program_says_what_the_state_says_beside_the_arguments(self, portal: Emulated) -> None:
        old = old_rule(portal, "VIPs", callers=CALLER)
        (step,) = moved(portal, rule("VIPs", old, protect=True, retainOnDelete=True)).steps()
        assert step.new is not None
        source = program_of([step.new])
        assert "import pulumi\n" in source
        assert "opts=pulumi.ResourceOptions(protect=True, retain_on_delete=True)" in source

    def test_in_a_component(self, portal: Emulated) -> None:
        component = {"urn": "urn:pulumi:dev::lines::my:Office::office", "type": "my:Office", "custom": False}
        inside = rule("VIPs", old_rule(portal, "VIPs", callers=CALLER), parent=component["urn"], below="my:Office$")
        below = {
            "urn": f"urn:pulumi:dev::lines::my:Office${TYPE}AnsweringRule$random:Id::part",
            "type": "random:Id",
            "custom": True,
            "id": "x",
            "parent": inside["urn"],
            "dependencies": [inside["urn"]],
        }
        state = moved(portal, component, inside, below)
        assert state.steps()[0].becomes.endswith(", a part of 'office'")
        state.exchange(state.steps())
        now = resources(state)
        assert now["VIPs"]["urn"] == f"urn:pulumi:dev::lines::my:Office${TYPE}InteractionRule::VIPs"
        assert now["part"]["urn"] == f"urn:pulumi:dev::lines::my:Office${TYPE}InteractionRule$random:Id::part"
        assert (now["part"]["parent"], now["part"]["dependencies"]) == (now["VIPs"]["urn"], [now["VIPs"]["urn"]])

    def test_what_the_stack_has_already_is_not_in_it_twice(self, portal: Emulated) -> None:
        old = rule("VIPs", old_rule(portal, "VIPs", callers=CALLER))
        state = moved(portal, old)
        (step,) = state.steps()
        assert step.new is not None
        there = entry("InteractionRule", "VIPs", step.new.id)
        state._resources.append(there)
        (step,) = state.steps()
        assert step.becomes == f"leaves the state: the stack has ringex:InteractionRule {there['id']} already"
        state.exchange([step])
        assert list(resources(state).values()) == [there]

    def test_the_rest_of_an_older_run_is_the_engines(self, portal: Emulated) -> None:
        old = rule("VIPs", old_rule(portal, "VIPs", callers=CALLER))
        rest = {**old, "delete": True}
        state = moved(portal, old, rest)
        state.exchange(state.steps())
        assert [one["type"] for one in state._resources[1:]] == [f"{TYPE}InteractionRule", f"{TYPE}AnsweringRule"]
        assert state._resources[2] == rest

    def test_numbers_leave_and_nothing_names_them_any_more(self, portal: Emulated) -> None:
        number = forwarding_number(portal, "+13035550160", label="Home")
        phone = entry("ForwardingNumber", "home", ref(EXTENSION, number))
        other = {"urn": "u", "type": "random:Id", "custom": True, "id": "x", "dependencies": [phone["urn"]]}
        state = moved(portal, phone, {**other, "deletedWith": phone["urn"]})
        state.exchange(state.steps())
        assert list(resources(state).values()) == [{**other, "dependencies": []}]

    def test_a_number_with_resources_below_it_stays(self, portal: Emulated) -> None:
        number = forwarding_number(portal, "+13035550160", label="Home")
        phone = entry("ForwardingNumber", "home", ref(EXTENSION, number))
        below = {"urn": "u", "type": "random:Id", "custom": True, "id": "x", "parent": phone["urn"]}
        state = moved(portal, phone, below)
        assert [one.becomes for one in state.steps()] == ["stays, as the stack has resources below it"]

    def test_killed_at_any_request_it_has_made_nothing(
        self, portal: Emulated, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        number = ref(EXTENSION, forwarding_number(portal, "+13035550160", label="Home"))
        there = moved(
            portal,
            rule("VIPs", old_rule(portal, "VIPs", callers=CALLER)),
            entry("BuiltInAnsweringRule", "hours", ref(EXTENSION, "business-hours-rule")),
            entry("ForwardingNumber", "home", number),
        )._document
        program, imported, left = tmp_path / "moved.py", list[Json](), [0]
        ask = ringex_client.RingEX.request

        def killed(*args: Any, **more: Any) -> Any:
            left[0] -= 1
            if left[0] < 0:
                raise Killed
            return ask(*args, **more)

        monkeypatch.setattr(ringex_client.RingEX, "request", killed)
        monkeypatch.setattr(pulumi_cli, "exported", lambda *_: copy.deepcopy(there))
        monkeypatch.setattr(pulumi_cli, "replace_state", lambda *args: imported.append(args[-1]))
        monkeypatch.setattr(pulumi_cli, "pulumi", lambda *_, **__: "")
        command = ["migrate", "ringex", "--write", "--stack", "dev", "--program", str(program)]
        for requests in count():
            ringex_client.forget()
            left[0] = requests
            try:
                app(command, standalone_mode=False)
                break
            except Killed:
                assert (imported, list(tmp_path.iterdir())) == ([], [])
        assert requests > 2
        assert len(imported) == 1
        assert [file.name for file in tmp_path.iterdir()] == ["moved.py"]
        compile(program.read_text(), "program", "exec")

    def test_a_name_that_is_there_twice_or_not_at_all_stays(self, portal: Emulated) -> None:
        old_rule(portal, "VIPs", callers=CALLER)
        twice = rule("VIPs", old_rule(portal, "VIPs", callers=CALLER[:1]))
        state = moved(portal, twice, rule("Gone", ref(EXTENSION, "7")))
        assert [one.becomes for one in state.steps()] == [
            f"stays, as extension {EXTENSION} has 2 interaction rules named 'VIPs'",
            f"stays, as extension {EXTENSION} has no interaction rule named 'Gone'",
        ]
