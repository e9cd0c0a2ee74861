"""What there is in the accounts of all vendors, as the resources that would declare it.

Nothing here knows a type: the types say how their objects are listed, what contains them and what their fields mean.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, Literal, TypeVar, get_args, get_origin

from ...client.concurrency import each
from ...errors import (
    DeclarationError,
    Missing,
    NotFound,
    SettingsError,
    Unauthorized,
    Unreachable,
    VoiceRoutingError,
    one_line,
    some_of,
)
from ...lifecycle import meaning as means
from ...lifecycle import references
from ...lifecycle.model import Failure, FieldFacts, Values
from ...lifecycle.provider import MANAGED, Lifecycle
from ...plan.roles import Roles, roles_of, tokens_of
from ...registry import provider_for
from ...telephony.number import as_declared
from ..terminal import Told, nothing
from .wanted import VENDORS, Wanted, checked, token_named

_WAVE = 40
PLACEHOLDER = "a secret that no vendor shows"

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(eq=False)
class Found:
    """A live object, and what a resource that stands for it declares."""

    token: str
    id: str
    home: Found | None
    """What contains it, when that is a resource."""
    args: Values
    """Without secrets, which no vendor shows."""
    secrets: tuple[str, ...]
    """The secrets that must be declared."""
    seen: Values = field(default_factory=dict)
    """What the type's own read says of it."""
    name: str = ""
    """What the program calls it; unique in its type."""
    found_by: str = ""
    """What finds it in an account that has it from the start, when the program is not to make it."""
    before: list[Found] = field(default_factory=list)
    """The objects that must be whole, with all that is in them, before it comes."""
    options: dict[str, bool] = field(default_factory=dict)
    """What the program says of the resource beside its arguments, such as ``protect``."""

    @cached_property
    def roles(self) -> Roles:
        """What its fields mean."""
        return roles_of(self.token)

    @property
    def vendor(self) -> str:
        """The package that has its type."""
        return self.token.partition(":")[0]

    @property
    def kind(self) -> str:
        """The type's name."""
        return self.token.partition(":")[2]

    @property
    def label(self) -> str:
        """What administrators call it; empty where it has no name of its own."""
        return self.roles.called(self.args)

    def outputs(self, inputs: Values) -> Values:
        """What the state holds once the program stands for it with these inputs."""
        model = provider_for(self.token).model
        beside = {name: value for name, value in self.seen.items() if name not in model}
        return {**beside, **inputs, MANAGED: sorted(inputs)}


@dataclass
class Count:
    """What became of the objects of one type."""

    found: int = 0
    left_out: list[str] = field(default_factory=list)
    """What was left out by a filter or could not be read, each with the reason."""
    apart: list[str] = field(default_factory=list)
    """What the list holds beside them, and no type of this package can be, each with the reason."""
    why_none: str = ""

    @property
    def exported(self) -> int:
        """How many are in the program."""
        return self.found - len(self.left_out)


@dataclass
class Account:
    """All that was read."""

    objects: list[Found] = field(default_factory=list)
    counts: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    failures: list[str] = field(default_factory=list)
    """What could not be read, each with the reason."""
    groups: set[str] = field(default_factory=set)
    """The names and ids of the groups that were asked for and are there."""
    numbers: set[str] = field(default_factory=set)
    """The numbers that were asked for and are there."""
    vendors_without_settings: dict[str, str] = field(default_factory=dict)

    @property
    def coverage(self) -> float:
        """The part of what was found that is in the program, in percent."""
        found = sum(count.found for count in self.counts.values())
        return 100.0 * sum(count.exported for count in self.counts.values()) / found if found else 100.0


Tell = Callable[[str], None]


