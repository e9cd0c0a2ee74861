"""One record of the number pool: taken in or made, changed, ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ...client.answers import is_on
from ...errors import DeclarationError, Refused
from ...lifecycle import plugin, references
from ...lifecycle.model import Values
from ...lifecycle.provider import MANAGED, STORED_AS, Partly
from ...telephony.number import as_declared
from ..shapes_numbers import PoolRecord
from . import pool_records
from .dialled_number import by_digits, wire
from .known_rows import rows_before
from .one_number import OneNumber
from .pool_fields import is_in_account, record_fields, seen_in
from .pool_records import Rows

_SECRET = {"twilio_api_key": "twilioApiKey"}


class OneRecord(OneNumber):
    """The record of one number."""

    claim = "record"
    id_form = "ACCOUNT/DIGITS"

    def ids(self, home: str) -> Iterator[str]:
        for digits, record in self.api.pool.everything().items():
            if self._is_ours(record, {}):
                yield references.join(self.api.account_id, digits)

    def items(self, values: Values) -> Rows:
        """The row of its number, as that of a list."""
        return {wire(values["dnis"]): values} if isinstance(values.get("dnis"), str) else {}

    def make(self, args: Values) -> tuple[str, Values]:
        digits = wire(args["dnis"])
        id_ = references.join(self.api.account_id, digits)
        try:
            return id_, self._brought(digits, args, args, lambda: rows_before(self, args))
        except (Refused, DeclarationError):
            raise
        except pool_records.Unseen as error:
            # It is there; what its fields are is for the next run to see.
            told = {name: value for name, value in args.items() if name not in {*record_fields(), *_SECRET}}
            raise Partly(id_, self.outputs(told, {}), error) from error
        except Exception as error:
            try:
                record = self.api.pool.fresh([digits], owners=False).get(digits)
            except Exception:
                raise error from None  # the next run looks before it makes anything
            if record is None or not self._is_ours(record, args):
                raise
            # Whether the vendor took a secret is not seen, so that the state must not say so.
            told = {name: value for name, value in args.items() if name not in _SECRET}
            outs = self.refreshed({MANAGED: sorted(told), **told}, _seen(digits, record, told))
            raise Partly(id_, {**outs, **_computed(record)}, error) from error

    def look(self, id_: str, olds: Values) -> Values | None:
        (digits,) = references.below(id_, self.api.account_id, ("number",))
        record = self.api.pool.known([digits], owners=False).get(digits)
        if record is None or not self._is_ours(record, olds):
            return None
        seen = _seen(digits, record, olds)
        if not olds.get(MANAGED):  # an empty value that the vendor does not show has nobody set
            wires = {name: str(field.wire) for name, field in record_fields().items()}
            seen = {name: value for name, value in seen.items() if record.get(wires.get(name, "dnis")) is not None}
        return {**self.refreshed(olds, seen), **_computed(record)}

    def change(self, id_: str, olds: Values, args: Values) -> Values:
        self.refuse_another_number(olds, args)
        changed = set(self.changed(olds, args)) & {*record_fields(), *_SECRET}
        if not changed:
            kept = {name: olds[name] for name in (STORED_AS, "managed_by_vendor") if name in olds}
            return {**self.outputs(args, {}), **kept}
        (digits,) = references.below(id_, self.api.account_id, ("number",))
        row = {name: args[name] for name in args if name in changed or name not in _SECRET}
        return self._brought(digits, args, row, lambda: {digits: olds})

    def remove(self, id_: str, olds: Values) -> None:
        numbers = self.without_renamed([olds.get("dnis") or f"+{references.last(id_)}"])
        if numbers:
            pool_records.end(self.api, by_digits(numbers), olds.get("on_delete") or "keep")

    def _brought(self, digits: str, args: Values, row: Values, before: Callable[[], Rows]) -> Values:
        record = pool_records.bring(self.api, {digits: row}, {digits: args["dnis"]}, _SECRET, before=before)[digits]
        left = {name: args[name] for name in plugin.ignored() & args.keys()}
        return {**self.outputs(args, _seen(digits, record, args)), **left, **_computed(record)}

    def _is_ours(self, record: PoolRecord, row: Values) -> bool:
        return is_in_account(record, row, self.api.account_id)


def _seen(digits: str, record: PoolRecord, olds: Values) -> Values:
    number = olds.get("dnis") or as_declared(digits)
    internal = {} if number.startswith("+") else {"internal": True}
    return {**seen_in(record, olds, record_fields()), "dnis": number, **internal}


def _computed(record: PoolRecord) -> Values:
    return {"managed_by_vendor": is_on(record.get("dnisManagedByRC"))}
