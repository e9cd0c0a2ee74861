"""What the tests at the second server share."""

from collections.abc import Iterator

import pytest

from tests.emulated import settings_for
from tests.fuzz.conftest import no_settings_of_ours
from tests.lifecycle.conftest import what_happens_to_numbers_is_permitted
from tests.second_server.portal import Portal
from tests.second_server.server import Server, listening
from tests.second_server.ways import ALL

__all__ = ["no_settings_of_ours", "what_happens_to_numbers_is_permitted"]


@pytest.fixture
def portal() -> Iterator[Portal]:
    """The administrator of a server on a port of its own, in all the ways that go together."""
    server = Server(ALL)
    with listening(server) as url:
        portal = Portal(server, url)
        yield portal
        portal.stop()


@pytest.fixture
def emulator_env(portal: Portal) -> dict[str, str]:
    """The settings that lead to it, in the emulator's place."""
    return settings_for(portal.url)
