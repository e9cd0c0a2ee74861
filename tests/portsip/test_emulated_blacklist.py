"""The emulated number blacklist of PortSIP. Every answer is judged by the vendor's contract."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulator.conftest import Api, api, contracts
from tests.portsip.test_emulator import code

__all__ = ["api", "contracts"]

ENTRIES = "/api/blacklisted_numbers"
ENTRY = {"number": "+13035550190", "description": "Calls at night", "expire_at": "2030-01-01T00:00:00Z"}


def entry(api: Api, **changes: Any) -> str:
    """A new entry's path."""
    made = api.call("POST", ENTRIES, json=ENTRY | changes)
    assert (made.status_code, set(made.json())) == (201, {"id"})
    return f"{ENTRIES}/{made.json()['id']}"


def test_a_new_entry(api: Api) -> None:
    api.ok("POST", "/_emulator/clock", json={"now": "2029-01-01T00:00:00Z"})
    shown = api.ok("GET", entry(api))
    assert {name: shown[name] for name in ENTRY} == ENTRY
    assert shown["created_at"] == shown["updated_at"]
    assert shown["created_at"].startswith("2029-01-01T00:00:")
    assert api.ok("GET", ENTRIES) == {"count": 1, "items": [shown]}
    assert [one["operation"] for one in api.journal()] == ["PI-49", "PI-50", "PI-48"]


def test_empty_fields_are_null(api: Api) -> None:
    made = api.call("POST", ENTRIES, json={"number": "anonymous"}).json()["id"]
    shown = api.ok("GET", f"{ENTRIES}/{made}")
    assert (shown["number"], shown["expire_at"], shown["description"]) == ("anonymous", None, None)


def test_an_update_answers_nothing_and_empties_what_is_left_out(api: Api) -> None:
    path = entry(api)
    made = api.ok("GET", path)
    api.advance(60)
    response = api.call("POST", path, json={"expire_at": "2031-01-01T00:00:00+01:00"})
    assert (response.status_code, response.content) == (200, b"")
    shown = api.ok("GET", path)
    assert (shown["number"], shown["description"]) == (ENTRY["number"], None)
    assert (shown["id"], shown["created_at"]) == (made["id"], made["created_at"])
    assert shown["updated_at"] > made["updated_at"]
    assert api.call("POST", path, json={"number": "5550191"}).status_code == 200
    assert api.ok("GET", path)["number"] == "5550191"
    assert [one["operation"] for one in api.journal() if one["method"] == "POST"] == ["PI-49", "PI-51", "PI-51"]


def test_destroy(api: Api) -> None:
    path = entry(api)
    assert api.call("POST", f"{path}/destroy").status_code == 204
    assert code(api.call("POST", f"{path}/destroy")) == (400, "UNKNOWN", None)
    for call in (api.call("GET", path), api.call("POST", path, json=ENTRY)):
        assert code(call) == (404, "UNKNOWN", None)
    assert api.ok("GET", ENTRIES)["items"] == []
    assert {one["operation"] for one in api.journal() if one["path"].endswith("destroy")} == {"PI-52"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": ""}, "number"),
        ({"number": "1" * 65}, "number"),
        ({"number": "+" + "1" * 64}, "number"),
        ({"number": "303-555"}, "number"),
        ({"number": "*"}, "number"),
        ({"number": 13035550190}, "number"),
        ({"description": "x" * 256}, "description"),
        ({"expire_at": "tomorrow"}, "expire_at"),
        ({"expire_at": "2030-01-01T00:00:00"}, "expire_at"),
        ({"created_at": "2030-01-01T00:00:00Z"}, "created_at"),
        ({"level": "FIRST"}, "level"),
    ],
)
def test_refuses(api: Api, changes: dict[str, Any], field: str) -> None:
    path = entry(api)
    for target in (ENTRIES, path):
        assert code(api.call("POST", target, json=ENTRY | changes)) == (400, "VALIDATE_FAILED", field)
    assert api.ok("GET", ENTRIES)["count"] == 1


def test_create_needs_a_number(api: Api) -> None:
    assert code(api.call("POST", ENTRIES, json={"description": "x"})) == (400, "VALIDATE_FAILED", "number")


def test_a_number_may_be_there_twice(api: Api) -> None:
    """Nothing says that the vendor refuses it, so a create that is sent twice can be seen."""
    assert entry(api) != entry(api)
    assert api.ok("GET", ENTRIES, params={"filter": f"number eq '{ENTRY['number']}'"})["count"] == 2


def test_lists(api: Api) -> None:
    for n in range(3):
        entry(api, number=f"555010{n}", description=f"Entry {n}")
    assert api.ok("GET", ENTRIES, params={"search": "entry 1"})["items"][0]["number"] == "5550101"
    page = api.ok("GET", ENTRIES, params={"skip": 1, "top": 1, "orderby": "number desc"})
    assert (page["count"], [one["number"] for one in page["items"]]) == (3, ["5550101"])
    assert code(api.call("GET", ENTRIES, params={"top": 101}))[1] == "VALIDATE_FAILED"
