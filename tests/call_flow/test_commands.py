"""``voice-routing trace`` and ``voice-routing impact``, as users call them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from pulumi_voice_routing.commands.call_flow import impact, trace
from pulumi_voice_routing.errors import VoiceRoutingError
from pulumi_voice_routing.plan.facts import PREFIX, Resource
from pulumi_voice_routing.portsip import client as portsip_client
from pulumi_voice_routing.ringcx import client as ringcx_client
from tests.call_flow.line import (
    AUSTIN,
    DENVER,
    LINE,
    NUMBER,
    OTHER,
    assignment,
    built_in,
    but,
    destination,
    hours,
    one,
    profile,
    rule,
    split,
)
from tests.emulated import Emulated
from tests.examples.portsip import ring_group as emulated_ring_group
from tests.stacks import Stack

BUILT_IN = ("business-hours", "after-hours")
app = typer.Typer()
app.command("trace")(trace)
app.command("impact")(impact)


def run(*arguments: str | Path) -> str:
    """What a command prints; a failure is raised."""
    done = CliRunner().invoke(app, [str(one) for one in arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def fails(*arguments: str | Path) -> str:
    """The one line of a command that must fail."""
    with pytest.raises(VoiceRoutingError) as failure:
        run(*arguments)
    (line,) = str(failure.value).splitlines()
    return line


def run_or_line(*arguments: str | Path) -> str:
    try:
        return run(*arguments)
    except VoiceRoutingError as error:
        return str(error)


def entry(there: Resource) -> dict[str, Any]:
    return {
        "urn": there.urn,
        "type": f"{PREFIX}{there.type}",
        "id": there.id,
        "inputs": dict(there.props),
        "outputs": dict(there.props),
    }


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """The state of a stack that has a support line with shares by hour."""
    by_hour = hours((2001, [100] * 12 + [0] * 12), (2002, [0] * 12 + [100] * 12))
    line = but(LINE, split((2001, None), (2002, None)), by_hour)
    return stored(tmp_path / "state.json", line)


def stored(path: Path, line: list[Resource]) -> Path:
    """The state of a stack that holds a line."""
    path.write_text(json.dumps({"version": 3, "deployment": {"resources": [entry(there) for there in line]}}))
    return path


def preview(path: Path, before: list[Resource], after: list[Resource]) -> Path:
    """A preview of changes in place."""
    olds = {there.urn: there for there in before}
    steps = [
        {
            "op": "same" if olds[there.urn].props == there.props else "update",
            "urn": there.urn,
            "oldState": entry(olds[there.urn]),
            "newState": entry(there),
        }
        for there in after
    ]
    path.write_text(json.dumps({"steps": steps, "changeSummary": Counter(step["op"] for step in steps)}))
    return path


def test_trace(state: Path) -> None:
    assert run(
        "trace", NUMBER, "--state", state, "--at", "2026-12-01 11:59", "--tz", "America/Denver"
    ).splitlines() == [
        f"{NUMBER}, Tue 2026-12-01 11:59 America/Denver",
        f"{NUMBER} is answered by profile 'Support'  [ringcx:DnisAssignment n00]",
        "  profile 'Support', PERCENT_ALLOCATION  [ringcx:Profile support]",
        "    destination 'Denver' (rank 1)  [ringcx:Destination denver]",
        f"      number {DENVER}",
        f"=> number {DENVER}",
    ]
    evening = run("trace", "1 (303) 555-0100", "--state", state, "--at", "2026-12-01T12:00", "--tz", "America/Denver")
    assert evening.endswith(f"=> number {AUSTIN}\n")
    # The same moment on another clock; the vendors' hours are in the zone that is named.
    moved = run("trace", NUMBER, "--state", state, "--at", "2026-12-01T19:00+00:00", "--tz", "America/Denver")
    assert "12:00 America/Denver" in moved


def test_trace_as_json(state: Path) -> None:
    found = json.loads(run("trace", NUMBER, "--state", state, "--at", "2026-12-01 19:00", "--tz", "UTC", "--json"))
    assert (found["number"], found["at"], found["tz"]) == (NUMBER, "2026-12-01T19:00+00:00", "UTC")
    assert found["fate"] == [{"end": "number", "what": AUSTIN, "odds": "1", "percent": 100.0}]
    (step,) = found["path"]
    assert (step["resource"]["type"], step["resource"]["name"]) == ("ringcx:DnisAssignment", "n00")
    assert step["resource"]["urn"] == LINE[-1].urn
    end = step["next"][0]["next"][0]["next"][0]
    assert (end["what"], end["end"]) == (f"number {AUSTIN}", "number")


def test_the_zone_is_asked_for_only_where_it_matters(state: Path, tmp_path: Path) -> None:
    assert fails("trace", NUMBER, "--state", state, "--at", "2026-12-01 19:00") == (
        f"where calls to {NUMBER} go depends on the hour (it changes at Mon 12:00, Tue 00:00, Tue 12:00), and the "
        "vendors do not document in which time zone they read hours: say which with --tz, such as America/Denver"
    )
    plan = preview(tmp_path / "plan.json", LINE, but(LINE, split((2001, 60), (2002, 40))))
    found = run("trace", NUMBER, "--plan", plan)
    assert f"├─ 70 % destination 'Denver' (rank 1)  [ringcx:Destination denver]\n    │  number {DENVER}" in found
    before, after = found.split("\nafter:\n")
    assert f"=> 70 % number {DENVER}; 30 % number {AUSTIN}" in before
    assert f"=> 60 % number {DENVER}; 40 % number {AUSTIN}\n\nIts outcome changes.\n" in after
    same = run("trace", NUMBER, "--plan", preview(tmp_path / "same.json", LINE, LINE))
    assert same.endswith("\nIts outcome does not change.\n")


def test_branches_whose_odds_nobody_tells(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    line = but(LINE, profile(routing_type="SEQUENTIAL"))
    path.write_text(json.dumps({"deployment": {"resources": [entry(there) for there in line]}}))
    assert run("trace", NUMBER, "--state", path).splitlines()[2:] == [
        "  profile 'Support', SEQUENTIAL  [ringcx:Profile support]",
        "    unknown: how SEQUENTIAL chooses among destinations is not documented  "
        "[ringcx:ProfileDestinations split-3001]",
        "      ├─ ? destination 'Denver' (rank 1)  [ringcx:Destination denver]",
        f"      │  number {DENVER}",
        "      └─ ? destination 'Austin' (rank 2)  [ringcx:Destination austin]",
        f"         number {AUSTIN}",
        "=> unknown (how SEQUENTIAL chooses among destinations is not documented)",
    ]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["+1303"], "'+1303' has the wrong number of digits for its country code"),
        (["Denver"], "'Denver' is not a number; write it like +13035551234, or 8000 for an extension"),
        (["+13035550199"], f"+13035550199 is no number of this configuration. There are: {NUMBER}"),
        ([NUMBER, "--at", "noon"], "--at: 'noon' is not a time; write it like '2026-12-01 19:00'"),
        ([NUMBER, "--tz", "Denver"], "--tz: there is no time zone 'Denver'; write it like America/Denver"),
        (
            [NUMBER, "--tz", "../etc/passwd"],
            "--tz: there is no time zone '../etc/passwd'; write it like America/Denver",
        ),
        (
            [NUMBER, "--at", "2026-12-01T19:00Z"],
            "--at has an offset; say with --tz in which zone the vendors' hours are",
        ),
        (
            [NUMBER, "--caller", "abc"],
            "--caller: 'abc' is not a number; write it like +13035551234, or 8000 for an extension",
        ),
        (
            [NUMBER, "--at", "0001-01-01T00:00+14:00", "--tz", "America/Denver"],
            "--at: '0001-01-01T00:00+14:00' is outside of all years that there are in America/Denver",
        ),
        (
            [NUMBER, "--at", "2026-03-08 02:30", "--tz", "America/Denver"],
            "--at: there is no 2026-03-08 02:30 in America/Denver, where clocks go forward over it",
        ),
        (["extension 999"], f"extension 999 is no number of this configuration. There are: {NUMBER}"),
        ([NUMBER, "--live"], "--live asks the vendors: leave out --plan, --state and --stack"),
    ],
)
def test_bad_input_is_one_line(state: Path, arguments: list[str], line: str) -> None:
    assert fails("trace", *arguments, "--state", state) == line


def test_a_time_that_clocks_show_twice_says_which(state: Path) -> None:
    zone = ("--tz", "America/Denver")
    assert "01:30 America/Denver (first of two)" in run(
        "trace", NUMBER, "--state", state, "--at", "2026-11-01 01:30", *zone
    )
    later = run("trace", NUMBER, "--state", state, "--at", "2026-11-01T01:30-07:00", *zone)
    assert "01:30 America/Denver (second of two)" in later
    edge = run("trace", NUMBER, "--state", state, "--at", "9999-12-31 23:59", *zone)
    assert edge.startswith(f"{NUMBER}, Fri 9999-12-31 23:59 America/Denver\n")


def test_single_periods_need_a_zone(tmp_path: Path) -> None:
    holiday = {"ranges": [{"from": "2026-12-24T00:00:00", "to": "2026-12-27T00:00:00"}]}
    line = [rule("holiday", schedule=holiday, action="PlayAnnouncementOnly"), *map(built_in, BUILT_IN)]
    path = stored(tmp_path / "state.json", line)
    at = ("--state", path, "--at", "2026-12-25 12:00")
    assert "single periods (which begin and end at 2026-12-24 00:00, 2026-12-27 00:00)" in fails("trace", OTHER, *at)
    assert "announcement" in run("trace", OTHER, *at, "--tz", "America/Denver")
    assert run("trace", "Extension 101", *at).endswith("=> voicemail of extension 101\n")


def test_names_and_addresses_stay_on_their_line(tmp_path: Path) -> None:
    target = "sip:a@b\n\n| x | **y** | <b>z</b> @octocat \x1b[31mred [l](http://evil)\ud800"
    after = but(LINE, destination("denver", 2001, target, kind="SIP"))
    plan = preview(tmp_path / "plan.json", LINE, after)
    for text in (run("impact", plan), run("trace", NUMBER, "--plan", plan)):
        assert "\x1b" not in text
        assert not any(line.startswith("|") for line in text.splitlines())
    table = run("impact", plan, "--format", "markdown")
    assert sum(line.startswith("|") for line in table.splitlines()) == 3
    assert not any(mark in table for mark in ("<b>", "**", "@octocat", "](", "http://"))


def test_a_screen_that_cannot_show_a_character_shows_another(tmp_path: Path) -> None:
    path = stored(tmp_path / "state.json", LINE)
    done = CliRunner(charset="ascii").invoke(app, ["trace", NUMBER, "--state", str(path)], catch_exceptions=False)
    assert "70 % destination 'Denver' (rank 1)  [ringcx:Destination denver]" in done.stdout


@pytest.mark.parametrize(
    "changed",
    [
        destination("denver", 2001, DENVER, active=[]),
        split((2001, float("inf")), (2002, 30)),
        split((2001, True), (2002, [])),
        profile(routing_type={}),
        one("ringcx:DnisOverrides", "x", "123456/1001/2001", destination=["x"], overrides=[{"dnis": None}]),
        assignment(__elsewhere=["x"]),
    ],
    ids=str,
)
def test_states_that_nobody_wrote_are_one_line_or_an_answer(tmp_path: Path, changed: Resource) -> None:
    path = stored(tmp_path / "state.json", but(LINE, changed))
    said = run_or_line("trace", NUMBER, "--state", path, "--tz", "UTC")
    assert str(path) in said or "=> " in said


def test_files_that_are_something_else_are_one_line(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    for text in ("", "[]", "{}", '{"steps": [{}]}'):
        path.write_text(text)
        for command in ("impact", f"trace {NUMBER} --plan", f"trace {NUMBER} --state"):
            assert str(path) in fails(*command.split(), path)
    assert "nowhere.json" in fails("impact", tmp_path / "nowhere.json")


def test_impact_in_all_forms(tmp_path: Path) -> None:
    plan = preview(tmp_path / "plan.json", LINE, but(LINE, split((2001, 60), (2002, 40))))
    assert run("impact", plan).startswith(f"{NUMBER}\n  always\n    before: 70 %")
    comment = run("impact", plan, "--format", "markdown").splitlines()
    assert comment[0] == (
        "- +1 303 555 0100, always: 70 % Denver (+1 303 555 1001); 30 % Austin (+1 303 555 1002) becomes "
        "60 % Denver (+1 303 555 1001); 40 % Austin (+1 303 555 1002)"
    )
    assert comment[2:4] == ["```mermaid", "flowchart LR"]
    folded = "<details><summary>Where calls end, before and after</summary>"
    assert comment.index("```") < comment.index(folded) < comment.index("| calls to | when | before | after |")
    as_json = run("impact", plan, "--json")
    assert as_json == run("impact", plan, "--format", "json")
    (one,) = json.loads(as_json)["numbers"]
    assert one["changes"][0]["after"][0]["odds"] == "3/5"
    nothing = preview(tmp_path / "same.json", LINE, LINE)
    assert run("impact", nothing) == "Nobody's calls end elsewhere.\n"
    assert run("impact", nothing, "--format", "markdown") == "\n"


PROGRAM = """
import pulumi
from pulumi_voice_routing import ringcx

