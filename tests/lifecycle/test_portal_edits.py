"""What somebody changed in the portal is not put back unseen by a change of another field, whatever the type.

The portal's hand is a second copy of the same resource, which nobody else knows of.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

import pytest

from pulumi_voice_routing import registry
from pulumi_voice_routing.errors import ApiError, Refused
from pulumi_voice_routing.lifecycle.model import FieldFacts
from pulumi_voice_routing.lifecycle.portal_edits import OVERWRITE
from tests.emulated import Emulated, Json, operations, settings_for
from tests.examples import examples
from tests.numbers.resources import Failed, Managed, Values

EXAMPLES = examples()
TYPES = sorted(EXAMPLES)
NOT_SHOWN = {"rotation_trigger", "on_delete", "allow", "replace_all", "file", "internal", "numbers"}
"""Arguments that no vendor holds."""
OWNERS = ("profile", "queue_id", "visual_ivr_id")
"""Who answers a number: a rule of its own."""


@pytest.fixture(autouse=True)
def the_emulator_is_the_vendor(emulator: Emulated, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in settings_for(emulator.url).items():
        monkeypatch.setenv(name, value)
    _forget()


@dataclass
class Case:
    """A field that somebody changes in the portal, and one that the program changes."""

    field: FieldFacts
    before: Values
    portal: Any
    program: Values


def another(value: Any, hint: Any) -> Iterator[Any]:
    """Other values than this one that may do."""
    while get_args(hint) and get_origin(hint) is not Literal:
        hint = get_args(hint)[0]
    if get_origin(hint) is Literal:
        yield from (one for one in get_args(hint) if one != value)
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield value + 1
    elif isinstance(value, str):
        yield f"{value[:-1]}{(int(value[-1]) + 1) % 10}" if value[-1:].isdigit() else f"{value} by hand"
    elif isinstance(value, list) and len(value) > 1 and all(isinstance(one, dict) for one in value):
        yield [*value[1:], value[0]]


def cases(token: str, args: Values, updates: Values) -> Iterator[Case]:
    """Each field that can change and that the vendor shows, beside another one that the program changes."""
    model = registry.provider_for(token).model
    given = {name: value for name, value in args.items() if name not in ("adopt", "adopt_id")}
    for name, value in {**updates, **given}.items():
        field = model[name]
        if field.immutable or field.create_only or field.secret or name in NOT_SHOWN:
            continue
        edits = [updates[name]] if name in given and name in updates else list(another(value, field.hint))
        # A note first, as it goes along with anything; the name is the same to every vendor.
        others = sorted((other for other in updates if other not in {name, *NOT_SHOWN}), key=lambda one: _rank(one))
        for edit in edits:
            for other in others:
                yield Case(field, {**args, name: value}, edit, {other: updates[other]})


def _rank(name: str) -> int:
    order = ("description", "label", "screening", "name", "notes")
    return order.index(name) if name in order else len(order)


def tried(case: Case, token: str, emulator: Emulated) -> str:
    """What became of it; empty when the values do not go together."""
    name = case.field.name
    ours = Managed(token)
    try:
        ours.up(**case.before)
        by_hand = copy.copy(ours)
        by_hand.up(**{**case.before, name: case.portal})
        if ours.provider.means_same(case.field, _shown(token, ours, name), ours.outs.get(name)):
            return ""  # no vendor shows it
        elsewhere = emulator.state()
        alone = copy.copy(by_hand)
        alone.up(**{**case.before, name: case.portal, **case.program})  # they go together
        emulator.put_state(elsewhere)
    except (Failed, Refused, ApiError, AssertionError):
        return ""
    objects, outs = emulator.state()["objects"], copy.deepcopy(ours.outs)
    _forget()
    said = ""
    with emulator.recording() as calls:
        try:
            ours.up(**{**case.before, **case.program})
        except Refused as error:
            said = str(error)
    if said:
        is_refused(said, token, name)
        assert ours.outs == outs
        assert operations(calls, writes=True) == []
        assert emulator.state()["objects"] == objects
        return "refused"
    same = ours.provider.means_same(case.field, _shown(token, ours, name), _shown(token, by_hand, name))
    return "kept" if same else "put back"


def is_refused(said: str, token: str, name: str) -> None:
    """The line says what, where, and what to do."""
    if token.startswith("ringcx:DnisAssignment") and name in OWNERS:
        assert "take-foreign-dnis" in said
        return
    assert name in said
    assert "was changed by somebody since the last look" in said
    assert f'rule = "{OVERWRITE}"' in said
    assert "pulumi refresh" in said


def _forget() -> None:
    """As a new process begins."""
    from pulumi_voice_routing.lifecycle import adoption
    from pulumi_voice_routing.portsip import client as portsip_client
    from pulumi_voice_routing.ringcx.client import ringcx_client
    from pulumi_voice_routing.ringex.client import ringex_client

    adoption.ours.clear()
    ringcx_client().listings.clear()
    ringcx_client().pool.forget()
    portsip_client.portsip_client().listings.clear()
    ringex_client().listings.clear()


def _shown(token: str, one: Managed, name: str) -> Any:
    provider = registry.provider_for(token)
    return provider.read(one.id, one.outs).outs.get(name)


QUICK = ("ringcx:Destination", "ringcx:ProfileDestinations", "ringex:CallHandlingStateRule", "portsip:RingGroup")
"""What the quick run tries."""


@pytest.mark.parametrize(
    "token", [pytest.param(one, marks=() if one in QUICK else pytest.mark.whole_run) for one in TYPES]
)
def test_a_change_of_another_field_leaves_it(token: str, emulator: Emulated) -> None:
    start: Json = emulator.state()
    instance = EXAMPLES[token].instances(emulator)["made"]
    ready = emulator.state()
    seen: dict[str, str] = {}
    for case in cases(token, instance.args, instance.updates):
        if case.field.name in seen:
            continue
        emulator.put_state(ready)
        _forget()
        became = tried(case, token, emulator)
        if became:
            seen[case.field.name] = became
    emulator.put_state(start)

    provider = registry.provider_for(token)
    lists = getattr(provider, "whole_lists", ())
    refused = {name for name in seen if provider.model[name].decides or name in lists}
    assert seen == {name: "refused" if name in refused else "kept" for name in seen}
