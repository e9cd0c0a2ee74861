"""Something goes live that cannot take calls."""

from __future__ import annotations

from dataclasses import replace

from pulumi_voice_routing.plan.facts import UNKNOWN, Resource
from pulumi_voice_routing.safety.rules import CALLS_UNANSWERED
from pulumi_voice_routing.safety.rules.going_live import INCOMPLETE_ACTIVATION, live_and_incomplete
from tests.rules.plans import (
    AUSTIN,
    DENVER,
    GROUP_,
    LINE,
    NUMBER,
    RENO,
    SALES,
    SUPPORT,
    activation,
    approval,
    but,
    destination,
    first_activation,
    first_line,
    found,
    hours,
    id_of,
    judged,
    profile,
    renamed,
    resource,
    saved,
    split,
    violations,
)
from tests.tokens import ALLOCATION_HOURS, DESTINATION, GROUP, PROFILE_DESTINATIONS

FOREIGN = resource(
    PROFILE_DESTINATIONS,
    "foreign",
    profile="123456/1001/9999",
    destinations=[{"destination": id_of("denver"), "allocation_percent": 100}],
)

WHATEVER_IS_LIVE = replace(INCOMPLETE_ACTIVATION, judge=live_and_incomplete)
"""As older approvals mean it: what takes calls already counts as well."""


def test_incomplete_activation_passes_what_takes_calls_already() -> None:
    now = but(LINE, split("split", "support", denver=70, austin=29))
    assert found(INCOMPLETE_ACTIVATION, now, LINE) == []
    assert "make 99 percent" in found(WHATEVER_IS_LIVE, now, LINE)[0]


def test_incomplete_activation_fails_if_a_profile_without_destinations_goes_live() -> None:
    (message,) = found(INCOMPLETE_ACTIVATION, but(LINE, without=["split"]), [DENVER, AUSTIN, SUPPORT])
    assert message.startswith("profile 'Support' has no destinations, and would take calls after this run")


def test_what_goes_live_is_judged_with_the_calls_and_older_approvals_lift_that() -> None:
    declared, before = but(LINE, without=["split"]), [DENVER, AUSTIN, SUPPORT]
    (one,) = judged(CALLS_UNANSWERED, declared, before)
    named = one.change.object, one.change.from_, one.change.to

    assert named == ("profile 3001", "inactive", "active, although profile 'Support' has no destinations")
    for rule in (CALLS_UNANSWERED, INCOMPLETE_ACTIVATION):
        (approved,) = judged(CALLS_UNANSWERED, declared, before, approval(rule, *named))
        assert approved.approval is not None


def test_incomplete_activation_fails_if_a_profile_is_made_active_without_destinations() -> None:
    assert "has no destinations" in found(INCOMPLETE_ACTIVATION, [profile("support", active=True)], [])[0]


def test_incomplete_activation_fails_if_a_destination_is_left_out() -> None:
    line = first_line()
    line[-1] = first_activation(line[1], line[3])
    (message,) = found(INCOMPLETE_ACTIVATION, line, [])
    assert message.startswith("profile 'Support' sends calls to 'Austin', which is not active")


def test_incomplete_activation_fails_if_a_profile_by_percent_has_no_shares() -> None:
    rows = [{"destination": id_of("denver")}]
    bare = resource(PROFILE_DESTINATIONS, "split", profile=id_of("support"), destinations=rows)
    assert "make 0 percent, not 100" in found(WHATEVER_IS_LIVE, but(LINE, bare), LINE)[0]


def test_incomplete_activation_fails_if_a_destination_without_target_goes_live() -> None:
    (message,) = found(WHATEVER_IS_LIVE, but(LINE, destination("denver", target="")), LINE)
    assert message.startswith("destination 'Denver' has no target")


def test_incomplete_activation_tells_profiles_of_one_name_apart_before_they_are_made() -> None:
    line = first_line()
    west = resource(GROUP, "west", name="West")
    other = replace(renamed(line[3], "other"), behind={"group_id": frozenset({west.urn})})
    now = [*line[:4], west, other, first_activation(line[3], other)]
    assert [one.object for one in violations(INCOMPLETE_ACTIVATION, now, [])] == [
        "profile 'Support' of route group 'West'",
        "profile 'Support' of route group 'Denver'",
    ]


def test_incomplete_activation_fails_whatever_set_there_is_for_a_profile_outside_the_stack() -> None:
    now = but(LINE, FOREIGN, without=["split"])
    assert "has no destinations" in found(WHATEVER_IS_LIVE, now, but(LINE, FOREIGN))[0]
    goes_live = but(LINE, FOREIGN, SALES, activation("new", "sales"))
    assert "'Sales' has no destinations" in found(INCOMPLETE_ACTIVATION, goes_live, but(LINE, FOREIGN, SALES))[0]
    assert found(INCOMPLETE_ACTIVATION, goes_live, but(LINE, FOREIGN, SALES), preview=False) == []
    not_known = replace(FOREIGN, props={**FOREIGN.props, "profile": UNKNOWN})
    assert found(INCOMPLETE_ACTIVATION, but(LINE, SALES, not_known, activation("new", "sales")), LINE) == []


