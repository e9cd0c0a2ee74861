"""RingEX that answers as told, and time that passes only when someone waits."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from pulumi_voice_routing import settings
from pulumi_voice_routing.ringex.auth import RingExTokens
from pulumi_voice_routing.ringex.client import RingEX
from tests.client.conftest import Clock, clock, told

__all__ = ["Clock", "clock", "told"]

BASE = "https://ringex.test"
TOKEN = "/restapi/oauth/token"
EXTENSION = "/restapi/v1.0/account/123456/extension/100001"
WHO = {"uri": f"{BASE}{EXTENSION}/forwarding-number", "records": []}
CREDENTIALS = {
    "RINGEX_CLIENT_ID": "client",
    "RINGEX_CLIENT_SECRET": "secret-secret",
    "RINGEX_JWT": "the-jwt-credential",
}

Answer = Callable[[httpx.Request], httpx.Response]


class RingExVendor:
    """Answers by method and path; who is signed in is told, and nobody has the newer call handling."""

    def __init__(self, **answers: Answer) -> None:
        self.requests: list[httpx.Request] = []
        self.answers: dict[str, Answer] = {}
        self._lock = threading.Lock()
        self.transport = httpx.MockTransport(self._answer)

    def on(self, method: str, path: str, answer: Answer | httpx.Response) -> None:
        """Answer calls whose path ends so."""
        self.answers[f"{method} {path}"] = answer if callable(answer) else lambda request: _copy(answer)

    def seen(self, method: str, path: str) -> list[httpx.Request]:
        return [one for one in self.requests if one.method == method and one.url.path.endswith(path)]

    def _answer(self, request: httpx.Request) -> httpx.Response:
        with self._lock:
            self.requests.append(request)
        for what, answer in self.answers.items():
            method, _, path = what.partition(" ")
            if request.method == method and request.url.path.endswith(path):
                return answer(request)
        if request.url.path.endswith("/account/~/extension/~/forwarding-number"):
            return httpx.Response(200, json=WHO)
        if request.url.path.endswith("/features"):
            return httpx.Response(200, json={"records": []})
        return httpx.Response(404, json={"errorCode": "CMN-120", "message": "unknown", "errors": []})


def _copy(answer: httpx.Response) -> httpx.Response:
    return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


@pytest.fixture
def ready_token(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith(("RINGCX_", "RINGEX_", "PORTSIP_")) or name == "VOICE_ROUTING_MAX_WAIT_SECONDS":
            monkeypatch.delenv(name)
    monkeypatch.setattr(settings, "_stack_config", lambda key: None)
    monkeypatch.setenv("RINGEX_ACCESS_TOKEN", "ready-made-token")


@pytest.fixture
def vendor(ready_token: None) -> RingExVendor:
    return RingExVendor()


@pytest.fixture
def new_client(vendor: RingExVendor) -> Iterator[Callable[..., RingEX]]:
    """Makes clients of the scripted vendor, and closes them."""
    made: list[RingEX] = []

    def make(**options: Any) -> RingEX:
        made.append(RingEX(BASE, RingExTokens(BASE, vendor.transport), transport=vendor.transport, **options))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def api(new_client: Callable[..., RingEX]) -> RingEX:
    return new_client()
