"""Every method of every client sends the operation that it stands for, to where the vendor has it.

Where that is comes from the emulator's tables, which were written from the vendors' references. A new method needs no
line here.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import closing, suppress
from itertools import product
from typing import Any, get_args, get_type_hints

import httpx
import pytest

from pulumi_voice_routing.emulator.families import FAMILIES
from pulumi_voice_routing.emulator.routing import Operation, Router
from pulumi_voice_routing.errors import VoiceRoutingError
from pulumi_voice_routing.portsip.auth import PortSipTokens
from pulumi_voice_routing.portsip.client import PortSIP
from pulumi_voice_routing.ringcx.client import RingCX
from pulumi_voice_routing.ringex.auth import RingExTokens
from pulumi_voice_routing.ringex.client import RingEX
from tests.operations import methods

from .conftest import ACCOUNTS, BASE, Vendor

ROUTER = Router(FAMILIES)
BODY: dict[str, Any] = {"any": "thing"}
ME = "/restapi/v1.0/account/123456/extension/100001"

_FORMS = {"": "", "json": "application/json", "form": "multipart/form-data"}


def client_of(kind: type, vendor: Vendor) -> Any:
    if kind is RingEX:
        return RingEX(BASE, RingExTokens(BASE, vendor.transport), transport=vendor.transport)
    if kind is PortSIP:
        return PortSIP(BASE, PortSipTokens(BASE, vendor.transport), "acme.example.com", 0, vendor.transport)
    return RingCX(BASE, "123456", 0, vendor.transport)


def answer(request: httpx.Request) -> httpx.Response:
    """Who is asked, which call handling, and whether all is well; to anything else as little as there can be."""
    if request.url.path == ACCOUNTS:
        return httpx.Response(200, json=[{"accountId": "123456"}])
    if request.url.path == "/api/info":
        return httpx.Response(200, json={"domain": "acme.example.com"})
    older = {"id": "NewCallHandlingAndForwarding", "params": [{"name": "isNewBackendAvailable", "value": "false"}]}
    records = [older] if request.url.path.endswith("/features") else []
    return httpx.Response(200, json={"uri": f"{BASE}{ME}/x", "records": records, "items": [], "count": 0})


def arguments(method: Any) -> Iterator[dict[str, Any]]:
    """What a method may be given: ids, bodies, lists of them; each word where only some are allowed."""
    hints = get_type_hints(method)
    needed = [one for one in inspect.signature(method).parameters.values() if one.default is one.empty]
    choices = [[(one.name, value) for value in values(hints[one.name])] for one in needed if one.name != "self"]
    yield from map(dict, product(*choices))


def values(hint: Any) -> list[Any]:
    if words := [word for word in get_args(hint) if isinstance(word, str)]:
        return words
    plain: dict[Any, Any] = {str: "17", bool: True, int: 1, bytes: b"RIFF"}
    if hint in plain:
        return [plain[hint]]
    parts = get_args(hint)
    if parts and parts[0] is not str:
        return [[BODY]]  # a list of bodies
    return [["13035550100"]] if len(parts) == 1 else [BODY]


def operation_of(request: httpx.Request) -> Operation | None:
    found = ROUTER.find(request.method, request.url.raw_path.decode().partition("?")[0])
    return found.operation if found else None


@pytest.mark.parametrize(
    ("kind", "name", "numbers"), [pytest.param(*one, id=f"{one[0].__name__}.{one[1]}") for one in methods()]
)
def test_it_is_sent_to_where_the_vendor_has_it(
    monkeypatch: pytest.MonkeyPatch, kind: type, name: str, numbers: list[str]
) -> None:
    for vendor in ("RINGEX", "PORTSIP"):
        monkeypatch.setenv(f"{vendor}_ACCESS_TOKEN", "ready-made-token")
    method = getattr(kind, name)
    sent: list[Operation] = []
    for given in arguments(method):
        vendor = Vendor(answer)
        with closing(client_of(kind, vendor)) as client, suppress(VoiceRoutingError):
            getattr(client, name)(**given)
        request = vendor.requests[-1]  # others look who is asked, or whether the account is the right one
        operation = operation_of(request)
        assert operation is not None, f"the vendor has no {request.method} {request.url}"
        assert request.headers.get("Content-Type", "").partition(";")[0] == _FORMS[operation.takes]
        sent.append(operation)
    assert sorted(one.number for one in sent) == sorted(numbers)


def test_what_ringcx_shows_as_null_is_not_sent_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(BODY, "empty", None)
    monkeypatch.setitem(BODY, "inner", {"empty": None, "kept": ""})
    sent: dict[str, bytes] = {}
    for name in [name for kind, name, _ in methods() if kind is RingCX]:
        for given in arguments(getattr(RingCX, name)):
            vendor = Vendor(answer)
            with closing(client_of(RingCX, vendor)) as client, suppress(VoiceRoutingError):
                getattr(client, name)(**given)
            sent[name] = b"".join(request.content for request in vendor.requests)
    kept = {name for name, content in sent.items() if b'"inner":{"kept":""}' in content}
    assert {"update_profile", "update_pool_and_assignment"} <= kept
    assert not any(b"empty" in content for content in sent.values())
