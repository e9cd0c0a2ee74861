"""What the provider says of a change of a state or a rule of the newer call handling, and a gate that may ask as well.

Most of the extension is left to the portal: the vendor is asked what that does.
"""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_voice_routing.commands.gate.levels import Levels
from pulumi_voice_routing.commands.gate.verdict import judged
from pulumi_voice_routing.errors import Refused
from pulumi_voice_routing.permission.approvals import Approvals
from pulumi_voice_routing.plan.facts import Resource
from pulumi_voice_routing.plan.plan import Plan, Step
from pulumi_voice_routing.plan.taken_over import looked_at, taken_over
from tests.emulated import Json, operations
from tests.examples import ref
from tests.examples.ringex_users import DESK, OTHER, api, as_sent, with_users
from tests.rules.plans import TODAY

from .conftest import Live
from .run import Stack

VOICEMAIL, ANNOUNCEMENT = {"type": "VoiceMailTerminatingTarget"}, {"type": "PlayAnnouncementTerminatingTarget"}
ALWAYS = {"daily": {"from": "00:00", "to": "24:00"}}
MOBILE = {"targets": [{"type": "AllMobileRingTarget"}]}
OFF = {"targets": [{"type": "AllMobileRingTarget"}], "enabled": False}
RINGS = {"dispatching": "RingInOrder", "ring_groups": [MOBILE], "no_answer_target": VOICEMAIL}
VIP = {"callers": [{"caller_id": "+13035550170"}]}


def state(which: str, **args: Any) -> tuple[str, Json]:
    return "ringex:CallHandlingState", {"extension_id": ref(OTHER), "state": which, **args}


def rule(which: str, **args: Any) -> tuple[str, Json]:
    return "ringex:CallHandlingStateRule", {"extension_id": ref(OTHER), "state": which, **args}


def interaction(name: str, **args: Any) -> tuple[str, Json]:
    given = {"extension_id": ref(OTHER), "name": name, **VIP, "dispatching": "Terminate", **args}
    given = {name: value for name, value in given.items() if value is not None}
    return "ringex:InteractionRule", given


def ends_in_the_portal(live: Live, which: str, target: str) -> None:
    there = api(live.portal, "GET", OTHER, f"voice/state-rules/{which}")["dispatching"]
    actions = [
        {**one, "terminatingTargetType": target} if one["type"] == "TerminatingAction" else one
        for one in there["actions"]
    ]
    body = {"dispatching": as_sent({**there, "type": "Terminate", "actions": actions})}
    api(live.portal, "PATCH", OTHER, f"voice/state-rules/{which}", body)


def switched_on_in_the_portal(live: Live, which: str) -> None:
    api(live.portal, "PATCH", OTHER, f"states/{which}", {"enabled": True})


Portal = list[tuple[str, ...]]
"""What somebody has done before: a rule that ends calls somewhere at once, or a state that is on."""

PASSES: dict[str, tuple[Portal, list[tuple[str, Json]]]] = {
    "do not disturb, with voicemail in the portal": ([], [state("dnd", enabled=True)]),
    "forwarding, with voicemail in the portal": ([], [state("forward-all-calls", enabled=True, schedule=ALWAYS)]),
    "an announcement while the switch is off": (
        [],
        [rule("dnd", dispatching="Terminate", immediate_target=ANNOUNCEMENT)],
    ),
    "do not disturb that has been on": (
        [("dnd", ANNOUNCEMENT["type"]), ("dnd",)],
        [state("dnd", enabled=True)],
    ),
    "work hours that ring": ([], [rule("work-hours", **RINGS)]),
    "around the clock": ([], [state("work-hours", schedule=ALWAYS)]),
    "voicemail for one caller": ([], [interaction("VIP", immediate_target=VOICEMAIL)]),
    "a new rule that says nothing, and is like that of the work hours": ([], [interaction("VIP", dispatching=None)]),
    "a rule that is off": ([], [interaction("VIP", enabled=False, immediate_target=ANNOUNCEMENT)]),
    "nobody rings, and voicemail answers": ([], [rule("work-hours", **{**RINGS, "ring_groups": [OFF]})]),
    "what is said to callers under a switch that somebody has turned on": (
        [("dnd",)],
        [rule("work-hours", **{**RINGS, "ring_groups": [], "no_answer_target": ANNOUNCEMENT})],
    ),
}

