"""A profile and its destinations."""

from __future__ import annotations

from typing import Any

from tests.emulated import Emulated, Json
from tests.examples import ref
from tests.numbers.resources import Managed


class Line:
    """A profile and the set of its destinations: Denver answers, and Vail does not."""

    def __init__(self, portal: Emulated, **profile: Any) -> None:
        self.portal = portal
        self.denver, self.vail = portal.destination("Denver", active=True), portal.destination("Vail")
        self.number = portal.profile("Support", **profile)
        self.profile = ref("1000", self.number)
        self.set = Managed("ringcx:ProfileDestinations")

    def up(self, *items: Json) -> bool:
        return self.set.up(profile=self.profile, destinations=list(items))

    def item(self, destination: str, **fields: Any) -> Json:
        return {"destination": ref("1000", destination), **fields}

    def answered(self) -> list[Any]:
        return [one["cloudDestination"]["cloudDestinationId"] for one in self.portal.assigned(self.number)]
