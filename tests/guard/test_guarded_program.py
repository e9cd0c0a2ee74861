"""What a guarded program declares, held against the state of its stack."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, NamedTuple

import pulumi
import pytest
from pulumi.runtime import mocks

from pulumi_voice_routing.lifecycle.writes import Write
from pulumi_voice_routing.plan.facts import PREFIX, UNKNOWN, Resource
from pulumi_voice_routing.plan.pulumi_cli import EngineError
from pulumi_voice_routing.registry import provider_for
from pulumi_voice_routing.safety import guarded_program
from pulumi_voice_routing.safety.guarded_program import Declaration, GuardedProgram, _was, arguments
from tests.call_flow.line import GROUP, LINE, NUMBER, ring_group
from tests.loops import finished

TOKEN = "ringcx:TrackingRoutingRule"
START = "urn:pulumi:dev::line::"
RULE = f"{START}{PREFIX}{TOKEN}::day"


@pytest.mark.parametrize(
    ("alias", "urn"),
    [
        (pulumi.Alias(name="old"), f"{START}{PREFIX}{TOKEN}::old"),
        (pulumi.Alias(parent=f"{START}my:Office::office"), f"{START}my:Office${PREFIX}{TOKEN}::day"),
        (pulumi.Alias(type_="other:Type", project="before"), "urn:pulumi:dev::before::other:Type::day"),
        (f"{START}whole::urn", f"{START}whole::urn"),
    ],
)
def test_aliases(alias: Any, urn: str) -> None:
    assert _was(alias, RULE) == urn


def test_an_alias_that_says_it_had_no_parent() -> None:
    inside = f"{START}my:Office${PREFIX}{TOKEN}::day"
    assert _was(pulumi.Alias(parent=None), inside) == RULE
    assert _was(pulumi.Alias(name="old"), inside) == f"{START}my:Office${PREFIX}{TOKEN}::old"


def number(id_: str, dnis: str) -> Resource:
    given = {"group_id": "123456/700", "dnis": dnis, "active": True}
    return Resource("ringcx:TrackingNumber", id_, f"{START}{id_}", given, id_)


def rule(at: str, **props: Any) -> dict[str, Any]:
    given = {"tracking_number": at, "rank": 1, "kind": "STANDARD", "destination": "+13035551001"}
    return {**given, "open_rule": True, **props}


ONE, TWO = number("123456/700/9", "+13035550111"), number("123456/700/8", "+13035550112")
THERE = Resource(TOKEN, "day", RULE, rule("123456/700/9"), "123456/700/9/1")
STATE = [ONE, TWO, THERE]


def program(*declared: Resource) -> GuardedProgram:
    found = GuardedProgram()
    for one in declared:
        found.declared[one.urn] = Declaration(one, dict(one.props))
    return found


def test_what_the_program_does_not_declare_leaves() -> None:
    assert program(ONE, TWO).leaving(STATE) == [THERE]
    renamed = Resource(TOKEN, "new", f"{START}new", rule("123456/700/9"), aliases=frozenset({RULE}))
    assert program(ONE, TWO, renamed).leaving(STATE) == []


def test_what_is_made_anew_elsewhere_ends_where_it_was() -> None:
    moved = Resource(TOKEN, "day", RULE, rule("123456/700/8"))
    write = Write(provider_for(TOKEN), RULE, None, None, dict(moved.props))
    ((change, _),) = program(ONE, TWO, moved).worse(STATE, [write])
    assert change.rule == "calls-unknown"
    assert change.object.startswith("+13035550111 in the opening hours")


def test_what_leaves_is_judged_together_with_what_comes() -> None:
    end = Write(provider_for(TOKEN), RULE, THERE.id, THERE.props, None)
    assert program(ONE, TWO).worse(STATE, [end])
    instead = Resource(TOKEN, "instead", f"{START}instead", rule("123456/700/9", rank=2))
    assert program(ONE, TWO, instead).worse(STATE, [end]) == []


@pytest.mark.parametrize(("queue", "found"), [("9999", ["calls-unknown"]), ("1001", [])])
def test_a_queue_to_which_nothing_in_the_state_leads(queue: str, found: list[str]) -> None:
    other = Resource(TOKEN, "night", f"{START}night", rule("123456/700/8", kind="GATE_XFER", queue_id="1001"), "8/1")
    to_queue = {**THERE.props, "kind": "GATE_XFER", "queue_id": queue, "destination": None}
    write = Write(provider_for(TOKEN), RULE, THERE.id, THERE.props, to_queue)
    worse = program(ONE, TWO, other).worse([*STATE, other], [write])
    assert [change.rule for change, _ in worse] == found


def test_a_number_that_is_given_up_has_a_permission_of_its_own() -> None:
    answers = next(one for one in LINE if one.roles.answers)
    dnis = str(answers.get("dnis"))
    record = Resource("ringcx:DnisPool", "pool", f"{START}pool", {"numbers": [{"dnis": dnis, "active": True}]}, "pool")
    rest = [record, *(one for one in LINE if one is not answers)]
    end = Write(provider_for(answers.type), answers.urn, answers.id, answers.props, None)
    assert program(*rest).worse([*rest, answers], [end]) == []


def test_a_number_that_goes_to_an_owner_of_whom_nothing_is_known_has_a_permission_of_its_own() -> None:
    answers = next(one for one in LINE if one.roles.answers)
    elsewhere = replace(answers, props={**answers.props, "profile": f"{answers.get('profile')}9"})
    rest = [one for one in LINE if one is not answers]
    write = Write(provider_for(answers.type), answers.urn, answers.id, answers.props, dict(elsewhere.props))
    assert program(*rest, elsewhere).worse(LINE, [write]) == []


def test_the_state_is_read_while_all_threads_of_the_program_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of them may wait for a resource, which waits for the guard."""
    monkeypatch.setattr(guarded_program, "_exported", lambda: STATE)
    done = threading.Event()

    async def run() -> list[Resource] | None:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(max_workers=1))
        waits = loop.run_in_executor(None, done.wait)
        try:
            return await asyncio.wait_for(GuardedProgram().saved(), timeout=5)
        finally:
            done.set()
            await waits

    assert finished(run()) == STATE


