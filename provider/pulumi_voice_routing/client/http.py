"""One way to call a vendor: rate, repeats, errors, lists read once, and a trace."""

from __future__ import annotations

import json as jsonlib
import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from typing import Any, Literal, NoReturn, TypeAlias
from urllib.parse import quote

import httpx
import tenacity

from ..errors import (
    ApiError,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    SettingsError,
    UnexpectedAnswer,
    Unreachable,
    VoiceRoutingError,
    one_line,
)
from ..masking import masked
from ..settings import CA_FILE, MAX_WAIT, TIMEOUT
from . import trace
from .listings import Json, Listings
from .pacing import Budget, pause

Answer: TypeAlias = Literal["json", "text"]

_NOTHING_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_PASSING = frozenset({502, 503, 504})
_NOT_IMPLEMENTED = 501
_MOST_TRIES = 5
_LONGEST_READ = 20_000
_LONGEST_CONNECT = 10
_UNTIL = "voice-routing-until"
_NOTHING_IS_GONE = (
    "Nothing is known to be gone: check the ids, the base URL, and whether a proxy answers in the vendor's place."
)
_backoff = tenacity.wait_random_exponential(multiplier=0.5, max=30)


@dataclass(frozen=True)
class Refusal:
    """What an error answer says, in the vendor's own words."""

    code: str = ""
    message: str = ""
    advice: str = ""
    """What to do about it, when the vendor's client knows better than the error's class."""


class ApiClient:
    """A vendor's HTTP interface. A vendor's own client adds one method for each operation.

    Safe to use from many threads.
    """

    vendor = ""
    """The vendor's name, as it starts every error line."""

    def __init__(
        self,
        base_url: str,
        auth: httpx.Auth | None,
        requests_per_minute: int,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.listings = Listings()
        self.budget = Budget(self.vendor, requests_per_minute)
        self._max_wait = MAX_WAIT.number()
        self._http = open_http(base_url, auth, transport)

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
            retry=tenacity.retry_if_exception(lambda error: isinstance(error, _Failed) and error.again(repeats)),
            stop=lambda state: _enough(state, deadline),
            wait=_wait,
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
                extensions={_UNTIL: max(deadline, time.monotonic() + TIMEOUT.number())},
            )
            return self._sent(operation, call, request, answer)

        try:
            return tries(send)
        except _Failed as failed:
            if failed.untouched or repeats:
                raise failed.error from None
            raise OutcomeUnknown(f"{failed.error} It may or may not have taken effect.") from None

    def _sent(self, operation: str, call: str, request: httpx.Request, answer: Answer) -> Any:
        started = time.monotonic()
        response: httpx.Response | None = None
        problem = ""
        try:
            response = self._http.send(request)
            self.heard(operation, response)
            return self._read(call, response, answer)
        except _NOTHING_SENT as error:
            problem = str(error) or type(error).__name__
            self._no_connection(call, problem)
        except (httpx.HTTPError, httpx.StreamError) as error:
            problem = str(error) or type(error).__name__
            lost = UnexpectedAnswer(f"{self.vendor}: {call}: no answer ({_clean(problem, 300)}).")
            raise _Failed(lost, passing=True) from None
        finally:
            trace.record(call, request, response, time.monotonic() - started, problem)

    def _read(self, call: str, response: httpx.Response, answer: Answer) -> Any:
        if not response.is_success:
            self._refused(call, response)
        if answer == "text":
            return response.text
        if not response.content.strip():
            return None
        try:
            return _parsed(response)
        except ValueError:
            kind = _clean(response.headers.get("content-type", "something").split(";")[0], 100)
            broken = UnexpectedAnswer(
                f"{self.vendor}: {call}: {response.status_code} with {kind} that is not JSON. "
                "Check the base URL, and whether a proxy answers in the vendor's place."
            )
            raise _Failed(broken) from None

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
            _clean(said.code, 100),
            _clean(said.message, 500) or _clean(response.reason_phrase, 100),
            _clean(response.headers.get("x-request-id", ""), 100),
            said.advice,
        )
        if isinstance(error, RateLimited):
            raise _Failed(error, untouched=True, passing=True, wait_at_least=retry_after(response))
        if status >= 500 and status != _NOT_IMPLEMENTED:
            raise _Failed(error, passing=status in _PASSING, wait_at_least=retry_after(response))
        raise error

    def _read_refusal(self, response: httpx.Response) -> tuple[Json, Refusal]:
        try:
            body = _parsed(response)
        except ValueError:
            # An expired token is answered in plain text, and a proxy in HTML.
            html = "html" in response.headers.get("content-type", "")
            body = "a page of HTML, perhaps from a proxy" if html else response.text
        fields = part(body)
        return fields, self.read_refusal(fields, words(body))

    def rate(self, operation: str) -> Budget:
        """The rate that an operation counts against; a vendor may have several."""
        return self.budget

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
        said = _clean(problem, 300)
        if "CERTIFICATE_VERIFY_FAILED" in said:
            raise SettingsError(
                f"{self.vendor}: {call}: the server's certificate is not trusted. "
                f"If it is your own, name its authority in {CA_FILE.variable}. ({said})"
            ) from None
        unreachable = Unreachable(
            f"{self.vendor}: {call}: cannot connect to {self._http.base_url.host} ({said}). "
            "Check the base URL, the network and the proxy settings; nothing was sent."
        )
        raise _Failed(unreachable, untouched=True, passing=True) from None

    # Collections. Their lists are read once for the whole process, and kept in step with what it writes itself.

    def _list(self, operation: str, path: str, id_field: str | None = None) -> list[Json]:
        def fetch() -> list[Json]:
            return objects(self.request(operation, "GET", path), self.vendor, operation, id_field)

        return self.listings.get(path, fetch)

    def _create(self, operation: str, path: str, id_field: str, body: Any, **options: Any) -> Json | None:
        """``None`` when the vendor said yes without showing the object."""
        made = self._written(path, operation, "POST", options.pop("at", path), json=body, **options)
        return made if self._entered(path, id_field, made) else None

    def _replace(self, operation: str, path: str, id_: str, id_field: str, body: Json, **options: Any) -> Json:
        answer = self._written(path, operation, "PUT", below(path, id_), json=body, **options)
        return answer if self._entered(path, id_field, answer) else body

    def _delete(self, operation: str, path: str, id_: str) -> None:
        self._written(path, operation, "DELETE", below(path, id_))
        self.listings.drop(path)

    def _get(self, operation: str, path: str, id_field: str | None = None) -> Json:
        found = an_object(self.request(operation, "GET", path), self.vendor, operation)
        if id_field is not None and not is_id(found.get(id_field)):
            raise UnexpectedAnswer(f"{self.vendor}: {operation}: an object with {id_field} was expected.")
        return found

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


