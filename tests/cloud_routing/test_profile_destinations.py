"""The destinations of a profile: what an active one must not lose, and what a vendor may write in its own way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pulumi_voice_routing.errors import Refused
from tests.cloud_routing.line import Line
from tests.emulated import Emulated, Json


class TestSilence:
    @pytest.mark.parametrize("routing", ["PERCENT_ALLOCATION", "ROUND_ROBIN"])
    def test_of_an_active_profile_is_refused(self, portal: Emulated, routing: str) -> None:
        line = Line(portal, routingType=routing)
        share = {"allocation_percent": 100} if routing == "PERCENT_ALLOCATION" else {}
        line.up(line.item(line.denver, **share))
        portal.switch("Profile", line.number, on=True)
        before = portal.state()

        for items in ([], [line.item(line.vail, **share)]):
            with pytest.raises(Refused, match="is active, and calls to it would reach nobody"):
                line.up(*items)

        assert portal.state() == before

    def test_counts_shares(self, portal: Emulated) -> None:
        line = Line(portal)
        line.up(line.item(line.denver, allocation_percent=100))
        portal.switch("Profile", line.number, on=True)
        with pytest.raises(Refused, match="would reach nobody"):
            line.up(line.item(line.denver, allocation_percent=0), line.item(line.vail, allocation_percent=100))
        with pytest.raises(Refused, match="More of the calls to it would reach nobody"):
            line.up(line.item(line.denver, allocation_percent=60), line.item(line.vail, allocation_percent=40))

    @pytest.mark.parametrize(("routing", "share"), [("PERCENT_ALLOCATION", 100), ("ROUND_ROBIN", 0)])
    def test_by_a_set_that_takes_over(self, portal: Emulated, routing: str, share: int) -> None:
        line = Line(portal, routingType=routing)
        portal.assign(line.number, line.denver, share, rank=1)
        portal.switch("Profile", line.number, on=True)
        with pytest.raises(Refused, match="would reach nobody"):
            line.set.up(profile=line.profile, destinations=[line.item(line.vail, allocation_percent=100)], adopt=True)

    def test_of_an_inactive_profile_is_its_users_to_choose(self, portal: Emulated) -> None:
        line = Line(portal)
        line.up(line.item(line.denver, allocation_percent=100))
        line.up(line.item(line.vail, allocation_percent=100))
        line.up()
        assert line.answered() == []

    def test_ends_whatever_the_destination_is(self, portal: Emulated) -> None:
        line = Line(portal)
        line.up(line.item(line.vail, allocation_percent=100))
        portal.switch("Profile", line.number, on=True)
        line.up(line.item(line.vail, allocation_percent=100, rank=7))  # nobody answered before either
        line.up(line.item(line.denver, allocation_percent=100))
        assert line.answered() == [int(line.denver)]


def without_plus(one: Json) -> Json:
    return {**one, "outboundCallerId": one.get("outboundCallerId", "").removeprefix("+")}


def without_empty(one: Json) -> Json:
    return {name: value for name, value in one.items() if value not in (False, 0, "", None)}


@pytest.mark.parametrize(
    ("form", "fields"),
    [(without_plus, {"outbound_caller_id": "+13035550000"}), (without_empty, {"override": False, "rank": 0})],
)
def test_the_vendors_own_form_is_no_difference(
    portal: Emulated, monkeypatch: pytest.MonkeyPatch, form: Callable[[Json], Json], fields: Json
) -> None:
    line = Line(portal)
    api: Any = line.set.provider.api
    listed = api.list_assigned
    monkeypatch.setattr(api, "list_assigned", lambda *at: [form(one) for one in listed(*at)])

    item = line.item(line.denver, allocation_percent=100, **fields)
    line.up(item)
    assert line.set.refresh()["destinations"] == [{"rank": 1, **item}]
    assert line.up(item) is False
    line.up(line.item(line.denver, allocation_percent=100, target="+13035550199", **fields))


def test_destinations_that_are_gone_already_do_not_keep_the_others(
    portal: Emulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = Line(portal)
    line.up(line.item(line.denver, allocation_percent=50), line.item(line.vail, allocation_percent=50))
    api: Any = line.set.provider.api
    delete = api.delete_assigned

    def twice(*at: str) -> None:
        monkeypatch.setattr(api, "delete_assigned", delete)
        delete(*at)
        delete(*at)

    monkeypatch.setattr(api, "delete_assigned", twice)
    line.set.destroy()
    assert line.answered() == []

    line.up(line.item(line.denver, allocation_percent=50), line.item(line.vail, allocation_percent=50))
    monkeypatch.setattr(api, "delete_assigned", twice)
    line.up(line.item(line.denver, allocation_percent=100))
    assert line.answered() == [int(line.denver)]
