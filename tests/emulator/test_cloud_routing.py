"""RingCX cloud routing: what the emulator does with accepted calls."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from tests.emulator.conftest import (
    ACCOUNT,
    DESTINATION,
    DESTINATIONS,
    GROUP,
    PROFILE,
    PROFILES,
    Api,
    assignment,
    id_of,
)

GROUPS = f"{ACCOUNT}/cloudRouteDestinationGroups"
SKINNY = "/voice/api/v2-skinny/admin/accounts/123456"
HOURS = ",".join(f"H{hour:02}" for hour in range(24))


def test_create_answers_the_whole_object(api: Api) -> None:
    assert api.ok("POST", DESTINATIONS, json=DESTINATION) == DESTINATION | {
        "cloudDestinationId": 1001,
        "cloudRouteGroup": {"cloudGroupId": 1000, "groupName": "Default"},
        "isActive": False,
        "isDeleted": False,
        "active": False,
        "deleted": False,
    }


def test_create_may_set_the_active_flag(api: Api) -> None:
    assert api.ok("GET", api.destination(isActive=True))["isActive"] is True


@pytest.mark.parametrize(("put", "kept"), [("replace", False), ("merge", True)])
def test_put_of_a_part(api: Api, put: str, kept: bool) -> None:
    destination = api.destination(ringDuration=20, city="Denver")
    api.faults(switches={"put": put})
    after = api.ok("PUT", destination, json=DESTINATION | {"city": "Boulder"})
    assert (after["city"], "ringDuration" in after) == ("Boulder", kept)


def test_merging_put_needs_no_required_fields(api: Api) -> None:
    destination = api.destination()
    assert api.invalid("PUT", destination, json={"city": "Boulder"}) == {
        "destinationName",
        "destinationType",
        "routeDestination",
    }
    api.faults(switches={"put": "merge"})
    assert api.ok("PUT", destination, json={"city": "Boulder"})["destinationName"] == "Denver"


def test_put_does_not_change_the_active_flag(api: Api) -> None:
    destination = api.destination()
    assert api.ok("PUT", f"{destination}/setIsActive", json={"isActive": True}) is True
    assert api.ok("PUT", destination, json=DESTINATION | {"isActive": False})["isActive"] is True
    assert api.ok("PUT", f"{destination}/setIsActive", json={"isActive": False}) is True
    assert api.ok("GET", destination)["isActive"] is False


def test_secrets_are_never_answered_and_survive_a_put(api: Api) -> None:
    destination = api.destination(authKey="s3cret")
    assert "authKey" not in api.ok("GET", destination)
    api.ok("PUT", destination, json=DESTINATION)
    stored = api.ok("GET", "/_emulator/state")["objects"]["CloudRouteDestination"][0]
    assert stored["authKey"] == "s3cret"


class TestGroups:
    def test_life_of_a_group(self, api: Api) -> None:
        group = f"{GROUPS}/{api.ok('POST', GROUPS, json={'groupName': 'East'})['cloudGroupId']}"
        assert api.ok("PUT", group, json={"groupName": "West"})["groupName"] == "West"
        in_other_tree = group.replace("DestinationGroups", "ProfileGroups")
        assert api.ok("GET", in_other_tree) == api.ok("GET", group)
        assert api.ok("DELETE", in_other_tree) is True
        assert api.refused("GET", group) == 404

    def test_a_group_stays_default_or_not(self, api: Api) -> None:
        assert api.invalid("PUT", GROUP, json={"groupName": "Default", "isDefault": False}) == {"isDefault"}
        assert api.ok("PUT", GROUP, json={"groupName": "Renamed"})["isDefault"] is True

    def test_the_default_group_cannot_be_deleted(self, api: Api) -> None:
        assert api.refused("DELETE", GROUP) == 409

    @pytest.mark.parametrize("body", [DESTINATION, PROFILE])
    def test_a_group_with_children_cannot_be_deleted(self, api: Api, body: dict[str, Any]) -> None:
        group = f"{GROUPS}/{api.ok('POST', GROUPS, json={'groupName': 'East'})['cloudGroupId']}"
        if body is DESTINATION:
            api.ok("POST", f"{group}/cloudRouteDestinations", json=body)
        else:
            api.ok("POST", f"{group.replace('Destination', 'Profile')}/cloudRouteProfiles", json=body)
        assert api.refused("DELETE", group) == 409

    @pytest.mark.parametrize(
        ("path", "member", "names"),
        [
            (f"{GROUPS}/withChildren", "cloudRouteDestinations", ["Denver"]),
            (f"{ACCOUNT}/cloudRouteProfileGroups/withChildren", "cloudRouteProfiles", ["Support"]),
            (f"{SKINNY}/cloudRouteDestinationGroups/withChildren", "cloudRouteDestinations", ["Denver"]),
            (f"{SKINNY}/cloudRouteProfileGroups/withChildren", "cloudRouteProfiles", ["Support"]),
        ],
    )
    def test_groups_with_children(self, api: Api, path: str, member: str, names: list[str]) -> None:
        api.destination(), api.profile()
        (group,) = api.ok("GET", path)
        assert [child.get("destinationName", child.get("profileName")) for child in group[member]] == names

    @pytest.mark.parametrize("tree", ["cloudRouteDestinationGroups", "cloudRouteProfileGroups"])
    def test_small_group_lists(self, api: Api, tree: str) -> None:
        group = {"cloudGroupId": 1000, "groupName": "Default", "accountId": "123456"}
        assert api.ok("GET", f"{SKINNY}/{tree}") == [group]

    def test_plain_lists_hold_no_children_and_no_permissions(self, api: Api) -> None:
        assert api.ok("GET", GROUPS) == [{"cloudGroupId": 1000, "groupName": "Default", "isDefault": True}]

    def test_permissions_on_demand(self, api: Api) -> None:
        api.destination()
        for path in (f"{GROUPS}/withChildren", f"{DESTINATIONS}/withChildren"):
            assert "permissions" not in api.ok("GET", path)[0]
            assert "DELETE" in api.ok("GET", f"{path}?includePermissions=true")[0]["permissions"]


class TestClones:
    def test_a_destination_clone_takes_everything_along(self, api: Api) -> None:
        destination, profile = api.destination(isActive=True, authKey="s3cret"), api.profile()
        api.assign(profile, destination)
        api.ok("POST", f"{destination}/dnisOverrides", json={"dnis": "13035550001", "routeDestination": "1"})
        clone = api.ok("POST", f"{destination}/clone?newDestinationName=Boulder")
        path = f"{DESTINATIONS}/{clone['cloudDestinationId']}"
        assert (clone["destinationName"], clone["isActive"]) == ("Boulder", True)
        assert [override["dnis"] for override in api.ok("GET", f"{path}/dnisOverrides")] == ["13035550001"]
        (link,) = api.ok("GET", f"{path}/assignedProfiles")
        assert (link["cloudProfile"]["cloudProfileId"], link["allocationPercent"]) == (id_of(profile), 0)

    def test_a_profile_clone_takes_its_assignments_along(self, api: Api) -> None:
        profile = api.profile()
        assigned = api.assign(profile, api.destination())
        override = {"dnis": "13035550001", "routeDestination": "1"}
        overrides = f"{profile}/assignedDestinations/{assigned}/dnisOverrides"
        api.ok("POST", f"{overrides}?cloudDestinationType=DID", json=override)
        api.ok("POST", f"{profile}/dtmfEvents", json={"dtmfCode": 1, "dtmfEventData": "x"})
        clone = api.ok("POST", f"{profile}/clone?newCloudRouteProfileName=Sales")
        path = f"{PROFILES}/{clone['cloudProfileId']}"
        (link,) = api.ok("GET", f"{path}/assignedDestinations")
        assert (clone["profileName"], link["allocationPercent"]) == ("Sales", 100)
        overrides = f"{path}/assignedDestinations/{link['assignedDestinationId']}/dnisOverrides"
        assert len(api.ok("GET", overrides)) == len(api.ok("GET", f"{path}/dtmfEvents")) == 1


class TestAssignments:
    def test_is_the_same_from_both_sides(self, api: Api) -> None:
        destination, profile = api.destination(), api.profile()
        assigned = api.assign(profile, destination)
        from_profile = f"{profile}/assignedDestinations/{assigned}"
        from_destination = f"{destination}/assignedProfiles/{assigned}"
        assert api.ok("GET", from_profile) == api.ok("GET", from_destination)
        assert api.ok("GET", f"{destination}/assignedProfiles") == api.ok("GET", f"{profile}/assignedDestinations")
        changed = {"destinationType": "DID", "rank": 2, "allocationPercent": 40}
        assert api.ok("PUT", from_destination, json=changed)["rank"] == 2
        assert api.ok("PUT", from_profile, json=changed | {"rank": 3})["rank"] == 3
        assert api.ok("DELETE", from_destination) is True
        assert api.refused("GET", from_profile) == 404

    def test_can_be_made_from_the_destination(self, api: Api) -> None:
        destination, profile = api.destination(), api.profile(routingType="SEQUENTIAL")
        body = {"cloudProfile": {"cloudProfileId": id_of(profile)}, "destinationType": "DID", "rank": 1}
        answer = api.ok("POST", f"{destination}/assignedProfiles", json=body)
        assert answer["cloudDestination"]["cloudDestinationId"] == id_of(destination)
        assert [link["rank"] for link in api.ok("GET", f"{profile}/assignedDestinations")] == [1]

    @pytest.mark.parametrize(
        ("change", "attribute"),
        [
            ({"cloudDestination": {}}, "cloudDestination.cloudDestinationId"),
            ({"cloudDestination": {"cloudDestinationId": 1001, "id": 1}}, "cloudDestination.id"),
            ({"allocationPercent": 101}, "allocationPercent"),
            ({"allocationPercent": -1}, "allocationPercent"),
            ({"rank": "1"}, "rank"),
            ({"destinationType": "QUEUE"}, "destinationType"),
        ],
    )
    def test_refuses_wrong_fields(self, api: Api, change: dict[str, Any], attribute: str) -> None:
        body = assignment(api.destination()) | change
        assert api.invalid("POST", f"{api.profile()}/assignedDestinations", json=body) == {attribute}

    @pytest.mark.parametrize("missing", ["cloudDestination", "destinationType", "rank", "allocationPercent"])
    def test_needs(self, api: Api, missing: str) -> None:
        body = {name: value for name, value in assignment(api.destination()).items() if name != missing}
        assert api.invalid("POST", f"{api.profile()}/assignedDestinations", json=body) == {missing}

    def test_unknown_destination(self, api: Api) -> None:
        assert api.refused("POST", f"{api.profile()}/assignedDestinations", json=assignment("x/7")) == 404

    def test_a_destination_is_assigned_once(self, api: Api) -> None:
        profile, destination = api.profile(), api.destination()
        api.assign(profile, destination)
        assert api.refused("POST", f"{profile}/assignedDestinations", json=assignment(destination)) == 409

    def test_keeps_its_destination(self, api: Api) -> None:
        profile, first, second = api.profile(), api.destination(), api.destination()
        path = f"{profile}/assignedDestinations/{api.assign(profile, first)}"
        assert api.invalid("PUT", path, json=assignment(second)) == {"cloudDestination"}
        assert api.ok("PUT", path, json=api.ok("GET", path))["cloudDestination"]["cloudDestinationId"] == id_of(first)


class Split:
    """A percent profile over two destinations."""

    def __init__(self, api: Api, first: int, second: int, **profile: Any) -> None:
        self.api = api
        self.path = api.profile(**profile)
        self.all = f"{self.path}/assignedDestinations"
        self.ids = [
            api.assign(self.path, api.destination(), allocationPercent=share, rank=rank)
            for rank, share in enumerate((first, second))
        ]

    def batch(self, *shares: int) -> list[dict[str, Any]]:
        return [
            {"assignedDestinationId": id, "destinationType": "DID", "rank": rank, "allocationPercent": share}
            for rank, (id, share) in enumerate(zip(self.ids, shares, strict=False))
        ]

    def shares(self) -> list[int]:
        return [item["allocationPercent"] for item in self.api.ok("GET", self.all)]

    def activate(self) -> int:
        return self.api.call("PUT", f"{self.path}/setIsActive", json={"isActive": True}).status_code

    def file(self, *shares: int, delimiter: str = ",") -> dict[str, Any]:
        rows = [f"assignedDestinationId,destinationName,{HOURS}"]
        rows += [f"{id},Denver,{','.join([str(share)] * 24)}" for id, share in zip(self.ids, shares, strict=False)]
        return {"file": ("hours.csv", "\r\n".join(rows).replace(",", delimiter).encode())}

    def import_url(self, extension: str = "COMMA") -> str:
        return f"{self.all}/percentAllocationHours/import?extension={extension}"


class TestPercentages:
    @pytest.mark.parametrize(("shares", "status"), [((60, 40), 200), ((60, 39), 409), ((60, 41), 409)])
    def test_activation_needs_the_whole_split(self, api: Api, shares: tuple[int, int], status: int) -> None:
        assert Split(api, *shares).activate() == status

    def test_other_profiles_activate_without_percentages(self, api: Api) -> None:
        assert api.ok("PUT", f"{api.profile(routingType='OTHER')}/setIsActive", json={"isActive": True}) is True

    def test_deactivation_is_never_refused(self, api: Api) -> None:
        assert api.ok("PUT", f"{Split(api, 1, 1).path}/setIsActive", json={"isActive": False}) is True

    def test_batch_sets_what_it_names(self, api: Api) -> None:
        split = Split(api, 60, 40)
        answer = api.ok("PUT", f"{split.all}/batch", json=split.batch(30))
        assert [item["assignedDestinationId"] for item in answer] == split.ids[:1]
        assert split.shares() == [30, 40]

    def test_batch_on_an_active_profile_keeps_the_total(self, api: Api) -> None:
        split = Split(api, 60, 40)
        assert split.activate() == 200
        assert api.invalid("PUT", f"{split.all}/batch", json=split.batch(30)) == {"allocationPercent"}
        assert split.shares() == [60, 40]
        api.ok("PUT", f"{split.all}/batch", json=split.batch(30, 70))
        assert split.shares() == [30, 70]

    def test_single_put_does_not_check_the_total(self, api: Api) -> None:
        split = Split(api, 60, 40)
        assert split.activate() == 200
        body = {"destinationType": "DID", "rank": 0, "allocationPercent": 10}
        api.ok("PUT", f"{split.all}/{split.ids[0]}", json=body)
        assert split.shares() == [10, 40]

    def test_batch_takes_existing_assignments_only(self, api: Api) -> None:
        split, other = Split(api, 60, 40), Split(api, 60, 40)
        good = split.batch(50)
        unnamed = {name: value for name, value in good[0].items() if name != "assignedDestinationId"}
        assert api.refused("PUT", f"{split.all}/batch", json=[*good, *other.batch(1)]) == 404
        assert api.invalid("PUT", f"{split.all}/batch", json=[unnamed]) == {"[0].assignedDestinationId"}
        assert api.invalid("PUT", f"{split.all}/batch", json=[*good, *good]) == {"assignedDestinationId"}
        assert api.invalid("PUT", f"{split.all}/batch", json=good[0]) == {"body"}
        assert split.shares() == [60, 40]

    def test_export(self, api: Api) -> None:
        split = Split(api, 60, 40)
        response = api.call("POST", f"{split.all}/percentAllocationHours/export")
        assert response.headers["content-type"].startswith("text/csv")
        assert response.content == split.file(60, 40)["file"][1] + b"\r\n"

    @pytest.mark.parametrize(("extension", "delimiter"), [("COMMA", ","), ("PIPE", "|"), ("TAB", "\t")])
    def test_import(self, api: Api, extension: str, delimiter: str) -> None:
        split = Split(api, 60, 40)
        files = split.file(25, 75, delimiter=delimiter)
        answer = api.ok("POST", split.import_url(extension), files=files)
        assert [item["allocationPercentHours"] for item in answer] == [",".join(["25"] * 24), ",".join(["75"] * 24)]
        assert b"Denver,25,25" in api.call("POST", f"{split.all}/percentAllocationHours/export").content

    def test_imported_hours_survive_a_put(self, api: Api) -> None:
        split = Split(api, 60, 40)
        api.ok("POST", split.import_url(), files=split.file(25, 75))
        body = {"destinationType": "DID", "rank": 0, "allocationPercent": 10}
        after = api.ok("PUT", f"{split.all}/{split.ids[0]}", json=body)
        assert after["allocationPercentHours"] == ",".join(["25"] * 24)

    def test_import_on_an_active_profile_keeps_every_hour_at_100(self, api: Api) -> None:
        split = Split(api, 60, 40)
        assert split.activate() == 200
        assert api.invalid("POST", split.import_url(), files=split.file(25, 74)) == {"file"}
        api.ok("POST", split.import_url(), files=split.file(25, 75))

    def test_a_profile_split_by_hour_activates_by_the_hour(self, api: Api) -> None:
        split = Split(api, 1, 1, percentAllocType="HOURLY")
        assert split.activate() == 409
        api.ok("POST", split.import_url(), files=split.file(25, 75))
        assert split.activate() == 200

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (b"destinationName", b"name"),
            (b",H23", b""),
            (b"H00,H01", b"H01,H00"),
            (b"25,", b"x,"),
            (b"25,", b"101,"),
            (b"25,", b"2.5,"),
            (b"1002,Denver", b"1003,Denver"),
            (b"1002,Denver", b"1001,Denver"),
            (b"assignedDestinationId", b"\xff"),
        ],
    )
    def test_import_refuses_a_malformed_file(self, api: Api, old: bytes, new: bytes) -> None:
        split = Split(api, 60, 40)
        name, content = split.file(25, 75)["file"]
        files = {"file": (name, content.replace(old, new, 1))}
        assert api.refused("POST", split.import_url(), files=files) == 400
        assert all("allocationPercentHours" not in item for item in api.ok("GET", split.all))

    def test_import_refuses_a_file_without_one_row_for_each_assignment(self, api: Api) -> None:
        split = Split(api, 60, 40)
        assert api.invalid("POST", split.import_url(), files=split.file(100)) == {"file"}
        assert api.invalid("POST", split.import_url(), files={"file": ("empty.csv", b"")}) == {"file"}

    def test_import_needs_its_parameters(self, api: Api) -> None:
        split = Split(api, 60, 40)
        url = split.import_url().partition("?")[0]
        assert api.invalid("POST", url, files=split.file(60, 40)) == {"extension"}
        assert api.invalid("POST", split.import_url("SEMICOLON"), files=split.file(60, 40)) == {"extension"}
        assert api.invalid("POST", split.import_url(), files={"hours": b""}) == {"hours"}
        assert api.invalid("POST", split.import_url(), data={"file": "text"}) == {"file"}
        assert api.refused("POST", split.import_url(), json={}) == 415


@pytest.fixture(params=["of a destination", "of an assignment"])
def overrides(request: pytest.FixtureRequest, api: Api) -> tuple[str, str]:
    """The path of the overrides, and their id field."""
    destination = api.destination()
    if request.param == "of a destination":
        return f"{destination}/dnisOverrides", "destOverrideId"
    profile = api.profile()
    assigned = api.assign(profile, destination)
    return f"{profile}/assignedDestinations/{assigned}/dnisOverrides", "assignedOverrideId"


class TestOverrides:
    OVERRIDE: ClassVar = {"dnis": "13035550001", "routeDestination": "8001", "countryId": "1"}

    def test_life(self, api: Api, overrides: tuple[str, str]) -> None:
        path, id_field = overrides
        made = api.ok("POST", f"{path}?cloudDestinationType=DID", json=self.OVERRIDE)
        one = f"{path}/{made[id_field]}"
        changed = {"routeDestination": "8002"}
        updated = api.ok("PUT", f"{one}?cloudDestinationType=DID", json=changed)
        assert (updated["routeDestination"], updated["dnis"]) == ("8002", "13035550001")
        assert "countryId" not in updated
        assert api.ok("GET", path) == [updated] == [api.ok("GET", one)]
        assert api.ok("DELETE", one) is True
        assert api.ok("GET", path) == []

    def test_the_type_is_one_of_the_vendors(self, api: Api, overrides: tuple[str, str]) -> None:
        url = f"{overrides[0]}?cloudDestinationType=X"
        assert api.invalid("POST", url, json=self.OVERRIDE) == {"cloudDestinationType"}

    def test_the_type_may_only_be_left_out_to_create_an_override_of_a_destination(self, api: Api) -> None:
        destination, profile = api.destination(), api.profile()
        assigned = api.assign(profile, destination)
        made = api.ok("POST", f"{destination}/dnisOverrides", json=self.OVERRIDE)
        one = f"{destination}/dnisOverrides/{made['destOverrideId']}"
        assert api.invalid("PUT", one, json=self.OVERRIDE) == {"cloudDestinationType"}
        others = f"{profile}/assignedDestinations/{assigned}/dnisOverrides"
        assert api.invalid("POST", others, json=self.OVERRIDE) == {"cloudDestinationType"}

    @pytest.mark.parametrize("dnis", ["+13035550001", "303-555", "123456", "1" * 16, ""])
    def test_dnis_is_digits(self, api: Api, overrides: tuple[str, str], dnis: str) -> None:
        url = f"{overrides[0]}?cloudDestinationType=DID"
        assert api.invalid("POST", url, json=self.OVERRIDE | {"dnis": dnis}) == {"dnis"}

    def test_dnis_is_there_once_and_fixed(self, api: Api, overrides: tuple[str, str]) -> None:
        path, id_field = overrides
        url = f"{path}?cloudDestinationType=DID"
        made = api.ok("POST", url, json=self.OVERRIDE)
        assert api.refused("POST", url, json=self.OVERRIDE) == 409
        body = self.OVERRIDE | {"dnis": "13035550002"}
        assert api.invalid("PUT", f"{path}/{made[id_field]}?cloudDestinationType=DID", json=body) == {"dnis"}

    @staticmethod
    def file(*dnis: str) -> dict[str, Any]:
        rows = ["dnis,routeDestination,countryId", *(f"{each},8001," for each in dnis)]
        return {"file": ("overrides.csv", "\n".join(rows).encode())}

    def test_batch_adds_or_replaces(self, api: Api, overrides: tuple[str, str]) -> None:
        path, _ = overrides
        add, replace = f"{path}/batch?replaceAll=false", f"{path}/batch?replaceAll=true"
        api.ok("POST", add, files=self.file("13035550001"))
        added = api.ok("POST", add, files=self.file("13035550002"))
        assert [item["dnis"] for item in added] == ["13035550002"]
        api.ok("POST", replace, files=self.file("13035550002", "13035550003"))
        assert [item["dnis"] for item in api.ok("GET", path)] == ["13035550002", "13035550003"]

    @pytest.mark.parametrize(
        ("replace_all", "dnis", "status"),
        [
            ("false", ("13035550002", "13035550001"), 409),
            ("true", ("13035550002", "13035550002"), 409),
            ("true", ("13035550002", "x"), 400),
        ],
    )
    def test_batch_is_all_or_nothing(
        self, api: Api, overrides: tuple[str, str], replace_all: str, dnis: tuple[str, ...], status: int
    ) -> None:
        path, _ = overrides
        api.ok("POST", f"{path}/batch?replaceAll=false", files=self.file("13035550001"))
        url = f"{path}/batch?replaceAll={replace_all}"
        assert api.refused("POST", url, files=self.file(*dnis)) == status
        assert [item["dnis"] for item in api.ok("GET", path)] == ["13035550001"]

    def test_batch_needs_replace_all_and_the_columns(self, api: Api, overrides: tuple[str, str]) -> None:
        path, _ = overrides
        assert api.invalid("POST", f"{path}/batch", files=self.file("13035550001")) == {"replaceAll"}
        files = {"file": ("x.csv", b"number,target\n13035550001,1")}
        assert api.invalid("POST", f"{path}/batch?replaceAll=false", files=files) == {"file"}

    def test_overrides_of_an_assignment_go_with_it(self, api: Api) -> None:
        profile = api.profile()
        path = f"{profile}/assignedDestinations/{api.assign(profile, api.destination())}"
        api.ok("POST", f"{path}/dnisOverrides?cloudDestinationType=DID", json=self.OVERRIDE)
        api.ok("DELETE", path)
        assert api.ok("GET", "/_emulator/state")["objects"]["CloudRouteAssignedOverride"] == []


def test_dtmf_events(api: Api) -> None:
    events = f"{api.profile()}/dtmfEvents"
    one = f"{events}/{api.ok('POST', events, json={'dtmfCode': 1, 'dtmfEventData': 'a'})['cloudRouteDtmfId']}"
    assert api.refused("POST", events, json={"dtmfCode": 1, "dtmfEventData": "b"}) == 409
    api.ok("POST", events, json={"dtmfCode": 2, "dtmfEventData": "b"})
    assert api.refused("PUT", one, json={"dtmfCode": 2, "dtmfEventData": "a"}) == 409
    changed = api.ok("PUT", one, json={"dtmfCode": 1, "dtmfEventData": "c"})
    assert changed == api.ok("GET", one)
    assert api.ok("DELETE", one) is True
    assert [event["dtmfCode"] for event in api.ok("GET", events)] == [2]


def test_sticky_destinations(api: Api) -> None:
    destination, profile = api.destination(), api.profile()
    state = api.ok("GET", "/_emulator/state")
    state["objects"]["StickyDestination"] = [
        {"stickyId": id, "ani": ani, "cloudProfileId": id_of(profile), "cloudDestinationId": id_of(destination)}
        for id, ani in ((1, "13035550001"), (2, "13035550002"))
    ]
    api.ok("PUT", "/_emulator/state", json=state)
    search = f"{profile}/stickyDestinations/searchByAnis?aniParams=true"
    assert len(api.ok("GET", search)["records"]) == 2
    assert api.ok("GET", f"{search}&maxRows=1&page=2&count=true") == {
        "records": [{"ani": "13035550002", "cloudDestinationId": id_of(destination)}],
        "totalElements": 2,
    }
    assert [row["ani"] for row in api.ok("GET", f"{search}&anis=13035550001")["records"]] == ["13035550001"]
    assert api.ok("DELETE", f"{profile}/stickyDestinations/13035550001") is True
    assert api.refused("DELETE", f"{profile}/stickyDestinations/13035550001") == 404


def test_dangerous_calls_are_accepted(api: Api) -> None:
    """The emulator lets a destination of an active profile go silent, so that the tool's own guards are tested."""
    split = Split(api, 60, 40)
    assert split.activate() == 200
    destination = api.ok("GET", split.all)[0]["cloudDestination"]["cloudDestinationId"]
    assert api.ok("PUT", f"{DESTINATIONS}/{destination}/setIsActive", json={"isActive": False}) is True
