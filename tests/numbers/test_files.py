"""Files as people have them: made by spreadsheets, by PowerShell, by hand, and on other systems."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pytest
from typer.testing import CliRunner

from pulumi_voice_routing.cli import app
from pulumi_voice_routing.errors import VoiceRoutingError
from pulumi_voice_routing.lifecycle.declaring import sent
from pulumi_voice_routing.permission.approvals import Approvals
from pulumi_voice_routing.plan.facts import Resource
from pulumi_voice_routing.plan.holdings import file_rows
from pulumi_voice_routing.plan.preview import read_preview
from pulumi_voice_routing.plan.sources import read_state
from pulumi_voice_routing.registry import provider_for
from pulumi_voice_routing.ringcx.cloud_routing.hours_table import HOURS
from pulumi_voice_routing.text_files import SEPARATORS, UnreadableText, table_text, text_of
from tests.gate.previews import events, preview, same

ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "UTF-8": lambda text: text.encode(),
    "UTF-8 of a spreadsheet": lambda text: text.encode("utf-8-sig"),
    "UTF-16 of PowerShell": lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
    "UTF-16, the other way round": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
    "UTF-16 without a mark": lambda text: text.encode("utf-16-le"),
    "UTF-16 without a mark, the other way round": lambda text: text.encode("utf-16-be"),
    "UTF-32": lambda text: codecs.BOM_UTF32_LE + text.encode("utf-32-le"),
}
each_encoding = pytest.mark.parametrize("encoding", ENCODINGS)
each_line_end = pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["LF", "CRLF"])

NUMBERS = "dnis,dnisDescription\n13035550100,Zürich\n+1 303 555 0101,\n"
HOURS_FILE = "\n".join(
    [",".join(["id", *(f"H{hour:02}" for hour in range(HOURS))]), *(f"{id_}{',50' * HOURS}" for id_ in (7, 8)), ""]
)
APPROVALS = """[[approval]]
rule = "reassign-active-dnis"
objects = ["+13035550100"]
from = "profile 1001"
to = "profile 1002"
reason = "Zürich"
ticket = "OPS-1"
until = 2999-12-31
"""
SAME = same("ringcx:Profile", "support", id="123456/1000/1001", name="Zürich")


def written(folder: Path, encoding: str, text: str, line_end: str) -> Path:
    file = folder / "file"
    file.write_bytes(ENCODINGS[encoding](text.replace("\n", line_end)))
    return file


def declared(file: Path) -> Any:
    """A file of the program, as its text arrives at the provider."""
    return sent("pool", pulumi.FileAsset(str(file)))


def wrong(token: str, **args: Any) -> list[str]:
    return [f"{one.path}: {one.reason}" for one in provider_for(token).checked(args)[1]]


@each_encoding
@each_line_end
class TestEncodings:
    def test_numbers(self, encoding: str, line_end: str, tmp_path: Path) -> None:
        text = declared(written(tmp_path, encoding, NUMBERS, line_end))
        assert text == NUMBERS.replace("\n", line_end)
        assert wrong("ringcx:DnisPool", file=text) == []

    def test_hours(self, encoding: str, line_end: str, tmp_path: Path) -> None:
        text = declared(written(tmp_path, encoding, HOURS_FILE, line_end))
        assert wrong("ringcx:AllocationHours", profile="123456/1000/1001", file=text) == []

    def test_approvals(self, encoding: str, line_end: str, tmp_path: Path) -> None:
        (entry,) = Approvals.read(written(tmp_path, encoding, APPROVALS, line_end)).entries
        assert entry.reason == "Zürich"

    def test_a_preview(self, encoding: str, line_end: str, tmp_path: Path) -> None:
        text = json.dumps(preview(SAME), ensure_ascii=False, indent=1) + "\n"
        (entry,) = read_preview(written(tmp_path, encoding, text, line_end)).entries
        assert entry.new is not None
        assert entry.new["inputs"]["name"] == "Zürich"

    def test_a_log_of_events(self, encoding: str, line_end: str, tmp_path: Path) -> None:
        read = read_preview(written(tmp_path, encoding, events(SAME), line_end))
        assert read.streamed
        assert [entry.op for entry in read.entries] == ["same"]

    def test_a_state(self, encoding: str, line_end: str, tmp_path: Path) -> None:
        text = json.dumps({"version": 3, "deployment": {"resources": []}}, indent=1)
        assert read_state(written(tmp_path, encoding, text, line_end))["version"] == 3


LATIN = "Zürich\n".encode("latin-1")


def test_a_code_page_is_named_with_the_line(tmp_path: Path) -> None:
    content = b"dnis,dnisDescription\n13035550100," + LATIN
    said = "line 2 holds the byte 0xfc, which is not UTF-8; save the file as UTF-8"
    with pytest.raises(UnreadableText, match=said):
        text_of(content)
    for name, read in {
        "numbers.csv": declared,
        "approvals.toml": Approvals.read,
        "preview.json": read_preview,
    }.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises((VoiceRoutingError, pulumi.RunError)) as refused:
            read(tmp_path / name)
        (line,) = str(refused.value).splitlines()
        assert name in line
        assert said in line


@pytest.mark.parametrize(
    "content", [codecs.BOM_UTF16_LE + b"a", codecs.BOM_UTF8 + b"\xff", codecs.BOM_UTF32_BE + b"abc"]
)
def test_half_of_a_file_is_named(content: bytes) -> None:
    with pytest.raises(UnreadableText, match=r"it begins like text in UTF-(8|16|32), but is none"):
        text_of(content)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04\x14\0", "it is a workbook of a spreadsheet or another packed file, not text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "it is a workbook of a spreadsheet, not text"),
        (b"dnis\n1303\x005550100\n", "line 2 holds a zero byte, which no text has"),
        (codecs.BOM_UTF8 + b"dnis\n" + LATIN, "but is none: line 2 holds the byte 0xfc, which is not UTF-8"),
    ],
)
def test_what_is_no_text_is_named(content: bytes, said: str) -> None:
    with pytest.raises(UnreadableText, match=said):
        text_of(content)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_whatever_it_begins_with(encoding: str) -> None:
    text = "\u5317\u4eac,dnis\n\u4e00\u4e8c,13035550100\n"
    assert text_of(text.encode(encoding)) == text


# What is wrong in a file of numbers

HEADER = "the first line must name each column once, and one of them is dnis"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", f"it is empty: {HEADER}"),
        ("\n\r\n,,\n", f"it is empty: {HEADER}"),
        ("13035550100\n13035550101\n", f"line 1: it holds a number, but {HEADER}"),
        ("\n13035550100,Denver\n", f"line 2: it holds a number, but {HEADER}"),
        ("number\n13035550100\n", f"line 1: {HEADER}"),
        ("DNIS\n13035550100\n", f"line 1: 'DNIS' is not written dnis: {HEADER}"),
        ("dnis;dnisDescription\n13035550100;Denver\n", "line 1: the columns are separated by semicolons; separate"),
        ("dnis\tdnisDescription\n13035550100\tDenver\n", "line 1: the columns are separated by tabs; separate"),
        ("dnis|dnisDescription\n13035550100|Denver\n", "line 1: the columns are separated by bars; separate"),
        ("dnisDescription; dnis\nx;13035550100\n", "line 1: the columns are separated by semicolons; separate"),
        (
            "sep=;\ndnis;dnisDescription\n13035550100;x\n",
            "line 1: 'sep=;' is for spreadsheets alone; take",
        ),
        ('"dnis";"notes"\n"13035550100";"x"\n', "line 1: the columns are separated by semicolons; separate them"),
        ("DNIS\tNotes\n13035550100\tx\n", "line 1: the columns are separated by tabs; separate them"),
        ("dnis notes\n13035550100 x\n", "line 1: the columns are separated by spaces; separate them"),
        ("notes^dnis\nx^13035550100\n", "line 1: the columns are separated by '^' (CIRCUMFLEX ACCENT); separate"),
        ("dnis/notes\n13035550100/x\n", "line 1: the columns are separated by '/' (SOLIDUS); separate them by commas"),
        ("| dnis | notes |\n| 13035550100 | x |\n", "line 1: the columns are separated by bars; separate them by"),
        ("DNIS#,notes\n13035550100,x\n", f"line 1: 'DNIS#' is not written dnis: {HEADER}"),
        ("dn\u0456s,notes\n13035550100,x\n", "is not written dnis (it holds CYRILLIC SMALL LETTER BYELORUSSIAN-"),
        (
            '[{"dnis": "13035550100"}]\n',
            "line 1: it begins with [, as JSON and web pages do; write a table, with commas",
        ),
        ("\u200bdnis,notes\n13035550100,x\n", "holds an invisible character (ZERO WIDTH SPACE); type the name anew"),
        ("Numbers of Denver,\n\ndnis,notes\n13035550100,x\n", "line 1: the names of the columns stand in line 3;"),
        ("dnis,DNISDESCRIPTION\n13035550100,x\n", "did you mean dnisDescription?"),
        ('dnis,notes\n13035550100, "a, b"\n', 'quotes, which are " and follow the comma at once'),
        ("dnis,notes\n13035550100,'a, b'\n", 'quotes, which are " and follow the comma at once'),
        (
            "dnis,dnisDescription,\n13035550100,x,\n",
            "line 1: it ends with a comma, so that its last",
        ),
        ("dnis,,notes\n13035550100,x,y\n", "line 1: column 2 has no name"),
        ("dnis,notes,dnis\n13035550100,x,y\n", f"line 1: dnis is there twice: {HEADER}"),
        ("dnis,dnisDescripton\n13035550100,x\n", "line 1: no column can be dnisDescripton; there are dnis, "),
        ("dnis,dnisDescripton\n13035550100,x\n", "did you mean dnisDescription?"),
        ("dnis,notes\n13035550100,x,\n", "line 2 has 3 columns, and the first line 2: it ends with a comma too many"),
        ("dnis,notes\n13035550100,Sales, Denver\n", "line 2 has 3 columns, and the first line 2; a text with a comma"),
        ("dnis,notes\n13035550100;x\n", "line 2 has 1 columns, and the first line 2: it is separated by semicolons"),
        ("dnis,notes\n13035550100\n", "line 2 has 1 columns, and the first line 2"),
        ("dnis,notes\n,x\n", "line 2 has no dnis"),
        ("dnis,active\n13035550100,yes please\n", "line 2: 'yes please' will not do for active; write true or false"),
        ("dnis,vruNetworkId\n13035550100,x\n", "line 2: 'x' will not do for vruNetworkId; write a whole number"),
        ('dnis,notes\n13035550100,"x\n13035550101,y\n', "line 2: it is not a table: a quotation mark opens here"),
        ('dnis,notes\n13035550100,"x"y\n', "line 2: it is not a table: text follows a closing quotation mark"),
        # The line is where the row begins, whatever lies above it.
        ('dnis,notes\n\n13035550100,"x\ny\nz"\n13035550101\n', "line 6 has 1 columns, and the first line 2"),
        ("dnis\r\n13035550100\r\n\r\nx1\r\n", "line 4: 'x1' is not a telephone number"),
        # A number in two rows, however it is written
        ("dnis,notes\n13035550100,x\n13035550101,y\n+1 303-555-0100,z\n", "line 4: +13035550100 is in line 2 already"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text: str, said: str) -> None:
    (line,) = wrong("ringcx:DnisPool", file=text)
    assert line.startswith("file: ")
    assert said in line


def test_everything_that_is_wrong_is_said_at_once() -> None:
    text = "dnis,active\n4930901820.0,true\n13035550100,maybe\n13035550101,true\n13035550101,true\n,true\n"
    starts = [line.partition(":")[2].split()[:2] for line in wrong("ringcx:DnisPool", file=text)]
    assert starts == [["line", "2:"], ["line", "3:"], ["line", "5:"], ["line", "6"]]


def test_a_long_list_of_what_is_wrong_is_cut() -> None:
    said = wrong("ringcx:DnisPool", file="dnis\n" + "1001\n" * 500)
    assert len(said) == 21
    assert said[-1] == "file: 480 more lines are wrong"


@pytest.mark.parametrize(
    "text",
    [
        "dnis\n",
        "dnis,dnisDescription\r\n",
        'dnis,notes\n13035550100,"a, b"\n',
        'dnis,notes\n13035550100,"a\nb ""c"""\n',
        " dnis , notes \n 13035550100 , x \n",
        "\ufeffdnis\n13035550100\n",
        "dnis,notes\r13035550100,x\r\r,\r13035550101,y\r",
        '"dnis","notes"\n"13035550100","x"\n',
    ],
)
def test_what_is_fine(text: str) -> None:
    assert wrong("ringcx:DnisPool", file=text) == []


