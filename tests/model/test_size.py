"""A type is a small file of facts: what may be declared, what the vendor is asked, what users write."""

from __future__ import annotations

import inspect
import statistics
from collections import Counter
from pathlib import Path

import pytest

import pulumi_voice_routing
from pulumi_voice_routing import portsip, registry, ringcx, ringex
from pulumi_voice_routing.lifecycle.provider import Lifecycle
from pulumi_voice_routing.lifecycle.resource import Resource

PACKAGE = Path(pulumi_voice_routing.__file__).parent
TYPES: list[type[Resource]] = [
    found
    for vendor in (ringcx, ringex, portsip)
    for found in (getattr(vendor, name) for name in vendor.__all__)
    if inspect.isclass(found) and issubclass(found, Resource)
]
BASES = Counter(kind.lifecycle.__bases__ for kind in TYPES)


def is_plain(provider: type[Lifecycle]) -> bool:
    """Whether a type overrides no hook: it says facts, and shares its behaviour with other types."""
    hooks = [name for name, value in vars(provider).items() if inspect.isfunction(value) or isinstance(value, property)]
    return not hooks and BASES[provider.__bases__] > 1


PLAIN = [kind for kind in TYPES if is_plain(kind.lifecycle)]


def lines(kind: type[Resource]) -> int:
    return length(Path(inspect.getfile(kind)))


def length(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_every_type_is_looked_at() -> None:
    assert {kind.lifecycle.token for kind in TYPES} == set(registry.providers)


def test_a_type_file_holds_one_type() -> None:
    assert len({inspect.getfile(kind) for kind in TYPES}) == len(TYPES)


def test_half_of_the_types_take_seventy_lines_or_less() -> None:
    assert statistics.median(map(lines, TYPES)) <= 70


def test_plain_types_are_found() -> None:
    assert {kind.__name__ for kind in PLAIN} >= {
        "ApiKeyAuth",
        "BasicAuth",
        "CustomAuth",
        "HttpServiceGroup",
        "RouteGroup",
        "TrackingGroup",
        "TrackingScheduleOverride",
    }


@pytest.mark.parametrize("kind", PLAIN, ids=lambda kind: kind.__name__)
def test_a_plain_type_takes_45_lines_or_less(kind: type[Resource]) -> None:
    assert lines(kind) <= 45


def test_no_file_is_longer_than_500_lines() -> None:
    assert {str(path.relative_to(PACKAGE)): length(path) for path in PACKAGE.rglob("*.py") if length(path) > 500} == {}
