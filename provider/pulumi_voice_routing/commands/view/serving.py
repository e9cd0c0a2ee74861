"""``voice-routing view --serve``: the page on this machine, made anew whenever somebody has saved something."""

from __future__ import annotations

import json
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

from ...errors import VoiceRoutingError
from ...masking import masked
from ...plan.pulumi_cli import EngineError, pulumi
from ..printing import say
from ..terminal import nothing
from .making import made
from .sources import Asked

_SECONDS = 0.5
_ENDINGS = frozenset({".py", ".yaml", ".yml", ".json", ".toml", ".csv"})
_NOT_WATCHED = frozenset({"node_modules", "__pycache__", "venv"})
_HOSTS = ("127.0.0.1", "localhost")
"""Nobody reaches the page by another name."""


class Served:
    """The page as it is now, and why it is not newer."""

    def __init__(self, asked: Asked, make: Callable[[Asked], str]) -> None:
        self.page, self.version, self.error = "", 0, ""
        self._asked, self._make = asked, make
        self._seen: dict[Path, int] = {}

    def look(self) -> bool:
        """Make the page anew if something was saved; says whether it was."""
        now = dict(_saved(self._asked.watched))
        if now == self._seen:
            return False
        self._seen = now
        try:
            self.page, self.error = self._make(self._asked), ""
            self.version += 1
        except VoiceRoutingError as error:
            self.error = masked(str(error))
        self._seen = dict(_saved(self._asked.watched))  # what the program itself has written makes nothing new
        return True


def _saved(watched: list[Path]) -> Iterator[tuple[Path, int]]:
    """The files that matter, and when each was saved last."""
    for one in watched:
        files = [one] if one.is_file() else _below(one)
        for path in files:
            with suppress(OSError):
                yield path, path.stat().st_mtime_ns


def _below(folder: Path) -> Iterator[Path]:
    with suppress(OSError):
        for path in sorted(folder.iterdir()):
            if path.name.startswith(".") or path.name in _NOT_WATCHED:
                continue
            if path.is_dir():
                yield from _below(path)
            elif path.suffix in _ENDINGS:
                yield path


def page_of(asked: Asked) -> str:
    """The page for what is asked for; of a program that is what its preview says now."""

    if asked.plan or asked.state or asked.export or asked.live:
        return made(asked, nothing, watched=True)
    with TemporaryDirectory() as folder:
        plan = Path(folder) / "preview.json"
        words = (
            "preview",
            "--json",
            "--show-sames",
            *(("--stack", asked.stack) if asked.stack else ()),
        )
        try:
            plan.write_text(pulumi(*words, cwd=asked.cwd), encoding="utf-8")
        except EngineError as error:
            raise VoiceRoutingError(f"view: {error}") from None
        return made(replace(asked, plan=plan), nothing, watched=True)


def serve_page(asked: Asked, port: int, *, open_: bool, make: Callable[[Asked], str] = page_of) -> None:
    """Serve until somebody interrupts. Raises :class:`VoiceRoutingError` when the first page cannot be made."""
    served = Served(asked, make)
    served.look()
    if not served.page:
        raise VoiceRoutingError(served.error)
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), _answering(served))
    except OSError as error:
        raise VoiceRoutingError(f"view: port {port}: {error.strerror or error}") from None
    url = f"http://127.0.0.1:{server.server_address[1]}/"
    with server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        say(f"listening on {url}, until Ctrl-C\n")
        if open_:
            webbrowser.open(url)
        try:
            _watch(served)
        finally:
            server.shutdown()


def _watch(served: Served) -> None:
    pause = threading.Event()
    while True:
        if served.look():
            say(f"{served.error or 'made anew'}\n")
        pause.wait(_SECONDS)


def _answering(served: Served) -> type[BaseHTTPRequestHandler]:
    class Answering(BaseHTTPRequestHandler):
        """Answers with the page, and with the version that it has."""

        def do_GET(self) -> None:
            if (self.headers.get("Host") or "").rpartition(":")[0] not in _HOSTS:
                self.send_error(HTTPStatus.FORBIDDEN)
            elif self.path == "/":
                self._send("text/html; charset=utf-8", served.page)
            elif self.path == "/version":
                self._send("application/json", json.dumps({"version": served.version, "error": served.error}))
            else:
                self.send_error(HTTPStatus.NOT_FOUND)

        def _send(self, kind: str, text: str) -> None:
            body = text.encode(errors="replace")
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Requests of the page are of no interest."""

    return Answering
