"""The shared API client: one way to call a vendor, whoever the vendor is."""

import sys


def _load_httpx_without_its_command_line() -> None:
    """Where click is installed httpx loads its command line with it, which doubles the time that a provider needs."""
    if "httpx" in sys.modules or "click" in sys.modules:
        return
    sys.modules["click"] = None  # type: ignore[assignment]  # as if it were not installed
    try:
        import httpx  # noqa: F401
    finally:
        del sys.modules["click"]


_load_httpx_without_its_command_line()
