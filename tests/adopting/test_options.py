"""``ResourceOptions(import_=...)``, and what a preview tells of objects that are taken over."""

from __future__ import annotations

import os

import pulumi
import pytest

from pulumi_voice_routing import portsip, ringcx, ringex
from pulumi_voice_routing.lifecycle.taking_over import without_import
from pulumi_voice_routing.registry import provider_for
from tests.conftest import NewStack
from tests.emulated import Emulated, operations, settings_for
from tests.examples import portsip as portsip_
from tests.examples import ringex as ringex_
from tests.plan.types import TYPES
from tests.stacks import Stack


def ref(*steps: str) -> str:
    return "/".join(["123456", *steps])


def test_import_takes_the_object_over_and_may_then_leave_the_program(emulator: Emulated, stack: Stack) -> None:
    denver = emulator.destination("Denver", active=True)
    profile = emulator.profile("Sales")
    emulator.assign(profile, denver, 100, 1)
    before = emulator.state()
    options = {name: pulumi.ResourceOptions(import_=ref("1000", name)) for name in (denver, profile)}

    def program(taken: bool = True) -> None:
        os.environ.update(settings_for(emulator.url))  # those of the program's own process, which looks in a preview

        def imported(number: str) -> pulumi.ResourceOptions | None:
            return options[number] if taken else None

        denver_ = ringcx.Destination(
            "denver", imported(denver), group_id=ref("1000"), name="Denver", kind="DID", target="+13035551234"
        )
        sales = ringcx.Profile(
            "sales",
            imported(profile),
            group_id=ref("1000"),
            name="Sales",
            routing_type="PERCENT_ALLOCATION",
            percent_alloc_type="DAILY",
        )
        ringcx.ProfileDestinations(
            "sales",
            imported(profile),
            profile=sales,
            destinations=[{"destination": denver_, "rank": 1, "allocation_percent": 100}],
        )

    first = stack.preview(program)
    told = [line for line in first.said if "adopt:" in line]
    assert len(told) == 1, told
    assert "adopt: 2 objects that exist are taken over: 2 as they are" in told[0]
    emulator.forget_journal()
    stack.up(program)
    assert stack.preview(program).changes == {}
    assert not [line for line in stack.preview(program).said if "adopt:" in line], "nothing is taken over any more"

    for taken in (False, True):
        later = stack.up(lambda taken=taken: program(taken=taken))  # type: ignore[misc]
        assert later.changes == {}, "the option may go when it has done its work, and come again"
    assert operations(emulator.journal(), writes=True) == []
    assert emulator.state() == before


def test_import_that_cannot_be_is_one_line(emulator: Emulated, new_stack: NewStack) -> None:
    def wrong(**given: str) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(import_="123456/1000/1001")

    programs = {
        "there is no destination 123456/1000/1001 to take over": lambda: ringcx.Destination(
            "denver", wrong(), group_id=ref("1000"), name="Denver", kind="DID", target="+13035551234"
        ),
        "import_ is '123456/1000/1001', and adopt_id is '123456/1000/7'": lambda: ringcx.Destination(
            "denver",
            wrong(),
            group_id=ref("1000"),
            name="Denver",
            kind="DID",
            target="+13035551234",
            adopt_id="123456/1000/7",
        ),
        "import_ has no meaning here": lambda: ringcx.DnisPool("numbers", wrong(), numbers=[{"dnis": "+13035551234"}]),
        "the id of what is declared here ends with '13035551234'": lambda: ringcx.Dnis(
            "number", wrong(), dnis="+13035551234"
        ),
        "has the id of its owner, '123456/1000/1002'": lambda: ringcx.ProfileDestinations(
            "sales", wrong(), profile="123456/1000/1002", destinations=[]
        ),
    }
    stack = new_stack()
    for line, program in programs.items():
        assert line in stack.fails(program).error
    assert operations(emulator.journal(), writes=True) == []


