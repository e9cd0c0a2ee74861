"""How a number becomes a tracking number, and when it may fall silent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...client.listings import Json
from ...errors import DeclarationError, Exists
from ...lifecycle import standing
from ...lifecycle.calls import At
from ...lifecycle.create_notes import Intent
from ...lifecycle.model import FieldFacts, Values
from ...permission.needed import INACTIVE, needed_permission
from ...permission.require import require_permission
from ...telephony.number import as_declared
from ..account import RingCXMember
from ..client import RingCX
from ..pool_directory import is_there
from .dialled_number import wire
from .one_number import OneNumber
from .owner import Live, Owner
from .tracking_calls import flat


class TrackedNumber(RingCXMember, OneNumber):
    """A tracking number."""

    claim = "assignment"
    fixed = ("group_id", "dnis")

    def same(self, field: FieldFacts, old: Any, new: Any) -> bool:
        if field.name == "dnis" and isinstance(old, str) and isinstance(new, str):
            return wire(old) == wire(new)
        return super().same(field, old, new)

    def stands_for(self, args: Values) -> Iterator[standing.Claim]:
        yield from RingCXMember.stands_for(self, args)
        yield from OneNumber.stands_for(self, args)

    def shown(self, at: At, live: Json) -> Values:
        seen = super().shown(at, live)
        dnis = seen.get("dnis")
        return {**seen, "dnis": as_declared(wire(dnis))} if isinstance(dnis, str) else seen

    def sent(self, name: str, value: Any) -> Any:
        return wire(value) if name == "dnis" else value

    def opened(self, live: Json) -> Json:
        return flat(live)

    def may_create(self, at: At, body: Json) -> None:
        digits = body["dnis"]
        record = self.api.pool.settled([digits], is_there).get(digits)
        owner = Live(record).owner if record is not None else None
        if record is None:
            raise DeclarationError(
                f"ringcx: {digits} is not in the pool. Declare it in a Dnis or DnisPool and let the tracking number "
                "depend on it; nothing was created."
            )
        if owner is not None:
            raise Exists(
                f"{digits} cannot become a tracking number in group {at[0]}, because {owner.called} answers it. "
                "Release it there first; nothing was created."
            )

    def may_write(self, at: At, number: str, body: Json) -> None:
        if body.get("active") is False:
            refuse_silence(self.api, number, wire(str(body["dnis"])))

    def look(self, id_: str, olds: Values) -> Values | None:
        outs = super().look(id_, olds)
        return outs if outs is None or not olds.get("dnis") else {**outs, "dnis": olds["dnis"]}

    def change(self, id_: str, olds: Values, args: Values) -> Values:
        self.refuse_another_number(olds, args)
        return super().change(id_, olds, args)

    def remove(self, id_: str, olds: Values) -> None:
        if not olds.get("dnis") or self.without_renamed([olds["dnis"]], nor_replaced=False):
            super().remove(id_, olds)

    def end(self, at: At, number: str, live: Json, olds: Values) -> None:
        fresh = self.get(at, number)
        if fresh.get("active") is not False:
            body = {name: value for name, value in fresh.items() if name not in self.server_fields}
            self.write(at, number, {**body, "active": False})
        super().end(at, number, live, olds)

    def may_take_over(self, at: At, twin: Json, args: Values, intent: Intent) -> None:
        # Under another resource name it is the same tracking number, as long as nothing else about it changes.
        seen = self.shown(at, twin)
        as_it_is = not any(self.is_sent(self.model[name]) for name in self.changed(seen, args))
        super().may_take_over(at, twin, {**args, "adopt": True} if as_it_is else args, intent)


def refuse_silence(api: RingCX, id_: str, digits: str) -> None:
    """Raises :class:`Refused` when callers reach a tracking number and nobody approved that they no longer do."""
    record = api.pool.fresh([digits]).get(digits)
    ours = Owner("tracking number", id_)
    if record is not None and Live(record).owner == ours:
        change = needed_permission(Live(record).facts(as_declared(digits), ours), INACTIVE)
        require_permission([change] if change else [])
