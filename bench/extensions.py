"""What hundreds of extensions with the same rules take, as two fleets: seconds, memory and requests.

python -m bench.extensions [--extensions 500] [--latency 50] [--runs 1] [--limited]
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from . import measure
from .account import Account
from .measure import Cost
from .stack import Stack

_UP = ("up", "--yes", "--skip-preview")
STEPS = (
    ("create", _UP),
    ("empty preview", ("preview",)),
    ("preview with refresh", ("preview", "--refresh")),
    ("all changed", _UP),
    ("destroy", ("destroy", "--yes", "--skip-preview")),
)


def measured(count: int, latency_ms: int, *, limited: bool = False) -> Iterator[tuple[str, list[str], Cost]]:
    """Each step with the operations that it called."""
    with TemporaryDirectory(prefix="bench-") as folder, Account(latency_ms / 1000, limited=limited) as account:
        stack = Stack(Path(folder), account.settings)
        account.extensions(count)
        account.go()
        for step, command in STEPS:
            stack.declare(f"same_rules({count}, changed={step == 'all changed'})")
            cost = stack.run(*command)
            yield step, account.requests(), cost


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--extensions", type=int, default=500)
    parser.add_argument("--latency", type=int, default=50, metavar="MS", help="how late every answer comes")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--limited", action="store_true", help="with the vendor's limits on calls; takes hours")
    given = parser.parse_args()
    measure.adopt_orphans()
    steps: dict[str, list[tuple[int, Cost]]] = {}
    for _ in range(given.runs):
        for step, requests, cost in measured(given.extensions, given.latency, limited=given.limited):
            steps.setdefault(step, []).append((len(requests), cost))
    for step, those in steps.items():
        print(
            f"{given.extensions} extensions, {step}: {those[-1][0]} requests, "
            f"{median(it.seconds for _, it in those):.1f} s, "
            f"{median(it.cpu_seconds for _, it in those):.1f} s of the processor, "
            f"{median(it.peak_bytes for _, it in those) / 1e6:.0f} MB",
            flush=True,
        )


if __name__ == "__main__":
    main()
