"""What this run declares and is about to write, told to whoever judges what callers would get by it.

A judge has to know how calls run through objects of all types and vendors, and so stands on a floor above all of
them. It is loaded by its name, as the registry loads providers, and only for a write that may change where calls end:
nothing on this floor imports it.
"""

from __future__ import annotations

import importlib
import threading
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .. import registry
from ..client.pacing import cancelled
from ..permission.approvals import Change
from . import meaning as means
from . import references, turns
from .model import FieldFacts, Model

_JUDGE = "safety.write_judge"
"""The module, below the package, whose ``judge`` is asked."""

DECIDE: tuple[type[means.Meaning], ...] = (
    means.Called,
    means.Caller,
    means.Decides,
    means.Entries,
    means.EntriesFile,
    means.Extension,
    means.Hours,
    means.Kind,
    means.Order,
    means.Share,
    means.Switch,
    means.Switches,
    means.Target,
    means.WholeList,
)
"""What a field means that may decide where calls end."""
_WHO_ANSWERS = (means.Dialled, means.Owner)
"""What has permissions of its own."""
_CARRY = (means.Called, means.Extension, means.Hours, means.Share, means.Switches, means.Target)
"""A type without any of these carries no calls, unless its switch is one of calls."""


@dataclass(frozen=True)
class Write:
    """One create, update or delete."""

    provider: Any
    urn: str
    """Empty outside a run of the engine."""
    id: str | None
    """Nothing for a create."""
    olds: Mapping[str, Any] | None
    """What the state has; nothing for a create."""
    args: Mapping[str, Any] | None
    """What the program declares; nothing for a delete."""
    loose: frozenset[str] = frozenset()
    """The arguments that are made of no other resource, where somebody looked: an object that they name is none that
    the run is still to make."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A resource that the program of this run declares."""

    token: str
    urn: str
    args: Mapping[str, Any]
    """What was not known yet when it was checked is not known in here, until it is written."""
    id: str | None = None
    stays: bool = False
    """Whether the run leaves the object alone, whatever somebody has made of it in the portal."""
    new: bool = False
    """Whether the run is to make it, so that the id only stands for it and no vendor knows it."""


_lock = threading.Lock()
_declared: dict[str, Declared] = {}
_of_type: defaultdict[str, dict[str, None]] = defaultdict(dict)
"""The URNs of what is declared, by token."""
_in: defaultdict[str, dict[str, None]] = defaultdict(dict)
"""The same by the vendor's number for what contains it."""
_numbered: defaultdict[str, dict[str, None]] = defaultdict(dict)
"""The same by its own number, as far as that is known."""
_ids: set[str] = set()
"""The ids of what is declared, as far as they are known."""
_new: set[tuple[str, str]] = set()
_ending: dict[tuple[str, str], Write] = {}
_over: set[tuple[str, str]] = set()
"""What was asked to end and has, or could not."""
_LOOKS, _LOOK_SECONDS, _LONGEST_SECONDS = 20, 0.05, 60.0
"""How often and after how long it is looked whether the engine asks for more, and how long others may take. Looks are
counted and not seconds, because a busy machine takes its time for both."""
_permitted: set[tuple[str, str]] = set()
"""What ends though callers lose by it, because somebody has approved that."""


def declares(urn: str, token: str, args: Mapping[str, Any]) -> None:
    """The program declares this resource."""
    with _lock:
        known = _declared.get(urn)
        _declared[urn] = Declared(token, urn, dict(args), known.id if known is not None else None)
        _of_type[token][urn] = None
        inside = registry.provider_for(token).model.meant_by(means.Inside)
        if inside is not None and isinstance(args.get(inside), str):
            _in[references.last(args[inside])][urn] = None


def stands_for(urn: str, id_: str, args: Mapping[str, Any] | None = None) -> None:
    """A declared resource is the object with this id; ``args`` are its arguments when nothing is unknown any more."""
    with _lock:
        known = _declared.get(urn)
        if known is not None:
            _ids.add(id_)
            _numbered[references.last(id_)][urn] = None
            _in[references.last(references.parent(id_))][urn] = None
            _declared[urn] = replace(known, id=id_, args=dict(known.args if args is None else args))


def stays(urn: str) -> None:
    """The engine finds nothing to do to a declared resource."""
    with _lock:
        known = _declared.get(urn)
        if known is not None:
            _declared[urn] = replace(known, stays=True)


