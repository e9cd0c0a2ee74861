"""A list that the vendor hands out and takes back as a whole: exported, written, verified, and put back when it fails.

Such a list has no id of its own; it goes by its owner's. What it held before the first write stays in the state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, ClassVar, Generic, TypeVar

from .. import say
from ..errors import Incomplete, NotFound, VoiceRoutingError
from ..settings import keep
from . import keeping, plugin, references, standing, way_back
from . import meaning as means
from .calls import At
from .model import FieldFacts, Values
from .new_copies import known_before
from .portal_edits import Edit, refuse_unseen
from .provider import MANAGED, Lifecycle

EXPORT_BEFORE = "__way_back"
"""Output: the export as it was before the first import."""

Basis = TypeVar("Basis")
Table = TypeVar("Table")


class ReplacedSet(Lifecycle, Generic[Basis, Table]):
    """The whole list of one object. A type adds how it is exported, read and written."""

    path: ClassVar[tuple[str, ...]]
    """What each step of that id is, without the account."""
    decides: ClassVar[frozenset[str]]
    """The arguments that say what the list is to be."""
    rows: ClassVar[str]
    """What people call its contents."""
    noted: ClassVar[tuple[str, ...]] = ()
    """The outputs that are its notes."""

    @property
    def parent(self) -> str:
        """The argument that holds the owner's id."""
        return str(self.model.meant_by(means.Inside))

    @property
    def entries(self) -> str:
        """The argument that holds the contents as rows."""
        return str(self.model.meant_by(means.Entries))

    # What a type answers

    @property
    def account(self) -> str:
        """The configured account."""
        raise NotImplementedError

    def basis(self, at: At) -> Basis:
        """What an export is about, without which it cannot be read; empty when there is nothing to export."""
        raise NotImplementedError

    def notes(self, basis: Basis, args: Values) -> Values:
        """What else the state keeps, so that the declared contents can be understood without the vendor."""
        return {}

    def export(self, at: At) -> str:
        """The list as the vendor hands it out. Raises :class:`NotFound`."""
        raise NotImplementedError

    def understood(self, text: str, basis: Basis) -> Table:
        """An export, understood."""
        raise NotImplementedError

    def written(self, table: Table) -> str:
        """The text of a table."""
        raise NotImplementedError

    def make_ready(self, at: At, table: Table, wanted: Table, basis: Basis) -> None:
        """Do what the wanted list needs before it is written. Raises :class:`Refused` when it would hurt callers."""

    def replace(self, at: At, table: Table) -> None:
        """Have the vendor take it in place of what it has."""
        raise NotImplementedError

    def wanted(self, table: Table, basis: Basis, args: Values) -> Table:
        """The present list with the declared contents."""
        raise NotImplementedError

    def holds(self, table: Table) -> Any:
        """What counts in a table when it is compared with another one."""
        raise NotImplementedError

    def seen(self, id_: str, olds: Values, text: str, basis: Basis) -> Values:
        """The vendor's list as the program would declare it."""
        raise NotImplementedError

    def edits(self, at: At, table: Table, wanted: Table, basis: Basis, olds: Values) -> Iterable[Edit]:
        """What somebody changed since the last look, and the wanted list would put back."""
        raise NotImplementedError

    def is_used(self, at: At) -> bool:
        """Whether the object has such a list; told without an export."""
        raise NotImplementedError

    # The lifecycle

    def ids(self, home: str) -> Iterator[str]:
        if self.is_used(references.below(home, self.account, self.path)):
            yield home

    def make(self, args: Values) -> tuple[str, Values]:
        at = references.below(args[self.parent], self.account, self.path)
        basis, id_ = self.basis(at), references.join(self.account, *at)
        before = self._write(at, basis, args, id_, lambda: known_before(self, id_, args))
        outs = {**self.outputs(args, {}), **self.notes(basis, args), EXPORT_BEFORE: before}
        return id_, outs

    def look(self, id_: str, olds: Values) -> Values | None:
        at = references.below(id_, self.account, self.path)
        try:
            basis = self.basis(at)
            text = self.export(at) if basis else ""
        except NotFound:
            return None
        if not basis:
            return None
        known = {MANAGED: sorted((self.entries, self.parent)), self.parent: id_, **olds}
        outs = self.refreshed(known, self.seen(id_, olds, text, basis))
        # A state of an earlier version gets its first notes from an update, so that a refresh finds nothing new in it.
        noted = {name: note for name, note in self.notes(basis, outs).items() if name in olds or MANAGED not in olds}
        return {**outs, **noted, EXPORT_BEFORE: olds.get(EXPORT_BEFORE, "")}

    def change(self, id_: str, olds: Values, args: Values) -> Values:
        at = references.below(id_, self.account, self.path)
        notes = {name: olds[name] for name in self.noted if name in olds}
        if self.decides & set(self.changed(olds, args)) and not self.decides & plugin.ignored():
            basis = self.basis(at)
            self._write(at, basis, args, id_, lambda: olds)
            notes = self.notes(basis, args)
        return {**self.outputs(args, {}), **notes, EXPORT_BEFORE: self._before(id_, olds)}

    def existing(self, args: Values) -> str | None:
        return references.join(self.account, *references.below(args[self.parent], self.account, self.path))

    def left_by(self, id_: str, olds: Values) -> Values | None:
        before = olds.get(EXPORT_BEFORE)
        if olds.get("on_delete") != "restore" or not before:
            return {}
        basis = self.basis(references.below(id_, self.account, self.path))
        return self.seen(id_, {self.entries: olds.get(self.entries)}, str(before), basis)

    def stands_for(self, args: Values) -> Iterator[standing.Claim]:
        owner = args.get(self.parent)
        if isinstance(owner, str):
            yield (*self.path, self.rows, references.last(owner))

    def remove(self, id_: str, olds: Values) -> None:
        before = self._before(id_, olds)
        claim = (*self.path, self.rows, references.last(id_))
        holders = keeping.keepers(claim)
        if holders:
            say.info(f"{self.vendor}: {self.noun} {id_} go on under the resource name {standing.name(holders[0])!r}")
            if olds.get("on_delete") == "restore" and before and not keeping.was_there_first(claim):
                kept = way_back.leave(self.token, id_, before)
                say.warn(
                    f"{self.vendor}: {self.noun} {id_}: the {self.rows} from before this stack changed them first "
                    f"left the state with this copy of the resource; they are kept in {kept}, and a destroy on this "
                    "machine gives them back"
                )
            return
        if olds.get("on_delete") == "restore" and before:
            at = references.below(id_, self.account, self.path)
            with suppress(NotFound):
                self.replace(at, self.understood(before, self.basis(at)))
        way_back.forget(self.token, id_)

    def own_id(self, args: Mapping[str, Any]) -> str | None:
        owner = args.get(self.parent or "")
        return references.last(owner) if isinstance(owner, str) else ""

    def same(self, field: FieldFacts, old: Any, new: Any) -> bool:
        return references.same(old, new) if field.name == self.parent else super().same(field, old, new)

    # Steps

    def _before(self, id_: str, olds: Values) -> str:
        return way_back.left(self.token, id_) or str(olds.get(EXPORT_BEFORE) or "")

    def _write(self, at: At, basis: Basis, args: Values, id_: str, olds: Callable[[], Values]) -> str:
        """Write the declared contents, and return the export as it was before; ``olds`` are what the state knew."""
        before = self.export(at)
        table = self.understood(before, basis)
        wanted = self.wanted(table, basis, args)
        if self.holds(wanted) == self.holds(table):
            return before
        if known := olds():
            refuse_unseen(self.vendor, self.noun, id_, self.edits(at, table, wanted, basis, known))
        self.make_ready(at, table, wanted, basis)
        try:
            self.replace(at, wanted)
            now = self.understood(self.export(at), basis)
            if self.holds(now) != self.holds(wanted):
                raise Incomplete(
                    f"{self.vendor}: the imported {self.rows} are not the ones that the vendor exports now."
                )
        except Exception as error:
            raise self._put_back(at, table, basis, error) from error
        return before

    def _put_back(self, at: At, table: Table, basis: Basis, cause: Exception) -> VoiceRoutingError:
        """Try to undo an import, and say how that went."""
        try:
            now = self.understood(self.export(at), basis)
            if self.holds(now) != self.holds(table):
                self.replace(at, table)
            return Incomplete(f"{cause} The {self.rows} are as they were before.")
        except Exception as error:
            kept = keep(f"{self.entries}-{at[-1]}", ".csv", self.written(table))
            return Incomplete(
                f"{cause} Putting the old {self.rows} back failed as well ({error}). They are kept in {kept}: "
                "import that file in the portal, or run `pulumi up` again."
            )
