"""What a program can be told at its own line, before anything is planned or sent."""

from __future__ import annotations

import ast
import inspect
import re
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml  # type: ignore[import-untyped]

from pulumi_voice_routing import portsip, ringcx, ringex
from pulumi_voice_routing.lifecycle.fleet_resource import Fleet
from pulumi_voice_routing.plan.roles import tokens_of
from pulumi_voice_routing.registry import provider_for

ROOT = Path(__file__).parents[2]

TYPES = [token for vendor in ("ringcx", "ringex", "portsip") for token in tokens_of(vendor)]

GROUP = "123456/1000"
DESTINATION = {"group_id": GROUP, "name": "Denver", "kind": "DID", "target": "+13035550100"}
PROFILE = {"group_id": GROUP, "name": "Support", "routing_type": "PERCENT_ALLOCATION", "percent_alloc_type": "DAILY"}


def refused(token: str, **args: Any) -> list[str]:
    """What is wrong with the arguments, each after its place."""
    return [f"{one.path}: {one.reason}" for one in provider_for(token).checked(args)[1]]


@pytest.mark.parametrize("kind", ["STANDARD", "DID", "SIP", "IN_NETWORK_DID", "ACD", "IVR", "IVR_STUDIO"])
@pytest.mark.parametrize("target", ["", "  "])
def test_a_destination_of_any_kind_needs_a_target(kind: str, target: str) -> None:
    (line,) = refused("ringcx:Destination", **{**DESTINATION, "kind": kind, "target": target})
    assert line.startswith("target: is blank: ")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"ring_duration": -1}, "ring_duration: "),
        ({"max_concurrent": -5}, "max_concurrent: "),
        ({"latitude": 91}, "latitude: "),
        ({"longitude": -180.5}, "longitude: "),
    ],
)
def test_numbers_that_mean_nothing(values: dict[str, float], said: str) -> None:
    (line,) = refused("ringcx:Destination", **DESTINATION, **values)
    assert line.startswith(said)


def test_numbers_at_the_edge_are_fine() -> None:
    assert refused("ringcx:Destination", **DESTINATION, ring_duration=0, latitude=-90, longitude=180.0) == []


@pytest.mark.parametrize(
    ("field", "value", "meant"),
    [
        ("routing_type", "percent_allocation", "PERCENT_ALLOCATION"),
        ("routing_type", "Percent_Allocation", "PERCENT_ALLOCATION"),
        ("percent_alloc_type", "daily", "DAILY"),
    ],
)
def test_a_documented_word_in_other_letters(field: str, value: str, meant: str) -> None:
    (line,) = refused("ringcx:Profile", **{**PROFILE, field: value})
    assert line == f"{field}: {value!r} will not do: did you mean {meant}?"


def test_words_that_are_not_documented_pass() -> None:
    assert refused("ringcx:Profile", **{**PROFILE, "routing_type": "ROUND_ROBIN", "percent_alloc_type": "Hourly"}) == []


class Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        return "123456/1001", dict(args.inputs)

    def call(self, args: pulumi.runtime.MockCallArgs) -> dict[str, Any]:
        return {}


@pytest.mark.apart
def test_what_cannot_be_activated_is_named() -> None:
    pulumi.runtime.set_mocks(Mocks())
    group = ringcx.RouteGroup("group", name="Denver")
    targets: Any = [group]
    with pytest.raises(pulumi.RunError) as error:
        ringcx.Activation("live", targets=targets)
    assert "test_refused_early.py:" in str(error.value)
    assert (
        "ringcx.Activation 'live': targets[0]: a RouteGroup cannot be activated; give HTTP services, destinations or "
        "profiles"
    ) in str(error.value)


RULE: Any = {
    "extension_id": "~",
    "name": "Office",
    "action": "UnconditionalForwarding",
    "forward_all_to": "+13035550101",
}


