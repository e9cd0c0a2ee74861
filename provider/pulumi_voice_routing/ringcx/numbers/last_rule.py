"""What a routing rule needs, and that the last one stays while callers reach the number."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from ...client.listings import Json
from ...lifecycle.calls import At
from ...lifecycle.model import Failure, FieldFacts, Values
from ...lifecycle.writes import permitted
from ...telephony.number import same_number
from ...telephony.wire import on_the_wire
from ..account import RingCXMember
from .dialled_number import wire
from .tracked_number import refuse_silence
from .tracking_calls import flat

_TARGETS = {"GATE_XFER": "queue_id", "TRAC_XFER": "to_tracking_id"}
_ends: defaultdict[At, threading.Lock] = defaultdict(threading.Lock)
"""Two rules of one tracking number must not each see the other and both go."""


class RoutingRule(RingCXMember):
    """A routing rule of a tracking number."""

    def problems(self, args: Values) -> Iterable[Failure]:
        kind = args.get("kind")
        needed = _TARGETS.get(kind, "destination") if isinstance(kind, str) else None
        if needed is not None and needed not in args:
            yield Failure("", f"{needed} is missing: a rule of kind {kind} needs it")

    def sent(self, name: str, value: Any) -> Any:
        if name == "destination":
            return on_the_wire("ringcx", name, value)
        return int(value) if name in _TARGETS.values() else value

    def same(self, field: FieldFacts, old: Any, new: Any) -> bool:
        if field.name == "destination" and isinstance(old, str) and isinstance(new, str):
            return same_number(old, new)
        return super().same(field, old, new)

    def may_end(self, at: At, live: Json, olds: Values) -> None:
        if permitted(self.token, self.id_of(at, live)):
            return  # where the calls of all its rules go is approved, which the judge of the run has looked at together
        if all(str(one.get(self.calls.id_field)) == self.number(live) for one in self.everything(at)):
            refuse_silence(self.api, at[1], wire(str(flat(self.api.get_tracking_number(*at))["dnis"])))

    def end(self, at: At, number: str, live: Json, olds: Values) -> None:
        with _ends[at]:
            super().end(at, number, live, olds)
