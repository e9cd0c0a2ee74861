"""Whom the names in approvals mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from pulumi_voice_routing.errors import Unreachable
from pulumi_voice_routing.permission.approvals import Approval, Approvals, Change
from pulumi_voice_routing.permission.owner_names import Named, Names, is_named, misspelt, names_here, use_names
from pulumi_voice_routing.permission.require import require_permission

from .about_permission import A, entry
from .cases import Cases, Here, words

KNOWN = [
    Named("profile", "Day", "1001", "Denver"),
    Named("profile", "Night", "1002", "Denver"),
    Named("profile", "Night", "1003", "Vail"),
    Named("profile", "Twin", "1012", "Vail"),
    Named("profile", "Twin", "1005", "Vail"),
    Named("profile", "Same", "1006", "Vail"),
    Named("profile", "Same", "1006", "Vail"),
    Named("profile", 'Say "hi" in "Rome"', "1004", "Vail"),
    Named("queue", "Support", "2000"),
    Named("Visual IVR", "Main menu", "2001"),
    Named("destination", "Day", "3001", "Denver"),
    Named("route group", "Denver", "4000"),
    Named("group", "Denver", "4001"),
]
SAID = [
    *("profile 1001", "nobody", "", "profile 'Night' of route group 'West'", "profile \"Bob's\" of route group 'West'"),
    *('profile "Day" in "Denver"', 'profile "day" in "Denver"', 'profile "Day" in "Vail"', 'profile "Day"'),
    *(
        'profile "Night" in "Vail"',
        'profile "Twin" in "Vail"',
        'profile "Same" in "Vail"',
        'profile ""',
        'profile "Day',
    ),
    *('profile "Say "hi" in "Rome"" in "Vail"', 'queue "Support"', 'queue "Support "', 'queue "Sales"', 'queue ""'),
    *('Visual IVR "Main menu"', 'destination "Day" in "Denver"', 'destination "Day"', 'queue "Support" in "Denver"'),
    *('route group "Denver"', 'group "Denver"', 'http service group "Denver"', 'ring group "Front desk"', 'x "'),
    *('70 % number +13035550100; 30 % queue "Support"', '50 % queue "Sales"; 50 % queue "Support"'),
    *('profile "Day" in "Denver" and profile "Twin" in "Vail"', 'profile "Twin" in "Vail", queue "Sales"'),
    *(
        'route group "Denver" "x"',
        'route group "a" in "b"',
        'profile "" in ""',
        'profile "a" of "b"',
        "'profile \"x\"'",
    ),
]


def _meant(there: Here) -> Iterator[str]:
    for known in (Names.of(KNOWN), Names({})):
        yield "known:" if known.meant(SAID[5])[1] == "" else "nobody is known:"
        for said in SAID if known.meant(SAID[5])[1] == "" else SAID[-9:]:
            meant, why = known.meant(said)
            told = (
                ""
                if meant == said and not why
                else f" is {meant}"
                if not why
                else f": {why}" + (f" ({meant})" if meant != said else "")
            )
            forms = [word for word, holds in (("named", is_named(said)), ("misspelt", misspelt(said))) if holds]
            yield f"  {said}{told} [{', '.join(forms)}]"


def _sources(there: Here) -> Iterator[str]:
    asked: list[str] = []

    def source(noun: str, number: str) -> Callable[[], Iterator[Named]]:
        def named() -> Iterator[Named]:
            asked.append(f"{noun} {number}")
            if number == "7":
                raise Unreachable("ringcx: there is\nno connection")
            yield Named(noun, "Support", number)

        return named

    some = Names({noun: source(noun, "7" if noun == "queue" else "8") for noun in ("queue", "profile", "Visual IVR")})
    others = Names({noun: source(noun, "9") for noun in ("queue", "destination")})
    wanted = (
        'queue "Support"',
        "queue 5",
        'profile "Support"',
        'to queue "Support"',
        'destination "Support"',
        'Visual IVR "Support"',
    )
    for told, names in {
        "all": some,
        "only some": some.only("queue", "destination"),
        "only none": some.only(),
        "these besides others": some.besides(others),
        "others besides these": others.besides(some),
    }.items():
        yield f"{told}:"
        for said in wanted:
            meant, why = names.meant(said)
            names.meant(said)
            yield f"  {said}: {meant}; {why or 'clear'}; asked for {words(asked)}"
            asked.clear()


def _resolved(there: Here) -> Iterator[str]:
    day, queue, twin, nobody = SAID[5], 'queue "Support"', SAID[10], 'queue "Sales"'
    for objects, from_, to in (
        ({A}, day, queue),
        ({A, day, queue}, "profile 7", "nobody"),
        ({A}, twin, nobody),
        ({A}, "x", nobody),
        ({nobody, A}, "x", "y"),
        ({A}, "profile 7", "nobody"),
    ):
        one = Approval("rule", frozenset(objects), from_, to, "r", "t", date(2026, 12, 1))
        yield f"by name: {one.by_name}, {words(Approvals([one]).resolved(lambda: Names.of(KNOWN)).entries)}"


def _used(there: Here) -> Iterator[str]:
    """Refusals of a file with names, in a process that knows some."""
    there.in_short = True
    move = Change("reassign-active-dnis", A, "profile 1001", "profile 1002")
    for to in ('profile "Night" in "Denver"', 'profile "Night" in "Vail"', 'profile "Twin" in "Vail"', 'queue "Sales"'):
        Path("approvals.toml").write_text(entry(to=f"'{to}'"))
        use_names(lambda: Names({}))
        yield f"{to}; nobody is known:"
        yield from there.tries(lambda: require_permission([move]))
        use_names(lambda: Names.of(KNOWN))
        yield f"{to}; all are known:"
        yield from there.tries(lambda: require_permission([move]))
    yield words(names_here().meant('queue "Support"'))
    yield words([str(one) for one in KNOWN[:1] + KNOWN[8:9]])


NAMES: Cases = {
    "what is meant": _meant,
    "who is asked": _sources,
    "approvals with ids in the places of names": _resolved,
    "refusals": _used,
}
