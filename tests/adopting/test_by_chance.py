"""Accounts made by chance, of all three vendors: the state that an export enters differs in nothing from its program.

A hundred are held against the providers' own check, diff and read. A few run through the real engine, with `--prove`.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st

from pulumi_voice_routing.commands.export.account import PLACEHOLDER, one_object, read
from pulumi_voice_routing.commands.export.program import Program
from pulumi_voice_routing.commands.export.wanted import Wanted
from pulumi_voice_routing.portsip import client as portsip_client
from pulumi_voice_routing.registry import provider_for
from pulumi_voice_routing.ringcx import client as ringcx_client
from pulumi_voice_routing.ringex import client as ringex_client
from tests.adopting import account
from tests.adopting.odd import EXTENSIONS, NAMES
from tests.emulated import ACCOUNT, Emulated, Json, operations, settings_for
from tests.examples import portsip, ringex
from tests.examples.ringex_users import interaction_rule

CLIENTS = (portsip_client, ringcx_client, ringex_client)
SWITCHES = ("isActive", "active", "isEnabled", "enabled", "enable_paid", "smsEnabled", "recordCall", "isDebug")
READS = {"CR-17", "NM-01", "NM-02"}
ACCOUNTS = 100
WORDS = ['"quoted"', "it's", "two\nlines", "Grüße", "back\\slash", "{braces}", ""]


@pytest.fixture
def settings(emulator: Emulated, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The emulator's, with clients that have read nothing yet."""
    for name, value in {**settings_for(emulator.url), **EXTENSIONS}.items():
        monkeypatch.setenv(name, value)
    yield
    forget()


def forget() -> None:
    for client in CLIENTS:
        client._clients.clear()


def made_by(portal: Emulated, chance: random.Random) -> None:
    """A small account of all three vendors, after people have clicked about in it."""
    groups = ["1000", *(portal.group(chance.choice(NAMES)) for _ in range(chance.randint(0, 2)))]
    profiles = []
    for group in groups:
        made = [
            portal.destination(chance.choice(NAMES), group, active=True, routeDestination=f"1303555{place:04}")
            for place in range(chance.randint(1, 4))
        ]
        if chance.random() < 0.4:
            portal.override(made[0], "18005550111", "13035550111", group)
        for _ in range(chance.randint(0, 2)):
            profile = portal.profile(chance.choice(NAMES), group)
            portal.assign(profile, made[0], 100, 1, group)
            portal.switch("Profile", profile, on=True, group=group)
            profiles.append(profile)
    _numbers(portal, profiles, chance)
    for part in chance.sample((account.services, account.tracking), chance.randint(0, 1)):
        part(portal)
    for number in range(chance.randint(0, 3)):
        rule = {"action": "FORWARD_TO_NUMBER", "number": f"80{number - 1:02}"} if number else {"action": "HANGUP"}
        portsip.ring_group(portal, f"80{number:02}", "101", no_answer_forward_rule=rule)
        portsip.blocked_number(portal, f"+4930123{number:03}")
    if chance.random() < 0.5:
        phone = ringex.forwarding_number(portal, "+13035550200")
        step = {"index": 1, "ringCount": 4, "enabled": True, "forwardingNumbers": [{"id": phone}]}
        forwarding = {"notifyMySoftPhones": False, "rules": [step]}
        ringex.rule(portal, chance.choice(NAMES), callers=[{"callerId": "+13035551000"}], forwarding=forwarding)
        interaction_rule(portal, chance.choice(NAMES))
    portal.put_state(edited(portal.state(), chance))


