"""How a dialled number is written, and which resource of the program stands for it.

Users write E.164 (``+13035550100``), the vendor digits. Short numbers, and those that exist inside the vendor's network
only, are taken as they are when the program says ``internal=True``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pulumi import dynamic
from pydantic import AfterValidator, BeforeValidator, StringConstraints

from ... import say
from ...errors import Refused
from ...lifecycle import keeping, plugin, standing
from ...lifecycle.model import Failure, Values, unknown
from ...lifecycle.provider import reported
from ...telephony.number import NotANumber, Number, as_text
from ...telephony.wire import on_the_wire
from ..account import InAccount

_ADVICE = "; say internal=True if it is one inside the vendor's network"


def _tidy(value: str) -> str:
    """Without separators, as far as it certainly is a number; whether it is an internal one is told elsewhere."""
    try:
        number = Number.parse(value)
    except NotANumber:
        return value
    return number if value.startswith("+") else number.digits


Dialled: TypeAlias = Annotated[
    str, BeforeValidator(as_text), StringConstraints(strip_whitespace=True), AfterValidator(_tidy)
]
"""A dialled number: in E.164, whatever way it is written, unless ``internal`` says that it is none."""


def why_not_dialled(written: str, internal: bool | None) -> str:
    """Why a text is no dialled number, with what may be meant; empty when it is one.

    ``internal`` is nothing while it is not known which kind is meant: the text may then be of either.
    """
    try:
        Number.parse(written, internal=internal is True)
    except NotANumber as error:
        other = internal is not True and _may_be_internal(written)
        return "" if other and internal is None else f"{error}{_ADVICE if other else ''}"
    return ""


def _may_be_internal(written: str) -> bool:
    try:
        return bool(Number.parse(written, internal=True))
    except NotANumber:
        return False


def says_internal(args: Values) -> bool | None:
    """Whether the program says that the numbers are internal ones; nothing while that is not known."""
    said = args.get("internal")
    return None if unknown(said) else said is True


def wire(number: str) -> str:
    """The number as the vendor writes it."""
    return on_the_wire("ringcx", "dnis", number)


def by_digits(numbers: Iterable[str]) -> dict[str, str]:
    """Numbers as users write them, by the vendor's digits."""
    return {wire(number): number for number in numbers}


Claim: TypeAlias = Literal["record", "assignment"]
"""What a resource can stand for: a number's place in the pool, or who answers it."""


class NumberLifecycle(InAccount):
    """What the types that stand for numbers share: one form for a number, and one resource for each."""

    claim: ClassVar[Claim]
    """What a resource of the type stands for."""
    fixed: ClassVar[tuple[str, ...]] = ()
    """Arguments that say which number is meant. Another value would end one number for another, so it is refused."""

    def numbers(self, args: Values) -> Iterator[tuple[str, str]]:
        """The argument and the number, for every number that is declared and known."""
        raise NotImplementedError

    def place_of(self, args: Values, number: str) -> str:
        """Where a declared number stands, beyond its argument: the beginning of a sentence about it."""
        return ""

    def with_numbers(self, args: Values, form: Any) -> Values:
        """The arguments with ``form`` applied to every number that is known."""
        raise NotImplementedError

    def canonical(self, args: Values) -> Values:
        internal = args.get("internal") is True

        def form(number: str) -> str:
            try:
                return Number.parse(number, internal=internal)
            except NotANumber:
                return number  # problems() says so

        return args if unknown(args.get("internal")) else self.with_numbers(args, form)

    def problems(self, args: Values) -> Iterable[Failure]:
        seen: set[str] = set()
        for path, number in self.numbers(args):
            why = why_not_dialled(number, says_internal(args))
            if why:
                yield Failure(path, why)
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

    def stands_for(self, args: Values) -> Iterator[standing.Claim]:
        if not unknown(args.get("internal")):
            yield from ((self.claim, wire(number)) for _, number in self.numbers(args))

    def without_renamed(self, numbers: Iterable[str], *, nor_replaced: bool = True) -> list[str]:
        """The numbers that no other resource of the program, nor the new copy of this one, stands for now."""
        me = None if nor_replaced else plugin.urn()
        everything = list(numbers)
        there = {
            number: [urn for urn in keeping.keepers((self.claim, wire(number))) if urn != me] for number in everything
        }
        kept = {number: standing.name(urns[0]) for number, urns in there.items() if urns}
        if kept:
            names = ", ".join(repr(name) for name in dict.fromkeys(kept.values()))
            say.info(
                f"ringcx: {len(kept)} numbers go on under the resource name {names}: {', '.join(list(kept)[:3])}"
                f"{' ...' if len(kept) > 3 else ''}"
            )
        return [number for number in everything if number not in kept]

    def clashes(self, args: Values) -> Iterator[Failure]:
        urn = plugin.urn()
        if not urn:
            return
        for path, number in self.numbers(args):
            other = next(iter(standing.holders((self.claim, wire(number)))), urn)
            if other != urn:
                yield Failure(
                    path,
                    f"{self.place_of(args, number)}{number} is declared by {_name(urn)} and by {_name(other)}: the one "
                    "that is applied last would decide, and the end of either would take the number from both; keep "
                    "one of them",
                )


def _name(urn: str) -> str:
    *_, kind, name = urn.split("::")
    return f"{kind.rpartition('/')[2]} {name!r}"
