"""Delimited files."""

from __future__ import annotations

import csv
import io

from .problems import invalid


def read_table(content: str, delimiter: str, quote: str | None = '"') -> tuple[list[str], list[list[str]]]:
    """Header and rows of an uploaded file; every row as long as the header. Without `quote`, quotes are plain text."""
    lines = csv.reader(
        io.StringIO(content, newline=""),
        delimiter=delimiter,
        quotechar=quote,
        quoting=csv.QUOTE_NONE if quote is None else csv.QUOTE_MINIMAL,
    )
    try:
        rows = [row for row in lines if row]
    except csv.Error as error:
        raise invalid("file", f"is not a table: {error}") from None
    if not rows:
        raise invalid("file", "is empty")
    header, rows = rows[0], rows[1:]
    for number, row in enumerate(rows, start=2):
        if len(row) != len(header):
            raise invalid("file", f"line {number} has {len(row)} columns, the header {len(header)}")
    return header, rows
