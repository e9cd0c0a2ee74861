"""guard() judges what is made and what leaves as well, by the state and before anything is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pulumi
import pytest

import pulumi_voice_routing
from pulumi_voice_routing import ringcx, ringex
from tests.emulated import operations
from tests.guard.conftest import NUMBERS
from tests.numbers.account import Account
from tests.stacks import Stack

PREMIUM = "+19005550100"
DENVER, AUSTIN = "+13035551001", "+13035551002"
EXTENSION = "123456/100001"

SHARES = {"denver": 70, "austin": 30}

Program = Callable[[], None]


@pytest.fixture
def stack(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Stack:
    """The program can read the state of its stack, as one that is run with ``pulumi`` can."""
    for name, value in stack.env.items():
        monkeypatch.setenv(name, value)
    return stack


def line(
    *more: Callable[[Any, Any], Any],
    without: tuple[str, ...] = (),
    live: bool = True,
    shares: Mapping[str, int] = SHARES,
    **support_is: Any,
) -> Program:
    """A number with a line of the program's own, a tracking number with two rules, and an extension's rule."""

    def program() -> None:
        pulumi_voice_routing.guard()
        group = ringcx.RouteGroup("group", name="Support")
        desks = [
            ringcx.Destination(name, group_id=group.id, name=name, kind="DID", target=target)
            for name, target in (("denver", DENVER), ("austin", AUSTIN), ("reno", "+13035551004"))
            if name in shares
        ]
        plan: Any = {"routing_type": "PERCENT_ALLOCATION", "percent_alloc_type": "DAILY"}
        support = ringcx.Profile("support", group_id=group.id, name="Support", **plan, **support_is)
        rows: Any = [
            {"destination": one, "allocation_percent": share} for one, share in zip(desks, shares.values(), strict=True)
        ]
        split = ringcx.ProfileDestinations("split", profile=support, destinations=rows)
        needed: list[pulumi.Resource] = [split]
        if live:
            after = pulumi.ResourceOptions(depends_on=[split])
            needed.append(ringcx.Activation("live", targets=[*desks, support], opts=after))
        if "number" not in without:
            opts = pulumi.ResourceOptions(depends_on=needed)
            ringcx.DnisAssignment("number", dnis=NUMBERS[0], profile=support, opts=opts)
        campaign = ringcx.TrackingNumber("campaign", group_id="123456/1000", dnis=NUMBERS[2], open_type="STANDARD")
        for rank, (name, open_) in enumerate({"day": True, "night": False}.items(), 1):
            if name not in without:
                ringcx.TrackingRoutingRule(
                    name, tracking_number=campaign, rank=rank, kind="STANDARD", destination=DENVER, open_rule=open_
                )
        hours: Any = {"rule": "business-hours", "action": "TakeMessagesOnly", "voicemail_enabled": True}
        ringex.BuiltInAnsweringRule("hours", extension_id=EXTENSION, **hours)
        for one in more:
            one(desks, support)

    return program


def vip(**args: Any) -> Callable[[Any, Any], Any]:
    given: Any = {"extension_id": EXTENSION, "name": "VIP", "callers": [{"caller_id": "+13035550150"}], **args}
    return lambda *_: ringex.AnsweringRule("vip", **given)


def override(target: str) -> Callable[[Any, Any], Any]:
    return lambda desks, _: ringcx.DnisOverride("override", destination=desks[0], dnis=NUMBERS[0], target=target)


def test_a_preview_tells_and_an_up_sends_nothing(account: Account, stack: Stack) -> None:
    stack.up(line(), quiet=False)
    account.portal.forget_journal()
    for changed, said in (
        (line(vip(action="PlayAnnouncementOnly")), "calls to extension 100001 from +13035550150 would be worse off"),
        (line(override(PREMIUM)), f"calls to +{NUMBERS[0]} would be worse off"),
        (
            line(without=("day",)),
            f"declares no more: tracking routing rule 'day': calls to +{NUMBERS[2]} in the opening",
        ),
        (line(without=("day", "night")), f"calls to +{NUMBERS[2]} would be worse off"),
        (line(active=False), f"calls to +{NUMBERS[0]} would be worse off"),
        (line(live=False), f"declares no more: activation 'live': calls to +{NUMBERS[0]} would be worse off"),
    ):
        previewed = stack.preview_fails(changed)
        assert said in previewed.error
        assert "number-safety" in previewed.error or previewed.error.startswith("guard: ")
        assert said in stack.fails(changed).error
        assert operations(account.portal.journal(), writes=True) == []
    ended = stack.preview_fails(line(without=("number",)))
    assert any("is protected, because callers reach its numbers, and leaves the program" in one for one in ended.said)
    account.portal.forget_journal()
    for harmless in (line(vip(action="TakeMessagesOnly")), line(override("+13035551003")), line()):
        stack.preview(harmless)
    for shares in ({"denver": 40, "austin": 20, "reno": 40}, {"denver": 70, "reno": 30}):  # a new desk, or another one
        stack.preview(line(shares=shares))
