"""Objects in the form in which the chosen ways show them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.second_server.store import Record, without
from tests.second_server.tables import KINDS, Kind
from tests.second_server.ways import Ways

MASK = "********"
SWITCHES = frozenset({"isActive", "isEnabled", "active", "enabled"})
"""Fields that are shown whatever they hold: calls hang on them, and what a missing one means nobody says."""
MOST_ROWS = 5
"""What a page has at most where pages are small."""
_IN_SUMMARIES = frozenset({"isDeleted", "assignedDnis", "cloudGroupId"})
UNKNOWN_FIELD = "addedInALaterVersion"


class Answers:
    """Makes answers in some ways."""

    def __init__(self, ways: Ways) -> None:
        self.ways = ways

    def object(self, kind: Kind, record: Record, *, in_list: bool = False, whole: bool = False) -> Record:
        """An object; ``in_list`` says that it is one row of a list, ``whole`` that no list shows less of it."""
        if in_list and not whole and "summaries" in self.ways:
            record = {
                name: value for name, value in record.items() if name in {kind.id_field, kind.called, *_IN_SUMMARIES}
            }
        shown: Record = {}
        for name, type_ in kind.fields.items():
            value = self._value(type_, record[name]) if name in record else None
            if value is None and "blanks" in self.ways and type_ in ("", "~") and name != kind.id_field:
                value = ""
            if value is not None or self._nulls(in_list):
                shown[name] = value
        if self._sparse(in_list):
            shown = {
                name: value for name, value in shown.items() if name in {kind.id_field, *SWITCHES} or not _blank(value)
            }
        if "extra_fields" in self.ways:
            shown[UNKNOWN_FIELD] = {"kinds": ["a", 1, None]}
        if "ids_as_text" in self.ways:
            shown = {name: ids_as_text(name, value) for name, value in shown.items()}
        return dict(reversed(shown.items())) if "reordered" in self.ways else shown

    def rows(self, kind: Kind, records: Iterable[Record], *, whole: bool = False) -> list[Record]:
        """A list of objects."""
        return self.ordered([self.object(kind, one, in_list=True, whole=whole) for one in records])

    def ordered(self, rows: list[Any]) -> list[Any]:
        """Rows in an order that nobody promised."""
        return rows[::-1] if "reordered" in self.ways else rows

    def page(self, rows: list[Any], page: int, size: int, first: int) -> list[Any]:
        """One page of rows."""
        size = min(size, MOST_ROWS) if "small_pages" in self.ways else size
        start = max(page - first, 0) * size
        before = 1 if "overlapping" in self.ways and 0 < start < len(rows) else 0
        return rows[start - before : start + size]

    def number(self, digits: str) -> str:
        """A RingCX number."""
        return f"+{digits}" if "plus_signs" in self.ways else digits

    # Steps

    def _nulls(self, in_list: bool) -> bool:
        return "nulls" in self.ways and not (in_list and "sparse" in self.ways)

    def _sparse(self, in_list: bool) -> bool:
        return "sparse" in self.ways and (in_list or "nulls" not in self.ways)

    def _value(self, type_: str, value: Any) -> Any:
        if type_.startswith("=") and isinstance(value, dict):
            return without(self.object(KINDS[type_[1:]], value, in_list=True), "authConfigId")  # shown by itself alone
        if type_ == "*":
            return MASK if "masked_secrets" in self.ways and isinstance(value, str) else None
        if type_ == "~" and isinstance(value, str) and "own_case" in self.ways:
            return value.lower()
        return value


def ids_as_text(name: str, value: Any) -> Any:
    """A value whose ids are text, whatever it is made of."""
    if isinstance(value, dict):
        return {inner: ids_as_text(inner, one) for inner, one in value.items()}
    if isinstance(value, list):
        return [ids_as_text(name, one) for one in value]
    is_id = (name == "id" or name.endswith("Id")) and isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_id else value


def _blank(value: Any) -> bool:
    return value is None or value is False or value in ("", 0) or value in ([], {})
