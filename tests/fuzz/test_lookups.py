"""Every look-up: hostile names and ids from the program, hostile answers from the vendor."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_voice_routing.client.listings import Json
from tests.emulated import ACCOUNT
from tests.fuzz.answers import answers
from tests.fuzz.conftest import EXAMPLES, VENDORS
from tests.fuzz.hostile import NASTY, inputs, nested, value_or_lines
from tests.fuzz.world import World, provider_process

LOOKUPS: dict[str, Callable[..., Any]] = {
    f"{vendor}.{name}": getattr(module, name)
    for vendor, module in VENDORS.items()
    for name in module.__all__
    if name.startswith(("get_", "search_"))
}
THINGS = [
    "ringcx:ProfileDestinations",
    "ringcx:DnisOverride",
    "ringcx:DnisAssignment",
    "ringcx:HttpServiceInputs",
    "ringcx:ApiKeyAuth",
    "ringex:AnsweringRule",
    "portsip:RingGroup",
]
"""What these need to be there is all that can be looked up."""
IDS = [ACCOUNT, f"{ACCOUNT}/1000", f"{ACCOUNT}/1000/1001", f"{ACCOUNT}/1000/1001/1002", "1000", "1001", "8000", "~"]

anything = (
    st.sampled_from([*IDS, *NASTY])
    | st.text(max_size=20)
    | st.integers()
    | st.booleans()
    | st.sampled_from([float("nan"), b"bytes", (), [], {}, nested(50), object()])
    | st.builds(lambda text: pulumi.Output.from_input(text), st.sampled_from(IDS))
)


@pytest.fixture(scope="module")
def full_world(world: World) -> World:
    """An account that holds something of every kind."""
    world.start_over()
    for token in THINGS:
        EXAMPLES[token].instances(world)
    return world


def _arguments(lookup: Callable[..., Any], values: st.SearchStrategy[Any]) -> st.SearchStrategy[Json]:
    names = inspect.signature(lookup).parameters
    required = {name: values for name, one in names.items() if one.default is one.empty}
    return st.fixed_dictionaries(required, optional={name: values for name in names if name not in required})


@pytest.mark.parametrize("name", LOOKUPS)
def test_hostile_names_and_ids(name: str, full_world: World, tmp_path: Path) -> None:
    @inputs(8)
    @given(arguments=_arguments(LOOKUPS[name], anything))
    def look(arguments: Json) -> None:
        value_or_lines(lambda: LOOKUPS[name](**arguments))

    with provider_process(full_world.line, tmp_path):
        look()


@pytest.mark.parametrize("name", LOOKUPS)
def test_hostile_answers(name: str, full_world: World, tmp_path: Path) -> None:
    @inputs(6)
    @given(change=answers(), arguments=_arguments(LOOKUPS[name], st.sampled_from(IDS)))
    def look(change: Any, arguments: Json) -> None:
        with provider_process(full_world.line, tmp_path), full_world.changing(change):
            value_or_lines(lambda: LOOKUPS[name](**arguments))

    look()
