"""The page for what somebody asks for."""

from __future__ import annotations

from datetime import datetime

from ...masking import masked
from ..printing import as_written
from ..terminal import Told
from .document import document
from .page import page
from .sources import Asked, shown


def made(asked: Asked, told: Told, *, watched: bool = False) -> str:
    """The page. Raises :class:`VoiceRoutingError`."""
    with as_written(asked.plan or asked.state or "what was read"):
        values = document(
            shown(asked, told),
            f"{datetime.now().astimezone():%Y-%m-%d %H:%M %Z}",
            lambda done, of: told(done, of, "numbers"),
        )
        return page(values, masked, watched=watched)
