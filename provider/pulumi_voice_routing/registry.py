"""The one import path that the state of every stack holds. It must never move, and its tokens never change.

A resource's state names this function and its own token, and nothing else of our code: classes may move freely, and no
code and no Python version goes into the state.
"""

from __future__ import annotations

import importlib
from typing import Any

PRODUCTS = {"ringcx": "RingCX", "ringex": "RingEX", "portsip": "PortSIP"}
"""What the vendors call what the first halves of tokens stand for."""

providers: dict[str, type[Any]] = {}
"""Resource types' providers by token; a provider class enters itself when its module is loaded."""


FLEET = "Fleet"
"""The end of the token of a type's fleets, so that every type that may have them has them."""


def provider_for(token: str) -> Any:
    """The provider of a resource type such as ``ringcx:Destination``, or of its fleets."""
    if token.endswith(FLEET):
        fleets = importlib.import_module(f"{__package__}.lifecycle.fleet")
        return fleets.FleetProvider(provider_for(token.removesuffix(FLEET)))
    if token not in providers:
        vendor, _, name = token.partition(":")
        getattr(importlib.import_module(f"{__package__}.{vendor}"), name)
    return providers[token]()
