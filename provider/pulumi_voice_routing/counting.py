"""How far long work is, told to whoever shows it: a command on a terminal. Nobody listens anywhere else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Listener(Protocol):
    """Shows how far something is."""

    def __call__(self, done: int, of: int, what: str) -> None:
        """So many of so many are done."""

    def answered(self) -> None:
        """A vendor has answered."""


_listeners: list[Listener] = []


def count(done: int, of: int, what: str) -> None:
    """So many of so many are done, and of what."""
    for listener in _listeners:
        listener(done, of, what)


def answered() -> None:
    """One more answer of a vendor has come."""
    for listener in _listeners:
        listener.answered()


@contextmanager
def shown_by(listener: Listener) -> Iterator[None]:
    """Have somebody show it meanwhile."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)
