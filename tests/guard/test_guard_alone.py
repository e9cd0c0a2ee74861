"""What guard() decides, asked as the engine asks it: resources that are declared, changes, and what leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, tzinfo
from typing import Any

import pulumi
import pytest
from pulumi.runtime import mocks
from pulumi.runtime import settings as runtime

from pulumi_voice_routing.errors import Refused
from pulumi_voice_routing.lifecycle.fleet_rows import PROTECTED, ROWS
from pulumi_voice_routing.permission.approvals import Approval, Approvals
from pulumi_voice_routing.plan.facts import PREFIX, UNKNOWN, Resource
from pulumi_voice_routing.registry import FLEET
from pulumi_voice_routing.safety import guard as guards
from pulumi_voice_routing.safety import guarded_program
from pulumi_voice_routing.safety.guard import guard
from tests.call_flow.line import DENVER, GROUP, LINE, NUMBER, OTHER, assignment, but, destination, one, profile, split
from tests.loops import finished
from tests.rules.plans import approval
from tests.tokens import DNIS, DNIS_ASSIGNMENT, DNIS_ASSIGNMENTS, DNIS_OVERRIDE, DNIS_POOL, HTTP_SERVICE

SUPPORT, NIGHT = f"{GROUP}/3001", f"{GROUP}/3002"
RELEASED = approval("release-active-dnis", NUMBER, "profile 3001", "nobody")
MOVED = approval("reassign-active-dnis", NUMBER, "profile 3001", "profile 3002")
OLD = date(2020, 1, 1)


class Mocks(mocks.Mocks):
    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        return f"{args.name}-id", args.inputs

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        raise NotImplementedError(args.token)


class Run:
    """A run of a guarded program."""

    def __init__(self, *approved: Approval, tells: bool = False) -> None:
        self.guard = guards._Guard(Approvals(approved), tells=tells)

    async def declare(self, there: Resource, **opts: Any) -> pulumi.ResourceTransformResult | None:
        """The program declares what a resource of the state is."""
        options = pulumi.ResourceOptions(**opts)
        props = dict(there.props)
        return await self.guard.transform(
            pulumi.ResourceTransformArgs(True, PREFIX + there.type, there.name, props, options)
        )

    async def change(self, old: Resource | None, now: Resource | None) -> None:
        """The engine is about to make one out of the other."""
        is_ = now or old
        assert is_ is not None
        told = pulumi.ResourceHookArgs(
            is_.urn,
            (old.id if old is not None else "") or "",
            is_.name,
            PREFIX + is_.type,
            new_inputs=None if now is None else dict(now.props),
            old_outputs=None if old is None else dict(old.props),
        )
        await self.guard.judge(told)


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "_PAUSE", 0.0)
    # There is no engine that would call them; and the SDK would start gRPC in the process of the tests.
    monkeypatch.setattr("pulumi.runtime.register_resource_transform", lambda transform: None)
    monkeypatch.setattr("pulumi.resource_hooks.register_resource_hook", lambda hook: asyncio.ensure_future(_nothing()))
    monkeypatch.delenv("VOICE_ROUTING_BREAK_GLASS", raising=False)


async def _nothing() -> None:
    """What there is to do."""


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the user is told."""
    lines: list[str] = []
    for level in ("info", "warn"):
        monkeypatch.setattr(f"pulumi_voice_routing.say.{level}", lines.append)
    return lines


def ran(
    state: Iterable[Resource] | None,
    steps: Coroutine[Any, Any, Any],
    monkeypatch: pytest.MonkeyPatch,
    *,
    preview: bool = True,
) -> Any:
    """What steps of a run come to, with a state."""
    monkeypatch.setattr(guarded_program, "_exported", lambda: None if state is None else list(state))

    async def all_of_it() -> Any:
        mocks.set_mocks(Mocks(), project="line", stack="dev", preview=preview)
        return await steps

    return finished(all_of_it())


# What is declared


def declared(there: Resource, *approved: Approval, **opts: Any) -> Coroutine[Any, Any, tuple[Any, ...]]:
    async def steps() -> tuple[Any, ...]:
        found = await Run(*approved).declare(there, **opts)
        if found is None:
            return ()
        hooks = found.opts.hooks
        assert hooks is not None
        assert [hook.name for hook in (*(hooks.before_create or ()), *(hooks.before_update or ()))] == [
            "number-safety",
            "number-safety",
        ]
        return bool(found.opts.protect), bool(hooks.before_delete), found.props.get(PROTECTED)

    return steps()


