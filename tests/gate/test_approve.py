"""Approvals are written as they were found, and nothing else in their file changes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pulumi_voice_routing.errors import SettingsError
from pulumi_voice_routing.permission.approvals import Approvals, Change
from tests.gate.conftest import Gate, Said, run
from tests.gate.previews import MOVED, NUMBER, line, preview, step, written
from tests.gate.test_gate import APPROVAL
from tests.gate.test_reports import many

TODAY = datetime.now(UTC).date()
SOON = str(TODAY + timedelta(days=30))


@pytest.fixture(autouse=True)
def _no_midnight_in_between(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pulumi_voice_routing.commands.gate.commands.today", lambda: TODAY)


@pytest.fixture
def report(gate: Gate, tmp_path: Path) -> Path:
    """The report of a plan that moves the hotline."""
    return written(tmp_path, gate(preview(*line(MOVED))).out, "report.json")


def approve(report: Path, *options: str, rule: str = "reassign-active-dnis", until: str = SOON, **said: str) -> Said:
    words = {"reason": "the new plan", "ticket": "OPS-1", **said}
    given = [part for name, value in words.items() for part in (f"--{name}", value)]
    file = report.parent / "approvals.toml"
    return run("approve", report, "--rule", rule, "--until", until, "--file", file, *given, *options)


def test_what_is_approved_passes(gate: Gate, report: Path, tmp_path: Path) -> None:
    said = approve(report, "--object", NUMBER)

    assert said.code == 0
    assert gate(preview(*line(MOVED))).code == 0
    assert gate(preview(*line(MOVED))).report["findings"][0]["approval"] == {
        "ticket": "OPS-1",
        "reason": "the new plan",
        "until": SOON,
    }
    assert (tmp_path / "approvals.toml").read_text() in said.out


@pytest.mark.parametrize(
    "before",
    [
        b"# ours\r\n",
        b"# no end of line",
        "\ufeff# é\r\n".encode(),
        "# é\r\n".encode("utf-16"),
        "\ufeff# é\n".encode("utf-16-be"),
        "# é".encode("utf-16-le"),
        b'# \xc3\xa9\n\n[[approval]] # old\nrule="x"\n'
        b'objects=["y"]\nfrom="a"\nto="b"\nreason="r"\nticket="t"\nuntil=2020-01-01\n',
    ],
)
def test_the_rest_of_the_file_stays(report: Path, before: bytes) -> None:
    file = report.parent / "approvals.toml"
    file.write_bytes(before)

    assert approve(report, "--object", NUMBER).code == 0

    assert file.read_bytes().startswith(before)
    assert NUMBER in {name for entry in Approvals.read(file).entries for name in entry.objects}
    assert [path.name for path in report.parent.glob(".approvals*")] == []


@pytest.mark.parametrize("written", ["1 303-555-0100", "13035550100", "+1 (303) 555-0100"])
def test_a_number_in_another_form_is_the_one_that_was_found(report: Path, written: str) -> None:
    assert approve(report, "--object", written).code == 0

    (entry,) = Approvals.read(report.parent / "approvals.toml").entries
    assert entry.objects == {NUMBER}
    assert f'"{NUMBER}"' in (report.parent / "approvals.toml").read_text()


def test_a_code_page_is_left_alone(report: Path) -> None:
    file = report.parent / "approvals.toml"
    file.write_bytes(before := "# é\n".encode("latin-1"))

    said = approve(report, "--object", NUMBER)

    assert said.code != 0
    assert file.read_bytes() == before


def test_words_are_written_so_that_they_are_read_back(report: Path) -> None:
    reason = 'said "yes" \\ é \u2028 \x7f # [[approval]]'

    assert approve(report, "--object", NUMBER, reason=reason, ticket="it's = 'T'").code == 0

    entry = Approvals.read(report.parent / "approvals.toml").entries[0]
    assert entry.reason.startswith('said "yes" \\ é')
    assert entry.reason.endswith("# [[approval]]")
    assert entry.ticket == "it's = 'T'"


def test_everything_that_a_rule_found(gate: Gate, tmp_path: Path) -> None:
    numbers = preview(*many(20), *line(MOVED))
    report = written(tmp_path, gate(numbers).out, "report.json")

    assert approve(report, "--all").code == 0

    assert len(Approvals.read(tmp_path / "approvals.toml").entries) == 1
    assert "reassign-active-dnis" not in {rule for rule, *_ in gate(numbers).findings}


def test_what_cannot_be_approved(report: Path, gate: Gate, tmp_path: Path) -> None:
    file = report.parent / "approvals.toml"
    assert approve(report, "--object", NUMBER).code == 0
    written_once = file.read_bytes()
    approved = written(tmp_path, gate(preview(*line(MOVED))).out, "approved.json")
    new = step("create", "ringcx:Profile", "new", new={"group_id": "123456/1001", "name": "New"})
    to_new = {**MOVED, "newState": {**MOVED["newState"], "inputs": {"dnis": NUMBER}}}
    to_new["newState"]["inputs"]["profile"] = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
    not_known = written(tmp_path, gate(preview(*line(to_new, new))).out, "not-known.json")
    cases = [
        (approve(report, "--object", NUMBER), "permits reassign-active-dnis for +13035550100 already"),
        (approve(approved, "--object", NUMBER), "is approved already"),
        (approve(report, "--object", "+13035550199"), "did not find anything about '+13035550199'"),
        (approve(report, "--object", NUMBER, rule="mass-change"), "mass-change did not find anything about"),
        (approve(report, "--all", rule="mass-change"), "did not find anything in this report"),
        (approve(not_known, "--object", NUMBER), "no approval can name"),
        (approve(report, "--object", NUMBER, until=str(TODAY - timedelta(days=1))), "until must be from"),
        (approve(report, "--object", NUMBER, until=str(TODAY + timedelta(days=91))), "until must be from"),
        (approve(report, "--object", NUMBER, reason=" \n"), "reason must say something"),
        (approve(report), "name what is permitted with --object, or say --all"),
        (approve(written(tmp_path, "{}", "a.json"), "--all"), "is no report of this version"),
        (approve(written(tmp_path, json.dumps({"version": 1, "findings": [5]}), "b.json"), "--all"), "is no report"),
        (approve(written(tmp_path, "{", "c.json"), "--all"), "cannot be read as JSON"),
        (approve(tmp_path / "none.json", "--all"), "cannot be read as JSON"),
    ]
    finding = {"rule": "mass-change", "object": "numbers", "from": "1", "to": "2"}
    for part in ("object", "from", "to"):
        report = written(tmp_path, {"version": 1, "findings": [{**finding, part: " "}]}, f"no-{part}.json")
        cases.append((approve(report, "--all", rule="mass-change"), "has no object, from or to"))
    for said, says in cases:
        assert said.code == 1, said
        assert says in said.error
        assert said.error.count("\n") == 1
    assert file.read_bytes() == written_once


def test_a_file_that_takes_no_more_entries_is_left(report: Path) -> None:
    file = report.parent / "approvals.toml"
    for content, says in (("approval = []\n", "nothing can be added"), ("approval = 5\n", "may hold [[approval]]")):
        file.write_text(content)

        said = approve(report, "--object", NUMBER)

        assert said.code == 1
        assert says in said.error
        assert file.read_text() == content


def test_names_that_end_in_a_space_are_approved_as_they_are(report: Path, gate: Gate, tmp_path: Path) -> None:
    found = json.loads(report.read_text())
    found["findings"][0]["to"] = "profile 'New '"
    odd = written(tmp_path, found, "odd.json")

    assert approve(odd, "--object", NUMBER).code == 0

    change = Change("reassign-active-dnis", NUMBER, "profile 1001", "profile 'New '")
    assert Approvals.read(tmp_path / "approvals.toml").allow(change)
    again = approve(odd, "--object", NUMBER)
    assert "already" in again.error


def test_object_and_objects_do_not_go_together(tmp_path: Path) -> None:
    path = written(tmp_path, APPROVAL + f'object = "{NUMBER}"\n', "both.toml")

    with pytest.raises(SettingsError, match="object and objects are both there"):
        Approvals.read(path)


def test_a_file_that_leads_to_itself_is_one_line(report: Path) -> None:
    (report.parent / "approvals.toml").symlink_to("approvals.toml")

    said = approve(report, "--object", NUMBER)

    assert (said.code, said.error.count("\n")) == (1, 1)
