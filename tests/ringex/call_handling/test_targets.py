"""The emulated forwarding targets and call flip numbers of RingEX, and what all calls share."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from tests.emulator.conftest import Api
from tests.ringex.call_handling.bodies import (
    DESK,
    DESKTOP,
    DEVICE,
    FLIPS,
    MOBILE,
    OUTSIDE,
    RULES,
    STATES,
    TARGETS,
    Json,
    dispatching,
    ends,
    groups,
    made,
    patch,
    rings,
    wrong,
)
from tests.ringex.test_emulator import code


class TestForwardingTargets:
    APPS: ClassVar[Json] = {"type": "AllMobileRingTarget", "extension": {"id": "100004"}}
    PHONE: ClassVar[Json] = {"type": "PhoneNumberRingTarget", **OUTSIDE}

    def test_lists_what_rules_ring(self, api: Api) -> None:
        patch(api, f"{RULES}/work-hours", dispatching=dispatching(rings(self.PHONE | {"name": "Cell"}, self.APPS)))
        made(api, dispatching=dispatching(rings(self.PHONE)))
        records = api.ok("GET", TARGETS)["records"]
        types = [one["type"] for one in records]
        assert types == ["DeviceRingTarget", "PhoneNumberRingTarget", "CoworkerAppsRingTarget"]
        assert records[0]["device"]["phoneNumber"] == "+13035550113"
        others = api.ok("GET", TARGETS, params={"excludeOwnTargets": "true"})["records"]
        assert others == records[1:]
        assert code(api.call("GET", TARGETS, params={"excludeOwnTargets": "yes"}))[1] == "CMN-101"

    def test_removes_from_all_rules(self, api: Api) -> None:
        patch(api, f"{RULES}/work-hours", dispatching=dispatching(rings(self.PHONE), rings(self.APPS, self.PHONE)))
        path = made(api, dispatching=dispatching(rings(self.PHONE)))
        apps = {"type": "CoworkerAppsRingTarget", "extension": {"id": "100004"}}
        unknown = {"type": "CoworkerRingTarget", "extension": {"id": "100001"}}
        answer = api.ok("DELETE", TARGETS, json={"records": [self.PHONE, DESK, unknown]})["records"]
        assert [(one["bulkItemSuccessful"], one["bulkItem"]) for one in answer] == [
            (True, self.PHONE),
            (False, DESK),
            (False, unknown),
        ]
        assert [one["bulkItemErrors"][0]["errorCode"] for one in answer[1:]] == ["CMN-101", "CMN-102"]
        assert groups(api.ok("GET", f"{RULES}/work-hours"))[3:] == [(["Extension 100004 mobile apps"], 20, True)]
        assert len(groups(api.ok("GET", path))) == 3
        (last,) = api.ok("DELETE", TARGETS, json={"records": [apps]})["records"]
        assert last["bulkItemSuccessful"] is True
        assert len(groups(api.ok("GET", f"{RULES}/work-hours"))) == 3
        assert {one["operation"] for one in api.journal() if one["method"] == "DELETE"} == {"EV-13"}

    def test_refuses_what_is_no_target(self, api: Api) -> None:
        body = {"records": [MOBILE]}
        assert wrong(api, "DELETE", TARGETS, body) == (400, "CMN-101", "records[0].type")

    def test_who_rings_a_device(self, api: Api) -> None:
        api.ok("POST", "/_emulator/ringex/move", json={"extensionId": "100004"})
        other = "/restapi/v2/accounts/~/extensions/100004/comm-handling/voice/state-rules/work-hours"
        path = f"{TARGETS}/devices/{DEVICE}/extensions"
        assert api.ok("GET", path)["referencedExtensions"] == []
        borrowed = rings(DESK | {"extension": {"id": "100003"}})
        body = {"type": "RingInOrder", "actions": [rings(MOBILE), rings(DESKTOP), borrowed, ends()]}
        patch(api, other, dispatching=body)
        assert api.ok("GET", path)["referencedExtensions"] == [{"id": "100004"}]
        assert code(api.call("GET", f"{TARGETS}/devices/9/extensions")) == (404, "CMN-102", "deviceId")
        assert {one["operation"] for one in api.journal() if "devices" in one["path"]} == {"EV-14"}


class TestCallFlip:
    EXTERNAL: ClassVar[Json] = {"phoneNumber": "+13035550188", "type": "External", "label": "Home"}

    def test_the_list_is_replaced(self, api: Api) -> None:
        (system,) = api.ok("GET", FLIPS)["records"]
        assert (system["type"], system["phoneNumber"], system["flipNumber"]) == ("PhoneLine", "+13035550113", "1")
        sent = [system, self.EXTERNAL | {"flipNumber": "8"}, self.EXTERNAL | {"phoneNumber": "+13035550189"}]
        kept = api.ok("PUT", FLIPS, json={"records": sent})["records"]
        assert [(one["type"], one["flipNumber"]) for one in kept] == [
            ("PhoneLine", "1"),
            ("External", "8"),
            ("External", "2"),
        ]
        assert api.ok("GET", FLIPS)["records"] == kept
        changed = [system, kept[1] | {"label": "At home"}]
        assert api.ok("PUT", FLIPS, json={"records": changed})["records"] == changed
        assert {one["operation"] for one in api.journal()} == {"EV-15", "EV-16"}

    @pytest.mark.parametrize(
        ("change", "where"),
        [
            (lambda system, new: [new], "records"),
            (lambda system, new: [system | {"label": "x"}, new], "records"),
            (lambda system, new: [system, *([new] * 10)], "records"),
            (lambda system, new: [system, new | {"flipNumber": "9"}], "records[1].flipNumber"),
            (lambda system, new: [system, new | {"flipNumber": "1"}], "records"),
            (lambda system, new: [system, new | {"type": "PhoneLine"}], "records.type"),
            (lambda system, new: [system, new | {"id": "7"}], "records.id"),
            (lambda system, new: [system, new | {"label": "x" * 61}], "records[1].label"),
            (lambda system, new: [system, new | {"phoneNumber": "3035550188"}], "records[1].phoneNumber"),
        ],
    )
    def test_refuses(self, api: Api, change: Any, where: str) -> None:
        before = api.ok("GET", FLIPS)
        body = {"records": change(before["records"][0], self.EXTERNAL)}
        assert wrong(api, "PUT", FLIPS, body) == (400, "CMN-101", where)
        assert api.ok("GET", FLIPS) == before


def test_all_calls_of_one_group_share_its_limit(api: Api) -> None:
    for _ in range(40):
        last = api.call("GET", f"{STATES}/dnd")
    assert (last.headers["x-rate-limit-group"], last.headers["x-rate-limit-remaining"]) == ("medium", "0")
    assert api.call("GET", RULES).status_code == 429
    assert api.call("GET", FLIPS).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/restapi/v2/accounts/~/extensions/999/comm-handling/states",
        "/restapi/v2/accounts/999/extensions/~/comm-handling/states",
    ],
)
def test_unknown_extensions(api: Api, path: str) -> None:
    assert code(api.call("GET", path))[:2] == (404, "CMN-102")
