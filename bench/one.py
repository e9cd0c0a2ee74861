"""What one resource takes beside the smallest dynamic program of the SDK: seconds of a preview, turn by turn.

    python -m bench.one [--runs 5] [--latency 50]

With the engine and the language host that `VOICE_ROUTING_ENGINE_DIR` names, and with `BENCH_TOOLCHAIN=uv` in a project
of uv: see docs/speed.md.
"""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from . import measure
from .account import Account
from .stack import Stack

PROGRAMS = {"one destination": "destinations('voice-routing', 1)", "the smallest program": "smallest()"}


def previews(runs: int, latency_ms: int) -> dict[str, list[float]]:
    """The seconds of each preview, by program; the first one of each, which warms up, is left out."""
    with ExitStack() as kept:
        account = kept.enter_context(Account(latency_ms / 1000, limited=False))
        stacks: dict[str, Stack] = {}
        for name, program in PROGRAMS.items():
            folder = kept.enter_context(TemporaryDirectory(prefix="bench-"))
            stacks[name] = Stack(Path(folder), account.settings)
            stacks[name].declare(program)
        account.go()
        for stack in stacks.values():
            stack.run("up", "--yes", "--skip-preview")
        took: dict[str, list[float]] = {name: [] for name in stacks}
        for run in range(runs + 1):
            for name, stack in stacks.items():
                seconds = stack.run("preview").seconds
                if run:
                    took[name].append(seconds)
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--latency", type=int, default=50, metavar="MS", help="how late every answer comes")
    given = parser.parse_args()
    measure.adopt_orphans()
    for name, took in previews(given.runs, given.latency).items():
        print(f"empty preview of {name}: {median(took):.2f} s ({min(took):.2f} to {max(took):.2f})", flush=True)


if __name__ == "__main__":
    main()
