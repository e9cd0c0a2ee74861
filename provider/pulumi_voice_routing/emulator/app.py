"""The emulator as an ASGI application: network on the outside, plain synchronous calls on the inside.

Every call is handled in one go on the event loop, so it is atomic.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from . import portsip, ringex, tokens
from .clock import Clock
from .faults import Faults, Rule
from .journal import Journal
from .limits import Limiter
from .problems import Problem, invalid
from .ringcx import cloud_routing, http_services, numbers, tracking
from .routing import Family, Form, Match, Request, Router, Switches, Upload, World, open_call
from .schema import parse_json
from .store import StateError, Store
from .unserved import UNSERVED
from .vendors import Reply, Vendor, vendor_of

FAMILIES: tuple[Family, ...] = (
    tokens.RINGCX_SIGN_IN,
    tokens.RINGEX_SIGN_IN,
    cloud_routing.FAMILY,
    numbers.FAMILY,
    tracking.FAMILY,
    http_services.FAMILY,
    ringex.FAMILY,
    portsip.FAMILY,
)

BODY_LIMIT = 32 * 1024 * 1024

CLOSE = "pulumi_voice_routing.close"
"""The member of an ASGI scope that closes the connection: `close(reset=...)`. Only our own server has it."""


class Emulator:
    """All emulated APIs, without the network."""

    def __init__(self, switches: Switches, state_file: Path | None = None) -> None:
        store = Store(kind for family in FAMILIES for kind in family.kinds)
        clock = Clock()
        self.world = World(store, tokens.Tokens(clock), clock, switches)
        self.faults = Faults(switches)
        self.journal = Journal()
        self._router = Router(FAMILIES)
        self._unserved = Router([UNSERVED])
        self._limiter = Limiter()
        self._state_file = state_file
        self.load({"objects": {kind: list(records) for f in FAMILIES for kind, records in f.first_objects.items()}})

    def load(self, state: Any) -> None:
        """Replaces all objects. Raises `StateError`, and then nothing has changed."""
        self.world.store.load(state)

    def save(self) -> None:
        """Writes the state file, if there is one; readers see the old or the new file, never half of one."""
        if self._state_file is None:
            return
        half = self._state_file.with_name(self._state_file.name + ".new")
        half.write_text(json.dumps(self.world.store.dump(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        half.replace(self._state_file)

    def find(self, request: Request) -> tuple[Match | None, Problem | None]:
        """The operation of a request, or why there is none."""
        try:
            match = self._router.find(request.method, request.path)
            return match, None if match else self._not_served(request)
        except Problem as problem:
            return None, problem

    def answer(self, request: Request, match: Match, rule: Rule | None = None) -> Reply:
        """Carries a call out, or refuses it. `rule` is the fault that happens to it."""
        vendor, operation = match.family.vendor, match.operation
        now = self.world.clock.seconds()
        token = _bearer(request)
        if operation.signed_in:
            refusal = self.world.tokens.refusal(vendor, token)
            if refusal:
                return vendor.unauthorized(refusal, request.uri, now)
        headers = {}
        try:
            if self.world.switches.rate_limits:
                headers = self._take_rate(vendor, operation.group or vendor.group, token if operation.signed_in else "")
            call = open_call(self.world, request, match, flip_is_active=bool(rule and rule.fault == "flip_is_active"))
            reply = _as_reply(operation.handler(call))
        except Problem as problem:
            reply = vendor.error(problem, request.uri, now)
        reply.headers = headers | reply.headers
        if rule and rule.fault == "created_201" and reply.status == 200:
            reply.status = 201
        return reply

    def instead(self, rule: Rule, request: Request, vendor: Vendor) -> Reply | None:
        """The answer of a fault that keeps the call from taking effect; None for the other faults."""
        now = self.world.clock.seconds()
        match rule.fault:
            case "status" if rule.body is None:
                reply = vendor.error(Problem(rule.code, "This failure was asked for"), request.uri, now)
                return Reply(reply.status, reply.body, reply.media_type, dict(rule.headers))
            case "status":
                media_type = "text/plain" if isinstance(rule.body, str) else "application/json"
                return Reply(rule.code, rule.body, media_type, dict(rule.headers))
            case "html":
                page = f"<html><head><title>{rule.code}</title></head><body><h1>{rule.code}</h1></body></html>"
                return Reply(rule.code, page, "text/html", dict(rule.headers))
            case "unauthorized":
                return vendor.unauthorized("expired", request.uri, now)
            case "rate_limit":
                headers = {} if rule.retry_after is None else {"Retry-After": str(rule.retry_after)}
                return vendor.error(Problem(429, "Too many requests", headers=headers), request.uri, now)
        return None

    def _take_rate(self, vendor: Vendor, group: str, token: str) -> dict[str, str]:
        """The rate headers of an answer; raises 429 over the limit."""
        verdict = self._limiter.take((vendor.name, group, token), vendor.limits[group], self.world.clock.seconds())
        headers = vendor.rate_headers(group, verdict)
        if verdict.wait is None:
            return headers
        if vendor.always_tells_retry_after or self.world.switches.retry_after:
            headers["Retry-After"] = str(verdict.wait)
        raise Problem(429, "Too many requests", headers=headers)

    def _not_served(self, request: Request) -> Problem:
        try:
            match = self._unserved.find(request.method, request.path)
        except Problem:
            match = None
        name = f"{match.operation.number}, " if match else ""
        return Problem(501, f"the emulator does not serve {name}{request.method} {request.path}")


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _as_reply(answer: Any) -> Reply:
    return answer if isinstance(answer, Reply) else Reply(200, answer)


def create_app(
    *,
    state_file: str | Path | None = None,
    seed_file: str | Path | None = None,
    latency_seconds: float = 0,
    rate_limits: bool = True,
) -> Starlette:
    """The emulator as an ASGI application.

    It starts with what `state_file` holds; if there is no such file yet, with `seed_file`; without either, with one
    account and its default group. `PUT /_emulator/state` saves to `state_file`; so does `app.state.emulator.save()`.

    Raises `StateError` when a file does not hold a state, and `OSError` when it cannot be read.
    """
    emulator = Emulator(
        Switches(latency_seconds=latency_seconds, rate_limits=rate_limits), Path(state_file) if state_file else None
    )
    for file in (state_file, seed_file):
        if file and (file is seed_file or Path(file).exists()):
            emulator.load(_read_state(Path(file)))
            break
    app = Starlette(routes=[*_control_routes(emulator), Route("/{path:path}", _Api(emulator))])
    app.state.emulator = emulator
    return app


def _read_state(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise StateError(f"{file} is not JSON: {error}") from None


class _Api:
    """Everything but the control calls."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        emulator = self._emulator
        http = HttpRequest(scope, receive)
        request, problem = await _read(http)
        match, not_found = emulator.find(request)
        problem = problem or not_found
        operation = match.operation.number if match else None
        vendor = match.family.vendor if match else vendor_of(request.path)
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


