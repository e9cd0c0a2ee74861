"""Something that calls still go to is switched off."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pulumi_voice_routing.plan.facts import UNKNOWN
from pulumi_voice_routing.safety.rules import DEACTIVATING_IN_USE
from tests.rules.plans import (
    AUSTIN,
    DENVER,
    GO_LIVE,
    LINE,
    NUMBER,
    NUMBERS,
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
    changes,
    destination,
    found,
    id_of,
    judged,
    profile,
    resource,
    saved,
    split,
    urn,
)
from tests.tokens import DESTINATION, PROFILE_DESTINATIONS

CALLED = but(LINE, assignment("hotline", NUMBER))


def test_deactivating_passes_if_nobody_calls_the_profile() -> None:
    for number in (None, assignment("hotline", NUMBER, "sales"), assignment("hotline", NUMBER, active=False)):
        line = but(LINE, *([number] if number else []))
        for left in (["go-live"], ["go-live", "support", "split"], ["go-live", "support", "split", "denver", "austin"]):
            assert found(DEACTIVATING_IN_USE, but(line, without=left), line) == []


def test_deactivating_fails_if_it_cannot_be_told_whether_somebody_calls_the_profile() -> None:
    hidden = but(LINE, assignment("hotline", NUMBER, UNKNOWN))
    message, *_ = found(DEACTIVATING_IN_USE, but(hidden, without=["go-live"]), hidden)
    assert message.startswith("profile 'Support' takes calls and would be switched off (")


def test_deactivating_fails_if_a_used_destination_is_dropped_from_the_activation() -> None:
    (message,) = found(DEACTIVATING_IN_USE, but(LINE, activation("go-live", "denver", "support")), LINE)
    assert message.startswith(
        "destination 'Austin' would be switched off (it is not among the targets of activation 'go-live' any more), "
        "while active profile 'Support' would still send calls to it"
    )


def test_deactivating_names_what_an_approval_has_to_name() -> None:
    now = but(LINE, activation("go-live", "denver", "support"))
    assert changes(DEACTIVATING_IN_USE, now, LINE) == [("destination 2002", "active", "inactive")]


@pytest.mark.parametrize("called", ["support", "sales"])
def test_deactivating_tells_of_a_profile_that_is_called_beside_one_that_is_not(called: str) -> None:
    both = activation("go-live", "denver", "austin", "support", "reno", "sales")
    line = but(LINE, SALES, split("sales-split", "sales", reno=100), RENO, both, assignment("hotline", NUMBER, called))
    found_ = changes(DEACTIVATING_IN_USE, but(line, without=["go-live"]), line)
    assert found_ == [(f"profile {NUMBERS[called]}", "active", "inactive")]


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
    (message,) = found(DEACTIVATING_IN_USE, but(CALLED, without=["go-live"]), CALLED)
    assert message.startswith(
        f"profile 'Support' takes calls of {NUMBER} and would be switched off (activation 'go-live' leaves"
    )


def test_deactivating_names_the_numbers_that_would_still_lead_to_the_profile() -> None:
    numbers = assignments("numbers", [NUMBER, OTHER])
    off = assignment("spare", THIRD, active=False)
    now = but(LINE, numbers, off, without=["go-live"])
    (message,) = found(DEACTIVATING_IN_USE, now, but(LINE, numbers, off))
    assert f"takes calls of {NUMBER}, {OTHER} and would be switched off" in message
    assert THIRD not in message
    assert "give those numbers to somebody else first" in message


def test_deactivating_passes_if_a_target_goes_from_one_activation_to_another() -> None:
    split_ = [activation("go-live", "denver", "austin"), activation("second", "support")]
    assert found(DEACTIVATING_IN_USE, but(CALLED, *split_), CALLED) == []
    assert found(DEACTIVATING_IN_USE, CALLED, but(CALLED, *split_)) == []


def test_deactivating_passes_if_an_activation_is_renamed_with_or_without_an_alias() -> None:
    renamed = activation("live", "denver", "austin", "support")
    for one in (renamed, replace(renamed, aliases=frozenset({GO_LIVE.urn}))):
        assert found(DEACTIVATING_IN_USE, but(CALLED, one, without=["go-live"]), CALLED) == []


def test_deactivating_passes_if_what_leaves_an_activation_says_itself_that_it_is_on() -> None:
    alone = [destination("denver", active=True), destination("austin", active=True), profile("support", active=True)]
    assert found(DEACTIVATING_IN_USE, but(CALLED, *alone, without=["go-live"]), CALLED) == []
    (message,) = found(DEACTIVATING_IN_USE, but(CALLED, *alone[:2], without=["go-live"]), CALLED)
    assert "profile 'Support' takes calls" in message


def test_deactivating_fails_if_the_targets_of_an_activation_are_not_known() -> None:
    blurred = replace(GO_LIVE, props={"targets": UNKNOWN})
    assert (
        f"profile 'Support' takes calls of {NUMBER} and would be switched off"
        in found(DEACTIVATING_IN_USE, but(CALLED, blurred), CALLED)[0]
    )


def test_deactivating_fails_if_it_cannot_be_told_whether_the_profile_uses_the_destination() -> None:
    blurred = replace(SPLIT, props={**SPLIT.props, "destinations": UNKNOWN})
    now = but(LINE, blurred, activation("go-live", "denver", "support"))
    assert "destination 'Austin' would be switched off" in found(DEACTIVATING_IN_USE, now, LINE)[0]


def test_deactivating_passes_if_it_is_approved() -> None:
    now = but(CALLED, without=["go-live"])
    for object_, permitted in (("profile 3001", True), ("profile 3002", False), ("profile 'Support'", False)):
        given = approval(DEACTIVATING_IN_USE, object_, "active", "inactive")
        (one,) = judged(DEACTIVATING_IN_USE, now, CALLED, given)
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
    before = [saved(one, kept=one.name == "go-live") for one in CALLED]
    assert found(DEACTIVATING_IN_USE, but(CALLED, without=["go-live"]), before) == []


def test_deactivating_passes_a_first_deployment_and_a_plain_file() -> None:
    assert found(DEACTIVATING_IN_USE, LINE, []) == []
    assert found(DEACTIVATING_IN_USE, LINE, None) == []


def test_deactivating_fails_closed_if_the_state_cannot_be_read() -> None:
    (message,) = found(DEACTIVATING_IN_USE, LINE, None, unreadable="no such stack")
    assert "cannot be read (no such stack)" in message
    assert "allowUnreadableState" in message
    assert found(DEACTIVATING_IN_USE, LINE, None, unreadable="no such stack", allowUnreadableState=True) == []