MANY_OR_SWITCHES = {"ringcx:Activation", "ringcx:DnisPool", "ringcx:DnisAssignments"}
"""Types whose resources stand for no one object."""


@pytest.mark.parametrize("token", sorted(TYPES))
def test_import_is_the_word_of_each_type(token: str) -> None:
    provider, id_ = provider_for(token), ref("1000", "1001")
    given = pulumi.ResourceOptions(import_=id_, protect=True)
    if token in MANY_OR_SWITCHES:
        with pytest.raises(ValueError, match="import_ has no meaning here"):
            without_import(token, provider, {}, given)
        return
    args, rest = without_import(token, provider, {}, given)
    says = {"adopt_id": id_} if "adopt_id" in provider.model else {"adopt": True} if "adopt" in provider.model else {}
    assert args == says
    assert rest is not None
    assert (rest.import_, rest.protect) == (None, True)
    assert given.import_ == id_, "the program's own options stay as they are"


@pytest.mark.parametrize(
    ("token", "args", "id_"),
    [
        ("ringcx:Dnis", {"dnis": "+1 303 555 1234"}, "123456/13035551234"),
        ("ringcx:DnisAssignment", {"dnis": "+13035551234"}, "13035551234"),
        ("ringex:BuiltInAnsweringRule", {"extension_id": "~", "rule": "after-hours"}, "123456/1/after-hours-rule"),
        ("ringex:CallHandlingState", {"extension_id": "~", "state": "dnd"}, "123456/1/dnd"),
        ("ringex:CallHandlingStateRule", {"extension_id": "~", "state": "dnd"}, "123456/1/dnd"),
    ],
)
def test_import_of_what_is_taken_over_anyhow_names_just_that(token: str, args: dict[str, str], id_: str) -> None:
    provider = provider_for(token)
    taken, _ = without_import(token, provider, args, pulumi.ResourceOptions(import_=id_))
    assert taken == args
    with pytest.raises(ValueError, match="the id of what is declared here ends with"):
        without_import(token, provider, args, pulumi.ResourceOptions(import_=f"{id_}0"))


@pytest.mark.parametrize("name", ["adopt", "adopt_id"])
def test_what_counts_at_first_is_no_change_later(name: str) -> None:
    provider = ringcx.Destination.lifecycle()
    news = {"group_id": ref("1000"), "name": "Denver", "kind": "DID", "target": "+13035551234"}
    value = True if name == "adopt" else ref("1000", "1001")
    with_it = {**news, "__managed": sorted([*news, name]), name: value}
    assert not provider.diff(ref("1000", "1001"), with_it, news).changes
    assert not provider.diff(ref("1000", "1001"), {**news, "__managed": sorted(news)}, {**news, name: value}).changes


def test_what_a_list_shows_in_part_is_told_as_it_is(emulator: Emulated, monkeypatch: pytest.MonkeyPatch) -> None:
    """The vendors' lists of rules and of ring groups are summaries: what they leave out has not changed."""
    for name, value in settings_for(emulator.url).items():
        monkeypatch.setenv(name, value)
    group = portsip_.ring_group(emulator, "8000", "101", "102")
    ringex_.rule(emulator, "Desk", callers=[{"callerId": "+13035550150"}])
    args = {"name": "Group 8000", "extension_number": "8000", "strategy": "CYCLIC_HUNT", "adopt": True}
    members = [{"extension_number": "101"}, {"extension_number": "102"}]
    provider = portsip.RingGroup.lifecycle()
    assert (
        provider.adoptable({**args, "members": members})
        == f"ring group {portsip_.group_ref(emulator, group)} '8000' as it is"
    )
    assert "members [" in (provider.adoptable({**args, "members": members[:1]}) or "")

    rule = {"extension_id": "123456/100001", "name": "Desk", "adopt": True}
    callers = [{"caller_id": "+13035550150"}]
    found = ringex.AnsweringRule.lifecycle().adoptable({**rule, "callers": callers, "enabled": True})
    assert (found or "").endswith("'Desk' as it is")
