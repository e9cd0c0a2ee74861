"""Whose memory it is: an empty preview of a fleet, or of a pool of numbers and its assignments, by process.

    python -m bench.memory [--rows 2 5000] [--numbers 10000]

Memory is counted in two ways: the resident memory of each process, and the same with a page that several share
counted once in all (`Pss` in `/proc/PID/smaps_rollup`). Each process is shown at its own most; the sums are of one
moment. With the engine and the language host that `VOICE_ROUTING_ENGINE_DIR` names.
"""
# ruff: noqa: S603 - the engine, with arguments of our own

from __future__ import annotations

import argparse
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from . import measure
from .account import Account
from .stack import ENGINE, Stack

_BETWEEN_LOOKS_SECONDS = 0.05
_ROLES = {
    "language_host.py": "language host",
    "pulumi-language-python-exec": "program",
    "pulumi-language-python": "language host",
    "pulumi.dynamic": "provider",
    "pulumi-resource-pulumi-python": "provider",
    "--non-interactive": "engine",
}
"""By what stands in the command; the first that does."""

Used = dict[str, tuple[int, int]]
"""Resident memory and its share of each role, in KiB."""


def of_a_preview(stack: Stack) -> tuple[Used, tuple[int, int]]:
    """The most of each role, and the most of all together."""
    with (stack.work / "bench-output.txt").open("w") as said:
        command = [*ENGINE, "preview", "--stack", "bench"]
        process = subprocess.Popen(
            command, cwd=stack.work, env=stack.env, stdin=subprocess.DEVNULL, stdout=said, stderr=said
        )
        each: Used = {}
        together = (0, 0)
        while True:
            try:
                process.wait(_BETWEEN_LOOKS_SECONDS)
            except subprocess.TimeoutExpired:
                now = of_now(process.pid)
                for role, used in now.items():
                    each[role] = _most(used, each.get(role, (0, 0)))
                together = _most(together, _sum(now))
            else:
                break
    if process.returncode:
        raise measure.Failed(stack.output())
    return each, together


def of_now(pid: int) -> Used:
    """What a process and all below it have."""
    found: Used = {}
    for one in measure.tree(pid):
        try:
            command = Path(f"/proc/{one}/cmdline").read_text(encoding="utf-8")
            lines = Path(f"/proc/{one}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
        except OSError:
            continue  # it has ended meanwhile
        role = next((role for part, role in _ROLES.items() if part in command), None)
        counted = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)}
        if role is not None and counted:
            found[role] = _sum({"": found.get(role, (0, 0)), "more": (counted["Rss"], counted["Pss"])})
    return found


def _most(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return max(one[0], other[0]), max(one[1], other[1])


def _sum(used: Used) -> tuple[int, int]:
    return sum(one for one, _ in used.values()), sum(two for _, two in used.values())


def shown(what: str, program: str) -> None:
    """Make the stack, preview it, and print what the preview had."""
    with TemporaryDirectory(prefix="bench-") as folder, Account(0, limited=False) as account:
        stack = Stack(Path(folder), {**account.settings, "PULUMI_SKIP_CHECKPOINTS": "true"})
        stack.declare(program.format(profile=account.profile("Plan")))
        account.go()
        stack.run("up", "--yes", "--skip-preview")
        each, together = of_a_preview(stack)
    for name, (resident, share) in {**each, "all": together}.items():
        print(f"{what}, {name}: {resident / 1024:.0f} MB resident, {share / 1024:.0f} MB with pages shared", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="*", default=[2, 5000])
    parser.add_argument("--numbers", type=int, nargs="*", default=[10_000])
    given = parser.parse_args()
    measure.adopt_orphans()
    for count in given.rows:
        shown(f"{count} rows", f"fleet('voice-routing', {count})")
    for count in given.numbers:
        shown(f"{count} numbers", f"numbers('voice-routing', {count}, {{profile!r}})")


if __name__ == "__main__":
    main()
