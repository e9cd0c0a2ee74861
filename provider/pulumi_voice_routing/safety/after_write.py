"""What the vendors would have after a write, and after whatever else the program has declared so far."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from ..errors import NotFound
from ..lifecycle import meaning as means
from ..lifecycle import references
from ..lifecycle.model import FieldFacts, unknown
from ..lifecycle.writes import Declared, Write
from ..plan.facts import UNKNOWN, Resource, UnknownValue, plain
from ..plan.given_back import given_back
from ..plan.holdings import numbers_of, owner_of
from ..plan.limits import without_own_zeros
from ..plan.live import Looking
from ..plan.liveness import switched_on
from ..plan.roles import roles_of
from ..ringcx.cloud_routing.views import DnisOverrideView
from ..telephony.number import as_declared, digits_of
from .extension_rules import about_rules

Key = tuple[str, str | None]
Loose = frozenset[str] | None
"""Of a write, the arguments that name nothing that the run is to make; nothing for what else is declared, of which
what is not known yet is judged when it is written."""


def in_groups(token: str, versions: Iterable[Mapping[str, Any]]) -> list[Resource]:
    """The group with a number, and those that it forwards to or is to forward to."""
    looking, place = Looking(thorough=False), roles_of(token).top(means.Extension)
    given = list(versions)
    for props in given:
        number = props.get(place.field) if place is not None else None
        if isinstance(number, str):
            looking.ring_groups(number)
    for value in (value for props in given for value in roles_of(token).values(props, means.Needs)):
        if isinstance(value.value, str) and value.place.mark.by_extension:
            looking.ring_groups(value.value)
    return list(looking.found.values())


class After:
    """The objects that calls pass, as they are when the run is through, as far as it has told."""

    def __init__(
        self, before: Iterable[Resource], declared: Sequence[Declared], writes: Sequence[Write], *, others: bool = True
    ) -> None:
        """``writes`` are those that are about to be sent, with the ids of what they change; ``others`` says whether all
        else that is declared counts as done, too."""
        self._there: dict[Key, Resource] = {}
        for one in before:
            if one.roles.overrides is not None and one.roles.overrides.inner:  # a list, as a state holds it
                self._overridden(one.type, one.id, one.props, untold=True)
            else:
                self._there[one.type, one.id] = one
        self._shared = frozenset(_with_shares(self._there.values()))
        self._declared = declared
        self._new = {(one.token, one.id) for one in declared if one.new}
        self._off: set[Key] = set()
        """What the writes switch off, be it on again by now."""
        self.moved = dict(self._moved())
        """The numbers that the program gives to another owner than they have, with that: permissions of their own are
        for them."""
        for write in writes:
            roles = roles_of(write.provider.token)
            if write.args is None or roles.has(means.Switches) or roles.overrides is not None:
                self._ended(write)  # what is declared is brought back after that
        urns = {write.urn for write in writes}
        come: list[tuple[str, str | None, Mapping[str, Any], Loose]] = [
            (one.token, one.id, one.args, None) for one in declared if others and one.urn not in urns and not one.stays
        ]
        come += [(one.provider.token, one.id, one.args, one.loose) for one in writes if one.args is not None]
        for switches in (False, True):  # what is switched on has to be there
            for token, id_, args, loose in come:
                if roles_of(token).has(means.Switches) is switches:
                    self._brought(token, id_, args, loose=loose)
            if not switches:
                self._named()
        self._woken()

    @property
    def resources(self) -> list[Resource]:
        """All of them."""
        return list(self._there.values())

    def knows(self, owner: Key) -> bool:
        """Whether it is told what an owner of numbers does with their calls."""
        return not owner[0] or any(type_ == owner[0] and references.same(id_, owner[1]) for type_, id_ in self._there)

    def _moved(self) -> Iterator[tuple[str, Key]]:
        for one in self._declared:
            roles = roles_of(one.token)
            if not roles.answers or roles.answers_itself:
                continue
            said = Resource(one.token, one.urn, one.urn, plain(one.args), one.id)
            owner = owner_of(said)
            to = said.at(owner)
            key = (owner.mark.type if owner is not None else "", to if isinstance(to, str) else None)
            for number in numbers_of(said):
                for live in self._there.values():
                    if live.roles.answers and number in numbers_of(live) and not references.same(_owner(live), to):
                        yield number, key

    # What comes

    def _named(self) -> None:
        """What the program declares and calls are to go to, though none have come to it before."""
        args = {(one.token, one.id): one.args for one in self._declared if one.id is not None and not one.new}
        looking = Looking(thorough=False)
        for live in list(self._there.values()):
            for value in live.values(means.Target):
                key = (value.place.mark.to, str(value.value))
                if key not in args or key in self._there:
                    continue
                with suppress(NotFound):
                    there = looking.object(*key)
                    if there is not None:
                        there = without_own_zeros(there, args[key])
                        self._there[key] = replace(there, props={**there.props, **self._known(key[0], args[key])})

    def _brought(self, token: str, id_: str | None, args: Mapping[str, Any], *, loose: Loose) -> None:
        roles = roles_of(token)
        id_ = id_ or self._taken_over(token, args)
        if roles.has(means.Switches):
            for key in switched_on(token, args):
                self._switch(key, on=True)
        elif roles.overrides is not None:
            self._overridden(token, id_, args, untold=loose is not None)
        elif (token, id_) in self._there:
            live = self._there[token, id_]
            known = self._known(token, args, loose)
            self._there[token, id_] = replace(live, props={**_less(live, known), **known, **_rows_over(live, known)})
        elif (token, id_) in self._new or (
            (roles.has(means.Extension) or self._belongs(token, args))
            and all(_told(roles.fields.get(name), args[name], loose) for name in args)
        ):
            inside = roles.top(means.Inside)
            name = id_ or f"{args.get(inside.field if inside else '')}/{args.get(roles.key or '', token)}"
            self._there[token, name] = Resource(token, name, f"live:{token}:{name}", plain(args), id_)

    def _taken_over(self, token: str, args: Mapping[str, Any]) -> str | None:
        """The object that a resource without an id will turn out to be."""
        roles = roles_of(token)
        inside, number = roles.top(means.Inside), roles.top(means.Extension)
        if number is not None:  # what is dialled by it is one object
            dialled = (one for one in self._there.values() if one.type == token)
            return next((one.id for one in dialled if one.at(number) == args.get(number.field)), None)
        adopts = any(args.get(place.field) for place in roles.places(means.Existing))
        adopts = adopts or any(place.mark.given_back for place in roles.places(means.AtEnd))
        if inside is None or not (adopts or roles.key is None):  # what has no name is the one of its owner
            return None
        alike = (one for one in self._there.values() if one.type == token)
        parent = [one for one in alike if references.same(one.at(inside), args.get(inside.field))]
        key = roles.key
        return next((one.id for one in parent if key is None or one.get(key) == args.get(key)), None)

    def _known(self, token: str, args: Mapping[str, Any], loose: Loose = None) -> dict[str, Any]:
        """The arguments that are told, without what never changes about an object that is there."""
        fields = roles_of(token).fields
        fixed = (means.Inside, means.Existing)
        return {
            name: plain(value)
            for name, value in args.items()
            if name in fields
            and _told(fields[name], value, loose)
            and not any(isinstance(mark, fixed) for mark in fields[name].meanings)
        }

    def _belongs(self, token: str, args: Mapping[str, Any]) -> bool:
        """Whether an object is a part of one that calls pass."""
        inside = roles_of(token).top(means.Inside)
        parent = args.get(inside.field) if inside is not None else None
        if inside is None or not isinstance(parent, str):
            return False
        if about_rules(token):
            return any(
                about_rules(one.type) and references.same(one.role(means.Inside), parent)
                for one in self._there.values()
            )
        return any(type_ == inside.mark.what and references.same(id_, parent) for type_, id_ in self._there)

    def _overridden(self, token: str, id_: str | None, args: Mapping[str, Any], *, untold: bool) -> None:
        for called, target in _overrides(token, args, untold=untold):
            at = self._at(token, id_, args)
            if isinstance(called, str):
                self._without_override(at, called)
            # Of several whose numbers are not known, each is one.
            name = f"{at}/{called if isinstance(called, str) else f'not known yet: {len(self._there)}'}"
            type_ = DnisOverrideView.token
            roles = roles_of(type_)
            inside, number, to = (roles.top(one) for one in (means.Inside, means.Called, means.Target))
            if inside is not None and number is not None and to is not None:
                shown = as_declared(called) if isinstance(called, str) else called
                props = {inside.field: at, number.field: shown, to.field: target}
                self._there[type_, name] = Resource(type_, name, f"live:{type_}:{name}", props, name)

    def _at(self, token: str, id_: str | None, args: Mapping[str, Any]) -> str:
        """The id of what an override is at."""
        roles = roles_of(token)
        inside = roles.top(means.Inside)
        said = args.get(inside.field) if inside is not None else None
        there = said if isinstance(said, str) else id_ or ""
        same = [id_ for type_, id_ in self._there if inside is not None and type_ == inside.mark.what]
        return next((one for one in same if one is not None and references.same(one, there)), there)

    def _without_override(self, at: str, called: str) -> None:
        for key, one in list(self._there.items()):
            place = one.roles.overrides
            if place is None or place.inner or not references.same(one.role(means.Inside), at):
                continue
            if digits_of(str(one.at(place))) == digits_of(called):
                del self._there[key]

    def _switch(self, key: Key, *, on: bool) -> None:
        one = next(
            (it for (type_, id_), it in self._there.items() if type_ == key[0] and references.same(id_, key[1])), None
        )
        switch = one.roles.top(means.Switch) if one is not None else None
        if one is not None and switch is not None:
            self._there[one.type, one.id] = replace(one, props={**one.props, switch.field: on})
            if not on:
                self._off.add((one.type, one.id))

    # What goes

    def _ended(self, write: Write) -> None:
        token, id_, olds = write.provider.token, write.id or "", write.olds or {}
        roles = roles_of(token)
        if roles.has(means.Switches):
            kept = {
                key
                for one in self._declared
                if roles_of(one.token).has(means.Switches)
                for key in switched_on(one.token, one.args)
            }
            for key in switched_on(token, olds):
                if not any(key[0] == other[0] and references.same(key[1], other[1]) for other in kept):
                    self._switch(key, on=False)
            return
        if roles.overrides is not None:
            at = self._at(token, id_, olds)
            goes_on = {digits_of(called) for called in self._overridden_by_others(at, write.urn)}
            for called, _ in _overrides(token, olds):
                if digits_of(str(called)) not in goes_on:
                    self._without_override(at, str(called))
            return
        live = self._there.get((token, id_))
        others = ((one.token, one.id) for one in self._declared if one.urn != write.urn)
        if live is None or (token, id_) in others:  # another resource stands for it as well
            return
        left = self._left(live, write, olds)
        if left is None:
            del self._there[token, id_]
        else:
            self._there[token, id_] = left

    def _overridden_by_others(self, at: str, urn: str) -> Iterator[str]:
        """The numbers that other resources of the program send elsewhere at one place. Who lets go of one leaves it to
        them."""
        for one in self._declared:
            overrides = one.urn != urn and roles_of(one.token).overrides is not None
            if overrides and references.same(self._at(one.token, one.id, one.args), at):
                yield from (called for called, _ in _overrides(one.token, one.args) if isinstance(called, str))

    def _left(self, live: Resource, write: Write, olds: Mapping[str, Any]) -> Resource | None:
        """What stays of an object when its resource ends."""
        place = live.roles.top(means.AtEnd)
        if place is not None and place.mark.given_back:
            return given_back(replace(live, props={**live.props, **plain(dict(olds))}))
        said = write.provider.left_by(live.id, dict(olds))
        return None if said is None else replace(live, props={**live.props, **plain(said)})

    # What lifecycles see to

    def _woken(self) -> None:
        """What the program declares, and does not keep off, is switched on before it gets calls, unless a write has
        just switched it off. Whether what had a share before is on, and the state does not say, stays unknown."""
        for one in self._declared:
            roles = roles_of(one.token)
            switch = roles.top(means.Switch)
            wakes = roles.begins_off and roles.has(means.Target) and one.id is not None
            if not wakes or switch is None or one.args.get(switch.field) is not None:
                continue
            live = self._there.get((one.token, one.id))
            if live is not None and (live.type, live.id) in self._off:
                continue
            if live is None or live.switch() is not None or references.last(str(one.id)) not in self._shared:
                self._switch((one.token, one.id), on=True)


def _less(live: Resource, known: Mapping[str, Any]) -> dict[str, Any]:
    """What an object says, without who answers it when that is said anew: one of several arguments says so."""
    owners = {place.field for place in live.roles.places(means.Owner)}
    return {name: value for name, value in live.props.items() if not (owners & known.keys() and name in owners)}


def _rows_over(live: Resource, known: Mapping[str, Any]) -> dict[str, Any]:
    """The rows of a set laid over those of the same objects: what they do not say stays as it is."""
    place = live.roles.shares
    said = known.get(place.field) if place is not None else None
    if place is None or not isinstance(said, list):
        return {}
    there = {references.last(str(place.of(row))): row for row in live.rows(place.field)}

    def laid_over(row: Any) -> Any:
        return {**there.get(references.last(str(place.of(row))), {}), **row} if isinstance(row, Mapping) else row

    return {place.field: [laid_over(row) for row in said]}


def _with_shares(resources: Iterable[Resource]) -> Iterator[str]:
    """The last parts of the ids of what sets give shares to."""
    for one in resources:
        place = one.roles.shares
        if place is not None:
            yield from (references.last(str(place.of(row))) for row in one.rows(place.field))


def _owner(one: Resource) -> Any:
    return one.at(owner_of(one))


def _overrides(
    token: str, args: Mapping[str, Any], *, untold: bool = False
) -> Iterator[tuple[str | UnknownValue, Any]]:
    """The numbers and their targets; ``untold`` says whether numbers are wanted that are not known yet."""
    roles = roles_of(token)
    place = roles.overrides
    if place is None:
        return
    target = roles.places(means.Target)[0]  # where calls go instead
    rows = plain(args.get(place.field) if place.inner else [args])
    for row in rows if isinstance(rows, list) else [UNKNOWN] if rows is UNKNOWN else []:
        number, to = (place.of(row), target.of(row)) if isinstance(row, Mapping) else (UNKNOWN, UNKNOWN)
        if isinstance(number, str):
            yield number, to
        elif untold:
            yield UNKNOWN, to


def _told(field: FieldFacts | None, value: Any, loose: Loose) -> bool:
    """Whether a value can be judged. That it is not known counts where a write itself says it, unless it names an
    object that the run is to make: this is there before the write is sent."""
    if not unknown(value):
        return True
    if loose is None or field is None:
        return False
    if field.name in loose:
        return True
    if field.stands_for:
        return False
    rows = value if isinstance(value, list) else [value]
    model: Mapping[str, FieldFacts] = field.rows or {}
    return all(_told(model.get(name), row[name], loose) for row in rows if isinstance(row, Mapping) for name in row)