@pytest.mark.apart
@pytest.mark.parametrize("case", range(16))
def test_an_object_in_the_wrong_place(case: int) -> None:
    pulumi.runtime.set_mocks(Mocks())
    group = ringcx.RouteGroup("group", name="Denver")
    desk = ringcx.Destination("desk", **{**DESTINATION, "group_id": group.id})
    half: Any = {"destination": desk, "allocation_percent": "50"}
    wrong: Any = desk

    def split(rows: Any) -> None:
        ringcx.ProfileDestinations("p", profile="1/2/3", destinations=rows)

    declare, said = [
        (
            lambda: ringcx.ProfileDestinations("p", profile=wrong, destinations=[half]),
            "profile takes a ringcx.Profile, ",
        ),
        (
            lambda: ringcx.ProfileDestinations("p", profile="1/2/3", destinations=[{**half, "destination": group}]),
            "destinations[0].destination takes a ringcx.Destination, not a ringcx.RouteGroup",
        ),
        (lambda: ringcx.Destination("d", **{**DESTINATION, "group_id": wrong}), "group_id takes a ringcx.RouteGroup, "),
        (lambda: ringcx.DnisAssignment("a", dnis="+18005550100", profile=wrong), "profile takes a ringcx.Profile, "),
        (lambda: ringcx.RouteGroup("g", name=f"{group}"), "name holds '<pulumi_voice_routing.ringcx."),
        (lambda: ringcx.RouteGroup("g", name=f"of {group.id}"), "name holds 'Calling __str__ on an Output[T]'"),
        (lambda: ringcx.RouteGroup("g", nmae="Denver"), "nmae is not an argument of this resource; did you mean name?"),
        (lambda: ringcx.ProfileDestinations("p", profil=group, destinations=[half, half]), "did you mean profile?"),
        (
            lambda: split([{"destinaton": desk, "allocation_percent": 50}]),
            "[0].destinaton: extra inputs are not permitted; ",
        ),
        (lambda: split({"destination": desk}), "destinations: input should be a valid list"),
        (lambda: split([{"allocation_percent": desk.id}]), "destinations[0].destination: field required"),
        (lambda: ringcx.Activation("live", targets=wrong), "targets takes a list: write [...] around what is given"),
        (lambda: ringcx.Destination("d", group.id), "opts takes pulumi.ResourceOptions(...), not Output; arguments "),
        (lambda: ringcx.Destination.fleet("d", [], opts={}), "opts takes pulumi.ResourceOptions(...), not dict; "),
        (lambda: ringex.AnsweringRule("r", **{**RULE, "called_number": ["+13035550100"]}), "mean called_numbers?"),
        (lambda: ringcx.DnisPool("p", numbers=[{"dnis": "+18005550100", "descripton": "x"}]), "you mean description?"),
    ][case]
    with pytest.raises(pulumi.RunError, match=re.escape(said)) as error:
        declare()
    assert len(str(error.value).splitlines()) == 1


def lines(declared: type[pulumi.Resource], **given: Any) -> list[str]:
    """What is said of a declaration, without where it stands."""
    try:
        declared("r", **given)
    except pulumi.RunError as error:
        return [line.split("'r': ", 1)[1] for line in str(error).splitlines()]
    return []


WRONG: dict[str, Any] = {
    "text": "seven",
    "no text": "",
    "true": True,
    "a list": ["x"],
    "a list of nothing": [None],
    "a dictionary": {"a": 1},
    "bytes": b"x",
    "a function": lambda: 1,
}
FEW = ("ringcx:HttpService", "portsip:RingGroup")


@pytest.mark.apart
@pytest.mark.parametrize(
    "token", [one if one in FEW else pytest.param(one, marks=pytest.mark.whole_run) for one in TYPES]
)
def test_one_mistake_is_one_line_whatever_the_argument(token: str) -> None:
    pulumi.runtime.set_mocks(Mocks())
    vendor, _, name = token.partition(":")
    declared: Any = getattr({"ringcx": ringcx, "ringex": ringex, "portsip": portsip}[vendor], name)
    group = ringcx.RouteGroup("group", name="Denver")
    missing = set(lines(declared))
    for argument in provider_for(token).model:
        for text in (f"{group}", f"of {group.id}"):
            (line,) = [one for one in lines(declared, **{argument: text}) if one not in missing]
            assert argument in line
            assert " holds " in line
        for what, value in WRONG.items():
            found = [one for one in lines(declared, **{argument: value}) if one not in missing]
            assert len(found) <= 1, (argument, what, found)
            assert all(one.isprintable() and len(one) < 300 for one in found)
        if not provider_for(token).model[argument].names_something:
            (line,) = [one for one in lines(declared, **{argument: group}) if one not in missing]
            assert line == f"{argument} takes a value, not a ringcx.RouteGroup: give one of its outputs"
        rows = provider_for(token).model[argument].rows or {}
        for name in (name for name, field in rows.items() if field.required):
            for value in ({f"{name}s": "1"}, [{f"{name}s": "1"}]):
                said = [
                    one for one in refused(token, **{argument: value}) if re.match(rf"{argument}.*\.{name}s?: ", one)
                ]
                assert len(said) <= 1, said
        for typo in (argument[:-1] + "x", argument + "s", argument[1:]):
            if typo not in provider_for(token).model:
                (line,) = [one for one in lines(declared, **{typo: "x"}) if one not in missing]
                assert line.startswith(f"{typo} is not an argument of this resource; did you mean "), line


