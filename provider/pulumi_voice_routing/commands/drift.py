"""``voice-routing drift``: what a stack's objects have become since the stack last wrote or looked.

Each object is read as `pulumi refresh` reads it, and nothing is written, neither at a vendor nor in the stack.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar

from ..call_flow.impact import Impact, NumberImpact
from ..call_flow.judgement import CallChange, judged
from ..call_flow.routing import Routing
from ..errors import DeclarationError, NotFound, SettingsError, Unauthorized, Unreachable, VoiceRoutingError
from ..lifecycle import meaning as means
from ..lifecycle import references, standing
from ..lifecycle.built_in import Fixture
from ..lifecycle.member import Member
from ..lifecycle.provider import MANAGED
from ..plan.facts import UNKNOWN, Resource, plain, saved_resources
from ..plan.roles import roles_of, tokens_of
from ..plan.rows import saved_outputs
from ..registry import provider_for
from ..telephony.outside_numbers import allowed_countries

T = TypeVar("T")

CHANGED, MISSING, UNMANAGED = "changed", "missing", "unmanaged"
_AT_ONCE = 8
_MOST_JUDGED = 50
"""How many drifts are judged one by one for callers; of more than that, all are judged together, and each is told of
the calls that come by its resource."""
_MOST_COMPARED = 10_000
"""So many objects at most are gone through to judge what the stack does not know one by one."""
_WORST = ("forbidden", "fewer answered", "less certain", "fewer answered in the end", "elsewhere")

_Progress = Callable[[int, int, str], None]
"""Is told how many of how many, and of what."""


@dataclass(frozen=True)
class Argument:
    """An argument with another value than the stack knows."""

    name: str
    known: Any
    there: Any


@dataclass(frozen=True)
class Drift:
    """An object that is not as the stack knows it, or that the stack does not know."""

    kind: str
    """``changed``, ``missing`` or ``unmanaged``."""
    token: str
    id: str
    label: str
    """The resource's name; of an object that the stack does not know, the name that the vendor shows."""
    urn: str = ""
    arguments: tuple[Argument, ...] = ()
    outputs: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """What is there now."""
    calls: tuple[CallChange, ...] = ()
    """What it means for callers."""
    ignored: str = ""
    """Why it is meant to be so, when somebody has said so."""

    @property
    def harm(self) -> int:
        """The place of the worst that it does to callers, 0 first."""
        said = {verdict for change in self.calls for verdict in change.verdicts}
        return next((place for place, verdict in enumerate(_WORST) if verdict in said), len(_WORST))


@dataclass
class Found:
    """All that a comparison has found."""

    drifts: list[Drift] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    """What could not be looked at, one line each."""
    numbers: list[NumberImpact] = field(default_factory=list)
    """The numbers whose calls end elsewhere than the stack knows, because of all of it together."""
    expired: list[str] = field(default_factory=list)
    """What was meant to differ until a day that has passed, one line each."""
    looked: dict[str, int] = field(default_factory=dict)
    """How many objects of the stack were looked at, by type."""

    @property
    def open(self) -> list[Drift]:
        """What nobody has said is meant to be so, the most harmful first."""
        return [one for one in self.drifts if not one.ignored]

    @property
    def unmanaged(self) -> list[Drift]:
        """What the stack does not know."""
        return [one for one in self.drifts if one.kind == UNMANAGED]

    @property
    def coverage(self) -> float:
        """How many per cent of the objects, in the lists that the stack has a hand in, the stack manages."""
        managed = sum(self.looked.values()) - sum(one.kind == MISSING for one in self.drifts)
        everything = managed + len(self.unmanaged)
        return 100.0 * managed / everything if everything else 100.0


def drifted(
    state: Mapping[str, Any], progress: _Progress = lambda done, of, what: None, *, everything: bool = False
) -> Found:
    """Compare a state, as ``pulumi stack export`` prints it, with what the vendors have.

    What the stack does not know is looked for beside and below what it has; with ``everything`` in the whole account.
    What the vendor makes by itself, and nobody can take away, is none of the stack's business until it takes calls.
    """
    resources = [one for one in saved_resources(state) if one.id and not one.lookup]
    raw = saved_outputs(state)
    found = Found()
    looking = _Looking(found, raw, progress)
    live = looking.at(resources)
    looking.around(resources, everything=everything)
    after = [live[one.urn] for one in resources if one.urn in live]
    _judge(found, resources, after)
    _judge_strangers(found, after)
    if not everything:
        found.drifts = [one for one in found.drifts if one.kind != UNMANAGED or one.calls or not _is_built_in(one)]
    found.drifts.sort(key=lambda one: (one.harm, one.kind == UNMANAGED, one.token, one.label, one.id))
    return found


def _is_built_in(one: Drift) -> bool:
    return isinstance(provider_for(one.token), Fixture)


