"""The vendor: the project's own emulator, with its answers as late as a network would make them."""
# ruff: noqa: S101, S603 - asserts narrow types; the emulator is started with arguments of our own

from __future__ import annotations

import subprocess
import sys
from types import TracebackType
from typing import Any, Self

import httpx

from .stacks import FIRST_EXTENSION

ACCOUNT = "123456"
TOKEN = "emulator-token"  # noqa: S105
_ADMIN = f"/voice/api/v1/admin/accounts/{ACCOUNT}"
_GROUP = "1000"


class Account:
    """An emulator of its own, empty; use it with ``with``."""

    def __init__(self, latency_seconds: float, *, limited: bool) -> None:
        options = ("--port", "0", "--no-rate-limits", "--until-eof")
        command = [sys.executable, "-m", "pulumi_voice_routing.emulator", *options]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().split()[-1]
        self._http = httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=60)
        self._latency_seconds, self._limited = latency_seconds, limited

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._http.close()
        self._process.terminate()
        self._process.communicate()

    @property
    def settings(self) -> dict[str, str]:
        """The environment that leads the providers here."""
        return {
            "RINGCX_BASE_URL": self.url,
            "RINGCX_ACCOUNT_ID": ACCOUNT,
            "RINGCX_ACCESS_TOKEN": TOKEN,
            "RINGCX_REQUESTS_PER_MINUTE": "120" if self._limited else "0",
            "RINGEX_BASE_URL": self.url,
            "RINGEX_ACCESS_TOKEN": TOKEN,
            **({} if self._limited else {"RINGEX_REQUESTS_PER_MINUTE": "0"}),
        }

    def go(self) -> None:
        """From now on answers are late, calls are limited and counted; until now things were set up."""
        switches = {"latency_seconds": self._latency_seconds, "rate_limits": self._limited}
        self._http.post("/_emulator/faults", json={"switches": switches}).raise_for_status()
        self._http.delete("/_emulator/journal").raise_for_status()

    def requests(self) -> list[str]:
        """The operation numbers of the calls since the last time, without those that were refused over the limit."""
        journal = self._http.get("/_emulator/journal").raise_for_status().json()
        self._http.delete("/_emulator/journal").raise_for_status()
        return [one["operation"] for one in journal]

    def extensions(self, count: int) -> None:
        """So many users with the vendor's newer call handling."""
        state = self._http.get("/_emulator/state").raise_for_status().json()
        state["objects"]["RingExExtension"] += [
            {
                "extensionId": str(FIRST_EXTENSION + place),
                "newCallHandling": True,
                "limitedHours": True,
                "phoneNumbers": [f"+1720555{place:04}"],
            }
            for place in range(count)
        ]
        self._http.put("/_emulator/state", json=state).raise_for_status()

    def profile(self, name: str) -> str:
        """The number of a new profile that is active and answers."""
        path = f"/cloudRouteDestinationGroups/{_GROUP}/cloudRouteDestinations"
        body = {"destinationName": f"{name} desk", "destinationType": "DID", "routeDestination": "+13125551234"}
        desk = self._call("POST", path, body)["cloudDestinationId"]
        self._call("PUT", f"{path}/{desk}/setIsActive", {"isActive": True})
        profiles = f"/cloudRouteProfileGroups/{_GROUP}/cloudRouteProfiles"
        split = {"profileName": name, "routingType": "PERCENT_ALLOCATION", "percentAllocType": "DAILY"}
        profile = self._call("POST", profiles, split)["cloudProfileId"]
        link = {"cloudDestination": {"cloudDestinationId": desk}, "destinationType": "STANDARD", "rank": 1}
        self._call("POST", f"{profiles}/{profile}/assignedDestinations", {**link, "allocationPercent": 100})
        self._call("PUT", f"{profiles}/{profile}/setIsActive", {"isActive": True})
        return str(profile)

    def _call(self, method: str, path: str, body: Any) -> Any:
        answer = self._http.request(method, f"{_ADMIN}{path}", json=body).raise_for_status()
        return answer.json() if answer.content else None
