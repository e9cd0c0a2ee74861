"""What the resources of a run stand for at the vendor's, so that no delete destroys what another resource needs.

The engine checks every resource that the program declares, and deletes last: old copies of what was replaced, and what
left the program. The provider is one process for all of it. So whoever deletes knows what the program still declares,
in the run that renamed or replaced a resource and in every later one, on any machine. A destroy checks nothing, and a
run with ``--target`` or ``--exclude`` not all: what the state has beside is told by :mod:`keeping`.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

Claim = tuple[str, ...]
"""What a resource stands for, whatever its type: a switch, an entry of a list, a number."""

ON = "on"
"""The first word of the claim that something is switched on."""
ONE = "one"
"""The first word of the claim to an object by its name; lists claim their entries without it."""

_lock = threading.Lock()
_holders: defaultdict[Claim, dict[str, None]] = defaultdict(dict)
"""The URNs of those that stand for it, the first one first."""
_declared: dict[str, tuple[Claim, ...]] = {}
"""What is known by the program's own words, by URN."""
_before: dict[str, dict[str, Any]] = {}
"""Old inputs by URN, for the resources that the state has; empty for those that are new."""
_changed: set[str] = set()
"""Those that the program declares otherwise than the state has them, and nobody has asked about yet."""
_stood: defaultdict[Claim, set[str]] = defaultdict(set)
"""What those stood for whom somebody has asked about."""
_objects: dict[str, set[Claim]] = {}
"""What is known by the vendor's id, by URN."""
_ids: dict[str, str] = {}
"""The vendor's id of the old copy by URN, for the resources that the engine has asked about."""
_by_old_id: defaultdict[str, list[str]] = defaultdict(list)
"""The same by that id."""
_ending: dict[str, int] = {}
"""The URNs of what has begun to end, in that order."""
_copies: defaultdict[str, int] = defaultdict(int)
"""How many copies of each have begun to end."""


def declare(urn: str, claims: Iterable[Claim], olds: Mapping[str, Any], args: Mapping[str, Any] | None = None) -> None:
    """The program declares this resource. A replacement is checked twice, and its old inputs are shown once.

    ``args`` are what it declares, where that is to be compared with the old inputs.
    """
    with _lock:
        for claim in set(_declared.get(urn, ())) - _objects.get(urn, set()):
            _holders[claim].pop(urn, None)
        _declared[urn] = tuple(dict.fromkeys(claims))
        for claim in _declared[urn]:
            _holders[claim][urn] = None
        before = _before[urn] = dict(olds) or _before.get(urn, {})
        if before and before != args and {name: it for name, it in before.items() if name[:2] != "__"} != args:
            _changed.add(urn)


def remember(urn: str, olds: Mapping[str, Any]) -> None:
    """The inputs of an old copy that ends before the new one begins; of what is tainted, no check shows them."""
    with _lock:
        _before[urn] = _before.get(urn) or dict(olds)


def hold(urn: str, claims: Iterable[Claim], *, instead: bool = False) -> None:
    """A declared resource stands for these as well, or ``instead`` of others that were known by their ids."""
    with _lock:
        if urn not in _before:
            return  # only asked about, as before a parent's replacement: it may be about to end
        if instead:
            for claim in _objects.pop(urn, set()).difference(_declared.get(urn, ())):
                _holders[claim].pop(urn, None)
        for claim in claims:
            _objects.setdefault(urn, set()).add(claim)
            _holders[claim][urn] = None


def holders(claim: Claim) -> list[str]:
    """The URNs of the declared resources that stand for it, the first one first."""
    with _lock:
        return list(_holders.get(claim, ()))


def declared(urn: str) -> frozenset[Claim]:
    """What a resource of the program stands for by the program's own words."""
    with _lock:
        return frozenset(_declared.get(urn, ()))


def held(urn: str) -> frozenset[Claim]:
    """What a resource of the program is known to be by the vendor's id, since it was made or left as it is."""
    with _lock:
        return frozenset(_objects.get(urn, ()))


def is_declared(urn: str) -> bool:
    """Whether the program has declared a resource by now; a refresh and a destroy run no program."""
    with _lock:
        return urn in _before


def anybody() -> bool:
    """Whether the program has declared a resource by now."""
    with _lock:
        return bool(_before)


def once_stood(claims: Iterable[Claim], claims_of: Callable[[str], Iterable[Claim]]) -> set[str]:
    """The URNs of those who stood for any of these, and that the program declares otherwise by now.

    ``claims_of`` tells what the old copy of a resource stood for; each is asked about once.
    """
    with _lock:
        new = set(_changed)
    stood = {urn: list(claims_of(urn)) for urn in new}
    with _lock:
        for urn, those in stood.items():
            for claim in those:
                _stood[claim].add(urn)
        _changed.difference_update(new)
        return {urn for claim in claims for urn in _stood.get(claim, ())}


def before(urn: str) -> dict[str, Any]:
    """The inputs of the resource's old copy; empty when the state has none."""
    with _lock:
        return _before.get(urn, {})


def was(urn: str, id_: str) -> None:
    """The old copy of a declared resource is the object with this id, whatever name it had."""
    with _lock:
        if urn not in _ids:
            _ids[urn] = id_
            _by_old_id[id_].append(urn)


def old_id(urn: str) -> str:
    """That id; empty for what is new."""
    with _lock:
        return _ids.get(urn, "")


def once(id_: str) -> list[str]:
    """The URNs of declared resources whose old copy is the object with this id."""
    with _lock:
        return [urn for urn in _by_old_id.get(id_, ()) if urn in _before]


@contextmanager
def ends(urn: str) -> Iterator[None]:
    """A resource ends in here. What fails has not ended, and stays in the state."""
    with _lock:
        _ending[urn] = len(_ending)
        _copies[urn] += 1
    try:
        yield
    except BaseException:
        with _lock:
            _ending.pop(urn, None)
            _copies[urn] -= 1
        raise


def copies_ending(urn: str) -> int:
    """How many copies of a resource have begun to end: old ones, and the one that is not old."""
    with _lock:
        return _copies.get(urn, 0)


def begins_to_end_before(urn: str, other: str) -> bool:
    """Whether a resource has begun to end, and before the other one if that ends as well."""
    with _lock:
        return urn in _ending and _ending[urn] < _ending.get(other, len(_ending))


def forget() -> None:
    """Begin anew, as a new process does."""
    with _lock:
        for known in (_holders, _declared, _before, _changed, _stood, _objects, _ids, _by_old_id, _ending, _copies):
            known.clear()


def name(urn: str) -> str:
    """What the program calls a resource."""
    return urn.rpartition("::")[2]


__all__ = [
    "ON",
    "ONE",
    "Claim",
    "anybody",
    "before",
    "begins_to_end_before",
    "copies_ending",
    "declare",
    "declared",
    "ends",
    "forget",
    "held",
    "hold",
    "holders",
    "is_declared",
    "name",
    "old_id",
    "once",
    "once_stood",
    "remember",
    "was",
]
