"""What the SDK's dynamic-provider process keeps to itself, and a provider for phone lines needs.

The process that runs our providers is ``python -m pulumi.dynamic``. It offers no way to report a failed create that
did leave an object behind, shows every error as a traceback, works on four requests at a time, and drops the engine's
request to cancel. All four are reached here by looking at the frames of the running request. Each look is guarded:
where the SDK has changed, the provider works on with the SDK's own behaviour. It also lives on, and goes on writing,
when the engine is killed; that is ended here.

Facts found by experiment with SDK 3.272; ``tests/lifecycle/test_plugin.py`` tells when they change.
"""

from __future__ import annotations

import asyncio
import gc
import os
import re
import stat
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import FrameType
from typing import Any, NamedTuple, NoReturn

import grpc
from google.rpc import status_pb2
from pulumi import dynamic
from pulumi.runtime import rpc
from pulumi.runtime.proto import provider_pb2

_PROVIDER_KEY = "__provider"
_WORKERS = 32


class _Status(NamedTuple):
    code: grpc.StatusCode
    details: str
    trailing_metadata: tuple[tuple[str, bytes], ...]


grpc.Status.register(_Status)


class Row(NamedTuple):
    """One of the objects of a request that is about many of them."""

    urn: str
    inputs: Mapping[str, Any] | None = None
    """Its old inputs, where the request comes with some."""
    ignored: frozenset[str] = frozenset()
    """The arguments of it that the program leaves to others."""


_row: ContextVar[Row | None] = ContextVar("row", default=None)


@contextmanager
def as_row(row: Row) -> Iterator[None]:
    """What is asked in here is asked about this row, as if the request were about nothing else."""
    before = _row.set(row)
    try:
        yield
    finally:
        _row.reset(before)


def is_row() -> bool:
    """Whether what is asked is asked about one of many objects."""
    return _row.get() is not None


class DetailedDiff(dynamic.DiffResult):
    """An answer that also says which paths of the inputs differ, so that a preview shows these alone.

    The SDK has no field for that. It reads this answer into the arguments of its own, which the last one it reads adds
    to; where the SDK has changed, the engine compares the inputs by itself.
    """

    def __init__(self, changes: bool, replaces: list[str], paths: Mapping[str, str]) -> None:
        """``paths`` say ``add``, ``update`` or ``delete``, by path."""
        super().__init__(changes, replaces)
        self._paths = paths

    def __getattribute__(self, name: str) -> Any:
        if name == "delete_before_replace":
            said = sys._getframe(1).f_locals.get("fields")
            paths: Mapping[str, str] = super().__getattribute__("_paths") if "_paths" in self.__dict__ else {}
            if isinstance(said, dict) and "changes" in said and paths:
                kinds = {path: getattr(provider_pb2.PropertyDiff, kind.upper()) for path, kind in paths.items()}
                said["hasDetailedDiff"] = True
                said["detailedDiff"] = {
                    path: provider_pb2.PropertyDiff(kind=kind, inputDiff=True) for path, kind in kinds.items()
                }
        return super().__getattribute__(name)


def fail(message: str, error: BaseException) -> NoReturn:
    """End the running request with one line, and no traceback, for the user to read.

    Outside a request, as in a test, the error goes on as it is.
    """
    _abort(message)
    raise error


def fail_with_state(message: str, error: BaseException, id_: str, outs: Mapping[str, Any]) -> NoReturn:
    """End the running create or update with one line, and still have the id and outputs written to state.

    The engine then knows of the object, calls the operation failed, and updates it in the next run.
    """
    request = _in_request("request")
    if request is not None:
        properties = _serialized({**outs, _PROVIDER_KEY: _provider_of(request)})
        _abort(message, provider_pb2.ErrorResourceInitFailed(id=id_, properties=properties, reasons=[message]))
    raise error


def urn() -> str:
    """The resource that the running request is about; empty outside a request."""
    if (row := _row.get()) is not None:
        return row.urn
    request = _in_request("request")
    return str(getattr(request, "urn", ""))


def object_id() -> str:
    """The vendor's id of what the running request is about; empty when it has none yet."""
    request = _in_request("request")
    return str(getattr(request, "id", ""))


def ignored() -> frozenset[str]:
    """The arguments that the program leaves to others as a whole (``ignore_changes``), as an update is told."""
    if (row := _row.get()) is not None:
        return row.ignored
    return frozenset(re.sub(r"""^\[?["']?([^"'\]]*)["']?\]?$""", r"\1", path) for path in ignored_paths())


