"""An extension is moved after any request of a change: one line is the answer, and nothing is taken for gone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from pulumi_voice_routing.errors import VoiceRoutingError
from tests.examples.ringex import EXTENSION
from tests.fuzz.hostile import clean
from tests.fuzz.test_lives import Known, Life, life_of

TOKENS = ("ringex:AnsweringRule", "ringex:BuiltInAnsweringRule")
NEW_TYPES = ("CallHandlingStateRule", "InteractionRule", "migrate ringex")


class MovedAfter:
    """Somebody moves the extension after so many answers."""

    def __init__(self, life: Life, answers: int) -> None:
        self.life, self.left = life, answers

    def __call__(self, request: httpx.Request, answer: httpx.Response) -> httpx.Response:
        self.left -= 1
        if self.left == 0:
            move(self.life)
        return answer


def move(life: Life) -> None:
    life.world.call("POST", "/_emulator/ringex/move", {"extensionId": EXTENSION})


def work_of(life: Life, verb: str) -> tuple[Any, Callable[[], Any]]:
    """What is there at first, and what is then done."""
    return {
        "create": (life.before, lambda: life.create(life.args)),
        "update": (life.made, lambda: life.update(life.known, life.updated)),
        "delete": (life.updated_world, lambda: life.delete(life.full)),
        "read": (life.made, lambda: life.read(life.known)),
    }[verb]


def said_of(life: Life, known: Known) -> str:
    def look() -> str:
        try:
            return repr(life.read(known))
        except VoiceRoutingError as error:
            return str(error)

    return str(life.run(look))


@pytest.mark.parametrize("verb", ["create", "read", "update", "delete"])
@pytest.mark.parametrize("token", TOKENS)
def test_after_each_request(token: str, verb: str) -> None:
    life = life_of(token)
    for answers in range(1, life.calls[verb] + 1):
        state, work = work_of(life, verb)
        life.world.put_state(state)
        made = life.run(work, MovedAfter(life, answers))
        if verb == "delete":
            continue
        if isinstance(made, Known) or verb != "create":
            known = made if isinstance(made, Known) else life.known
            said = said_of(life, known)
            clean(said)
            assert all(one in said for one in NEW_TYPES), said
        names = [one["displayName"] for one in life.world.records("RingExInteractionRule")]
        assert len(names) == len(set(names)), names


@pytest.mark.parametrize("token", TOKENS)
def test_a_delete_is_no_failure_and_nothing_is_deleted(token: str) -> None:
    life = life_of(token)
    life.world.put_state(life.made)
    move(life)
    there = life.world.state()["objects"]
    life.run(lambda: life.delete(life.known))
    assert life.world.state()["objects"] == there
