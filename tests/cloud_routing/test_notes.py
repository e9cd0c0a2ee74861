"""Sets whose create was cut off or refused, and single entries that somebody else has taken out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pulumi_voice_routing.errors import Exists
from tests.cloud_routing.line import Line
from tests.emulated import Emulated
from tests.examples import ref
from tests.numbers.resources import Managed


class TestNotes:
    """A run that is cut off finds what it has made; what people have made stays theirs."""

    def test_a_refused_create_claims_nothing(self, portal: Emulated) -> None:
        line = Line(portal)
        portal.faults({"match": {"operation": "CR-15"}, "fault": "status", "code": 409})
        with pytest.raises(Exception, match="CR-15"):
            line.up(line.item(line.denver, allocation_percent=100))
        portal.assign(line.number, line.denver, 100, rank=1)  # just as declared, and yet by hand
        line.set.provider.api.listings.clear()
        with pytest.raises(Exists, match="'Denver'"):
            line.up(line.item(line.denver, allocation_percent=100))

    def test_a_run_that_was_cut_off_claims_its_own_alone(
        self, portal: Emulated, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        line = Line(portal)
        items = line.item(line.denver, allocation_percent=60), line.item(line.vail, allocation_percent=40)
        cut_off_at(line.set.provider.api, "update_assigned_batch", "list_assigned", lambda: line.up(*items))
        assert len(line.answered()) == 2

        by_hand = portal.destination("Night desk")
        link = portal.assign(line.number, by_hand, 0, rank=9)
        line.set.provider.api.listings.clear()
        with pytest.raises(Exists, match="'Night desk'"):
            line.up(*items)
        portal.api(
            "DELETE", f"/cloudRouteProfileGroups/1000/cloudRouteProfiles/{line.number}/assignedDestinations/{link}"
        )
        line.set.provider.api.listings.clear()
        cut_off_at(line.set.provider.api, "update_assigned_batch", "list_assigned", lambda: line.up(*items))
        line.up(*items)
        assert [one["allocationPercent"] for one in portal.assigned(line.number)] == [60, 40]


def cut_off_at(api: Any, call: str, look: str, up: Callable[[], Any]) -> None:
    """The run ends at a call, and nothing of it gets to the state: the vendor cannot be asked any more."""
    with pytest.MonkeyPatch.context() as patch:

        def end(*_: Any) -> None:
            patch.setattr(api, look, end)
            raise KeyboardInterrupt

        patch.setattr(api, call, end)
        with pytest.raises(KeyboardInterrupt):
            up()
    api.listings.clear()


def test_other_sets_claim_what_is_declared_alone(portal: Emulated) -> None:
    service = portal.http_service("CRM")
    inputs = Managed("ringcx:HttpServiceInputs")
    path = f"/httpServiceGroups/1000/httpServices/{service}/inputs"
    by_hand = {"name": "by hand", "type": "PARAMETER", "simpleDataType": "STRING", "value": "", "rank": "0"}
    args = {"service": ref("1000", service), "inputs": [{"name": "caller"}]}
    portal.faults({"match": {"operation": "HT-13"}, "fault": "status", "code": 409})
    with pytest.raises(Exception, match="HT-13"):
        inputs.up(**args)
    portal.api("POST", path, [{**by_hand, "name": "caller"}])
    inputs.provider.api.listings.clear()
    with pytest.raises(Exists, match="has inputs already: caller"):
        inputs.up(**args)

    portal.api("DELETE", f"{path}/{portal.api('GET', path)[0]['inputId']}")
    inputs.provider.api.listings.clear()
    create = inputs.provider.api.create_inputs
    with pytest.MonkeyPatch.context() as patch:

        def cut_off(*some: Any) -> None:
            create(*some)
            patch.setattr(inputs.provider.api, "list_inputs", lambda *_: 1 / 0)
            raise KeyboardInterrupt

        patch.setattr(inputs.provider.api, "create_inputs", cut_off)
        with pytest.raises(KeyboardInterrupt):
            inputs.up(**args)
    portal.api("POST", path, [{**by_hand, "rank": "1"}])
    inputs.provider.api.listings.clear()
    with pytest.raises(Exists, match="by hand"):
        inputs.up(**args)
    portal.api("DELETE", f"{path}/{portal.api('GET', path)[1]['inputId']}")
    inputs.provider.api.listings.clear()
    inputs.up(**args)
    assert [one["name"] for one in portal.api("GET", path)] == ["caller"]


def test_overrides_of_people_stay_theirs(portal: Emulated) -> None:
    destination = portal.destination("Denver")
    own = Managed("ringcx:DnisOverrides")
    args = {"destination": ref("1000", destination), "overrides": [{"dnis": "+13035550101", "target": "+13035550171"}]}
    portal.faults({"match": {"operation": "CR-21"}, "fault": "status", "code": 409})
    with pytest.raises(Exception, match="CR-21"):
        own.up(**args)
    portal.override(destination, "13035550101", "+13035550179")
    own.provider.api.listings.clear()
    with pytest.raises(Exists, match=r"has overrides already for \+13035550101"):
        own.up(**args)


def test_overrides_that_are_gone_already_do_not_keep_the_others(
    portal: Emulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    destination = portal.destination("Denver")
    own = Managed("ringcx:DnisOverrides")
    rows = [{"dnis": f"+1303555010{place}", "target": "+13035550171"} for place in range(3)]
    own.up(destination=ref("1000", destination), overrides=rows)
    api: Any = own.provider.api
    delete = api.delete_override

    def twice(*at: str) -> None:
        delete(*at)
        delete(*at)

    monkeypatch.setattr(api, "delete_override", twice)
    own.up(destination=ref("1000", destination), overrides=rows[:2])
    own.destroy()
    assert portal.overrides(destination) == []
