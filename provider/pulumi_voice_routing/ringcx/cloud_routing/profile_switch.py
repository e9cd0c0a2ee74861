"""When a profile can be switched on or off, and how it names the services that it calls."""

from __future__ import annotations

from typing import Any, cast

from ...client.listings import Json
from ...errors import Refused
from ...lifecycle import references, turns
from ...lifecycle.calls import At
from ...lifecycle.model import FieldFacts, Values
from ..account import RingCXMember
from ..client_http_services import SERVICE_ID
from ..http_services.http_service_use import PROFILE_CALLS
from ..shapes import CloudRouteProfile
from .readiness import put_back_when_dialled, refuse_unready, refuse_while_dialled, why_profile_not_ready

_SERVICES = ("call_start_service", "call_connect_service", "call_end_service")


class SwitchedProfile(RingCXMember):
    """A profile."""

    def may_make(self, args: Values) -> None:
        if args.get("active") and not (args.get("adopt") or args.get("adopt_id") or args.get("clone_of")):
            raise Refused(
                f"profile {args['name']!r} cannot start active: it has no destinations yet that could take calls. "
                "Leave active out, and let an Activation switch it on last; nothing was created."
            )

    def sent(self, name: str, value: Any) -> Any:
        return int(references.last(value)) if name in _SERVICES else value

    def same(self, field: FieldFacts, old: Any, new: Any) -> bool:
        # The vendor names a service without its group.
        return references.same(old, new) if field.name in _SERVICES else super().same(field, old, new)

    def may_switch_on(self, at: At, live: Json) -> None:
        turns.until_allowed(
            lambda: refuse_unready(list(why_profile_not_ready(self.api, at[0], cast(CloudRouteProfile, live))))
        )

    def may_switch_off(self, at: At, live: Json) -> None:
        turns.until_allowed(lambda: refuse_while_dialled(self.api, self.number(live)))

    def was_switched_off(self, at: At, number: str) -> None:
        put_back_when_dialled(self.api, at[0], number)

    def closed(self, body: Json) -> Json:
        # Another service is not to be sent with what the vendor shows of the old one.
        links = {name: {SERVICE_ID: body[name][SERVICE_ID]} for name in PROFILE_CALLS if body.get(name)}
        return {**body, **links}
