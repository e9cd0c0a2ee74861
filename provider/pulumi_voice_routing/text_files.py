"""Text of files that people made: with which program, on which system, in which encoding, this package cannot choose.

Spreadsheets write UTF-8 with a byte order mark, PowerShell writes UTF-16, and old programs a code page of their own.
The first two tell what they are, so they are read. The last one does not: it is named, and never guessed, since a guess
turns names into other names.
"""

from __future__ import annotations

import codecs
import csv
import io
import os
import re
import select
import stat
import time
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

__all__ = [
    "SEPARATORS",
    "UnreadableText",
    "character_name",
    "hidden_in",
    "in_encoding_of",
    "is_hidden",
    "read_text",
    "read_whole",
    "rows_of_table",
    "table_text",
    "text_of",
    "why_no_table",
]

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
"""What programs put between the columns of a table, and what people call it."""

LARGEST_BYTES = 1 << 26
"""What is larger is no file that people write."""
_FIRST = 1 << 16
LONGEST_WITHOUT_WRITER = 5.0
"""Seconds in which somebody has to come who writes to a pipe."""
_LOOK_AGAIN = 50
"""Milliseconds."""

# The mark of UTF-32 begins with that of UTF-16, so that it comes first.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


_NO_TEXT = {
    b"PK\x03\x04": "a workbook of a spreadsheet or another packed file",
    b"\xd0\xcf\x11\xe0": "a workbook of a spreadsheet",
    b"%PDF-": "a PDF document",
    b"\x1f\x8b": "a compressed file",
}
"""What people take for the table in it, by how its bytes begin."""


class UnreadableText(ValueError):
    """Bytes are no text in an encoding that can be told."""


def read_text(path: Path) -> str:
    """All of a file, with its line ends as they are. Raises :class:`UnreadableText` and ``OSError``."""
    return text_of(read_whole(path))


def read_whole(path: Path, most: int = LARGEST_BYTES) -> bytes:
    """All of a file, which may be a pipe, read once.

    Raises :class:`UnreadableText` for one without an end, and for a pipe that nobody writes to.
    """
    with open(path, "rb", opener=_opened_at_once) as file:
        pipe = stat.S_ISFIFO(os.fstat(file.fileno()).st_mode)
        whole = _first_written(file.fileno()) if pipe else b""
        os.set_blocking(file.fileno(), True)
        whole += file.read(_FIRST - len(whole))
        if len(whole) == _FIRST:
            if not whole.strip(b"\0"):
                raise UnreadableText("it holds no text")
            whole += file.read(most + 1 - len(whole))
    if len(whole) > most:
        raise UnreadableText(f"it has more than {most >> 20} MB")
    return whole


def _opened_at_once(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)  # a pipe would else not open until somebody writes to it


def _first_written(pipe: int) -> bytes:
    """The first bytes of a pipe; nothing when somebody has it open, who may take any time to write, or is done."""
    waiting = select.poll()
    waiting.register(pipe, select.POLLIN)
    until = time.monotonic() + LONGEST_WITHOUT_WRITER
    while not waiting.poll(_LOOK_AGAIN):  # it tells of bytes, and of a writer who has gone
        try:
            first = os.read(pipe, _FIRST)
        except BlockingIOError:
            break
        if first:
            return first
        if time.monotonic() > until:
            raise UnreadableText("it is a pipe, and nobody writes to it")
    return b""


def text_of(content: bytes) -> str:
    """The text of a file's bytes, without a byte order mark. Raises :class:`UnreadableText`."""
    other = next((called for mark, called in _NO_TEXT.items() if content.startswith(mark)), "")
    if other:
        raise UnreadableText(f"it is {other}, not text; save it as text in UTF-8, tables with commas (CSV)")
    encoding = _encoding(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding not in ("utf-8", "utf-8-sig"):
            raise UnreadableText(f"it begins like text in {encoding.upper()}, but is none") from None
        line = error.object.count(b"\n", 0, error.start) + 1
        marked = "it begins like text in UTF-8, but is none: " if encoding == "utf-8-sig" else ""
        at = error.object[error.start]  # the decoder of marked text counts from behind the mark
        raise UnreadableText(
            f"{marked}line {line} holds the byte 0x{at:02x}, which is not UTF-8; save the file as UTF-8"
        ) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise UnreadableText(f"line {line} holds a zero byte, which no text has; save the file as text in UTF-8")
    return text


def in_encoding_of(content: bytes, text: str) -> bytes:
    """More text for a file, in the encoding that the file has."""
    encoding = _encoding(content)
    if encoding in ("utf-16", "utf-32"):
        encoding += "-be" if content.startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)) else "-le"
    return text.encode(encoding.removesuffix("-sig"))


