"""Ids that say where an object lives: ``123456/1001/1002`` is destination 1002 in group 1001 of account 123456."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..errors import DeclarationError, SettingsError

STEP = r"([0-9]+|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"
"""One step of an id: the vendor's number, or a UUID."""


def join(*steps: str | int) -> str:
    """The id of an object under its parents."""
    return "/".join(str(step) for step in steps)


def last(reference: str) -> str:
    """The vendor's own number for the object."""
    return reference.rpartition("/")[2]


def parent(reference: str) -> str:
    """The id of what holds the object."""
    return reference.rpartition("/")[0]


def same(one: object, other: object) -> bool:
    """Whether two references name one object; a bare number stands for any account and parent."""
    if not (isinstance(one, str) and isinstance(other, str)):
        return one == other
    if "/" in one and "/" in other:
        return one == other
    return last(one) == last(other)


def below(reference: str, account: str, names: Sequence[str]) -> tuple[str, ...]:
    """The vendor's numbers along a reference, without the account.

    Raises :class:`SettingsError` when the reference belongs to another account than the configured one, and
    :class:`DeclarationError` when it does not have one step for each name.
    """
    steps = reference.split("/")
    if len(steps) == len(names):
        steps = [account, *steps]
    if len(steps) != len(names) + 1 or not all(re.fullmatch(STEP, step) for step in steps):
        form = "/".join(["ACCOUNT", *(name.upper() for name in names)])
        raise DeclarationError(f"{reference!r} is not a {names[-1]} id, which has the form {form}")
    at_home("/".join(steps), account, names[-1], reference)
    return tuple(steps[1:])


def at_home(id_: str, account: str, noun: str, said: str = "") -> None:
    """Raises :class:`SettingsError` when an id names another account than the configured one."""
    owner, names_one, _ = id_.partition("/")
    if names_one and owner != account:
        raise SettingsError(
            f"{noun} {said or id_} belongs to account {owner}, but account {account} is configured. "
            "Select the stack that belongs to this account, or set the account back; nothing was sent."
        )
