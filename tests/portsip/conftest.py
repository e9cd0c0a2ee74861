"""PortSIP that answers as told, and time that passes only when someone waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from pulumi_voice_routing.portsip.auth import PortSipTokens
from pulumi_voice_routing.portsip.client import PortSIP
from tests.client.conftest import Clock, clock, told
from tests.scripted import ScriptedVendor, only_setting

__all__ = ["Clock", "clock", "told"]

BASE = "https://pbx.test:8887"
DOMAIN = "acme.example.com"
GROUPS = "/api/ring_groups"


class PortSipVendor(ScriptedVendor):
    """The session is in the tenant acme.example.com."""

    def __init__(self) -> None:
        super().__init__()
        self.on("GET", "/api/info", httpx.Response(200, json={"domain": DOMAIN}))

    def otherwise(self, request: httpx.Request) -> httpx.Response:
        return refusal(404, "UNKNOWN", "no such call")


def refusal(status: int, code: str, message: str = "no", detail: Any = None) -> httpx.Response:
    error = {"code": code, "message": message} | ({"detail": detail} if detail else {})
    return httpx.Response(status, json={"errors": [error]})


@pytest.fixture
def ready_token(monkeypatch: pytest.MonkeyPatch) -> None:
    only_setting(monkeypatch, "PORTSIP_ACCESS_TOKEN", "ready-made-token")


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
