"""The emulator in-process: judged by the vendor's contract, or not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pulumi_voice_routing.emulator import create_app
from tests.emulator.conftest import Api, api, client_of, contracts

__all__ = ["api", "contracts"]


@pytest.fixture
def loose() -> Iterator[Api]:
    """For requests and answers that vendors are seen with and the contract has not."""
    with client_of(create_app()) as client:
        yield Api(client)
