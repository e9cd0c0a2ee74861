"""Work on many rows side by side: one that fails does not stop the others, and progress is told."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path
from typing import Any, NamedTuple

from .. import say
from ..client import pacing
from ..errors import Incomplete, Interrupted, VoiceRoutingError, some_of
from ..masking import masked
from ..permission.approvals import Change
from ..permission.wording import Unapproved, ways_out
from . import plugin
from .fleet_rows import place_of
from .provider import Partly

AT_ONCE = 32
"""How many rows are worked on at a time; what may be sent in a minute is the client's business."""
_TELL_SECONDS = 10.0
"""How often progress is told."""
_MOST_SAID = 3
"""How many reasons are told for which rows failed."""
_MOST_NAMED = 5
"""How many rows are named that failed for one reason."""


class Wrong(NamedTuple):
    """Why a row failed."""

    reason: str
    changes: tuple[Change, ...] = ()
    """What would have to be approved for it."""

    @classmethod
    def of(cls, error: BaseException) -> Wrong:
        """What a user reads of an error; a bug keeps its traceback."""
        if isinstance(error, Partly):
            return cls.of(error.cause)
        if isinstance(error, VoiceRoutingError):
            return cls(masked(error.line), error.changes if isinstance(error, Unapproved) else ())
        trace = "".join(traceback.format_exception(error, limit=50))
        return cls(masked(f"internal error, please report it: {type(error).__name__}: {error}\n{trace}"))


class Work:
    """One run over some rows. ``wrong`` says why rows failed, by key."""

    def __init__(
        self, vendor: str, do: Callable[[str], None], rows: Mapping[str, plugin.Row], *, said: str = ""
    ) -> None:
        self.wrong: dict[str, Wrong] = {}
        self._vendor, self._do, self._said = vendor, do, said
        self._done, self._all = 0, len(rows)
        self._lock = threading.Lock()
        self._began = self._told = time.monotonic()
        if len(rows) < 2:
            for key, row in rows.items():
                self._one(key, row)
            return
        with ThreadPoolExecutor(min(len(rows), AT_ONCE)) as threads:
            for key, row in rows.items():
                threads.submit(copy_context().run, self._one, key, row)

    def _one(self, key: str, row: plugin.Row) -> None:
        try:
            if pacing.cancelled.is_set():
                raise Interrupted("not begun, as the run was asked to stop")
            with plugin.as_row(row):
                self._do(key)
        except BaseException as error:
            with self._lock:
                self.wrong[key] = Wrong.of(error)
        self._count()

    def _count(self) -> None:
        with self._lock:
            self._done += 1
            now = time.monotonic()
            if self._done == self._all or now - self._told < _TELL_SECONDS:
                return
            self._told = now
            done, left = self._done, self._all - self._done
            pace = max(1, round(done * 60 / (now - self._began)))
        say.info(
            f"{self._vendor}: {self._said}: {done} of {self._all}, {left} at {pace} a minute: {left * 60 / pace:.0f} s"
        )


def said_of(vendor: str, wrong: Mapping[str, Wrong], source: Any, most: int) -> Iterator[str]:
    """A line for each reason, with the rows that it holds for."""
    by_reason: dict[str, list[str]] = {}
    lines = _lines(source) if wrong else {}
    for key in sorted(wrong, key=lambda one: (lines.get(one, 0), one)):  # the engine keeps no order of rows
        by_reason.setdefault(wrong[key].reason.removeprefix(f"{vendor}: "), []).append(key)
    for reason, keys in list(by_reason.items())[:most]:
        named = some_of([place_of(key, source, lines.get(key)) for key in keys], _MOST_NAMED)
        yield f"{'row' if len(keys) == 1 else 'rows'} {named}: {reason}"
    rest = [key for keys in list(by_reason.values())[most:] for key in keys]
    if rest:
        named = some_of([place_of(key, source, lines.get(key)) for key in rest], _MOST_NAMED)
        yield f"{'row' if len(rest) == 1 else 'rows'} {named} for other reasons"


def failed(vendor: str, wrong: Mapping[str, Wrong], source: Any, of: int, *, wrote: bool = True) -> Incomplete:
    """What a run says of the rows that failed: one line, and below it what would permit what was refused."""
    lines = [line.rstrip(".") for line in said_of(vendor, wrong, source, _MOST_SAID)]
    done = of - len(wrong) if wrote else 0
    rest = f", {done} {'is' if done == 1 else 'are'} done" if done else ""
    error = Incomplete(f"{vendor}: {len(wrong)} of {of} rows failed{rest}: {'; '.join(lines)}.")
    error.below = permitted_by(wrong)
    return error


def permitted_by(wrong: Mapping[str, Wrong]) -> str:
    """The lines below what is said of rows: what would permit all of it together."""
    return ways_out(dict.fromkeys(change for key in sorted(wrong) for change in wrong[key].changes))


def _lines(source: Any) -> dict[str, int]:
    """In which line of the file each row is, as far as the file is still what the program read."""
    from .fleet_table import Table

    try:
        table = Table.read(Path(source["file"]))
        return {row[source["key"]]: line for line, row in table.rows if line is not None}
    except (KeyError, OSError, TypeError, ValueError):
        return {}


__all__ = ["AT_ONCE", "Work", "Wrong", "failed", "permitted_by", "said_of"]
