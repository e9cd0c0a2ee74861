"""Writes of one run that make up for each other are sent in an order in which callers are answered all the time."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pulumi_voice_routing.client.http import ApiClient
from pulumi_voice_routing.errors import Refused
from tests.emulated import operations

from .conftest import AUSTIN, DENVER, NUMBER, Live
from .run import Stack

TRACKED = "+13035550111"
PREMIUM = "+19005550100"
EXTENSION = "123456/100001"

Program = dict[str, tuple[str, dict[str, Any]]]


@pytest.fixture
def after_each(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Callable[[], None]], None]]:
    """Has something looked at after each request, which takes its time."""
    real, looks = ApiClient.request, list[Callable[[], None]]()

    def request(self: ApiClient, *args: Any, **kwargs: Any) -> Any:
        answer = real(self, *args, **kwargs)
        for look in looks:
            look()
        time.sleep(0.01)
        return answer

    monkeypatch.setattr(ApiClient, "request", request)
    return looks.append  # type: ignore[return-value]


def rule(live: Live, rank: int, target: str, *, open_: bool) -> tuple[str, dict[str, Any]]:
    given = {"kind": "STANDARD", "destination": target, "open_rule": open_, "rank": rank}
    return "ringcx:TrackingRoutingRule", {"tracking_number": live.tracking, **given}


class TestTracking:
    """Rules that change places."""

    @pytest.fixture
    def stack(self, live: Live) -> Stack:
        live.account.pool([TRACKED[1:]])
        given = {"group_id": "123456/1000", "dnis": TRACKED, "open_type": "STANDARD", "close_type": "STANDARD"}
        self.number = ("ringcx:TrackingNumber", given)
        stack = Stack()
        stack.up(number=self.number)
        live.tracking = stack.saved["number"][1]
        live.new_process()
        return stack

    def begun(self, live: Live, stack: Stack, **rules: tuple[str, dict[str, Any]]) -> None:
        stack.up(number=self.number, **rules)
        live.new_process()
        live.portal.forget_journal()

    def test_three(self, live: Live, stack: Stack, after_each: Callable[[Callable[[], None]], None]) -> None:
        self.begun(
            live,
            stack,
            day=rule(live, 1, DENVER, open_=True),
            second=rule(live, 2, AUSTIN, open_=True),
            night=rule(live, 3, AUSTIN, open_=False),
        )
        seen: list[set[bool]] = []
        after_each(lambda: seen.append({one["openRule"] for one in live.portal.records("TracRoutingRule")}))
        stack.up(
            number=self.number,
            second=rule(live, 2, AUSTIN, open_=False),
            night=rule(live, 3, DENVER, open_=True),
            day=rule(live, 1, AUSTIN, open_=False),
        )
        assert len(seen) > 3
        assert all(one == {True, False} for one in seen)

    def test_two_leave_nobody_for_a_moment_and_are_refused(self, live: Live, stack: Stack) -> None:
        self.begun(live, stack, day=rule(live, 1, DENVER, open_=True), night=rule(live, 2, AUSTIN, open_=False))
        with pytest.raises(Refused, match=r"until the rest of this run is done .* Change this in a run of its own"):
            stack.up(
                number=self.number, day=rule(live, 1, DENVER, open_=False), night=rule(live, 2, AUSTIN, open_=True)
            )
        assert operations(live.portal.journal(), writes=True) == []

    def test_all_leave_when_where_their_calls_go_is_approved(
        self, live: Live, stack: Stack, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The last one needs no other permission: the others would be gone when that is asked for."""
        self.begun(live, stack, day=rule(live, 1, DENVER, open_=True), night=rule(live, 2, AUSTIN, open_=False))
        with pytest.raises(Refused, match="calls-unknown"):
            stack.up(number=self.number)
        assert operations(live.portal.journal(), writes=True) == []
        monkeypatch.setenv("VOICE_ROUTING_BREAK_GLASS", "calls-unknown")
        stack.up(number=self.number)
        assert live.portal.records("TracRoutingRule") == []


def test_a_new_rule_comes_before_the_built_in_one_changes(live: Live) -> None:
    hours = {"extension_id": EXTENSION, "rule": "business-hours"}
    desk: Program = {"hours": ("ringex:BuiltInAnsweringRule", {**hours, "action": "ForwardCalls"})}
    instead = {"extension_id": EXTENSION, "name": "Instead", "schedule": {"ref": "BusinessHours"}}
    stack = Stack()
    stack.up(**desk)
    live.new_process()
    live.portal.forget_journal()
    desk = {"hours": ("ringex:BuiltInAnsweringRule", {**hours, "action": "PlayAnnouncementOnly"})}
    desk["instead"] = ("ringex:AnsweringRule", {**instead, "action": "TakeMessagesOnly"})
    stack.up(**desk)
    assert operations(live.portal.journal(), writes=True) == ["EXb-01", "EX-03"]


def test_an_override_comes_before_the_target_that_nobody_may_be_sent_to(live: Live) -> None:
    at = live.id(live.denver)
    parts: Program = {
        "denver": ("ringcx:Destination", live.destination(target=PREMIUM, adopt=True)),
        "override": ("ringcx:DnisOverride", {"destination": at, "dnis": f"+{NUMBER}", "target": "+13035551003"}),
    }
    for order in itertools.permutations(parts):
        live.restore()
        live.portal.forget_journal()
        Stack().up(**{name: parts[name] for name in order})
        assert operations(live.portal.journal(), writes=True) == ["CR-20", "CR-06"]
