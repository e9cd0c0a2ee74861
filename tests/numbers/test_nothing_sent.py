"""What is refused is refused before anything is sent, also where one resource writes to many objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pulumi_voice_routing.errors import Refused
from pulumi_voice_routing.lifecycle.provider import Partly
from pulumi_voice_routing.ringcx.client import RingCX
from pulumi_voice_routing.ringcx.numbers import moves as assigning
from tests.emulated import operations
from tests.numbers.account import Account, digits, e164
from tests.numbers.resources import Managed

SWITCHES = {"CR-08", "CR-13"}


def test_an_activation_whose_profile_is_dialled_switches_nothing_off(account: Account) -> None:
    free, dialled = account.profile("Free"), account.profile("Dialled")
    desks = [f"123456/1000/{one['cloudDestinationId']}" for one in account.portal.records("CloudRouteDestination")]
    live = Managed("ringcx:Activation")
    targets = [*({"kind": "profile", "id": one} for one in (dialled, free))]
    targets += [{"kind": "destination", "id": one} for one in desks]
    live.up(targets=targets)
    account.give(account.pool(digits(1)), "profile 1002")
    account.portal.forget_journal()

    with pytest.raises(Refused, match="profile 1002 stays active: numbers that callers dial lead to it"):
        live.destroy()
    assert SWITCHES & set(operations(account.portal.journal())) == set()

    account.portal.manage("DELETE", f"/voice/api/v1/admin/utilities/tnManager/assignedDnis/{digits(1)[0]}")
    live.destroy()
    assert [one for one in account.portal.records("CloudRouteDestination") if one["isActive"]] == []


class TestTheLastRuleOfATrackingNumber:
    """Without any rule its calls end nowhere."""

    @pytest.fixture
    def rules(self, account: Account) -> list[Managed]:
        """Two rules of a tracking number that callers reach."""
        (number,) = account.pool(digits(1))
        tracking = f"123456/1000/{account.tracking_number(number)}"
        made = []
        for rank in (1, 2):
            rule = Managed("ringcx:TrackingRoutingRule")
            rule.up(tracking_number=tracking, rank=rank, kind="STANDARD", destination="+13035550199")
            made.append(rule)
        return made

    def test_stays(self, account: Account, rules: list[Managed]) -> None:
        rules[0].destroy()
        with pytest.raises(Refused, match="from tracking number 1001 to inactive"):
            rules[1].destroy()
        assert operations(account.portal.journal()).count("NMb-23") == 1

    def test_goes_with_permission(
        self, account: Account, rules: list[Managed], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("VOICE_ROUTING_BREAK_GLASS", "release-active-dnis")
        for rule in rules:
            rule.destroy()
        assert account.portal.records("TracRoutingRule") == []


@pytest.mark.parametrize(
    ("module", "step"),
    [
        (assigning, "_unassign"),
        (RingCX, "update_pool_in_bulk"),
        (RingCX, "delete_pool_in_bulk"),
    ],
    ids=["release", "deactivate", "delete"],
)
def test_a_number_that_somebody_takes_between_two_calls_is_left_alone(
    module: Any, step: str, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOICE_ROUTING_BREAK_GLASS", "release-active-dnis")
    monkeypatch.setenv("RINGCX_NUMBERS_PER_CALL", "2")
    numbers = account.pool(digits(4))
    many = _records(account, numbers, step)
    real: Callable[..., Any] = getattr(module, step)

    def then_somebody_takes_the_others(*arguments: Any) -> Any:
        done = real(*arguments)
        take = account.move if step == "_unassign" else account.give
        take(numbers[2:], "queue 1000")
        return done

    monkeypatch.setattr(module, step, then_somebody_takes_the_others)

    with pytest.raises((Refused, Partly), match="while other numbers changed hands"):
        many.destroy()
    assert [account.owners()[number] for number in numbers[2:]] == ["queue 1000"] * 2
    assert all((account.record(number) or {})["active"] is not False for number in numbers[2:])


def _records(account: Account, numbers: list[str], step: str) -> Managed:
    if step == "_unassign":
        many = Managed("ringcx:DnisAssignments")
        many.up(numbers=e164(numbers), profile=account.profile("First"))
        return many
    many = Managed("ringcx:DnisPool")
    on_delete = "delete" if step == "delete_pool_in_bulk" else "deactivate"
    many.up(numbers=[{"dnis": number} for number in e164(numbers)], on_delete=on_delete)
    return many
