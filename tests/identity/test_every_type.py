"""Every type goes through every way in which a resource becomes another one, and callers notice nothing.

Each way is taken in one run, and in two: the first is stopped when everything is made and nothing has ended, by the
failure of something beside it or by a kill, and the second begins in a new process of another machine.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from pulumi_voice_routing import registry
from pulumi_voice_routing.errors import Exists, Refused
from pulumi_voice_routing.lifecycle.model import FieldFacts
from tests.emulated import Emulated, Json, operations, settings_for
from tests.examples import examples, number
from tests.identity.order_of_calls import Declared, Engine, Program, Stopped, Values
from tests.identity.test_identity import ends

pytestmark = pytest.mark.whole_run

EXAMPLES = examples()
TYPES = sorted(EXAMPLES)
STOPS = ("", "failed", "killed")
_SWITCHES = {"CloudRouteDestination": "isActive", "CloudRouteProfile": "isActive", "RemoteHttpService": "isEnabled"}
_ASIDE = ("lastModified", "Time", "Date", "dateCreated", "updated")


def _fields(token: str) -> list[FieldFacts]:
    return list(registry.provider_for(token).model.values())


@pytest.fixture
def engine(emulator: Emulated, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Engine:
    cache = tmp_path / "cache"
    cache.mkdir()
    for name, value in {**settings_for(emulator.url), "VOICE_ROUTING_CACHE_DIR": str(cache)}.items():
        monkeypatch.setenv(name, value)
    # What callers get by the first one is not the question here.
    monkeypatch.setenv("VOICE_ROUTING_BREAK_GLASS", "calls-go-elsewhere calls-unknown calls-unanswered")
    return Engine(monkeypatch, cache)


def held(emulator: Emulated) -> Json:
    """All that the vendors hold, without what only tells when it was written."""
    return {kind: [_lasting(one) for one in some] for kind, some in emulator.state()["objects"].items()}


def _lasting(one: Any) -> Any:
    if isinstance(one, dict):
        return {name: _lasting(value) for name, value in one.items() if not any(word in name for word in _ASIDE)}
    return [_lasting(item) for item in one] if isinstance(one, list) else one


def begin(token: str, emulator: Emulated, engine: Engine, which: str = "made") -> Values:
    """One resource of the type, with callers on it; its arguments."""
    args = EXAMPLES[token].instances(emulator)[which].args
    engine.up({"old": Declared(token, args)})
    example, ((_, entry),) = EXAMPLES[token], engine.state
    if switch := _SWITCHES.get(example.kind):
        emulator.change_record(example.kind, example.id_field, number(entry.id), **{switch: True})
    return args


def harmless(call: Json) -> bool:
    """Whether a call takes nothing from anybody: it reads, switches something on, or sends a secret once more."""
    on = isinstance(call["request"], dict) and list(call["request"].values()) == [True]
    secret = call["vendor"] == "ringcx" and call["method"] == "PATCH"
    return not operations([call], writes=True) or on or call["operation"] == "CR-17" or secret


def goes_on(emulator: Emulated, engine: Engine, program: Program, stop: str) -> None:
    """What the program became is there as it was, and nothing was off at any time."""
    before = held(emulator)
    with emulator.recording() as calls:
        if stop:
            with pytest.raises(Stopped):
                engine.up(program, stop=stop)
            engine.new_process(without_cache=True)
        engine.up(program)
    assert [call for call in calls if not harmless(call)] == []
    assert held(emulator) == before
    engine.is_settled(program)
    assert held(emulator) == before


@pytest.mark.parametrize("by_option", [False, True], ids=["tainted", "by option"])
@pytest.mark.parametrize("stop", STOPS)
@pytest.mark.parametrize("token", TYPES)
def test_replaced(token: str, stop: str, by_option: bool, emulator: Emulated, engine: Engine) -> None:
    args = begin(token, emulator, engine)
    engine.taint(by_option=by_option)
    goes_on(emulator, engine, {"old": Declared(token, args)}, stop)


@pytest.mark.parametrize("stop", STOPS)
@pytest.mark.parametrize("token", TYPES)
def test_replaced_with_its_old_copy_deleted_first(token: str, stop: str, emulator: Emulated, engine: Engine) -> None:
    args = begin(token, emulator, engine)
    engine.taint()
    goes_on(emulator, engine, {"old": Declared(token, args, delete_first=True)}, stop)


@pytest.mark.parametrize("stop", ["", "killed"])
@pytest.mark.parametrize("way", ["replaced", "renamed"])
@pytest.mark.parametrize("token", TYPES)
def test_every_variant(token: str, way: str, stop: str, emulator: Emulated, engine: Engine) -> None:
    """Whatever a type can be beside what it is most often: adopted, of another kind, in another place."""
    clean = emulator.state()
    for which in EXAMPLES[token].instances(emulator).keys() - {"made"}:
        emulator.put_state(clean)
        engine.state.clear()
        args = begin(token, emulator, engine, which)
        if way == "replaced":
            engine.taint()
        elif "adopt" in registry.provider_for(token).model and "adopt_id" not in args:
            args = {**args, "adopt": True}
        goes_on(emulator, engine, {"old" if way == "replaced" else "new": Declared(token, args)}, stop)


@pytest.mark.parametrize("stop", STOPS)
@pytest.mark.parametrize("token", [token for token in TYPES if any(one.immutable for one in _fields(token))])
def test_another_object(token: str, stop: str, emulator: Emulated, engine: Engine) -> None:
    """An argument that never changes changes, and the name stays: another object takes the place of the first one."""
    one = next(one for one in EXAMPLES[token].instances(emulator).values() if one.replacement)
    engine.up({"one": Declared(token, one.args)})
    program = {"one": Declared(token, {**one.args, **one.updates, **one.replacement})}
    if stop:
        with pytest.raises(Stopped):
            engine.up(program, stop=stop)
        engine.new_process(without_cache=True)
    refused = ""
    try:
        engine.up(program)
    except Exists as error:
        refused = str(error)
    if refused:  # nothing tells what was made before the kill from what somebody else made
        assert stop == "killed"
        assert "adopt=True" in refused
        program["one"].args = {**program["one"].args, "adopt": True}
        engine.up(program)
    engine.is_settled(program)


@pytest.mark.parametrize("stop", STOPS)
@pytest.mark.parametrize("token", TYPES)
def test_moved(token: str, stop: str, emulator: Emulated, engine: Engine) -> None:
    args = begin(token, emulator, engine)
    goes_on(emulator, engine, {"new": Declared(token, args, was="old")}, stop)


@pytest.mark.parametrize("stop", STOPS)
@pytest.mark.parametrize("token", TYPES)
def test_renamed(token: str, stop: str, emulator: Emulated, engine: Engine) -> None:
    args = begin(token, emulator, engine)
    if "adopt" in registry.provider_for(token).model:
        args = {**args, "adopt": True}
    goes_on(emulator, engine, {"new": Declared(token, args)}, stop)


@pytest.mark.parametrize("stop", STOPS)
@pytest.mark.parametrize("token", TYPES)
def test_renamed_without_a_word(token: str, stop: str, emulator: Emulated, engine: Engine) -> None:
    """It goes on, or stops before anything is lost; and the advice that it gives loses nothing."""
    args = begin(token, emulator, engine)
    before = held(emulator)
    refused = ""
    with emulator.recording() as calls:
        try:
            with suppress(Stopped):
                engine.up({"new": Declared(token, args)}, stop=stop)
        except Exists as error:
            refused = str(error)
        engine.new_process(without_cache=bool(stop))
    assert list(ends(calls)) == []
    assert held(emulator) == before
    if refused:
        assert "adopt=True" in refused
        args = {**args, "adopt": True}
    goes_on(emulator, engine, {"new": Declared(token, args)}, "")


def adopting(token: str, args: Values) -> Values:
    """The arguments of a resource that takes over what another name had, where the type has to be told."""
    return {**args, "adopt": True} if "adopt" in registry.provider_for(token).model else args


def half_renamed(token: str, emulator: Emulated, engine: Engine) -> Program:
    """The new one is there, and the old one has still to end."""
    args = begin(token, emulator, engine)
    program = {"new": Declared(token, adopting(token, args))}
    with pytest.raises(Stopped):
        engine.up(program, stop="failed")
    return program


@pytest.mark.parametrize("way", ["up", "destroy"])
@pytest.mark.parametrize("token", TYPES)
def test_half_renamed_and_the_rest_is_not_shown(token: str, way: str, emulator: Emulated, engine: Engine) -> None:
    """As with ``--target`` and ``--exclude``: what the run leaves out still stands for the object."""
    program = half_renamed(token, emulator, engine)
    before = held(emulator)
    with emulator.recording() as calls:
        if way == "up":
            engine.up(program, only="old")
        else:
            engine.destroy(only="old")
    assert [call for call in calls if not harmless(call)] == []
    assert held(emulator) == before
    engine.is_settled(program)


@pytest.mark.parametrize("first", ["old", "new"])
@pytest.mark.parametrize("token", TYPES)
def test_a_destroy_ends_what_is_half_renamed(
    token: str, first: str, emulator: Emulated, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever of the two ends first, it is as if there had been one."""
    glass = "calls-go-elsewhere calls-unknown calls-unanswered release-active-dnis"
    monkeypatch.setenv("VOICE_ROUTING_BREAK_GLASS", glass)
    args = EXAMPLES[token].instances(emulator)["made"].args
    clean = emulator.state()
    engine.up({"old": Declared(token, args)})
    engine.destroy()
    ended = held(emulator)

    emulator.put_state(clean)
    engine.up({"old": Declared(token, args)})
    with pytest.raises(Stopped):
        engine.up({"new": Declared(token, adopting(token, args))}, stop="failed")
    engine.state.sort(key=lambda one: one[0] == first)
    engine.destroy()
    assert engine.state == []
    assert held(emulator) == ended


