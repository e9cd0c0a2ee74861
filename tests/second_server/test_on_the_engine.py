"""All types on the real engine, at the server in all its ways.

A second after each up there is a refresh that finds nothing, and a second preview that plans nothing.
"""

from __future__ import annotations

import pytest

from tests.lifecycle.test_nine_cases import Lives, households
from tests.second_server.judge import violations
from tests.second_server.known import KNOWN
from tests.second_server.portal import Portal
from tests.stacks import Program, Stack


class LivesThere(Lives):
    """Lives whose requests nobody counts."""

    def are_created_or_take_over_what_is_there(self) -> None:
        run = self._up()

        assert {name: run.changes.get(name) for name in self.names} == dict.fromkeys(self.names, "create")
        for life in self.lives:
            existing = {name: one.existing for name, one in life.instances.items() if one.existing}
            assert {name: life.ids[name] for name in existing} == existing


@pytest.mark.parametrize("tokens", households(KNOWN), ids="+".join)
def test_lives(tokens: tuple[str, ...], portal: Portal, stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    def a_second_later(program: Program) -> None:
        portal.server.store.settle()
        is_quiet(program)

    is_quiet = stack.is_quiet
    monkeypatch.setattr(stack, "is_quiet", a_second_later)  # a refresh that comes at once sees what late lists show
    lives = LivesThere(tokens, portal, stack)

    lives.are_created_or_take_over_what_is_there()
    lives.change_every_field()
    lives.are_destroyed_and_destroyed_again()

    assert violations(portal.server.journal, portal.server.ways) == []