group = ringcx.RouteGroup("g", name="Denver")
denver = ringcx.Destination(
    "{denver}",
    group_id=group.id,
    name="Denver",
    kind="DID",
    target="+13035551001",
    opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name="denver")]),
)
austin = ringcx.Destination("austin", group_id=group.id, name="Austin", kind="DID", target="+13035551002")
support = ringcx.Profile(
    "support", group_id=group.id, name="Support", routing_type="PERCENT_ALLOCATION", percent_alloc_type="DAILY"
)
split = ringcx.ProfileDestinations(
    "split",
    profile=support,
    destinations=[
        {{"destination": denver, "allocation_percent": {share}}},
        {{"destination": austin, "allocation_percent": 100 - {share}}},
    ],
)
live = ringcx.Activation("live", targets=[denver, austin, support], opts=pulumi.ResourceOptions(depends_on=[split]))
record = ringcx.Dnis("record", dnis="+13035550100")
ringcx.DnisAssignment(
    "number", dnis="+13035550100", profile=support, opts=pulumi.ResourceOptions(depends_on=[live, record])
)
"""


def test_previews_of_the_engine(stack: Stack, tmp_path: Path) -> None:
    plan, there = tmp_path / "plan.json", tmp_path / "state.json"

    def previewed(*options: str, **values: Any) -> None:
        stack.write_program(PROGRAM.format(**{"denver": "denver", "share": 70, **values}))
        plan.write_text(stack.cli("preview", "--json", *options))

    previewed()
    new = run("impact", plan)
    assert "before: unknown (the number is not part of this configuration)" in new
    assert "after:  40 % unknown (which of the new destinations gets which share is not known before the run)" in new
    stack.cli("up", "--yes", "--skip-preview")
    there.write_text(stack.cli("stack", "export"))
    assert run("trace", NUMBER, "--state", there).endswith(f"=> 70 % number {DENVER}; 30 % number {AUSTIN}\n")

    previewed("--show-sames", denver="renamed", share=60)
    (change,) = json.loads(run("impact", plan, "--json"))["numbers"][0]["changes"]
    assert [one["odds"] for one in change["before"]] == ["7/10", "3/10"]
    assert [one["odds"] for one in change["after"]] == ["3/5", "2/5"]
    assert "[ringcx:Destination renamed]" in run("trace", NUMBER, "--plan", plan)
    previewed(denver="renamed")  # the engine leaves out what stays the same
    assert run("impact", plan, "--state", there) == "Nobody's calls end elsewhere.\n"


# The vendors


@pytest.fixture
def vendors(emulator: Emulated, emulator_env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulated]:
    """The emulator with a profile for :data:`NUMBER`, of which one part goes to a ring group."""
    for name, value in emulator_env.items():
        monkeypatch.setenv(name, value)
    made: list[dict[Any, Any]] = [{}, {}]
    monkeypatch.setattr(ringcx_client, "_clients", made[0])
    monkeypatch.setattr(portsip_client, "_clients", made[1])
    yield emulator
    for client in [*made[0].values(), *made[1].values()]:
        client.close()


def _number(portal: Emulated, number: str, **owner: str) -> None:
    manager = "/voice/api/v1/admin/utilities/tnManager"
    digits = number.removeprefix("+")
    portal.manage("POST", f"{manager}/dnisPool", [{"dnis": digits, "reservedAccountId": "123456"}])
    for product, id_ in owner.items():
        portal.manage("PUT", f"{manager}/assignedDnis/{product}/{id_}", [{"dnis": digits, "isActive": True}])


def test_live(vendors: Emulated) -> None:
    emulated_ring_group(vendors, "8000", "101", "102")
    denver = vendors.destination("Denver", active=True, routeDestination=OTHER)
    austin = vendors.destination(
        "Austin", active=True, destinationType="SIP", routeDestination="sip:8000@acme.example.com"
    )
    vendors.override(denver, "13035550102", "+13035551009")
    support = vendors.profile("Support")
    vendors.assign(support, denver, 70, 1)
    vendors.assign(support, austin, 30, 2)
    vendors.switch("Profile", support, on=True)
    _number(vendors, NUMBER, cloudRouteProfiles=support)
    _number(vendors, "+13035550102", cloudRouteProfiles=support)
    _number(vendors, OTHER, gates="1000")
    _number(vendors, "+13035550103")

    def outcome(number: str) -> dict[str, float]:
        found = json.loads(run("trace", number, "--live", "--json"))["fate"]
        return {f"{one['end']} {one['what']}": one["percent"] for one in found}

    group = "ring group ring group 8000, CYCLIC_HUNT: 101, 102"
    assert outcome(NUMBER) == {"queue 1000": 70.0, group: 30.0}
    assert outcome("+13035550102") == {"number +13035551009": 70.0, group: 30.0}
    assert outcome("8000") == {group: 100.0}
    assert outcome("+13035550103") == {"unknown who answers the number is not part of this configuration": 100.0}
    assert "is no number of this configuration" in fails("trace", "+13035550199", "--live")
    with vendors.recording() as calls:
        run("trace", NUMBER, "--live")
    assert {call["method"] for call in calls if not call["operation"].startswith("NM-")} == {"GET"}
    vendors.switch("Profile", support, on=False)
    for client in ringcx_client._clients.values():
        client.listings.clear()  # another run of the command is another process, which knows nothing yet
    assert outcome(NUMBER) == {"unanswered the profile is not active": 100.0}


def _to_addresses(vendors: Emulated, number: str, *addresses: str) -> None:
    """A number whose profile sends equal parts to SIP addresses."""
    there = vendors.profile(f"To {number}")
    for place, target in enumerate(addresses, 1):
        one = vendors.destination(
            f"{number} {place}", active=True, destinationType="SIP", routeDestination=f"sip:{target}"
        )
        vendors.assign(there, one, 100 // len(addresses), place)
    vendors.switch("Profile", there, on=True)
    _number(vendors, number, cloudRouteProfiles=there)


def test_live_follows_every_address_of_the_tenant(vendors: Emulated) -> None:
    emulated_ring_group(vendors, "8000", "101")
    emulated_ring_group(vendors, "8001", "102")
    away, here = ["100@carrier.example.net", "101@carrier.example.net"], ["8000@acme.example.com", "8001@127.0.0.1"]
    _to_addresses(vendors, NUMBER, *away, *here)
    _to_addresses(vendors, OTHER, "8000@carrier.example.net")
    found = run("trace", NUMBER, "--live")
    assert "CYCLIC_HUNT: 101" in found
    assert "CYCLIC_HUNT: 102" in found
    with vendors.recording() as calls:
        assert run("trace", OTHER, "--live").endswith("=> sip:8000@carrier.example.net\n")
    assert not any("ring_groups" in call["path"] for call in calls)


def test_live_with_a_server_of_portsip_alone(vendors: Emulated, monkeypatch: pytest.MonkeyPatch) -> None:
    emulated_ring_group(vendors, "8000", "101")
    monkeypatch.delenv("RINGCX_ACCOUNT_ID")
    assert "CYCLIC_HUNT: 101" in run("trace", "8000", "--live")
    assert "RINGCX_ACCOUNT_ID" in fails("trace", NUMBER, "--live")
    monkeypatch.delenv("PORTSIP_BASE_URL")
    assert "RINGCX_ACCOUNT_ID" in fails("trace", "8000", "--live")


def test_live_overrides_below_a_profiles_link(vendors: Emulated) -> None:
    denver, support = vendors.destination("Denver", active=True, routeDestination=DENVER), vendors.profile("Support")
    vendors.assign(support, denver, 100, 1)
    vendors.switch("Profile", support, on=True)
    _number(vendors, NUMBER, cloudRouteProfiles=support)
    _number(vendors, OTHER, cloudRouteProfiles=support)
    links = f"/cloudRouteProfileGroups/1000/cloudRouteProfiles/{support}/assignedDestinations"
    (link,) = vendors.api("GET", links)
    override = {"dnis": NUMBER[1:], "routeDestination": AUSTIN[1:]}
    at = f"{links}/{link['assignedDestinationId']}/dnisOverrides"
    vendors.api("POST", at, override, params={"cloudDestinationType": "DID"})
    assert run("trace", NUMBER, "--live").endswith(f"=> number {AUSTIN}\n")
    assert run("trace", OTHER, "--live").endswith(f"=> number {DENVER}\n")


def test_live_tracking_numbers(vendors: Emulated) -> None:
    digits = NUMBER.removeprefix("+")
    _number(vendors, NUMBER)
    made = vendors.api("POST", "/tracGroups/1000/tracNumbers", {"dnis": digits, "dnisDescription": "Spring"})
    rules = f"/tracGroups/1000/tracNumbers/{made['tracId']}/routingRules"
    for rank, open_ in enumerate((True, False), 1):
        body = {"ruleType": "STANDARD", "destination": "13035551001", "rank": rank, "openRule": open_}
        vendors.api("POST", rules, body)
    found = run("trace", NUMBER, "--live")
    assert f"=> number {DENVER}" in found

    _number(vendors, OTHER)
    body = {"dnis": OTHER.removeprefix("+"), "dnisDescription": "Summer"}
    other = vendors.api("POST", "/tracGroups/1000/tracNumbers", body)
    for rank, open_ in enumerate((True, False), 1):
        body = {"ruleType": "TRAC_XFER", "xferTracId": made["tracId"], "rank": rank, "openRule": open_}
        vendors.api("POST", f"/tracGroups/1000/tracNumbers/{other['tracId']}/routingRules", body)
    assert f"=> number {DENVER}" in run("trace", OTHER, "--live")
