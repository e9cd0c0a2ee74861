"""What the gate asks the vendors, when it may: what becomes of calls at something that no state tells of."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pulumi_voice_routing.commands.gate.levels import Levels
from pulumi_voice_routing.commands.gate.unseen import with_unseen
from pulumi_voice_routing.commands.gate.verdict import Verdict, judged
from pulumi_voice_routing.permission.approvals import Approvals
from pulumi_voice_routing.permission.wording import Entry, toml
from pulumi_voice_routing.plan.facts import Resource
from pulumi_voice_routing.plan.plan import Plan, Step
from pulumi_voice_routing.plan.taken_over import TakenOver
from tests.call_flow.line import assignment, destination, one
from tests.rules.plans import TODAY

from .conftest import AUSTIN, NUMBER, Live
from .run import Stack
from .test_unchanged_things import (
    AT,
    COMES,
    COMES_WELL,
    EXTENSION,
    OTHER,
    PREMIUM,
    SIP,
    VIP,
    Comes,
    Line,
    at_it,
    below,
    by_hand,
    ring_group,
    rule,
)


def gate_live(live: Live, before: list[Resource], after: list[Resource]) -> set[str]:
    """The rules that the gate would break by what the state does not tell."""
    owners = {f"+{NUMBER}": f"profile {live.profile}"}
    return {one.rule.name for one in gate_says(live, before, after, owners).refused}


def gate_says(live: Live, before: list[Resource], after: list[Resource], owners: Mapping[str, str | None]) -> Verdict:
    """The same as it is judged; ``owners`` are those of the numbers now."""
    olds, news = ({one.urn: one for one in side} for side in (before, after))
    steps = [
        Step(
            urn,
            ("same",) if olds.get(urn) == news.get(urn) else ("update",) if urn in olds else ("create",),
            olds.get(urn),
            news.get(urn),
        )
        for urn in olds | news
    ]
    plan = Plan(steps=steps, urn=steps[0].urn)
    known = with_unseen(plan, owners, TakenOver())
    return judged(plan, levels=Levels(), approvals=Approvals(), live=owners, taken_over=known, today=TODAY)


def saved_line(live: Live, *shares: tuple[str, int]) -> list[Resource]:
    """A state that says of the account what it is."""
    rows = live.rows(*shares)
    at = live.id(live.profile)
    whole = {"group_id": "123456/1000", "name": "Support", "routing_type": "PERCENT_ALLOCATION", "active": True}
    return [
        replace(assignment(f"+{NUMBER}", profile=at), protected=True),
        one("ringcx:Profile", "support", at, percent_alloc_type="DAILY", **whole),
        one("ringcx:ProfileDestinations", "split", at, profile=at, destinations=rows),
        *(
            replace(destination(f"desk-{n}", n, f"+1303555200{n}"), id=live.id(where))
            for n, (where, _) in enumerate(shares)
        ),
    ]


AT_THE_GATE: dict[str, Callable[[Live, str], object]] = {
    "an override to a premium-rate number": at_it(PREMIUM),
    "an override below the link": below(PREMIUM),
    "an override to the number itself": at_it(f"+{NUMBER}"),
}


@pytest.mark.parametrize("there", AT_THE_GATE.values(), ids=AT_THE_GATE)
def test_the_gate_asks_what_first_gets_calls(live: Live, there: Callable[[Live, str], object]) -> None:
    spare = live.spare()
    live.portal.assign(live.profile, spare, 0, rank=3)
    live.portal.switch("Destination", spare, on=True)
    there(live, spare)
    live.new_lists()
    before = saved_line(live, (live.denver, 70), (live.austin, 30), (spare, 0))
    after = saved_line(live, (live.denver, 50), (live.austin, 30), (spare, 20))
    assert gate_live(live, before, after)
    assert gate_live(live, before, saved_line(live, (live.denver, 60), (live.austin, 40), (spare, 0))) == set()


def test_the_gate_asks_for_rules_to_which_calls_are_left(live: Live) -> None:
    by_hand(live)
    live.new_lists()
    vip = one("ringex:AnsweringRule", "vip", f"{EXTENSION}/7", **rule(VIP)[1])
    assert gate_live(live, [vip], [replace(vip, props={**vip.props, "enabled": False})]) == {"forbidden-target"}


NO_MORE_TOLD: dict[str, dict[str, Any] | None] = {
    "the rule leaves": None,
    "it forwards calls": {"action": "ForwardCalls"},
}


@pytest.mark.parametrize("wanted", NO_MORE_TOLD.values(), ids=NO_MORE_TOLD)
def test_the_gate_asks_for_what_no_argument_says(live: Live, wanted: dict[str, Any] | None) -> None:
    at = {"extension_id": EXTENSION, "rule": "business-hours"}
    kept = {"__before": '{"callHandlingAction": "ForwardCalls"}'}
    given = {**at, "action": "UnconditionalForwarding", "forward_all_to": AUSTIN, **kept}
    hours = one("ringex:BuiltInAnsweringRule", "hours", f"{EXTENSION}/business-hours-rule", **given)
    assert gate_live(live, [hours], [replace(hours, props={**at, **wanted})] if wanted else []) == set()
    dead = {"callHandlingAction": "PlayAnnouncementOnly"}
    live.portal.call("PUT", f"{AT}/answering-rule/business-hours-rule", {"voicemail": {"enabled": False}, **dead})
    silent = replace(hours, props={**hours.props, "__before": json.dumps(dead)})
    live.new_lists()
    assert gate_live(live, [silent], []) == {"calls-unanswered"}


@pytest.mark.parametrize(("desk", "there"), [*COMES.values(), *COMES_WELL.values()], ids=[*COMES, *COMES_WELL])
def test_a_number_that_comes_to_a_line_of_the_portal(
    live: Live, desk: dict[str, Any], there: Comes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is refused where the provider refuses it."""
    monkeypatch.setenv("VOICE_ROUTING_COUNTRY_CODES", "1")
    line = Line(live, **desk)
    there(line)
    live.new_lists()
    before = saved_line(live, (live.denver, 70), (live.austin, 30))
    comes = assignment(f"+{OTHER}", profile=live.id(line.profile))
    assert bool(gate_live(live, before, [*before, comes])) is ((desk, there) in COMES.values())


