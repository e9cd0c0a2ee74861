"""The emulator in this process, and someone on the line who changes what it answers."""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pulumi
import pytest
from starlette.applications import Starlette

from pulumi_voice_routing import settings
from pulumi_voice_routing.client import connection
from pulumi_voice_routing.client import pacing as waits
from pulumi_voice_routing.emulator import create_app
from pulumi_voice_routing.lifecycle import adoption, standing
from pulumi_voice_routing.portsip import client as portsip_client
from pulumi_voice_routing.ringcx import client as ringcx_client
from pulumi_voice_routing.ringex import auth as ringex_auth
from pulumi_voice_routing.ringex import client as ringex_client
from tests.emulated import ACCOUNT, TOKEN, Emulated

URL = "http://emulator.test"

Change = Callable[[httpx.Request, httpx.Response], httpx.Response]


class Line(httpx.BaseTransport):
    """Sends requests to the application in this process; ``change`` is given each answer, and gives another."""

    def __init__(self, app: Starlette, runner: asyncio.Runner) -> None:
        self._transport = httpx.ASGITransport(app)
        self._runner = runner
        self._lock = threading.Lock()
        self.change: Change | None = None
        self.requests: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        with self._lock:
            self.requests.append(request)
            answer = self._runner.run(self._answered(request))
            return self.change(request, answer) if self.change else answer

    async def _answered(self, request: httpx.Request) -> httpx.Response:
        answer = await self._transport.handle_async_request(request)
        return httpx.Response(answer.status_code, headers=answer.headers, content=await answer.aread())


class World(Emulated):
    """An emulator in this process. ``line`` is the provider's; an administrator's calls never meet the change."""

    def __init__(self) -> None:
        app = create_app(rate_limits=False)
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)  # the loop of the process stays
        self.url = URL
        self.line = Line(app, self._runner)
        self._http = httpx.Client(
            transport=Line(app, self._runner), base_url=URL, headers={"Authorization": f"Bearer {TOKEN}"}
        )
        self._empty = self.state()

    def stop(self) -> None:
        self._http.close()
        self._runner.close()

    def upload(self, path: str, content: bytes) -> httpx.Response:
        """A file of an administrator's, whatever becomes of it."""
        return self._http.post(path, files={"file": ("numbers.csv", content, "text/csv")})

    def send(self, method: str, path: str, content: bytes) -> httpx.Response:
        """Any bytes as JSON, whatever becomes of them."""
        return self._http.request(method, path, content=content, headers={"Content-Type": "application/json"})

    @contextmanager
    def changing(self, change: Change) -> Iterator[None]:
        """What the provider asks in here is answered by the change."""
        self.line.change, self.line.requests = change, []
        try:
            yield
        finally:
            self.line.change = None


class NoTime:
    """Waits end at once, and take as long as they say."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def wait(self, seconds: float) -> bool:
        self.now += seconds
        return False


@contextmanager
def provider_process(transport: httpx.BaseTransport, cache: Path, **more: str) -> Iterator[list[str]]:
    """As a new provider process whose calls go over the transport. Gives what its user is told.

    ``more`` are settings beside those that lead to the emulator; empty ones are not set.
    """
    told: list[str] = []
    open_http, time = connection.open_http, NoTime()
    made: list[dict[Any, Any]] = [{}, {}, {}]
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**ENVIRONMENT, **more}.items():
            patch.setenv(name, value)
        patch.setenv("VOICE_ROUTING_CACHE_DIR", str(cache))
        patch.setattr(connection, "open_http", lambda base_url, auth, _=None: open_http(base_url, auth, transport))
        patch.setattr("pulumi_voice_routing.client.http.time.monotonic", time.monotonic)
        patch.setattr(waits, "cancelled", time)
        patch.setattr(settings, "_stack_config", lambda key: None)
        patch.setattr(settings, "_secrets", set())
        patch.setattr(adoption, "ours", set())
        for name, nothing in {"_holders": defaultdict(dict), "_declared": {}, "_before": {}, "_objects": {}}.items():
            patch.setattr(standing, name, nothing)
        patch.setattr(ringex_auth, "_tokens", {})
        for module, clients in zip((ringcx_client, ringex_client, portsip_client), made, strict=True):
            patch.setattr(module, "_clients", clients)
        for level in ("debug", "info", "warn", "error"):
            patch.setattr(pulumi.log, level, lambda message, *_, **__: told.append(message))
        try:
            yield told
        finally:
            for clients in made:
                for one in clients.values():
                    one.close()


ENVIRONMENT = {
    "RINGCX_BASE_URL": URL,
    "RINGCX_ACCOUNT_ID": ACCOUNT,
    "RINGCX_ACCESS_TOKEN": TOKEN,
    "RINGCX_REQUESTS_PER_MINUTE": "0",
    "RINGEX_BASE_URL": URL,
    "RINGEX_ACCESS_TOKEN": TOKEN,
    "RINGEX_REQUESTS_PER_MINUTE": "0",
    "PORTSIP_BASE_URL": URL,
    "PORTSIP_ACCESS_TOKEN": TOKEN,
    "PORTSIP_REQUESTS_PER_MINUTE": "0",
    "VOICE_ROUTING_MAX_WAIT_SECONDS": "10",
    "VOICE_ROUTING_BREAK_GLASS": "reassign-active-dnis release-active-dnis take-foreign-dnis",
}