class Behind(NamedTuple):
    """A resource, as far as an output tells of it."""

    pulumi_resource_type: str
    urn: str


def untold(*made_of: Any) -> Any:
    """What is known during the run only."""
    loop = asyncio.get_running_loop()
    value, is_known = loop.create_future(), loop.create_future()
    value.set_result(None)
    is_known.set_result(False)
    return pulumi.Output(set(made_of), value, is_known)


@pytest.mark.parametrize(
    ("desk", "found"),
    [
        ({}, []),
        ({"active": True}, []),
        ({"active": False}, ["calls-unknown"]),
        ({"target": "+19005550100"}, ["forbidden-target"]),
        ({"target": NUMBER}, ["calls-unanswered"]),
        ({"target": UNKNOWN}, ["calls-unknown"]),
    ],
)
@pytest.mark.parametrize("others", [True, False])
def test_a_desk_that_the_run_is_to_make(
    desk: dict[str, Any], found: list[str], others: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its id is not known in a preview. The engine does not tell a transform what a value is made of."""
    monkeypatch.setattr(guarded_program, "_exported", lambda: LINE)
    props = {"group_id": GROUP, "name": "Reno", "kind": "DID", "target": "+13035551003"}
    new = Resource("ringcx:Destination", "reno", f"{START}{PREFIX}ringcx:Destination::reno", props)
    old = next(it for it in LINE if it.type == "ringcx:ProfileDestinations")

    async def steps() -> list[str]:
        mocks.set_mocks(Mocks(), project="line", stack="dev")
        known = program(*(it for it in LINE if it is not old))
        args = {name: untold() if value is UNKNOWN else value for name, value in {**new.props, **desk}.items()}
        await known.declares(new.type, transformed(new, args))
        made = Behind(PREFIX + new.type, new.urn)
        there = [row for row in old.rows("destinations") if others]

        def given(id_: Any) -> dict[str, Any]:
            rows = [{**row, "allocation_percent": 40} for row in there]
            return {
                **old.props,
                "destinations": [*rows, {"destination": id_, "allocation_percent": 20 if others else 100}],
            }

        said: Any = SimpleNamespace(pulumi_resource_type=PREFIX + old.type, pulumi_resource_name=old.name)
        known.hears(said, given(untold(made)))
        (set_,) = await known.declares(old.type, transformed(old, given(untold())))
        assert "destinations" not in set_.loose
        write = Write(provider_for(old.type), old.urn, old.id, old.props, set_.args, set_.loose)
        return [change.rule for change, _ in known.worse(LINE, [write])]

    off = desk.get("active") is False and not others
    assert finished(steps()) == (["calls-unanswered"] if off else found)


def transformed(one: Resource, args: dict[str, Any]) -> pulumi.ResourceTransformArgs:
    return pulumi.ResourceTransformArgs(True, PREFIX + one.type, one.name, args, opts=_ALONE)


class Mocks(mocks.Mocks):
    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        return f"{args.name}-id", args.inputs

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        raise NotImplementedError(args.token)


def test_a_resource_has_the_urn_that_the_engine_gives_it() -> None:
    """Inside of a component, and under the names that it had before; what is secret is judged as what it is."""

    async def steps() -> list[Declaration]:
        mocks.set_mocks(Mocks(), project="line", stack="dev")
        office: Any = SimpleNamespace(urn=f"{START}my:Office::office")
        given = {**rule(pulumi.Output.secret("123456/700/9")), "__provider": "our code"}
        opts = pulumi.ResourceOptions(parent=office, aliases=[pulumi.Alias(name="old"), f"{START}whole::urn"])
        args = pulumi.ResourceTransformArgs(True, PREFIX + TOKEN, "day", given, opts)
        known = GuardedProgram()
        found = await known.declares(TOKEN, args)
        alone = await known.declares(TOKEN, pulumi.ResourceTransformArgs(True, PREFIX + TOKEN, "day", {}, opts=_ALONE))
        assert list(known.declared.values()) == [*found, *alone]
        return [*found, *alone]

    inside, alone = finished(steps())
    start = f"{START}my:Office${PREFIX}{TOKEN}::"
    assert inside.resource.urn == f"{start}day"
    assert inside.resource.aliases == {f"{start}old", f"{START}whole::urn"}
    assert inside.args["tracking_number"] == inside.resource.get("tracking_number") == "123456/700/9"
    assert "__provider" not in inside.args
    assert inside.loose == {*rule(""), "__provider"}
    assert (alone.resource.urn, alone.resource.aliases) == (RULE, frozenset())


_ALONE = pulumi.ResourceOptions()


class Made:
    """As the SDK notes what a value is made of."""

    def __init__(self, token: str) -> None:
        self.pulumi_resource_type = token


@pytest.mark.parametrize(("token", "ours"), [(PREFIX + TOKEN, True), ("aws:s3:Bucket", False)])
def test_a_value_is_made_of_a_resource_wherever_that_stands_in_it(token: str, ours: bool) -> None:
    async def steps() -> list[bool]:
        loop = asyncio.get_running_loop()
        futures = [loop.create_future() for _ in range(3)]
        for future, value in zip(futures, ("id", True, False), strict=True):
            future.set_result(value)
        made: Any = pulumi.Output({Made(token)}, *futures)  # type: ignore[arg-type]
        forms = [made, [made], (made,), {"row": made}, [{"rows": ["other", {"row": made}]}]]
        return [await guarded_program._made_of_others(one) for one in [*forms, "id", ["id"], {"row": "id"}, None]]

    assert finished(steps()) == [*[ours] * 5, *[False] * 4]


def exported(monkeypatch: pytest.MonkeyPatch, result: Any) -> list[int]:
    """What the engine says of the state; the list counts how often it is asked."""
    asked: list[int] = []

    class Export:
        def result(self) -> Any:
            if isinstance(result, Exception):
                raise result
            return result

    def before_the_run() -> Export:
        asked.append(1)
        return Export()

    monkeypatch.setattr(guarded_program, "before_the_run", before_the_run)
    return asked


STACK = {"deployment": {"resources": [{"urn": RULE, "type": PREFIX + TOKEN, "id": "1/2", "outputs": {"rank": 1}}]}}


@pytest.mark.parametrize(
    ("result", "urns"),
    [
        (STACK, [RULE]),
        (EngineError("no stack"), None),
        ({"deployment": 5}, None),
        ({"deployment": {"resources": [{}]}}, None),
    ],
)
def test_the_state_is_read_once_or_not_at_all(
    result: Any, urns: list[str] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = exported(monkeypatch, result)
    known = GuardedProgram()

    async def twice() -> list[list[Resource] | None]:
        return [await known.saved(), await known.saved(), known.saved_now()]

    for there in finished(twice()):
        assert (None if there is None else [one.urn for one in there]) == urns
    assert asked == [1]
    assert [one.urn for one in GuardedProgram().saved_now() or []] == (urns or [])
    assert asked == [1, 1]


def test_what_the_program_gives_is_what_it_says() -> None:
    assert arguments({"name": "Denver", "__provider": "code", "active": None, "rank": 0}) == {
        "name": "Denver",
        "rank": 0,
    }


def test_what_has_ended_in_the_run_is_no_more() -> None:
    known = program(ONE, TWO)
    known.ended.add(RULE)
    assert known.leaving(STATE) == []
    end = Write(provider_for("ringcx:TrackingNumber"), TWO.urn, TWO.id, TWO.props, {**TWO.props, "name": "Two"})
    assert known.worse(STATE, [end]) == []


def test_a_ring_group_that_ends() -> None:
    back, front = ring_group("8001", ["103"]), ring_group("8000", ["101"], "FORWARD_TO_NUMBER", "8001")
    ends = [Write(provider_for(one.type), one.urn, one.id, one.props, None) for one in (back, front)]
    found = program().worse([back, front], ends)
    assert [(change.rule, change.object) for change, _ in found] == [
        ("calls-unanswered", it) for it in ("8000", "8001")
    ]
    assert [change.object for change, _ in program(back).worse([back, front], ends[1:])] == ["8000"]
    assert program(back, front).worse([back, front], []) == []
    renamed = replace(front, name="desk", urn=f"{START}desk", id=None)
    assert program(back, renamed).worse([back, front], ends[1:]) == []
