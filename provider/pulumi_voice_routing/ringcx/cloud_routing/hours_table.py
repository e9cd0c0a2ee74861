"""The vendor's file of hour-by-hour shares: read with as little knowledge as will do, written back as it came.

The vendor does not document the columns. What is relied on: a header row; one row for each assigned destination, with
its assignment number in some column; and 24 columns whose names end in the hours 0 to 23 and are otherwise alike, such
as ``H00`` to ``H23``. Everything else is kept.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ...errors import DeclarationError, UnexpectedAnswer
from ...text_files import rows_of_table, table_text, why_no_table
from .completeness import total_off_100

HOURS = 24
LINKS = "__links"
"""Output: which destination each row of the program's file is for, by the vendor's ids."""
DELIMITERS = {",": "COMMA", "|": "PIPE", "\t": "TAB"}
_WHOLE = re.compile(r"\s*[0-9]{0,3}\s*")
_ID = re.compile(r"\s*[0-9]+\s*")


@dataclass
class HoursTable:
    """A file of shares, by assignment number and hour."""

    header: list[str]
    rows: list[list[str]]
    delimiter: str
    newline: str
    key_column: int
    hour_columns: list[int]

    @classmethod
    def read(cls, text: str, assignments: Iterable[str]) -> HoursTable:
        """Raises :class:`UnexpectedAnswer` when the file does not have the form described above."""
        text = text.removeprefix("\ufeff")
        delimiter = _delimiter(text)
        newline = "\r\n" if "\r\n" in text else "\n"
        try:
            rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if any(row)]
        except csv.Error as error:
            raise UnexpectedAnswer(f"ringcx: the export of allocation hours is not a table: {error}.") from None
        if len(rows) < 2:
            raise UnexpectedAnswer("ringcx: the export of allocation hours holds no rows.")
        header, *body = rows
        if any(len(row) != len(header) for row in body):
            raise UnexpectedAnswer("ringcx: the export of allocation hours has rows of different lengths.")
        known = sorted(assignments)
        keys = [column for column in range(len(header)) if sorted(row[column] for row in body) == known]
        hours = _hour_columns(header)
        if not keys or hours is None:
            raise UnexpectedAnswer(
                "ringcx: the export of allocation hours has columns that are not understood: "
                f"{', '.join(header)[:200]}. Use file= with a file in that form."
            )
        return cls(header, body, delimiter, newline, keys[0], hours)

    @property
    def extension(self) -> str:
        """The vendor's word for the delimiter."""
        return DELIMITERS[self.delimiter]

    def shares(self) -> dict[str, list[int]]:
        """The shares of the 24 hours, by assignment number."""
        return {row[self.key_column]: [_share(row[column]) for column in self.hour_columns] for row in self.rows}

    def with_shares(self, shares: Mapping[str, list[int]]) -> HoursTable:
        """The same file with other shares."""
        rows = [list(row) for row in self.rows]
        for row in rows:
            for column, share in zip(self.hour_columns, shares[row[self.key_column]], strict=True):
                row[column] = str(share)
        return HoursTable(self.header, rows, self.delimiter, self.newline, self.key_column, self.hour_columns)

    def with_rows_of(self, other: HoursTable) -> HoursTable:
        """The other file's rows, when it has this one's columns and destinations.

        Raises :class:`DeclarationError` when it does not: with a row or column lost, other people would be called.
        """
        if other.header != self.header:
            raise DeclarationError(
                f"the file's columns are {', '.join(other.header)[:200]}, "
                f"but the vendor's are {', '.join(self.header)[:200]}"
            )
        here, there = {row[self.key_column] for row in self.rows}, {row[self.key_column] for row in other.rows}
        if here != there:
            raise DeclarationError(
                f"the file's rows are for assignments {', '.join(sorted(there))}, "
                f"but the profile has {', '.join(sorted(here))}"
            )
        return HoursTable(self.header, other.rows, other.delimiter, self.newline, self.key_column, self.hour_columns)

    def text(self) -> str:
        """The file, in the form in which it came."""
        return table_text([self.header, *self.rows], self.delimiter, line_end=self.newline)


def keys_of(text: str) -> list[list[str]]:
    """The columns that can tell the rows of a file apart; none when it is no table."""
    try:
        (_, _), *body = rows_of_table(text, _delimiter(text))
    except ValueError:
        return []
    columns = zip(*(cells for _, cells in body), strict=False)
    return [list(column) for column in columns if len(set(column)) == len(body)]


