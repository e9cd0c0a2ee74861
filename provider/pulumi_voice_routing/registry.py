"""The one import path that the state of every stack holds. It must never move, and its tokens never change.

A resource's state names this function and its own token, and nothing else of our code: classes may move freely, and no
code and no Python version goes into the state.
"""

from __future__ import annotations

import importlib
from typing import Any

providers: dict[str, type[Any]] = {}
"""Every resource type's provider by token; a provider class enters itself."""


def provider_for(token: str) -> Any:
    """The provider of a resource type such as ``ringcx:Destination``."""
    if token not in providers:
        importlib.import_module(f"{__package__}.{token.partition(':')[0]}")
    return providers[token]()