@pytest.mark.parametrize("stop", STOPS)
@pytest.mark.parametrize("updated", [False, True], ids=["here", "anywhere"])
@pytest.mark.parametrize("renamed", [False, True], ids=["replaced", "renamed"])
@pytest.mark.parametrize("token", ["ringcx:AllocationHours", "ringex:BuiltInAnsweringRule"])
def test_what_was_there_first_is_given_back(
    token: str, renamed: bool, updated: bool, stop: str, emulator: Emulated, engine: Engine
) -> None:
    args = {**EXAMPLES[token].instances(emulator)["made"].args, "on_delete": "restore"}
    engine.up({"old": Declared(token, args)})
    engine.destroy()
    before = held(emulator)
    engine.up({"old": Declared(token, args)})
    assert held(emulator) != before
    for name in ("new", "newer") if renamed else ("old", "old"):
        engine.taint()
        program = {name: Declared(token, args)}
        if stop:
            with suppress(Stopped):
                engine.up(program, stop=stop)
        engine.up(program)
    engine.refresh()
    if updated:
        change = {"on_delete": "keep" if token == "ringcx:AllocationHours" else "forget"}
        engine.up({name: Declared(token, {**args, **change})})
        engine.up({name: Declared(token, args)})
        engine.new_process(without_cache=True)
    engine.destroy()
    assert held(emulator) == before