class _Looking:
    """Reads what a stack stands for, several objects at once. A vendor that cannot be asked is told of once."""

    def __init__(self, found: Found, raw: Mapping[str, Mapping[str, Any]], progress: _Progress) -> None:
        self._found, self._raw, self._progress = found, raw, progress
        self._lock = threading.Lock()
        self._silent: set[str] = set()
        self._done = 0

    def at(self, resources: Sequence[Resource]) -> dict[str, Resource]:
        """What each resource has become, by URN; without those that are gone. One that cannot be read counts as it
        is known."""
        live: dict[str, Resource] = {}
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for one, now in zip(resources, pool.map(self._look, resources), strict=True):
                self._found.looked[one.type] = self._found.looked.get(one.type, 0) + 1
                self._done += 1
                self._progress(self._done, len(resources), "objects")
                if now is not None:
                    live[one.urn] = now
        return live

    def around(self, resources: Sequence[Resource], *, everything: bool) -> None:
        """What else there is in the lists in which the stack has something, and below what it has."""
        claims = (claim for one in resources for claim in _claims(one.type, str(one.id), self._raw[one.urn]))
        held = {claim for claim in claims if claim[0] != standing.ONE}  # another object may have the same name
        known = {(one.type, str(one.id)) for one in resources}
        places = [place for one in resources for place in _places(one.type, str(one.id))]
        if everything:
            vendors = sorted({one.type.partition(":")[0] for one in resources})
            places += [place for vendor in vendors for place in _roots(vendor)]
        else:
            places = [(token, home) for token, home in places if home]  # lists of the whole account have many owners
        beside = {place for one in resources for place in _beside(one.type, str(one.id))} - set(places)
        places += sorted(beside)
        seen: set[tuple[str, str]] = set()
        while places:
            token, home = place = places.pop()
            if place in seen:
                continue
            seen.add(place)
            self._progress(len(seen), len(seen) + len(places), "lists")
            nobody: list[tuple[str, dict[str, Any]]] = []
            read = _strangers_if_any if place in beside else _strangers
            for id_, outs in self._ask(token, "its list", partial(read, token, home, known), nobody):
                if held.isdisjoint(map(_as_entry, _claims(token, id_, outs))):
                    label = roles_of(token).called(outs) or references.last(id_)
                    self._add(Drift(UNMANAGED, token, id_, label, outputs=outs))
                    if everything:
                        places += _places(token, id_)

    def _look(self, one: Resource) -> Resource | None:
        known = dict(self._raw[one.urn])
        outs = self._ask(one.type, one.name, partial(provider_for(one.type).look, str(one.id), known), known)
        if outs is known:
            return one
        if outs is None:
            self._add(Drift(MISSING, one.type, str(one.id), one.name, one.urn))
            return None
        different = tuple(self._different(one, outs))
        if not different:
            return one
        self._add(Drift(CHANGED, one.type, str(one.id), one.name, one.urn, different, outs))
        return replace(one, props={**one.props, **plain(outs)})

    def _different(self, one: Resource, outs: Mapping[str, Any]) -> Iterator[Argument]:
        provider, known = provider_for(one.type), self._raw[one.urn]
        managed = [name for name in known.get(MANAGED) or () if name in provider.model]
        readable = {name: known.get(name) for name in managed if one.props.get(name) is not UNKNOWN}
        for name in provider.changed(outs, readable):
            hidden = provider.model[name].secret
            yield Argument(name, *(("(secret)", "(another secret)") if hidden else (readable[name], outs.get(name))))

    def _ask(self, token: str, what: str, read: Callable[[], T], otherwise: T) -> T:
        """What a read answers; of one that fails the reason is kept. A vendor that does not let us in is asked once."""
        vendor = token.partition(":")[0]
        if vendor in self._silent:
            return otherwise
        try:
            return read()
        except (SettingsError, Unauthorized, Unreachable) as error:
            with self._lock:
                if vendor not in self._silent:
                    self._silent.add(vendor)
                    self._found.errors.append(str(error))
        except VoiceRoutingError as error:
            with self._lock:
                self._found.errors.append(f"{token} {what}: {error}")
        return otherwise

    def _add(self, drift: Drift) -> None:
        with self._lock:
            self._found.drifts.append(drift)


def _strangers(token: str, home: str, known: Collection[tuple[str, str]]) -> list[tuple[str, dict[str, Any]]]:
    """What a list holds beside what is known, as the type reads it."""
    provider = provider_for(token)
    looked = [(id_, provider.look(id_, {})) for id_ in provider.ids(home) if (token, id_) not in known]
    # What is not there has gone since, and what no program can declare is the vendor's own.
    return [(id_, outs) for id_, outs in looked if outs is not None and not provider.no_object(outs)]


def _strangers_if_any(token: str, home: str, known: Collection[tuple[str, str]]) -> list[tuple[str, dict[str, Any]]]:
    """The same of a list that need not be there: an extension has one of two kinds of call handling."""
    try:
        return _strangers(token, home, known)
    except (DeclarationError, NotFound):
        return []


