"""The main example on a stack, killed in the middle of what it does, and brought to its end again."""

from __future__ import annotations

import json
import runpy
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.crash.processes import Processes, below, members
from tests.crash.proxy import Proxy
from tests.emulated import Emulated, Json, settings_for
from tests.stacks import Stack

SOURCE = Path(__file__).parents[2] / "programs" / "contact_center" / "__main__.py"

OPERATIONS = ("up", "update", "destroy")
"""Each starts where the one before it ends."""

CHANGES = {
    "line": "Help",
    "denverNumber": "+13035550177",
    "denverShare": "60",
    "denverTeams": json.dumps({"+18005550111": "+13035550112", "+18005550133": "+13035550133"}),
    "dublinTeams": json.dumps({"+18005550122": "+353209100122"}),
}
"""What the update changes: every name, a target, shares; overrides come, change and go."""

_LONGEST_RUN = 180
"""Seconds. What runs for longer hangs."""

_NAMES = {"cloudGroupId": "groupName", "cloudProfileId": "profileName", "cloudDestinationId": "destinationName"}
_KINDS = {
    "CloudRouteGroup": "cloudGroupId",
    "CloudRouteProfile": "cloudProfileId",
    "CloudRouteDestination": "cloudDestinationId",
    "CloudRouteAssignedDestination": "assignedDestinationId",
    "CloudRouteDestinationOverride": "destOverrideId",
}


@dataclass(frozen=True)
class Kill:
    """What is killed, and when.

    ``at`` counts the requests of the operation from 1. ``after`` means after the vendor has acted on that request.
    """

    operation: str
    victim: str
    at: int
    after: bool
    checkpoints: bool = True
    forgets: bool = False
    """Whether the next run finds nothing of what this machine has kept, and its user says to adopt what is there."""

    def __str__(self) -> str:
        mode = ("" if self.checkpoints else ", no checkpoints") + (", nothing kept" if self.forgets else "")
        return f"{self.victim} killed {'after' if self.after else 'before'} request {self.at} of {self.operation}{mode}"


def stack_in(folder: Path, pulumi_home: Path, emulator: Emulated) -> Stack:
    """A stack on an emulator that holds nothing yet."""
    emulator.start_over()
    env = {
        # Without this the engine keeps a second file beside the state, which a kill may leave empty.
        "PULUMI_BACKEND_URL": f"file://{folder / 'backend'}?metadata=skip",
        **settings_for(emulator.url),
    }
    return Stack(folder, pulumi_home, env)


