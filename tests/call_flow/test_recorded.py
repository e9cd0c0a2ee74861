"""What is told of accounts made by chance is what was recorded: see :mod:`tests.call_flow.recorded`."""

from __future__ import annotations

import pytest

from tests.call_flow.recorded import FOLDER, RECORDED

_LONG = [pytest.mark.whole_run, pytest.mark.varied]


@pytest.mark.parametrize(
    "name", [pytest.param(one, marks=_LONG if one in ("odd_newer", "odd_desks") else []) for one in RECORDED]
)
def test_what_is_told_of_accounts(name: str) -> None:
    recorded = (FOLDER / f"{name}.txt").read_text("utf-8").splitlines()
    told = list(RECORDED[name].lines())
    differs = next((place for place, pair in enumerate(zip(recorded, told, strict=False)) if len({*pair}) > 1), None)
    if differs is not None:
        assert told[differs] == recorded[differs], (
            f"line {differs + 1}; if it is meant, python -m tests.call_flow.recorded"
        )
    assert len(told) == len(recorded)
