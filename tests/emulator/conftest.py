"""The emulator in-process. What it answered is judged by the vendors' contracts, where they are at hand."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from pulumi_voice_routing.emulator import create_app
from tests.contracts.contract import load_contracts

ACCOUNT = "/voice/api/v1/admin/accounts/123456"
GROUP = f"{ACCOUNT}/cloudRouteDestinationGroups/1000"
DESTINATIONS = f"{GROUP}/cloudRouteDestinations"
PROFILES = f"{ACCOUNT}/cloudRouteProfileGroups/1000/cloudRouteProfiles"
TOKEN = "emulator-token"

DESTINATION = {"destinationName": "Denver", "destinationType": "DID", "routeDestination": "+13035551234"}
PROFILE = {"profileName": "Support", "routingType": "PERCENT_ALLOCATION", "percentAllocType": "DAILY"}

UNDECLARED = {405, 413, 415, 501}
"""What a server answers to calls that no contract has."""


class _InProcess(httpx.BaseTransport):
    """Sends requests to an ASGI application in this process."""

    def __init__(self, app: Starlette) -> None:
        self._transport = httpx.ASGITransport(app)
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)  # the loop of the process stays

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._runner.run(self._handle(request))

    async def _handle(self, request: httpx.Request) -> httpx.Response:
        response = await self._transport.handle_async_request(request)
        return httpx.Response(response.status_code, headers=response.headers, content=await response.aread())

    def close(self) -> None:
        self._runner.close()


@contextmanager
def client_of(app: Starlette, token: str = TOKEN) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with httpx.Client(transport=_InProcess(app), base_url="http://emulator", headers=headers) as client:
        yield client


class Api:
    """A signed-in client, with the calls that most tests start from."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client

    def call(self, method: str, path: str, **kwargs: Any) -> httpx.Response:
        return self.client.request(method, path, **kwargs)

    def ok(self, method: str, path: str, **kwargs: Any) -> Any:
        response = self.call(method, path, **kwargs)
        assert response.status_code == 200, response.text
        return response.json()

    def refused(self, method: str, path: str, **kwargs: Any) -> int:
        response = self.call(method, path, **kwargs)
        assert response.status_code >= 400, response.text
        return response.status_code

    def invalid(self, method: str, path: str, **kwargs: Any) -> set[str]:
        """The attributes that a 400 answer complains about."""
        response = self.call(method, path, **kwargs)
        assert response.status_code == 400, response.text
        return {error["attributeName"] for error in response.json()["validationErrors"]}

    def destination(self, **changes: Any) -> str:
        """A new destination's path."""
        return f"{DESTINATIONS}/{self.ok('POST', DESTINATIONS, json=DESTINATION | changes)['cloudDestinationId']}"

    def profile(self, **changes: Any) -> str:
        """A new profile's path."""
        return f"{PROFILES}/{self.ok('POST', PROFILES, json=PROFILE | changes)['cloudProfileId']}"

    def assign(self, profile: str, destination: str, **changes: Any) -> int:
        """A new assignment's id; it takes 100 percent."""
        body = assignment(destination, **changes)
        return int(self.ok("POST", f"{profile}/assignedDestinations", json=body)["assignedDestinationId"])

    def faults(self, **body: Any) -> Any:
        return self.ok("POST", "/_emulator/faults", json=body)

    def advance(self, seconds: float) -> None:
        self.ok("POST", "/_emulator/clock", json={"advance_seconds": seconds})

    def journal(self) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = self.ok("GET", "/_emulator/journal")
        return entries


def id_of(path: str) -> int:
    return int(path.rsplit("/", 1)[1])


def assignment(destination: str, **changes: Any) -> dict[str, Any]:
    """A body that assigns a destination, given by its path."""
    link = {"cloudDestinationId": id_of(destination)}
    return {"cloudDestination": link, "destinationType": "DID", "rank": 1, "allocationPercent": 100} | changes


@pytest.fixture(scope="session")
def contracts() -> dict[str, Any]:
    return load_contracts() or {}


@pytest.fixture
def api(contracts: dict[str, Any]) -> Iterator[Api]:
    with client_of(create_app()) as client:
        api = Api(client)
        yield api
        for entry in api.journal():
            if entry["vendor"] in contracts and entry["status"] not in UNDECLARED:
                assert contracts[entry["vendor"]].problems(entry) == []
