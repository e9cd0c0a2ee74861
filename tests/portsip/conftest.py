"""PortSIP that answers as told, and time that passes only when someone waits."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from pulumi_voice_routing import settings
from pulumi_voice_routing.portsip.auth import PortSipTokens
from pulumi_voice_routing.portsip.client import PortSIP
from tests.client.conftest import Clock, clock, told

__all__ = ["Clock", "clock", "told"]

BASE = "https://pbx.test:8887"
DOMAIN = "acme.example.com"
GROUPS = "/api/ring_groups"

Answer = Callable[[httpx.Request], httpx.Response]


class PortSipVendor:
    """Answers by method and path; the session is in the tenant acme.example.com."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.answers: dict[tuple[str, str], Answer] = {}
        self._lock = threading.Lock()
        self.transport = httpx.MockTransport(self._answer)
        self.on("GET", "/api/info", httpx.Response(200, json={"domain": DOMAIN}))

    def on(self, method: str, path: str, answer: Answer | httpx.Response) -> None:
        self.answers[method, path] = answer if callable(answer) else lambda request: _copy(answer)

    def seen(self, method: str, path: str) -> list[httpx.Request]:
        return [one for one in self.requests if (one.method, one.url.path) == (method, path)]

    def _answer(self, request: httpx.Request) -> httpx.Response:
        with self._lock:
            self.requests.append(request)
        answer = self.answers.get((request.method, request.url.path))
        return answer(request) if answer else refusal(404, "UNKNOWN", "no such call")


def refusal(status: int, code: str, message: str = "no", detail: Any = None) -> httpx.Response:
    error = {"code": code, "message": message} | ({"detail": detail} if detail else {})
    return httpx.Response(status, json={"errors": [error]})


def _copy(answer: httpx.Response) -> httpx.Response:
    return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


@pytest.fixture
def ready_token(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith(("RINGCX_", "RINGEX_", "PORTSIP_")) or name == "VOICE_ROUTING_MAX_WAIT_SECONDS":
            monkeypatch.delenv(name)
    monkeypatch.setattr(settings, "_stack_config", lambda key: None)
    monkeypatch.setenv("PORTSIP_ACCESS_TOKEN", "ready-made-token")


@pytest.fixture
def vendor(ready_token: None) -> PortSipVendor:
    return PortSipVendor()


@pytest.fixture
def new_client(vendor: PortSipVendor) -> Iterator[Callable[..., PortSIP]]:
    """Makes clients of the scripted server, and closes them."""
    made: list[PortSIP] = []

    def make(domain: str | None = DOMAIN) -> PortSIP:
        made.append(PortSIP(BASE, PortSipTokens(BASE, vendor.transport), domain, 0, vendor.transport))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def api(new_client: Callable[..., PortSIP]) -> PortSIP:
    return new_client()