def wrong_in(text: str) -> list[str]:
    """What is wrong in a file of the program whatever the profile is, with the lines."""
    delimiter = _delimiter(text)
    line, header = next(iter(rows_of_table(text, delimiter, strict=False)), (1, []))
    why = _why_no_header(header)
    if why:
        return [f"line {line}: {why}"]
    try:
        body = rows_of_table(text, delimiter)[1:]
    except ValueError as error:
        return [str(error)]
    if not body:
        return ["it holds no shares: the first line names the columns, and each of the others is a destination"]
    hours = _hour_columns(header)
    if hours is None:
        return [f"line {line}: 24 columns must have names that end in the hours 0 to 23 and are otherwise alike"]
    return list(_wrong_rows(header, body, hours))


def _why_no_header(header: list[str]) -> str:
    return why_no_table(header, "commas, bars or tabs")


def _wrong_rows(header: list[str], body: list[tuple[int, list[str]]], hours: list[int]) -> Iterator[str]:
    shares: list[list[int]] = []
    lines: dict[tuple[str, ...], int] = {}
    yield from _wrong_number(header, [row for row in body if len(row[1]) == len(header)], hours)
    for line, cells in body:
        if len(cells) != len(header):
            yield f"line {line} has {len(cells)} columns, and the first line {len(header)}"
            continue
        destination = tuple(cell.strip() for column, cell in enumerate(cells) if column not in hours)
        if destination in lines:
            yield f"line {line} is for the destination of line {lines[destination]}; one row is for one destination"
        lines.setdefault(destination, line)
        try:
            shares.append([_share(cells[column]) for column in hours])
        except UnexpectedAnswer:
            column = next(column for column in hours if not _is_share(cells[column]))
            yield f"line {line}, {header[column].strip()}: {cells[column]!r} is no share, which is 0 to 100"
    if len(shares) == len(body):
        off = hours_off_100(shares)
        if off:
            yield f"the shares of each hour must make 100 percent: {', '.join(off[:4])}"


def _wrong_number(header: list[str], body: list[tuple[int, list[str]]], hours: list[int]) -> Iterator[str]:
    """A row that does not say whose it is: spreadsheets write numbers as 7.0 or 1E3."""
    others = [column for column in range(len(header)) if column not in hours]
    wrong = [[(line, cells[column]) for line, cells in body if not _ID.fullmatch(cells[column])] for column in others]
    column = min(range(len(others)), key=lambda place: len(wrong[place]), default=None)
    if column is None:
        yield "no column holds the numbers of the destinations' assignments"
    elif wrong[column]:
        line, cell = wrong[column][0]
        yield f"line {line}, {header[others[column]].strip()}: {cell!r} is no number of an assignment, which is digits"


def _delimiter(text: str) -> str:
    first_line = next((line for line in text.splitlines() if line.strip()), "")
    return max(DELIMITERS, key=first_line.count)


def hours_off_100(shares: Iterable[list[int]]) -> list[str]:
    """The hours whose shares do not make 100, in words."""
    totals = [total_off_100(column) for column in zip(*shares, strict=True)]
    return [f"{hour:02}:00 makes {total:g}" for hour, total in enumerate(totals) if total is not None]


def _share(cell: str) -> int:
    share = int(cell.strip() or 0) if _WHOLE.fullmatch(cell) else -1
    if not 0 <= share <= 100:
        raise UnexpectedAnswer(f"ringcx: the table of allocation hours holds {cell!r}, which is no share of 0 to 100.")
    return share


def _is_share(cell: str) -> bool:
    try:
        return _share(cell) >= 0
    except UnexpectedAnswer:
        return False


def _hour_columns(header: list[str]) -> list[int] | None:
    """The columns of the hours; nothing when there are none, or more than one set of them."""
    alike: defaultdict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    for column, name in enumerate(header):
        found = re.fullmatch(r"(.*?)(\d{1,2})(:00)?", name.strip())
        if found:
            alike[found[1], found[3] or ""][int(found[2])] = column
    sets = [by_hour for by_hour in alike.values() if sorted(by_hour) == list(range(HOURS))]
    return [sets[0][hour] for hour in range(HOURS)] if len(sets) == 1 else None
