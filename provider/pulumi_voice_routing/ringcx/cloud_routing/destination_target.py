"""What the target of a destination may be, and when a destination can be switched on or off."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any, cast

from pulumi.dynamic import DiffResult

from ...client.listings import Json
from ...lifecycle import turns
from ...lifecycle.calls import At
from ...lifecycle.model import Failure, FieldFacts, Values, unknown
from ...telephony.number import NotANumber, Number, same_number
from ...telephony.outside_numbers import NUMBER_KINDS
from ..account import RingCXMember
from ..shapes import CloudRouteDestination
from . import going_live
from .call_target import sent_target, unless_only_the_form_differs, with_target
from .readiness import put_back_when_used, refuse_unready, refuse_while_used, why_destination_not_ready

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
                Number.parse(str(target))
            except NotANumber as error:
                yield Failure("target", str(error))

    def canonical(self, args: Values) -> Values:
        target = args.get("target")
        if args.get("kind") in NUMBER_KINDS and not unknown(target):
            with suppress(NotANumber):  # problems() says so
                return {**args, "target": Number.parse(str(target))}
        return args

    def same(self, field: FieldFacts, old: object, new: object) -> bool:
        if field.name == "target" and isinstance(old, str) and isinstance(new, str):
            return same_number(old, new)
        return super().same(field, old, new)

    def shown(self, at: At, live: Json) -> Values:
        seen = super().shown(at, live)
        return with_target(seen) if seen.get("kind") in NUMBER_KINDS else seen

    def sent(self, name: str, value: Any) -> Any:
        return sent_target(value) if name == "target" else value

    def rewritten(self, at: At, live: Json, args: Values) -> Json:
        return unless_only_the_form_differs(live, super().rewritten(at, live, args))

    # What others in this run are to know

    def diff(self, _id: str, _olds: Values, _news: Values) -> DiffResult:
        _declared(_id, _news)
        return super().diff(_id, _olds, _news)

    def make(self, args: Values) -> tuple[str, Values]:
        id_, outs = super().make(args)
        _declared(id_, args)
        return id_, outs

    # The switch

    def may_switch_on(self, at: At, live: Json) -> None:
        refuse_unready(list(why_destination_not_ready(cast(CloudRouteDestination, live))))

    def may_switch_off(self, at: At, live: Json) -> None:
        turns.until_allowed(lambda: refuse_while_used(self.api, at[0], self.number(live)))

    def was_switched_off(self, at: At, number: str) -> None:
        put_back_when_used(self.api, at[0], number)


def _declared(id_: str, args: Values) -> None:
    active = args.get("active")
    going_live.declared[id_] = active if isinstance(active, bool) else None