@pytest.mark.apart
@pytest.mark.parametrize("inside", [lambda text: {"X-Group": text}, lambda text: [{"name": "X-Group", "value": text}]])
def test_the_text_of_an_object_is_found_in_what_an_argument_holds(inside: Any) -> None:
    pulumi.runtime.set_mocks(Mocks())
    group = ringcx.RouteGroup("group", name="Denver")
    for text in (f"{group}", f"of {group.id}"):
        (line,) = [one for one in lines(ringcx.HttpService, headers=inside(text)) if "is missing" not in one]
        assert line.startswith("headers")
        assert " holds " in line


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("text", "headers: 'text' will not do: input should be a valid dictionary or a valid list"),
        ({"Accept": 1}, "headers.Accept: 1 will not do: input should be a valid string"),
        ([{"name": 1}], "headers[0].name: 1 will not do: input should be a valid string"),
    ],
)
def test_a_value_of_one_form_or_another_is_told_of_once(value: Any, said: str) -> None:
    wrong = refused("ringcx:HttpService", headers=value)
    assert [line for line in wrong if line.startswith("headers")] == [said]


def test_a_misspelt_argument_of_a_look_up_says_which_was_meant() -> None:
    wrong: Any = ringcx.get_destination_group
    for given, said in (({"nme": "Denver"}, "'nme'; did you mean name?"), ({"x": 1}, "; it takes name, id, by name")):
        with pytest.raises(pulumi.RunError, match=re.escape(said)):
            wrong(**given)
    with pytest.raises(pulumi.RunError, match="get_destination_group: too many positional arguments; it takes"):
        wrong("Denver")


def test_a_package_lists_its_types() -> None:
    assert {"Destination", "DestinationArgs", "get_profile"} <= set(dir(ringcx))
    assert not [name for name in dir(ringcx) if name.startswith("_")]


def test_what_an_editor_shows_of_a_type_is_ours() -> None:
    said = inspect.getdoc(ringcx.Destination.__init__)
    assert said is not None
    assert "<Type>Args" in said
    site = yaml.load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), yaml.BaseLoader)["site_url"]
    (address,) = re.findall(r"https://\S+", said)
    assert address.startswith(site)
    assert (ROOT / address.removeprefix(site) / "README.md").is_file()


LINK, SHORT, BARE = "123456/1000/1001", "1000/1001", "1001"
HALF = [50] * 24


@pytest.mark.parametrize("other", [LINK, SHORT, BARE])
@pytest.mark.parametrize(
    ("token", "args", "rows", "row", "said"),
    [
        ("ringcx:ProfileDestinations", {"profile": "123456/1000/1002"}, "destinations", {}, "is in the set twice"),
        ("ringcx:AllocationHours", {"profile": "123456/1000/1002"}, "hours", {"percent": HALF}, "has two rows"),
        ("ringcx:Activation", {}, "targets", {"kind": "destination"}, "is in the list twice"),
    ],
)
def test_an_object_that_is_named_twice(
    token: str, args: dict[str, Any], rows: str, row: dict[str, Any], said: str, other: str
) -> None:
    name = "id" if rows == "targets" else "destination"
    (line,) = refused(token, **args, **{rows: [{**row, name: LINK}, {**row, name: other}]})
    assert line.startswith(rows)
    assert said in line


def test_hours_of_nothing() -> None:
    (line,) = refused("ringcx:AllocationHours", profile="123456/1000/1002", hours=[])
    assert line == "hours: is empty: give a row for each destination of the profile"


SHOWN = [getattr(vendor, name) for vendor in (ringcx, ringex, portsip) for name in vendor.__all__]
SHOWN = [one for one in SHOWN if inspect.isclass(one) and (issubclass(one, pulumi.Resource) or is_dataclass(one))]


@pytest.mark.parametrize("kind", [*SHOWN, Fleet], ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_every_output_has_its_documentation(kind: type) -> None:
    """Editors show the text below an attribute when somebody points at it: of resources, fleets and look-ups."""
    (class_,) = ast.parse(inspect.getsource(kind)).body
    assert isinstance(class_, ast.ClassDef)
    assert ast.get_docstring(class_)
    for place, one in enumerate(class_.body):
        if isinstance(one, ast.AnnAssign):
            said = class_.body[place + 1]
            assert isinstance(said, ast.Expr), ast.unparse(one)
            assert isinstance(said.value, ast.Constant), ast.unparse(one)
