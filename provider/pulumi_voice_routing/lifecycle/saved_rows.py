"""What the state had before the run of a program, and of a fleet's rows in it: asked of ``pulumi`` once, if at all.

The engine's own function for that makes a provider for it, which the preview would count as something to create.
"""

from __future__ import annotations

import asyncio
import contextvars
import importlib
import threading
import weakref
from collections.abc import Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pulumi
from pulumi.runtime import settings as engine
from pulumi.runtime.mocks import MockMonitor

from .. import registry
from ..errors import VoiceRoutingError
from .fleet_rows import unpacked

_CLI = "plan.pulumi_cli"
"""The module, below the package, that asks ``pulumi``. It stands on a floor above, and is needed for few previews."""

_asked: weakref.WeakKeyDictionary[Any, Future[Mapping[str, Any]]] = weakref.WeakKeyDictionary()
"""One question for each run of a program."""
_lock = threading.Lock()
_reader = ThreadPoolExecutor(max_workers=1)
"""A thread of its own: those of the program may all wait for resources, and these for the answer."""


def before_the_run() -> Future[Mapping[str, Any]]:
    """What ``pulumi stack export`` prints of the stack of this program. Fails with :class:`VoiceRoutingError`."""
    monitor = engine.get_monitor()
    with _lock:
        if monitor not in _asked:
            ask = contextvars.copy_context().run  # the SDK keeps what it knows of the run in there
            _asked[monitor] = _reader.submit(ask, _exported)
        return _asked[monitor]


async def saved_outputs(urn: str) -> Mapping[str, Any]:
    """What the state has of a fleet; empty where there is none, or nobody can tell."""
    try:
        document = await asyncio.wrap_future(before_the_run())
        entries = (document.get("deployment") or {}).get("resources") or []
        fleet: Mapping[str, Any] = next((one for one in entries if one["urn"] == urn and not one.get("delete")), {})
        outs: Mapping[str, Any] = fleet.get("outputs") or {}
        unpacked(outs)  # or nobody can read it
        return outs
    except (VoiceRoutingError, AttributeError, KeyError, TypeError):
        return {}


def saved_keys(type_: str) -> Collection[str] | None:
    """The keys of all rows that the state has in fleets of a type; nothing where nobody can tell."""
    if isinstance(engine.get_monitor(), MockMonitor):
        return None
    try:
        entries = (before_the_run().result().get("deployment") or {}).get("resources") or []
        fleets = [one for one in entries if one["type"] == type_ and not one.get("delete")]
        return {key for one in fleets for key in unpacked(one.get("outputs") or {})}
    except (VoiceRoutingError, AttributeError, KeyError, TypeError):
        return None


def _exported() -> Mapping[str, Any]:
    cli = importlib.import_module(f"{registry.__package__}.{_CLI}")
    document: Mapping[str, Any] = cli.exported(
        "/".join((pulumi.get_organization(), pulumi.get_project(), pulumi.get_stack()))
    )
    return document


__all__ = ["before_the_run", "saved_keys", "saved_outputs"]
