"""Ring groups of the telephone system, which calls go on to by their numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pulumi_voice_routing.errors import Refused
from tests.approvals import filled_in
from tests.emulated import operations

from .conftest import Live
from .run import Stack
from .test_unchanged_things import PREMIUM, Program, ring_group


def group(**args: Any) -> tuple[str, dict[str, Any]]:
    given = {"name": "Day", "extension_number": "8001", "strategy": "CYCLIC_HUNT"}
    return "portsip:RingGroup", {**given, "members": [{"extension_number": "101"}], **args}


@pytest.mark.parametrize("forwards_to", [PREMIUM, "8001"])
def test_a_ring_group_of_the_portal_to_which_calls_go_on(live: Live, forwards_to: str) -> None:
    stack = Stack()
    stack.up(day=group(no_answer={"action": "FORWARD_TO_VOICEMAIL"}))
    ring_group(live, forwards_to)
    live.new_lists()
    live.portal.forget_journal()
    with pytest.raises(Refused):
        stack.up(day=group(no_answer={"action": "FORWARD_TO_NUMBER", "number": "8000"}))
    assert operations(live.portal.journal(), writes=True) == []


Groups = dict[str, str | None]
"""To which number each ring group of a program forwards what nobody takes."""


def groups(forwards: Groups) -> Program:
    return {
        f"g{number}": group(
            extension_number=number,
            name=number,
            allow=["release"],
            no_answer={"action": "FORWARD_TO_NUMBER", "number": to} if to else {"action": "FORWARD_TO_VOICEMAIL"},
        )
        for number, to in forwards.items()
    }


@pytest.mark.parametrize("was", [{"8001": "8002", "8002": "8000", "8000": None}, {"8001": "8002", "8002": "8000"}])
def test_a_circle_of_ring_groups(live: Live, was: Groups, tmp_path: Path) -> None:
    stack = Stack()
    stack.up(**groups(was))
    live.new_lists()
    live.portal.forget_journal()
    circle = groups({**was, "8000": "8001"})
    with pytest.raises(Refused, match="a loop") as why:
        stack.up(**circle)
    assert operations(live.portal.journal(), writes=True) == []
    (tmp_path / "approvals.toml").write_text(filled_in(str(why.value)))
    stack.up(**circle)
