"""Whether a vendor can be reached at all: asked before a run relies on it, and told once when it cannot.

A preview that changes nothing would ask nobody anything, and be green where the account is the wrong one or the host
is dead. So the first resource of a vendor that is checked asks, by one read that proves sign-in and account. What is
wrong with a vendor is wrong for all of its resources: one of them tells it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from ..errors import SettingsError, Unauthorized, Unreachable, VoiceRoutingError
from ..settings import Setting

OFFLINE = Setting("VOICE_ROUTING_OFFLINE_PREVIEW", "Whether a preview does without vendors", environment_only=True)
_YES = frozenset({"1", "true", "yes", "on"})

_lock = threading.Lock()
_asked: dict[str, VoiceRoutingError | None] = {}
_told: dict[str, str] = {}
"""The resource that tells it, by vendor."""


class NoVendor(VoiceRoutingError):
    """No call to the vendor can work."""


_OF_ALL = (NoVendor, SettingsError, Unauthorized, Unreachable)
"""What is wrong with a vendor, or with the settings for it, and not with one resource."""


def offline() -> bool:
    """Whether previews are meant to do without vendors."""
    return (OFFLINE.get() or "").lower() in _YES


def reach(vendor: str, ask: Callable[[], None]) -> None:
    """Raises why no call to the vendor can work. It is asked once in a process, and not where that is meant."""
    if offline():
        return
    if vendor not in _asked:
        try:
            ask()
            _asked[vendor] = None
        except VoiceRoutingError as error:
            way_out = f"To preview without {vendor}, set {OFFLINE.variable}=1."
            _asked[vendor] = NoVendor(f"{str(error).rstrip('.')}. {way_out}")
    why = _asked[vendor]
    if why is not None:
        raise why


def told_by_another(vendor: str, urn: str, error: BaseException) -> bool:
    """Whether another resource tells what is wrong with the vendor, so that this one need not."""
    if not urn or not isinstance(error, _OF_ALL):
        return False
    with _lock:
        return _told.setdefault(vendor, urn) != urn


def not_again(vendor: str) -> VoiceRoutingError:
    """What a resource says that cannot be done for a reason that another one has told."""
    return VoiceRoutingError(f"{vendor}: not done, for the reason that another resource of {vendor} tells.")


def forget() -> None:
    """Begin anew, as in a new process."""
    _asked.clear()
    _told.clear()


__all__ = ["OFFLINE", "NoVendor", "forget", "not_again", "offline", "reach", "told_by_another"]
