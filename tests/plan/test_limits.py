"""Limits of zero that a vendor shows, and that nobody has set."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_voice_routing.plan.limits import without_own_zeros
from tests.call_flow.line import DENVER, destination, one


@pytest.mark.parametrize(
    ("said", "left"), [({}, {}), ({"ring_duration": 0}, {"ring_duration": 0}), ({"ring_duration": 20}, {})]
)
def test_of_an_object(said: dict[str, Any], left: dict[str, Any]) -> None:
    live = destination("denver", 2001, DENVER, ring_duration=0, max_concurrent=0)
    props = without_own_zeros(live, said).props
    assert {name: props[name] for name in ("ring_duration", "max_concurrent") if name in props} == left


@pytest.mark.parametrize("meant", [False, True])
def test_of_rows(meant: bool) -> None:
    rows = [{"destination": "1", "ring_duration": 0, "rank": 0}, {"destination": "2", "ring_duration": 20}]
    live = one("ringcx:ProfileDestinations", "split", "1/2/3", profile="1/2/3", destinations=rows)
    said = {"destinations": rows} if meant else {}
    first, second = without_own_zeros(live, said).props["destinations"]
    assert ("ring_duration" in first, first["rank"], second["ring_duration"]) == (meant, 0, 20)
