"""The judge of recorded traffic finds each kind of violation, passes what is right, and fits the real contracts."""

import copy
import re
from typing import Any

import pytest

from pulumi_voice_routing.emulator.families import FAMILIES
from pulumi_voice_routing.emulator.unserved import UNSERVED
from pulumi_voice_routing.emulator.vendors import vendor_of
from tests.contracts.contract import CONTRACTS_VARIABLE, MASKED, Contract, load_contracts
from tests.contracts.differences import EXCEPTIONS, KnownDifference

BOOK = {
    "type": "object",
    "required": ["title"],
    "properties": {
        "title": {"type": "string"},
        "kind": {"type": "string", "enum": ["NOVEL", "ATLAS"]},
        "pages": {"type": "integer", "format": "int32"},
        "note": {"type": "string", "nullable": True},
        "extra": {"type": "object"},
        "shelf": {"$ref": "#/components/schemas/Shelf"},
    },
}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.0",
    "servers": [{"url": "https://library.example/v1"}],
    "paths": {
        "/books/{bookId}": {
            "get": {
                "parameters": [{"name": "bookId", "in": "path", "required": True, "schema": {"type": "integer"}}],
                "responses": {
                    "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Book"}}}},
                    "404": {"description": "Not Found"},
                },
            },
        },
        "/books/newest": {"get": {"responses": {"204": {"description": "None"}}}},
        "/books": {
            "get": {
                "parameters": [
                    {"name": "page", "in": "query", "required": True, "schema": {"type": "integer"}},
                    {"name": "lent", "in": "query", "schema": {"type": "boolean"}},
                    {"name": "tags", "in": "query", "schema": {"type": "array", "items": {"type": "integer"}}},
                ],
                "responses": {
                    "200": {
                        "content": {
                            "application/json": {
                                "schema": {"type": "array", "items": {"$ref": "#/components/schemas/Book"}}
                            }
                        }
                    },
                    "4XX": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}},
                },
            },
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Book"}}},
                },
                "responses": {
                    "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Book"}}}}
                },
            },
        },
        "/upload": {
            "post": {
                "requestBody": {"content": {"multipart/form-data": {"schema": {"type": "object"}}}},
                "responses": {"200": {"description": "OK"}},
            },
        },
    },
    "components": {
        "schemas": {
            "Book": BOOK,
            "Shelf": {"type": "object", "properties": {"shelfId": {"type": "integer"}}},
            "Error": {"type": "object", "properties": {"message": {"type": "string"}}},
        }
    },
}

ATLAS = {"title": "Atlas", "kind": "ATLAS", "pages": 12, "note": None, "extra": {"any": 1}, "shelf": {"shelfId": 3}}


def get(path: str, response: Any, status: int = 200, **more: Any) -> dict[str, Any]:
    return {"method": "GET", "path": path, "query": {}, "request": None, "status": status, "response": response, **more}


def post(path: str, request: Any, response: Any = None, status: int = 200, **more: Any) -> dict[str, Any]:
    sent = {"method": "POST", "request": request, "content_type": "application/json"}
    return {**get(path, response, status), **sent, **more}


def judged(entry: dict[str, Any], *differences: KnownDifference) -> list[tuple[str, str]]:
    return [(problem.where, problem.rule) for problem in Contract(DOCUMENT, differences).problems(entry)]


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in ATLAS.items() if name != key}


@pytest.mark.parametrize(
    "entry",
    [
        get("/v1/books/7", ATLAS),
        post("/v1/books", ATLAS, ATLAS, content_type="application/json; charset=utf-8"),
        get("/v1/books/7", None, 404),
        get("/v1/books/newest", None, 204),
        get("/v1/books", [ATLAS, ATLAS], query={"page": "1"}),
        get("/v1/books", [], query={"page": "1", "lent": "true", "tags": ["1", "2"]}),
        get("/v1/books", [], query={"page": "1", "tags": "1"}),
        post("/v1/books", ATLAS, ATLAS),
        post("/v1/books", ATLAS, ATLAS | {"title": MASKED, "pages": MASKED, "kind": MASKED}),
        post("/v1/upload", "<file, 120 bytes>", content_type="multipart/form-data; boundary=x"),
        post("/v1/upload", None, content_type=None),
        get("/v1/books/7", None) | {"status": None},
    ],
)
def test_passes_what_the_contract_allows(entry: dict[str, Any]) -> None:
    assert judged(entry) == []


