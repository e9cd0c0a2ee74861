"""What a large account takes in one stack: seconds, memory and requests of this provider alone.

    python -m bench.scale [--numbers 10000] [--destinations 5000] [--latency 50]

With `PULUMI_SKIP_CHECKPOINTS=true` in the environment, as for stacks of that size: see docs/scale.md.
"""

from __future__ import annotations

import argparse

from . import measure
from .cases import Network, Scenario, scenarios


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--numbers", type=int, default=10_000)
    parser.add_argument("--destinations", type=int, default=5_000)
    parser.add_argument("--latency", type=int, default=50, metavar="MS", help="how late every answer comes")
    options = parser.parse_args()
    measure.adopt_orphans()
    network = Network(options.latency, limited=False)
    for scenario in (_of(options.numbers, "numbers"), _of(options.destinations, "destinations")):
        for row in scenario.run("voice-routing", network) if scenario else ():
            print(
                f"{row.scenario}, {row.step}: {row.requests} requests, {row.cost.seconds:.1f} s, "
                f"{row.cost.cpu_seconds:.1f} s of the processor, {row.cost.peak_bytes / 1e6:.0f} MB",
                flush=True,
            )


def _of(count: int, what: str) -> Scenario | None:
    """The scenario of that size; nothing for none."""
    size = {"numbers": 1000, "destinations": 200}[what]
    return next((one for one in scenarios(count / size) if count and one.name == f"{count} {what}"), None)


if __name__ == "__main__":
    main()
