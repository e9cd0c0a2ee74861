"""Ring groups of the telephone system, which calls go on to by their numbers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
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


@pytest.mark.parametrize(
    "was", [{"8001": "8002", "8002": "8000", "8000": None}, {"8001": "8002", "8002": "8000"}, {"8001": "8000"}, {}]
)
def test_a_circle_of_ring_groups(live: Live, was: Groups, tmp_path: Path) -> None:
    stack = Stack()
    stack.up(**groups(was))
    live.new_lists()
    live.portal.forget_journal()
    circle = groups({"8001": "8000", **was, "8000": "8001"})
    with pytest.raises(Refused, match="a loop") as why:
        stack.up(**circle)
    assert operations(live.portal.journal(), writes=True) == []
    (tmp_path / "approvals.toml").write_text(filled_in(str(why.value)))
    stack.up(**circle)


@pytest.mark.parametrize("leaving", [["8000", "8001"], ["8000", "8001", "8002"], ["8000"]], ids=len)
def test_groups_that_forward_to_each_other_and_end_together(live: Live, leaving: list[str]) -> None:
    """The engine asks for all of them at once, whichever comes first."""
    stack = Stack()
    stack.up(**groups({"8000": None, "8001": "8000", "8002": "8001"}))
    live.new_lists()
    live.portal.forget_journal()
    ends = [f"g{number}" for number in leaving]
    with stack.exported(), ThreadPoolExecutor(len(ends)) as engine:
        done = [engine.submit(stack.delete, name) for name in ends]
        why = [one.exception() for one in done]
    refused = {name for name, error in zip(ends, why, strict=True) if error is not None}
    # What a group that stays forwards to stays, and so does what waited for that.
    assert refused == {1: {"g8000"}, 2: {"g8000", "g8001"}, 3: set()}[len(ends)]
    assert len(operations(live.portal.journal(), writes=True)) == (3 if not refused else 0)
