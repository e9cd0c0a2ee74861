"""A number is written in another way than +14155550100."""

from __future__ import annotations

import pytest

from pulumi_voice_routing.plan.facts import UNKNOWN, Resource
from pulumi_voice_routing.safety.rules import E164_NUMBERS
from tests.rules.plans import (
    DENVER,
    LINE,
    NUMBER,
    assignment,
    assignments,
    but,
    destination,
    found,
    id_of,
    override,
    overrides,
    pool,
    record,
    resource,
    tracking,
)
from tests.tokens import ANSWERING_RULE, FORWARDING_NUMBER, PROFILE_DESTINATIONS, RING_GROUP


@pytest.mark.parametrize("written", ["303-555-1234", "1 303 555 1234", "+1 303 555 1234", "reception"])
def test_e164_fails_if_a_number_is_written_in_another_way(written: str) -> None:
    at = id_of("denver")
    for one, path in (
        (destination("austin", target=written), "target"),
        (override("vip", at, written), "dnis"),
        (override("vip", at, NUMBER, target=written), "target"),
        (overrides("all", at, written), "overrides[0].dnis"),
    ):
        (message,) = found(E164_NUMBERS, but(LINE, one), LINE)
        assert message.startswith(f"{path} of '{one.name}' is {written!r}")


def test_e164_fails_if_a_set_overrides_a_number_with_something_else() -> None:
    rows = [{"destination": UNKNOWN, "override": True, "target": "303-555-1234"}]
    one = resource(
        PROFILE_DESTINATIONS, "split", behind={"destinations": [DENVER]}, profile=id_of("support"), destinations=rows
    )
    assert found(E164_NUMBERS, but(LINE, one), LINE)[0].startswith("destinations[0].target of 'split'")


def test_e164_passes_if_the_target_is_no_number_or_cannot_be_told_to_be_one() -> None:
    queue = destination("denver", kind="ACD", target="17")
    assert found(E164_NUMBERS, but(LINE, queue, override("vip", id_of("denver"), NUMBER, target="18")), LINE) == []
    assert found(E164_NUMBERS, [override("vip", "123456/1001/9", NUMBER, target="18")], []) == []
    assert found(E164_NUMBERS, [destination("denver", kind=UNKNOWN, target="17")], []) == []
    assert found(E164_NUMBERS, [destination("denver", target=UNKNOWN)], []) == []


@pytest.mark.parametrize(
    ("one", "path"),
    [
        (record("it", "303-555-1234"), "dnis"),
        (assignment("it", "303-555-1234"), "dnis"),
        (tracking("it", "303-555-1234"), "dnis"),
        (assignments("it", [NUMBER, "303-555-1234"]), "numbers[1]"),
        (pool("it", {"dnis": "303-555-1234"}), "numbers[0].dnis"),
        (resource(FORWARDING_NUMBER, "it", phone_number="303-555-1234"), "phone_number"),
        (resource(ANSWERING_RULE, "it", callers=[{"caller_id": "303-555-1234"}]), "callers[0].caller_id"),
        (resource(ANSWERING_RULE, "it", called_numbers=["303-555-1234"]), "called_numbers[0]"),
        (resource(RING_GROUP, "it", no_answer={"number": "+303-555-1234"}), "no_answer.number"),
    ],
    ids=lambda one: one.type if isinstance(one, Resource) else one,
)
def test_e164_fails_for_every_field_that_holds_a_number(one: Resource, path: str) -> None:
    (message,) = found(E164_NUMBERS, [one])
    assert message.startswith(f"{path} of 'it' is ")


def test_e164_passes_internal_numbers_extensions_and_what_is_not_known() -> None:
    for one in (
        record("it", "1234", internal=True),
        assignments("it", ["1234"], internal=True),
        assignment("it", "1234", internal=UNKNOWN),
        assignments("it", UNKNOWN),
        pool("it", {"dnis": UNKNOWN}),
        resource(RING_GROUP, "it", no_answer={"number": "8001"}),
        resource(RING_GROUP, "it", no_answer=UNKNOWN),
        resource(ANSWERING_RULE, "it", callers=UNKNOWN, called_numbers=UNKNOWN),
    ):
        assert found(E164_NUMBERS, [one]) == []
