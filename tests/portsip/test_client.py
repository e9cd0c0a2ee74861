"""The PortSIP client: pages, empty answers, what is gone, the tenant, repeats."""

from __future__ import annotations

import json
from collections.abc import Callable

import httpx
import pytest

from pulumi_voice_routing.errors import (
    ApiError,
    BadRequest,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    SettingsError,
    UnexpectedAnswer,
)
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


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 250])
@pytest.mark.parametrize("most", [30, 100])
def test_lists_without_a_count_are_whole(api: PortSIP, vendor: PortSipVendor, count: int, most: int) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        skip, top = int(request.url.params["skip"]), min(most, int(request.url.params["top"]))
        return httpx.Response(200, json={"items": [{"id": str(n)} for n in range(count)[skip : skip + top]]})

    vendor.on("GET", "/api/users", answer)
    assert [one["id"] for one in api.list_extensions()] == [str(n) for n in range(count)]


def test_a_server_that_neither_counts_nor_pages(api: PortSIP, vendor: PortSipVendor) -> None:
    vendor.on("GET", "/api/users", httpx.Response(200, json={"items": [{"id": "1"}]}))
    assert api.list_extensions() == [{"id": "1"}]


@pytest.mark.parametrize("answer", [httpx.Response(201), httpx.Response(200, json={})])
def test_a_create_that_answers_no_id(api: PortSIP, vendor: PortSipVendor, answer: httpx.Response) -> None:
    vendor.on("POST", GROUPS, answer)
    assert api.create_group(BODY) is None


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
    answers = [httpx.Response(503), httpx.Response(200, text="OK")]
    vendor.on("POST", path, lambda request: answers.pop(0))
    assert write(api) is None
    assert len(vendor.seen("POST", path)) == 2


def test_a_page_is_no_yes(api: PortSIP, vendor: PortSipVendor) -> None:
    vendor.on("POST", f"{GROUP}/destroy", httpx.Response(200, html="<html>Please sign in"))
    with pytest.raises(UnexpectedAnswer, match="a page instead of an answer"):
        api.delete_group("NzAw")


@pytest.mark.parametrize("status", [404, 400])
def test_a_group_is_gone_when_the_list_says_so_too(api: PortSIP, vendor: PortSipVendor, status: int) -> None:
    vendor.on("GET", GROUP, refusal(status, "UNKNOWN"))
    vendor.on("GET", GROUPS, httpx.Response(200, json={"count": 0, "items": []}))
    with pytest.raises(NotFound):
        api.get_group("NzAw")


@pytest.mark.parametrize(
    "look",
    [
        lambda api: api.get_group("NzAw"),
        lambda api: api.list_members("NzAw"),
        lambda api: api.delete_group("NzAw"),
    ],
)
@pytest.mark.parametrize("status", [404, 400])
def test_a_list_may_show_for_a_moment_what_is_gone(
    api: PortSIP, vendor: PortSipVendor, clock: Clock, status: int, look: Callable[[PortSIP], object]
) -> None:
    def late(request: httpx.Request) -> httpx.Response:
        rows = [] if clock.waits else [{"id": "NzAw"}]
        return httpx.Response(200, json={"count": len(rows), "items": rows})

    for method, path in (("GET", GROUP), ("GET", f"{GROUP}/agents"), ("POST", f"{GROUP}/destroy")):
        vendor.on(method, path, refusal(status, "UNKNOWN"))
    vendor.on("GET", GROUPS, late)
    with pytest.raises(NotFound):
        look(api)


def test_a_group_that_was_just_destroyed_is_not_among_the_whole_ones(
    api: PortSIP, vendor: PortSipVendor, clock: Clock
) -> None:
    def late(request: httpx.Request) -> httpx.Response:
        rows = [{"id": "NzAw"}, {"id": "NzAx"}][len(clock.waits) :]
        return httpx.Response(200, json={"count": len(rows), "items": rows})

    vendor.on("GET", GROUPS, late)
    vendor.on("GET", f"{GROUPS}/NzAx", httpx.Response(200, json={"id": "NzAx"}))
    assert api.whole_groups() == [{"id": "NzAx"}]


def test_a_group_that_the_list_has_is_not_gone(api: PortSIP, vendor: PortSipVendor, clock: Clock) -> None:
    vendor.on("GET", GROUP, refusal(400, "UNKNOWN", "busy"))
    vendor.on("GET", GROUPS, httpx.Response(200, json={"count": 1, "items": [{"id": "NzAw"}]}))
    with pytest.raises(BadRequest, match="400 UNKNOWN - busy"):
        api.get_group("NzAw")


@pytest.mark.parametrize("status", [404, 400])
@pytest.mark.parametrize("answer", [httpx.Response(404, html="<p>"), refusal(404, "UNKNOWN"), httpx.Response(503)])
def test_a_group_is_not_gone_while_the_list_is_not_to_be_had(
    api: PortSIP, vendor: PortSipVendor, clock: Clock, status: int, answer: httpx.Response
) -> None:
    vendor.on("GET", GROUP, refusal(status, "UNKNOWN"))
    vendor.on("GET", GROUPS, answer)
    with pytest.raises(ApiError) as raised:
        api.get_group("NzAw")
    assert not isinstance(raised.value, NotFound)


