"""What `voice-routing export` of some 5,000 objects takes: seconds, memory and requests.

    python -m bench.export [--size 14] [--latency 0]

The account is the one of the tests, made larger. The whole command is measured, from its start to its end. The targets
are 60 s and 400 MB, and one request for each list that there is.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.adopting.account import living
from tests.emulated import Emulated, settings_for
from tests.measured import measured

A_MINUTE = 120
"""RingCX's rate."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=14, help="how many times the destinations and numbers of the tests")
    parser.add_argument("--latency", type=float, default=0, metavar="MS", help="how late every answer comes")
    options = parser.parse_args()
    emulator = Emulated()
    try:
        living(emulator, size=options.size)
        emulator.forget_journal()
        emulator.faults(latency_seconds=options.latency / 1000)
        with tempfile.TemporaryDirectory() as folder:
            there = Path(folder) / "line"
            started = time.monotonic()
            done = measured("export", str(there), cwd=Path(folder), env=settings_for(emulator.url))
            seconds = time.monotonic() - started
            if done.code != 0:
                sys.exit(done.complained)
            types = json.loads((there / "report.json").read_text("utf-8"))["types"]
        calls = Counter(one["operation"] for one in emulator.journal())
    finally:
        emulator.stop()
    objects = sum(one["exported"] for one in types.values())
    floor = (calls.total() - 1) // A_MINUTE
    print(f"{objects} objects: {seconds:.1f} s, {done.seconds:.1f} s of processor time, {done.megabytes:.0f} MB")
    print(f"{calls.total()} requests, which take {floor} minutes at {A_MINUTE} a minute")
    print(", ".join(f"{operation} {count}" for operation, count in calls.most_common()))


if __name__ == "__main__":
    main()
