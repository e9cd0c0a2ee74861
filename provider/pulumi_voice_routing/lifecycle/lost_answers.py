"""What to do when the answer to a create is lost: look for what it made before anything is sent again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from .. import say
from ..client.pacing import pause
from ..errors import ApiError, OutcomeUnknown, UnexpectedAnswer, VoiceRoutingError

Item = TypeVar("Item")
Made = TypeVar("Made")

_MOST_TRIES = 3
_SECONDS_BEFORE_LOOKS = (0.5, 2.0)
_SECONDS_BEFORE_A_LOOK = 1.0


@dataclass(frozen=True)
class Looks(Generic[Made]):
    """Looks for what a vendor may still be at work on, or shows late."""

    look: Callable[[], Made | None]
    said: str
    """Tells users what a pause is for."""
    before_another: Callable[[], None]

    def later(self) -> Made | None:
        """What is found after a pause, or after another one."""
        for seconds in _SECONDS_BEFORE_LOOKS:
            pause(seconds, self.said)
            self.before_another()
            found = self.look()
            if found is not None:
                return found
        return None


def create_once(
    create: Callable[[], Made | None], looks: Looks[Made], *, when_refused: Callable[[], None]
) -> Made | None:
    """Create one object, once, and return what the vendor answered, or what was found in place of a lost answer.

    ``when_refused`` is called when the object certainly was not made.
    """
    lost = False
    for tries_left in reversed(range(_MOST_TRIES)):
        try:
            return create()
        except OutcomeUnknown as error:
            lost = True
            found = looks.later()
            if found is not None:
                return found
            if not tries_left:
                raise
            say.info(f"{error} It did not; trying again.")
        except UnexpectedAnswer:
            raise  # the vendor may have said yes
        except VoiceRoutingError:
            # After a lost answer, what is in the way may be the object itself, which the list shows late.
            found = looks.later() if lost else None
            if found is not None:
                return found
            if not lost:
                when_refused()
            raise
    raise AssertionError("the last try returns or raises")


def create_all_once(
    items: Sequence[Item],
    create: Callable[[list[Item]], object],
    missing: Callable[[list[Item]], list[Item]],
    *,
    said: Callable[[int], str],
    in_the_way: tuple[type[ApiError], ...] = (),
) -> None:
    """Create many, each of them once: after a lost answer only those go again that are ``missing`` then.

    The same after errors ``in_the_way``, which say that one of them is there meanwhile. ``said`` tells users what a
    pause is for, by the number of those that were sent.
    """
    left = list(items)
    if not left:
        return
    expected: tuple[type[Exception], ...] = (OutcomeUnknown, *in_the_way)
    for tries_left in reversed(range(_MOST_TRIES)):
        try:
            create(left)
            return
        except expected as error:
            if isinstance(error, OutcomeUnknown):
                pause(_SECONDS_BEFORE_A_LOOK, said(len(left)))
            still = missing(left)
            if not still:
                return
            if not tries_left or (not isinstance(error, OutcomeUnknown) and len(still) == len(left)):
                raise
            left = still
