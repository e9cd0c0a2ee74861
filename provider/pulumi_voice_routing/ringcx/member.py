"""What the members of RingCX cloud routing share."""

from __future__ import annotations

import pulumi

from ..client.listings import Json
from ..lifecycle.member import At, Member
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

    def forget_list(self, at: At) -> None:
        self.api.listings.clear()

    def let_go(self, at: At, live: Json, why: str) -> None:
        """Leave the object at the vendor, and say so."""
        pulumi.log.warn(f"{self.vendor}: {self.noun} {self._id(at, live)} was left in place: {why}.")
