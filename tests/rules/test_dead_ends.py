"""A rule or a group rings nobody, or sends calls round in a circle."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_voice_routing.plan.facts import UNKNOWN
from pulumi_voice_routing.safety.rules.dead_ends import DEAD_ENDS
from tests.rules.plans import changes, found, resource, violations
from tests.tokens import ANSWERING_RULE, BUILT_IN_RULE, RING_GROUP

SILENT = {"forward_to": [], "notify_soft_phones": False, "voicemail_enabled": False}
STEP = {"numbers": ["123456/100001/1001"]}


def declared(name: str = "hours", /, type_: str = BUILT_IN_RULE, **props: Any) -> Any:
    return resource(type_, name, **{"extension_id": "123456/100001", "rule": "business-hours", **props})


class TestDeadEnds:
    @pytest.mark.parametrize(
        "props",
        [
            SILENT,
            {**SILENT, "action": "ForwardCalls"},
            {**SILENT, "forward_to": [{**STEP, "enabled": False}]},
            {"notify_soft_phones": False, "voicemail_enabled": False},
        ],
    )
    def test_fails_if_nothing_rings(self, props: dict[str, Any]) -> None:
        (message,) = found(DEAD_ENDS, [declared(**props)])
        assert "'business-hours' forwards calls to nothing" in message

    @pytest.mark.parametrize(
        "props",
        [
            {},
            {**SILENT, "enabled": False},
            {**SILENT, "action": "TakeMessagesOnly"},
            {**SILENT, "voicemail_enabled": True},
            {**SILENT, "notify_soft_phones": UNKNOWN},
            {**SILENT, "forward_to": [STEP]},
            {**SILENT, "forward_to": UNKNOWN},
            {**SILENT, "forward_to": [UNKNOWN]},
        ],
    )
    def test_passes_if_something_rings_or_may(self, props: dict[str, Any]) -> None:
        assert found(DEAD_ENDS, [declared(**props)]) == []

    @pytest.mark.parametrize(("target", "stopped"), [("100001", True), ("123456/100001", True), ("100002", False)])
    def test_fails_if_it_transfers_to_itself(self, target: str, stopped: bool) -> None:
        rule = declared(action="TransferToExtension", transfer_to=target)
        assert bool(found(DEAD_ENDS, [rule])) is stopped


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


def test_fails_if_groups_forward_in_a_circle() -> None:
    groups = [group("8000", **to("8001")), group("8001", **to("8002")), group("8002", **to("8000"))]
    messages = found(DEAD_ENDS, groups)
    assert len(messages) == 3
    assert "8000 to 8001 to 8002 to 8000" in messages[0]


def test_fails_if_a_group_forwards_to_itself() -> None:
    assert "8000 to 8000" in found(DEAD_ENDS, [group("8000", **to("8000"))])[0]


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


@pytest.mark.parametrize(
    "last", [{}, to("101"), to(UNKNOWN), {"no_answer": UNKNOWN}, {"no_answer": {"action": "REPEAT"}}]
)
def test_passes_if_the_way_ends(last: dict[str, Any]) -> None:
    assert found(DEAD_ENDS, [group("8000", **to("8001")), group("8001", **last)]) == []


def test_what_older_approvals_name() -> None:
    rule, empty = declared(**SILENT), group("8000", members=[])
    ((object_, from_, becomes),) = changes(DEAD_ENDS, [rule])
    assert (object_, from_) == ("answering rule 'business-hours' of 'hours'", "answered")
    assert "forwards calls to nothing" in becomes
    ((object_, from_, becomes),) = changes(DEAD_ENDS, [empty])
    assert (object_, from_, "has no members" in becomes) == ("ring group 8000", "answered", True)
    around = group("8001", **to("8001"))
    ((object_, from_, becomes),) = changes(DEAD_ENDS, [around])
    assert (object_, from_, "8001 to 8001" in becomes) == ("ring group 8001", "answered", True)
    for one in (rule, empty, around):
        assert [it.resource for it in violations(DEAD_ENDS, [one])] == [one]


def test_a_schedule_that_is_not_known_yet_is_no_reason_to_fail() -> None:
    later = declared(type_=ANSWERING_RULE, schedule={"ranges": [{"from": UNKNOWN}]}, **SILENT)
    assert len(found(DEAD_ENDS, [later])) == 1
