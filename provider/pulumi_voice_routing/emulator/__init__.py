"""A local emulator of the RingCX, RingEX and PortSIP APIs, so that everything runs offline.

It is written from the vendors' API references and shares no code with the rest of the package, so that the two can
disagree. `docs/emulator.md` says what it serves and where it had to decide for itself.
"""

from .app import create_app
from .server import serve
from .store import StateError

__all__ = ["StateError", "create_app", "serve"]
