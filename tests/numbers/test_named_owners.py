"""Approvals may name objects within their groups: exactly, and only where one object has the name."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pulumi_voice_routing.commands.gate.verdict import _names
from pulumi_voice_routing.errors import SettingsError, VoiceRoutingError
from pulumi_voice_routing.permission.approvals import REASSIGN, Approvals, Change
from pulumi_voice_routing.permission.owner_names import Named, Names
from pulumi_voice_routing.plan.facts import Facts, Resource
from pulumi_voice_routing.plan.owner_names import names_in
from pulumi_voice_routing.ringcx.owner_names import account_names
from tests.drift.states import forget_clients
from tests.emulated import Emulated
from tests.numbers.account import Account

NUMBER = "+13035550100"
KNOWN = [
    Named("profile", "Day", "1001", "Denver"),
    Named("profile", "Night", "1002", "Denver"),
    Named("profile", "Night", "1003", "Vail"),
    Named("profile", 'Say "hi" in "Rome"', "1004", "Vail"),
    Named("queue", "Support", "2000"),
    Named("Visual IVR", "Main menu", "2001"),
    Named("destination", "Day", "3001", "Denver"),
    Named("route group", "Denver", "4000"),
    Named("http service group", "Denver", "5000"),
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
    given = approvals(from_, to, tmp_path).resolved(lambda: Names.of(KNOWN))
    assert {one for one in ("profile 1002", "profile 1003", "profile 1004") if given.allow(move(one))} == allowed


def test_two_of_one_name_are_nobody(tmp_path: Path) -> None:
    twins = [*KNOWN, Named("profile", "Night", "1009", "Denver")]
    given = approvals("profile 1001", 'profile "Night" in "Denver"', tmp_path).resolved(lambda: Names.of(twins))
    assert not given.allow(move("profile 1002"))
    assert "there are 2 of them (1002, 1009), so that it takes the id" in given.why_not(move("profile 1002"))


def test_nobody_of_the_name(tmp_path: Path) -> None:
    given = approvals("profile 1001", 'profile "Evening" in "Denver"', tmp_path).resolved(lambda: Names.of(KNOWN))
    assert "no such profile is known here" in given.why_not(move("profile 1002"))


def test_names_are_asked_for_where_an_approval_has_one(tmp_path: Path) -> None:
    def asked() -> Names:
        raise AssertionError("nobody is named")

    assert approvals("profile 1001", "profile 1002", tmp_path).resolved(asked).allow(move("profile 1002"))


@pytest.mark.parametrize("said", ["profile 'New '", "profile \"Bob's\" of route group 'West'", "profile 1002"])
def test_how_the_package_tells_owners_is_an_approval(said: str, tmp_path: Path) -> None:
    assert approvals("profile 1001", said, tmp_path).allow(move(said))


@pytest.mark.parametrize(
    "said",
    [
        *('profile "Day"', 'queue "Day" in "Denver"', 'profile "a" of "b"', 'profile "" in ""', 'queue ""'),
        *('queue "Day', 'destination "Day"', 'route group "a" in "b"'),
    ],
)
def test_what_is_no_name_is_one_line(said: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="entry 1: to names an owner, and must be an id, or a profile such as"):
        approvals("profile 1001", said, tmp_path)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ('queue "Support"', "queue 2000"),
        ('Visual IVR "Main menu"', "Visual IVR 2001"),
        ('destination "Day" in "Denver"', "destination 3001"),
        ('route group "Denver"', "route group 4000"),
        ('http service group "Denver"', "http service group 5000"),
        ('profile "Say "hi" in "Rome"" in "Vail"', "profile 1004"),
        ('70 % number +13035550100; 30 % queue "Support"', "70 % number +13035550100; 30 % queue 2000"),
        ('used by profile "Day" in "Denver" and profile "Night" in "Vail"', "used by profile 1001 and profile 1003"),
    ],
)
def test_whatever_has_a_name_can_be_named_wherever_an_approval_names_it(said: str, meant: str, tmp_path: Path) -> None:
    assert Names.of(KNOWN).meant(said) == (meant, "")
    (entry,) = approvals(said, said, tmp_path).resolved(lambda: Names.of(KNOWN)).entries
    assert (entry.from_, entry.to, entry.unclear) == (meant, meant, "")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ('queue "support"', "no such queue is known here"),
        ('queue "Support "', "no such queue is known here"),
        ('half by queue "Support" and half by queue "Sales"', "no such queue is known here"),
        ('ring group "Front desk"', "no such ring group is known here"),
    ],
)
def test_a_name_that_nobody_has(said: str, why: str) -> None:
    assert Names.of(KNOWN).meant(said)[1] == why


def test_only_some_kinds_are_known() -> None:
    asked: list[str] = []

    def source(noun: str) -> Callable[[], Iterator[Named]]:
        def named() -> Iterator[Named]:
            asked.append(noun)
            return iter([Named(noun, "Support", "7")])

        return named

    some = Names({noun: source(noun) for noun in ("queue", "profile")}).only("queue", "Visual IVR")
    assert some.meant('queue "Support"') == ("queue 7", "")
    assert some.meant('to queue "Support"')[0] == "to queue 7"
    assert some.meant('profile "Support"') == ('profile "Support"', "no such profile is known here")
    assert asked == ["queue"]


def test_a_name_in_another_name_means_neither() -> None:
    both = [
        *KNOWN,
        Named("profile", 'Day" in "Denver', "1009", "Vail"),
        Named("profile", "Day", "1010", 'Denver" in "Vail'),
    ]
    names = Names.of(both)
    assert names.meant('profile "Day" in "Denver"') == ("profile 1001", "")
    assert "there are 2 of them" in names.meant('profile "Day" in "Denver" in "Vail"')[1]


def test_objects_are_named_too(tmp_path: Path) -> None:
    file = tmp_path / "approvals.toml"
    file.write_text(
        "[[approval]]\nrule = 'deactivating-in-use'\nobjects = ['destination \"Day\" in \"Denver\"']\n"
        "from = 'active'\nto = 'inactive'\nreason = 'r'\nticket = 't'\nuntil = 2999-12-31\n"
    )
    given = Approvals.read(file).resolved(lambda: Names.of(KNOWN))
    assert given.allow(Change("deactivating-in-use", "destination 3001", "active", "inactive"))
    assert not given.allow(Change("deactivating-in-use", "destination 3002", "active", "inactive"))


def test_a_vendor_that_cannot_be_asked_names_nobody() -> None:
    def silent() -> Iterator[Named]:
        raise VoiceRoutingError("ringcx: cannot be reached")
        yield

    assert Names({"queue": silent}).meant('queue "Support"') == ('queue "Support"', "ringcx: cannot be reached")


def test_the_gate_says_when_only_the_vendor_could_tell() -> None:
    names = _names(Facts([]), asked=False)
    assert names.meant('queue "Support"')[1] == "the vendor alone knows its name, and is asked with --live"
    assert names.meant('profile "Day" in "Denver"')[1] == "no such profile is known here"


def test_a_state_tells_names_of_profiles_whose_group_it_has() -> None:
    group = Resource("ringcx:RouteGroup", "g", "urn:g", {"name": "Denver"}, "1/1000")
    inside = Resource("ringcx:Profile", "p", "urn:p", {"name": "Day", "group_id": "1/1000"}, "1/1000/1001")
    elsewhere = Resource("ringcx:Profile", "q", "urn:q", {"name": "Day", "group_id": "1/2000"}, "1/2000/1002")
    desk = Resource("ringcx:Destination", "d", "urn:d", {"name": "Desk", "group_id": "1/1000"}, "1/1000/1003")
    ring = Resource("portsip:RingGroup", "r", "urn:r", {"name": "Front desk"}, "pbx/tenant/8000")
    names = names_in([group, inside, elsewhere, desk, ring])
    assert names.meant('profile "Day" in "Denver"') == ("profile 1001", "")
    assert names.meant('destination "Desk" in "Denver"') == ("destination 1003", "")
    assert names.meant('route group "Denver"') == ("route group 1000", "")
    assert names.meant('ring group "Front desk"') == ("ring group 8000", "")
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


def test_the_account_tells_names_by_one_list_each(in_the_account: Emulated) -> None:
    group = in_the_account.group("Denver")
    profile = in_the_account.profile("Day", group)
    desk = in_the_account.destination("Desk", group)
    account = Account(in_the_account)
    account.pool([NUMBER.lstrip("+"), "13035550101"])
    account.give([NUMBER.lstrip("+")], "queue 1000")
    account.give(["13035550101"], "Visual IVR 1000")
    meant = {
        'profile "Day" in "Denver"': f"profile {profile}",
        'destination "Desk" in "Denver"': f"destination {desk}",
        'route group "Denver"': f"route group {group}",
        'queue "Support"': "queue 1000",
        'Visual IVR "Main menu"': "Visual IVR 1000",
    }
    names = account_names()
    for said, becomes in meant.items():
        with in_the_account.recording() as calls:
            assert names.meant(said) == (becomes, "")
            assert names.meant(said) == (becomes, "")
        assert len(calls) == 1, said
