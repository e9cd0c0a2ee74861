"""A list that belongs to an object, as one resource: the destinations of a profile, the inputs of a service.

A set has no id of its own; it goes by its owner's. So there is none that the note of a create under way could name:
until the state knows of the set, its entries are told from those that people made by not having been there before, and
by being just as the program declares them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, ClassVar

from .. import say
from ..client.listings import Json
from ..errors import ApiError, DeclarationError, Exists, NotFound, Refused, ServerError, SettingsError, Unreachable
from . import keeping, plugin, references, standing
from . import meaning as means
from .calls import At, Calls, ask
from .create_notes import Intent
from .foreseen import given_up
from .lost_answers import Looks
from .model import Failure, FieldFacts, Model, Values, unknown
from .new_copies import known_before
from .portal_edits import Edit, refuse_unseen
from .provider import MANAGED, Lifecycle, Partly

Entries = list[dict[str, Any]]
"""Entries as the program declares them."""

_NEVER_ASKED = (DeclarationError, Refused, SettingsError, Unreachable)

_RENAMED = "or give the resource an alias if it was renamed in the program; nothing was changed"


class OwnedSet(Lifecycle):
    """All entries of one owner. A type adds the calls, what an entry is, and how a set becomes another one."""

    calls: ClassVar[Calls[Any, Any, *tuple[str, ...]]]
    """How the vendor is asked about entries."""
    whole: ClassVar[bool] = True
    """Whether the set is all that the owner has; else the other entries of the owner are left alone."""
    also_decides: ClassVar[frozenset[str]] = frozenset()
    """Arguments beside the entries that say what is to be there."""

    @property
    def path(self) -> tuple[str, ...]:
        """What each step of the owner's id is, without the account."""
        return self.calls.path[:-1]

    @property
    def parent(self) -> str:
        """The argument that holds the owner's id."""
        return str(self.model.meant_by(means.Inside))

    @property
    def entries(self) -> str:
        """The argument that holds the entries."""
        return str(self.model.meant_by(means.Entries))

    @property
    def fields(self) -> Model:
        """What may be declared of one entry."""
        rows = self.model[self.entries].rows
        if rows is None:
            raise TypeError(f"{self.token}: {self.entries} are not entries with fields")
        return rows

    # What a type answers

    @property
    def api(self) -> Any:
        """The vendor's client."""
        raise NotImplementedError

    @property
    def account(self) -> str:
        """The configured account."""
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

    def is_declared(self, entry: Json, wanted: Entries) -> bool:
        """Whether the vendor's entry is just as it is declared, or as a run that was cut off would leave it."""
        raise NotImplementedError

    def bring(self, at: At, live: list[Json], olds: Values, args: Values) -> None:
        """Bring the set from what is there to the declared one; ``olds`` are empty when it is made."""
        raise NotImplementedError

    # What a type may say otherwise

    def in_the_way(self, strangers: list[Json], args: Values) -> list[Json]:
        """Entries of somebody else that a new set must not touch unless the program says so."""
        return strangers

    def adopts(self, args: Values) -> bool:
        """Whether the program says so."""
        return bool(args.get("adopt"))

    def may_make(self, at: At, live: list[Json], args: Values) -> None:
        """Raises :class:`Refused` when the new set would hurt callers."""

    def last_look(self, at: At, olds: Values, args: Values) -> list[Json]:
        """The entries right before a change. Raises :class:`Refused` when the change would hurt somebody."""
        live = self.there(at)
        self.refuse_foreign(at, live, olds, args)
        return live

    def refuse_foreign(self, at: At, live: list[Json], olds: Values, args: Values) -> None:
        """Raises :class:`Refused` when the entries hold what somebody made or changed since the last look."""
        self.refuse_unseen(at, self.edits(at, live, olds, args))

    def edits(self, at: At, live: list[Json], olds: Values, args: Values) -> Iterable[Edit]:
        """What somebody changed since the last look, and this change would put back."""
        return ()

    def with_edits(self, live: list[Json], olds: Values, args: Values) -> Values:
        """The arguments, with what somebody changed since the last look where it stays as it is."""
        return args

    def ours(self, olds: Values, live: list[Json]) -> list[Json]:
        """The entries that go when the set does."""
        return live

    def may_empty(self, at: At) -> None:
        """Raises :class:`Refused` when the owner still needs its entries."""

    def own_work(self, id_: str, olds: Values, own: Values) -> Values:
        at = self.at(id_)
        live, wanted = self.there(at), {**olds, **own}
        try:
            self.refuse_foreign(at, live, olds, wanted)
        except Refused:
            return {}
        # Every entry is as it was, or as it was to be.
        return {self.entries: self.shown(wanted, live)} if self.entries in own else {}

    # The lifecycle

    def ids(self, home: str) -> Iterator[str]:
        if self.there(self.at(home)):
            yield home

    def make(self, args: Values) -> tuple[str, Values]:
        at = self.at(args[self.parent])
        live, wanted, intent = self.there(at), args[self.entries], self.intent(at)
        strangers = [one for one in live if not (self.is_declared(one, wanted) and intent.claims(self.number(one)))]
        taken = self.in_the_way(strangers, args)
        if taken and not (self.adopts(args) or self.replaces_itself(args)):
            raise Exists(self._why_in_the_way(at, live, taken))
        before = known_before(self, self.id_at(at), args) if live else {}
        if before and (self.adopts(before) >= self.adopts(args) or not self.replaces_itself(args)):
            self.refuse_foreign(at, live, before, args)
            args = self.with_edits(live, before, args)
        self.may_make(at, live, args)
        intent.before = [self.number(one) for one in strangers]
        intent.note()
        with self._kept(at, args, intent):
            self.bring(at, live, {}, args)
        return self.id_at(at), self.outputs(args, {})

    def look(self, id_: str, olds: Values) -> Values | None:
        try:
            live = self.there(self.at(id_))
        except NotFound:
            return None
        if not live and olds.get(self.entries) != []:
            return None  # none of its entries is left; a set without entries is there as long as it is declared
        return self._outs({self.parent: id_, **olds}, live)

    def change(self, id_: str, olds: Values, args: Values) -> Values:
        at = self.at(id_)
        self.intent(at).forget()
        left_to_others = self.entries in plugin.ignored()
        if not left_to_others and {self.entries, *self.also_decides} & set(self.changed(olds, args)):
            live = self.last_look(at, olds, args)
            meant = self.with_edits(live, olds, args)
            with self._kept(at, args):
                self.bring(at, live, olds, meant)
            if not self.means_same(self.model[self.entries], meant[self.entries], args[self.entries]):
                say.warn(
                    f"{self.vendor}: {self.noun} {id_}: what somebody changed stays; the next preview shows the "
                    "difference."
                )
            args = {**args, self.entries: meant[self.entries]}
        return self.outputs(args, {})

    def may_be_made(self, args: Values) -> None:
        owner, wanted = args.get(self.parent), args.get(self.entries)
        open_ = unknown(wanted)
        if unknown(owner) or (open_ and not self.whole) or self.adopts(args):
            return
        at = self.at(str(owner))
        live, intent = self.there(at), self.intent(at)
        strangers = [
            one
            for one in live
            if not ((open_ or self.is_declared(one, wanted or [])) and intent.claims(self.number(one)))
            and not given_up(self.claim(at[-1], *(() if self.whole else (self.called(one),))))
        ]
        taken = self.in_the_way(strangers, args)
        if taken and not self.replaces_itself(args):
            raise Exists(self._why_in_the_way(at, live, taken))

    def note_new_copy(self, id_: str, olds: Values) -> None:
        self.intent(self.at(id_)).note()

    def speak_first(self, id_: str, olds: Values, args: Values) -> None:
        at = self.at(id_)
        self.refuse_unseen(at, self.edits(at, self.there(at), olds, args))

    def remove(self, id_: str, olds: Values) -> None:
        at = self.at(id_)
        if self.whole and (holders := keeping.keepers(self.claim(id_))):
            say.info(f"{self.vendor}: {self.noun} {id_} go on under the resource name {standing.name(holders[0])!r}")
            return
        try:
            live = self.there(at)
            going = self.without_others(at, self.ours(olds, live))
            if going:
                self.intent(at).forget()
                self.may_empty(at)
            self.end_all(at, going)
        except NotFound:
            return
        left = [self.called(one) for one in live if one not in going]
        if left and self.whole:
            say.warn(
                f"{self.vendor}: {self.parent} {at[-1]} keeps {self.entries} that this stack did not make: "
                f"{', '.join(left)}."
            )

    def existing(self, args: Values) -> str | None:
        return self.id_at(self.at(args[self.parent]))

    def adoptable(self, args: Values) -> str | None:
        live = self.there(self.at(args[self.parent]))
        names = ", ".join(map(self.called, live))
        return f"a {self.parent} {references.last(args[self.parent])} with {self.entries}: {names}" if live else None

    def same(self, field: FieldFacts, old: Any, new: Any) -> bool:
        if field.name == self.parent:
            return references.same(old, new)
        if field.name == self.entries and isinstance(old, list) and isinstance(new, list):
            return self.alike(old, new)
        return super().same(field, old, new)

    # Steps

    def refuse_unseen(self, at: At, edits: Iterable[Edit]) -> None:
        """Raises :class:`Refused` when there are such edits, and nobody has approved to overwrite them."""
        refuse_unseen(self.vendor, self.noun, self.id_at(at), edits)

    def at(self, owner: str) -> At:
        """The vendor's ids along the owner's id, without the account."""
        return references.below(owner, self.account, self.path)

    def id_at(self, at: At) -> str:
        """The set's id."""
        return references.join(self.account, *at)

    def number(self, entry: Json) -> str:
        """The vendor's id of an entry."""
        return str(entry.get(self.calls.id_field))

    def intent(self, at: At) -> Intent:
        """The note of the set's creation."""
        return Intent(self.token, (self.account, *at))

    def there(self, at: At) -> list[Json]:
        """The entries that the owner has. Raises :class:`NotFound` when there is no owner."""
        there: list[Json] = ask(self.calls.list, self.api, *at)
        return there

    def becomes(self, at: At, as_meant: Callable[[list[Json]], bool]) -> bool:
        """Whether the entries are as they are meant after a write, which a vendor's list may show late."""

        def look() -> bool | None:
            return as_meant(self.there(at)) or None

        said = f"{self.vendor}: looking once more at the {self.entries} of {self.parent} {at[-1]}"
        return bool(look() or Looks(look, said=said, before_another=self.api.listings.clear).later())

    def claim(self, owner: str, *entry: str) -> standing.Claim:
        """What the set stands for: all that the owner has, or one entry of it."""
        return (*self.calls.path, references.last(owner), *entry)

    def stands_for(self, args: Values) -> Iterator[standing.Claim]:
        owner = args.get(self.parent)
        if isinstance(owner, str):
            yield from self.claims(owner, args)

    def claims(self, owner: str, args: Values) -> Iterator[standing.Claim]:
        """What the set of this owner stands for."""
        yield self.claim(owner)

    def without_others(self, at: At, going: Iterable[Json]) -> list[Json]:
        """The entries that no resource of the program stands for now."""
        ending: list[Json] = []
        for entry in going:
            claim = self.claim(at[-1], self.called(entry))
            holders = [] if self.whole else keeping.keepers(claim) or keeping.keepers((standing.ONE, *claim))
            if holders:
                say.info(
                    f"{self.vendor}: {self.called(entry)} of {self.parent} {at[-1]} goes on under the resource name "
                    f"{standing.name(holders[0])!r}"
                )
            else:
                ending.append(entry)
        return ending

    def end_all(self, at: At, going: Iterable[Json]) -> None:
        """Take entries out; one that is gone already is no reason to stop."""
        for entry in going:
            with suppress(NotFound):
                ask(self.calls.delete, self.api, *at, self.number(entry))

    def repeated(self, entries: Any, name: str, said: str) -> Iterator[Failure]:
        """Entries with a value that another one has already."""
        seen: set[Any] = set()
        for place, entry in enumerate(entries if isinstance(entries, list) else []):
            value = entry.get(name) if isinstance(entry, dict) else None
            if value is None or unknown(value):
                continue
            # A number alone names the same object as the whole id: the owner's parent is that of all of them.
            key = references.last(value) if self.fields[name].takes_resources else value
            if key in seen:
                yield Failure(f"{self.entries}[{place}].{name}", f"{value} {said}")
            seen.add(key)

    def _why_in_the_way(self, at: At, live: list[Json], taken: list[Json]) -> str:
        has = f"{self.parent} {at[-1]} has {self.entries} already"
        if self.whole:
            names = ", ".join(map(self.called, live))
            return f"{has}: {names}. Say adopt=True to take them over and bring them to this set, {_RENAMED}."
        names = ", ".join(map(self.called, taken))
        return f"{has} for {names}. Say adopt=True to take them over, {_RENAMED}."

    def _outs(self, olds: Values, live: list[Json]) -> Values:
        """The outputs of a set as the vendor has it."""
        known = {MANAGED: sorted((self.entries, self.parent)), **olds}
        return self.refreshed(known, {self.entries: self.shown(known, live)})

    @contextmanager
    def _kept(self, at: At, args: Values, intent: Intent | None = None) -> Iterator[None]:
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
            raise Partly(self.id_at(at), self._outs({MANAGED: sorted(args), **args}, live), error) from error


def _made_nothing(error: BaseException) -> bool:
    """Whether the vendor is not still at work on what failed."""
    said_no = isinstance(error, ApiError) and not isinstance(error, ServerError)
    return said_no or isinstance(error, _NEVER_ASKED)
