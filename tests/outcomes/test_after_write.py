"""What the vendor has after a write, and after what else the program declares: told by where calls end."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from pulumi.output import Unknown

from pulumi_voice_routing.call_flow.onward import Call, Hours
from pulumi_voice_routing.errors import NotFound
from pulumi_voice_routing.lifecycle.writes import Declared, Write
from pulumi_voice_routing.plan.facts import UNKNOWN, Resource
from pulumi_voice_routing.registry import provider_for
from pulumi_voice_routing.safety import after_write
from pulumi_voice_routing.safety.after_write import After
from tests.call_flow.line import (
    AUSTIN,
    DENVER,
    GROUP,
    LINE,
    NUMBER,
    OTHER,
    assignment,
    built_in,
    but,
    destination,
    ends,
    hours,
    one,
    profile,
    ring_group,
    split,
)
from tests.tokens import (
    ACTIVATION,
    ALLOCATION_HOURS,
    BUILT_IN_RULE,
    DESTINATION,
    DNIS_ASSIGNMENT,
    DNIS_OVERRIDE,
    DNIS_OVERRIDES,
    PROFILE,
    PROFILE_DESTINATIONS,
    RING_GROUP,
)

NEW = "+13035551009"
BOTH = {f"number {DENVER}": 70, f"number {AUSTIN}": 30}
MOVED = {f"number {NEW}": 70, f"number {AUSTIN}": 30}
Values = dict[str, Any]


def after(
    before: Sequence[Resource],
    token: str,
    id_: str | None,
    olds: Values | None = None,
    args: Values | None = None,
    declared: Sequence[Declared] = (),
) -> After:
    return After(before, declared, [Write(provider_for(token), "urn:it", id_, olds, args)])


def declares(
    token: str, id_: str | None = None, /, urn: str = "urn:other", stays: bool = False, **args: Any
) -> Declared:
    return Declared(token, urn, args, id_, stays)


def on(*targets: int) -> Values:
    kinds = {number: "profile" if number > 3000 else "destination" for number in targets}
    return {"targets": [{"kind": kinds[number], "id": f"{GROUP}/{number}"} for number in targets]}


def rows(*shares: tuple[int, int]) -> Values:
    listed = [{"destination": f"{GROUP}/{number}", "allocation_percent": share} for number, share in shares]
    return {"profile": f"{GROUP}/3001", "destinations": listed}


LATER: Any = Unknown()  # type: ignore[no-untyped-call]
NOT_TOLD = "unknown (where it leads is not known before the run)"
AT = {"destination": f"{GROUP}/2001"}
BY_HOUR = but(LINE, split((2001, None), (2002, None)), hours((2001, [100] * 24), (2002, [0] * 24)))
OVERRIDDEN = but(LINE, one(DNIS_OVERRIDE, "o", f"{GROUP}/2001/7", **AT, dnis=NUMBER, target=NEW))
HELD = but(LINE, destination("denver", 2001, DENVER, group_id=GROUP))
DENVER_ = {"group_id": GROUP, "name": "Denver", "target": NEW}
REST = {
    "unknown (what becomes of calls when the shares do not make 100 percent is not documented)": 70,
    f"number {AUSTIN}": 30,
}
OFF = {"nobody (the profile is not active)": 100}


CASES: list[tuple[list[Resource], Any, list[Declared], Values]] = [
    (LINE, (DESTINATION, f"{GROUP}/2001", {}, {"target": NEW}), [], MOVED),
    (LINE, (DESTINATION, f"{GROUP}/2001", {}, {"target": NEW, "group_id": "123456/9"}), [], MOVED),
    (LINE, (DESTINATION, f"{GROUP}/2001", {}, {"name": "Reno"}), [], BOTH),
    (LINE, (DESTINATION, None, None, {"group_id": GROUP, "name": "Denver", "target": NEW}), [], BOTH),
    (
        LINE,
        (PROFILE_DESTINATIONS, f"{GROUP}/3001", {}, rows((2001, 20), (2002, 80))),
        [],
        {f"number {DENVER}": 20, f"number {AUSTIN}": 80},
    ),
    (LINE, (PROFILE_DESTINATIONS, f"{GROUP}/3001", {}, {"destinations": [{"destination": "2002"}]}), [], REST),
    (
        LINE,
        (PROFILE_DESTINATIONS, f"{GROUP}/3001", {}, {"destinations": LATER}),
        [],
        {"unknown (the profile's destinations are not known before the run)": 100},
    ),
    (but(LINE, without=["split-3001"]), (PROFILE_DESTINATIONS, None, None, rows((2001, 70), (2002, 30))), [], BOTH),
    # what is adopted is known by its name in its group
    (HELD, (DESTINATION, None, None, {**DENVER_, "adopt": True}), [], MOVED),
    (HELD, (DESTINATION, None, None, {**DENVER_, "adopt_id": f"{GROUP}/2001"}), [], MOVED),
    (HELD, (DESTINATION, None, None, DENVER_), [], BOTH),
    (HELD, (DESTINATION, None, None, {**DENVER_, "adopt": True, "name": "Austin"}), [], BOTH),
    (HELD, (DESTINATION, None, None, {**DENVER_, "adopt": True, "group_id": "123456/1002"}), [], BOTH),
    # what else is declared counts as well, but for what stays, and for the older form of the same resource
    (LINE, (DESTINATION, f"{GROUP}/2002", {}, {}), [declares(DESTINATION, f"{GROUP}/2001", target=NEW)], MOVED),
    (
        LINE,
        (DESTINATION, f"{GROUP}/2002", {}, {}),
        [declares(DESTINATION, f"{GROUP}/2001", target=NEW, stays=True)],
        BOTH,
    ),
    (
        LINE,
        (DESTINATION, f"{GROUP}/2001", {}, {"target": NEW}),
        [declares(DESTINATION, f"{GROUP}/2001", urn="urn:it", target=OTHER)],
        MOVED,
    ),
    # overrides
    (LINE, (DNIS_OVERRIDE, None, None, {**AT, "dnis": NUMBER, "target": NEW}), [], MOVED),
    (LINE, (DNIS_OVERRIDE, None, None, {**AT, "dnis": OTHER, "target": NEW}), [], BOTH),
    (OVERRIDDEN, (DNIS_OVERRIDE, f"{GROUP}/2001/7", {**AT, "dnis": NUMBER}, None), [], BOTH),
    (OVERRIDDEN, (DNIS_OVERRIDES, f"{GROUP}/2001", {"overrides": [{"dnis": NUMBER}]}, None), [], BOTH),
    (OVERRIDDEN, (DNIS_OVERRIDES, f"{GROUP}/2002", {"overrides": [{"dnis": NUMBER}]}, None), [], MOVED),
    (OVERRIDDEN, (DNIS_OVERRIDE, f"{GROUP}/2001/8", {**AT, "dnis": OTHER}, None), [], MOVED),
    (
        OVERRIDDEN,
        (DNIS_OVERRIDE, f"{GROUP}/2001/7", {**AT, "dnis": NUMBER}, {**AT, "dnis": OTHER, "target": NEW}),
        [],
        BOTH,
    ),
    (
        OVERRIDDEN,
        (DNIS_OVERRIDE, f"{GROUP}/2001/7", {**AT, "dnis": NUMBER}, None),
        [declares(DNIS_OVERRIDE, f"{GROUP}/2001/7", **AT, dnis=NUMBER, target=NEW)],
        MOVED,
    ),
    (LINE, (DNIS_OVERRIDES, None, None, {**AT, "overrides": [{"dnis": NUMBER, "target": NEW}]}), [], MOVED),
    # what a write itself does not know yet is not known; what others do not know yet leaves what there is
    (LINE, (DESTINATION, f"{GROUP}/2001", {}, {"target": LATER}), [], {NOT_TOLD: 70, f"number {AUSTIN}": 30}),
    (
        LINE,
        (DESTINATION, f"{GROUP}/2002", {}, {"target": AUSTIN}),
        [declares(DESTINATION, f"{GROUP}/2001", target=LATER)],
        BOTH,
    ),
    (LINE, (DESTINATION, None, None, {**DENVER_, "group_id": LATER, "adopt": True}), [], BOTH),
    # a table of hours stays when its resource ends
    (BY_HOUR, (ALLOCATION_HOURS, f"{GROUP}/3001", {}, None), [], {f"number {DENVER}": 100}),
    # what is switched on and off
    (but(LINE, profile(active=False)), (ACTIVATION, None, None, on(2001, 3001)), [], BOTH),
    (LINE, (ACTIVATION, "a", on(2001, 2002, 3001), on(2001, 2002)), [], OFF),
    (LINE, (ACTIVATION, "a", on(2001, 2002, 3001), None), [], OFF),
    (LINE, (ACTIVATION, "a", on(2001, 3001), on(2001)), [declares(ACTIVATION, "b", **on(3001))], BOTH),
    # a destination that is declared, and not kept off, is switched on before it gets calls
    (
        but(LINE, destination("denver", 2001, DENVER, active=False)),
        (PROFILE_DESTINATIONS, f"{GROUP}/3001", {}, rows((2001, 70), (2002, 30))),
        [declares(DESTINATION, f"{GROUP}/2001", target=DENVER)],
        BOTH,
    ),
    (
        but(LINE, destination("denver", 2001, DENVER, active=False)),
        (PROFILE_DESTINATIONS, f"{GROUP}/3001", {}, rows((2001, 70), (2002, 30))),
        [
            declares(DESTINATION, target=OTHER, urn="urn:new"),
            declares(DESTINATION, f"{GROUP}/2002", target=AUSTIN, active=True, urn="urn:austin"),
            declares(DESTINATION, f"{GROUP}/2001", target=DENVER),
        ],
        BOTH,
    ),
]


@pytest.mark.parametrize(("before", "write", "declared", "expected"), CASES)
def test_where_calls_end(before: list[Resource], write: Any, declared: list[Declared], expected: Values) -> None:
    found = after(before, *write, declared=declared)
    assert ends(found.resources) == expected
    assert found.moved == {}


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        (on(3001), BOTH),
        ({"targets": [{"kind": "profile", "id": "3001"}]}, BOTH),
        ({"targets": [{"kind": "destination", "id": f"{GROUP}/3001"}]}, OFF),
        (on(3002), OFF),
        (on(), OFF),
    ],
)
def test_what_another_activation_keeps_on_stays_on_meanwhile(kept: Values, expected: Values) -> None:
    other = declares(ACTIVATION, "b", **kept)
    write = Write(provider_for(ACTIVATION), "urn:it", "a", on(3001), None)
    assert ends(After(LINE, [other], [write], others=False).resources) == expected


def test_a_profile_that_is_off_stays_off_when_it_is_declared() -> None:
    """Nobody but the program, and a person, switches on what takes numbers."""
    off = but(LINE, profile(active=False))
    found = after(off, DESTINATION, f"{GROUP}/2001", {}, {}, [declares(PROFILE, f"{GROUP}/3001", name="Support")])
    assert ends(found.resources) == OFF


class _Vendor:
    """What the vendor has beside what calls pass."""

    def __init__(self, *there: Resource) -> None:
        self._there = {(one.type, one.id): one for one in there}
        self.asked: list[tuple[str, str]] = []

    def __call__(self, *, thorough: bool) -> _Vendor:
        assert not thorough
        return self

    def object(self, type_: str, id_: str) -> Resource | None:
        self.asked.append((type_, id_))
        if (type_, id_) not in self._there:
            raise NotFound("ringcx", "get", 404)
        return self._there[type_, id_]


@pytest.mark.parametrize("declared", [[], [declares(DESTINATION, f"{GROUP}/2001", target=DENVER)]])
def test_what_another_resource_stands_for_as_well_does_not_end(declared: list[Declared]) -> None:
    found = after(LINE, DESTINATION, f"{GROUP}/2001", {"target": DENVER}, None, declared)
    assert ((DESTINATION, f"{GROUP}/2001") in {(one.type, one.id) for one in found.resources}) is bool(declared)


RENO, TO_RENO = f"{GROUP}/2003", rows((2001, 70), (2003, 30))


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ([declares(DESTINATION, RENO, name="Reno")], "number +13035551003"),
        ([declares(DESTINATION, RENO, target=NEW)], f"number {NEW}"),
        ([declares(DESTINATION, RENO), declares(ACTIVATION, "a", **on(2003))], "number +13035551003"),
        ([declares(DESTINATION, RENO, active=False), declares(ACTIVATION, "a", **on(2003))], "number +13035551003"),
    ],
)
def test_what_calls_are_to_go_to_is_looked_up(
    declared: list[Declared], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor = _Vendor(destination("reno", 2003, "+13035551003", active=False, max_concurrent=0))
    monkeypatch.setattr(after_write, "Looking", vendor)
    found = after(LINE, PROFILE_DESTINATIONS, f"{GROUP}/3001", {}, TO_RENO, declared)
    assert ends(found.resources) == {f"number {DENVER}": 70, expected: 30}
    assert vendor.asked == [(DESTINATION, RENO)]


@pytest.mark.parametrize("declared", [[], [declares(DESTINATION, f"{GROUP}/2009")], [declares(DESTINATION, RENO)]])
def test_what_nobody_has_is_not_part_of_it(declared: list[Declared], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(after_write, "Looking", _Vendor())
    found = after(LINE, PROFILE_DESTINATIONS, f"{GROUP}/3001", {}, TO_RENO, declared)
    assert [one.id for one in found.resources if one.type == DESTINATION] == [f"{GROUP}/2001", f"{GROUP}/2002"]


def test_new_rules_of_two_extensions_are_two() -> None:
    other = {"extension_id": "1/102", "rule": "business-hours", "action": "TakeMessagesOnly"}
    there = [built_in("business-hours"), one("ringex:BuiltInAnsweringRule", "o", "1/102/business-hours-rule", **other)]
    rule: Values = {"name": "all", "enabled": True, "action": "PlayAnnouncementOnly"}
    new = [declares("ringex:AnsweringRule", urn=f"urn:{at}", extension_id=f"1/{at}", **rule) for at in ("101", "102")]
    found = after(there, BUILT_IN_RULE, there[0].id, {}, {}, new).resources
    assert len(found) == len(there) + len(new)


def test_a_number_that_the_program_hides_moves_as_well() -> None:
    given = declares(DNIS_ASSIGNMENT, "123456/13035550100", dnis=UNKNOWN, profile=f"{GROUP}/3002")
    assert after(LINE, DESTINATION, f"{GROUP}/2001", {}, {}, [given]).moved.keys() == {NUMBER}


def test_a_rule_of_an_extension_changes_what_the_extension_does() -> None:
    rings = {"action": "ForwardCalls", "forward_to": [], "notify_soft_phones": True, "voicemail_enabled": False}
    there = [built_in("business-hours", **rings), built_in("after-hours")]
    hours = Call(hours=Hours("extension 101", True))

    def called(found: After) -> set[str]:
        return set(ends(found.resources, "extension 101", call=hours))

    token = there[0].type
    silent = after(there, token, there[0].id, {}, {"action": "PlayAnnouncementOnly"})
    assert called(silent) == {"an announcement (of extension 101)"}
    was = json.dumps({"callHandlingAction": "TakeMessagesOnly", "voicemail": {"enabled": True}})
    assert called(after(there, token, there[0].id, {"__before": was}, None)) == {"voicemail of extension 101"}
    vip = {"extension_id": "1/101", "name": "all", "enabled": True, "action": "PlayAnnouncementOnly"}
    assert called(after(there, "ringex:AnsweringRule", None, None, vip)) == {"an announcement (of extension 101)"}
    other = {**vip, "extension_id": "1/102"}
    assert len(after(there, "ringex:AnsweringRule", None, None, other).resources) == len(there)


def test_what_is_kept_off_is_not_switched_on() -> None:
    line = but(LINE, destination("denver", 2001, DENVER, active=False))
    kept_off = declares(DESTINATION, f"{GROUP}/2001", target=DENVER, active=False)
    given = (PROFILE_DESTINATIONS, f"{GROUP}/3001", {}, rows((2001, 70), (2002, 30)))
    assert ends(after(line, *given, declared=[kept_off]).resources) == ends(line)


@pytest.mark.parametrize(("loose", "expected"), [({"profile"}, {NOT_TOLD: 100}), (set(), BOTH)])
def test_an_owner_that_is_not_known_counts_when_no_resource_of_the_run_is_meant(
    loose: set[str], expected: Values
) -> None:
    args = {"dnis": NUMBER, "profile": LATER}
    number = LINE[-1]
    write = Write(provider_for(DNIS_ASSIGNMENT), number.urn, number.id, dict(number.props), args, frozenset(loose))
    assert ends(After(LINE, [], [write]).resources) == expected


def test_what_ends_together_is_gone_together() -> None:
    ends_ = [Write(provider_for(there.type), there.urn, there.id, {}, None) for there in LINE[:2]]
    assert After(LINE, [], ends_).resources == LINE[2:]


def test_by_itself_a_write_has_nothing_of_what_else_is_declared() -> None:
    other = declares(DESTINATION, f"{GROUP}/2001", target=NEW)
    write = Write(provider_for(DESTINATION), "urn:it", f"{GROUP}/2002", {}, {})
    assert ends(After(LINE, [other], [write]).resources) == MOVED
    assert ends(After(LINE, [other], [write], others=False).resources) == BOTH


@pytest.mark.parametrize(
    ("profile_", "moved"), [(f"{GROUP}/3001", set()), ("3001", set()), (f"{GROUP}/3002", {NUMBER}), (UNKNOWN, {NUMBER})]
)
def test_numbers_that_the_program_gives_to_somebody_else(profile_: Any, moved: set[str]) -> None:
    given = declares(DNIS_ASSIGNMENT, "123456/13035550100", dnis=NUMBER, profile=profile_)
    other = declares(DNIS_ASSIGNMENT, "123456/13035550101", dnis=OTHER, profile=f"{GROUP}/3002")
    there = but(LINE, profile("sales", 3002), split((2002, 100), of=3002))
    assert after(there, DESTINATION, f"{GROUP}/2001", {}, {}, [other, given]).moved.keys() == moved


def test_a_number_that_goes_back_to_its_owner_is_no_move() -> None:
    there = but(LINE, assignment(queue_id="1000"))
    back = declares(DNIS_ASSIGNMENT, "123456/13035550100", dnis=NUMBER, queue_id="1000")
    assert after(there, DESTINATION, f"{GROUP}/2001", {}, {}, [back]).moved == {}


def test_a_group_is_judged_with_those_that_it_forwards_to(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Groups:
        def __init__(self, *, thorough: bool) -> None:
            assert not thorough
            self.found = {"8000": LINE[0]}

        def ring_groups(self, number: str) -> None:
            asked.append(number)

    monkeypatch.setattr(after_write, "Looking", Groups)
    versions = [
        {"extension_number": "8000", "no_answer": {"action": "FORWARD_TO_NUMBER", "number": "8001"}},
        {"extension_number": UNKNOWN, "no_answer": {"action": "FORWARD_TO_NUMBER", "number": UNKNOWN}},
        {},
    ]
    assert after_write.in_groups(RING_GROUP, versions) == [LINE[0]]
    assert asked == ["8000", "8001"]


def test_a_group_that_is_taken_over_keeps_what_the_program_leaves_out() -> None:
    there = [ring_group("8000", ["101"], "FORWARD_TO_NUMBER", "8001"), ring_group("8001", ["102"])]
    taken = declares(RING_GROUP, extension_number="8000", members=[{"extension_number": "103"}], adopt=True)
    new = declares(RING_GROUP, urn="urn:new", extension_number="8002", members=[{"extension_number": "104"}])
    given = {"no_answer": {"action": "FORWARD_TO_NUMBER", "number": "8002"}}
    groups = after(there, RING_GROUP, there[1].id, dict(there[1].props), {**there[1].props, **given}, [taken, new])
    found = {one.get("extension_number"): one for one in groups.resources}
    assert len(groups.resources) == len(found) == 3
    assert found["8000"].get("members") == [{"extension_number": "103"}]
    assert found["8000"].get("no_answer") == there[0].get("no_answer")
