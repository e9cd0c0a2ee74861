"""One way to call a vendor: rate, repeats, errors, lists read once, and a trace."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Literal, NoReturn, TypeAlias, TypeVar, cast
from urllib.parse import quote

import tenacity

from .. import counting
from ..errors import (
    ApiError,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    SettingsError,
    UnexpectedAnswer,
    Unreachable,
)
from ..settings import CA_FILE, MAX_WAIT, TIMEOUT
from . import heard, sent, trace
from .answers import Refusal, an_object, clean, is_id, objects, parsed, part, words
from .listings import Json, Listings
from .pacing import Budget, pause
from .retry import Failed, enough, retry_after, wait
from .transport import UNTIL, SignsIn

if TYPE_CHECKING:
    from .transport import httpx

Answer: TypeAlias = Literal["json", "text"]
Shape = TypeVar("Shape")

_PASSING = frozenset({502, 503, 504})
_NOT_IMPLEMENTED = 501
_PORTS = {"http": 80, "https": 443}
_NOTHING_IS_GONE = (
    "Nothing is known to be gone: check the ids, the base URL, and whether a proxy answers in the vendor's place."
)


class ApiClient:
    """A vendor's HTTP interface. A vendor's own client adds one method for each operation.

    Safe to use from many threads.
    """

    vendor = ""
    """The vendor's name, as it starts every error line."""

    public: frozenset[str] = frozenset()
    """The operations that need no sign-in."""

    reads: frozenset[str] = frozenset()
    """The operations that only read, whatever their method."""

    def __init__(
        self,
        base_url: str,
        auth: SignsIn | None,
        requests_per_minute: int,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.listings = Listings()
        self.budget = Budget(self.vendor, requests_per_minute)
        self.proven = False
        """Whether a call that needs a good sign-in has been answered."""
        self.clock_ahead: float | None = None
        """By how many seconds this machine's clock is ahead of the vendor's, as its last answer says."""
        self._max_wait = MAX_WAIT.number()
        from .connection import open_http  # which loads the HTTP library: a program opens no client

        self._http = open_http(base_url, auth, transport)

    @property
    def address(self) -> str:
        """The host with its port, wherever it comes from."""
        url = self._http.base_url
        return url.netloc.decode() if url.port else f"{url.netloc.decode()}:{_PORTS.get(url.scheme, 443)}"

    def close(self) -> None:
        """Close every connection."""
        self._http.close()

    def request(
        self,
        operation: str,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        data: Mapping[str, str] | None = None,
        files: Mapping[str, Any] | None = None,
        repeatable: bool | None = None,
        answer: Answer = "json",
    ) -> Any:
        """Make one call, and return its JSON (``None`` for an empty answer) or its text.

        Repeated, within ``VOICE_ROUTING_MAX_WAIT_SECONDS``: 429 always, after ``Retry-After`` or with growing, random
        waits; no connection, a few times; 502, 503, 504 and lost answers a few times, when the call is repeatable.
        GET, PUT and DELETE are; a POST is when its caller says so. A POST that is not and whose outcome is unknown
        raises :class:`OutcomeUnknown`: its caller looks for the object before it tries again.
        """
        call = f"{operation} {method} {path}"
        repeats = method != "POST" if repeatable is None else repeatable
        deadline = time.monotonic() + self._max_wait
        tries = tenacity.Retrying(
            retry=tenacity.retry_if_exception(lambda error: isinstance(error, Failed) and error.again(repeats)),
            stop=lambda state: enough(state, deadline),
            wait=wait,
            sleep=lambda seconds: pause(seconds, f"{self.vendor}: {operation} is repeated"),
            reraise=True,
        )

        def send() -> Any:
            if not self.rate(operation).take(deadline):
                message = f"not sent: the {self.rate(operation).limit} calls a minute that are allowed are used up"
                raise RateLimited(self.vendor, call, RateLimited.status, message=message)
            request = self._http.build_request(
                method,
                path,
                params=params,
                json=json,
                data=data,
                files=files,
                headers={"Accept": "*/*"} if answer == "text" else None,
                extensions={UNTIL: max(deadline, time.monotonic() + TIMEOUT.number())},
            )
            return self._sent(operation, call, request, answer)

        try:
            return tries(send)
        except Failed as failed:
            if failed.untouched or repeats:
                raise failed.error from None
            raise OutcomeUnknown(f"{failed.error} It may or may not have taken effect.") from None

    def _sent(self, operation: str, call: str, request: httpx.Request, answer: Answer) -> Any:
        from .transport import httpx

        started = time.monotonic()
        response: httpx.Response | None = None
        problem = ""
        never = False
        try:
            response = self._http.send(request)
            self.clock_ahead = _clock_ahead(response)
            self.heard(operation, response)
            said = self._read(call, response, answer)
            self.proven = self.proven or operation not in self.public
            return said
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
            problem = str(error) or type(error).__name__
            never = True
            self._no_connection(call, problem)
        except (httpx.HTTPError, httpx.StreamError) as error:
            problem = str(error) or type(error).__name__
            lost = UnexpectedAnswer(f"{self.vendor}: {call}: no answer ({clean(problem, 300)}).")
            raise Failed(lost, passing=True) from None
        finally:
            signs_in = self._http.auth is None
            if not (never or signs_in or operation in self.reads):
                sent.note(request.method, None if response is None else response.status_code)
            trace.record(call, request, response, time.monotonic() - started, problem)
            heard.note(operation, request, response)
            counting.answered()

    def _read(self, call: str, response: httpx.Response, answer: Answer) -> Any:
        if not response.is_success:
            self._refused(call, response)
        if answer == "text":
            return response.text
        if not response.content.strip():
            return None
        try:
            return parsed(response.content)
        except ValueError:
            kind = clean(response.headers.get("content-type", "something").split(";")[0], 100)
            broken = UnexpectedAnswer(
                f"{self.vendor}: {call}: {response.status_code} with {kind} that is not JSON. "
                "Check the base URL, and whether a proxy answers in the vendor's place."
            )
            raise Failed(broken) from None

    def _refused(self, call: str, response: httpx.Response) -> NoReturn:
        status = response.status_code
        if response.is_redirect:
            raise UnexpectedAnswer(
                f"{self.vendor}: {call}: {status} sends us elsewhere, which no call follows. Check the base URL."
            )
        body, said = self._read_refusal(response)
        kind = ApiError.of(status)
        if self.is_missing(status, body, said):
            kind = NotFound
        elif kind is NotFound:  # a gateway's, or of a call that this server does not know
            kind, said = ApiError, replace(said, advice=said.advice or _NOTHING_IS_GONE)
        error = kind(
            self.vendor,
            call,
            status,
            clean(said.code, 100),
            clean(said.message, 500) or clean(response.reason_phrase, 100),
            clean(response.headers.get("x-request-id", ""), 100),
            said.advice,
        )
        if isinstance(error, RateLimited):
            raise Failed(error, untouched=True, passing=True, wait_at_least=retry_after(response))
        if status >= 500 and status != _NOT_IMPLEMENTED:
            raise Failed(error, passing=status in _PASSING, wait_at_least=retry_after(response))
        raise error

    def _read_refusal(self, response: httpx.Response) -> tuple[Json, Refusal]:
        body: Any
        try:
            body = parsed(response.content)
        except ValueError:
            # An expired token is answered in plain text, and a proxy in HTML.
            html = "html" in response.headers.get("content-type", "")
            body = "a page of HTML, perhaps from a proxy" if html else response.text
        fields = part(body)
        return fields, self.read_refusal(fields, words(body))

    def rate(self, operation: str) -> Budget:
        """The rate that an operation counts against; a vendor may have several."""
        return self.budget

    def budgets(self) -> list[Budget]:
        """Every rate that calls count against."""
        return [self.budget]

    def heard(self, operation: str, response: httpx.Response) -> None:
        """Called with every answer, for vendors whose answers tell their rates."""

    def read_refusal(self, body: Json, text: str) -> Refusal:
        """What an error answer says: an object, or else a text. A vendor's client reads the vendor's own fields."""
        return Refusal(message=text)

    def is_missing(self, status: int, body: Json, said: Refusal) -> bool:
        """Whether the vendor itself says that there is no such object: only that is :class:`NotFound`.

        Gateways, wrong addresses and sign-ins answer 404 too, and then nothing is gone.
        """
        return False

    def _no_connection(self, call: str, problem: str) -> NoReturn:
        said = clean(problem, 300)
        if "CERTIFICATE_VERIFY_FAILED" in said:
            raise SettingsError(
                f"{self.vendor}: {call}: the server's certificate is not trusted. "
                f"If it is your own, name its authority in {CA_FILE.variable}. ({said})"
            ) from None
        unreachable = Unreachable(
            f"{self.vendor}: {call}: cannot connect to {self.address} ({said}). "
            "Check the base URL, the network and the proxy settings; nothing was sent."
        )
        raise Failed(unreachable, untouched=True, passing=True) from None

    # Collections. Their lists are read once for the whole process, and kept in step with what it writes itself. What an
    # answer holds is not looked at, but for the id: its shape is the one that the calling method says it has.

    def _list(
        self, operation: str, path: str, id_field: str | None = None, params: Mapping[str, Any] | None = None
    ) -> list[Any]:
        def fetch() -> list[Json]:
            return objects(self.request(operation, "GET", path, params=params), self.vendor, operation, id_field)

        return fetch() if params else self.listings.get(path, fetch)

    def _create(self, operation: str, path: str, id_field: str, body: Any, **options: Any) -> Any | None:
        """``None`` when the vendor said yes without showing the object."""
        made = self._written(path, operation, "POST", options.pop("at", path), json=body, **options)
        made = _as_written(id_field, made, body)
        return made if self._entered(path, id_field, made) else None

    def _replace(self, operation: str, path: str, id_: str, id_field: str, body: Json, **options: Any) -> Shape:  # type: ignore[type-var]
        answer = self._written(path, operation, "PUT", below(path, id_), json=body, **options)
        answer = _as_written(id_field, answer, body)
        return cast(Shape, answer if self._entered(path, id_field, answer) else body)

    def _delete(self, operation: str, path: str, id_: str, id_field: str) -> None:
        self._written(path, operation, "DELETE", below(path, id_))
        self.listings.take_out(path, id_field, id_)

    def _get(self, operation: str, path: str, id_field: str | None = None) -> Shape:  # type: ignore[type-var]
        return self._one(self.request(operation, "GET", path), operation, id_field)

    def _one(self, answer: Any, operation: str, id_field: str | None = None) -> Shape:  # type: ignore[type-var]
        found = an_object(answer, self.vendor, operation)
        if id_field is not None and not is_id(found.get(id_field)):
            raise UnexpectedAnswer(f"{self.vendor}: {operation}: an object with {id_field} was expected.")
        return cast(Shape, found)

    def _entered(self, path: str, id_field: str, answer: Any) -> bool:
        """Whether a write was answered with the object, which then stands in its list."""
        if isinstance(answer, dict) and is_id(answer.get(id_field)):
            self.listings.put(path, id_field, answer)
            return True
        self.listings.drop(path)
        return False

    def _written(self, collection: str, operation: str, method: str, path: str, **options: Any) -> Any:
        try:
            return self.request(operation, method, path, **options)
        except BaseException:
            self.listings.drop(collection)
            raise

    @contextmanager
    def _read_anew(self, *lists: str) -> Iterator[None]:
        """What a write in here changes beside its own list: whatever comes of it, these are read anew after it."""
        try:
            yield
        finally:
            for one in lists:
                self.listings.drop(one)


def _as_written(id_field: str, answer: Any, sent: Json | None) -> Any:
    """The object that a write has brought about.

    An answer that shows little more of it than its id stands for what was sent, and for nothing where nothing was.
    """
    if not (isinstance(answer, dict) and is_id(answer.get(id_field))):
        return answer
    if sent is None:
        return answer if answer.keys() > {id_field} else None
    told = {name for name, value in sent.items() if value not in (None, "", [], {})} - {id_field}
    return answer if 2 * len(told & answer.keys()) > len(told) else {**sent, **answer}


def _clock_ahead(response: httpx.Response) -> float | None:
    try:
        then = parsedate_to_datetime(response.headers["date"])
        return time.time() - then.timestamp()
    except (LookupError, OverflowError, TypeError, ValueError):
        return None


def below(path: str, *steps: str) -> str:
    """The path of something under another path, its ids escaped."""
    return "/".join([path, *(quote(step, safe="") for step in steps)])


__all__ = ["Answer", "ApiClient", "below"]
