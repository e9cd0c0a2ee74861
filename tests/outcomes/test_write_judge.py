"""What is asked right before a write, with what the vendor shows, the program declares and the state has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from pulumi_voice_routing.errors import NotFound, Refused
from pulumi_voice_routing.lifecycle import keeping, standing, writes
from pulumi_voice_routing.lifecycle.writes import Declared, Write
from pulumi_voice_routing.permission.approvals import RELEASE, Change
from pulumi_voice_routing.plan.facts import Resource
from pulumi_voice_routing.plan.pulumi_cli import EngineError
from pulumi_voice_routing.registry import provider_for
from pulumi_voice_routing.safety import write_judge
from pulumi_voice_routing.safety.write_judge import judge
from tests.call_flow.line import AUSTIN, DENVER, GROUP, LINE, NUMBER, OTHER, assignment, built_in, but, destination, one
from tests.call_flow.line import rule as answering_rule
from tests.tokens import ACTIVATION, DESTINATION, DNIS_ASSIGNMENT, DNIS_OVERRIDE, PROFILE_DESTINATIONS

PREMIUM, OTHER_DESK, RENO = "+19005550100", "+13035551009", f"{GROUP}/2003"
TRACKING_RULE = "ringcx:TrackingRoutingRule"


class World:
    """What there is."""

    def __init__(self) -> None:
        self.live: list[Resource] | Exception = LINE
        self.state: list[Resource] | None = None
        self.ending: dict[tuple[str, str], Write] = {}
        self.sharing: list[Resource] = []

    def declares(self, *declared: Declared) -> None:
        """What the program has declared so far."""
        writes.forget()
        for said in declared:
            writes.declares(said.urn, said.token, said.args)
            if said.id is not None:
                writes.stands_for(said.urn, said.id)

    def shown(self, write: Write, id_: str | None) -> list[Resource]:
        if isinstance(self.live, Exception):
            raise self.live
        return self.live

    def saved(self, urn: str) -> list[Resource]:
        if self.state is None:
            raise EngineError("there is no state")
        return self.state


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    there = World()
    monkeypatch.setattr(write_judge, "_live", there.shown)
    monkeypatch.setattr(write_judge, "_closely", lambda write, id_, before: before)
    monkeypatch.setattr(write_judge, "_with", lambda write, id_, before, unseen: before)
    monkeypatch.setattr(write_judge, "saved", there.saved)
    monkeypatch.setattr(writes, "ending", lambda: there.ending)
    monkeypatch.setattr(writes, "_LOOK_SECONDS", 0)
    monkeypatch.setattr(keeping, "sharing", lambda provider, id_, args: there.sharing)
    monkeypatch.setattr(standing, "before", lambda urn: {})
    return there


def write(token: str, id_: str | None, was: Any, now: Any, urn: str = "urn:pulumi:dev::line::it") -> Write:
    return Write(provider_for(token), urn, id_, was, now)


def desk(target: str, **more: Any) -> Write:
    was = {"group_id": GROUP, "name": "Denver", "target": DENVER}
    return write(DESTINATION, f"{GROUP}/2001", was, {**was, "target": target, **more})


def shares(*rows: tuple[int, int]) -> Write:
    listed = [{"destination": f"{GROUP}/{number}", "allocation_percent": share} for number, share in rows]
    was = {"profile": f"{GROUP}/3001", "destinations": []}
    return write(PROFILE_DESTINATIONS, f"{GROUP}/3001", was, {**was, "destinations": listed})


def declares(token: str, id_: str | None, /, urn: str = "urn:other", **args: Any) -> Declared:
    return Declared(token, urn, args, id_)


def test_a_write_that_hurts_nobody_passes_where_calls_pass(world: World) -> None:
    assert judge(desk(OTHER_DESK)) is True
    world.live = []
    assert judge(desk(PREMIUM)) is False
    world.live = NotFound("ringcx", "get", 404)
    assert judge(desk(PREMIUM)) is False


def test_a_write_that_hurts_callers_is_refused(world: World) -> None:
    with pytest.raises(Refused, match=rf"^calls to \{NUMBER} would be worse off \(") as why:
        judge(desk(PREMIUM))
    assert f"before: 70 % number {DENVER}; 30 % number {AUSTIN}" in str(why.value)


def test_a_number_that_changes_hands_has_a_permission_of_its_own(world: World) -> None:
    world.declares(declares(DNIS_ASSIGNMENT, "123456/13035550100", dnis=NUMBER, profile=f"{GROUP}/3002"))
    assert judge(desk(PREMIUM)) is True
    world.declares(declares(DNIS_ASSIGNMENT, "123456/13035550100", dnis=NUMBER, profile=f"{GROUP}/3001"))
    with pytest.raises(Refused):
        judge(desk(PREMIUM))


def test_what_waits_for_other_writes_must_not_hurt_meanwhile(world: World) -> None:
    """A desk that is off gets a share, and is switched on by what is declared beside it."""
    world.live = [*LINE, destination("reno", 2003, "+13035551003", active=False)]
    targets = {"targets": [{"kind": "destination", "id": RENO}]}
    world.declares(declares(ACTIVATION, None, **targets))
    to_reno = shares((2001, 70), (2003, 30))
    assert judge(to_reno) is True
    with pytest.raises(Refused, match="would be worse off until the rest of this run is done"):
        judge(to_reno, in_order=True)
    assert judge(shares((2001, 50), (2002, 50)), in_order=True) is True
    world.declares()
    with pytest.raises(Refused, match=r"would be worse off \("):
        judge(to_reno, in_order=True)


def test_what_is_permitted_for_good_is_permitted_on_the_way(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr("pulumi_voice_routing.say.warn", said.append)
    monkeypatch.setenv("VOICE_ROUTING_BREAK_GLASS", "forbidden-target")
    assert judge(desk(PREMIUM), in_order=True) is True
    assert [line.startswith(f"permitted: calls to {NUMBER} would be worse off") for line in said] == [True]


def test_what_another_resource_goes_on_with_does_not_end(world: World) -> None:
    end = write(PROFILE_DESTINATIONS, f"{GROUP}/3001", {"profile": f"{GROUP}/3001"}, None)
    world.live = AssertionError("nobody has to be asked")
    world.declares(declares(PROFILE_DESTINATIONS, f"{GROUP}/3001"))
    assert judge(end) is False
    world.live = LINE
    world.declares(declares(PROFILE_DESTINATIONS, f"{GROUP}/3002"))
    with pytest.raises(Refused):
        judge(end)
    world.sharing = [one(PROFILE_DESTINATIONS, "s", f"{GROUP}/3001", profile=f"{GROUP}/3001")]
    assert judge(end) is False


def test_an_override_that_ends_is_looked_at_whoever_else_has_it(world: World) -> None:
    at = {"destination": f"{GROUP}/2001", "dnis": NUMBER, "target": OTHER_DESK}
    world.live = but(LINE, destination("denver", 2001, PREMIUM), one(DNIS_OVERRIDE, "o", f"{GROUP}/2001/7", **at))
    end = write(DNIS_OVERRIDE, f"{GROUP}/2001/7", at, None)
    with pytest.raises(Refused, match="forbidden-target"):
        judge(end)
    world.declares(declares(DNIS_OVERRIDE, f"{GROUP}/2001/7", **at))
    assert judge(end) is True


def tracking(number: str, dnis: str) -> Resource:
    return one("ringcx:TrackingNumber", number, f"123456/700/{number}", group_id="123456/700", dnis=dnis, active=True)


def rule(name: str, rank: int, **props: Any) -> Resource:
    given = {"tracking_number": "123456/700/9", "kind": "STANDARD", "destination": DENVER, "open_rule": True}
    return one(TRACKING_RULE, name, f"123456/700/9/{rank}", **{**given, "rank": rank, **props})


TRACKED, FIRST = tracking("9", "+13035550111"), rule("first", 1)


def end_of(there: Resource) -> Write:
    return write(there.type, there.id, dict(there.props), None, there.urn)


SILENT = [built_in(which, action="PlayAnnouncementOnly") for which in ("business-hours", "after-hours")]
ONE, OTHER_ONE = answering_rule("one"), answering_rule("other")
RULES = [*SILENT, ONE, OTHER_ONE]
"""An extension that takes messages by two rules, and without them by none."""


@pytest.mark.parametrize(
    ("state", "declared", "refused"),
    [
        (RULES, [], True),
        ([*RULES[:-1], replace(OTHER_ONE, kept=True)], [], False),
        (RULES, [Declared(OTHER_ONE.type, OTHER_ONE.urn, dict(OTHER_ONE.props), OTHER_ONE.id)], False),
        (RULES, [Declared(OTHER_ONE.type, OTHER_ONE.urn, dict(OTHER_ONE.props), None)], False),
        (RULES, [Declared(OTHER_ONE.type, "urn:renamed", dict(OTHER_ONE.props), OTHER_ONE.id)], False),
        ([*RULES[:-1], replace(OTHER_ONE, id="1/102/other")], [], False),
        (RULES[:-1], [], False),
    ],
)
def test_halves_of_one_change_are_judged_together(
    state: list[Resource], declared: list[Declared], refused: bool, world: World
) -> None:
    """Either rule may go as long as the other one stays."""
    world.live, world.state = RULES, state
    world.declares(*declared)
    if refused:
        with pytest.raises(Refused, match=rf"\{OTHER}"):
            judge(end_of(ONE))
    else:
        assert judge(end_of(ONE)) is True


def test_without_a_state_what_the_engine_has_asked_for_so_far_counts(world: World) -> None:
    world.live = RULES
    assert judge(end_of(ONE)) is True
    world.ending = {(OTHER_ONE.type, "far"): end_of(OTHER_ONE)}
    assert judge(end_of(ONE)) is True
    world.ending = {(OTHER_ONE.type, str(OTHER_ONE.id)): end_of(OTHER_ONE)}
    with pytest.raises(Refused, match=rf"\{OTHER}"):
        judge(end_of(ONE))


@pytest.mark.parametrize(("at", "refused"), [(15, True), (25, False)])
def test_who_asks_late_counts_while_others_come(
    at: int, refused: bool, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ends come one after another, the other rule's after so many looks since the last one."""
    world.live = RULES
    looks = iter(range(100))
    far = {(OTHER_ONE.type, "far"): end_of(OTHER_ONE)}
    come = {10: far, 10 + at: {**far, (OTHER_ONE.type, str(OTHER_ONE.id)): end_of(OTHER_ONE)}}

    def look(seconds: float) -> None:
        world.ending = come.get(next(looks), world.ending)

    monkeypatch.setattr("pulumi_voice_routing.lifecycle.writes.time.sleep", look)
    if refused:
        with pytest.raises(Refused, match=rf"\{OTHER}"):
            judge(end_of(ONE))
    else:
        assert judge(end_of(ONE)) is True


