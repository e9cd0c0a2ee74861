"""What callers get after each request of a run, by looking at the vendor's account every time."""

from __future__ import annotations

from typing import Any

from tests.crash.proxy import Proxy
from tests.emulated import Emulated, Json

HOURS = 24


class Steps(Proxy):
    """Lets one request through at a time, and notes after each what part of its calls every live profile answers."""

    def __init__(self, emulator: Emulated) -> None:
        super().__init__(emulator.url, 0, lambda: None, after=False, passes=True)
        self._emulator = emulator
        self.answered: list[dict[str, float]] = []

    def passed_on(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Any:
        with self._one_at_a_time:
            answer = self._sent(method, path, headers, body)
            self.look()
            return answer

    def look(self) -> dict[str, float]:
        """Note what is so now."""
        self.answered.append(answered(self._emulator.state()["objects"]))
        return self.answered[-1]

    def worst(self, profile: str) -> float:
        """The smallest part that was answered at any time."""
        return min(one[profile] for one in self.answered if profile in one)


def answered(objects: dict[str, list[Json]]) -> dict[str, float]:
    """The part of the calls of each live profile that somebody answers, in the worst hour, by the profile's name."""
    return {
        one["profileName"]: min(_part(objects, shares) for shares in _shares(objects, one["cloudProfileId"]))
        for one in objects["CloudRouteProfile"]
        if one["isActive"]
    }


def _shares(objects: dict[str, list[Json]], profile: int) -> list[dict[int, int]]:
    links = [one for one in objects["CloudRouteAssignedDestination"] if one["cloudProfileId"] == profile]
    hours = {one["cloudDestinationId"]: one.get("allocationPercentHours") for one in links}
    by_day = {one["cloudDestinationId"]: one.get("allocationPercent") or 0 for one in links}
    if not any(hours.values()):
        return [by_day]
    by_hour = {number: [int(one) for one in text.split(",")] for number, text in hours.items() if text}
    return [by_day, *({number: row[hour] for number, row in by_hour.items()} for hour in range(HOURS))]


def _part(objects: dict[str, list[Json]], shares: dict[int, int]) -> float:
    on = {one["cloudDestinationId"] for one in objects["CloudRouteDestination"] if one["isActive"]}
    return sum(share for number, share in shares.items() if number in on) / (sum(shares.values()) or 1)