def read(wanted: Wanted, tell: Tell = lambda line: None, told: Told = nothing) -> Account:
    """Everything that is wanted of all vendors that have settings. Raises :class:`Missing` for an unknown filter.

    ``tell`` is told of each type that was read, and ``told`` of each object.
    """
    account = Account()
    wanted = checked(wanted)
    silent: list[str] = []
    for vendor in wanted.vendors or VENDORS:
        try:
            _Reading(vendor, wanted, account, tell, told).all()
        except SettingsError as error:
            if wanted.vendors:
                raise
            account.vendors_without_settings[vendor] = one_line(str(error))
        except _Silent as error:
            silent.append(str(error))
    account.failures += silent
    if silent and len(silent) + len(account.vendors_without_settings) == len(wanted.vendors or VENDORS):
        raise VoiceRoutingError("; ".join(silent))
    if len(account.vendors_without_settings) == len(VENDORS):
        raise SettingsError("no vendor has settings: " + " ".join(account.vendors_without_settings.values()))
    missing = [group for group in wanted.groups if group not in account.groups]
    if missing:
        of_numbers = " with numbers of its own; with --number, --group is for tracking groups" if wanted.numbers else ""
        raise Missing(f"there is no group {', '.join(map(repr, missing))}{of_numbers}")
    missing = [number for number in wanted.numbers if number not in account.numbers]
    if missing and not account.failures:
        raise Missing(f"there is no number {', '.join(missing)} in what was read")
    account.failures.sort()
    account.objects.sort(key=lambda one: (one.token, natural(one.id)))
    return account


def one_object(type_: str, name: str, id_: str) -> Found:
    """One live object by its type and id, with the name that the program gives it.

    Raises :class:`Missing` when there is none, or no such type.
    """
    token = token_named(type_)
    provider = provider_for(token)
    outs = None if provider.listed_as else provider.look(id_, {})
    if outs is None:
        why = provider.listed_as or f"the vendor has no {provider.noun} {id_}"
        raise Missing(f"{token} {id_} cannot be imported: {why}")
    try:
        return found_of(token, id_, outs, name)
    except ValueError as error:
        raise Missing(f"{token} {id_} cannot be declared: {one_line(str(error))}") from None


def found_of(token: str, id_: str, outs: Values, name: str = "", *, home: Found | None = None) -> Found:
    """An object that its type's read has seen. Raises ``ValueError`` with what is in the way of a declaration."""
    args = {field: outs[field] for field in outs[MANAGED] if outs.get(field) is not None}
    return Found(token, id_, home, *declarable(token, args), seen=outs, name=name)


def natural(id_: str) -> list[tuple[int, int, str]]:
    """An id in an order in which 1002 comes before 10001."""
    return [(0, int(step), "") if step.isdigit() else (1, 0, step) for step in re.split(r"[/-]", id_)]


def ordered(vendor: str) -> list[str]:
    """A vendor's types, those that contain others first."""
    tokens, done = tokens_of(vendor), list[str]()

    def add(token: str) -> None:
        inside = roles_of(token).inside
        if inside is not None and inside.mark.what in tokens and inside.mark.what != token:
            add(inside.mark.what)
        if token not in done:
            done.append(token)

    for token in tokens:
        add(token)
    return done


def _may_be_a_group(token: str) -> bool:
    """Whether objects of a type contain others, or are groups of extensions."""
    others = tokens_of(token.partition(":")[0])
    holds = any(inside.mark.what == token for other in others if (inside := roles_of(other).inside) is not None)
    return holds or roles_of(token).has(means.Extension)


def _words(one: Found) -> set[str]:
    return {one.id, references.last(one.id), one.label}


class _Silent(VoiceRoutingError):
    """A vendor does not let us in, cannot be reached, or knows none of its lists; so is all that would be asked."""


