"""What an own update has left half-done is nobody's edit, whatever the next program says, and whatever the type.

Each write of an update is in turn the last thing that happens: the process dies, or the vendor is gone from then on.
"""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from pulumi_voice_routing import ringcx
from pulumi_voice_routing.client import http
from pulumi_voice_routing.errors import VoiceRoutingError
from pulumi_voice_routing.lifecycle import adoption, fleet, keeping, lost_answers, standing, writes
from pulumi_voice_routing.lifecycle.fleet_rows import IDS
from pulumi_voice_routing.lifecycle.provider import Partly
from pulumi_voice_routing.portsip import client as portsip_client
from pulumi_voice_routing.registry import FLEET, provider_for
from pulumi_voice_routing.ringcx import client as ringcx_client
from pulumi_voice_routing.ringex import client as ringex_client
from tests.conftest import NewStack
from tests.emulated import Emulated, settings_for
from tests.examples import examples
from tests.lifecycle.test_nine_cases import TYPES, _within
from tests.numbers.resources import Managed, Values
from tests.stacks import Program

SURE = [token for token in TYPES if token not in ("ringcx:DnisAssignments", "ringcx:DnisPool")]
"""The others say number by number how far they came."""
SETS = ("portsip:RingGroup", "ringcx:Activation", "ringcx:ProfileDestinations")
"""Take several writes: here the same program goes on as well, and not only the one from before."""
SHORT = ("ringcx:DnisOverride",)
IN_ROWS = (*SHORT, "ringcx:Destination", "ringcx:ProfileDestinations", "ringex:AnsweringRule", "portsip:RingGroup")
"""Are tried as rows of a fleet too."""
SAFE = ("GET", "/search", "/export")


class Killed(BaseException):
    """The process is gone."""


@dataclass
class Line:
    """The way to the vendors: cut right after a write."""

    last: int = 0
    """Which write is the last one; 0 for none."""
    ends: Sequence[BaseException] = ()
    """What comes of that write, and of all that is sent after it."""
    unsent: bool = False
    """Whether the next write is the end, before it is sent."""
    writes: list[str] = field(default_factory=list)
    is_cut: bool = False

    def send(self, send: Callable[..., httpx.Response], pool: Any, request: httpx.Request) -> httpx.Response:
        if self.is_cut:
            raise self.ends[-1]
        called = f"{request.method} {request.url.path}"
        is_safe = any(safe in called for safe in SAFE)
        if self.unsent and not is_safe:
            self.is_cut = True
            raise self.ends[0]
        answer = send(pool, request)
        if not is_safe:
            self.writes.append(called)
            if len(self.writes) == self.last:
                answer.read()
                self.is_cut = True
                raise self.ends[0]
        return answer


