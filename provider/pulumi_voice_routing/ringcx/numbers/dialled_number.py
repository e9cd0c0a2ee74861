"""How a dialled number is written, and which resource of the program stands for it.

Users write E.164 (``+13035550100``), the vendor digits. Short numbers, and those that exist inside the vendor's network
only, are taken as they are when the program says ``internal=True``.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

import pulumi
from pulumi import dynamic
from pydantic import AfterValidator, StringConstraints

from ...errors import Refused
from ...lifecycle import plugin
from ...lifecycle.model import Failure, Values, unknown
from ...lifecycle.provider import reported
from ...telephony.number import e164
from ..account import InAccount

_INTERNAL = re.compile(r"[0-9]{2,15}")
_PUNCTUATION = re.compile(r"[ \-().\u00a0]")


def _tidy(value: str) -> str:
    return _PUNCTUATION.sub("", value)


Dialled: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_tidy)]
"""A dialled number: in E.164, whatever way it is written, unless ``internal`` says that it is none."""


def canonical_number(value: str, internal: bool) -> str:
    """A number in the form in which it is stored. Raises ``ValueError``."""
    if not internal:
        return e164(value)
    if not _INTERNAL.fullmatch(value):
        raise ValueError(f"{value!r} is not an internal number: 2 to 15 digits")
    return value


def wire(number: str) -> str:
    """The number as the vendor writes it."""
    return number.removeprefix("+")


def shown(digits: str, internal: bool) -> str:
    """The vendor's digits as users write them."""
    return digits if internal else f"+{digits}"


def as_users_write(digits: str) -> str:
    """The vendor's digits as users write them, when nothing else tells whether the number is an internal one."""
    try:
        return canonical_number(digits, internal=False)
    except ValueError:
        return digits


def by_digits(numbers: Iterable[str]) -> dict[str, str]:
    """Numbers as users write them, by the vendor's digits."""
    return {wire(number): number for number in numbers}


Claim: TypeAlias = Literal["record", "assignment"]
"""What a resource can stand for: a number's place in the pool, or who answers it."""

_claims: dict[tuple[Claim, str], str] = {}
_lock = threading.Lock()


class NumberLifecycle(InAccount):
    """What the types that stand for numbers share: one form for a number, and one resource for each."""

    claim: ClassVar[Claim]
    """What a resource of the type stands for."""
    fixed: ClassVar[tuple[str, ...]] = ()
    """Arguments that say which number is meant. Another value would end one number for another, so it is refused."""

    def numbers(self, args: Values) -> Iterator[tuple[str, str]]:
        """The argument and the number, for every number that is declared and known."""
        raise NotImplementedError

    def with_numbers(self, args: Values, form: Any) -> Values:
        """The arguments with ``form`` applied to every number that is known."""
        raise NotImplementedError

    def canonical(self, args: Values) -> Values:
        internal = args.get("internal") is True

        def form(number: str) -> str:
            try:
                return canonical_number(number, internal)
            except ValueError:
                return number  # problems() says so

        return args if unknown(args.get("internal")) else self.with_numbers(args, form)

    def problems(self, args: Values) -> Iterable[Failure]:
        if unknown(args.get("internal")):
            return
        seen: set[str] = set()
        for path, number in self.numbers(args):
            try:
                canonical_number(number, args.get("internal") is True)
            except ValueError as error:
                said = "" if args.get("internal") else "; say internal=True if it is one inside the vendor's network"
                yield Failure(path, f"{error}{said}")
            if number in seen:
                yield Failure(path, f"{number} is in the list twice")
            seen.add(number)

    @reported
    def diff(self, _id: str, _olds: Values, _news: Values) -> dynamic.DiffResult:
        self.refuse_another_number(_olds, _news)
        return super().diff(_id, _olds, _news)

    def refuse_another_number(self, olds: Values, news: Values) -> None:
        """Raises :class:`Refused` when a resource that stands for one number is to stand for another."""
        for name in self.fixed:
            if name not in olds or name not in news or unknown(news[name]):
                continue  # what is not known in a preview is known to the up, which asks again
            if not self.means_same(self.model[name], olds[name], news[name]):
                raise Refused(
                    f"this {self.noun} stands for {name} {olds[name]}, and a number is never replaced by another: "
                    f"declare {news[name]} as a resource of its own, and take this one out of the program when its "
                    "number is done."
                )

    def is_elsewhere(self, number: str) -> bool:
        """Whether another resource of the program stands for the number now, as after a rename."""
        other = _claims.get((self.claim, wire(number)))
        return other not in (None, plugin.urn())

    def without_renamed(self, numbers: Iterable[str]) -> list[str]:
        """The numbers that no other resource of the program stands for now."""
        everything = list(numbers)
        ours = [number for number in everything if not self.is_elsewhere(number)]
        if len(ours) < len(everything):
            kept = [number for number in everything if number not in ours]
            pulumi.log.info(
                f"ringcx: {len(kept)} numbers go on under another resource name: {', '.join(kept[:3])}"
                f"{' ...' if len(kept) > 3 else ''}"
            )
        return ours

    def clashes(self, args: Values) -> Iterator[Failure]:
        urn = plugin.urn()
        if not urn:
            return
        with _lock:
            for key in [key for key, owner in _claims.items() if owner == urn and key[0] == self.claim]:
                del _claims[key]
            for path, number in self.numbers(args):
                other = _claims.setdefault((self.claim, wire(number)), urn)
                if other != urn:
                    yield Failure(
                        path,
                        f"{number} is declared by {_name(urn)} and by {_name(other)}: the one that is applied last "
                        "would decide, and the end of either would take the number from both; keep one of them",
                    )


def _name(urn: str) -> str:
    *_, kind, name = urn.split("::")
    return f"{kind.rpartition('/')[2]} {name!r}"
