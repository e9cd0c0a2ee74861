"""The proof of an export: its program is adopted, previewed, brought up and refreshed against what was read.

The vendors are stood in for by a server on this machine that gives the answers of the reading once more, and refuses
everything else: whatever a run would write, or would ask that the reading did not, is seen there.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from ...client.heard import Answer, Asked, heard
from ...errors import VoiceRoutingError
from ...lifecycle.reaching import OFFLINE
from ..stand_in import environment, settings_for
from ..terminal import Told
from .folder import put
from .into_state import adopt
from .program import Program

_STACK = "proof"
_STEPS: Sequence[Sequence[str]] = (
    ("preview", "--diff"),
    ("up", "--yes", "--skip-preview", "--diff"),
    ("refresh", "--yes", "--skip-preview", "--diff"),
)
_LONGEST_LINES = 200


class Proof(NamedTuple):
    """What the runs changed and asked beyond the reading; empty when the export is true."""

    differences: list[str]
    unheard: list[str]

    @property
    def holds(self) -> bool:
        """Whether nothing changed and nothing was written; a look at more than was exported is neither."""
        return not self.differences and all(asked.startswith("GET ") for asked in self.unheard)


def prove(program: Program, files: Mapping[str, str], told: Told) -> Proof:
    """Run the program where nothing can be harmed."""
    with tempfile.TemporaryDirectory(prefix="voice-routing-proof-") as name, _stand_in() as (port, unheard):
        folder = Path(name) / "program"
        put(folder, files)
        (Path(name) / "state").mkdir()
        reached = {OFFLINE.variable: "1"}  # which the reading has shown, and which would be asked once more
        env = {**os.environ, **settings_for(port, Path(name)), **reached}
        with environment(env):
            told(0, 1 + len(_STEPS), "proof: adopting")
            _pulumi("stack", "init", _STACK, cwd=folder)
            keys = [f"{key}=only for the proof" for key in sorted(program.secrets.values())]
            if keys:
                _pulumi("config", "set-all", *(word for key in keys for word in ("--secret", key)), cwd=folder)
            adopt(program, folder, _STACK)
            differences: list[str] = []
            for place, step in enumerate(_STEPS, 1):
                told(place, 1 + len(_STEPS), f"proof: {step[0]}")
                said = _pulumi(*step, "--expect-no-changes", cwd=folder, may_fail=True)
                differences += said.splitlines()[-_LONGEST_LINES:] if said else []
        return Proof(differences, sorted(set(unheard)))


def _pulumi(*words: str, cwd: Path, may_fail: bool = False) -> str:
    """What a run that fails says; empty when it does not. Raises :class:`VoiceRoutingError` where it may not."""
    command = ["pulumi", *words, "--non-interactive", "--color", "never", "--stack", _STACK]
    command = command[:-2] if words[0] == "stack" else command
    try:
        done = subprocess.run(  # noqa: S603 - the user's own engine
            command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace"
        )
    except OSError as error:
        raise VoiceRoutingError(f"--prove needs pulumi, which does not run: {error.strerror or error}") from None
    if done.returncode and not may_fail:
        raise VoiceRoutingError(f"--prove: `pulumi {words[0]}` fails: {' '.join(done.stdout.split())[-300:]}")
    return done.stdout if done.returncode else ""


@contextmanager
def _stand_in() -> Iterator[tuple[int, list[str]]]:
    """A server that knows what was read; its port, and what it was asked beside that."""
    answers, unheard = dict(heard()), list[str]()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            url = urlsplit(self.path)
            asked = Asked(self.command, url.path, url.query, body)
            answer = answers.get(asked) or Answer(501, "application/json", b"{}")
            if asked not in answers:
                unheard.append(f"{asked.method} {asked.path}")
            self.send_response(answer.status)
            self.send_header("content-type", answer.kind)
            self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server.server_address[1], unheard
        finally:
            server.shutdown()
            thread.join()
