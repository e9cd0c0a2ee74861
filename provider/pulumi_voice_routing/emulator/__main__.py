"""`python -m pulumi_voice_routing.emulator`: see docs/emulator.md."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .server import serve
from .store import StateError


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="pulumi_voice_routing.emulator", description="Emulates RingCX, RingEX and PortSIP on 127.0.0.1."
    )
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0 (default) takes a free one")
    parser.add_argument("--state", type=Path, help="file to start from, if it is there, and to save to at the end")
    parser.add_argument("--seed", type=Path, help="file to start from when there is no state file yet")
    parser.add_argument(
        "--latency", type=float, default=0, metavar="SECONDS", help="every answer comes that much later"
    )
    parser.add_argument("--no-rate-limits", action="store_true", help="never answer 429")
    parser.add_argument("--until-eof", action="store_true", help="end when standard input ends")
    options = parser.parse_args()
    try:
        serve(
            options.port,
            options.state,
            options.seed,
            latency_seconds=options.latency,
            rate_limits=not options.no_rate_limits,
            until_eof=options.until_eof,
        )
    except (OSError, StateError) as error:
        sys.exit(" ".join(f"error: {error}".split()))


if __name__ == "__main__":
    main()
