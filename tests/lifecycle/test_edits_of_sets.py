"""What somebody changed in the portal in one row of a set is not put back unseen by a change of another row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pulumi_voice_routing.errors import Refused
from pulumi_voice_routing.lifecycle import adoption, plugin
from pulumi_voice_routing.lifecycle.portal_edits import OVERWRITE
from pulumi_voice_routing.ringcx.client import ringcx_client
from tests.approvals import filled_in
from tests.emulated import Emulated, Json, operations, settings_for
from tests.examples import ref
from tests.numbers.account import Account, digits, e164
from tests.numbers.resources import Managed, Values

GROUP = "/cloudRouteDestinationGroups/1000/cloudRouteDestinations"
SEEN = "was changed by somebody since the last look"


@pytest.fixture(autouse=True)
def the_emulator_is_the_vendor(emulator: Emulated, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in settings_for(emulator.url).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    _forget()


def refused(emulator: Emulated, one: Managed, **args: Any) -> str:
    """The line, and nothing was sent."""
    _forget()
    with emulator.recording() as calls, pytest.raises(Refused) as caught:
        one.up(**args)
    assert set(operations(calls, writes=True)) <= {"CR-17"}  # which exports hours
    return str(caught.value)


def _forget() -> None:
    adoption.ours.clear()
    ringcx_client().listings.clear()
    ringcx_client().pool.forget()


class TestOverrides:
    @pytest.fixture
    def destination(self, emulator: Emulated) -> str:
        return emulator.destination("Desk")

    @pytest.fixture
    def ours(self, destination: str) -> Managed:
        ours = Managed("ringcx:DnisOverrides")
        rows = [{"dnis": f"+1303555019{last}", "target": "+13035551999"} for last in range(3)]
        ours.up(destination=ref("1000", destination), overrides=rows)
        return ours

    def rows(self, *targets: str) -> list[Values]:
        return [{"dnis": f"+1303555019{last}", "target": target} for last, target in enumerate(targets)]

    def edit(self, emulator: Emulated, destination: str, last: int, target: str) -> None:
        (one,) = [one for one in emulator.overrides(destination) if one["dnis"].endswith(f"19{last}")]
        path = f"{GROUP}/{destination}/dnisOverrides/{one['destOverrideId']}"
        body = {"dnis": one["dnis"], "routeDestination": target}
        emulator.api("PUT", path, body, params={"cloudDestinationType": "DID"})

    def test_another_target(self, emulator: Emulated, destination: str, ours: Managed) -> None:
        self.edit(emulator, destination, 0, "13035551777")
        said = refused(
            emulator,
            ours,
            destination=ref("1000", destination),
            overrides=self.rows("+13035551999", "+13035551888", "+13035551999"),
        )
        assert f"the override of +13035550190 of DNIS overrides {ref('1000', destination)} {SEEN}" in said
        assert "+13035551777 there, +13035551999 in the program" in said

    def test_one_that_is_gone(self, emulator: Emulated, destination: str, ours: Managed) -> None:
        (one,) = [one for one in emulator.overrides(destination) if one["dnis"].endswith("190")]
        emulator.api("DELETE", f"{GROUP}/{destination}/dnisOverrides/{one['destOverrideId']}")
        rows = self.rows("+13035551999", "+13035551888", "+13035551999")
        said = refused(emulator, ours, destination=ref("1000", destination), overrides=rows)
        assert "nothing there, +13035551999 in the program" in said

    def test_one_that_the_program_takes_out(self, emulator: Emulated, destination: str, ours: Managed) -> None:
        self.edit(emulator, destination, 0, "13035551777")
        rows = self.rows("+13035551999", "+13035551999", "+13035551999")[1:]
        said = refused(emulator, ours, destination=ref("1000", destination), overrides=rows)
        assert "+13035551777 there, nothing in the program" in said

    def test_what_the_program_says_by_now_is_fine(self, emulator: Emulated, destination: str, ours: Managed) -> None:
        self.edit(emulator, destination, 0, "13035551777")
        _forget()
        ours.up(
            destination=ref("1000", destination),
            overrides=self.rows("+13035551777", "+13035551888", "+13035551999"),
        )
        assert len(emulator.overrides(destination)) == 3

    def test_a_refresh_or_an_approval_lets_it_pass(
        self, emulator: Emulated, destination: str, ours: Managed, tmp_path: Path
    ) -> None:
        self.edit(emulator, destination, 0, "13035551777")
        wanted: Values = {
            "destination": ref("1000", destination),
            "overrides": self.rows("+13035551999", "+13035551888", "+13035551999"),
        }
        said = refused(emulator, ours, **wanted)
        (tmp_path / "approvals.toml").write_text(filled_in(said), encoding="utf-8")
        ours.up(**wanted)
        targets = {one["dnis"][-1]: one["routeDestination"] for one in emulator.overrides(destination)}
        assert targets == {"0": "13035551999", "1": "13035551888", "2": "13035551999"}


def by_hour(profile: str, desk: str, site: str, share: int) -> Values:
    """The hours of a profile with two destinations, of which one has this share all day."""
    rows = [{"destination": ref("1000", desk), "percent": [share] * 24}]
    rows.append({"destination": ref("1000", site), "percent": [100 - share] * 24})
    return {"profile": ref("1000", profile), "hours": rows}


def test_hours(emulator: Emulated) -> None:
    desk, site = emulator.destination("Desk"), emulator.destination("Site")
    profile = emulator.profile("Support", percentAllocType="HOURLY")
    for rank, one in enumerate((desk, site), 1):
        emulator.assign(profile, one, 50, rank)

    ours, by_hand = Managed("ringcx:AllocationHours"), Managed("ringcx:AllocationHours")
    ours.up(**by_hour(profile, desk, site, 60))
    by_hand.up(**by_hour(profile, desk, site, 70))

    said = refused(emulator, ours, **by_hour(profile, desk, site, 80))

    assert f"the hours of destination {desk} of " in said
    assert SEEN in said
    ours.refresh()
    ours.up(**by_hour(profile, desk, site, 80))


def test_hours_that_nobody_has_set_follow_the_day(emulator: Emulated) -> None:
    """A program that changes both, the day first, is not told of somebody's edit: it was its own."""
    desk, site = emulator.destination("Desk"), emulator.destination("Site")
    profile = emulator.profile("Support")

    def shares(share: int) -> Values:
        rows = [{"destination": ref("1000", desk), "allocation_percent": share}]
        rows.append({"destination": ref("1000", site), "allocation_percent": 100 - share})
        return {"profile": ref("1000", profile), "destinations": rows}

    day, hours = Managed("ringcx:ProfileDestinations"), Managed("ringcx:AllocationHours")
    day.up(**shares(60))
    hours.up(**by_hour(profile, desk, site, 60))
    assert not [one for one in emulator.records("CloudRouteAssignedDestination") if one.get("allocationPercentHours")]
    _forget()

    day.up(**shares(70))
    hours.up(**by_hour(profile, desk, site, 80))

    said = [one["allocationPercentHours"] for one in emulator.records("CloudRouteAssignedDestination")]
    assert sorted(said) == sorted([",".join(["80"] * 24), ",".join(["20"] * 24)])


