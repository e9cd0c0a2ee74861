"""Somebody works in the portal while `up` runs. What they do is kept, or reported; it is never lost without a word.

The providers are called as the engine calls them, so that each place between two requests can be tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from pulumi_voice_routing import ringcx
from pulumi_voice_routing.lifecycle import adoption
from pulumi_voice_routing.ringcx import client as ringcx_client
from tests.conftest import NewStack
from tests.emulated import ACCOUNT, Emulated
from tests.faults.proxy import Proxy, standing
from tests.numbers.account import Account, digits, e164
from tests.numbers.conftest import provider_settings
from tests.numbers.resources import Managed

__all__ = ["provider_settings"]

MOST_REQUESTS = 20
ASSIGNED = "/assignedDestinations"


@pytest.fixture
def proxy(emulator: Emulated) -> Iterator[Proxy]:
    with standing(emulator.url) as proxy:
        yield proxy


@dataclass
class Outcome:
    """One run with something done by hand in its midst."""

    calls: list[str]
    """The requests, those before and after."""
    place: int
    """How many came before."""
    said: str
    """The failure; empty when there was none."""


class Runs:
    """A resource that is changed again and again from the same start, with a hand at another place each time."""

    def __init__(self, portal: Emulated, proxy: Proxy, resource: Managed) -> None:
        self._portal, self._proxy, self._resource = portal, proxy, resource
        self._state, self._outs, self._id = portal.state(), resource.outs, resource.id

    def each_place(self, by_hand: Callable[[], object], **args: Any) -> Iterator[Outcome]:
        """The outcome for each place; the last one is the run that was over before."""
        for place in range(MOST_REQUESTS):
            self._portal.put_state(self._state)
            self._resource.outs, self._resource.id = self._outs, self._id
            start = len(self._proxy.calls)
            self._proxy.before(place, by_hand)
            said = self._change(args)
            calls = self._proxy.calls[start:]
            if len(calls) <= place:
                self._proxy.never_mind()
                assert said == ""
                return
            yield Outcome(calls, place, said)
        raise AssertionError("the run never ends")

    def again(self, **args: Any) -> None:
        """Refresh and bring it to the arguments: what it was stopped from comes to its end."""
        _new_process()
        self._resource.refresh()
        _new_process()
        self._resource.up(**args)

    def _change(self, args: dict[str, Any]) -> str:
        _new_process()
        try:
            self._resource.up(**args)
        except Exception as error:
            return str(error)
        return ""


def _new_process() -> None:
    for one in ringcx_client._clients.values():
        one.close()
    ringcx_client._clients.clear()
    adoption.ours.clear()


@pytest.fixture
def through_proxy(provider_settings: None, proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> Proxy:
    """This process talks to the vendor through the proxy."""
    monkeypatch.setenv("RINGCX_BASE_URL", proxy.url)
    return proxy


# Numbers


def test_a_number_that_somebody_moves_meanwhile_is_left_with_its_new_owner(
    emulator: Emulated, through_proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOICE_ROUTING_BREAK_GLASS", "reassign-active-dnis")
    account = Account(emulator)
    first, second = account.profile("First"), account.profile("Second")
    numbers = account.pool(digits(4))
    assignments = Managed("ringcx:DnisAssignments")
    assignments.up(numbers=e164(numbers), profile=first)
    runs = Runs(emulator, through_proxy, assignments)

    places = 0
    for outcome in runs.each_place(
        lambda: account.move([numbers[2]], "queue 1000"), numbers=e164(numbers), profile=second
    ):
        assert account.owners()[numbers[2]] == "queue 1000", outcome
        assert f"+{numbers[2]}" in outcome.said, outcome
        assert "queue 1000" in outcome.said, outcome
        assert None not in account.owners().values(), outcome
        places += 1
    assert places > 5

    monkeypatch.setenv("VOICE_ROUTING_BREAK_GLASS", "reassign-active-dnis,take-foreign-dnis")
    runs.again(numbers=e164(numbers), profile=second)
    assert set(account.owners().values()) == {f"profile {second.rpartition('/')[2]}"}


# The destinations of a profile


@pytest.fixture
def line(emulator: Emulated, through_proxy: Proxy) -> tuple[str, list[str]]:
    """An empty profile, and destinations."""
    return emulator.profile("Support"), [
        emulator.destination(name, active=True) for name in ("Denver", "Dublin", "New")
    ]


def _id(number: str) -> str:
    return f"{ACCOUNT}/1000/{number}"


def _set(destinations: list[str], *shares: int) -> list[dict[str, Any]]:
    pairs = zip(destinations, shares, strict=False)
    return [{"destination": _id(destination), "allocation_percent": share} for destination, share in pairs]


def _shares(portal: Emulated, profile: str) -> dict[str, int]:
    links = portal.assigned(profile)
    return {str(one["cloudDestination"]["cloudDestinationId"]): one["allocationPercent"] for one in links}


def test_a_destination_that_somebody_adds_meanwhile_stays(
    line: tuple[str, list[str]], emulator: Emulated, through_proxy: Proxy
) -> None:
    profile, destinations = line
    members = Managed("ringcx:ProfileDestinations")
    members.up(profile=_id(profile), destinations=_set(destinations, 70, 30))
    emulator.switch("Profile", profile, on=True)
    theirs = emulator.destination("Somebody's", active=True)
    runs = Runs(emulator, through_proxy, members)

    wanted = {"profile": _id(profile), "destinations": _set([destinations[0], destinations[2]], 60, 40)}
    places = 0
    for outcome in runs.each_place(lambda: emulator.assign(profile, theirs, 0, 9), **wanted):
        there = _shares(emulator, profile)
        assert theirs in there, outcome
        assert sum(there.values()) == 100, outcome
        assert "pulumi refresh" in outcome.said, outcome
        places += 1
    assert places > 5

    runs.again(**wanted)
    assert _shares(emulator, profile) == {destinations[0]: 60, destinations[2]: 40}


def test_shares_that_somebody_changes_are_not_undone_unseen(
    line: tuple[str, list[str]], emulator: Emulated, through_proxy: Proxy
) -> None:
    profile, destinations = line
    members = Managed("ringcx:ProfileDestinations")
    members.up(profile=_id(profile), destinations=_set(destinations, 70, 30))
    emulator.switch("Profile", profile, on=True)
    runs = Runs(emulator, through_proxy, members)

    def by_hand() -> None:
        path = f"/cloudRouteProfileGroups/1000/cloudRouteProfiles/{profile}{ASSIGNED}"
        bodies = [
            {"assignedDestinationId": one["assignedDestinationId"], "allocationPercent": share, "rank": one["rank"]}
            | {"cloudDestination": {"cloudDestinationId": one["cloudDestination"]["cloudDestinationId"]}}
            | {"destinationType": "STANDARD"}
            for one, share in zip(emulator.assigned(profile), (90, 10), strict=True)
        ]
        emulator.api("PUT", f"{path}/batch", bodies)

    wanted = {"profile": _id(profile), "destinations": _set(destinations, 60, 40)}
    said = {}
    for outcome in runs.each_place(by_hand, **wanted):
        look = next(place for place, call in enumerate(outcome.calls) if call.endswith(f"{profile}{ASSIGNED}"))
        write = next((place for place, call in enumerate(outcome.calls) if call.endswith("/batch")), MOST_REQUESTS)
        when = "before" if outcome.place <= look else "after" if outcome.place > write else "between"
        said[when] = outcome.said
        assert sum(_shares(emulator, profile).values()) == 100, outcome
        if when != "between":  # between a look and a write that follows it at once, no client sees a change
            assert _shares(emulator, profile)[destinations[0]] == 90, outcome
    assert "changed by somebody since the last look" in said["before"]
    assert "pulumi refresh" in said["after"]

    runs.again(**wanted)
    assert _shares(emulator, profile) == {destinations[0]: 60, destinations[1]: 40}


# On the engine


def test_portal_and_engine_at_the_same_time(emulator: Emulated, proxy: Proxy, new_stack: NewStack) -> None:
    stack = new_stack(RINGCX_BASE_URL=proxy.url, VOICE_ROUTING_BREAK_GLASS="reassign-active-dnis")
    account = Account(emulator)
    owners = [account.profile("First"), account.profile("Second")]
    numbers = account.pool(digits(4))
    profile, desk, site = (
        emulator.profile("Support"),
        emulator.destination("Denver", active=True),
        emulator.destination("Dublin", active=True),
    )

    def program(share: int, owner: str) -> Callable[[], None]:
        def declare() -> None:
            ringcx.DnisAssignments("numbers", numbers=e164(numbers), profile=owner)
            ringcx.ProfileDestinations(
                "split",
                profile=_id(profile),
                destinations=[
                    {"destination": _id(desk), "allocation_percent": share},
                    {"destination": _id(site), "allocation_percent": 100 - share},
                ],
            )

        return declare

    stack.up(program(70, owners[0]))
    proxy.before(0, lambda: account.move([numbers[1]], "queue 1000"))
    proxy.before(1, lambda: emulator.assign(profile, emulator.destination("Theirs"), 0, 9))

    said = " ".join(stack.fails(program(60, owners[1])).lines)
    assert f"+{numbers[1]}" in said or "'Theirs'" in said
    assert account.owners()[numbers[1]] == "queue 1000"
    assert 0 in _shares(emulator, profile).values()

    account.move([numbers[1]], f"profile {owners[0].rpartition('/')[2]}")
    stack.refresh()
    stack.up(program(60, owners[1]))
    assert set(account.owners().values()) == {f"profile {owners[1].rpartition('/')[2]}"}
    assert _shares(emulator, profile) == {desk: 60, site: 40}
