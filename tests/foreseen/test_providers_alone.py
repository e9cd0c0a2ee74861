"""What a preview refuses of new and changed resources, asked of their providers without an engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from pulumi_voice_routing.errors import VoiceRoutingError
from tests.emulated import operations
from tests.outcomes.conftest import DENVER, Live, live, one_resource_for_each_thread, provider_settings
from tests.outcomes.run import Stack

__all__ = ["live", "one_resource_for_each_thread", "provider_settings"]

Declared = tuple[str, Mapping[str, Any]]

GROUP, EXTENSION, MOVED = "123456/1000", "123456/100001", "123456/100003"
VIP = {"extension_id": EXTENSION, "name": "VIP", "callers": [{"caller_id": "+13035550150"}]}
DESK = {"name": "Desk", "extension_number": "8000", "strategy": "CYCLIC_HUNT"}
ONE = [{"extension_number": "101"}]


def split(destination: str) -> Declared:
    rows = [{"destination": destination, "allocation_percent": 100}]
    return "ringcx:ProfileDestinations", {"profile": f"{GROUP}/1002", "destinations": rows}


NEW: dict[str, tuple[Declared, str]] = {
    "a destination that is gone": (split(f"{GROUP}/7777"), "there is no destination 123456/1000/7777"),
    "a profile that is gone": (
        ("ringcx:DnisAssignment", {"dnis": "+13035550155", "profile": f"{GROUP}/9999"}),
        "there is no profile 123456/1000/9999",
    ),
    "a target that is gone": (
        ("ringcx:Activation", {"targets": [{"kind": "destination", "id": f"{GROUP}/7777"}]}),
        "there is no destination 123456/1000/7777",
    ),
    "a telephone that is gone": (
        ("ringex:AnsweringRule", {**VIP, "action": "ForwardCalls", "forward_to": [{"numbers": [f"{EXTENSION}/999"]}]}),
        "there is no forwarding number 123456/100001/999",
    ),
    "a built-in rule that there is not": (
        ("ringex:BuiltInAnsweringRule", {"extension_id": "123456/100099", "rule": "after-hours"}),
        "has no after-hours rule",
    ),
    "a state of the older call handling": (
        ("ringex:CallHandlingStateRule", {"extension_id": EXTENSION, "state": "work-hours"}),
        "has the vendor's older call handling still",
    ),
    "a rule of the older call handling": (("ringex:AnsweringRule", {**VIP, "extension_id": MOVED}), "was moved"),
    "a ring group with somebody's number": (
        ("portsip:RingGroup", {**DESK, "extension_number": "102", "members": ONE}),
        "102 is an extension of the tenant already",
    ),
}
CHANGED: dict[str, tuple[Declared, Mapping[str, Any], str]] = {
    "a rule rings nothing any more": (
        ("ringex:AnsweringRule", {**VIP, "action": "ForwardCalls", "forward_to": []}),
        {"notify_soft_phones": False, "voicemail_enabled": False},
        "forwards calls to nothing",
    ),
    "a rule goes to a premium-rate number": (
        ("ringex:AnsweringRule", VIP),
        {"action": "UnconditionalForwarding", "forward_all_to": "+19005550100"},
        "is a premium-rate number",
    ),
    "a rule goes back to its extension": (
        ("ringex:AnsweringRule", VIP),
        {"action": "TransferToExtension", "transfer_to": "100001"},
        "to that same extension",
    ),
    "a ring group gets a member that there is not": (
        ("portsip:RingGroup", {**DESK, "members": ONE}),
        {"members": [{"extension_number": "4711"}]},
        "members that are no extensions of the tenant: 4711",
    ),
    "a destination takes the place of one that is gone": (
        ("ringcx:ProfileDestinations", split(f"{GROUP}/1001")[1]),
        {"destinations": split(f"{GROUP}/7777")[1]["destinations"]},
        "there is no destination 123456/1000/7777",
    ),
}


@pytest.fixture
def spare(live: Live) -> Live:
    """A profile that nobody calls."""
    live.portal.profile("Spare")
    live.portal.forget_journal()
    return live


@pytest.mark.parametrize(("declared", "said"), NEW.values(), ids=NEW)
def test_what_is_new(spare: Live, declared: Declared, said: str) -> None:
    with pytest.raises(VoiceRoutingError, match=said):
        Stack().preview(it=declared)
    assert operations(spare.portal.journal(), writes=True) == []


@pytest.mark.parametrize(("declared", "changes", "said"), CHANGED.values(), ids=CHANGED)
def test_what_changes(spare: Live, declared: Declared, changes: Mapping[str, Any], said: str) -> None:
    token, args = declared
    stack = Stack()
    stack.up(it=(token, dict(args)))
    spare.new_process()
    spare.portal.forget_journal()
    with pytest.raises(VoiceRoutingError, match=said):
        stack.preview(it=(token, {**args, **changes}))
    assert operations(spare.portal.journal(), writes=True) == []


def test_what_the_program_declares_is_not_looked_up(spare: Live) -> None:
    """By its own words it is there."""
    stack = Stack()
    desk = ("ringcx:Destination", {"group_id": GROUP, "name": "Denver", "kind": "DID", "target": DENVER, "adopt": True})
    stack.up(desk=desk)
    spare.new_process()
    spare.portal.forget_journal()
    stack.preview(desk=desk, it=split(stack.saved["desk"][1]))
    assert "CR-03" not in operations(spare.portal.journal())
