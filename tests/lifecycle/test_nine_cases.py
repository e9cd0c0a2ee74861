"""Nine things happen to a resource in its life. Each is tried with each type, on the real engine.

1. It is created.  2. The next preview is empty.  3. Each field that can change is changed.  4. It is replaced where a
field cannot change.  5. Somebody changes it by hand.  6. Somebody removes it by hand.  7. It takes over what is there.
8. It is destroyed.  9. It is destroyed once more.

The types are found in the registry. A new type needs an example in ``tests/examples``, and no test.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

import pulumi
import pytest

from pulumi_voice_routing import portsip, registry, ringcx, ringex
from tests.emulated import Emulated, Json, operations
from tests.examples import Example, Instance, examples
from tests.stacks import Program, Run, Stack, by_name

Values = dict[str, Any]
VENDORS = {"ringcx": ringcx, "ringex": ringex, "portsip": portsip}
"""Importing one is what enters its types."""

EXAMPLES = examples()
TYPES = sorted(token for token in registry.providers if token.partition(":")[0] in VENDORS)


def fields(token: str, **marks: bool) -> set[str]:
    """The fields of a type that are marked in this way."""
    model = registry.provider_for(token).model
    return {name for name, facts in model.items() if all(getattr(facts, mark) is is_ for mark, is_ in marks.items())}


@pytest.mark.parametrize("token", TYPES)
def test_every_type_has_an_example_that_changes_every_field(token: str, emulator: Emulated) -> None:
    instances = EXAMPLES[token].instances(emulator).values()

    changed = {name for one in instances for name in one.updates}
    assert changed == fields(token, immutable=False, create_only=False)
    replaced = {name for one in instances for name in one.replacement}
    assert replaced == fields(token, immutable=True)
    assert {"adopt", "adopt_id"} & fields(token) <= {name for one in instances if one.existing for name in one.args}


def households(types: Sequence[str] = TYPES) -> list[tuple[str, ...]]:
    """Types that live in one stack, as runs of the engine are what takes time.

    Examples of one module have names in common; those of different ones get along.
    """
    kin: dict[str, list[str]] = {}
    for token in types:
        kin.setdefault(type(EXAMPLES[token]).__module__, []).append(token)
    return [tuple(filter(None, some)) for some in zip_longest(*kin.values())]


@pytest.mark.parametrize("tokens", households(), ids="+".join)
def test_nine_cases(tokens: tuple[str, ...], emulator: Emulated, stack: Stack) -> None:
    lives = Lives(tokens, emulator, stack)

    lives.are_created_or_take_over_what_is_there()
    lives.change_every_field()
    lives.show_and_repair_what_was_changed_by_hand()
    lives.are_made_again_after_they_were_removed_by_hand()
    lives.are_replaced_where_a_field_cannot_change()
    lives.are_destroyed_and_destroyed_again()


class Life:
    """The resources of one type."""

    def __init__(self, token: str, portal: Emulated) -> None:
        self.token, self.portal = token, portal
        self.example: Example = EXAMPLES[token]
        vendor, _, kind = token.partition(":")
        self.kind = getattr(VENDORS[vendor], kind)
        self.instances: dict[str, Instance] = {
            f"{kind}-{name}": one for name, one in self.example.instances(portal).items()
        }
        self.made = f"{kind}-made"
        self.declared: dict[str, Values] = {name: one.args for name, one in self.instances.items()}
        self.ids: dict[str, str] = {}

    def is_as_declared(self, ids: Values) -> None:
        self.ids = {name: ids[name] for name in self.instances}
        for name, args in self.declared.items():
            held = self.example.held(self.portal, self.ids[name])
            assert held is not None, f"{name} is not there"
            assert _within(self.example.wire(args), held), f"{name} is not as declared"

    def has_taken_over_what_was_there(self, calls: list[Json]) -> None:
        existing = {name: one.existing for name, one in self.instances.items() if one.existing}
        assert {name: self.ids[name] for name in existing} == existing
        if self.example.creates:
            assert operations(calls).count(self.example.creates) == len(self.instances) - len(existing)

    def declares_updates(self) -> None:
        self.declared = {name: {**one.args, **one.updates} for name, one in self.instances.items()}

    def shows_what_is_updated(self, run: Run) -> None:
        secrets = fields(self.token, secret=True)
        for name, one in self.instances.items():
            # Of one secret in another's place nothing is to be seen.
            assert set(by_name(run, name).changed) == set(one.updates) - (secrets & set(one.args))

    def drifts(self) -> Values:
        return self.example.drift(self.portal, self.ids[self.made], self.declared[self.made])

    def shows_drift(self, seen: Run, expected: Values) -> None:
        shown = by_name(seen, self.made)
        assert {name: shown.new[name] for name in shown.changed} == _as_engine_has_it(expected, shown.old)

    def declares_replacements(self) -> set[str]:
        replaced = {name: one.replacement for name, one in self.instances.items() if one.replacement}
        self.declared |= {name: {**self.declared[name], **values} for name, values in replaced.items()}
        return set(replaced)


class Lives:
    """The resources of some types in one stack. :class:`Stack` sees to it that nothing is left to do after each up."""

    def __init__(self, tokens: tuple[str, ...], portal: Emulated, stack: Stack) -> None:
        self.portal, self.stack = portal, stack
        self.lives = [Life(token, portal) for token in tokens]

    @property
    def names(self) -> list[str]:
        return [name for life in self.lives for name in life.instances]

    def are_created_or_take_over_what_is_there(self) -> None:
        with self.portal.recording() as calls:
            run = self._up()

        assert run.changes == {**dict.fromkeys(self.names, "create"), **_NEW_STACK}
        for life in self.lives:
            life.has_taken_over_what_was_there(calls)

    def change_every_field(self) -> None:
        before = [dict(life.ids) for life in self.lives]
        for life in self.lives:
            life.declares_updates()

        run = self._up()

        assert run.changes == dict.fromkeys(self.names, "update")
        for life in self.lives:
            life.shows_what_is_updated(run)
        assert [life.ids for life in self.lives] == before

    def show_and_repair_what_was_changed_by_hand(self) -> None:
        expected = [life.drifts() for life in self.lives]

        seen = self.stack.refresh()

        assert seen.changes == {life.made: "update" for life in self.lives}
        for life, drift in zip(self.lives, expected, strict=True):
            life.shows_drift(seen, drift)

        assert self._up().changes == {life.made: "update" for life in self.lives}

    def are_made_again_after_they_were_removed_by_hand(self) -> None:
        for life in self.lives:
            life.example.remove(self.portal, life.ids[life.made])

        assert self.stack.refresh().changes == {life.made: "delete" for life in self.lives}

        for life in self.lives:
            life.example.prepare_again(self.portal, life.ids[life.made])
        assert self._up().changes == {life.made: "create" for life in self.lives}

    def are_replaced_where_a_field_cannot_change(self) -> None:
        before = [(life, dict(life.ids), dict(life.declared), life.declares_replacements()) for life in self.lives]
        replaced = {name for *_, names in before for name in names}
        if not replaced:
            return

        run = self._up()

        assert {step.name for step in run.steps if step.op == "replace"} == replaced
        for life, ids, declared, names in before:
            for name in names:
                assert life.ids[name] != ids[name]
                assert life.example.is_over(self.portal, ids[name], declared[name])

    def are_destroyed_and_destroyed_again(self) -> None:
        last = self.stack.export()

        self.stack.destroy()

        for life in self.lives:
            for name, args in life.declared.items():
                assert life.example.is_over(self.portal, life.ids[name], args), f"{name} is still in use"
        after = self.portal.state()

        self.stack.restore(last)
        self.stack.destroy()

        assert self.portal.state() == after

    def _up(self) -> Run:
        run = self.stack.up(self._program())
        for life in self.lives:
            life.is_as_declared(run.outputs)
        return run

    def _program(self) -> Program:
        declared = [(life.kind, dict(life.declared)) for life in self.lives]

        def program() -> None:
            for kind, resources in declared:
                for name, args in resources.items():
                    pulumi.export(name, kind(name, **args).id)

        return program


_NEW_STACK = {"lines-dev": "create", "default": "create"}


def _as_engine_has_it(expected: Values, old: Values) -> Values:
    """The expected inputs, with what a check has made of the declared ones."""
    return {name: _like(value, old[name]) for name, value in expected.items()}


def _like(value: Any, old: Any) -> Any:
    if isinstance(value, list) and isinstance(old, list) and len(value) == len(old):
        return [_like(one, other) for one, other in zip(value, old, strict=True)]
    if isinstance(value, dict) and isinstance(old, dict):
        return {**old, **value}
    return value


def _within(wanted: Any, held: Any) -> bool:
    """Whether everything wanted is held; objects may hold more."""
    if isinstance(wanted, dict) and isinstance(held, dict):
        return all(name in held and _within(value, held[name]) for name, value in wanted.items())
    return bool(wanted == held)
