"""Views show arguments that their types have, in the form that these have there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pulumi_voice_routing.lifecycle.model import FieldFacts, Model, model_of
from pulumi_voice_routing.lifecycle.view import UNKNOWN, Data, Flag, Number, Part, Rows, Shown, Text, Texts, View
from pulumi_voice_routing.portsip.views import RingGroupView
from pulumi_voice_routing.ringcx.cloud_routing import views as cloud_routing
from pulumi_voice_routing.ringcx.numbers import views as numbers
from pulumi_voice_routing.ringex import views as ringex
from tests.plan.types import TYPES

VIEWS = [
    view
    for module in (cloud_routing, numbers, ringex)
    for view in vars(module).values()
    if isinstance(view, type) and issubclass(view, View) and view.token
] + [RingGroupView]


def shown(view: type[View]) -> Iterator[Shown[object]]:
    for one in view.__mro__:
        yield from (item for item in vars(one).values() if isinstance(item, Shown))


def forms(field: FieldFacts) -> set[str]:
    """What the values of a field are in JSON."""
    schema = field.adapter.json_schema()
    if "oneOf" in schema:  # rows of one kind or another
        return {"object"}
    return {str(one["type"]) for one in schema.get("anyOf", [schema]) if "type" in one} | (
        {"object"} if "$ref" in schema else set()
    )


def misfits(view: type[View], model: Model) -> Iterator[str]:
    for item in shown(view):
        if item.name not in model:
            yield f"{view.__name__}: there is no {item.name}"
            continue
        field = model[item.name]
        if not isinstance(item, Data) and not forms(field) & set(item.schema):
            yield f"{view.__name__}.{item.name} is {item.schema}, and the type says {forms(field)}"
        if isinstance(item, Rows | Part):
            if field.rows is None:
                yield f"{view.__name__}.{item.name} has no rows"
            else:
                yield from misfits(item.row, field.rows)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.__name__)
def test_a_view_shows_what_its_type_has(view: type[View]) -> None:
    assert list(misfits(view, model_of(TYPES[view.token].lifecycle.args))) == []


def test_a_view_that_shows_something_else_is_noticed() -> None:
    class Strange(View):
        nme = Text()
        enabled = Text()
        callers = Part(cloud_routing.ProfileView)

    model = model_of(TYPES["ringex:AnsweringRule"].lifecycle.args)
    assert [line.partition(" ")[0] for line in misfits(Strange, model)][:2] == ["Strange:", "Strange.enabled"]
    assert len(list(misfits(Strange, model))) > 3


def test_what_is_not_known_or_in_another_form_reads_as_unknown() -> None:
    class Row(View):
        begin = Text("from")

    class Seen(View):
        text, flag, number, texts, rows, part = Text(), Flag(), Number(), Texts(), Rows(Row), Part(Row)

    nothing = Seen({})
    assert (nothing.text, nothing.flag, nothing.number, nothing.part) == (None, None, None, None)
    assert (nothing.rows.given, nothing.rows.certain, bool(nothing.rows)) == (False, False, False)
    odd = Seen(
        {"text": 1, "flag": "yes", "number": True, "texts": ["a", 1], "rows": [{"from": "x"}, UNKNOWN], "part": 1}
    )
    assert (odd.text, odd.flag, odd.number, odd.part) == (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)
    assert (list(odd.texts), odd.texts.certain, odd.texts.missing) == (["a"], False, 1)
    assert ([row.begin for row in odd.rows], odd.rows.certain, bool(odd.rows)) == (["x"], False, True)
    hidden = Seen({"rows": UNKNOWN})
    assert (hidden.rows.given, hidden.rows.certain, bool(hidden.rows)) == (True, False, True)
