"""The HTTP library, and an HTTP client with this package's rules for certificates, proxies and time.

The only module that imports the library; the others take it from here. It is ``httpx``. Where that is not installed it
is ``httpx2``, which continues it with the same interface.
"""

from __future__ import annotations

import os
import ssl
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import SettingsError
from ..settings import CA_FILE, TIMEOUT


@contextmanager
def _without_click() -> Iterator[None]:
    """Where click is installed httpx loads its command line with it, which doubles the time that a provider needs."""
    if "httpx" in sys.modules or "click" in sys.modules:
        yield
        return
    sys.modules["click"] = None  # type: ignore[assignment]  # as if it were not installed
    try:
        yield
    finally:
        del sys.modules["click"]


with _without_click():
    if TYPE_CHECKING or find_spec("httpx") is not None:
        import httpx
    else:
        import httpx2 as httpx

UNTIL = "voice-routing-until"
"""The extension of a request that says until when its answer may go on, as a time of ``time.monotonic``."""

_LONGEST_CONNECT = 10
_CA_VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
"""The library's own."""


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


__all__ = ["UNTIL", "httpx", "open_http"]
