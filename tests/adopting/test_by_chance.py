"""Accounts made by chance: whatever is in them, the state that an export enters differs in nothing from its program."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from pulumi_voice_routing.commands.export.account import PLACEHOLDER, Wanted, read
from pulumi_voice_routing.commands.export.program import Program
from pulumi_voice_routing.portsip import client as portsip_client
from pulumi_voice_routing.registry import provider_for
from pulumi_voice_routing.ringcx import client as ringcx_client
from pulumi_voice_routing.ringex import client as ringex_client
from tests.adopting import account
from tests.emulated import Emulated, Json, operations, settings_for

CLIENTS = (portsip_client, ringcx_client, ringex_client)
PARTS = (account.services, account.tracking, account.extensions, account.ring_groups)

SWITCHES = ("isActive", "active", "isEnabled", "enabled", "enable_paid", "smsEnabled", "recordCall", "isDebug")


@pytest.fixture
def settings(emulator: Emulated, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The emulator's, with clients that have read nothing yet."""
    for name, value in settings_for(emulator.url).items():
        monkeypatch.setenv(name, value)
    for client in CLIENTS:
        client._clients.clear()
    yield
    for client in CLIENTS:
        client._clients.clear()


def edited(state: Json, chance: random.Random) -> Json:
    """The account after people have clicked about in it: switches, remarks and orders."""
    for records in state["objects"].values():
        chance.shuffle(records)
        for one in records:
            for name, value in one.items():
                if isinstance(value, bool) and name in SWITCHES and chance.random() < 0.2:
                    one[name] = not value
                elif name in ("destinationDesc", "description", "notes") and chance.random() < 0.3:
                    one[name] = chance.choice(['"quoted"', "it's", "two\nlines", "Grüße", "back\\slash", "{braces}"])
    return state


@pytest.mark.parametrize("seed", range(5))
def test_a_state_that_was_entered_is_what_the_program_says(emulator: Emulated, settings: None, seed: int) -> None:
    chance = random.Random(seed)
    account.routing(emulator, 1)
    for part in chance.sample(PARTS, chance.randint(1, len(PARTS))):
        part(emulator)
    emulator.put_state(edited(emulator.state(), chance))
    emulator.forget_journal()
    found = read(Wanted(), lambda said: None)
    assert found.failures == []
    program = Program("line", found)
    assert len(found.objects) > 300
    for one in program.in_order():
        provider = provider_for(one.token)
        inputs = {**program.inputs(one), **dict.fromkeys(one.secrets, PLACEHOLDER)}
        outputs = one.outputs(inputs)
        assert provider.check({}, inputs).failures == [], one.id
        assert not provider.diff(one.id, outputs, inputs).changes, (one.id, outputs, inputs)
        again = provider.read(one.id, outputs)
        assert (again.id, again.inputs) == (one.id, inputs)
    for text in program.files().values():
        assert "\r" not in text
    for name, text in program.files().items():
        if name.endswith(".py"):
            compile(text, name, "exec")
    assert not set(operations(emulator.journal(), writes=True)) - {"CR-17", "NM-01", "NM-02"}
