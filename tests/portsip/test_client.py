"""The PortSIP client: pages, empty answers, what is gone, the tenant, repeats."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from pulumi_voice_routing.errors import BadRequest, NotFound, OutcomeUnknown, RateLimited, SettingsError
from pulumi_voice_routing.portsip.client import PortSIP

from .conftest import DOMAIN, GROUPS, Clock, PortSipVendor, refusal

GROUP = f"{GROUPS}/NzAw"
BODY = {"name": "Support", "extension_number": "8000", "ring_strategy": "CYCLIC_HUNT"}


def a_list(count: int) -> Callable[[httpx.Request], httpx.Response]:
    def answer(request: httpx.Request) -> httpx.Response:
        skip, top = int(request.url.params["skip"]), int(request.url.params["top"])
        assert 1 <= top <= 100
        items = [{"id": str(n)} for n in range(count)[skip : skip + top]]
        return httpx.Response(200, json={"count": count, "items": items})

    return answer


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 1000])
def test_every_group_comes_once(api: PortSIP, vendor: PortSipVendor, count: int) -> None:
    vendor.on("GET", GROUPS, a_list(count))
    assert [one["id"] for one in api.list_groups()] == [str(n) for n in range(count)]
    assert len(vendor.seen("GET", GROUPS)) == max(-(-count // 100), 1)


def test_a_count_that_is_too_high_does_not_ask_for_ever(api: PortSIP, vendor: PortSipVendor) -> None:
    vendor.on("GET", GROUPS, lambda request: httpx.Response(200, json={"count": 5, "items": []}))
    assert api.list_groups() == []


@pytest.mark.parametrize("status", [200, 201])
def test_a_create_answers_an_id_alone(api: PortSIP, vendor: PortSipVendor, status: int) -> None:
    vendor.on("POST", GROUPS, httpx.Response(status, json={"id": "NzAw"}))
    assert api.create_group(BODY) == {**BODY, "id": "NzAw"}


def test_a_lost_create_is_not_repeated(api: PortSIP, vendor: PortSipVendor) -> None:
    vendor.on("POST", GROUPS, httpx.Response(503))
    with pytest.raises(OutcomeUnknown):
        api.create_group(BODY)
    assert len(vendor.seen("POST", GROUPS)) == 1


@pytest.mark.parametrize(
    ("path", "write"),
    [
        (GROUP, lambda api: api.update_group("NzAw", {})),
        (f"{GROUP}/agents", lambda api: api.replace_members("NzAw", [])),
        (f"{GROUP}/destroy", lambda api: api.delete_group("NzAw")),
    ],
)
def test_posts_that_may_come_twice_are_repeated_and_answer_nothing(
    api: PortSIP, vendor: PortSipVendor, clock: Clock, path: str, write: Callable[[PortSIP], object]
) -> None:
    answers = [httpx.Response(503), httpx.Response(200)]
    vendor.on("POST", path, lambda request: answers.pop(0))
    assert write(api) is None
    assert len(vendor.seen("POST", path)) == 2


@pytest.mark.parametrize("status", [404, 400])
def test_a_group_is_gone_when_the_list_says_so_too(api: PortSIP, vendor: PortSipVendor, status: int) -> None:
    vendor.on("GET", GROUP, refusal(status, "UNKNOWN"))
    vendor.on("GET", GROUPS, httpx.Response(200, json={"count": 0, "items": []}))
    with pytest.raises(NotFound):
        api.get_group("NzAw")


def test_a_group_that_the_list_has_is_not_gone(api: PortSIP, vendor: PortSipVendor) -> None:
    vendor.on("GET", GROUP, refusal(400, "UNKNOWN", "busy"))
    vendor.on("GET", GROUPS, httpx.Response(200, json={"count": 1, "items": [{"id": "NzAw"}]}))
    with pytest.raises(BadRequest, match="400 UNKNOWN - busy"):
        api.get_group("NzAw")


def test_a_refusal_is_one_line_with_its_detail(api: PortSIP, vendor: PortSipVendor) -> None:
    vendor.on("POST", GROUPS, refusal(400, "VALIDATE_FAILED", "is taken", {"field": "extension_number"}))
    with pytest.raises(BadRequest) as caught:
        api.create_group(BODY)
    line = 'portsip: RG-02 POST /api/ring_groups: 400 VALIDATE_FAILED - is taken {"field": "extension_number"}.'
    assert str(caught.value).startswith(line)


def test_429_without_retry_after_backs_off(api: PortSIP, vendor: PortSipVendor, clock: Clock) -> None:
    answers = [httpx.Response(429), httpx.Response(429), httpx.Response(200, json={"id": "NzAw"})]
    vendor.on("GET", GROUP, lambda request: answers.pop(0))
    assert api.get_group("NzAw") == {"id": "NzAw"}
    assert len(clock.waits) == 2


def test_429_with_retry_after_waits_so_long(
    api: PortSIP, vendor: PortSipVendor, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor.on("GET", GROUP, httpx.Response(429, headers={"Retry-After": "100000"}))
    with pytest.raises(RateLimited):
        api.get_group("NzAw")
    assert len(vendor.seen("GET", GROUP)) == 1


class TestTenant:
    def test_ids_start_with_host_and_tenant(self, api: PortSIP, vendor: PortSipVendor) -> None:
        assert api.tenant == f"pbx.test/{DOMAIN}"
        assert vendor.requests == []

    def test_an_unset_tenant_is_that_of_the_session(self, new_client: Callable[..., PortSIP]) -> None:
        assert new_client(None).tenant == f"pbx.test/{DOMAIN}"

    def test_a_tenant_that_nobody_knows(self, new_client: Callable[..., PortSIP], vendor: PortSipVendor) -> None:
        vendor.on("GET", "/api/info", httpx.Response(200, json={}))
        with pytest.raises(SettingsError, match="Set PORTSIP_DOMAIN"):
            _ = new_client(None).tenant

    def test_no_write_goes_to_another_tenant(self, new_client: Callable[..., PortSIP], vendor: PortSipVendor) -> None:
        api = new_client("other.example.com")
        for write in (
            lambda: api.create_group(BODY),
            lambda: api.update_group("NzAw", {}),
            lambda: api.replace_members("NzAw", []),
            lambda: api.delete_group("NzAw"),
        ):
            with pytest.raises(
                SettingsError, match=r"belongs to the tenant acme\.example\.com, but other\.example\.com"
            ):
                write()
        assert {one.method for one in vendor.requests} == {"GET"}

    def test_it_is_asked_once(self, api: PortSIP, vendor: PortSipVendor) -> None:
        vendor.on("POST", GROUP, httpx.Response(200))
        for _ in range(3):
            api.update_group("NzAw", {})
        assert len(vendor.seen("GET", "/api/info")) == 1

    def test_a_server_that_does_not_tell_is_trusted(self, api: PortSIP, vendor: PortSipVendor) -> None:
        vendor.on("GET", "/api/info", refusal(404, "UNKNOWN"))
        vendor.on("POST", GROUP, httpx.Response(200))
        api.update_group("NzAw", {})
