"""Lists that are read once and kept in step with what this process writes."""

from __future__ import annotations

import threading

import httpx
import pytest

from pulumi_voice_routing.client.listings import Json, Listings, finder_in, shared
from pulumi_voice_routing.errors import OutcomeUnknown, ServerError, UnexpectedAnswer

from .conftest import ACCOUNT, ACCOUNTS, Client, Clock, Vendor, ok, status, together

GROUPS = f"{ACCOUNT}/cloudRouteDestinationGroups"
PROFILE_GROUPS = f"{ACCOUNT}/cloudRouteProfileGroups"
DESTINATIONS = f"{GROUPS}/7/cloudRouteDestinations"


def listed(*numbers: int) -> list[Json]:
    return [{"id": number} for number in numbers]


class Shop:
    """A vendor with lists: counts how often each is read."""

    def __init__(self) -> None:
        self.reads: dict[str, int] = {}
        self.vendor = Vendor(self.answer)
        self.on_write = lambda request: ok({"cloudDestinationId": 3, "destinationName": "new"})

    def answer(self, request: httpx.Request) -> httpx.Response:
        if request.method != "GET":
            return self.on_write(request)
        path = request.url.path
        if path == ACCOUNTS:
            return ok([{"accountId": "123456"}])
        self.reads[path] = self.reads.get(path, 0) + 1
        if request.url.path.endswith("/withChildren"):
            return ok([{"cloudGroupId": 1}])
        if request.url.path.endswith("/assignedDestinations"):
            return ok([{"assignedDestinationId": 1}])
        return ok([{"cloudDestinationId": 1, "destinationName": "one"}])


def test_many_threads_share_one_fetch() -> None:
    listings = Listings()
    fetches: list[int] = []
    everyone_asked = threading.Event()

    def fetch() -> list[Json]:
        fetches.append(1)
        everyone_asked.wait(timeout=0.2)  # time for others to come while it is under way
        return listed(1, 2)

    assert together(lambda: listings.get("/a", fetch)) == [listed(1, 2)] * 16
    assert len(fetches) == 1


def test_many_threads_share_one_failure_and_the_next_one_asks_again() -> None:
    listings = Listings()
    begun, waiting = threading.Event(), threading.Event()
    fetches: list[int] = []

    def fail() -> list[Json]:
        fetches.append(1)
        begun.set()
        waiting.wait()
        raise UnexpectedAnswer("no list")

    errors: list[Exception] = []

    def ask() -> None:
        try:
            listings.get("/a", fail)
        except UnexpectedAnswer as error:
            errors.append(error)

    first = threading.Thread(target=ask)
    first.start()
    begun.wait()
    second = threading.Thread(target=ask)
    second.start()
    waiting.set()
    first.join()
    second.join()
    assert [str(error) for error in errors] == ["no list"] * 2
    assert listings.get("/a", lambda: listed(1)) == listed(1)


def test_a_list_is_the_callers_own() -> None:
    listings = Listings()
    listings.get("/a", lambda: listed(1)).clear()
    assert listings.get("/a", lambda: listed(9)) == listed(1)


def test_what_is_written_is_entered() -> None:
    listings = Listings()
    listings.get("/a", lambda: [{"id": 1, "name": "old"}])
    listings.put("/a", "id", {"id": "1", "name": "new"})
    listings.put("/a", "id", {"id": 2})
    assert listings.get("/a", list) == [{"id": "1", "name": "new"}, {"id": 2}]


def test_what_is_written_before_the_list_was_read_is_read() -> None:
    listings = Listings()
    listings.put("/a", "id", {"id": 2})
    assert listings.get("/a", lambda: listed(1, 2)) == listed(1, 2)


def test_dropping_forgets_the_path_and_what_is_below_it() -> None:
    listings = Listings()
    for path in ("/a", "/a/b", "/ab", "/"):
        listings.get(path, lambda: listed(1))
    listings.drop("/a")
    assert [listings.get(path, lambda: listed(2))[0]["id"] for path in ("/a", "/a/b", "/ab", "/")] == [2, 2, 1, 1]


@pytest.mark.parametrize("write", ["put", "drop"])
def test_a_write_during_a_fetch_leaves_no_stale_list(write: str) -> None:
    listings = Listings()

    def fetch_while_someone_writes() -> list[Json]:
        if write == "put":
            listings.put("/a", "id", {"id": 2})
        else:
            listings.drop("/a")
        # Whoever asks after the write does not wait for this fetch, which may have missed it.
        assert listings.get("/a", lambda: listed(1, 2)) == listed(1, 2)
        return listed(1)

    assert listings.get("/a", fetch_while_someone_writes) == listed(1)
    assert listings.get("/a", list) == listed(1, 2)


def test_what_is_written_during_a_fetch_stands_in_what_serves_those_who_come_later() -> None:
    listings = Listings()

    def fetch_while_someone_writes() -> list[Json]:
        listings.put("/a", "id", {"id": 2, "name": "new"})
        listings.put("/a", "id", {"id": 3})
        listings.change("/a", "id", "1", {"name": "changed"})
        listings.take_out("/a", "id", "3")
        return listed(1)

    listings.get("/a", fetch_while_someone_writes)
    assert listings.get("/a", list) == [{"id": 1, "name": "changed"}, {"id": 2, "name": "new"}]


