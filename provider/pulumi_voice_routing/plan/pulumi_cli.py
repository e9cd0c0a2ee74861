"""The user's own ``pulumi``, asked about the user's own stack."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import VoiceRoutingError, one_line
from .diagnostics import reason_in

LONGEST_SECONDS = 120.0
_LONGEST_REASON = 300


class EngineError(VoiceRoutingError):
    """``pulumi`` cannot be run, or does not do what it was asked."""


def exported(stack: str | None, cwd: Path | None = None) -> dict[str, Any]:
    """What ``pulumi stack export`` prints of a stack; by default of the one selected in the folder.

    Raises :class:`EngineError`.
    """
    words = ("stack", "export", *_of(stack))
    try:
        state = json.loads(pulumi(*words, cwd=cwd))
        if not isinstance(state, dict):
            raise ValueError("it is no object of JSON")
    except (ValueError, RecursionError) as error:
        raise EngineError(f"{_shown(words)} prints something else: {one_line(str(error))[:200]}") from None
    return state


def settings_in(config: Mapping[str, Any]) -> dict[str, str]:
    """A stack's settings by their full keys, out of what ``pulumi config --json --show-secrets`` prints."""
    return {key: str(one["value"]) for key, one in config.items() if isinstance(one, dict) and "value" in one}


def replace_state(stack: str | None, cwd: Path, state: dict[str, Any]) -> None:
    """Have ``pulumi stack import`` put this state in the place of the stack's own. Raises :class:`EngineError`."""
    pulumi("stack", "import", *_of(stack), cwd=cwd, sent=json.dumps(state))


def pulumi(*words: str, cwd: Path | None = None, sent: str = "") -> str:
    """What a command prints, run in the folder. Raises :class:`EngineError` with the reason in one line."""
    command = ["pulumi", *words, "--non-interactive"]
    try:
        done = subprocess.run(  # noqa: S603 - the user's own engine, asked about the user's own stack
            command,
            cwd=cwd,
            input=sent,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=LONGEST_SECONDS,
        )
    except FileNotFoundError:
        if cwd is not None and not cwd.is_dir():
            raise EngineError(f"there is no folder {cwd}") from None
        raise EngineError("there is no pulumi on PATH") from None
    except subprocess.TimeoutExpired:
        raise EngineError(f"{_shown(words)} does not end within {LONGEST_SECONDS:g} seconds") from None
    except OSError as error:
        raise EngineError(f"{_shown(words)} does not run: {error.strerror or error}") from None
    if done.returncode:
        said = one_line(done.stderr) or reason_in(done.stdout)  # with --json, only the document says
        raise EngineError(f"{_shown(words)} fails" + (f": {said[:_LONGEST_REASON]}" if said else ""))
    return done.stdout


def _of(stack: str | None) -> tuple[str, ...]:
    return ("--stack", stack) if stack else ()


def _shown(words: tuple[str, ...]) -> str:
    return f"`pulumi {' '.join(words)} --non-interactive`"