def declared() -> list[Declared]:
    """All that the program has declared so far."""
    with _lock:
        return list(_declared.values())


def declared_types() -> list[str]:
    """The tokens of what the program has declared so far."""
    with _lock:
        return list(_of_type)


def declared_of(token: str) -> list[Declared]:
    """What it has declared of one type."""
    with _lock:
        return [_declared[urn] for urn in _of_type.get(token, ())]


def declared_in(reference: str) -> list[Declared]:
    """What it has declared in an object, by what the arguments say or by the id; maybe more, in others."""
    with _lock:
        return [_declared[urn] for urn in _in.get(references.last(reference), ())]


def declared_objects(token: str, id_: str | None) -> list[Declared]:
    """What it has declared that is an object; a bare number stands for any account and parent."""
    with _lock:
        there = [_declared[urn] for urn in _numbered.get(references.last(id_ or ""), ())]
    return [one for one in there if one.token == token and one.id and references.same(one.id, id_)]


def declaration(urn: str) -> Declared | None:
    """What it has declared under this name."""
    with _lock:
        return _declared.get(urn)


def is_declared(id_: str) -> bool:
    """Whether a declared resource is the object with this id."""
    with _lock:
        return id_ in _ids


def declared_as(urn: str) -> Mapping[str, Any]:
    """The arguments of a declared resource; empty for one that the program has not come to."""
    with _lock:
        known = _declared.get(urn)
        return {} if known is None else known.args


def made(token: str, id_: str) -> None:
    """This process has created the object, so that nobody calls it yet."""
    with _lock:
        _new.add((token, id_))


def is_new(token: str, id_: str) -> bool:
    """Whether nobody can call the object yet, because this process has created it."""
    with _lock:
        return (token, id_) in _new


def ending() -> dict[tuple[str, str], Write]:
    """What the engine has asked to be deleted so far, by token and id."""
    with _lock:
        return dict(_ending)


def ending_with(those: Collection[tuple[str, str]]) -> dict[tuple[str, str], Write]:
    """The same when the engine has asked for all of those, or asks for no more: it asks for as many as it works on at
    once, in any order."""
    known, looks = ending(), 0
    while looks < _LOOKS and not known.keys() >= set(those):
        time.sleep(_LOOK_SECONDS)
        now = ending()
        known, looks = now, looks + 1 if len(now) == len(known) else 0
    return known


def is_over(token: str, id_: str) -> None:
    """What the engine asked to be deleted has ended, or could not."""
    with _lock:
        _over.add((token, id_))


def others_are_over(others: Collection[tuple[str, str]]) -> bool:
    """Wait until others have ended, if the engine asks for that; whether that is over."""
    looks, deadline = 0, time.monotonic() + _LONGEST_SECONDS
    while looks < _LOOKS and time.monotonic() < deadline and not cancelled.is_set():
        with _lock:
            asked, over = _ending.keys() >= set(others), _over >= set(others)
        if over:
            return True
        looks = 0 if asked else looks + 1
        time.sleep(_LOOK_SECONDS)
    return False


def forget() -> None:
    """Begin anew, as a new process does."""
    with _lock:
        for known in (_declared, _of_type, _in, _numbered, _ids, _new, _ending, _over, _permitted):
            known.clear()


def permit(write: Write) -> None:
    """What callers lose by the write is approved."""
    if write.args is None and write.id is not None:
        _permitted.add((write.provider.token, write.id))


def permitted(token: str, id_: str) -> bool:
    """Whether callers lose by the end of an object, and all of it is approved: then nothing else has to be."""
    return (token, id_) in _permitted


def ask(write: Write) -> None:
    """Have the write judged. Raises :class:`Refused`, and then nothing must be sent.

    Who may write to what live calls pass is alone with that to the end of its turn.
    """
    model: Model = write.provider.model
    with _lock:
        if write.args is None and write.id is not None:
            _ending[write.provider.token, write.id] = write
        if write.args is not None:  # who is given a number can be called from now on
            _new.difference_update((mark.type, str(write.args.get(name))) for name, mark in _owners(model))
    if not matters(write):
        return
    in_order = write.args is not None and not _sees_to_its_order(model)
    if in_order:
        turns.alone()
    live = False
    try:
        module = importlib.import_module(f"{registry.__package__}.{_JUDGE}")
        live = module.judge(write, in_order=in_order)
    finally:
        if not live:
            turns.let_others()