GUARDED, FREE, ENDS = (True, True, None), (False, False, None), (False, True, None)


@pytest.mark.parametrize(
    ("there", "approved", "opts", "expected"),
    [
        (assignment(), [], {}, GUARDED),
        (assignment(active=False), [], {}, FREE),
        (assignment(), [], {"retain_on_delete": True}, FREE),
        (assignment(), [RELEASED], {}, ENDS),
        (assignment(), [RELEASED], {"protect": True}, GUARDED),
        (assignment(), [approval("release-active-dnis", NUMBER, "profile 3001", "nobody", until=OLD)], {}, GUARDED),
        (assignment(), [approval("release-active-dnis", NUMBER, "profile 3002", "nobody")], {}, GUARDED),
        (assignment(), [approval("release-active-dnis", NUMBER, "profile 3001", "inactive")], {}, GUARDED),
        (assignment(), [approval("release-active-dnis", OTHER, "profile 3001", "nobody")], {}, GUARDED),
        (assignment(), [approval("reassign-active-dnis", NUMBER, "profile 3001", "nobody")], {}, GUARDED),
        (one(DNIS_ASSIGNMENTS, "n", numbers=[NUMBER, OTHER], profile=SUPPORT), [RELEASED], {}, GUARDED),
        (one(DNIS_ASSIGNMENTS, "n", numbers=[NUMBER], profile=SUPPORT), [RELEASED], {}, ENDS),
        (one(DNIS, "n", dnis=NUMBER), [], {}, FREE),
        (one(DNIS, "n", dnis=NUMBER, on_delete="deactivate"), [], {}, ENDS),
        (profile(), [], {}, FREE),
        (destination("denver", 2001, DENVER), [], {"protect": True}, (True, False, None)),
        (one(HTTP_SERVICE, "crm", name="CRM"), [], {}, ()),
    ],
)
def test_what_is_protected(
    there: Resource,
    approved: Sequence[Approval],
    opts: Mapping[str, Any],
    expected: tuple[Any, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert ran([], declared(there, *approved, **opts), monkeypatch) == expected


def test_an_emergency_protects_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICE_ROUTING_BREAK_GLASS", "release-active-dnis")
    assert ran([], declared(assignment()), monkeypatch) == ENDS


def test_what_is_not_known_yet_is_protected_whatever_is_approved(monkeypatch: pytest.MonkeyPatch) -> None:
    async def steps() -> list[Any]:
        later = pulumi.Output(set(), _never(None), _never(False), _never(False))
        owner = one(DNIS_ASSIGNMENT, "owner", dnis=NUMBER, profile=later)
        number = one(DNIS_ASSIGNMENT, "number", dnis=later, profile=SUPPORT)
        some = one(DNIS_ASSIGNMENTS, "some", numbers=[NUMBER, later], profile=SUPPORT)
        return [await declared(there, RELEASED) for there in (owner, number, some)]

    # An owner that is still to be made may be let go of by whoever was permitted the release.
    assert ran([], steps(), monkeypatch) == [ENDS, GUARDED, GUARDED]


def _never(value: Any) -> asyncio.Future[Any]:
    future = asyncio.get_running_loop().create_future()
    future.set_result(value)
    return future


def test_of_a_fleet_each_row_is_protected_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = {
        "a": {"dnis": NUMBER, "profile": SUPPORT},
        "b": {"dnis": OTHER, "profile": SUPPORT},
        "c": {"dnis": "+13035550102", "profile": SUPPORT, "active": False},
    }
    fleet = one(DNIS_ASSIGNMENT + FLEET, "n", **{ROWS: rows})
    assert ran([], declared(fleet), monkeypatch) == (False, True, ["a", "b"])
    assert ran([], declared(fleet, RELEASED), monkeypatch) == (False, True, ["b"])
    off = one(DNIS_ASSIGNMENT + FLEET, "n", **{ROWS: {"c": rows["c"]}})
    assert ran([], declared(off), monkeypatch) == FREE


# What changes


def changed(
    old: Resource | None,
    now: Resource | None,
    *approved: Approval,
    beside: Iterable[Resource] = (),
    tells: bool = False,
) -> Coroutine[Any, Any, Run]:
    async def steps() -> Run:
        run = Run(*approved, tells=tells)
        for there in (*beside, *([now] if now is not None else ())):
            await run.declare(there)
        await run.change(old, now)
        return run

    return steps()


HERE, THERE = assignment(), assignment(profile=NIGHT)
REASSIGNED = rf"\{NUMBER} from profile 3001 to profile 3002 \(reassign-active-dnis: it is not approved\)"


@pytest.mark.parametrize(
    ("old", "now", "why"),
    [
        (HERE, THERE, REASSIGNED),
        (HERE, assignment(active=False), r"from profile 3001 to inactive \(release-active-dnis"),
        (HERE, None, r"from profile 3001 to nobody \(release-active-dnis"),
    ],
)
def test_who_answers_a_number_takes_a_permission(
    old: Resource, now: Resource | None, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Refused, match=why):
        ran(LINE, changed(old, now), monkeypatch)


def test_what_is_approved_goes_on_and_a_preview_tells_it(said: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    ran(LINE, changed(HERE, THERE, MOVED), monkeypatch, preview=False)
    assert said == []
    ran(LINE, changed(HERE, THERE, MOVED), monkeypatch)
    assert said == [f"ringcx: approved: {NUMBER} from profile 3001 to profile 3002"]


@pytest.mark.parametrize(
    ("old", "now"), [(None, HERE), (HERE, assignment(description="x")), (assignment(active=False), None)]
)
def test_what_takes_no_permission(old: Resource | None, now: Resource | None, monkeypatch: pytest.MonkeyPatch) -> None:
    ran(LINE, changed(old, now), monkeypatch)


def test_a_record_that_silences_nobody_is_judged_without_the_state(monkeypatch: pytest.MonkeyPatch) -> None:
    unread: Iterable[Resource] = (pytest.fail("the state is read") for _ in "once")
    record = one(DNIS, "n", "123456/1", dnis=NUMBER, active=True)
    ran(unread, changed(record, replace(record, props={**record.props, "description": "x"})), monkeypatch)


@pytest.mark.parametrize(("now", "refused"), [(SUPPORT, ""), (NIGHT, "reassign-active-dnis")])
def test_the_old_copy_of_what_is_declared_releases_nothing(
    now: str, refused: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = assignment()
    new = replace(old, props={**old.props, "profile": now})

    async def steps() -> None:
        run = Run()
        await run.declare(new)
        await run.change(None, new)
        await run.change(old, None)

    if not refused:
        ran(LINE, steps(), monkeypatch, preview=False)
        return
    with pytest.raises(Refused, match=refused):
        ran(LINE, steps(), monkeypatch, preview=False)


def test_a_destroy_that_runs_the_program_releases_what_it_declares(monkeypatch: pytest.MonkeyPatch) -> None:
    async def steps() -> None:
        run = Run()
        await run.declare(HERE)
        await run.change(HERE, None)

    with pytest.raises(Refused, match="release-active-dnis"):
        ran(LINE, steps(), monkeypatch, preview=False)


def test_an_owner_that_is_not_known_yet_is_to_be_made_first(monkeypatch: pytest.MonkeyPatch) -> None:
    async def steps() -> None:
        later = pulumi.Output(set(), _never(None), _never(False), _never(False))
        await changed(HERE, assignment(profile=later))

    with pytest.raises(Refused, match=r"to an owner that is not known yet. Make the new owner in one `pulumi up`"):
        ran(LINE, steps(), monkeypatch)


def test_who_takes_over_may_be_declared_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """A number goes from a list to an assignment of its own with the same owner."""
    old = one(DNIS_ASSIGNMENTS, "list", "list", numbers=[NUMBER, OTHER], profile=SUPPORT)
    now = one(DNIS_ASSIGNMENTS, "list", "list", numbers=[OTHER], profile=SUPPORT)

    async def steps(*more: Resource) -> None:
        run = Run()
        await run.declare(now)
        judging = asyncio.ensure_future(run.change(old, now))
        await asyncio.sleep(0)
        for there in more:
            await run.declare(there)
        await judging

    ran([*LINE, old], steps(HERE), monkeypatch)
    with pytest.raises(Refused, match="release-active-dnis"):
        ran([*LINE, old], steps(), monkeypatch)


def test_it_waits_as_long_as_the_program_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """At each pause something else is declared; what makes up for the change comes last, or never."""
    old = one(DNIS_ASSIGNMENTS, "list", "list", numbers=[NUMBER, OTHER], profile=SUPPORT)
    now = one(DNIS_ASSIGNMENTS, "list", "list", numbers=[OTHER], profile=SUPPORT)
    pauses: list[float] = []
    sleep = asyncio.sleep

    async def steps(more: list[Resource]) -> None:
        run = Run()

        async def pause(seconds: float) -> None:
            pauses.append(seconds)
            if more:
                await run.declare(more.pop(0))
            await sleep(0)

        monkeypatch.setattr(asyncio, "sleep", pause)
        await run.declare(now)
        await run.change(old, now)

    others = [destination(f"d{place}", place, DENVER) for place in range(2010, 2030)]
    ran([*LINE, old], steps([*others[:5], HERE]), monkeypatch)
    assert len(pauses) == 6
    pauses.clear()
    with pytest.raises(Refused, match="release-active-dnis"):
        ran([*LINE, old], steps(others[:2]), monkeypatch)
    assert len(pauses) == 3  # nothing more was declared in the last one
    pauses.clear()
    with pytest.raises(Refused):
        ran([*LINE, old], steps([*others, HERE]), monkeypatch)
    assert len(pauses) == 12  # what never ends is not waited for


def test_a_record_is_silenced_with_whoever_answers_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The state tells who that is; where it cannot be read, the program does."""
    record, off = (one(DNIS_POOL, "pool", "pool", numbers=[{"dnis": NUMBER, "active": it}]) for it in (True, False))
    for state in ([*LINE, record], None):
        with pytest.raises(Refused, match=r"from profile 3001 to inactive \(release-active-dnis"):
            ran(state, changed(record, off, beside=[HERE]), monkeypatch)
    ran([record], changed(record, off), monkeypatch)
    with pytest.raises(Refused, match="to inactive"):  # the program has not come to the owner yet
        ran([*LINE, record], changed(record, off), monkeypatch)

    async def after_its_end() -> None:
        run = Run(RELEASED)
        await run.change(HERE, None)
        await run.change(record, off)

    ran([*LINE, record], after_its_end(), monkeypatch)

    async def after_other_ends_too() -> None:
        run = Run(RELEASED, approval("release-active-dnis", OTHER, "profile 3001", "nobody"))
        other = assignment(OTHER)
        await run.change(HERE, None)
        await run.change(other, None)
        await run.change(record, off)

    ran([*LINE, assignment(OTHER), record], after_other_ends_too(), monkeypatch)


class Clock(datetime):
    """Of a machine on which it is another day than in UTC."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Clock:
        return cls(2026, 6, 1 if tz is UTC else 2, tzinfo=tz)


def test_the_last_day_of_an_approval_is_that_of_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "datetime", Clock)
    last = approval("release-active-dnis", NUMBER, "profile 3001", "nobody", until=date(2026, 6, 1))
    assert ran([], declared(assignment(), last), monkeypatch) == ENDS


def test_of_hidden_numbers_a_release_is_approved_whoever_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    async def steps(*approved: Approval) -> None:
        await Run(*approved).change(one(DNIS_ASSIGNMENT, "n", "123456/13035550100", dnis=NUMBER, profile=UNKNOWN), None)

    hidden = "an owner that the state does not show"
    with pytest.raises(Refused, match="release-active-dnis"):
        ran(LINE, steps(), monkeypatch)
    ran(LINE, steps(approval("release-active-dnis", NUMBER, "profile 3001", "nobody")), monkeypatch)
    for entry in (
        approval("release-active-dnis", NUMBER, "profile 3001", "inactive"),
        approval("release-active-dnis", NUMBER, "profile 3001", "nobody", until=OLD),
        approval("release-active-dnis", OTHER, hidden, "nobody"),
    ):
        with pytest.raises(Refused):
            ran(LINE, steps(entry), monkeypatch)


PREMIUM = destination("denver", 2001, "+19005550100")
WORSE = rf"^calls to \{NUMBER} would be worse off"


def test_where_calls_end_is_judged_with_all_that_is_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    before = LINE[0]
    with pytest.raises(Refused, match=WORSE):
        ran(LINE, changed(before, PREMIUM), monkeypatch)
    ran(LINE, changed(before, destination("denver", 2001, "+13035551009")), monkeypatch)
    off = destination("denver", 2001, "+13035551001", active=False)
    ran(LINE, changed(before, off, RELEASED), monkeypatch)
    with pytest.raises(Refused, match=WORSE):
        ran(LINE, changed(before, off), monkeypatch)
    ran(None, changed(before, off), monkeypatch)  # without a state the provider judges, which asks the vendor
    with pytest.raises(Refused, match="would send calls where no call may go"):
        ran(None, changed(before, PREMIUM), monkeypatch)  # for that nobody has to know who calls


def test_a_change_that_is_no_concern_of_callers_is_not_held_against_what_else_is_declared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """That is judged when it is written."""
    austin = next(there for there in LINE if there.name == "austin")
    described = replace(austin, props={**austin.props, "description": "Renovated"})
    ran(LINE, changed(austin, described, beside=[PREMIUM]), monkeypatch)
    with pytest.raises(Refused, match=WORSE):
        ran(
            LINE,
            changed(austin, replace(austin, props={**austin.props, "target": OTHER}), beside=[PREMIUM]),
            monkeypatch,
        )


def test_a_new_copy_is_named_as_what_it_comes_from(monkeypatch: pytest.MonkeyPatch) -> None:
    shares = split((2001, 1), (2009, 99))
    with pytest.raises(Refused, match=r"^profile destinations 'split-3001' would be replaced: calls to \+13035550100"):
        ran(LINE, changed(None, shares), monkeypatch)


def test_a_preview_for_the_gate_tells_and_goes_on(said: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    run = ran(LINE, changed(LINE[0], PREMIUM, tells=True), monkeypatch)
    assert [line.startswith(f"guard: calls to {NUMBER} would be worse off") for line in said] == [True]
    assert run.guard._program.ended == set()
    run = ran(LINE, changed(HERE, None, tells=True), monkeypatch)
    assert run.guard._program.ended == {HERE.urn}


def test_a_row_of_a_fleet_is_judged_like_a_resource(monkeypatch: pytest.MonkeyPatch) -> None:
    fleet = one(DNIS_ASSIGNMENT + FLEET, "n")
    rows = {"a": {"dnis": NUMBER, "profile": SUPPORT}, "b": {"dnis": OTHER, "profile": SUPPORT}}
    saved = {ROWS: rows, "ids": {"a": "123456/13035550100", "b": "123456/13035550101"}}

    async def steps(now: Mapping[str, Any] | None) -> None:
        run = Run()
        if now is not None:
            await run.declare(one(fleet.type, "n", **{ROWS: now}))
        old, new_ = one(fleet.type, "n", "n", **saved), None if now is None else one(fleet.type, "n", **{ROWS: now})
        await run.change(old, new_)

    ran(LINE, steps(rows), monkeypatch)
    with pytest.raises(Refused, match=REASSIGNED):
        ran(LINE, steps({**rows, "a": {"dnis": NUMBER, "profile": NIGHT}}), monkeypatch)
    with pytest.raises(Refused, match=r"\+13035550101 from profile 3001 to nobody"):
        ran(LINE, steps({"a": rows["a"]}), monkeypatch)
    with pytest.raises(Refused, match=r"2 numbers .* \+13035550100, \+13035550101 from profile 3001 to nobody"):
        ran(LINE, steps(None), monkeypatch)


# What leaves


def left(
    *names: str, tells: bool = False, ended: Iterable[Resource] = (), approved: Sequence[Approval] = ()
) -> Coroutine[Any, Any, None]:
    """The program declares the line without some of its resources."""

    async def steps() -> None:
        run = Run(*approved, tells=tells)
        for there in LINE:
            if there.name not in names:
                await run.declare(there)
        run.guard._program.ended |= {one.urn for one in ended}
        run.guard.judge_what_leaves()

    return steps()


def test_what_leaves_with_harm_ends_the_run(said: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(pulumi.RunError, match=r"^guard: the program declares no more: .*'split-3001': calls to") as why:
        ran(LINE, left("split-3001"), monkeypatch)
    assert "would be worse off" in str(why.value)
    assert said == []
    ran(LINE, left("split-3001", tells=True), monkeypatch)
    assert [line.startswith("guard: the program declares no more") for line in said] == [True]


def test_an_override_that_leaves_gives_its_number_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it the calls go where the destination sends all others: to a premium-rate number."""
    at = {"destination": f"{GROUP}/2001", "dnis": NUMBER, "target": DENVER}
    line = but(LINE, destination("denver", 2001, "+19005550100"))

    async def steps() -> None:
        run = Run()
        for there in line:
            await run.declare(there)
        run.guard.judge_what_leaves()

    ran(line, steps(), monkeypatch)
    with pytest.raises(pulumi.RunError, match=r"'vip': calls to \+13035550100 would be worse off"):
        ran([*line, one(DNIS_OVERRIDE, "vip", f"{GROUP}/2001/7", **at)], steps(), monkeypatch)


def test_what_leaves_without_harm(said: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    kept = [one if one.name != "split-3001" else _kept(one) for one in LINE]
    ran(kept, left("split-3001"), monkeypatch)
    ran(LINE, left("split-3001", ended=[one for one in LINE if one.name == "split-3001"]), monkeypatch)
    ran(None, left("split-3001"), monkeypatch)
    ran(LINE, left("split-3001", approved=[RELEASED]), monkeypatch)
    ran(LINE, left(), monkeypatch)
    assert said == []


def test_a_protected_resource_that_leaves_is_explained(said: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    state = [replace(there, protected=there.name == "n00") for there in LINE]
    ran(state, left("n00"), monkeypatch)
    (line,) = said
    assert line.startswith("guard: ringcx:DnisAssignment 'n00' is protected, because callers reach its numbers")


def _kept(there: Resource) -> Resource:
    return replace(there, kept=True)


# The program itself


class Monitor:
    """The part of the engine that a program tells that it is through."""

    def __init__(self) -> None:
        self.told: list[Any] = []

    def SignalAndWaitForShutdown(self, *args: Any, **kwargs: Any) -> str:
        self.told.append((args, kwargs))
        return "done"


def test_the_engine_is_told_after_what_leaves_was_judged() -> None:
    monitor = Monitor()
    seen: list[int] = []
    guards._at_the_end(monitor, lambda: seen.append(len(monitor.told)))
    assert monitor.SignalAndWaitForShutdown(1, timeout=2) == "done"
    assert (seen, monitor.told) == ([0], [((1,), {"timeout": 2})])


def test_an_engine_that_is_not_told_deletes_nothing() -> None:
    monitor = Monitor()

    def refuses() -> None:
        raise pulumi.RunError("guard: no")

    guards._at_the_end(monitor, refuses)
    with pytest.raises(pulumi.RunError):
        monitor.SignalAndWaitForShutdown()
    assert monitor.told == []
    guards._at_the_end(object(), refuses)  # an engine of another kind is left alone


@pytest.mark.parametrize(
    ("setting", "preview", "tells"),
    [(None, True, False), ("refuse", True, False), ("tell", True, True), ("tell", False, False)],
)
def test_a_program_is_guarded_once(
    setting: str | None, preview: bool, tells: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if setting is not None:
        monkeypatch.setenv("VOICE_ROUTING_GUARD_PREVIEW", setting)

    async def steps() -> tuple[Any, Any]:
        monitor = runtime.get_monitor()
        guard()
        first = guards._guards[monitor]
        guard()
        assert "SignalAndWaitForShutdown" not in vars(monitor)  # tests of programs end as they do without a guard
        return first, guards._guards[monitor]

    first, second = ran([], steps(), monkeypatch, preview=preview)
    assert first is second
    assert first._tells is tells


@pytest.mark.parametrize(
    ("named", "lines"),
    [
        ("", []),
        (
            "calls-unanswered relese-active-dnis",
            ["will not keep calls-unanswered; unset it", "names relese-active-dnis"],
        ),
        ("0", ["names 0, which is no rule that it switches off"]),
    ],
)
def test_an_emergency_is_told_before_anything_else(
    named: str, lines: list[str], said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOICE_ROUTING_BREAK_GLASS", named)

    async def steps() -> None:
        guard()

    ran([], steps(), monkeypatch)
    assert len(said) == len(lines)
    for line, told in zip(lines, said, strict=True):
        assert told.startswith("guard: VOICE_ROUTING_BREAK_GLASS ")
        assert line in told


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("VOICE_ROUTING_GUARD_PREVIEW", "maybe", "^guard: VOICE_ROUTING_GUARD_PREVIEW is 'maybe', and must be"),
        ("VOICE_ROUTING_APPROVALS", "there-is-none.toml", "^guard: .*there-is-none.toml"),
    ],
)
def test_settings_that_nobody_understands_end_the_program(
    name: str, value: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    async def steps() -> None:
        guard()

    with pytest.raises(pulumi.RunError, match=why):
        ran([], steps(), monkeypatch)


def test_no_engine_no_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "get_monitor", lambda: None)
    with pytest.raises(pulumi.RunError, match="there is no engine"):
        guard()
