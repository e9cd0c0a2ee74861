"""What reading a big account costs: one request for each list, and no waiting beyond the vendor's rate."""

from __future__ import annotations

import time
from collections import Counter
from types import SimpleNamespace

import pytest

from pulumi_voice_routing.client import pacing
from pulumi_voice_routing.commands.export.account import read
from pulumi_voice_routing.commands.export.wanted import Wanted
from pulumi_voice_routing.ringcx import client
from tests.emulated import ACCOUNT, Emulated, operations, settings_for

GROUPS, NUMBERS, A_MINUTE = 130, 5000, 120


class Clock:
    """Stands in for the time of the pacing: who waits is there at once, and so is everybody else."""

    def __init__(self) -> None:
        self.start = self.now = time.monotonic()

    def monotonic(self) -> float:
        return self.now

    def wait(self, seconds: float) -> bool:
        self.now = max(self.now, self.now + seconds)
        return False


@pytest.mark.whole_run
def test_a_big_account_takes_the_lists_and_the_time_that_the_rate_allows(
    emulator: Emulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = emulator.state()
    objects = state["objects"]
    group = {"isDefault": False, "accountId": ACCOUNT}
    objects["CloudRouteGroup"] += [
        {**group, "cloudGroupId": 5000 + number, "groupName": f"Group {number}"} for number in range(GROUPS)
    ]
    objects["DnisPool"] += [
        {"dnis": f"1720{number:07}", "reservedAccountId": ACCOUNT, "active": True} for number in range(NUMBERS)
    ]
    emulator.put_state(state)
    emulator.forget_journal()
    clock = Clock()
    monkeypatch.setattr(pacing, "time", SimpleNamespace(monotonic=clock.monotonic))
    monkeypatch.setattr(pacing, "cancelled", clock)
    for name, value in {**settings_for(emulator.url), "RINGCX_REQUESTS_PER_MINUTE": str(A_MINUTE)}.items():
        monkeypatch.setenv(name, value)
    client._clients.clear()
    try:
        types = ["RouteGroup", "Profile", "Dnis", "DnisAssignment"]
        found = read(Wanted(vendors=["ringcx"], types=types), lambda said: None)
    finally:
        client._clients.clear()
    asked = Counter(operations(emulator.journal()))
    assert asked == {"CR-01": 1, "CR-02": GROUPS + 1, "NM-02": 5}, "a list each, and a page for each thousand numbers"
    assert len(found.objects) == GROUPS + 1 + NUMBERS
    floor = (asked.total() - 1) // A_MINUTE * 60
    assert floor == 60
    assert clock.now - clock.start <= 1.2 * floor
