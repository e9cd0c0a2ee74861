"""Owners by the names that people give them: ``profile "Night" in "Denver"``.

Ids differ from account to account, so that an approval with names permits one reviewed change in test and production.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

_FORM = re.compile(r'profile ".+" in ".+"')
EXAMPLE = 'profile "Night" in "Denver"'


class NamedOwner(NamedTuple):
    """Somebody who may answer numbers."""

    group: str
    """The name of the group that contains it."""
    name: str
    number: str
    """The vendor's id."""


class OwnerNames:
    """The profiles that are known, by their names within their groups."""

    def __init__(self, owners: Iterable[NamedOwner] = ()) -> None:
        self._numbers: dict[str, set[str]] = {}
        for one in owners:
            self._numbers.setdefault(f'profile "{one.name}" in "{one.group}"', set()).add(one.number)

    def meant(self, said: str) -> tuple[str, str]:
        """The owner by its id, and an empty text; or the words as they are, and why nobody can tell who is meant."""
        if not is_named(said):
            return said, ""
        numbers = sorted(self._numbers.get(said, ()))
        if len(numbers) == 1:
            return f"profile {numbers[0]}", ""
        if numbers:
            return said, f"there are {len(numbers)} of them ({', '.join(numbers)}), so that it takes the id"
        return said, "no such profile is known here"


def is_named(said: str) -> bool:
    """Whether an owner is told by its name."""
    return _FORM.fullmatch(said) is not None


def looks_named(said: str) -> bool:
    """Whether it is likely to be meant so, though it may be misspelt."""
    # What is not made yet is told in quotes too: "profile 'Night' of route group 'West'".
    return said.startswith(('profile "', 'queue "', 'Visual IVR "')) and "'" not in said


_known: Callable[[], OwnerNames] = OwnerNames


def use_names(known: Callable[[], OwnerNames]) -> None:
    """Whom approvals may name in this process; asked only where one does."""
    global _known
    _known = known


def names_here() -> OwnerNames:
    """Everybody who may be named in this process."""
    return _known()


__all__ = ["EXAMPLE", "NamedOwner", "OwnerNames", "is_named", "looks_named", "names_here", "use_names"]
