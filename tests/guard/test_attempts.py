"""Every way to take numbers from whoever answers them, tried with the engine's own command line: none gets through."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from pulumi_voice_routing.safety.guard import HOW_TO_END
from tests.guard.conftest import NUMBERS, Approve, changes_sent
from tests.numbers.account import Account
from tests.stacks import Stack

PROGRAM = """
import json
from pathlib import Path

import pulumi
import pulumi_voice_routing
from pulumi_voice_routing import ringcx

shape = json.loads(Path("shape.json").read_text())
if shape["guarded"]:
    pulumi_voice_routing.guard()
if shape["numbers"]:
    ringcx.DnisAssignments("support", numbers=shape["numbers"], profile=shape["profile"])
"""
FIRST, SECOND = "123456/1000/1001", "123456/1000/1002"

HOOK = 'before hook "number-safety" failed'
NO_REPLACEMENT = "as it is currently marked for protection"
NO_PROGRAM = f"has delete hooks registered, but the program is not running. Hooks: {HOW_TO_END}, number-safety"
NO_HOOK = f'hook "{HOW_TO_END}" was not registered'
PROVIDER = "Nothing was changed"


class Guarded:
    """The stack, with numbers that callers reach; whatever is refused has sent nothing."""

    def __init__(self, stack: Stack, account: Account) -> None:
        self._stack, self._account = stack, account
        stack.write_program(PROGRAM)
        self.declare()
        assert self.run("up", "--yes", "--skip-preview").returncode == 0
        assert set(account.owners().values()) == {"profile 1001"}
        self.urn = stack.state()["support"]["urn"]
        account.portal.forget_journal()

    def declare(self, *, numbers: list[str] = NUMBERS, profile: str = FIRST, guarded: bool = True) -> None:
        """Change the program."""
        shape: dict[str, Any] = {"numbers": numbers, "profile": profile, "guarded": guarded}
        Path("shape.json").write_text(json.dumps(shape))

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One command of the engine."""
        return subprocess.run(self._stack.command(*arguments), capture_output=True, text=True, **self._stack.where)

    def survive(self, *arguments: str) -> None:
        """The command succeeds, and the numbers are where they were without a change at the vendor."""
        before = self._account.owners()
        done = self.run(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        assert self._account.owners() == before, arguments
        assert changes_sent(self._account.portal) == [], arguments

    def refuses(self, layer: str, *arguments: str) -> None:
        """The command ends because of this layer, in a line, and the vendor has not been asked for a change."""
        before = self._account.owners()
        done = self.run(*arguments)
        said = done.stdout + done.stderr
        assert done.returncode != 0, said
        assert layer in said, f"{arguments}: {said}"
        assert "Traceback" not in said, said
        assert self._account.owners() == before, arguments
        assert changes_sent(self._account.portal) == [], arguments


def test_every_way_meets_a_layer_that_holds(account: Account, stack: Stack) -> None:
    guarded = Guarded(stack, account)
    up, destroy = ("up", "--yes", "--skip-preview"), ("destroy", "--yes", "--skip-preview")

    guarded.refuses(NO_PROGRAM, *destroy)
    guarded.refuses(NO_PROGRAM, *destroy, "--target", guarded.urn)
    guarded.refuses(HOOK, *destroy, "--run-program", "--ignore-protect")
    guarded.refuses(NO_REPLACEMENT, *up, "--replace", guarded.urn)

    guarded.declare(profile=SECOND)
    guarded.refuses(HOOK, *up)
    guarded.refuses(HOOK, *up, "--target", guarded.urn)

    guarded.declare(numbers=[])
    guarded.refuses(HOOK, *up)
    guarded.refuses(HOOK, *destroy, "--run-program")
    guarded.declare(numbers=[], guarded=False)
    guarded.refuses(NO_HOOK, *up)
    guarded.refuses(NO_HOOK, *destroy, "--run-program")

    stack.cli("state", "unprotect", guarded.urn, "--yes")
    guarded.refuses(NO_PROGRAM, *destroy)
    guarded.refuses(NO_HOOK, *up)
    guarded.declare(numbers=[])
    guarded.refuses(HOOK, *up)
    guarded.refuses(HOOK, *destroy, "--run-program")

    # Without guard() an up takes hooks and protection away; then there is the provider.
    guarded.declare(guarded=False)
    assert guarded.run(*up).returncode == 0
    guarded.refuses(PROVIDER, *destroy)
    guarded.survive(*up, "--replace", guarded.urn)
    guarded.declare(guarded=False, profile=SECOND)
    guarded.refuses(PROVIDER, *up)
    guarded.declare(guarded=False, numbers=[])
    guarded.refuses(PROVIDER, *up)


def test_approved_numbers_go(account: Account, stack: Stack, approve: Approve) -> None:
    guarded = Guarded(stack, account)
    approve("release-active-dnis", "profile 1001", "nobody")
    assert guarded.run("up", "--yes", "--skip-preview").returncode == 0

    done = guarded.run("destroy", "--yes", "--run-program")

    assert done.returncode == 0, done.stdout + done.stderr
    assert set(account.owners().values()) == {None}
    assert stack.state() == {}


def test_an_owner_that_changes_between_preview_and_up(account: Account, stack: Stack, approve: Approve) -> None:
    guarded = Guarded(stack, account)
    approve("reassign-active-dnis", "profile 1001", "profile 1002")
    guarded.declare(profile=SECOND)
    assert guarded.run("preview").returncode == 0

    account.move(NUMBERS[:1], "queue 1000")
    account.portal.forget_journal()

    guarded.refuses("this stack does not know queue 1000 as the owner", "up", "--yes", "--skip-preview")
