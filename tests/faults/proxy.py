"""A proxy between the provider and the vendors that does to requests and answers what networks and vendors do.

What happens to a request is drawn from the seed, the request, and how often it came before; not from the order in
which threads happen to arrive. A seed thus replays, and the log of a failed one says in a line each what was done.

One case is left out: a create that the network delivers twice. Most vendors here make two objects of it, tell nobody,
and take no key that would let them know. What :data:`REFUSED_TWICE` lists is delivered twice all the same.
"""

from __future__ import annotations

import contextlib
import random
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from email.utils import formatdate
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import urlsplit

SLOW_SECONDS = 0.3
"""How much later a slow answer comes; less than the provider's patience."""
WAIT_SECONDS = 1
"""How long an answer asks to wait."""

REFUSED_TWICE = (
    "export",
    "import",
    "search",
    "searchDnis",
    "validateDnis",
    "dnisPool",
    "assignedDestinations",
    "dnisOverrides",
    "tracNumbers",
    "httpServices",
    "accesstoken",
    "token",
    "sign_in",
)
"""The last step of those POST calls which do no harm the second time, or are refused."""

Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Sent:
    """A request as it came."""

    method: str
    target: str
    headers: Headers
    body: bytes

    @property
    def path(self) -> str:
        """Without the query."""
        return self.target.partition("?")[0]

    @property
    def token(self) -> str:
        """The bearer token that it carries."""
        value = next((value for name, value in self.headers if name.lower() == "authorization"), "")
        return value.removeprefix("Bearer ") if value.startswith("Bearer ") else ""

    @property
    def of_ringex(self) -> bool:
        """Whether it is for the vendor that has penalties."""
        return self.path.startswith("/restapi/")

    @property
    def harmless_twice(self) -> bool:
        """Whether the vendor may get it twice."""
        return self.method != "POST" or self.path.rpartition("/")[2] in REFUSED_TWICE


@dataclass(frozen=True)
class Answer:
    """What goes back."""

    status: int
    headers: Headers
    body: bytes


@dataclass(frozen=True)
class Injected:
    """One line of the log."""

    place: int
    """How many requests came before."""
    call: str
    nth: int
    fault: str

    def __str__(self) -> str:
        return f"{self.place}: {self.call} (no. {self.nth}): {self.fault}"


class Gone(Exception):
    """There will be no answer, or no more of it."""