def test_inputs_that_the_program_does_not_change_stay(emulator: Emulated) -> None:
    service = emulator.http_service("CRM")

    def declared(first: str, *more: Values) -> Values:
        inputs = [{"name": "ani", "value": first}, {"name": "dnis", "value": "none"}, *more]
        return {"service": ref("1000", service), "inputs": inputs}

    ours, by_hand = Managed("ringcx:HttpServiceInputs"), Managed("ringcx:HttpServiceInputs")
    ours.up(**declared("none"))
    by_hand.up(**{**declared("by hand", {"name": "added"}), "adopt": True})
    _forget()

    ours.up(service=ref("1000", service), inputs=[{"name": "ani", "value": "none"}, {"name": "dnis", "value": "new"}])

    held = {one["name"]: one.get("value") or "" for one in emulator.records("RemoteHttpServiceInput")}
    assert held == {"ani": "by hand", "dnis": "new", "added": ""}
    assert [one["name"] for one in ours.outs["inputs"]] == ["ani", "dnis", "added"]


class TestNumbers:
    @pytest.fixture
    def account(self, emulator: Emulated) -> Account:
        return Account(emulator)

    def test_records(self, emulator: Emulated, account: Account) -> None:
        numbers = account.pool(digits(3))
        ours, by_hand = Managed("ringcx:DnisPool"), Managed("ringcx:DnisPool")

        def declared(*fields: Values) -> Values:
            return {"numbers": [{"dnis": one, **more} for one, more in zip(e164(numbers), fields, strict=True)]}

        plain: Values = {"notes": "ours", "platform_id": "A"}
        ours.up(**declared(plain, plain, plain))
        by_hand.up(**declared({**plain, "notes": "by hand"}, plain, plain))
        _forget()
        ours.up(**declared(plain, {**plain, "notes": "new"}, plain))
        held = {one["dnis"]: one["notes"] for one in emulator.records("DnisPool") if one["dnis"] in numbers}
        assert list(held.values()) == ["by hand", "new", "ours"]

        by_hand.up(**declared(plain, plain, {**plain, "platform_id": "B"}))
        said = refused(emulator, ours, **declared(plain, {**plain, "notes": "newer"}, plain))
        assert f"platform_id of {e164(numbers)[2]} of the pool of account" in said
        assert "B there, A in the program" in said

    def test_an_assignment_that_was_switched_off(self, emulator: Emulated, account: Account) -> None:
        profile, numbers = account.profile("Support"), account.pool(digits(2))
        ours = Managed("ringcx:DnisAssignments")
        wanted: Values = {"numbers": e164(numbers), "profile": profile, "active": True}
        ours.up(**wanted)
        account.give(numbers[:1], f"profile {profile.rpartition('/')[2]}", active=False)

        said = refused(emulator, ours, **wanted, description="new")

        assert f"active of {e164(numbers)[0]} of the assignments to profile" in said
        assert "false there, true in the program" in said

    def test_an_assignment_that_was_taken_away(self, emulator: Emulated, account: Account) -> None:
        profile, numbers = account.profile("Support"), account.pool(digits(1))
        ours = Managed("ringcx:DnisAssignment")
        wanted: Values = {"dnis": e164(numbers)[0], "profile": profile}
        ours.up(**wanted)
        emulator.manage("DELETE", f"/voice/api/v1/admin/utilities/tnManager/assignedDnis/{numbers[0]}")

        said = refused(emulator, ours, **wanted, description="new")

        assert f"the owner of {e164(numbers)[0]}" in said
        assert OVERWRITE in said


