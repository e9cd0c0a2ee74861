"""One way to call a vendor: rate, repeats, errors, lists read once, and a trace."""

from __future__ import annotations

import json as jsonlib
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Literal, TypeAlias

import httpx
import tenacity

from ..errors import (
    ApiError,
    Interrupted,
    OutcomeUnknown,
    RateLimited,
    SettingsError,
    UnexpectedAnswer,
    Unreachable,
    one_line,
)
from ..settings import CA_FILE, MAX_WAIT, TIMEOUT
from . import trace
from .listings import Json, Listings
from .masking import masked
from .waits import Budget, pause

Answer: TypeAlias = Literal["json", "text"]

_NOTHING_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_TRY_AGAIN = frozenset({502, 503, 504})
_MOST_TRIES = 5
_backoff = tenacity.wait_random_exponential(multiplier=0.5, max=30)


@dataclass(frozen=True)
class Refusal:
    """What an error answer says, in the vendor's own words."""

    code: str = ""
    message: str = ""


class ApiClient:
    """A vendor's HTTP interface. A vendor's own client adds one method for each operation.

    Safe to use from many threads.
    """

    vendor = ""
    """The vendor's name, as it starts every error line."""

    def __init__(
        self,
        base_url: str,
        auth: httpx.Auth,
        requests_per_minute: int,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.listings = Listings()
        self._budget = Budget(self.vendor, requests_per_minute)
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
        waits; no connection, a few times; 502, 503, 504, lost and broken answers a few times, when the call is
        repeatable. GET, PUT and DELETE are; a POST is when its caller says so. A POST that is not and whose outcome is
        unknown raises :class:`OutcomeUnknown`: its caller looks for the object before it tries again.
        """
        call = f"{operation} {method} {path}"
        repeats = method != "POST" if repeatable is None else repeatable
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception(lambda error: _worth_repeating(error, repeats)),
            stop=self._stop,
            wait=_wait,
            sleep=lambda seconds: pause(seconds, f"{self.vendor}: {operation} is repeated"),
            reraise=True,
        )
        try:
            return retrying(self._once, call, method, path, params, json, data, files, answer)
        except _Doubtful as error:
            if not repeats:
                raise OutcomeUnknown(f"{error}. It may or may not have taken effect.") from None
            raise error.plain() from None
        except _Busy as busy:
            raise busy.error from None

    def _once(
        self,
        call: str,
        method: str,
        path: str,
        params: Mapping[str, Any] | None,
        json: Any,
        data: Mapping[str, str] | None,
        files: Mapping[str, Any] | None,
        answer: Answer,
    ) -> Any:
        self._budget.take()
        request = self._http.build_request(method, path, params=params, json=json, data=data, files=files)
        started = time.monotonic()
        response: httpx.Response | None = None
        problem = ""
        try:
            response = self._http.send(request)
            return self._read(call, response, answer)
        except _NOTHING_SENT as error:
            problem = str(error)
            raise self._unreachable(call, error) from None
        except httpx.InvalidURL as error:
            raise SettingsError(f"{self.vendor}: {error}") from None
        except httpx.TransportError as error:
            problem = str(error) or type(error).__name__
            raise _Doubtful(
                f"{self.vendor}: {call}: no answer ({masked(one_line(problem))})", UnexpectedAnswer
            ) from None
        finally:
            trace.record(call, request, response, time.monotonic() - started, problem)

    def _read(self, call: str, response: httpx.Response, answer: Answer) -> Any:
        if not response.is_success:
            raise self._refusal(call, response)
        if answer == "text":
            return response.text
        if not response.content.strip():
            return None
        try:
            return jsonlib.loads(response.content)
        except (ValueError, RecursionError):
            kind = response.headers.get("content-type", "something").split(";")[0]
            raise _Doubtful(
                f"{self.vendor}: {call}: {response.status_code} with {kind} that is not JSON. "
                "Check the base URL, and whether a proxy answers in the vendor's place",
                UnexpectedAnswer,
            ) from None

    def _refusal(self, call: str, response: httpx.Response) -> Exception:
        said = self.read_refusal(response)
        status = response.status_code
        if response.is_redirect:
            return UnexpectedAnswer(
                f"{self.vendor}: {call}: {status} sends us elsewhere, which no call follows. Check the base URL."
            )
        error = ApiError.of(status)(
            self.vendor,
            call,
            status,
            masked(one_line(said.code)),
            masked(one_line(said.message))[:500],
            response.headers.get("x-request-id", ""),
        )
        if isinstance(error, RateLimited):
            return _Busy(error, _retry_after(response))
        return _Doubtful(str(error), error) if status >= 500 else error

    def read_refusal(self, response: httpx.Response) -> Refusal:
        """What an error answer says; a vendor's client reads the vendor's own form."""
        return Refusal(message=response.reason_phrase)

    def _unreachable(self, call: str, error: Exception) -> Exception:
        said = masked(one_line(str(error)))
        if "CERTIFICATE_VERIFY_FAILED" in said:
            return SettingsError(
                f"{self.vendor}: {call}: the server's certificate is not trusted. "
                f"If it is your own, name its authority in {CA_FILE.variable}. ({said})"
            )
        return Unreachable(
            f"{self.vendor}: {call}: cannot connect to {self._http.base_url.host} ({said}). "
            "Check the base URL, the network and the proxy settings; nothing was sent."
        )

    def _stop(self, state: tenacity.RetryCallState) -> bool:
        error = _error(state)
        if isinstance(error, _Busy):
            return (state.seconds_since_start or 0) + error.wait_at_least > self._max_wait
        return state.attempt_number >= _MOST_TRIES or (state.seconds_since_start or 0) > self._max_wait

    # Collections. Their lists are read once for the whole process, and kept in step with what it writes itself.

    def _list(self, operation: str, path: str, params: Mapping[str, Any] | None = None) -> list[Json]:
        def fetch() -> list[Json]:
            return objects(self.request(operation, "GET", path, params=params), self.vendor, operation)

        return self.listings.get(path, fetch)

    def _create(self, operation: str, path: str, id_field: str, body: Any, **options: Any) -> Json | None:
        """``None`` when the vendor said yes without showing the object."""
        made = self._written(path, operation, "POST", options.pop("at", path), json=body, **options)
        if not isinstance(made, dict) or made.get(id_field) is None:
            self.listings.drop(path)
            return None
        self.listings.put(path, id_field, made)
        return made

    def _replace(self, operation: str, path: str, id_: str, id_field: str, body: Json, **options: Any) -> Json:
        answer = self._written(path, operation, "PUT", f"{path}/{id_}", json=body, **options)
        now = answer if isinstance(answer, dict) and answer else body
        self.listings.put(path, id_field, now)
        return now

    def _delete(self, operation: str, path: str, id_: str, **options: Any) -> None:
        self._written(path, operation, "DELETE", f"{path}/{id_}", **options)
        self.listings.drop(path)

    def _get(self, operation: str, path: str, **options: Any) -> Json:
        return an_object(self.request(operation, "GET", path, **options), self.vendor, operation)

    def _written(self, collection: str, operation: str, method: str, path: str, **options: Any) -> Any:
        try:
            return self.request(operation, method, path, **options)
        except Exception:
            self.listings.drop(collection)
            raise


def open_http(base_url: str, auth: httpx.Auth | None, transport: httpx.BaseTransport | None = None) -> httpx.Client:
    """An HTTP client with this package's rules for certificates, proxies and time."""
    return httpx.Client(
        base_url=base_url,
        auth=auth,
        timeout=httpx.Timeout(TIMEOUT.number(), connect=10),
        limits=httpx.Limits(max_connections=32, max_keepalive_connections=32),
        verify=_certificates(),
        headers={"Accept": "application/json", "User-Agent": "pulumi-voice-routing"},
        transport=transport,
    )


def an_object(answer: Any, vendor: str, operation: str) -> Json:
    """The answer as one object. Raises :class:`UnexpectedAnswer`."""
    if not isinstance(answer, dict):
        raise UnexpectedAnswer(f"{vendor}: {operation}: an object was expected, not {_kind(answer)}.")
    return answer


def objects(answer: Any, vendor: str, operation: str) -> list[Json]:
    """The answer as a list of objects. Raises :class:`UnexpectedAnswer`."""
    if not isinstance(answer, list) or not all(isinstance(item, dict) for item in answer):
        raise UnexpectedAnswer(f"{vendor}: {operation}: a list of objects was expected, not {_kind(answer)}.")
    return answer


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


class _Busy(Exception):
    """429, with the least time to wait when the vendor gave one."""

    def __init__(self, error: RateLimited, wait_at_least: float) -> None:
        super().__init__(str(error))
        self.error, self.wait_at_least = error, wait_at_least


class _Doubtful(Exception):
    """A try that may have taken effect."""

    def __init__(self, line: str, kind: type[UnexpectedAnswer] | ApiError) -> None:
        super().__init__(line.rstrip("."))
        self._kind = kind

    def plain(self) -> Exception:
        return self._kind if isinstance(self._kind, ApiError) else self._kind(f"{self}.")


def _error(state: tenacity.RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome is not None else None


def _worth_repeating(error: BaseException, repeats: bool) -> bool:
    if isinstance(error, _Doubtful):
        status = error._kind.status if isinstance(error._kind, ApiError) else 503
        return repeats and status in _TRY_AGAIN
    return isinstance(error, _Busy | Unreachable)


def _wait(state: tenacity.RetryCallState) -> float:
    error = _error(state)
    return max(_backoff(state), error.wait_at_least if isinstance(error, _Busy) else 0)


def _retry_after(response: httpx.Response) -> float:
    value = response.headers.get("retry-after", "").strip()
    if value.isdigit():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (TypeError, ValueError, IndexError):
        return 0.0


__all__ = ["Answer", "ApiClient", "Interrupted", "Json", "Refusal", "an_object", "objects", "open_http"]