class Proxy:
    """Stands on 127.0.0.1 until :meth:`stop`; without :meth:`storm` it only passes on."""

    def __init__(
        self,
        upstream: str,
        wrote: Callable[[str], None] = lambda call: None,
        heard: Callable[[int], None] = lambda status: None,
    ) -> None:
        """``wrote`` is called after each request that may have changed something, before anything else happens.

        ``heard`` is called with the status of every answer of the vendor's own.
        """
        address = urlsplit(upstream)
        self._upstream = (address.hostname or "", address.port or 0)
        self._wrote, self._heard = wrote, heard
        self._lock = threading.Lock()
        self._one_write = threading.Lock()
        self._hooks: dict[int, Callable[[], object]] = {}
        self.calls: list[str] = []
        """Every request so far."""
        self.log: list[Injected] = []
        """Everything that was done to requests so far."""
        self._server = _Server(self)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self.calm()
        self._thread.start()

    def stop(self) -> None:
        """Stand no longer."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def storm(self, seed: str, rate: float, *, skew_seconds: float = 0, faults: Sequence[str] | None = None) -> None:
        """From now on let something happen to this share of the requests, and have the vendor's clock go wrong."""
        with self._lock:
            self._rate, self._seed, self._skew = rate, seed, skew_seconds
            self._faults = (*FAULTS, *OFTEN) if faults is None else faults
            self._counts: Counter[str] = Counter()
            self._dead: set[str] = set()
            self._silent_until = 0.0

    def calm(self) -> None:
        """Only pass on."""
        self.storm("", 0)

    def before(self, place: int, act: Callable[[], object]) -> None:
        """Do something right before the vendor gets a request to come; the next one is 0."""
        with self._lock:
            self._hooks[len(self.calls) + place] = act

    def never_mind(self) -> None:
        """Do nothing of what was to be done at requests to come."""
        with self._lock:
            self._hooks.clear()

    # One request

    def answer(self, sent: Sent, hang_up: Callable[[], None]) -> Answer:
        """The answer to a request. Raises :class:`Gone`; ``hang_up`` returns when the client has given up."""
        fault, dice = self._drawn(sent)
        if fault is None:
            return self._honest(sent)
        return FAULTS[fault](_Exchange(self, sent, dice, hang_up))

    def _drawn(self, sent: Sent) -> tuple[str | None, random.Random]:
        with self._lock:
            call = f"{sent.method} {sent.path}"
            place, nth = len(self.calls), self._counts[call] + 1
            self.calls.append(call)
            self._counts[call] = nth
            hook = self._hooks.pop(place, None)
        if hook is not None:
            hook()
        dice = random.Random(f"{self._seed} {call} {nth}")
        if dice.random() >= self._rate:
            return None, dice
        fault = dice.choice([name for name in self._faults if _fits(name, sent)])
        with self._lock:
            self.log.append(Injected(place, call, nth, fault))
        return fault, dice

    def _honest(self, sent: Sent) -> Answer:
        """The vendor's own answer, unless the token is dead or a penalty runs."""
        if sent.token in self._dead:
            return _plain(401, "Jwt is expired")
        with self._lock:
            penalty = sent.of_ringex and time.monotonic() < self._silent_until
        return self.penalty() if penalty else self.forward(sent)

    def forward(self, sent: Sent) -> Answer:
        """Let the vendor act. Writes go one by one, so that every state between them is seen."""
        if sent.method == "GET":
            return self._ask(sent)
        with self._one_write:
            try:
                return self._ask(sent)
            finally:
                self._wrote(f"{sent.method} {sent.path}")

    def kill(self, token: str) -> None:
        """The vendor knows this token no longer."""
        with self._lock:
            self._dead.add(token)

    def penalty(self) -> Answer:
        """429 as RingEX says it: each call in the penalty starts it anew."""
        with self._lock:
            self._silent_until = time.monotonic() + WAIT_SECONDS
        rate = [("X-Rate-Limit-Group", "light"), ("X-Rate-Limit-Remaining", "0"), ("X-Rate-Limit-Window", "60")]
        return _plain(429, "Too many", [*rate, ("Retry-After", str(WAIT_SECONDS))])

    def dated(self, seconds: float = 0) -> str:
        """A moment in the vendor's clock."""
        return formatdate(time.time() + self._skew + seconds, usegmt=True)

    def _ask(self, sent: Sent) -> Answer:
        connection = HTTPConnection(*self._upstream, timeout=60)
        try:
            connection.putrequest(sent.method, sent.target, skip_host=True, skip_accept_encoding=True)
            for name, value in sent.headers:
                connection.putheader(name, value)
            connection.endheaders(sent.body)
            response = connection.getresponse()
            body = response.read()
            kept = [(name, value) for name, value in response.getheaders() if name.lower() not in _OWN_HEADERS]
            self._heard(response.status)
            return Answer(response.status, kept, body)
        finally:
            connection.close()


_OWN_HEADERS = frozenset({"date", "content-length", "transfer-encoding", "connection"})


@dataclass(frozen=True)
class _Exchange:
    """What a fault works with."""

    proxy: Proxy
    sent: Sent
    dice: random.Random
    hang_up: Callable[[], None]

    def act(self) -> Answer:
        """Let the vendor act."""
        return self.proxy._honest(self.sent)


def _plain(status: int, text: str, headers: Headers | None = None) -> Answer:
    return Answer(status, [("Content-Type", "text/plain"), *(headers or [])], text.encode())


def _html(status: int) -> Answer:
    page = f"<html><head><title>{status}</title></head><body><h1>Gateway</h1></body></html>"
    return Answer(status, [("Content-Type", "text/html")], page.encode())


# The faults. Each is a function of the exchange, and its docstring is what the log would say at greater length.


def reset(_: _Exchange) -> Answer:
    """The connection is reset before the vendor sees anything."""
    raise Gone


def reset_after(exchange: _Exchange) -> Answer:
    """The vendor acts, and the connection is reset."""
    exchange.act()
    raise Gone


def timeout(exchange: _Exchange) -> Answer:
    """The request is lost on the way, and nobody says so."""
    exchange.hang_up()
    raise Gone


def timeout_after(exchange: _Exchange) -> Answer:
    """The vendor acts, and its answer is lost on the way."""
    exchange.act()
    exchange.hang_up()
    raise Gone


def late(exchange: _Exchange) -> Answer:
    """The vendor acts when the client has just given up."""
    exchange.hang_up()
    exchange.act()
    raise Gone


