"""The reference pages are what the code says now, and leave nothing out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pulumi_voice_routing import registry
from pulumi_voice_routing.lifecycle.model import model_of
from pulumi_voice_routing.lifecycle.resource import Resource
from tests.docs.conftest import REFERENCE, name
from tools import reference

PAGES = reference.pages()


@pytest.mark.parametrize("path", sorted(PAGES), ids=name)
def test_page_is_fresh(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == PAGES[path], "run `make docs`"


def test_there_are_no_other_pages() -> None:
    assert set(REFERENCE.rglob("*.md")) == set(PAGES)


def test_every_resource_type_has_a_page() -> None:
    shown = {kind.lifecycle.token for module in reference.vendors().values() for kind in reference.resources(module)}
    assert shown == set(registry.providers)


@pytest.mark.parametrize(("vendor", "least"), [("ringcx", 90), ("ringex", 10), ("portsip", 10)])
def test_every_operation_that_the_documents_name_is_explained(vendor: str, least: int) -> None:
    numbers = [number for number, _, _ in reference.operations(vendor)]
    assert len(set(numbers)) == len(numbers) >= least
    named = {
        number
        for kind in reference.resources(reference.vendors()[vendor])
        for number in re.findall(r"\b[A-Z]{2}b?-\d+\b", kind.__doc__ or "")
    }
    assert named - set(numbers) == set()


TYPES = [(vendor, kind) for vendor, module in reference.vendors().items() for kind in reference.resources(module)]


@pytest.mark.parametrize(("vendor", "kind"), TYPES, ids=lambda value: getattr(value, "__name__", value))
def test_every_argument_is_described(vendor: str, kind: type[Resource]) -> None:
    described = reference.fields(kind.lifecycle.args)
    assert set(described) == set(model_of(kind.lifecycle.args))
    for args in (kind.lifecycle.args, *reference.nested_types(kind.lifecycle.args)):
        assert [argument for argument, (_, said, _) in reference.fields(args).items() if not said] == []


@pytest.mark.parametrize(("vendor", "kind"), TYPES, ids=lambda value: getattr(value, "__name__", value))
def test_every_type_has_an_example(vendor: str, kind: type[Resource]) -> None:
    assert reference.example(vendor, kind), "no program under programs/ and no whole program in a guide makes one"
