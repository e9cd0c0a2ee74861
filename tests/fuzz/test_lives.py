"""Every type's create, read, update and delete, while the vendor's answers make no sense.

The vendor has acted on every call; only what it says of that is wrong. Whatever happens, the next run with a vendor in
its right mind brings everything to the declared state, with one object and not two.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_voice_routing import registry
from pulumi_voice_routing.errors import VoiceRoutingError
from pulumi_voice_routing.lifecycle.provider import Lifecycle, Partly, said_by
from tests.examples import Example, Instance
from tests.fuzz.answers import NONSENSE, Answers, Spoilt
from tests.fuzz.conftest import EXAMPLES, TYPES
from tests.fuzz.hostile import clean, inputs, value_or_lines
from tests.fuzz.world import Change, World, provider_process

Values = dict[str, Any]


@dataclass
class Known:
    """What the engine's state holds of a resource."""

    id: str
    outs: Values


class Life:
    """One resource of a type, whose operations may each meet a vendor out of its mind."""

    def __init__(self, token: str) -> None:
        self.world = World()
        self.provider: Lifecycle = registry.provider_for(token)
        self.example: Example = EXAMPLES[token]
        instance: Instance = self.example.instances(self.world)["made"]
        self.args, self.updated = instance.args, {**instance.args, **instance.updates}
        self.before = self.world.state()
        self.known = self.run(lambda: self.create(self.args))
        self.made = self.world.state()
        self.full = self.run(lambda: self.update(self.known, self.updated))
        self.updated_world = self.world.state()
        self.calls = {
            "create": self._calls(self.before, lambda: self.create(self.args)),
            "read": self._calls(self.made, lambda: self.read(self.known)),
            "update": self._calls(self.made, lambda: self.update(self.known, self.updated)),
            "delete": self._calls(self.updated_world, lambda: self.delete(self.full)),
        }

    # As the engine asks

    def create(self, args: Values) -> Known:
        made = self.provider.create(_over_the_wire(self.checked(args)))
        return Known(made.id, _over_the_wire(made.outs))

    def read(self, known: Known) -> Known | None:
        read = self.provider.read(known.id, known.outs)
        return Known(read.id, _over_the_wire(read.outs)) if read.id else None

    def update(self, known: Known, args: Values) -> Known:
        updated = self.provider.update(known.id, known.outs, _over_the_wire(self.checked(args)))
        return Known(known.id, _over_the_wire(updated.outs))

    def delete(self, known: Known) -> None:
        self.provider.delete(known.id, known.outs)

    def differs(self, known: Known, args: Values) -> bool:
        return bool(self.provider.diff(known.id, known.outs, _over_the_wire(self.checked(args))).changes)

    def checked(self, args: Values) -> Values:
        checked = self.provider.check({}, args)
        assert not checked.failures
        return dict(checked.inputs)

    # In a provider process of its own

    def run(self, work: Callable[[], Any], change: Change | None = None, cache: Path | None = None) -> Any:
        """The work in a process of its own. What is done before a failure is known to the state."""
        with TemporaryDirectory() as folder, provider_process(self.world.line, cache or Path(folder)):
            if change is None:
                return work()
            with self.world.changing(change):
                return value_or_lines(lambda: _partly(work), self.provider.vendor)

    def converges(self, known: Known, args: Values) -> None:
        """The next run ends in the declared state."""

        def next_run() -> None:
            live = self.read(known)
            assert live is not None, "what was made is taken for gone"
            if self.differs(live, args):
                live = self.read(self.update(live, args))
                assert live is not None
            assert not self.differs(live, args)

        self.run(next_run)
        undisturbed = self.made if args is self.args else self.updated_world
        assert _counts(self.world.state()) == _counts(undisturbed)

    def _calls(self, state: Values, work: Callable[[], Any]) -> int:
        self.world.put_state(state)
        self.world.line.requests = []
        self.run(work)
        return len(self.world.line.requests)


def _counts(state: Values) -> dict[str, int]:
    return {kind: len(records) for kind, records in state["objects"].items()}


def _partly(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except Partly as part:
        if not isinstance(part.cause, VoiceRoutingError):
            raise part.cause from None
        clean(said_by("x", part.cause))
        return Known(part.id, _over_the_wire(part.outs))


def _over_the_wire(values: Any) -> Any:
    """As the engine hands them over: every number is a float."""
    return json.loads(json.dumps(values), parse_int=float)


life_of = cache(Life)
nonsense = st.sampled_from(sorted(NONSENSE))


def _senseless(calls: int) -> st.SearchStrategy[Answers]:
    """One call, or all calls from one on, are answered with what no vendor means."""
    return st.builds(
        lambda first, times, name: Answers(first, times, 200, None, NONSENSE[name]),
        st.integers(0, max(calls - 1, 0)),
        st.sampled_from([1, 1000]),
        nonsense,
    )


def _spoilt(calls: int, data: st.DataObject) -> Spoilt:
    return Spoilt(data.draw(st.integers(0, max(calls - 1, 0))), data.draw)


@pytest.mark.parametrize("token", TYPES)
def test_create(token: str) -> None:
    life = life_of(token)

    @inputs(3)
    @given(change=_senseless(life.calls["create"]))
    def create(change: Answers) -> None:
        life.world.put_state(life.before)
        with TemporaryDirectory() as cache:
            known = life.run(lambda: life.create(life.args), change, Path(cache))
            if known is None:
                known = life.run(lambda: life.create(life.args), cache=Path(cache))
        life.converges(known, life.args)

    create()


@pytest.mark.parametrize("token", TYPES)
def test_read(token: str) -> None:
    life = life_of(token)

    @inputs(2)
    @given(change=_senseless(life.calls["read"]))
    def read(change: Answers) -> None:
        life.world.put_state(life.made)

        def look() -> Known:
            live = life.read(life.known)
            assert live is not None, "an answer without sense is taken for an object that is gone"
            return live

        live = life.run(look, change)
        life.converges(live or life.known, life.args)

    read()


@pytest.mark.parametrize("token", TYPES)
def test_update(token: str) -> None:
    life = life_of(token)

    @inputs(3)
    @given(change=_senseless(life.calls["update"]))
    def update(change: Answers) -> None:
        life.world.put_state(life.made)
        known = life.run(lambda: life.update(life.known, life.updated), change)
        life.converges(known or life.known, life.updated)

    update()


@pytest.mark.parametrize("token", TYPES)
def test_delete(token: str) -> None:
    life = life_of(token)

    @inputs(2)
    @given(change=_senseless(life.calls["delete"]))
    def delete(change: Answers) -> None:
        life.world.put_state(life.updated_world)
        life.run(lambda: life.delete(life.full), change)
        life.run(lambda: life.delete(life.full))
        assert life.example.is_over(life.world, life.full.id, life.updated)

    delete()


@pytest.mark.parametrize("token", TYPES)
def test_answers_that_are_wrong_in_places(token: str) -> None:
    life = life_of(token)

    @inputs(5)
    @given(data=st.data(), verb=st.sampled_from(["create", "read", "update", "delete"]))
    def ask(data: st.DataObject, verb: str) -> None:
        states = {"create": life.before, "delete": life.updated_world}
        life.world.put_state(states.get(verb, life.made))
        change = _spoilt(life.calls[verb], data)
        work: dict[str, Callable[[], Any]] = {
            "create": lambda: life.create(life.args),
            "read": lambda: life.read(life.known),
            "update": lambda: life.update(life.known, life.updated),
            "delete": lambda: life.delete(life.full),
        }
        known = life.run(work[verb], change)
        if verb == "read" and known is not None:
            life.converges(known, life.args)

    ask()
