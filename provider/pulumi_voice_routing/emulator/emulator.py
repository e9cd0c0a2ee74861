"""All emulated APIs, without the network: from a request to the answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .clock import Clock
from .families import FAMILIES
from .faults import Faults, Rule
from .journal import Journal
from .learning import learned
from .limits import Limiter
from .loading import load
from .manners import Manners
from .problems import Problem
from .routing import Match, Request, Router, Switches, World, open_call
from .store import StateError, Store
from .timeline import Timeline
from .tokens import Tokens
from .unserved import UNSERVED
from .vendors import Reply, Vendor


class Emulator:
    """All emulated APIs, without the network."""

    def __init__(self, switches: Switches, state_file: Path | None = None) -> None:
        store = Store(kind for family in FAMILIES for kind in family.kinds)
        clock = Clock()
        self.world = World(store, Tokens(clock), clock, switches)
        self._controls = {name: control for family in FAMILIES for name, control in family.controls.items()}
        self.faults = Faults(switches, self._controls)
        self.journal = Journal()
        self.timeline = Timeline()
        self._router = Router(FAMILIES)
        self._unserved = Router([UNSERVED])
        self._limiter = Limiter()
        self._manners = Manners(self.world)
        self._state_file = state_file
        self.load({"objects": {kind: list(records) for f in FAMILIES for kind, records in f.first_objects.items()}})

    def load(self, state: Any) -> None:
        """Replaces all objects. Raises `StateError`, and then nothing has changed."""
        load(self.world.store, state, *(family.finish for family in FAMILIES if family.finish))

    def learn(self, answers: Any) -> list[str]:
        """Replaces all objects by what these answers tell; says what had to be left out."""
        left_out: list[str] = []
        finish = [family.finish for family in FAMILIES if family.finish]
        load(self.world.store, learned(FAMILIES, answers), *finish, left_out=left_out)
        return left_out

    def be_like(self, met: Any, file: str) -> None:
        """Answers like a vendor that somebody has met. Raises `StateError` for what is no account of that."""
        like = met.get("like") if isinstance(met, dict) else None
        if not isinstance(like, dict):
            raise StateError(f"{file} is not what `voice-routing conformance` writes: it has no member `like`")
        try:
            self.faults.change({"switches": like})
        except Problem as problem:
            told = "; ".join(f"{one.attribute}: {one.message}" for one in problem.fields) or problem.message
            raise StateError(f"{file}: {told}") from None
        self.faults.stay()

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
        vendor, operation = match.vendor, match.operation
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
            if rule and rule.fault == "control":
                self._controls[rule.control](self.world, rule.body)
            before = self.world.store.copy() if rule and rule.fault == "not_applied" else None
            call = open_call(self.world, request, match, flip_is_active=bool(rule and rule.fault == "flip_is_active"))
            self.world.store.changes.clear()
            reply = self._manners.of(match, _as_reply(operation.handler(call)), self.world.store.changes)
            if before is not None:
                self.world.store.become(before)
        except Problem as problem:
            reply = vendor.error(problem, request.uri, now)
        reply.headers = headers | reply.headers
        if rule and rule.fault == "created_201" and reply.status == 200:
            reply.status = 201
        self.timeline.note(self.world.store, request, match, reply)
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