def test_what_goes_live_beside_something_that_was_switched_off(emulator: Emulated) -> None:
    desk, site = emulator.destination("Desk"), emulator.destination("Site")
    target: Json = {"kind": "destination", "id": ref("1000", desk)}
    ours = Managed("ringcx:Activation")
    ours.up(targets=[target])
    emulator.switch("Destination", desk, on=False)

    said = refused(emulator, ours, targets=[target, {"kind": "destination", "id": ref("1000", site)}])

    assert f"destination {ref('1000', desk)} of activation" in said
    assert "inactive there, active in the program" in said


def test_what_decides_nothing_stays_in_rows_that_the_program_does_not_change(
    emulator: Emulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, site = emulator.destination("Desk"), emulator.destination("Site")
    profile = emulator.profile("Support")

    def declared(share: int, caller_id: str) -> Values:
        first = {"destination": ref("1000", desk), "allocation_percent": share, "outbound_caller_id": caller_id}
        second = {"destination": ref("1000", site), "allocation_percent": 100 - share}
        return {"profile": ref("1000", profile), "destinations": [first, second]}

    ours = Managed("ringcx:ProfileDestinations")
    ours.up(**declared(60, "+13035550100"))
    by_hand = Managed("ringcx:ProfileDestinations")
    by_hand.up(**declared(60, "+13035550101"), adopt=True)
    _forget()

    ours.up(**declared(70, "+13035550100"))

    held = {str(one["cloudDestination"]["cloudDestinationId"]): one for one in emulator.assigned(profile)}
    assert held[desk]["allocationPercent"] == 70
    assert held[desk]["outboundCallerId"].endswith("3035550101")
    assert ours.outs["destinations"][0]["outbound_caller_id"].endswith("3035550101")

    # What the program leaves to others is not written at all.
    monkeypatch.setattr(plugin, "ignored", lambda: frozenset({"destinations"}))
    _forget()
    with emulator.recording() as calls:
        ours.up(**declared(10, "+13035550100"))
    assert operations(calls, writes=True) == []


def test_a_number_that_is_left_to_others_keeps_its_owner(emulator: Emulated, monkeypatch: pytest.MonkeyPatch) -> None:
    account = Account(emulator)
    ours, theirs = account.profile("Support"), account.profile("Sales")
    (number,) = account.pool(digits(1))
    one = Managed("ringcx:DnisAssignment")
    one.up(dnis=f"+{number}", profile=ours, description="old")
    account.move([number], f"profile {theirs.rpartition('/')[2]}")
    monkeypatch.setattr(plugin, "ignored", lambda: frozenset({"profile"}))
    _forget()

    one.up(dnis=f"+{number}", profile=ours, description="new")

    assert account.owners()[number] == f"profile {theirs.rpartition('/')[2]}"
    record = emulator.manage("GET", f"/voice/api/v1/admin/utilities/tnManager/dnisPool/{number}")
    assert record["assignedDnis"]["dnisDescription"] == "new"


@pytest.mark.parametrize("given", ["numbers", "file"])
def test_records_that_are_left_to_others_stay_as_they_are(
    given: str, emulator: Emulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    (number,) = Account(emulator).pool(digits(1))
    rows: Values = {
        "numbers": [{"dnis": f"+{number}", "carrier": "ours", "notes": "ours"}],
        "file": f"dnis,carrier,notes\n{number},ours,ours\n",
    }
    pool = Managed("ringcx:DnisPool")
    pool.up(**{given: rows[given]})
    emulator.change_record("DnisPool", "dnis", number, carrier="theirs", notes="theirs")
    monkeypatch.setattr(plugin, "ignored", lambda: frozenset({given}))
    _forget()

    with emulator.recording() as calls:
        pool.up(**{given: rows[given], "on_delete": "deactivate"})

    assert operations(calls, writes=True) == []
    assert pool.outs["on_delete"] == "deactivate"
