"""What hundreds of destinations take as one fleet: seconds, memory and requests.

python -m bench.fleets [--rows 200 5000] [--latency 50] [--runs 3]
"""

from __future__ import annotations

import argparse
from statistics import median

from . import measure
from .cases import Figures, Network, rows_of_a_fleet


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[200, 5000])
    parser.add_argument("--latency", type=int, default=50, metavar="MS", help="how late every answer comes")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    measure.adopt_orphans()
    network = Network(options.latency, limited=False)
    for count in options.rows:
        steps: dict[str, list[Figures]] = {}
        for _ in range(options.runs):
            for one in rows_of_a_fleet(count).run("voice-routing", network):
                steps.setdefault(one.step, []).append(one)
        for step, those in steps.items():
            print(
                f"{count} rows, {step}: {those[-1].requests} requests, "
                f"{median(it.cost.seconds for it in those):.1f} s, "
                f"{median(it.cost.cpu_seconds for it in those):.1f} s of the processor, "
                f"{median(it.cost.peak_bytes for it in those) / 1e6:.0f} MB",
                flush=True,
            )


if __name__ == "__main__":
    main()
