"""What the members of RingCX cloud routing share."""

from __future__ import annotations

import pulumi

from ..client.listings import Json
from ..errors import Exists
from ..lifecycle.create_notes import Intent
from ..lifecycle.member import At, Member
from ..lifecycle.model import Values
from .client import RingCX, ringcx_client


class CloudRoutingMember(Member):
    """An object in an account's cloud routing."""

    @property
    def api(self) -> RingCX:
        """The client of the configured account."""
        return ringcx_client()

    @property
    def account(self) -> str:
        return self.api.account_id

    def _may_take_over(self, at: At, twin: Json, args: Values, intent: Intent) -> None:
        seen = self.shown(at, twin)
        fixed = [name for name, field in self.model.items() if field.immutable and field.wire and name in args]
        for name in fixed:
            if name in seen and not self._same(self.model[name], seen[name], args[name]):
                raise Exists(
                    f"{self.vendor}: a {self.noun} named {args[self.key]!r} exists already, with the id "
                    f"{self._id(at, twin)}, and its {name} is {seen[name]!r}, not {args[name]!r}, which never changes. "
                    f"Give the new one another {self.key}; nothing was changed."
                )
        super()._may_take_over(at, twin, args, intent)

    def forget_list(self, at: At) -> None:
        self.api.listings.clear()

    def let_go(self, at: At, live: Json, why: str) -> None:
        """Leave the object at the vendor, and say so."""
        pulumi.log.warn(f"{self.vendor}: {self.noun} {self._id(at, live)} was left in place: {why}.")
