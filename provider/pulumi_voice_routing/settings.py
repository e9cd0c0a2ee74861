"""Where settings come from: the environment first, then the stack's configuration.

The environment is live in every operation and stored nowhere. The engine keeps a copy of the stack configuration in
the state, and `pulumi refresh` and `pulumi destroy` see that copy, which may be older than the present configuration.
Nothing is ever kept in a provider object.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .errors import SettingsError

__all__ = ["NAMESPACE", "Setting", "cache_folder", "keep", "known_secrets", "use_stack_config"]

NAMESPACE = "voice-routing"

_BASE_URL = re.compile(r"https?://([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:(?P<port>[0-9]{1,5}))?")
_HIGHEST_PORT = 65535
_LONGEST_NAME = 100

_stack_config: Callable[[str], str | None] | None = None
_secrets: set[str] = set()
_secrets_lock = threading.Lock()


def use_stack_config(get: Callable[[str], str | None]) -> None:
    """Read stack configuration through this function; the provider process gets it from the engine."""
    global _stack_config
    _stack_config = get


def known_secrets() -> frozenset[str]:
    """Every secret value this process has seen, for keeping them out of messages and traces."""
    with _secrets_lock:
        return frozenset(_secrets)


def remember_secret(value: str) -> str:
    """Keep a value out of every message from now on."""
    if len(value) >= 4:
        with _secrets_lock:
            _secrets.add(value)
    return value


@dataclass(frozen=True)
class Setting:
    """One setting: an environment variable, and the same as a key of the stack configuration."""

    variable: str
    meaning: str
    default: str | None = None
    secret: bool = False
    example: str = "VALUE"
    environment_only: bool = False
    """Whether the stack's configuration does not count, which is committed and stays."""

    @property
    def key(self) -> str:
        """``RINGCX_BASE_URL`` is ``voice-routing:ringcxBaseUrl`` in the stack configuration."""
        first, *rest = self.variable.removeprefix("VOICE_ROUTING_").lower().split("_")
        return first + "".join(word.capitalize() for word in rest)

    def get(self) -> str | None:
        """The value, or the default, or nothing."""
        stacked = "" if self.environment_only else (_from_stack(self.key) or "").strip()
        value = os.environ.get(self.variable, "").strip() or stacked or self.default
        return remember_secret(value) if value and self.secret else value

    def require(self) -> str:
        """The value. Raises :class:`SettingsError` with the commands that set it."""
        value = self.get()
        if value is None:
            secret = "--secret " if self.secret else ""
            raise SettingsError(
                f"{self.meaning} is not set. Set {self.variable}, or run: "
                f"pulumi config set {secret}{NAMESPACE}:{self.key} {self.example}"
            )
        return value

    def number(self) -> float:
        """The value as a number. Raises :class:`SettingsError` when it is none."""
        value = self.require()
        try:
            number = float(value)
        except ValueError:
            number = -1
        if not 0 <= number < float("inf"):
            raise SettingsError(f"{self.variable} is {value!r}, and must be a number, 0 or more")
        return number

    def url(self) -> str:
        """The value as scheme, host and port. Raises :class:`SettingsError` when it says anything else."""
        value = self.require().rstrip("/")
        parts = _BASE_URL.fullmatch(value)
        if parts is None or int(parts["port"] or 0) > _HIGHEST_PORT:
            said = "an address with a name or a password in it" if "@" in value else repr(value)
            raise SettingsError(
                f"{self.variable} is {said}, and must be scheme, host and port only, such as {self.example}"
            )
        return value


CA_FILE = Setting("VOICE_ROUTING_CA_FILE", "The file of certificate authorities")
TRACE_FILE = Setting("VOICE_ROUTING_TRACE_FILE", "The file that a masked trace of every call is written to")
CACHE_DIR = Setting("VOICE_ROUTING_CACHE_DIR", "The folder for what may be lost")
MAX_WAIT = Setting(
    "VOICE_ROUTING_MAX_WAIT_SECONDS", "The longest time one call may take, its repeats and waits included", "300"
)
TIMEOUT = Setting("VOICE_ROUTING_TIMEOUT_SECONDS", "The time after which one try of a call is given up", "30")


def cache_folder(*, made: bool = True) -> Path:
    """The folder for what may be lost without harm to a phone line; it is made when it is missing.

    Raises :class:`SettingsError` when it cannot be made. Who is not after that says ``made=False``.
    """
    try:
        named = CACHE_DIR.get()
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        folder = Path(named) if named else Path(base) / "pulumi-voice-routing"
        if made:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except (OSError, RuntimeError) as error:  # without a home there is a RuntimeError
        raise SettingsError(f"{CACHE_DIR.meaning} cannot be made ({error}). Set {CACHE_DIR.variable}") from None
    return folder


def keep(name: str, ending: str, text: str) -> Path:
    """A new file in the cache folder, for its owner's eyes only; whatever the name holds, it lies in that folder.

    Raises :class:`SettingsError` when it cannot be written.
    """
    safe = re.sub(r"[^A-Za-z0-9_-]+", "_", name)[:_LONGEST_NAME]
    folder = cache_folder()
    try:
        number, path = tempfile.mkstemp(ending, f"{safe}-{time.strftime('%Y%m%d-%H%M%S')}-", folder)
        with open(number, "w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            file.write(text)
    except OSError as error:
        raise SettingsError(f"{folder} cannot be written ({error.strerror}). Set {CACHE_DIR.variable}") from None
    return Path(path)


def _from_stack(key: str) -> str | None:
    if _stack_config is not None:
        return _stack_config(f"{NAMESPACE}:{key}")
    if "pulumi" not in sys.modules:  # no program either, as in the command line tool, which does without its import
        return None
    import pulumi

    try:
        return pulumi.Config(NAMESPACE).get(key)
    except Exception:  # no engine
        return None
