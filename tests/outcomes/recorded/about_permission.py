"""What takes a permission, what an approvals file says, and what is refused or permitted by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import product
from pathlib import Path

from pulumi_voice_routing.permission.approvals import (
    FORBIDDEN_TARGET,
    LOSE_AFTER_HOURS,
    OVERWRITE,
    REASSIGN,
    RELEASE,
    TAKE_FOREIGN,
    Approval,
    Approvals,
    Change,
    broken_glass,
)
from pulumi_voice_routing.permission.needed import HIDDEN, INACTIVE, NOBODY, NOT_KNOWN, NumberFacts, needed_permission
from pulumi_voice_routing.permission.require import require_allowed_targets, require_permission
from pulumi_voice_routing.permission.wording import (
    Entry,
    approvals_file,
    by_way,
    in_an_emergency,
    to_complete,
    toml,
    ways_out,
)

from .cases import NOW, Cases, Here, Lines, words

TODAY = NOW.date()
A, B, C = "+13035550100", "+13035550101", "+13035550102"
OLD, NEW, OTHER = "profile 1001", "profile 1002", "queue 1000"
MOVE, FREE, TAKE = Change(REASSIGN, A, OLD, NEW), Change(RELEASE, A, OLD, NOBODY), Change(TAKE_FOREIGN, A, OTHER, NEW)
MANY = [Change(REASSIGN, f"+130355502{place:02}", OLD, NEW) for place in range(5)]
PREMIUM = Change(FORBIDDEN_TARGET, A, OLD, "+19005550100")
WHY = {PREMIUM: "+19005550100 is a premium-rate number"}

ENTRY = {
    "rule": f'"{REASSIGN}"',
    "objects": f'["{A}"]',
    "from": f'"{OLD}"',
    "to": f'"{NEW}"',
    "reason": '"Denver moves"',
    "ticket": '"OPS-1"',
    "until": "2026-12-31",
}


def entry(**changes: str | None) -> str:
    """An entry of a file, with other values, more of them, or without some."""
    said = {**ENTRY, **{name.rstrip("_"): value for name, value in changes.items()}}
    return "\n".join(["[[approval]]", *(f"{name} = {value}" for name, value in said.items() if value is not None), ""])


FILES = {
    "as it should be": entry(),
    "every object once": entry(objects=f'["{B}", "{A}", "1 (303) 555-0100", "{B}"]'),
    "one object": entry(objects=None, object=f'"{A}"'),
    "an internal number": entry(objects='["8000", "13035550100", "7"]'),
    "sixteen digits": entry(objects='["1303555010012345"]'),
    "fifteen digits": entry(objects='["130355501001234"]'),
    "two digits": entry(objects='["80"]'),
    "the numbers of a resource": entry(objects="[\"the numbers of 'team'\"]"),
    "a rule that is about no number": entry(rule=f'"{OVERWRITE}"', objects='["destination 2001", " 13035550100"]'),
    "spaces around words": entry(
        rule=f'" {RELEASE} "', reason='" why "', ticket='" T-1 "', from_='"profile 1 "', to='" x"'
    ),
    "two": entry(until="2026-11-30") + entry(rule=f'"{TAKE_FOREIGN}"', objects=f'["{C}"]'),
    "none": "",
    "a Windows file": entry().replace("\n", "\r\n"),
    "an old Macintosh file": entry().replace("\n", "\r"),
    "names": entry(from_='\'profile "Day" in "Denver"\'', to="'queue \"Support\"'"),
    "both object and objects": entry(object=f'"{B}"'),
    "no object": entry(objects=None),
    "objects that are none": entry(objects="[]"),
    "objects that are a text": entry(objects=f'"{A}"'),
    "objects that are a number": entry(objects="5"),
    "an object that is a number": entry(objects=f'["{A}", 13035550100]'),
    "an object that is a list": entry(objects=f'["{A}", ["{B}"]]'),
    "an object that is a switch": entry(objects="[true]"),
    "object as a number": entry(objects=None, object="13035550100"),
    "a number that is none": entry(objects='["the hotline"]'),
    "a number without its country": entry(objects='["(303) 555-0100"]'),
    "nothing but a rule": '[[approval]]\nrule = "x"\n',
    "nothing at all": "[[approval]]\n",
    "texts that are none": entry(rule="1", from_="[]", to='" "', reason='""', ticket="2026-12-31"),
    "words that mean nothing": entry(colour='"red"', Until="2026-12-31"),
    "a wrong word before a missing one": entry(colour='"red"', reason='""'),
    "a last day with a time": entry(until="2026-12-31T10:00:00"),
    "a last day in words": entry(until='"soon"'),
    "no last day": entry(until=None),
    "from that is no name": entry(from_="'profile \"Day\"'"),
    "to that is no name": entry(to='\'queue "Day" in "Denver"\''),
    "an object that is no name": entry(rule=f'"{OVERWRITE}"', objects="['destination \"Day\"']"),
    "the second is wrong": entry() + entry(ticket='""'),
    "a number": "approval = 5\n",
    "a list of numbers": "approval = [5]\n",
    "one table": "[approval]\n",
    "something else": "other = 1\n",
    "something beside": f"other = 1\n{entry()}",
}
"""Contents of approvals files."""


def _read(text: str) -> Callable[[Here], Lines]:
    def told(there: Here) -> Lines:
        Path("approvals.toml").write_bytes(text.encode())
        return there.tries(lambda: words(Approvals.here().entries))

    return told


def _file(there: Here) -> Iterator[str]:
    yield from there.tries(lambda: words(Approvals.here().entries))

    def tickets(named: str | None) -> list[str]:
        return [one.ticket for one in Approvals.of(named, folder).entries]

    folder = Path("sub")
    folder.mkdir()
    (folder / "approvals.toml").write_text(entry(ticket='"SUB-1"'))
    Path("other.toml").write_text(entry(ticket='"OTHER-1"'))
    for named in (None, "approvals.toml", "none.toml", "../other.toml"):
        yield f"in the folder, named {named}:"
        yield from there.tries(tickets, named)
    there.patch.setenv("VOICE_ROUTING_APPROVALS", "other.toml")
    yield from there.tries(lambda: [one.ticket for one in Approvals.here().entries])
    there.patch.setenv("VOICE_ROUTING_APPROVALS", "missing.toml")
    yield from there.tries(lambda: [one.ticket for one in Approvals.here().entries])
    Path("broken.toml").write_text("[[approval]\n")
    there.patch.setenv("VOICE_ROUTING_APPROVALS", "broken.toml")
    yield from (line.partition("cannot be read:")[0] for line in there.tries(Approvals.here))


def _needed(there: Here) -> Iterator[str]:
    owners = [OLD, NEW, NOBODY]
    for known, live, active in product(owners, owners, [True, False]):
        told = []
        for to in (NEW, NOBODY, INACTIVE, HIDDEN, NOT_KNOWN):
            needed = needed_permission(NumberFacts(A, known, live, active), to)
            if needed is not None:
                as_asked = (needed.object, needed.from_, needed.to) == (A, live, to)
                told.append(f"to {to}: {needed.rule if as_asked else words(needed)}")
        yield f"{known} is known, {live} is there, {'' if active else 'not '}reached: {'; '.join(told) or 'none'}"


ENTRIES = {
    "today": Approval(REASSIGN, frozenset({A}), OLD, NEW, "r", "today", TODAY),
    "tomorrow": Approval(REASSIGN, frozenset({A}), OLD, NEW, "r", "tomorrow", TODAY + timedelta(1)),
    "expired": Approval(REASSIGN, frozenset({A}), OLD, NEW, "r", "expired", TODAY - timedelta(1)),
    "another number": Approval(REASSIGN, frozenset({B}), OLD, NEW, "r", "another number", TODAY),
    "from another": Approval(REASSIGN, frozenset({A}), OTHER, NEW, "r", "from another", TODAY),
    "to another": Approval(REASSIGN, frozenset({A}), OLD, OTHER, "r", "to another", TODAY),
    "another rule": Approval(RELEASE, frozenset({A}), OLD, NEW, "r", "another rule", TODAY),
    "several": Approval(REASSIGN, frozenset({C, A, B}), OLD, NEW, "r", "several", TODAY),
    "unclear": Approval(REASSIGN, frozenset({A}), OLD, "x", "r", "unclear", TODAY, "nobody is known"),
    "expired and unclear": Approval(REASSIGN, frozenset({A}), OLD, "x", "r", "-", date(2020, 1, 31), "nobody is known"),
    "a target": Approval(FORBIDDEN_TARGET, frozenset({B}), "x", "to +19005550100, since", "r", "target", TODAY),
    "a target that is over": Approval(
        FORBIDDEN_TARGET, frozenset({A}), OLD, PREMIUM.to, "r", "-", TODAY - timedelta(1)
    ),
    "another target": Approval(FORBIDDEN_TARGET, frozenset({A}), OLD, "+19005550101", "r", "-", TODAY),
    "a target under another rule": Approval(REASSIGN, frozenset({B}), OLD, PREMIUM.to, "r", "-", TODAY),
}
SETS = [
    (),
    *((name,) for name in ENTRIES),
    ("expired", "to another"),
    ("to another", "expired"),
    ("another rule", "today"),
    ("today", "several"),
    ("several", "today"),
]


def _covered(there: Here) -> Iterator[str]:
    written = Change(REASSIGN, "1 303 555 0100", OLD, NEW)
    for names in SETS:
        given = Approvals(ENTRIES[name] for name in names)
        yield f"{', '.join(names) or 'none'}{', by name' if given.by_name else ''}:"
        for change, day in product((MOVE, written, PREMIUM), (None, date(2026, 11, 28))):
            covering = given.covering(change, day)
            allowed = given.allow(change, day), given.allow_target(change, day)
            told = f"by {covering.ticket}" if covering else given.why_not(change, day)
            if allowed != (False, False) or told != "it is not approved":
                yield f"  {change.rule} {change.object}{f' on {day}' if day else ''}: {words(allowed)}, {told}"


def _emergency(there: Here) -> Iterator[str]:
    there.in_short = True
    for said in (
        "",
        REASSIGN,
        f"{RELEASE},{REASSIGN}",
        f" {REASSIGN} , x  y,",
        FORBIDDEN_TARGET,
        "REASSIGN-ACTIVE-DNIS",
    ):
        there.patch.setenv("VOICE_ROUTING_BREAK_GLASS", said)
        yield f"{said!r} is {words(broken_glass())}"
        yield from (f"  {line}" for line in there.tries(lambda: require_permission([MOVE, TAKE], Approvals())))
        yield from (
            f"  {line}"
            for line in there.tries(lambda: require_allowed_targets("it would send calls", WHY, Approvals()))
        )


def _one(there: Here) -> Iterator[str]:
    for change in (MOVE, FREE, TAKE, Change(RELEASE, "the numbers of 'team'", HIDDEN, NOT_KNOWN)):
        yield from there.tries(require_permission, [change], Approvals())
    yield from there.tries(lambda: require_permission([]))


def _several(there: Here) -> Iterator[str]:
    for changes in (MANY[:2], MANY[:3], [TAKE, MOVE, FREE], [MANY[1], MOVE, MANY[0]]):
        yield from there.tries(require_permission, changes, Approvals())


def _many(there: Here) -> Iterator[str]:
    yield from there.tries(lambda: require_permission([TAKE, *MANY], Approvals()))
    (file,) = Path("cache").glob("approvals-needed-*.toml")
    yield "the file:"
    yield from (f"  {line}" for line in file.read_text().splitlines())
    Path("file").touch()
    there.patch.setenv("VOICE_ROUTING_CACHE_DIR", "file/cache")
    yield from there.tries(lambda: require_permission(MANY, Approvals()))


def _approved(there: Here) -> Iterator[str]:
    there.in_short = True
    whole = Approval(REASSIGN, frozenset(one.object for one in (MOVE, *MANY)), OLD, NEW, "r", "t", TODAY)
    for given in (Approvals([whole]), Approvals([ENTRIES["today"]]), Approvals([ENTRIES["expired"]])):
        for tell in (True, False):
            yield from there.tries(require_permission, [MOVE, TAKE], given, tell=tell)
            yield from there.tries(require_permission, [MOVE], given, tell=tell)
    yield from there.tries(lambda: require_permission([*MANY, MOVE], Approvals([whole])))
    Path("approvals.toml").write_text(entry())
    yield from there.tries(lambda: require_permission([MOVE]))
    yield from there.tries(lambda: require_permission([FREE]))
    Path("approvals.toml").write_text("no file of this kind")
    yield from (line.partition("cannot be read:")[0] for line in there.tries(lambda: require_permission([MOVE])))
    yield from there.tries(lambda: require_permission([]))


def _partly(there: Here) -> Iterator[str]:
    """Some are permitted, some not, and one by the emergency."""
    there.patch.setenv("VOICE_ROUTING_BREAK_GLASS", RELEASE)
    given = Approvals([ENTRIES["today"], ENTRIES["expired"]])
    yield from there.tries(lambda: require_permission([MOVE, FREE, TAKE], given))
    yield from there.tries(lambda: require_permission([MOVE, FREE], given))


def _targets(there: Here) -> Iterator[str]:
    other = Change(FORBIDDEN_TARGET, B, OLD, "+33899555010")
    why = {**WHY, other: "country 33 is not allowed", Change(FORBIDDEN_TARGET, C, OLD, PREMIUM.to): WHY[PREMIUM]}
    for name in (None, "a target", "a target that is over", "another target", "a target under another rule"):
        given = Approvals([ENTRIES[name]] if name else [])
        for asked in (why, WHY, {}):
            yield f"{name}, {len(asked)}:"
            there.in_short = name is not None
            yield from there.tries(require_allowed_targets, "it would send calls", asked, given)


def _targets_within(there: Here) -> Iterator[str]:
    """A target is a word of its own in what an approval names."""
    for target in ("+4312345", "+19005550100", "sip:7@pbx", "queue 10", "70 % a loop (x); 30 % queue 1"):
        for said in (
            "+4312345",
            "+43123456",
            "++4312345",
            "70 % number +4312345; 30 % number +19005550100.",
            "to +19005550100, since",
            "sip:7@pbx",
            "sip:7@pbx.example.com",
            "sip:7@pbx: x",
            "queue 100",
            "queue 10",
            "70 % a loop (x); 30 % queue 1",
        ):
            given = Approvals([Approval(FORBIDDEN_TARGET, frozenset({B}), "x", said, "r", "t", TODAY)])
            if given.allow_target(Change(FORBIDDEN_TARGET, A, OLD, target)):
                yield f"{target} by {said}"


def _wording(there: Here) -> Iterator[str]:
    odd = 'a "b"\x7f\n\\ \u00e9'
    yield from toml(Entry("rule", [odd, "x"], odd, "to"), odd, "T-1", date(2030, 1, 2)).splitlines()
    yield from to_complete(Entry("rule", (), "", "")).splitlines()
    yield in_an_emergency(["b", "a", "b"])
    yield words([(tuple(way), [one.object for one in those]) for way, those in by_way([TAKE, *MANY[:2], MOVE, FREE])])
    yield approvals_file()
    there.patch.setenv("VOICE_ROUTING_APPROVALS", "ops/ok.toml")
    yield approvals_file()
    yield from ways_out([MOVE, TAKE]).splitlines()
    yield from there.without_names(
        ways_out([Change(LOSE_AFTER_HOURS, str(place), "a", "b") for place in range(4)])
    ).splitlines()


PERMISSION: Cases = {
    "which changes of a number need one": _needed,
    "which file is read": _file,
    **{f"a file: {name}": _read(text) for name, text in FILES.items()},
    "what covers a change": _covered,
    "emergencies": _emergency,
    "one change that is not approved": _one,
    "several that are not approved": _several,
    "more than anybody reads": _many,
    "changes that are approved": _approved,
    "changes of which some are approved": _partly,
    "targets to which no call may go": _targets,
    "targets among others": _targets_within,
    "how it is said": _wording,
}
