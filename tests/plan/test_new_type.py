"""A type that nobody upstairs has heard of is known there by what it declares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Required

import pytest
from pulumi import Input
from typing_extensions import TypedDict

from pulumi_voice_routing import registry
from pulumi_voice_routing.call_flow.impact import Impact
from pulumi_voice_routing.call_flow.routing import Routing
from pulumi_voice_routing.call_flow.trace import Moment, traced
from pulumi_voice_routing.call_flow.tracer import Tracer
from pulumi_voice_routing.commands.diagram.graph import graph_of
from pulumi_voice_routing.commands.trace_report import as_text
from pulumi_voice_routing.lifecycle import meaning as means
from pulumi_voice_routing.lifecycle.fields import E164, Immutable, Name, Note
from pulumi_voice_routing.lifecycle.provider import Lifecycle
from pulumi_voice_routing.plan.facts import UNKNOWN, Before, Facts, Resource
from pulumi_voice_routing.plan.holdings import holdings, numbers_of
from pulumi_voice_routing.plan.plan import Plan, Step
from pulumi_voice_routing.plan.roles import roles_of
from pulumi_voice_routing.safety.rules import (
    CALLS_UNANSWERED,
    DUPLICATES,
    FORBIDDEN_TARGET,
    PLAIN_SECRETS,
    RELEASE_ACTIVE_DNIS,
    RULES,
    UNPROTECTED_NUMBER,
)
from pulumi_voice_routing.safety.rules.plan_rules import plan_rules
from tests.rules.plans import changes

TOKEN = "toy:Hotline"
NUMBER, DESK, OTHER = "+13035550100", "+13035551234", "+13035551235"


class HotlineArgs(TypedDict, total=False):
    """A number with a place where its calls go."""

    board: Required[Annotated[Input[str], Immutable(), means.Inside("toy:Board")]]
    title: Required[Annotated[Input[Name], means.Label()]]
    line: Required[Annotated[Input[E164], means.Dialled(answered_by="hotline")]]
    goes_to: Annotated[Input[E164], means.Target(reads="number")]
    queue: Annotated[Input[str], means.Target(reads="queue")]
    menu: Annotated[Input[str], means.Target(reads="ivr")]
    line_of: Annotated[Input[str], means.Target(reads="dialled")]
    phone: Annotated[Input[str], means.Target(reads="sip")]
    relief: Annotated[Input[str], means.Target(to="toy:Hotline")]
    open: Annotated[Input[bool], means.Switch()]
    remarks: Input[Note]


@pytest.fixture(autouse=True)
def known() -> Iterator[None]:
    class HotlineProvider(Lifecycle):
        token = TOKEN
        args = HotlineArgs
        noun = "hotline"
        vendor = "toy"

    registry.providers.setdefault(TOKEN, HotlineProvider)
    roles_of.cache_clear()
    yield
    registry.providers.pop(TOKEN, None)
    roles_of.cache_clear()


def hotline(name: str = "help", **props: object) -> Resource:
    given = {"board": "board-1", "title": name.title(), "line": NUMBER, "goes_to": DESK, **props}
    return Resource(TOKEN, name, f"urn:pulumi:dev::line::pulumi-python:dynamic/{TOKEN}::{name}", given, "board-1/7")


def route(*declared: Resource, before: tuple[Resource, ...] = ()) -> str:
    found = Tracer(Routing(Facts(declared, Before(before)))).route(NUMBER)
    return str(found.at(0)) if found is not None else ""


def test_facts_know_its_number_its_owner_and_its_switch() -> None:
    one = hotline(open=UNKNOWN)
    (held,) = holdings(Facts([one]), [one])
    assert (held.number, held.owner, held.active) == (NUMBER, "hotline 7", UNKNOWN)
    assert (one.called, numbers_of(one), roles_of(TOKEN).key) == ("Help", [NUMBER], "title")


def test_call_flow_follows_it() -> None:
    assert route(hotline()) == f"number {DESK}"
    assert route(hotline(open=False)) == "nobody (the assignment is not active)"
    assert route(hotline(goes_to=UNKNOWN)).startswith("unknown (where it leads")
    assert route(before=(hotline(),)) == "nobody (nobody answers the number any more)"
    (impact,) = Impact.of(Facts([hotline(goes_to=OTHER)], Before([hotline()]))).numbers()
    assert [str(change.after) for change in impact.changes] == [f"number {OTHER}"]


@pytest.mark.parametrize(
    ("target", "end"),
    [
        ({"queue": "1000"}, "queue 1000"),
        ({"menu": "7"}, "IVR 7"),
        ({"line_of": OTHER}, f"number {OTHER}"),
        ({"phone": "sip:desk@pbx.example.com"}, "sip:desk@pbx.example.com"),
        ({"queue": UNKNOWN}, "unknown (where it leads is not known before the run)"),
        ({}, "unknown (where calls to the hotline go on to is not part of this configuration)"),
        ({"goes_to": OTHER, "line_of": OTHER}, "unknown (which of several targets gets a call is not documented)"),
        ({"queue": "1000", "menu": "7"}, "unknown (which of several targets gets a call is not documented)"),
    ],
)
def test_calls_end_where_the_field_says(target: dict[str, object], end: str) -> None:
    assert route(hotline(**{"goes_to": None, **target})) == end
    assert route(hotline(**{"goes_to": None, "open": False, **target})) == "nobody (the assignment is not active)"
    unsure = route(hotline(**{"goes_to": None, "open": UNKNOWN, **target}))
    assert unsure == "unknown (whether the assignment is active is not known before the run)"


RELIEF = {"goes_to": None, "relief": "board-1/8"}


@pytest.mark.parametrize(
    ("relief", "end"),
    [
        ({}, f"number {DESK}"),
        ({"open": True}, f"number {DESK}"),
        ({"open": False}, "nobody (it is not active)"),
        ({"open": UNKNOWN}, "unknown (whether the hotline is active is not known before the run)"),
        ({"goes_to": None, "relief": "board-1/7"}, "a loop (calls come back to where they were)"),
        ({"goes_to": None, "relief": "board-1/9"}, "unknown (the hotline is not part of this configuration)"),
        ({"goes_to": None, "relief": UNKNOWN}, "unknown (where it leads is not known before the run)"),
    ],
)
def test_one_that_leads_to_another(relief: dict[str, object], end: str) -> None:
    found = Tracer(Routing.of_state([hotline(**RELIEF), relieving(**relief)])).route(NUMBER)
    assert found is not None
    assert str(found.at(0)) == end


def relieving(at: int = 8, **props: object) -> Resource:
    return replace(hotline(f"relief-{at}", **{"line": OTHER, **props}), id=f"board-1/{at}")


def test_one_that_another_leads_to_can_leave() -> None:
    assert route(hotline(**RELIEF), before=(hotline(**RELIEF), relieving())) == "nobody (the hotline leaves the stack)"


def test_of_two_that_are_not_declared_each_is_another_end() -> None:
    one, other = hotline(**RELIEF), hotline(**{**RELIEF, "relief": "board-1/9"})
    assert list(Impact.of(Facts([other], Before([one]))).numbers())
    assert not list(Impact.of(Facts([one], Before([one]))).numbers())


def test_a_path_names_the_one_that_is_off() -> None:
    off = Routing.of_state([hotline(**RELIEF), relieving(open=False)])
    found = traced(off, NUMBER, Moment(datetime(2026, 12, 1), "UTC"))
    assert found is not None
    assert "hotline 'Relief-8' is not active  [toy:Hotline relief-8]" in as_text(found)


def test_another_one_without_a_target_is_another_end() -> None:
    one, other = hotline(goes_to=None), replace(hotline("other", goes_to=None), id="board-1/8")
    assert list(Impact.of(Facts([other], Before([one]))).numbers())
    assert not list(Impact.of(Facts([one], Before([one]))).numbers())


def test_a_path_names_its_resource() -> None:
    found = traced(Routing.of_state([hotline()]), NUMBER, Moment(datetime(2026, 12, 1), "UTC"))
    assert found is not None
    assert "hotline 'Help'  [toy:Hotline help]" in as_text(found)


def test_the_diagram_draws_it() -> None:
    one = hotline()
    graph = graph_of(Plan([Step(one.urn, ("same",), one, one)]))
    titles = {node.key: node.title for node in graph.nodes}
    assert [(titles[edge.source], titles[edge.target]) for edge in graph.edges] == [(NUMBER, DESK)]
    off = graph_of(Plan([Step(one.urn, ("update",), one, hotline(open=False))]))
    assert [node.off for node in off.nodes if node.kind == "number"] == [True]


def test_rules_judge_it() -> None:
    judged = {rule.name for rule in RULES if rule.judges(roles_of(TOKEN))}
    assert {"release-active-dnis", "unprotected-number", "forbidden-target", "duplicates", "calls-unanswered"} <= judged
    assert "percent-totals" not in judged
    assert [rule.name for rule in (*RULES, *plan_rules(Plan())) if not rule.about] == []
    assert RELEASE_ACTIVE_DNIS.one_by_one is not None
    assert RELEASE_ACTIVE_DNIS.one_by_one(roles_of(TOKEN))

    assert changes(RELEASE_ACTIVE_DNIS, [hotline(open=False)], [hotline()]) == [(NUMBER, "hotline 7", "inactive")]
    assert changes(RELEASE_ACTIVE_DNIS, [], [hotline()]) == [(NUMBER, "hotline 7", "inactive")]
    assert changes(UNPROTECTED_NUMBER, [hotline()], [hotline()]) == [(NUMBER, "active", "unprotected")]
    assert changes(DUPLICATES, [hotline(), hotline("again")], []) != []
    assert changes(FORBIDDEN_TARGET, [hotline(goes_to="303-555-1234")], []) == [
        ("hotline 'Help' of board board-1", "no target", "303-555-1234")
    ]
    assert changes(PLAIN_SECRETS, [hotline(remarks="password: Xk29sdf83")], []) != []
    assert changes(CALLS_UNANSWERED, [hotline(goes_to=NUMBER)], [hotline()]) == [
        (NUMBER, f"number {DESK}", "a loop (calls come back to where they were)")
    ]


def test_a_type_that_this_version_does_not_have_means_nothing() -> None:
    for token in ("ringcx:Nothing", "nowhere:Thing", "strange", ":", "ringcx:get_profiles", "..:x", "errors:Refused"):
        assert roles_of(token).fields == {}
