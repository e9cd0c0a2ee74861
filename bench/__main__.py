"""``python -m bench``: measure the provider and the plain one, and print a table."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

from . import measure
from .cases import Figures, Network, Scenario, scenarios
from .report import markdown, rows
from .stacks import Provider

_QUICK_SCALE = 0.1
_LATENCIES_MS = (0, 50, 150)


def main() -> None:
    given = _arguments()
    measure.adopt_orphans()
    networks = [Network(latency, limited=False) for latency in given.latency]
    networks += [] if given.no_limited else [Network(latency, limited=True) for latency in given.latency]
    wanted = [one for one in scenarios(given.scale) if given.only in one.name]
    figures = []
    try:
        for one in _measured(wanted, networks, given.runs):
            figures.append(one)
            say(
                f"  {one.step} ({one.provider}): {one.cost.seconds:.1f} s, {one.requests} requests, "
                f"{one.cost.cpu_seconds:.1f} s CPU, {one.cost.peak_bytes / 1e6:.0f} MB"
            )
    except measure.Failed as error:
        sys.exit(f"error: {error}")
    table = rows(figures)
    where = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, {given.runs} runs"
    print(f"Medians of runs on {where}.\n\n{markdown(table)}")
    if given.json:
        given.json.write_text(json.dumps({"where": where, "rows": table}, indent=2) + "\n", encoding="utf-8")


def say(text: str) -> None:
    """Progress, beside the table."""
    print(text, file=sys.stderr, flush=True)


def _measured(wanted: list[Scenario], networks: list[Network], runs: int) -> Iterator[Figures]:
    providers: tuple[Provider, ...] = ("voice-routing", "plain")
    for scenario in wanted:
        for network in networks[:1] if scenario.without_calls else networks:
            for provider in providers:
                slow = scenario.slow_when_plain and provider == "plain"
                if slow and network.limited:
                    say(
                        f"{scenario.name}, {network.name}, {provider}: left out, its calls alone take over half an hour"
                    )
                    continue
                # Waiting for the allowed rate is most of the time then, and the same in every run.
                for run in range(1 if slow or network.limited else runs):
                    say(f"{scenario.name}, {network.name}, {provider}, run {run + 1}")
                    yield from scenario.run(provider, network)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the size, one run, 50 ms: about two minutes")
    parser.add_argument(
        "--runs", type=int, default=3, help="runs of each scenario (default 3); limited and slow ones have one"
    )
    parser.add_argument("--scale", type=float, default=1.0, help="the size of every scenario, such as 0.5 (default 1)")
    parser.add_argument(
        "--latency", type=int, nargs="+", default=list(_LATENCIES_MS), metavar="MS", help="default 0 50 150"
    )
    parser.add_argument("--no-limited", action="store_true", help="leave out the runs with 120 calls a minute")
    parser.add_argument("--only", default="", metavar="TEXT", help="scenarios with this in their names")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there as well")
    given = parser.parse_args()
    if given.quick:
        given.scale, given.runs, given.latency, given.no_limited = _QUICK_SCALE, 1, [50], True
    return given


if __name__ == "__main__":
    main()
