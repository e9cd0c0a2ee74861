"""What the provider asks before writes, beside what is asked anyway: counted, for a line that many numbers lead to."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from pulumi_voice_routing.lifecycle import writes
from pulumi_voice_routing.ringcx import client as ringcx_client
from tests.emulated import operations
from tests.numbers.account import digits
from tests.outcomes.conftest import AUSTIN, DENVER, Live, live, provider_settings
from tests.outcomes.run import Stack, one_resource_for_each_thread

__all__ = ["live", "one_resource_for_each_thread", "provider_settings"]

DESTINATIONS = 12

Program = dict[str, tuple[str, dict[str, Any]]]


def program(live: Live, desks: list[str], *, changed: bool) -> Program:
    """Two destinations of a live profile, their shares by day and by hour, an override, and desks of another one."""
    targets = ("+13035551003", "+13035551004") if changed else (DENVER, AUSTIN)
    share = 60 if changed else 70
    whole = {"profile": live.id(live.profile)}
    rows = live.rows((live.denver, share), (live.austin, 100 - share))
    by_hour = 65 if changed else 70  # else the shares of the day would do for the hours, when they come first
    table = [
        {"destination": live.id(one), "percent": [part] * 24}
        for one, part in ((live.denver, by_hour), (live.austin, 100 - by_hour))
    ]
    override = {"dnis": "+13035550105", "target": "+13035551005" if changed else "+13035551006"}
    line: Program = {
        "denver": ("ringcx:Destination", live.destination(target=targets[0], adopt=True)),
        "austin": ("ringcx:Destination", live.destination(name="Austin", target=targets[1], adopt=True)),
        "split": ("ringcx:ProfileDestinations", {**whole, "destinations": rows, "adopt": True}),
        "hours": ("ringcx:AllocationHours", {**whole, "hours": table}),
        "override": ("ringcx:DnisOverride", {"destination": live.id(live.austin), **override}),
    }
    for place, name in enumerate(desks):
        target = f"+130355520{place:02}" if changed else f"+130355510{place + 20:02}"
        line[name] = ("ringcx:Destination", live.destination(name=name, target=target, adopt=True))
    return line


def test_a_run_that_changes_all_of_a_line(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = digits(40, start=101)
    live.account.pool(numbers)
    live.account.give(numbers, f"profile {live.profile}")
    desks = [f"Desk {place}" for place in range(DESTINATIONS)]
    for name in desks:
        live.portal.destination(name, active=True)
    whole = live.portal.state()

    def requests() -> Counter[str]:
        live.portal.put_state(whole)
        ringcx_client._clients.clear()
        live.new_process()
        stack = Stack()
        stack.up(**program(live, desks, changed=False))
        live.new_process()
        ringcx_client._clients.clear()
        live.portal.forget_journal()
        stack.up(**program(live, desks, changed=True))
        return Counter(operations(live.portal.journal()))

    def fewest() -> Counter[str]:
        """Of three runs: what one resource writes may make another one look again, as it happens."""
        return min((requests() for _ in range(3)), key=Counter.total)

    asked = fewest()
    monkeypatch.setattr(writes, "ask", lambda _: None)
    added = asked - fewest()
    assert added.total() < 5, added