def truncated(exchange: _Exchange) -> Answer:
    """Half the answer comes, and then the end of the connection."""
    answer = exchange.act()
    return replace(answer, headers=[*answer.headers, (_CUT_AT, str(len(answer.body) // 2))])


def cut(exchange: _Exchange) -> Answer:
    """Half the answer comes, and pretends to be all of it."""
    answer = exchange.act()
    return replace(answer, body=answer.body[: len(answer.body) // 2])


def html(_: _Exchange) -> Answer:
    """A gateway fails in the vendor's place."""
    return _html(502)


def html_welcome(_: _Exchange) -> Answer:
    """Something on the way shows a page of its own, with success."""
    return _html(200)


def html_welcome_after(exchange: _Exchange) -> Answer:
    """The vendor acts, and something on the way shows a page of its own, with success."""
    exchange.act()
    return _html(200)


def unauthorized(_: _Exchange) -> Answer:
    """The token is refused, once."""
    return _plain(401, "Jwt is expired")


def token_death(exchange: _Exchange) -> Answer:
    """The token is refused from now on."""
    exchange.proxy.kill(exchange.sent.token)
    return _plain(401, "Jwt verification fails")


def too_many(_: _Exchange) -> Answer:
    """429 that does not say for how long."""
    return _plain(429, "Too many requests")


def too_many_seconds(_: _Exchange) -> Answer:
    """429 for a second."""
    return _plain(429, "Too many requests", [("Retry-After", str(WAIT_SECONDS))])


def too_many_until(exchange: _Exchange) -> Answer:
    """429 until a time of the vendor's clock, which may go wrong."""
    return _plain(429, "Too many requests", [("Retry-After", exchange.proxy.dated(WAIT_SECONDS))])


def penalty(exchange: _Exchange) -> Answer:
    """429 with RingEX's penalty."""
    return exchange.proxy.penalty()


def failure(exchange: _Exchange) -> Answer:
    """500, 502, 503 or 504 before the vendor acts."""
    return _plain(exchange.dice.choice((500, 502, 503, 504, 502, 503, 504)), "It failed")


def failure_after(exchange: _Exchange) -> Answer:
    """500, 502, 503 or 504 although the vendor acts."""
    exchange.act()
    return failure(exchange)


def twice(exchange: _Exchange) -> Answer:
    """The network delivers the request twice. The second answer comes back, or the first one of a POST."""
    first = exchange.act()
    second = exchange.act()
    return first if exchange.sent.method == "POST" else second


def slow(exchange: _Exchange) -> Answer:
    """The answer takes its time."""
    answer = exchange.act()
    time.sleep(SLOW_SECONDS)
    return answer


FAULTS: dict[str, Callable[[_Exchange], Answer]] = {
    fault.__name__: fault
    for fault in (
        *(reset, reset_after, timeout, timeout_after, late),
        *(truncated, cut, html, html_welcome, html_welcome_after),
        *(unauthorized, token_death),
        *(too_many, too_many_seconds, too_many_until, penalty),
        *(failure, failure_after, twice, slow),
    )
}


OFTEN = tuple(name for name in FAULTS if name not in ("cut", "html_welcome", "html_welcome_after")) * 3
"""Those that come four times as often as the others, which end a run at once."""


def _fits(fault: str, sent: Sent) -> bool:
    match fault:
        case "token_death":
            return bool(sent.token)
        case "penalty":
            return sent.of_ringex
        case "twice":
            return sent.harmless_twice
    return True


# The network

_CUT_AT = "X-Cut-At"
"""The length of the body that is sent of a truncated answer; it never leaves the proxy."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, proxy: Proxy) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.proxy = proxy

    def shutdown_request(self, request: Any) -> None:
        self.close_request(request)  # without the polite goodbye that a reset has not

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients come and go."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    @property
    def _proxy(self) -> Proxy:
        return cast("_Server", self.server).proxy

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        sent = Sent(self.command, self.path, list(self.headers.items()), body)
        try:
            self._send(self._proxy.answer(sent, self._hang_up))
        except Gone:
            self._reset()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve

    def _send(self, answer: Answer) -> None:
        cut_at = next((int(value) for name, value in answer.headers if name == _CUT_AT), None)
        self.send_response_only(answer.status)
        for name, value in answer.headers:
            if name != _CUT_AT:
                self.send_header(name, value)
        self.send_header("Date", self._proxy.dated())
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body[:cut_at])
        self.close_connection = cut_at is not None

    def _hang_up(self) -> None:
        with contextlib.suppress(OSError):
            while self.connection.recv(1024):
                pass

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """The proxy keeps a log of its own."""


@contextlib.contextmanager
def standing(upstream: str, *heard: Callable[..., None]) -> Iterator[Proxy]:
    """A proxy for as long as the block runs; told of writes and answers as :class:`Proxy` says."""
    proxy = Proxy(upstream, *heard)
    try:
        yield proxy
    finally:
        proxy.stop()
