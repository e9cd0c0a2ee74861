"""What examples say of types is what registry and emulator know."""

from __future__ import annotations

import pytest

from pulumi_voice_routing import registry
from pulumi_voice_routing.emulator.families import FAMILIES
from tests.examples import Example, examples

KINDS = {kind.name: kind for family in FAMILIES for kind in family.kinds}


def test_every_type_has_its_example() -> None:
    assert examples().keys() == registry.providers.keys()


@pytest.mark.parametrize("example", [one for one in examples().values() if one.kind], ids=lambda one: one.token)
def test_what_tells_objects_apart_are_fields_of_their_kind(example: Example) -> None:
    kind = KINDS[example.kind]
    fields = {field.name for field in (*kind.fields, *kind.stored)} | set(kind.links)
    assert example.key
    assert {example.id_field, *example.key} <= fields


@pytest.mark.parametrize("kind", sorted({one.kind for one in examples().values()} - {""}))
def test_types_of_one_kind_of_object_say_the_same_of_it(kind: str) -> None:
    assert len({(one.id_field, one.key) for one in examples().values() if one.kind == kind}) == 1