async def _read(http: HttpRequest) -> tuple[Request, Problem | None]:
    """The request, read completely, and why it cannot be served in any case."""
    path = http.scope.get("raw_path", http.url.path.encode()).decode("latin-1").partition("?")[0]
    query: dict[str, list[str]] = {}
    for name, value in http.query_params.multi_items():
        query.setdefault(name, []).append(value)
    request = Request(http.method, path, query, dict(http.headers))
    try:
        request.raw = await _read_body(http)
    except Problem as problem:
        return request, problem
    request.form = await _read_form(request, http)
    return request, None


async def _read_body(http: HttpRequest) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in http.stream():
        size += len(chunk)
        if size <= BODY_LIMIT:
            chunks.append(chunk)
    if size > BODY_LIMIT:
        raise Problem(413, f"the body is larger than {BODY_LIMIT} bytes")
    return b"".join(chunks)


async def _read_form(request: Request, http: HttpRequest) -> Form | Problem | None:
    kind = request.content_type.partition(";")[0].strip().lower()
    if kind not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return None

    async def replay() -> dict[str, Any]:
        return {"type": "http.request", "body": request.raw, "more_body": False}

    try:
        async with HttpRequest({"type": "http", "headers": http.scope["headers"]}, replay).form() as form:
            return {name: await _part(value) for name, value in form.multi_items()}
    except (MultiPartException, HTTPException, KeyError) as error:
        return Problem(400, f"the body is not a form: {error}")


async def _part(value: UploadFile | str) -> Upload | str:
    return value if isinstance(value, str) else Upload(value.filename or "", await value.read())


# Control calls. They need no token and are not in the journal.


def _control_routes(emulator: Emulator) -> list[Route]:
    def route(path: str, **by_method: Callable[[Any], Any]) -> Route:
        async def endpoint(http: HttpRequest) -> Response:
            try:
                sent = parse_json(await _read_body(http)) if http.method in ("PUT", "POST") else None
                return JSONResponse(by_method[http.method.lower()](sent))
            except (Problem, StateError) as problem:
                status = problem.status if isinstance(problem, Problem) else 400
                return JSONResponse({"error": str(problem)}, status)

        return Route(f"/_emulator/{path}", endpoint, methods=[method.upper() for method in by_method])

    return [
        route("health", get=lambda _: {"status": "ok"}),
        route("journal", get=lambda _: emulator.journal.shown(), delete=lambda _: _clear_journal(emulator)),
        route("state", get=lambda _: emulator.world.store.dump(), put=lambda sent: _put_state(emulator, sent)),
        route("faults", post=lambda sent: _change_faults(emulator, sent)),
        route("clock", post=lambda sent: _set_clock(emulator.world.clock, sent)),
    ]


def _clear_journal(emulator: Emulator) -> list[Any]:
    emulator.journal.clear()
    return []


def _put_state(emulator: Emulator, sent: Any) -> Mapping[str, Any]:
    emulator.load(sent)
    emulator.save()
    return emulator.world.store.dump()


def _change_faults(emulator: Emulator, sent: Any) -> dict[str, Any]:
    emulator.faults.change(sent)
    return emulator.faults.shown()


def _set_clock(clock: Clock, sent: Any) -> dict[str, str]:
    """`{"now": ISO 8601}` or `{"advance_seconds": number}`; a time without a zone is UTC."""
    match sent:
        case {"now": str(now), **rest} if not rest:
            try:
                moment = datetime.fromisoformat(now)
            except ValueError:
                raise invalid("now", "must be an ISO 8601 time", now) from None
            clock.set(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
        case {"advance_seconds": int() | float() as seconds, **rest} if not rest:
            clock.advance(seconds)
        case _:
            raise Problem(400, 'send {"now": ISO 8601} or {"advance_seconds": number}')
    return {"now": clock.iso()}
