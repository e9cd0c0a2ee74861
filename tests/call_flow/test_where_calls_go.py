"""Where calls go, resource by resource; and that what nobody documents is unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pulumi_voice_routing.call_flow import declared
from pulumi_voice_routing.call_flow.onward import Hours
from pulumi_voice_routing.call_flow.routing import Routing
from pulumi_voice_routing.call_flow.trace import Moment, moment_of, traced
from pulumi_voice_routing.call_flow.tracer import Call, Tracer
from pulumi_voice_routing.commands.trace_report import as_json, as_text
from pulumi_voice_routing.errors import SettingsError
from pulumi_voice_routing.plan.facts import LINK_OVERRIDES, UNKNOWN, Resource
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
    ends,
    ends_after,
    hours,
    in_percent,
    new,
    one,
    profile,
    ring_group,
    route,
    rule,
    split,
)

LATER: Any = UNKNOWN
BOTH = {f"number {DENVER}": 70, f"number {AUSTIN}": 30}
NIGHT = [0] * 8 + [100] * 10 + [0] * 6
DAY = [100 - share for share in NIGHT]


def override(target: Any = "+13035551009", dnis: Any = NUMBER, at: int = 2001) -> Resource:
    id_ = f"{GROUP}/{at}"
    return one("ringcx:DnisOverride", "override", f"{id_}/1", destination=id_, dnis=dnis, target=target)


@pytest.mark.parametrize(
    ("owner", "end"),
    [
        (["queue", "1001"], "queue 1001"),
        (["Visual IVR", "1002"], "IVR 1002"),
        (["profile", "3001"], "number +13035551009"),
        (["profile", "3009"], "unknown (the profile is not part of this configuration)"),
        (["tracking number", "700"], "unknown (the tracking number is not part of this configuration)"),
        (UNKNOWN, "queue 1000"),
        (["queue"], "queue 1000"),
    ],
)
def test_a_number_that_somebody_gave_to_another_owner(owner: Any, end: str) -> None:
    there = assignment(queue_id="1000", __elsewhere={NUMBER[1:]: owner})
    line = but(LINE, there, split((2001, 100)), override())
    assert ends(line) == {end: 100}


def test_owners_that_cannot_be_read() -> None:
    assert ends(but(LINE, assignment(queue_id="1000", __elsewhere=UNKNOWN))) == {"queue 1000": 100}


@pytest.mark.parametrize(
    ("others", "host", "end"),
    [
        ([], "acme.example.com", "unknown (whether the address is that of the ring group is not known before the run)"),
        ([ring_group("8001", ["102"])], "acme.example.com", "ring group 8000, PRIORITIZED_HUNT: 101"),
        ([ring_group("8001", ["102"])], "other.example.com", "8000@other.example.com"),
    ],
)
def test_a_sip_address_of_a_ring_group_that_the_run_makes(others: list[Resource], host: str, end: str) -> None:
    to = destination("denver", 2001, f"sip:8000@{host}", kind="SIP")
    line = [*but(LINE, to, split((2001, 100))), new(ring_group("8000", ["101"])), *others]
    assert [end in found for found in ends_after(line, [*LINE, *others])] == [True]


@pytest.mark.parametrize(
    ("made", "rings"),
    [(0, "a number that is not known before the run"), (2, "one of the new forwarding numbers")],
)
def test_a_telephone_that_the_run_makes(made: int, rings: str) -> None:
    phones = [
        new(one("ringex:ForwardingNumber", f"phone-{place}", extension_id="1/101", phone_number=f"+1303555017{place}"))
        for place in range(made)
    ]
    rings_one = rule("all", action="ForwardCalls", forward_to=[{"numbers": [UNKNOWN] * max(1, made)}])
    behind = {"forward_to": frozenset(phone.urn for phone in phones)}
    (found,) = ends_after([replace(rings_one, behind=behind), *phones, *ALWAYS], [rule("all"), *ALWAYS], OTHER)
    assert f"rings its apps, then {rings}" in found


def test_a_target_of_which_nobody_tells_how_it_is_read() -> None:
    found = declared.end(None, 7)
    assert in_percent(found.at(0)) == {"unknown (how the target is read is not documented)": 100}
    assert found.at(0) != declared.end(None, 8).at(0)


def test_now_is_now_in_every_zone() -> None:
    for zone in ("Pacific/Kiritimati", "America/Denver"):
        assert abs(moment_of(None, zone).time - datetime.now(UTC)) < timedelta(hours=1)


def test_periods_with_and_without_a_zone_ask_for_one() -> None:
    ranges = [
        {"from": "2030-06-03T09:00:00", "to": "2030-06-03T17:00:00"},
        {"from": "2030-07-03T09:00:00Z", "to": "2030-07-03T17:00:00Z"},
    ]
    always = [built_in(which) for which in ("business-hours", "after-hours")]
    line = [rule("away", schedule={"ranges": ranges}, **RINGS), *always]
    with pytest.raises(SettingsError, match="depends on single periods"):
        traced(Routing.of_state(line), OTHER, moment_of("2026-12-01 19:00", None))


def test_shares() -> None:
    assert ends(LINE) == BOTH
    outcome = route(but(LINE, destination("austin", 2002, "7", kind="IVR"))).at(0)
    assert [outcome.share(*kinds) * 100 for kinds in (("number",), ("ivr",), ("number", "ivr"), ("queue",))] == [
        70,
        30,
        100,
        0,
    ]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (assignment(queue_id="1000"), {"queue 1000": 100}),
        (assignment(visual_ivr_id="1001"), {"IVR 1001": 100}),
        (assignment(active=False), {"nobody (the assignment is not active)": 100}),
        (profile(active=False), {"nobody (the profile is not active)": 100}),
        (destination("denver", 2001, "1002", kind="ACD"), {"queue 1002": 70, f"number {AUSTIN}": 30}),
        (destination("denver", 2001, "1002", kind="IVR_STUDIO"), {"IVR 1002": 70, f"number {AUSTIN}": 30}),
        (destination("denver", 2001, "sip:a@x.test", kind="SIP"), {"sip:a@x.test": 70, f"number {AUSTIN}": 30}),
        (one("ringcx:Dnis", "record", "1", dnis=NUMBER, active=False), {"nobody (its number is not in use)": 100}),
        (split(), {"nobody (the profile has no destination that takes calls)": 100}),
        (override(), {"number +13035551009": 70, f"number {AUSTIN}": 30}),
        (override(dnis=OTHER), BOTH),
        (destination("denver", 2001, OTHER), {f"number {OTHER}": 70, f"number {AUSTIN}": 30}),
    ],
    ids=lambda value: value.name if isinstance(value, Resource) else "",
)
def test_what_is_declared_decides(changed: Resource, expected: dict[str, int]) -> None:
    assert ends(but(LINE, changed)) == expected


def test_calls_go_on_to_numbers_of_the_same_account() -> None:
    line = but(LINE, destination("denver", 2001, OTHER), assignment(OTHER, queue_id="1000"))
    assert ends(line) == {"queue 1000": 70, f"number {AUSTIN}": 30}


def test_a_circle_of_numbers_is_a_loop() -> None:
    line = but(LINE, destination("denver", 2001, OTHER), assignment(OTHER))
    assert ends(line) == {f"number {AUSTIN}": 51, "a loop (calls come back to where they were)": 49}


@pytest.mark.parametrize(
    ("kind", "end"),
    [
        (None, f"number {AUSTIN}"),
        ("STANDARD", f"number {AUSTIN}"),
        ("DID", f"number {AUSTIN}"),
        ("SIP", "unknown (which of several overrides wins is not documented)"),
    ],
)
def test_two_overrides_with_one_target_are_one_when_they_read_it_alike(kind: str | None, end: str) -> None:
    row = {"destination": f"{GROUP}/2001", "rank": 1, "allocation_percent": 100, "override": True, "target": AUSTIN}
    own = one("ringcx:ProfileDestinations", "split-3001", f"{GROUP}/3001", profile=f"{GROUP}/3001")
    own = replace(own, props={**own.props, "destinations": [{**row, "kind": kind}]})
    found = route(but(LINE, own, override(AUSTIN)))
    assert in_percent(found.at(0)) == {end: 100}
    assert ("several overrides" in str(found.lines(0))) is (kind == "SIP")


def test_the_profiles_own_target_for_a_destination() -> None:
    rows = split((2001, 70), (2002, 30))
    first, second = rows.rows("destinations")
    own = replace(rows, props={**rows.props, "destinations": [{**first, "override": True, "target": OTHER}, second]})
    assert ends(but(LINE, own)) == {f"number {OTHER}": 70, f"number {AUSTIN}": 30}
    assert ends(but(LINE, own, override())) == {
        "unknown (which of several overrides wins is not documented)": 70,
        f"number {AUSTIN}": 30,
    }
    assert ends(but(LINE, own, override(target=OTHER))) == {f"number {OTHER}": 70, f"number {AUSTIN}": 30}


@pytest.mark.parametrize(
    ("number", "expected"), [(NUMBER, {f"number {OTHER}": 70, f"number {AUSTIN}": 30}), (OTHER, BOTH)]
)
def test_the_profiles_override_for_one_number(number: str, expected: dict[str, int]) -> None:
    rows = split((2001, 70), (2002, 30))
    first, second = rows.rows("destinations")
    own = [{**first, LINK_OVERRIDES: [(number, OTHER)]}, second]
    assert ends(but(LINE, replace(rows, props={**rows.props, "destinations": own}))) == expected


@pytest.mark.parametrize("kind", [None, "STANDARD", "DID"])
def test_two_overrides_that_say_the_same_are_sure(kind: str | None) -> None:
    own = {"override": True, "target": "+13035551009", "allocation_percent": 100, **({"kind": kind} if kind else {})}
    both = but(LINE, split((2001, 100)), override())
    (set_,) = [there for there in both if there.type == "ringcx:ProfileDestinations"]
    rows = [{"destination": f"{GROUP}/2001", **own}]
    line = but(both, replace(set_, props={**set_.props, "destinations": rows}))
    assert ends(line) == {"number +13035551009": 100}


def test_the_profiles_own_target_of_another_kind_is_unknown() -> None:
    rows = split((2001, 70), (2002, 30))
    first, second = rows.rows("destinations")

    def own(kind: str, /, **given: Any) -> dict[str, Any]:
        listed = [{**first, "override": True, "target": OTHER, **given}, second]
        there = destination("denver", 2001, "1000" if kind == "ACD" else DENVER, kind=kind)
        return ends(but(LINE, there, replace(rows, props={**rows.props, "destinations": listed})))

    reason = "how a profile's own target is read, when its kind is not the destination's, is not documented"
    odd = {f"unknown ({reason})": 70, f"number {AUSTIN}": 30}
    assert own("ACD", kind="DID") == own("ACD") == own("DID", kind="ACD") == odd
    assert own("ACD", kind="ACD") == {f"queue {OTHER}": 70, f"number {AUSTIN}": 30}
    assert own("DID", kind="STANDARD") == own("DID") == {f"number {OTHER}": 70, f"number {AUSTIN}": 30}


def test_a_destination_that_is_on_without_a_share_may_take_the_calls_of_another() -> None:
    line = but(LINE, destination("denver", 2001, DENVER, active=False), split((2001, 100), (2002, 0)))
    (found,) = ends(line)
    assert found.startswith("unknown (what becomes of calls whose destination is not active")


def test_shares_by_hour() -> None:
    line = but(LINE, split((2001, None), (2002, None)), hours((2001, DAY), (2002, NIGHT)))
    assert ends(line, minute=7 * 60 + 59) == {f"number {DENVER}": 100}
    assert ends(line, minute=1440 + 8 * 60) == {f"number {AUSTIN}": 100}
    assert route(line).week.starts[:4] == (0, 480, 1080, 1440 + 480)


def test_an_hour_with_too_many_shares_leaves_the_others_certain() -> None:
    table = hours((2001, [60, *[70] * 23]), (2002, [60, *[30] * 23]))
    line = but(LINE, split((2001, None), (2002, None)), table)
    (unknown_,) = ends(line)
    assert "when the shares do not make 100 percent" in unknown_
    assert ends(line, minute=60) == BOTH


def test_a_path_names_a_destination_that_is_not_active() -> None:
    line = but(LINE, destination("denver", 2001, DENVER, active=False))
    found = traced(Routing.of_state(line), NUMBER, Moment(datetime(2026, 12, 1), "UTC"))
    assert found is not None
    assert "destination 'Denver' is not active  [ringcx:Destination denver]" in as_text(found)
    assert "destination 'Austin' (rank 2)  [ringcx:Destination austin]" in as_text(found)


def test_a_daily_profile_with_shares_by_hour_is_sure_of_what_both_say() -> None:
    line = but(LINE, hours((2001, [100] * 24), (2002, [0] * 24)))
    assert ends(line) == {
        f"number {DENVER}": 70,
        "unknown (whether a DAILY profile goes by the hour or by the day, when it has shares for both, is not "
        "documented)": 30,
    }
    hourly = but(line, profile(percent_alloc_type="HOURLY"))
    assert ends(hourly) == {"unknown (whether HOURLY goes by the shares by hour is not documented)": 100}


UNDOCUMENTED = [
    (profile(routing_type="SEQUENTIAL"), "how SEQUENTIAL chooses among destinations is not documented", 100),
    (profile(percent_alloc_type="WEEKLY"), "what the percentages of WEEKLY are of is not documented", 100),
    (destination("denver", 2001, DENVER, monday_schedule="9-5"), "how schedules are written is not documented", 70),
    (
        destination("denver", 2001, DENVER, preroute_http_url="https://x.example.com"),
        "what the answer of preroute_http_url does to a call is not documented",
        70,
    ),
    (
        destination("denver", 2001, DENVER, active=False),
        "what becomes of calls whose destination is not active, while another one is, is not documented",
        70,
    ),
    (
        destination("denver", 2001, "17", kind="STANDARD"),
        "how the target of a destination of kind STANDARD is read is not documented",
        70,
    ),
    (
        split((2001, 60), (2002, 30)),
        "what becomes of calls when the shares do not make 100 percent is not documented",
        10,
    ),
    (
        split((2001, 80), (2002, 30)),
        "what becomes of calls when the shares do not make 100 percent is not documented",
        100,
    ),
    (
        split((2001, 70), (2002, None)),
        "a share of the profile's calls is not part of this configuration, or not known before the run",
        100,
    ),
    (
        profile(percent_alloc_type=UNKNOWN),
        "what the percentages are of is not known before the run",
        100,
    ),
    (split((2001, 70), (2009, 30)), "the destination is not part of this configuration", 30),
    (assignment(profile=f"{GROUP}/3009"), "the profile is not part of this configuration", 100),
    (assignment(profile=UNKNOWN), "where it leads is not known before the run", 100),
    (assignment(active=UNKNOWN), "whether the assignment is active is not known before the run", 100),
    (profile(active=None), "whether the profile is active is not declared", 100),
    (destination("denver", 2001, DENVER, active=None), "whether the destination is active is not declared", 70),
    (destination("denver", 2001, UNKNOWN), "where it leads is not known before the run", 70),
    (override(dnis=UNKNOWN), "an override is not known before the run", 70),
    (
        one("ringcx:Dnis", "record", "1", dnis=NUMBER, active=UNKNOWN),
        "whether the number is in use is not known before the run",
        100,
    ),
]


@pytest.mark.parametrize(("changed", "reason", "share"), UNDOCUMENTED, ids=[reason for _, reason, _ in UNDOCUMENTED])
def test_what_nobody_tells_is_unknown(changed: Resource, reason: str, share: int) -> None:
    found = ends(but(LINE, changed))
    assert found[f"unknown ({reason})"] == share
    assert sum(found.values()) == 100


def test_a_schedule_leaves_the_other_days_certain() -> None:
    line = but(LINE, destination("denver", 2001, DENVER, monday_schedule="9-5"))
    assert ends(line, minute=1440) == BOTH


def test_an_exhausted_profile_does_what_nobody_documents() -> None:
    off = [destination("denver", 2001, DENVER, active=False), destination("austin", 2002, AUSTIN, active=False)]
    assert ends(but(LINE, *off)) == {"nobody (the profile has no destination that takes calls)": 100}
    assert ends(but(LINE, *off, profile(route_exhausted_action="VOICEMAIL"))) == {
        "unknown (what routeExhaustedAction VOICEMAIL does is not documented)": 100
    }


# What a run makes, changes and ends


def test_new_destinations_with_one_unknown_id_are_known_by_what_it_is_made_of() -> None:
    austin = new(destination("austin", 2002, AUSTIN))
    set_ = split((2001, 70), (2002, 30))
    rows = [set_.rows("destinations")[0], {**set_.rows("destinations")[1], "destination": UNKNOWN}]
    known = next(there for there in LINE if there.name == "denver")
    changed = new(replace(set_, props={**set_.props, "destinations": rows}), destinations=[austin, known])
    assert ends_after(but(LINE, austin, changed), [there for there in LINE if there.name != "austin"]) == BOTH


def test_of_several_new_destinations_only_the_least_share_is_certain() -> None:
    denver, austin, support = (new(there) for there in LINE[:3])
    set_ = split((2001, 70), (2002, 30))
    rows = [{**row, "destination": UNKNOWN} for row in set_.rows("destinations")]
    fresh = new(
        replace(set_, props={"profile": UNKNOWN, "destinations": rows}),
        profile=[support],
        destinations=[denver, austin],
    )
    number = new(assignment(profile=UNKNOWN), profile=[support])
    assert ends_after([denver, austin, support, fresh, number]) == {
        "unknown (which of the new destinations gets which share is not known before the run)": 40,
        f"number {DENVER}": 30,
        f"number {AUSTIN}": 30,
    }
    even = replace(
        fresh, props={"profile": UNKNOWN, "destinations": [{**row, "allocation_percent": 50} for row in rows]}
    )
    assert ends_after([denver, austin, support, even, number]) == {f"number {DENVER}": 50, f"number {AUSTIN}": 50}


def test_what_is_made_is_nothing_but_what_is_declared() -> None:
    support = new(profile(active=None))
    number = new(assignment(profile=UNKNOWN), profile=[support])
    assert ends_after([support, number]) == {"nobody (the profile is not active)": 100}
    live = one("ringcx:Activation", "live", None, targets=[{"kind": "profile", "id": UNKNOWN}])
    live = new(live, targets=[support])
    nobody = {"nobody (the profile has no destination that takes calls)": 100}
    assert ends_after([support, number, live]) == nobody
    adopted = replace(support, props={**support.props, "adopt": True})
    assert "unknown (the profile's destinations are not part of this configuration)" in str(
        ends_after([adopted, number, live])
    )


@pytest.mark.parametrize(
    ("leaving", "expected"),
    [
        ("n00", {"nobody (nobody answers the number any more)": 100}),
        ("support", {"nobody (the profile leaves the stack and is switched off)": 100}),
        ("split-3001", {"nobody (the profile has no destination that takes calls)": 100}),
        (
            "denver",
            {
                "unknown (what becomes of calls whose destination is not active, while another one is, is not "
                "documented)": 70,
                f"number {AUSTIN}": 30,
            },
        ),
    ],
)
def test_what_leaves_the_stack_ends(leaving: str, expected: dict[str, int]) -> None:
    assert ends_after(but(LINE, without=[leaving]), LINE) == expected
    kept = [replace(there, kept=there.name == leaving) for there in LINE]
    assert ends_after(but(LINE, without=[leaving]), kept) == BOTH


def test_a_number_of_the_pool_alone() -> None:
    pool = one("ringcx:DnisPool", "pool", "1", numbers=[{"dnis": NUMBER}])
    assert ends([pool]) == {"unknown (who answers the number is not part of this configuration)": 100}


@pytest.mark.parametrize(
    ("owner", "expected"),
    [
        (["queue", 1000], "queue 1000"),
        (["Visual IVR", 1000], "IVR 1000"),
        (["tracking number", 6], "unknown (its rules are not part of this configuration)"),
        (["profile", 3002], "nobody (the profile is not active)"),
    ],
)
def test_a_number_that_somebody_gave_away_since_the_last_look(owner: list[Any], expected: str) -> None:
    others = [profile("sales", 3002, active=False), one("ringcx:TrackingNumber", "spring", "123456/5/6", dnis=OTHER)]
    moved = assignment(__elsewhere={NUMBER[1:]: owner})
    assert ends(but(LINE, moved, *others)) == {expected: 100}


# Tracking numbers


def tracking(*rules: Resource, **props: Any) -> list[Resource]:
    return [one("ringcx:TrackingNumber", "spring", "123456/5/6", dnis=NUMBER, **props), *rules]


def routing_rule(rank: int, **props: Any) -> Resource:
    given = {"tracking_number": "123456/5/6", "rank": rank, "open_rule": True, **props}
    return one("ringcx:TrackingRoutingRule", f"rule{rank}", f"123456/5/6/{rank}", **given)


def test_tracking_numbers() -> None:
    first = routing_rule(1, kind="STANDARD", destination=DENVER)
    second = routing_rule(2, kind="GATE_XFER", queue_id="1000")
    closed = [
        replace(there, name=f"c{there.name}", props={**there.props, "open_rule": False}) for there in (first, second)
    ]
    line = tracking(first, second, *closed, open_type="STANDARD", close_type="STANDARD")
    assert ends(line) == {f"number {DENVER}, and if nobody takes it: queue 1000": 100}
    assert ends(tracking(first, second, open_type="STANDARD")) == {
        "unknown (when a tracking number is open is in a form that is not documented)": 100
    }
    assert ends(tracking(active=False)) == {"nobody (the assignment is not active)": 100}
    assert ends(tracking()) == {"unknown (its rules are not part of this configuration)": 100}


OPEN = Call(hours=Hours(f"tracking number {NUMBER}", True))


@pytest.mark.parametrize(
    ("type_", "how"),
    [
        ("STANDARD_PARALLEL", "all at once, so that who takes a call is open"),
        ("BY_SKILL", "not documented"),
        (None, "not part of this configuration"),
        (UNKNOWN, "not known before the run"),
    ],
)
def test_how_the_rules_of_a_tracking_number_are_tried(type_: Any, how: str) -> None:
    first, second = routing_rule(1, kind="STANDARD", destination=DENVER), routing_rule(2, kind="VIVR", destination="7")
    assert ends(tracking(first, second, open_type=type_), call=OPEN) == {
        f"unknown (how its rules are tried is {how})": 100
    }
    alone = ends(tracking(second, open_type=type_), call=OPEN)
    assert (alone == {"IVR 7": 100}) is (type_ in ("STANDARD_PARALLEL", None))


@pytest.mark.parametrize(
    ("rule_", "expected"),
    [
        ({"kind": "STANDARD_SIP", "destination": "sip:a@x.test"}, "sip:a@x.test"),
        ({"kind": "ENCRYPTED_SIP", "destination": "sip:a@x.test"}, "sip:a@x.test"),
        ({"kind": "IN_NETWORK", "destination": DENVER}, f"number {DENVER}"),
        ({"kind": "BY_SKILL", "destination": "9"}, "unknown (what a rule of kind BY_SKILL does is not documented)"),
        (
            {"kind": "TRAC_XFER", "to_tracking_id": "123456/5/9"},
            "unknown (the tracking number is not part of this configuration)",
        ),
        ({"kind": "VIVR", "destination": UNKNOWN}, "unknown (where it leads is not known before the run)"),
        ({"kind": UNKNOWN, "destination": "9"}, "unknown (where it leads is not known before the run)"),
    ],
)
def test_what_a_rule_of_a_tracking_number_does(rule_: dict[str, Any], expected: str) -> None:
    assert ends(tracking(routing_rule(1, **rule_)), call=OPEN) == {expected: 100}


def test_rules_of_a_tracking_number_are_tried_by_rank() -> None:
    rules = [routing_rule(rank, kind="STANDARD", destination=f"+130355510{rank:02}") for rank in (2, 10, 1)]
    first, second, third = (f"number +130355510{rank:02}" for rank in (1, 2, 10))
    (end,) = ends(tracking(*rules, open_type="STANDARD"), call=OPEN)
    assert end == f"{first}, and if nobody takes it: {second}, and if nobody takes it: {third}"


def test_tracking_numbers_that_transfer_in_a_circle() -> None:
    rules = [
        replace(routing_rule(1, kind="TRAC_XFER", to_tracking_id="6", open_rule=open_), name=f"r{open_}")
        for open_ in (True, False)
    ]
    assert ends(tracking(*rules)) == {"a loop (calls come back to where they were)": 100}


# PortSIP


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ([ring_group("8000", ["101", "102"])], "8000, PRIORITIZED_HUNT: 101, 102, and if nobody takes it: nobody"),
        ([ring_group("8000", [], "FORWARD_TO_VOICEMAIL")], "voicemail of 8000"),
        ([ring_group("8000", [], "REPEAT")], "loop"),
        ([ring_group("8000", [])], "nobody (the call is ended)"),
        ([ring_group("8000", [], "FORWARD_TO_NUMBER", DENVER)], f"number {DENVER}"),
        (
            [ring_group("8000", [], "FORWARD_TO_NUMBER", "8001"), ring_group("8001", [], "FORWARD_TO_NUMBER", "8000")],
            "a loop",
        ),
        (
            [ring_group("8000", ["101"], "FORWARD_TO_NUMBER", "8001"), ring_group("8001", ["102"])],
            "101, and if nobody takes it: ring group 8001, PRIORITIZED_HUNT: 102, and if nobody takes it: nobody",
        ),
        ([ring_group("8000", [], no_answer=None)], "unknown (what happens to calls that no member takes"),
        ([ring_group("8000", ["102", "101"], strategy="CYCLIC_HUNT")], "8000, CYCLIC_HUNT: 101, 102,"),
        ([ring_group("8000", ["101"], strategy=UNKNOWN)], "unknown (who rings is not known before the run)"),
        ([ring_group("8000", [LATER])], "unknown (who rings is not known before the run)"),
        ([ring_group("8000", [LATER, "101"])], "somebody who is not known yet, 101, and if nobody takes it"),
    ],
)
def test_ring_groups(groups: list[Resource], expected: str) -> None:
    line = but(LINE, destination("denver", 2001, "sip:8000@acme.example.com", kind="SIP"), *groups, split((2001, 100)))
    (found,) = ends(line)
    assert expected in found
    assert list(ends(groups, "8000")) == [found]


def test_a_ring_group_that_ends() -> None:
    line = but(LINE, destination("denver", 2001, "sip:8000@pbx.example.com", kind="SIP"), split((2001, 100)))
    before = but(line, ring_group("8000", ["101"]))
    assert ends_after(line, before) == {"nobody (the ring group ends)": 100}
    assert ends_after(line, before, "8000") == {"nobody (the ring group ends)": 100}


# RingEX


ALWAYS = [built_in("business-hours"), built_in("after-hours")]
MAIL = {"voicemail of extension 101": 100}
RINGS = {"enabled": True, "action": "UnconditionalForwarding", "forward_all_to": DENVER}
MONDAY = {"weekly": {"monday": [{"from": "09:00", "to": "17:00"}]}}


def test_an_extension_without_a_rule_for_the_call() -> None:
    off = rule("off", enabled=False)
    assert ends([off, *ALWAYS], OTHER) == MAIL
    assert ends([off, built_in("business-hours"), built_in("after-hours", **RINGS)], OTHER) == {
        "unknown (the business hours of the extension are not part of this configuration)": 100
    }
    assert ends([off, built_in("business-hours")], OTHER) == {
        "unknown (the business hours of the extension are not part of this configuration)": 100
    }


def test_what_becomes_of_calls_whose_built_in_rule_is_disabled_is_unknown() -> None:
    off = [built_in(which, enabled=False) for which in ("business-hours", "after-hours")]
    reason = "what becomes of calls whose built-in rule is disabled is not documented"
    assert ends([rule("off", enabled=False), *off], OTHER) == {f"unknown ({reason})": 100}


@pytest.mark.parametrize("numbers", [UNKNOWN, "+13035550101", [UNKNOWN], [None, OTHER], 7])
def test_numbers_that_are_not_known_yet_are_passed_over(numbers: Any) -> None:
    tracer = Tracer(Routing.of_state([rule("a", called_numbers=numbers), *ALWAYS]))
    assert (tracer.route(OTHER) is not None) == (numbers == [None, OTHER])
    found = tracer.route("extension 101")
    assert found is not None
    assert in_percent(found.at(0)) == MAIL


def test_a_number_that_rules_of_two_extensions_name_is_undecided() -> None:
    other = replace(rule("b", extension_id="1/102"), id="1/102/b")
    assert ends([rule("a"), other], OTHER) == {"unknown (rules of several extensions name the number)": 100}


def test_a_rule_for_some_hours() -> None:
    line = [rule("monday", schedule=MONDAY, **RINGS), *ALWAYS]
    assert ends(line, OTHER, 9 * 60) == {f"number {DENVER}": 100}
    assert ends(line, OTHER, 17 * 60) == MAIL
    assert route(line, OTHER).week.starts == (0, 540, 1020)


@pytest.mark.parametrize(
    "schedule",
    [
        UNKNOWN,
        {"ref": "BusinessHours"},
        {"weekly": UNKNOWN},
        {"weekly": {"monday": UNKNOWN}},
        {"weekly": {"monday": [{"from": UNKNOWN, "to": "17:00"}]}},
        {"weekly": {"monday": [{"from": "09:00", "to": "09:00"}]}},
        {"weekly": {"holiday": [{"from": "09:00", "to": "17:00"}]}},
        {"weekly": {"monday": [{"from": "22:00", "to": "06:00"}]}},
        {"ranges": [{"from": "2026-02-31T00:00", "to": "2026-03-01T00:00"}]},
    ],
)
def test_hours_that_nobody_tells(schedule: Any) -> None:
    line = [rule("some", schedule=schedule, **RINGS), *ALWAYS]
    assert ends(line, OTHER) == {"unknown (which of the extension's rules is for the call cannot be told)": 100}
    assert ends([rule("some", schedule=schedule), *ALWAYS], OTHER) == MAIL


def test_two_rules_for_one_call() -> None:
    line = [rule("one", **RINGS), rule("two"), *ALWAYS]
    assert ends(line, OTHER) == {"unknown (which of the extension's rules is for the call cannot be told)": 100}
    assert ends([rule("one"), rule("two"), *ALWAYS], OTHER) == MAIL


def test_a_rule_for_some_callers() -> None:
    line = [rule("vip", callers=[{"caller_id": "+13035550170"}], **RINGS), *ALWAYS]
    assert ends(line, OTHER) == MAIL
    assert ends(line, OTHER, call=Call("13035550170")) == {f"number {DENVER}": 100}


def test_a_rule_for_single_periods() -> None:
    line = [
        rule("holiday", schedule={"ranges": [{"from": "2026-12-24T00:00", "to": "2026-12-27T00:00"}]}, **RINGS),
        *ALWAYS,
    ]
    assert ends(line, OTHER) == MAIL
    assert ends(line, OTHER, call=Call(moment=datetime(2026, 12, 26, 23, 59))) == {f"number {DENVER}": 100}
    assert ends(line, OTHER, call=Call(moment=datetime(2026, 12, 27))) == MAIL


@pytest.mark.parametrize(
    ("props", "expected"),
    [
        ({"action": "PlayAnnouncementOnly"}, "an announcement (of extension 101)"),
        ({"action": "AgentQueue"}, "queue of extension 101"),
        ({"action": "SharedLines"}, "the shared lines of extension 101"),
        ({"action": "Juggle"}, "unknown (what Juggle does is not documented)"),
        ({"action": "TransferToExtension", "transfer_to": "1/101"}, "unknown (which of the extension's rules is for"),
        ({"action": "TransferToExtension", "transfer_to": "1/102"}, "unknown (the business hours of the extension"),
        ({"action": "UnconditionalForwarding", "forward_all_to": OTHER}, "loop"),
        ({"action": "TakeMessagesOnly", "voicemail_recipient_id": "102"}, "voicemail of extension 102"),
        ({"action": "TakeMessagesOnly", "voicemail_recipient_id": UNKNOWN}, "unknown (where it leads is not known"),
        ({"action": "TakeMessagesOnly", "voicemail_enabled": False}, "nobody (its rule takes messages only, and"),
        ({"action": "TakeMessagesOnly", "voicemail_enabled": UNKNOWN}, "unknown (where it leads is not known"),
        ({"action": "TransferToExtension", "transfer_to": UNKNOWN}, "unknown (where it leads is not known"),
        ({"action": "UnconditionalForwarding", "forward_all_to": UNKNOWN}, "unknown (where it leads is not known"),
        ({"action": None}, "unknown (what the rule does is not part of this configuration)"),
        ({"action": UNKNOWN}, "unknown (where it leads is not known before the run)"),
        (
            {"action": "ForwardCalls", "forward_to": [{"numbers": ["1/101/7"]}]},
            "extension 101 rings its apps, then +13035550177, and if nobody takes it: voicemail of extension 101",
        ),
        (
            {
                "action": "ForwardCalls",
                "forward_to": [{"numbers": ["1/101/7"], "enabled": False}],
                "notify_soft_phones": False,
                "voicemail_enabled": False,
            },
            "nobody (nothing is left that rings)",
        ),
        (
            {"action": "ForwardCalls", "forward_to": [{"numbers": ["1/101/7"]}], "ringing_mode": "Simultaneously"},
            "extension 101 rings its apps and +13035550177, and if nobody takes it",
        ),
        ({"action": "ForwardCalls"}, "unknown (what rings is not part of this configuration)"),
        ({"action": "ForwardCalls", "forward_to": UNKNOWN}, "unknown (what rings is not known before the run)"),
        (
            {"action": "ForwardCalls", "forward_to": [], "notify_soft_phones": UNKNOWN},
            "unknown (whether apps ring is not known before the run)",
        ),
        (
            {"action": "ForwardCalls", "forward_to": [], "voicemail_enabled": UNKNOWN},
            "extension 101 rings its apps, and if nobody takes it: unknown (where it leads is not known",
        ),
        (
            {"action": "ForwardCalls", "forward_to": [], "notify_soft_phones": False},
            "voicemail of extension 101",
        ),
        (
            {
                "action": "ForwardCalls",
                "forward_to": [{"numbers": ["1/101/7"], "enabled": UNKNOWN}],
                "notify_soft_phones": False,
            },
            "unknown (what rings is not known before the run)",
        ),
    ],
)
def test_what_a_rule_does(props: dict[str, Any], expected: str) -> None:
    mobile = one("ringex:ForwardingNumber", "mobile", "1/101/7", extension_id="1/101", phone_number="+13035550177")
    (found,) = ends([rule("all", **props), mobile, *ALWAYS], OTHER)
    assert expected in found


def test_cloud_routing_reaches_an_extension_by_its_number() -> None:
    line = but(LINE, destination("denver", 2001, OTHER), rule("all"), *ALWAYS)
    assert ends(line) == {"voicemail of extension 101": 70, f"number {AUSTIN}": 30}


# Circles


def site(place: int, *overflow: int) -> list[Resource]:
    """A number with a queue, whose other calls go to the numbers of other sites in equal parts."""
    number = f"+1303555{1000 + place}"
    share = 50 // max(1, len(overflow))
    rows = [(7000 + place, 100 - share * len(overflow)), *((4000 + other, share) for other in overflow)]
    claim = replace(assignment(number, profile=f"{GROUP}/{5000 + place}"), name=f"n{place}", urn=f"urn:n::{place}")
    return [
        destination(f"queue{place}", 7000 + place, str(place), kind="ACD"),
        destination(f"site{place}", 4000 + place, number),
        profile(f"site{place}", 5000 + place),
        split(*rows, of=5000 + place),
        claim,
    ]


def sites(many: int, *steps: int) -> list[Resource]:
    """Sites in a ring that overflow to some of the next ones."""
    there = (site(place, *((place + step) % many for step in steps)) for place in range(many))
    return [one for each in there for one in each]


def test_sites_that_all_overflow_into_each_other() -> None:
    for many in (3, 7):
        tracer = Tracer(Routing.of_state(sites(many, *range(1, many))))
        first = tracer.route("+13035551000")
        assert first is not None
        shares = {str(end): odds for end, odds in first.week.at(0).odds.items()}
        assert "a loop (calls come back to where they were)" in shares
        assert not any("unknown" in end for end in shares)
        assert len(tracer._made) < 1000


@pytest.mark.parametrize("many", [12, 40])
def test_ways_round_in_circles_that_are_too_many_are_unknown_and_the_others_are_not(many: int) -> None:
    line = sites(many, *range(1, 8))
    assert set(ends(line, "+13035551003")) == {"queue 3", f"unknown ({MANY if many == 12 else LONG})"}


MANY = "calls can go round in more ways than can be followed"
LONG = "more than 30 places on the way"


def test_a_long_way_is_the_same_whichever_number_is_asked_first() -> None:
    line = [one for place in range(40) for one in site(place, *([place + 1] if place < 39 else []))]
    numbers = [f"+1303555{1000 + place}" for place in range(40)]
    alone = {number: Tracer(Routing.of_state(line)).route(number).week for number in numbers}  # type: ignore[union-attr]
    for order in (numbers, numbers[::-1]):
        tracer = Tracer(Routing.of_state(line))
        assert {number: tracer.route(number).week for number in order} == alone  # type: ignore[union-attr]
    assert f"unknown ({LONG})" in {str(end) for end in alone[numbers[0]].at(0).odds}
    assert f"unknown ({LONG})" not in {str(end) for end in alone[numbers[12]].at(0).odds}


def test_a_path_is_drawn_as_far_as_anybody_reads() -> None:
    found = traced(Routing.of_state(sites(7, *range(1, 7))), "+13035551000", moment_of("2026-12-01 19:00", "UTC"))
    assert found is not None
    assert 900 < len(as_text(found).splitlines()) < 1100


@pytest.mark.parametrize(("many", "cut"), [(499, False), (500, True)])
def test_a_path_says_that_it_has_more_lines_when_it_has(many: int, cut: bool) -> None:
    desks = [destination(f"d{place}", 4000 + place, f"+1303555{1000 + place}") for place in range(many)]
    shares = split((4000, 100 - (many - 1) * 0.2), *((4000 + place, 0.2) for place in range(1, many)))
    found = traced(
        Routing.of_state([*desks, profile(), shares, assignment()]), NUMBER, Moment(datetime(2026, 12, 1), "UTC")
    )
    assert found is not None
    text = as_text(found)
    assert ("it has more than 1000 lines" in text) is cut
    assert (f"+1303555{1000 + many - 1}" in text.partition("=>")[0]) is not cut


@pytest.mark.parametrize(
    ("asked", "shown"),
    [(NUMBER[1:], NUMBER), ("1 303-555-0100", NUMBER), ("8000", "8000"), ("Extension 101", "extension 101")],
)
def test_a_path_is_told_of_the_number_as_the_program_writes_it(asked: str, shown: str) -> None:
    line = [*LINE, ring_group("8000", ["101"]), built_in("business-hours"), built_in("after-hours")]
    found = traced(Routing.of_state(line), asked, Moment(datetime(2026, 12, 1), "UTC"))
    assert found is not None
    assert found.number == shown


def test_the_steps_of_a_path_say_which_of_them_take_the_call() -> None:
    found = traced(Routing.of_state([ring_group("8000", ["101"])]), "8000", Moment(datetime(2026, 12, 1), "UTC"))
    assert found is not None
    (step,) = as_json(found)["path"]  # type: ignore[misc,attr-defined]
    assert (step["end"], step["next"][0]["next"][0]["end"]) == ("ring group", "unanswered")


@pytest.mark.parametrize(
    ("owner", "called"),
    [
        (assignment(), "profile 'Support'"),
        (assignment(profile=f"{GROUP}/3009"), "profile 3009"),
        (assignment(queue_id="1000"), "queue 1000"),
        (assignment(visual_ivr_id="7"), "IVR 7"),
    ],
)
def test_a_path_names_who_answers_the_number(owner: Resource, called: str) -> None:
    found = traced(Routing.of_state(but(LINE, owner)), NUMBER, Moment(datetime(2026, 12, 1), "UTC"))
    assert found is not None
    assert as_text(found).startswith(f"{NUMBER} is answered by {called}  [")