@pytest.mark.parametrize(
    ("entry", "where", "rule"),
    [
        (get("/v1/films", []), "path", "unknown"),
        (get("/books/7", ATLAS), "path", "unknown"),
        (get("/v1/books/7", ATLAS, method="DELETE"), "method", "unknown"),
        (get("/v1/books/newest", None, 204, method="POST"), "method", "unknown"),
        (get("/v1/books/seven", ATLAS), "path.bookId", "type"),
        (get("/v1/books", []), "query.page", "missing"),
        (get("/v1/books", [], query={"page": "one"}), "query.page", "type"),
        (get("/v1/books", [], query={"page": ["1", "2"]}), "query.page", "type"),
        (get("/v1/books", [], query={"page": "1", "lent": "yes"}), "query.lent", "type"),
        (get("/v1/books", [], query={"page": "1", "tags": ["1", "b"]}), "query.tags[]", "type"),
        (get("/v1/books", [], query={"page": "1", "size": "5"}), "query.size", "unknown"),
        (get("/v1/books/7", ATLAS, request={}, content_type="application/json"), "request", "undeclared"),
        (post("/v1/books", None, ATLAS, content_type=None), "request", "missing"),
        (post("/v1/books", "title=x", ATLAS, content_type="text/plain"), "request", "media type"),
        (post("/v1/books", [ATLAS], ATLAS), "request", "type"),
        (post("/v1/books", without("title"), ATLAS), "request.title", "missing"),
        (post("/v1/books", ATLAS | {"titel": "x"}, ATLAS), "request.titel", "unknown"),
        (post("/v1/books", ATLAS | {"shelf": {"id": 1}}, ATLAS), "request.shelf.id", "unknown"),
        (post("/v1/books", ATLAS | {"kind": "COMIC"}, ATLAS), "request.kind", "enum"),
        (post("/v1/books", ATLAS | {"pages": "12"}, ATLAS), "request.pages", "type"),
        (post("/v1/books", ATLAS | {"pages": True}, ATLAS), "request.pages", "type"),
        (post("/v1/books", ATLAS | {"pages": 2**40}, ATLAS), "request.pages", "format"),
        (post("/v1/books", ATLAS | {"kind": None}, ATLAS), "request.kind", "null"),
        (post("/v1/books", ATLAS, ATLAS | {"isbn": "x"}), "response.isbn", "unknown"),
        (get("/v1/books", [ATLAS, ATLAS | {"pages": 1.5}], query={"page": "1"}), "response[].pages", "type"),
        (get("/v1/books/7", None), "body of 200", "missing"),
        (get("/v1/books/7", "hello"), "response", "type"),
        (get("/v1/books/7", {"message": "gone"}, 410), "status 410", "undeclared"),
        (get("/v1/books/7", {"message": "none"}, 404), "body of 404", "undeclared"),
        (get("/v1/books", {"massage": "slow down"}, 429), "response.massage", "unknown"),
    ],
)
def test_finds_what_the_contract_does_not_allow(entry: dict[str, Any], where: str, rule: str) -> None:
    assert judged(entry) == [(where, rule)]


def test_tells_every_unknown_property() -> None:
    entry = post("/v1/books", ATLAS | {"a": 1, "b": 2}, ATLAS)
    assert judged(entry) == [("request.a", "unknown"), ("request.b", "unknown")]


def test_does_not_judge_a_request_that_the_vendor_refused() -> None:
    assert judged(get("/v1/books", {"message": "page is required"}, 400)) == []
    assert judged(get("/v1/films", {"message": "no such page"}, 404)) == []


@pytest.mark.parametrize("fault", ["status", "html"])
def test_does_not_judge_an_answer_that_a_fault_forged(fault: str) -> None:
    assert judged(get("/v1/books/7", "<html>bad gateway</html>", 502, fault=fault)) == []


def test_judges_the_answer_of_other_faults() -> None:
    lost = get("/v1/books/7", without("title"), fault="lost_answer")
    assert judged(lost) == [("response.title", "missing")]


def test_tells_call_and_words() -> None:
    (problem,) = Contract(DOCUMENT).problems(post("/v1/books", ATLAS | {"pages": "12"}, ATLAS))
    assert (problem.call, problem.text) == ("POST /v1/books", "string, not integer")


