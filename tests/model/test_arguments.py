"""What programs may declare, of every type: checked, brought to one form, and passed on where it is not known yet."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal, Required

import pulumi
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pulumi import Input
from pulumi.output import UNKNOWN
from typing_extensions import TypedDict

from pulumi_voice_routing import registry, ringcx
from pulumi_voice_routing.lifecycle.fields import Id, Immutable, Name, Percent, Reference, Secret, Wire
from pulumi_voice_routing.lifecycle.model import Model, model_of, unknown
from tests.loops import finished

assert ringcx.__all__  # importing it enters its types
TYPES = sorted(registry.providers)

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=15) | st.just(UNKNOWN),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


class Row(TypedDict, total=False):
    number: Required[Input[Id]]
    percent: Input[Percent]


class ThingArgs(TypedDict, total=False):
    name: Required[Annotated[Input[Name], Wire("thingName")]]
    group_id: Annotated[Input[Reference], Immutable()]
    kind: Input[Literal["DID", "SIP"]]
    rows: Input[list[Row]]
    key: Annotated[Input[str], Secret()]
    latitude: Input[float]


MODEL = Model(ThingArgs)


def failures(**given: Any) -> list[tuple[str, str]]:
    return [(failure.path, failure.reason) for failure in MODEL.validate(given)[1]]


@pytest.mark.parametrize("token", TYPES)
@given(data=st.data())
@settings(max_examples=40)
def test_any_input_is_a_value_or_a_failure(token: str, data: st.DataObject) -> None:
    provider = registry.provider_for(token)
    names = st.sampled_from(list(provider.model)) | st.text(max_size=8)
    given_ = data.draw(st.dictionaries(names, anything, max_size=6))
    values, found = provider.model.validate(given_)
    assert all(failure.reason and failure.reason.isprintable() for failure in found)
    for name, value in given_.items():
        if name in provider.model and unknown(value):
            assert name not in values or unknown(values[name])
    if not found:
        left_out = {name for name, value in given_.items() if value is not None} - set(values)
        assert all(unknown(given_[name]) for name in left_out), "of the wrong form, perhaps for what is in it"
        again, none = provider.model.validate({**given_, **values})
        assert (repr(again), none) == (repr(values), [])


@pytest.mark.parametrize("token", TYPES)
def test_everything_may_be_unknown(token: str) -> None:
    model = registry.provider_for(token).model
    assert model.validate(dict.fromkeys(model, UNKNOWN)) == (dict.fromkeys(model, UNKNOWN), [])


@pytest.mark.parametrize("token", TYPES)
def test_what_is_missing_is_named(token: str) -> None:
    model = registry.provider_for(token).model
    required = [name for name, field in model.items() if field.required]
    assert [failure.reason for failure in model.validate({})[1]] == [f"{name} is missing" for name in required]


@pytest.mark.parametrize("token", TYPES)
def test_nothing_is_as_good_as_missing(token: str) -> None:
    provider = registry.provider_for(token)
    missing, nothing = provider.check({}, {}), provider.check({}, dict.fromkeys(provider.model))
    assert nothing.inputs == missing.inputs
    assert [vars(failure) for failure in nothing.failures] == [vars(failure) for failure in missing.failures]


def test_every_failure_is_reported_at_once_each_in_its_place() -> None:
    assert failures(nmae="x", kind="FAX", rows=[{"number": "12", "percent": 101}, {"percent": "many", "x": 1}]) == [
        ("", "nmae is not an argument of this resource; did you mean name?"),
        ("kind", "'FAX' will not do: input should be 'DID' or 'SIP'"),
        ("rows[0].percent", "101 will not do: input should be less than or equal to 100"),
        ("rows[1].number", "field required"),
        (
            "rows[1].percent",
            "'many' will not do: input should be a valid integer, unable to parse string as an integer",
        ),
        ("rows[1].x", "1 will not do: extra inputs are not permitted"),
    ]


def test_what_is_known_beside_what_is_not_has_its_form() -> None:
    values, found = MODEL.validate({"name": "n", "rows": [{"number": UNKNOWN, "percent": "70"}, {"number": 12.0}]})
    assert values["rows"] == [{"number": UNKNOWN, "percent": 70}, {"number": "12"}]
    assert found == []


def test_a_secret_is_not_shown_and_its_property_is_not_named() -> None:
    assert failures(name="n", key=["hush"]) == [("", "key: Input should be a valid string")]


def test_a_very_long_value_is_shortened() -> None:
    ((_, reason),) = failures(name="x" * 100_000)
    assert len(reason) < 200


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_numbers_that_json_does_not_have_are_refused(number: float) -> None:
    ((path, _),) = failures(name="n", latitude=number)
    assert path == "latitude"


@pytest.mark.parametrize(
    ("given_", "canonical"),
    [
        ({"name": "  n "}, {"name": "n"}),
        ({"name": "n", "rows": [{"number": 12.0, "percent": 50.0}]}, {"rows": [{"number": "12", "percent": 50}]}),
        ({"name": "n", "group_id": 1001.0}, {"group_id": "1001"}),
        ({"name": "n", "group_id": " 123456/1001/ "}, {"group_id": "123456/1001"}),
        ({"name": "n", "kind": None}, {}),
    ],
)
def test_canonical_values(given_: dict[str, Any], canonical: dict[str, Any]) -> None:
    assert MODEL.validate(given_) == ({"name": "n", **canonical}, [])


@pytest.mark.parametrize(
    "rows", [UNKNOWN, [UNKNOWN], [{"number": UNKNOWN}], [{"number": "1", "percent": UNKNOWN}, {"number": "2"}]]
)
def test_unknowns_pass_through_wherever_they_are(rows: Any) -> None:
    values, found = MODEL.validate({"name": "n", "rows": rows})
    assert values["rows"] == rows
    assert found == []


def test_what_is_wrong_beside_an_unknown_is_still_reported() -> None:
    assert failures(name="n", rows=[{"number": UNKNOWN, "percent": 101}])[0][0] == "rows[0].percent"


async def _an_output() -> pulumi.Output[int]:
    return pulumi.Output.from_input(1)


def test_an_output_counts_as_unknown() -> None:
    assert unknown({"a": [finished(_an_output())]})
    assert not unknown({"a": [1, "x", None]})


def test_markers_are_read_from_the_class() -> None:
    assert MODEL["name"].wire == "thingName"
    assert MODEL["name"].required
    assert MODEL["group_id"].immutable
    assert MODEL["key"].secret
    assert MODEL["kind"].wire is None
    assert list(MODEL) == ["name", "group_id", "kind", "rows", "key", "latitude"]
    assert model_of(ThingArgs) is model_of(ThingArgs)


@pytest.mark.parametrize("wrong", ["x", "1/x", "1//2", "-1", "", "1.5", True, 1.5, ["1"], "١"])
def test_what_is_no_reference(wrong: object) -> None:
    assert [path for path, _ in failures(name="n", group_id=wrong)] == ["group_id"]


@given(st.dictionaries(st.sampled_from(["name", "group_id", "kind", "rows"]), anything))
def test_canonical_values_are_json(given_: dict[str, Any]) -> None:
    values, found = MODEL.validate(given_)
    if not found and not unknown(values):
        assert json.loads(json.dumps(values)) == values
