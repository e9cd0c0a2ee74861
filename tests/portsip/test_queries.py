"""Lists of which a part is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pulumi
import pytest

from pulumi_voice_routing import portsip
from pulumi_voice_routing.portsip.auth import PortSipTokens
from pulumi_voice_routing.portsip.client import PortSIP, Query

GROUPS = [{"id": str(number), "name": f"Group {number}", "extension_number": str(number)} for number in range(250)]


def client_of(answer: Callable[[httpx.Request], httpx.Response]) -> PortSIP:
    transport = httpx.MockTransport(answer)
    return PortSIP("https://pbx.test", PortSipTokens("https://pbx.test", transport), "acme.test", 0, transport)


@pytest.fixture(autouse=True)
def signed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTSIP_ACCESS_TOKEN", "ready-made-token")


@pytest.mark.parametrize("counted", [True, False])
@pytest.mark.parametrize(
    ("query", "found", "asked"),
    [
        ({}, range(250), [("0", "100"), ("100", "100"), ("200", "100")]),
        ({"top": 3}, range(3), [("0", "3")]),
        ({"skip": 10, "top": 120}, range(10, 130), [("10", "100"), ("110", "20")]),
        ({"skip": 240}, range(240, 250), [("240", "100")]),
        ({"skip": 240, "top": 100}, range(240, 250), [("240", "100")]),
        ({"skip": 300}, [], [("300", "100")]),
        ({"top": 0}, [], []),
    ],
)
def test_skip_and_top(query: Query, found: Any, asked: list[tuple[str, str]], counted: bool) -> None:
    requests: list[tuple[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        skip, top = request.url.params["skip"], request.url.params["top"]
        requests.append((skip, top))
        items = GROUPS[int(skip) : int(skip) + int(top)]
        return httpx.Response(200, json={"items": items, **({"count": len(GROUPS)} if counted else {})})

    groups = client_of(answer).list_groups(query or None)
    assert [one["id"] for one in groups] == [str(number) for number in found]
    # Where nothing is counted, an empty page is the end; what was asked for in full needs none.
    assert requests[: len(asked)] == asked
    assert len(requests) - len(asked) <= (0 if counted else 1)


def test_the_words_of_a_query_are_sent_as_they_are_and_the_answer_is_not_kept() -> None:
    asked: list[dict[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(dict(request.url.params))
        return httpx.Response(200, json={"count": 0, "items": []})

    api = client_of(answer)
    query: Query = {"filter": "name eq 'Support'", "search": "Sup port", "orderby": "name desc"}
    for ask in (api.list_groups, api.list_trunks, api.list_extensions):
        ask(query)
        ask(query)
        ask()
        ask()
    whole = {"skip": "0", "top": "100"}
    assert asked == [{**query, **whole}, {**query, **whole}, whole] * 3


@pytest.mark.parametrize("ask", [portsip.get_ring_groups, portsip.get_trunks, portsip.get_extensions])
@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"top": "3"}, "top must be a whole number"),
        ({"skip": -1}, "skip must be a whole number"),
        ({"top": True}, "top must be a whole number"),
        ({"filter": 3}, "filter must be text"),
        ({"orderby": "na\u200bme"}, "orderby holds characters that cannot be printed"),
    ],
)
def test_a_wrong_query_is_refused_before_anything_is_asked(ask: Any, wrong: dict[str, Any], why: str) -> None:
    with pytest.raises(pulumi.RunError, match=why):
        ask(**wrong)
