"""Many records of the number pool in one resource."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Required, Unpack

import pulumi
from pulumi import Input, Output
from typing_extensions import TypedDict

from ...client.listings import Json
from ...errors import DeclarationError, Refused
from ...lifecycle import meaning as means
from ...lifecycle import references
from ...lifecycle.fields import CreateOnly
from ...lifecycle.model import Failure, FieldFacts, Values, unknown
from ...lifecycle.provider import MANAGED, Partly
from ...lifecycle.resource import Options, Resource
from . import pool_records
from .dialled_number import Dialled, NumberLifecycle, canonical_number, wire
from .pool_fields import ACCOUNT, PoolFields, body, file_of, read_rows, seen_in
from .pool_records import LEAVES, OnDelete


class PoolNumber(PoolFields, total=False):
    """One number of a pool."""

    dnis: Required[Annotated[Input[Dialled], means.Dialled()]]
    """The number, in E.164. Vendor: ``dnis``, digits only."""


class DnisPoolArgs(TypedDict, total=False):
    """Numbers of the account's pool. Exactly one of ``numbers`` and ``file`` is given."""

    numbers: Annotated[Input[Sequence[PoolNumber]], means.Entries()]
    """The numbers. Others that the account has are left alone."""
    file: Annotated[Input[str] | pulumi.FileAsset, means.EntriesFile(read_rows)]
    """The numbers as a file, as an asset or as text: separated by commas, with the vendor's names of the fields in the
    first line, ``dnis`` among them. New ones are sent to the vendor as a file as well."""
    internal: Annotated[Input[bool], CreateOnly(), means.Internal()]
    """The numbers are short, or exist inside the vendor's network only, and are taken as they are. Default: false."""
    on_delete: Annotated[Input[OnDelete], means.AtEnd(LEAVES)]
    """What happens to a record whose number leaves the list, and to all of them when the resource is destroyed: they
    stay as they are (``keep``), they stay inactive (``deactivate``), or they are deleted (``delete``), which takes the
    role ``SUPER_USER`` and numbers that are assigned to nothing. Default: ``keep``."""


Rows = dict[str, dict[str, Any]]
"""Declared fields by digits, ``dnis`` as users write it."""


