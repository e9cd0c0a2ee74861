"""Runs of the engine that reach no vendor: a state of their own, and a server on this machine that answers for all."""

from __future__ import annotations

import importlib
import os
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from .. import registry
from ..ringex import auth as ringex_sign_in
from ..settings import Setting

VENDORS = ("ringcx", "ringex", "portsip")

_alone = threading.RLock()


def settings_for(port: int, folder: Path) -> dict[str, str]:
    """An engine with a state of its own, and vendors whose every call goes to the stand-in."""
    hosts = {f"{vendor.upper()}_BASE_URL": f"http://{_host(vendor)}" for vendor in VENDORS}
    return {
        **hosts,
        **{f"{vendor.upper()}_ACCESS_TOKEN": "proof" for vendor in VENDORS},
        "RINGCX_REQUESTS_PER_MINUTE": "0",
        "RINGEX_REQUESTS_PER_MINUTE": "0",
        **dict.fromkeys(("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"), f"http://127.0.0.1:{port}"),
        **dict.fromkeys(("ALL_PROXY", "all_proxy"), ""),
        "NO_PROXY": "",
        "no_proxy": "",
        "no_grpc_proxy": "127.0.0.1,localhost",  # the engine itself is no vendor
        "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
        "PULUMI_CONFIG_PASSPHRASE": "proof",
        "PULUMI_SKIP_UPDATE_CHECK": "1",
        "PULUMI_PYTHON_CMD": sys.executable,
        "VOICE_ROUTING_CACHE_DIR": str(folder / "cache"),
    }


def _host(vendor: str) -> str:
    """The host that ids and settings name; one that does not exist where there is none."""
    base: Setting = importlib.import_module(f"{registry.__package__}.{vendor}.client").BASE_URL
    return urlsplit(base.get() or "http://nobody.invalid").netloc


@contextmanager
def alone() -> Iterator[None]:
    """Settings and clients are those of the whole process: what exchanges them in another thread waits for the end."""
    with _alone:
        yield


@contextmanager
def environment(env: Mapping[str, str]) -> Iterator[None]:
    """These settings as well, and then those of before."""
    with alone():
        before = dict(os.environ)
        os.environ.update(env)
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


def forget_clients() -> None:
    """Have the next question asked anew, of whom the settings name then."""
    for vendor in VENDORS:
        importlib.import_module(f"{registry.__package__}.{vendor}.client").forget()
    ringex_sign_in.forget()


__all__ = ["VENDORS", "alone", "environment", "forget_clients", "settings_for"]