def to_queue(queue: str, urn: str = "urn:pulumi:dev::line::it") -> Write:
    now = {**FIRST.props, "kind": "GATE_XFER", "queue_id": queue, "destination": None}
    return write(TRACKING_RULE, FIRST.id, dict(FIRST.props), now, urn)


def test_a_queue_is_known_when_calls_went_there_before(world: World) -> None:
    live = [TRACKED, FIRST]
    world.live = live
    there = rule("there", 3, kind="GATE_XFER", queue_id="1000", destination=None)
    assert judge(to_queue("1000")) is True  # nobody can tell: the state cannot be read
    world.state = [TRACKED, FIRST]
    with pytest.raises(Refused, match="Nobody can tell whether queue 1000 exists"):
        judge(to_queue("1000"))
    assert judge(to_queue("1000", urn="")) is True
    world.state = [TRACKED, FIRST, there]
    assert judge(to_queue("1000")) is True
    world.state, world.live = [TRACKED, FIRST], [*live, there]
    assert judge(to_queue("1000")) is True


def test_a_queue_that_this_run_has_written_is_not_known_by_that(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The state may have been written to since the run began; what was declared before counts."""
    world.live = [TRACKED, FIRST]
    elsewhere = {"tracking_number": "123456/700/8", "kind": "GATE_XFER", "queue_id": "1000", "destination": None}
    now = replace(rule("there", 3, **elsewhere), id="123456/700/8/3")
    world.state = [TRACKED, FIRST, now]
    world.declares(Declared(now.type, now.urn, dict(now.props), now.id))
    before = {**now.props, "kind": "STANDARD", "destination": DENVER, "queue_id": None}
    monkeypatch.setattr(standing, "before", lambda urn: before if urn == now.urn else {})
    with pytest.raises(Refused, match="Nobody can tell whether queue 1000 exists"):
        judge(to_queue("1000"))
    monkeypatch.setattr(standing, "before", lambda urn: dict(now.props) if urn == now.urn else {})
    assert judge(to_queue("1000")) is True


def test_a_new_copy_is_judged_with_the_end_of_the_old_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule moves to another number, and leaves the first one without any."""
    other = tracking("8", "+13035550112")
    seen: list[tuple[str | None, str | None]] = []

    def shown(asked: Write, id_: str | None) -> Iterable[Resource]:
        seen.append((asked.id, id_))
        return [TRACKED, FIRST] if id_ == FIRST.id else [other]

    monkeypatch.setattr(write_judge, "_live", shown)
    monkeypatch.setattr(type(provider_for(TRACKING_RULE)), "existing", lambda self, args: None)
    monkeypatch.setattr(standing, "before", lambda urn: dict(FIRST.props) if urn == FIRST.urn else {})
    moved = write(TRACKING_RULE, None, None, {**FIRST.props, "tracking_number": "123456/700/8"}, FIRST.urn)
    assert judge(moved) is True  # as far as anybody knows, there is no old one
    world.declares(Declared(FIRST.type, FIRST.urn, dict(FIRST.props), FIRST.id))
    with pytest.raises(Refused, match=r"\+13035550111"):
        judge(moved)
    assert (FIRST.id, FIRST.id) in seen


def test_limits_that_nobody_has_set_do_not_count(world: World) -> None:
    """A vendor shows zero for them. What the program says counts: nobody can tell what becomes of these calls."""
    world.live = but(LINE, destination("denver", 2001, DENVER, max_concurrent=0))
    with pytest.raises(Refused, match="calls-unknown"):
        judge(shares((2002, 30), (2009, 70)))
    world.declares(declares(DESTINATION, f"{GROUP}/2001", max_concurrent=0))
    assert judge(shares((2002, 30), (2009, 70))) is True


def test_what_a_protected_row_needs_to_end(world: World) -> None:
    urn = "urn:pulumi:dev::line::numbers::it"
    world.state = [replace(assignment(f"+{NUMBER}", profile="123456/1000/1001"), urn=urn), *LINE]
    assert write_judge.needed_to_end([urn]) == {urn: [Change(RELEASE, f"+{NUMBER}", "profile 1001", "nobody")]}
    world.state = None
    assert write_judge.needed_to_end([urn]) == {}
