"""What the target of a destination may be, and when a destination can be switched on or off."""

from __future__ import annotations

from collections.abc import Iterable

from ...client.listings import Json
from ...lifecycle.calls import At
from ...lifecycle.model import Failure, FieldFacts, Values, unknown
from ...telephony.number import e164
from ...telephony.outside_numbers import NUMBER_KINDS
from ..account import RingCXMember
from .readiness import refuse_unready, refuse_while_used, why_destination_not_ready

_NEEDS = {
    "SIP": "a SIP destination needs a SIP address",
    "ACD": "an ACD destination needs the id of a queue",
    "IVR": "an IVR destination needs the id of an IVR",
    "IVR_STUDIO": "an IVR_STUDIO destination needs the id of an IVR",
}


class TargetMember(RingCXMember):
    """A destination."""

    def problems(self, args: Values) -> Iterable[Failure]:
        kind, target = args.get("kind"), args.get("target")
        if target is None or unknown(target):
            return
        if not str(target).strip():
            yield Failure("target", f"is blank: {_NEEDS.get(str(kind), 'say where calls go')}")
        elif kind in NUMBER_KINDS:
            try:
                e164(str(target))
            except ValueError as error:
                yield Failure("target", str(error))

    def canonical(self, args: Values) -> Values:
        target = args.get("target")
        if args.get("kind") in NUMBER_KINDS and not unknown(target):
            return {**args, "target": number_or_as_is(str(target))}
        return args

    def same(self, field: FieldFacts, old: object, new: object) -> bool:
        if field.name == "target" and isinstance(old, str) and isinstance(new, str):
            return number_or_as_is(old) == number_or_as_is(new)
        return super().same(field, old, new)

    def may_switch_on(self, at: At, live: Json) -> None:
        refuse_unready(list(why_destination_not_ready(live)))

    def may_switch_off(self, at: At, live: Json) -> None:
        refuse_while_used(self.api, at[0], self.number(live))


def number_or_as_is(target: str) -> str:
    """A target in its canonical form when it is a telephone number, and unchanged when it is not."""
    try:
        return e164(target)
    except ValueError:
        return target
