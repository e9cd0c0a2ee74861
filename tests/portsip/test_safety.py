"""Rules about ring groups: what they stop, and what looks alike and is let through."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi.output import Unknown

from pulumi_voice_routing.plan.facts import RING_GROUP, UNKNOWN
from pulumi_voice_routing.portsip.ring_group import RingGroupProvider
from pulumi_voice_routing.safety.rules.dead_ends import DEAD_ENDS
from tests.policies.plans import found, resource

MEMBER = [{"extension_number": "101"}]


def group(number: Any, **props: Any) -> Any:
    return resource(
        RING_GROUP, f"group-{number}", **{"name": f"G{number}", "extension_number": number, "members": MEMBER, **props}
    )


def to(number: Any) -> dict[str, Any]:
    return {"no_answer": {"action": "FORWARD_TO_NUMBER", "number": number}}


def test_fails_if_a_group_has_no_members() -> None:
    (message,) = found(DEAD_ENDS, [group("8000", members=[])])
    assert "ring group 'G8000' has no members" in message


@pytest.mark.parametrize(
    "props",
    [
        {},
        {"members": UNKNOWN},
        {"members": [UNKNOWN]},
        {"members": [], "allow": ["no_members"]},
        {"members": [], "allow": UNKNOWN},
        {"members": [], "allow": [UNKNOWN]},
    ],
)
def test_passes_if_it_has_members_or_may(props: dict[str, Any]) -> None:
    assert found(DEAD_ENDS, [group("8000", **props)]) == []


def test_fails_if_groups_forward_in_a_circle() -> None:
    groups = [group("8000", **to("8001")), group("8001", **to("8002")), group("8002", **to("8000"))]
    messages = found(DEAD_ENDS, groups)
    assert len(messages) == 3
    assert "8000 to 8001 to 8002 to 8000" in messages[0]


def test_fails_if_a_group_forwards_to_itself() -> None:
    assert "8000 to 8000" in found(DEAD_ENDS, [group("8000", **to("8000"))])[0]


@pytest.mark.parametrize(
    "last", [{}, to("101"), to(UNKNOWN), {"no_answer": UNKNOWN}, {"no_answer": {"action": "REPEAT"}}]
)
def test_passes_if_the_way_ends(last: dict[str, Any]) -> None:
    assert found(DEAD_ENDS, [group("8000", **to("8001")), group("8001", **last)]) == []


def test_what_is_not_known_yet_is_left_to_the_run() -> None:
    provider = RingGroupProvider()
    declared = {"name": "Support", "extension_number": "8000", "strategy": "PAGING_INTERCOM", "members": []}
    failures = list(provider.problems({**declared, "allow": []}))
    assert {failure.path for failure in failures} == {"strategy", "members"}
    assert list(provider.problems({**declared, "allow": Unknown()})) == []
    assert (
        list(provider.problems({**declared, "strategy": Unknown(), "members": Unknown(), "no_answer": Unknown()})) == []
    )
