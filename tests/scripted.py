"""A vendor that answers as told, for clients without a server."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

import httpx
import pytest

from pulumi_voice_routing import settings

Answer = Callable[[httpx.Request], httpx.Response]


class ScriptedVendor:
    """Answers by method and the end of the path, and remembers what it was asked."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.answers: dict[tuple[str, str], Answer] = {}
        self._lock = threading.Lock()
        self.transport = httpx.MockTransport(self._answer)

    def on(self, method: str, path: str, answer: Answer | httpx.Response) -> None:
        """Answer calls whose path ends so."""
        self.answers[method, path] = answer if callable(answer) else lambda request: _copy(answer)

    def seen(self, method: str, path: str) -> list[httpx.Request]:
        """The calls whose path ends so."""
        return [one for one in self.requests if _is(one, method, path)]

    def otherwise(self, request: httpx.Request) -> httpx.Response:
        """The answer to a call of which nothing was told."""
        return httpx.Response(404)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        with self._lock:
            self.requests.append(request)
        answer = next((answer for (method, path), answer in self.answers.items() if _is(request, method, path)), None)
        return answer(request) if answer else self.otherwise(request)


def only_setting(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """Whatever the environment and a stack say of vendors is gone, but for this variable."""
    for there in os.environ:
        if there.startswith(("RINGCX_", "RINGEX_", "PORTSIP_")) or there == "VOICE_ROUTING_MAX_WAIT_SECONDS":
            monkeypatch.delenv(there)
    monkeypatch.setattr(settings, "_stack_config", lambda key: None)
    monkeypatch.setenv(name, value)


def _is(request: httpx.Request, method: str, path: str) -> bool:
    return request.method == method and request.url.path.endswith(path)


def _copy(answer: httpx.Response) -> httpx.Response:
    return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)
