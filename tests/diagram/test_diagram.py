"""The picture: what it shows of a support line, and that the same line is the same picture."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from pulumi_voice_routing.cli import app
from pulumi_voice_routing.diagram.graph import Graph, graph_of
from pulumi_voice_routing.diagram.mermaid import mermaid
from pulumi_voice_routing.diagram.svg import svg
from pulumi_voice_routing.safety.facts import DESTINATION, DNIS_ASSIGNMENT, RING_GROUP, Resource
from pulumi_voice_routing.safety.plan import Plan, Step
from tests.policies.plans import (
    GO_LIVE,
    LINE,
    but,
    first_line,
    id_of,
    overrides,
    resource,
    saved,
    split,
)

NUMBER = "+13035550100"
LINE_AS_MERMAID = """\
flowchart LR
  n1["Austin<br/>+13035551234"]
  n2["Denver<br/>+13035551234"]
  n3{{"Support<br/>PERCENT_ALLOCATION"}}
  n3 -->|"30 %"| n1
  n3 -->|"70 %"| n2
"""


def number(owner: str, name: str = "number", dnis: str = NUMBER) -> Resource:
    return resource(DNIS_ASSIGNMENT, name, dnis=dnis, profile=id_of(owner))


def drawn(before: list[Resource], after: list[Resource]) -> Graph:
    """The picture of a change, with the steps that the engine would take."""
    there = {one.urn: one if one.id else saved(one) for one in before}
    steps = []
    for one in after:
        old = there.pop(one.urn, None)
        if old is None:
            steps.append(Step(one.urn, ("create",), None, one))
        else:
            op = "same" if one.props == old.props else "update"
            steps.append(Step(one.urn, (op,), old, replace(one, id=old.id)))
    return graph_of(Plan([*steps, *(Step(one.urn, ("delete",), one) for one in there.values())]))


def as_text(graph: Graph) -> list[str]:
    """Each arrow in words."""
    titles = {node.key: node.title for node in graph.nodes}
    return [
        f"{edge.change or 'same'}: {titles[edge.source]} -> {titles[edge.target]} {edge.label}".rstrip()
        for edge in graph.edges
    ]


def test_a_line_that_stays_as_it_is_has_no_colours() -> None:
    assert mermaid(drawn(LINE, LINE)) == LINE_AS_MERMAID


def test_a_line_whose_ids_are_not_known_yet_is_drawn_by_its_links() -> None:
    graph = drawn([], first_line())
    shares = "one of 30 %, 70 %"  # a preview does not say which of two new destinations has which
    assert as_text(graph) == [f"new: Support -> Austin {shares}", f"new: Support -> Denver {shares}"]
    assert {node.change for node in graph.nodes} == {"new"}


def test_another_share_says_both() -> None:
    graph = drawn(LINE, but(LINE, split("split", "support", denver=60, austin=40)))
    assert as_text(graph) == ["changed: Support -> Austin 30 % → 40 %", "changed: Support -> Denver 70 % → 60 %"]


def test_what_leaves_is_drawn_as_gone() -> None:
    vip = overrides("vip", id_of("denver"), NUMBER)
    graph = drawn([*LINE, vip], LINE)
    (arrow,) = [line for line in as_text(graph) if not line.startswith("same")]
    assert arrow == f"gone: Denver -> +13035559999 callers of {NUMBER}"
    assert [node.title for node in graph.nodes if node.change == "gone"] == ["+13035559999"]


def test_a_number_that_moves_leaves_one_arrow_and_gets_another() -> None:
    sales = resource("ringcx:Profile", "sales", group_id=id_of("g"), name="Sales", routing_type="PERCENT_ALLOCATION")
    line = [*LINE, sales]
    moved = as_text(drawn([*line, number("support")], [*line, number("sales")]))
    assert [line for line in moved if NUMBER in line] == [f"new: {NUMBER} -> Sales", f"gone: {NUMBER} -> Support"]


def test_an_alias_changes_nothing_in_the_picture() -> None:
    old = saved(number("support", "old-name"))
    new = replace(number("support", "new-name"), aliases=frozenset({old.urn}), id=old.id)
    same = [Step(one.urn, ("same",), saved(one), replace(one, id=saved(one).id)) for one in LINE]
    graph = graph_of(Plan([*same, Step(new.urn, ("same",), old, new)]))
    assert graph.changes == []


def test_what_takes_no_calls_says_so() -> None:
    dark = but(LINE, without=["go-live"])
    assert all("takes no calls" in node.lines for node in drawn(dark, dark).nodes)


def test_groups_that_forward_in_a_circle_are_drawn_all_the_same() -> None:
    groups = [
        resource(
            RING_GROUP,
            number,
            name=f"Group {number}",
            extension_number=number,
            strategy="CYCLIC_HUNT",
            members=[{"extension_number": "101"}],
            no_answer={"action": "FORWARD_TO_NUMBER", "number": other},
        )
        for number, other in (("8100", "8200"), ("8200", "8100"))
    ]
    graph = drawn([], groups)
    assert len(graph.edges) == 2
    ElementTree.fromstring(svg(graph))


@pytest.mark.parametrize("name", ['<script>"&|`', "two\nlines\x00", "[x](y)", "); drop", "“ünïcode” ✓"])
def test_names_are_never_markup(name: str) -> None:
    line = [*LINE, resource(DESTINATION, "reno", group_id=id_of("g"), name=name, kind="DID", target=NUMBER)]
    graph = drawn(LINE, line)
    root = ElementTree.fromstring(svg(graph))
    shown = "".join(char for char in name if char.isprintable())
    assert any((text.text or "") == shown for text in root.iter("{http://www.w3.org/2000/svg}text"))
    text = mermaid(graph)
    assert "<script" not in text
    assert len(text.splitlines()) == 1 + len(graph.nodes) + len(graph.edges) + len(["classDef new", "class new"])


def test_the_order_of_declarations_does_not_matter() -> None:
    line = [*LINE, number("support"), overrides("vip", id_of("denver"), NUMBER), GO_LIVE]
    forth, back = drawn([], line), drawn([], line[::-1])
    assert mermaid(forth) == mermaid(back)
    assert svg(forth) == svg(back)


def test_the_command_writes_what_the_ending_says(tmp_path: Path) -> None:
    entry = {
        "urn": "urn:pulumi:dev::line::pulumi-python:dynamic/ringcx:Destination::denver",
        "type": "pulumi-python:dynamic/ringcx:Destination",
        "id": "123456/1001/1002",
        "inputs": {"name": "Denver", "target": NUMBER},
        "outputs": {"name": "Denver", "target": NUMBER},
    }
    state = tmp_path / "state.json"
    state.write_text(json.dumps({"version": 3, "deployment": {"resources": [entry]}}))
    picture = tmp_path / "routing.svg"
    run = CliRunner()

    assert run.invoke(app, ["diagram", "--state", str(state), "--output", str(picture)]).exit_code == 0
    assert "Denver" in "".join(ElementTree.fromstring(picture.read_text()).itertext())
    said = run.invoke(app, ["diagram", "--state", str(state)])
    assert said.stdout == f'flowchart LR\n  n1["Denver<br/>{NUMBER}<br/>takes no calls"]\n'