def test_leaves_the_given_document_alone() -> None:
    before = copy.deepcopy(DOCUMENT)
    Contract(DOCUMENT).problems(post("/v1/books", ATLAS, ATLAS))
    assert before == DOCUMENT


SIZE = KnownDifference("library", 6, "pages by size", rule="unknown", where=r"query\.size", call="^GET .*/books$")
CONFLICT = KnownDifference(
    "library",
    14,
    "conflicts are not listed",
    rule="undeclared",
    where="status 409",
    instead={"type": "object", "required": ["errorCode"], "properties": {"errorCode": {"type": "string"}}},
)
CREATED = KnownDifference("library", None, "201 as 200", rule="undeclared", where="status 201", as_status="200")
SHELVES = KnownDifference(
    "library",
    19,
    "shelves are arrays",
    rule="type",
    where=r"response.*\.(shelf|extra)",
    instead={"type": "array", "items": {"$ref": "#/components/schemas/Book"}},
)


def test_a_known_difference_excuses_its_problem_alone() -> None:
    entry = get("/v1/books", [], query={"page": "1", "size": "5", "sort": "title"})
    assert judged(entry, SIZE) == [("query.sort", "unknown")]


def test_a_known_difference_is_bound_to_its_call() -> None:
    assert judged(get("/v1/books/7", ATLAS, query={"size": "5"}), SIZE) == [("query.size", "unknown")]


def test_what_a_known_difference_says_instead_must_hold() -> None:
    assert judged(post("/v1/books", ATLAS, {"errorCode": "taken"}, 409), CONFLICT) == []
    assert judged(post("/v1/books", ATLAS, {"message": "taken"}, 409), CONFLICT) == [("response.errorCode", "missing")]
    assert judged(post("/v1/books", ATLAS, None, 409), CONFLICT) == []


def test_a_known_difference_can_borrow_the_body_of_another_status() -> None:
    assert judged(post("/v1/books", ATLAS, ATLAS, 201), CREATED) == []
    assert judged(post("/v1/books", ATLAS, without("title"), 201), CREATED) == [("response.title", "missing")]


def test_what_is_excused_is_judged_to_the_bottom() -> None:
    nested = ATLAS | {"extra": [ATLAS | {"shelf": [without("title")]}]}
    assert judged(post("/v1/books", ATLAS, nested), SHELVES) == [("response.extra[].shelf[].title", "missing")]


def test_names_the_differences_that_nothing_needed() -> None:
    contract = Contract(DOCUMENT, [SIZE, CONFLICT])
    contract.problems(get("/v1/books", [], query={"page": "1", "size": "5"}))
    assert contract.unused == [CONFLICT]


ACCOUNT = "/voice/api/v1/admin/accounts/123456"
DESTINATIONS = f"{ACCOUNT}/cloudRouteDestinationGroups/1001/cloudRouteDestinations"
PROFILES = f"{ACCOUNT}/cloudRouteProfileGroups/1001/cloudRouteProfiles"
NUMBERS = "/voice/api/v1/admin/utilities/tnManager"
SERVICES = f"{ACCOUNT}/httpServiceGroups/1001/httpServices"
TRACKED = {"dnis": "13035551234", "dnisDescription": "radio", "active": True, "tracGroupId": 1001}
CONFLICTING = {"errorCode": "conflict.exception", "generalMessage": "taken", "timestamp": 1700000000000}
RULE = "/restapi/v1.0/account/~/extension/~/answering-rule/business-hours-rule"

WHOLE_GROUP = {
    "id": "MTAx",
    "skip_busy_member": False,
    "enable_paid": True,
    "enable_prid": True,
    "extension_number_as_to_header": False,
    "no_answer_forward_rule": {"action": "HANGUP", "number": None},
    "outbound_caller_ids": [],
}

