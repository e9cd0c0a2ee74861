"""The emulator as a process of its own, on 127.0.0.1 only."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import struct
import threading
from pathlib import Path
from types import FrameType
from typing import cast

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from .app import CLOSE, create_app
from .emulator import Emulator

_HOST = "127.0.0.1"


def serve(
    port: int = 0,
    state_file: str | Path | None = None,
    seed_file: str | Path | None = None,
    *,
    latency_seconds: float = 0,
    rate_limits: bool = True,
    like_file: str | Path | None = None,
    until_eof: bool = False,
    as_json: bool = False,
) -> None:
    """Serves on 127.0.0.1 until SIGINT or SIGTERM, then saves `state_file` and returns.

    With `until_eof` it also ends with its standard input: a program that starts it with a pipe leaves nothing behind,
    however it ends. `port` 0 takes a free port. Prints one line, `listening on http://127.0.0.1:PORT`, or as a JSON
    document, once requests are accepted. The files are those of `create_app`. Raises `OSError` when the port is taken.
    """
    app = create_app(
        state_file=state_file,
        seed_file=seed_file,
        latency_seconds=latency_seconds,
        rate_limits=rate_limits,
        like_file=like_file,
    )
    emulator = cast(Emulator, app.state.emulator)
    with socket.create_server((_HOST, port)) as listener:
        url = f"http://{_HOST}:{listener.getsockname()[1]}"
        server = _Server(_config(app), json.dumps({"url": url}) if as_json else f"listening on {url}")
        if until_eof:
            threading.Thread(target=server.end_at_end_of_input, daemon=True).start()
        server.run(sockets=[listener])
    emulator.save()


def _config(app: Starlette) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=_ClosableProtocol,
        ws="none",
        lifespan="off",
        access_log=False,
        log_level="error",
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: str) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        print(self._ready, flush=True)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Ends the server; unlike uvicorn's own, does not raise the signal again afterwards."""
        self.should_exit = True

    def end_at_end_of_input(self) -> None:
        """Ends the server when nobody can write to its standard input any more."""
        while os.read(0, 4096):
            pass
        self.should_exit = True


class _ClosableProtocol(H11Protocol):
    """Lets the application close its connection, which ASGI cannot say."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        # Head and body go out in two writes: without this, each answer to a keep-alive client waits 40 ms for an ACK.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.app = _closable(self.app, transport)


def _forget_host(scope: Scope) -> None:
    """A request to a proxy names the host as well; whatever host that is, it is answered here."""
    path: str = scope.get("path", "")
    if path.startswith(("http://", "https://")):
        scope["path"] = "/" + path.split("/", 3)[3] if path.count("/") > 2 else "/"
        scope["raw_path"] = scope["path"].encode()


def _closable(app: object, transport: asyncio.Transport) -> ASGIApp:
    def close(*, reset: bool) -> None:
        if reset:
            connection: socket.socket = transport.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            transport.abort()
        else:
            transport.close()

    async def with_close(scope: Scope, receive: Receive, send: Send) -> None:
        scope[CLOSE] = close
        _forget_host(scope)
        await cast("ASGIApp", app)(scope, receive, send)

    return with_close
