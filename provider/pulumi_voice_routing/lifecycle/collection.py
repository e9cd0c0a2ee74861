"""Objects in a collection of the vendor's: asked for, written and ended by the calls that a type declares."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any, ClassVar

from .. import say
from ..client.listings import Finder, Items, Json, finder_in, shared
from ..errors import ApiError, NotFound
from ..telephony.number import digits_of
from . import references
from .calls import At, Calls, ask
from .meaning import Key, Label
from .model import FieldFacts, Values
from .wire import Wired, get_at


class Collected(Wired):
    """An object in a collection. The hooks say what must be so before a call is made."""

    calls: ClassVar[Calls[Any, Any, *tuple[str, ...]]]
    """How the vendor is asked."""
    unique: ClassVar[bool] = False
    """Whether the vendor refuses to give an object the key of another one."""
    summaries: ClassVar[bool] = False
    """Whether the vendor's list shows less than the objects themselves."""

    @property
    def api(self) -> Any:
        """The vendor's client."""
        raise NotImplementedError

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "calls" in cls.__dict__ and not cls.noun:
            cls.noun = cls.calls.path[-1]

    @property
    def path(self) -> tuple[str, ...]:
        return self.calls.path

    @property
    def key(self) -> str:
        """The argument that tells objects of one parent apart."""
        return self.model.meant_by(Key, Label) or "name"

    @property
    def switch(self) -> str | None:
        return self.calls.switch_field

    def new_body(self, args: Values) -> Json:
        """What a create sends: objects start with their switch off."""
        off = {} if self.switch is None else {self.switch: False}
        return {**self.body(args), **off, **self.calls.starts_with}

    # What a type refuses

    def may_make(self, args: Values) -> None:
        """Raises :class:`Refused` when these arguments must not make an object; asked before everything else."""

    def may_be_created(self, at: At, args: Values) -> None:
        """What :meth:`may_create` raises for a reason that nothing in the run before it can take away, and that a
        shared list tells."""

    def may_create(self, at: At, body: Json) -> None:
        """Raises :class:`Refused` when a new object would hurt callers; asked right before it is sent."""

    def may_write(self, at: At, number: str, body: Json) -> None:
        """Raises :class:`Refused` when what is about to be written would hurt callers."""

    def may_switch_on(self, at: At, live: Json) -> None:
        """Raises :class:`Refused` when callers would reach nobody through it."""

    def may_switch_off(self, at: At, live: Json) -> None:
        """Raises :class:`Refused` when callers who reach somebody through it no longer would."""

    def was_switched_off(self, at: At, number: str) -> None:
        """Look again, and put it back when callers came to need it meanwhile. Raises :class:`Refused` then."""

    def may_end(self, at: At, live: Json, olds: Values) -> None:
        """Raises :class:`Refused` when something still needs it."""

    # The vendor's calls

    def everything(self, at: At) -> list[Json]:
        """Everything in the collection."""
        return [self.opened(one) for one in ask(self.calls.list, self.api, *at)]

    def get(self, at: At, number: str) -> Json:
        """One object, fresh. Raises :class:`NotFound`."""
        return self.opened(ask(self.calls.get, self.api, *at, number))

    def create_new(self, at: At, body: Json) -> Json | None:
        """Create one; nothing when the vendor said yes without showing it."""
        self.may_create(at, body)
        made = ask(self.calls.create, self.api, *at, self.closed(body))
        return None if made is None else self.opened(made)

    def create_as(self, at: At, number: str, body: Json) -> Json | None:
        """Create one with this id."""
        self.may_create(at, body)
        made = ask(self.calls.create_as, self.api, *at, number, self.closed(body))
        return None if made is None else self.opened(made)

    def write(self, at: At, number: str, body: Json) -> Json:
        """Write one as a whole; empty when the vendor does not show what came of it."""
        self.may_write(at, number, body)
        now = ask(self.calls.update, self.api, *at, number, self.closed(body))
        return {} if now is None else self.opened(now)

    def set_switch(self, at: At, number: str, on: bool) -> None:
        """Switch one on or off."""
        ask(self.calls.switch, self.api, *at, number, on)

    def clone(self, at: At, source: str, name: str) -> Json | None:
        """Copy one with the vendor's own call."""
        made = ask(self.calls.clone, self.api, *at, source, name)
        return None if made is None else self.opened(made)

    def end(self, at: At, number: str, live: Json, olds: Values) -> None:
        """Remove one, or what comes closest: it is switched off and left in place."""
        self.may_end(at, live, olds)
        if self.switch is not None and live.get(self.switch):
            self.may_switch_off(at, live)
            self.set_switch(at, number, False)
            self.was_switched_off(at, number)
        why = self.calls.why_left
        why = why if isinstance(why, str) else ask(why, self.api, *at, live)
        if why:
            self.let_go(at, live, why)
        else:
            ask(self.calls.delete, self.api, *at, number)

    def let_go(self, at: At, live: Json, why: str) -> None:
        """Leave the object at the vendor, and say so."""
        say.warn(f"{self.vendor}: {self.noun} {self.id_of(at, live)} was left in place: {why}.")

    def forget_list(self, at: At) -> None:
        """Make the next :meth:`everything` ask the vendor."""
        self.api.listings.clear()

    # Looking

    def ids(self, home: str) -> Iterator[str]:
        at = references.below(home, self.account, self.path[:-1]) if home else ()
        kind = self.calls.starts_with
        for one in self.everything(at):
            if not one.get("isDeleted") and all(one.get(name, value) == value for name, value in kind.items()):
                yield self.id_of(at, one)

    def is_there(self, id_: str) -> bool:
        home = references.parent(id_)
        at = references.below(home, self.account, self.path[:-1]) if home else ()
        with shared():
            items = ask(self.calls.list, self.api, *at)
        if not isinstance(items, Items):
            return super().is_there(id_)
        return id_ in items.known((type(self), "ids"), lambda: frozenset(self.ids(home)))

    def labels(self, home: str) -> Mapping[str, str]:
        at = references.below(home, self.account, self.path[:-1]) if home else ()
        label = self.model.meant_by(Label)
        wire = self.model[label].wire if label is not None else None
        return {
            self.id_of(at, one): str(get_at(one, wire)) for one in self.everything(at) if wire and get_at(one, wire)
        }

    def number(self, live: Json) -> str:
        """The vendor's id of an object."""
        return str(live[self.calls.id_field])

    def id_of(self, at: At, live: Json) -> str:
        """The id of an object under what holds it."""
        return references.join(self.account, *at, self.number(live))

    def find(self, at: At, number: str) -> Json | None:
        """The object; nothing when it is gone, which two calls must say: a list that works, or the vendor's own word
        about the list, and then about the object itself."""
        missed = False
        try:
            one = None if self.summaries else next(iter(self._by_number(at)[number]), None)
            if one is not None:
                return None if one.get("isDeleted") else self.whole(at, one)
            missed = not self.summaries
        except NotFound:
            pass  # the parent is gone, or the list is not to be had: the object itself has the last word
        try:
            live = self.get(at, number)
        except ApiError as error:
            if isinstance(error, NotFound) or (missed and is_404(error)):
                return None
            raise
        return None if live.get("isDeleted") else live

    def alike(self, at: At, value: Any) -> list[Json]:
        """The objects of the collection whose key may mean the same as this value, and few others."""
        field = self.model[self.key]

        def key(live: Json) -> Hashable:
            return self.bucket(field, get_at(live, field.wire or self.key))

        return self._finder(at, self.key, key)[self.bucket(field, value)]

    def bucket(self, field: FieldFacts, value: Any) -> Hashable:
        """Where values of a field are looked for that mean the same as this one: all of them are in one bucket.

        Numbers mean the same in whatever form they are.
        """
        value = self.lenient(field, value)
        return digits_of(value) if isinstance(value, str) else value if isinstance(value, Hashable) else None

    def _by_number(self, at: At) -> Finder[Json]:
        """Everything in the collection by the vendor's ids."""
        return self._finder(at, self.calls.id_field, lambda live: str(live.get(self.calls.id_field)))

    def _finder(self, at: At, name: str, key: Callable[[Json], Hashable]) -> Finder[Json]:
        """What finds in the collection, worked out once for a list that serves many."""
        with shared():
            items = ask(self.calls.list, self.api, *at)
        return finder_in(items, (type(self), name), self.opened, key)

    def whole(self, at: At, row: Json) -> Json:
        """The object of a row of the list: the row, unless it says no more than which object it is."""
        fields = {field.wire.partition(".")[0] for field in self.model.values() if field.wire is not None}
        others = fields - {self.model[self.key].wire, self.calls.id_field}
        return self.get(at, self.number(row)) if others and not others & row.keys() else row


def is_404(error: ApiError) -> bool:
    """Whether something was not there, be it the object or what lies on the way to it."""
    return isinstance(error, NotFound) or error.status == NotFound.status
