"""``voice-routing``, and ``python -m pulumi_voice_routing``."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run a command. The gate is to answer at once, so that it does not wait for what the others import."""
    if sys.argv[1:2] != ["gate"]:
        from . import cli

        cli.main()
        return
    from .commands.gate.alone import main as judge

    gc.disable()  # nothing of a large plan is let go before the end, so that looking for garbage is in vain
    try:
        code = judge(sys.argv[2:])
    except KeyboardInterrupt:
        code = 130
    gc.freeze()  # nor is it looked for at the end
    sys.exit(code)


if __name__ == "__main__":
    main()
