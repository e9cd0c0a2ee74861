"""The life of every resource of a type at the second server, without the engine: each verb as the engine asks it.

Every verb runs as in a provider process of its own, and more than a second passes from one to the next; within one, no
time passes but what the provider waits for.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pulumi_voice_routing import registry
from pulumi_voice_routing.lifecycle.provider import Lifecycle
from tests.examples import Example, Instance
from tests.fuzz.conftest import EXAMPLES
from tests.fuzz.world import provider_process
from tests.second_server.portal import Portal
from tests.second_server.server import Line, Server
from tests.second_server.ways import Ways

Values = dict[str, Any]


@dataclass
class Known:
    """What the engine's state holds of a resource."""

    id: str
    inputs: Values
    outs: Values


class World:
    """A server, its administrator, and provider processes that meet it."""

    def __init__(self, ways: Ways, cache: Path) -> None:
        self.server = Server(ways)
        self.portal = Portal(self.server)
        self.portal.fill()
        self._cache = cache
        self.told: list[str] = []

    def run(self, work: Callable[[], Any]) -> Any:
        """The work in a provider process of its own."""
        self.server.store.settle()
        with provider_process(Line(self.server), self._cache) as told:
            try:
                return work()
            finally:
                self.told += told

    def counts(self) -> dict[str, int]:
        """How many objects of each kind there are."""
        return {kind: len(records) for kind, records in self.portal.state()["objects"].items()}


class Resource:
    """One resource, as the engine sees it."""

    def __init__(self, world: World, token: str) -> None:
        self.world = world
        self.provider: Lifecycle = registry.provider_for(token)
        self.known: Known | None = None

    @property
    def there(self) -> Known:
        assert self.known is not None
        return self.known

    def checked(self, args: Values) -> Values:
        """The inputs that the engine keeps."""
        checked = self.provider.check({}, args)
        assert not checked.failures, checked.failures
        inputs: Values = over_the_wire(dict(checked.inputs))
        return inputs

    def create(self, args: Values) -> None:
        def create() -> Known:
            inputs = self.checked(args)
            made = self.provider.create(inputs)
            return Known(made.id, inputs, over_the_wire(made.outs))

        self.known = self.world.run(create)

    def update(self, args: Values) -> None:
        def update() -> Known:
            inputs = self.checked(args)
            updated = self.provider.update(self.there.id, self.there.outs, inputs)
            return Known(self.there.id, inputs, over_the_wire(updated.outs))

        self.known = self.world.run(update)

    def refresh(self) -> Values | None:
        """What a refresh finds otherwise than the state has it, by input; nothing when the object is gone."""

        def read() -> Known | None:
            read = self.provider.read(self.there.id, self.there.outs)
            return Known(read.id, over_the_wire(read.inputs or {}), over_the_wire(read.outs)) if read.id else None

        old, self.known = self.there, self.world.run(read)
        if self.known is None:
            return None
        names = {*old.inputs, *self.known.inputs}
        drift = {
            name: self.known.inputs.get(name) for name in names if old.inputs.get(name) != self.known.inputs.get(name)
        }
        if not drift:
            assert self.known.outs == old.outs, "a refresh finds other outputs, though no input has changed"
        return drift

    def differs(self, args: Values) -> bool:
        """Whether a preview plans an update."""
        known = self.there
        return bool(self.world.run(lambda: self.provider.diff(known.id, known.outs, self.checked(args)).changes))

    def delete(self) -> None:
        known = self.there
        self.world.run(lambda: self.provider.delete(known.id, known.outs))


