"""A list that belongs to an object, as one resource: the destinations of a profile, the inputs of a service.

A set has no id of its own; it goes by its owner's. So there is none that the note of a create under way could name:
until the state knows of the set, its entries are told from those that people made by not having been there before, and
by being just as the program declares them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, ClassVar

from ..client.listings import Json
from ..errors import ApiError, DeclarationError, NotFound, Refused, ServerError, SettingsError, Unreachable
from ..lifecycle import references
from ..lifecycle.create_notes import Intent
from ..lifecycle.model import Failure, FieldFacts, Values, unknown
from ..lifecycle.provider import MANAGED, Lifecycle, Partly
from .client import RingCX, ringcx_client

At = tuple[str, str]
"""The vendor's numbers of a group, and of the set's owner in it."""
Entries = list[dict[str, Any]]
"""Entries as the program declares them."""

_NEVER_ASKED = (DeclarationError, Refused, SettingsError, Unreachable)


class WholeSet(Lifecycle):
    """All entries of one owner. A type adds the calls, what an entry is, and how a set becomes another one."""

    owner: ClassVar[str]
    """The argument that holds the owner's id."""
    path: ClassVar[tuple[str, str]]
    """What each step of that id is, without the account."""
    entries: ClassVar[str]
    """The argument that holds the entries."""
    entry_id: ClassVar[str]
    """The vendor's field for an entry's number."""

    # What a type answers

    def there(self, at: At) -> list[Json]:
        """The entries that the owner has. Raises :class:`NotFound` when there is no owner."""
        raise NotImplementedError

    def end(self, at: At, number: str) -> None:
        """Take one entry out. Raises :class:`NotFound` when it is gone already."""
        raise NotImplementedError

    def called(self, entry: Json) -> str:
        """What people call an entry."""
        raise NotImplementedError

    def shown(self, olds: Values, live: list[Json]) -> Entries:
        """The vendor's entries as the program would declare them, in its order, and with the fields that it gave."""
        raise NotImplementedError

    def alike(self, old: Entries, new: Entries) -> bool:
        """Whether two sets mean the same."""
        raise NotImplementedError

    # The lifecycle

    def same(self, field: FieldFacts, old: Any, new: Any) -> bool:
        if field.name == self.owner:
            return references.same(old, new)
        if field.name == self.entries and isinstance(old, list) and isinstance(new, list):
            return self.alike(old, new)
        return super().same(field, old, new)

    def adoptable(self, args: Values) -> str | None:
        live = self.there(self.at(args[self.owner]))
        names = ", ".join(map(self.called, live))
        return f"a {self.owner} {references.last(args[self.owner])} with {self.entries}: {names}" if live else None

    def look(self, id_: str, olds: Values) -> Values | None:
        try:
            live = self.there(self.at(id_))
        except NotFound:
            return None
        return self.outs({self.owner: id_, **olds}, live) if live else None

    # Steps

    @property
    def api(self) -> RingCX:
        """The client of the configured account."""
        return ringcx_client()

    def at(self, owner: str) -> At:
        """The vendor's numbers along the owner's id, without the account."""
        group, number = references.below(owner, self.api.account_id, self.path)
        return group, number

    def id_at(self, at: At) -> str:
        """The set's id."""
        return references.join(self.api.account_id, *at)

    def number(self, entry: Json) -> str:
        """The vendor's number of an entry."""
        return str(entry.get(self.entry_id))

    def end_all(self, at: At, going: Iterable[Json]) -> None:
        """Take entries out; one that is gone already is no reason to stop."""
        for entry in going:
            with suppress(NotFound):
                self.end(at, self.number(entry))

    def repeated(self, entries: Any, name: str, said: str) -> Iterator[Failure]:
        """Entries with a value that another one has already."""
        seen: set[Any] = set()
        for place, entry in enumerate(entries if isinstance(entries, list) else []):
            value = entry.get(name) if isinstance(entry, dict) else None
            if value is None or unknown(value):
                continue
            if value in seen:
                yield Failure(f"{self.entries}[{place}].{name}", f"{value} {said}")
            seen.add(value)

    def intent(self, at: At) -> Intent:
        """The note of the set's creation."""
        return Intent(self.token, (self.api.account_id, *at))

    def noted(self, at: At, strangers: Iterable[Json]) -> Intent:
        """The same, written down, with the entries that are not ours."""
        intent = self.intent(at)
        intent.before = [self.number(entry) for entry in strangers]
        intent.note()
        return intent

    def outs(self, olds: Values, live: list[Json]) -> Values:
        """The outputs of a set as the vendor has it."""
        known = {MANAGED: sorted((self.entries, self.owner)), **olds}
        return self.refreshed(known, {self.entries: self.shown(known, live)})

    @contextmanager
    def kept(self, at: At, args: Values, intent: Intent | None = None) -> Iterator[None]:
        """Whatever fails in here, the state has what was done."""
        try:
            yield
        except BaseException as error:
            try:
                live = self.there(at)
            except Exception:
                raise error from None  # the next run compares with the vendor before it writes
            if intent is not None and _made_nothing(error) and {self.number(one) for one in live} <= set(intent.before):
                intent.forget()  # what comes to be there from now on is somebody else's
            if not live:
                raise
            raise Partly(self.id_at(at), self.outs({MANAGED: sorted(args), **args}, live), error) from error


def _made_nothing(error: BaseException) -> bool:
    """Whether the vendor is not still at work on what failed."""
    said_no = isinstance(error, ApiError) and not isinstance(error, ServerError)
    return said_no or isinstance(error, _NEVER_ASKED)
