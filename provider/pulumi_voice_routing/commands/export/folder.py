"""The folder of an exported program: written beside its place, and moved there when it is whole."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from ...errors import VoiceRoutingError


def require_place(folder: Path) -> None:
    """There can be a folder of that name, as far as can be told before. Raises :class:`VoiceRoutingError`."""
    there = next((one for one in (folder, *folder.absolute().parents) if one.exists()), folder)
    if not there.is_dir():
        raise VoiceRoutingError(f"{folder} cannot be written: {there} is no folder")
    if not os.access(there, os.W_OK | os.X_OK):
        raise VoiceRoutingError(f"{folder} cannot be written: {there} may not be written")


def differences(folder: Path, files: Mapping[str, str]) -> list[str]:
    """The files that a folder does not have just so; nothing when it is the same program."""
    return [name for name, text in sorted(files.items()) if not _is(folder / name, text)]


def _is(path: Path, text: str) -> bool:
    try:
        return path.read_bytes() == text.encode()
    except OSError:
        return False


def put(folder: Path, files: Mapping[str, str]) -> None:
    """Make the folder. Raises :class:`VoiceRoutingError` when it cannot be written; then there is nothing of it."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise VoiceRoutingError(f"{folder} cannot be written: {error.strerror or error}") from None
    try:
        for name, text in files.items():
            path = beside / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        beside.chmod(0o755)
        if folder.exists():
            folder.rmdir()  # an empty one; any other stays, and the move fails
        os.rename(beside, folder)
    except OSError as error:
        raise VoiceRoutingError(f"{folder} cannot be written: {error.strerror or error}") from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
