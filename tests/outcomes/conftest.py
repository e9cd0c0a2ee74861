"""A live line at the emulator, and providers called as the engine calls them, with pack and guard absent."""

from __future__ import annotations

from pathlib import Path

import pytest

from pulumi_voice_routing.lifecycle import adoption, standing, turns, writes
from pulumi_voice_routing.portsip import client as portsip_client
from pulumi_voice_routing.ringcx import client as ringcx_client
from pulumi_voice_routing.ringcx.cloud_routing import going_live
from pulumi_voice_routing.ringex import client as ringex_client
from tests.emulated import Emulated, Json
from tests.examples import ref
from tests.numbers.account import Account
from tests.numbers.conftest import provider_settings
from tests.numbers.resources import Managed

from .run import one_resource_for_each_thread

__all__ = ["one_resource_for_each_thread", "provider_settings"]

NUMBER = "13035550100"
DENVER, AUSTIN = "+13035551001", "+13035551002"


@pytest.fixture(autouse=True)
def soon_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here everything is declared before anything is written, so that nobody has to wait for more."""
    monkeypatch.setattr(turns, "_STILL_SECONDS", 0.1)


class Live:
    """A number that callers dial, a profile, and two destinations that share its calls; made by hand."""

    tracking = ""

    def __init__(self, portal: Emulated) -> None:
        self.portal = portal
        self.account = Account(portal)
        self.denver = portal.destination("Denver", active=True, routeDestination=DENVER)
        self.austin = portal.destination("Austin", active=True, routeDestination=AUSTIN)
        self.profile = portal.profile("Support")
        portal.assign(self.profile, self.denver, 70, rank=1)
        portal.assign(self.profile, self.austin, 30, rank=2)
        portal.switch("Profile", self.profile, on=True)
        self.account.pool([NUMBER])
        self.account.give([NUMBER], f"profile {self.profile}")
        portal.forget_journal()
        self._whole = portal.state()

    def restore(self) -> None:
        """All of it is as it was."""
        self.portal.put_state(self._whole)
        self.new_lists()

    def spare(self) -> str:
        """A destination that is off, and no resource of the program."""
        return self.portal.destination("Spare", routeDestination="+13035551009")

    def id(self, number: str) -> str:
        return ref("1000", number)

    def adopted(self, token: str, **args: object) -> Managed:
        """A resource of the program that stands for an object which is there."""
        one = Managed(token)
        one.up(**args)
        self.new_process()
        self.portal.forget_journal()
        return one

    def destination(self, **args: object) -> Json:
        return {"group_id": "123456/1000", "name": "Denver", "kind": "DID", "target": DENVER, **args}

    def rows(self, *shares: tuple[str, int]) -> list[Json]:
        return [{"destination": self.id(one), "allocation_percent": share} for one, share in shares]

    def new_lists(self) -> None:
        """A new process, which has read nothing."""
        self.new_process()
        for module in (ringcx_client, ringex_client, portsip_client):
            module._clients.clear()

    def new_process(self) -> None:
        adoption.ours.clear()
        going_live.declared.clear()
        writes.forget()
        standing.forget()


@pytest.fixture
def live(emulator: Emulated, provider_settings: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Live:
    for module in (ringex_client, portsip_client):
        monkeypatch.setattr(module, "_clients", {})
    line = Live(emulator)
    line.new_process()
    return line
