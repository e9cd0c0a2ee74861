"""Many records of the number pool: taken in or made in batches, changed, ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...errors import DeclarationError, Refused
from ...lifecycle import plugin, references
from ...lifecycle.batched_set import BatchedSet
from ...lifecycle.model import Failure, FieldFacts, Values, unknown
from ...lifecycle.provider import MANAGED, Partly
from ...telephony.number import as_declared, stored
from ..shapes_numbers import PoolRecord
from . import pool_records
from .dialled_number import NumberLifecycle, says_internal, wire
from .known_rows import rows_before
from .pool_fields import body, is_in_account, seen_in
from .pool_file import file_of, read_rows, rows_of, wrong_in

Rows = dict[str, dict[str, Any]]
"""Declared fields by digits, ``dnis`` as users write it."""


class ManyRecords(NumberLifecycle, BatchedSet):
    """Records of many numbers."""

    claim = "record"

    def numbers(self, args: Values) -> Iterator[tuple[str, str]]:
        if isinstance(args.get("file"), str):
            for row in read_rows(args["file"]):
                yield "file", stored(row["dnis"], internal=args.get("internal") is True)
        for place, row in enumerate(_list(args.get("numbers"))):
            if isinstance(row, Mapping) and not unknown(row.get("dnis")):
                yield f"numbers[{place}].dnis", row["dnis"]

    def place_of(self, args: Values, number: str) -> str:
        if not isinstance(args.get("file"), str):
            return ""
        internal = args.get("internal") is True
        return next((f"line {row.line}: " for row in rows_of(args["file"]) if _is(row.values, number, internal)), "")

    def with_numbers(self, args: Values, form: Any) -> Values:
        if not isinstance(args.get("numbers"), list):
            return args
        rows = [
            {**row, "dnis": form(row["dnis"])} if isinstance(row, Mapping) and not unknown(row["dnis"]) else row
            for row in args["numbers"]
        ]
        return {**args, "numbers": rows}

    def problems(self, args: Values) -> Iterable[Failure]:
        if ("numbers" in args) == ("file" in args):
            yield Failure("", "give either numbers or file")
            return
        if "numbers" in args:
            yield from super().problems(args)
        elif isinstance(args["file"], str):
            yield from (Failure("file", said) for said in wrong_in(args["file"], internal=says_internal(args)))

    def same(self, field: FieldFacts, old: Any, new: Any) -> bool:
        if field.name == "numbers" and isinstance(old, list) and isinstance(new, list):
            return _by_number(old) == _by_number(new)
        if field.name == "file" and isinstance(old, str) and isinstance(new, str):
            return old == new or _same_file(old, new)
        return super().same(field, old, new)

    def look(self, id_: str, olds: Values) -> Values | None:
        rows = _rows(olds)
        there = self._ours(rows, self.api.pool.known(rows, owners=False)) if rows else {}
        # A pool that declares no numbers is there whatever the vendor has; one that has lost all of its own is gone.
        if rows and not there:
            return None
        return self._outs(self.refreshed(olds, _seen(olds, rows, there)), there, rows)

    def items(self, values: Values) -> Rows:
        return _rows(values)

    def bring(self, id_: str, olds: Values, args: Values) -> Values:
        rows = _rows(args)
        if _rows(olds) and plugin.ignored() & {"numbers", "file"}:  # others have the last word about every record
            return self._outs(self.outputs(args, {}), self._ours(rows, self.api.pool.known(rows, owners=False)), rows)
        try:
            brought = pool_records.bring(
                self.api,
                rows,
                _names(rows),
                {},
                before=lambda: _rows(olds) if olds else rows_before(self, args),
                by_file="file" in args,
            )
            there = self._ours(rows, brought)
            return self._outs(self.outputs(args, _seen(args, rows, there)), there, rows)
        except (Refused, DeclarationError):
            raise
        except Exception as error:
            try:
                there = self._ours(rows, self.api.pool.fresh(rows, owners=False))
            except Exception:
                raise error from None  # the next run looks before it makes anything
            if not there and not olds:
                raise
            left = [row for digits, row in _rows(olds).items() if digits not in rows]
            outs = {MANAGED: sorted(args), **args, **_seen(args, rows, there, left)}
            raise Partly(id_, self._outs(outs, there, rows), error) from error

    def end_items(self, going: Mapping[str, Any], olds: Values, args: Values) -> None:
        numbers = self.without_renamed(row["dnis"] for row in going.values())
        if numbers:
            pool_records.end(self.api, {wire(number): number for number in numbers}, args.get("on_delete") or "keep")

    def with_left(self, outs: Values, left: Mapping[str, Any], olds: Values, args: Values) -> Values:
        return {**outs, **_form(args, [*_rows(args).values(), *left.values()])}

    def _ours(self, rows: Rows, there: Mapping[str, PoolRecord]) -> dict[str, PoolRecord]:
        account = self.api.account_id
        return {digits: one for digits, one in there.items() if is_in_account(one, rows[digits], account)}

    def _outs(self, outs: Values, there: Mapping[str, PoolRecord], rows: Rows) -> Values:
        """With the outputs of each number."""
        records = {
            rows[digits]["dnis"]: {
                "id": references.join(self.api.account_id, digits),
                "active": record.get("active") is not False,
                "managed_by_vendor": record.get("dnisManagedByRC") is True,
            }
            for digits, record in there.items()
        }
        return {**outs, "records": records}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _given(args: Values) -> list[Any]:
    return read_rows(args["file"]) if args.get("file") else _list(args.get("numbers"))


def _rows(args: Values) -> Rows:
    internal = args.get("internal") is True
    named = [{**row, "dnis": stored(row["dnis"], internal=internal)} for row in _given(args)]
    return {wire(row["dnis"]): row for row in named}


def _by_number(rows: Iterable[Mapping[str, Any]]) -> Rows:
    """The declared fields alone, to compare lists whatever way and in whatever order the numbers are written."""
    return {stored(as_declared(row["dnis"]), internal=True): {**row, "dnis": ""} for row in rows}


def _same_file(old: str, new: str) -> bool:
    try:
        return _by_number(read_rows(old)) == _by_number(read_rows(new))
    except ValueError:  # of an older version, which read files otherwise
        return False


def _is(row: Mapping[str, Any], number: str, internal: bool) -> bool:
    return stored(row["dnis"], internal=internal) == number


def _names(rows: Rows) -> dict[str, str]:
    return {digits: row["dnis"] for digits, row in rows.items()}


def _seen(args: Values, rows: Rows, there: Mapping[str, PoolRecord], left: Iterable[dict[str, Any]] = ()) -> Values:
    """The list as the vendor has it, with the fields that the program gave; ``left`` are rows that have still to go."""
    seen = [
        {"dnis": row["dnis"], **seen_in(there[digits], row, row)} for digits, row in rows.items() if digits in there
    ]
    return _form(args, [*seen, *left])


def _form(args: Values, rows: list[dict[str, Any]]) -> Values:
    """The rows in the form in which the program gives them."""
    if "file" in args:
        return {"file": file_of([{"dnis": wire(row["dnis"]), **body(row)} for row in rows])}
    return {"numbers": rows}
