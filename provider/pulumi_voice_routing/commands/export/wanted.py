"""What of the accounts an export is to read."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ...errors import Missing
from ...lifecycle import references
from ...plan.roles import Roles, tokens_of
from ...telephony.number import NotANumber, Number, as_declared

VENDORS = ("ringcx", "ringex", "portsip")


@dataclass(frozen=True)
class Wanted:
    """What of the accounts is wanted; everything, where nothing is said."""

    vendors: Sequence[str] = ()
    types: Sequence[str] = ()
    groups: Sequence[str] = ()
    numbers: Sequence[str] = ()
    """In the form that programs have."""
    without: Sequence[str] = ()
    only_made: bool = False
    """Whether what every account has from the start is left out, such as default groups."""

    def type(self, token: str) -> bool:
        """Whether a type is wanted, by its token or its name."""
        names = {token, token.partition(":")[2]}
        return (not self.types or bool(names & set(self.types))) and not names & set(self.without)

    def number(self, roles: Roles, said: str) -> bool:
        """Whether an object with this id or key is wanted; when numbers are named, other things are not."""
        if not self.numbers:
            return True
        return roles.dialled is not None and as_declared(references.last(said)) in self.numbers

    def named(self, *names: str) -> bool:
        """Whether something with these names is not left out."""
        return not any(fnmatch.fnmatchcase(name, pattern) for pattern in self.without for name in names if name)


def checked(wanted: Wanted) -> Wanted:
    """The same with numbers as programs write them. Raises :class:`Missing` for what cannot be there."""
    unknown = [one for one in wanted.vendors if one not in VENDORS]
    if unknown:
        raise Missing(f"there is no vendor {', '.join(map(repr, unknown))}; there are {', '.join(VENDORS)}")
    tokens = [token for vendor in VENDORS for token in tokens_of(vendor)]
    names = {*tokens, *(token.partition(":")[2] for token in tokens)}
    unknown = [one for one in wanted.types if one not in names]
    if unknown:
        raise Missing(f"there is no type {', '.join(map(repr, unknown))}")
    return replace(wanted, numbers=[_number(one) for one in wanted.numbers])


def token_named(type_: str) -> str:
    """The token of a type, by it or by its name. Raises :class:`Missing`."""
    checked(Wanted(types=[type_]))
    return next(one for vendor in VENDORS for one in tokens_of(vendor) if type_ in (one, one.partition(":")[2]))


def _number(said: str) -> str:
    """A number of the command line, in the form that programs have. Raises :class:`Missing`."""
    if re.fullmatch("[0-9]{2,15}", said):
        return as_declared(said)  # as the vendor writes it, or one of its own network
    try:
        return Number.parse(said)
    except NotANumber as error:
        raise Missing(f"--number: {error}") from None
