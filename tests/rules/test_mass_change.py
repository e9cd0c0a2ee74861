"""Much changes at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from pulumi_voice_routing.plan.facts import UNKNOWN, Resource
from pulumi_voice_routing.safety.rules import MASS_CHANGE
from tests.rules.plans import (
    NUMBER,
    approval,
    assignment,
    assignments,
    changes,
    found,
    id_of,
    judged,
    pool,
    renamed,
    resource,
    saved,
)
from tests.tokens import PROFILE
from tests.tokens import PROFILE_DESTINATIONS as SET


def many(count: int, **props: Any) -> list[Resource]:
    return [resource(PROFILE, f"p{n}", group_id=id_of("g"), name=f"P{n}", **props) for n in range(count)]


def numbers(*places: int) -> list[str]:
    return [f"+1303555{place:04}" for place in places]


def counts(*lines: Iterable[Resource], **more: Any) -> list[tuple[str, str, str]]:
    """What it finds, without which objects they are."""
    return [(kind, there, to.partition(" (")[0]) for kind, there, to in changes(MASS_CHANGE, *lines, **more)]


def test_mass_change_fails_if_more_than_the_share_and_at_least_ten_change() -> None:
    before = many(30)
    now = [*many(10, active=False), *before[10:]]
    assert counts(now, before) == [("ringcx:Profile", "30", "10 changed")]
    assert counts(before[10:], before) == [("ringcx:Profile", "30", "10 changed")]
    assert counts(many(30, active=UNKNOWN), before) == [("ringcx:Profile", "30", "30 changed")]
    moved = [replace(one, props={**one.props, "group_id": "123456/1000"}) for one in before[:10]]
    assert counts([*moved, *before[10:]], before) == [("ringcx:Profile", "30", "10 changed")]


def test_mass_change_passes_if_fewer_change_or_they_are_a_small_share_or_new() -> None:
    before = many(30)
    assert found(MASS_CHANGE, [*many(9, active=False), *before[9:]], before) == []
    assert found(MASS_CHANGE, [*many(10, active=False), *many(40)[10:]], many(40)) == []
    assert found(MASS_CHANGE, many(30), []) == []
    assert found(MASS_CHANGE, many(30), None) == []
    assert found(MASS_CHANGE, before[20:], [saved(one, kept=True) for one in before]) == []
    aliased = [renamed(one, f"new-{one.name}", alias=True) for one in before]
    assert found(MASS_CHANGE, aliased, before) == []


def test_mass_change_passes_if_objects_are_only_described_anew() -> None:
    before = many(30)
    assert found(MASS_CHANGE, many(30, description="x", max_ring_time_seconds=UNKNOWN), before) == []
    assert found(MASS_CHANGE, many(30, description="x"), before, changed=[one.urn for one in before]) == []


def test_mass_change_takes_share_and_least_from_its_settings() -> None:
    before, now = many(30), [*many(9, active=False), *many(30)[9:]]
    assert found(MASS_CHANGE, now, before, least=9, sharePercent=29) != []
    assert found(MASS_CHANGE, now, before, least=9, sharePercent=30) == []


def test_mass_change_counts_numbers_one_by_one_over_lists() -> None:
    before = [assignments("list", numbers(*range(20))), assignment("one", NUMBER)]
    now = [assignments("list", numbers(*range(10))), assignment("one", NUMBER)]
    assert counts(now, before) == [("numbers", "21", "10 changed")]
    elsewhere = [assignments("other", numbers(*range(20))), assignment("one", NUMBER)]
    assert found(MASS_CHANGE, elsewhere, before) == []

    records = [pool("p", *({"dnis": number} for number in numbers(*range(20))))]
    off = [pool("p", *({"dnis": number, "active": False} for number in numbers(*range(20))))]
    assert counts(off, records) == [("number records", "20", "20 changed")]
    assert found(MASS_CHANGE, [], records) == []


def test_mass_change_believes_the_engine_where_it_says_what_changes() -> None:
    before = many(30)
    assert found(MASS_CHANGE, many(30, active=UNKNOWN), before, changed=[]) == []
    off = many(30, active=False)
    assert counts(off, before, changed=[one.urn for one in before[:10]]) == [("ringcx:Profile", "30", "10 changed")]


def test_mass_change_compares_by_meaning() -> None:
    rows = [{"destination": id_of("denver"), "allocation_percent": share} for share in (1, 2)]
    before = [resource(SET, f"p{n}", destinations=rows, profile=id_of("support"), secret=UNKNOWN) for n in range(10)]
    now = [resource(SET, f"p{n}", destinations=rows[::-1], profile="3001", secret="x") for n in range(10)]
    assert found(MASS_CHANGE, now, before) == []
    fewer = [replace(one, props={**one.props, "destinations": rows[:1]}) for one in now]
    assert found(MASS_CHANGE, fewer, before) != []


def test_mass_change_is_approved_for_those_objects_and_for_no_others() -> None:
    before = many(30)
    ((kind, there, to),) = changes(MASS_CHANGE, before[10:], before)
    given = approval(MASS_CHANGE, kind, there, to)
    for now, permitted in ((before[10:], True), (before[11:], False), (before[:20], False)):
        (one,) = judged(MASS_CHANGE, now, before, given)
        assert (one.approval is given) is permitted
    described = [*many(10, active=False), *before[10:]]
    assert judged(MASS_CHANGE, described, before, given)[0].approval is given
