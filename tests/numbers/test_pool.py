"""The pool: hundreds of records in few calls, and what happens when the vendor does not take them all."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from pulumi_voice_routing import ringcx
from pulumi_voice_routing.errors import Forbidden, OutcomeUnknown, Refused, VoiceRoutingError
from pulumi_voice_routing.lifecycle.provider import Partly
from tests.emulated import operations
from tests.numbers.account import Account, digits, e164
from tests.numbers.resources import Failed, Managed

Rows = list[dict[str, Any]]


def rows(numbers: list[str], **fields: Any) -> Rows:
    return [{"dnis": number, **fields} for number in e164(numbers)]


def pool() -> Managed:
    return Managed("ringcx:DnisPool")


class TestBudget:
    """1,000 numbers, of 120 calls that are allowed in a minute."""

    @pytest.mark.whole_run
    @pytest.mark.parametrize(("chunk", "most"), [("250", 40), ("100", 40)])
    def test_made_assigned_refreshed_and_looked_at(
        self, account: Account, chunk: str, most: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("RINGCX_NUMBERS_PER_CALL", chunk)
        numbers = digits(1000)
        profile = account.profile("Support")
        records, assigned = pool(), Managed("ringcx:DnisAssignments")
        with account.portal.recording() as calls:
            records.up(numbers=rows(numbers, description="Campaign", category="VOICE"))
            assigned.up(numbers=e164(numbers), profile=profile)
        assert len(calls) <= most
        assert set(account.owners().values()) == {"profile 1001"}

        records.provider.api.pool.forget()  # as in another process
        with account.portal.recording() as calls:
            records.refresh()
            assigned.refresh()
        assert len(calls) <= 15
        with account.portal.recording() as calls:
            assert records.up(numbers=rows(numbers, description="Campaign", category="VOICE")) is False
            assert assigned.up(numbers=e164(numbers), profile=profile) is False
        assert calls == []


class TestChunks:
    @pytest.fixture(autouse=True)
    def small(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("RINGCX_NUMBERS_PER_CALL", "10")

    def test_only_what_is_missing_is_made_and_only_what_differs_changed(self, account: Account) -> None:
        numbers = digits(30)
        account.pool(numbers[:10], dnisDescription="Campaign", notes="kept")
        account.pool(numbers[10:15], dnisDescription="Old", notes="kept")
        with account.portal.recording() as calls:
            pool().up(numbers=rows(numbers, description="Campaign"))
        made = [one["dnis"] for call in calls if call["operation"] == "NM-03" for one in call["request"]]
        changed = [one["dnis"] for call in calls if call["operation"] == "NM-04" for one in call["request"]]
        assert (sorted(made), changed) == (numbers[15:], numbers[10:15])
        assert [(account.record(number) or {}).get("notes") for number in numbers] == ["kept"] * 15 + [None] * 15

    @pytest.mark.parametrize("put", ["replace", "merge"])
    def test_a_changed_field_leaves_the_others(self, account: Account, put: str) -> None:
        numbers = digits(3)
        account.portal.faults(put=put)
        account.pool(numbers, notes="by hand", carrier="X", twilioApiKey="secret")
        records = pool()
        records.up(numbers=rows(numbers, description="One"))
        records.up(numbers=rows(numbers, description="Two"))
        for number in numbers:
            held = account.record(number) or {}
            assert (held["dnisDescription"], held["notes"], held["carrier"]) == ("Two", "by hand", "X")
            assert held["twilioApiKey"] == "secret"

    def test_a_bad_number_is_named_and_the_others_are_made(self, account: Account) -> None:
        numbers = digits(40)
        state = account.portal.state()
        foreign = {"dnis": numbers[17], "reservedAccountId": "654321", "active": True}
        state["objects"]["DnisPool"].append(foreign)  # of an account that the token does not see
        account.portal.put_state(state)
        records = pool()
        with account.portal.recording() as calls, pytest.raises(Partly, match=rf"1 of 40 numbers .* \+{numbers[17]}: "):
            records.up(numbers=rows(numbers))
        assert operations(calls).count("NM-03") <= 4 + 2 * 4
        assert len(account.portal.records("DnisPool")) == 40
        state["objects"]["DnisPool"] = [one for one in account.portal.records("DnisPool") if one != foreign]
        account.portal.put_state(state)
        with account.portal.recording() as calls:
            records.up(numbers=rows(numbers))
        assert [len(call["request"]) for call in calls if call["operation"] == "NM-03"] == [1]
        assert records.up(numbers=rows(numbers)) is False

    @pytest.mark.parametrize("source", ["numbers", "file"])
    def test_a_lost_answer_makes_nothing_twice(self, account: Account, source: str) -> None:
        numbers = digits(20)
        operation = {"numbers": "NM-03", "file": "NM-05"}[source]
        args: dict[str, Any] = {"numbers": rows(numbers)}
        if source == "file":
            args = {"file": "\n".join(["dnis", *numbers])}
        account.portal.faults({"match": {"operation": operation}, "fault": "lost_answer"})
        records = pool()
        with account.portal.recording() as calls:
            records.up(**args)
        assert operations(calls).count(operation) == 2
        assert len(account.portal.records("DnisPool")) == 20
        assert records.up(**args) is False

    def test_a_call_that_never_arrived_is_made_again(self, account: Account) -> None:
        numbers = digits(20)
        account.portal.faults({"match": {"operation": "NM-03"}, "fault": "reset"})
        pool().up(numbers=rows(numbers))
        assert len(account.portal.records("DnisPool")) == 20

    def test_what_fails_for_good_leaves_what_was_made(self, account: Account) -> None:
        numbers = digits(30)
        account.portal.faults({"match": {"operation": "NM-03"}, "fault": "reset", "times": 100, "after": 1})
        records = pool()
        with pytest.raises(Partly) as part:
            records.up(numbers=rows(numbers))
        assert isinstance(part.value.cause, OutcomeUnknown)
        assert len(records.outs["numbers"]) == 10
        account.portal.clear()
        records.up(numbers=rows(numbers))
        assert len(account.portal.records("DnisPool")) == 30

    def test_nothing_made_is_no_state(self, account: Account) -> None:
        account.portal.faults({"match": {"operation": "NM-03"}, "fault": "status", "code": 403, "times": 9})
        records = pool()
        with pytest.raises(Forbidden):
            records.up(numbers=rows(digits(3)))
        assert records.id == ""


class TestForeignRecords:
    def test_of_another_account(self, account: Account) -> None:
        state = account.portal.state()
        state["objects"]["Account"].append({"accountId": "777", "accountName": "Ours too", "mainAccountId": "123456"})
        state["objects"]["DnisPool"].append({"dnis": digits(1)[0], "reservedAccountId": "777", "active": True})
        account.portal.put_state(state)
        with pytest.raises(Refused, match="in the pool of account 777, not of account 123456"):
            Managed("ringcx:Dnis").up(dnis=digits(1)[0])
        with pytest.raises(Refused, match="belongs to account 777, not to account 123456"):
            Managed("ringcx:DnisAssignment").up(dnis=digits(1)[0], queue_id="1000")

    def test_of_a_sub_account(self, account: Account) -> None:
        state = account.portal.state()
        state["objects"]["Account"].append({"accountId": "777", "accountName": "Ours too", "mainAccountId": "123456"})
        account.portal.put_state(state)
        one, *many = digits(40)
        number, records, file = Managed("ringcx:Dnis"), pool(), pool()
        fields = {"reserved_account_id": "777", "description": "Denver"}
        rows_of_file = ["dnis,reservedAccountId", *(f"{one},777" for one in many[30:])]
        lives: list[tuple[Managed, dict[str, Any]]] = [
            (number, {"dnis": one, **fields}),
            (records, {"numbers": rows(many[:30], **fields)}),
            (file, {"file": "\n".join(rows_of_file)}),
        ]
        for managed, args in lives:
            managed.up(**args)
            before = dict(managed.outs)
            managed.provider.api.pool.forget()
            managed.refresh()
            assert managed.outs == before
            assert managed.up(**args) is False
        assert {(account.record(one) or {})["reservedAccountId"] for one in (one, *many)} == {"777"}
        number.up(dnis=one, reserved_account_id="777", description="Boulder")
        assert (account.record(one) or {})["dnisDescription"] == "Boulder"
        for elsewhere in ({}, {"reserved_account_id": "123456"}):
            with pytest.raises(Refused, match="in the pool of account 777, not of account 123456"):
                number.up(dnis=one, description="Aspen", **elsewhere)
        for managed, _ in lives:
            managed.destroy()

    def test_who_answers_those_of_a_sub_account(self, account: Account) -> None:
        one, *many = digits(3)
        elsewhere: dict[str, Any] = {"accountId": "777", "gateName": "Sub"}
        profile = {"cloudProfileId": 5001, "cloudGroupId": 5000, "profileName": "Sub", "isActive": True}
        state = account.portal.state()
        objects = state["objects"]
        objects["Account"].append({"accountId": "777", "accountName": "Ours too", "mainAccountId": "123456"})
        objects["GateSkinnyAssignable"] += [{"gateId": id_, **elsewhere} for id_ in (7001, 7002)]
        objects["CloudRouteGroup"].append({"cloudGroupId": 5000, "groupName": "Sub", "accountId": "777"})
        objects["CloudRouteProfile"].append({**profile, "routingType": "PRIORITY"})
        objects["DnisPool"] += [{"dnis": each, "reservedAccountId": "777", "active": True} for each in (one, *many)]
        account.portal.put_state(state)
        number, numbers = Managed("ringcx:DnisAssignment"), Managed("ringcx:DnisAssignments")
        sub: dict[str, Any] = {"reserved_account_id": "777"}
        lives: list[tuple[Managed, dict[str, Any]]] = [
            (number, {"dnis": one, "queue_id": "7001", "active": False, **sub}),
            (numbers, {"numbers": many, "profile": "777/5000/5001", "active": False, **sub}),
        ]
        for managed, args in lives:
            managed.up(**args)
            before = dict(managed.outs)
            managed.provider.api.pool.forget()
            managed.refresh()
            assert managed.outs == before
            assert managed.up(**args) is False
        assert account.owners() == {one: "queue 7001", **dict.fromkeys(many, "profile 5001")}
        number.up(dnis=one, queue_id="7002", active=False, **sub)
        assert account.owners()[one] == "queue 7002"
        with pytest.raises(Refused, match="1 numbers would go to profile 5001, which cannot answer"):
            number.up(dnis=one, profile="777/5000/5001", active=True, **sub)
        with pytest.raises(
            Refused, match=r"belongs to account 777, not to account 123456; .* reserved_account_id='777'"
        ):
            number.up(dnis=one, queue_id="7001", active=False)
        for managed, _ in lives:
            managed.destroy()
        assert set(account.owners().values()) == {None}

    def test_of_an_account_that_the_vendor_does_not_show(
        self, account: Account, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        number = Managed("ringcx:Dnis")
        api = number.provider.api
        search, get = api.search_pool, api.get_pool

        def hidden(one: dict[str, Any]) -> dict[str, Any]:
            return {name: value for name, value in one.items() if name != "reservedAccountId"}

        def found(*which: Any) -> Any:
            records, total = search(*which)
            return [hidden(one) for one in records], total

        monkeypatch.setattr(api, "search_pool", found)
        monkeypatch.setattr(api, "get_pool", lambda dnis: hidden(get(dnis)))
        number.up(dnis=digits(1)[0], reserved_account_id="123456")
        before = dict(number.outs)
        number.refresh()
        assert number.outs == before
        assert number.up(dnis=digits(1)[0], reserved_account_id="123456") is False

    def test_managed_by_the_vendor(self, account: Account) -> None:
        number = account.pool(digits(1), dnisDescription="theirs")[0]
        account.portal.change_record("DnisPool", "dnis", number, dnisManagedByRC=True)
        one = Managed("ringcx:Dnis")
        with pytest.raises(Refused, match="the vendor manages the records of"):
            one.up(dnis=number, description="ours")
        one.up(dnis=number, description="theirs")
        assert one.outs["managed_by_vendor"] is True


class TestEnd:
    @pytest.mark.parametrize("token", ["Dnis", "DnisPool"])
    def test_keeps_unless_told_otherwise(self, account: Account, token: str) -> None:
        number = digits(1)[0]
        resource = Managed(f"ringcx:{token}")
        resource.up(**({"dnis": number} if token == "Dnis" else {"numbers": rows([number])}))
        resource.destroy()
        assert (account.record(number) or {})["active"] is True

    @pytest.mark.parametrize("count", [1, 3])
    def test_delete(self, account: Account, count: int) -> None:
        numbers = digits(count)
        records = pool()
        records.up(numbers=rows(numbers), on_delete="delete")
        with account.portal.recording() as calls:
            records.destroy()
        assert operations(calls, writes=True)[-1] == ("NMb-02" if count == 1 else "NMb-03")
        assert account.portal.records("DnisPool") == []

    def test_delete_of_an_assigned_number_names_its_owner(self, account: Account) -> None:
        numbers = digits(3)
        records = pool()
        records.up(numbers=rows(numbers), on_delete="delete")
        account.give(numbers[:1], "queue 1000", active=False)
        with pytest.raises(Refused, match=rf"\+{numbers[0]}: assigned to queue 1000 'Support'"):
            records.destroy()
        assert len(account.portal.records("DnisPool")) == 3

    def test_delete_without_the_role(self, account: Account) -> None:
        records = pool()
        records.up(numbers=rows(digits(2)), on_delete="delete")
        account.portal.faults({"match": {"operation": "NMb-03"}, "fault": "status", "code": 403})
        with pytest.raises(Refused, match="the role SUPER_USER"):
            records.destroy()

    def test_deactivate_takes_the_assignment_along(self, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
        numbers = digits(3)
        records = pool()
        records.up(numbers=rows(numbers), on_delete="deactivate")
        account.give(numbers[:1], "queue 1000")
        with pytest.raises(Refused, match=f"\\+{numbers[0]} from queue 1000 to inactive"):
            records.destroy()
        monkeypatch.setenv("VOICE_ROUTING_BREAK_GLASS", "release-active-dnis")
        records.destroy()
        assert {one["active"] for one in account.portal.records("DnisPool")} == {False}
        assert (account.assignment(numbers[0]) or {})["isActive"] is False

    def test_a_number_that_leaves_the_list(self, account: Account) -> None:
        numbers = digits(3)
        records = pool()
        records.up(numbers=rows(numbers), on_delete="delete")
        records.up(numbers=rows(numbers[:1]), on_delete="delete")
        assert [one["dnis"] for one in account.portal.records("DnisPool")] == numbers[:1]

    def test_switching_off_the_record_of_an_answered_number(self, account: Account) -> None:
        number = account.pool(digits(1))[0]
        account.give([number], "queue 1000")
        one = Managed("ringcx:Dnis")
        one.up(dnis=number)
        with pytest.raises(Refused, match="release-active-dnis"):
            one.up(dnis=number, active=False)


class TestFile:
    def test_is_the_same_as_a_list(self, account: Account) -> None:
        numbers = digits(3)
        lines = ["dnis,dnisDescription,smsEnabled,vruNetworkId", *(f"+{one},Denver,true,7" for one in numbers)]
        records = pool()
        with account.portal.recording() as calls:
            records.up(file="\r\n".join(lines))
        assert "NM-05" in operations(calls)
        held = account.record(numbers[0]) or {}
        assert (held["dnisDescription"], held["smsEnabled"], held["vruNetworkId"]) == ("Denver", True, 7)
        assert records.up(file="\n".join(lines)) is False

        account.portal.change_record("DnisPool", "dnis", numbers[1], dnisDescription="by hand")
        assert "by hand" in records.refresh()["file"]
        records.up(file="\n".join(lines))
        assert (account.record(numbers[1]) or {})["dnisDescription"] == "Denver"

    @pytest.mark.parametrize("description", ["Sales, Denver", 'the "big" one', "two\nlines", "plain"])
    def test_what_is_quoted_arrives_as_it_was(self, account: Account, description: str) -> None:
        number = digits(1)[0]
        quoted = description.replace('"', '""')
        records = pool()
        file = f'dnis,dnisDescription,dnisCategory\n{number},"{quoted}",VOICE\n'
        with account.portal.recording() as calls:
            records.up(file=file)
        (upload,) = (call for call in calls if call["operation"] == "NM-05")
        assert upload["query"].get("quoteCharacter") == (None if description == "plain" else '"')
        held = account.record(number) or {}
        assert (held["dnisDescription"], held["dnisCategory"]) == (description, "VOICE")
        records.refresh()
        assert records.up(file=file) is False

    def test_a_file_that_was_taken_and_made_nothing(self, account: Account) -> None:
        body: dict[str, Any] = {"records": [], "uploadStatus": {}}
        account.portal.faults({"match": {"operation": "NM-05"}, "fault": "status", "code": 200, "body": body})
        with pytest.raises((VoiceRoutingError, Partly), match="the file was taken, but 2 of 2 numbers are not"):
            pool().up(file="dnis\n" + "\n".join(digits(2)))


@pytest.mark.parametrize("written", ["13035550100", "+1 303-555-0100", "+13035550100", "(1) 303 555.0100"])
def test_one_number_however_it_is_written(account: Account, written: str) -> None:
    one = Managed("ringcx:Dnis")
    one.up(dnis="+13035550100", description="x")
    assert one.up(dnis=written, description="x") is False
    assert one.refresh() == {"dnis": "+13035550100", "description": "x"}


def test_internal_numbers(account: Account) -> None:
    with pytest.raises(Failed, match="say internal=True"):
        Managed("ringcx:Dnis").up(dnis="9990001")
    one = Managed("ringcx:Dnis")
    one.up(dnis="9990001", internal=True)
    assert one.refresh() == {"dnis": "9990001", "internal": True}
    assigned = Managed("ringcx:DnisAssignment")
    assigned.up(dnis="9990001", internal=True, queue_id="1000")
    assert assigned.refresh() == {"dnis": "9990001", "internal": True, "queue_id": "1000"}


class TestDirectory:
    """The vendor does not say everything about its search."""

    def test_pages_that_count_from_zero(self, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
        account.pool(numbers := digits(2500))
        api = pool().provider.api
        search = api.search_pool
        monkeypatch.setattr(api, "search_pool", lambda criteria, page, size: search(criteria, page + 1, size))
        assert sorted(api.pool.known(numbers)) == numbers
        api.pool.forget()
        assert sorted(api.pool.fresh(numbers)) == numbers

    def test_a_search_that_ignores_what_it_was_asked(self, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
        account.pool(numbers := digits(10))
        api = pool().provider.api
        search = api.search_pool
        monkeypatch.setattr(api, "search_pool", lambda criteria, page, size: search({}, page, size))
        with account.portal.recording() as calls:
            assert sorted(api.pool.fresh(numbers[4:6])) == numbers[4:6]
        assert operations(calls).count("NM-01") == 2

    def test_a_big_account_is_not_read_as_a_whole(self, account: Account) -> None:
        account.pool(numbers := digits(5001))
        api = pool().provider.api
        with account.portal.recording() as calls:
            assert sorted(api.pool.known(numbers[:3])) == numbers[:3]
            assert sorted(api.pool.known(numbers[:3])) == numbers[:3]
        assert len(calls) == 2


class TestLookups:
    def test_of_numbers(self, account: Account) -> None:
        one, two = account.pool(digits(2), dnisDescription="Denver")
        account.give([one], "queue 1000")
        found = ringcx.search_dnis("+1 303-555-0100")
        assert found is not None
        assert (found.id, found.dnis, found.description) == (f"123456/{one}", f"+{one}", "Denver")
        assert found.assignment == ringcx.get_dnis_assignment(one)
        assert found.assignment is not None
        assert (found.assignment.product, found.assignment.target) == ("queue", "1000")
        assert found.assignment.name == "Support"
        assert ringcx.get_dnis_assignment(two) is None
        assert ringcx.search_dnis("13035559999") is None
        assert [info.dnis for info in ringcx.search_dnis_pool(assigned=False)] == [f"+{two}"]
        assert [info.dnis for info in ringcx.search_dnis_pool(product="ACD", target="1000")] == [f"+{one}"]
        assert [info.dnis for info in ringcx.search_dnis_pool(containing="0101")] == [f"+{two}"]

    def test_an_order_and_a_page(self, account: Account) -> None:
        account.pool(numbers := digits(5))
        backwards = [f"+{number}" for number in reversed(numbers)]
        assert [info.dnis for info in ringcx.search_dnis_pool(sort="dnis,desc")] == backwards
        assert [info.dnis for info in ringcx.search_dnis_pool(sort="dnis,desc", size=2)] == backwards
        assert [info.dnis for info in ringcx.search_dnis_pool(sort="dnis,desc", page=2, size=2)] == backwards[2:4]
        assert [info.dnis for info in ringcx.search_dnis_pool(page=3, size=2)] == [f"+{numbers[4]}"]
        assert list(ringcx.search_dnis_pool(page=9, size=2)) == []
        for wrong in ({"page": "1"}, {"size": -1}, {"page": True}):
            with pytest.raises(pulumi.RunError, match="must be a whole number, 0 or more"):
                ringcx.search_dnis_pool(**wrong)

    def test_what_the_token_may_do_is_shown_when_it_is_asked_for(self, account: Account) -> None:
        for ask in (
            ringcx.get_destination_groups,
            ringcx.get_profile_groups,
            ringcx.get_tracking_groups,
            ringcx.get_http_service_groups,
        ):
            assert "UPDATE" in ask(permissions=True)[0].permissions
            assert list(ask()[0].permissions) == []

    def test_of_tracking_numbers(self, account: Account) -> None:
        number = account.pool(digits(1))[0]
        tracking = account.tracking_number(number)
        (group,) = ringcx.get_tracking_groups()
        assert (group.id, group.name, group.is_default) == ("123456/1000", "Default", True)
        (info,) = ringcx.get_tracking_numbers(group.id)
        assert (info.id, info.dnis, info.active) == (f"123456/1000/{tracking}", f"+{number}", True)

    def test_a_failure_is_one_line(self, account: Account) -> None:
        account.portal.faults({"match": {"operation": "NM-12"}, "fault": "status", "code": 403})
        with pytest.raises(pulumi.RunError, match="ringcx: NM-12"):
            ringcx.get_tracking_groups()
