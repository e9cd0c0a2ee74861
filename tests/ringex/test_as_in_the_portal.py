"""What people set in the portal and no program says: it is read as it is, and given back as it was."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_voice_routing.errors import Refused
from pulumi_voice_routing.lifecycle import adoption
from pulumi_voice_routing.registry import provider_for
from pulumi_voice_routing.ringex.condition_form import laid_over, readable, sendable
from tests.emulated import Emulated, Json, operations
from tests.examples import ref
from tests.examples.ringex_users import DESKTOP, MOBILE, OTHER, VOICEMAIL, api, as_sent, with_users

from .test_lookups import portal

__all__ = ["portal"]

OUTSIDE = {"type": "PhoneNumberTerminatingTarget", "phone_number": "+13035550160"}
STATE, RULE, CUSTOM = "ringex:CallHandlingState", "ringex:CallHandlingStateRule", "ringex:InteractionRule"
ENDS = ("ringingTargetType", "terminatingTargetType")


@pytest.fixture(autouse=True)
def process(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a provider process of its own, in which whatever is worse for callers was approved."""
    monkeypatch.setattr(adoption, "ours", set())
    monkeypatch.setenv("VOICE_ROUTING_BREAK_GLASS", "release-active-dnis")


def daily(start: str, end: str) -> Json:
    return {"triggerType": "Daily", "startTime": start, "endTime": end}


def weekly(**days: tuple[str, str]) -> Json:
    ranges = {day: [{"startTime": start, "endTime": end}] for day, (start, end) in days.items()}
    return {"triggerType": "Weekly", "ranges": ranges}


def conditions(*triggers: Json) -> list[Json]:
    return [{"type": "Schedule", "schedule": {"triggers": list(triggers)}}]


MONDAY = weekly(monday=("09:00:00", "17:00:00"))


@pytest.mark.parametrize(
    "there",
    [
        conditions(daily("08:00:30", "17:59:59")),
        conditions(daily("08:00:00", "12:00:00"), daily("13:00:00", "17:00:00")),
        conditions(MONDAY, weekly(monday=("18:00:00", "19:00:00"), sunday=("10:00:00", "23:59:59"))),
        conditions(daily("13:00:00", "17:00:00"), MONDAY),
        conditions(weekly()),
    ],
)
@pytest.mark.parametrize("schedule", [{"daily": {"from": "13:00", "to": "17:00"}}, {"weekly": {"monday": []}}])
def test_hours_are_given_back(portal: Emulated, there: list[Json], schedule: Json) -> None:
    with_users(portal)
    api(portal, "PATCH", OTHER, "states/work-hours", {"conditions": there})
    provider = provider_for(STATE)
    args, _ = provider.checked({"extension_id": ref(OTHER), "state": "work-hours", "schedule": schedule})
    id_, outs = provider.make(args)
    assert not provider.diff(id_, outs, args).changes
    hours = api(portal, "GET", OTHER, "states/work-hours")["conditions"][0]["schedule"]["triggers"]
    empty = schedule == {"weekly": {"monday": []}}
    assert hours == ([weekly()] if empty else [daily("13:00:00", "17:00:00")])
    provider.remove(id_, outs)
    assert api(portal, "GET", OTHER, "states/work-hours")["conditions"] == there


def test_a_state_that_never_had_hours_takes_no_empty_ones() -> None:
    provider, live = provider_for(STATE), {"id": "forward-all-calls", "enabled": False, "conditions": []}
    args = {"extension_id": ref(OTHER), "state": "forward-all-calls", "enabled": True}
    assert provider.kept_back(live, args) == {"enabled": False}
    assert provider.rewritten((OTHER,), live, args) == {"enabled": True}


def with_rule(portal: Emulated, state: str, change: Any) -> Json:
    """The rule of a state as somebody changed it, by hand and past all checks."""
    with_users(portal)
    everything = portal.state()
    for one in everything["objects"]["RingExStateRule"]:
        if (one["extensionId"], one["id"]) == (OTHER, state):
            change(one["dispatching"])
    portal.put_state(everything)
    return ending(portal, state)


def ending(portal: Emulated, state: str) -> Json:
    rule = as_sent(api(portal, "GET", OTHER, f"voice/state-rules/{state}")["dispatching"])
    return {"does": rule["type"], **rule["actions"][-1]}