def test_incomplete_activation_fails_if_a_profile_that_exists_loses_its_set() -> None:
    adopted = profile("support", adopt=True)
    now = but(LINE, adopted, without=["split"])
    assert "has no destinations" in found(WHATEVER_IS_LIVE, now, but(LINE, adopted))[0]
    kept = [saved(one, kept=one.name == "split") for one in but(LINE, adopted)]
    assert found(WHATEVER_IS_LIVE, now, kept) == []


def test_incomplete_activation_passes_a_destination_without_a_share() -> None:
    before = but(LINE, RENO)
    none = split("split", "support", denver=70, austin=30, reno=0)
    assert found(WHATEVER_IS_LIVE, but(before, none), before) == []
    for other in (
        but(before, split("split", "support", denver=70, austin=29, reno=1)),
        but(before, none, profile("support", percent_alloc_type="HOURLY")),
        but(before, none, hours([100] * 24)),
        but(before, none, profile("support", routing_type="ROUND_ROBIN")),
    ):
        assert "'Reno', which is not active" in found(WHATEVER_IS_LIVE, other, before)[0]


def test_incomplete_activation_passes_a_standby_without_a_share_in_any_hour() -> None:
    before = but(LINE, RENO)
    for percent, stopped in (([0] * 24, False), ([0] * 23 + [1], True), (UNKNOWN, True), ([0] * 23 + [UNKNOWN], True)):
        rows = [
            {"destination": id_of("denver"), "percent": [100] * 24},
            {"destination": id_of("reno"), "percent": percent},
        ]
        table = resource(ALLOCATION_HOURS, "hours", profile=id_of("support"), hours=rows)
        for share in ({}, {"reno": 0}):
            set_ = split("split", "support", denver=100, **share) if share else _without_shares("denver", "reno")
            found_ = found(WHATEVER_IS_LIVE, but(before, set_, table), before)
            assert any("'Reno', which is not active" in one for one in found_) is stopped


def _without_shares(*names: str) -> Resource:
    rows = [{"destination": id_of(name)} for name in names]
    return resource(PROFILE_DESTINATIONS, "split", profile=id_of("support"), destinations=rows)


def test_incomplete_activation_passes_if_nothing_goes_live() -> None:
    assert found(INCOMPLETE_ACTIVATION, but(LINE, without=["go-live", "split"]), []) == []


def test_incomplete_activation_passes_if_the_destination_is_active_by_itself() -> None:
    line = but(LINE, destination("austin", active=True), activation("go-live", "denver", "support"))
    assert found(INCOMPLETE_ACTIVATION, line, [AUSTIN, DENVER, SUPPORT]) == []


def test_incomplete_activation_passes_if_profile_or_destination_are_known_by_id_only() -> None:
    assert found(INCOMPLETE_ACTIVATION, [activation("go-live", "support", "denver")], []) == []
    elsewhere = but(LINE, activation("go-live", "denver", "support"), without=["austin"])
    assert found(INCOMPLETE_ACTIVATION, elsewhere, but(LINE, without=["austin"])) == []


def test_incomplete_activation_passes_if_the_profile_starts_from_one_that_exists() -> None:
    line = but(LINE, profile("support", adopt=True), without=["split"])
    assert found(INCOMPLETE_ACTIVATION, line, []) == []


def test_incomplete_activation_passes_if_a_destination_is_replaced_before_it_goes_live() -> None:
    moved = resource(
        DESTINATION, "denver", behind={"group_id": [GROUP_]}, group_id=UNKNOWN, name="Denver", kind="DID", target=NUMBER
    )
    line = first_line()
    before = [saved(destination("denver", group_id="123456/1000"))]
    assert found(INCOMPLETE_ACTIVATION, but(line, moved), before) == []


def test_incomplete_activation_leaves_what_would_be_switched_off_to_the_rule_that_says_why() -> None:
    assert found(INCOMPLETE_ACTIVATION, but(LINE, activation("go-live", "denver", "support")), LINE) == []


def test_incomplete_activation_passes_a_standby_with_no_share_unless_hours_decide() -> None:
    standby = but(LINE, RENO, split("split", "support", denver=70, austin=30, reno=0))
    told = {
        kind: found(WHATEVER_IS_LIVE, but(standby, profile("support", percent_alloc_type=kind)), but(LINE, RENO))
        for kind in (None, "DAILY", "HOURLY")
    }
    assert (told[None], told["DAILY"]) == ([], [])
    (message,) = told["HOURLY"]
    assert message.startswith("profile 'Support' sends calls to 'Reno', which is not active")


def test_incomplete_activation_leaves_what_is_not_known_yet_to_the_provider() -> None:
    shares = {"denver": UNKNOWN, "austin": 30}
    rows = [{"destination": id_of(name), "allocation_percent": share} for name, share in shares.items()]
    later = resource(PROFILE_DESTINATIONS, "split", profile=id_of("support"), destinations=rows)
    for now in (later, profile("support", routing_type=UNKNOWN)):
        line = but(LINE, split("split", "support", denver=70, austin=29), now)
        assert found(WHATEVER_IS_LIVE, line, LINE) == []
