"""What a program gives to a resource, on its way to the engine, and the line of the program that gives it."""

from __future__ import annotations

import difflib
import re
import sys
import traceback
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime import settings as engine

from .. import say
from ..text_files import UnreadableText, read_text
from .model import FieldFacts, Model
from .provider import PROVIDER_KEY, Lifecycle

_PACKAGE = str(Path(__file__).parent.parent)


_FRAMES_UP_TO_THE_USER = 7
"""Of the SDK's stack trace: four of its own, two of ours, and the line that makes the resource."""


@contextmanager
def short_stack_traces() -> Iterator[None]:
    """Have no frames beyond the user's line in the stack trace that the SDK sends along with a resource.

    The engine stores it with each resource, where it is most of the state, and writes the whole state at every step.
    """
    before = getattr(sys, "tracebacklimit", None)
    sys.tracebacklimit = _FRAMES_UP_TO_THE_USER
    try:
        yield
    finally:
        if before is None:
            del sys.tracebacklimit
        else:
            sys.tracebacklimit = before


Hear = Callable[[pulumi.CustomResource, Mapping[str, Any]], None]

_hearers: weakref.WeakKeyDictionary[Any, list[Hear]] = weakref.WeakKeyDictionary()
"""By the engine's run of a program."""


def hear_of_declared(hear: Hear) -> None:
    """Have this called with each resource of this package, and each fleet, that the program declares from now on, and
    with its arguments as the program gives them: the engine does not tell transforms what an argument is made of."""
    _hearers.setdefault(engine.get_monitor(), []).append(hear)


def tell_of_declared(resource: pulumi.CustomResource, given: Mapping[str, Any]) -> None:
    for hear in _hearers.get(engine.get_monitor(), ()):
        hear(resource, given)


class Many:
    """A resource that is many objects, so that it cannot stand for one of them."""


def refuse_other_options(opts: object) -> None:
    """Raises ``ValueError`` for what is no options, such as an argument that is given without its name."""
    if opts is not None and not isinstance(opts, pulumi.ResourceOptions):
        raise ValueError(
            f"opts takes pulumi.ResourceOptions(...), not {type(opts).__name__}; arguments are given by their names"
        )


def refuse_misplaced(fields: Mapping[str, FieldFacts], args: Mapping[str, Any], inside: str = "") -> None:
    """Raises ``ValueError`` for a resource of another type than the argument takes, and for the text of an object."""
    for name, value in args.items():
        field = fields.get(name)
        if field is None:
            continue
        rows = value if isinstance(value, list | tuple) else [value]
        for at, one in enumerate(rows):
            path = f"{inside}{name}[{at}]" if rows is value else f"{inside}{name}"
            if isinstance(one, Mapping) and field.rows is not None:
                refuse_misplaced(field.rows, one, f"{path}.")
            elif isinstance(one, Many):
                row = "all its rows are *fleet.values()" if rows is value else "fleet[KEY] is one of its rows"
                raise ValueError(f"{path} takes single resources, and a fleet is many of them: {row}")
            elif (token := _token_of(one)) and field.stands_for and token not in field.stands_for:
                takes = " or ".join(sorted(map(_called, field.stands_for)))
                raise ValueError(f"{path} takes a {takes}, not a {_called(token)}")
            elif token and not field.names_something:
                raise ValueError(f"{path} takes a value, not a {_called(token)}: give one of its outputs")
            elif token and rows is not value and field.is_a_list:
                raise ValueError(f"{path} takes a list: write [...] around what is given")
            else:
                _refuse_texts_of_objects(path, one)


def _refuse_texts_of_objects(path: str, value: Any) -> None:
    """Also in what lies in a list or a dictionary of any form."""
    if isinstance(value, Mapping):
        for name, one in value.items():
            _refuse_texts_of_objects(f"{path}.{name}", name)
            _refuse_texts_of_objects(f"{path}.{name}", one)
    elif isinstance(value, list | tuple):
        for at, one in enumerate(value):
            _refuse_texts_of_objects(f"{path}[{at}]", one)
    elif isinstance(value, str) and (said := _OBJECT_AS_TEXT.search(value)):
        raise ValueError(
            f"{path} holds {said[0]!r}, the text that Python makes of an object: give a text of your own, or use "
            "pulumi.Output.format for what is known later"
        )


_OBJECT_AS_TEXT = re.compile(r"<[\w.]+ object at 0x[0-9a-f]+>|Calling __str__ on an Output\[T\]")


def _token_of(value: Any) -> str:
    """The type of a resource of this package; empty for all else."""
    lifecycle = getattr(type(value), "lifecycle", None) if isinstance(value, pulumi.CustomResource) else None
    return str(lifecycle.token) if lifecycle is not None else ""


def _called(token: str) -> str:
    return token.replace(":", ".")


def sent(what: str, value: Any) -> Any:
    """The value with every resource in it replaced by its id, and every file by its text."""
    if isinstance(value, pulumi.CustomResource):
        return value.id
    if isinstance(value, pulumi.FileAsset):
        return _text_of(what, value)
    if isinstance(value, Mapping):
        return {name: sent(what, item) for name, item in value.items()}
    return [sent(what, item) for item in value] if isinstance(value, list | tuple) else value


def _text_of(what: str, asset: pulumi.FileAsset) -> str:
    try:
        return read_text(Path(asset.path))
    except (OSError, UnreadableText) as error:
        raise pulumi.RunError(f"{users_line()}{what}: file {asset.path} cannot be read: {error}") from None


def users_line() -> str:
    for frame in reversed(traceback.extract_stack()):
        if not frame.filename.startswith(_PACKAGE):
            return f"{Path(frame.filename).name}:{frame.lineno}: "
    return ""


def warn_of_unknown(what: str, provider: Lifecycle, opts: pulumi.ResourceOptions | None) -> None:
    """The engine takes any word for an argument that changes are to be ignored of, and ignores nothing then."""
    for path in (opts.ignore_changes or ()) if opts is not None else ():
        if said := why_ignores_nothing(provider.model, path):
            say.warn(f"{users_line()}{what}: ignore_changes names {said}")


def why_ignores_nothing(model: Model, path: str) -> str:
    """What is wrong with a path such as ``destinations[0].percent``; empty when it names something."""
    fields: Model | None = model
    keys = False
    steps = [name or key for name, key in re.findall(r"""([^.\[\]"']+)|\["([^"]*)"\]""", path)]
    for place, name in enumerate(steps):
        if fields is None or name == "*" or name.isdigit() or (not place and name == PROVIDER_KEY):
            continue
        if keys:  # such as the days of a week, before the hours of each
            keys = False
            continue
        if name not in fields:
            near = difflib.get_close_matches(name, list(fields), n=1, cutoff=0.5)
            meant = f"; did you mean {near[0]}?" if near else ""
            of = f"a field of {steps[0]}" if place else "an argument of it"
            return f"{name!r}, which is not {of}, so that nothing is ignored{meant}"
        found = fields[name]
        fields, keys = found.rows, found.has_keys
    return ""


__all__ = [
    "Many",
    "hear_of_declared",
    "refuse_misplaced",
    "refuse_other_options",
    "sent",
    "short_stack_traces",
    "tell_of_declared",
    "users_line",
    "warn_of_unknown",
    "why_ignores_nothing",
]
