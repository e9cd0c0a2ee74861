"""A vendor that shows asterisks in place of secrets never gets them back in the secrets' place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.examples.numbers import pool
from tests.second_server.answers import MASK
from tests.second_server.lives import Resource, World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(frozenset({"masked_secrets"}), tmp_path)


def held(world: World, kind: str, field: str) -> list[str]:
    return [one[field] for one in world.portal.records(kind) if field in one]


def test_of_a_destination(world: World) -> None:
    world.portal.destination("Denver", authKey="canary")
    destination = Resource(world, "ringcx:Destination")
    args = {"group_id": "123456/1000", "name": "Denver", "kind": "DID", "target": "+13035551234", "adopt": True}

    destination.create({**args, "description": "adopted"})

    assert destination.there.outs.get("auth_key") is None
    assert held(world, "CloudRouteDestination", "authKey") == ["canary"]
    destination.update({**args, "auth_key": "canary-new"})
    destination.update({**args, "auth_key": "canary-new", "description": "again"})
    assert held(world, "CloudRouteDestination", "authKey") == ["canary-new"]


def test_of_a_service(world: World) -> None:
    world.portal.http_service("CRM", httpPassword="canary")
    service = Resource(world, "ringcx:HttpService")
    args = {"group_id": "123456/1000", "name": "CRM", "kind": "HTTP", "url": "https://crm.example.com", "adopt": True}

    service.create({**args, "return_type": "JSON"})

    assert held(world, "RemoteHttpService", "httpPassword") == ["canary"]


def test_of_a_record_of_the_pool(world: World) -> None:
    pool(world.portal, "+13035550101", twilioApiKey="canary")
    number = Resource(world, "ringcx:Dnis")

    number.create({"dnis": "+13035550101", "description": "adopted"})

    assert MASK not in held(world, "DnisPool", "twilioApiKey")
    assert held(world, "DnisPool", "twilioApiKey") == ["canary"]
