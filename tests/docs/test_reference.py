"""The reference pages are what the code says now, and leave nothing out."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pulumi_voice_routing import registry
from pulumi_voice_routing.emulator.families import FAMILIES
from pulumi_voice_routing.lifecycle.model import model_of
from pulumi_voice_routing.lifecycle.resource import Resource
from tests.adopting.account import living
from tests.contracts.contract import CONTRACTS_VARIABLE, FILES
from tests.docs.conftest import REFERENCE, name
from tests.emulated import Emulated
from tests.examples.ringex_users import interaction_rule
from tools import reference
from tools import reference_calls as calls
from tools import reference_source as code


@pytest.mark.whole_run
def test_pages_are_fresh_and_there_are_no_others() -> None:
    """One test, so that the source is read once."""
    pages = reference.pages()
    stale = [
        name(path) for path, text in pages.items() if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    assert stale == [], "run `make docs`"
    assert set(REFERENCE.rglob("*.md")) == set(pages)


def test_every_resource_type_has_a_page() -> None:
    shown = {kind.lifecycle.token for module in reference.vendors().values() for kind in reference.resources(module)}
    assert shown == set(registry.providers)


@pytest.mark.parametrize(("vendor", "least"), [("ringcx", 90), ("ringex", 10), ("portsip", 10)])
def test_every_operation_that_the_documents_name_is_explained(vendor: str, least: int) -> None:
    numbers = [number for number, _, _ in calls.operations(vendor)]
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
    described = code.fields(kind.lifecycle.args)
    assert set(described) == set(model_of(kind.lifecycle.args))
    for args in (kind.lifecycle.args, *code.nested_types(kind.lifecycle.args)):
        assert [argument for argument, (_, said, _) in code.fields(args).items() if not said] == []


@pytest.mark.parametrize(("vendor", "kind"), TYPES, ids=lambda value: getattr(value, "__name__", value))
def test_every_type_says_all_that_a_page_has(vendor: str, kind: type[Resource]) -> None:
    assert reference.example(vendor, kind), "no program under programs/ and no whole program in a guide makes one"
    assert calls.numbers_of(kind), "its docstring does not say which calls it makes"
    assert reference.at_the_end(kind), "no row in docs/destroying.md"


LOOKUPS = [(vendor, one) for vendor, module in reference.vendors().items() for one in reference.functions(module)]


@pytest.mark.parametrize(("vendor", "function"), LOOKUPS, ids=lambda value: getattr(value, "__name__", value))
def test_every_lookup_has_an_example(vendor: str, function: Any) -> None:
    said = "no program and no line of tests/docs/lookups.py has it"
    assert reference.example_of(f"{vendor}.{function.__name__}"), said


@pytest.mark.whole_run
def test_the_examples_of_lookups_find_something(emulator: Emulated, emulator_env: dict[str, str]) -> None:
    living(emulator)
    interaction_rule(emulator, "VIPs")
    program = Path(__file__).with_name("lookups.py")
    shown = f"import json, runpy; found = runpy.run_path({str(program)!r}); print(json.dumps([" + (
        "name for name, value in found.items() if value is None or value in ([], (), {}, '')]))"
    )
    env = {**os.environ, **emulator_env}
    done = subprocess.run([sys.executable, "-c", shown], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert [name for name in json.loads(done.stdout) if not name.startswith("_")] == ["also_rung_by"]


def test_what_a_call_needs_is_said_of_calls_that_there_are() -> None:
    for vendor, said in calls.rights().items():
        assert set(said) <= {number for number, _, _ in calls.operations(vendor)}


UNDOCUMENTED = r"HT-1[6-9]|HT-2[01]|HTb-0[5-9]|HTb-1[0-2]|NMb-05|EV-1[89]|RGb?-\d+"
"""Calls of which no vendor says what they need."""
TWO_ROLES = "NM-05"
"""The contract has this call twice, with two roles; the higher one is said."""


def test_what_every_call_needs_is_known_unless_no_vendor_says_so() -> None:
    unknown = {
        number
        for vendor in reference.vendors()
        for number, _, _ in calls.operations(vendor)
        if number not in calls.rights()[vendor]
    }
    assert {number for number in unknown if not re.fullmatch(UNDOCUMENTED, number)} == set()
    assert {one for said in calls.rights().values() for one in said if re.fullmatch(UNDOCUMENTED, one)} == set()


def test_what_calls_need_is_what_the_contracts_say() -> None:
    folder = os.environ.get(CONTRACTS_VARIABLE)
    if not folder:
        pytest.skip(f"{CONTRACTS_VARIABLE} names no folder with the vendors' contracts")
    paths: dict[str, dict[str, Any]] = {}
    for file in (*FILES["ringcx"], *FILES["ringex"]):
        paths |= json.loads((Path(folder) / file).read_text(encoding="utf-8"))["paths"]
    compared = 0
    for operation in (one for family in FAMILIES for one in family.operations):
        there = paths.get(operation.path, {}).get(operation.method.lower(), {})
        words = [there.get(f"x-{what}", "") for what in ("permission", "app-permission", "user-permission")]
        theirs = ", ".join(filter(None, words)).lower()
        ours = next((said[operation.number] for said in calls.rights().values() if operation.number in said), "")
        for one in ours.split(", ") if theirs and operation.number != TWO_ROLES else ():
            what, _, where = one.removeprefix("role ").lower().partition(" on ")
            assert what in theirs, operation.number
            assert where in theirs, operation.number
            compared += 1
    assert compared > 100