def open_http(base_url: str, auth: httpx.Auth | None, transport: httpx.BaseTransport | None = None) -> httpx.Client:
    """An HTTP client with this package's rules for certificates, proxies and time."""
    timeout = TIMEOUT.number()
    return httpx.Client(
        base_url=base_url,
        auth=auth,
        timeout=httpx.Timeout(timeout, connect=min(timeout, _LONGEST_CONNECT)),
        limits=httpx.Limits(max_connections=32, max_keepalive_connections=32),
        verify=_certificates(),
        headers={"Accept": "application/json", "User-Agent": "pulumi-voice-routing"},
        transport=transport,
        event_hooks={"response": [_bound]},
    )


class _Bounded(httpx.SyncByteStream):
    """An answer's bytes until a time of ``time.monotonic``: the timeout itself counts from one byte to the next."""

    def __init__(self, stream: httpx.SyncByteStream, until: float) -> None:
        self._stream, self._until = stream, until

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._stream:
            if time.monotonic() > self._until:
                raise httpx.ReadTimeout("the answer did not end in time")
            yield chunk

    def close(self) -> None:
        self._stream.close()


def _bound(response: httpx.Response) -> None:
    until = response.request.extensions.get(_UNTIL)
    if until is not None and isinstance(response.stream, httpx.SyncByteStream):
        response.stream = _Bounded(response.stream, until)


def an_object(answer: Any, vendor: str, operation: str) -> Json:
    """The answer as one object. Raises :class:`UnexpectedAnswer`."""
    if not isinstance(answer, dict):
        raise UnexpectedAnswer(f"{vendor}: {operation}: an object was expected, not {_kind(answer)}.")
    return answer


def objects(answer: Any, vendor: str, operation: str, id_field: str | None = None) -> list[Json]:
    """The answer as a list of objects, each with an id. Raises :class:`UnexpectedAnswer`."""
    if not isinstance(answer, list) or not all(isinstance(item, dict) for item in answer):
        raise UnexpectedAnswer(f"{vendor}: {operation}: a list of objects was expected, not {_kind(answer)}.")
    if id_field is not None and not all(is_id(item.get(id_field)) for item in answer):
        raise UnexpectedAnswer(f"{vendor}: {operation}: a list of objects with {id_field} was expected.")
    return answer


