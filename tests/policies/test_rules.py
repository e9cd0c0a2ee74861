"""Each rule: what it stops, and what looks alike and is let through."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pulumi_voice_routing.plan.facts import (
    ALLOCATION_HOURS,
    DESTINATION,
    GROUP,
    PROFILE_DESTINATIONS,
    UNKNOWN,
    Resource,
)
from pulumi_voice_routing.safety.rules import (
    DEACTIVATING_IN_USE,
    DUPLICATES,
    E164_NUMBERS,
    INCOMPLETE_ACTIVATION,
    OVERRIDE_WIPE,
    PERCENT_TOTALS,
    RULES,
)

from .plans import (
    AUSTIN,
    DENVER,
    GO_LIVE,
    GROUP_,
    LINE,
    NUMBER,
    OTHER,
    RENO,
    SALES,
    SPLIT,
    SUPPORT,
    THIRD,
    activation,
    approval,
    assignment,
    assignments,
    but,
    destination,
    first_activation,
    first_line,
    found,
    hours,
    id_of,
    judged,
    override,
    overrides,
    profile,
    renamed,
    resource,
    saved,
    split,
    urn,
    violations,
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_passes_a_support_line_that_is_there(rule) -> None:
    assert found(rule, LINE, LINE) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_passes_a_support_line_that_is_made_for_the_first_time(rule) -> None:
    assert found(rule, first_line(), []) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_passes_a_first_line_again_when_its_ids_are_known_and_the_state_is_still_the_old_one(rule) -> None:
    names = ("profile", "destinations", "targets", "group_id")
    made = [replace(one, behind=there.behind) for one, there in zip(LINE, first_line(), strict=True)]
    assert all(set(one.behind) <= set(names) for one in made)

    assert found(rule, made, [], preview=False) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_no_rule_trips_over_a_value_that_is_not_known(rule) -> None:
    """Whatever is unknown, a rule answers; an exception would turn it into advice."""
    for one in [
        *LINE,
        overrides("all", id_of("denver"), NUMBER),
        override("vip", id_of("denver"), NUMBER),
        hours([100] * 24),
    ]:
        for name, value in one.props.items():
            blurred = [UNKNOWN]
            if isinstance(value, list):
                blurred += [[UNKNOWN]]
                blurred += [[{**row, key: UNKNOWN} for row in value] for key in value[0]]
            for instead in blurred:
                found(rule, but(LINE, replace(one, props={**one.props, name: instead})), LINE)


# percent-totals


def test_percent_totals_fails_if_the_shares_of_a_set_make_less_than_100() -> None:
    (message,) = found(PERCENT_TOTALS, [split("split", "support", denver=70, austin=20)])
    assert message.startswith("the shares of 'split' make 90 percent")


def test_percent_totals_fails_if_one_share_is_missing_and_the_others_are_off() -> None:
    rows = [{"destination": id_of("denver"), "allocation_percent": 70}, {"destination": id_of("austin")}]
    one = resource(PROFILE_DESTINATIONS, "split", profile=id_of("support"), destinations=rows)
    assert "make 70 percent" in found(PERCENT_TOTALS, [one])[0]


def test_percent_totals_passes_if_no_share_is_given_or_one_is_not_known() -> None:
    assert found(PERCENT_TOTALS, [split("split", "support")]) == []
    rows = [{"destination": UNKNOWN, "allocation_percent": share} for share in (70, UNKNOWN)]
    assert found(PERCENT_TOTALS, [resource(PROFILE_DESTINATIONS, "split", profile=UNKNOWN, destinations=rows)]) == []


def test_percent_totals_fails_if_an_hour_is_off_100() -> None:
    (message,) = found(PERCENT_TOTALS, [hours([70] * 24, [30] * 9 + [20] + [30] * 14)])
    assert "09:00 makes 90" in message


def test_percent_totals_passes_if_every_hour_makes_100() -> None:
    assert found(PERCENT_TOTALS, [hours([70] * 24, [30] * 24)]) == []
    assert found(PERCENT_TOTALS, [hours([70] * 24, [UNKNOWN] * 24)]) == []


def file_of(*shares: int, delimiter: str = ",") -> Resource:
    header = ["assignedDestinationId", "name", *(f"hour{hour}" for hour in range(24))]
    rows = [[str(row), f"D{row}", *[str(share)] * 24] for row, share in enumerate(shares, 4001)]
    text = "\n".join(delimiter.join(line) for line in [header, *rows])
    return resource(ALLOCATION_HOURS, "hours", profile=id_of("support"), file=text)


@pytest.mark.parametrize("delimiter", [",", "|", "\t"])
def test_percent_totals_reads_a_file_of_hours(delimiter: str) -> None:
    assert found(PERCENT_TOTALS, [file_of(70, 30, delimiter=delimiter)]) == []
    (message,) = found(PERCENT_TOTALS, [file_of(70, 20, delimiter=delimiter)])
    assert "00:00 makes 90, 01:00 makes 90, 02:00 makes 90 and 21 more)" in message


def test_percent_totals_leaves_a_file_in_another_form_to_the_provider() -> None:
    assert found(PERCENT_TOTALS, [resource(ALLOCATION_HOURS, "hours", profile=UNKNOWN, file="what is this")]) == []


# incomplete-activation


def test_incomplete_activation_fails_if_a_profile_without_destinations_goes_live() -> None:
    (message,) = found(INCOMPLETE_ACTIVATION, but(LINE, without=["split"]), [DENVER, AUSTIN, SUPPORT])
    assert message.startswith("profile 'Support' has no destinations, and would take calls after this run")


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
    assert "make 0 percent, not 100" in found(INCOMPLETE_ACTIVATION, but(LINE, bare), LINE)[0]


def test_incomplete_activation_fails_if_a_destination_without_target_goes_live() -> None:
    (message,) = found(INCOMPLETE_ACTIVATION, but(LINE, destination("denver", target="")), LINE)
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


FOREIGN = resource(
    PROFILE_DESTINATIONS,
    "foreign",
    profile="123456/1001/9999",
    destinations=[{"destination": id_of("denver"), "allocation_percent": 100}],
)


def test_incomplete_activation_fails_whatever_set_there_is_for_a_profile_outside_the_stack() -> None:
    now = but(LINE, FOREIGN, without=["split"])
    assert "has no destinations" in found(INCOMPLETE_ACTIVATION, now, but(LINE, FOREIGN))[0]
    goes_live = but(LINE, FOREIGN, SALES, activation("new", "sales"))
    assert "'Sales' has no destinations" in found(INCOMPLETE_ACTIVATION, goes_live, but(LINE, FOREIGN, SALES))[0]
    assert found(INCOMPLETE_ACTIVATION, goes_live, but(LINE, FOREIGN, SALES), preview=False) == []
    not_known = replace(FOREIGN, props={**FOREIGN.props, "profile": UNKNOWN})
    assert found(INCOMPLETE_ACTIVATION, but(LINE, SALES, not_known, activation("new", "sales")), LINE) == []


def test_incomplete_activation_fails_if_a_profile_that_exists_loses_its_set() -> None:
    adopted = profile("support", adopt=True)
    now = but(LINE, adopted, without=["split"])
    assert "has no destinations" in found(INCOMPLETE_ACTIVATION, now, but(LINE, adopted))[0]
    kept = [saved(one, kept=one.name == "split") for one in but(LINE, adopted)]
    assert found(INCOMPLETE_ACTIVATION, now, kept) == []


def test_incomplete_activation_passes_a_destination_without_a_share() -> None:
    before = but(LINE, RENO)
    none = split("split", "support", denver=70, austin=30, reno=0)
    assert found(INCOMPLETE_ACTIVATION, but(before, none), before) == []
    for other in (
        but(before, split("split", "support", denver=70, austin=29, reno=1)),
        but(before, none, profile("support", percent_alloc_type="HOURLY")),
        but(before, none, hours([100] * 24)),
        but(before, none, profile("support", routing_type="ROUND_ROBIN")),
    ):
        assert "'Reno', which is not active" in found(INCOMPLETE_ACTIVATION, other, before)[0]


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


# deactivating-in-use


def test_deactivating_fails_if_a_used_destination_is_dropped_from_the_activation() -> None:
    (message,) = found(DEACTIVATING_IN_USE, but(LINE, activation("go-live", "denver", "support")), LINE)
    assert message.startswith(
        "destination 'Austin' would be switched off (it is not among the targets of activation 'go-live' any more), "
        "while active profile 'Support' would still send calls to it"
    )


def test_deactivating_fails_if_a_used_destination_says_inactive() -> None:
    before = but(LINE, destination("austin", active=True), activation("go-live", "denver", "support"))
    now = but(before, destination("austin", active=False))
    assert "it says active=False" in found(DEACTIVATING_IN_USE, now, before)[0]
    assert "not known yet" in found(DEACTIVATING_IN_USE, but(now, destination("austin", active=UNKNOWN)), before)[0]


def test_deactivating_fails_if_a_used_destination_leaves_the_stack() -> None:
    (message,) = found(DEACTIVATING_IN_USE, but(LINE, without=["austin"]), LINE)
    assert "destination 'austin' leaves the stack" in message


def test_deactivating_fails_if_a_used_destination_is_renamed_without_an_alias() -> None:
    renamed = replace(AUSTIN, name="texas", urn=urn(DESTINATION, "texas"))
    (message,) = found(DEACTIVATING_IN_USE, but(LINE, renamed, without=["austin"]), LINE)
    assert "destination 'austin' was renamed to 'texas' without an alias" in message

    aliased = replace(renamed, aliases=frozenset({AUSTIN.urn}))
    assert found(DEACTIVATING_IN_USE, but(LINE, aliased, without=["austin"]), LINE) == []


def test_deactivating_fails_if_a_used_destination_moves_to_another_group() -> None:
    moved = destination("austin", group_id="123456/1000")
    (message,) = found(DEACTIVATING_IN_USE, but(LINE, moved), LINE)
    assert "it would be replaced" in message
    assert (
        "it would be replaced"
        in found(DEACTIVATING_IN_USE, but(LINE, destination("austin", group_id=UNKNOWN)), LINE)[0]
    )


def test_deactivating_fails_if_the_activation_of_a_live_profile_leaves_the_stack() -> None:
    (message,) = found(DEACTIVATING_IN_USE, but(LINE, without=["go-live"]), LINE)
    assert message.startswith("profile 'Support' takes calls and would be switched off (activation 'go-live' leaves")


def test_deactivating_names_the_numbers_that_would_still_lead_to_the_profile() -> None:
    numbers = assignments("numbers", [NUMBER, OTHER])
    off = assignment("spare", THIRD, active=False)
    now = but(LINE, numbers, off, without=["go-live"])
    (message,) = found(DEACTIVATING_IN_USE, now, but(LINE, numbers, off))
    assert f"takes calls of {NUMBER}, {OTHER} and would be switched off" in message
    assert THIRD not in message
    assert "give those numbers to somebody else first" in message


def test_deactivating_fails_if_a_target_goes_from_one_activation_to_another() -> None:
    now = but(LINE, activation("go-live", "denver", "austin"), activation("second", "support"))
    (message,) = found(DEACTIVATING_IN_USE, now, LINE)
    assert "switches it off whatever 'second' does: leave it with 'go-live'" in message


def test_deactivating_fails_if_an_activation_is_renamed_without_an_alias() -> None:
    renamed = activation("live", "denver", "austin", "support")
    (message,) = found(DEACTIVATING_IN_USE, but(LINE, renamed, without=["go-live"]), LINE)
    assert "activation 'go-live' was renamed to 'live' without an alias" in message

    aliased = replace(renamed, aliases=frozenset({GO_LIVE.urn}))
    assert found(DEACTIVATING_IN_USE, but(LINE, aliased, without=["go-live"]), LINE) == []


def test_deactivating_fails_if_the_targets_of_an_activation_are_not_known() -> None:
    blurred = replace(GO_LIVE, props={"targets": UNKNOWN})
    assert (
        "profile 'Support' takes calls and would be switched off"
        in found(DEACTIVATING_IN_USE, but(LINE, blurred), LINE)[0]
    )


def test_deactivating_fails_if_it_cannot_be_told_whether_the_profile_uses_the_destination() -> None:
    blurred = replace(SPLIT, props={**SPLIT.props, "destinations": UNKNOWN})
    now = but(LINE, blurred, activation("go-live", "denver", "support"))
    assert "destination 'Austin' would be switched off" in found(DEACTIVATING_IN_USE, now, LINE)[0]


def test_deactivating_passes_if_it_is_approved() -> None:
    now = but(LINE, without=["go-live"])
    for object_, permitted in (("profile 3001", True), ("profile 3002", False), ("profile 'Support'", False)):
        given = approval(DEACTIVATING_IN_USE, object_, "active", "inactive")
        (one,) = judged(DEACTIVATING_IN_USE, now, LINE, given)
        assert (one.approval is given) is permitted


def test_deactivating_passes_if_no_profile_uses_the_destination_any_more() -> None:
    now = but(LINE, split("split", "support", denver=100), activation("go-live", "denver", "support"))
    assert found(DEACTIVATING_IN_USE, now, LINE) == []
    assert found(DEACTIVATING_IN_USE, but(now, without=["austin"]), LINE) == []


def test_deactivating_passes_if_a_new_destination_takes_its_place() -> None:
    new = resource(DESTINATION, "reno", group_id=id_of("g"), name="Reno", kind="DID", target=NUMBER)
    rows = [
        {"destination": id_of("denver"), "allocation_percent": 70},
        {"destination": UNKNOWN, "allocation_percent": 30},
    ]
    set_ = resource(
        PROFILE_DESTINATIONS,
        "split",
        behind={"destinations": [DENVER, new], "profile": [SUPPORT]},
        profile=id_of("support"),
        destinations=rows,
    )
    assert found(DEACTIVATING_IN_USE, but(LINE, new, set_, activation("go-live", "denver", "support")), LINE) == []


def test_deactivating_passes_if_only_inactive_profiles_use_it() -> None:
    before = but(LINE, SALES, split("sales-split", "sales", reno=100), RENO, activation("reno-on", "reno"))
    assert found(DEACTIVATING_IN_USE, but(before, without=["reno-on"]), before) == []


def test_deactivating_passes_if_the_object_is_kept_when_it_leaves() -> None:
    before = [saved(one, kept=one.name == "go-live") for one in LINE]
    assert found(DEACTIVATING_IN_USE, but(LINE, without=["go-live"]), before) == []


def test_deactivating_passes_a_first_deployment_and_a_plain_file() -> None:
    assert found(DEACTIVATING_IN_USE, LINE, []) == []
    assert found(DEACTIVATING_IN_USE, LINE, None) == []


def test_deactivating_fails_closed_if_the_state_cannot_be_read() -> None:
    (message,) = found(DEACTIVATING_IN_USE, LINE, None, unreadable="no such stack")
    assert "cannot be read (no such stack)" in message
    assert "allowUnreadableState" in message
    assert found(DEACTIVATING_IN_USE, LINE, None, unreadable="no such stack", allowUnreadableState=True) == []


# override-wipe


def test_override_wipe_fails_if_the_state_has_overrides_that_would_be_lost() -> None:
    before = but(LINE, overrides("all", id_of("denver"), NUMBER, OTHER, replace_all=True))
    (message,) = found(OVERRIDE_WIPE, [overrides("all", id_of("denver"), NUMBER, replace_all=True)], before)
    assert message.startswith(
        f"replace_all would wipe the override for {OTHER} at destination 'Denver' ({id_of('denver')})"
    )


def test_override_wipe_fails_if_it_would_lose_an_override_of_another_resource() -> None:
    before = but(LINE, override("vip", id_of("denver"), OTHER))
    assert OTHER in found(OVERRIDE_WIPE, [overrides("all", id_of("denver"), NUMBER, replace_all=True)], before)[0]


def test_override_wipe_fails_if_the_whole_list_of_the_destination_is_not_known() -> None:
    before = but(LINE, overrides("all", id_of("denver"), NUMBER))
    now = overrides("all", id_of("denver"), NUMBER, replace_all=True)
    assert "does not know of" in found(OVERRIDE_WIPE, [now], before)[0]
    assert "does not know of" in found(OVERRIDE_WIPE, [now], [])[0]


def test_override_wipe_fails_if_what_is_kept_or_whether_all_is_replaced_is_not_known() -> None:
    before = but(LINE, overrides("all", id_of("denver"), NUMBER, replace_all=True))
    assert found(OVERRIDE_WIPE, [overrides("all", id_of("denver"), UNKNOWN, replace_all=True)], before) != []
    assert found(OVERRIDE_WIPE, [overrides("all", id_of("denver"), OTHER, replace_all=UNKNOWN)], before) != []


def test_override_wipe_passes_if_each_lost_override_is_approved() -> None:
    now = [overrides("all", id_of("denver"), NUMBER, replace_all=True)]
    before = but(LINE, overrides("all", id_of("denver"), NUMBER, OTHER, THIRD))
    given = approval(OVERRIDE_WIPE, OTHER, "destination 2001", "no override")
    permitted = {one.change.object: one.approval for one in judged(OVERRIDE_WIPE, now, before, given)}
    assert permitted == {OTHER: given, THIRD: None}

    unknown_list = but(LINE, overrides("all", id_of("denver"), NUMBER))
    given = approval(OVERRIDE_WIPE, "destination 2001", "a list that is not known", "the declared list")
    (one,) = judged(OVERRIDE_WIPE, now, unknown_list, given)
    assert one.approval is given


def test_override_wipe_passes_if_nothing_is_lost() -> None:
    before = but(LINE, overrides("all", id_of("denver"), NUMBER, replace_all=True))
    assert found(OVERRIDE_WIPE, [overrides("all", id_of("denver"), NUMBER, OTHER, replace_all=True)], before) == []
    assert found(OVERRIDE_WIPE, [overrides("all", id_of("denver"), NUMBER, OTHER)], before) == []


VIPS = overrides("vips", id_of("denver"), NUMBER, OTHER)
VIP = override("vip", id_of("austin"), THIRD)


@pytest.mark.parametrize(
    ("now", "lost"),
    [
        pytest.param([VIP], {NUMBER, OTHER}, id="a list leaves"),
        pytest.param([VIPS], {THIRD}, id="one leaves"),
        pytest.param([VIP, overrides("vips", id_of("denver"), NUMBER)], {OTHER}, id="a row leaves"),
        pytest.param([VIP, overrides("vips", id_of("denver"), NUMBER, UNKNOWN)], {OTHER}, id="a row is not known"),
        pytest.param([VIP, renamed(VIPS, "vips", overrides=UNKNOWN)], {NUMBER, OTHER}, id="no row is known"),
        pytest.param([VIP, renamed(VIPS, "vips", destination=id_of("austin"))], {NUMBER, OTHER}, id="another place"),
        pytest.param([VIPS, override("vip", id_of("austin"), NUMBER)], {THIRD}, id="another number"),
        pytest.param([VIPS, renamed(VIP, "rest", adopt=True)], {THIRD}, id="taken over without an alias"),
        pytest.param(
            [VIPS, overrides("rest", id_of("austin"), THIRD, replace_all=True)], {THIRD}, id="replaced without an alias"
        ),
    ],
)
def test_override_wipe_fails_if_an_override_ends(now: list[Resource], lost: set[str]) -> None:
    before = but(LINE, VIPS, VIP)
    stopped = [one for one in violations(OVERRIDE_WIPE, but(LINE, *now), before) if one.to == "no override"]
    assert {one.object for one in stopped} == lost
    given = [approval(OVERRIDE_WIPE, one.object, one.from_, "no override") for one in stopped]
    assert {one.from_ for one in stopped} == {f"destination {2002 if THIRD in lost else 2001}"}
    judged_again = judged(OVERRIDE_WIPE, but(LINE, *now), before, *given)
    assert all(one.approval for one in judged_again if one.change.to == "no override")


@pytest.mark.parametrize(
    "now",
    [
        pytest.param([renamed(VIPS, "rest", alias=True), VIP], id="renamed with an alias"),
        pytest.param([renamed(VIPS, "rest"), VIP], id="renamed without one, which the provider refuses"),
        pytest.param(
            [overrides("vips", id_of("denver"), NUMBER), override("b", id_of("denver"), OTHER), VIP], id="a row goes on"
        ),
        pytest.param([renamed(VIPS, "vips", destination="2001"), VIP], id="a bare id"),
        pytest.param([renamed(VIPS, "vips", description="x"), VIP], id="unchanged"),
    ],
)
def test_override_wipe_passes_if_every_override_goes_on(now: list[Resource]) -> None:
    assert found(OVERRIDE_WIPE, but(LINE, *now), but(LINE, VIPS, VIP)) == []


def test_override_wipe_passes_if_it_is_kept_or_the_destination_leaves_as_well() -> None:
    kept = [saved(one, kept=one.name == "vips") for one in but(LINE, VIPS)]
    assert found(OVERRIDE_WIPE, LINE, kept) == []
    assert found(OVERRIDE_WIPE, but(LINE, without=["denver"]), but(LINE, VIPS)) == []
    destination_kept = [saved(one, kept=one.name == "denver") for one in but(LINE, VIPS)]
    assert len(found(OVERRIDE_WIPE, but(LINE, without=["denver"]), destination_kept)) == 2


def test_override_wipe_tells_secret_numbers_by_their_resource() -> None:
    hidden = renamed(VIPS, "vips", overrides=[{"dnis": UNKNOWN, "target": "x"}])
    single = replace(renamed(VIP, "vip", dnis=UNKNOWN, destination=UNKNOWN), id=f"{id_of('austin')}/7")
    before = but(LINE, hidden, single)
    gone = ["the numbers of 'vips'", "the numbers of 'vip'"]
    assert [one.object for one in violations(OVERRIDE_WIPE, LINE, before)] == gone
    assert [one.from_ for one in violations(OVERRIDE_WIPE, LINE, before)] == ["destination 2001", "destination 2002"]
    now = but(LINE, overrides("vips", id_of("denver"), NUMBER), VIP)
    assert found(OVERRIDE_WIPE, now, before) == []
    assert found(OVERRIDE_WIPE, now, before, changed=[]) == []
    assert [one.object for one in violations(OVERRIDE_WIPE, now, before, changed=[VIPS.urn])] == gone[:1]


def test_override_wipe_tells_of_one_resource_alone_only_what_it_wipes_itself() -> None:
    before = but(LINE, VIPS)
    row = overrides("vips", id_of("denver"), NUMBER)
    assert found(OVERRIDE_WIPE, [row], before, whole=False) == []
    assert found(OVERRIDE_WIPE, [overrides("vips", id_of("denver"), NUMBER, replace_all=True)], before, whole=False)


def test_override_wipe_passes_if_the_destination_is_new() -> None:
    assert found(OVERRIDE_WIPE, [overrides("all", UNKNOWN, NUMBER, replace_all=True)], []) == []
    made_a_moment_ago = overrides("all", id_of("denver"), NUMBER, replace_all=True)
    assert found(OVERRIDE_WIPE, [made_a_moment_ago], [], preview=False) == []


def test_override_wipe_fails_closed_if_the_state_cannot_be_read() -> None:
    now = [overrides("all", id_of("denver"), NUMBER, replace_all=True)]
    assert "cannot be read" in found(OVERRIDE_WIPE, now, None, unreadable="locked")[0]
    assert found(OVERRIDE_WIPE, now, None, unreadable="locked", allowUnreadableState=True) == []
    assert found(OVERRIDE_WIPE, now, None) == []


# e164


@pytest.mark.parametrize("written", ["303-555-1234", "1 303 555 1234", "+1 303 555 1234", "reception"])
def test_e164_fails_if_a_number_is_written_in_another_way(written: str) -> None:
    at = id_of("denver")
    for one, path in (
        (destination("austin", target=written), "target"),
        (override("vip", at, written), "dnis"),
        (override("vip", at, NUMBER, target=written), "target"),
        (overrides("all", at, written), "overrides[0].dnis"),
    ):
        (message,) = found(E164_NUMBERS, but(LINE, one), LINE)
        assert message.startswith(f"{path} of '{one.name}' is {written!r}")


def test_e164_fails_if_a_set_overrides_a_number_with_something_else() -> None:
    rows = [{"destination": UNKNOWN, "override": True, "target": "303-555-1234"}]
    one = resource(
        PROFILE_DESTINATIONS, "split", behind={"destinations": [DENVER]}, profile=id_of("support"), destinations=rows
    )
    assert found(E164_NUMBERS, but(LINE, one), LINE)[0].startswith("destinations[0].target of 'split'")


def test_e164_passes_if_the_target_is_no_number_or_cannot_be_told_to_be_one() -> None:
    queue = destination("denver", kind="ACD", target="17")
    assert found(E164_NUMBERS, but(LINE, queue, override("vip", id_of("denver"), NUMBER, target="18")), LINE) == []
    assert found(E164_NUMBERS, [override("vip", "123456/1001/9", NUMBER, target="18")], []) == []
    assert found(E164_NUMBERS, [destination("denver", kind=UNKNOWN, target="17")], []) == []
    assert found(E164_NUMBERS, [destination("denver", target=UNKNOWN)], []) == []


# duplicates


@pytest.mark.parametrize("one", [GROUP_, DENVER, SUPPORT, SPLIT, hours([100] * 24)], ids=lambda one: one.type)
def test_duplicates_fails_if_two_resources_stand_for_one_object(one: Resource) -> None:
    (message,) = found(DUPLICATES, [one, renamed(one, "again")], LINE)
    assert "'again'" in message
    assert "keep one of them" in message


def test_duplicates_fails_before_any_id_is_known() -> None:
    line = first_line()
    (message,) = found(DUPLICATES, [*line, renamed(line[1], "again")], [])
    assert "destination 'Denver' of route group 'Denver' is declared by 'again' and 'denver'" in message


def test_duplicates_fails_if_one_number_has_two_overrides() -> None:
    one, other = override("vip", id_of("denver"), NUMBER), overrides("all", id_of("denver"), OTHER, NUMBER)
    (message,) = found(DUPLICATES, but(LINE, one, other), LINE)
    assert f"the override for {NUMBER} at destination 'Denver' is declared by 'vip' and 'all'" in message
    assert "'twice' twice" in found(DUPLICATES, [overrides("twice", id_of("denver"), NUMBER, NUMBER)], [])[0]


def test_duplicates_fails_if_two_activations_hold_one_target() -> None:
    (message,) = found(DUPLICATES, but(LINE, activation("too", "support")), LINE)
    assert "the activation of profile 'Support' is declared by 'go-live' and 'too'" in message


def test_duplicates_fails_if_a_whole_list_stands_beside_another_override() -> None:
    one = override("vip", id_of("denver"), NUMBER)
    (message,) = found(DUPLICATES, [one, overrides("all", id_of("denver"), OTHER, replace_all=True)], [])
    assert "'all' has replace_all=True and would wipe the overrides of 'vip'" in message


def test_duplicates_passes_if_parents_or_names_differ_or_cannot_be_told() -> None:
    assert found(DUPLICATES, [DENVER, renamed(DENVER, "again", group_id="123456/1000")], []) == []
    assert found(DUPLICATES, [DENVER, renamed(DENVER, "again", name="Boulder")], []) == []
    assert found(DUPLICATES, [DENVER, renamed(SUPPORT, "again", name="Denver")], []) == []
    unknown = [renamed(DENVER, name, group_id=UNKNOWN) for name in ("a", "b")]
    assert found(DUPLICATES, unknown, []) == []
    one, other = override("vip", id_of("denver"), NUMBER), override("too", id_of("austin"), NUMBER)
    assert found(DUPLICATES, but(LINE, one, other), LINE) == []


def test_duplicates_passes_a_look_up_beside_the_resource() -> None:
    lookup = resource(DESTINATION, "seen", lookup=True, name="Denver", group_id=id_of("g"))
    assert found(DUPLICATES, [DENVER, lookup], []) == []


def test_every_message_is_one_line() -> None:
    messages = [
        *found(PERCENT_TOTALS, [split("split", "support", denver=1), hours([1] * 24)]),
        *found(INCOMPLETE_ACTIVATION, but(LINE, without=["split"]), [DENVER, AUSTIN, SUPPORT]),
        *found(DEACTIVATING_IN_USE, but(LINE, without=["go-live", "austin"]), LINE, unreadable="gone"),
        *found(OVERRIDE_WIPE, [overrides("all", id_of("denver"), NUMBER, replace_all=True)], LINE),
        *found(E164_NUMBERS, [destination("denver", target="1")]),
        *found(DUPLICATES, [DENVER, renamed(DENVER, "again")]),
    ]
    assert len(messages) == 8
    for message in messages:
        assert "\n" not in message
        assert ": " in message
        assert "; " in message or "make `pulumi stack export` work" in message
