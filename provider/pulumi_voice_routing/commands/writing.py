"""Files that a command writes because its user named them."""

from __future__ import annotations

import os
from pathlib import Path

from ..errors import VoiceRoutingError


def write(path: Path, text: str) -> None:
    """Write the file, all of it or nothing. Raises :class:`VoiceRoutingError` when it cannot be written."""
    try:
        if path.exists() and not path.is_file():  # such as /dev/stdout
            path.write_text(text, encoding="utf-8", errors="replace")
            return
        beside = path.with_name(f".{path.name}.part")
        beside.write_text(text, encoding="utf-8", errors="replace")
        os.replace(beside, path)
    except OSError as error:
        raise VoiceRoutingError(f"{path} cannot be written: {error.strerror or error}") from None
