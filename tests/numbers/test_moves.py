"""Numbers that callers reach go from one owner to another: never without one, whatever fails, and only as approved."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_voice_routing.errors import Exists, Refused, VoiceRoutingError
from pulumi_voice_routing.lifecycle.provider import Partly
from tests.emulated import operations
from tests.numbers.account import Account, digits, e164, took_effect
from tests.numbers.resources import Failed, Managed

ALL_RULES = "reassign-active-dnis release-active-dnis take-foreign-dnis"
FOREVER = 1000
FAULTS: dict[str, dict[str, Any]] = {
    "lost answer": {"fault": "lost_answer"},
    "reset": {"fault": "reset"},
    "half an answer": {"fault": "truncate"},
    "500 once": {"fault": "status", "code": 500},
    "500 from then on": {"fault": "status", "code": 500, "times": FOREVER},
    "403 from then on": {"fault": "status", "code": 403, "times": FOREVER},
}


@pytest.fixture
def approved(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is permitted, so that nothing but the move itself is tried."""
    monkeypatch.setenv("VOICE_ROUTING_BREAK_GLASS", ALL_RULES)


def owner_of(profile: str) -> str:
    return f"profile {profile.rpartition('/')[2]}"


@pytest.mark.usefixtures("approved")
@pytest.mark.parametrize(
    ("to", "put"), [("profile", "replace"), pytest.param("queue", "merge", marks=pytest.mark.whole_run)]
)
@pytest.mark.parametrize(
    "fault",
    ["lost answer", *(pytest.param(one, marks=pytest.mark.whole_run) for one in FAULTS if one != "lost answer")],
)
def test_a_move_with_a_fault_at_any_request(account: Account, fault: str, to: str, put: str) -> None:
    """Each of 200 numbers has its old or its new owner after each request, and the new one after the next up."""
    portal = account.portal
    numbers = account.pool(digits(200), dnisDescription="kept")
    first, second = account.profile("First"), account.profile("Second")
    target: dict[str, str] = {"profile": second} if to == "profile" else {"queue_id": "1000"}
    old, new = owner_of(first), owner_of(second) if to == "profile" else "queue 1000"
    stack = Managed("ringcx:DnisAssignments")
    stack.up(numbers=e164(numbers), profile=first)
    start, outs, before = portal.state(), stack.outs, account.owners()

    for place in range(100):
        portal.start_over(start)
        stack.outs = outs
        portal.faults({**FAULTS[fault], "after": place}, put=put)
        failed = False
        try:
            stack.up(numbers=e164(numbers), **target)
        except (VoiceRoutingError, Partly):
            failed = True
        hit = any(call["fault"] for call in portal.journal())
        portal.clear()
        stack.up(numbers=e164(numbers), **target)

        for moment in account.history(before):
            assert set(moment.values()) <= {old, new}, f"fault at request {place}"
        assert set(account.owners().values()) == {new}, f"fault at request {place}"
        if not hit:
            assert not failed
            break
    assert place >= 5
    assert stack.refresh() == {"numbers": e164(numbers), **target}
    assert {one["dnisDescription"] for one in portal.records("DnisPool")} == {"kept"}


