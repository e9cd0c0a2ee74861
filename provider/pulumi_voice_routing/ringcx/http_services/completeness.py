"""Whether a remote HTTP service can do its work."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

_NOT_IN_PUBLIC = (".internal", ".invalid", ".lan", ".local", ".localdomain", ".localhost", ".test")


@dataclass(frozen=True)
class ServiceFacts:
    """What matters of a service when it is about to be used."""

    name: str
    url: str | None
    mapped: bool = False
    """Whether inputs are mapped into its request."""
    declared: Sequence[str] = ()
    """The inputs that its request names."""
    inputs: Sequence[str] = ()
    """The inputs that it has."""


def why_incomplete_service(service: ServiceFacts) -> Iterable[str]:
    """Why a service cannot be used yet; nothing when it can."""
    if not _host(service.url):
        yield f"HTTP service {service.name!r} has no http or https address"
    if service.mapped and not service.inputs:
        yield f"HTTP service {service.name!r} maps inputs, and has none"
    for name in service.declared:
        if name not in service.inputs:
            yield f"HTTP service {service.name!r} has no input {name!r}, which its request names"


def why_service_out_of_reach(service: ServiceFacts) -> Iterable[str]:
    """Why the vendor, which calls from outside, may not get through to the service."""
    host = _host(service.url)
    if host and not _public(host):
        yield f"HTTP service {service.name!r} goes to {host}, which looks out of reach from outside"


def _host(url: str | None) -> str:
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return ""
    return (parts.hostname or "") if parts.scheme in ("https", "http") else ""


def _public(host: str) -> bool:
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not f".{host}".endswith(_NOT_IN_PUBLIC)
