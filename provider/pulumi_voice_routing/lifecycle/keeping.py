"""Who still needs what a resource lets go of: what the program declares, and what the state has beside.

With ``--target`` and ``--exclude`` the engine asks about a part of the program alone, and a destroy about nothing. So
before something ends that nobody declared stands for, the state tells who else does. Of several that end in one run the
last one ends the object, so that a destroy leaves nothing behind.

A program that gives a resource another provider has the engine use another process for it. The one that ends the old
copy has been shown nothing then, and the state tells of the new copy, which is in it by that time.
"""

from __future__ import annotations

import functools
import importlib
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeVar, cast

from .. import registry
from ..errors import VoiceRoutingError
from . import plugin, standing
from .view import UNKNOWN

Verb = TypeVar("Verb", bound=Callable[..., None])

_STATE = "plan.saved_state"
"""The module, below the package, whose ``saved`` is asked: how a state is read is known on a floor above this one."""

_lock = threading.Lock()
_ends = threading.local()
"""What ends in this thread, as ``props``."""
_objects: defaultdict[tuple[str, str], threading.Lock] = defaultdict(threading.Lock)
_there: _State | None = None
"""Nothing before somebody has asked."""
_early = False
"""Whether that was before anything had ended."""
_seen: dict[str, dict[str, Any]] = {}
"""What a refresh in the same run has found, by URN: the state is read as it was before that."""


class _State:
    """The resources of the state."""

    def __init__(self, resources: Iterable[Any], leaving: Iterable[Any] = ()) -> None:
        """``leaving`` are old copies that the run before has left behind, with the rows that no new copy has yet."""
        left = list(leaving)
        self.leaving, self.left_by_urn = {(one.type, one.id): one for one in left}, {one.urn: one for one in left}
        self.old_copies = Counter(one.urn for one in left)
        self.by_urn = {one.urn: one for one in resources}
        self.by_id = {(one.type, one.id): one for one in self.by_urn.values()}
        self.by_claim: defaultdict[standing.Claim, list[Any]] = defaultdict(list)
        for one in self.by_urn.values():
            for claim in set(_claims(registry.provider_for(one.type), one.id, one.props)):
                self.by_claim[claim].append(one)


def keepers(claim: standing.Claim) -> list[str]:
    """The URNs of those who need it when the running request lets go of it, declared ones first."""
    return standing.holders(claim) or [one.urn for one in _beside([claim])]


def sharing(provider: Any, id_: str, args: dict[str, Any]) -> list[Any]:
    """The resources of the state that the run has not shown, and that stand for a part of what a resource does."""
    return list({one.urn: one for one in _beside(_claims(provider, id_, args))}.values())


def before(urn: str) -> dict[str, Any]:
    """What is known of a resource's old copy. The engine shows nobody what is tainted; the state has it."""
    return standing.before(urn) or _known_of(_saved().by_urn.get(urn) or _saved().left_by_urn.get(urn))


def knew(token: str, id_: str) -> dict[str, Any]:
    """What the state knows of an object that the program declares under another name now."""
    one = _saved().by_id.get((token, id_)) or _saved().leaving.get((token, id_))
    return {} if one is None or standing.is_declared(one.urn) else _known_of(one)


def saw(urn: str, outs: Mapping[str, Any] | None) -> None:
    """A refresh before the run has looked at a resource, which is gone where it found nothing."""
    with _lock:
        _seen[urn] = dict(outs or {})


def was_there_first(claim: standing.Claim) -> bool:
    """Whether one of them was made before the resource that the running request is about."""
    me, state = plugin.urn(), _at_the_end()
    if _is_the_new_copy(me, state):
        return True  # the old one ends after it
    mine = _made(state.left_by_urn.get(me) or state.by_urn.get(me))
    others = [_made(one) for one in state.by_claim.get(claim, ()) if one.urn != me]
    return mine is not None and any(made is not None and made < mine for made in others)


