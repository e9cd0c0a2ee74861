"""Every operation of the three vendors' clients: any answer is a value or one clean line, and is read to its end."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given

from pulumi_voice_routing.client.http import ApiClient
from pulumi_voice_routing.portsip.client import PortSIP, portsip_client
from pulumi_voice_routing.ringcx.client import RingCX, ringcx_client
from pulumi_voice_routing.ringex.client import RingEX, ringex_client
from tests.emulated import ACCOUNT
from tests.fuzz.answers import Answers, answers
from tests.fuzz.hostile import inputs, value_or_lines
from tests.fuzz.world import provider_process

CLIENTS: dict[type[ApiClient], Callable[[], Any]] = {
    RingCX: ringcx_client,
    RingEX: ringex_client,
    PortSIP: portsip_client,
}
SHARED = {name for name, _ in inspect.getmembers(ApiClient, inspect.isfunction)}
OPERATIONS = [
    (kind, name)
    for kind in CLIENTS
    for name, _ in inspect.getmembers(kind, inspect.isfunction)
    if not name.startswith("_") and name not in SHARED
]
BY_ANNOTATION: dict[str, Any] = {
    "str": "1000",
    "bool": True,
    "int": 1,
    "Json": {"name": "x"},
    "list[Json]": [{"name": "x"}],
    "Sequence[Json]": [{"name": "x"}],
    "Sequence[str]": ["1000"],
    "AssignmentPath": "gates",
    "bytes": b"RIFF",
}


class Vendor(httpx.BaseTransport):
    """Knows who is signed in, and answers everything else as told; it notices who asks without end."""

    def __init__(self, change: Answers) -> None:
        self.change, self.asked = change, 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        assert self.asked < 200, "the client asks without end"
        path = request.url.path
        if path.endswith("/admin/accounts"):
            return httpx.Response(200, json=[{"accountId": ACCOUNT}])
        if path == "/api/info":
            return httpx.Response(200, json={"domain": "acme.example.com"})
        if path.endswith("/account/~/extension/~/forwarding-number"):
            uri = f"https://x.test/restapi/v1.0/account/{ACCOUNT}/extension/100001/forwarding-number"
            return httpx.Response(200, json={"uri": uri, "records": []})
        return self.change(request, httpx.Response(200, json={}))


def _arguments(operation: Any) -> list[Any]:
    """One for each that has to be given."""
    parameters = list(inspect.signature(operation).parameters.values())[1:]
    return [BY_ANNOTATION[str(one.annotation)] for one in parameters if one.default is one.empty]


@pytest.mark.parametrize(("kind", "name"), OPERATIONS)
def test_any_answer(kind: type[ApiClient], name: str, tmp_path: Path) -> None:
    operation = getattr(kind, name)
    arguments = _arguments(operation)

    @inputs(6)
    @given(change=answers())
    def ask(change: Answers) -> None:
        with provider_process(Vendor(change), tmp_path):
            value_or_lines(lambda: operation(CLIENTS[kind](), *arguments), kind.vendor)

    ask()


ROW = {"id": "1", "serviceId": 1, "authConfigId": "a", "dnis": "13035550100"}
PAGES: list[Any] = [
    [ROW] * 100,
    {"items": [ROW] * 100, "count": 10**12},
    {"items": [ROW], "count": 10**12},
    {"records": [ROW] * 100, "totalElements": 10**12},
    {"records": [ROW], "paging": {"totalPages": 10**12}},
    {"records": [ROW], "navigation": {"nextPage": {"uri": "https://elsewhere.test/"}}},
]


@pytest.mark.parametrize(("kind", "name"), [one for one in OPERATIONS if one[1].startswith(("list_", "whole_"))])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: json.dumps(page)[-40:])
def test_a_list_whose_pages_never_end(kind: type[ApiClient], name: str, page: Any, tmp_path: Path) -> None:
    operation = getattr(kind, name)
    vendor = Vendor(Answers(0, 10**9, 200, page, None))
    with provider_process(vendor, tmp_path):
        value_or_lines(lambda: operation(CLIENTS[kind](), *_arguments(operation)), kind.vendor)