class Life:
    """All resources of a type's example, from their making to their end."""

    def __init__(self, token: str, ways: Ways, cache: Path) -> None:
        self.world = World(ways, cache)
        self.example: Example = EXAMPLES[token]
        self.instances: dict[str, Instance] = self.example.instances(self.world.portal)
        self.resources = {name: Resource(self.world, token) for name in self.instances}
        self.declared = {name: one.args for name, one in self.instances.items()}
        self.history: list[dict[str, int]] = []

    def are_made(self) -> None:
        for name, resource in self.resources.items():
            resource.create(self.declared[name])
            existing = self.instances[name].existing
            assert not existing or resource.there.id == existing, f"{name} is not what it was to take over"
        self.are_as_declared()

    def are_changed(self) -> None:
        self.declared = {name: {**one.args, **one.updates} for name, one in self.instances.items()}
        for name, resource in self.resources.items():
            assert resource.differs(self.declared[name]), f"no preview shows the update of {name}"
            resource.update(self.declared[name])
        self.are_as_declared()

    def show_drift(self) -> None:
        made, args, undisturbed = self.resources["made"], self.declared["made"], self.world.portal.state()
        before = made.there
        by_hand = self.example.drift(self.world.portal, before.id, args)
        expected = over_the_wire({name: _like(value, before.inputs.get(name)) for name, value in by_hand.items()})
        seen = made.refresh()
        assert seen is not None, "what was changed by hand is taken for gone"
        assert seen.items() <= expected.items(), f"a refresh finds {seen}, and not {expected}"
        assert self._visible(expected).items() <= seen.items(), f"a refresh finds {seen}, and not {expected}"
        if seen:
            assert made.differs(args), "a preview does not show what was changed by hand"
            made.update(args)
        if seen != expected:  # what is not shown is not repaired either
            self.world.portal.put_state(undisturbed)
            made.known = before
        self.are_as_declared()

    def _visible(self, expected: Values) -> Values:
        """What of a change by hand every answer shows."""
        if "summaries" in self.world.server.ways:
            return {}
        if "sparse" in self.world.server.ways:
            return {name: value for name, value in expected.items() if name in _SWITCHES or value not in (False, 0)}
        return expected

    def are_made_again(self) -> None:
        made = self.resources["made"]
        id_ = made.there.id
        self.example.remove(self.world.portal, id_)
        assert made.refresh() is None
        self.example.prepare_again(self.world.portal, id_)
        made.create(self.declared["made"])
        self.are_as_declared()

    def end(self) -> None:
        for resource in self.resources.values():
            resource.delete()
        for name, resource in self.resources.items():
            assert self.example.is_over(self.world.portal, resource.there.id, self.declared[name]), f"{name} goes on"
        after = self.world.portal.state()["objects"]
        for resource in self.resources.values():
            resource.delete()
        assert self.world.portal.state()["objects"] == after

    def are_as_declared(self) -> None:
        """The vendor has what is declared, a refresh finds nothing, a preview plans nothing."""
        for name, resource in self.resources.items():
            held = self.example.held(self.world.portal, resource.there.id)
            wanted = self.example.wire(self.declared[name])
            assert within(wanted, held), f"{name} is not as declared: {missing(wanted, held)}"
            assert resource.refresh() == {}, f"a refresh finds changes of {name}"
            assert not resource.differs(self.declared[name]), f"a second preview plans an update of {name}"
        self.history.append(self.world.counts())


_SWITCHES = ("active", "enabled")
STEPS = ("are_made", "are_changed", "show_drift", "are_made_again", "end")


def over_the_wire(values: Any) -> Any:
    """As the engine hands them over: every number is a float, and null is nothing."""
    return _without_nulls(json.loads(json.dumps(values), parse_int=float))


def _without_nulls(values: Any) -> Any:
    if isinstance(values, dict):
        return {name: _without_nulls(value) for name, value in values.items() if value is not None}
    return [_without_nulls(value) for value in values] if isinstance(values, list) else values


def _like(expected: Any, before: Any) -> Any:
    """An expected input, with what a check has made of the declared one."""
    if isinstance(before, list) and isinstance(expected, list) and len(before) == len(expected):
        return [_like(one, other) for one, other in zip(expected, before, strict=True)]
    return {**before, **expected} if isinstance(before, dict) and isinstance(expected, dict) else expected


def within(wanted: Any, held: Any) -> bool:
    """Whether everything wanted is held; objects may hold more."""
    if isinstance(wanted, dict) and isinstance(held, dict):
        return all(name in held and within(value, held[name]) for name, value in wanted.items())
    return bool(wanted == held)


def missing(wanted: Any, held: Any) -> Any:
    """What is wanted and not held, for a message."""
    if isinstance(wanted, dict) and isinstance(held, dict):
        return {name: (value, held.get(name)) for name, value in wanted.items() if not within(value, held.get(name))}
    return wanted, held
