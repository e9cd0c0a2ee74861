"""A vendor that says less than it could, or does less than it says: the contract leaves both open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pulumi_voice_routing import ringcx
from pulumi_voice_routing.errors import Incomplete, Refused, UnexpectedAnswer
from pulumi_voice_routing.lifecycle.provider import STORED_AS, Partly
from pulumi_voice_routing.registry import provider_for
from pulumi_voice_routing.ringcx.cloud_routing.readiness import DEACTIVATING
from pulumi_voice_routing.ringcx.numbers.owner import Owner
from pulumi_voice_routing.ringcx.numbers.tracking_calls import flat
from pulumi_voice_routing.safety.rules.going_silent import DEACTIVATING_IN_USE
from tests.emulated import Json, operations
from tests.numbers.account import Account, digits, e164
from tests.numbers.resources import Managed

Search = Callable[..., tuple[list[Json], int | None]]


def answer(monkeypatch: pytest.MonkeyPatch, name: str, changed: Callable[[Any], Any]) -> None:
    """What one of the client's calls returns is changed."""
    api: Any = provider_for("ringcx:Dnis").api
    call = getattr(api, name)
    monkeypatch.setattr(api, name, lambda *args, **options: changed(call(*args, **options)))


class TestSearchesWithoutAssignments:
    @pytest.fixture(autouse=True)
    def sparse(self, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
        def without(found: tuple[list[Json], int | None]) -> tuple[list[Json], int | None]:
            records, total = found
            return [{name: value for name, value in one.items() if name != "assignedDnis"} for one in records], total

        answer(monkeypatch, "search_pool", without)
        answer(monkeypatch, "search_dnis", lambda records: without((records, None))[0])

    @pytest.mark.parametrize("count", [1, 5])
    def test_nothing_is_taken_from_somebody_else(self, account: Account, count: int) -> None:
        numbers = account.pool(digits(count))
        account.give(numbers[:1], "queue 1000")
        profile = account.profile("Support")
        with pytest.raises(Refused, match=r"\+13035550100 from queue 1000 to profile 1001 \(take-foreign-dnis"):
            Managed("ringcx:DnisAssignments").up(numbers=e164(numbers), profile=profile)
        assert account.owners()[numbers[0]] == "queue 1000"

    @pytest.mark.parametrize("count", [1, 5])
    def test_nothing_that_is_assigned_is_deleted(self, account: Account, count: int) -> None:
        numbers = digits(count)
        records = Managed("ringcx:DnisPool")
        records.up(numbers=[{"dnis": number} for number in e164(numbers)], on_delete="delete")
        account.give(numbers[:1], "queue 1000")
        with pytest.raises(Refused, match="assigned to queue 1000"):
            records.destroy()
        assert len(account.portal.records("DnisPool")) == count

    def test_an_assignment_lives(self, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("VOICE_ROUTING_BREAK_GLASS", "release-active-dnis")
        numbers = account.pool(digits(5))
        assigned = Managed("ringcx:DnisAssignments")
        args = {"numbers": e164(numbers), "profile": account.profile("Support")}
        assigned.up(**args)
        assert assigned.refresh() == args
        assert ringcx.search_dnis(numbers[0]) is not None
        assert [one.assignment is not None for one in ringcx.search_dnis_pool()] == [True] * 5
        assigned.destroy()
        assert set(account.owners().values()) == {None}

    def test_a_profile_that_numbers_lead_to_stays_on(self, account: Account) -> None:
        numbers = account.pool(digits(1))
        profile = account.profile("Support")
        account.give(numbers, "profile 1001")
        with pytest.raises(Refused, match=r"numbers that callers dial lead to it: \+13035550100"):
            provider_for("ringcx:Profile").delete(profile, {"name": "Support"})

    def test_many_that_nobody_answers_take_few_calls(self, account: Account) -> None:
        numbers = account.pool(digits(600))
        account.give(numbers[7:8], "queue 1000")
        pool = provider_for("ringcx:Dnis").api.pool
        with account.portal.recording() as calls:
            owned = [number for number, one in pool.fresh(numbers).items() if one["assignedDnis"]]
        assert owned == numbers[7:8]
        assert operations(calls) == ["NM-02"] * 6 + ["NM-10"]

    def test_records_alone_cost_no_more(self, account: Account) -> None:
        numbers = account.pool(digits(5))
        with account.portal.recording() as calls:
            records = Managed("ringcx:DnisPool")
            records.up(numbers=[{"dnis": number, "description": "x"} for number in e164(numbers)])
            records.refresh()
        assert operations(calls) == ["NM-02", "AUTH-accounts", "NM-04", "NM-02", "NM-02"]


class TestSearchesWithoutTotals:
    @pytest.fixture(autouse=True)
    def sparse(self, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
        answer(monkeypatch, "search_pool", lambda found: (found[0], None))

    def test_a_list_is_read_to_its_end(self, account: Account) -> None:
        numbers = account.pool(digits(2500))
        pool = provider_for("ringcx:Dnis").api.pool
        assert sorted(pool.known(numbers)) == numbers
        assert sorted(pool.fresh(numbers)) == numbers

    def test_a_big_account_is_not(self, account: Account) -> None:
        numbers = account.pool(digits(7500))
        pool = provider_for("ringcx:Dnis").api.pool
        with account.portal.recording() as calls:
            assert sorted(pool.known(numbers[:3])) == numbers[:3]
        assert len(calls) <= 6 + 3


class TestWritesInPart:
    """Only the creation of records is all or nothing, as far as the vendor says."""

    def test_a_change_that_was_not_made_everywhere(self, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
        numbers = digits(3)
        records = Managed("ringcx:DnisPool")
        old, new = ([{"dnis": one, "notes": notes} for one in e164(numbers)] for notes in ("old", "new"))
        records.up(numbers=old)
        api = records.provider.api
        update = api.update_pool
        monkeypatch.setattr(api, "update_pool", lambda bodies: update(bodies[:1]))

        with pytest.raises(Partly, match=rf"\+{numbers[1]}: .* notes is 'old' there, not 'new'"):
            records.up(numbers=new)

        assert records.outs["numbers"] == [new[0], *old[1:]]
        monkeypatch.undo()

    def test_the_next_run_does_the_rest(self, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
        numbers = digits(3)
        records = Managed("ringcx:DnisPool")
        wanted = [{"dnis": one, "sms_enabled": True, "vru_network_id": 7} for one in e164(numbers)]
        api = records.provider.api
        with monkeypatch.context() as patch:
            patch.setattr(api, "create_pool", lambda bodies, create=api.create_pool: create(bodies[:1]))
            with pytest.raises(Partly, match=rf"2 of 3 numbers .* \+{numbers[1]}: .* it is not in the pool"):
                records.up(numbers=wanted)
        assert [one["dnis"] for one in records.outs["numbers"]] == e164(numbers[:1])
        assert records.up(numbers=wanted) is True
        assert len(account.portal.records("DnisPool")) == 3
        assert records.up(numbers=wanted) is False

    @pytest.mark.parametrize(
        ("field", "wire", "sent", "kept"),
        [("sms_enabled", "smsEnabled", True, False), ("vru_network_id", "vruNetworkId", 7, 8)],
    )
    def test_another_value_is_never_the_vendors_way_to_write_it(
        self, account: Account, monkeypatch: pytest.MonkeyPatch, field: str, wire: str, sent: Any, kept: Any
    ) -> None:
        answer(monkeypatch, "search_pool", lambda found: ([{**one, wire: kept} for one in found[0]], found[1]))
        answer(monkeypatch, "get_pool", lambda found: {**found, wire: kept})
        one = Managed("ringcx:Dnis")
        with pytest.raises(Partly, match=f"{wire} is {kept} there, not {sent}"):
            one.up(dnis=digits(1)[0], **{field: sent})
        assert STORED_AS not in one.outs

    def test_a_text_in_the_vendors_own_form_is(self, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
        def shouted(found: Any) -> Any:
            return [{**one, "carrier": one.get("carrier", "").upper()} for one in found[0]], found[1]

        answer(monkeypatch, "search_pool", shouted)
        one = Managed("ringcx:Dnis")
        one.up(dnis=digits(1)[0], carrier="Acme")
        assert one.outs[STORED_AS] == {"carrier": "ACME"}
        assert one.up(dnis=digits(1)[0], carrier="Acme") is False
        one.up(dnis=digits(1)[0], carrier="Acme", description="second")
        one.up(dnis=digits(1)[0], carrier="Acme", description="second", on_delete="delete")
        assert one.outs[STORED_AS] == {"carrier": "ACME"}

    @pytest.mark.parametrize("token", ["Dnis", "DnisPool"])
    def test_a_yes_without_a_body_is_a_yes(self, account: Account, token: str) -> None:
        number = digits(1)[0]
        api = provider_for("ringcx:Dnis").api
        one = Managed(f"ringcx:{token}")

        def args(notes: str) -> dict[str, Any]:
            return (
                {"dnis": number, "notes": notes} if token == "Dnis" else {"numbers": [{"dnis": number, "notes": notes}]}
            )

        request = api.request
        with pytest.MonkeyPatch.context() as patch:

            def silent(operation: str, *rest: Any, **options: Any) -> Any:
                said = request(operation, *rest, **options)
                return None if operation in ("NM-03", "NM-04") else said

            patch.setattr(api, "request", silent)
            one.up(**args("old"))
            one.up(**args("new"))
        assert (account.record(number) or {})["notes"] == "new"

    def test_what_cannot_be_read_back_is_looked_at_again(
        self, account: Account, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        number = account.pool(digits(1), notes="old")[0]
        one = Managed("ringcx:Dnis")
        account.portal.faults({"match": {"operation": "NM-02"}, "fault": "status", "code": 403, "after": 1})
        with pytest.raises(Partly, match="what came of it cannot be seen: ringcx: NM-02"):
            one.up(dnis=number, notes="new")
        assert one.id == f"123456/{number}"
        account.portal.change_record("DnisPool", "dnis", number, notes="by hand")
        assert one.up(dnis=number, notes="new") is True
        assert (account.record(number) or {})["notes"] == "new"

    def test_a_delete_that_is_only_said(self, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
        numbers = digits(3)
        records = Managed("ringcx:DnisPool")
        records.up(numbers=[{"dnis": number} for number in e164(numbers)], on_delete="delete")
        monkeypatch.setattr(records.provider.api, "delete_pool_in_bulk", lambda numbers: None)
        with pytest.raises(Incomplete, match="3 of 3 numbers were not deleted, although the vendor said yes"):
            records.destroy()

    def test_numbers_that_are_gone_already_do_not_keep_the_others(
        self, account: Account, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        numbers = digits(3)
        records = Managed("ringcx:DnisPool")
        records.up(numbers=[{"dnis": number} for number in e164(numbers)], on_delete="delete")
        api = records.provider.api
        delete = api.delete_pool_in_bulk

        def after_somebody_else(some: Any) -> None:
            if numbers[0] in some:
                api.delete_pool(numbers[0])
            delete(some)

        monkeypatch.setattr(api, "delete_pool_in_bulk", after_somebody_else)
        records.destroy()
        assert account.portal.records("DnisPool") == []


class TestNumbersThatCannotBeSeen:
    @pytest.fixture
    def profile(self, account: Account) -> str:
        profile = account.profile("Support")
        account.portal.faults({"match": {"operation": "NM-02"}, "fault": "status", "code": 403, "times": 9})
        return profile

    def is_active(self, account: Account) -> Any:
        return account.portal.records("CloudRouteProfile")[0]["isActive"]

    def test_keep_a_profile_on(self, account: Account, profile: str) -> None:
        with pytest.raises(Refused, match=r"whether numbers lead to it cannot be seen .*deactivating-in-use"):
            provider_for("ringcx:Profile").delete(profile, {"name": "Support"})
        assert self.is_active(account) is True

    def test_unless_that_is_approved(self, account: Account, profile: str, monkeypatch: pytest.MonkeyPatch) -> None:
        entry = f'rule = "{DEACTIVATING}"\nobjects = ["profile 1001"]\nfrom = "active"\nto = "inactive"\n'
        with open("approvals.toml", "w") as file:
            file.write(f'[[approval]]\n{entry}reason = "a test"\nticket = "T-1"\nuntil = 2999-12-31\n')
        provider_for("ringcx:Profile").delete(profile, {"name": "Support"})
        assert self.is_active(account) is False

    def test_or_an_emergency(self, account: Account, profile: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("VOICE_ROUTING_BREAK_GLASS", DEACTIVATING)
        provider_for("ringcx:Profile").delete(profile, {"name": "Support"})
        assert self.is_active(account) is False

    def test_by_the_name_of_the_rule(self) -> None:
        assert DEACTIVATING_IN_USE.name == DEACTIVATING


def test_a_tracking_number_is_read_flat_and_else_inside_its_assignment() -> None:
    nested = {"dnis": "13035550100", "isActive": True, "dnisDescription": "nested"}
    live = {"tracId": 1, "active": None, "dnisDescription": "flat", "assignedDnis": nested}
    assert {**live, "active": True, "dnis": "13035550100"} == flat(live)


@pytest.mark.parametrize("number", [[1], {}, "", True, 1.5])
def test_an_owner_that_cannot_be_told_is_not_nobody(number: object) -> None:
    assert Owner.of({"cloudRouteProfile": {"cloudProfileId": None}}) is None
    assert str(Owner.of({"cloudRouteProfile": {"cloudProfileId": 7, "cloudGroupId": [1]}})) == "profile 7"
    with pytest.raises(UnexpectedAnswer, match="a profile answers a number, and its cloudProfileId is no id"):
        Owner.of({"cloudRouteProfile": {"cloudProfileId": number}})
