"""The emulator as an ASGI application: network on the outside, plain synchronous calls on the inside.

Every call is handled in one go on the event loop, so it is atomic.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from .control import control_routes
from .emulator import Emulator
from .faults import Rule
from .problems import Problem
from .reading import read
from .routing import Match, Request, Switches
from .store import StateError
from .vendors import Reply, Vendor, vendor_of

CLOSE = "pulumi_voice_routing.close"
"""The member of an ASGI scope that closes the connection: `close(reset=...)`. Only our own server has it."""


def create_app(
    *,
    state_file: str | Path | None = None,
    seed_file: str | Path | None = None,
    latency_seconds: float = 0,
    rate_limits: bool = True,
    like_file: str | Path | None = None,
) -> Starlette:
    """The emulator as an ASGI application.

    It starts with what `state_file` holds; if there is no such file yet, with `seed_file`; without either, with one
    account and its default group. `PUT /_emulator/state` saves to `state_file`; so does `app.state.emulator.save()`.

    `like_file` is what `voice-routing conformance` has written: the emulator answers like the vendor that it met.

    Raises `StateError` when a file does not hold a state, and `OSError` when it cannot be read.
    """
    emulator = Emulator(
        Switches(latency_seconds=latency_seconds, rate_limits=rate_limits), Path(state_file) if state_file else None
    )
    if like_file:
        emulator.be_like(_read_state(Path(like_file)), str(like_file))
    for file in (state_file, seed_file):
        if file and (file is seed_file or Path(file).exists()):
            emulator.load(_read_state(Path(file)))
            break
    app = Starlette(routes=[*control_routes(emulator), Route("/{path:path}", _Api(emulator))])
    app.state.emulator = emulator
    return app


def _read_state(file: Path) -> Any:
    try:
        return json.loads(file.read_bytes())  # which may be of any encoding that JSON has
    except (ValueError, RecursionError) as error:
        raise StateError(f"{file} is not JSON: {error}") from None


class _Api:
    """Everything but the control calls."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        emulator = self._emulator
        http = HttpRequest(scope, receive)
        request, problem = await read(http)
        match, not_found = emulator.find(request)
        problem = problem or not_found
        operation = match.operation.number if match else None
        vendor = match.vendor if match else vendor_of(request.path)
        rule = emulator.faults.next(operation, request.method, request.path)
        if emulator.world.switches.latency_seconds:
            await asyncio.sleep(emulator.world.switches.latency_seconds)
        reply = self._reply(request, match, problem, rule, vendor)
        emulator.journal.add(
            emulator.world.clock.iso(), vendor.name, operation, request, reply, rule.fault if rule else None
        )
        await _deliver(reply, rule, http, send)

    def _reply(
        self, request: Request, match: Match | None, problem: Problem | None, rule: Rule | None, vendor: Vendor
    ) -> Reply | None:
        """None for a request that a fault cuts off unseen."""
        if rule and rule.fault == "reset":
            return None
        forced = self._emulator.instead(rule, request, vendor) if rule else None
        if forced is not None:
            return forced
        if problem is not None or match is None:
            problem = problem or Problem(501, "not served")
            return vendor.error(problem, request.uri, self._emulator.world.clock.seconds())
        return self._emulator.answer(request, match, rule)


async def _deliver(reply: Reply | None, rule: Rule | None, http: HttpRequest, send: Send) -> None:
    fault = rule.fault if rule else ""
    if rule and fault == "delay_seconds":
        await asyncio.sleep(rule.seconds)
    if reply is None or fault == "lost_answer":
        await _close(http, reset=reply is None)
        return
    response = _http_response(reply)
    if fault == "truncate":
        await _send_half(response, http, send)
        return
    await response(http.scope, http.receive, send)


def _http_response(reply: Reply) -> Response:
    media_type = None if reply.body is None else reply.media_type
    return Response(reply.encoded(), reply.status, reply.headers, media_type=media_type)


async def _send_half(response: Response, http: HttpRequest, send: Send) -> None:
    """The headers promise the whole body; half of it comes."""
    await send({"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers})
    half = bytes(response.body)[: len(response.body) // 2]
    await send({"type": "http.response.body", "body": half, "more_body": True})
    await _close(http, reset=False)


async def _close(http: HttpRequest, *, reset: bool) -> None:
    """Closes the connection and waits until it is closed, so that the server does not answer in our place."""
    close = http.scope.get(CLOSE)
    if close is None:
        raise ConnectionResetError("a fault closed the connection")
    close(reset=reset)
    while (await http.receive())["type"] != "http.disconnect":
        pass
