"""Less in one picture: what calls reach, numbers together, pages, names; and nothing that covers anything else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pulumi_voice_routing.cli import app
from pulumi_voice_routing.commands.diagram.graph import Graph
from pulumi_voice_routing.commands.diagram.mermaid import mermaid
from pulumi_voice_routing.commands.diagram.parts import MOST_OBJECTS, NOTHING, grouped, named, pages, reached
from pulumi_voice_routing.commands.diagram.svg import scene, svg
from pulumi_voice_routing.commands.drawing.engine import laid_out
from pulumi_voice_routing.plan.facts import Resource
from tests.diagram.test_diagram import drawn, number
from tests.rules.plans import LINE, resource
from tests.tokens import DESTINATION, RING_GROUP
from tests.view.lines import line
from tests.view.lines import named as named_line
from tests.view.names import NAMES
from tests.view.test_document import assert_apart


def of(there: Sequence[Resource]) -> Graph:
    return drawn(list(there), list(there))


def titles(graph: Graph) -> set[str]:
    return {node.title for node in graph.nodes}


def test_what_no_call_reaches_is_counted_and_not_drawn() -> None:
    spare = [resource(DESTINATION, name, name=name, kind="DID", target="+13035551234") for name in ("spare", "other")]
    graph = reached(of([*LINE, number("support"), *spare]))
    assert not titles(graph) & {"spare", "other"}
    assert graph.notes == ("Reached by no call: 2 destinations.",)
    assert "Reached by no call: 2 destinations." in mermaid(graph)
    assert "Reached by no call: 2 destinations." in svg(graph)
    assert titles(reached(drawn(LINE, [*LINE, *spare]))) >= {"spare", "other"}, "what changes is always drawn"


def test_an_empty_stack_says_so() -> None:
    graph = reached(of([]))
    assert graph.notes == (NOTHING,)
    assert NOTHING in svg(graph)
    assert "No number, extension" in mermaid(graph)


def test_many_numbers_that_are_answered_alike_are_one_box() -> None:
    graph = grouped(reached(of(line(120, 2))))
    numbers = [node for node in graph.nodes if node.kind == "number"]
    assert [node.title for node in numbers] == ["60 numbers", "60 numbers"]
    assert len(graph.nodes) < MOST_OBJECTS
    assert grouped(of(LINE)) == of(LINE)


def test_more_than_fifty_boxes_are_several_pages_with_all_of_it() -> None:
    graph = reached(of(line(30, 30)))
    parts = pages(graph)
    assert len(parts) > 1
    assert max(len(part.nodes) for part in parts) <= MOST_OBJECTS
    assert {node.key for part in parts for node in part.nodes} == {node.key for node in graph.nodes}
    arrows = {(edge.source, edge.target) for part in parts for edge in part.edges}
    assert arrows == {(edge.source, edge.target) for edge in graph.edges}
    assert parts[1].heading == f"Page 2 of {len(parts)}"


@pytest.mark.parametrize("there", [LINE, [*LINE, number("support")], line(40, 12), line(9, 3)], ids=len)
def test_labels_and_boxes_never_overlap(there: Sequence[Resource]) -> None:
    for part in pages(grouped(reached(of(there)))):
        assert_apart(laid_out(scene(part)))


def test_queues_have_their_names() -> None:
    graph = named(of(line()), {("queue", "1000"): "Night"})
    assert [node.lines for node in graph.nodes if node.title == "Night desk 0"] == [("Night (queue 1000)",)]


def test_an_outside_number_of_a_ring_group_joins_the_vendors() -> None:
    group = resource(
        RING_GROUP,
        "desk",
        name="Desk",
        extension_number="8100",
        strategy="CYCLIC_HUNT",
        members=[{"extension_number": "105"}],
        inbound_numbers=["+13035551234"],
    )
    graph = of([*LINE, group])
    names = {node.key: node.title for node in graph.nodes}
    assert ("Denver", "Desk") in {(names[edge.source], names[edge.target]) for edge in graph.edges}


def test_pages_are_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pulumi_voice_routing.commands.diagram import graph as drawing

    monkeypatch.setattr(drawing, "graph_of", lambda plan: of(line(30, 30)))
    (tmp_path / "state.json").write_text('{"deployment": {"resources": []}}')
    output = tmp_path / "routing.svg"
    done = CliRunner().invoke(app, ["diagram", "--state", str(tmp_path / "state.json"), "--output", str(output)])
    assert done.exit_code == 0, done.output
    assert "pages: " in done.output
    assert "Page 2 of" in (tmp_path / "routing-2.svg").read_text()


# What Mermaid reads: a box, an arrow, a style. Between quotation marks is anything that is none.
SAID = r'"(?:[^"\s]| )*"'
MERMAID = re.compile(
    rf"flowchart LR|  (?:n\d+|note)[(\[{{/]{{1,2}}{SAID}[)\]}}/]{{1,2}}|  n\d+ (?:-->|-\.->)(?:\|{SAID}\|)? n\d+"
    rf"|  subgraph key \[Colours\]|    k\d\[{SAID}\]:::\w+|  end"
    r"|  (?:classDef|class|style|linkStyle) [\w,]+ [\w#:,\- ]+"
)


@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES)
def test_the_text_for_mermaid_is_lines_that_it_reads_with_labels_that_it_can_break(names: list[str]) -> None:
    there = named_line(names)
    before = [replace(one, props={**one.props, "description": "other"}) for one in there]
    text = mermaid(drawn(before, there))
    for read in text.splitlines():
        assert MERMAID.fullmatch(read), read
        words = re.split(r"[\s\u200b]+|<br/>", re.sub(r"#\d+;", "x", "".join(re.findall(SAID, read))))
        assert max(map(len, words)) <= 32, "a word that makes its box as wide as itself"
