"""The emulator's tables against the vendors' contracts: operations, query parameters, fields."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_voice_routing.emulator.app import FAMILIES
from pulumi_voice_routing.emulator.unserved import UNSERVED


def test_every_operation_has_its_own_number() -> None:
    numbers = [operation.number for family in (*FAMILIES, UNSERVED) for operation in family.operations]
    assert sorted(set(numbers)) == sorted(numbers)


def test_no_operation_is_both_served_and_not() -> None:
    served = {(operation.method, operation.path) for family in FAMILIES for operation in family.operations}
    assert served & {(operation.method, operation.path) for operation in UNSERVED.operations} == set()


@pytest.mark.parametrize("family", [family for family in FAMILIES if family.path_ids], ids=lambda f: f.vendor.name)
def test_every_path_id_is_an_id_of_a_kept_kind(family: Any) -> None:
    kept = {kind for each in FAMILIES for kind in each.kinds}
    assert set(family.path_ids.values()) <= kept
