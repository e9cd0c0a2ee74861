"""Answers in shapes that the contracts leave open."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from pulumi_voice_routing.errors import UnexpectedAnswer

from .conftest import Client, Vendor, ok

ROWS = [{"dnis": "13035550100"}, {"dnis": "13035550101"}]


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ({"records": ROWS, "totalElements": 7}, (ROWS, 7)),
        ({"content": ROWS, "totalElements": 7}, (ROWS, 7)),
        ({"items": ROWS, "total": 7}, (ROWS, 7)),
        (ROWS, (ROWS, None)),
        (
            {"entries": {"1": {"name": "A", "records": ROWS[:1]}, "2": {"records": ROWS[1:]}}, "totalCount": 7},
            (ROWS, 7),
        ),
        ({"entries": {}}, ([], None)),
        ({"records": None}, ([], None)),
        ({"records": ROWS, "totalElements": "7"}, (ROWS, None)),
    ],
)
def test_a_search_in_any_shape(client: Client, answer: Any, found: Any) -> None:
    assert client(Vendor(lambda request: ok(answer))).search_pool({}, 1, 10) == found


@pytest.mark.parametrize("answer", [{}, {"rows": ROWS}, {"records": 1}, "records", 7])
def test_a_search_that_cannot_be_read(client: Client, answer: Any) -> None:
    with pytest.raises(UnexpectedAnswer, match="NM-02"):
        client(Vendor(lambda request: ok(answer))).search_pool({}, 1, 10)


def test_null_in_place_of_an_assignment_means_nobody(client: Client) -> None:
    for content in (b"null", b""):
        answer = httpx.Response(200, content=content)
        assert client(Vendor(lambda request, answer=answer: answer)).get_assignment("13035550100") is None


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ({"cloudDestinationId": 8}, {"destinationName": "A", "city": "B", "cloudDestinationId": 8}),
        (
            {"cloudDestinationId": 8, "newer": True},
            {"destinationName": "A", "city": "B", "cloudDestinationId": 8, "newer": True},
        ),
        (
            {"cloudDestinationId": 8, "destinationName": "A", "city": "C"},
            {"cloudDestinationId": 8, "destinationName": "A", "city": "C"},
        ),
    ],
)
def test_an_answer_with_little_more_than_the_id_stands_for_what_was_sent(
    client: Client, answer: Any, shown: Any
) -> None:
    api = client(Vendor(lambda request: ok([{"accountId": "123456"}] if request.method == "GET" else answer)))
    assert api.create_destination("7", {"destinationName": "A", "city": "B"}) == shown


def test_of_a_clone_an_id_alone_shows_nothing(client: Client) -> None:
    api = client(
        Vendor(lambda request: ok([{"accountId": "123456"}] if request.method == "GET" else {"cloudDestinationId": 8}))
    )
    assert api.clone_destination("7", "8", "A") is None