class MainProgram:
    """Its three operations: where they start, how many requests they make, and what they end in."""

    def __init__(
        self, emulator: Emulated, stack: Stack, source: str = "", changes: Mapping[str, str] | None = None
    ) -> None:
        """``source`` and ``changes`` are another program, and what its update sets."""
        self._emulator, self._stack = emulator, stack
        self._starts: dict[str, Json] = {}
        self._ends: dict[str, dict[str, list[str]]] = {}
        self.requests: dict[str, int] = {}
        stack.write_program(source or SOURCE.read_text(encoding="utf-8"))
        self._foreign = objects_of_somebody_else(emulator)
        for operation in OPERATIONS:
            if operation == "update":
                for name, value in (changes or CHANGES).items():
                    stack.config(name, value)
            self._keep(operation)
            before = len(emulator.journal())
            stack.cli(*_command(operation))
            self.requests[operation] = len(emulator.journal()) - before
            self._ends[operation] = facts(emulator)

    def go_through(self, kill: Kill) -> bool:
        """Kill, then do what the README says, and see that all is as if nothing had happened.

        Returns whether there was something to kill: a late request may not come, or come after the program's end.
        """
        self._return_to(kill.operation)
        self._stack.env["PULUMI_SKIP_CHECKPOINTS"] = "false" if kill.checkpoints else "true"
        killed = self._killed(kill)
        self._stack.env["PULUMI_SKIP_CHECKPOINTS"] = "true"
        if kill.victim == "engine":
            self._stack.cli("cancel", "--yes")
            if kill.at % 2:  # it ends a warning, and the next run needs none of it
                self._end_the_warnings()
        if kill.forgets:
            shutil.rmtree(self._stack.cache)
            self._stack.config("adopt", "true")
        self._go_on(kill.operation)
        assert facts(self._emulator) == self._ends[kill.operation]
        assert not self._foreign - everything(self._emulator), "what somebody else owns was changed"
        return killed

    def _killed(self, kill: Kill) -> bool:
        run: subprocess.Popen[str]
        victims, all_of_them = Processes([]), Processes([])

        def strike() -> None:
            nonlocal victims, all_of_them
            victims, all_of_them = Processes(members(run, kill.victim)), Processes(below(run.pid))
            victims.kill()
            if kill.victim == "engine":
                all_of_them.await_ends()

        passes = kill.victim in ("host", "program")
        with Proxy(self._emulator.url, kill.at, strike, after=kill.after, passes=passes) as proxy:
            self._stack.env["RINGCX_BASE_URL"] = proxy.url
            run = self._stack.start(*_command(kill.operation))
            console = _console(run)
            self._stack.env["RINGCX_BASE_URL"] = self._emulator.url
        with victims, all_of_them:
            all_of_them.await_ends()
            assert run.returncode != 0 or not victims or passes, console
            return bool(victims)

    def _go_on(self, operation: str) -> None:
        if operation == "destroy":
            self._stack.destroy()
            assert self._stack.state() == {}
        else:
            self._stack.up(self._program)

    def _program(self) -> None:
        runpy.run_path(str(self._stack.folder / "work" / "__main__.py"))

    def _end_the_warnings(self) -> None:
        self._stack.cli("refresh", "--clear-pending-creates", "--yes", "--skip-preview")
        assert not self._stack.export()["deployment"].get("pending_operations")

    # Points in time

    def _keep(self, operation: str) -> None:
        self._starts[operation] = self._emulator.state()
        for part in ("backend", "cache", "work"):
            shutil.copytree(self._stack.folder / part, self._stack.folder / "starts" / operation / part)

    def _return_to(self, operation: str) -> None:
        self._emulator.start_over(self._starts[operation])
        for part in ("backend", "cache", "work"):
            shutil.rmtree(self._stack.folder / part)
            shutil.copytree(self._stack.folder / "starts" / operation / part, self._stack.folder / part)


def _console(run: subprocess.Popen[str]) -> str:
    try:
        return run.communicate(timeout=_LONGEST_RUN)[0]
    except subprocess.TimeoutExpired:
        run.kill()
        raise AssertionError(f"it never ends:\n{run.communicate()[0]}") from None


def _command(operation: str) -> tuple[str, ...]:
    return ("destroy" if operation == "destroy" else "up", "--yes", "--skip-preview")


def objects_of_somebody_else(emulator: Emulated) -> set[str]:
    """A line that was made by hand and takes calls. It must be the same for ever."""
    group = emulator.group("Portal")
    desk = emulator.destination("Portal desk", group, active=True)
    profile = emulator.profile("Portal line", group)
    emulator.assign(profile, desk, 100, 1, group)
    emulator.switch("Profile", profile, on=True, group=group)
    emulator.override(desk, "18005550111", "+13035550100", group)
    emulator.destination("Support Denver")
    return everything(emulator)


def everything(emulator: Emulated) -> set[str]:
    """Every object of cloud routing, with its id."""
    return {json.dumps([kind, one], sort_keys=True) for kind in _KINDS for one in emulator.records(kind)}


def facts(emulator: Emulated) -> dict[str, list[str]]:
    """What callers would notice: every object of cloud routing with names in the place of ids, however often it is."""
    objects = emulator.state()["objects"]
    names: dict[tuple[str, Any], str] = {
        (id_field, one[id_field]): one[_NAMES[id_field]]
        for kind, id_field in _KINDS.items()
        if id_field in _NAMES
        for one in objects[kind]
    }

    def named(one: Json, own: str) -> Json:
        return {name: names.get((name, value), value) for name, value in one.items() if name != own}

    return {
        kind: sorted(json.dumps(named(one, own), sort_keys=True) for one in objects[kind])
        for kind, own in _KINDS.items()
    }
