"""What clients answer has the shapes of the vendors' references, and a misspelt field of it does not pass mypy."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, get_args, get_type_hints, is_typeddict

import pytest

from pulumi_voice_routing import registry
from pulumi_voice_routing.emulator.families import FAMILIES
from pulumi_voice_routing.lifecycle.calls import Calls
from tests.contracts.contract import load_contracts
from tests.fuzz.conftest import TYPES
from tests.operations import methods
from tests.second_server.tables import KINDS

ROOT = Path(__file__).parents[2]

NAMED_BY_US = {"PoolRecord": "DnisPool"}
"""Shapes whose names in the contract are those of resource types."""
BEYOND_THE_CONTRACT: Mapping[str, set[str]] = {
    "RemoteHttpService": {"authConfigId"},
    "TracNumber": {"active", "dnis", "dnisDescription", "tracGroupId"},
    "ExternalAuthConfig": {"tokenResponse"},
    "OutboundCallerId": {"provider_name", "provider_brand", "provider_did_numbers"},
}
"""Fields that only the vendors' prose documents."""

SHAPED = [
    pytest.param(method, shape, numbers, id=f"{kind.__name__}.{name}")
    for kind, name, numbers in methods()
    for method in [getattr(kind, name)]
    for shape in [get_type_hints(method)["return"]]
    if shape not in (type(None), str, list[str])
]


def shapes_in(hint: Any) -> Iterator[type]:
    """The shapes that an annotation names, those inside them too, each once."""
    found: dict[type, None] = {}

    def look(one: Any) -> None:
        if is_typeddict(one) and one not in found:
            found[one] = None
            for inner in get_type_hints(one).values():
                look(inner)
        for inner in get_args(one):
            look(inner)

    look(hint)
    yield from found


def shape_of(hint: Any) -> type:
    """The shape of what a method answers, or of what is in its list."""
    return next(shapes_in(hint))


@pytest.mark.parametrize(("method", "hint", "numbers"), SHAPED)
def test_it_answers_a_shape(method: Any, hint: Any, numbers: list[str]) -> None:
    assert list(shapes_in(hint)), f"{numbers} answers {hint}"


def _of_contracts() -> dict[type, dict[str, Any]]:
    """For each shape the fields that the contracts give what its operations answer; empty without contracts."""
    contracts = load_contracts() or {}
    paths = {one.number: (family.vendor.name, one) for family in FAMILIES for one in family.operations}
    found: dict[type, dict[str, Any]] = {}

    def take(contract: Any, shape: type, properties: dict[str, Any]) -> None:
        known = found.setdefault(shape, {})
        new = {name: one for name, one in properties.items() if name not in known}
        known.update(new)
        for name, inner in get_type_hints(shape).items():
            schema = contract.resolved(new.get(name, {}))
            schema = contract.resolved(schema.get("items", schema))
            if schema.get("properties") and next(shapes_in(inner), None) is not None:
                take(contract, shape_of(inner), schema["properties"])

    for vendor, contract in contracts.items():
        for param in SHAPED:
            _, hint, numbers = (*param.values,)
            for number in numbers:
                of, operation = paths.get(number, ("", None))
                if operation is not None and of == vendor and next(shapes_in(hint), None) is not None:
                    take(contract, shape_of(hint), contract.answered(operation.method, _some(operation.path)))
    return {shape: properties for shape, properties in found.items() if properties}


def _some(template: str) -> str:
    return re.sub(r"\{\w+\}", "1", template)


CONTRACTED = _of_contracts()


def _without_beyond(shape: type, fields: Iterable[str]) -> set[str]:
    return set(fields) - BEYOND_THE_CONTRACT.get(shape.__name__, set())


def test_their_fields_are_those_of_the_contracts() -> None:
    ours = {shape.__name__: _without_beyond(shape, get_type_hints(shape)) for shape in CONTRACTED}
    assert ours == {shape.__name__: _without_beyond(shape, fields) for shape, fields in CONTRACTED.items()}


ALL_SHAPES = {one.__name__: one for param in SHAPED for one in shapes_in(param.values[1])}
OF_TABLES = sorted(name for name in ALL_SHAPES if NAMED_BY_US.get(name, name) in KINDS)


