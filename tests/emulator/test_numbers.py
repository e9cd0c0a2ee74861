"""RingCX numbers: the pool, who answers a DNIS, searches."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulator.conftest import Api, id_of

TN = "/voice/api/v1/admin/utilities/tnManager"
POOL = f"{TN}/dnisPool"
ONE, TWO, THREE = "13035550001", "13035550002", "13035550003"


def pool(dnis: str, **changes: Any) -> dict[str, Any]:
    return {"dnis": dnis, "reservedAccountId": "123456"} | changes


def add(api: Api, *all_dnis: str, **changes: Any) -> None:
    api.ok("POST", POOL, json=[pool(dnis, **changes) for dnis in all_dnis])


def change_state(api: Api, kind: str, *records: dict[str, Any]) -> None:
    state = api.ok("GET", "/_emulator/state")
    state["objects"][kind] = [*state["objects"][kind], *records]
    api.ok("PUT", "/_emulator/state", json=state)


@pytest.fixture(params=["gates", "visualIvrs", "cloudRouteProfiles"])
def target(request: pytest.FixtureRequest, api: Api) -> str:
    """The path that assigns numbers to one object of each product."""
    id = id_of(api.profile()) if request.param == "cloudRouteProfiles" else 1000
    return f"{TN}/assignedDnis/{request.param}/{id}"


GATE = f"{TN}/assignedDnis/gates/1000"


def assigned(dnis: str, **changes: Any) -> dict[str, Any]:
    return {"dnis": dnis, "isActive": True} | changes


class TestPool:
    def test_life(self, api: Api) -> None:
        record = {"dnis": ONE, "dnisE164": f"+{ONE}", "reservedAccountId": "123456", "active": True}
        assert api.ok("POST", POOL, json=[pool(ONE)]) == [record]
        assert api.ok("GET", f"{POOL}/{ONE}") == record
        (changed,) = api.ok("PUT", POOL, json=[pool(ONE, dnisDescription="Denver", active=False)])
        assert (changed["dnisDescription"], changed["active"]) == ("Denver", False)
        assert api.ok("DELETE", f"{POOL}/{ONE}") is True
        assert api.refused("GET", f"{POOL}/{ONE}") == 404

    @pytest.mark.parametrize(
        ("bodies", "status"),
        [
            ([pool(ONE), pool(TWO)], 409),
            ([pool(ONE), pool(ONE)], 409),
            ([pool(ONE), pool("+13035550009")], 400),
            ([pool(ONE), pool("123456")], 400),
            ([pool(ONE), {"dnis": THREE}], 400),
            ([pool(ONE), pool(THREE, isActive=True)], 400),
            ([pool(ONE), pool(THREE, reservedAccountId="777777")], 404),
            ([pool(ONE), pool(THREE, reservedAccountId="654321")], 403),
            (pool(ONE), 400),
        ],
    )
    def test_create_is_all_or_nothing(self, api: Api, bodies: Any, status: int) -> None:
        add(api, TWO)
        assert api.refused("POST", POOL, json=bodies) == status
        assert api.refused("GET", f"{POOL}/{ONE}") == 404

    @pytest.mark.parametrize(
        ("bodies", "status"),
        [
            ([pool(ONE, notes="x"), pool(THREE)], 404),
            ([pool(ONE, notes="x"), pool(ONE)], 409),
            ([pool(ONE, notes="x"), {"dnis": TWO}], 400),
            ([pool(ONE, notes="x"), pool(TWO, reservedAccountId="654321")], 403),
        ],
    )
    def test_update_is_all_or_nothing(self, api: Api, bodies: Any, status: int) -> None:
        add(api, ONE, TWO)
        assert api.refused("PUT", POOL, json=bodies) == status
        assert "notes" not in api.ok("GET", f"{POOL}/{ONE}")

    @pytest.mark.parametrize(("put", "kept"), [("replace", False), ("merge", True)])
    def test_put_of_a_part(self, api: Api, put: str, kept: bool) -> None:
        add(api, ONE, notes="x", active=False)
        api.faults(switches={"put": put})
        (record,) = api.ok("PUT", POOL, json=[pool(ONE)])
        assert ("notes" in record, record["active"]) == (kept, not kept)

    def test_secrets_are_never_answered(self, api: Api) -> None:
        add(api, ONE, twilioApiKey="s3cret")
        assert "twilioApiKey" not in api.ok("GET", f"{POOL}/{ONE}")
        assert "s3cret" not in str(api.journal())

    @pytest.mark.parametrize("call", ["update", "delete"])
    def test_numbers_of_ringcentral_are_not_touched(self, api: Api, call: str) -> None:
        change_state(api, "DnisPool", pool(ONE, active=True, dnisManagedByRC=True))
        if call == "update":
            assert api.refused("PUT", POOL, json=[pool(ONE)]) == 403
        else:
            assert api.refused("DELETE", f"{POOL}/{ONE}") == 403
        assert api.ok("GET", f"{POOL}/{ONE}")["dnisManagedByRC"] is True

    def test_numbers_of_other_accounts_are_not_seen(self, api: Api) -> None:
        change_state(api, "DnisPool", pool(ONE, reservedAccountId="654321", active=True))
        assert api.refused("GET", f"{POOL}/{ONE}") == 404
        assert api.refused("PUT", GATE, json=[assigned(ONE)]) == 404
        assert api.ok("POST", f"{TN}/searchDnis", json={"dnis": ONE})["totalElements"] == 0
        assert api.refused("POST", POOL, json=[pool(ONE)]) == 409
        assert api.ok("POST", f"{TN}/checkNewDnisList", json=[ONE, TWO]) == [ONE]

    def test_an_assigned_number_stays(self, api: Api) -> None:
        add(api, ONE, TWO)
        api.ok("PUT", GATE, json=[assigned(ONE)])
        assert api.refused("DELETE", f"{POOL}/{ONE}") == 409
        assert api.refused("PUT", f"{POOL}/bulkDelete", json=[TWO, ONE]) == 409
        assert api.refused("PUT", f"{POOL}/bulkDelete", json=[TWO, THREE]) == 404
        assert api.refused("PUT", f"{POOL}/bulkDelete", json=[TWO, 7]) == 400
        assert api.ok("PUT", f"{POOL}/bulkDelete", json=[TWO]) is True

    def test_an_assigned_number_keeps_its_account(self, api: Api) -> None:
        change_state(api, "Account", {"accountId": "222222", "accountName": "Two", "mainAccountId": "100000"})
        add(api, ONE)
        api.ok("PUT", GATE, json=[assigned(ONE)])
        assert api.refused("PUT", POOL, json=[pool(ONE, reservedAccountId="222222")]) == 409
        api.ok("DELETE", f"{TN}/assignedDnis/{ONE}")
        api.ok("PUT", POOL, json=[pool(ONE, reservedAccountId="222222")])
        assert api.refused("PUT", GATE, json=[assigned(ONE)]) == 404

    def test_bulk_update_touches_assignments(self, api: Api) -> None:
        add(api, ONE, TWO)
        api.ok("PUT", GATE, json=[assigned(ONE, dnisDescription="Support")])
        bodies = [pool(ONE, active=False, dnisDescription="Denver"), pool(TWO)]
        answer = api.ok("PUT", f"{TN}/updateBulkDnisPool", json=bodies)
        assert answer == {"status": "SUCCESS", "message": "2 rows updated", "updatedRows": "2"}
        after = api.ok("GET", f"{TN}/assignedDnis/{ONE}")
        assert (after["isActive"], after["dnisDescription"]) == (False, "Denver")


class TestUpload:
    URL = f"{TN}/uploadDnisPool?fileType=COMMA"

    @staticmethod
    def file(*rows: str) -> dict[str, Any]:
        header = "dnis,reservedAccountId,dnisDescription,active,vruNetworkId"
        return {"file": ("pool.csv", "\n".join((header, *rows)).encode())}

    def test_creates(self, api: Api) -> None:
        files = self.file(f'{ONE},123456,"Denver, main",false,7', f"{TWO},123456,,,")
        answer = api.ok("POST", f"{self.URL}&quoteCharacter=%22", files=files)
        assert (answer["uploadStatus"]["validated"], answer["uploadStatus"]["validRecords"]) == (True, 2)
        record = api.ok("GET", f"{POOL}/{ONE}")
        assert (record["dnisDescription"], record["active"], record["vruNetworkId"]) == ("Denver, main", False, 7)
        assert api.ok("GET", f"{POOL}/{TWO}")["active"] is True

    def test_other_quotes(self, api: Api) -> None:
        api.ok("POST", f"{self.URL}&quoteCharacter='", files=self.file(f"{ONE},123456,'Denver, main',,"))
        assert api.ok("GET", f"{POOL}/{ONE}")["dnisDescription"] == "Denver, main"

    def test_quotes_that_no_parameter_names_are_text(self, api: Api) -> None:
        assert api.refused("POST", self.URL, files=self.file(f'{ONE},123456,"Denver, main",,')) == 400
        api.ok("POST", self.URL, files=self.file(f'{ONE},123456,"Denver",,'))
        assert api.ok("GET", f"{POOL}/{ONE}")["dnisDescription"] == '"Denver"'

    @pytest.mark.parametrize(
        ("rows", "status"),
        [
            ((f"{ONE},123456,,,", f"{ONE},123456,,,"), 409),
            ((f"{ONE},123456,,,", f"{TWO},123456,,,"), 409),
            ((f"{ONE},123456,,,", "x,123456,,,"), 400),
            ((f"{ONE},123456,,,", f"{THREE},123456,,maybe,"), 400),
            ((f"{ONE},123456,,,", f"{THREE},,,,"), 400),
            ((f"{ONE},123456,,,", THREE), 400),
        ],
    )
    def test_is_all_or_nothing(self, api: Api, rows: tuple[str, ...], status: int) -> None:
        add(api, TWO)
        assert api.refused("POST", self.URL, files=self.file(*rows)) == status
        assert api.refused("GET", f"{POOL}/{ONE}") == 404

    def test_parameters_and_columns(self, api: Api) -> None:
        url = f"{TN}/uploadDnisPool"
        assert api.invalid("POST", url, files=self.file()) == {"fileType"}
        assert api.invalid("POST", f"{url}?fileType=TAB", files=self.file()) == {"fileType"}
        assert api.invalid("POST", self.URL, files={"file": ("x.csv", b"dnis,colour\n")}) == {"file"}


class TestAssignments:
    def test_life(self, api: Api, target: str) -> None:
        add(api, ONE)
        (made,) = api.ok("PUT", target, json=[assigned(ONE, dnisDescription="Support")])
        assert (made["dnis"], made["dnisE164"], made["isActive"]) == (ONE, f"+{ONE}", True)
        owners = {"gates": "gate", "visualIvrs": "visualIvr", "cloudRouteProfiles": "cloudRouteProfile"}
        member = owners[target.split("/")[-2]]
        assert set(made) & {*owners.values(), "tracNumber"} == {member}
        assert made[member]["accountId"] == "123456"
        assert api.ok("GET", f"{TN}/assignedDnis/{ONE}") == made
        assert api.ok("GET", f"{POOL}/{ONE}")["assignedDnis"] == made
        assert api.ok("DELETE", f"{TN}/assignedDnis/{ONE}") is True
        assert api.refused("GET", f"{TN}/assignedDnis/{ONE}") == 404
        assert "assignedDnis" not in api.ok("GET", f"{POOL}/{ONE}")

    def test_is_an_upsert(self, api: Api, target: str) -> None:
        add(api, ONE, TWO)
        api.ok("PUT", target, json=[assigned(ONE, dnisDescription="x")])
        api.ok("PUT", target, json=[assigned(TWO)])
        (changed,) = api.ok("PUT", target, json=[assigned(ONE, isActive=False)])
        assert (changed["isActive"], "dnisDescription" in changed) == (False, False)
        assert api.ok("GET", f"{TN}/assignedDnis/{TWO}")["isActive"] is True

    def test_moves_within_a_product(self, api: Api) -> None:
        add(api, ONE)
        first, second = (id_of(api.profile(profileName=name)) for name in ("First", "Second"))
        api.ok("PUT", f"{TN}/assignedDnis/cloudRouteProfiles/{first}", json=[assigned(ONE)])
        api.ok("PUT", f"{TN}/assignedDnis/cloudRouteProfiles/{second}", json=[assigned(ONE)])
        assert api.ok("GET", f"{TN}/assignedDnis/{ONE}")["cloudRouteProfile"]["cloudProfileId"] == second

    def test_another_product_is_a_conflict(self, api: Api, target: str) -> None:
        add(api, ONE, TWO)
        other = GATE if target != GATE else f"{TN}/assignedDnis/visualIvrs/1000"
        api.ok("PUT", other, json=[assigned(ONE)])
        assert api.refused("PUT", target, json=[assigned(TWO), assigned(ONE)]) == 409
        assert api.refused("GET", f"{TN}/assignedDnis/{TWO}") == 404
        api.ok("DELETE", f"{TN}/assignedDnis/{ONE}")
        api.ok("PUT", target, json=[assigned(TWO), assigned(ONE)])

    @pytest.mark.parametrize(
        ("bodies", "status"),
        [
            ([assigned(ONE), assigned(ONE)], 409),
            ([assigned(ONE), assigned(THREE)], 404),
            ([assigned(ONE), {"dnis": TWO}], 400),
            ([assigned(ONE), {"isActive": True}], 400),
            ([assigned(ONE), assigned(TWO, active=True)], 400),
            (assigned(ONE), 400),
        ],
    )
    def test_is_all_or_nothing(self, api: Api, target: str, bodies: Any, status: int) -> None:
        add(api, ONE, TWO)
        assert api.refused("PUT", target, json=bodies) == status
        assert api.refused("GET", f"{TN}/assignedDnis/{ONE}") == 404

    @pytest.mark.parametrize("path", ["gates/7", "gates/999", "visualIvrs/7", "cloudRouteProfiles/7"])
    def test_unknown_owner(self, api: Api, path: str) -> None:
        add(api, ONE)
        assert api.refused("PUT", f"{TN}/assignedDnis/{path}", json=[assigned(ONE)]) == 404

    def test_a_merging_first_assignment_still_needs_the_active_flag(self, api: Api) -> None:
        add(api, ONE)
        api.faults(switches={"put": "merge"})
        assert api.invalid("PUT", GATE, json=[{"dnis": ONE}]) == {"isActive"}
        assert api.invalid("PUT", GATE, json=[{"isActive": True}]) == {"dnis"}
        api.ok("PUT", GATE, json=[assigned(ONE, dnisDescription="x")])
        assert api.ok("PUT", GATE, json=[{"dnis": ONE}])[0]["dnisDescription"] == "x"

    def test_by_body(self, api: Api) -> None:
        add(api, ONE, TWO)
        api.ok("PUT", GATE, json=[assigned(ONE), assigned(TWO)])
        bulk = f"{TN}/assignedDnis"
        (changed,) = api.ok("PUT", bulk, json=[assigned(ONE, isActive=False)])
        assert (changed["isActive"], changed["gate"]["gateId"]) == (False, 1000)
        assert api.ok("DELETE", bulk, json={"dnis": ONE}) is True
        assert api.ok("DELETE", bulk, json={"dnisE164": f"+{TWO}"}) is True
        assert api.refused("DELETE", bulk, json={"dnis": ONE}) == 404
        assert api.invalid("DELETE", bulk, json={}) == {"dnis"}
        assert api.refused("PUT", bulk, json=[assigned(ONE)]) == 404


class TestPoolAndAssignment:
    URL = f"{TN}/updatePoolAndAssignment"

    def test_moves_a_number(self, api: Api) -> None:
        add(api, ONE)
        api.ok("PUT", GATE, json=[assigned(ONE)])
        item = {"dnisPool": pool(ONE, notes="moved"), "product": "VISUAL_IVR", "productId": 1000}
        assert api.refused("PUT", self.URL, json=[item]) == 409
        assert "notes" not in api.ok("GET", f"{POOL}/{ONE}")
        assert api.ok("PUT", self.URL, json=[item | {"unassignProduct": True}]) is True
        after = api.ok("GET", f"{POOL}/{ONE}")
        assert (after["notes"], after["assignedDnis"]["visualIvr"]["visualIvrId"]) == ("moved", 1000)

    def test_takes_a_number_away(self, api: Api) -> None:
        add(api, ONE)
        api.ok("PUT", GATE, json=[assigned(ONE)])
        assert api.ok("PUT", self.URL, json=[{"dnisPool": pool(ONE), "unassignProduct": True}]) is True
        assert api.refused("GET", f"{TN}/assignedDnis/{ONE}") == 404

    @pytest.mark.parametrize(
        ("item", "status"),
        [
            ({"product": "AGENT", "productId": 1}, 400),
            ({"product": "ACD"}, 400),
            ({"product": "ACD", "productId": 7}, 404),
            ({"dnisPool": pool(THREE)}, 404),
        ],
    )
    def test_is_all_or_nothing(self, api: Api, item: dict[str, Any], status: int) -> None:
        add(api, ONE, TWO)
        good = {"dnisPool": pool(ONE), "product": "ACD", "productId": 1000}
        assert api.refused("PUT", self.URL, json=[good, {"dnisPool": pool(TWO)} | item]) == status
        assert api.refused("GET", f"{TN}/assignedDnis/{ONE}") == 404


class TestSearch:
    @pytest.fixture(autouse=True)
    def numbers(self, api: Api) -> None:
        add(api, ONE, dnisDescription="Denver", notes="north")
        add(api, TWO, active=False)
        add(api, THREE, vendorId="v")
        api.ok("PUT", GATE, json=[assigned(TWO)])

    @pytest.mark.parametrize(
        ("body", "found"),
        [
            ({}, [ONE, TWO, THREE]),
            ({"dnis": ONE}, [ONE]),
            ({"dnis": "1303555"}, []),
            ({"searchText": "50003"}, [THREE]),
            ({"searchText": "Denv"}, [ONE]),
            ({"accountIds": ["7"]}, []),
            ({"accountIds": ["123456"], "dnisState": "ASSIGNED"}, [TWO]),
        ],
    )
    def test_by_text(self, api: Api, body: dict[str, Any], found: list[str]) -> None:
        answer = api.ok("POST", f"{TN}/searchDnis", json=body)
        assert [record["dnis"] for record in answer["records"]] == found
        assert answer["totalElements"] == len(found)
        assert [one["dnis"] for one in answer["records"] if one["assignedDnis"] is not None] == [
            one for one in found if one == TWO
        ]

    @pytest.mark.parametrize(
        ("body", "found"),
        [({}, [ONE, TWO, THREE]), ({"searchText": "50003"}, [THREE]), ({"dnisState": "ASSIGNED"}, [TWO])],
    )
    def test_by_account(self, api: Api, body: dict[str, Any], found: list[str]) -> None:
        v2 = api.ok("POST", "/voice/api/v2/admin/utilities/tnManager/searchDnis", json=body)
        account = v2["entries"]["123456"]
        assert [record["dnis"] for record in account["records"]] == found
        assert (account["name"], v2["totalCount"]) == ("Emulated account", len(found))

    @pytest.mark.parametrize(
        ("criteria", "found"),
        [
            ({}, [ONE, TWO, THREE]),
            ({"dnis": [ONE, THREE]}, [ONE, THREE]),
            ({"dnisFilter": "0002"}, [TWO]),
            ({"active": False}, [TWO]),
            ({"assigned": True}, [TWO]),
            ({"assigned": False}, [ONE, THREE]),
            ({"notes": "nor"}, [ONE]),
            ({"vendorId": "v"}, [THREE]),
            ({"accountId": "123456", "vendorId": "v"}, [THREE]),
            ({"accountIds": ["654321"]}, []),
            ({"product": "ACD"}, [TWO]),
            ({"product": "ACD", "objectId": 1000, "groupId": 1000}, [TWO]),
            ({"product": "ACD", "objectId": 7}, []),
            ({"product": "CLOUD_PROFILE"}, []),
        ],
    )
    def test_by_criteria(self, api: Api, criteria: dict[str, Any], found: list[str]) -> None:
        answer = api.ok("POST", f"{TN}/search", json=criteria)
        assert [record["dnis"] for record in answer["records"]] == found
        report = api.call("POST", f"{TN}/report", json=criteria).text
        assert [line.split(",")[0] for line in report.splitlines()[1:]] == found

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("page=1&size=2", [ONE, TWO]),
            ("page=0&size=2", [ONE, TWO]),
            ("page=2&size=2", [THREE]),
            ("page=2&maxRows=1&count=true", [TWO]),
            ("page=3&size=2", []),
            ("sort=dnis,desc&size=1", [THREE]),
        ],
    )
    def test_pages(self, api: Api, query: str, found: list[str]) -> None:
        answer = api.ok("POST", f"{TN}/search?{query}", json={})
        assert ([record["dnis"] for record in answer["records"]], answer["totalElements"]) == (found, 3)

    @pytest.mark.parametrize(
        ("url", "body", "attribute"),
        [
            ("searchDnis", {"number": ONE}, "number"),
            ("search", {"dnis": ONE}, "dnis"),
            ("search", {"product": "QUEUE"}, "product"),
            ("search?size=0", {}, "size"),
            ("search?limit=1", {}, "limit"),
        ],
    )
    def test_refuses(self, api: Api, url: str, body: dict[str, Any], attribute: str) -> None:
        assert api.invalid("POST", f"{TN}/{url}", json=body) == {attribute}


def test_accounts(api: Api) -> None:
    assert [account["accountId"] for account in api.ok("GET", f"{TN}/accounts")] == ["123456"]