REFUSED: dict[str, tuple[Portal, list[tuple[str, Json]]]] = {
    "do not disturb, with an announcement in the portal": (
        [("dnd", ANNOUNCEMENT["type"])],
        [state("dnd", enabled=True)],
    ),
    "forwarding, with an announcement in the portal": (
        [("forward-all-calls", ANNOUNCEMENT["type"])],
        [state("forward-all-calls", enabled=True, schedule=ALWAYS)],
    ),
    "an announcement under a switch that somebody has turned on": (
        [("dnd",)],
        [rule("dnd", dispatching="Terminate", immediate_target=ANNOUNCEMENT)],
    ),
    "both at once": (
        [],
        [
            state("dnd", enabled=True),
            rule("dnd", dispatching="Terminate", immediate_target=ANNOUNCEMENT),
        ],
    ),
    "nobody rings, and an announcement ends it": (
        [],
        [rule("work-hours", **{**RINGS, "ring_groups": [OFF], "no_answer_target": ANNOUNCEMENT})],
    ),
    "after hours with an announcement": (
        [],
        [rule("after-hours", dispatching="Terminate", immediate_target=ANNOUNCEMENT)],
    ),
    "an announcement for one caller": ([], [interaction("VIP", immediate_target=ANNOUNCEMENT)]),
    "more hours after hours, whose rule in the portal answers nobody": (
        [("after-hours", ANNOUNCEMENT["type"])],
        [state("work-hours", schedule={"weekly": {"monday": [{"from": "10:00", "to": "11:00"}]}})],
    ),
}


def done_by_hand(live: Live, before: Portal) -> None:
    with_users(live.portal)
    for one in before:
        ends_in_the_portal(live, *one) if len(one) > 1 else switched_on_in_the_portal(live, *one)
    live.portal.forget_journal()


def attempt(live: Live, before: Portal, program: list[tuple[str, Json]]) -> None:
    done_by_hand(live, before)
    Stack().up(**{f"one{number}": resource for number, resource in enumerate(program)})


@pytest.mark.parametrize("name", PASSES)
def test_what_leaves_nobody_alone_passes(live: Live, name: str) -> None:
    attempt(live, *PASSES[name])


@pytest.mark.parametrize("name", REFUSED)
def test_what_leaves_callers_alone_is_refused_before_it_is_sent(live: Live, name: str) -> None:
    with pytest.raises(Refused, match=f"extension {OTHER}.* would be worse off"):
        attempt(live, *REFUSED[name])
    assert operations(live.portal.journal(), writes=True) == []


@pytest.mark.parametrize("which", ["dnd", "forward-all-calls"])
def test_a_switch_takes_its_user_out_of_call_queues(live: Live, which: str) -> None:
    schedule = {} if which == "dnd" else {"schedule": ALWAYS}
    given = {"extension_id": ref(DESK), "state": which, "enabled": True, **schedule}
    with pytest.raises(Refused, match=f"calls to extension {DESK} in call queues would be worse off"):
        attempt(live, [], [("ringex:CallHandlingState", given)])
    assert operations(live.portal.journal(), writes=True) == []


def stops_the_gate(before: Portal, program: list[tuple[str, Json]], live: Live) -> set[str]:
    """The rules of a gate with ``--live`` that stop the first run of a program."""
    done_by_hand(live, before)
    declared = [
        Resource(token, f"one{n}", f"urn:pulumi:dev::line::type::one{n}", args)
        for n, (token, args) in enumerate(program)
    ]
    plan = Plan(steps=[Step(one.urn, ("create",), None, one) for one in declared], urn=declared[0].urn)
    assert looked_at(plan)
    told = taken_over(plan)
    verdict = judged(plan, levels=Levels(), approvals=Approvals(), live={}, taken_over=told, today=TODAY)
    return {found.rule.name for found in verdict.findings if found.level == "mandatory"}


@pytest.mark.parametrize("name", PASSES)
def test_a_gate_that_asks_lets_it_pass(live: Live, name: str) -> None:
    assert stops_the_gate(*PASSES[name], live) == set()


@pytest.mark.parametrize("name", REFUSED)
def test_a_gate_that_asks_stops_it(live: Live, name: str) -> None:
    assert stops_the_gate(*REFUSED[name], live) == {"calls-unanswered"}


class TestAroundTheClock:
    """The vendor deletes the rule for after hours, whatever it said."""

    PROGRAM = state("work-hours", schedule=ALWAYS)

    def test_a_rule_of_its_own_is_not_lost_unseen(self, live: Live) -> None:
        done_by_hand(live, [("after-hours", VOICEMAIL["type"])])
        with pytest.raises(Refused, match=f"extension {OTHER} would be open around the clock"):
            Stack().up(hours=self.PROGRAM)
        assert operations(live.portal.journal(), writes=True) == []

    def test_with_an_approval_it_goes_and_a_destroy_gives_it_back(
        self, live: Live, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        done_by_hand(live, [("after-hours", VOICEMAIL["type"])])
        before = as_sent(api(live.portal, "GET", OTHER, "voice/state-rules/after-hours")["dispatching"])
        monkeypatch.setenv("VOICE_ROUTING_BREAK_GLASS", "lose-after-hours-rule")
        stack = Stack()
        stack.up(hours=self.PROGRAM)
        live.new_process()
        assert "after-hours" not in {
            one["id"] for one in live.portal.records("RingExStateRule") if one["extensionId"] == OTHER
        }
        stack.destroy()
        assert as_sent(api(live.portal, "GET", OTHER, "voice/state-rules/after-hours")["dispatching"]) == before
