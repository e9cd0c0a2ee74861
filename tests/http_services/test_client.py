"""Lists that come in pages, whichever number the vendor gives the first one."""

from __future__ import annotations

import httpx
import pytest

from pulumi_voice_routing.ringcx.client import RingCX

GROUPS = "/voice/api/v1/admin/accounts/123456/httpServiceGroups"


class Pages:
    """A vendor with many groups. Without ``page`` it answers the first page."""

    def __init__(self, total: int, first_page: int, most: int = 100) -> None:
        self.total, self.first_page, self.most = total, first_page, most
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        size = min(self.most, int(request.url.params["maxRows"]))
        page = int(request.url.params.get("page", self.first_page)) - self.first_page
        rows = range(self.total)[page * size : (page + 1) * size]
        return httpx.Response(200, json=[{"serviceGroupId": number} for number in rows])


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RINGCX_ACCESS_TOKEN", "ready-made-token")


def listed(vendor: Pages) -> list[int]:
    api = RingCX("https://vendor.test", "123456", 0, httpx.MockTransport(vendor))
    try:
        return [one["serviceGroupId"] for one in api.list_service_groups()]
    finally:
        api.close()


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize("first_page", [0, 1])
@pytest.mark.parametrize("total", [0, 1, 50, 70, 99, 100, 101, 250, 300])
@pytest.mark.parametrize("most", [10, 25, 50, 100])
def test_every_row_of_every_page_is_there_once(total: int, first_page: int, most: int) -> None:
    assert listed(Pages(total, first_page, most)) == list(range(total))


@pytest.mark.usefixtures("settings")
def test_a_short_list_is_one_call() -> None:
    vendor = Pages(99, 1)

    listed(vendor)

    (request,) = vendor.requests
    assert request.url.path == GROUPS
    assert "page" not in request.url.params