@pytest.mark.usefixtures("approved")
def test_one_goes_ahead_of_the_others(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RINGCX_NUMBERS_PER_CALL", "4")
    numbers = account.pool(digits(10))
    first, second = account.profile("First"), account.profile("Second")
    stack = Managed("ringcx:DnisAssignments")
    stack.up(numbers=e164(numbers), profile=first)

    with account.portal.recording() as calls:
        stack.up(numbers=e164(numbers), profile=second)

    assert [len(call["request"]) for call in calls if call["operation"] == "NM-09"] == [1, 4, 4, 1]


def _searched(call: dict[str, Any]) -> list[str]:
    return list(call["request"]["dnis"]) if call["operation"] == "NM-02" else []


def test_numbers_that_nobody_answers_go_in_waves(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four chunks are sent together, and all of them are read back, with what comes next, before that is sent."""
    monkeypatch.setenv("RINGCX_NUMBERS_PER_CALL", "2")
    numbers = account.pool(digits(10))
    profile = account.profile("First")
    stack = Managed("ringcx:DnisAssignments")

    with account.portal.recording() as calls:
        stack.up(numbers=e164(numbers), profile=profile)

    # Another search is for what the profile's destination dials: whether its calls come back to a number of the pool.
    order = [call for call in calls if call["operation"] == "NM-09" or numbers[-1] in _searched(call)]
    assert [call["operation"] for call in order] == ["NM-02", *["NM-09"] * 4, "NM-02", "NM-09", "NM-02"]
    assert [len(call["request"]["dnis"]) for call in order if call["operation"] == "NM-02"] == [10, 10, 2]
    assert sorted(one["dnis"] for call in order if call["operation"] == "NM-09" for one in call["request"]) == numbers


@pytest.mark.whole_run
@pytest.mark.parametrize("fault", FAULTS)
def test_waves_with_a_fault_at_any_request(account: Account, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten numbers are made and assigned in chunks of two: each once, and after the next up all of them."""
    monkeypatch.setenv("RINGCX_NUMBERS_PER_CALL", "2")
    portal, numbers, profile = account.portal, digits(10), account.profile("First")
    start = portal.state()

    def bring(pool: Managed, answered: Managed) -> None:
        pool.up(numbers=[{"dnis": number} for number in e164(numbers)])
        answered.up(numbers=e164(numbers), profile=profile)

    for place in range(100):
        portal.start_over(start)
        stacks = Managed("ringcx:DnisPool"), Managed("ringcx:DnisAssignments")
        portal.faults({**FAULTS[fault], "after": place})
        failed = False
        try:
            bring(*stacks)
        except (VoiceRoutingError, Partly):
            failed = True
        hit = any(call["fault"] for call in portal.journal())
        portal.clear()
        bring(*stacks)

        assert sorted(account.owners().items()) == [(number, owner_of(profile)) for number in numbers], place
        made = [call for call in portal.journal() if call["operation"] == "NM-03" and took_effect(call)]
        assert sorted(one["dnis"] for call in made for one in call["request"]) == numbers, place
        if not hit:
            assert not failed
            break
    assert place >= 8


def test_a_chunk_that_fails_stops_what_comes_next(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was sent beside it has arrived and is in the state; the next run goes on with the rest alone."""
    monkeypatch.setenv("RINGCX_NUMBERS_PER_CALL", "2")
    numbers = account.pool(digits(12))
    profile = account.profile("First")
    stack = Managed("ringcx:DnisAssignments")
    account.portal.faults({"match": {"operation": "NM-09"}, "fault": "status", "code": 403, "after": 1})

    with pytest.raises(Partly, match="6 of 12 numbers are with profile"):
        stack.up(numbers=e164(numbers), profile=profile)

    there = [number for number, owner in account.owners().items() if owner]
    assert len(there) == 6
    assert sorted(stack.outs["numbers"]) == sorted(e164(there))
    account.portal.clear()
    with account.portal.recording() as calls:
        stack.up(numbers=e164(numbers), profile=profile)
    sent = [one["dnis"] for call in calls if call["operation"] == "NM-09" for one in call["request"]]
    assert sorted(sent) == sorted(set(numbers) - set(there))
    assert set(account.owners().values()) == {owner_of(profile)}


@pytest.mark.usefixtures("approved")
def test_somebody_moves_a_number_while_others_move(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = account.pool(digits(10))
    first, second = account.profile("First"), account.profile("Second")
    stack = Managed("ringcx:DnisAssignments")
    stack.up(numbers=e164(numbers), profile=first)
    api = stack.provider.api
    assign = api.assign

    def meanwhile(*args: Any) -> Any:
        account.move(numbers[-1:], "queue 1000")
        monkeypatch.setattr(api, "assign", assign)
        return assign(*args)

    monkeypatch.setattr(api, "assign", meanwhile)
    with pytest.raises(Partly, match=rf"\+{numbers[-1]} went from profile 1001 to queue 1000 while"):
        stack.up(numbers=e164(numbers), profile=second)
    assert account.owners()[numbers[-1]] == "queue 1000"


@pytest.mark.usefixtures("approved")
def test_a_wrong_owner_stops_the_move_at_the_first_number(account: Account) -> None:
    numbers = account.pool(digits(10))
    first, second = account.profile("First"), account.profile("Second")
    stack = Managed("ringcx:DnisAssignments")
    stack.up(numbers=e164(numbers), profile=first)
    account.portal.faults({"match": {"operation": "NM-09"}, "fault": "flip_is_active"})

    with pytest.raises(Partly, match="Put back to profile 1001: "):
        stack.up(numbers=e164(numbers), profile=second)

    assert set(account.owners().values()) == {owner_of(first)}
    assert all(one["isActive"] for one in account.portal.records("AssignedDnis"))
    stack.up(numbers=e164(numbers), profile=second)
    assert set(account.owners().values()) == {owner_of(second)}


@pytest.mark.usefixtures("approved")
def test_what_cannot_be_put_back_is_said(account: Account) -> None:
    numbers = account.pool(digits(3))
    first, second = account.profile("First"), account.profile("Second")
    stack = Managed("ringcx:DnisAssignments")
    stack.up(numbers=e164(numbers), profile=first)
    account.portal.faults(
        {"match": {"operation": "NM-09"}, "fault": "flip_is_active"},
        {"match": {"operation": "NM-09"}, "fault": "status", "code": 403},
    )

    with pytest.raises(Partly, match=r"NOT put back to profile 1001, so look at them at once: \+13035550100"):
        stack.up(numbers=e164(numbers), profile=second)


@pytest.mark.usefixtures("approved")
def test_a_vendor_that_moves_nothing_within_a_product(account: Account) -> None:
    numbers = account.pool(digits(3))
    first, second = account.profile("First"), account.profile("Second")
    stack = Managed("ringcx:DnisAssignments")
    stack.up(numbers=e164(numbers), profile=first, description="kept")
    account.portal.faults(
        {"match": {"operation": "NM-09"}, "fault": "status", "code": 409},
        {"match": {"operation": "NM-09"}, "fault": "status", "code": 409, "after": 1},
    )
    before = account.owners()
    account.portal.forget_journal()

    stack.up(numbers=e164(numbers), profile=second, description="kept")

    for moment in account.history(before):
        assert set(moment.values()) <= {owner_of(first), owner_of(second)}
    assert set(account.owners().values()) == {owner_of(second)}
    assert {one["dnisDescription"] for one in account.portal.records("AssignedDnis")} == {"kept"}


class TestRefusals:
    """Nothing is sent, and the first line says who would lose what."""

    @pytest.fixture
    def number(self, account: Account) -> str:
        return account.pool(digits(1))[0]

    def refused(self, account: Account, up: Any, *parts: str) -> None:
        before = account.portal.state()
        with pytest.raises((VoiceRoutingError, Partly)) as refused:
            up()
        for part in parts:
            assert part in str(refused.value)
        line, _, below = str(refused.value).partition("\n")
        assert line.endswith(".")
        assert not below or "[[approval]]" in below  # the entry that permits it, ready to be pasted
        assert account.portal.state() == before

    def test_an_active_number_is_not_moved_unasked(self, account: Account, number: str) -> None:
        first, second = account.profile("First"), account.profile("Second")
        one = Managed("ringcx:DnisAssignment")
        one.up(dnis=number, profile=first)
        self.refused(
            account, lambda: one.up(dnis=number, profile=second), f"+{number} from profile 1001 to profile 1002"
        )

    def test_nor_to_another_product(self, account: Account, number: str) -> None:
        one = Managed("ringcx:DnisAssignment")
        one.up(dnis=number, profile=account.profile("First"))
        self.refused(account, lambda: one.up(dnis=number, visual_ivr_id="1000"), "from profile 1001 to Visual IVR 1000")

    def test_nor_switched_off(self, account: Account, number: str) -> None:
        profile = account.profile("First")
        one = Managed("ringcx:DnisAssignment")
        one.up(dnis=number, profile=profile)
        self.refused(account, lambda: one.up(dnis=number, profile=profile, active=False), "profile 1001 to inactive")

    def test_nor_released(self, account: Account, number: str) -> None:
        one = Managed("ringcx:DnisAssignment")
        one.up(dnis=number, profile=account.profile("First"))
        self.refused(account, one.destroy, "release-active-dnis", f"+{number} from profile 1001 to nobody")

    def test_nor_dropped_from_a_list(self, account: Account) -> None:
        numbers = account.pool(digits(3))
        profile = account.profile("First")
        stack = Managed("ringcx:DnisAssignments")
        stack.up(numbers=e164(numbers), profile=profile)
        before = account.owners()
        with pytest.raises(Partly, match="from profile 1001 to nobody"):
            stack.up(numbers=e164(numbers[:2]), profile=profile)
        assert account.owners() == before
        assert stack.up(numbers=e164(numbers), profile=profile) is False

    def test_nor_taken_from_somebody_else(self, account: Account, number: str) -> None:
        account.give([number], "queue 1000")
        profile = account.profile("First")
        self.refused(
            account,
            lambda: Managed("ringcx:DnisAssignment").up(dnis=number, profile=profile),
            "take-foreign-dnis",
            f"+{number} from queue 1000 to {owner_of(profile)}",
        )

    def test_not_even_an_inactive_one(self, account: Account, number: str) -> None:
        account.give([number], "queue 1000", active=False)
        profile = account.profile("First")
        one = Managed("ringcx:DnisAssignment")
        self.refused(account, lambda: one.up(dnis=number, profile=profile), "take-foreign-dnis")

    def test_nor_one_that_was_moved_since_the_plan(self, account: Account, number: str) -> None:
        first, second = account.profile("First"), account.profile("Second")
        one = Managed("ringcx:DnisAssignment")
        one.up(dnis=number, profile=first)
        account.move([number], "queue 1000")
        self.refused(
            account,
            lambda: one.up(dnis=number, profile=second),
            "take-foreign-dnis",
            "this stack does not know queue 1000 as the owner",
        )

    def test_what_is_somebody_elses_by_now_is_left_alone_in_the_end(self, account: Account, number: str) -> None:
        one = Managed("ringcx:DnisAssignment")
        one.up(dnis=number, profile=account.profile("First"))
        account.move([number], "queue 1000")
        one.destroy()
        assert account.owners() == {number: "queue 1000"}

    @pytest.mark.usefixtures("approved")
    def test_a_target_that_cannot_answer(self, account: Account, number: str) -> None:
        one = Managed("ringcx:DnisAssignment")
        one.up(dnis=number, profile=account.profile("First"))
        off = account.profile("Second", active=False)
        self.refused(account, lambda: one.up(dnis=number, profile=off), "profile 1002 is not active")
        empty = f"123456/1000/{account.portal.profile('Empty')}"
        self.refused(account, lambda: one.up(dnis=number, profile=empty), "profile 'Empty' has no destinations")
        self.refused(account, lambda: one.up(dnis=number, profile="123456/1000/4711"), "there is no profile 4711")

    def test_a_number_that_is_not_in_the_pool(self, account: Account, number: str) -> None:
        profile = account.profile("First")
        missing = digits(2, start=500)
        self.refused(
            account,
            lambda: Managed("ringcx:DnisAssignments").up(numbers=e164([number, *missing]), profile=profile),
            f"not in the pool: +{missing[0]}, +{missing[1]}.",
        )

    def test_another_number_under_the_same_resource(self, account: Account) -> None:
        one, two = account.pool(digits(2))
        profile = account.profile("First")
        assignment = Managed("ringcx:DnisAssignment")
        assignment.up(dnis=one, profile=profile)
        self.refused(account, lambda: assignment.up(dnis=two, profile=profile), "never replaced", f"+{one}", f"+{two}")
        record = Managed("ringcx:Dnis")
        record.up(dnis=one)
        self.refused(account, lambda: record.up(dnis=two), "never replaced")

    @pytest.mark.usefixtures("approved")
    def test_a_record_of_the_vendors_own_between_products(self, account: Account, number: str) -> None:
        one = Managed("ringcx:DnisAssignment")
        one.up(dnis=number, profile=account.profile("First"))
        account.portal.change_record("DnisPool", "dnis", number, dnisManagedByRC=True)
        self.refused(account, lambda: one.up(dnis=number, queue_id="1000"), "the vendor manages", "queue 1000")

    def test_a_tracking_number_for_a_number_that_is_answered(self, account: Account, number: str) -> None:
        account.give([number], "queue 1000")
        with pytest.raises(Exists, match="queue 1000 'Support' answers it"):
            Managed("ringcx:TrackingNumber").up(group_id="123456/1000", dnis=number)

    def test_a_profile_that_numbers_lead_to(self, account: Account, number: str) -> None:
        profile = account.profile("First")
        account.give([number], owner_of(profile))
        activation = Managed("ringcx:Activation")
        activation.up(targets=[{"kind": "profile", "id": profile}])
        self.refused(account, activation.destroy, f"numbers that callers dial lead to it: +{number}")
        declared = {"group_id": "123456/1000", "name": "First", "routing_type": "PERCENT_ALLOCATION", "adopt": True}
        resource = Managed("ringcx:Profile")
        resource.up(**declared)
        self.refused(account, lambda: resource.up(**declared, active=False), f"+{number}")
        self.refused(account, resource.destroy, f"+{number}")


class TestDrift:
    def test_both_owners_are_shown_and_it_is_not_taken_back_unasked(
        self, account: Account, capfd: pytest.CaptureFixture[str]
    ) -> None:
        number = account.pool(digits(1))[0]
        profile = account.profile("First")
        one = Managed("ringcx:DnisAssignment")
        one.up(dnis=number, profile=profile)
        account.move([number], "queue 1000")

        assert one.refresh() == {"dnis": f"+{number}", "queue_id": "1000"}
        assert "is answered by queue 1000 'Support' now, and not by profile 1001" in capfd.readouterr().err
        with pytest.raises(Refused, match="from queue 1000 to profile 1001"):
            one.up(dnis=number, profile=profile)
        assert account.owners() == {number: "queue 1000"}

    def test_a_tracking_number_has_taken_it(self, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
        number = account.pool(digits(1))[0]
        profile = account.profile("First")
        one = Managed("ringcx:DnisAssignment")
        one.up(dnis=number, profile=profile)
        account.portal.manage("DELETE", f"/voice/api/v1/admin/utilities/tnManager/assignedDnis/{number}")
        tracking = account.tracking_number(number)

        assert one.refresh() == {"dnis": f"+{number}"}
        with pytest.raises(Refused, match=f"from tracking number {tracking} to profile 1001"):
            one.up(dnis=number, profile=profile)
        monkeypatch.setenv("VOICE_ROUTING_BREAK_GLASS", "reassign-active-dnis")
        one.up(dnis=number, profile=profile)
        assert account.owners() == {number: "profile 1001"}

    def test_some_of_many(self, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
        numbers = account.pool(digits(5))
        profile = account.profile("First")
        stack = Managed("ringcx:DnisAssignments")
        stack.up(numbers=e164(numbers), profile=profile)
        account.move(numbers[:2], "queue 1000")

        assert stack.refresh() == {"numbers": e164(numbers[2:]), "profile": profile}
        with pytest.raises(Refused, match=f"\\+{numbers[0]}, \\+{numbers[1]} from queue 1000 to profile 1001"):
            stack.up(numbers=e164(numbers), profile=profile)
        monkeypatch.setenv("VOICE_ROUTING_BREAK_GLASS", "reassign-active-dnis")
        stack.up(numbers=e164(numbers), profile=profile)
        assert set(account.owners().values()) == {"profile 1001"}

    def test_released_by_hand(self, account: Account) -> None:
        numbers = account.pool(digits(3))
        profile = account.profile("First")
        stack = Managed("ringcx:DnisAssignments")
        stack.up(numbers=e164(numbers), profile=profile)
        account.portal.manage("DELETE", f"/voice/api/v1/admin/utilities/tnManager/assignedDnis/{numbers[0]}")

        assert stack.refresh() == {"numbers": e164(numbers[1:]), "profile": profile}
        stack.up(numbers=e164(numbers), profile=profile)
        assert set(account.owners().values()) == {"profile 1001"}


class TestInactiveNumbers:
    """Nobody is reached by them, so that they may go where the program says."""

    @pytest.mark.parametrize("target", [{"queue_id": "1000"}, {"visual_ivr_id": "1000"}])
    def test_move_without_being_switched_on(self, account: Account, target: dict[str, str]) -> None:
        numbers = account.pool(digits(3))
        stack = Managed("ringcx:DnisAssignments")
        stack.up(numbers=e164(numbers), profile=account.profile("First"), active=False)
        with account.portal.recording() as calls:
            stack.up(numbers=e164(numbers), active=False, **target)
        assert "NMb-05" not in operations(calls)
        assert {one["isActive"] for one in account.portal.records("AssignedDnis")} == {False}
        stack.destroy()
        assert set(account.owners().values()) == {None}

    def test_go_live_when_the_target_can_answer(self, account: Account) -> None:
        numbers = account.pool(digits(3))
        profile = account.profile("First", active=False)
        stack = Managed("ringcx:DnisAssignments")
        stack.up(numbers=e164(numbers), profile=profile, active=False)
        with pytest.raises(Refused, match="profile 1001 is not active"):
            stack.up(numbers=e164(numbers), profile=profile, active=True)
        path = f"/cloudRouteProfileGroups/1000/cloudRouteProfiles/{profile.rpartition('/')[2]}/setIsActive"
        account.portal.api("PUT", path, {"isActive": True})
        stack.up(numbers=e164(numbers), profile=profile, active=True)
        assert {one["isActive"] for one in account.portal.records("AssignedDnis")} == {True}

    @pytest.mark.parametrize("new", [False, True])
    @pytest.mark.parametrize("after", [0, 1])
    def test_go_live_in_two_runs(
        self, account: Account, after: int, new: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What a run did not get to was changed by nobody: the next one goes on, without an approval."""
        monkeypatch.setenv("RINGCX_NUMBERS_PER_CALL", "2")
        numbers = account.pool(digits(4))
        profile = account.profile("First")
        stack = Managed("ringcx:DnisAssignments")
        if new:
            account.give(numbers, owner_of(profile), active=False)
        else:
            stack.up(numbers=e164(numbers), profile=profile, active=False, description="soon")
        refused = {"match": {"operation": "NM-09"}, "fault": "status", "code": 403, "times": FOREVER, "after": after}
        account.portal.faults(refused)
        with pytest.raises((VoiceRoutingError, Partly)):
            stack.up(numbers=e164(numbers), profile=profile, active=True, description="now")
        account.portal.clear()
        stack.up(numbers=e164(numbers), profile=profile, active=True, description="now")
        assert {one["isActive"] for one in account.portal.records("AssignedDnis")} == {True}
        assert {one["dnisDescription"] for one in account.portal.records("AssignedDnis")} == {"now"}
        assert not stack.up(numbers=e164(numbers), profile=profile, active=True, description="now")


@pytest.mark.parametrize(
    ("token", "args", "said"),
    [
        ("DnisAssignment", {"dnis": "+13035550100"}, "give exactly one of"),
        ("DnisAssignment", {"dnis": "+13035550100", "queue_id": "1", "visual_ivr_id": "1"}, "give exactly one of"),
        ("DnisAssignment", {"dnis": "+13035550100", "profile": "1001"}, "ACCOUNT/GROUP/PROFILE"),
        ("DnisAssignment", {"dnis": "5550100", "queue_id": "1"}, "say internal=True"),
        ("DnisAssignment", {"dnis": "x", "queue_id": "1", "internal": True}, "not an internal number"),
        ("DnisAssignments", {"numbers": ["+13035550100", "1 303 555 0100"], "queue_id": "1"}, "in the list twice"),
        ("DnisPool", {}, "either numbers or file"),
        ("DnisPool", {"file": "dnis\n123"}, "country code"),
        ("DnisPool", {"file": "dnis,colour\n13035550100,red"}, "no column can be colour"),
        ("DnisPool", {"file": "dnis,active\n13035550100,perhaps"}, "line 2: 'perhaps' will not do for active"),
        ("DnisPool", {"file": "dnisDescription\nx"}, "one of them is dnis"),
        ("DnisPool", {"file": "dnis,notes\n13035550100"}, "line 2 has 1 columns"),
        ("Dnis", {"dnis": "911"}, "911"),
    ],
)
def test_bad_declarations(token: str, args: dict[str, Any], said: str, account: Account) -> None:
    with pytest.raises(Failed, match=said):
        Managed(f"ringcx:{token}").up(**args)


def test_a_partly_done_release_goes_on(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICE_ROUTING_BREAK_GLASS", ALL_RULES)
    monkeypatch.setenv("RINGCX_NUMBERS_PER_CALL", "2")
    numbers = account.pool(digits(6))
    stack = Managed("ringcx:DnisAssignments")
    stack.up(numbers=e164(numbers), profile=account.profile("First"))
    account.portal.faults({"match": {"operation": "NMb-05"}, "fault": "status", "code": 500, "after": 1})
    with pytest.raises(VoiceRoutingError):
        stack.destroy()
    assert sorted(owner or "" for owner in account.owners().values()) == ["", "", *["profile 1001"] * 4]
    stack.destroy()
    assert set(account.owners().values()) == {None}
