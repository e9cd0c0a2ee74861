"""Two resources stand for one object."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pulumi_voice_routing.plan.facts import UNKNOWN, Resource
from pulumi_voice_routing.safety.rules import DUPLICATES
from tests.rules.plans import (
    DENVER,
    GROUP_,
    LINE,
    NUMBER,
    OTHER,
    SPLIT,
    SUPPORT,
    activation,
    assignment,
    assignments,
    but,
    first_line,
    found,
    hours,
    id_of,
    override,
    overrides,
    pool,
    record,
    renamed,
    resource,
    service,
    tracking,
)
from tests.rules.used import BACK, FRONT, KEY, PHONE, RINGS
from tests.tokens import BUILT_IN_RULE, DESTINATION


@pytest.mark.parametrize("one", [GROUP_, DENVER, SUPPORT, SPLIT, hours([100] * 24)], ids=lambda one: one.type)
def test_duplicates_fails_if_two_resources_stand_for_one_object(one: Resource) -> None:
    (message,) = found(DUPLICATES, [one, renamed(one, "again")], LINE)
    assert "'again'" in message
    assert "keep one of them" in message


def test_duplicates_fails_before_any_id_is_known() -> None:
    line = first_line()
    (message,) = found(DUPLICATES, [*line, renamed(line[1], "again")], [])
    assert "destination 'Denver' of route group 'Denver' is declared by 'again' and 'denver'" in message


def test_duplicates_fails_if_one_number_has_two_overrides() -> None:
    one, other = override("vip", id_of("denver"), NUMBER), overrides("all", id_of("denver"), OTHER, NUMBER)
    (message,) = found(DUPLICATES, but(LINE, one, other), LINE)
    assert f"the override for {NUMBER} at destination 'Denver' is declared by 'vip' and 'all'" in message
    assert "'twice' twice" in found(DUPLICATES, [overrides("twice", id_of("denver"), NUMBER, NUMBER)], [])[0]


def test_duplicates_fails_if_two_activations_hold_one_target() -> None:
    (message,) = found(DUPLICATES, but(LINE, activation("too", "support")), LINE)
    assert "the activation of profile 'Support' is declared by 'go-live' and 'too'" in message


def test_duplicates_fails_if_a_whole_list_stands_beside_another_override() -> None:
    one = override("vip", id_of("denver"), NUMBER)
    (message,) = found(DUPLICATES, [one, overrides("all", id_of("denver"), OTHER, replace_all=True)], [])
    assert "'all' has replace_all=True and would wipe the overrides of 'vip'" in message


def test_duplicates_passes_if_parents_or_names_differ_or_cannot_be_told() -> None:
    assert found(DUPLICATES, [DENVER, renamed(DENVER, "again", group_id="123456/1000")], []) == []
    assert found(DUPLICATES, [DENVER, renamed(DENVER, "again", name="Boulder")], []) == []
    assert found(DUPLICATES, [DENVER, renamed(SUPPORT, "again", name="Denver")], []) == []
    unknown = [renamed(DENVER, name, group_id=UNKNOWN) for name in ("a", "b")]
    assert found(DUPLICATES, unknown, []) == []
    one, other = override("vip", id_of("denver"), NUMBER), override("too", id_of("austin"), NUMBER)
    assert found(DUPLICATES, but(LINE, one, other), LINE) == []


def test_duplicates_passes_a_look_up_beside_the_resource() -> None:
    lookup = resource(DESTINATION, "seen", lookup=True, name="Denver", group_id=id_of("g"))
    assert found(DUPLICATES, [DENVER, lookup], []) == []


EXT = {"extension_id": "9"}


@pytest.mark.parametrize(
    ("one", "other", "what"),
    [
        (assignment("a", NUMBER), assignments("b", [OTHER, NUMBER]), f"the owner of {NUMBER}"),
        (assignment("a", NUMBER), tracking("b", NUMBER), f"the owner of {NUMBER}"),
        (record("a", NUMBER), pool("b", {"dnis": NUMBER}), f"the record of {NUMBER}"),
        (record("a", NUMBER), pool("b", file=f"dnis\n{NUMBER[1:]}\n"), f"the record of {NUMBER}"),
        (service("crm"), renamed(service("crm"), "again"), "http service 'CRM'"),
        (KEY, renamed(replace(KEY, type="ringcx:BasicAuth"), "again"), "auth configuration 'Key'"),
        (RINGS, renamed(RINGS, "again"), "answering rule 'VIP' of extension 9"),
        (
            resource(BUILT_IN_RULE, "a", rule="business-hours", **EXT),
            resource(BUILT_IN_RULE, "b", rule="business-hours", **EXT),
            "the rule business-hours of extension 9",
        ),
        (PHONE, renamed(PHONE, "again"), f"forwarding number {NUMBER} of extension 9"),
        (FRONT, renamed(FRONT, "again"), "ring group 8000"),
    ],
    ids=lambda one: one.type if isinstance(one, Resource) else "",
)
def test_duplicates_fails_for_each_type(one: Resource, other: Resource, what: str) -> None:
    (message,) = found(DUPLICATES, [one, other])
    assert message.startswith(f"{what} is declared by ")


def test_duplicates_passes_a_record_beside_its_owner_and_others_that_differ() -> None:
    assert found(DUPLICATES, [record("a", NUMBER), assignment("b", NUMBER), assignment("c", OTHER)]) == []
    assert found(DUPLICATES, [RINGS, renamed(RINGS, "again", extension_id="10")]) == []
    assert found(DUPLICATES, [FRONT, BACK, PHONE, renamed(PHONE, "again", phone_number=UNKNOWN)]) == []
    assert found(DUPLICATES, [assignment("a", UNKNOWN), assignment("b", UNKNOWN)]) == []


def test_duplicates_passes_if_two_objects_of_one_name_are_told_apart_by_their_ids() -> None:
    again = replace(renamed(DENVER, "again"), id="123456/1001/2999")
    assert found(DUPLICATES, [*LINE, replace(again, id=None)], [*LINE, again]) == []
    taken = replace(again, id=None, props={**again.props, "adopt_id": "123456/1001/2999"})
    assert found(DUPLICATES, [*LINE, taken], LINE) == []
    key, basic = replace(KEY, id="123456/1"), replace(renamed(KEY, "again"), type="ringcx:BasicAuth", id="123456/2")
    assert found(DUPLICATES, [replace(key, id=None), replace(basic, id=None)], [key, basic]) == []


def test_duplicates_fails_if_one_of_them_has_no_id_yet_or_the_same_one() -> None:
    again = renamed(DENVER, "again")
    same = replace(again, props={**again.props, "adopt_id": id_of("denver")})
    for other in (again, same):
        (message,) = found(DUPLICATES, [*LINE, other], LINE)
        assert "'again'" in message


def test_duplicates_fails_if_a_number_is_assigned_and_tracked() -> None:
    both = [assignment("hotline", NUMBER), tracking("campaign", NUMBER)]
    (message,) = found(DUPLICATES, both, both)
    assert message.startswith(f"the owner of {NUMBER} is declared by 'hotline' and 'campaign'")
