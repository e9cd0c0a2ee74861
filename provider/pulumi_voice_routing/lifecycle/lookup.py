"""What the look-ups of all vendors share: one line when they fail, and the candidates when there is not just one."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ParamSpec, TypeVar

import pulumi

from ..errors import Ambiguous, Missing, VoiceRoutingError, some_of, with_article
from ..text_files import character_name
from .mistakes import nearest

Answer = TypeVar("Answer")
Found = TypeVar("Found")
P = ParamSpec("P")


class LookupFailed(VoiceRoutingError, pulumi.RunError):
    """What a program asked has no answer. It ends a program without a traceback, and a command with one line."""


def lookup(question: Callable[P, Answer]) -> Callable[P, Answer]:
    """A function that programs ask: its arguments are looked at first, as nothing else does before a run."""
    signature = inspect.signature(question)

    @functools.wraps(question)
    def ask(*args: P.args, **kwargs: P.kwargs) -> Answer:
        try:
            given = signature.bind(*args, **kwargs).arguments
        except TypeError as error:
            names = list(signature.parameters)
            meant = next((near for name in kwargs if name not in names if (near := nearest(name, names))), "")
            hint = f"; did you mean {meant}?" if meant else f"; it takes {', '.join(names)}, by name"
            raise LookupFailed(f"{question.__name__}: {error}{hint}") from None
        for name, value in given.items():
            wrong = _wrong(str(signature.parameters[name].annotation), value)
            if wrong:
                raise LookupFailed(f"{question.__name__}: {name} {wrong}")
        return question(*args, **kwargs)

    return ask


def _wrong(annotation: str, value: object) -> str:
    if isinstance(value, pulumi.Output):
        return "is an output, which is known too late for a look-up: call it inside of apply()"
    if value is None and "None" in annotation:
        return ""
    if "bool" in annotation:
        return "" if isinstance(value, bool) else "must be True or False"
    if "int" in annotation:
        whole = isinstance(value, int) and not isinstance(value, bool) and value >= 0
        return "" if whole else "must be a whole number, 0 or more"
    if not isinstance(value, str):
        return f"must be text, not {type(value).__name__}"
    hidden = [character_name(one) for one in value if not one.isprintable()]
    return f"holds characters that cannot be printed: {some_of(list(dict.fromkeys(hidden)))}" if hidden else ""


def asked(vendor: str, question: Callable[[], Answer]) -> Answer:
    """The answer to a question that a program asks; a failure is one line, without a traceback."""
    try:
        return question()
    except VoiceRoutingError as error:
        said = str(error)
        raise LookupFailed(said if said.startswith(f"{vendor}: ") else f"{vendor}: {said}") from error


def one_of(
    noun: str,
    found: Iterable[Found],
    wanted: Mapping[str, object],
    matches: Callable[[Found, str, object], bool],
    shown: Callable[[Found], str],
) -> Found:
    """The one that matches what was given, out of all that were found.

    ``wanted`` holds every way to say which, of which one must be given. Raises :class:`Missing` and
    :class:`Ambiguous` with the candidates.
    """
    given = {name: value for name, value in wanted.items() if value is not None}
    if len(given) != 1:
        raise VoiceRoutingError(f"looking for {with_article(noun)}: give one of {', '.join(wanted)}")
    ((name, value),) = given.items()
    everything = list(found)
    chosen = [one for one in everything if matches(one, name, value)]
    what = f"the {name.replace('_', ' ')} {value!r}"
    if not chosen:
        raise Missing(f"no {noun} has {what}. There are: {_listed(everything, shown)}")
    if len(chosen) > 1:
        raise Ambiguous(f"more than one {noun} has {what}: {_listed(chosen, shown)}. Say which with id")
    return chosen[0]


def _listed(found: Sequence[Found], shown: Callable[[Found], str], most: int = 10) -> str:
    return some_of([shown(one) for one in found], most) or "none"
