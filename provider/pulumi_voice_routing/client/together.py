"""Questions that many threads ask at the same time, put to the vendor as one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from concurrent.futures import Future
from typing import Generic, TypeVar

from ..errors import BadRequest, Conflict, NotFound, UnexpectedAnswer

Answer = TypeVar("Answer")

_ABOUT_THE_QUESTION = (BadRequest, Conflict, NotFound, UnexpectedAnswer)
"""What may be wrong with what one of them asked for. The others are to get their answers all the same."""


class _Round(Future[dict[str, Answer]]):
    """Those who share one question."""

    def __init__(self) -> None:
        super().__init__()
        self.askers = 0
        self.keys: set[str] = set()


class Together(Generic[Answer]):
    """Looks objects up by their keys, for all who wait at that moment.

    While a question is under way, those who come gather for the next one. So every answer is as fresh as if its asker
    had been alone: the question went out after it was asked, and never before.
    """

    def __init__(self, look_up: Callable[[list[str]], dict[str, Answer]]) -> None:
        """``look_up`` tells what is there of some keys."""
        self._look_up = look_up
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        self._gathering: _Round[Answer] | None = None

    def ask(self, keys: Collection[str]) -> dict[str, Answer]:
        """What is there of these keys. All who share a question share its failure too, unless it may be about a key."""
        with self._lock:
            ours = self._gathering is None
            round_ = self._gathering = self._gathering or _Round()
            round_.keys.update(keys)
            round_.askers += 1
        if ours:
            with self._turn:
                with self._lock:
                    self._gathering = None
                try:
                    round_.set_result(self._look_up(sorted(round_.keys)))
                except BaseException as error:
                    round_.set_exception(error)
        try:
            found = round_.result()
        except _ABOUT_THE_QUESTION:
            if round_.askers == 1:
                raise
            found = self._look_up(sorted(set(keys)))
        return {key: found[key] for key in keys if key in found}


__all__ = ["Together"]
