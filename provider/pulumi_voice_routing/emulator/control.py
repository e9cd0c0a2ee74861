"""The control calls, `/_emulator/...`. They need no token and are not in the journal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .clock import Clock
from .emulator import Emulator
from .families import FAMILIES
from .problems import Problem, invalid
from .reading import read_body
from .schema import parse_json
from .store import StateError


def control_routes(emulator: Emulator) -> list[Route]:
    """All of them."""

    def route(path: str, **by_method: Callable[[Any], Any]) -> Route:
        async def endpoint(http: HttpRequest) -> Response:
            try:
                sent = parse_json(await read_body(http)) if http.method in ("PUT", "POST") else None
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
        route("heard", put=lambda sent: {"left_out": emulator.learn(sent)}),
        route("timeline", get=lambda _: emulator.timeline.shown(), post=lambda sent: _go(emulator, sent)),
        route("clock", post=lambda sent: _set_clock(emulator.world.clock, sent)),
        *(
            route(name, post=partial(control, emulator.world))
            for family in FAMILIES
            for name, control in family.controls.items()
        ),
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


def _go(emulator: Emulator, sent: Any) -> dict[str, Any]:
    """`{"begin": true}`, `{"end": true}`, or `{"at": requests}`."""
    match sent:
        case {"begin": True, **rest} if not rest:
            emulator.timeline.begin(emulator.world.store)
        case {"end": True, **rest} if not rest:
            emulator.timeline.end()
        case {"at": int() as number, **rest} if not rest and number >= 0:
            emulator.timeline.go_to(emulator.world.store, number)
        case _:
            raise Problem(400, 'send {"begin": true}, {"end": true} or {"at": requests}')
    return {"done": True}


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