@pytest.mark.parametrize("name", OF_TABLES)
def test_its_fields_are_those_of_the_second_servers_tables(name: str) -> None:
    """The tables were written from the contracts, so that this holds without contracts at hand as well."""
    shape, fields = ALL_SHAPES[name], KINDS[NAMED_BY_US.get(name, name)].fields
    assert _without_beyond(shape, get_type_hints(shape)) == _without_beyond(shape, fields)


def test_there_are_tables_and_contracts_for_most_shapes() -> None:
    assert len(OF_TABLES) >= 18
    if load_contracts():
        assert {one.__name__ for one in CONTRACTED} >= {"AnsweringRule", "ForwardingNumber", "RingGroup", "Member"}
        assert len(CONTRACTED) >= 35


OF_A_REQUEST: Mapping[str, set[str]] = {
    "ringex:ForwardingNumber": {"extension"},
    "ringex:CallHandlingState": {"schedule"},
}
"""Fields that are sent and not answered, and those that are read out of a union of the vendor's."""


def _with_calls() -> Iterator[Any]:
    for token in TYPES:
        provider = registry.provider_for(token)
        if isinstance(getattr(provider, "calls", None), Calls):
            yield pytest.param(provider, id=token)


@pytest.mark.parametrize("provider", list(_with_calls()))
def test_what_a_type_declares_is_in_the_shape_of_its_object(provider: Any) -> None:
    calls = provider.calls
    shape = set(get_type_hints(shape_of(get_type_hints(calls.get)["return"])))
    wires = {facts.wire.partition(".")[0] for facts in provider.model.values() if facts.wire}
    named = {calls.id_field, *calls.starts_with, *wires, *_fields_beside(provider)}
    assert named <= shape | OF_A_REQUEST.get(provider.token, set())


def _fields_beside(provider: Any) -> set[str]:
    """Fields that the type's facts name beside its arguments."""
    return {*getattr(provider, "server_fields", ()), *filter(None, [provider.calls.switch_field])}


_BEFORE = """
from pulumi_voice_routing.client.answers import is_on, part, text
from pulumi_voice_routing.lifecycle.calls import Calls
from pulumi_voice_routing.portsip.client import PortSIP
from pulumi_voice_routing.ringcx.client import RingCX
from pulumi_voice_routing.ringex.client import RingEX

def look(cx: RingCX, ex: RingEX, pbx: PortSIP) -> None:
"""
RIGHT = [
    'print(cx.get_destination("1", "2")["destinationName"])',
    'text(cx.get_profile("1", "2").get("profileName"))',
    'is_on(cx.get_pool("13035550100").get("active"))',
    'text(part(part(cx.get_pool("13035550100").get("assignedDnis")).get("gate")).get("gateId"))',
    '[text(one.get("providerName")) for one in cx.list_auth_configs()]',
    'print(ex.get_rule("1", "2")["callHandlingAction"])',
    'text(part(part(ex.get_rule("1", "2").get("transfer")).get("extension")).get("id"))',
    'text(pbx.get_group("1").get("ring_strategy"))',
    'Calls(path=("group", "profile"), id_field="x", list=RingCX.list_profiles, get=RingCX.get_profile)',
]
WRONG = [
    'print(cx.get_destination("1", "2")["destinatonName"])',
    'text(cx.get_profile("1", "2").get("profilName"))',
    'is_on(cx.get_pool("13035550100").get("isActive"))',
    'text(part(part(cx.get_pool("13035550100").get("assignedDnis")).get("gate")).get("gate_id"))',
    '[text(one.get("provider_name")) for one in cx.list_auth_configs()]',
    'print(ex.get_rule("1", "2")["callHandling"])',
    'text(part(part(ex.get_rule("1", "2").get("transfer")).get("extension")).get("extensionId"))',
    'text(pbx.get_group("1").get("strategy"))',
    'Calls(path=("group", "profile"), id_field="x", list=RingCX.list_profiles, get=RingCX.get_destination)',
]


def test_mypy_sees_a_misspelt_field(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(_BEFORE + "".join(f"    {line}\n" for line in RIGHT + WRONG), encoding="utf-8")
    words = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", str(program)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    blamed = {int(number) for number in re.findall(r"program\.py:(\d+): error", done.stdout)}
    first = _BEFORE.count("\n") + len(RIGHT) + 1
    assert blamed == set(range(first, first + len(WRONG))), done.stdout + done.stderr