DIFFERING = {
    "ringcx": [
        post(f"{DESTINATIONS}/1001/dnisOverrides", {"dnis": "13035551234"}, {"destOverrideId": 1001}),
        post(f"{NUMBERS}/searchDnis", {"dnis": "13035551234"}, {"records": [], "totalElements": 0}),
        post(f"{NUMBERS}/search", {}, {"records": []}, query={"page": "1", "size": "5", "sort": "dnis"}),
        post(f"{ACCOUNT}/tracGroups/1001/tracNumbers", TRACKED, TRACKED | {"tracId": 1001}),
        post(SERVICES, {"authConfigId": "11111111-2222-4333-8444-555555555555"}, {"serviceId": 1001}),
        post(f"{SERVICES}/1001/inputs", [{"name": "a", "rank": "0"}], [{"inputId": 1001, "rank": "0"}]),
        get(DESTINATIONS, CONFLICTING, 409),
        get(DESTINATIONS, CONFLICTING | {"details": "no such group", "requestUri": "/x - GET"}, 404),
        get(DESTINATIONS, "Jwt is expired", 401),
        post("/api/auth/login/rc/accesstoken", "<form>", content_type="application/x-www-form-urlencoded"),
        get(
            f"{ACCOUNT}/cloudRouteDestinationGroups/withChildren",
            [
                {
                    "cloudGroupId": 1001,
                    "cloudRouteDestinations": [{"cloudDestinationId": 1001}],
                    "cloudRouteProfiles": [{"cloudProfileId": 1001}],
                }
            ],
        ),
        get(
            f"{ACCOUNT}/httpServiceGroups/withChildren",
            [{"serviceGroupId": 1001, "services": [{"serviceId": 1001, "httpServiceInputs": [{"inputId": 1001}]}]}],
        ),
        post(PROFILES, {"profileName": "Support"}, {"cloudProfileId": 1001}, 201),
        post(
            f"{PROFILES}/1001/assignedDestinations/percentAllocationHours/export",
            None,
            "assignedDestinationId,H00",
            content_type=None,
        ),
        get("/voice/api/v1/admin/accounts", [{"accountId": "123456"}]),
        get(DESTINATIONS, {"errorCode": "general.exception", "details": "not served"}, 501),
    ],
    "ringex": [
        get(RULE, {"uri": "/x", "id": "1", "screening": "Never"}),
        post("/restapi/oauth/token", "<form>", content_type="application/x-www-form-urlencoded"),
        get("/restapi/v1.0/account/~/extension/~/forwarding-number/1", None, 204, method="DELETE"),
    ],
    "portsip": [
        post("/api/login/oauth/token", "<form>", content_type="application/x-www-form-urlencoded"),
        get("/api/ring_groups/MTAw", {"id": "MTAw", "name": None}),
        get("/api/ring_groups/MTAx", {"id": "MTAx", "night_mode_forward_rule": {"action": "HANGUP", "number": None}}),
        get("/api/ring_groups", {"count": 1, "items": [WHOLE_GROUP]}),
        get("/api/ring_groups", {"errors": [{"code": "UNKNOWN", "message": "not served"}]}, 501),
    ],
}
"""Traffic that fits only because of the known differences: each is needed by an entry of its vendor."""


@pytest.fixture(scope="module")
def contracts() -> dict[str, Contract]:
    loaded = load_contracts()
    if loaded is None:
        pytest.skip(f"{CONTRACTS_VARIABLE} names no folder with the vendors' contracts")
    return loaded


@pytest.mark.parametrize("vendor", sorted(DIFFERING))
def test_every_known_difference_is_needed_by_the_real_contract(vendor: str, contracts: dict[str, Contract]) -> None:
    contract = contracts[vendor]
    assert {entry["path"]: contract.problems(entry) for entry in DIFFERING[vendor] if contract.problems(entry)} == {}
    assert contract.unused == []


def test_every_known_difference_belongs_to_a_vendor() -> None:
    assert {difference.vendor for difference in EXCEPTIONS} == DIFFERING.keys()


NUMBERED = {
    operation.number: (vendor_of(operation.path).name, operation.method, operation.path)
    for family in (*FAMILIES, UNSERVED)
    for operation in family.operations
    if re.fullmatch(r"(CR|NM|HT|EX|EV|RG|PI)b?-\d+", operation.number)
}
LAST_NUMBER = {"CR": 21, "NM": 17, "HT": 21, "EX": 5, "EV": 21, "RG": 4}


def test_the_emulator_has_every_number() -> None:
    wanted = {f"{prefix}-{number:02}" for prefix, last in LAST_NUMBER.items() for number in range(1, last + 1)}
    assert wanted - NUMBERED.keys() == set()


def test_every_numbered_operation_is_in_the_contract(contracts: dict[str, Contract]) -> None:
    missing = [
        number for number, (vendor, method, path) in NUMBERED.items() if not contracts[vendor].knows(method, path)
    ]
    assert missing == []
