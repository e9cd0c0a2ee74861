"""What ``voice-routing doctor`` finds, on a healthy machine and on one of each kind that is not."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import formatdate
from importlib.metadata import version
from pathlib import Path
from typing import Any

import httpx
import pytest

from pulumi_voice_routing import __version__
from pulumi_voice_routing.client.http import ApiClient
from pulumi_voice_routing.commands.wrong_settings import wrong_settings
from pulumi_voice_routing.ringex.auth import RingExTokens
from pulumi_voice_routing.ringex.client import RingEX
from tests.cli.test_commands import portal, run  # noqa: F401 - fixtures
from tests.emulated import TOKEN, Emulated
from tests.numbers.account import Account

Run = Callable[..., subprocess.CompletedProcess[str]]

ENGINE = f"""#!/bin/sh
case "$1 $2" in
    "version "*) echo v{version("pulumi")} ;;
    "stack export") cat state.json ;;
    "config "*) cat config.json ;;
esac
"""
APPROVAL = """
[[approval]]
rule = "reassign-active-dnis"
object = "{number}"
from = "profile 1"
to = "profile 2"
reason = "r"
ticket = "t"
until = {until}
"""


@pytest.fixture
def folder(run: Run, tmp_path: Path) -> Path:  # noqa: F811
    """The folder of a program with a stack and an engine."""
    (tmp_path / "bin" / "pulumi").write_text(ENGINE)
    host = tmp_path / "bin" / "pulumi-language-python"
    host.touch(0o755)
    (tmp_path / "config.json").write_text("{}")
    return tmp_path


def resource(token: str, name: str, id_: str, outputs: dict[str, Any], **more: Any) -> dict[str, Any]:
    urn = f"urn:pulumi:dev::line::pulumi-python:dynamic/{token}::{name}"
    type_ = f"pulumi-python:dynamic/{token}"
    return {"urn": urn, "custom": True, "type": type_, "id": id_, "inputs": outputs, "outputs": outputs, **more}


def save(folder: Path, *resources: dict[str, Any]) -> None:
    document = {"version": 3, "deployment": {"resources": list(resources)}}
    (folder / "state.json").write_text(json.dumps(document))


def findings(run: Run, code: int, **env: str | None) -> dict[str, dict[str, str]]:  # noqa: F811
    done = run("doctor", "--json", **env)
    assert done.returncode == code, done.stdout + done.stderr
    assert all(line.startswith("info: ") for line in done.stderr.splitlines()), done.stderr
    document = json.loads(done.stdout)
    assert sum(document["counts"].values()) == len(document["findings"])
    return {one["about"]: one for one in document["findings"]}


def test_all_is_well(run: Run, folder: Path, portal: Emulated) -> None:  # noqa: F811
    (group,) = [one for one in portal.api("GET", "/cloudRouteDestinationGroups") if one["groupName"] != "Default"]
    id_ = f"123456/{group['cloudGroupId']}"
    save(folder, resource("ringcx:RouteGroup", "support", id_, {"name": "Support routing", "__managed": ["name"]}))
    done = run("doctor")
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert all(line.startswith("ok ") for line in lines)
    assert f"pulumi-voice-routing {__version__}, pulumi SDK {version('pulumi')}" in lines[0]
    assert any("ringcx rights" in line and line.endswith("may read RouteGroup") for line in lines)
    assert any("1 resource of this package" in line for line in lines)
    assert TOKEN not in done.stdout


def test_nothing_is_written(run: Run, folder: Path, portal: Emulated) -> None:  # noqa: F811
    save(folder, resource("ringcx:RouteGroup", "support", "123456/1", {}))
    with portal.recording() as calls:
        run("doctor")
    assert {call["method"] for call in calls} == {"GET"}


@pytest.mark.whole_run
def test_a_folder_without_a_program(run: Run, folder: Path, emulator: Emulated) -> None:  # noqa: F811
    (folder / "Pulumi.yaml").unlink()
    found = findings(run, 0)
    assert "there is no Pulumi program" in found["stack"]["said"]
    assert found["ringcx"]["level"] == "ok"


@pytest.mark.parametrize(
    ("said", "level"),
    [
        ("v2.9.1", "error"),
        ("dev", "error"),
        ("v3.99.0", "warning"),
        ("v3.1000.0-dev", "ok"),
    ],
)
@pytest.mark.whole_run
def test_the_engine(run: Run, folder: Path, emulator: Emulated, said: str, level: str) -> None:  # noqa: F811
    (folder / "bin" / "pulumi").write_text(ENGINE.replace(f"v{version('pulumi')}", said))
    assert findings(run, {"ok": 0, "warning": 2, "error": 1}[level])["engine"]["level"] == level


@pytest.mark.whole_run
def test_an_engine_without_its_language_host(run: Run, folder: Path, emulator: Emulated) -> None:  # noqa: F811
    (folder / "bin" / "pulumi-language-python").unlink()
    assert "pulumi-language-python is neither beside pulumi" in findings(run, 2)["engine"]["said"]


REFUSING = """    "config set") cp "$7" settings.yaml; echo 'error: incorrect passphrase' >&2; exit 255 ;;
    "config "*)"""
KEPT = {
    "passphrase": ({"salt": "v1:abc"}, 'encryptionsalt: "v1:abc"\n'),
    "cloud": (
        {"url": "awskms://key", "encryptedkey": "QUJD"},
        'secretsprovider: "awskms://key"\nencryptedkey: "QUJD"\n',
    ),
}


@pytest.mark.parametrize("kind", KEPT)
@pytest.mark.whole_run
def test_the_secrets_of_the_stack(run: Run, folder: Path, emulator: Emulated, kind: str) -> None:  # noqa: F811
    said, settings = KEPT[kind]
    document = {"version": 3, "deployment": {"resources": [], "secrets_providers": {"type": kind, "state": said}}}
    (folder / "state.json").write_text(json.dumps(document))
    assert findings(run, 0)["secrets"]["said"] == f"a run can get at the stack's secrets ({kind})"
    (folder / "bin" / "pulumi").write_text(ENGINE.replace('    "config "*)', REFUSING))
    found = findings(run, 1)["secrets"]
    assert found["said"].endswith("fails: error: incorrect passphrase")
    assert (folder / "settings.yaml").read_text() == settings


@pytest.mark.whole_run
def test_no_engine(run: Run, folder: Path, emulator: Emulated) -> None:  # noqa: F811
    found = findings(run, 1, PATH=str(folder))
    assert found["engine"]["said"] == "there is no pulumi on PATH"
    assert found["stack"]["level"] == "warning"


@pytest.mark.whole_run
def test_settings_come_from_the_stack_too(run: Run, folder: Path, emulator: Emulated) -> None:  # noqa: F811
    (folder / "config.json").write_text(json.dumps({"voice-routing:ringcxAccountId": {"value": "123456"}}))
    assert findings(run, 0, RINGCX_ACCOUNT_ID=None)["ringcx"]["level"] == "ok"


WRONG = {
    "token": ({"RINGCX_ACCESS_TOKEN": "another-token"}, "401"),
    "account": ({"RINGCX_ACCOUNT_ID": "999999"}, "ringcx: CR-01"),
    "host": ({"RINGCX_BASE_URL": "http://127.0.0.1:9"}, "cannot connect to 127.0.0.1"),
    "address": ({"RINGCX_BASE_URL": "ringcx"}, "RINGCX_BASE_URL is 'ringcx'"),
}


@pytest.mark.parametrize("what", WRONG)
@pytest.mark.whole_run
def test_a_vendor_that_cannot_be_asked(run: Run, folder: Path, emulator: Emulated, what: str) -> None:  # noqa: F811
    settings, said = WRONG[what]
    save(folder, resource("ringcx:RouteGroup", "support", "123456/1", {}))
    found = findings(run, 1, **settings)
    assert found["ringcx"]["level"] == "error"
    assert said in found["ringcx"]["said"]
    assert "another-token" not in found["ringcx"]["said"]
    assert not any(name.startswith("ringcx ") for name in found)  # what cannot be reached is told once


@pytest.mark.whole_run
@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("VOICE_ROUTING_COUNTRY_CODES", "1;44", "VOICE_ROUTING_COUNTRY_CODES is '1;44'; write country codes"),
        ("RINGCX_NUMBERS_PER_CALL", "0", "RINGCX_NUMBERS_PER_CALL is 0; at least one number"),
        ("PORTSIP_RING_GROUP_QUOTA", "many", "PORTSIP_RING_GROUP_QUOTA is 'many', and must be a number"),
        ("VOICE_ROUTING_CACHE_DIR", "/dev/null/x", "VOICE_ROUTING_CACHE_DIR: nothing can be written into /dev/null"),
    ],
)
def test_a_setting_that_a_run_would_find_half_way(
    name: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    (found,) = wrong_settings()
    assert said in found


def test_what_the_stack_needs_and_is_not_set_up(run: Run, folder: Path, emulator: Emulated) -> None:  # noqa: F811
    without = {"PORTSIP_BASE_URL": None, "PORTSIP_ACCESS_TOKEN": None}
    assert findings(run, 0, **without)["portsip"]["level"] == "ok"
    assert findings(run, 2, PORTSIP_BASE_URL=None)["portsip"]["level"] == "warning"  # half of it is set
    save(folder, resource("portsip:RingGroup", "desk", "127.0.0.1/t/1", {}))
    found = findings(run, 1, PORTSIP_BASE_URL=None)["portsip"]
    assert found["level"] == "error"
    assert "Set PORTSIP_BASE_URL" in found["said"]


def test_a_right_that_is_missing(run: Run, folder: Path, portal: Emulated) -> None:  # noqa: F811
    save(folder, resource("ringcx:Profile", "support", "123456/1000/1", {}))
    portal.faults({"match": {"operation": "CR-02"}, "fault": "status", "code": 403})
    found = findings(run, 1)
    assert found["ringcx"]["level"] == "ok"
    assert "support cannot be read: ringcx: CR-02" in found["ringcx Profile"]["said"]


DECLARES = """
import pulumi

