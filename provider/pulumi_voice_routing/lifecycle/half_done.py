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
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ..client import sent
from . import plugin
from .cached_note import CachedNote
from .model import Values
from .reporting import Partly
from .state_keys import STORED_AS

UNSURE = "__unsure"
"""Output: an update may have taken effect, and nobody could look. What it was about stands under the same name among
what the vendor keeps in a form of its own, which the state encrypts: the program may have said that it is secret."""


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

    def read(self) -> _Noted | None:
        """What an update of just this state was about, if it was cut off."""
        said = self._file.read()
        if said is None or said.get("olds") != self._digest():
            return None
        try:
            return _Noted(dict(said["deciding"]), list(said["others"]))
        except (ValueError, KeyError, TypeError):
            return None

    def write(self, noted: _Noted) -> None:
        """Note it."""
        self._file.write({"olds": self._digest(), **noted._asdict()})

    def forget(self) -> None:
        """The state knows what came of it."""
        self._file.forget()

    def _digest(self) -> str:
        return hashlib.sha256(json.dumps(self._olds, sort_keys=True, default=str).encode()).hexdigest()


def is_there(token: str, id_: str, olds: Mapping[str, Any]) -> bool:
    """Whether the last update of an object was cut off."""
    return UNSURE in olds or _Note(token, id_, olds).read() is not None


@contextlib.contextmanager
def changing(provider: Any, id_: str, olds: Values, args: Values) -> Iterator[Values]:
    """What the state knew, with what an own update has left at the vendor, for an update by this one.

    Whatever fails in here, the state has what was done, or says that it is not known.
    """
    note = _Note(provider.token, id_, olds)
    earlier, noted = note.read(), _to_note(provider, olds, args)
    known = _with_own(provider, id_, olds, [one for one in (_in_state(olds), earlier) if one is not None])
    note.write(noted)
    before = sent.count()
    try:
        yield known
    except Partly as part:
        note.forget()
        if UNSURE in part.outs:
            part.outs = _unsure(part.outs, noted)
        raise
    except BaseException as error:
        if sent.count() == before:
            note.forget() if earlier is None else note.write(earlier)
            raise
        try:
            seen = provider.look(id_, known)
            outs = None if seen is None else {**seen, **provider.own_work(id_, known, args)}
        except Exception:
            note.forget()  # the state says it, on any machine
            raise Partly(id_, _unsure(olds, noted), error) from error
        note.forget()
        if outs is None or not provider.changed(olds, {name: outs[name] for name in provider.model if name in outs}):
            raise
        raise Partly(id_, outs, error) from error
    note.forget()


def _unsure(outs: Values, noted: _Noted) -> Values:
    """What the state says of an object of which it is not known what became of an update."""
    return {**outs, UNSURE: True, STORED_AS: {**(outs.get(STORED_AS) or {}), UNSURE: noted._asdict()}}


def _in_state(olds: Values) -> _Noted | None:
    said = (olds.get(STORED_AS) or {}).get(UNSURE)
    return _Noted(dict(said["deciding"]), list(said["others"])) if said and UNSURE in olds else None


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