class _Reading:
    """The reading of one vendor's account."""

    def __init__(self, vendor: str, wanted: Wanted, account: Account, tell: Tell, told: Told) -> None:
        self._vendor, self._wanted, self._account, self._tell, self._told = vendor, wanted, account, tell, told
        self._read: dict[str, list[Found]] = {}
        self._undeclared: dict[str, list[str]] = {}
        """Those that cannot be declared and may contain what can be, by type."""
        self._answered = False
        self._in_vain: list[str] = []
        """Why lists could not be read."""

    def all(self) -> None:
        """Read every type that is wanted, and those that contain one."""
        tokens = ordered(self._vendor)
        needed = {token for token in tokens if self._is_wanted(token)}
        for token in reversed(tokens):
            inside = roles_of(token).inside
            if token in needed and inside is not None:
                needed.add(inside.mark.what)
        for token in tokens:
            if token in needed:
                self._type(token)
        if self._in_vain and not self._answered:
            self._account.failures = [one for one in self._account.failures if one not in self._in_vain]
            raise _Silent(f"not one list could be read: {some_of(self._in_vain, 1)}")

    def _type(self, token: str) -> None:
        provider = provider_for(token)
        here = self._read[token] = []
        count = Count()
        if self._is_wanted(token):
            count = self._account.counts[token]
        if provider.listed_as:
            count.why_none = provider.listed_as
            return
        homes = list(self._homes(token))
        lists = _each(lambda home: self._ids(token, home[1]), homes, partial(self._told, what=f"lists of {token}"))
        there = [(id_, home) for (home, _), ids in zip(homes, lists, strict=True) for id_ in ids]
        on_top = roles_of(token).inside is None
        labels = provider.labels("") if self._wanted.groups and there and on_top else {}
        for found in _each(lambda one: self._one(token, labels, *one), there, partial(self._told, what=token)):
            if isinstance(found, str):
                count.found += 1
                count.left_out.append(found)
            elif found is not None:
                count.found += 1
                here.append(found)
        if here:
            self._tell(f"{token}: {len(here)}")
        if self._is_wanted(token):
            some = [one for one in here if self._is_meant(one.roles, one.label)]
            count.found -= len(here) - len(some)
            self._account.objects += some

    def _is_wanted(self, token: str) -> bool:
        about_numbers = roles_of(token).dialled is not None
        in_a_group = not self._wanted.groups or roles_of(token).inside is not None or _may_be_a_group(token)
        return self._wanted.type(token) and (about_numbers or not self._wanted.numbers) and in_a_group

    def _homes(self, token: str) -> Iterator[tuple[Found | None, str]]:
        inside = roles_of(token).inside
        if inside is None:
            yield from ((None, id_) for id_ in provider_for(token).homes())
        else:
            yield from ((home, home.id) for home in self._read[inside.mark.what])
            yield from ((None, id_) for id_ in sorted(self._undeclared.get(inside.mark.what, ()), key=natural))

    def _ids(self, token: str, home: str) -> list[str]:
        try:
            ids = sorted(provider_for(token).ids(home), key=natural)
            self._answered = True
            return ids
        except NotFound as error:  # the vendor has no such list there
            self._in_vain.append(f"{token}: {one_line(str(error))}")
            if roles_of(token).inside is None and self._is_wanted(token):
                self._account.counts[token].why_none = one_line(str(error))
            return []
        except DeclarationError as error:  # nor such objects, as where call handling is of another generation
            if self._is_wanted(token):
                self._account.counts[token].why_none = one_line(str(error)).partition(". ")[0]
            return []
        except SettingsError:
            raise
        except (VoiceRoutingError, NotImplementedError) as error:
            self._in_vain.append(self._failed(f"{token}{f' of {home}' if home else ''}", error))
            return []

    def _one(self, token: str, labels: Mapping[str, str], id_: str, home: Found | None) -> Found | str | None:
        """The object; the reason why it is left out; or nothing when it is not there or not wanted."""
        roles = roles_of(token)
        in_id = roles.dialled is not None and roles.dialled.mark.in_id
        if in_id and not self._is_meant(roles, id_):
            return None
        if not self._wanted.named(id_, f"{token}/{id_}"):
            return f"{id_}: --exclude"
        if id_ in labels and not {id_, references.last(id_), labels[id_]} & set(self._wanted.groups):
            return None  # which its list tells already
        outs: dict[str, Any] | None = None
        try:
            outs = provider_for(token).look(id_, {})
            if outs is None:
                return None
            why = provider_for(token).no_object(outs)
            if why:
                self._apart(token, f"{id_}: {why}")
                return None
            found = found_of(token, id_, outs, home=home)
        except VoiceRoutingError as error:
            return self._failed(f"{token} {id_}", error)
        except ValueError as error:
            if roles.inside is None and self._is_left_out({id_, references.last(id_), roles.called(outs or {})}):
                return None
            self._undeclared.setdefault(token, []).append(id_)
            return f"{token} {id_}: cannot be declared: {one_line(str(error))}"
        if not self._wanted.named(found.label):
            return f"{id_} {found.label!r}: --exclude"
        if self._wanted.only_made and provider_for(token).always_there(id_):
            return None
        if roles.inside is None and self._is_left_out(_words(found)):
            return None
        return found

    def _is_meant(self, roles: Roles, said: str) -> bool:
        """Whether an object with this id or key is wanted, as far as it is about a number."""
        meant = self._wanted.number(roles, said)
        if meant and self._wanted.numbers:
            self._account.numbers.add(as_declared(references.last(said)))
        return meant

    def _is_left_out(self, words: Set[str]) -> bool:
        """Whether other groups than the one with these names are wanted."""
        meant = set(self._wanted.groups) & words
        self._account.groups |= meant
        return bool(self._wanted.groups) and not meant

    def _apart(self, token: str, why: str) -> None:
        if self._is_wanted(token):
            self._account.counts[token].apart.append(why)

    def _failed(self, what: str, error: Exception) -> str:
        if isinstance(error, Unauthorized | Unreachable) and not self._answered:
            raise _Silent(one_line(str(error))) from None
        why = f"{what}: {one_line(str(error))}"
        self._account.failures.append(why)
        return why