def character_name(character: str) -> str:
    """What a character is called, for one that nobody sees or that looks like another one."""
    return unicodedata.name(character, f"U+{ord(character):04X}")


def is_hidden(character: str) -> bool:
    """Whether nobody sees it. Spaces of the keyboard and the one that does not break lines are seen as spaces."""
    if character in " \u00a0\t\n\r":
        return False
    return unicodedata.category(character) in ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs", "Mn", "Me")


def hidden_in(text: str) -> str:
    """What the first character of a text is called that nobody sees; empty when everything is seen."""
    return next((character_name(one) for one in text if is_hidden(one)), "")


def rows_of_table(text: str, separator: str = ",", *, strict: bool = True) -> list[tuple[int, list[str]]]:
    """The rows of a table that are not empty, each with the line where it begins: text in quotes may have more lines.

    ``strict`` refuses what else is read somehow: quotation marks that never close, and text after closing ones. Raises
    ``ValueError``, with the line.
    """
    lines = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=separator, strict=strict)
    rows: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for cells in lines:
            if any(cell.strip() for cell in cells):
                rows.append((line, cells))
            line = lines.line_num + 1
    except csv.Error as error:
        raise ValueError(f"line {line}: it is not a table: {_said(error)}") from None
    return rows


def why_no_table(header: Sequence[str], separators: str = "commas") -> str:
    """Why a first line names no columns, as files do that are no tables; empty when it may name some.

    Of one column alone, the mark between its words is what separates the columns.
    """
    first = header[0].lstrip() if header else ""
    if first[:1] in ("[", "{", "<"):
        return (
            f"it begins with {first[0]}, as JSON and web pages do; write a table, with {separators} between its columns"
        )
    if first.lower().startswith("sep="):
        return f"{first!r} is for spreadsheets alone; take the line out"
    found = re.search(r"""\w["']?\s*([^\w\s"'#()+./-])["']?\s*\w""", first) if len(header) == 1 else None
    if found is None:
        return ""
    used = SEPARATORS.get(found[1], f"{found[1]!r} ({character_name(found[1])})")
    return f"the columns are separated by {used}; separate them by {separators}"


def table_text(rows: Iterable[Sequence[str]], separator: str = ",", *, line_end: str = "\n", quote: str = '"') -> str:
    """The text of a table, which reads as these rows: a cell with any kind of line end in it stands in quotes."""
    out = io.StringIO(newline="")
    # The library quotes a line end only if rows end in it, and readers take each kind for the end of a row.
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n", quotechar=quote)
    written: list[str] = []
    for row in rows:
        writer.writerow(row)
        written.append(out.getvalue().removesuffix("\r\n"))
        out.seek(0)
        out.truncate()
    return "".join(f"{one}{line_end}" for one in written)


def _said(error: csv.Error) -> str:
    if "unexpected end of data" in str(error):
        return "a quotation mark opens here, and none closes it"
    if "expected after" in str(error):
        return "text follows a closing quotation mark; a quotation mark inside a text is written twice"
    return str(error)


def _encoding(content: bytes) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    # Plain text has no zero byte; in UTF-16, every second one is zero for most of the letters that files begin with.
    start = content[:_FIRST]
    first, second = (start[place::2].count(0) for place in (0, 1))
    if len(content) % 2 == 0 and max(first, second) * 8 > len(start) and max(first, second) > 8 * min(first, second):
        return "utf-16-be" if first > second else "utf-16-le"
    return "utf-8"
