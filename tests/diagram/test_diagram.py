"""The picture: what it shows of a support line, and that the same line is the same picture."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from pulumi_voice_routing.cli import app
from pulumi_voice_routing.commands.diagram.graph import Graph, graph_of
from pulumi_voice_routing.commands.diagram.mermaid import mermaid
from pulumi_voice_routing.commands.diagram.svg import svg
from pulumi_voice_routing.plan.facts import Resource
from pulumi_voice_routing.plan.plan import Plan, Step
from tests.rules.plans import (
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
from tests.tokens import DESTINATION, DNIS_ASSIGNMENT, RING_GROUP

NUMBER = "+13035550100"
KEY_OF_NEW = ["classDef off", "class off", "subgraph", "new", "end", "classDef new", "class new"]
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
    new = drawn([], dark)
    assert all("takes no calls" in node.lines for node in new.nodes if node.kind != "end")
    assert "  class n1,n2,n3 off" in mermaid(new).splitlines()
    there = drawn(dark, dark)  # it may have been switched on by hand
    assert all("on or off: not declared" in node.lines and not node.off for node in there.nodes)


def test_a_record_that_is_not_in_use_is_seen_at_its_number() -> None:
    def record(**props: Any) -> Resource:
        return resource("ringcx:Dnis", "record", dnis=NUMBER, **props)

    line = [*LINE, number("support"), record(active=True)]
    (changed,) = [node for node in drawn(line, but(line, record(active=False))).nodes if node.change]
    assert (changed.title, changed.change, changed.off) == (NUMBER, "changed", True)


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ([0] * 8 + [100] * 10 + [0] * 6, "every day 08:00-18:00"),
        ([70] * 8 + [100] * 16, "100 % every day 08:00-24:00; 70 % every day 00:00-08:00"),
        ([100] * 24, "100 %"),
        ([0] * 24, "no calls"),
        ([33.33] * 24, "33.33 %"),
        (list(range(24)), "1 % to 23 % by the hour"),
        ([100] * 23, "by the hour"),
        ([-1] * 24, "by the hour"),
    ],
)
def test_shares_by_hour_are_spelt(shares: list[float], said: str) -> None:
    row = {"destination": id_of("denver"), "percent": shares}
    table = resource("ringcx:AllocationHours", "hours", profile=id_of("support"), hours=[row])
    assert f"same: Support -> Denver {said}" in as_text(drawn([*LINE, table], [*LINE, table]))


def test_other_shares_by_hour_are_coloured() -> None:
    def hours(denver: int) -> Resource:
        rows = [("denver", denver), ("austin", 100 - denver)]
        table = [{"destination": id_of(name), "percent": [share] * 24} for name, share in rows]
        return resource("ringcx:AllocationHours", "hours", profile=id_of("support"), hours=table)

    graph = drawn([*LINE, hours(60)], [*LINE, hours(50)])
    assert as_text(graph) == ["changed: Support -> Austin 40 % → 50 %", "changed: Support -> Denver 60 % → 50 %"]
    assert drawn([*LINE, hours(60)], [*LINE, hours(60)]).changes == []


def test_a_profiles_own_target_is_on_its_arrow() -> None:
    def own(target: str) -> list[Resource]:
        there = next(one for one in LINE if one.name == "split")
        first, *others = there.rows("destinations")
        rows = [{**first, "override": True, "target": target}, *others]
        return but(LINE, replace(there, props={**there.props, "destinations": rows}))

    (arrow,) = [line for line in as_text(drawn(own("+13035551008"), own("+13035551009"))) if "→" in line]
    assert arrow.endswith(" % to +13035551008 → 70 % to +13035551009")


def test_what_a_rule_of_a_tracking_number_leads_to() -> None:
    first, second = (
        replace(
            resource("ringcx:TrackingNumber", f"number-{place}", dnis=f"+1888555000{place}"), id=f"123456/5/{place}"
        )
        for place in (1, 2)
    )

    def rule(**to: Any) -> list[str]:
        given = {"tracking_number": "123456/5/1", "rank": 1, **to}
        one = replace(resource("ringcx:TrackingRoutingRule", "rule", **given), id="123456/5/1/7")
        there = [first, second, one]
        return as_text(drawn(there, there))

    start = "same: +18885550001 ->"
    assert rule(kind="TRAC_XFER", to_tracking_id="2") == [f"{start} +18885550002 rank 1"]
    assert rule(kind="TRAC_XFER", to_tracking_id="3") == [f"{start} tracking number 3 rank 1"]
    assert rule(kind="STANDARD", destination="18885550002") == [f"{start} +18885550002 rank 1"]
    assert rule(kind="STANDARD", destination="13035551234") == [f"{start} +13035551234 rank 1"]
    assert rule(kind="VIVR", destination="7") == [f"{start} IVR 7 rank 1"]
    assert rule(kind="GATE_XFER", queue_id="7") == [f"{start} queue 7 rank 1"]


def test_a_rule_that_transfers_to_an_extension_leads_to_the_rules_of_that_extension() -> None:
    at, other = {"extension_id": "1/101"}, {"extension_id": "1/102"}
    night = resource(
        "ringex:BuiltInAnsweringRule", "night", rule="after-hours", action="Transfer", transfer_to="1/102", **at
    )
    day = resource("ringex:BuiltInAnsweringRule", "day", rule="business-hours", action="TakeMessagesOnly", **other)
    vip = resource(
        "ringex:AnsweringRule", "vip", name="VIP", called_numbers=[NUMBER], action="TakeMessagesOnly", **other
    )
    assert as_text(drawn([night], [night])) == ["same: after-hours -> extension 102 all calls"]
    both = [night, day, vip]
    assert as_text(drawn(both, both)) == ["same: after-hours -> business-hours all calls"]


def test_only_an_address_of_the_tenant_leads_to_a_ring_group() -> None:
    members = [{"extension_number": "101"}]
    props: dict[str, Any] = {"name": "Group", "extension_number": "8000", "strategy": "CYCLIC_HUNT", "members": members}
    group = replace(resource(RING_GROUP, "group", **props), id="pbx.example.com/acme.example.com/7")

    def to(kind: str, target: str) -> list[str]:
        denver = resource(DESTINATION, "denver", name="Denver", kind=kind, target=target, group_id=id_of("g"))
        return [line for line in as_text(drawn([group], [*LINE, denver, group])) if "Group" in line]

    assert to("SIP", "sip:8000@acme.example.com") == ["new: Denver -> Group"]
    assert to("SIP", "sip:8000@carrier.example.net") == to("ACD", "8000") == to("DID", "8000") == []


def test_two_resources_that_say_the_same_arrow_are_one_in_any_order() -> None:
    one, other = (overrides(name, id_of("denver"), f"+1303555010{place}") for place, name in enumerate("ab"))
    rules = [
        resource("ringex:AnsweringRule", name, extension_id="1/101", name=name, called_numbers=["+13035551234"])
        for name in ("vip", "all")
    ]
    forth, back = drawn(LINE, [*LINE, one, other, *rules]), drawn(LINE, [*rules[::-1], other, one, *LINE])
    assert mermaid(forth) == mermaid(back)
    assert "new: Denver -> +13035559999 callers of +13035550100, +13035550101" in as_text(forth)
    assert {"new: Denver -> vip", "new: Denver -> all"} <= set(as_text(forth))


def test_the_extension_of_whoever_signs_in_is_no_change() -> None:
    there = resource("ringex:AnsweringRule", "vip", extension_id="1/101", name="VIP", called_numbers=[NUMBER])
    assert drawn([there], [replace(there, props={**there.props, "extension_id": "~"})]).nodes[0].lines == (
        "extension 101",
    )


def test_rules_of_the_newer_call_handling_show_what_rings_and_where_calls_end() -> None:
    at = {"extension_id": "1/101"}
    mobile, desk = {"type": "AllMobileRingTarget"}, {"type": "DeviceRingTarget", "device_id": "801"}
    groups = [{"targets": [mobile, desk]}, {"targets": [{"type": "PhoneNumberRingTarget", "phone_number": NUMBER}]}]
    voicemail = {"type": "VoiceMailTerminatingTarget"}
    other = {"type": "ExtensionTerminatingTarget", "extension_id": "1/102"}
    there = [
        resource(
            "ringex:CallHandlingStateRule",
            "work",
            state="work-hours",
            dispatching="RingInOrder",
            ring_groups=groups,
            no_answer_target=voicemail,
            **at,
        ),
        resource("ringex:CallHandlingState", "dnd", state="dnd", enabled=False, **at),
        resource("ringex:CallHandlingStateRule", "quiet", state="dnd", immediate_target=other, **at),
    ]
    graph = drawn(there, there)
    names = {node.key: node.title for node in graph.nodes}
    assert {(names[edge.source], names[edge.target], edge.label) for edge in graph.edges} == {
        ("work-hours", "mobile apps of extension 101", "group 1"),
        ("work-hours", "device 801 of extension 101", "group 1"),
        ("work-hours", NUMBER, "group 2"),
        ("work-hours", "voicemail of extension 101", "when nobody answers"),
        ("dnd", "extension 102", "all calls"),
    }
    assert [node.title for node in graph.nodes if node.off] == ["dnd"]


def test_a_part_of_the_picture() -> None:
    sales = resource("ringcx:Profile", "sales", group_id=id_of("g"), name="Sales", routing_type="PERCENT_ALLOCATION")
    line = [*LINE, sales, number("support"), number("sales", "other", "+13035550101")]
    graph = drawn(
        line, but(line, number("sales", "other", "+13035550101"), split("split", "support", denver=60, austin=40))
    )
    assert {node.title for node in graph.only_changed().nodes} == {"Support", "Denver", "Austin"}
    assert {node.title for node in graph.behind("13035550101").nodes} == {"+13035550101", "Sales"}


def test_colours_are_explained_in_both_forms() -> None:
    graph = drawn([], [resource(DESTINATION, "denver", name="Denver", kind="DID", target=NUMBER)])
    assert '    k1["new"]:::new' in mermaid(graph).splitlines()
    old, new = (resource(DESTINATION, name, name=name, kind="DID", target=NUMBER) for name in ("a", "b"))
    three = replace(old, props={**old.props, "name": "c"}, urn=f"{old.urn}c", name="c")
    picture = svg(drawn([old, three], [replace(old, props={**old.props, "name": "A"}), new]))
    width = float(picture.partition('viewBox="0 0 ')[2].split()[0])
    assert width >= 3 * 130


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("1. Denver", "1#46; Denver"),
        ("- x", "#45; x"),
        ("*b*", "#42;b#42;"),
        ("_it_", "#95;it#95;"),
        ("a\u00a0b", "a b"),
    ],
)
def test_names_are_no_lists_and_no_emphasis(name: str, shown: str) -> None:
    graph = drawn([], [resource("ringcx:Profile", "p", name=name, routing_type="A_B")])
    assert f'n1{{{{"{shown}<br/>A_B<br/>' in mermaid(graph)


def test_a_picture_that_mermaid_does_not_draw_is_announced(tmp_path: Path) -> None:
    there = [resource(DESTINATION, f"d{place}", name="D" * 300, kind="DID", target=NUMBER) for place in range(200)]
    entries = [
        {
            "urn": one.urn,
            "type": f"pulumi-python:dynamic/{one.type}",
            "id": f"123456/1001/{place}",
            "outputs": one.props,
        }
        for place, one in enumerate(there)
    ]
    state = tmp_path / "state.json"
    state.write_text(
        json.dumps({"version": 3, "deployment": {"resources": [{**one, "inputs": one["outputs"]} for one in entries]}})
    )
    done = CliRunner().invoke(app, ["diagram", "--state", str(state)])
    assert done.stderr.startswith("warning: it has ")
    assert "warning" not in CliRunner().invoke(app, ["diagram", "--state", str(state), "--format", "svg"]).stderr


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
    shown = " ".join("".join(char for char in name if char.isprintable() or char.isspace()).split())
    assert any((text.text or "") == shown for text in root.iter("{http://www.w3.org/2000/svg}text"))
    text = mermaid(graph)
    assert "<script" not in text
    assert len(text.splitlines()) == 1 + len(graph.nodes) + len(graph.edges) + len(KEY_OF_NEW)


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
    assert said.stdout == f'flowchart LR\n  n1["Denver<br/>{NUMBER}<br/>on or off: not declared"]\n'


@pytest.mark.parametrize(
    ("type_", "props", "said"),
    [
        ("portsip:RingGroup", {"no_answer": {"action": "FORWARD_TO_VOICEMAIL"}}, "then voicemail"),
        ("ringex:BuiltInAnsweringRule", {"action": "TakeMessagesOnly", "extension_id": "1/101"}, "voicemail"),
        ("ringex:AnsweringRule", {"action": "PlayAnnouncementOnly", "extension_id": "1/101"}, "announcement"),
        ("ringex:AnsweringRule", {"voicemail_enabled": True, "extension_id": "1/101"}, "then voicemail"),
    ],
)
def test_a_box_says_who_takes_the_call_in_the_end(type_: str, props: dict[str, Any], said: str) -> None:
    there = resource(type_, "one", name="One", extension_number="8000", strategy="CYCLIC_HUNT", members=[], **props)
    (node,) = drawn([there], [there]).nodes
    assert said in node.lines
