"""Every field of every type says what it means to callers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pulumi_voice_routing import portsip, ringcx, ringex
from pulumi_voice_routing.lifecycle.model import Model, model_of
from pulumi_voice_routing.lifecycle.resource import Resource

TYPES = {
    f"{package.__name__.rpartition('.')[2]}:{name}": kind
    for package in (ringcx, ringex, portsip)
    for name in package.__all__
    if isinstance(kind := getattr(package, name), type) and issubclass(kind, Resource)
}


def silent(model: Model, path: str = "") -> Iterator[str]:
    """The fields that say nothing, those of rows included."""
    for name, field in model.items():
        if not field.meanings and not field.secret:
            yield f"{path}{name}"
        if field.rows is not None and not field.secret:
            yield from silent(field.rows, f"{path}{name}[].")


@pytest.mark.parametrize("token", TYPES)
def test_every_field_says_what_it_means(token: str) -> None:
    assert list(silent(model_of(TYPES[token].lifecycle.args))) == []
