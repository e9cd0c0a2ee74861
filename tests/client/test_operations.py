"""What each operation sends: one row for each, after the vendor's API reference."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from pulumi_voice_routing.errors import OutcomeUnknown, SettingsError, Unauthorized
from pulumi_voice_routing.ringcx.client import RingCX
from pulumi_voice_routing.ringcx.cloud_routing.destination import DestinationProvider
from tests.operations import operations

from .conftest import ACCOUNT, ACCOUNTS, Client, Clock, Vendor, ok, status, together

DG = f"{ACCOUNT}/cloudRouteDestinationGroups/7"
DS = f"{DG}/cloudRouteDestinations"
PS = f"{ACCOUNT}/cloudRouteProfileGroups/7/cloudRouteProfiles"
BODY = {"any": "thing"}
FILE = "the file"

Call = Callable[[RingCX], Any]

TABLE: dict[str, tuple[Call, str, str, dict[str, str], Any]] = {
    "CR-01": (lambda api: api.list_groups(), "GET", f"{ACCOUNT}/cloudRouteDestinationGroups", {}, None),
    "CR-02": (lambda api: api.list_profiles("7"), "GET", PS, {}, None),
    "CR-03": (lambda api: api.list_destinations("7"), "GET", DS, {}, None),
    "CR-04": (lambda api: api.create_destination("7", BODY), "POST", DS, {}, BODY),
    "CR-05": (lambda api: api.get_destination("7", "8"), "GET", f"{DS}/8", {}, None),
    "CR-06": (lambda api: api.update_destination("7", "8", BODY), "PUT", f"{DS}/8", {}, BODY),
    "CR-07": (
        lambda api: api.clone_destination("7", "8", "A & B"),
        "POST",
        f"{DS}/8/clone",
        {"newDestinationName": "A & B"},
        None,
    ),
    "CR-08": (
        lambda api: api.set_destination_active("7", "8", True),
        "PUT",
        f"{DS}/8/setIsActive",
        {},
        {"isActive": True},
    ),
    "CR-09": (lambda api: api.create_profile("7", BODY), "POST", PS, {}, BODY),
    "CR-10": (lambda api: api.get_profile("7", "8"), "GET", f"{PS}/8", {}, None),
    "CR-11": (lambda api: api.update_profile("7", "8", BODY), "PUT", f"{PS}/8", {}, BODY),
    "CR-12": (
        lambda api: api.clone_profile("7", "8", "A & B"),
        "POST",
        f"{PS}/8/clone",
        {"newCloudRouteProfileName": "A & B"},
        None,
    ),
    "CR-13": (
        lambda api: api.set_profile_active("7", "8", False),
        "PUT",
        f"{PS}/8/setIsActive",
        {},
        {"isActive": False},
    ),
    "CR-14": (lambda api: api.list_assigned("7", "8"), "GET", f"{PS}/8/assignedDestinations", {}, None),
    "CR-15": (lambda api: api.create_assigned("7", "8", BODY), "POST", f"{PS}/8/assignedDestinations", {}, BODY),
    "CR-16": (
        lambda api: api.update_assigned_batch("7", "8", [BODY]),
        "PUT",
        f"{PS}/8/assignedDestinations/batch",
        {},
        [BODY],
    ),
    "CR-17": (
        lambda api: api.export_hours("7", "8"),
        "POST",
        f"{PS}/8/assignedDestinations/percentAllocationHours/export",
        {},
        None,
    ),
    "CR-18": (
        lambda api: api.import_hours("7", "8", FILE, "PIPE"),
        "POST",
        f"{PS}/8/assignedDestinations/percentAllocationHours/import",
        {"extension": "PIPE"},
        FILE,
    ),
    "CR-19": (lambda api: api.list_overrides("7", "8"), "GET", f"{DS}/8/dnisOverrides", {}, None),
    "CR-20": (
        lambda api: api.create_override("7", "8", BODY, "SIP"),
        "POST",
        f"{DS}/8/dnisOverrides",
        {"cloudDestinationType": "SIP"},
        BODY,
    ),
    "CR-21": (
        lambda api: api.create_overrides("7", "8", FILE, replace_all=True),
        "POST",
        f"{DS}/8/dnisOverrides/batch",
        {"replaceAll": "true"},
        FILE,
    ),
    "CRb-01": (lambda api: api.create_group(BODY), "POST", f"{ACCOUNT}/cloudRouteDestinationGroups", {}, BODY),
    "CRb-02": (
        lambda api: api.list_groups_with_destinations(),
        "GET",
        f"{ACCOUNT}/cloudRouteDestinationGroups/withChildren",
        {},
        None,
    ),
    "CRb-03": (lambda api: api.get_group("7"), "GET", DG, {}, None),
    "CRb-04": (lambda api: api.update_group("7", BODY), "PUT", DG, {}, BODY),
    "CRb-05": (lambda api: api.delete_group("7"), "DELETE", DG, {}, None),
    "CRb-07": (lambda api: api.list_profiles_of_destination("7", "8"), "GET", f"{DS}/8/assignedProfiles", {}, None),
    "CRb-12": (lambda api: api.get_override("7", "8", "9"), "GET", f"{DS}/8/dnisOverrides/9", {}, None),
    "CRb-13": (
        lambda api: api.update_override("7", "8", "9", BODY, "DID"),
        "PUT",
        f"{DS}/8/dnisOverrides/9",
        {"cloudDestinationType": "DID"},
        BODY,
    ),
    "CRb-14": (lambda api: api.delete_override("7", "8", "9"), "DELETE", f"{DS}/8/dnisOverrides/9", {}, None),
    "CRb-15": (
        lambda api: api.list_groups_with_profiles(),
        "GET",
        f"{ACCOUNT}/cloudRouteProfileGroups/withChildren",
        {},
        None,
    ),
    "CRb-19": (lambda api: api.get_assigned("7", "8", "9"), "GET", f"{PS}/8/assignedDestinations/9", {}, None),
    "CRb-20": (
        lambda api: api.update_assigned("7", "8", "9", BODY),
        "PUT",
        f"{PS}/8/assignedDestinations/9",
        {},
        BODY,
    ),
    "CRb-21": (lambda api: api.delete_assigned("7", "8", "9"), "DELETE", f"{PS}/8/assignedDestinations/9", {}, None),
    "CRb-22": (
        lambda api: api.list_assigned_overrides("7", "8", "9"),
        "GET",
        f"{PS}/8/assignedDestinations/9/dnisOverrides",
        {},
        None,
    ),
}
IDS = {
    "cloudGroupId": 7,
    "cloudDestinationId": 8,
    "cloudProfileId": 8,
    "assignedDestinationId": 9,
    "destOverrideId": 9,
}


def answer(request: httpx.Request) -> httpx.Response:
    if request.url.path == ACCOUNTS:
        return ok([{"accountId": "123456"}])
    last = request.url.path.rpartition("/")[2]
    return ok(IDS if request.method != "GET" or last in ("7", "8", "9") else [IDS])


@pytest.mark.parametrize("operation", TABLE)
def test_an_operation_sends_what_the_vendor_documents(client: Client, operation: str) -> None:
    call, method, path, query, body = TABLE[operation]
    vendor = Vendor(answer)
    call(client(vendor))
    (request,) = [request for request in vendor.requests if request.url.path != ACCOUNTS]
    assert (request.method, request.url.path, dict(request.url.params)) == (method, path, query)
    assert request.headers["Authorization"] == "Bearer ready-made-token"
    content = request.read()
    if body is None:
        assert content == b""
    elif body == FILE:
        assert request.headers["Content-Type"].startswith("multipart/form-data; boundary=")
        assert b'name="file"; filename="' in content
        assert b"\r\n\r\nthe file\r\n" in content
    else:
        assert request.headers["Content-Type"] == "application/json"
        assert json.loads(content) == body


def test_the_rows_are_operations_and_all_of_the_reference_are_there() -> None:
    """Where the others are sent is tried in ``test_every_operation.py``, without a table."""
    assert set(TABLE) <= operations()
    assert {f"CR-{number:02}" for number in range(1, 22)} <= set(TABLE)


@pytest.mark.parametrize("operation", [name for name, row in TABLE.items() if row[1] != "GET" and name != "CR-17"])
def test_every_write_is_preceded_by_a_look_at_the_account(client: Client, operation: str) -> None:
    vendor = Vendor(answer)
    TABLE[operation][0](client(vendor))
    assert [request.url.path == ACCOUNTS for request in vendor.requests] == [True, False]


@pytest.mark.parametrize("operation", [name for name, row in TABLE.items() if row[1] == "GET"])
def test_reading_needs_no_look_at_the_account(client: Client, operation: str) -> None:
    vendor = Vendor(answer)
    TABLE[operation][0](client(vendor))
    assert len(vendor.requests) == 1


@pytest.mark.parametrize("replace_all", [True, False])
def test_a_file_of_overrides_is_sent_twice_only_when_it_replaces_all(
    client: Client, clock: Clock, replace_all: bool
) -> None:
    outcomes = [httpx.ReadError("reset"), ok([])]

    def lose_the_first(request: httpx.Request) -> httpx.Response:
        if request.url.path == ACCOUNTS:
            return answer(request)
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    ringcx = client(Vendor(lose_the_first))
    if replace_all:
        ringcx.create_overrides("7", "8", FILE, replace_all)
        assert outcomes == []
    else:
        with pytest.raises(OutcomeUnknown):
            ringcx.create_overrides("7", "8", FILE, replace_all)
        assert len(outcomes) == 1


def test_what_is_put_into_a_path_stays_in_its_place(client: Client) -> None:
    vendor = Vendor(answer)
    ringcx = client(vendor)
    ringcx.list_overrides("../7", "8?x=1#y")
    assert vendor.requests[0].url.raw_path.decode() == (
        f"{ACCOUNT}/cloudRouteDestinationGroups/..%2F7/cloudRouteDestinations/8%3Fx%3D1%23y/dnisOverrides"
    )


# The account


def writes(client: RingCX) -> None:
    client.set_destination_active("7", "8", True)


def test_the_account_is_looked_at_once(client: Client) -> None:
    vendor = Vendor(answer)
    ringcx = client(vendor)
    together(lambda: writes(ringcx))
    writes(ringcx)
    assert [request.url.path for request in vendor.requests].count(ACCOUNTS) == 1


def accounts(listed: object) -> Vendor:
    return Vendor(lambda request: ok(listed) if request.url.path == ACCOUNTS else answer(request))


@pytest.mark.parametrize("id_", ["123456", 123456])
def test_an_account_of_the_token_may_be_written_to(client: Client, id_: object) -> None:
    vendor = accounts([{"accountId": "1"}, {"accountId": id_, "accountName": "Ours"}])
    writes(client(vendor))
    assert len(vendor.requests) == 2


@pytest.mark.parametrize(
    ("listed", "there_are"),
    [
        ([], "none"),
        ([{"accountId": "2", "accountName": "Two"}, {"accountId": "1"}], "1, 2 Two"),
        ([{"accountId": None, "accountName": None}], "none"),
        ([{"accountId": f"9{number:04}"} for number in range(5000)], None),
    ],
)
def test_another_account_is_not_written_to_and_the_line_lists_those_there_are(
    client: Client, listed: list[object], there_are: str | None
) -> None:
    vendor = accounts(listed)
    ringcx = client(vendor)
    for _ in range(2):
        with pytest.raises(SettingsError) as raised:
            writes(ringcx)
    if there_are is None:
        there_are = ", ".join(f"9{number:04}" for number in range(10)) + " and 4990 more"
    assert str(raised.value) == (
        f"ringcx: account 123456 is not one that this token may administer ({there_are}). "
        "Set RINGCX_ACCOUNT_ID, or run: pulumi config set voice-routing:ringcxAccountId ID"
    )
    assert {request.url.path for request in vendor.requests} == {ACCOUNTS}


@pytest.mark.parametrize("code", [400, 403, 404, 500, 501])
def test_an_account_list_that_is_not_to_be_had_stops_no_write(client: Client, code: int) -> None:
    vendor = Vendor(lambda request: status(code) if request.url.path == ACCOUNTS else answer(request))
    ringcx = client(vendor)
    for _ in range(2):
        writes(ringcx)
    assert [request.url.path == ACCOUNTS for request in vendor.requests] == [True, False, False]


@pytest.mark.parametrize("failure", [status(401), httpx.Response(200, html="<p>")])
def test_nothing_is_written_while_the_account_is_in_doubt(client: Client, failure: httpx.Response) -> None:
    vendor = Vendor(lambda request: failure if request.url.path == ACCOUNTS else answer(request))
    with pytest.raises(Exception, match="accounts") as raised:
        writes(client(vendor))
    assert {request.url.path for request in vendor.requests} == {ACCOUNTS}
    assert (failure.status_code == 401) == isinstance(raised.value, Unauthorized)


def test_a_file_is_asked_for_in_whatever_form_it_has(client: Client) -> None:
    vendor = Vendor(httpx.Response(200, text="a,b", headers={"Content-Type": "text/csv"}))
    assert client(vendor).export_hours("7", "8") == "a,b"
    assert vendor.requests[-1].headers["Accept"] == "*/*"


def test_dates_whose_form_is_not_documented_are_not_sent_back() -> None:
    live = {"cloudDestinationId": 7, "destinationName": "Denver", "startDate": {"year": 2026}, "endDate": None}
    assert DestinationProvider().rewritten(("1",), live, {"name": "Boulder"}) == {
        "cloudDestinationId": 7,
        "destinationName": "Boulder",
    }
