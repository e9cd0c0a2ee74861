"""Questions of many threads that go out as one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from pulumi_voice_routing.client.together import Together
from pulumi_voice_routing.errors import BadRequest, ServerError


class Vendor:
    """Answers its first question when the others have come."""

    def __init__(self, wrong: Callable[[list[str]], Exception | None] = lambda _: None) -> None:
        self.asked: list[list[str]] = []
        self.first, self.everyone = threading.Event(), threading.Event()
        self._wrong = wrong
        self.together = Together(self.look_up)

    def look_up(self, keys: list[str]) -> dict[str, int]:
        self.asked.append(keys)
        if len(self.asked) == 1:
            self.first.set()
            assert self.everyone.wait(30)
        if (error := self._wrong(keys)) is not None:
            raise error
        return {key: len(self.asked) for key in keys if key != "gone"}

    def told(self, *keys: str) -> list[dict[str, int] | Exception]:
        """What each of these is told who ask while a question is under way."""

        def ask(key: str) -> dict[str, int] | Exception:
            try:
                return self.together.ask([key])
            except (BadRequest, ServerError) as error:
                return error

        with ThreadPoolExecutor(len(keys) + 1) as threads:
            threads.submit(ask, "first")
            assert self.first.wait(30)
            asking = [threads.submit(ask, key) for key in keys]
            while (gathering := self.together._gathering) is None or gathering.askers < len(keys):
                threading.Event().wait(0.001)
            self.everyone.set()
            return [one.result() for one in asking]


def test_those_who_wait_share_the_next_question_and_get_their_own_answers() -> None:
    vendor = Vendor()
    assert vendor.told("b", "a", "gone", "a") == [{"b": 2}, {"a": 2}, {}, {"a": 2}]
    assert vendor.asked == [["first"], ["a", "b", "gone"]]
    assert vendor.together.ask(["a"]) == {"a": 3}, "nobody is told what was found before"


@pytest.mark.parametrize(
    ("error", "alone"), [(BadRequest("ringcx", "NM-02", 400), True), (ServerError("ringcx", "NM-02", 500), False)]
)
def test_what_may_be_wrong_with_one_key_is_told_to_its_asker_alone(error: Exception, alone: bool) -> None:
    vendor = Vendor(lambda keys: error if "odd" in keys else None)
    odd, even = vendor.told("odd", "even")
    assert odd == error
    assert (even != error) is alone
    assert len(vendor.asked) == (4 if alone else 2)


def test_who_asks_alone_and_fails_does_not_ask_again() -> None:
    vendor = Vendor(lambda _: BadRequest("ringcx", "NM-02", 400))
    vendor.everyone.set()
    with pytest.raises(BadRequest):
        vendor.together.ask(["odd"])
    assert vendor.asked == [["odd"]]
