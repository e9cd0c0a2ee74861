"""The rows of a fleet as people write them."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pulumi
import pytest
from hypothesis import given as given_texts
from hypothesis import strategies

from pulumi_voice_routing import column, registry, ringcx
from pulumi_voice_routing.lifecycle.fleet_resource import Fleet
from pulumi_voice_routing.lifecycle.fleet_rows import fleet_of, row_urn
from pulumi_voice_routing.lifecycle.fleet_table import Rows, Table, as_it_is, never_used, rows_with
from tests.loops import finished
from tests.model.test_refused_early import Mocks

FIELDS = registry.provider_for("ringcx:Destination").model
SHARED = {"kind": "DID", "target": "{phone}", "name": "Desk {name}"}


def given(rows: Rows, **shared: Any) -> dict[str, dict[str, Any]]:
    return {one.key: one.args for one in rows_with(Table.of(rows), "name", shared or SHARED, FIELDS)}


@pytest.mark.parametrize(
    ("text", "args"),
    [
        ("name,phone\ndenver,+1\n", {"name": "denver", "kind": "DID", "target": "+1"}),
        ("name;phone;kind\n denver ; +1 ;SIP\n", {"name": "denver", "kind": "SIP", "target": "+1"}),
        ("\ufeffname\tphone\t# who\ndenver\t+1\tAnn\n", {"name": "denver", "kind": "DID", "target": "+1"}),
        ('name,phone,target\ndenver,+1,"+2"\n', {"name": "denver", "kind": "DID", "target": "+2"}),
        ("name,phone,target\ndenver,+1,\n", {"name": "denver", "kind": "DID", "target": "+1"}),
        ('"name";"phone";"# a, b, c"\r\n\r\ndenver;+1;x;;\r\n', {"name": "denver", "kind": "DID", "target": "+1"}),
    ],
)
def test_a_column_of_an_argument_comes_before_what_is_shared(tmp_path: Path, text: str, args: dict[str, Any]) -> None:
    (tmp_path / "desks.csv").write_text(text, encoding="utf-8")
    assert given(tmp_path / "desks.csv") == {"denver": args}


def test_texts_are_filled_at_every_depth_and_other_values_stay_what_they_are() -> None:
    (args,) = given(
        [{"name": "a", "phone": "+1", "seconds": 20}],
        ring_duration=column("seconds"),
        description="{{name}} of {name}",
        target={"deep": ['{"a": {"b": "{phone}"}}', 7]},
    ).values()
    deep = ['{"a": {"b": "+1"}}', 7]
    assert args == {"name": "a", "ring_duration": 20, "description": "{name} of a", "target": {"deep": deep}}


@pytest.mark.parametrize(("text", "name"), [("{seconds:03}", "seconds"), ("Desk {name!r}", "name")])
def test_a_form_behind_a_column_is_told(text: str, name: str) -> None:
    with pytest.raises(ValueError, match=f"the value of a column is put in as it is: write {{{name}}}"):
        given([{"name": "a", "seconds": 20}], description=["7", {"x": text}])
    for other in ('{"name": "{name}"}', "{{name:3}}", "{other:3}"):
        (args,) = given([{"name": "a"}], description=other).values()
        assert args["description"] == other.replace("{name}", "a")


def test_what_only_looks_like_a_list_is_text_and_no_number_is_an_empty_cell(tmp_path: Path) -> None:
    (tmp_path / "desks.csv").write_text("name,description,phone\n[1],[2],+1\n", encoding="utf-8")
    (args,) = given(tmp_path / "desks.csv").values()
    assert (args["name"], args["description"]) == ("[1]", "[2]")
    (args,) = given([{"name": "a", "phone": "+1", "description": float("nan")}]).values()
    assert "description" not in args
    with pytest.raises(ValueError, match="its key is to be known before the run"):
        given([{"name": finished(_an_output()), "phone": "+1"}])


async def _an_output() -> pulumi.Output[str]:
    return pulumi.Output.from_input("a")


def test_what_has_names_of_its_own_is_json_in_a_cell_and_a_file_keeps_its_last_line(tmp_path: Path) -> None:
    file = "H00,H01\r\n1,2\r\n"
    quoted = json.dumps({"Accept": "text/xml"}).replace('"', '""')
    (tmp_path / "t.csv").write_text(
        f'name,headers,json_body,text_body\r\na,"{quoted}","{quoted}","{file}"\r\n', newline=""
    )
    fields = registry.provider_for("ringcx:HttpService").model
    ((_, _, args),) = rows_with(Table.of(tmp_path / "t.csv"), "name", {}, fields)
    headers = {"Accept": "text/xml"}
    assert args == {"name": "a", "headers": headers, "json_body": json.dumps(headers), "text_body": file}


@given_texts(strategies.text(alphabet='{}ab"', max_size=12))
def test_a_text_that_stands_for_itself_does(text: str) -> None:
    (args,) = given([{"name": "a"}], description=as_it_is(text)).values()
    assert args["description"] == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,phone\ndenver,+1\ndenver,+2\n", "two rows have the key 'denver': \"denver\" (FILE:2) and"),
        ("name,phone\n,+1\n", "line 2 of FILE: its key is empty"),
        ("phone\n+1\n", "line 2 of FILE: its key has no column 'name'"),
        ("na\u200bme,phone\na,+1\n", "the column 'na\\u200bme' of FILE is no argument"),
        ("name,phone\na\u200bb,+1\n", "line 2 of FILE: its key holds ZERO WIDTH SPACE, which cannot be printed"),
        ("name,phone\na::b,+1\n", "line 2 of FILE: its key holds '::'"),
        ("name,phone,targte\ndenver,+1,x\n", "the column 'targte' of FILE is no argument, and no text names it in"),
        (
            "name,fone\ndenver,+1\n",
            "a text names the column {phone}, which there is not in FILE; did you mean {fone}?; write {{phone}} for",
        ),
        ("name,phone\ndenver,\n", 'row "denver" (FILE:2): it has nothing in the column'),
        ("name,phone\ndenver,+1,+2\n", "line 2: it has 3 cells, and there are 2 columns"),
        ("Desks of May\nname,phone\ndenver,+1\n", "line 2: it has 2 cells, and there is 1 column"),
        ("name,name\na,b\n", "two columns are named 'name'"),
        ("name\uff0cphone\na\uff0c+1\n", "separated by '\uff0c' (FULLWIDTH COMMA); separate them by commas"),
        ('[{"name": "a"}]\n', "it begins with [, as JSON and web pages do; write a table, with commas"),
        ("", "it has no row with the names of its columns"),
        ('name,phone\n"denver,+1\n', "a quotation mark opens here"),
    ],
)
def test_what_is_wrong_is_told_with_the_line(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "desks.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r".") as wrong:
        given(file)
    assert said.replace("FILE", str(file)) in str(wrong.value)


@pytest.mark.parametrize("rows", ["nowhere.csv", 7, ["denver"], {"denver": {"phone": "+1"}}, [{7: "denver"}]])
def test_what_is_no_table(rows: Any) -> None:
    with pytest.raises(ValueError, match=r"cannot be read|list of dictionaries|7 is no name of an argument"):
        given(rows)


def test_a_column_that_is_empty_is_not_given_where_it_may_be_left_out() -> None:
    rows = [{"name": "a", "note": None, "phone": "+1"}, {"name": "b", "note": "x", "phone": "+1"}]
    notes = given(rows, description="{note}", target="{phone}")
    assert [args.get("description") for args in notes.values()] == [None, "x"]
    for text in ("Desk {note}", ["{note}"]):
        with pytest.raises(ValueError, match="row \"a\": it has nothing in the column 'note'"):
            given(rows, description=text, target="{phone}")


def test_a_text_in_the_place_of_which_a_column_comes_is_told() -> None:
    table = Table.of([{"name": "a", "phone": "+1"}])
    (line,) = never_used(table, {"name": "{name} desk", "target": "{phone}", "description": "of {name}"})
    assert line.startswith("name is what the column 'name' says, and '{name} desk' is not used: ")
    assert list(never_used(table, {"name": "{name}"})) == []


def test_two_rows_of_a_program_with_one_key_are_told_by_their_places() -> None:
    with pytest.raises(ValueError, match="two rows have the key 'a': row 1 and row 3"):
        given([{"name": "a", "phone": "+1"}, {"name": "b", "phone": "+1"}, {"name": "a", "phone": "+2"}])


@pytest.mark.parametrize("key", ["denver", 'with "quotes"', "Zürich [1]", "a.b"])
def test_the_urn_of_a_row_leads_to_its_fleet_and_back(key: str) -> None:
    fleet = "urn:pulumi:dev::p::my:Part$pulumi-python:dynamic/ringcx:DestinationFleet::desks"
    assert fleet_of(row_urn(fleet, key)) == (fleet, key)
    assert fleet_of(fleet) is None


def test_a_program_is_told_at_its_line() -> None:
    def declare(**changes: Any) -> None:
        shared: dict[str, Any] = {"group_id": "1/1000", "name": "{name}", "kind": "DID", "target": "+13035551234"}
        ringcx.Destination.fleet("desks", **{"rows": [{"name": "a"}, {"name": "b"}], **shared, **changes})

    for changes, said in (
        ({"kind": "DIDD"}, 'rows "a", "b": kind: \'DIDD\' will not do'),
        ({"targt": "x"}, "targt is not an argument of this resource; did you mean target?"),
        ({"opts": pulumi.ResourceOptions(import_="1/2/3")}, "import_ names one object"),
        ({"key": ["name"]}, "key is to be the name of the column that tells rows apart, not ['name']"),
        ({"rows": [{"name": "a"}, {"name": 101}]}, "row 2: its key is no text: write '101'"),
        ({"key": "nme"}, "row 1: its key has no column 'nme'; did you mean name?"),
        (
            {"rows": [{"name": "a", "group_id": ringcx.Profile.__new__(ringcx.Profile)}]},
            "takes a ringcx.RouteGroup, not",
        ),
        ({"group_id": Fleet.__new__(Fleet)}, "group_id takes single resources, and a fleet is many of them: fleet["),
    ):
        with pytest.raises(pulumi.RunError) as refused:
            declare(**changes)
        (line,) = str(refused.value).splitlines()
        assert f"test_tables.py:{declare.__code__.co_firstlineno + 2}: " in line
        assert said in line
    with pytest.raises(pulumi.RunError, match="there are no fleets of this type: one of it switches many"):
        ringcx.Activation.fleet("all", [{"name": "a"}], targets=[])


@pytest.mark.apart
def test_what_a_row_has_not_is_told() -> None:
    pulumi.runtime.set_mocks(Mocks())
    fleet: Any = ringcx.RouteGroup.fleet("groups", [{"name": "a"}])
    for key, said in (("b", "the fleet 'groups' has no row 'b'"), (7, "the fleet 'groups' has no row 7")):
        with pytest.raises(pulumi.RunError, match=said):
            fleet[key]
    with pytest.raises(AttributeError, match="'RouteGroup' object has no attribute 'nmae'"):
        fleet["a"].nmae  # noqa: B018 - reading it is the test
    assert isinstance(fleet["a"].name, pulumi.Output)


@pytest.mark.apart
@pytest.mark.parametrize("option", ["replace_on_changes", "additional_secret_outputs"])
def test_options_that_do_nothing_for_rows_are_told(option: str, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    pulumi.runtime.set_mocks(Mocks())
    monkeypatch.setattr(pulumi.log, "warn", lambda text, *_: told.append(text))
    many: dict[str, Any] = {option: ["is_default"]}
    ringcx.RouteGroup.fleet("groups", [{"name": "a"}], opts=pulumi.ResourceOptions(**many), name="{name}")
    (line,) = told
    assert f"ringcx.RouteGroup.fleet 'groups': {option} is about one object, and does nothing for rows" in line


@pytest.mark.apart
def test_only_what_is_secret_about_a_row_is_secret() -> None:
    pulumi.runtime.set_mocks(Mocks())

    async def secrets() -> dict[str, set[str]]:
        notes: list[Any] = ["x", pulumi.Output.secret("y")]
        rows = [{"name": name, "note": note} for name, note in zip("ab", notes, strict=True)]
        shared: dict[str, Any] = {
            "group_id": pulumi.Output.from_input("1/1000"),
            "kind": "DID",
            "target": "+13035551234",
        }
        fleet = ringcx.Destination.fleet(
            "desks", rows, name="{name}", description="of {note}", auth_key=pulumi.Output.secret("hush"), **shared
        )
        assert await fleet.rows.is_secret()
        asked = [*shared, "name", "description", "auth_key"]
        return {key: {name for name in asked if await getattr(row, name).is_secret()} for key, row in fleet.items()}

    found = asyncio.get_event_loop().run_until_complete(secrets())
    assert found == {"a": {"auth_key"}, "b": {"auth_key", "description"}}
