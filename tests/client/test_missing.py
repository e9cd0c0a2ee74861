"""Only the vendor's own word says that an object is not there; a gateway's 404 does not."""

from __future__ import annotations

import httpx
import pytest

from pulumi_voice_routing.errors import ApiError, NotFound
from tests.client.test_sign_in import EXCHANGE, SignIn, sign_in

from .conftest import Client, Vendor, status

__all__ = ["sign_in"]

ELSEWHERE = (
    "Nothing is known to be gone: check the ids, the base URL, and whether a proxy answers in the vendor's place."
)


@pytest.mark.parametrize(
    "body",
    [
        {"errorCode": "resource.not.found.exception"},
        {"generalMessage": "The resource you have requested does not exist"},
        {"details": "group 7", "requestUri": "/x - GET"},
    ],
)
def test_the_vendors_own_404(client: Client, body: object) -> None:
    with pytest.raises(NotFound):
        client(Vendor(status(404, json=body))).get_group("7")


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(404, html="<h1>404 Not Found</h1><hr>nginx"),
        httpx.Response(404, text="404 page not found"),
        httpx.Response(404),
        status(404, json={"message": "no Route matched with those values"}),
        status(404, json={}),
        status(404, json=["errorCode"]),
    ],
)
def test_a_404_of_somebody_else(client: Client, answer: httpx.Response) -> None:
    with pytest.raises(ApiError) as raised:
        client(Vendor(answer)).get_group("7")
    assert raised.type is ApiError
    assert str(raised.value).endswith(ELSEWHERE)


def test_a_sign_in_that_is_not_there_is_no_missing_object(client: Client, sign_in: SignIn) -> None:
    sign_in.instead[EXCHANGE] = status(404, json={"errorCode": "resource.not.found.exception"})
    with pytest.raises(ApiError, match="token exchange") as raised:
        client(sign_in.vendor).get_group("7")
    assert raised.type is ApiError
