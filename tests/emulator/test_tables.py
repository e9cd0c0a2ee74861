"""The emulator's tables: complete and, where the vendors' contracts are at hand, the same as theirs."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from pulumi_voice_routing.emulator import portsip
from pulumi_voice_routing.emulator.families import FAMILIES, families_of
from pulumi_voice_routing.emulator.routing import Operation, Router
from pulumi_voice_routing.emulator.schema import Field
from pulumi_voice_routing.emulator.store import Kind
from pulumi_voice_routing.emulator.unserved import UNSERVED
from pulumi_voice_routing.emulator.vendors import RINGCX
from tests.contracts.contract import CONTRACTS_VARIABLE, FILES

SERVED = [operation for family in FAMILIES for operation in family.operations]
RINGCX_FAMILIES = [family for family in FAMILIES if family.vendor is RINGCX]
"""Those whose contract names schemas, so that tables can be compared; the others are judged in their own tests."""


def test_every_operation_has_its_own_number() -> None:
    numbers = [operation.number for operation in (*SERVED, *UNSERVED.operations)]
    assert sorted(set(numbers)) == sorted(numbers)


def test_no_operation_is_both_served_and_not() -> None:
    served = {(operation.method, operation.path) for operation in SERVED}
    assert served & {(operation.method, operation.path) for operation in UNSERVED.operations} == set()


NO_IDS = {
    "ringcx": {"dnis", "ani", "authConfigId"},
    "ringex": {"accountId", "extensionId", "ruleId", "forwardingNumberId", "stateId", "deviceId", "greetingId"},
    "portsip": {"id", "agent_number"},
}
"""Path parameters that the calls themselves look up: by other words than the kept id, or with an error of their own."""


def test_every_path_parameter_names_a_kept_kind() -> None:
    kept = {(family.vendor.name, kind.path_name) for family in FAMILIES for kind in family.kinds}
    named = {
        (family.vendor.name, parameter)
        for family in FAMILIES
        for operation in family.operations
        for parameter in re.findall(r"\{(\w+)\}", operation.path)
    }
    plain = {(vendor, parameter) for vendor, parameters in NO_IDS.items() for parameter in parameters}
    assert named == plain | {(vendor, name) for vendor, name in kept if name}


def test_a_new_file_is_found_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gadgets.py").write_text(
        "from pulumi_voice_routing.emulator.routing import Family, Operation\n"
        "from pulumi_voice_routing.emulator.vendors import PORTSIP\n"
        "OPERATIONS = (Operation('PG-01', 'GET', '/api/gadgets', lambda call: {'items': []}),)\n"
        "FAMILY = Family(vendor=PORTSIP, operations=OPERATIONS)\n"
    )
    monkeypatch.setattr(portsip, "__path__", [*portsip.__path__, str(tmp_path)])
    (family,) = [family for family in families_of(portsip) if family not in FAMILIES]
    del sys.modules[f"{portsip.__name__}.gadgets"]
    match = Router([family]).find("GET", "/api/gadgets")
    assert match is not None
    assert match.operation.number == "PG-01"


LENIENT_PARAMETERS = {"CR-20": {"cloudDestinationType"}, "NM-02": {"size", "sort"}}
"""Parameters where the API reference is followed, not the contract."""
ADDED_FIELDS = {
    "RemoteHttpService": {"authConfigId"},
    "TracNumber": {"tracGroupId", "dnis", "dnisDescription", "active"},
}
"""Fields that the API reference has and the contract has not."""
UNUSED_FIELDS = {"GateSkinnyAssignable": {"gateGroup"}}
"""Fields of the contract that the emulator never shows."""
CHILDREN = {"cloudRouteDestinations", "cloudRouteProfiles", "services"}
"""Arrays that the contract calls objects."""


@pytest.fixture(scope="module")
def contract() -> Any:
    folder = os.environ.get(CONTRACTS_VARIABLE)
    if not folder:
        pytest.skip(f"{CONTRACTS_VARIABLE} names no folder with the vendors' contracts")
    return json.loads((Path(folder) / FILES["ringcx"][0]).read_text(encoding="utf-8"))


def facts(schema: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    return schema.get("type", "object"), tuple(schema.get("enum", ()))


@pytest.mark.parametrize(
    "operation",
    [each for family in RINGCX_FAMILIES for each in family.operations if not each.number.startswith("AUTH")],
    ids=lambda each: each.number,
)
def test_operation_takes_what_the_contract_says(operation: Operation, contract: Any) -> None:
    definition = contract["paths"][operation.path][operation.method.lower()]
    known = LENIENT_PARAMETERS.get(operation.number, set())
    theirs = {
        parameter["name"]: (*facts(parameter["schema"]), parameter["required"])
        for parameter in definition.get("parameters", ())
        if parameter["in"] == "query" and parameter["name"] not in known
    }
    ours = {
        field.name: (field.type, field.enum, field.required) for field in operation.query if field.name not in known
    }
    assert ours == theirs
    media_types = set(definition.get("requestBody", {}).get("content", {}))
    assert media_types == {"": set(), "json": {"application/json"}, "form": {"multipart/form-data"}}[operation.takes]


OURS = {"Account", "StickyDestination", "ExternalAuthConfig"}
"""Kinds that the contract has by another name, in parts, or not at all."""


@pytest.mark.parametrize(
    "kind",
    [kind for family in RINGCX_FAMILIES for kind in family.kinds if kind.name not in OURS],
    ids=lambda kind: kind.name,
)
def test_kind_has_the_fields_of_the_contract(kind: Kind, contract: Any) -> None:
    assert_same_fields(kind.name, kind.fields, contract["components"]["schemas"][kind.name], contract)


def assert_same_fields(name: str, fields: tuple[Field, ...], schema: dict[str, Any], contract: Any) -> None:
    added = ADDED_FIELDS.get(name, set())
    theirs = {
        key: facts(value) for key, value in schema["properties"].items() if key not in UNUSED_FIELDS.get(name, ())
    }
    ours = {field.name: (field.type, field.enum) for field in fields if field.name not in added}
    assert ours == {key: ("array", ()) if key in CHILDREN else value for key, value in theirs.items()}
    for field in fields:
        reference = schema["properties"].get(field.name, {}).get("$ref", "")
        if field.fields and not field.link and reference:
            inner = contract["components"]["schemas"][reference.rsplit("/", 1)[1]]
            assert_same_fields(f"{name}.{field.name}", field.fields, inner, contract)
