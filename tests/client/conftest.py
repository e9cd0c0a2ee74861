"""A vendor that answers as told, and time that passes only when someone waits."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pulumi
import pytest

from pulumi_voice_routing import settings
from pulumi_voice_routing.client import pacing as waits
from pulumi_voice_routing.ringcx.client import RingCX

BASE = "https://vendor.test"
ACCOUNTS = "/voice/api/v1/admin/accounts"
ACCOUNT = f"{ACCOUNTS}/123456"

Outcome = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


@pytest.fixture(autouse=True)
def _no_settings_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith(("RINGCX_", "RINGEX_", "VOICE_ROUTING_")):
            monkeypatch.delenv(name)
    monkeypatch.setattr(settings, "_stack_config", lambda key: None)
    monkeypatch.setenv("RINGCX_ACCESS_TOKEN", "ready-made-token")


class Clock:
    """Stands in for ``time.monotonic`` and for the wait that a cancellation ends."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.waits: list[float] = []
        self.cancel_at_wait: int | None = None
        self._lock = threading.Lock()

    def monotonic(self) -> float:
        return self.now

    def wait(self, seconds: float) -> bool:
        with self._lock:
            self.waits.append(seconds)
            if len(self.waits) == self.cancel_at_wait:
                return True
            self.now += seconds
            return False


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "monotonic", clock.monotonic)
    monkeypatch.setattr(waits, "cancelled", clock)
    return clock


class Vendor:
    """Answers with its outcomes in turn, the last one for ever, and remembers what it was asked."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.requests: list[httpx.Request] = []
        self._lock = threading.Lock()
        self.transport = httpx.MockTransport(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        with self._lock:
            self.requests.append(request)
            outcome = self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]
        if isinstance(outcome, Exception):
            raise outcome
        if isinstance(outcome, httpx.Response):
            # An answer is read once; the script's own stays as it is.
            return httpx.Response(outcome.status_code, headers=outcome.headers, content=outcome.content)
        return outcome(request)


Client = Callable[..., RingCX]


@pytest.fixture
def client() -> Iterator[Client]:
    """Makes clients of a scripted vendor, and closes them."""
    made: list[RingCX] = []

    def make(vendor: Vendor, requests_per_minute: int = 0) -> RingCX:
        made.append(RingCX(BASE, "123456", requests_per_minute, vendor.transport))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the user is told on the way."""
    lines: list[str] = []

    def say(message: str, *_: Any) -> None:
        lines.append(message)

    monkeypatch.setattr(pulumi.log, "info", say)
    monkeypatch.setattr(pulumi.log, "warn", say)
    return lines


def together(work: Callable[[], Any], threads: int = 16) -> list[Any]:
    """What each of many threads got, started at one moment; an exception counts as an answer."""
    answers: list[Any] = []
    start = threading.Barrier(threads)

    def run() -> None:
        start.wait()
        try:
            answers.append(work())
        except Exception as error:
            answers.append(error)

    running = [threading.Thread(target=run) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return answers


def ok(json: Any = None) -> httpx.Response:
    return httpx.Response(200, json=json if json is not None else {"fine": True})


def status(code: int, **options: Any) -> httpx.Response:
    return httpx.Response(code, **({"json": {"generalMessage": f"said {code}"}} | options))
