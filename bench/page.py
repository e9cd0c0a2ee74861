"""How long the page of ``voice-routing view`` takes: to make, to open in a Chromium, and to search.

    python -m bench.page [--numbers 10000] [--profiles 300] [--runs 5]

The target is that 10,000 numbers of 300 profiles open in under 2 s. Medians of the runs are printed.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from pulumi_voice_routing.commands.view.document import Shown, document
from pulumi_voice_routing.commands.view.page import page
from tests.view.browser import Seen, browser
from tests.view.lines import line, routing


def seconds(do: Callable[[], object]) -> float:
    """What it takes."""
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--numbers", type=int, default=10_000)
    parser.add_argument("--profiles", type=int, default=300)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, browser() as chrome:
        path = Path(folder) / "routing.html"

        def make() -> None:
            there = routing(*line(given.numbers, given.profiles))
            shown = Shown("bench", "made up", there, there)
            path.write_text(page(document(shown, "now"), str), encoding="utf-8")

        print(f"made in {seconds(make):.2f} s, {path.stat().st_size / 1e6:.1f} MB")
        opened, found = [], []
        for _ in range(given.runs):
            began = time.perf_counter()
            seen = Seen(chrome, path)
            seen.page.wait_for_selector("main h2")
            opened.append(time.perf_counter() - began)
            last = str(8005550000 + given.numbers - 1)
            found.append(seconds(lambda seen=seen, last=last: seen.go(last)))  # type: ignore[misc]
            seen.close()
        print(f"opens in {median(opened):.2f} s, finds and draws a number in {median(found):.2f} s")


if __name__ == "__main__":
    main()
