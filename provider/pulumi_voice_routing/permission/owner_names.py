"""Objects by the names that people give them: ``profile "Night" in "Denver"``, ``queue "Support"``.

Ids differ from account to account, so that an approval with names permits one reviewed change in test and production.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, TypeAlias

from ..errors import VoiceRoutingError, one_line

_IN_A_GROUP = ("profile", "destination")
_BY_THEMSELVES = ("queue", "Visual IVR", "route group")
EXAMPLE = 'profile "Night" in "Denver", or a queue such as queue "Support"'
_ANY = re.compile(r'[A-Za-z] ".')


class Named(NamedTuple):
    """Something with a name."""

    noun: str
    """What it is, as approvals say it."""
    name: str
    number: str
    """The vendor's id."""
    group: str = ""
    """The name of the group that contains it; empty when none does."""

    def __str__(self) -> str:
        return f'{self.noun} "{self.name}"' + (f' in "{self.group}"' if self.group else "")


Source: TypeAlias = Callable[[], Iterable[Named]]


class Names:
    """The ids of objects by their names, and within their groups where they have one.

    Each kind of object comes from a source, which is asked when an approval names one of them, and once.
    """

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._sources = sources
        self._known: dict[str, dict[str, set[str]]] = {}
        self._silent: dict[str, str] = {}
        nouns = "|".join(map(re.escape, sources))
        self._form = re.compile(rf'\b({nouns}) "[^"]+"(?: in "[^"]+")?') if nouns else None

    @classmethod
    def of(cls, objects: Iterable[Named]) -> Names:
        """Those of objects that are known already."""
        by_noun: dict[str, list[Named]] = {}
        for one in objects:
            by_noun.setdefault(one.noun, []).append(one)
        return cls({noun: lambda those=those: those for noun, those in by_noun.items()})  # type: ignore[misc]

    def besides(self, others: Names) -> Names:
        """These, and of the others what these do not know at all."""
        return Names({**others._sources, **self._sources})

    def only(self, *nouns: str) -> Names:
        """Those of some kinds of objects."""
        return Names({noun: source for noun, source in self._sources.items() if noun in nouns})

    def meant(self, said: str) -> tuple[str, str]:
        """The words with ids in the places of names, and an empty text; or why nobody can tell what is meant."""
        if not is_named(said):
            return said, ""
        for noun in self._sources:  # a name may hold quotes itself
            if said.startswith(f'{noun} "') and said in self._ids(noun):
                return self._one(noun, said)
        whys: list[str] = []

        def by_id(found: re.Match[str]) -> str:
            becomes, why = self._one(found[1], found[0])
            whys.append(why)
            return becomes

        becomes = self._form.sub(by_id, said) if self._form is not None else said
        if not whys:
            return said, f"no such {_noun_in(said)} is known here"
        return becomes, next(filter(None, whys), "")

    def _one(self, noun: str, said: str) -> tuple[str, str]:
        numbers = sorted(self._ids(noun).get(said, ()))
        if len(numbers) == 1:
            return f"{noun} {numbers[0]}", ""
        if numbers:
            return said, f"there are {len(numbers)} of them ({', '.join(numbers)}), so that it takes the id"
        return said, self._silent.get(noun) or f"no such {noun} is known here"

    def _ids(self, noun: str) -> dict[str, set[str]]:
        if noun not in self._known:
            found = self._known[noun] = {}
            try:
                for one in self._sources[noun]():
                    found.setdefault(str(one), set()).add(one.number)
            except VoiceRoutingError as error:  # then nobody is known, which permits nothing
                self._known[noun] = {}
                self._silent[noun] = one_line(str(error))
        return self._known[noun]


def is_named(said: str) -> bool:
    """Whether something may be told by its name."""
    return _ANY.search(said) is not None


def _noun_in(said: str) -> str:
    """The noun before the first name in it."""
    before, _, _ = said.partition(' "')
    return next((noun for noun in (*_IN_A_GROUP, *_BY_THEMSELVES) if before.endswith(noun)), before)


def misspelt(said: str) -> bool:
    """Whether it is likely to be meant as a name, and is none."""
    # What is not made yet is told in quotes too: "profile 'Night' of route group 'West'".
    if "'" in said:
        return False
    if said.startswith(tuple(f'{noun} "' for noun in _IN_A_GROUP)):
        return re.fullmatch(r'[a-z ]+ ".+" in ".+"', said) is None
    return said.startswith(tuple(f'{noun} "' for noun in _BY_THEMSELVES)) and (
        re.fullmatch(r'[A-Za-z ]+ ".+"', said) is None or '" in "' in said
    )


_known: Callable[[], Names] = lambda: Names({})  # noqa: E731


def use_names(known: Callable[[], Names]) -> None:
    """Whom approvals may name in this process; asked only where one does."""
    global _known
    _known = known


def names_here() -> Names:
    """Everybody who may be named in this process."""
    return _known()


__all__ = ["EXAMPLE", "Named", "Names", "Source", "is_named", "misspelt", "names_here", "use_names"]