_NAMES = {
    "ringcx:HttpServiceGroup",
    "ringcx:Profile",
    "ringcx:RouteGroup",
    "ringcx:TrackingGroup",
    "ringex:ForwardingNumber",
}
"""What somebody changed in the examples of these is the name, so that no object has it, and a replacement makes one."""


@pytest.mark.parametrize("way", ["tainted", "by option", "renamed"])
@pytest.mark.parametrize("token", [token for token in TYPES if token not in _NAMES])
def test_a_replacement_does_not_undo_what_somebody_changed(
    token: str, way: str, emulator: Emulated, engine: Engine
) -> None:
    """On another machine too: it stops, or leaves to others what decides nothing."""
    one = EXAMPLES[token].instances(emulator)["made"]
    args = {**one.args, **one.updates}
    engine.up({"old": Declared(token, args)})
    ((_, entry),) = engine.state
    EXAMPLES[token].drift(emulator, entry.id, args)
    before = held(emulator)
    engine.new_process(without_cache=True)
    if way == "renamed":
        program = {"new": Declared(token, adopting(token, args))}
    else:
        engine.taint(by_option=way == "by option")
        program = {"old": Declared(token, args)}
    with suppress(Refused):
        engine.up(program)
    assert held(emulator) == before


@pytest.mark.parametrize("way", ["tainted", "by option", "renamed"])
def test_a_replacement_does_not_take_out_what_somebody_added(way: str, emulator: Emulated, engine: Engine) -> None:
    token = "ringcx:ProfileDestinations"
    args = begin(token, emulator, engine)
    ((_, entry),) = engine.state
    emulator.assign(number(entry.id), emulator.destination("By hand", active=True), 0, 9)
    before = held(emulator)
    if way == "renamed":
        program = {"new": Declared(token, adopting(token, args))}
    else:
        engine.taint(by_option=way == "by option")
        program = {"old": Declared(token, args)}
    with pytest.raises(Refused, match="destinations that this stack did not make"):
        engine.up(program)
    assert held(emulator) == before