@pytest.mark.parametrize(
    ("missing", "type_", "args"),
    [
        (ENDS[1], "RingInOrder", {"dispatching": "Terminate", "immediate_target": OUTSIDE}),
        (ENDS[0], "Terminate", {"dispatching": "RingInOrder", "ring_groups": [{"targets": [MOBILE]}]}),
        (ENDS[0], "Terminate", {"screening": "Always"}),
    ],
)
def test_the_rule_for_after_hours_says_both_ends(portal: Emulated, missing: str, type_: str, args: Json) -> None:
    def change(dispatching: Json) -> None:
        dispatching["type"] = type_
        del dispatching["actions"][-1][missing]

    before = with_rule(portal, "after-hours", change)
    provider_for(RULE).make({"extension_id": ref(OTHER), "state": "after-hours", **args})
    there = ending(portal, "after-hours")
    assert {*ENDS} <= there.keys()
    declared = args.get("immediate_target", VOICEMAIL)["type"]
    assert {there[missing], before.get(missing)} == {declared, None}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda ends: ends.update(targets=ends["targets"][1:]), "no voicemail"),
        (lambda ends: ends.update(ringingTargetType="ExtensionTerminatingTarget"), "of which it has none"),
    ],
)
def test_no_rule_is_sent_that_leaves_callers_nowhere(portal: Emulated, change: Any, why: str) -> None:
    with_rule(portal, "work-hours", lambda dispatching: change(dispatching["actions"][-1]))
    args = {"extension_id": ref(OTHER), "state": "work-hours", "screening": "Always"}
    with portal.recording() as calls, pytest.raises(Refused, match=why):
        provider_for(RULE).make(args)
    assert operations(calls, writes=True) == []


@pytest.mark.parametrize("named", [OTHER, ref(OTHER)])
@pytest.mark.parametrize("token", [RULE, CUSTOM])
def test_a_program_may_name_the_extension_of_its_own_apps_and_voicemail(
    portal: Emulated, token: str, named: str
) -> None:
    with_users(portal)
    of = {"extension_id": named}
    which: Json = (
        {"state": "work-hours"} if token == RULE else {"name": "VIPs", "callers": [{"caller_id": "+13035550170"}]}
    )
    provider = provider_for(token)
    args, failures = provider.checked(
        {
            **which,
            "extension_id": ref(OTHER),
            "dispatching": "RingAtOnce",
            "ring_groups": [{"targets": [{**MOBILE, **of}, {**DESKTOP, **of}]}],
            "no_answer_target": {**VOICEMAIL, **of},
        }
    )
    assert not failures
    id_, outs = provider.make(args)
    assert not provider.diff(id_, outs, args).changes
    there = provider.look(id_, outs)
    assert there is not None
    assert there["ring_groups"] == [{"targets": [MOBILE, DESKTOP]}]
    assert "extension_id" not in there["no_answer_target"]


def test_what_is_no_whole_number_stays_as_it_is() -> None:
    """An area code, or a caller without a number, has no E.164."""
    there: list[Json] = [
        {
            "type": "Interaction",
            "from": [{"phoneNumber": "303", "name": "Denver"}],
            "to": [{"phoneNumber": "13035550116"}],
        },
        {"type": "Schedule", "schedule": {"triggers": [daily("9:00:00", "17:59:59")]}},
        {"type": "State", "state": {"id": "work-hours", "displayName": "Work Hours", "conditions": []}},
    ]
    callers = {**there[0], "to": ["+13035550116"]}
    hours = {"type": "Schedule", "schedule": {"triggers": [daily("09:00:00", "17:59:59")]}}
    assert sendable(there) == [callers, hours, {"type": "State", "state": {"id": "work-hours"}}]
    changed = laid_over(there, {"called_numbers": []})
    assert changed[0] == {**callers, "to": []}
    anonymous = [{"type": "Interaction", "from": [{"phoneNumber": "anonymous", "name": "anonymous"}], "to": []}]
    assert sendable(anonymous) == anonymous
    unheard_of = [{"type": "Moon", "phase": "full"}]
    assert sendable(unheard_of) == unheard_of


@pytest.mark.parametrize(
    ("start", "end", "meant"),
    [
        ("09:00:00", "17:59:59", {"from": "09:00", "to": "18:00"}),
        ("9:00:00", "17:00:00", {"from": "09:00", "to": "17:00"}),
        ("00:00:00", "23:59:59", {"from": "00:00", "to": "24:00"}),
        ("00:59:59", "23:59:00", {"from": "00:59:59", "to": "23:59"}),
        ("09:00:30", "17:00:30", {"from": "09:00:30", "to": "17:00:30"}),
    ],
)
def test_the_last_second_of_a_minute_is_its_end(start: str, end: str, meant: Json) -> None:
    assert readable(conditions(daily(start, end))) == {"schedule": {"daily": meant}}
