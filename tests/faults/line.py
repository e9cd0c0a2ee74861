"""A stack whose every request passes through a proxy, with somebody who watches the account all the time."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import pytest

from pulumi_voice_routing.ringex import client as ringex_client
from tests.conftest import NewStack
from tests.emulated import Emulated
from tests.faults.proxy import Proxy
from tests.faults.scenarios import Scenario
from tests.faults.watch import Watch
from tests.stacks import Program

MOST_RUNS = 15
"""How often `up` is run at most until it succeeds."""
SKEWS = (0, -3 * 3600, 3 * 3600, 3 * 86400)
"""Seconds by which the vendor's clock goes wrong."""
TOKEN_LIVES = (300, 2)
"""Seconds that access tokens are good for."""

_CREDENTIALS = {
    "RINGEX_CLIENT_ID": "storm-client",
    "RINGEX_CLIENT_SECRET": "storm-client-secret",
    "RINGEX_JWT": "storm-jwt-credential",
    "PORTSIP_USERNAME": "admin",
    "PORTSIP_PASSWORD": "storm-password",
    "PORTSIP_DOMAIN": "acme.example.com",
}
_SECRETS = ("storm-client-secret", "storm-jwt-credential", "storm-password", "key-of-the-crm")


class Line:
    """A scenario on a stack of its own. Nothing of it talks to the vendors but through the proxy."""

    def __init__(self, scenario: Scenario, emulator: Emulated, watch: Watch, new_stack: NewStack) -> None:
        self.scenario, self.watch, self._emulator = scenario, watch, emulator
        self._story: list[str] = []
        self.proxy = Proxy(emulator.url, self._wrote)
        bases = {f"{vendor}_BASE_URL": self.proxy.url for vendor in ("RINGCX", "RINGEX", "PORTSIP")}
        # Tokens come from signing in, so that they can die.
        no_tokens = {f"{vendor}_ACCESS_TOKEN": "" for vendor in ("RINGCX", "RINGEX", "PORTSIP")}
        short = {"VOICE_ROUTING_TIMEOUT_SECONDS": "1", "VOICE_ROUTING_MAX_WAIT_SECONDS": "8"}
        self._env = {**bases, **no_tokens, **_CREDENTIALS, **short, **scenario.env}
        self.stack = new_stack(**self._env)
        for name, value in scenario.secrets.items():
            self.stack.config(name, value, secret=True)

    def stop(self) -> None:
        """Stop the proxy."""
        self.proxy.stop()

    def program(self, phase: int) -> Program:
        """The program at a phase, with the phase's configuration."""
        for name, value in self.scenario.settings[phase].items():
            self.stack.config(name, value)
        return self.scenario.program(self.stack.folder, phase)

    def weather(self, seed: int, phase: int) -> None:
        """Begin the storm of a seed: between 20 and 30 percent of the requests are hit."""
        dice = random.Random(f"{self.scenario.name} {seed} {phase}")
        rate, skew, life = dice.uniform(0.2, 0.3), dice.choice(SKEWS), dice.choice(TOKEN_LIVES)
        self._emulator.faults(token_lifetime_seconds=life, portsip_token_seconds=life)
        self.proxy.storm(f"{self.scenario.name} {seed} {phase}", rate, skew_seconds=skew)
        self._story.append(
            f"phase {phase}: {rate:.0%} of the requests are hit, the vendor's clock is {skew} s off, "
            f"tokens are good for {life} s"
        )

    def until_it_succeeds(self, program: Program) -> None:
        """Run `up` until it succeeds; whatever a failed run says is fit for users."""
        for number in range(1, MOST_RUNS + 1):
            start = len(self.proxy.log)
            with self._looking_up():
                run = self.stack.tried(program)
            self._story += [f"  {injected}" for injected in self.proxy.log[start:]]
            if not run.failed:
                return
            self._story += [f"  up no. {number} failed: {said}" for said in run.lines]
            assert not any(secret in run.console for secret in _SECRETS), run.console
        pytest.fail(f"{MOST_RUNS} times up, and none succeeded")

    def is_as_declared(self, program: Program) -> None:
        """In fair weather there is nothing left to do, and nothing has gone wrong on the way."""
        self.proxy.calm()
        self._emulator.clear()
        with self._looking_up():
            self.stack.is_quiet(program)
        self.watch.compare(self.stack.state(), self._emulator.state()["objects"])
        assert self.watch.problems == []

    @contextmanager
    def _looking_up(self) -> Iterator[None]:
        """Programs run in this process here, and may look something up: with the stack's settings, each time anew."""
        with patch.dict(os.environ, self._env), patch.dict(ringex_client._clients, clear=True):
            yield

    @contextmanager
    def explained(self, seed: int) -> Iterator[None]:
        """Adds to a failure what was done, and how to do it again."""
        try:
            yield
        except (AssertionError, pytest.fail.Exception) as error:
            again = f"seed {seed} again: pytest tests/faults -k {self.scenario.name} --seeds {seed}-{seed}"
            error.add_note("\n".join([again, *self._story]))
            raise

    def _wrote(self, call: str) -> None:
        self.watch.look(call, self._emulator.state()["objects"])
