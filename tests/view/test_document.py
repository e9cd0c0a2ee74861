"""What the page is told: ways as boxes and arrows, weeks with their gaps, changes in the words of callers."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pulumi_voice_routing.call_flow.outcome import End, Outcome
from pulumi_voice_routing.cli import app
from pulumi_voice_routing.commands.drawing.engine import laid_out
from pulumi_voice_routing.commands.drift import Argument, Drift
from pulumi_voice_routing.commands.naming import Names
from pulumi_voice_routing.commands.view import sources
from pulumi_voice_routing.commands.view.document import Shown, document
from pulumi_voice_routing.commands.view.page import page
from pulumi_voice_routing.plan.facts import Resource
from pulumi_voice_routing.settings import remember_secret
from tests.gate.previews import MOVED, preview, written
from tests.gate.previews import NUMBER as MOVED_NUMBER
from tests.gate.previews import line as a_line
from tests.tokens import DNIS_ASSIGNMENT, PROFILE, RING_GROUP
from tests.view.lines import line, one, routing
from tools import vendored


def told(after: list[Resource], before: list[Resource] | None = None) -> dict[str, Any]:
    there = routing(*after)
    was = there if before is None else routing(*before)
    return document(Shown("acme / dev", "a test", was, there), "now")


def said(values: dict[str, Any], number: str) -> tuple[dict[str, Any], list[Any]]:
    (row,) = (one for one in values["numbers"] if one["n"] == number)
    return row, values["calls"][row["c"]]


def test_a_way_is_boxes_and_arrows_with_hours() -> None:
    values = told(line())
    row, [[what, [way], [week], changes]] = said(values, "+18005550000")
    assert (row["s"], row["type"], what, changes) == ("+1 800 555 0000", "RingCX number", "", [])
    boxes = {one["title"]: one for one in values["ways"][way]["nodes"]}
    assert list(boxes) == ["Support 0", "Denver 0", "Night desk 0"]
    assert boxes["Denver 0"]["label"] == "RingCX destination"
    assert boxes["Denver 0"]["lines"] == ["(rank 1)", "+1 303 555 0000"]
    labels = {one.get("label") for one in values["ways"][way]["edges"]}
    assert labels == {None, "every day 08:00-18:00", "every day 00:00-08:00 and 18:00-24:00"}
    assert [start for start, _ in values["weeks"][week]][:3] == [0, 480, 1080]
    assert {one["t"] for one in values["outcomes"]} == {"Denver 0", "Night desk 0"}


def test_numbers_without_a_plus_sign_are_numbers_and_extensions_are_explained() -> None:
    plain = [replace(one, props={**one.props, "dnis": "12065550100"}) if "dnis" in one.props else one for one in line()]
    group = one(
        RING_GROUP, "desk", "h:1/desk", extension_number="8005550199", name="Desk", strategy="CYCLIC_HUNT", members=[]
    )
    rule = one(
        "ringex:AnsweringRule",
        "office",
        "~/1",
        name="Office",
        extension_id="~",
        enabled=True,
        action="TakeMessagesOnly",
    )
    values = told([*plain, group, rule])
    row, _ = said(values, "12065550100")
    assert row["s"] == "+1 206 555 0100"
    assert values["numbers"][0] == row
    assert "s" not in said(values, "8005550199")[0]
    own, _ = said(values, "extension ~")
    assert (own["type"], own["name"]) == ("RingEX extension", "of the user who signs in")


def test_numbers_that_are_answered_alike_share_all_of_it() -> None:
    values = told(line(50, 2))
    assert len(values["numbers"]) == 50
    assert (len(values["calls"]), len(values["ways"]), len(values["weeks"])) == (2, 2, 2)


def test_a_change_is_told_in_the_words_of_callers() -> None:
    values = told(line(opens=9), line(opens=8))
    row, [[_, ways, weeks, changes]] = said(values, "+18005550000")
    assert row["changed"]
    assert len(set(ways)) == len(set(weeks)) == 2
    (change,) = changes
    words = [values["outcomes"][change[side]]["w"] for side in ("before", "after")]
    assert (change["when"], words) == (
        "every day 08:00-09:00",
        ["Denver 0 (+1 303 555 0000)", "Night desk 0 (queue 1000)"],
    )


def test_hours_without_an_answer_are_gaps() -> None:
    off = [replace(one, props={**one.props, "active": False}) if one.type == DNIS_ASSIGNMENT else one for one in line()]
    values = told(off)
    _, [[_, _, [week], _]] = said(values, "+18005550000")
    ((_, place),) = values["weeks"][week]
    outcome = values["outcomes"][place]
    assert outcome["tone"] == "gap"
    assert outcome["w"].startswith("nobody")


def test_one_of_a_few_ends_is_said_as_these() -> None:
    desks = [Outcome.of(End("number", f"+1303555100{place}")) for place in range(4)]
    few, many = (End("unknown", "which is not documented", options=tuple(desks[:count])) for count in (2, 4))
    open_ = replace(few, complete=False)
    said = [Names().short(Outcome.of(end)) for end in (few, many, open_)]
    assert said == ["+1 303 555 1000 or +1 303 555 1001", "Not known", "Not known"]


def test_what_no_number_leads_to_is_told_apart() -> None:
    values = told([one for one in line() if one.type != DNIS_ASSIGNMENT])
    assert [(row["n"], row["type"]) for row in values["numbers"]] == [("profile Support 0", "RingCX profile")]
    values = told([one for one in line() if one.type not in (DNIS_ASSIGNMENT, PROFILE)])
    assert values["unused"] == {"destination": ["Denver 0", "Night desk 0"]}
    assert told([])["numbers"] == []


def test_what_happens_when_nobody_takes_the_call_is_drawn_after_it() -> None:
    group = one(
        RING_GROUP,
        "desk",
        "pbx/acme/1",
        name="Desk",
        extension_number="8100",
        strategy="RING_SIMULTANEOUSLY",
        members=[{"extension_number": "105"}],
        no_answer={"action": "FORWARD_TO_VOICEMAIL"},
    )
    values = told([group])
    (way,) = values["ways"]
    desk, mail = way["nodes"]
    assert (desk["title"], desk["vendor"], desk["lines"]) == (
        "Desk",
        "portsip",
        ["8100 rings 105 (RING_SIMULTANEOUSLY)"],
    )
    assert (mail["title"], way["edges"][1]["label"]) == ("Voicemail of 8100", "if nobody takes it")


def test_labels_and_boxes_never_overlap() -> None:
    values = told(line(4, 2))
    for way in values["ways"]:
        start = {"key": "start", "kind": "number", "title": "+1 800 555 0000"}
        there = laid_out({"nodes": [start, *way["nodes"]], "edges": way["edges"]})
        assert_apart(there)


def assert_apart(scene: dict[str, Any]) -> None:
    """No box or label of a picture covers another one."""
    boxes = [*scene["boxes"], *(one for one in scene["labels"] if one["lines"])]
    for place, here in enumerate(boxes):
        for there in boxes[place + 1 :]:
            across = abs(here["x"] - there["x"]) * 2 < here["width"] + there["width"]
            down = abs(here["y"] - there["y"]) * 2 < here["height"] + there["height"]
            assert not (across and down), (here, there)


def test_names_are_text_wherever_they_stand() -> None:
    evil = "</script><img src=x onerror=alert(1)>{script}{data}"
    there = [replace(one, props={**one.props, "name": evil}) if "name" in one.props else one for one in line()]
    html = page(told(there), str)
    assert evil in values_in(html)["ways"][0]["nodes"][0]["title"]
    assert html.count("</script>") == 2


def values_in(html: str) -> dict[str, Any]:
    """What a page shows."""
    (data,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    found: dict[str, Any] = json.loads(data)
    return found


def test_the_page_holds_no_secrets(tmp_path: Path) -> None:
    remember_secret("token-of-the-test")
    state = {"deployment": {"resources": [_saved(each) for each in line()]}}
    text = json.dumps(state).replace("Night desk 0", "token-of-the-test")
    (tmp_path / "state.json").write_text(text)
    output = tmp_path / "page.html"
    done = CliRunner().invoke(app, ["view", "--state", str(tmp_path / "state.json"), "--output", str(output)])
    assert (done.exit_code, done.output) == (0, f"wrote {output}\n")
    assert "token-of-the-test" not in output.read_text()
    assert "Denver 0" in output.read_text()


def _saved(resource: Resource) -> dict[str, Any]:
    type_ = f"pulumi-python:dynamic/{resource.type.partition(':')[0]}:{resource.type.partition(':')[2]}"
    urn = f"urn:pulumi:dev::line::{type_}::{resource.name}"
    outputs = {**resource.props, "__provider": "x"}
    return {"urn": urn, "type": type_, "custom": True, "id": resource.id, "inputs": outputs, "outputs": outputs}


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--output", "page.txt"], "name a file that ends in .html"),
        (["--live", "--export", "x"], "give one of --plan, --live and --export"),
        (["--live", "--drift"], "leave out --live and --export"),
        (["--state", "missing.json"], "cannot be read"),
    ],
)
def test_what_cannot_be_shown_is_one_line(options: list[str], why: str) -> None:
    done = CliRunner().invoke(app, ["view", *options])
    assert done.exit_code != 0
    assert why in str(done.exception)


def test_the_libraries_are_those_that_are_pinned_with_their_licences() -> None:
    assert vendored.differences() == []
    for pinned in json.loads(vendored.PINS.read_text()):
        assert pinned["license"] in ("MIT", "ISC")
        assert any(name.endswith(".LICENSE") for name in pinned["files"]), pinned["package"]


def test_findings_of_the_gate_stand_at_their_object(tmp_path: Path) -> None:
    plan = written(tmp_path, preview(*a_line(MOVED)))
    done = CliRunner().invoke(app, ["view", "--plan", str(plan), "--json"], catch_exceptions=False)
    values = json.loads(done.stdout)
    (finding,) = [one for one in values["findings"] if one["rule"] == "reassign-active-dnis"]
    assert (finding["level"], finding["object"]) == ("refused", MOVED_NUMBER)
    assert values["planned"]
    assert values["verdict"].startswith("refused: 1 violation")
    row, _ = said(values, MOVED_NUMBER)
    assert row["urn"] == finding["urn"]


def test_drift_is_told_with_what_it_does_to_callers() -> None:
    found = sources._drift(
        Drift("changed", PROFILE, "1/2", "Support", "urn:x", (Argument("active", True, False),), calls=())
    )
    assert found == {
        "level": "changed",
        "rule": "Support",
        "message": "active: True → False",
        "urn": "urn:x",
        "numbers": [],
    }