def _each(do: Callable[[Item], Result], items: Sequence[Item], told: Callable[[int, int], None]) -> list[Result]:
    """What is made of each item, a few at the same time, so that an interrupt waits for a few only."""
    results: list[Result] = []
    for start in range(0, len(items), _WAVE):
        told(start, len(items))
        results += each(do, items[start : start + _WAVE])
    return results


def declarable(token: str, seen: Values) -> tuple[Values, tuple[str, ...]]:
    """What of an object can be declared, and the secrets that must be. Raises ``ValueError`` with what is in the way.

    What a vendor holds need not be what the type lets a program say: an argument that the object can do without is
    then left to the vendor.
    """
    provider = provider_for(token)
    model = provider.model
    args = {name: value for name, value in seen.items() if name in model and not model[name].secret}
    secrets = [name for name, field in model.items() if field.secret and field.required]
    optional = [name for name, field in model.items() if field.secret and not field.required and _takes_text(field)]
    while True:
        values, failures = provider.checked({**args, **dict.fromkeys(secrets, PLACEHOLDER)})
        if not failures:
            ordered = {name: in_order(provider, model[name], values[name]) for name in model if name in args}
            return ordered, tuple(secrets)
        meant = _meant(provider, args, failures)
        if meant:
            args[provider.permits] = meant
            continue
        fewer = next((name for name in map(_first, (one.path for one in failures)) if _spare(model, args, name)), None)
        if fewer is not None:
            del args[fewer]
            continue
        more = next((name for name in optional if any(name in one.reason for one in failures)), None)
        if more is None:
            raise ValueError("; ".join(f"{one.path}: {one.reason}".removeprefix(": ") for one in failures))
        optional.remove(more)
        secrets.append(more)


def _meant(provider: Lifecycle, args: Values, failures: Sequence[Failure]) -> list[str]:
    """What is to be said of an object so that it may be as it is; nothing where no word helps."""
    said: list[str] = args.get(provider.permits, []) if provider.permits else []
    words = _words_of(provider.model[provider.permits].hint) if provider.permits else []
    for word in words:
        if word not in said and len(provider.checked({**args, provider.permits: [*said, word]})[1]) < len(failures):
            return [*said, word]
    return []


def _words_of(hint: Any) -> list[str]:
    """The words that a list may hold."""
    if get_origin(hint) is Literal:
        return [str(word) for word in get_args(hint)]
    return [word for inner in get_args(hint) for word in _words_of(inner)]


def in_order(
    provider: Lifecycle, field: FieldFacts, value: Any, called: Callable[[FieldFacts, Any], Any] = lambda _, one: one
) -> Any:
    """A list in one order, where the type says that its order means nothing; rows as their type has their fields.

    ``called`` gives names to ids, so that the order is that of the names.
    """
    if isinstance(value, dict) and field.rows is not None:
        return {name: value[name] for name in [*field.rows, *value] if name in value}
    if not isinstance(value, list):
        return value
    rows = [in_order(provider, field, one, called) for one in value]
    facts = (field.rows or {}).items()
    places = [name for name, inner in facts if any(isinstance(one, means.Order) for one in inner.meanings)]

    def place(row: Any) -> str:
        ranks = [f"{row.get(name, 0):>9}" for name in places] if isinstance(row, dict) else []
        inner: Mapping[str, FieldFacts] = field.rows or {}
        named = (
            {name: called(inner[name], one) if name in inner else one for name, one in row.items()}
            if isinstance(row, dict)
            else called(field, row)
        )
        return json.dumps([ranks, named], sort_keys=True)

    in_one_order = sorted(rows, key=place)
    return in_one_order if provider.means_same(field, rows, in_one_order) else rows


def _first(path: str) -> str:
    return re.split(r"[.\[]", path)[0]


def _spare(model: Any, args: Values, name: str) -> bool:
    return name in args and not model[name].required


def _takes_text(field: FieldFacts) -> bool:
    try:
        return bool(field.canonical(PLACEHOLDER) == PLACEHOLDER)
    except ValueError:
        return False
