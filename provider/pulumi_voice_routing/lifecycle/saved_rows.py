"""What the state had of a fleet's rows before the run, asked of ``pulumi`` in a preview that changes the fleet.

The engine's own function for that makes a provider for it, which the preview would count as something to create.
"""

from __future__ import annotations

import asyncio
import contextvars
import importlib
import weakref
from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi.runtime import settings as engine

from .. import registry
from ..errors import VoiceRoutingError
from .fleet_rows import Kept, unpacked

_CLI = "plan.pulumi_cli"
"""The module, below the package, that asks ``pulumi``. It stands on a floor above, and is needed for few previews."""

_asked: weakref.WeakKeyDictionary[Any, asyncio.Future[Mapping[str, Any]]] = weakref.WeakKeyDictionary()
"""One question for each run of a program."""


async def saved_rows(urn: str) -> Mapping[str, Kept]:
    """What the state has of a fleet's rows; empty where there are none, or nobody can tell."""
    monitor = engine.get_monitor()
    if monitor not in _asked:
        ask = contextvars.copy_context().run  # the SDK keeps what it knows of the run in there
        _asked[monitor] = asyncio.get_running_loop().run_in_executor(None, ask, _exported)
    return unpacked((await _asked[monitor]).get(urn) or {})


def _exported() -> Mapping[str, Any]:
    cli = importlib.import_module(f"{registry.__package__}.{_CLI}")
    stack = "/".join((pulumi.get_organization(), pulumi.get_project(), pulumi.get_stack()))
    try:
        entries = (cli.exported(stack).get("deployment") or {}).get("resources") or []
        return {one["urn"]: one.get("outputs") or {} for one in entries if not one.get("delete")}
    except (VoiceRoutingError, AttributeError, KeyError, TypeError):
        return {}


__all__ = ["saved_rows"]
