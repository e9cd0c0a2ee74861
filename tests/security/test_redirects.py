"""A redirect is never followed: whoever it names gets no request, and so no token."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from pulumi_voice_routing.errors import UnexpectedAnswer
from pulumi_voice_routing.portsip.auth import PortSipTokens
from pulumi_voice_routing.portsip.client import PortSIP
from pulumi_voice_routing.ringcx.auth import Tokens as RingCXTokens
from pulumi_voice_routing.ringcx.client import RingCX
from pulumi_voice_routing.ringex.auth import RingExTokens
from pulumi_voice_routing.ringex.client import RingEX

SECRETS = {
    "RINGCX_ACCESS_TOKEN": "canary-ringcx-token",
    "RINGEX_ACCESS_TOKEN": "canary-ringex-token",
    "PORTSIP_ACCESS_TOKEN": "canary-portsip-token",
}
SIGN_IN = {
    "RINGEX_CLIENT_ID": "app",
    "RINGEX_CLIENT_SECRET": "canary-client-secret",
    "RINGEX_JWT": "canary-jwt",
    "PORTSIP_USERNAME": "admin",
    "PORTSIP_PASSWORD": "canary-password",
    "PORTSIP_DOMAIN": "acme.example.com",
}


class _Server(HTTPServer):
    """Answers everything with one status, and remembers what came."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status, self.location = 200, ""
        self.heard: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    def answer(self) -> None:
        assert isinstance(self.server, _Server)
        length = int(self.headers.get("Content-Length") or 0)
        self.server.heard.append(f"{self.requestline} {self.headers} {self.rfile.read(length).decode()}")
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_GET = do_POST = do_PUT = answer

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[_Server, _Server]]:
    """The vendor, and somebody else."""
    both = _Server(), _Server()
    threads = [threading.Thread(target=one.serve_forever, kwargs={"poll_interval": 0.01}) for one in both]
    for thread in threads:
        thread.start()
    yield both
    for server, thread in zip(both, threads, strict=True):
        server.shutdown()
        thread.join()
        server.server_close()


CALLS: dict[str, Callable[[str], Any]] = {
    "ringcx reads": lambda url: RingCX(url, "123456", 0).list_groups(),
    "ringcx writes": lambda url: RingCX(url, "123456", 0).request("X-1", "POST", "/path", json={"a": 1}),
    "ringex reads": lambda url: RingEX(url, RingExTokens(url)).whoami(),
    "portsip reads": lambda url: PortSIP(url, PortSipTokens(url), "acme.example.com", 0).list_groups(),
    "ringcx exchanges a token": lambda url: RingCXTokens(url).signed_in(),
    "ringex signs in": lambda url: RingExTokens(url).signed_in(),
    "portsip signs in": lambda url: PortSipTokens(url).signed_in(),
    "ringex refreshes": lambda url: RingExTokens(url).refreshed("canary-refresh"),
    "portsip refreshes": lambda url: PortSipTokens(url).refreshed("canary-refresh"),
}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_nobody_else_is_asked(
    servers: tuple[_Server, _Server], call: Callable[[str], Any], status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor, stranger = servers
    for name, value in {**SECRETS, **SIGN_IN}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("VOICE_ROUTING_MAX_WAIT_SECONDS", "0")
    vendor.heard, stranger.heard = [], []
    for location in (f"{stranger.url}/here", f"//127.0.0.1:{stranger.server_port}/here"):
        vendor.status, vendor.location = status, location
        with pytest.raises(UnexpectedAnswer, match="sends us elsewhere, which no call follows") as raised:
            call(vendor.url)
        assert "canary" not in str(raised.value)
    assert "canary" in str(vendor.heard), "the vendor itself is told who asks"
    assert stranger.heard == []