def test_internal_numbers_of_a_file() -> None:
    text = "dnis\n9990001\n+9990001\n999-0001\n(999) 0001\n"
    assert wrong("ringcx:DnisPool", file="dnis\n9990001\n")[0].endswith(
        "; say internal=True if it is one inside the vendor's network"
    )
    assert wrong("ringcx:DnisPool", file=text, internal=True) == [
        f"file: line {line}: 9990001 is in line 2 already; one row is for one number" for line in (3, 4, 5)
    ]


@pytest.mark.parametrize("written", ["9990001", "+9990001", "999-0001", "(999) 0001"])
def test_an_internal_number_of_a_file_has_one_form_in_every_layer(written: str) -> None:
    text = f"dnis\n{written}\n"
    pool = provider_for("ringcx:DnisPool")
    assert list(pool.numbers({"file": text, "internal": True})) == [("file", "9990001")]
    assert not pool.changed({"file": "dnis\n9990001\n", "internal": True}, {"file": text, "internal": True})
    resource = Resource("ringcx:DnisPool", "pool", "", {"file": text, "internal": True})
    assert [row["dnis"] for row in file_rows(resource)] == ["9990001"]


# What is wrong in a file of hours


def hours(*rows: str, header: str = "") -> str:
    return "\n".join([header or ",".join(["id", *(f"H{hour:02}" for hour in range(HOURS))]), *rows, ""])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it holds no shares"),
        (hours(), "it holds no shares"),
        (hours("7" + ",100" * HOURS).replace(",", ";"), "line 1: the columns are separated by semicolons"),
        (hours("7,100", header="id,H00"), "line 1: 24 columns must have names that end in the hours 0 to 23"),
        (hours("7" + ",50" * HOURS, "8" + ",50" * 23), "line 3 has 24 columns, and the first line 25"),
        (hours("7" + ",50" * HOURS, "8" + ",50" * 23 + ",half"), "line 3, H23: 'half' is no share, which is 0 to 100"),
        (hours("7" + ",50" * HOURS, "8" + ",50" * 23 + ",101"), "line 3, H23: '101' is no share, which is 0 to 100"),
        (hours("7" + ",50" * HOURS, "8" + ",50" * 23 + ",40"), "must make 100 percent: 23:00 makes 90"),
        (hours('"7"' + ",100" * HOURS).replace(",", ";"), "line 1: the columns are separated by semicolons"),
        ("sep=;\n" + hours("7" + ";100" * HOURS), "line 1: 'sep=;' is for spreadsheets alone; take the line out"),
        (
            hours("7" + ",100" * HOURS, "7" + ",0" * HOURS),
            "line 3 is for the destination of line 2; one row is for one",
        ),
        (hours("7" + ",1_00" * HOURS), "line 2, H00: '1_00' is no share"),
        (hours("7.0" + ",100" * HOURS), "line 2, id: '7.0' is no number of an assignment, which is digits"),
        (hours(" " + ",100" * HOURS), "line 2, id: ' ' is no number of an assignment, which is digits"),
        (hours('"7' + ",100" * HOURS), "line 2: it is not a table: a quotation mark opens here"),
    ],
)
def test_hours_are_judged_before_anything_is_sent(text: str, said: str) -> None:
    (line,) = wrong("ringcx:AllocationHours", profile="123456/1000/1001", file=text)
    assert line.startswith("file: ")
    assert said in line


