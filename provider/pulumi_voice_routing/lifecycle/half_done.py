"""An update that the vendor may have taken before it was cut off: what is there then is nobody's edit, but our own.

When it fails, the vendor is asked what it has, and that goes into the state. Where nobody answers, the state says that
it is not known, and what the update was about: of that the engine keeps nothing. The next run asks. When the whole
process ends, a note on this machine says so. What an own update has left counts as seen, and a program that goes back
to what it said before finds that there is something to do.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ..client import sent
from . import plugin
from .cached_note import CachedNote
from .model import Values
from .reporting import Partly
from .state_keys import STORED_AS

UNSURE = "__unsure"
"""Output: an update may have taken effect, and nobody could look. What it was about stands under the same name among
what the vendor keeps in a form of its own, which the state encrypts: the program may have said that it is secret.
So do the updates before it of which nothing is known either."""


class _Noted(NamedTuple):
    """What an update that was cut off was about to write."""

    deciding: Values
    """What decides who is called, in arguments that are no secrets: all of it."""
    others: list[str]
    """The other arguments that it changed, by name."""


class _Note:
    """A file that is there while an object is changed."""

    def __init__(self, token: str, id_: str, olds: Mapping[str, Any]) -> None:
        self._file = CachedNote("updates", token, id_, plugin.urn())
        self._olds = olds

    def read(self) -> list[_Noted]:
        """What each update of just this state was about that was cut off, the first one first."""
        said = self._file.read()
        if said is None or said.get("olds") != self._digest():
            return []
        try:
            return _listed(said["updates"])
        except (ValueError, KeyError, TypeError):
            return []

    def write(self, noted: Sequence[_Noted]) -> None:
        """Note them; none leaves no note."""
        if not noted:
            self.forget()
            return
        self._file.write({"olds": self._digest(), "updates": [one._asdict() for one in noted]})

    def forget(self) -> None:
        """The state knows what came of it."""
        self._file.forget()

    def _digest(self) -> str:
        return hashlib.sha256(json.dumps(self._olds, sort_keys=True, default=str).encode()).hexdigest()


def is_there(token: str, id_: str, olds: Mapping[str, Any]) -> bool:
    """Whether the last update of an object was cut off."""
    return UNSURE in olds or bool(_Note(token, id_, olds).read())


@contextlib.contextmanager
def changing(provider: Any, id_: str, olds: Values, args: Values) -> Iterator[Values]:
    """What the state knew, with what an own update has left at the vendor, for an update by this one.

    Whatever fails in here, the state has what was done, or says that it is not known.
    """
    note = _Note(provider.token, id_, olds)
    earlier, stated, this = note.read(), _in_state(olds), _to_note(provider, olds, args)
    known = _with_own(provider, id_, olds, _each_once([*stated, *earlier]))
    note.write(_each_once([*earlier, this]))
    before = sent.count()
    try:
        yield known
    except Partly as part:
        note.forget()
        if UNSURE in part.outs:
            part.outs = _unsure(part.outs, [this])
        raise
    except BaseException as error:
        if sent.count() == before:
            note.write(earlier)
            raise
        try:
            seen = provider.look(id_, known)
            outs = None if seen is None else {**seen, **provider.own_work(id_, known, args)}
        except Exception:
            note.forget()  # the state says it, on any machine
            raise Partly(id_, _unsure(olds, _each_once([*stated, *earlier, this])), error) from error
        note.forget()
        if outs is None or not provider.changed(olds, {name: outs[name] for name in provider.model if name in outs}):
            raise
        raise Partly(id_, outs, error) from error
    note.forget()


def _unsure(outs: Values, noted: Sequence[_Noted]) -> Values:
    """What the state says of an object of which it is not known what became of these updates."""
    said = [one._asdict() for one in noted]
    return {**outs, UNSURE: True, STORED_AS: {**(outs.get(STORED_AS) or {}), UNSURE: said}}


def _in_state(olds: Values) -> list[_Noted]:
    said = (olds.get(STORED_AS) or {}).get(UNSURE)
    return _listed(said) if said and UNSURE in olds else []


def _listed(said: Any) -> list[_Noted]:
    """Updates as they were written down; states of older versions tell of the last one alone."""
    return [_Noted(dict(one["deciding"]), list(one["others"])) for one in ([said] if isinstance(said, dict) else said)]


def _each_once(noted: Sequence[_Noted]) -> list[_Noted]:
    """A program that is tried again is the same update."""
    return [one for place, one in enumerate(noted) if one not in noted[:place]]


def _with_own(provider: Any, id_: str, olds: Values, noted: list[_Noted]) -> Values:
    """What the state knew, with what each of these updates has left."""
    ours: Values = {}
    for one in noted:
        ours |= provider.own_work(id_, olds, one.deciding) if one.deciding else {}
    others = {name for one in noted for name in one.others}
    now = (provider.look(id_, olds) if others else None) or {}
    ours |= {name: now[name] for name in sorted(others) if name in now}
    known = {**olds, **ours}
    if STORED_AS in olds:
        said = olds[STORED_AS] or {}
        known[STORED_AS] = {name: value for name, value in said.items() if name not in ours and name != UNSURE}
    return known


def _to_note(provider: Any, olds: Values, args: Values) -> _Noted:
    deciding = {
        name: args[name]
        for name, field in provider.model.items()
        if name in args and not field.secret and (field.decides or name in provider.whole_lists)
    }
    return _Noted(deciding, [name for name in provider.changed(olds, args) if name not in deciding])


__all__ = ["UNSURE", "changing", "is_there"]
