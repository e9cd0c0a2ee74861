"""The page for what somebody asks for."""

from __future__ import annotations

from datetime import datetime

from ...masking import masked
from ..printing import as_written
from .document import document
from .page import page
from .sources import Asked, Told, shown


def made(asked: Asked, tell: Told, *, watched: bool = False) -> str:
    """The page. Raises :class:`VoiceRoutingError`."""
    with as_written(asked.plan or asked.state or "what was read"):
        values = document(shown(asked, tell), f"{datetime.now().astimezone():%Y-%m-%d %H:%M %Z}")
        return page(values, masked, watched=watched)
