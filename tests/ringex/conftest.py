"""RingEX that answers as told, and time that passes only when someone waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from pulumi_voice_routing.ringex.auth import RingExTokens
from pulumi_voice_routing.ringex.client import RingEX
from tests.client.conftest import Clock, clock, told
from tests.scripted import ScriptedVendor, only_setting

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


class RingExVendor(ScriptedVendor):
    """Who is signed in is told, and nobody has the newer call handling."""

    def otherwise(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/account/~/extension/~/forwarding-number"):
            return httpx.Response(200, json=WHO)
        if request.url.path.endswith("/features"):
            return httpx.Response(200, json={"records": []})
        return httpx.Response(404, json={"errorCode": "CMN-120", "message": "unknown", "errors": []})


@pytest.fixture
def ready_token(monkeypatch: pytest.MonkeyPatch) -> None:
    only_setting(monkeypatch, "RINGEX_ACCESS_TOKEN", "ready-made-token")


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
