"""Permission, in so many words: who may be hurt, by what change, why, and until when.

A TOML file in the repository of the program, ``approvals.toml`` beside it unless ``VOICE_ROUTING_APPROVALS`` names
another one::

    [[approval]]
    rule = "reassign-active-dnis"
    objects = ["+13035551234"]
    from = "profile 1001"
    to = "profile 1002"
    reason = "Denver moves to the new plan"
    ticket = "OPS-1234"
    until = 2026-12-31

An approval covers exactly the change that it names: another target, another number or a day later is not approved.
Objects may be named instead, such as ``profile "Night" in "Denver"``, whatever their ids (:mod:`owner_names`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from ..errors import SettingsError
from ..settings import Setting
from ..telephony.number import NotANumber, Number, as_declared, as_text
from ..toml_entries import entries_in, last_day, with_zone
from .owner_names import EXAMPLE, Names, is_named, misspelt, names_here

APPROVALS_FILE = Setting("VOICE_ROUTING_APPROVALS", "The file of approvals")
BREAK_GLASS = Setting("VOICE_ROUTING_BREAK_GLASS", "The rules that are not kept in an emergency", environment_only=True)

REASSIGN = "reassign-active-dnis"
RELEASE = "release-active-dnis"
TAKE_FOREIGN = "take-foreign-dnis"
OVERWRITE = "overwrite-portal-edit"
FORBIDDEN_TARGET = "forbidden-target"
LOSE_AFTER_HOURS = "lose-after-hours-rule"
_ABOUT_NUMBERS = (REASSIGN, RELEASE, TAKE_FOREIGN)
UNNAMED = "the numbers of "
"""How the numbers of a resource are called together when they cannot be read, as when the program hides them."""

_DEFAULT = "approvals.toml"
_TEXTS = ("rule", "from", "to", "reason", "ticket")


@dataclass(frozen=True)
class Change:
    """What is about to happen to callers: a rule that it breaks, an object, and what it is taken from and given to."""

    rule: str
    object: str
    from_: str
    to: str


@dataclass(frozen=True)
class Approval:
    """One entry of the file."""

    rule: str
    objects: frozenset[str]
    from_: str
    to: str
    reason: str
    ticket: str
    until: date
    unclear: str = ""
    """Why something that it names cannot be told."""

    @property
    def by_name(self) -> bool:
        """Whether it names something instead of giving its id."""
        return any(map(is_named, (self.from_, self.to, *self.objects)))

    def covers(self, change: Change, today: date) -> bool:
        """Whether it allows exactly this change today."""
        same = (self.rule, self.from_, self.to) == (change.rule, change.from_, change.to)
        return same and self.names(change) and today <= self.until

    def names(self, change: Change) -> bool:
        """Whether it is for what changes; a number is the same one however it is written."""
        return change.object in self.objects or as_declared(change.object) in self.objects

    def expired(self, today: date) -> bool:
        """Whether its last day has passed."""
        return today > self.until


class Approvals:
    """Every approval there is."""

    def __init__(self, approvals: Iterable[Approval] = ()) -> None:
        self.entries = list(approvals)

    @property
    def by_name(self) -> bool:
        """Whether any of them names something."""
        return any(entry.by_name for entry in self.entries)

    def resolved(self, names: Callable[[], Names]) -> Approvals:
        """The same with the ids of what they name. ``names`` is asked where something is named only."""
        if not self.by_name:
            return self
        known = names()
        return Approvals(_resolved(entry, known) for entry in self.entries)

    @classmethod
    def here(cls) -> Approvals:
        """Those of the program that is run; none when there is no file.

        Raises :class:`SettingsError` when the file cannot be used: a permission that cannot be read is none.
        """
        return cls.of(APPROVALS_FILE.get(), Path()).resolved(names_here)

    @classmethod
    def of(cls, named: str | None, folder: Path) -> Approvals:
        """Those in the file that the settings name, or else in ``approvals.toml``, in the folder of a program.

        Raises :class:`SettingsError`.
        """
        path = folder / (named or _DEFAULT)
        if named is None and not path.exists():
            return cls()
        return cls.read(path)

    @classmethod
    def read(cls, path: Path) -> Approvals:
        """Those in a file. Raises :class:`SettingsError`."""
        return cls(_approval(where, entry) for where, entry in entries_in(path, "approval", "approvals"))

    def covering(self, change: Change, today: date | None = None) -> Approval | None:
        """The entry that permits the change."""
        day = today or datetime.now(UTC).date()
        return next((entry for entry in self.entries if entry.covers(change, day)), None)

    def allow(self, change: Change, today: date | None = None) -> bool:
        """Whether the change is permitted, by an entry or in an emergency."""
        return change.rule in broken_glass() or self.covering(change, today) is not None

    def allow_target(self, change: Change, today: date | None = None) -> bool:
        """Whether calls may go to a number to which no call may go otherwise: whatever leads them there."""
        today = today or datetime.now(UTC).date()
        return self.allow(change, today) or any(
            entry.rule == FORBIDDEN_TARGET and not entry.expired(today) and _holds(entry.to, change.to)
            for entry in self.entries
        )

    def why_not(self, change: Change, today: date | None = None) -> str:
        """What is missing to have the change permitted, for the user who wants it."""
        day = today or datetime.now(UTC).date()
        for entry in self.entries:
            if entry.rule == change.rule and entry.names(change):
                if entry.expired(day):
                    return f"its approval expired on {with_zone(entry.until)}"
                unclear = f", and {entry.unclear}" if entry.unclear else ""
                return f"its approval is for {entry.from_!r} to {entry.to!r}{unclear}"
        return "it is not approved"


def _holds(said: str, target: str) -> bool:
    """Whether an approval names a target, among others maybe. A number is not a part of a longer one."""
    return re.search(rf"(?<![\w+]){re.escape(target)}(?!\w|[.@-]\w)", said) is not None


def broken_glass() -> frozenset[str]:
    """The rules that the emergency variable switches off."""
    return frozenset((BREAK_GLASS.get() or "").replace(",", " ").split())


def _approval(where: str, entry: Mapping[str, Any]) -> Approval:
    if "object" in entry and "objects" in entry:
        raise SettingsError(f"{where}: object and objects are both there; put all that is approved into objects")
    unknown = set(entry) - {*_TEXTS, "object", "objects", "until"}
    missing = [name for name in _TEXTS if not isinstance(entry.get(name), str) or not entry[name].strip()]
    objects = entry.get("objects", [entry.get("object")])
    if unknown:
        are = "is" if len(unknown) == 1 else "are"
        raise SettingsError(f"{where}: {', '.join(sorted(unknown))} {are} not part of an approval")
    if missing:
        raise SettingsError(f"{where}: {', '.join(missing)} must be given, as text")
    try:
        for one in objects if isinstance(objects, list) else ():
            as_text(one)
    except NotANumber as error:
        raise SettingsError(f"{where}: {error}") from None
    if not isinstance(objects, list) or not objects or not all(isinstance(one, str) for one in objects):
        raise SettingsError(f"{where}: object or objects must name what is approved, such as +13035551234")
    until = last_day(where, entry)
    # What a change is taken from and given to is compared letter by letter, with names that may end in a space.
    rule, reason, ticket = (entry[name].strip() for name in ("rule", "reason", "ticket"))
    for name, said in (("from", entry["from"]), ("to", entry["to"]), *(("objects", one) for one in objects)):
        if misspelt(said):
            raise SettingsError(f"{where}: {name} names an owner, and must be an id, or a profile such as {EXAMPLE}")
    if rule in _ABOUT_NUMBERS:
        objects = [_number(where, one) for one in objects]
    return Approval(rule, frozenset(objects), entry["from"], entry["to"], reason, ticket, until)


def _resolved(entry: Approval, names: Names) -> Approval:
    (from_, why), (to, why_to) = names.meant(entry.from_), names.meant(entry.to)
    objects = dict(map(names.meant, entry.objects))
    unclear = next(filter(None, (why, why_to, *objects.values())), "")
    return replace(entry, from_=from_, to=to, objects=frozenset(objects), unclear=unclear)


def _number(where: str, named: str) -> str:
    """What a rule on numbers is approved for, in the form in which changes name it. Raises :class:`SettingsError`."""
    if named.startswith(UNNAMED) or re.fullmatch(r"[0-9]{2,15}", named):
        return as_declared(named)  # digits may be an internal number
    try:
        return Number.parse(named)
    except NotANumber as error:
        raise SettingsError(f"{where}: {error}") from None
