"""What is in use stays as it is, also where the vendor tells little of who uses it."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_voice_routing.errors import Exists, Refused
from pulumi_voice_routing.registry import provider_for
from tests.emulated import Emulated, Json, operations
from tests.examples import ref
from tests.numbers.resources import Managed


class TestDeactivation:
    @pytest.fixture
    def denver(self, portal: Emulated) -> str:
        denver = portal.destination("Denver", active=True)
        profile = portal.profile("Support")
        portal.assign(profile, denver, 100, rank=1)
        portal.switch("Profile", profile, on=True)
        return denver

    @pytest.mark.parametrize(
        ("shown", "said"),
        [
            ({"cloudProfile": {"cloudProfileId": 1001, "profileName": "Support"}}, r"'Support' \(1001\)"),
            ({"cloudProfile": {"cloudProfileId": 7, "profileName": "Gone"}}, r"'Gone' \(7\)"),
            ({}, "one that the vendor does not name"),
        ],
    )
    def test_of_a_destination_whose_users_are_not_told(
        self, portal: Emulated, denver: str, monkeypatch: pytest.MonkeyPatch, shown: Json, said: str
    ) -> None:
        provider = provider_for("ringcx:Destination")
        monkeypatch.setattr(provider.api, "list_profiles_of_destination", lambda *_: [shown])
        with pytest.raises(Refused, match=f"stays active: active profiles send calls to it: {said}"):
            provider.delete(ref("1000", denver), {"name": "Denver"})
        assert portal.records("CloudRouteDestination")[0]["isActive"] is True

    def test_when_the_profile_itself_tells(
        self, portal: Emulated, denver: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        portal.switch("Profile", "1001", on=False)
        provider = provider_for("ringcx:Destination")
        shown = {"cloudProfile": {"cloudProfileId": 1001, "profileName": "Support"}}
        monkeypatch.setattr(provider.api, "list_profiles_of_destination", lambda *_: [shown])
        provider.delete(ref("1000", denver), {"name": "Denver"})
        assert portal.records("CloudRouteDestination")[0]["isActive"] is False


class TestServices:
    def test_another_kind_is_another_service_and_takes_over_none(self, portal: Emulated) -> None:
        one = Managed("ringcx:HttpService")
        one.up(group_id="123456/1000", name="CRM", kind="HTTP", url="https://a.example.com")
        before = portal.state()
        soap = {"group_id": "123456/1000", "name": "CRM", "kind": "SOAP", "soap_endpoint": "https://a.example.com"}
        for adopt in ({}, {"adopt": True}, {"adopt_id": one.id}):
            with pytest.raises(Exists, match=r"its kind is 'HTTP', not 'SOAP', which never changes. Give the new one"):
                Managed("ringcx:HttpService").up(**soap, **adopt)
        assert portal.state() == before

    def test_a_service_that_a_group_of_profiles_alone_calls_stays(
        self, portal: Emulated, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        service = portal.http_service("CRM")
        profile = portal.profile("Support", callStartSoapService={"serviceId": int(service)})
        portal.assign(profile, portal.destination("Denver", active=True), 100, rank=1)
        portal.switch("Profile", profile, on=True)
        portal.api("PUT", f"/httpServiceGroups/1000/httpServices/{service}/setIsActive", {"isActive": True})
        provider = provider_for("ringcx:HttpService")
        monkeypatch.setattr(provider.api, "list_groups", list)
        with pytest.raises(Refused, match="it is called by profile 'Support'"):
            provider.delete(ref("1000", service), {"name": "CRM", "kind": "HTTP"})

    def test_a_rotation_that_the_vendor_does_not_date(self, portal: Emulated, monkeypatch: pytest.MonkeyPatch) -> None:
        key = Managed("ringcx:ApiKeyAuth")
        api: Any = key.provider.api
        get = api.get_auth_config
        monkeypatch.setattr(
            api, "get_auth_config", lambda id_: {name: one for name, one in get(id_).items() if name != "updatedTime"}
        )
        key.up(name="Key", api_key="first")
        with portal.recording() as calls:
            key.up(name="Key", api_key="second")
        assert operations(calls, writes=True) == ["HTb-08"]


def test_ranks_may_be_numbers(portal: Emulated, monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = Managed("ringcx:HttpServiceInputs")
    api: Any = inputs.provider.api
    listed = api.list_inputs
    monkeypatch.setattr(api, "list_inputs", lambda *at: [{**one, "rank": int(one["rank"])} for one in listed(*at)])
    inputs.up(service=ref("1000", portal.http_service("CRM")), inputs=[{"name": "caller"}, {"name": "called"}])
