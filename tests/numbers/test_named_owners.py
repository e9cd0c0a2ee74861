"""Approvals may name a profile within its group: exactly, and only where one profile has the name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pulumi_voice_routing.errors import SettingsError
from pulumi_voice_routing.permission.approvals import REASSIGN, Approvals, Change
from pulumi_voice_routing.permission.owner_names import NamedOwner, OwnerNames
from pulumi_voice_routing.plan.facts import Resource
from pulumi_voice_routing.plan.owner_names import names_in
from pulumi_voice_routing.ringcx import account
from tests.drift.states import forget_clients
from tests.emulated import Emulated

NUMBER = "+13035550100"
KNOWN = [
    NamedOwner("Denver", "Day", "1001"),
    NamedOwner("Denver", "Night", "1002"),
    NamedOwner("Vail", "Night", "1003"),
]


def approvals(from_: str, to: str, folder: Path) -> Approvals:
    file = folder / "approvals.toml"
    file.write_text(
        f"[[approval]]\nrule = '{REASSIGN}'\nobjects = ['{NUMBER}']\nfrom = {json.dumps(from_)}\n"
        f"to = {json.dumps(to)}\n"
        "reason = 'r'\nticket = 't'\nuntil = 2999-12-31\n"
    )
    return Approvals.read(file)


def move(to: str) -> Change:
    return Change(REASSIGN, NUMBER, "profile 1001", to)


@pytest.mark.parametrize(
    ("from_", "to", "allowed"),
    [
        ('profile "Day" in "Denver"', 'profile "Night" in "Denver"', {"profile 1002"}),
        ("profile 1001", 'profile "Night" in "Vail"', {"profile 1003"}),
        ('profile "Day" in "Denver"', "profile 1003", {"profile 1003"}),
        ('profile "Night" in "Denver"', "profile 1003", set()),
        ('profile "day" in "Denver"', "profile 1003", set()),
        ('profile "Day " in "Denver"', "profile 1003", set()),
        ('profile "Day" in "Vail"', "profile 1003", set()),
    ],
)
def test_a_name_is_the_profile_that_has_it_and_no_other(from_: str, to: str, allowed: set[str], tmp_path: Path) -> None:
    given = approvals(from_, to, tmp_path).resolved(lambda: OwnerNames(KNOWN))
    assert {one for one in ("profile 1002", "profile 1003", "profile 1004") if given.allow(move(one))} == allowed


def test_two_of_one_name_are_nobody(tmp_path: Path) -> None:
    twins = [*KNOWN, NamedOwner("Denver", "Night", "1009")]
    given = approvals("profile 1001", 'profile "Night" in "Denver"', tmp_path).resolved(lambda: OwnerNames(twins))
    assert not given.allow(move("profile 1002"))
    assert "there are 2 of them (1002, 1009), so that it takes the id" in given.why_not(move("profile 1002"))


def test_nobody_of_the_name(tmp_path: Path) -> None:
    given = approvals("profile 1001", 'profile "Evening" in "Denver"', tmp_path).resolved(lambda: OwnerNames(KNOWN))
    assert "no such profile is known here" in given.why_not(move("profile 1002"))


def test_names_are_asked_for_where_an_approval_has_one(tmp_path: Path) -> None:
    def asked() -> OwnerNames:
        raise AssertionError("nobody is named")

    assert approvals("profile 1001", "profile 1002", tmp_path).resolved(asked).allow(move("profile 1002"))


@pytest.mark.parametrize("said", ["profile 'New '", "profile \"Bob's\" of route group 'West'", "profile 1002"])
def test_how_the_package_tells_owners_is_an_approval(said: str, tmp_path: Path) -> None:
    assert approvals("profile 1001", said, tmp_path).allow(move(said))


@pytest.mark.parametrize("said", ['profile "Day"', 'queue "Day" in "Denver"', 'profile "a" of "b"', 'profile "" in ""'])
def test_what_is_no_name_is_one_line(said: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="entry 1: to names an owner, and must be an id, or a profile such as"):
        approvals("profile 1001", said, tmp_path)


def test_a_state_tells_names_of_profiles_whose_group_it_has() -> None:
    group = Resource("ringcx:RouteGroup", "g", "urn:g", {"name": "Denver"}, "1/1000")
    inside = Resource("ringcx:Profile", "p", "urn:p", {"name": "Day", "group_id": "1/1000"}, "1/1000/1001")
    elsewhere = Resource("ringcx:Profile", "q", "urn:q", {"name": "Day", "group_id": "1/2000"}, "1/2000/1002")
    names = names_in([group, inside, elsewhere])
    assert names.meant('profile "Day" in "Denver"') == ("profile 1001", "")
    assert names.meant("queue 1000") == ("queue 1000", "")


@pytest.fixture
def in_the_account(
    emulator: Emulated, emulator_env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Emulated]:
    for name, value in emulator_env.items():
        monkeypatch.setenv(name, value)
    forget_clients()
    yield emulator
    forget_clients()


def test_the_account_tells_names_by_one_list(in_the_account: Emulated) -> None:
    group = in_the_account.group("Denver")
    profile = in_the_account.profile("Day", group)
    with in_the_account.recording() as calls:
        names = account._names()
    assert names.meant('profile "Day" in "Denver"') == (f"profile {profile}", "")
    assert len(calls) == 1
