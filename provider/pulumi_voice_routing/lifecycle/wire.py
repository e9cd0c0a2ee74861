"""From the fields that a program declares to the object that the vendor takes, and back."""

from __future__ import annotations

from typing import Any, ClassVar

from ..client.answers import is_hidden
from ..client.listings import Json
from . import references
from .calls import At
from .meaning import Inside
from .model import FieldFacts, Values
from .provider import Lifecycle

_ABSENT = object()


class Wired(Lifecycle):
    """An object of the vendor's that holds the declared fields, in places that their ``Wire`` markers name."""

    server_fields: ClassVar[frozenset[str]] = frozenset()
    """Fields that the vendor sets and that are not sent back to it."""

    @property
    def path(self) -> tuple[str, ...]:
        """What each step of the id is, without the account."""
        raise NotImplementedError

    @property
    def parent(self) -> str | None:
        """The argument that holds the id of what contains the object; the account itself when there is none."""
        return self.model.meant_by(Inside)

    @property
    def account(self) -> str:
        """The configured account."""
        raise NotImplementedError

    @property
    def switch(self) -> str | None:
        """The vendor's field that a call of its own changes, and no write of the whole object."""
        return None

    def at(self, args: Values) -> At:
        """The vendor's ids of what holds the declared object."""
        if self.parent is None:
            return ()
        return references.below(args[self.parent], self.account, self.path[:-1])

    def below(self, reference: str) -> tuple[str, ...]:
        """The vendor's ids along a reference, without the account."""
        return references.below(reference, self.account, self.path)

    def same(self, field: FieldFacts, old: Any, new: Any) -> bool:
        if field.name == self.parent or field.name == "adopt_id":
            return references.same(old, new)
        return super().same(field, old, new)

    # To the vendor

    def body(self, args: Values) -> Json:
        """The declared fields as the vendor's object."""
        body: Json = {}
        for name, value in args.items():
            wire = self.model[name].wire
            if wire is not None and wire != self.switch:
                _set(body, wire, self.sent(name, value))
        return body

    def rewritten(self, at: At, live: Json, args: Values) -> Json:
        """What an update sends to bring the object to the declared fields; empty when it has them already."""
        present = {
            name: value for name, value in live.items() if name not in self.server_fields and not is_hidden(value)
        }
        whole = merged(present, self.body(args))
        return {} if whole == present else whole

    def sent(self, name: str, value: Any) -> Any:
        """The value of a field in the form in which the vendor takes it."""
        return value

    def closed(self, body: Json) -> Json:
        """The object in the form in which the vendor takes it; the other direction of :meth:`opened`."""
        return body

    def is_sent(self, field: FieldFacts) -> bool:
        """Whether another value of the field is something to tell the vendor."""
        return field.wire is not None

    # From the vendor

    def opened(self, live: Json) -> Json:
        """The vendor's object in the form in which ``Wire`` names its fields."""
        return live

    def shown(self, at: At, live: Json) -> Values:
        """The vendor's object as the program's fields, as far as the vendor shows them."""
        seen: Values = {}
        for name, field in self.model.items():
            if field.wire is None or field.secret:
                continue
            value = get_at(live, field.wire)
            if value is not None:
                seen[name] = self.lenient(field, value)
        if self.parent is not None:
            seen[self.parent] = references.join(self.account, *at)
        return seen

    def seen(self, at: At, live: Json) -> Values:
        """The same, and nothing for fields that the vendor shows as null; what it leaves out is not known."""
        blank = [
            name
            for name, field in self.model.items()
            if field.wire is not None and not field.secret and get_at(live, field.wire, _ABSENT) is None
        ]
        return {**dict.fromkeys(blank), **self.shown(at, live)}


def get_at(body: Json, wire: str, absent: Any = None) -> Any:
    """The value at a place such as ``voicemail.enabled``."""
    value: Any = body
    for step in wire.split("."):
        if value is None:
            return None
        if not isinstance(value, dict) or step not in value:
            return absent
        value = value[step]
    return value


def _set(body: Json, wire: str, value: Any) -> None:
    *outer, name = wire.split(".")
    for step in outer:
        body = body.setdefault(step, {})
    body[name] = value


def merged(live: Json, wanted: Json) -> Json:
    """The vendor's object with the wanted fields laid over it, objects inside it too; lists are replaced."""
    whole = dict(live)
    for name, value in wanted.items():
        there = whole.get(name)
        whole[name] = merged(there, value) if isinstance(there, dict) and isinstance(value, dict) else value
    return whole
