"""What a program can be told at its own line, before anything is planned or sent."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from pulumi_voice_routing import ringcx
from pulumi_voice_routing.registry import provider_for

GROUP = "123456/1000"
DESTINATION = {"group_id": GROUP, "name": "Denver", "kind": "DID", "target": "+13035550100"}
PROFILE = {"group_id": GROUP, "name": "Support", "routing_type": "PERCENT_ALLOCATION", "percent_alloc_type": "DAILY"}


def refused(token: str, **args: Any) -> list[str]:
    """What is wrong with the arguments, each after its place."""
    return [f"{one.path}: {one.reason}" for one in provider_for(token).checked(args)[1]]


@pytest.mark.parametrize("kind", ["STANDARD", "DID", "SIP", "IN_NETWORK_DID", "ACD", "IVR", "IVR_STUDIO"])
@pytest.mark.parametrize("target", ["", "  "])
def test_a_destination_of_any_kind_needs_a_target(kind: str, target: str) -> None:
    (line,) = refused("ringcx:Destination", **{**DESTINATION, "kind": kind, "target": target})
    assert line.startswith("target: is blank: ")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"ring_duration": -1}, "ring_duration: "),
        ({"max_concurrent": -5}, "max_concurrent: "),
        ({"latitude": 91}, "latitude: "),
        ({"longitude": -180.5}, "longitude: "),
    ],
)
def test_numbers_that_mean_nothing(values: dict[str, float], said: str) -> None:
    (line,) = refused("ringcx:Destination", **DESTINATION, **values)
    assert line.startswith(said)


def test_numbers_at_the_edge_are_fine() -> None:
    assert refused("ringcx:Destination", **DESTINATION, ring_duration=0, latitude=-90, longitude=180.0) == []


@pytest.mark.parametrize(
    ("field", "value", "meant"),
    [
        ("routing_type", "percent_allocation", "PERCENT_ALLOCATION"),
        ("routing_type", "Percent_Allocation", "PERCENT_ALLOCATION"),
        ("percent_alloc_type", "daily", "DAILY"),
    ],
)
def test_a_documented_word_in_other_letters(field: str, value: str, meant: str) -> None:
    (line,) = refused("ringcx:Profile", **{**PROFILE, field: value})
    assert line == f"{field}: {value!r} will not do: did you mean {meant}?"


def test_words_that_are_not_documented_pass() -> None:
    assert refused("ringcx:Profile", **{**PROFILE, "routing_type": "ROUND_ROBIN", "percent_alloc_type": "Hourly"}) == []


@pytest.mark.apart
def test_what_cannot_be_activated_is_named() -> None:
    class Mocks(pulumi.runtime.Mocks):
        def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
            return "123456/1001", dict(args.inputs)

        def call(self, args: pulumi.runtime.MockCallArgs) -> dict[str, Any]:
            return {}

    pulumi.runtime.set_mocks(Mocks())
    group = ringcx.RouteGroup("group", name="Denver")
    targets: Any = [group]
    with pytest.raises(pulumi.RunError) as error:
        ringcx.Activation("live", targets=targets)
    assert "test_refused_early.py:" in str(error.value)
    assert (
        "ringcx.Activation 'live': targets[0]: a RouteGroup cannot be activated; give HTTP services, destinations or "
        "profiles"
    ) in str(error.value)
