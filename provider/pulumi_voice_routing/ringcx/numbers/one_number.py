"""Types that stand for one number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from ...lifecycle.model import Values, unknown
from .dialled_number import NumberLifecycle


class OneNumber(NumberLifecycle):
    """The number is an argument of its own, and never another one."""

    fixed: ClassVar[tuple[str, ...]] = ("dnis",)

    def numbers(self, args: Values) -> Iterator[tuple[str, str]]:
        if args.get("dnis") and not unknown(args["dnis"]):
            yield "dnis", args["dnis"]

    def with_numbers(self, args: Values, form: Any) -> Values:
        return {**args, **{name: form(number) for name, number in self.numbers(args)}}
