"""A stack with a guarded program, and what must hold of its numbers whatever is tried."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.emulated import Emulated
from tests.numbers.account import Account, digits, e164
from tests.stacks import Stack

NUMBERS = digits(3)

Approve = Callable[..., None]

LOOKS = {"NM-02"}
"""Calls that are no GET and change nothing."""


@pytest.fixture
def account(emulator: Emulated) -> Account:
    """Two profiles that answer (1001 and 1002), a queue (1000), and numbers of the pool."""
    by_hand = Account(emulator)
    by_hand.profile("First")
    by_hand.profile("Second")
    by_hand.pool(NUMBERS)
    return by_hand


@pytest.fixture
def stack(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Stack:
    """A stack whose program, also one that is a function of the test, runs in the folder of its approvals."""
    monkeypatch.chdir(stack.folder / "work")
    monkeypatch.setenv("VOICE_ROUTING_CACHE_DIR", str(stack.cache))
    return stack


@pytest.fixture
def approve(stack: Stack) -> Approve:
    """Writes the one approval that there is, for all numbers unless told otherwise."""

    def write(rule: str, from_: str, to: str, *, numbers: list[str] | None = None, until: str = "2999-12-31") -> None:
        objects = e164(NUMBERS if numbers is None else numbers)
        entry = {"rule": rule, "objects": objects, "from": from_, "to": to, "reason": "a test", "ticket": "T-1"}
        lines = [f"{name} = {json.dumps(value)}" for name, value in entry.items()]
        Path("approvals.toml").write_text("\n".join(["[[approval]]", *lines, f"until = {until}", ""]))

    return write


def changes_sent(emulator: Emulated) -> list[str]:
    """The operations that the vendor was asked for and that would change something."""
    calls = emulator.journal()
    return [call["operation"] for call in calls if call["method"] != "GET" and call["operation"] not in LOOKS]