# Commands


def test_a_spoilt_approval_stops_the_gate(tmp_path: Path) -> None:
    (tmp_path / "preview.json").write_text(json.dumps(preview(SAME)), encoding="utf-8")
    approvals = tmp_path / "approvals.toml"
    approvals.write_text(APPROVALS.replace("+13035550100", "13035550100.0"), encoding="utf-8")
    done = CliRunner().invoke(app, ["gate", str(tmp_path / "preview.json"), "--cwd", str(tmp_path)])
    said = str(done.exception) if isinstance(done.exception, VoiceRoutingError) else done.stderr
    assert "entry 1: '13035550100.0' is not a telephone number: it is a number with a decimal point" in said


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=ascii)
@pytest.mark.parametrize("quote", ['"', "'"])
def test_a_table_that_is_written_reads_as_its_rows(separator: str, line_end: str, quote: str) -> None:
    odd = ["a\rb", "a\nb", "a\r\nb", f"a{separator}b", f"{quote}a{quote}", " a ", "\x0b\x85\u2028", ""]
    text = table_text([["first", "second"], *([one, "x"] for one in odd)], separator, line_end=line_end, quote=quote)
    read = csv.reader(io.StringIO(text, newline=""), delimiter=separator, quotechar=quote, strict=True)
    assert [first for first, _ in read] == ["first", *odd]
    assert text.endswith(f"x{line_end}")
