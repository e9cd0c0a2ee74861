"""Types that stand for one number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from ...lifecycle.model import Values, unknown
from ...telephony.number import as_declared
from .dialled_number import NumberLifecycle, wire


class OneNumber(NumberLifecycle):
    """The number is an argument of its own, and never another one."""

    fixed: ClassVar[tuple[str, ...]] = ("dnis",)

    def numbers(self, args: Values) -> Iterator[tuple[str, str]]:
        if args.get("dnis") is not None and not unknown(args["dnis"]):
            yield "dnis", args["dnis"]

    def own_id(self, args: Mapping[str, Any]) -> str | None:
        number = args.get("dnis")
        return wire(as_declared(number)) if isinstance(number, str) else ""

    def with_numbers(self, args: Values, form: Any) -> Values:
        return {**args, **{name: form(number) for name, number in self.numbers(args)}}
