"""What people see on a terminal: lines that fit the window, in colour; and how far a long job is.

Where no terminal is, text stays as it is, so that files and other programs get what they always got.
"""

from __future__ import annotations

import io
import os
import re
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from .. import counting

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID
    from rich.text import Text


class Told(Protocol):
    """Is told how many of how many are done, and of what; of 0 where nobody knows how many there are."""

    def __call__(self, done: int, of: int, what: str) -> None:
        """So far it is."""


_FIRST_AFTER_SECONDS = 1.0
_BETWEEN_SECONDS = 0.05
_NARROWEST = 40
_HANGING = 2
_INDENT = re.compile(r"^[ │├└─]*")
_COLOURS = (
    (re.compile(r"^(refused|violation|error)\b.*?(?=:|$)"), "bold red"),
    (re.compile(r"^warning\b"), "bold yellow"),
    (re.compile(r"^(passed.*|approved\b)"), "bold green"),
    (re.compile(r"(?<![\w/])\+\d{4,}"), "cyan"),
    (re.compile(r"(?<=[ │─])(about )?[\d.]+ %"), "magenta"),
    (re.compile(r"\bnobody\b|\ba loop\b"), "red"),
    (re.compile(r"\bunknown\b"), "yellow"),
    (re.compile(r"^ *before:|\[[a-z]+:\w+ [^\]]*\]$"), "dim"),
    (re.compile(r"^ *after:|^=>"), "bold"),
)


class _Manner:
    """How much is said, as the options of the command line tell."""

    quiet = False
    verbose = False
    to_a_program = False
    bar: Progress | None = None
    """What is drawn on standard error now."""


def speak(*, quiet: bool, verbose: bool) -> None:
    """Say only results and errors, or every step."""
    _Manner.quiet, _Manner.verbose, _Manner.to_a_program = quiet, verbose, False


def say_more(*, quiet: bool = False, verbose: bool = False) -> None:
    """Also heed what is said after the command's name."""
    _Manner.quiet, _Manner.verbose = _Manner.quiet or quiet, _Manner.verbose or verbose


def speak_to_a_program(reads: bool) -> None:
    """Whether another program reads standard output: it gets one document, and nothing else."""
    _Manner.to_a_program = reads


def quiet() -> bool:
    """Whether only results and errors are to be printed."""
    return _Manner.quiet


def to_a_program() -> bool:
    """Whether standard output is one document for another program."""
    return _Manner.to_a_program


def make_way() -> None:
    """Take the bar off the window, because something else is printed; the next step draws it again."""
    if _Manner.bar is not None and _Manner.bar.live.is_started:
        _Manner.bar.stop()


def verbose() -> bool:
    """Whether every step is to be printed."""
    return _Manner.verbose


def fitted(text: str) -> str:
    """A report for standard output: on a terminal in columns that fit and in colour, else as it is."""
    return on_terminal(text, _width()) if sys.stdout is not None and sys.stdout.isatty() else text


def _width() -> int:
    from rich.console import Console

    return Console().width


def on_terminal(text: str, width: int) -> str:
    """Lines of no more than ``width`` columns, the further ones below the text of the first; ``NO_COLOR`` is kept."""
    from rich.console import Console

    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=max(width, _NARROWEST), highlight=False)
    for line in text.splitlines():
        for part in _wrapped(line, console):
            console.print(part, soft_wrap=True)
    return out.getvalue()


def _wrapped(line: str, console: object) -> Iterator[Text]:
    from rich.console import Console
    from rich.text import Text

    assert isinstance(console, Console)  # noqa: S101 - narrows the type
    coloured = Text(line)
    for pattern, style in _COLOURS:
        for part in pattern.finditer(line):
            coloured.stylize(style, *part.span())
    if coloured.cell_len <= console.width:
        yield coloured
        return
    found = _INDENT.match(line)
    indent = found.end() if found else 0
    deep = min(indent, console.width // 2 - _HANGING)  # what is deep in a narrow window comes back to its middle
    first, *rest = coloured[indent:].wrap(console, console.width - deep - _HANGING)
    yield coloured[:deep] + first
    for further in rest:
        yield Text(" " * (deep + _HANGING)) + further


@contextmanager
def progress(title: str) -> Iterator[Told]:
    """Shows on a terminal how far something is, once it has taken a second; every step in words with ``--verbose``."""
    if quiet() or to_a_program() or not _is_window():
        if not verbose():
            yield nothing
            return
        with _counted(_words) as counts:
            yield counts
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    started = time.monotonic()
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    task = bar.add_task(title, total=None)
    _Manner.bar = bar
    first = threading.Timer(_FIRST_AFTER_SECONDS, bar.start)  # also in the middle of a step that takes long
    first.daemon = True
    first.start()
    try:
        with _counted(
            lambda done, of, what: _advanced(bar, task, started, done, of, f"{title}: {what}" if what else title)
        ) as counts:
            yield counts
    finally:
        first.cancel()
        first.join()
        bar.stop()
        _Manner.bar = None


class _Counts:
    """What a command says of its work, what is counted below it, and how many answers of vendors have come to a step
    whose end nobody knows."""

    def __init__(self, show: Told) -> None:
        self._show, self._lock = show, threading.Lock()
        self._what, self._ends, self._answers, self._next = "", True, 0, 0.0

    def __call__(self, done: int, of: int, what: str) -> None:
        """So far it is."""
        with self._lock:
            now, same = time.monotonic(), what == self._what
            self._answers = self._answers if same else 0
            self._what, self._ends = what, bool(of)
            if same and done < of and now < self._next and not verbose():
                return  # nobody sees thousands in a second
            self._next = now + _BETWEEN_SECONDS
            self._show(done, of, what)

    def answered(self) -> None:
        """A vendor has answered."""
        with self._lock:
            if not self._ends:
                self._answers += 1
                self._show(self._answers, 0, f"{self._what}, answers")


@contextmanager
def _counted(show: Told) -> Iterator[_Counts]:
    counts = _Counts(show)
    with counting.shown_by(counts):
        yield counts


def _is_window() -> bool:
    """Whether standard error is a terminal on which something can be drawn anew."""
    return sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM", "") not in ("dumb", "unknown")


def _advanced(bar: Progress, task: TaskID, started: float, done: int, of: int, what: str) -> None:
    if verbose():
        _words(done, of, what)
    if not bar.live.is_started and time.monotonic() - started > _FIRST_AFTER_SECONDS:
        bar.start()
    bar.update(task, completed=done, total=of or None, description=what)


def _words(done: int, of: int, what: str) -> None:
    from ..masking import masked

    so_far = f" {done} of {of}" if of else f" {done}" if done else ""
    print(masked(f"  {what}{so_far}"), file=sys.stderr, flush=True)


def nothing(done: int, of: int, what: str) -> None:
    """Nobody looks on."""