from pulumi_voice_routing import ringcx

group = ringcx.RouteGroup("group", name="New")
ringcx.Destination("desk", group_id=group.id, name="Desk", kind="DID", target="+13035551234")
ringcx.DnisPool("pool", numbers=[{"dnis": "+13035550100"}])
pulumi.Config().require_secret("nobodyHasSetIt")
"""


@pytest.mark.whole_run
def test_what_the_program_declares_and_the_stack_does_not_have(
    run: Run,  # noqa: F811
    folder: Path,
    portal: Emulated,  # noqa: F811
) -> None:
    save(folder)
    (folder / "__main__.py").write_text(DECLARES)
    with portal.recording() as calls:
        found = findings(run, 0)
    assert found["ringcx rights"]["said"] == "may read Destination, Dnis, RouteGroup"
    assert {call["method"] for call in calls if call["operation"] != "NM-02"} == {"GET"}

    portal.faults({"match": {"operation": "CR-03"}, "fault": "status", "code": 403})
    found = findings(run, 1)
    assert found["ringcx Destination"]["level"] == "error"
    assert found["ringcx rights"]["said"] == "may read Dnis, RouteGroup"


@pytest.mark.whole_run
def test_a_program_that_cannot_be_looked_into(run: Run, folder: Path, emulator: Emulated) -> None:  # noqa: F811
    save(folder)
    (folder / "__main__.py").write_text("1 / 0\n")
    assert "ZeroDivisionError" in findings(run, 0)["program"]["said"]


@pytest.mark.whole_run
def test_a_folder_and_a_stack_that_are_not_there(run: Run, folder: Path, emulator: Emulated) -> None:  # noqa: F811
    done = run("doctor", "--cwd", "nowhere")
    assert done.returncode == 1
    assert "error    stack              there is no folder nowhere. Correct --cwd.\n" in done.stdout
    (folder / "state.json").unlink()
    assert run("doctor", "--stack", "unheard-of").returncode == 1
    (folder / "Pulumi.yaml").unlink()
    assert run("doctor", "--stack", "dev").returncode == 1


@pytest.mark.whole_run
def test_which_call_handling_extensions_have(run: Run, folder: Path, emulator: Emulated) -> None:  # noqa: F811
    save(folder, resource("ringex:CallHandlingStateRule", "w", "123456/100003/dnd", {"extension_id": "123456/100003"}))
    said = findings(run, 0)["ringex call handling"]["said"]
    assert said == "answering rules: extension 100001; states and interaction rules: extension 100003"


@pytest.mark.whole_run
def test_what_is_gone(run: Run, folder: Path, emulator: Emulated) -> None:  # noqa: F811
    save(folder, resource("ringcx:RouteGroup", "support", "123456/77", {}))
    found = findings(run, 2)["ringcx RouteGroup"]
    assert (found["level"], found["said"]) == (
        "warning",
        "support (123456/77) is in the state, but not at the vendor",
    )


@pytest.mark.whole_run
def test_approvals(run: Run, folder: Path, emulator: Emulated) -> None:  # noqa: F811
    day = datetime.now(UTC).date()
    file = folder / "approvals.toml"
    dnis = {"number": "+13035550100", "active": False}
    save(folder, resource("ringcx:Dnis", "line", "123456/13035550100", dnis))
    Account(emulator).pool(["13035550100"])
    file.write_text(APPROVAL.format(number="+13035550100", until=day))
    assert findings(run, 0)["approvals"]["said"] == "1 entry, all in force"
    file.write_text(APPROVAL.format(number="+13035550100", until=day - timedelta(days=1)))
    assert findings(run, 2)["approvals"]["said"].startswith("expired: reassign-active-dnis for +13035550100 until")
    file.write_text(APPROVAL.format(number="+13035550199", until=day))
    assert findings(run, 2)["approvals"]["said"].startswith("about nothing in this stack: reassign-active-dnis for")
    file.write_text("[[approval]]\nrule = 1\n")
    assert findings(run, 1)["approvals"]["level"] == "error"


@pytest.mark.whole_run
def test_rules_that_are_switched_off(run: Run, folder: Path, emulator: Emulated) -> None:  # noqa: F811
    found = findings(run, 2, VOICE_ROUTING_BREAK_GLASS="release-active-dnis")
    assert found["emergency"]["said"].endswith("switches off release-active-dnis")


@pytest.mark.whole_run
def test_numbers_that_nothing_protects(run: Run, folder: Path, emulator: Emulated) -> None:  # noqa: F811
    Account(emulator).pool(["13035550100"])
    inputs = {"number": "+13035550100", "profile": "123456/1/2"}
    bare = resource("ringcx:DnisAssignment", "line", "123456/13035550100", inputs)
    save(folder, bare)
    assert "callers reach line, which nothing protects" in findings(run, 2)["protection"]["said"]
    save(folder, {**bare, "protect": True})
    found = run("doctor", "--json")
    said = {one["about"]: one for one in json.loads(found.stdout)["findings"]}
    assert said["protection"]["level"] == "ok"


@pytest.mark.parametrize(("pack", "level"), [(__version__, "ok"), ("0.0.1", "warning")])
@pytest.mark.whole_run
def test_the_policy_pack(run: Run, folder: Path, emulator: Emulated, pack: str, level: str) -> None:  # noqa: F811
    file = folder / "policies" / "number_safety" / "PulumiPolicy.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(f"description: d\nversion: {pack}\n")
    assert findings(run, 0 if level == "ok" else 2)["policy pack"]["level"] == level


@pytest.mark.whole_run
def test_a_state_that_is_none(run: Run, folder: Path, emulator: Emulated) -> None:  # noqa: F811
    for text in ("[]", "{}", '{"deployment": {"resources": [1]}}', "nothing"):
        (folder / "state.json").write_text(text)
        assert findings(run, 2)["stack"]["level"] == "warning"


@pytest.mark.parametrize("seconds", [-7200, 0, 7200])
def test_the_clock_is_compared_with_each_answer(seconds: int) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={}, headers={"date": formatdate(time.time() + seconds, usegmt=True)})

    api = ApiClient("http://vendor.test", None, 0, transport=httpx.MockTransport(answer))
    assert api.clock_ahead is None
    api.request("CR-01", "GET", "/")
    assert api.clock_ahead is not None
    assert abs(api.clock_ahead + seconds) < 30


def test_ringex_tells_what_is_left_of_each_group(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        told = {"x-rate-limit-group": "light", "x-rate-limit-limit": "50", "x-rate-limit-remaining": "7"}
        return httpx.Response(200, json={}, headers=told)

    monkeypatch.setenv("RINGEX_ACCESS_TOKEN", TOKEN)
    transport = httpx.MockTransport(answer)
    api = RingEX("http://vendor.test", RingExTokens("http://vendor.test", transport), transport=transport)
    api.request("EXb-02", "GET", "/")
    assert [(one.limit, one.left) for one in api.budgets() if one.name == "ringex (light calls)"] == [(50, 7)]
