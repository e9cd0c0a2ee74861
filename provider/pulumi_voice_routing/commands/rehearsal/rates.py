"""How long requests take at the rates that the vendors allow."""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress

from ... import registry
from ...client.http import ApiClient
from ...errors import VoiceRoutingError
from ...settings import Setting
from .stage import Moment


def limits(moments: Sequence[Moment]) -> dict[tuple[str, str], int]:
    """The calls a minute that are allowed, as the settings and clients know, by vendor and group; without those that
    nobody limits."""
    found: dict[tuple[str, str], int] = {}
    for moment in moments:
        key = (moment.vendor, moment.group)
        if key not in found:
            found[key] = _limit(moment)
    return {key: limit for key, limit in found.items() if limit > 0}


def minutes(moments: Sequence[Moment], allowed: dict[tuple[str, str], int]) -> float:
    """The minutes that all of them take at least."""
    counts = Counter((moment.vendor, moment.group) for moment in moments)
    return max((count / allowed[key] for key, count in counts.items() if key in allowed), default=0.0)


def _limit(moment: Moment) -> int:
    module = importlib.import_module(f"{registry.__package__}.{moment.vendor}.client")
    rate: Setting = module.RATE
    with suppress(VoiceRoutingError):
        client: ApiClient = getattr(module, f"{moment.vendor}_client")()
        if client.rate(moment.operation).limit > 0:
            return client.rate(moment.operation).limit
    return int(float(rate.default or 0))


__all__ = ["limits", "minutes"]