def ask_about_numbers(owner: Any, numbers: Sequence[str]) -> None:
    """Have it judged that numbers, given by their digits, come to an owner. Raises :class:`Refused`, as :func:`ask`."""
    importlib.import_module(f"{registry.__package__}.{_JUDGE}").judge_numbers(owner, numbers)


def needed_to_end(urns: Iterable[str]) -> Mapping[str, Sequence[Change]]:
    """What has to be approved before the numbers of resources that are protected may end, by URN."""
    needed: Mapping[str, Sequence[Change]] = importlib.import_module(f"{registry.__package__}.{_JUDGE}").needed_to_end(
        urns
    )
    return needed


def matters(write: Write, *, off_too: bool = False) -> bool:
    """Whether a write may change where calls end, as the meaning of what it changes tells.

    ``off_too`` says whether that counts which lifecycles refuse by themselves: to switch off what calls come to.
    """
    model: Model = write.provider.model
    if not carries(model):
        return False
    dialled = any(_is(field, *_WHO_ANSWERS) or _is_record(field) for field in _all(model))
    if write.args is None:
        # Profiles and destinations are not ended while calls come to them, whatever is approved.
        kept_on = any(_switches_calls(field, first=False) or _is(field, means.Switches) for field in model.values())
        return not dialled and not kept_on
    if write.olds is None:
        return not dialled and not _begins_alone(write, model)
    changed = [model[name] for name in write.provider.changed(write.olds, write.args)]
    if dialled and any(_is(field, *_WHO_ANSWERS, means.Switch, means.Entries, means.EntriesFile) for field in changed):
        return False
    decisive = [field for field in changed if _is(field, *DECIDE)]
    if off_too:
        return bool(decisive)
    # Nor are they switched off.
    return not all(_switches_calls(field, first=False) and write.args[field.name] is False for field in decisive)


def hands_on(write: Write) -> bool:
    """Whether a write gives numbers to another owner."""
    if write.olds is None or write.args is None:
        return False
    model: Model = write.provider.model
    return any(_is(model[name], means.Owner) for name in write.provider.changed(write.olds, write.args))


def carries(model: Mapping[str, FieldFacts]) -> bool:
    """Whether a type carries calls, or says who does."""
    return any(_is(field, *_CARRY) or _switches_calls(field) for field in _all(model))


def _sees_to_its_order(model: Model) -> bool:
    """Whether the lifecycle of a type itself keeps calls answered between two requests."""
    return any(_is(field, means.Share, means.Switches) for field in _all(model))


def _begins_alone(write: Write, model: Model) -> bool:
    """Whether a create makes an object that nothing can lead to yet."""
    if write.args is None or any(write.args.get(name) for name, field in model.items() if _is(field, means.Existing)):
        return False
    return any(_switches_calls(field, first=False) for field in model.values())


def _owners(model: Model) -> Iterator[tuple[str, means.Owner]]:
    for name, field in model.items():
        yield from ((name, mark) for mark in field.meanings if isinstance(mark, means.Owner))


def _all(model: Mapping[str, FieldFacts]) -> Iterator[FieldFacts]:
    for field in model.values():
        yield field
        if _is(field, means.Entries, means.Switches) and field.rows is not None:
            yield from field.rows.values()


def _is(field: FieldFacts, *kinds: type[means.Meaning]) -> bool:
    return any(isinstance(mark, kinds) for mark in field.meanings)


def _switches_calls(field: FieldFacts, *, first: bool | None = None) -> bool:
    return any(
        isinstance(mark, means.Switch) and mark.of == "calls" and first in (None, mark.first) for mark in field.meanings
    )


def _is_record(field: FieldFacts) -> bool:
    return any(isinstance(mark, means.Switch) and mark.of == "record" for mark in field.meanings)


__all__ = [
    "DECIDE",
    "Declared",
    "Write",
    "ask",
    "ask_about_numbers",
    "carries",
    "declaration",
    "declared",
    "declared_as",
    "declared_in",
    "declared_objects",
    "declared_of",
    "declared_types",
    "declares",
    "ending",
    "ending_with",
    "forget",
    "hands_on",
    "is_declared",
    "is_new",
    "is_over",
    "made",
    "matters",
    "others_are_over",
    "permit",
    "permitted",
    "stands_for",
    "stays",
]