def ending(verb: Verb) -> Verb:
    """A provider's method that ends a resource. What goes by one id ends one after the other, so that the last one
    finds what the others have left to it."""

    @functools.wraps(verb)
    def end(self: Any, id_: str, props: dict[str, Any]) -> None:
        with _objects[self.token, id_], standing.ends(plugin.urn()):
            _ends.props = props
            verb(self, id_, props)

    return cast("Verb", end)


def forget() -> None:
    """Begin anew, as a new process does."""
    global _there, _early
    with _lock:
        _there, _early = None, False
        _seen.clear()


def _beside(claims: Iterable[standing.Claim]) -> Iterator[Any]:
    """The resources of the state that stand for any of these, that the run has not shown, and that end after the one
    that asks if they do."""
    me, state = plugin.urn(), _at_the_end()
    # A destroy switches off first, whatever says beside that something is on: the parts go before the whole.
    destroy = not standing.anybody()
    for claim in claims:
        for one in state.by_claim.get(claim, ()):
            itself = one.urn == me and not _another_copy_ends_later(me, state)
            shown = itself or standing.is_declared(one.urn) or _has_another_name(one, state)
            before_me = standing.begins_to_end_before(one.urn, me)
            if not (shown or before_me or (destroy and claim[0] == standing.ON and one.type != _type(me))):
                yield one


def _has_another_name(one: Any, state: _State) -> bool:
    """Whether it is one of those that the run is about: under an alias a resource has another URN in the state."""
    me = plugin.urn()
    renamed = [urn for urn in standing.once(one.id) if urn not in state.by_urn]
    if me not in state.by_urn and plugin.object_id() == one.id:
        renamed.append(me)
    return any(_type(urn) == one.type for urn in renamed)


def _another_copy_ends_later(urn: str, state: _State) -> bool:
    """Whether another copy has still to end. Nobody says in which order they end: the last one ends the object."""
    return 0 < standing.copies_ending(urn) <= state.old_copies[urn]


def _is_the_new_copy(urn: str, state: _State) -> bool:
    """Whether what ends is certainly the one that the state has beside an old one, as its outputs tell."""
    old, new = state.left_by_urn.get(urn), state.by_urn.get(urn)
    return bool(old and new) and _ends_as(new) and not _ends_as(old)


def _ends_as(one: Any) -> bool:
    """Whether what ends has these outputs, as far as they are no secrets."""
    props = getattr(_ends, "props", {})
    return all(props.get(name) == value for name, value in one.props.items() if value is not UNKNOWN)


def _at_the_end() -> _State:
    """The state with what this run has made, where that may be in another process."""
    global _there, _early
    me = plugin.urn()
    with _lock:
        if _early and standing.copies_ending(me) and not standing.is_declared(me):
            _there, _early = None, False
            _read(me, again=True)
    return _saved()


def _saved() -> _State:
    global _there, _early
    with _lock:
        if _there is None:
            me = plugin.urn()
            _there, _early = _State(_read(me), _read(me, leaving=True)), not standing.copies_ending(me)
        return _there


def _read(urn: str, *, leaving: bool = False, again: bool = False) -> list[Any]:
    if not (urn and plugin.in_plugin()):
        return []
    try:
        module = importlib.import_module(f"{registry.__package__}.{_STATE}")
        return list(module.saved(urn, leaving=leaving, again=again))
    except VoiceRoutingError:
        return []  # where the state cannot be read, the program's words are all that is known


def _claims(provider: Any, id_: str | None, props: Any) -> Iterator[standing.Claim]:
    args = provider.declared(props)
    yield from provider.stands_for(args)
    if id_:
        yield from provider.held_by_id(id_, args)


def _known_of(one: Any) -> dict[str, Any]:
    return {} if one is None else _seen.get(one.urn, dict(one.props))


def _made(one: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(one.made) if one is not None else None
    except ValueError:
        return None  # states of old engines do not tell


def _type(urn: str) -> str:
    """Those of the parents come first."""
    return urn.split("::")[2].rpartition("$")[2].partition("/")[2] if urn else ""


__all__ = ["before", "ending", "forget", "keepers", "knew", "saw", "sharing", "was_there_first"]
