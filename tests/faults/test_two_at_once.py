"""Two stacks on one account, brought up at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from tests.conftest import NewStack
from tests.emulated import Emulated
from tests.faults.proxy import standing
from tests.faults.scenarios import furnish, program_of
from tests.faults.watch import Watch

NEARLY_ALL = 100
"""Calls of somebody else in the same minute, of the 120 that the vendor allows."""


class FastMinutes:
    """The vendor's minute is over as soon as it has refused a call, so that nobody has to wait for it."""

    def __init__(self, portal: Emulated) -> None:
        self._portal = portal
        self.refused = 0

    def heard(self, status: int) -> None:
        """One answer of the vendor."""
        if status == 429:
            self.refused += 1
            self._set({"advance_seconds": 61})

    def over(self) -> None:
        """Back to the present."""
        self._set({"now": datetime.now(UTC).isoformat()})

    def _set(self, clock: dict[str, object]) -> None:
        self._portal.call("POST", "/_emulator/clock", clock)


def together(*acts: Callable[[], object]) -> list[object]:
    """Do all of them at the same time; none starts before the others."""
    ready = threading.Barrier(len(acts))

    def started(act: Callable[[], object]) -> object:
        ready.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(started, acts))


def test_two_stacks_share_the_rate_and_the_cache(emulator: Emulated, new_stack: NewStack, tmp_path: Path) -> None:
    furnish(emulator)
    watch = Watch(emulator.state()["objects"])
    minutes = FastMinutes(emulator)

    def wrote(call: str) -> None:
        watch.look(call, emulator.state()["objects"])

    with standing(emulator.url, wrote, minutes.heard) as proxy:
        env = {"RINGCX_BASE_URL": proxy.url, "VOICE_ROUTING_CACHE_DIR": str(tmp_path / "cache")}
        stacks = {name: new_stack(**env) for name in ("North", "South")}
        for name, stack in stacks.items():
            stack.config("line", name)
        program = program_of("contact_center")

        emulator.faults(rate_limits=True)
        for _ in range(NEARLY_ALL):
            emulator.api("GET", "/cloudRouteDestinationGroups")
        try:
            together(*(lambda stack=stack: stack.up(program, quiet=False) for stack in stacks.values()))
        finally:
            emulator.faults(rate_limits=False)
            minutes.over()
        assert minutes.refused > 0

        for stack in stacks.values():
            stack.is_quiet(program)
    states = {f"{name} {one}": values for name, stack in stacks.items() for one, values in stack.state().items()}
    watch.compare(states, emulator.state()["objects"])
    assert watch.problems == []
