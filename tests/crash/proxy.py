"""What stands between the provider and the vendor, so that something happens at one request and no other."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

_OF_THE_CONNECTION = ("connection", "keep-alive", "transfer-encoding", "content-length", "host")


class Proxy:
    """Passes requests on, and counts them.

    At the request with the number ``at``, ``strike`` is called: before the vendor has seen the request, which then
    never gets there, or ``after`` the vendor has acted, when nobody gets the answer. With ``passes`` the request takes
    its course all the same. Every other request waits until ``strike`` is done.
    """

    def __init__(self, vendor: str, at: int, strike: Callable[[], None], *, after: bool, passes: bool) -> None:
        self.seen = 0
        self._at, self._strike, self._after, self._passes = at, strike, after, passes
        self._address = urlsplit(vendor).netloc
        self._one_at_a_time = threading.RLock()
        self._server = _Server(self)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Proxy:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing more gets through when this returns."""
        self._server.shutdown()
        self._server.server_close()

    def passed_on(self, method: str, path: str, headers: dict[str, str], body: bytes) -> _Answer | None:
        """The vendor's answer; nothing where the connection is to break."""
        with self._one_at_a_time:
            self.seen += 1
            here = self.seen == self._at
            if here and not self._after:
                self._strike()
                if not self._passes:
                    return None
        answer = self._sent(method, path, headers, body)
        if here and self._after:
            with self._one_at_a_time:
                self._strike()
            return answer if self._passes else None
        return answer

    def _sent(self, method: str, path: str, headers: dict[str, str], body: bytes) -> _Answer:
        vendor = http.client.HTTPConnection(self._address, timeout=30)
        try:
            vendor.request(method, path, body, headers)
            answer = vendor.getresponse()
            return _Answer(answer.status, answer.getheaders(), answer.read())
        finally:
            vendor.close()


class _Answer:
    def __init__(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.body = status, body
        self.headers = [(name, value) for name, value in headers if name.lower() not in _OF_THE_CONNECTION]


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # closing waits for what is under way

    def __init__(self, proxy: Proxy) -> None:
        self.proxy = proxy
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    def handle_one_request(self) -> None:
        with suppress(ConnectionError):  # whoever asked has been killed
            super().handle_one_request()

    def _handle(self) -> None:
        assert isinstance(self.server, _Server)
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _OF_THE_CONNECTION}
        answer = self.server.proxy.passed_on(self.command, self.path, headers, body)
        if answer is None:
            return
        self.send_response_only(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    do_GET = do_POST = do_PUT = do_DELETE = _handle

    def log_message(self, format: str, *args: object) -> None:
        """A test has nothing to read here."""
