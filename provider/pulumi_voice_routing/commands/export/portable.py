"""What it takes to bring an account up once more, in another one: no ids, and everything in its turn.

What every account has from the start is found by look-ups, and what no program makes is named in the stack's
configuration. What takes calls is switched on when all of it is there, and numbers are given to it after that.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...errors import VoiceRoutingError
from ...lifecycle import meaning as means
from ...lifecycle import references
from ...lifecycle.model import FieldFacts
from ...plan.roles import roles_of, tokens_of
from ...registry import provider_for
from ...telephony.number import as_declared
from .account import Account, Found
from .code import Call, Raw, width
from .links import Links, types_named
from .names import camel, slug, snake

_SHORT = 60
_NOT_IN_A_PROGRAM = ("queue", "ivr")
"""How targets are read that are ids of things which no resource stands for."""


def prepare(account: Account) -> None:
    """Let the objects say what can be made anew."""
    for one in account.objects:
        one.found_by = provider_for(one.token).always_there(one.id)
        _without_own_account(one)
    _tell_apart(account.objects)
    account.objects += [_switch for vendor in _vendors(account) if (_switch := _switched(vendor, account.objects))]


def _vendors(account: Account) -> list[str]:
    return sorted({one.vendor for one in account.objects})


def _without_own_account(one: Found) -> None:
    """A new object is in the account that is configured."""
    for name, facts in provider_for(one.token).model.items():
        mark = elsewhere_of(facts)
        if mark is not None and mark.what == "account" and one.args.get(name) == one.id.partition("/")[0]:
            del one.args[name]


def _tell_apart(objects: Iterable[Found]) -> None:
    """Give a name of its own to each that is made by its name: vendors allow two of one name, programs do not."""
    alike: defaultdict[tuple[str, str, str], list[Found]] = defaultdict(list)
    for one in objects:
        label = one.roles.top(means.Label)
        if label is not None and one.roles.key == label.field and not one.found_by:
            alike[one.token, _place(one), str(one.args[label.field])].append(one)
    taken = set(alike)
    for (token, place, name), some in alike.items():
        label = roles_of(token).top(means.Label)
        longest = 255
        for one in sorted(some[1:], key=lambda one: (json.dumps(_plain(one), sort_keys=True), one.id)):
            count = 2
            while (token, place, said := f"{name[: longest - 6]} ({count})") in taken:
                count += 1
            taken.add((token, place, said))
            if label is not None:
                one.args[label.field] = said


def _place(one: Found) -> str:
    inside = one.roles.top(means.Inside)
    return str(one.args.get(inside.field, "")) if inside is not None else ""


def _plain(one: Found) -> dict[str, Any]:
    """What tells it from another one, whatever the ids."""
    return {name: value for name, value in one.args.items() if not isinstance(value, str) or "/" not in value}


def _switched(vendor: str, objects: Iterable[Found]) -> Found | None:
    """What switches everything on that takes calls, once it is whole."""
    for token in tokens_of(vendor):
        place = next(iter(roles_of(token).places(means.Switches)), None)
        if place is None:
            continue
        on = [one for one in objects if one.token in place.mark.kinds.values() and _takes_off(one)]
        if on:
            return Found(token, "", None, {place.field: on}, (), name="everything-on", before=on)
    return None


def _takes_off(one: Found) -> bool:
    """Whether it is on; its declaration says so no more."""
    switch = one.roles.top(means.Switch)
    return switch is not None and not switch.mark.first and bool(one.args.pop(switch.field, False))


def order(objects: Iterable[Found]) -> dict[Found, list[Found]]:
    """What must be there before an object that does not name it."""
    there = sorted((one for one in objects if not one.found_by), key=by_name)
    parts: defaultdict[tuple[Found | str | None, str], list[Found]] = defaultdict(list)
    for one in there:
        parts[_home(one), one.token].append(one)
    records = {
        as_declared(str(one.args[one.roles.dialled.field])): one
        for one in there
        if one.roles.records and one.roles.dialled
    }
    inside: defaultdict[Found, list[Found]] = defaultdict(list)
    for one in there:
        if one.home is not None:
            inside[one.home].append(one)
    switches = {on: one for one in there for on in one.before}
    numbers = {
        str(one.args[place.field]): one
        for one in there
        if (place := one.roles.top(means.Extension)) and place.field in one.args
    }
    links = Links(there)

    def first(one: Found) -> Iterator[Found]:
        for token in provider_for(one.token).after:
            yield from parts[_home(one), token]
        for on in one.before:
            yield from inside[on]
        if one.roles.answers and one.roles.dialled is not None:
            record = records.get(as_declared(str(one.args.get(one.roles.dialled.field))))
            yield from [record] if record is not None else []
            yield from (switches[on] for on in links.of(one) if on in switches)
        for value in one.roles.values(one.args, means.Needs):
            needed = numbers.get(str(value.value)) if value.place.mark.by_extension else None
            yield from [needed] if needed is not None else []

    return {one: list(dict.fromkeys(it for it in first(one) if it is not one)) for one in there}


def after(names: Sequence[str]) -> Call:
    """The option that lets a resource wait for others."""
    line = f"depends_on=[{', '.join(names)}]"
    if width(line) < _SHORT:
        return Call("pulumi.ResourceOptions", [Raw(line)])
    return Call("pulumi.ResourceOptions", [], {"depends_on": [Raw(name) for name in names]})


def by_name(one: Found) -> tuple[str, str]:
    """An order that is the same in every account."""
    return one.token, one.name


def _home(one: Found) -> Found | str | None:
    return one.home if one.home is not None else _place(one)


# What no program makes


def elsewhere_of(facts: FieldFacts) -> means.Elsewhere | None:
    """The marker of an id of something that no resource stands for."""
    return next((mark for mark in facts.meanings if isinstance(mark, means.Elsewhere)), None)


def what_is_named(facts: FieldFacts, value: Any, *beside: Mapping[str, Any]) -> str:
    """What a value names by its id, in one word; empty when it is no id. Fields beside it tell how it is read."""
    if not isinstance(value, str):
        return ""
    mark = elsewhere_of(facts)
    if mark is not None:
        return mark.what
    for reads in (one for one in facts.meanings if isinstance(one, means.Target | means.Owner)):
        by = getattr(reads, "by", "")
        said = next((row[by] for row in beside if row.get(by)), "")
        read = reads.reads if isinstance(reads.reads, str) else (reads.reads or {}).get(said, "")
        if read in _NOT_IN_A_PROGRAM:
            return read
    named = next((token for token in types_named(facts)), "")
    return snake(named.partition(":")[2]) if named and re.fullmatch(r"[0-9a-fA-F/-]+", value) else ""


@dataclass
class Outside:
    """What the objects name that no program makes: found by look-ups, or named in the configuration."""

    keys: dict[tuple[str, str], str] = field(default_factory=dict)
    """The key in the configuration, by the word for it and its id."""
    names: dict[tuple[str, str], str] = field(default_factory=dict)
    """What people call it."""
    looked_up: dict[str, str] = field(default_factory=dict)
    """Variables that hold what look-ups find, by the look-up."""

    @classmethod
    def of(cls, objects: Iterable[Found], links: Links) -> Outside:
        """All that the objects name, the first that is named first."""
        outside = cls()
        found = [each for one in objects for each in _named(one, links)]
        for what, value, called, _ in found:
            if called:
                outside.names[what, references.last(value)] = called
        for what, value, _, facts in found:
            outside._add(what, value, facts)
        return outside

    def _add(self, what: str, value: str, facts: FieldFacts) -> None:
        look_up = _look_up(facts, value)
        if look_up:
            name = f"{what}_number" if ".rpartition(" in look_up else what
            count = 1 + sum(other.rstrip("_0123456789") == name for other in self.looked_up.values())
            self.looked_up.setdefault(look_up, name if count == 1 else f"{name}_{count}")
            return
        thing = what, references.last(value)
        if thing in self.keys:
            return
        name = slug(self.names[thing]) if self.names.get(thing) else ""
        ways = (f"{what}-{name}".strip("-"), *(f"{what}-{name}-{count}" for count in range(2, len(self.keys) + 3)))
        said = (camel(re.sub("-+", "-", way)) for way in ways)
        self.keys[thing] = next(key for key in said if key not in self.keys.values())

    def variable(self, facts: FieldFacts, value: Any) -> tuple[str, str] | None:
        """The variable that holds what a value names, and the look-up that it comes from."""
        look_up = _look_up(facts, value) if isinstance(value, str) else ""
        return (self.looked_up[look_up], look_up) if look_up in self.looked_up else None

    def key(self, facts: FieldFacts, value: Any, *beside: Mapping[str, Any]) -> str:
        """The key of what a value names; empty when it names nothing of the kind."""
        return self.keys.get((what_is_named(facts, value, *beside), references.last(str(value))), "")

    def commands(self) -> Iterator[str]:
        """What names them in the configuration of another account."""
        for (what, id_), key in sorted(self.keys.items(), key=lambda one: one[1]):
            name = self.names.get((what, id_))
            yield f"pulumi config set {key} ID  # the {what.replace('_', ' ')}" + (
                f" {name!r}" if name else f", here {id_}"
            )


def _look_up(facts: FieldFacts, value: str) -> str:
    mark = elsewhere_of(facts)
    if mark is None or mark.found is None:
        return ""
    try:
        return mark.found(value)
    except VoiceRoutingError:
        return ""  # where the vendor cannot be asked, the configuration says it


def _named(one: Found, links: Links) -> Iterator[tuple[str, str, str, FieldFacts]]:
    model = provider_for(one.token).model
    called = provider_for(one.token).called_elsewhere(one.id) if one.id else {}
    home = one.home.args if one.home is not None else {}

    def inside(facts: FieldFacts, value: Any, *beside: Mapping[str, Any]) -> Iterator[tuple[str, str, FieldFacts]]:
        if isinstance(value, list):
            for item in value:
                yield from inside(facts, item, *beside)
        elif isinstance(value, dict):
            for name, item in value.items():
                if name in (facts.rows or {}):
                    yield from inside((facts.rows or {})[name], item, value, *beside)
        elif links.meant(facts, value) is None and (what := what_is_named(facts, value, *beside)):
            yield what, value, facts

    for name, value in one.args.items():
        for what, said, facts in inside(model[name], value, one.args, home):
            yield what, said, called.get(name, ""), facts
