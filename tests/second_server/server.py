"""The server: its accounts, the ways in which it answers, and how it is reached."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

from tests.second_server import http_services, numbers, portsip, ringcx, ringex, ringex_users
from tests.second_server.calls import Reply, reply_to
from tests.second_server.store import FIRST_BIG_ID, FIRST_ID, Record, Store
from tests.second_server.tables import KINDS
from tests.second_server.ways import PLAIN, Ways

BY_HAND = "by-hand"
"""The token of the administrator, whom every answer reaches plainly."""


class Server:
    """The three vendors. Requests are answered one at a time."""

    def __init__(self, ways: Ways = PLAIN) -> None:
        self.ways = ways
        self.store = Store(FIRST_BIG_ID if "big_ids" in ways else FIRST_ID)
        self.journal: list[Record] = []
        """Every exchange of the provider's, for the judge of contracts."""
        self.after_each: Callable[[], None] | None = None
        """Called after each request of the provider's."""
        self._lock = threading.Lock()
        first: dict[str, list[Record]] = {
            **{kind: [] for kind in KINDS},
            **ringcx.FIRST_OBJECTS,
            **ringex.FIRST_OBJECTS,
            **ringex_users.FIRST_OBJECTS,
            **portsip.FIRST_OBJECTS,
        }
        self.put_state({"objects": first})

    def put_state(self, state: Record) -> None:
        """Replace everything that the accounts hold; what a vendor makes by itself is there as well."""
        self.store.put_state(state)
        ringex_users.complete(self.store)

    def answer(self, method: str, url: str, content: bytes, headers: Mapping[str, str]) -> Reply:
        """Answer one request."""
        by_hand = headers.get("authorization") == f"Bearer {BY_HAND}"
        with self._lock:
            media = headers.get("content-type", "")
            reply = reply_to(self.store, PLAIN if by_hand else self.ways, method, url, content, media)
            if by_hand:
                self.store.settle()
            elif reply is not None:
                self.journal.append(_entry(method, url, content, media, reply))
                if self.after_each is not None:
                    self.after_each()
            return reply or Reply(404, text="no such path")


def _entry(method: str, url: str, content: bytes, media: str, reply: Reply) -> Record:
    parts = httpx.URL(url)
    vendor = {"/res": "ringex", "/api": "portsip"}.get(parts.path[:4], "ringcx")
    body: Any = None
    if content and "json" in media:
        body = httpx.Response(200, content=content).json()
    answer: Any = None if reply.empty else reply.text if reply.text is not None else reply.body
    return {
        "vendor": vendor,
        "method": method,
        "path": parts.path,
        "query": dict(parts.params),
        "content_type": media or None,
        "request": body if body is not None or not content else "a file",
        "status": reply.status,
        "response": answer,
        "empty": reply.empty,
    }


class Line(httpx.BaseTransport):
    """Leads a client to the server in this process."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        reply = self._server.answer(request.method, request.url.raw_path.decode(), request.read(), request.headers)
        return httpx.Response(reply.status, headers=reply.headers, content=reply.content)


@contextmanager
def listening(server: Server) -> Iterator[str]:
    """The server on a free port of this machine alone. Gives its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do(self) -> None:
            content = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = server.answer(self.command, self.path, content, headers)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.status != 204:
                self.send_header("Content-Length", str(len(reply.content)))
            self.end_headers()
            self.wfile.write(reply.content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do

        def log_message(self, format: str, *args: object) -> None:
            """Not to the console of whoever runs the tests."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{http.server_address[1]}"
    finally:
        http.shutdown()
        http.server_close()
        thread.join()


__all__ = ["BY_HAND", "Line", "Server", "http_services", "listening", "numbers"]
