"""Nine things happen to a resource in its life. Each is tried with each type, on the real engine.

1. It is created.  2. The next preview is empty.  3. Each field that can change is changed.  4. It is replaced where a
field cannot change.  5. Somebody changes it by hand.  6. Somebody removes it by hand.  7. It takes over what is there.
8. It is destroyed.  9. It is destroyed once more.

The types are found in the registry. A new type needs a line in ``examples.py``, and no test.
"""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from pulumi_voice_routing import portsip, registry, ringcx, ringex
from tests.emulated import Emulated, operations
from tests.lifecycle import examples, http_examples, number_examples, portsip_examples, ringex_examples
from tests.lifecycle.examples import Example, Instance
from tests.stacks import Program, Run, Stack, by_name

Values = dict[str, Any]
VENDORS = {"ringcx": ringcx, "ringex": ringex, "portsip": portsip}
"""Importing one is what enters its types."""

EXAMPLES = {
    **examples.EXAMPLES,
    **http_examples.EXAMPLES,
    **number_examples.EXAMPLES,
    **ringex_examples.EXAMPLES,
    **portsip_examples.EXAMPLES,
}
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


@pytest.mark.parametrize("token", TYPES)
def test_nine_cases(token: str, emulator: Emulated, stack: Stack) -> None:
    life = Life(token, emulator, stack)

    life.is_created_or_takes_over_what_is_there()
    life.changes_every_field()
    life.shows_and_repairs_what_was_changed_by_hand()
    life.is_made_again_after_it_was_removed_by_hand()
    life.is_replaced_where_a_field_cannot_change()
    life.is_destroyed_and_destroyed_again()


class Life:
    """The resources of one type in one stack. :class:`Stack` sees to it that nothing is left to do after each up."""

    def __init__(self, token: str, portal: Emulated, stack: Stack) -> None:
        self.token, self.portal, self.stack = token, portal, stack
        self.example: Example = EXAMPLES[token]
        self.instances: dict[str, Instance] = self.example.instances(portal)
        self.declared: dict[str, Values] = {name: one.args for name, one in self.instances.items()}
        self.ids: dict[str, str] = {}

    def is_created_or_takes_over_what_is_there(self) -> None:
        with self.portal.recording() as calls:
            run = self._up()

        assert run.changes == {**dict.fromkeys(self.instances, "create"), **_NEW_STACK}
        assert {name: self.ids[name] for name, one in self.instances.items() if one.existing} == {
            name: one.existing for name, one in self.instances.items() if one.existing
        }
        if self.example.creates:
            new = [name for name, one in self.instances.items() if not one.existing]
            assert operations(calls).count(self.example.creates) == len(new)

    def changes_every_field(self) -> None:
        before = dict(self.ids)
        self.declared = {name: {**one.args, **one.updates} for name, one in self.instances.items()}

        run = self._up()

        assert run.changes == dict.fromkeys(self.instances, "update")
        secrets = fields(self.token, secret=True)
        for name, one in self.instances.items():
            # Of one secret in another's place nothing is to be seen.
            assert set(by_name(run, name).changed) == set(one.updates) - (secrets & set(one.args))
        assert self.ids == before

    def shows_and_repairs_what_was_changed_by_hand(self) -> None:
        expected = self.example.drift(self.portal, self.ids["made"], self.declared["made"])

        seen = self.stack.refresh()

        assert seen.changes == {"made": "update"}
        shown = by_name(seen, "made")
        assert {name: shown.new[name] for name in shown.changed} == _as_engine_has_it(expected, shown.old)

        assert self._up().changes == {"made": "update"}

    def is_made_again_after_it_was_removed_by_hand(self) -> None:
        self.example.remove(self.portal, self.ids["made"])

        assert self.stack.refresh().changes == {"made": "delete"}

        self.example.prepare_again(self.portal, self.ids["made"])
        assert self._up().changes == {"made": "create"}

    def is_replaced_where_a_field_cannot_change(self) -> None:
        replaced = {name: one.replacement for name, one in self.instances.items() if one.replacement}
        if not replaced:
            return
        ids, declared = dict(self.ids), dict(self.declared)
        self.declared.update({name: {**declared[name], **values} for name, values in replaced.items()})

        run = self._up()

        assert {step.name for step in run.steps if step.op == "replace"} == set(replaced)
        for name in replaced:
            assert self.ids[name] != ids[name]
            assert self.example.is_over(self.portal, ids[name], declared[name])

    def is_destroyed_and_destroyed_again(self) -> None:
        last = self.stack.export()

        self.stack.destroy()

        for name, args in self.declared.items():
            assert self.example.is_over(self.portal, self.ids[name], args), f"{name} is still in use"
        after = self.portal.state()

        self.stack.restore(last)
        self.stack.destroy()

        assert self.portal.state() == after

    def _up(self) -> Run:
        run = self.stack.up(self._program())
        self.ids = dict(run.outputs)
        for name, args in self.declared.items():
            held = self.example.held(self.portal, self.ids[name])
            assert held is not None, f"{name} is not there"
            assert _within(self.example.wire(args), held), f"{name} is not as declared"
        return run

    def _program(self) -> Program:
        vendor, _, name = self.token.partition(":")
        kind = getattr(VENDORS[vendor], name)
        declared = dict(self.declared)

        def program() -> None:
            for resource, args in declared.items():
                pulumi.export(resource, kind(resource, **args).id)

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