@pytest.mark.parametrize(("groups", "kind"), [([{"id": "NzAw"}], ApiError), ([], NotFound)])
def test_members_that_are_not_to_be_had(
    api: PortSIP, vendor: PortSipVendor, clock: Clock, groups: list[object], kind: type[ApiError]
) -> None:
    vendor.on("GET", f"{GROUP}/agents", httpx.Response(404, html="<p>"))
    vendor.on("GET", GROUPS, httpx.Response(200, json={"count": len(groups), "items": groups}))
    with pytest.raises(ApiError) as raised:
        api.list_members("NzAw")
    assert raised.type is kind


@pytest.mark.parametrize("status", [404, 400])
@pytest.mark.parametrize(("groups", "kind"), [([{"id": "NzAw"}], ApiError), ([], NotFound)])
def test_a_destroy_whose_answer_was_lost(
    api: PortSIP, vendor: PortSipVendor, clock: Clock, status: int, groups: list[object], kind: type[ApiError]
) -> None:
    answers = [httpx.Response(504), refusal(status, "UNKNOWN")]
    vendor.on("POST", f"{GROUP}/destroy", lambda request: answers.pop(0))
    vendor.on("GET", GROUPS, httpx.Response(200, json={"count": len(groups), "items": groups}))
    with pytest.raises(kind) as raised:
        api.delete_group("NzAw")
    assert isinstance(raised.value, NotFound) == (kind is NotFound)


def test_a_refusal_is_one_line_with_its_detail(api: PortSIP, vendor: PortSipVendor) -> None:
    vendor.on("POST", GROUPS, refusal(400, "VALIDATE_FAILED", "is taken", {"field": "extension_number"}))
    with pytest.raises(BadRequest) as caught:
        api.create_group(BODY)
    line = 'portsip: RG-02 POST /api/ring_groups: 400 VALIDATE_FAILED - is taken {"field": "extension_number"}.'
    assert str(caught.value).startswith(line)


@pytest.mark.parametrize(
    ("status", "code", "advice"),
    [
        (409, "RESOURCE_IN_USE", "still uses it"),
        (403, "LICENSE_MODULE_UNAVAILABLE", "has no licence"),
        (403, "LICENSE_TENANT_MODULE_REQUIRED", "has no licence"),
        (403, "LICENSE_TARGET_MODULE_REQUIRED", "has no licence"),
        (503, "LICENSE_SNAPSHOT_UNAVAILABLE", "Run again"),
    ],
)
def test_refusals_of_newer_servers_say_what_to_do(
    api: PortSIP, vendor: PortSipVendor, status: int, code: str, advice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pulumi_voice_routing.client.http.pause", lambda *_: None)
    vendor.on("POST", f"{GROUP}/destroy", refusal(status, code, "no"))
    vendor.on("POST", f"{GROUP}/agents", refusal(status, code, "no"))
    for call in (lambda: api.delete_group("NzAw"), lambda: api.replace_members("NzAw", [])):
        with pytest.raises(ApiError, match=f"{status} {code} .*{advice}"):
            call()
    assert not vendor.seen("GET", GROUPS)


def test_what_the_server_shows_of_a_trunk_is_not_sent_back(api: PortSIP, vendor: PortSipVendor) -> None:
    shown = {"provider_name": "Trunk", "provider_brand": "other", "provider_did_numbers": "13035550100"}
    sent = {"provider_id": "NzA", "caller_id": "13035550100", "display_name": "kept"}
    vendor.on("POST", GROUP, httpx.Response(200))
    api.update_group("NzAw", {**BODY, "outbound_caller_ids": [{**sent, **shown}]})
    api.update_group("NzAw", BODY)
    assert [json.loads(one.content) for one in vendor.seen("POST", GROUP)] == [
        {**BODY, "outbound_caller_ids": [sent]},
        BODY,
    ]


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

    def test_a_configured_tenant_is_that_of_the_sign_in(
        self, new_client: Callable[..., PortSIP], vendor: PortSipVendor
    ) -> None:
        """What the server tells is public: without a tenant it may be the server's own."""
        vendor.on("GET", "/api/info", httpx.Response(200, json={"domain": "pbx.test"}))
        vendor.on("POST", GROUP, httpx.Response(200))
        new_client("other.example.com").update_group("NzAw", {})
        assert vendor.seen("GET", "/api/info") == []

    def test_it_is_asked_once(self, new_client: Callable[..., PortSIP], vendor: PortSipVendor) -> None:
        api = new_client(None)
        assert {api.tenant for _ in range(3)} == {f"pbx.test/{DOMAIN}"}
        assert len(vendor.seen("GET", "/api/info")) == 1


def test_an_object_that_comes_on_two_pages_is_one(api: PortSIP, vendor: PortSipVendor) -> None:
    pages = {0: ["a", "b"], 2: ["b", "c"], 4: []}

    def answer(request: httpx.Request) -> httpx.Response:
        items = [{"id": one} for one in pages[int(request.url.params["skip"])]]
        return httpx.Response(200, json={"items": items})

    vendor.on("GET", GROUPS, answer)
    assert [one["id"] for one in api.list_groups()] == ["a", "b", "c"]
