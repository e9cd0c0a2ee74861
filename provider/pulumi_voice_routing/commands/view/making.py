"""The page for what somebody asks for."""

from __future__ import annotations

from datetime import datetime

from ...masking import masked
from ..printing import as_written
from ..terminal import Told
from .document import document
from .page import page
from .sources import Asked, shown
from .ways import Plain


def made(asked: Asked, told: Told, *, watched: bool = False) -> str:
    """The page. Raises :class:`VoiceRoutingError`."""
    return page(read(asked, told), masked, watched=watched)


def read(asked: Asked, told: Told) -> Plain:
    """What the page shows. Raises :class:`VoiceRoutingError`."""
    with as_written(asked.plan or asked.state or "what was read"):
        made_at = f"{datetime.now().astimezone():%Y-%m-%d %H:%M %Z}"
        return document(shown(asked, told), made_at, lambda done, of: told(done, of, "numbers"))
