"""A change that hurts callers meets the provider in a real run: no pack, gate or guard, and no preview before it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from pulumi_voice_routing import ringcx
from tests.emulated import Emulated, operations
from tests.numbers.account import Account
from tests.stacks import Stack

NUMBER, TRACKED = "13035550100", "13035550111"
DENVER, AUSTIN = "+13035551001", "+13035551002"


def line(target: str = DENVER, rules: tuple[str, ...] = ("day", "evening", "night"), **more: Any) -> Callable[[], None]:
    """A line of the program's own, and a tracking number whose opening hours have two rules."""

    def declared() -> None:
        group = ringcx.RouteGroup("group", name="Denver")
        desks = [
            ringcx.Destination("denver", group_id=group.id, name="Denver", kind="DID", target=target),
            ringcx.Destination("austin", group_id=group.id, name="Austin", kind="DID", target=AUSTIN),
        ]
        given: Any = {"routing_type": "PERCENT_ALLOCATION", "percent_alloc_type": "DAILY", **more}
        support = ringcx.Profile("support", group_id=group.id, name="Support", **given)
        rows: Any = [
            {"destination": one, "allocation_percent": share} for one, share in zip(desks, (70, 30), strict=True)
        ]
        split = ringcx.ProfileDestinations("split", profile=support, destinations=rows)
        after = pulumi.ResourceOptions(depends_on=[split])
        live = ringcx.Activation("live", targets=[*desks, support], opts=after)
        ringcx.DnisAssignment("number", dnis=NUMBER, profile=support, opts=pulumi.ResourceOptions(depends_on=[live]))
        campaign = ringcx.TrackingNumber("campaign", group_id="123456/1000", dnis=TRACKED, open_type="STANDARD")
        for rank, (name, at) in enumerate({"day": DENVER, "evening": AUSTIN, "night": AUSTIN}.items(), 1):
            if name in rules:
                open_ = name != "night"
                ringcx.TrackingRoutingRule(
                    name, tracking_number=campaign, rank=rank, kind="STANDARD", destination=at, open_rule=open_
                )

    return declared


@pytest.fixture
def account(emulator: Emulated) -> Account:
    there = Account(emulator)
    there.pool([NUMBER, TRACKED])
    return there


def test_what_hurts_callers_is_refused_and_nothing_is_sent(account: Account, stack: Stack) -> None:
    stack.up(line())
    account.portal.forget_journal()
    for changed, said in (
        (line("+19005550100"), ("forbidden-target", "+13035550100")),
        (line(f"+{NUMBER}"), ("calls-unanswered", "+13035550100")),
        (line(routing_type="MANUAL"), ("calls-unknown", "+13035550100")),
        (
            line(rules=("night",)),
            ("calls-unknown", f"+{TRACKED} in the opening hours of tracking number +{TRACKED}"),
        ),
    ):
        run = stack.fails(changed)
        rule, number = said
        assert run.error.startswith(f"ringcx: calls to {number} would be worse off (")
        assert f'rule = "{rule}"' in run.lines
        assert f'objects = ["{number}"]' in run.lines
        assert operations(account.portal.journal(), writes=True) == []
    stack.up(line("+13035551003", rules=("evening", "night")), quiet=False)
