"""What is asked right before a write: what is looked at, and what is refused, of writes of every kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from pulumi_voice_routing.errors import NotFound
from pulumi_voice_routing.lifecycle.writes import Write
from pulumi_voice_routing.plan.facts import Resource
from pulumi_voice_routing.safety.write_judge import judge
from tests.call_flow.line import (
    DENVER,
    GROUP,
    LINE,
    NUMBER,
    OTHER,
    built_in,
    but,
    destination,
    one,
    profile,
    ring_group,
    rule,
)
from tests.outcomes.test_after_write import declares, on
from tests.outcomes.test_write_judge import FIRST, RENO, RULES, TRACKED, TRACKING_RULE, tracking
from tests.outcomes.test_write_judge import rule as tracking_rule
from tests.tokens import (
    ACTIVATION,
    DESTINATION,
    DNIS_ASSIGNMENT,
    DNIS_OVERRIDE,
    DNIS_OVERRIDES,
    PROFILE_DESTINATIONS,
    RING_GROUP,
)

from .about_after import by_chance, declared_in, of, writes_between
from .about_numbers import SALES, override
from .about_permission import entry
from .about_worse import PREMIUM
from .cases import Cases, Here, Lines
from .world import Provider, World, desk, end_of, said_of, shares, write


def _storm(*seeds: int) -> Callable[[Here], Lines]:
    """The first write of a run that changes a line, by chance, with the other things that the run declares."""

    def told(there: Here) -> Iterator[str]:
        for seed in seeds:
            chosen, before, news = by_chance(seed)
            for one_ in list(writes_between(before, news))[:1]:
                world = World(there, before)
                world.declares(*declared_in(before, news))
                world.state = before
                given = Write(Provider(one_.provider.token), one_.urn, one_.id, one_.olds, one_.args)
                yield f"line {seed}, {', '.join(chosen)}: {of(one_)}"
                yield from (f"  {it}" for it in world.judged(given, in_order=True))

    return told


def _desk(there: Here) -> Iterator[str]:
    """One destination, with all that may be seen of it and declared beside it."""
    for live in (LINE, [], NotFound("ringcx", "get", 404)):
        world = World(there, live)
        for target in (PREMIUM, NUMBER, "+13035551009"):
            yield from world.judged(desk(target))
    world = World(there, LINE)
    for to in (f"{GROUP}/3001", f"{GROUP}/3002"):
        world.declares(declares(DNIS_ASSIGNMENT, "123456/13035550100", dnis=NUMBER, profile=to))
        yield f"the number is for {to}:"
        yield from world.judged(desk(PREMIUM))
    world.declares(declares(DESTINATION, f"{GROUP}/2002", target=PREMIUM))
    yield "another one is declared to be worse:"
    yield from world.judged(desk("+13035551009"))
    yield from world.judged(desk(DENVER, max_concurrent=0))


def _overrides(there: Here) -> Iterator[str]:
    """What lies behind the first calls to a destination."""
    reno = destination("reno", 2003, "+13035551003")
    world = World(there, [*LINE, reno], overrides=[override(NUMBER, PREMIUM, 2003), override(NUMBER, f"{OTHER}", 2002)])
    yield from world.judged(shares((2001, 70), (2003, 30)))
    yield from world.judged(shares((2001, 50), (2002, 50)))
    world = World(
        there,
        [*LINE, reno, destination("vail", 2004, "+13035551004")],
        overrides=[override(NUMBER, "+13035551005", 2003)],
    )
    yield from world.judged(shares((2003, 50), (2004, 50)))
    there_ = but(LINE, destination("denver", 2001, PREMIUM), override(NUMBER, "+13035551009"))
    world = World(there, there_)
    end = end_of(override(NUMBER, "+13035551009"))
    yield from world.judged(end)
    world.declares(said_of(override(NUMBER, "+13035551009")))
    yield from world.judged(end)
    world.declares()
    world.sharing = [override(NUMBER, "+13035551009")]
    yield from world.judged(end)
    whole = {"destination": f"{GROUP}/2001", "overrides": [{"dnis": NUMBER, "target": "+13035551009"}]}
    yield from world.judged(write(DNIS_OVERRIDES, f"{GROUP}/2001", whole, {**whole, "overrides": []}))
    world.sharing = []
    for number, target in ((NUMBER, "+13035551009"), (NUMBER, PREMIUM), (OTHER, "+13035551009")):
        world.declares(replace(said_of(override(number, target), id_=False), urn="urn:other"))
        yield f"{number} goes on to {target} under another name:"
        yield from world.judged(write(DNIS_OVERRIDES, f"{GROUP}/2001", whole, {**whole, "overrides": []}))
    yield from world.judged(
        write(DNIS_OVERRIDE, None, None, {"destination": f"{GROUP}/2001", "dnis": NUMBER, "target": PREMIUM})
    )


def _onward(there: Here) -> Iterator[str]:
    """First calls that an override of single numbers sends to another line, with more of them there."""
    vail = destination("vail", 2004, "+13035551004")
    for more in ([], [override(NUMBER, PREMIUM, 2003)], [override(OTHER, PREMIUM, 2003)]):
        world = World(there, [*LINE, *SALES, vail], overrides=[override(NUMBER, OTHER, 2004), *more])
        yield from world.judged(shares((2001, 70), (2004, 30)))


def _closely(there: Here) -> Iterator[str]:
    """What is seen only when it is looked at closely."""
    for more in ([override(NUMBER, "+13035551009")], [override(NUMBER, PREMIUM, 2002)]):
        yield from World(there, LINE, closely=more).judged(desk(PREMIUM))
    gone = but(LINE, profile(active=False))
    yield from World(there, LINE, closely=[gone[2]]).judged(desk(PREMIUM))


def _order(there: Here) -> Iterator[str]:
    """A desk that is off gets a share, and is switched on by what is declared beside it."""
    world = World(there, [*LINE, destination("reno", 2003, "+13035551003", active=False)])
    world.declares(declares(ACTIVATION, None, targets=[{"kind": "destination", "id": RENO}]))
    to_reno = shares((2001, 70), (2003, 30))
    yield from world.judged(to_reno)
    yield from world.judged(shares((2001, 50), (2002, 50)))
    world.declares()
    yield from world.judged(to_reno)
    there.patch.setenv("VOICE_ROUTING_BREAK_GLASS", "calls-unknown,calls-unanswered")
    yield from world.judged(to_reno)
    there.patch.setenv("VOICE_ROUTING_BREAK_GLASS", "")
    there.in_short = False
    refused = list(there.tries(lambda: judge(to_reno)))
    text = "\n".join(it.strip() for it in refused)
    pasted = text[text.index("[[approval]]") : text.index("In an emergency")]
    Path("approvals.toml").write_text(pasted.replace('= ""', '= "a test"'))
    yield "with the entry that was shown:"
    yield from world.judged(to_reno)
    Path("approvals.toml").write_text(entry(until="2026-11-28"))
    yield from world.judged(to_reno)


def _goes_on(there: Here) -> Iterator[str]:
    """What another resource goes on with does not end."""
    set_ = LINE[3]
    for beside in (
        said_of(set_),
        declares(PROFILE_DESTINATIONS, f"{GROUP}/3002"),
        declares(PROFILE_DESTINATIONS, "3001"),
        declares(DNIS_OVERRIDES, f"{GROUP}/3001"),
    ):
        world = World(there, LINE)
        world.declares(beside)
        yield f"{beside.token} {beside.id} is declared:"
        yield from world.judged(end_of(set_))
    for sharing in (set_, replace(set_, id=f"{GROUP}/3002"), LINE[2]):
        world = World(there, LINE)
        world.sharing = [sharing]
        yield f"{sharing.type} {sharing.id} shares it:"
        yield from world.judged(end_of(set_))
    world = World(there, LINE)
    yield from world.judged(end_of(one(ACTIVATION, "a", "a", **on(3001, 2001))))
    world.sharing = [one(ACTIVATION, "b", "b", **on(3001))]
    yield from world.judged(end_of(one(ACTIVATION, "a", "a", **on(3001))))
    yield from world.judged(write(ACTIVATION, "a", on(3001), on(2001)))


def _halves(there: Here) -> Iterator[str]:
    """Rules that end together, as the state or the engine tells."""
    last, other = RULES[-2], RULES[-1]
    states: dict[str, list[Resource] | None] = {
        "no state": None,
        "both end": RULES,
        "the other one stays": [*RULES[:-1], replace(other, kept=True)],
        "the other one is of another extension": [*RULES[:-1], replace(other, id="1/102/other")],
        "the other one is in no state": RULES[:-1],
    }
    for name, state in states.items():
        for declared in (
            [],
            [said_of(other)],
            [said_of(other, id_=False)],
            [replace(said_of(other), urn="urn:renamed")],
        ):
            world = World(there, RULES)
            world.state = state
            world.declares(*declared)
            yield f"{name}, {[(it.urn.rpartition(':')[2], it.id) for it in declared]}:"
            yield from (f"  {it}" for it in world.judged(end_of(last), in_order=False))
    for ending in ([end_of(other)], [end_of(last)], [end_of(replace(other, id="far"))], [end_of(RULES[0])]):
        world = World(there, RULES)
        world.ending = ending
        yield f"the engine has asked for {[it.id for it in ending]}:"
        yield from (f"  {it}" for it in world.judged(end_of(last), in_order=False))
    world = World(there, RULES)
    world.state = RULES
    yield from (f"  {it}" for it in world.judged(end_of(last, ""), in_order=False))


def _left(there: Here) -> Iterator[str]:
    """Built-in rules that end together: what is left of each is what it was before."""
    for was in ("TakeMessagesOnly", "PlayAnnouncementOnly"):
        live = [built_in("business-hours"), built_in("after-hours")]
        day = replace(live[0], props={**live[0].props, "__before": f'{{"callHandlingAction": "{was}"}}'})
        world = World(there, live)
        world.state = [day, live[1]]
        yield f"the other one was {was}:"
        yield from world.judged(end_of(live[1]), in_order=False)


def _queues(there: Here) -> Iterator[str]:
    """A queue is known when calls went there before."""
    live = [TRACKED, FIRST]
    third = tracking_rule("there", 3, kind="GATE_XFER", queue_id="1000", destination=None)
    now = {**FIRST.props, "kind": "GATE_XFER", "queue_id": "1000", "destination": None}
    to_queue = write(TRACKING_RULE, FIRST.id, dict(FIRST.props), now, "urn:first")
    for name, state in (("no state", None), ("a state without it", live), ("a state with it", [*live, third])):
        world = World(there, live)
        world.state = state
        yield f"{name}:"
        yield from world.judged(to_queue)
        yield from world.judged(replace(to_queue, urn=""))
        was = {**third.props, "kind": "STANDARD", "destination": DENVER, "queue_id": None}
        for before in (was, dict(third.props)):
            world.declares(said_of(third))
            world.before = {third.urn: before}
            yield f"declared, and before it was {before['kind']}:"
            yield from world.judged(to_queue, in_order=False)
    world = World(there, [*live, third])
    world.state = live
    yield "calls pass another one:"
    yield from world.judged(to_queue)


def _copies(there: Here) -> Iterator[str]:
    """A new copy in the place of an old one."""
    other = tracking("8", "+13035550112")
    moved = {**FIRST.props, "tracking_number": "123456/700/8"}
    for declared in ([], [said_of(FIRST)], [said_of(FIRST, id_=False)]):
        for existing in (None, FIRST.id, "123456/700/8/7"):
            world = World(there, [other], others={str(FIRST.id): [TRACKED, FIRST]})
            world.before = {FIRST.urn: dict(FIRST.props)}
            world.declares(*declared)
            yield f"{[it.id for it in declared]}, takes over {existing}:"
            yield from (f"  {it}" for it in world.judged(write(TRACKING_RULE, None, None, moved, FIRST.urn, existing)))
            yield from (
                f"  {it}" for it in world.judged(write(TRACKING_RULE, None, None, moved, "", existing), in_order=False)
            )
    world = World(there, [other], others={str(FIRST.id): [TRACKED, FIRST]})
    world.before = {FIRST.urn: dict(FIRST.props)}
    second = tracking_rule("second", 2)
    world.declares(said_of(FIRST), said_of(second, id_=False))
    yield "another one comes in its place:"
    yield from world.judged(write(TRACKING_RULE, None, None, moved, FIRST.urn))
    silent = [built_in(which, action="PlayAnnouncementOnly") for which in ("business-hours", "after-hours")]
    world = World(there, silent, others={"1/101/one": [*silent, rule("one")]}, closely=[rule("two")])
    world.declares(said_of(rule("one")))
    world.before = {rule("one").urn: dict(rule("one").props)}
    yield from world.judged(
        write(rule("one").type, None, None, {**rule("one").props, "extension_id": "1/102"}, rule("one").urn)
    )


def _zeros(there: Here) -> Iterator[str]:
    """Limits of zero that a vendor shows, and that nobody or somebody has set."""
    live = but(LINE, destination("denver", 2001, DENVER, max_concurrent=0, ring_duration=0))
    lost = shares((2002, 30), (2009, 70))
    for declared, before in (
        ([], {}),
        ([declares(DESTINATION, f"{GROUP}/2001", max_concurrent=0)], {}),
        ([declares(DESTINATION, f"{GROUP}/2001", target=DENVER)], {}),
        ([declares(DESTINATION, f"{GROUP}/2001", target=DENVER)], {"urn:other": {"max_concurrent": 0}}),
        ([declares(DESTINATION, f"{GROUP}/2001", max_concurrent=5)], {"urn:other": {"max_concurrent": 0}}),
        ([declares(DESTINATION, "2001", max_concurrent=0)], {}),
        (
            [
                declares(DESTINATION, f"{GROUP}/2001", max_concurrent=0),
                declares(DESTINATION, f"{GROUP}/2001", "urn:two", name="x"),
            ],
            {},
        ),
    ):
        world = World(there, live)
        world.declares(*declared)
        world.before = before
        yield f"{[dict(it.args) for it in declared]}, before {before}:"
        yield from (f"  {it}" for it in world.judged(lost, in_order=False))
    world = World(there, live)
    for was, now in (
        ({}, {"max_concurrent": 0}),
        ({"max_concurrent": 0}, {"max_concurrent": 3}),
        ({"max_concurrent": 0}, {}),
        ({}, {"name": "x"}),
    ):
        yield f"from {was} to {now}:"
        yield from (f"  {it}" for it in world.judged(write(DESTINATION, f"{GROUP}/2001", was, now), in_order=False))


def _extensions(there: Here) -> Iterator[str]:
    """Rules of an extension, its telephones, and what it does by itself."""
    silent = [built_in(which, action="PlayAnnouncementOnly") for which in ("business-hours", "after-hours")]
    vip = rule("vip", callers=[{"caller_id": "+13035550170"}])
    phone = one("ringex:ForwardingNumber", "m", "1/101/7", extension_id="1/101", phone_number=PREMIUM, type="Other")
    rings = {"action": "ForwardCalls", "forward_to": [{"numbers": ["1/101/7"]}]}
    off = write(vip.type, vip.id, dict(vip.props), {**vip.props, "enabled": False}, vip.urn)
    for closely in ((), silent, [rule("all")]):
        yield f"{[it.name for it in closely]} beside it:"
        yield from World(there, [vip], closely=closely).judged(off)
        yield from World(there, [vip], closely=closely).judged(end_of(vip))
    to_phone = write(vip.type, vip.id, dict(vip.props), {**vip.props, **rings}, vip.urn)
    for phones in ((), [phone]):
        yield from World(there, [vip], overrides=phones).judged(to_phone)
    for it in silent:
        yield from World(there, silent).judged(write(it.type, it.id, {}, {"action": "TakeMessagesOnly"}))
    others = [
        declares(vip.type, "1/102/x", extension_id="1/102", name="x"),
        declares(
            vip.type,
            None,
            "urn:new",
            extension_id="1/101",
            name="new",
            action="PlayAnnouncementOnly",
            called_numbers=[OTHER],
        ),
    ]
    world = World(there, [rule("all"), *silent])
    world.declares(*others)
    yield from world.judged(write(vip.type, "1/101/all", {}, {"enabled": True}))
    yield from world.judged(
        write(vip.type, None, None, {"extension_id": "1/101", "name": "x", "action": "PlayAnnouncementOnly"})
    )
    ended = write(silent[0].type, silent[0].id, {"__before": '{"callHandlingAction": "TakeMessagesOnly"}'}, None)
    yield from World(there, silent).judged(ended)


def _groups(there: Here) -> Iterator[str]:
    day, night = ring_group("8000", ["101"], "FORWARD_TO_NUMBER", "8001"), ring_group("8001", ["102"])
    for it, more in (
        (day, {"no_answer": {"action": "FORWARD_TO_NUMBER", "number": PREMIUM}}),
        (day, {"no_answer": {"action": "HANGUP"}}),
        (night, {"members": []}),
        (night, {"no_answer": {"action": "FORWARD_TO_NUMBER", "number": "8000"}}),
    ):
        yield from World(there, [day, night]).judged(
            write(RING_GROUP, it.id, dict(it.props), {**it.props, **more}, it.urn)
        )
    yield from World(there, [day, night]).judged(
        write(RING_GROUP, None, None, {**day.props, "extension_number": "8002"})
    )
    yield from World(there, [day, night]).judged(end_of(night))


def _several(there: Here) -> Iterator[str]:
    """More numbers than are named, and what is permitted for some."""
    from .about_worse import SIX, WAS

    yield from World(there, SIX).judged(desk(PREMIUM))
    yield from World(there, SIX).judged(shares((2001, 0), (2009, 100)))
    entries = "".join(
        entry(
            rule='"forbidden-target"',
            objects=f'["{number}"]',
            from_=f'"{WAS}"',
            to=f'"30 % number +13035551002; 70 % number {PREMIUM}"',
        )
        for number in (NUMBER, "+13035550103")
    )
    Path("approvals.toml").write_text(entries)
    yield from World(there, SIX).judged(desk(PREMIUM))
    there.patch.setenv("VOICE_ROUTING_BREAK_GLASS", "forbidden-target")
    yield from World(there, SIX).judged(desk(PREMIUM))


JUDGED: Cases = {
    "a destination": _desk,
    "overrides": _overrides,
    "overrides to another line": _onward,
    "what is seen closely": _closely,
    "what holds until the run is done": _order,
    "what goes on": _goes_on,
    "what ends together": _halves,
    "what is left of rules": _left,
    "queues": _queues,
    "new copies": _copies,
    "limits of zero": _zeros,
    "rules of an extension": _extensions,
    "ring groups": _groups,
    "several numbers": _several,
    **{f"by chance, {first}": _storm(*range(first, first + 4)) for first in range(100, 112, 4)},
}
