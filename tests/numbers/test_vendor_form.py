"""What is sent and what is compared: one form for each field of the vendor, and no form is drift."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from pulumi_voice_routing.errors import DeclarationError
from pulumi_voice_routing.lifecycle import adoption
from tests.emulated import Json, operations
from tests.numbers.account import Account
from tests.numbers.resources import Failed, Managed

DIGITS, NUMBER = "13035551234", "+13035551234"
FORMS = ["13035551234", "+13035551234", "+1 (303) 555-1234", "1-303-555-1234"]
GROUP = "123456/1000"


def sent(calls: list[Json], *named: str) -> list[Any]:
    return [call["request"] for call in calls if call["operation"] in named]


@pytest.mark.parametrize("kind", ["DID", "IN_NETWORK_DID"])
@pytest.mark.parametrize("written", FORMS)
def test_a_destination(account: Account, kind: str, written: str) -> None:
    destination = Managed("ringcx:Destination")
    with account.portal.recording() as calls:
        destination.up(group_id=GROUP, name="Denver", kind=kind, target=written)
        destination.up(group_id=GROUP, name="Denver", kind=kind, target=written, description="new")
    assert [body["routeDestination"] for body in sent(calls, "CR-04", "CR-06")] == [DIGITS, DIGITS]
    for form in FORMS:
        assert destination.up(group_id=GROUP, name="Denver", kind=kind, target=form, description="new") is False
    assert destination.refresh()["target"] == NUMBER
    assert destination.outs["target"] == NUMBER


@pytest.mark.parametrize("there", [DIGITS, NUMBER])
def test_a_destination_that_is_adopted_is_left_as_it_is(account: Account, there: str) -> None:
    adoption.ours.clear()  # another run of the program is another process
    account.portal.destination("Denver", routeDestination=there)
    destination = Managed("ringcx:Destination")
    with account.portal.recording() as calls:
        destination.up(group_id=GROUP, name="Denver", kind="DID", target=NUMBER, adopt=True)
    assert "CR-06" not in operations(calls)
    assert destination.refresh()["target"] == NUMBER
    # Once something is written, it is written in the one form.
    with account.portal.recording() as calls:
        destination.up(group_id=GROUP, name="Denver", kind="DID", target=NUMBER, description="new", adopt=True)
    assert [body["routeDestination"] for body in sent(calls, "CR-06")] == [DIGITS]


@pytest.mark.parametrize(("kind", "target"), [("SIP", "sip:line@pbx.example"), ("ACD", "1000"), ("STANDARD", "Main")])
def test_other_destinations(account: Account, kind: str, target: str) -> None:
    destination = Managed("ringcx:Destination")
    with account.portal.recording() as calls:
        destination.up(group_id=GROUP, name="Denver", kind=kind, target=target)
    assert [body["routeDestination"] for body in sent(calls, "CR-04")] == [target]
    assert destination.refresh()["target"] == target


@pytest.mark.parametrize("written", FORMS)
def test_an_override(account: Account, written: str) -> None:
    at = f"{GROUP}/{account.portal.destination('Denver')}"
    override = Managed("ringcx:DnisOverride")
    with account.portal.recording() as calls:
        override.up(destination=at, dnis="+13035550100", target=written)
        override.up(destination=at, dnis="+13035550100", target=written, country_id="1")
    assert {(body["dnis"], body["routeDestination"]) for body in sent(calls, "CR-20", "CRb-13")} == {
        ("13035550100", DIGITS)
    }
    for form in FORMS:
        assert override.up(destination=at, dnis="+13035550100", target=form, country_id="1") is False
    assert override.refresh()["target"] == written
    assert override.up(destination=at, dnis="13035550100", target=written, country_id="1") is False


@pytest.mark.parametrize("spoilt", ["3035551234", "sip:line@pbx.example"])
def test_an_override_that_its_destination_cannot_have(account: Account, spoilt: str) -> None:
    at = f"{GROUP}/{account.portal.destination('Denver')}"
    of_sip = account.portal.destination("Pool", destinationType="SIP", routeDestination="sip:a@pbx.example")
    with account.portal.recording() as calls, pytest.raises(DeclarationError, match="its destination is of kind DID"):
        Managed("ringcx:DnisOverride").up(destination=at, dnis="+13035550100", target=spoilt)
    assert "CR-20" not in operations(calls)
    # Another kind takes it.
    Managed("ringcx:DnisOverride").up(destination=f"{GROUP}/{of_sip}", dnis="+13035550100", target=spoilt)


@pytest.mark.parametrize("written", FORMS)
def test_many_overrides(account: Account, written: str) -> None:
    at = f"{GROUP}/{account.portal.destination('Denver')}"
    overrides = Managed("ringcx:DnisOverrides")
    overrides.up(destination=at, overrides=[{"dnis": "+13035550100", "target": written}])
    (record,) = account.portal.records("CloudRouteDestinationOverride")
    assert (record["dnis"], record["routeDestination"]) == ("13035550100", DIGITS)
    for form in FORMS:
        assert overrides.up(destination=at, overrides=[{"dnis": "13035550100", "target": form}]) is False
    overrides.refresh()
    assert overrides.up(destination=at, overrides=[{"dnis": "+13035550100", "target": written}]) is False
    with account.portal.recording() as calls:
        overrides.up(destination=at, overrides=[{"dnis": "+13035550100", "target": "+1 303 555 9999"}])
    assert [body["routeDestination"] for body in sent(calls, "CRb-13")] == ["13035559999"]


@pytest.mark.parametrize("written", FORMS)
def test_a_target_in_a_profile(account: Account, written: str) -> None:
    profile = f"{GROUP}/{account.portal.profile('Support')}"
    destination = f"{GROUP}/{account.portal.destination('Denver')}"
    entry = {"destination": destination, "allocation_percent": 100, "override": True, "target": written}
    links = Managed("ringcx:ProfileDestinations")
    links.up(profile=profile, destinations=[entry])
    (record,) = account.portal.records("CloudRouteAssignedDestination")
    assert record["routeDestination"] == DIGITS
    assert links.refresh()["destinations"][0]["target"] == written
    assert links.up(profile=profile, destinations=[entry]) is False


def test_a_file_of_numbers_is_sent_in_digits(account: Account) -> None:
    pool, text = Managed("ringcx:DnisPool"), "dnis,notes\n+1 303 555 0100,a\n1-303-555-0101,b\n"
    with account.portal.recording() as calls:
        pool.up(file=text)
    assert "NM-05" in operations(calls)
    assert sorted(account.portal.state()["objects"]["DnisPool"], key=lambda one: one["dnis"])[0]["dnis"].isdigit()
    assert pool.refresh()["file"] == text
    account.portal.change_record("DnisPool", "dnis", "13035550101", notes="by hand")
    pool.provider.api.pool.forget()
    kept = list(csv.reader(io.StringIO(pool.refresh()["file"])))
    assert kept == [["dnis", "notes"], ["13035550100", "a"], ["13035550101", "by hand"]]
    assert pool.up(file=text) is True
    assert pool.up(file="dnis,notes\n+13035550101,b\n13035550100,a\n") is False


def test_numbers_of_a_file_and_of_a_list_clash(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    urn = "urn:pulumi:dev::lines::pulumi-python:dynamic/ringcx:{}::{}"
    monkeypatch.setattr("pulumi_voice_routing.lifecycle.plugin.urn", lambda: urn.format("Dnis", "one"))
    Managed("ringcx:Dnis").provider.check({}, {"dnis": "+13035550101"})
    monkeypatch.setattr("pulumi_voice_routing.lifecycle.plugin.urn", lambda: urn.format("DnisPool", "many"))
    with pytest.raises(Failed, match=r"file: line 3: \+13035550101 is declared by ringcx:DnisPool 'many'"):
        Managed("ringcx:DnisPool").up(file="dnis\n+13035550100\n1-303-555-0101\n")


# Sets without entries


def owner(account: Account, kind: str) -> str:
    portal = account.portal
    number = {
        "destination": lambda: portal.destination("Denver"),
        "profile": lambda: portal.profile("Support"),
        "service": lambda: portal.http_service("CRM"),
    }[kind]()
    return f"{GROUP}/{number}"


EMPTY: dict[str, tuple[str, str, Any]] = {
    "a pool": ("ringcx:DnisPool", "", {"numbers": []}),
    "a pool of a file": ("ringcx:DnisPool", "", {"file": "dnis,notes\n"}),
    "assignments": ("ringcx:DnisAssignments", "", {"numbers": [], "queue_id": "1000"}),
    "overrides": ("ringcx:DnisOverrides", "destination", {"overrides": []}),
    "destinations": ("ringcx:ProfileDestinations", "profile", {"destinations": []}),
    "inputs": ("ringcx:HttpServiceInputs", "service", {"inputs": []}),
}


@pytest.mark.parametrize("what", EMPTY)
def test_a_set_without_entries_is_there(account: Account, what: str) -> None:
    token, kind, entries = EMPTY[what]
    args = {kind: owner(account, kind), **entries} if kind else entries
    empty = Managed(token)
    assert empty.up(**args) is True
    made = empty.id
    for _ in range(2):
        assert empty.refresh() == args
        assert empty.id == made
        assert empty.up(**args) is False
    empty.destroy()


def test_overrides_that_others_made_are_no_drift_of_an_empty_set(account: Account) -> None:
    destination = account.portal.destination("Denver")
    empty = Managed("ringcx:DnisOverrides")
    args = {"destination": f"{GROUP}/{destination}", "overrides": []}
    empty.up(**args)
    account.portal.override(destination, "13035550100", DIGITS)
    empty.provider.api.listings.clear()
    assert empty.refresh() == args
    assert empty.up(**args) is False


def test_entries_that_others_made_are_drift_of_an_empty_set_that_owns_all(account: Account) -> None:
    profile = account.portal.profile("Support")
    empty = Managed("ringcx:ProfileDestinations")
    empty.up(profile=f"{GROUP}/{profile}", destinations=[])
    account.portal.assign(profile, account.portal.destination("Denver"), 100, rank=1)
    empty.provider.api.listings.clear()
    assert len(empty.refresh()["destinations"]) == 1


def test_a_pool_that_has_lost_its_numbers_is_gone(account: Account) -> None:
    pool = Managed("ringcx:DnisPool")
    pool.up(numbers=[{"dnis": "+13035550100"}])
    state = account.portal.state()
    state["objects"]["DnisPool"] = []
    account.portal.put_state(state)
    pool.provider.api.pool.forget()
    pool.refresh()
    assert not pool.id


# Numbers that are certain only with their plus sign, and that vendors write without it

RARE = ["+353209100111", "+2025550100", "+612345678", "+4532123456"]


def declared(number: str, at: str) -> dict[str, dict[str, Any]]:
    """Every type that holds a number, with this one; ``at`` is a destination."""
    return {
        "ringcx:Destination": {"group_id": GROUP, "name": "Denver", "kind": "DID", "target": number},
        "ringcx:DnisOverride": {"destination": at, "dnis": number, "target": number},
        "ringcx:DnisOverrides": {"destination": at, "overrides": [{"dnis": number, "target": number}]},
        "ringcx:Dnis": {"dnis": number, "notes": "a"},
        "ringcx:DnisPool": {"numbers": [{"dnis": number, "notes": "a"}]},
        "ringcx:DnisAssignment": {"dnis": number, "queue_id": "1000", "active": False},
        "ringcx:DnisAssignments": {"numbers": [number], "queue_id": "1000", "active": False},
        "ringcx:TrackingNumber": {"group_id": GROUP, "dnis": number},
        "ringex:ForwardingNumber": {"extension_id": "~", "type": "Other", "label": number, "phone_number": number},
    }


@pytest.mark.parametrize("token", declared("", ""))
@pytest.mark.parametrize("number", RARE)
def test_what_vendors_write_without_its_plus_sign_is_the_same(account: Account, number: str, token: str) -> None:
    """Strict is what programs are read with: what was declared once comes back as it was."""
    args = declared(number, f"{GROUP}/{account.portal.destination('Desk')}")[token]
    if "Assignment" in token or "Tracking" in token:
        account.pool([number.removeprefix("+")])
    one = Managed(token)
    one.up(**args)
    seen = one.refresh()
    assert {name: seen[name] for name in args if name != "extension_id"} == {
        name: value for name, value in args.items() if name != "extension_id"
    }
    assert one.up(**args) is False


@pytest.mark.parametrize("number", RARE)
def test_it_is_found_when_it_is_adopted(account: Account, number: str) -> None:
    adoption.ours.clear()
    destination = account.portal.destination("Desk")
    account.portal.override(destination, number.removeprefix("+"), DIGITS)
    override = Managed("ringcx:DnisOverride")
    with account.portal.recording() as calls:
        override.up(destination=f"{GROUP}/{destination}", dnis=number, target=NUMBER, adopt=True)
    assert "CR-20" not in operations(calls)
    assert override.refresh()["dnis"] == number


def test_a_file_holds_it_without_its_plus_sign(account: Account) -> None:
    pool = Managed("ringcx:DnisPool")
    text = "dnis,notes\n" + "".join(f"{number},a\n" for number in RARE)
    pool.up(file=text)
    account.portal.change_record("DnisPool", "dnis", RARE[0][1:], notes="by hand")
    pool.provider.api.pool.forget()
    assert f"{RARE[0][1:]},by hand" in pool.refresh()["file"]  # the state's own file
    assert pool.up(file=text) is True
    assert pool.up(file=text) is False
    pool.destroy()
