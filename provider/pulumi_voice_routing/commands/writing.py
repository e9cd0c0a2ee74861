"""Files that a command writes because its user named them."""

from __future__ import annotations

from pathlib import Path

from ..errors import VoiceRoutingError


def write(path: Path, text: str) -> None:
    """Write the file. Raises :class:`VoiceRoutingError` when it cannot be written."""
    try:
        path.write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        raise VoiceRoutingError(f"{path} cannot be written: {error.strerror or error}") from None