def ignored_paths() -> list[str]:
    """The same as the program says it, with the paths of what lies inside of arguments."""
    return [path.strip() for path in getattr(_in_request("request"), "ignoreChanges", ())]


def inputs() -> dict[str, Any] | None:
    """The old inputs that come with the running request; nothing where none do."""
    if (row := _row.get()) is not None:
        return None if row.inputs is None else dict(row.inputs)
    request = _in_request("request")
    return None if request is None or not hasattr(request, "inputs") else dict(request.inputs)


def inputs_of_rows() -> dict[str, Any] | None:
    """The same, with all that is inside of them as dictionaries and lists; also for a delete."""
    request = _in_request("request")
    given = getattr(request, "inputs", None) if hasattr(request, "inputs") else getattr(request, "old_inputs", None)
    return None if given is None else dict(rpc.deserialize_properties(given))


def prepare() -> None:
    """Set up the provider process, once; called by the first provider that it configures."""
    _prepare_once()


def in_plugin() -> bool:
    """Whether this is the engine's provider process, and not a program or a test."""
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    return getattr(spec, "name", "") == "pulumi.dynamic.__main__"


_prepared = threading.Lock()


def _prepare_once() -> None:
    if not in_plugin() or not _prepared.acquire(blocking=False):
        return
    gc.freeze()  # what is loaded by now stays to the end: looking through it for garbage takes longer than many a call
    _widen()
    _hear_cancel()
    _end_with_the_engine()


def _frames() -> Iterator[FrameType]:
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        yield frame
        frame = frame.f_back


def _in_request(name: str) -> Any:
    """A variable of the SDK's method that serves the running request; nothing for a row, which is no request."""
    if _row.get() is not None:
        return None
    for frame in _frames():
        context = frame.f_locals.get("context")
        if "request" in frame.f_locals and hasattr(context, "abort_with_status"):
            return frame.f_locals[name]
    return None


def _abort(message: str, detail: Any = None) -> None:
    context = _in_request("context")
    if context is None:
        return
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=message)
    if detail is not None:
        status.details.add().Pack(detail)
    # The SDK overwrites code and text with a traceback on the way out, but not the metadata, which the engine prefers.
    metadata = (("grpc-status-details-bin", status.SerializeToString()),)
    context.abort_with_status(_Status(grpc.StatusCode.UNKNOWN, message, metadata))


def _provider_of(request: Any) -> str:
    bag = request.properties if hasattr(request, "properties") else request.news
    return str(bag[_PROVIDER_KEY])


def _serialized(outs: Mapping[str, Any]) -> Any:
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(rpc.serialize_properties(dict(outs), {}))
    finally:
        loop.close()


def _widen() -> None:
    """Let the process work on more than the SDK's four requests at a time; rates are the client's business."""
    for frame in _frames():
        reference = frame.f_locals.get("executor_reference")
        executor: Any = reference() if callable(reference) else None
        if hasattr(executor, "_max_workers"):
            executor._max_workers = max(executor._max_workers, _WORKERS)
            # The pool counts the threads it started before as idle when they are not; new ones start now instead.
            for _ in range(_WORKERS):
                executor.submit(time.sleep, 0.02)
            return


def _hear_cancel() -> None:
    """Give the SDK's empty Cancel method a body. gRPC has bound the method already, so only its code can change."""

    def Cancel(self, request, context):  # type: ignore[no-untyped-def]
        from google.protobuf import empty_pb2

        from pulumi_voice_routing.client import pacing

        pacing.cancelled.set()
        return empty_pb2.Empty()

    servicer = getattr(sys.modules["__main__"], "DynamicResourceProviderServicer", None)
    method = getattr(servicer, "Cancel", None)
    if method is not None and not method.__code__.co_freevars:
        method.__code__ = Cancel.__code__


def _end_with_the_engine() -> None:
    """Exit when the engine is killed, whose next run must find nobody else at work at the vendor's."""
    try:
        held_by_the_engine = stat.S_ISFIFO(os.fstat(0).st_mode)
    except OSError:
        return
    if held_by_the_engine:
        threading.Thread(target=_exit_at_end_of_input, daemon=True).start()


def _exit_at_end_of_input() -> None:
    # The engine never writes there; the end of input is the end of the engine, however it ended.
    while os.read(0, 4096):
        pass
    # At once: nobody is left who could note what comes of the calls under way.
    os._exit(1)