@pytest.mark.parametrize(
    ("target", "on", "refused"),
    [(AUSTIN, True, set()), (AUSTIN, False, {"calls-unknown"}), (PREMIUM, True, {"forbidden-target"})],
)
def test_a_share_for_a_destination_of_the_portal(live: Live, target: str, on: bool, refused: set[str]) -> None:
    other = live.portal.destination("Other", active=on, routeDestination=target)
    live.new_lists()
    before = saved_line(live, (live.denver, 70), (live.austin, 30))
    rows = live.rows((live.denver, 50), (live.austin, 30), (other, 20))
    shares = [replace(it, props={**it.props, "destinations": rows}) if it.name == "split" else it for it in before]
    assert gate_live(live, before, shares) == refused


@pytest.mark.parametrize(("forwards_to", "refused"), [(PREMIUM, True), ("8001", True), ("101", False)])
def test_a_ring_group_of_the_portal_to_which_calls_go_on(live: Live, forwards_to: str, refused: bool) -> None:
    ring_group(live, forwards_to)
    live.new_lists()
    given = {"name": "Day", "extension_number": "8001", "members": [{"extension_number": "101"}]}
    mail = {"no_answer": {"action": "FORWARD_TO_VOICEMAIL"}, "strategy": "CYCLIC_HUNT"}
    day = one("portsip:RingGroup", "day", "127.0.0.1/acme.example.com/1", **given, **mail)
    on = replace(day, props={**day.props, "no_answer": {"action": "FORWARD_TO_NUMBER", "number": "8000"}})
    assert bool(gate_live(live, [day], [on])) is refused


def test_a_sip_address_of_a_ring_group_of_the_portal(live: Live) -> None:
    ring_group(live, PREMIUM)
    live.new_lists()
    before = saved_line(live, (live.denver, 70), (live.austin, 30))
    piped = [
        replace(it, props={**it.props, "kind": "SIP", "target": SIP}) if it.name == "desk-0" else it for it in before
    ]
    assert gate_live(live, before, piped) == {"forbidden-target"}


@pytest.mark.parametrize("name", ["the number itself", "an override to a premium-rate number"])
def test_what_the_gate_was_permitted_for_a_number_that_comes_is_permitted_in_the_run(
    live: Live, name: str, tmp_path: Path
) -> None:
    desk, there = COMES[name]
    line = Line(live, **desk)
    there(line)
    live.new_lists()
    comes = assignment(f"+{OTHER}", profile=live.id(line.profile))
    (one,) = gate_says(live, [], [comes], {f"+{OTHER}": None}).refused
    entry = Entry(one.rule.name, [one.object], one.from_, one.to)
    (tmp_path / "approvals.toml").write_text(
        toml(entry, "it is meant", "OPS-1", datetime.now(UTC).date() + timedelta(days=7))
    )
    live.new_lists()
    Stack().up(number=("ringcx:DnisAssignment", {"dnis": f"+{OTHER}", "profile": live.id(line.profile)}))


@pytest.mark.parametrize("profile", ["123456/1000/9999", "9999/9999", "9999"])
def test_a_profile_that_does_not_exist(live: Live, profile: str) -> None:
    before = saved_line(live, (live.denver, 70), (live.austin, 30))
    moved = [replace(it, props={**it.props, "profile": profile}) if it.roles.answers else it for it in before]
    assert gate_live(live, before, moved) == {"calls-unknown", "reassign-active-dnis"}
