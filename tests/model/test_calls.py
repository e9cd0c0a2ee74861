"""The calls that types declare: they take the ids of the type's path, and a client may do one in another way."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from pulumi_voice_routing import portsip, registry, ringcx, ringex
from pulumi_voice_routing.lifecycle.built_in import Fixture
from pulumi_voice_routing.lifecycle.calls import Calls, ask
from pulumi_voice_routing.lifecycle.resource import Resource

ASKING: dict[str, Calls[Any, *tuple[Any, ...]]] = {
    found.lifecycle.token: found.lifecycle.calls
    for vendor in (ringcx, ringex, portsip)
    for found in (getattr(vendor, name) for name in vendor.__all__)
    if inspect.isclass(found) and issubclass(found, Resource) and hasattr(found.lifecycle, "calls")
}
BESIDE_THE_PARENTS = {
    "list": 0,
    "get": 1,
    "create": 1,
    "create_as": 2,
    "update": 2,
    "switch": 2,
    "clone": 2,
    "delete": 1,
}
"""How many values a call takes after the client and the ids of what holds the object."""


@pytest.mark.parametrize("token", ASKING)
def test_a_call_takes_one_id_for_each_step_of_the_path(token: str) -> None:
    calls = ASKING[token]
    for name, count in BESIDE_THE_PARENTS.items():
        call: Callable[..., Any] | None = getattr(calls, name)
        if call is not None:
            taken = inspect.signature(call).parameters.values()
            client, *given = [one.name for one in taken if one.default is one.empty]
            assert len(given) == len(calls.path) - 1 + count, f"{name}: {client}, {given}"


@pytest.mark.parametrize("token", ASKING)
def test_what_cannot_be_deleted_has_a_reason(token: str) -> None:
    calls = ASKING[token]
    built_in = isinstance(registry.provider_for(token), Fixture)
    assert calls.delete is not None or calls.why_left or built_in


def test_types_without_calls_are_those_that_are_no_objects_of_the_vendors() -> None:
    assert registry.providers.keys() - ASKING == {
        "ringcx:Activation",
        "ringcx:AllocationHours",
        "ringcx:Dnis",
        "ringcx:DnisAssignment",
        "ringcx:DnisAssignments",
        "ringcx:DnisPool",
    }


class Client:
    def get(self, number: str) -> str:
        return f"one {number}"


class Another(Client):
    def get(self, number: str) -> str:
        return f"another {number}"


def get_twice(api: Client, number: str) -> str:
    return f"{api.get(number)}, {api.get(number)}"


def test_a_client_that_does_it_in_another_way_is_heard() -> None:
    assert ask(Client.get, Client(), "7") == "one 7"
    assert ask(Client.get, Another(), "7") == "another 7"


def test_a_function_may_stand_in_the_place_of_a_method() -> None:
    assert ask(get_twice, Another(), "7") == "another 7, another 7"


def test_a_call_that_the_vendor_does_not_have_is_not_made() -> None:
    with pytest.raises(NotImplementedError):
        ask(None, Client(), "7")
