"""The floors above the vendors name neither arguments nor types: they ask the types what their fields mean."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import pulumi_voice_routing
from pulumi_voice_routing.lifecycle.model import Model, model_of
from tests.plan.types import TYPES

PACKAGE = Path(pulumi_voice_routing.__file__).parent
FILES = sorted(
    path for floor in ("plan", "call_flow", "safety", "commands") for path in (PACKAGE / floor).rglob("*.py")
)
READS = {"get", "pop", "items", "rows", "certain", "link", "links", "linked"}
TOKEN = re.compile(r"(ringcx|ringex|portsip):\w+")
OTHER_DOCUMENTS = {
    "plan/engine_records.py": {"id", "inputs", "type"},
    "plan/facts.py": {"id", "type"},
    "plan/fleets.py": {"inputs", "type"},
    "plan/plan.py": {"id", "inputs", "type"},
    "plan/preview.py": {"inputs", "type"},
    "plan/pulumi_cli.py": {"value"},
    "commands/doctor.py": {"state", "type"},
    "commands/fleet_state.py": {"id", "inputs", "type"},
    "commands/stack_state.py": {"id", "type"},
    "commands/export/into_state.py": {"value"},
    "commands/migration.py": {"id", "type"},
    "commands/gate/approving.py": {"from", "rule", "to"},
    "commands/gate/levels.py": {"type"},
    "safety/describe.py": {"description", "type"},
    "safety/run.py": {"name"},
}
"""Words in the documents of the engine, in reports, schemas and `Pulumi.yaml` that are arguments of types as well."""
MAY_NAME_A_TYPE = {
    "commands/adoption.py": {"ringcx:RouteGroup"},
    "commands/conformance/specimens.py": {
        "ringcx:BasicAuth",
        "ringcx:Destination",
        "ringcx:DnisOverride",
        "ringcx:HttpService",
        "ringcx:HttpServiceGroup",
        "ringcx:HttpServiceInputs",
        "ringcx:Profile",
        "ringcx:ProfileDestinations",
        "ringcx:RouteGroup",
        "ringex:AnsweringRule",
        "ringex:ForwardingNumber",
        "ringex:InteractionRule",
        "portsip:BlockedNumber",
        "portsip:RingGroup",
    },
}
"""The specimens are a list of what is made at a real vendor and harms nobody there, which no type says of itself."""


def arguments(model: Model) -> Iterator[str]:
    for name, field in model.items():
        yield name
        if field.rows is not None:
            yield from arguments(field.rows)


ARGUMENTS = {name for kind in TYPES.values() for name in arguments(model_of(kind.lifecycle.args))}


def read_by_name(tree: ast.AST) -> Iterator[str]:
    """The texts by which something is read."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            yield from texts([node.slice])
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in READS:
            yield from texts(node.args[:2])


def texts(nodes: list[ast.expr] | list[ast.Constant]) -> Iterator[str]:
    yield from (node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_argument_is_read_by_its_name(path: Path) -> None:
    tree, place = ast.parse(path.read_text(encoding="utf-8")), str(path.relative_to(PACKAGE))
    assert ARGUMENTS.intersection(read_by_name(tree)) - OTHER_DOCUMENTS.get(place, set()) == set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_type_is_named(path: Path) -> None:
    tree, place = ast.parse(path.read_text(encoding="utf-8")), str(path.relative_to(PACKAGE))
    named = {
        text
        for text in texts([node for node in ast.walk(tree) if isinstance(node, ast.Constant)])
        if TOKEN.fullmatch(text)
    }
    assert named - MAY_NAME_A_TYPE.get(place, set()) == set()


def test_reading_by_name_is_noticed() -> None:
    tree = ast.parse('one.get("kind"); row["target"]; facts.link(one, "profile", it); one.rows("hours")')
    assert ARGUMENTS.intersection(read_by_name(tree)) == {"kind", "target", "profile", "hours"}
