"""The RingEX client: pages, who is signed in, limit groups, refusals, upgraded accounts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from pulumi_voice_routing.errors import (
    ApiError,
    BadRequest,
    DeclarationError,
    Forbidden,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    SettingsError,
)
from pulumi_voice_routing.ringex.client import RingEX
from tests.client.conftest import together

from .conftest import BASE, EXTENSION, Clock, RingExVendor

RULES = f"{EXTENSION}/answering-rule"
NUMBERS = f"{EXTENSION}/forwarding-number"
LIGHT = {
    "X-Rate-Limit-Group": "Light",
    "X-Rate-Limit-Limit": "50",
    "X-Rate-Limit-Remaining": "10",
    "X-Rate-Limit-Window": "60",
}


def refusal(status: int, code: str, message: str = "no", **more: Any) -> httpx.Response:
    headers = more.pop("headers", {})
    error = {"errorCode": code, "message": message, **more}
    return httpx.Response(status, json={**error, "errors": [error]}, headers=headers)


class TestPages:
    def all_pages(self, rules: int, *, links: str = BASE) -> Callable[[httpx.Request], httpx.Response]:
        def answer(request: httpx.Request) -> httpx.Response:
            page, size = int(request.url.params["page"]), min(int(request.url.params["perPage"]), 1000)
            pages = -(-rules // size)
            records = [{"id": str(n), "type": "Custom"} for n in range(rules)[(page - 1) * size : page * size]]
            following = {"nextPage": {"uri": f"{links}{RULES}?page={page + 1}"}} if page < pages else {}
            paging = {"page": page, "perPage": size, "totalPages": pages, "totalElements": rules}
            return httpx.Response(200, json={"records": records, "paging": paging, "navigation": following})

        return answer

    @pytest.mark.parametrize("rules", [0, 1, 999, 1000, 1001, 10_000])
    def test_every_rule_comes_once(self, api: RingEX, vendor: RingExVendor, rules: int) -> None:
        vendor.on("GET", "/answering-rule", self.all_pages(rules))
        assert [one["id"] for one in api.list_rules("100001")] == [str(n) for n in range(rules)]
        pages = [int(one.url.params["page"]) for one in vendor.seen("GET", "/answering-rule")]
        assert pages == list(range(1, max(-(-rules // 1000), 1) + 1))

    def test_a_list_is_read_once(self, api: RingEX, vendor: RingExVendor) -> None:
        vendor.on("GET", "/answering-rule", self.all_pages(2500))
        found = together(lambda: api.list_rules("100001"), threads=8)
        assert [len(rules) for rules in found] == [2500] * 8
        assert len(vendor.seen("GET", "/answering-rule")) == 3

    def test_links_to_other_hosts_are_not_followed(self, api: RingEX, vendor: RingExVendor) -> None:
        vendor.on("GET", "/answering-rule", self.all_pages(1500, links="http://elsewhere.test"))
        assert len(api.list_rules("100001")) == 1500
        assert {one.url.host for one in vendor.requests} == {"ringex.test"}

    def test_pages_without_a_count_end_without_a_next_page(self, api: RingEX, vendor: RingExVendor) -> None:
        def answer(request: httpx.Request) -> httpx.Response:
            page = int(request.url.params["page"])
            more = {"nextPage": {"uri": "x"}} if page < 3 else {}
            return httpx.Response(200, json={"records": [{"id": str(page)}], "navigation": more})

        vendor.on("GET", "/answering-rule", answer)
        assert [one["id"] for one in api.list_rules("100001")] == ["1", "2", "3"]

    @pytest.mark.parametrize("rules", [0, 1, 5, 6, 11])
    def test_pages_that_tell_nothing_are_asked_for_until_one_is_empty(
        self, api: RingEX, vendor: RingExVendor, rules: int
    ) -> None:
        def answer(request: httpx.Request) -> httpx.Response:
            start = (int(request.url.params["page"]) - 1) * 5
            return httpx.Response(200, json={"records": [{"id": str(n)} for n in range(rules)[start : start + 5]]})

        vendor.on("GET", "/answering-rule", answer)
        assert [one["id"] for one in api.list_rules("100001")] == [str(n) for n in range(rules)]

    @pytest.mark.parametrize("status", [400, 404])
    def test_pages_that_tell_nothing_end_with_one_that_is_refused(
        self, api: RingEX, vendor: RingExVendor, status: int
    ) -> None:
        pages = [httpx.Response(200, json={"records": [{"id": str(n)}]}) for n in (1, 2)]
        answers = iter([*pages, refusal(status, "CMN-101", "no such page")])
        vendor.on("GET", "/answering-rule", lambda request: next(answers))
        assert [one["id"] for one in api.list_rules("100001")] == ["1", "2"]

        vendor.on("GET", "/answering-rule", refusal(status, "CMN-101"))
        with pytest.raises(ApiError):
            api.list_rules("100002")

    def test_a_server_that_neither_counts_nor_pages(self, api: RingEX, vendor: RingExVendor) -> None:
        vendor.on("GET", "/answering-rule", httpx.Response(200, json={"records": [{"id": "1"}, {"id": "2"}]}))
        assert [one["id"] for one in api.list_rules("100001")] == ["1", "2"]
        assert len(vendor.seen("GET", "/answering-rule")) == 2


class TestWho:
    def test_real_ids_are_asked_once_and_used_everywhere(self, api: RingEX, vendor: RingExVendor) -> None:
        vendor.on("GET", f"{NUMBERS}/7", httpx.Response(200, json={"id": "7"}))
        for _ in range(3):
            assert api.whoami() == ("123456", "100001")
        assert api.get_number("100001", "7") == {"id": "7"}
        assert [one.url.path for one in vendor.requests] == [
            "/restapi/v1.0/account/~/extension/~/forwarding-number",
            f"{NUMBERS}/7",
        ]

    def test_another_account_than_the_configured_one(
        self, new_client: Callable[..., RingEX], vendor: RingExVendor
    ) -> None:
        with pytest.raises(SettingsError, match="account 99 is configured, but the sign-in belongs to account 123456"):
            new_client(account_id="99").create_number("100001", {})
        assert {one.method for one in vendor.requests} == {"GET"}

    def test_the_configured_account(self, new_client: Callable[..., RingEX]) -> None:
        assert new_client(account_id="123456").account_id == "123456"


class TestLimitGroups:
    """With no time to wait, what is not allowed now fails at once and is not sent."""

    @pytest.fixture
    def api(self, new_client: Callable[..., RingEX], clock: Clock, monkeypatch: pytest.MonkeyPatch) -> RingEX:
        monkeypatch.setenv("VOICE_ROUTING_MAX_WAIT_SECONDS", "10")
        api = new_client()
        api.whoami()
        return api

    def read(self, api: RingEX) -> object:
        return api.get_rule("100001", "1")

    def test_a_429_silences_its_group_and_no_other(self, api: RingEX, vendor: RingExVendor) -> None:
        over = refusal(429, "CMN-301", headers={**LIGHT, "Retry-After": "60"})
        vendor.on("GET", f"{RULES}/1", over)
        vendor.on("DELETE", f"{NUMBERS}/7", httpx.Response(204))
        for _ in range(5):
            with pytest.raises(RateLimited):
                self.read(api)
        assert len(vendor.seen("GET", f"{RULES}/1")) == 1
        api.delete_number("100001", "7")
        assert len(vendor.seen("DELETE", f"{NUMBERS}/7")) == 1

    def test_threads_that_come_after_it_stay_silent(self, api: RingEX, vendor: RingExVendor) -> None:
        vendor.on("GET", f"{RULES}/1", refusal(429, "CMN-301", headers={**LIGHT, "Retry-After": "60"}))
        with pytest.raises(RateLimited):
            self.read(api)
        answers = together(lambda: self.read(api))
        assert all(isinstance(one, RateLimited) for one in answers)
        assert len(vendor.seen("GET", f"{RULES}/1")) == 1

    def test_the_silence_ends(self, api: RingEX, vendor: RingExVendor, clock: Clock) -> None:
        vendor.on("GET", f"{RULES}/1", refusal(429, "CMN-301", headers={**LIGHT, "Retry-After": "60"}))
        with pytest.raises(RateLimited):
            self.read(api)
        vendor.on("GET", f"{RULES}/1", httpx.Response(200, json={"id": "1"}))
        clock.now += 59
        clock.waits.clear()
        assert self.read(api) == {"id": "1"}
        assert sum(clock.waits) >= 1

    def test_without_retry_after_it_is_silent_for_half_a_minute(
        self, api: RingEX, vendor: RingExVendor, clock: Clock
    ) -> None:
        vendor.on("GET", f"{RULES}/1", refusal(429, "CMN-301", headers=LIGHT))
        with pytest.raises(RateLimited):
            self.read(api)
        clock.now += 15
        with pytest.raises(RateLimited, match="not sent"):
            self.read(api)
        vendor.on("GET", f"{RULES}/1", httpx.Response(200, json={"id": "1"}))
        clock.now += 10
        assert self.read(api) == {"id": "1"}

    def test_a_429_of_another_kind_silences_everything(self, api: RingEX, vendor: RingExVendor) -> None:
        vendor.on("GET", f"{RULES}/1", refusal(429, "CMN-304", headers={"Retry-After": "60"}))
        vendor.on("DELETE", f"{NUMBERS}/7", httpx.Response(204))
        api.delete_number("100001", "7")
        with pytest.raises(RateLimited):
            self.read(api)
        with pytest.raises(RateLimited):
            api.delete_number("100001", "7")
        assert len(vendor.seen("DELETE", f"{NUMBERS}/7")) == 1

    def test_nothing_remaining_is_a_window_of_silence(self, api: RingEX, vendor: RingExVendor) -> None:
        last = {**LIGHT, "X-Rate-Limit-Remaining": "0"}
        vendor.on("GET", f"{RULES}/1", httpx.Response(200, json={"id": "1"}, headers=last))
        self.read(api)
        with pytest.raises(RateLimited, match="not sent"):
            self.read(api)
        assert len(vendor.seen("GET", f"{RULES}/1")) == 1

    def test_groups_and_limits_are_what_the_answers_say(self, api: RingEX, vendor: RingExVendor) -> None:
        told = {**LIGHT, "X-Rate-Limit-Group": "special", "X-Rate-Limit-Limit": "3"}
        vendor.on("GET", f"{RULES}/1", httpx.Response(200, json={"id": "1"}, headers=told))
        for _ in range(4):  # the first counts against the documented group
            self.read(api)
        with pytest.raises(RateLimited, match="the 3 calls a minute"):
            self.read(api)

    def test_documented_limits_hold_before_the_first_answer(self, api: RingEX, vendor: RingExVendor) -> None:
        vendor.on("DELETE", f"{NUMBERS}/7", httpx.Response(204))
        answers = together(lambda: api.delete_number("100001", "7"), threads=48)
        assert len(vendor.seen("DELETE", f"{NUMBERS}/7")) == 40
        assert sum(isinstance(one, RateLimited) for one in answers) == 8

    def test_a_wait_that_is_short_enough_is_waited(
        self, new_client: Callable[..., RingEX], vendor: RingExVendor, clock: Clock
    ) -> None:
        answers = [
            refusal(429, "CMN-301", headers={**LIGHT, "Retry-After": "60"}),
            httpx.Response(200, json={"id": "1"}, headers=LIGHT),
        ]
        vendor.on("GET", f"{RULES}/1", lambda request: answers.pop(0))
        assert new_client().get_rule("100001", "1") == {"id": "1"}
        assert sum(clock.waits) >= 60


class TestRefusals:
    @pytest.mark.parametrize(
        ("answer", "kind", "line"),
        [
            (
                refusal(404, "CMN-102", "Resource is not found", parameterName="ruleId"),
                NotFound,
                "404 CMN-102 - ruleId: Resource is not found.",
            ),
            (
                refusal(400, "CMN-102", "Resource is not found", parameterName="ruleId"),
                NotFound,
                "400 CMN-102 - ruleId: Resource is not found.",
            ),
            (
                refusal(404, "CMN-120", "Invalid URI"),
                ApiError,
                "404 CMN-120 - Invalid URI. Nothing is known to be gone: check the ids, the base URL",
            ),
            (
                httpx.Response(
                    403,
                    json={
                        "errors": [
                            {
                                "errorCode": "CMN-408",
                                "message": "In order to call",
                                "permissionName": "ReadUserAnsweringRules",
                            }
                        ]
                    },
                ),
                Forbidden,
                "403 CMN-408 - ReadUserAnsweringRules: In order to call. Give the signed-in user the permissions",
            ),
            (
                httpx.Response(400, json={"errorCode": "CMN-104", "message": "Cannot parse"}),
                BadRequest,
                "400 CMN-104 - Cannot parse.",
            ),
        ],
    )
    def test_one_line(
        self, api: RingEX, vendor: RingExVendor, answer: httpx.Response, kind: type[Exception], line: str
    ) -> None:
        vendor.on("GET", f"{RULES}/1", answer)
        with pytest.raises(kind) as caught:
            api.get_rule("100001", "1")
        assert caught.type is kind
        assert f"ringex: EX-02 GET {RULES}/1: {line}" in str(caught.value)

    def test_a_lost_create_is_not_repeated(self, api: RingEX, vendor: RingExVendor) -> None:
        def lost(request: httpx.Request) -> httpx.Response:
            raise httpx.ReadError("gone")

        vendor.on("POST", NUMBERS, lost)
        with pytest.raises(OutcomeUnknown):
            api.create_number("100001", {"phoneNumber": "+13035550100"})
        assert len(vendor.seen("POST", NUMBERS)) == 1


class TestUpgradedAccounts:
    def moved(self, vendor: RingExVendor, value: str = "true") -> None:
        params = [{"name": "isNewBackendAvailable", "value": value}]
        vendor.on("GET", "/features", httpx.Response(200, json={"records": [{"params": params}]}))

    @pytest.mark.parametrize(
        "write",
        [
            lambda api: api.create_rule("100001", {"name": "x"}),
            lambda api: api.update_rule("100001", "business-hours-rule", {"enabled": True}),
            lambda api: api.delete_rule("100001", "1"),
        ],
    )
    def test_no_write_is_sent(self, api: RingEX, vendor: RingExVendor, write: Callable[[RingEX], object]) -> None:
        self.moved(vendor)
        with pytest.raises(DeclarationError, match="extension 100001 was moved to the vendor's new call handling"):
            write(api)
        assert {one.method for one in vendor.requests} == {"GET"}

    @pytest.mark.parametrize("feature", [{}, {"id": "NewCallHandlingAndForwarding"}])
    def test_an_answer_without_a_list_around_it(
        self, api: RingEX, vendor: RingExVendor, feature: dict[str, str]
    ) -> None:
        params = [{"name": "isNewBackendAvailable", "value": "true"}]
        vendor.on("GET", "/features", httpx.Response(200, json={**feature, "available": True, "params": params}))
        assert api.has_new_call_handling("100001")

    @pytest.mark.parametrize(
        "untold",
        [
            {"records": []},
            {"records": [{"id": "NewCallHandlingAndForwarding", "available": True}]},
            {"records": [{"id": "NewCallHandlingAndForwarding", "params": [{"name": "isNewBackendAvailable"}]}]},
            {"params": [{"name": "isNewBackendAvailable", "value": "unknown"}]},
            {"records": None},
            {"records": [{"id": "Other", "params": [{"name": "isNewBackendAvailable", "value": "false"}]}]},
            {},
        ],
    )
    @pytest.mark.parametrize(
        ("rules", "moved"), [(httpx.Response(200, json={"records": []}), False), (refusal(403, "CMN-468"), True)]
    )
    def test_what_is_not_told_is_tried(
        self, api: RingEX, vendor: RingExVendor, untold: dict[str, Any], rules: httpx.Response, moved: bool
    ) -> None:
        vendor.on("GET", "/features", httpx.Response(200, json=untold))
        vendor.on("GET", RULES, rules)
        for _ in range(2):
            assert api.has_new_call_handling("100001") is moved
        assert len(vendor.seen("GET", "/features")) == 1

    @pytest.mark.parametrize("call", [lambda api: api.list_rules("100001"), lambda api: api.get_rule("100001", "1")])
    def test_a_refusal_in_mid_run_says_what_has_happened(
        self, api: RingEX, vendor: RingExVendor, call: Callable[[RingEX], object]
    ) -> None:
        vendor.on("GET", "/answering-rule", refusal(403, "CMN-468", "Feature [x] is not available"))
        vendor.on("GET", f"{RULES}/1", refusal(403, "CMN-468", "Feature [x] is not available"))
        with pytest.raises(Forbidden, match="moved to the vendor's new call handling"):
            call(api)

    def test_it_is_asked_once_for_each_extension(self, api: RingEX, vendor: RingExVendor) -> None:
        self.moved(vendor, "false")
        vendor.on("PUT", f"{RULES}/1", httpx.Response(200, json={"id": "1"}))
        for _ in range(3):
            api.update_rule("100001", "1", {"enabled": True})
        assert len(vendor.seen("GET", "/features")) == 1

    def test_who_may_not_ask_may_write(self, api: RingEX, vendor: RingExVendor) -> None:
        vendor.on("GET", "/features", refusal(403, "CMN-408"))
        vendor.on("PUT", f"{RULES}/1", httpx.Response(200, json={"id": "1"}))
        assert api.update_rule("100001", "1", {"enabled": True})["id"] == "1"

    @pytest.mark.parametrize("refused", [(403, "CMN-408"), (404, "CMN-102"), (400, "CMN-101")])
    @pytest.mark.parametrize("moved", [False, True])
    def test_who_may_not_ask_tries(
        self, api: RingEX, vendor: RingExVendor, refused: tuple[int, str], moved: bool
    ) -> None:
        vendor.on("GET", "/features", refusal(*refused))
        vendor.on("GET", RULES, refusal(403, "CMN-468") if moved else httpx.Response(200, json={"records": []}))
        assert api.has_new_call_handling("100001") is moved

    def test_an_extension_that_is_not_there_has_neither(self, api: RingEX, vendor: RingExVendor) -> None:
        for path in ("/features", "/state-rules", RULES):
            vendor.on("GET", path, refusal(404, "CMN-102", "Resource for parameter [extensionId] is not found"))
        for _ in range(2):
            with pytest.raises(NotFound, match="extensionId"):
                api.has_new_call_handling("100001")

    def test_a_server_that_does_not_know_the_question_is_told_of(
        self, api: RingEX, vendor: RingExVendor, told: list[str]
    ) -> None:
        vendor.on("GET", "/features", refusal(501, "CMN-202", "Not supported"))
        vendor.on("PUT", f"{RULES}/1", httpx.Response(200, json={"id": "1"}))
        for _ in range(2):
            assert api.update_rule("100001", "1", {"enabled": True})["id"] == "1"
        assert [line for line in told if "501 CMN-202" in line and "older call handling" in line] == told
        assert len(told) == 1


@pytest.mark.parametrize("answer", [{"records": None}, {"paging": {"page": 1, "totalPages": 1}}])
def test_a_list_without_records_is_empty(api: RingEX, vendor: RingExVendor, answer: object) -> None:
    vendor.on("GET", RULES, httpx.Response(200, json=answer))
    assert api.list_rules("100001") == []