def test_what_finds_in_a_list_is_worked_out_once_and_kept_in_step() -> None:
    listings, formed = Listings(), []
    listings.get("/a", lambda: [{"id": number, "name": "old"} for number in range(100)])

    def form(one: Json) -> Json:
        formed.append(one["id"])
        return one

    def named(name: str) -> list[int]:
        with shared():
            items = listings.get("/a", list)
        return [one["id"] for one in finder_in(items, "name", form, lambda one: one["name"])[name]]

    assert len(named("old")) == 100
    listings.put("/a", "id", {"id": 7, "name": "new"})
    listings.put("/a", "id", {"id": 100, "name": "new"})
    listings.change("/a", "id", "8", {"name": "new"})
    listings.take_out("/a", "id", "9")
    listings.take_out("/a", "id", "none")
    assert named("new") == [7, 100, 8]
    assert len(named("old")) == 97
    assert formed[100:] == [7, 100, 8]
    assert [one["id"] for one in listings.get("/a", list)] == [number for number in range(101) if number != 9]


def test_two_hundred_creates_read_the_list_once(client: Client) -> None:
    shop = Shop()
    ringcx = client(shop.vendor)
    for number in range(100, 300):
        known = len(ringcx.list_destinations("7"))
        shop.on_write = lambda request, number=number: ok({"cloudDestinationId": number})
        ringcx.create_destination("7", {})
        assert len(ringcx.list_destinations("7")) == known + 1
    assert shop.reads == {DESTINATIONS: 1}


def test_an_update_is_seen_without_reading_again(client: Client) -> None:
    shop = Shop()
    shop.on_write = lambda request: ok({"cloudDestinationId": 1, "destinationName": "renamed"})
    ringcx = client(shop.vendor)
    ringcx.list_destinations("7")
    ringcx.update_destination("7", "1", {"destinationName": "renamed"})
    assert ringcx.list_destinations("7") == [{"cloudDestinationId": 1, "destinationName": "renamed"}]
    assert shop.reads == {DESTINATIONS: 1}


@pytest.mark.parametrize("answer", [None, True, {}, {"cloudDestinationId": None}, {"cloudDestinationId": {}}, [1]])
def test_a_write_that_does_not_show_the_object_drops_the_list(client: Client, answer: object) -> None:
    shop = Shop()
    shop.on_write = lambda request: httpx.Response(200, json=answer)
    ringcx = client(shop.vendor)
    ringcx.list_destinations("7")
    assert ringcx.create_destination("7", {}) is None
    ringcx.list_destinations("7")
    assert ringcx.update_destination("7", "1", {"destinationName": "sent"}) == {"destinationName": "sent"}
    ringcx.list_destinations("7")
    assert shop.reads == {DESTINATIONS: 3}


@pytest.mark.parametrize(
    ("failure", "raised"), [(status(500), OutcomeUnknown), (httpx.ReadError("reset"), OutcomeUnknown)]
)
def test_a_write_that_fails_drops_the_list(
    client: Client, clock: Clock, failure: httpx.Response | Exception, raised: type[Exception]
) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        if isinstance(failure, Exception):
            raise failure
        return failure

    shop = Shop()
    shop.on_write = fail
    ringcx = client(shop.vendor)
    ringcx.list_destinations("7")
    with pytest.raises(raised):
        ringcx.create_destination("7", {})
    ringcx.list_destinations("7")
    assert shop.reads == {DESTINATIONS: 2}


def test_an_error_is_not_kept_as_a_list(client: Client) -> None:
    ringcx = client(Vendor(status(500), ok([{"cloudDestinationId": 1}])))
    with pytest.raises(ServerError):
        ringcx.list_destinations("7")
    assert ringcx.list_destinations("7") == [{"cloudDestinationId": 1}]


def test_lists_with_children_are_read_again_after_any_write(client: Client) -> None:
    shop = Shop()
    ringcx = client(shop.vendor)
    for _ in range(2):
        ringcx.list_groups_with_destinations()
        ringcx.list_groups_with_profiles()
    ringcx.create_destination("7", {})
    ringcx.list_groups_with_destinations()
    ringcx.list_groups_with_profiles()
    assert shop.reads == {f"{GROUPS}/withChildren": 2, f"{PROFILE_GROUPS}/withChildren": 2}


def test_a_copied_destination_is_looked_for_in_the_profiles_of_its_source(client: Client) -> None:
    shop = Shop()
    ringcx = client(shop.vendor)
    ringcx.list_assigned("8", "9")
    ringcx.clone_destination("7", "1", "copy")
    ringcx.list_assigned("8", "9")
    assert shop.reads == {f"{PROFILE_GROUPS}/8/cloudRouteProfiles/9/assignedDestinations": 2}


def test_deleting_a_group_forgets_what_was_in_it(client: Client) -> None:
    shop = Shop()
    shop.on_write = lambda request: ok(True)
    ringcx = client(shop.vendor)
    ringcx.list_destinations("7")
    ringcx.delete_group("7")
    ringcx.list_destinations("7")
    assert shop.reads == {DESTINATIONS: 2}
