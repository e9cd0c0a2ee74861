"""What would happen to the callers of each number: the one place where the rules on numbers look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..permission.approvals import Change
from ..permission.needed import HIDDEN, INACTIVE, NOBODY, NOT_KNOWN, NumberFacts, needed_permission
from .facts import UNKNOWN, Before, Facts, Resource, UnknownValue
from .hidden_numbers import hidden_changes, stays
from .holdings import Holding, end_of, hides_numbers, holdings, left_with, numbers_of, recorded, records


@dataclass(frozen=True)
class NumberChange:
    """A change that takes a permission, and how it comes about."""

    change: Change
    resource: Resource | None
    """The declared resource that asks for it; nothing when it has left the program."""
    how: str


def number_changes(facts: Facts) -> tuple[NumberChange, ...]:
    """Every permission that the program needs for its numbers, each once. Several rules ask in turn."""
    return facts.once(_number_changes)


def _number_changes(facts: Facts) -> tuple[NumberChange, ...]:
    numbers = _Numbers(facts)
    found = [*numbers.moves(), *numbers.silenced_records(), *(numbers.released() if facts.whole else ())]
    found += [NumberChange(*one) for one in hidden_changes(facts)]
    return tuple({one.change: one for one in reversed(found)}.values())[::-1]


def handed_on(old: Resource, new: Resource | None, others: Sequence[Resource]) -> list[Change]:
    """The permissions for the numbers of one resource that is about to change or end, beside others that stay."""
    facts = Facts([*others, *([new] if new is not None else ())], Before([old]))
    theirs = set(numbers_of(old))
    return [
        one.change
        for one in number_changes(facts)
        if one.resource is None or one.resource.urn == old.urn or one.change.object in theirs
    ]


def silenced(old: Resource, new: Resource | None, owners: Sequence[Resource]) -> list[Change]:
    """The permissions for the numbers of records that are about to change or end, which ``owners`` answer."""
    facts = Facts([*owners, *([new] if new is not None else ())], Before([old, *owners]))
    return [one.change for one in number_changes(facts) if one.resource is None or one.resource.urn == old.urn]


def may_silence(old: Resource, new: Resource | None) -> bool:
    """Whether numbers of records may lose their callers by a change, whoever answers them."""
    if hides_numbers(old) or (new is not None and hides_numbers(new)):
        return True
    off = {number for number, active in recorded(old) if active is False}
    going = set(numbers_of(old)) - set(numbers_of(new) if new is not None else ())
    silent = {number for number, active in recorded(new) if active in (False, UNKNOWN)} if new is not None else set()
    return bool(going or silent - off)


class _Numbers:
    """The numbers of a stack before a run and after it."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        saved = facts.before.resources if facts.before else []
        self.before: dict[str, Holding] = {}
        self.known: dict[tuple[str, str], Holding] = {}
        for held in holdings(facts, saved):
            if held.number not in self.before or not held.stranger:
                self.before[held.number] = held
            present = facts.successor(held.resource)
            if present is not None:
                self.known[present.urn, held.number] = held
        self.off = {number for one in saved for number, active in recorded(one) if active is False}
        """Numbers whose record is switched off already."""
        self.after = [one for one in holdings(facts, facts.declared) if not one.stranger]

    def live(self, number: str) -> str:
        """Who answers a number: the vendor's word where it was asked, or else the state's."""
        if number in self.facts.live:
            return self.facts.live[number] or NOBODY
        held = self.before.get(number)
        return _saved_word(held) if held else NOBODY

    def active(self, number: str) -> bool:
        """Whether callers reach that owner, as far as the state knows."""
        held = self.before.get(number)
        return held is None or held.active is not False

    def moves(self) -> Iterator[NumberChange]:
        """Numbers that a resource gives to another owner, or lets nobody reach."""
        for one in self.after:
            was, live, to = self.known.get((one.resource.urn, one.number)), self.live(one.number), _word(one.owner)
            same = was is not None and stays(self.facts, was, one)
            known = NOBODY if was is None else live if was.owner is UNKNOWN else was.owner
            asked = NumberFacts(one.number, live if live == to else known, live, self.active(one.number))
            if not same and (known != to or not self.facts.unchanged(one.resource)):
                yield from _change(needed_permission(asked, to), one.resource, "another target")
            if one.active is False or (one.active is UNKNOWN and not self.facts.unchanged(one.resource)):
                how = "active=False" if one.active is False else "its active flag is not known yet"
                yield from _change(needed_permission(asked, INACTIVE), one.resource, how)

    def silenced_records(self) -> Iterator[NumberChange]:
        """Numbers whose record is switched off."""
        for one in self.facts.that(records):
            for number, active in recorded(one):
                untold = active is UNKNOWN and not self.facts.unchanged(one)
                if (active is False or untold) and number not in self.off:
                    how = "its record says active=False" if active is False else "its record's active is not known yet"
                    yield from self._silenced(number, INACTIVE, one, how)

    def released(self) -> Iterator[NumberChange]:
        """Numbers whose owner they leave, with the resource or without it, and records that take them along."""
        there = {one.number for one in self.after}
        for number, held in self.before.items():
            present = self.facts.successor(held.resource)
            gone = present is None
            if number in there or (gone and (held.resource.kept or held.stranger)):
                continue
            if number in self.facts.live and held.owner not in (UNKNOWN, self.live(number)):
                continue  # the provider leaves it to whoever has it by now
            how = f"{held.resource.name!r} {'leaves the stack' if gone else 'does not name it any more'}"
            yield from self._silenced(number, left_with(held.resource), present, how)
        yield from self._ended_records()

    def _ended_records(self) -> Iterator[NumberChange]:
        there = {number for one in self.facts.that(records) for number in numbers_of(one)}
        for saved in self.facts.before.that(records) if self.facts.before else []:
            present = self.facts.successor(saved)
            if saved.kept and present is None:
                continue
            many = saved.roles.dialled is not None and saved.roles.dialled.inner
            ends, to = end_of(present if present is not None and many else saved)
            for number in numbers_of(saved) if to else []:
                if to and number not in there and not (to == INACTIVE and number in self.off):
                    yield from self._silenced(number, to, present, f"the record in {saved.name!r} ends ({ends})")

    def _silenced(self, number: str, to: str, resource: Resource | None, how: str) -> Iterator[NumberChange]:
        live = self.live(number)
        yield from _change(needed_permission(NumberFacts(number, live, live, self.active(number)), to), resource, how)


def _change(change: Change | None, resource: Resource | None, how: str) -> Iterable[NumberChange]:
    if change is not None:
        yield NumberChange(change, resource, how)


def _word(owner: str | UnknownValue) -> str:
    return NOT_KNOWN if owner is UNKNOWN else owner


def _saved_word(held: Holding) -> str:
    return HIDDEN if held.owner is UNKNOWN else held.owner
