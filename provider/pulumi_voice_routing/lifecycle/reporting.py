"""How the failure of a verb reaches the user: one line, and what was done already stays in the state."""

from __future__ import annotations

import functools
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

from ..errors import VoiceRoutingError, one_line
from ..masking import masked
from . import plugin, reaching
from .model import Values

P = ParamSpec("P")
R = TypeVar("R")

_inside = ContextVar("inside", default=False)
"""Whether a verb of this request is reported already."""


class Partly(Exception):
    """The object exists, and something after that failed."""

    def __init__(self, id_: str, outs: Values, cause: BaseException) -> None:
        super().__init__(str(cause))
        self.id, self.outs, self.cause = id_, outs, cause


def reported(verb: Callable[P, R]) -> Callable[P, R]:
    """Turn every failure into one line, and keep what was done already in the state.

    Nothing else may leave a verb: an exit would leave the engine waiting for ever. A verb that another one calls, as a
    type's own does with what all types share, leaves the telling to the caller: a request is answered once.
    """

    @functools.wraps(verb)
    def report(*args: P.args, **kwargs: P.kwargs) -> R:
        if _inside.get():
            return verb(*args, **kwargs)
        vendor = getattr(args[0], "vendor", "")
        outside = _inside.set(True)
        try:
            return verb(*args, **kwargs)
        except Partly as part:
            plugin.fail_with_state(said_by(vendor, part.cause), part, part.id, part.outs)
        except BaseException as error:
            again = reaching.told_by_another(vendor, plugin.urn(), error)
            plugin.fail(said_by(vendor, reaching.not_again(vendor) if again else error), error)
        finally:
            _inside.reset(outside)

    return report


def said_by(vendor: str, error: BaseException) -> str:
    """The line that a user reads of a failure; a bug keeps its traceback below the line."""
    said = str(error)
    if not isinstance(error, VoiceRoutingError):
        trace = "".join(traceback.format_exception(error, limit=50))
        said = f"internal error, please report it: {type(error).__name__}: {one_line(said)}\n{trace}".rstrip()
    return masked(said if said.startswith(f"{vendor}: ") else f"{vendor}: {said}")
