"""An HTTP client with this package's rules for certificates, proxies and time."""

from __future__ import annotations

import os
import ssl
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from ..errors import SettingsError
from ..settings import CA_FILE, TIMEOUT
from .transport import UNTIL, Flow, SignsIn, httpx

_LONGEST_CONNECT = 10
_CA_VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
"""The library's own."""


def open_http(base_url: str, auth: SignsIn | None, transport: httpx.BaseTransport | None = None) -> httpx.Client:
    """An HTTP client with this package's rules for certificates, proxies and time."""
    timeout = TIMEOUT.number()
    return httpx.Client(
        base_url=base_url,
        auth=None if auth is None else _Auth(auth),
        timeout=httpx.Timeout(timeout, connect=min(timeout, _LONGEST_CONNECT)),
        limits=httpx.Limits(max_connections=32, max_keepalive_connections=32),
        verify=_certificates(),
        headers={"Accept": "application/json", "User-Agent": "pulumi-voice-routing"},
        transport=transport,
        event_hooks={"response": [_bound]},
    )


class _Auth(httpx.Auth):
    def __init__(self, signs_in: SignsIn) -> None:
        self._signs_in = signs_in

    def sync_auth_flow(self, request: httpx.Request) -> Flow:
        return self._signs_in.sync_auth_flow(request)


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
    until = response.request.extensions.get(UNTIL)
    if until is not None and isinstance(response.stream, httpx.SyncByteStream):
        response.stream = _Bounded(response.stream, until)


def _certificates() -> ssl.SSLContext:
    return _trusted(CA_FILE.get(), *map(os.environ.get, _CA_VARIABLES))


@cache
def _trusted(own: str | None, *others: str | None) -> ssl.SSLContext:
    """Read once for all vendors: it takes longer than most requests."""
    variables, names = (CA_FILE.variable, *_CA_VARIABLES), (own, *others)
    variable, name = next(((v, n) for v, n in zip(variables, names, strict=True) if n), ("", ""))
    if Path(name).is_fifo():
        raise SettingsError(f"{variable} names {name}, which is a pipe; name a file, which can be read again")
    try:
        return httpx.create_ssl_context() if own is None else ssl.create_default_context(cafile=own)
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(f"{variable} names {name}, which holds no usable certificates ({error})") from None
