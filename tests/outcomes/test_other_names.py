"""What calls pass gets another name in the program: without an alias that is refused, and the refusal says which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from pulumi_voice_routing.plan.facts import UNKNOWN, Resource
from tests.call_flow.line import GROUP, LINE, OTHER, built_in, ring_group, rule

from .layers import gate, pack
from .table import TRACKING, case

EXTENSION = [built_in(which, action="PlayAnnouncementOnly") for which in ("business-hours", "after-hours")]
LINES: list[tuple[str, Sequence[Resource]]] = [
    ("support", LINE),
    ("denver", LINE),
    ("day", [one if one.name != "day" else replace(one, props={**one.props, "rank": 2}) for one in TRACKING]),
    ("vip", [*EXTENSION, rule("vip", called_numbers=[OTHER])]),
    ("g8000", [ring_group("8000", ["101"], "FORWARD_TO_VOICEMAIL")]),
]


def inside(line: Sequence[Resource]) -> list[Resource]:
    """Everything says what it is inside of."""
    of_group = {"ringcx:Profile", "ringcx:Destination"}
    return [replace(one, props={**one.props, "group_id": GROUP}) if one.type in of_group else one for one in line]


def renamed(line: Sequence[Resource], name: str, *, alias: bool) -> list[Resource]:
    """Without an alias it is a new one, whose id nobody knows yet."""
    (old,) = [one for one in line if one.name == name]
    new = replace(old, urn=f"{old.urn}-two", name=f"{name}-two", props={**old.props, "adopt": True})
    new = replace(new, aliases=frozenset({old.urn})) if alias else replace(new, id=None)
    return [new if one is old else one if alias else _linked(one, str(old.id), new.urn) for one in line]


def _linked(one: Resource, id_: str, urn: str) -> Resource:
    links = {name for name, value in one.props.items() if value == id_}
    props = {name: UNKNOWN if name in links else value for name, value in one.props.items()}
    return replace(one, props=props, behind={**one.behind, **dict.fromkeys(links, frozenset({urn}))})


@pytest.mark.parametrize(("name", "line"), LINES)
def test_with_an_alias_nothing_changes(name: str, line: Sequence[Resource]) -> None:
    there = inside(line)
    one = case("renamed", there, renamed(there, name, alias=True))
    assert pack(one) == {}
    assert gate(one).passes


@pytest.mark.parametrize(("name", "line"), LINES)
def test_without_one_the_refusal_says_which(name: str, line: Sequence[Resource]) -> None:
    there = inside(line)
    one = case("renamed", there, renamed(there, name, alias=False))
    alias = f"write there opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name='{name}')]), and nothing changes"
    verdict = gate(one)
    assert all(alias in found.message for found in verdict.refused)
    assert all(alias in message for messages in pack(one).values() for message in messages)
    assert verdict.refused or any(f"pulumi.Alias(name='{name}')" in found.message for found in verdict.advice)