def _claims(token: str, id_: str, outputs: Mapping[str, Any]) -> set[standing.Claim]:
    """What an object stands for, whatever its type: entries of a set are objects of their own as well."""
    provider = provider_for(token)
    args = {name: value for name, value in outputs.items() if name in provider.model}
    claims = {*provider.stands_for(args), *provider.held_by_id(id_, args)}
    return {claim for claim in claims if claim[0] != standing.ON}  # who switches something on need not declare it


def _as_entry(claim: standing.Claim) -> standing.Claim:
    """What an object stands for by its name, as a list that has it among its entries claims it."""
    return claim[1:] if claim[0] == standing.ONE else claim


def _places(token: str, id_: str) -> Iterator[tuple[str, str]]:
    """The list that an object is in, and those that are in it, by type and the id of what contains them; empty for
    the account."""
    provider = provider_for(token)
    if isinstance(provider, Member):
        yield token, references.parent(id_) if len(provider.path) > 1 else ""
    for other in tokens_of(token.partition(":")[0]):
        inside = roles_of(other).inside
        if inside is not None and inside.mark.what == token and isinstance(provider_for(other), Member):
            yield other, id_


def _beside(token: str, id_: str) -> Iterator[tuple[str, str]]:
    """The other lists of what contains an object, where that is no object of any stack's, such as an extension."""
    inside, provider = roles_of(token).top(means.Inside), provider_for(token)
    if inside is None or ":" in inside.mark.what or not isinstance(provider, Member):
        return
    for other in tokens_of(token.partition(":")[0]):
        its = roles_of(other).top(means.Inside)
        if its is not None and its.mark.what == inside.mark.what and isinstance(provider_for(other), Member):
            yield other, references.parent(id_)


def _roots(vendor: str) -> Iterator[tuple[str, str]]:
    """The lists of the account as a whole."""
    for token in tokens_of(vendor):
        provider = provider_for(token)
        if isinstance(provider, Member) and len(provider.path) == 1:
            yield token, ""


def _judge(found: Found, before: Sequence[Resource], after: Sequence[Resource]) -> None:
    """What the drifts mean for callers: each by itself, and all of them together."""
    if not any(one.kind != UNMANAGED for one in found.drifts):
        return
    then = Routing.of_state(before)
    together = Impact(then, Routing.of_state(after))
    found.numbers = list(together.numbers())
    if not found.numbers:
        return
    countries = allowed_countries()
    if sum(bool(one.urn) for one in found.drifts) > _MOST_JUDGED:
        told = _by_resource(together, countries)
        found.drifts = [replace(one, calls=tuple(told.get(one.urn, ()))) for one in found.drifts]
        return
    now = {one.urn: one for one in after}
    for place, drift in enumerate(found.drifts):
        if not drift.urn:
            continue
        alone = [now.get(one.urn) if one.urn == drift.urn else one for one in before]
        impact = Impact(then, Routing.of_state([one for one in alone if one is not None]))
        found.drifts[place] = replace(drift, calls=tuple(judged(impact, countries)))


def _judge_strangers(found: Found, live: Sequence[Resource]) -> None:
    """What the stack does not know takes calls too, such as a switch that somebody has turned on: each of it is judged
    beside all else that is there. That it tells more than the stack does is no harm."""
    there = {
        place: Resource(one.token, one.label, f"live:{one.token}:{one.id}", dict(plain(one.outputs)), one.id)
        for place, one in enumerate(found.drifts)
        if one.kind == UNMANAGED
    }
    if not there:
        return
    now = Routing.of_state([*live, *there.values()])
    together = Impact(Routing.of_state(live), now)
    if not any(together.numbers()):
        return
    countries = allowed_countries()
    many = len(there) > _MOST_JUDGED or len(there) * (len(live) + len(there)) > _MOST_COMPARED
    told = _by_resource(together, countries) if many else None
    for place, stranger in there.items():
        if told is not None:
            calls: Iterable[CallChange] = told.get(stranger.urn, ())
        else:
            others = [*live, *(one for one in there.values() if one is not stranger)]
            calls = judged(Impact(Routing.of_state(others), now), countries)
        known = tuple(one for one in calls if not one.before.share("unknown"))
        found.drifts[place] = replace(found.drifts[place], calls=known)


def _by_resource(together: Impact, countries: Collection[int] | None) -> dict[str, list[CallChange]]:
    """The calls that end elsewhere, by each resource that decides about them."""
    found: dict[str, list[CallChange]] = {}
    for change in judged(together, countries):
        for urn in together.passed(change.number, change.call, change.intervals[0][0]):
            found.setdefault(urn, []).append(change)
    return found


__all__ = ["CHANGED", "MISSING", "UNMANAGED", "Argument", "Drift", "Found", "drifted"]
