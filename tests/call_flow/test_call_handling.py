"""Where calls to extensions with the newer call handling go."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from pulumi_voice_routing.call_flow.judgement import CallChange, judged_facts
from pulumi_voice_routing.call_flow.tracer import Call
from pulumi_voice_routing.plan.facts import UNKNOWN, Before, Facts, Resource
from tests.call_flow.line import OTHER, assignment, destination, ends, in_percent, one, profile, route, split

VOICEMAIL = {"type": "VoiceMailTerminatingTarget"}
ANNOUNCEMENT = {"type": "PlayAnnouncementTerminatingTarget"}
MOBILE = {"targets": [{"type": "AllMobileRingTarget"}]}
DESK = {"targets": [{"type": "DeviceRingTarget", "device_id": "801"}]}
RINGING = {"dispatching": "RingInOrder", "ring_groups": [MOBILE, DESK], "no_answer_target": VOICEMAIL}
WEEKDAYS = {"weekly": {day: [{"from": "09:00", "to": "17:00"}] for day in ("monday", "tuesday")}}
QUEUE = "extension 101 in call queues"
JUNE_ONLY = {"from": "2030-06-01T00:00:00", "to": "2030-07-01T00:00:00"}
RINGS = "extension 101 rings its mobile apps, then device 801, and if nobody takes it: voicemail of extension 101"
NIGHT, DAY = 0, 10 * 60


def state(which: str, **props: Any) -> Resource:
    name = f"state-{which}"
    return one("ringex:CallHandlingState", name, f"1/101/{which}", extension_id="1/101", state=which, **props)


def state_rule(which: str, at: str = "101", **props: Any) -> Resource:
    name = f"rule-{at}-{which}"
    return one("ringex:CallHandlingStateRule", name, f"1/{at}/{which}", extension_id=f"1/{at}", state=which, **props)


def interaction(name: str, **props: Any) -> Resource:
    given = {"extension_id": "1/101", "name": name, "called_numbers": [OTHER], "dispatching": "Terminate", **props}
    return one("ringex:InteractionRule", name, f"1/101/{name}", **given)


OFFICE = [
    state("work-hours", schedule=WEEKDAYS),
    state_rule("work-hours", **RINGING),
    state_rule("after-hours", dispatching="Terminate", immediate_target=VOICEMAIL),
    state_rule("forward-all-calls", immediate_target={"type": "PhoneNumberTerminatingTarget", "phone_number": OTHER}),
    state_rule("dnd", immediate_target=ANNOUNCEMENT),
]
FORWARDED = f"number {OTHER}"
SILENCED = "an announcement (of extension 101)"


def at(line: list[Resource], minute: int, called: str = "extension 101") -> str:
    (end,) = ends(line, called, minute)
    return end


def test_work_hours_and_the_time_after_them() -> None:
    assert at(OFFICE, DAY) == RINGS
    assert at(OFFICE, NIGHT) == "voicemail of extension 101"


def test_work_hours_of_a_single_period() -> None:
    office = [state("work-hours", schedule={"ranges": [JUNE_ONLY]}), *OFFICE[1:]]
    for month, expected in ((5, "voicemail of extension 101"), (6, RINGS), (7, "voicemail of extension 101")):
        assert set(ends(office, "extension 101", DAY, Call(moment=datetime(2030, month, 15)))) == {expected}


def test_the_switches_come_first_and_forwarding_before_do_not_disturb() -> None:
    on = {"enabled": True, "schedule": {"daily": {"from": "00:00", "to": "24:00"}}}
    assert at([*OFFICE, state("dnd", enabled=True)], DAY) == SILENCED
    assert at([*OFFICE, state("forward-all-calls", **on)], DAY) == FORWARDED
    assert at([*OFFICE, state("dnd", enabled=True), state("forward-all-calls", **on)], DAY) == FORWARDED
    assert (
        at([*OFFICE, state("dnd", enabled=True), interaction("vip", immediate_target=VOICEMAIL)], DAY, OTHER)
        == SILENCED
    )


@pytest.mark.parametrize(
    ("props", "reason"),
    [
        ({"enabled": True}, "whether forward-all-calls is on is not part of this configuration"),
        ({"schedule": WEEKDAYS}, "whether forward-all-calls is on is not part of this configuration"),
        ({"enabled": UNKNOWN, "schedule": WEEKDAYS}, "whether forward-all-calls is on is not known before the run"),
    ],
)
def test_a_switch_that_does_not_say_all_is_undecided(props: dict[str, Any], reason: str) -> None:
    assert at([*OFFICE, state("forward-all-calls", **props)], DAY) == f"unknown ({reason})"


def test_a_switch_that_is_off_changes_nothing() -> None:
    assert at([*OFFICE, state("forward-all-calls", enabled=False)], DAY) == RINGS


@pytest.mark.parametrize(
    ("props", "expected"),
    [
        ({"immediate_target": VOICEMAIL}, "voicemail of extension 101"),
        ({"immediate_target": {**VOICEMAIL, "extension_id": "1/102"}}, "voicemail of extension 102"),
        ({"immediate_target": ANNOUNCEMENT}, SILENCED),
        ({"immediate_target": {"type": "ExtensionTerminatingTarget", "extension_id": "1/101"}}, "a loop (an extension"),
        ({"immediate_target": UNKNOWN}, "unknown (where it leads is not known"),
        ({}, "unknown (where the rule sends calls on to is not part"),
        ({"dispatching": None}, "unknown (what the rule does is not part"),
        ({"dispatching": UNKNOWN}, "unknown (where it leads is not known"),
        ({"dispatching": "Custom"}, "unknown (what Custom does is not documented"),
        ({**RINGING, "ring_groups": []}, "voicemail of extension 101"),
        ({**RINGING, "ring_groups": [{**MOBILE, "enabled": False}]}, "voicemail of extension 101"),
        ({**RINGING, "ring_groups": UNKNOWN}, "unknown (what rings is not known"),
        ({**RINGING, "ring_groups": [{"targets": [UNKNOWN]}]}, "unknown (what rings is not known"),
        ({**RINGING, "dispatching": "RingAtOnce"}, "extension 101 rings device 801 and its mobile apps, and if"),
        (
            {**RINGING, "always_ring": ["AllDesktopRingTarget"]},
            "extension 101 rings its desktop apps all the time, and",
        ),
        (
            {**RINGING, "ring_groups": [{"targets": [{"type": "PhoneNumberRingTarget", "phone_number": OTHER}]}]},
            "a loop (an extension rings its own number)",
        ),
        (
            {**RINGING, "ring_groups": [{"targets": [{"type": "CoworkerRingTarget", "extension_id": "1/102"}]}]},
            "extension 101 rings extension 102, and if",
        ),
    ],
)
def test_what_a_rule_does(props: dict[str, Any], expected: str) -> None:
    assert at([*OFFICE, interaction("vip", **props)], DAY, OTHER).startswith(expected)


def test_users_who_send_calls_to_each_other_are_a_loop() -> None:
    def to(extension: str) -> dict[str, Any]:
        return {"type": "ExtensionTerminatingTarget", "extension_id": f"1/{extension}"}

    line = [
        state("dnd", enabled=True),
        state_rule("dnd", immediate_target=to("102")),
        state_rule("work-hours", "102", **{**RINGING, "ring_groups": [], "no_answer_target": to("101")}),
        state_rule("after-hours", "102", dispatching="Terminate", immediate_target=to("101")),
    ]
    assert at(line, DAY) == "a loop (calls come back to where they were)"


def test_a_call_queue_passes_over_an_extension_that_is_switched_off() -> None:
    line = [
        *OFFICE,
        state("agent", schedule={"same_as": "work-hours"}),
        state_rule("agent", **{**RINGING, "no_answer_target": None}),
    ]
    goes_on = (
        "unknown (the call queue goes on to its other members, and who they are is not part of this configuration)"
    )
    assert (
        at(line, DAY, QUEUE)
        == f"extension 101 rings its mobile apps, then device 801, and if nobody takes it: {goes_on}"
    )
    assert at([*line, state("dnd", enabled=True)], DAY, QUEUE) == goes_on
    assert "outside of the hours of their agents" in at(line, NIGHT, QUEUE)
    borrowed = [there for there in line if there.name != "rule-101-agent"]
    assert at(borrowed, DAY, QUEUE) == at(line, DAY, QUEUE)


AGENT = state_rule("agent", **RINGING)
DEVICE_RINGS = "extension 101 rings its mobile apps, then device 801, and if nobody takes it: unknown (the call queue"
LEFT = "unknown (what the extension does in its call queues is not part of this configuration)"
NOT_SAID = "unknown (what call queues do outside of the hours of their agents is not documented)"


@pytest.mark.parametrize(
    ("agent", "minute", "moment", "expected"),
    [
        ([AGENT], NIGHT, None, DEVICE_RINGS),
        ([], DAY, None, LEFT),
        ([state("agent", schedule={"same_as": "work-hours"})], DAY, None, DEVICE_RINGS),
        ([state("agent", schedule=WEEKDAYS)], DAY, None, LEFT),
        ([state("agent", schedule=WEEKDAYS)], NIGHT, None, NOT_SAID),
        ([state("agent", schedule=WEEKDAYS), AGENT], DAY, None, DEVICE_RINGS),
        ([state("agent", schedule=UNKNOWN), AGENT], DAY, None, "unknown (the hours of the agent are not part"),
        ([state("agent", schedule={"ranges": [JUNE_ONLY]}), AGENT], DAY, None, NOT_SAID),
        ([state("agent", schedule={"ranges": [JUNE_ONLY]}), AGENT], DAY, datetime(2030, 6, 15), DEVICE_RINGS),
    ],
)
def test_what_rings_for_a_call_queue(
    agent: list[Resource], minute: int, moment: datetime | None, expected: str
) -> None:
    (end,) = ends([*OFFICE, *agent], QUEUE, minute, Call(moment=moment))
    assert end.startswith(expected)


UNDECIDED = "unknown (which of the extension's rules is for the call cannot be told)"


@pytest.mark.parametrize(("said", "in_queues"), [(True, SILENCED), (False, ""), (None, ""), (UNKNOWN, UNDECIDED)])
def test_an_interaction_rule_is_for_calls_of_queues_when_it_says_so(said: Any, in_queues: str) -> None:
    vip = interaction("vip", called_numbers=None, immediate_target=ANNOUNCEMENT, queue_calls=said)
    assert at([*OFFICE, AGENT, vip], DAY, QUEUE).startswith(in_queues or DEVICE_RINGS)
    assert at([*OFFICE, AGENT, vip], DAY) == SILENCED


@pytest.mark.parametrize(
    ("said", "expected"), [(True, SILENCED), (None, SILENCED), (False, RINGS), (UNKNOWN, UNDECIDED)]
)
def test_an_interaction_rule_may_be_off(said: Any, expected: str) -> None:
    vip = interaction("vip", called_numbers=None, immediate_target=ANNOUNCEMENT, enabled=said)
    assert at([*OFFICE, vip], DAY) == expected


def test_a_transfer_does_not_tell_which_number_was_dialled() -> None:
    to = {"action": "TransferToExtension", "transfer_to": "1/101"}
    transfer = one(
        "ringex:AnsweringRule", "to", "1/102/to", extension_id="1/102", called_numbers=["+13035550109"], **to
    )
    vip = interaction("vip", immediate_target=ANNOUNCEMENT)
    assert at([*OFFICE, transfer], DAY, "+13035550109") == RINGS
    assert at([*OFFICE, transfer, vip], DAY, "+13035550109") == UNDECIDED


def test_a_rule_that_may_come_first_leaves_open_whether_the_next_one_does() -> None:
    first = interaction("first", immediate_target=ANNOUNCEMENT, enabled=UNKNOWN, schedule=WEEKDAYS)
    assert at([*OFFICE, first, interaction("vip", immediate_target=VOICEMAIL)], DAY, OTHER) == UNDECIDED


def test_each_interaction_rule_has_its_own_hours() -> None:
    night = interaction("night", immediate_target=ANNOUNCEMENT, schedule={"daily": {"from": "00:00", "to": "06:00"}})
    early = interaction("early", immediate_target=VOICEMAIL, schedule={"daily": {"from": "06:00", "to": "08:00"}})
    found = [at([*OFFICE, night, early], minute, OTHER) for minute in (NIGHT, 6 * 60, 8 * 60, DAY)]
    assert found == [SILENCED, "voicemail of extension 101", "voicemail of extension 101", RINGS]
    assert len(set(route([*OFFICE, night, early], OTHER).week.values)) == 3


@pytest.mark.parametrize(("said", "day", "night"), [("work-hours", SILENCED, ""), ("after-hours", "", SILENCED)])
def test_an_interaction_rule_for_the_hours_of_the_extension(said: str, day: str, night: str) -> None:
    vip = interaction("vip", immediate_target=ANNOUNCEMENT, state=said)
    assert at([*OFFICE, vip], DAY, OTHER) == (day or RINGS)
    assert at([*OFFICE, vip], NIGHT, OTHER) == (night or "voicemail of extension 101")
    other = interaction("vip", immediate_target=ANNOUNCEMENT, state="agent")
    assert at([*OFFICE, other], DAY, OTHER) == UNDECIDED


@pytest.mark.parametrize(
    ("target", "rings"),
    [
        ({"type": "AllMobileRingTarget"}, "its mobile apps"),
        ({"type": "AllMobileRingTarget", "extension_id": "1/102"}, "the mobile apps of extension 102"),
        ({"type": "AllDesktopRingTarget", "extension_id": "1/101"}, "its desktop apps"),
        ({"type": "DeviceRingTarget", "device_id": "801"}, "device 801"),
        ({"type": "DeviceRingTarget", "device_id": "801", "extension_id": "1/102"}, "device 801 of extension 102"),
        ({"type": "DeviceRingTarget", "device_id": UNKNOWN}, "device something that is not known yet"),
        ({"type": "PhoneNumberRingTarget", "phone_number": "+13035550199"}, "+13035550199"),
        ({"type": "PhoneNumberRingTarget", "phone_number": UNKNOWN}, ""),
        ({"type": "CoworkerRingTarget", "extension_id": "1/102"}, "extension 102"),
        ({"type": "CoworkerRingTarget", "extension_id": UNKNOWN}, ""),
        ({"type": "CoworkerRingTarget", "extension_id": "~"}, "loop"),
        ({"type": "HotdeskRingTarget"}, "its hot desk"),
        ({"type": "IntegrationRingTarget", "integration": "a bot"}, "a bot"),
        ({"type": "OtherRingTarget"}, "OtherRingTarget"),
    ],
)
def test_what_rings(target: dict[str, Any], rings: str) -> None:
    """What is not known yet may as well be nothing."""
    group = {"targets": [target]}
    found = at([*OFFICE, interaction("vip", **{**RINGING, "ring_groups": [group]})], DAY, OTHER)
    if rings == "loop":
        assert found == "a loop (an extension rings its own number)"
    else:
        expected = f"extension 101 rings {rings}, and if nobody" if rings else "unknown (what rings is not known"
        assert found.startswith(expected)


@pytest.mark.parametrize(
    ("which", "minute", "props", "expected"),
    [
        ("after-hours", NIGHT, {}, "unknown (what the extension does in its after hours is not part"),
        ("after-hours", NIGHT, {"dispatching": "RingInOrder"}, "unknown (what rings is not part"),
        ("work-hours", DAY, {}, "unknown (what rings is not part"),
        ("work-hours", DAY, {"dispatching": "Terminate"}, "unknown (where the rule sends calls on to is not part"),
        (
            "work-hours",
            DAY,
            {"ring_groups": [MOBILE]},
            "extension 101 rings its mobile apps, and if nobody takes it: unknown (what the extension does in its rule "
            "when nobody answers is not part",
        ),
    ],
)
def test_what_a_rule_for_hours_leaves_to_the_extension(
    which: str, minute: int, props: dict[str, Any], expected: str
) -> None:
    assert at(but(state_rule(which, **props)), minute).startswith(expected)


def test_a_path_names_the_rules() -> None:
    on = state("forward-all-calls", enabled=True, schedule={"daily": {"from": "00:00", "to": "24:00"}})

    def steps(*more: Resource) -> list[str]:
        return [line.what for line in _all(route([*OFFICE, *more], OTHER).lines(DAY))]

    def _all(lines: Any) -> list[Any]:
        return [one for line in lines for one in (line, *_all(line.lines))]

    vip = interaction("vip", immediate_target=VOICEMAIL)
    assert "rule for work-hours" in " ".join(steps(interaction("off", enabled=False)))
    assert "interaction rule 'vip'" in " ".join(steps(vip))
    assert "forward-all-calls is on" in " ".join(steps(vip, on))


def test_cloud_routing_reaches_such_an_extension_by_its_number() -> None:
    line = [destination("desk", 2001, OTHER), profile(), split((2001, 100)), assignment()]
    rules = [*OFFICE, interaction("vip", immediate_target=VOICEMAIL)]
    assert in_percent(route([*line, *rules]).at(DAY)) == {"voicemail of extension 101": 100}


# What a change does


def verdicts(before: list[Resource], after: list[Resource]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for change in changes(before, after):
        found.setdefault(change.who, set()).update(change.verdicts)
    return found


def changes(before: list[Resource], after: list[Resource]) -> list[CallChange]:
    return list(judged_facts(Facts(after, Before(before), preview=True)))


def but(changed: Resource) -> list[Resource]:
    return [changed if there.name == changed.name else there for there in OFFICE]


FEWER = {"elsewhere", "fewer answered", "fewer answered in the end"}


def test_do_not_disturb_with_an_announcement_leaves_callers_with_nobody() -> None:
    assert verdicts(OFFICE, [*OFFICE, state("dnd", enabled=True)]) == {"extension 101": FEWER}


def test_forwarding_all_calls_sends_them_elsewhere_and_takes_the_user_out_of_queues() -> None:
    agent = [state("agent", schedule={"same_as": "work-hours"}), state_rule("agent", **RINGING)]
    on = state("forward-all-calls", enabled=True, schedule={"daily": {"from": "00:00", "to": "24:00"}})
    said = verdicts([*OFFICE, *agent], [*OFFICE, *agent, on])
    assert said["extension 101"] == {"elsewhere"}
    assert "less certain" in said[QUEUE]


def test_after_hours_without_a_target_cannot_be_told() -> None:
    before = but(state_rule("after-hours", **RINGING))
    after = but(state_rule("after-hours", dispatching="Terminate"))
    assert verdicts(before, after) == {"extension 101": {"elsewhere", "less certain"}}


def test_a_target_that_the_program_says_no_more_stays() -> None:
    assert verdicts(OFFICE, but(state_rule("after-hours", dispatching="Terminate"))) == {}


def test_nothing_that_rings_and_an_announcement_is_nobody() -> None:
    after = but(state_rule("work-hours", **{**RINGING, "ring_groups": [], "no_answer_target": ANNOUNCEMENT}))
    (change,) = changes(OFFICE, after)
    assert (change.verdicts, change.when) == (FEWER, "Mon-Tue 09:00-17:00")


def test_another_order_of_groups_matters_only_when_they_ring_in_order() -> None:
    turned = {**RINGING, "ring_groups": [DESK, MOBILE]}
    assert verdicts(OFFICE, but(state_rule("work-hours", **turned))) == {"extension 101": {"elsewhere"}}
    once = but(state_rule("work-hours", **{**RINGING, "dispatching": "RingAtOnce"}))
    assert changes(once, but(state_rule("work-hours", **{**turned, "dispatching": "RingAtOnce"}))) == []


def test_of_two_rules_with_the_same_kinds_of_conditions_nobody_tells_which_wins() -> None:
    before = [*OFFICE, interaction("vip", immediate_target=VOICEMAIL)]
    said = verdicts(before, [*before, interaction("zoe", immediate_target=ANNOUNCEMENT)])
    assert said == {OTHER: {"elsewhere", "less certain"}}
    zoe = interaction("zoe", immediate_target={"type": "PhoneNumberTerminatingTarget", "phone_number": "+13035550199"})
    assert verdicts(before, [*before, zoe]) == {OTHER: {"elsewhere"}}  # somebody takes them in any case
    apart = interaction("zoe", immediate_target=ANNOUNCEMENT, callers=[{"caller_id": "+13035550170"}])
    assert set(verdicts(before, [*before, apart])) == {f"{OTHER} from +13035550170"}


def test_what_rings_for_one_rule_is_not_what_rings_for_another() -> None:
    """Where the portal has it, and not the program."""
    vip, zoe = (interaction(name, dispatching="RingInOrder", no_answer_target=VOICEMAIL) for name in ("vip", "zoe"))
    assert "elsewhere" in verdicts([*OFFICE, vip], [*OFFICE, zoe])[OTHER]
    assert verdicts([*OFFICE, vip], [*OFFICE, vip]) == {}


def test_a_rule_with_more_conditions_comes_first() -> None:
    vip = interaction("vip", immediate_target=VOICEMAIL)
    night = interaction("night", immediate_target=ANNOUNCEMENT, schedule={"daily": {"from": "00:00", "to": "06:00"}})
    assert at([*OFFICE, vip, night], NIGHT, OTHER) == SILENCED
    assert at([*OFFICE, vip, night], DAY, OTHER) == "voicemail of extension 101"


def test_hours_of_the_portal_are_judged_one_by_one() -> None:
    before = [there for there in OFFICE if there.name != "state-work-hours"]
    after = [there for there in before if there.name != "rule-101-after-hours"]
    after.append(state_rule("after-hours", dispatching="Terminate", immediate_target=ANNOUNCEMENT))
    assert verdicts(before, after)["extension 101 outside the opening hours of extension 101"] == FEWER


@pytest.mark.parametrize(("which", "when"), [("work-hours", "in"), ("after-hours", "outside")])
def test_the_only_rule_there_is_is_judged_for_its_hours(which: str, when: str) -> None:
    silent = state_rule(which, dispatching="Terminate", immediate_target=ANNOUNCEMENT)
    said = verdicts([state_rule(which, **RINGING)], [silent])
    assert said[f"extension 101 {when} the opening hours of extension 101"] == FEWER
    vip = [interaction("vip", state=which, immediate_target=target) for target in (VOICEMAIL, ANNOUNCEMENT)]
    assert verdicts(vip[:1], vip[1:])[f"{OTHER} {when} the opening hours of extension 101"] == FEWER


def test_a_period_is_judged_apart() -> None:
    june = {"ranges": [{"from": "2030-06-01T00:00:00", "to": "2030-07-01T00:00:00"}]}
    on = state("forward-all-calls", enabled=True, schedule=june)
    found = changes(OFFICE, [*OFFICE, on])
    assert {change.calls for change in found} == {"in the period from 2030-06-01 00:00"}
    assert {str(change.after) for change in found} == {FORWARDED}


@pytest.mark.parametrize(
    ("leaving", "was", "expected"),
    [
        (
            state_rule("after-hours", dispatching="Terminate", immediate_target=VOICEMAIL),
            {
                "dispatching": {
                    "type": "Terminate",
                    "actions": [
                        {
                            "type": "TerminatingAction",
                            "terminatingTargetType": "PlayAnnouncementTerminatingTarget",
                            "targets": [{**ANNOUNCEMENT, "dispatchingType": "Terminating"}],
                        }
                    ],
                }
            },
            SILENCED,
        ),
        (
            state("work-hours", schedule=WEEKDAYS),
            {
                "conditions": [
                    {
                        "type": "Schedule",
                        "schedule": {
                            "triggers": [{"triggerType": "Daily", "startTime": "00:00:00", "endTime": "23:59:59"}]
                        },
                    }
                ]
            },
            RINGS,
        ),
    ],
)
def test_what_leaves_does_again_what_it_did_before(leaving: Resource, was: dict[str, Any], expected: str) -> None:
    kept = {**leaving.props, "__before": json.dumps(was)}
    before = [
        one(there.type, there.name, there.id, **kept) if there.name == leaving.name else there for there in OFFICE
    ]
    after = [there for there in OFFICE if there.name != leaving.name]
    assert {str(change.after) for change in changes(before, after)} == {expected}


MAY, JUNE, JULY = (datetime(2030, month, 15, 12) for month in (5, 6, 7))
FIRST, LAST = JUNE_ONLY["from"], JUNE_ONLY["to"]


@pytest.mark.parametrize(
    ("schedule", "applies"),
    [
        ({"starts": FIRST}, {None: False, MAY: False, JUNE: True, JULY: True}),
        ({"ends": LAST}, {None: True, MAY: True, JUNE: True, JULY: False}),
        ({"starts": FIRST, "ends": LAST}, {None: False, MAY: False, JUNE: True, JULY: False}),
        ({"starts": FIRST, "daily": {"from": "00:00", "to": "06:00"}}, {None: False, MAY: False, JUNE: False}),
        ({"ends": LAST, "daily": {"from": "09:00", "to": "11:00"}}, {None: True, JUNE: True, JULY: False}),
        ({"ranges": [JUNE_ONLY]}, {None: False, MAY: False, JUNE: True, JULY: False}),
        ({"starts": FIRST, "ranges": [{"from": "2030-05-01T00:00:00", "to": LAST}]}, {MAY: False, JUNE: True}),
        ({"starts": UNKNOWN}, {None: None, JUNE: None}),
        ({"ends": "the end of June"}, {None: None, JUNE: None}),
        ({"ranges": [{"from": FIRST, "to": "some day"}]}, {None: None, JUNE: None}),
        ({"daily": {"from": "06:00", "to": "06:00"}}, {None: None}),
        (
            {"daily": {"from": "09:00", "to": "11:00"}, "weekly": {"monday": [{"from": "09:00", "to": "11:00"}]}},
            {None: None},
        ),
    ],
)
def test_when_an_interaction_rule_counts(schedule: dict[str, Any], applies: dict[datetime | None, bool | None]) -> None:
    """A call without a moment comes before all that is named, or in none of the periods."""
    line = [*OFFICE, interaction("vip", immediate_target=ANNOUNCEMENT, schedule=schedule)]
    for moment, expected in applies.items():
        found = set(ends(line, OTHER, DAY, Call(moment=moment)))
        untold = any(end.startswith("unknown (which of the extension's rules") for end in found)
        assert (None if untold else found == {SILENCED}) is expected, moment