class DnisPoolProvider(NumberLifecycle):
    token = "ringcx:DnisPool"  # noqa: S105
    args = DnisPoolArgs
    noun = "DNIS pool"
    claim = "record"

    def numbers(self, args: Values) -> Iterator[tuple[str, str]]:
        if isinstance(args.get("file"), str):
            for row in read_rows(args["file"]):
                yield "file", row["dnis"]
        for place, row in enumerate(_list(args.get("numbers"))):
            if isinstance(row, Mapping) and not unknown(row.get("dnis")):
                yield f"numbers[{place}].dnis", row["dnis"]

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
        try:
            yield from super().problems(args)
        except ValueError as error:
            yield Failure("file", str(error))

    def same(self, field: FieldFacts, old: Any, new: Any) -> bool:
        if field.name == "numbers" and isinstance(old, list) and isinstance(new, list):
            return _by_number(old) == _by_number(new)
        if field.name == "file" and isinstance(old, str) and isinstance(new, str):
            return old == new or _by_number(read_rows(old)) == _by_number(read_rows(new))
        return super().same(field, old, new)

    def make(self, args: Values) -> tuple[str, Values]:
        id_ = uuid.uuid4().hex
        return id_, self._brought(id_, {}, args)

    def look(self, id_: str, olds: Values) -> Values | None:
        rows = _rows(olds)
        there = self._ours(self.api.pool.known(rows, owners=False))
        return self._outs(self.refreshed(olds, _seen(olds, rows, there)), there, rows) if there else None

    def change(self, id_: str, olds: Values, args: Values) -> Values:
        outs = self._brought(id_, olds, args)
        wanted = _rows(args)
        gone = {digits: row["dnis"] for digits, row in _rows(olds).items() if digits not in wanted}
        try:
            self._end(gone.values(), args)
        except Exception as error:
            kept = [row for digits, row in _rows(olds).items() if digits in gone]
            raise Partly(id_, {**outs, **_form(args, [*wanted.values(), *kept])}, error) from error
        return outs

    def remove(self, id_: str, olds: Values) -> None:
        self._end([row["dnis"] for row in _rows(olds).values()], olds)

    # Steps

    def _brought(self, id_: str, olds: Values, args: Values) -> Values:
        rows = _rows(args)
        try:
            there = self._ours(pool_records.bring(self.api, rows, _names(rows), {}, by_file="file" in args))
            return self._outs(self.outputs(args, _seen(args, rows, there)), there, rows)
        except (Refused, DeclarationError):
            raise
        except Exception as error:
            try:
                there = self._ours(self.api.pool.fresh(rows, owners=False))
            except Exception:
                raise error from None  # the next run looks before it makes anything
            if not there and not olds:
                raise
            left = [row for digits, row in _rows(olds).items() if digits not in rows]
            outs = {MANAGED: sorted(args), **args, **_seen(args, rows, there, left)}
            raise Partly(id_, self._outs(outs, there, rows), error) from error

    def _end(self, numbers: Iterable[str], args: Values) -> None:
        going = self.without_renamed(numbers)
        if going:
            pool_records.end(self.api, {wire(number): number for number in going}, args.get("on_delete") or "keep")

    def _ours(self, there: Mapping[str, Json]) -> dict[str, Json]:
        account = self.api.account_id
        return {digits: one for digits, one in there.items() if str(one.get(ACCOUNT) or account) == account}

    def _outs(self, outs: Values, there: Mapping[str, Json], rows: Rows) -> Values:
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


class DnisPool(Resource, lifecycle=DnisPoolProvider):
    """Hundreds or thousands of numbers of the account's pool in one resource.

    Records that exist already are taken in. New ones are made in batches of ``RINGCX_NUMBERS_PER_CALL``, changed ones
    updated in batches; a number that the vendor will not take is named, and the others stand. Calls: NM-02 to NM-06,
    NMb-03 (``tnManager``).

    Refuses: to deactivate or delete records of numbers that callers reach, without an approval, and to delete those
    that are assigned or that the vendor manages.
    """

    records: Output[dict[str, Any]]
    """By number: ``id``, ``active``, ``managed_by_vendor``."""

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[DnisPoolArgs]) -> None:
        self._declare(resource_name, args, opts)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _given(args: Values) -> list[Any]:
    return read_rows(args["file"]) if args.get("file") else _list(args.get("numbers"))


def _rows(args: Values) -> Rows:
    internal = args.get("internal") is True
    named = [{**row, "dnis": canonical_number(row["dnis"], internal)} for row in _given(args)]
    return {wire(row["dnis"]): row for row in named}


def _by_number(rows: Iterable[Mapping[str, Any]]) -> Rows:
    """The declared fields alone, to compare lists whatever way and in whatever order the numbers are written."""
    return {"".join(filter(str.isdigit, row["dnis"])): {**row, "dnis": ""} for row in rows}


def _names(rows: Rows) -> dict[str, str]:
    return {digits: row["dnis"] for digits, row in rows.items()}


def _seen(args: Values, rows: Rows, there: Mapping[str, Json], left: Iterable[dict[str, Any]] = ()) -> Values:
    """The list as the vendor has it, with the fields that the program gave; ``left`` are rows that have still to go."""
    seen = [{"dnis": row["dnis"], **seen_in(there[digits], row)} for digits, row in rows.items() if digits in there]
    return _form(args, [*seen, *left])


def _form(args: Values, rows: list[dict[str, Any]]) -> Values:
    """The rows in the form in which the program gives them."""
    if "file" in args:
        return {"file": file_of([{"dnis": wire(row["dnis"]), **body(row)} for row in rows])}
    return {"numbers": rows}