@pytest.fixture
def line(emulator: Emulated, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Line]:
    allowed = "release-active-dnis,reassign-active-dnis"
    settings = {
        **settings_for(emulator.url),
        "VOICE_ROUTING_BREAK_GLASS": allowed,
        "VOICE_ROUTING_MAX_WAIT_SECONDS": "1",
    }
    for name, value in {**settings, "VOICE_ROUTING_CACHE_DIR": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    for module in (http, lost_answers):
        monkeypatch.setattr(module, "pause", lambda *_: None)
    line, send = Line(), httpx.HTTPTransport.handle_request

    def through(pool: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        ours = request.headers.get("user-agent") == "pulumi-voice-routing"
        return line.send(send, pool, request) if ours else send(pool, request)

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", through)
    _another_process()
    yield line
    line.is_cut = False
    _another_process()


def _another_process() -> None:
    adoption.ours.clear()
    for clients in (portsip_client._clients, ringcx_client._clients, ringex_client._clients):
        for client in clients.values():
            client.close()
        clients.clear()
    for module in (fleet, keeping, standing, writes):
        module.forget()


KILLED, GONE = [Killed()], [httpx.ReadError("reset"), httpx.ConnectError("no route")]


class Fleet(Managed):
    """A fleet with one row, whose arguments and whose id stand for the fleet's."""

    ROW = "made"

    def __init__(self, token: str) -> None:
        super().__init__(token + FLEET)

    def up(self, **args: Any) -> bool:
        return super().up(rows={self.ROW: args})

    @property
    def object_id(self) -> str:
        return str(self.outs[IDS][self.ROW])


def _some_at_once(tokens: Sequence[str]) -> list[Any]:
    """One of them in the quick run, and the others in the whole one."""
    return [pytest.param(one, marks=[] if one in SHORT else pytest.mark.whole_run) for one in tokens]


@pytest.mark.parametrize(
    ("token", "kind"),
    [
        pytest.param(token, kind, marks=[] if token in SHORT else pytest.mark.whole_run, id=f"{token}-{kind.__name__}")
        for kind, tokens in ((Managed, SURE), (Fleet, IN_ROWS))
        for token in tokens
    ],
)
@pytest.mark.parametrize("ends", [KILLED, GONE], ids=["killed", "gone"])
def test_the_next_run_goes_on(
    token: str,
    kind: type[Managed],
    ends: Sequence[BaseException],
    emulator: Emulated,
    line: Line,
) -> None:
    example = examples()[token]
    made = example.instances(emulator)["made"]
    after: Values = {**made.args, **made.updates}
    one = kind(token)
    mixed: Values = {**after, **made.args}
    back = made.args if provider_for(token).check({}, mixed).failures else mixed
    one.up(**made.args)
    before, vendor = copy.deepcopy((one.id, one.outs)), emulator.state()
    line.writes.clear()
    one.up(**after)
    count = len(line.writes)

    for last in range(1, count + 1):
        for program in (after, back) if token in SETS else (back,):
            emulator.put_state(vendor)
            one.id, one.outs = copy.deepcopy(before)
            _another_process()
            line.last, line.ends, line.writes = last, ends, []
            with pytest.raises((Killed, Partly, VoiceRoutingError)):
                one.up(**after)
            if ends is KILLED:
                one.id, one.outs = copy.deepcopy(before)
            line.last, line.is_cut = 0, False
            _another_process()

            one.up(**program)

            held = example.held(emulator, one.object_id)
            assert held is not None
            assert _within(example.wire(program), held), f"after write {last} of {count}"
            assert not one.up(**program)


@pytest.mark.parametrize("token", _some_at_once(SURE))
@pytest.mark.parametrize("ends", [KILLED, GONE], ids=["killed", "gone"])
def test_what_two_runs_have_left_is_known_to_the_third(
    token: str, ends: Sequence[BaseException], emulator: Emulated, line: Line
) -> None:
    example = examples()[token]
    made = example.instances(emulator)["made"]
    after: Values = {**made.args, **made.updates}
    mixed: Values = {**after, **made.args}
    back = made.args if provider_for(token).check({}, mixed).failures else mixed
    one = Managed(token)
    one.up(**made.args)
    before = copy.deepcopy((one.id, one.outs))
    for program, unsent in ((after, False), (back, True)):
        line.ends, line.unsent, line.last, line.writes = ends, unsent, 1, []
        with pytest.raises((Killed, Partly, VoiceRoutingError)):
            one.up(**program)
        if ends is KILLED:
            one.id, one.outs = copy.deepcopy(before)
        line.unsent, line.last, line.is_cut = False, 0, False
        _another_process()

    one.up(**back)

    held = example.held(emulator, one.object_id)
    assert held is not None
    assert _within(example.wire(back), held)
    assert not one.up(**back)


@pytest.mark.parametrize("last", [1, 2, 3])
@pytest.mark.parametrize("ends", [pytest.param(KILLED, marks=pytest.mark.whole_run), GONE], ids=["killed", "gone"])
def test_numbers_go_back_to_whom_they_came_from(
    last: int, ends: Sequence[BaseException], emulator: Emulated, line: Line
) -> None:
    """Where the first number has gone ahead, where the second one has followed, and where a third one has ended."""
    made = examples()["ringcx:DnisAssignments"].instances(emulator)["made"]
    one = Managed("ringcx:DnisAssignments")
    one.up(**made.args)
    before, answered = copy.deepcopy((one.id, one.outs)), emulator.records("AssignedDnis")
    line.ends, line.last, line.writes = ends, last, []
    with pytest.raises((Killed, Partly)):
        one.up(**{**made.args, **made.updates})
    assert len(line.writes) == last
    if ends is KILLED:
        one.id, one.outs = before
    line.last, line.is_cut = 0, False
    _another_process()

    one.up(**made.args)

    there = {assigned["dnis"]: assigned["cloudProfileId"] for assigned in emulator.records("AssignedDnis")}
    assert {dnis: there.get(dnis) for dnis in _wanted(answered)} == _wanted(answered)
    assert not one.up(**made.args)


def _wanted(answered: Sequence[Any]) -> dict[str, Any]:
    return {assigned["dnis"]: assigned["cloudProfileId"] for assigned in answered if "cloudProfileId" in assigned}


def declare(target: str) -> None:
    group = ringcx.RouteGroup("group", name="Half")
    ringcx.Destination("desk", group_id=group.id, name="Desk", kind="DID", target=target)


def declare_rows(*targets: str) -> None:
    group = ringcx.RouteGroup("group", name="Half")
    rows = [{"name": f"Desk {place}", "target": target} for place, target in enumerate(targets)]
    ringcx.Destination.fleet("desks", rows, group_id=group.id, name="{name}", kind="DID", target="{target}")


ONE, OTHER, THIRD = "+13035550100", "+13035550101", "+13035550102"


@pytest.mark.whole_run
@pytest.mark.parametrize(
    ("first", "after", "before"),
    [
        (partial(declare, ONE), partial(declare, OTHER), partial(declare, ONE)),
        # The fleet that goes back to what it was loses a row as well, so that a new copy of it is made.
        (partial(declare_rows, ONE, THIRD), partial(declare_rows, OTHER, THIRD), partial(declare_rows, ONE)),
    ],
    ids=["single", "row"],
)
def test_the_state_says_what_an_update_was_about_of_which_nothing_is_known(
    first: Program, after: Program, before: Program, emulator: Emulated, new_stack: NewStack
) -> None:
    stack = new_stack(VOICE_ROUTING_MAX_WAIT_SECONDS="1")
    stack.up(first)
    path = "/cloudRouteDestinations"
    emulator.faults(
        {"match": {"method": "PUT", "path_contains": path}, "fault": "lost_answer", "times": 1},
        {"match": {"method": "PUT", "path_contains": path}, "fault": "reset", "times": 999},
        {"match": {"method": "GET", "path_contains": path}, "fault": "reset", "after": 1, "times": 999},
    )
    stack.fails(after)
    assert targets(emulator)[0].endswith("101")
    emulator.clear()
    shutil.rmtree(stack.cache, ignore_errors=True)  # on another machine

    stack.up(before)

    assert targets(emulator)[0].endswith("100")


def targets(emulator: Emulated) -> list[str]:
    there = sorted(emulator.records("CloudRouteDestination"), key=lambda one: str(one["destinationName"]))
    return [str(one["routeDestination"]) for one in there]
