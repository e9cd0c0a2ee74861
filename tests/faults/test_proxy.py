"""The proxy does what it says, and the watch sees what it must: else no storm would prove anything."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest

from tests.emulated import ADMIN, TOKEN, Emulated, Json, operations
from tests.faults.proxy import FAULTS, Proxy, standing
from tests.faults.watch import Watch

GROUPS = f"{ADMIN}/cloudRouteDestinationGroups"
RINGEX = "/restapi/v1.0/account/~/extension/~/answering-rule"


class Client:
    """Asks through the proxy."""

    def __init__(self, proxy: Proxy, group: str) -> None:
        self._http = httpx.Client(base_url=proxy.url, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=30)
        self._group = group

    def close(self) -> None:
        self._http.close()

    def give_up_soon(self) -> None:
        """From now on, for where nothing comes: what comes late on a busy machine would count as nothing."""
        self._http.timeout = 0.5

    def rename(self) -> httpx.Response:
        """A write that the vendor takes twice."""
        return self._http.put(f"{GROUPS}/{self._group}", json={"groupName": "Renamed"})

    def get(self, path: str = GROUPS) -> httpx.Response:
        return self._http.get(path)


@pytest.fixture
def wrote() -> threading.Event:
    """Set when the vendor has seen a write."""
    return threading.Event()


@pytest.fixture
def proxy(emulator: Emulated, wrote: threading.Event) -> Iterator[Proxy]:
    with standing(emulator.url, lambda call: wrote.set()) as proxy:
        yield proxy


@pytest.fixture
def client(proxy: Proxy, emulator: Emulated) -> Iterator[Client]:
    client = Client(proxy, emulator.group("As it was"))
    emulator.forget_journal()
    yield client
    client.close()


NO_ANSWER: dict[str, int] = {"reset": 0, "reset_after": 1, "timeout": 0, "timeout_after": 1, "late": 1, "truncated": 1}
"""How often the vendor acts."""
STATUS: dict[str, tuple[int, set[int]]] = {
    "cut": (1, {200}),
    "html": (0, {502}),
    "html_welcome": (0, {200}),
    "html_welcome_after": (1, {200}),
    "unauthorized": (0, {401}),
    "token_death": (0, {401}),
    "too_many": (0, {429}),
    "too_many_seconds": (0, {429}),
    "too_many_until": (0, {429}),
    "failure": (0, {500, 502, 503, 504}),
    "failure_after": (1, {500, 502, 503, 504}),
    "twice": (2, {200}),
    "slow": (1, {200}),
}


@pytest.mark.parametrize("fault", NO_ANSWER)
def test_no_answer_comes(fault: str, proxy: Proxy, client: Client, emulator: Emulated, wrote: threading.Event) -> None:
    proxy.storm("seed", 1, faults=[fault])
    client.give_up_soon()
    with pytest.raises(httpx.TransportError):
        client.rename()
    if NO_ANSWER[fault]:
        assert wrote.wait(30)
    assert operations(emulator.journal()) == ["CRb-04"] * NO_ANSWER[fault]


@pytest.mark.parametrize("fault", STATUS)
def test_an_answer_comes(fault: str, proxy: Proxy, client: Client, emulator: Emulated) -> None:
    acts, statuses = STATUS[fault]
    proxy.storm("seed", 1, faults=[fault])
    answer = client.rename()
    assert answer.status_code in statuses
    assert operations(emulator.journal()) == ["CRb-04"] * acts
    assert [str(one) for one in proxy.log] == [f"0: PUT {GROUPS}/1001 (no. 1): {fault}"]


def test_every_fault_is_tried() -> None:
    assert {*NO_ANSWER, *STATUS, "penalty"} == set(FAULTS)


def test_a_cut_answer_is_no_json(proxy: Proxy, client: Client) -> None:
    proxy.storm("seed", 1, faults=["cut"])
    with pytest.raises(ValueError, match=r"Expecting|Unterminated|Invalid|delimiter"):
        client.rename().json()


def test_a_penalty_starts_anew_with_each_call(proxy: Proxy, client: Client, emulator: Emulated) -> None:
    proxy.storm("seed", 1, faults=["penalty"])
    first = client.get(RINGEX)
    assert (first.status_code, first.headers["Retry-After"], first.headers["X-Rate-Limit-Group"]) == (429, "1", "light")
    proxy.calm()
    assert client.get(RINGEX).status_code == 200  # calm weather takes it back
    proxy.penalty()
    assert client.get(RINGEX).status_code == 429
    assert client.get().status_code == 200  # another vendor's


def test_dead_tokens_stay_dead_until_it_is_calm(proxy: Proxy, client: Client) -> None:
    proxy.kill(TOKEN)
    assert [client.get().status_code for _ in range(2)] == [401, 401]
    proxy.calm()
    assert client.get().status_code == 200


def test_dates_are_those_of_the_vendors_clock(proxy: Proxy, client: Client) -> None:
    proxy.storm("seed", 1, faults=["too_many_until"], skew_seconds=86400)
    answer = client.get()
    asked, now = (parsedate_to_datetime(answer.headers[name]) for name in ("Retry-After", "Date"))
    assert 0 <= (asked - now).total_seconds() <= 2
    proxy.calm()
    assert (now - parsedate_to_datetime(client.get().headers["Date"])).total_seconds() > 80000


def test_a_seed_does_the_same_again(proxy: Proxy, client: Client) -> None:
    def storm(seed: str) -> list[tuple[str, int, str]]:
        start = len(proxy.log)
        proxy.storm(seed, 0.3, faults=["failure", "too_many", "unauthorized", "html"])
        for path in (GROUPS, f"{GROUPS}/1001", RINGEX) * 10:
            client.get(path)
        return [(one.call, one.nth, one.fault) for one in proxy.log[start:]]

    first = storm("1")
    assert 2 <= len(first) <= 20
    assert storm("1") == first
    assert storm("2") != first


def test_something_is_done_at_a_request_to_come(proxy: Proxy, client: Client, emulator: Emulated) -> None:
    client.get()
    proxy.before(1, lambda: emulator.api("PUT", "/cloudRouteDestinationGroups/1001", {"groupName": "By hand"}))
    seen = [{one["groupName"] for one in client.get().json()} for _ in range(2)]
    assert seen == [{"Default", "As it was"}, {"Default", "By hand"}]


# The watch


def changed(portal: Emulated, kind: str, **changes: Any) -> dict[str, list[Json]]:
    """The account with something else in the newest object of a kind, which a call would hardly do."""
    objects: dict[str, list[Json]] = portal.state()["objects"]
    objects[kind][-1].update(changes)
    return objects


def test_the_watch_sees_whatever_goes_wrong(emulator: Emulated) -> None:
    desk = emulator.destination("Desk", active=True)
    profile = emulator.profile("Support")
    emulator.assign(profile, desk, 100, 1)
    emulator.switch("Profile", profile, on=True)
    manager = "/voice/api/v1/admin/utilities/tnManager"
    emulator.manage("POST", f"{manager}/dnisPool", [{"dnis": "13035550100", "reservedAccountId": "123456"}])
    body = [{"dnis": "13035550100", "isActive": True}]
    emulator.manage("PUT", f"{manager}/assignedDnis/cloudRouteProfiles/{profile}", body)
    start = emulator.state()["objects"]
    ours = [("CloudRouteDestination", desk), ("CloudRouteProfile", profile), ("AssignedDnis", "13035550100")]
    ours += [("CloudRouteAssignedDestination", "1001"), ("DnisPool", "13035550100")]

    def seen(objects: dict[str, list[Json]], state: dict[str, Json] | None = None) -> str:
        watch = Watch(start, ours)
        watch.look("a call", objects)
        if state is not None:
            watch.compare(state, objects)
        return "; ".join(watch.problems)

    known = {
        "desk": {"type": "pulumi-python:dynamic/ringcx:Destination", "id": f"123456/1000/{desk}"},
        "support": {"type": "pulumi-python:dynamic/ringcx:Profile", "id": f"123456/1000/{profile}"},
    }
    assert seen(start, known) == ""
    assert "the state knows {}, the vendor has" in seen(start, {"desk": known["desk"]})
    assert "foreign CloudRouteGroup 999 was" in seen(changed(emulator, "CloudRouteGroup", groupName="Ours now"))
    assert "nobody answers 13035550100" in seen(changed(emulator, "AssignedDnis", isActive=False))
    assert "nobody answers 13035550100" in seen({**start, "AssignedDnis": []})
    assert "to inactive destination" in seen(changed(emulator, "CloudRouteDestination", isActive=False))
    assert "the shares of active profile" in seen(
        changed(emulator, "CloudRouteAssignedDestination", allocationPercent=99)
    )
    emulator.destination("Desk")
    assert "2 times CloudRouteDestination 1000 Desk" in seen(emulator.state()["objects"])
