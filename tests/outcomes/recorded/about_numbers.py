"""Numbers that come to a profile, and what is said when they would be led where no call may go."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace

from pulumi_voice_routing.errors import Forbidden, NotFound
from pulumi_voice_routing.plan.facts import Resource
from pulumi_voice_routing.ringcx.numbers.owner import Owner
from pulumi_voice_routing.safety import coming_numbers
from pulumi_voice_routing.safety.write_judge import judge_numbers
from tests.call_flow.line import (
    AUSTIN,
    DENVER,
    GROUP,
    LINE,
    NUMBER,
    OTHER,
    assignment,
    but,
    destination,
    one,
    profile,
    split,
)

from .about_permission import entry
from .about_worse import FRENCH, PREMIUM
from .cases import Cases, Here, Lines, words

PROFILE = Owner("profile", "3001")
EMPTY = but(LINE, without=["n00"])
SALES = [
    profile("sales", 3002),
    split((2003, 100), of=3002),
    destination("reno", 2003, "+13035551003"),
    assignment(OTHER, profile=f"{GROUP}/3002"),
]
"""Another line."""
THIRD = "13035550102"


def override(number: str, target: str, at: int = 2001) -> Resource:
    id_ = f"{GROUP}/{at}"
    return one(
        "ringcx:DnisOverride", f"o{at}{number[-2:]}", f"{id_}/{number[1:]}", destination=id_, dnis=number, target=target
    )


class Vendor:
    """What a vendor shows of a profile; overrides of destinations when they are asked for."""

    def __init__(
        self, line: Iterable[Resource], overrides: Sequence[Resource] = (), error: Exception | None = None
    ) -> None:
        self.line, self.overrides, self.error = list(line), overrides, error
        self.asked: list[str] = []
        self.api = SimpleNamespace(account_id="123456")

    def __call__(self, *, thorough: bool = True) -> Vendor:
        self.asked.append(f"thorough={thorough}")
        self.found: dict[tuple[str, str], Resource] = {}
        return self

    def profile_of(self, owner: Owner) -> str:
        if self.error is not None:
            raise self.error
        return f"{GROUP}/{owner.number}"

    def profile(self, id_: str, numbers: Collection[str]) -> None:
        self.asked.append(f"profile {id_} {list(numbers)}")
        self.found = {(it.type, str(it.id)): it for it in self.line}

    def with_overrides(
        self, before: Iterable[Resource], destinations: Collection[str], coming: Collection[str] = ()
    ) -> list[Resource]:
        self.asked.append(f"overrides of {list(destinations)} for {list(coming)}")
        return [*before, *(it for it in self.overrides if it.props["destination"] in destinations)]


def told(there: Here, vendor: Vendor, numbers: Sequence[str], owner: Owner = PROFILE) -> Iterator[str]:
    there.patch.setattr(coming_numbers, "Looking", vendor)
    there.patch.setattr(coming_numbers, "with_overrides", vendor.with_overrides)
    yield f"{', '.join(numbers)} to {owner}:"
    yield from (f"  {it}" for it in there.tries(lambda: judge_numbers(owner, numbers)))
    yield f"  asked: {'; '.join(vendor.asked)}"
    vendor.asked.clear()


ONE, TWO = NUMBER[1:], OTHER[1:]
VENDORS: dict[str, Callable[[], Vendor]] = {
    "a line as it should be": lambda: Vendor(EMPTY),
    "a line with a number": lambda: Vendor(LINE),
    "a premium-rate number": lambda: Vendor(but(EMPTY, destination("denver", 2001, PREMIUM))),
    "two premium-rate numbers": lambda: Vendor(
        but(EMPTY, destination("denver", 2001, PREMIUM), destination("austin", 2002, "+19005550101"))
    ),
    "another country": lambda: Vendor(but(EMPTY, destination("denver", 2001, FRENCH))),
    "another country that charges more": lambda: Vendor(
        but(EMPTY, destination("denver", 2001, FRENCH), destination("austin", 2002, PREMIUM))
    ),
    "the number itself": lambda: Vendor(but(EMPTY, destination("denver", 2001, NUMBER))),
    "the number itself, and a premium-rate one": lambda: Vendor(
        but(EMPTY, destination("denver", 2001, NUMBER), destination("austin", 2002, PREMIUM))
    ),
    "one of the numbers, and it goes on to another": lambda: Vendor(
        but(EMPTY, destination("denver", 2001, NUMBER), destination("austin", 2002, OTHER))
    ),
    "an override to another line, and one there": lambda: Vendor(
        [*EMPTY, *SALES], [override(NUMBER, OTHER), override(NUMBER, PREMIUM, 2003), override(OTHER, FRENCH, 2003)]
    ),
    "an override to another line": lambda: Vendor([*EMPTY, *SALES], [override(NUMBER, OTHER)]),
    "a premium-rate line with a number": lambda: Vendor(but(LINE, destination("denver", 2001, PREMIUM))),
    "an override": lambda: Vendor(EMPTY, [override(NUMBER, PREMIUM)]),
    "an override of two": lambda: Vendor(EMPTY, [override(NUMBER, PREMIUM), override(OTHER, FRENCH, 2002)]),
    "an override that answers": lambda: Vendor(
        but(EMPTY, destination("denver", 2001, PREMIUM)), [override(NUMBER, AUSTIN)]
    ),
    "an override at another one": lambda: Vendor(EMPTY, [override(NUMBER, PREMIUM, 2002)]),
    "a profile that is off": lambda: Vendor(but(EMPTY, profile(active=False), destination("denver", 2001, PREMIUM))),
    "a profile that shares with none": lambda: Vendor(
        but(EMPTY, split((2001, 0), (2002, 100)), destination("denver", 2001, PREMIUM))
    ),
    "a profile that is hidden": lambda: Vendor((), error=Forbidden("ringcx", "GET /x", 403)),
    "a profile that is gone": lambda: Vendor((), error=NotFound("ringcx", "GET /x", 404)),
}


def _vendor(name: str) -> Callable[[Here], Lines]:
    def case(there: Here) -> Iterator[str]:
        there.in_short = name not in ("two premium-rate numbers", "the number itself", "an override of two")
        there.patch.setenv("VOICE_ROUTING_COUNTRY_CODES", "1")
        vendor = VENDORS[name]()
        for numbers in ([TWO, ONE, THIRD], [ONE]):
            yield from told(there, vendor, numbers)
            there.in_short = True

    return case


def _permitted(there: Here) -> Iterator[str]:
    def vendor() -> Vendor:
        return Vendor(but(EMPTY, destination("denver", 2001, PREMIUM)), [override(OTHER, FRENCH)])

    there.patch.setenv("VOICE_ROUTING_COUNTRY_CODES", "1, 44")
    there.in_short = True
    forbidden = {"rule": '"forbidden-target"', "from_": '"profile 3001"', "to": f'"{PREMIUM}"'}
    for name, text in {
        "exactly": entry(**forbidden),
        "the target, for another number": entry(**forbidden, objects=f'["{DENVER}"]'),
        "over": entry(**forbidden, until="2026-11-28"),
        "on its last day": entry(**forbidden, until="2026-11-29"),
        "another target": entry(**{**forbidden, "to": f'"{FRENCH}"'}),
        "both": entry(**forbidden) + entry(**{**forbidden, "to": f'"{FRENCH}"'}, objects=f'["{OTHER}"]'),
        "a file that cannot be used": "[[approval]]\n",
    }.items():
        Path("approvals.toml").write_text(text)
        yield f"{name}:"
        yield from (f"  {it}" for it in told(there, vendor(), [ONE, TWO]))
    there.patch.setenv("VOICE_ROUTING_BREAK_GLASS", "forbidden-target")
    Path("approvals.toml").unlink()
    yield from told(there, vendor(), [ONE, TWO])
    there.patch.delenv("VOICE_ROUTING_COUNTRY_CODES")
    there.patch.delenv("VOICE_ROUTING_BREAK_GLASS")
    yield "all countries:"
    yield from told(there, vendor(), [TWO])
    yield from told(
        there,
        Vendor(but(EMPTY, profile("sales", 3002), split((2001, 100), of=3002)), [override(ONE, PREMIUM)]),
        [ONE],
        Owner("profile", "3002"),
    )


def _assigned(there: Here) -> Iterator[str]:
    for digits in (ONE, "8000"):
        yield words(coming_numbers._assigned("123456", digits, f"{GROUP}/3001"))


COMING: Cases = {
    "a number as it will be answered": _assigned,
    **{name: _vendor(name) for name in VENDORS},
    "what permits it": _permitted,
}
