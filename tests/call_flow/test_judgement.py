"""What a change does to callers, and whether that hurts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from pulumi_voice_routing.call_flow.impact import Impact
from pulumi_voice_routing.call_flow.judgement import CallChange, judged, judged_facts
from pulumi_voice_routing.plan.facts import UNKNOWN, Before, Facts, Resource
from tests.call_flow.line import (
    AUSTIN,
    DENVER,
    GROUP,
    LINE,
    NUMBER,
    OTHER,
    assignment,
    built_in,
    but,
    destination,
    hours,
    new,
    one,
    profile,
    ring_group,
    rule,
    split,
)

FEWER, IN_THE_END, LESS, FORBIDDEN = "fewer answered", "fewer answered in the end", "less certain", "forbidden"
PREMIUM, PARIS = "+19005550100", "+33142685300"
TRACKED = "+13035550111"
RINGING = {"action": "ForwardCalls", "forward_to": [], "notify_soft_phones": True}
ALWAYS = [built_in("business-hours", **RINGING), built_in("after-hours")]


def changes(before: Sequence[Resource], after: Sequence[Resource], **more: Any) -> list[CallChange]:
    return list(judged_facts(Facts(after, Before(before), preview=True), **more))


def verdicts(before: Sequence[Resource], after: Sequence[Resource], calls: str = "", **more: Any) -> set[str]:
    """What is said of the change for these calls, besides that they end elsewhere."""
    found = [change for change in changes(before, after, **more) if change.calls == calls]
    return set().union(*(change.verdicts for change in found)) - {"elsewhere"} if found else {"as before"}


def test_one_wrong_digit_sends_calls_elsewhere() -> None:
    (change,) = changes(LINE, but(LINE, destination("denver", 2001, "+13035551003")))
    assert (change.who, change.when, change.verdicts) == (NUMBER, "always", {"elsewhere"})
    assert str(change.before) == f"70 % number {DENVER}; 30 % number {AUSTIN}"
    assert str(change.after) == f"70 % number +13035551003; 30 % number {AUSTIN}"


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (but(LINE, split((2001, 50), (2002, 50))), set()),
        (but(LINE, assignment(queue_id="1000")), set()),
        (but(LINE, profile(active=False)), {FEWER, IN_THE_END}),
        (but(LINE, destination("denver", 2001, DENVER, active=False)), {LESS}),
        (but(LINE, destination("denver", 2001, UNKNOWN)), {LESS}),
        (but(LINE, split((2001, 1), (2009, 99))), {LESS}),
        (but(LINE, split((2001, 70), (2002, 20))), {LESS}),
        (but(LINE, profile(routing_type="PRIORITY")), {LESS}),
        (but(LINE, destination("denver", 2001, NUMBER)), {FEWER, IN_THE_END, FORBIDDEN}),
        (but(LINE, without=["n00"]), {FEWER, IN_THE_END}),
        (but(LINE, destination("denver", 2001, "x", description="Renovated")), set()),
        (LINE, {"as before"}),
        (
            but(LINE, destination("denver", 2001, DENVER, description="Renovated", max_ring_time_seconds=9)),
            {"as before"},
        ),
    ],
)
def test_what_is_said_of_a_change(after: list[Resource], said: set[str]) -> None:
    assert verdicts(LINE, after) == said


@pytest.mark.parametrize(
    ("after", "let_go"),
    [
        (but(LINE, assignment(active=False)), True),
        (but(LINE, one("ringcx:Dnis", "record", "1", dnis=NUMBER, active=False)), True),
        (but(LINE, without=["n00"]), True),
        (but(LINE, profile(active=False)), False),
        (but(LINE, assignment(active=True, queue_id="1000")), False),
    ],
)
def test_whether_the_number_itself_is_given_up(after: list[Resource], let_go: bool) -> None:
    assert [change.let_go for change in changes(LINE, after)] == [let_go]


def test_what_is_unknown_for_the_same_reason_is_no_change() -> None:
    ranked = but(LINE, profile(routing_type="PRIORITY"))
    assert changes(ranked, but(ranked, destination("denver", 2001, DENVER, description="Renovated"))) == []
    assert verdicts(ranked, but(ranked, split((2002, 70), (2001, 30)))) == set()


def tracked_by(kind: str) -> list[Resource]:
    given = {"tracking_number": "123456/5/6", "rank": 1, "open_rule": True, "kind": kind, "destination": DENVER}
    rule_ = one("ringcx:TrackingRoutingRule", "first", "123456/5/6/1", **given)
    return [one("ringcx:TrackingNumber", "spring", "123456/5/6", dnis=NUMBER), rule_]


def doing(action: str, at: str = "102", **props: Any) -> list[Resource]:
    """A number whose calls go to an extension, whose rules do something that nobody documents, or says."""
    rules = [
        replace(
            built_in(which, extension_id=f"1/{at}", action=action, **props),
            name=f"{which}-{at}",
            urn=f"{which}-{at}",
            id=f"1/{at}/{which}-rule",
        )
        for which in ("business-hours", "after-hours")
    ]
    all_ = rule("all", called_numbers=[NUMBER], action="TransferToExtension", transfer_to=f"1/{at}")
    return [*ALWAYS, *rules, all_]


def left_to(at: str) -> list[Resource]:
    """A number whose calls go to an extension of which the program declares no rule for the call."""
    return [*ALWAYS, rule("all", called_numbers=[NUMBER], action="TransferToExtension", transfer_to=f"1/{at}")]


def undisturbed(at: str) -> list[Resource]:
    """The same, of an extension that is switched off, and nobody says where its calls go then."""
    there = {"extension_id": f"1/{at}", "state": "dnd", "enabled": True}
    return [*left_to(at), one("ringex:CallHandlingState", f"dnd-{at}", f"1/{at}/dnd", **there)]


THIRD = "+13035550102"
POOL = [*LINE, one("ringcx:DnisPool", "pool", "1", numbers=[{"dnis": OTHER}, {"dnis": THIRD}])]


def transferring(to: str) -> list[Resource]:
    given = {"tracking_number": "123456/5/6", "rank": 1, "open_rule": True, "kind": "TRAC_XFER", "to_tracking_id": to}
    number = one("ringcx:TrackingNumber", "spring", "123456/5/6", dnis=NUMBER)
    return [number, one("ringcx:TrackingRoutingRule", "first", "123456/5/6/1", **given)]


def sent_to(extension: str) -> list[Resource]:
    """A number whose calls go to one of two extensions that do the same in hours that nobody tells."""
    rules = [
        replace(
            built_in(which, extension_id=f"1/{at}", action="UnconditionalForwarding", forward_all_to=to),
            name=f"{which}-{at}",
            urn=f"{which}-{at}",
            id=f"1/{at}/{which}-rule",
        )
        for at in ("102", "103")
        for which, to in (("business-hours", DENVER), ("after-hours", AUSTIN))
    ]
    all_ = rule("all", called_numbers=[NUMBER], action="TransferToExtension", transfer_to=f"1/{extension}")
    return [*ALWAYS, *rules, all_]


def named_by_two(*targets: str) -> list[Resource]:
    """A number that rules of two extensions name, so that it is of one of them."""
    return [
        replace(
            rule(
                at, extension_id=f"1/{at}", called_numbers=[NUMBER], action="UnconditionalForwarding", forward_all_to=to
            ),
            id=f"1/{at}/1",
        )
        for at, to in zip(("102", "103"), targets, strict=True)
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (but(LINE, assignment(profile=f"{GROUP}/3008")), but(LINE, assignment(profile=f"{GROUP}/3009"))),
        (but(LINE, profile(routing_type="SEQUENTIAL")), but(LINE, profile(routing_type="PRIORITY"))),
        (but(LINE, profile(percent_alloc_type="WEEKLY")), but(LINE, profile(percent_alloc_type="MONTHLY"))),
        (
            but(LINE, split(), profile(route_exhausted_action="A")),
            but(LINE, split(), profile(route_exhausted_action="B")),
        ),
        (
            but(LINE, profile("sales", 3002), without=["split-3001"]),
            but(LINE, profile("sales", 3002), assignment(profile=f"{GROUP}/3002"), without=["split-3001"]),
        ),
        *(
            (but(LINE, destination("denver", 2001, **old)), but(LINE, destination("denver", 2001, **new_)))
            for old, new_ in (
                ({"target": DENVER, "monday_schedule": "9-5"}, {"target": DENVER, "monday_schedule": "9-6"}),
                ({"target": DENVER, "monday_schedule": "9-5"}, {"target": DENVER, "tuesday_schedule": "9-5"}),
                (
                    {"target": "1", "preroute_http_url": "https://a.test"},
                    {"target": "1", "preroute_http_url": "https://b.test"},
                ),
                ({"target": "17", "kind": "STANDARD"}, {"target": "18", "kind": "STANDARD"}),
            )
        ),
        (but(LINE, split((2001, 70), (2008, 30))), but(LINE, split((2001, 70), (2009, 30)))),
        (but(LINE, split((2001, 70), (2002, 20))), but(LINE, split((2001, 70), (2002, 10)))),
        (tracked_by("NEW"), tracked_by("OTHER")),
        (sent_to("102"), sent_to("103")),
        (doing("Juggle"), doing("Juggle", "103")),
        (left_to("102"), left_to("103")),
        (undisturbed("102"), undisturbed("103")),
        (but(POOL, destination("denver", 2001, OTHER)), but(POOL, destination("denver", 2001, THIRD))),
        (transferring("8"), transferring("9")),
        (named_by_two(DENVER, AUSTIN), named_by_two(AUSTIN, DENVER)),
        (doing("Juggle", enabled=False), doing("Juggle", "103", enabled=False)),
        (
            doing("ForwardCalls", voicemail_recipient_id="9"),
            doing("ForwardCalls", "103", voicemail_recipient_id="9"),
        ),
    ],
)
def test_another_unknown_end_is_a_change(before: list[Resource], after: list[Resource]) -> None:
    assert [change for change in changes(before, after) if change.number == NUMBER]
    assert changes(after, after) == []


def test_two_owners_in_another_order_are_no_change() -> None:
    other = replace(assignment(queue_id="1000"), name="second", urn=f"{assignment().urn}-second")
    assert changes([*LINE, other], [other, *LINE]) == []


def test_shares_of_new_destinations_that_cannot_be_told_apart_leave_nobody_alone() -> None:
    desks = [new(destination(name, 0, number)) for name, number in (("reno", DENVER), ("boise", AUSTIN))]
    rows = [{"destination": UNKNOWN, "allocation_percent": share} for share in (60, 40)]
    set_ = one("ringcx:ProfileDestinations", "split-3001", f"{GROUP}/3001", profile=f"{GROUP}/3001", destinations=rows)
    after = but(LINE, *desks, new(set_, destinations=desks))
    assert verdicts(LINE, after) == set()
    off = new(destination("boise", 0, AUSTIN, active=False))
    assert verdicts(LINE, but(LINE, desks[0], off, new(set_, destinations=[desks[0], off]))) == {LESS}


def test_which_of_two_answers_it_is_does_not_matter() -> None:
    table = hours((2001, [0] * 24), (2002, [100] * 24))
    assert verdicts(LINE, but(LINE, table)) == set()  # by the day or by the hour: somebody answers
    dead = hours((2001, [60] * 24), (2009, [40] * 24))
    assert verdicts(LINE, but(LINE, dead)) == {LESS}
    full = hours((2001, [100] * 24), (2009, [0] * 24))
    assert verdicts(LINE, but(LINE, full)) == set()  # nothing is left for a destination that it does not name


def test_a_table_of_hours_leaves_nothing_to_a_destination_that_has_just_come() -> None:
    """The new row comes before its hours do, in a request of its own."""
    before = but(
        LINE, split((2001, 100), (2002, 0)), hours((2001, [100] * 12 + [0] * 12), (2002, [0] * 12 + [100] * 12))
    )
    new = destination("reno", 2003, "+13035551003")
    assert verdicts(before, but(before, new, split((2001, 100), (2002, 0), (2003, 0)))) == {"as before"}
    less = hours((2001, [100] * 12 + [0] * 12), (2002, [0] * 12 + [90] * 12))
    assert LESS in verdicts(before, but(before, new, less, split((2001, 100), (2002, 0), (2003, 0))))


def test_an_hour_is_enough() -> None:
    line = but(LINE, split((2001, None), (2002, None)), hours((2001, [100] * 24), (2002, [0] * 24)))
    night = hours((2001, [100] * 23 + [90]), (2002, [0] * 24))
    (change,) = changes(line, but(line, night))
    assert (change.when, LESS in change.verdicts) == ("every day 23:00-24:00", True)


@pytest.mark.parametrize(
    "after",
    [
        but(LINE, destination("denver", 2001, PREMIUM)),
        but(LINE, destination("denver", 2001, f"sip:{PREMIUM}@carrier.example.com", kind="SIP")),
        but(
            LINE,
            one(
                "ringcx:DnisOverride",
                "vip",
                f"{GROUP}/2001/1",
                destination=f"{GROUP}/2001",
                dnis=NUMBER,
                target=PREMIUM,
            ),
        ),
        but(
            LINE,
            destination("denver", 2001, "sip:8000@acme.example.com", kind="SIP"),
            ring_group("8000", ["101"], "FORWARD_TO_NUMBER", PREMIUM),
        ),
    ],
    ids=["target", "SIP", "override", "after a ring group"],
)
def test_a_premium_rate_number_is_forbidden(after: list[Resource]) -> None:
    (change,) = [change for change in changes(LINE, after) if change.number == NUMBER]
    assert change.forbidden == (f"{PREMIUM} is a premium-rate number, where every forwarded call costs extra",)


def test_countries_are_those_that_the_settings_allow() -> None:
    abroad = but(LINE, destination("denver", 2001, PARIS))
    assert verdicts(LINE, abroad) == set()
    assert verdicts(LINE, abroad, countries={1}) == {FORBIDDEN}
    assert verdicts(abroad, but(abroad, split((2001, 60), (2002, 40))), countries={1}) == set()  # no news


# Tracking numbers: opening hours and the others are two kinds of calls


def tracked(*rules: Resource) -> list[Resource]:
    number = one("ringcx:TrackingNumber", "campaign", "123456/700/9", group_id="123456/700", dnis=TRACKED, active=True)
    return [number, *rules]


def tracking_rule(name: str, target: str, *, open_: bool) -> Resource:
    given = {"rank": 1, "open_rule": open_, "kind": "STANDARD", "destination": target}
    return one("ringcx:TrackingRoutingRule", name, f"123456/700/9/{name}", tracking_number="123456/700/9", **given)


DAY, NIGHT = tracking_rule("day", DENVER, open_=True), tracking_rule("night", AUSTIN, open_=False)
OPEN = f"in the opening hours of tracking number {TRACKED}"
CLOSED = f"outside the opening hours of tracking number {TRACKED}"


@pytest.mark.parametrize(
    ("after", "in_hours", "outside"),
    [
        (tracked(NIGHT), {LESS}, {"as before"}),
        (tracked(tracking_rule("day", DENVER, open_=False), NIGHT), {LESS}, {LESS}),
        (tracked(tracking_rule("day", TRACKED, open_=True), NIGHT), {FEWER, IN_THE_END, FORBIDDEN}, {"as before"}),
        (tracked(tracking_rule("day", PREMIUM, open_=True), NIGHT), {FORBIDDEN}, {"as before"}),
        (tracked(tracking_rule("day", AUSTIN, open_=True), NIGHT), set(), {"as before"}),
    ],
    ids=["lost", "flipped", "itself", "premium", "elsewhere"],
)
def test_open_and_closed_hours_of_a_tracking_number(after: Any, in_hours: set[str], outside: set[str]) -> None:
    line = tracked(DAY, NIGHT)
    assert verdicts(line, after, OPEN) == in_hours
    assert verdicts(line, after, CLOSED) == outside
    assert verdicts(line, after) == set()  # what is said of some hours is said once


@pytest.mark.parametrize("field", ["open_rule", "rank"])
def test_a_rule_of_which_nobody_tells_when_it_is_tried_is_less_certain(field: str) -> None:
    untold = replace(DAY, props={**DAY.props, field: UNKNOWN})
    for calls in (OPEN, CLOSED):
        assert verdicts(tracked(DAY, NIGHT), tracked(untold, NIGHT), calls) == {LESS}


def test_rules_of_one_rank_keep_their_order_under_other_names() -> None:
    first, second = tracking_rule("a", DENVER, open_=True), tracking_rule("b", AUSTIN, open_=True)
    before = tracked(first, second)
    before[0] = replace(before[0], props={**before[0].props, "open_type": "STANDARD"})
    after = [replace(first, name="z", urn=f"{second.urn}-z", aliases=frozenset({first.urn})), second]
    assert changes(before, [before[0], *after]) == []


def in_turn(first: dict[str, Any], second: dict[str, Any]) -> list[Resource]:
    """Two rules for the opening hours, of which the second counts when nobody takes the call."""
    rules = [
        replace(DAY, name=str(rank), urn=f"urn:{rank}", id=f"9/{rank}", props={**DAY.props, "rank": rank, **said})
        for rank, said in enumerate((first, second), 1)
    ]
    number, *_ = tracked()
    return [replace(number, props={**number.props, "open_type": "STANDARD"}), *rules, NIGHT]


TO_QUEUE, TO_ANOTHER = ({"kind": "GATE_XFER", "queue_id": queue} for queue in ("1000", "1001"))


def test_what_comes_when_nobody_takes_a_call_is_looked_at_as_well() -> None:
    line = in_turn({}, TO_QUEUE)
    abroad = in_turn({}, {"destination": PARIS})
    assert FORBIDDEN in verdicts(line, abroad, OPEN, countries={1})
    assert FORBIDDEN not in verdicts(line, abroad, OPEN, countries={1, 33})
    impact = Impact.of(Facts(in_turn({}, TO_ANOTHER), Before(line), preview=True))
    (change,) = [one for one in judged(impact, known={("queue", "1000")}) if one.calls == OPEN]
    assert [(end.kind, end.what) for end in change.strange] == [("queue", "1001")]
    later = {"ring_duration": UNKNOWN}
    assert changes(in_turn(later, TO_QUEUE), in_turn(later, TO_ANOTHER))


SCHEDULED = {"group_id": "123456/700", "dnis": TRACKED, "active": True, "monday_schedule": "9-5"}


def special(schedule: str, day: str = "1") -> Resource:
    given = {"tracking_number": "123456/700/9", "schedule": schedule}
    return one("ringcx:TrackingScheduleOverride", f"day-{day}", f"123456/700/9/{day}", **given)


@pytest.mark.parametrize(
    "after",
    [
        but(tracked(DAY, NIGHT), one("ringcx:TrackingNumber", "campaign", "123456/700/9", **SCHEDULED)),
        tracked(DAY, NIGHT, special("10-12")),
    ],
    ids=["of the week", "of a day"],
)
def test_other_opening_hours_send_calls_elsewhere(after: list[Resource]) -> None:
    assert {change.calls for change in changes(tracked(DAY, NIGHT), after)} == {""}
    assert changes(after, [*after]) == []
    assert (
        changes(
            [*after, special("9-10", "2"), special("8-9", "3")], [*after, special("8-9", "3"), special("9-10", "2")]
        )
        == []
    )


# Extensions

BUSINESS = "in the opening hours of extension 101"


def business(**props: Any) -> list[Resource]:
    return but(ALWAYS, built_in("business-hours", **{**RINGING, **props}))


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (business(action="TakeMessagesOnly"), set()),
        (business(action="TakeMessagesOnly", voicemail_enabled=False), {FEWER, IN_THE_END}),
        (business(action="PlayAnnouncementOnly"), {FEWER, IN_THE_END}),
        (business(enabled=False), {LESS}),
        (business(notify_soft_phones=False, voicemail_enabled=False), {FEWER, IN_THE_END}),
        (business(voicemail_enabled=False), {IN_THE_END}),
    ],
    ids=["voicemail", "voicemail off", "announcement", "disabled", "nothing rings", "rings in vain"],
)
def test_business_hours_of_an_extension(after: list[Resource], said: set[str]) -> None:
    assert verdicts(ALWAYS, after, BUSINESS) == said
    assert verdicts(ALWAYS, after, BUSINESS.replace("in", "outside", 1)) == {"as before"}


def test_who_is_told_of_each_of_the_hours_is_not_told_that_they_are_unknown() -> None:
    silent = {"action": "PlayAnnouncementOnly"}
    before = [built_in("business-hours", **silent), built_in("after-hours", **silent)]
    after = [built_in("business-hours", action="TakeMessagesOnly"), before[1]]
    assert verdicts(before, after) == set()
    assert verdicts(before, after, BUSINESS) == set()


def test_an_extension_that_calls_itself() -> None:
    phone = one("ringex:ForwardingNumber", "own", "1/101/7", extension_id="1/101", phone_number=OTHER, type="Home")
    named = [*ALWAYS, rule("off", enabled=False), phone]  # its number is known by a rule
    for props in (
        {"action": "UnconditionalForwarding", "forward_all_to": OTHER},
        {"forward_to": [{"numbers": ["1/101/7"]}], "notify_soft_phones": False},
    ):
        after = but(named, built_in("business-hours", **{**RINGING, **props}))
        (found,) = [change for change in changes(named, after) if (change.number, change.calls) == (OTHER, BUSINESS)]
        assert found.verdicts == {"elsewhere", FEWER, IN_THE_END, FORBIDDEN}
        assert "loop" in str(found.after)


def test_calls_that_are_left_to_the_extension_are_not_lost() -> None:
    assert verdicts([rule("vip")], [rule("vip", enabled=False)]) == set()


def test_a_built_in_rule_that_leaves_does_again_what_it_did_before() -> None:
    was = {"callHandlingAction": "PlayAnnouncementOnly"}
    before = [built_in("business-hours", **RINGING, __before=json.dumps(was)), built_in("after-hours")]
    (change,) = [one for one in changes(before, before[1:]) if one.calls == BUSINESS]
    assert str(change.after) == "an announcement (of extension 101)"
    forgotten = [built_in("business-hours", **RINGING, on_delete="forget", __before=json.dumps(was)), before[1]]
    assert changes(forgotten, forgotten[1:]) == []
    plain = [built_in("business-hours", **RINGING, on_delete="forget"), before[1]]
    assert changes(plain, plain[1:]) == []
    silent = {"voicemail": {"enabled": False}, "callHandlingAction": "TakeMessagesOnly"}
    before[0] = built_in("business-hours", **RINGING, __before=json.dumps(silent))
    assert FEWER in verdicts(before, before[1:], BUSINESS)


# What is answered, what is not, and what nobody can tell


def test_what_is_lost_is_not_what_cannot_be_told() -> None:
    both = but(LINE, destination("denver", 2001, NUMBER), destination("austin", 2002, UNKNOWN))
    assert verdicts(LINE, both) == {FEWER, IN_THE_END, LESS, FORBIDDEN}


@pytest.mark.parametrize(
    ("action", "said"), [("REPEAT", set()), ("HANGUP", {IN_THE_END}), ("FORWARD_TO_VOICEMAIL", {"as before"})]
)
def test_members_that_ring_again_can_still_take_the_call(action: str, said: set[str]) -> None:
    assert (
        verdicts([ring_group("8000", ["101"], "FORWARD_TO_VOICEMAIL")], [ring_group("8000", ["101"], action)]) == said
    )


PERIOD = {"ranges": [{"from": "2030-06-01T00:00:00", "to": "2030-06-10T00:00:00"}]}


def vip(action: str) -> Resource:
    return rule("vip", action=action, callers=[{"caller_id": "+13035550171"}], schedule=PERIOD)


def test_a_rule_for_one_caller_in_one_period() -> None:
    usual = [built_in("business-hours"), built_in("after-hours")]
    found = changes([*usual, vip("TakeMessagesOnly")], [*usual, vip("PlayAnnouncementOnly")])
    assert {change.calls for change in found if "fewer answered" in change.verdicts} == {
        "from +13035550171 in the period from 2030-06-01 00:00"
    }


def test_a_period_of_one_rule_and_the_caller_of_another() -> None:
    """Without the rule for all in the period, the one for the caller counts then."""
    usual = [built_in("business-hours"), built_in("after-hours")]
    quiet = rule("quiet", action="PlayAnnouncementOnly", callers=[{"caller_id": "+13035550171"}])
    other = replace(rule("all", action="TakeMessagesOnly"), urn="all", id="1/101/all")
    period = replace(other, props={**other.props, "schedule": PERIOD})
    found = changes([*usual, quiet, period], [*usual, quiet, replace(period, props={**period.props, "enabled": False})])
    assert {change.calls for change in found if change.verdicts & {"less certain", "fewer answered"}} == {
        "from +13035550171 in the period from 2030-06-01 00:00"
    }


def test_hours_and_the_caller_of_a_rule_are_looked_at_together() -> None:
    """The hours of the extension are set in the portal: which of the two a rule is for makes a difference."""

    def vip_in(hours_: str) -> list[Resource]:
        given = {"callers": [{"caller_id": "+13035550171"}], "schedule": {"ref": hours_}}
        return [*ALWAYS, rule("vip", action="PlayAnnouncementOnly", **given)]

    found = changes(vip_in("AfterHours"), vip_in("BusinessHours"))
    assert {change.calls: FEWER in change.verdicts for change in found} == {
        "from +13035550171 in the opening hours of extension 101": True,
        "from +13035550171 outside the opening hours of extension 101": False,
    }


def test_a_number_that_a_rule_begins_to_name_was_one_of_the_extension_before() -> None:
    usual = [built_in(which, action="PlayAnnouncementOnly") for which in ("business-hours", "after-hours")]
    quiet = rule("quiet", called_numbers=[NUMBER], action="PlayAnnouncementOnly")
    assert verdicts(usual, [*usual, quiet]) == {"as before"}
    loud = [built_in("business-hours"), built_in("after-hours")]
    assert verdicts(loud, [*loud, quiet]) == {FEWER, IN_THE_END}


def test_what_holds_in_all_hours_is_said_once() -> None:
    found = changes(ALWAYS, [*ALWAYS, vip("PlayAnnouncementOnly")])
    assert {change.calls for change in found if FEWER in change.verdicts} == {
        "from +13035550171 in the period from 2030-06-01 00:00"
    }
    assert len(found) > 1  # where they end elsewhere is said of the hours as well


def test_every_caller_of_a_rule_is_named() -> None:
    def both(action: str) -> list[Resource]:
        callers = [{"caller_id": one_} for one_ in ("+13035550171", "+13035550172")]
        return [*ALWAYS, rule("vip", action=action, callers=callers)]

    found = changes(both("TakeMessagesOnly"), both("PlayAnnouncementOnly"))
    assert {change.calls for change in found} == {"from +13035550171", "from +13035550172"}


def test_hours_of_two_extensions_are_looked_at_together() -> None:
    """Whatever is better in some hours, and as it was in the others, is no uncertainty."""

    def desks(after_hours: str) -> list[Resource]:
        second = [
            one("ringex:BuiltInAnsweringRule", f"{which}-2", f"1/102/{which}-rule", extension_id="1/102", rule=which)
            for which in ("business-hours", "after-hours")
        ]
        does = {"business-hours": "PlayAnnouncementOnly", "after-hours": after_hours}
        second = [replace(it, props={**it.props, "action": does[it.props["rule"]]}) for it in second]
        first = [built_in(which, action="TransferToExtension", transfer_to="1/102") for which in does]
        return [*first, *second]

    better = changes(desks("PlayAnnouncementOnly"), desks("TakeMessagesOnly"))
    assert better
    assert {verdict for change in better for verdict in change.verdicts} == {"elsewhere"}
    worse = changes(desks("TakeMessagesOnly"), desks("PlayAnnouncementOnly"))
    assert "fewer answered" in {verdict for change in worse for verdict in change.verdicts}


def test_what_rings_on_behalf_of_an_extension_is_forbidden_as_well() -> None:
    phone = one("ringex:ForwardingNumber", "m", "1/101/7", extension_id="1/101", phone_number=PREMIUM, type="Mobile")
    quiet = [phone, built_in("business-hours"), built_in("after-hours")]
    rings = built_in("business-hours", action="ForwardCalls", forward_to=[{"numbers": ["1/101/7"]}])
    (why,) = {why for change in changes(quiet, but(quiet, rings)) for why in change.forbidden}
    assert "premium-rate" in why


def test_hours_under_another_name_are_the_same_hours() -> None:
    table = hours((2001, [50] * 24), (2002, [50] * 24))
    again = replace(table, urn=f"{table.urn}-again", name="again", id=None)
    assert changes([*LINE, table], [*LINE, again]) == []


def test_hours_that_nobody_answers_in_are_told_alone_however_many_extensions_have_some() -> None:
    days = ("monday", "tuesday", "wednesday", "thursday")
    extensions = ("102", "103", "104", "105")

    def week(first: str) -> list[Resource]:
        ways = [
            rule(
                day,
                schedule={"weekly": {day: [{"from": "00:00", "to": "24:00"}]}},
                called_numbers=[NUMBER],
                action="TransferToExtension",
                transfer_to=f"1/{at}",
            )
            for day, at in zip(days, extensions, strict=True)
        ]
        own = [
            replace(
                built_in(
                    which, extension_id=f"1/{at}", action=first if (which, at) == ("business-hours", "102") else does
                ),
                urn=f"{which}-{at}",
                id=f"1/{at}/{which}-rule",
            )
            for at in extensions
            for which, does in (("business-hours", "SharedLines"), ("after-hours", "TakeMessagesOnly"))
        ]
        return [*ways, *own, *ALWAYS]

    before, after = week("SharedLines"), week("PlayAnnouncementOnly")
    found = [change for change in changes(before, after) if change.number == NUMBER]
    assert {change.when for change in found} == {"Mon 00:00-24:00"}
    assert {change.calls: change.verdicts - {"elsewhere"} for change in found} == {
        "": set(),
        "in the opening hours of extension 102": {FEWER, IN_THE_END},
    }


def test_of_two_numbers_that_nobody_is_known_to_answer_one_is_not_the_other() -> None:
    records = [one("ringcx:DnisAssignment", f"r{n}", f"123456/{n[1:]}", dnis=n) for n in (OTHER, "+13035550177")]
    leading = [destination("denver", 2001, OTHER), destination("denver", 2001, "+13035550177")]
    was, becomes = (but([*LINE, *records], desk) for desk in leading)
    assert [change.number for change in changes(was, becomes)] == [NUMBER]