def _numbers(portal: Emulated, profiles: list[str], chance: random.Random) -> None:
    dialled = [f"1720555{number:04}" for number in range(chance.choice((3, 12, 60)))]
    bodies: list[dict[str, Any]] = [
        {"dnis": one, "reservedAccountId": ACCOUNT, "dnisDescription": chance.choice(NAMES)} for one in dialled
    ]
    portal.manage("POST", f"{account.MANAGER}/dnisPool", bodies)
    chance.shuffle(dialled)
    for profile in profiles:
        some = [{"dnis": dialled.pop(), "isActive": True} for _ in range(min(len(dialled), chance.randint(0, 30)))]
        portal.manage("PUT", f"{account.MANAGER}/assignedDnis/cloudRouteProfiles/{profile}", some)


def edited(state: Json, chance: random.Random) -> Json:
    """The account after people have clicked about in it: switches, remarks and orders."""
    for records in state["objects"].values():
        chance.shuffle(records)
        for one in records:
            for name, value in one.items():
                if isinstance(value, bool) and name in SWITCHES and chance.random() < 0.2:
                    one[name] = not value
                elif name in ("destinationDesc", "description", "notes") and chance.random() < 0.3:
                    one[name] = chance.choice(WORDS)
    return state


def differs_in_nothing(emulator: Emulated) -> None:
    """What the export would enter into the state is what its program declares, and what is there."""
    forget()
    emulator.forget_journal()
    found = read(Wanted(), lambda said: None)
    assert found.failures == []
    program = Program("line", found)
    for one in program.in_order():
        provider = provider_for(one.token)
        inputs = {**program.inputs(one), **dict.fromkeys(one.secrets, PLACEHOLDER)}
        outputs = one.outputs(inputs)
        assert provider.check({}, inputs).failures == [], one.id
        assert not provider.diff(one.id, outputs, inputs).changes, (one.id, outputs, inputs)
        again = provider.read(one.id, outputs)
        assert (again.id, again.inputs) == (one.id, inputs)
    for one in {one.token: one for one in found.objects}.values():
        alone = one_object(one.token, "alone", one.id)
        assert (alone.args.keys(), alone.secrets) == (one.args.keys(), one.secrets), (
            "`voice-routing import` takes it too"
        )
    files = program.files()
    for name, text in files.items():
        assert ("\r\n" if name.endswith(".csv") else "\r") not in text  # a cell may have one, in quotes
        if name.endswith(".py"):
            compile(text, name, "exec")
    for name, text in Program("line", found, one_file=True).files().items():
        if name.endswith(".py"):
            compile(text, name, "exec")
    elsewhere = Program("line", found, portable=True).files()  # last: the objects then say what can be made anew
    for name, text in elsewhere.items():
        assert f"{ACCOUNT}/" not in text, name
        assert "adopt" not in text, name
        if name.endswith(".py"):
            compile(text, name, "exec")
    assert not set(operations(emulator.journal(), writes=True)) - READS


def test_a_state_that_was_entered_is_what_the_program_says(emulator: Emulated, settings: None) -> None:
    made_by(emulator, random.Random(1))
    differs_in_nothing(emulator)


@pytest.mark.whole_run
def test_a_hundred_accounts(emulator: Emulated, settings: None) -> None:
    @tried(max_examples=ACCOUNTS)
    @given(st.integers(0, 2**32))
    def hold(seed: int) -> None:
        emulator.start_over()
        made_by(emulator, random.Random(seed))
        differs_in_nothing(emulator)

    hold()


@pytest.mark.whole_run
@pytest.mark.parametrize("seed", range(3))
def test_some_of_them_on_the_engine(emulator: Emulated, tmp_path: Path, adopted_env: dict[str, str], seed: int) -> None:
    made_by(emulator, random.Random(seed))
    emulator.forget_journal()
    command = [sys.executable, "-m", "pulumi_voice_routing", "export", str(tmp_path / "line"), "--prove"]
    env = {**os.environ, **adopted_env, **EXTENSIONS}
    done = subprocess.run(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert "adopted, previewed, brought up, refreshed: 0 changes, 0 writes" in done.stdout, done.stdout
    assert not set(operations(emulator.journal(), writes=True)) - READS
