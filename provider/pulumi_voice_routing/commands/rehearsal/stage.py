"""The emulator as a process of its own, in which an account is played."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.error import HTTPError, URLError

from ... import registry
from ...client.heard import Answer, Asked
from ...errors import VoiceRoutingError, one_line

TOKEN = "emulator-token"  # noqa: S105 - the one that every emulator takes
_LONGEST_SECONDS = 300.0
_OWNERS = {
    "queue": ("GateSkinnyAssignable", "gateId", "gateName"),
    "Visual IVR": ("VisualIvrSkinny", "visualIvrId", "visualIvrName"),
}
"""Where the emulator keeps what answers numbers and no resource declares, by what approvals call it."""


class Change(NamedTuple):
    """A record that a request has changed, as the emulator tells it."""

    kind: str
    id: Any
    words: frozenset[str]
    """The texts and numbers in it, before and after."""
    gone: bool
    """Whether there is no such record any more."""


class Moment(NamedTuple):
    """One request, as the emulator saw it."""

    number: int
    """Its place among all requests, from 1."""
    vendor: str
    operation: str
    group: str
    """The vendor's limit that it counts for."""
    method: str
    path: str
    status: int
    changes: tuple[Change, ...]

    @property
    def name(self) -> str:
        """``CR-06 PUT .../cloudRouteDestinations/1001``."""
        steps = self.path.split("/")
        return f"{self.operation} {self.method} {'/'.join(['...', *steps[-3:]] if len(steps) > 5 else steps)}"


class Stage:
    """A running emulator."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.port = int(url.rpartition(":")[2])
        self._open = urllib.request.build_opener(urllib.request.ProxyHandler({})).open

    def take(self, answers: dict[Asked, Answer]) -> list[str]:
        """Hold the account that these answers tell of; says what of it had to be left out."""
        told = [
            {
                "method": asked.method,
                "path": asked.path,
                "query": asked.query,
                "sent": asked.body.decode(errors="replace"),
                "status": answer.status,
                "answer": answer.body.decode(errors="replace"),
            }
            for asked, answer in answers.items()
        ]
        return list(self._control("PUT", "heard", told)["left_out"])

    def assume(self, owners: Iterable[tuple[str, str]]) -> list[str]:
        """Hold queues and Visual IVRs with these ids as well; says which were not there."""
        state, added = self.state(), list[str]()
        for called, id_ in sorted(owners):
            kind, id_field, name = _OWNERS.get(called, ("", "", ""))
            records = state["objects"].get(kind)
            if records is None or not id_.isdigit() or any(str(one[id_field]) == id_ for one in records):
                continue
            accounts = [one["accountId"] for one in state["objects"]["Account"]]
            records.append({id_field: int(id_), name: f"{called} {id_}", "accountId": accounts[0]})
            added.append(f"{called} {id_}")
        if added:
            self._control("PUT", "state", state)
        return added

    def state(self) -> Any:
        """Everything that it holds."""
        return self._control("GET", "state")

    def begin(self, state: Any = None) -> None:
        """Keep every request from now on; with a state, from that."""
        if state is not None:
            self._control("PUT", "state", state)
        self._control("POST", "timeline", {"begin": True})

    def end(self) -> list[Moment]:
        """Keep no more; the requests that were kept."""
        self._control("POST", "timeline", {"end": True})
        return [
            Moment(**{**one, "changes": tuple(_change(it) for it in one["changes"])})
            for one in self._control("GET", "timeline")
        ]

    def go_to(self, number: int) -> None:
        """Hold what was there after so many requests."""
        self._control("POST", "timeline", {"at": number})

    def stop_after(self, requests: int | None) -> None:
        """Refuse everything after so many requests, or nothing any more."""
        rule = {"fault": "status", "code": 403, "after": requests, "times": 1_000_000_000}
        self._control("POST", "faults", {"clear": True, "rules": [] if requests is None else [rule]})

    def _control(self, method: str, what: str, body: Any = None) -> Any:
        sent = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310 - its own server
            f"{self.url}/_emulator/{what}", sent, {"content-type": "application/json"}, method=method
        )
        try:
            with self._open(request, timeout=_LONGEST_SECONDS) as answer:
                return json.load(answer)
        except HTTPError as error:
            said = one_line(error.read().decode(errors="replace"))[:300]
            raise VoiceRoutingError(f"the emulator refuses {what}: {said}") from None
        except (OSError, URLError, ValueError) as error:
            raise VoiceRoutingError(f"the emulator does not answer: {one_line(str(error))[:200]}") from None


def _change(told: dict[str, Any]) -> Change:
    return Change(**{**told, "words": frozenset(told["words"])})


@contextmanager
def stage() -> Iterator[Stage]:
    """A new one, which ends with the block."""
    words: Sequence[str] = (
        sys.executable,
        "-m",
        f"{registry.__package__}.emulator",
        "--port",
        "0",
        "--no-rate-limits",
        "--until-eof",
    )
    process = subprocess.Popen(  # noqa: S603 - this package's own emulator
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        ready = process.stdout.readline()
        if not ready.startswith("listening on "):
            raise VoiceRoutingError(
                "a rehearsal needs the emulator, which does not start; run: "
                "pip install 'pulumi-voice-routing[emulator]'"
            )
        yield Stage(ready.split()[-1])
    finally:
        process.terminate()
        process.communicate()
