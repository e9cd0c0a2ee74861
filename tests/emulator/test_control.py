"""The control calls: health, journal, state, faults, clock."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from pulumi_voice_routing.emulator import StateError, create_app
from tests.emulator.conftest import ACCOUNT, DESTINATION, DESTINATIONS, TOKEN, Api, client_of

GROUPS = f"{ACCOUNT}/cloudRouteDestinationGroups"


def test_control_calls_need_no_token_and_are_not_in_the_journal() -> None:
    with client_of(create_app(), token="") as client:
        assert client.get("/_emulator/health").json() == {"status": "ok"}
        assert client.get("/_emulator/state").status_code == 200
        assert client.get("/_emulator/journal").json() == []


class TestJournal:
    def test_entry(self, api: Api) -> None:
        api.ok("POST", DESTINATIONS, json=DESTINATION | {"authKey": "s3cret"})
        (entry,) = api.journal()
        assert datetime.fromisoformat(entry.pop("time")).utcoffset() is not None
        answer = entry.pop("response")
        assert answer["cloudDestinationId"] == 1001
        assert entry == {
            "vendor": "ringcx",
            "operation": "CR-04",
            "method": "POST",
            "path": DESTINATIONS,
            "query": {},
            "content_type": "application/json",
            "request": DESTINATION | {"authKey": "***"},
            "status": 200,
            "fault": None,
        }

    def test_holds_refused_and_unknown_calls(self, api: Api) -> None:
        api.call("GET", f"{GROUPS}/7?x=1&x=2")
        api.call("GET", "/restapi/v1.0/account/~/extension/~/call-log", headers={"Authorization": ""})
        first, second = api.journal()
        assert (first["operation"], first["status"], first["query"]) == ("CRb-03", 400, {"x": ["1", "2"]})
        assert (second["vendor"], second["operation"], second["status"]) == ("ringex", None, 501)

    def test_masks_secrets_everywhere(self, api: Api) -> None:
        api.call("POST", f"/api/auth/login/rc/accesstoken?rcAccessToken={TOKEN}&rcTokenType=Bearer")
        api.call("POST", "/api/auth/token/refresh", data={"refresh_token": "s3cret"})
        text = json.dumps(api.journal())
        assert TOKEN not in text
        assert "s3cret" not in text
        assert api.journal()[0]["query"] == {"rcAccessToken": "***", "rcTokenType": "Bearer"}
        assert api.journal()[0]["response"]["accessToken"] == "***"

    def test_shows_uploads(self, api: Api) -> None:
        url = f"{api.destination()}/dnisOverrides/batch?replaceAll=false"
        api.call("POST", url, files={"file": ("a.csv", b"dnis,routeDestination,countryId\n")})
        assert api.journal()[-1]["request"]["file"]["content"] == "dnis,routeDestination,countryId\n"

    def test_can_be_emptied(self, api: Api) -> None:
        api.destination()
        assert api.ok("DELETE", "/_emulator/journal") == []
        assert api.journal() == []


class TestState:
    def test_round_trip(self, api: Api) -> None:
        destination = api.destination()
        state = api.ok("GET", "/_emulator/state")
        api.destination()
        assert api.ok("PUT", "/_emulator/state", json=state) == state
        assert len(api.ok("GET", DESTINATIONS)) == 1
        assert api.ok("GET", destination)
        assert api.ok("POST", DESTINATIONS, json=DESTINATION)["cloudDestinationId"] == 1002

    @pytest.mark.parametrize(
        "objects",
        [
            {"Gadget": []},
            {"Account": {}},
            {"Account": [{"accountName": "x"}]},
            {"Account": [{"accountId": "1"}, {"accountId": "1"}]},
            {"CloudRouteGroup": [{"cloudGroupId": 1, "accountId": "nobody"}]},
        ],
    )
    def test_refuses_a_wrong_state_and_keeps_the_old_one(self, api: Api, objects: dict[str, Any]) -> None:
        before = api.ok("GET", "/_emulator/state")
        assert api.refused("PUT", "/_emulator/state", json={"objects": objects}) == 400
        assert api.ok("GET", "/_emulator/state") == before

    @pytest.mark.parametrize("body", [[], {}, {"objects": {}, "counters": {"Account": "7"}}])
    def test_refuses_what_is_no_state(self, api: Api, body: Any) -> None:
        assert api.refused("PUT", "/_emulator/state", json=body) == 400

    def test_ids_are_never_given_twice(self, api: Api) -> None:
        state = api.ok("GET", "/_emulator/state")
        state["objects"]["CloudRouteDestination"] = [{"cloudDestinationId": 5000, "cloudGroupId": 1000, **DESTINATION}]
        state["counters"] = {"CloudRouteDestination": 1}
        api.ok("PUT", "/_emulator/state", json=state)
        assert api.ok("POST", DESTINATIONS, json=DESTINATION)["cloudDestinationId"] == 5001

    def test_files(self, tmp_path: Path) -> None:
        start, state = tmp_path / "start.json", tmp_path / "state.json"
        account = {"accountId": "1", "accountName": "One", "mainAccountId": "1"}
        start.write_text(json.dumps({"objects": {"Account": [account]}}))
        with client_of(create_app(state_file=state, seed_file=start)) as client:
            assert client.get("/voice/api/v1/admin/accounts").json() == [account]
            assert not state.exists()
            client.put("/_emulator/state", json={"objects": {"Account": [account | {"accountId": "2"}]}})
        with client_of(create_app(state_file=state, seed_file=start)) as client:
            assert client.get("/voice/api/v1/admin/accounts").json()[0]["accountId"] == "2"

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
    def test_a_file_of_another_system(self, encoding: str, tmp_path: Path) -> None:
        account = {"accountId": "1", "accountName": "Zürich", "mainAccountId": "1"}
        start = tmp_path / "start.json"
        start.write_bytes(json.dumps({"objects": {"Account": [account]}}, ensure_ascii=False).encode(encoding))
        with client_of(create_app(seed_file=start)) as client:
            assert client.get("/voice/api/v1/admin/accounts").json() == [account]

    def test_a_broken_file_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "x.json").write_text("{")
        with pytest.raises(StateError, match=r"x\.json is not JSON"):
            create_app(seed_file=tmp_path / "x.json")
        with pytest.raises(FileNotFoundError):
            create_app(seed_file=tmp_path / "y.json")


class TestFaults:
    @staticmethod
    def rule(api: Api, fault: str, operation: str | None = "CR-04", **facts: Any) -> None:
        api.faults(rules=[{"fault": fault, "match": {"operation": operation}, **facts}])

    @staticmethod
    def count(api: Api) -> int:
        return len(api.ok("GET", DESTINATIONS))

    @pytest.mark.parametrize(
        ("facts", "status", "text"),
        [
            ({"fault": "status", "code": 503, "body": {"down": True}}, 503, '{"down": true}'),
            ({"fault": "status", "code": 500, "body": "oops"}, 500, "oops"),
            ({"fault": "html", "code": 502}, 502, "<h1>502</h1>"),
            ({"fault": "unauthorized"}, 401, "Jwt is expired"),
            ({"fault": "rate_limit"}, 429, "rate.limit.exception"),
        ],
    )
    def test_answers_instead_of_the_call(self, api: Api, facts: dict[str, Any], status: int, text: str) -> None:
        api.faults(rules=[{"match": {"operation": "CR-04"}, **facts}])
        response = api.call("POST", DESTINATIONS, json=DESTINATION)
        assert response.status_code == status
        assert text in response.text
        assert self.count(api) == 0

    def test_status_without_a_body_has_the_vendors_one(self, api: Api) -> None:
        self.rule(api, "status", code=503, headers={"Retry-After": "3"})
        response = api.call("POST", DESTINATIONS, json=DESTINATION)
        assert (response.json()["errorCode"], response.headers["retry-after"]) == ("general.exception", "3")

    def test_rate_limit_tells_when_to_come_back_as_it_is_told(self, api: Api) -> None:
        self.rule(api, "rate_limit", retry_after="Wed, 21 Oct 2026 07:28:00 GMT")
        assert api.call("POST", DESTINATIONS, json=DESTINATION).headers["retry-after"].startswith("Wed")

    def test_created_201_takes_effect(self, api: Api) -> None:
        self.rule(api, "created_201")
        assert api.call("POST", DESTINATIONS, json=DESTINATION).status_code == 201
        assert self.count(api) == 1

    def test_flip_is_active(self, api: Api) -> None:
        self.rule(api, "flip_is_active", "CR-06")
        assert api.ok("PUT", api.destination(), json=DESTINATION)["isActive"] is True

    def test_delay_takes_effect(self, api: Api) -> None:
        self.rule(api, "delay_seconds", seconds=0.01)
        api.destination()
        assert api.journal()[-1]["fault"] == "delay_seconds"

    @pytest.mark.parametrize(
        ("match", "hit"),
        [
            (None, True),
            ({}, True),
            ({"operation": None}, True),
            ({"operation": "CR-04"}, True),
            ({"operation": "CR-05"}, False),
            ({"method": "POST"}, True),
            ({"method": "PUT"}, False),
            ({"path_contains": "cloudRouteDestinations"}, True),
            ({"path_contains": "cloudRouteProfiles"}, False),
            ({"method": "POST", "path_contains": "cloudRouteProfiles"}, False),
        ],
    )
    def test_match(self, api: Api, match: dict[str, Any] | None, hit: bool) -> None:
        rule = {"fault": "status", "code": 503} | ({} if match is None else {"match": match})
        api.faults(rules=[rule])
        assert (api.call("POST", DESTINATIONS, json=DESTINATION).status_code == 503) is hit

    def test_times_and_after(self, api: Api) -> None:
        self.rule(api, "status", "CR-03", code=503, after=1, times=2)
        statuses = [api.call("GET", DESTINATIONS).status_code for _ in range(5)]
        assert statuses == [200, 503, 503, 200, 200]
        (rule,) = api.faults()["rules"]
        assert (rule["seen"], rule["hits"]) == (3, 2)

    def test_rules_go_in_their_order(self, api: Api) -> None:
        self.rule(api, "status", "CR-03", code=503)
        self.rule(api, "status", "CR-03", code=500)
        assert [api.call("GET", DESTINATIONS).status_code for _ in range(3)] == [503, 500, 200]

    def test_clear(self, api: Api) -> None:
        start = api.faults()
        api.faults(rules=[{"fault": "reset"}], switches={"put": "merge", "latency_seconds": 0.01})
        assert api.faults(clear=True) == start

    @pytest.mark.parametrize(
        ("body", "complaint"),
        [
            ({"rule": []}, "rule: unknown field"),
            ({"rules": [{"fault": "flood"}]}, "rules[0].fault: must be one of"),
            ({"rules": [{"fault": "status"}]}, "rules[0].code: is required"),
            ({"rules": [{"fault": "delay_seconds"}]}, "rules[0].seconds: is required"),
            ({"rules": [{"fault": "reset", "match": {"vendor": "x"}}]}, "rules[0].match.vendor"),
            ({"rules": [{"fault": "reset", "times": 0}]}, "rules[0].times: must be at least 1"),
            ({"rules": ["reset"]}, "rules[0]: must be an object"),
            ({"switches": {"put": "patch"}}, "switches.put: must be one of"),
            ({"switches": {"rate_limits": 1}}, "switches.rate_limits: must be true or false"),
        ],
    )
    def test_refuses_wrong_faults(self, api: Api, body: Any, complaint: str) -> None:
        response = api.call("POST", "/_emulator/faults", json=body)
        assert response.status_code == 400
        assert complaint in response.json()["error"]
        assert api.faults()["rules"] == []


class TestClock:
    def test_set_and_advance(self, api: Api) -> None:
        assert api.ok("POST", "/_emulator/clock", json={"now": "2030-01-01T00:00:00Z"})["now"] < "2030-01-01T01"
        api.advance(86400)
        api.destination()
        assert api.journal()[0]["time"].startswith("2030-01-02T00:")

    @pytest.mark.parametrize("body", [{}, {"now": "noon"}, {"now": 7}, {"advance_seconds": "7"}, {"later": 1}, []])
    def test_refuses(self, api: Api, body: Any) -> None:
        assert api.refused("POST", "/_emulator/clock", json=body) == 400