def part(value: Any) -> Json:
    """An object inside an answer; an empty one where the vendor has something else, or nothing."""
    return value if isinstance(value, dict) else {}


def parts(value: Any) -> list[Json]:
    """The objects of a list inside an answer, without whatever else is in it."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def another(page: list[Json], before: list[Json], vendor: str, operation: str) -> list[Json]:
    """A page of a list that goes on. Raises :class:`UnexpectedAnswer` when it is the one before, as if without end."""
    if page and page == before:
        raise UnexpectedAnswer(f"{vendor}: {operation}: the same page of the list came twice. Run again.")
    return page


def below(path: str, *steps: str) -> str:
    """The path of something under another path, its ids escaped."""
    return "/".join([path, *(quote(step, safe="") for step in steps)])


def words(value: Any) -> str:
    """What a vendor says in a field that should hold text, whatever it does hold."""
    if isinstance(value, list):
        return "; ".join(filter(None, (words(one) for one in value if not isinstance(one, list))))
    return "" if value is None or isinstance(value, dict) else str(value)


def _parsed(response: httpx.Response) -> Any:
    """The answer's JSON. Raises ``ValueError`` for anything else."""
    try:
        # Left to itself, the parser would take UTF-16 and UTF-32 as well, which JSON on a network never is.
        return jsonlib.loads(response.content.decode("utf-8-sig"), parse_constant=_no_number)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def is_id(value: Any) -> bool:
    """Whether it can be a vendor's id: a text or a whole number."""
    if isinstance(value, str):
        return value != ""
    return isinstance(value, int) and not isinstance(value, bool)


def _clean(text: str, longest: int) -> str:
    """A vendor's text in a form fit for an error line; masked before it is cut, so that no half of a secret stays."""
    return masked(one_line(text[:_LONGEST_READ]))[:longest]


def _kind(answer: Any) -> str:
    return "nothing" if answer is None else f"a {type(answer).__name__}"


def _certificates() -> ssl.SSLContext | bool:
    name = CA_FILE.get()
    if name is None:
        return True
    try:
        return ssl.create_default_context(cafile=name)
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(f"{CA_FILE.variable} names {name}, which holds no usable certificates ({error})") from None


class _Failed(Exception):
    """A try that did not work out.

    ``untouched``: the vendor did nothing, so that every call may be repeated. ``passing``: another try may work.
    """

    def __init__(
        self, error: VoiceRoutingError, *, untouched: bool = False, passing: bool = False, wait_at_least: float = 0
    ) -> None:
        super().__init__(str(error))
        self.error, self.untouched, self.passing, self.wait_at_least = error, untouched, passing, wait_at_least

    def again(self, repeatable: bool) -> bool:
        return self.passing and (self.untouched or repeatable)


def _failure(state: tenacity.RetryCallState) -> _Failed | None:
    error = state.outcome.exception() if state.outcome is not None else None
    return error if isinstance(error, _Failed) else None


def _enough(state: tenacity.RetryCallState, deadline: float) -> bool:
    failed = _failure(state)
    busy = failed is not None and isinstance(failed.error, RateLimited)
    return time.monotonic() + state.upcoming_sleep > deadline or (state.attempt_number >= _MOST_TRIES and not busy)


def _wait(state: tenacity.RetryCallState) -> float:
    failed = _failure(state)
    return max(_backoff(state), failed.wait_at_least if failed is not None else 0)


def retry_after(response: httpx.Response) -> float:
    """The seconds that an answer asks to wait, in whichever form; 0 when it does not say."""
    value = response.headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    until = _moment(value)
    if until is None:
        return 0.0
    now = _moment(response.headers.get("date", ""))  # in the vendor's clock, which may not be ours
    return max(0.0, until - (time.time() if now is None else now))


def _moment(date: str) -> float | None:
    """Seconds since 1970 of an HTTP date; nothing when it is none."""
    try:
        return parsedate_to_datetime(date).timestamp()
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


__all__ = [
    "Answer",
    "ApiClient",
    "Json",
    "Refusal",
    "an_object",
    "another",
    "below",
    "is_id",
    "objects",
    "open_http",
    "part",
    "parts",
    "retry_after",
    "words",
]
