"""Lists that were read once and serve everyone in the process."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import count
from typing import Any, Generic, TypeVar, cast

Json = dict[str, Any]
Item = TypeVar("Item")
Worked = TypeVar("Worked")

_shared: ContextVar[bool] = ContextVar("shared", default=False)


@contextmanager
def shared() -> Iterator[None]:
    """What is listed in here are the :class:`Items` that all share: whoever looks one up need not copy thousands."""
    before = _shared.set(True)
    try:
        yield
    finally:
        _shared.reset(before)


class Finder(Generic[Item]):
    """Objects by something about them."""

    def __init__(self, form: Callable[[Any], Item], key: Callable[[Item], Hashable]) -> None:
        """``form`` is what a reader makes of an object, and ``key`` what it is looked up by."""
        self._form, self._key = form, key
        self._by_key: defaultdict[Hashable, list[Item]] = defaultdict(list)
        self._entered: dict[int, tuple[Hashable, Item]] = {}

    def enter(self, place: int, item: Any) -> None:
        """Find an object from now on."""
        formed = self._form(item)
        key = self._key(formed)
        self._entered[place] = key, formed
        self._by_key[key].append(formed)

    def leave(self, place: int) -> None:
        """Find it no more."""
        key, formed = self._entered.pop(place)
        self._by_key[key] = [one for one in self._by_key[key] if one is not formed]

    def __getitem__(self, key: Hashable) -> list[Item]:
        return self._by_key.get(key, [])


class Items(Iterable[Item]):
    """A collection as it is shared. It is kept in step with what this process writes, and so is what finds in it."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._lock = threading.RLock()
        self._items: dict[int, Item] = dict(enumerate(items))
        self._next = count(len(self._items))
        self._places: dict[str, dict[str, int]] = {}
        """Where each object is, by the field of its id, and its id."""
        self._finders: dict[Hashable, Finder[Any]] = {}
        self._known: dict[Hashable, Any] = {}
        """What readers work out about it for as long as it stays the same."""

    def __iter__(self) -> Iterator[Item]:
        return iter(self.all())

    def all(self) -> list[Item]:
        """A list of its own."""
        with self._lock:
            return list(self._items.values())

    def finder(self, name: Hashable, form: Callable[[Any], Any], key: Callable[[Any], Hashable]) -> Finder[Any]:
        """What finds in it, worked out once."""
        with self._lock:
            if name not in self._finders:
                self._finders[name] = _finder(self._items, form, key)
            return self._finders[name]

    def known(self, name: Hashable, work_out: Callable[[], Worked]) -> Worked:
        """What is worked out about it once for as long as it stays the same."""
        known = self._known  # what is written meanwhile begins another one
        if name not in known:
            known[name] = work_out()
        return cast(Worked, known[name])

    def put(self, id_field: str, item: Any) -> None:
        """Enter an object, in the place of what has its id."""
        with self._lock:
            self._known = {}
            places = self._by_id(id_field)
            place = places.get(str(item.get(id_field)))
            if place is None:
                place = places[str(item.get(id_field))] = next(self._next)
            else:
                for finder in self._finders.values():
                    finder.leave(place)
            self._items[place] = item
            for finder in self._finders.values():
                finder.enter(place, item)

    def change(self, id_field: str, id_: str, changes: Json) -> None:
        """Enter the object with this id with something changed, if it is there."""
        with self._lock:
            place = self._by_id(id_field).get(id_)
            if place is not None:
                self.put(id_field, {**cast(Json, self._items[place]), **changes})

    def take_out(self, id_field: str, id_: str) -> None:
        """Let the object with this id go, if it is there."""
        with self._lock:
            place = self._by_id(id_field).pop(id_, None)
            if place is not None:
                self._known = {}
                del self._items[place]
                for finder in self._finders.values():
                    finder.leave(place)

    def _by_id(self, id_field: str) -> dict[str, int]:
        if id_field not in self._places:
            self._places[id_field] = {str(cast(Json, it).get(id_field)): at for at, it in self._items.items()}
        return self._places[id_field]


def finder_in(
    items: Iterable[Any], name: Hashable, form: Callable[[Any], Any], key: Callable[[Any], Hashable]
) -> Finder[Any]:
    """What finds in a collection: kept where that is shared, and for now where it is not."""
    return items.finder(name, form, key) if isinstance(items, Items) else _finder(dict(enumerate(items)), form, key)


def _finder(items: dict[int, Any], form: Callable[[Any], Any], key: Callable[[Any], Hashable]) -> Finder[Any]:
    finder = Finder(form, key)
    for place, item in items.items():
        finder.enter(place, item)
    return finder


class _Listing(Future[Items[Any]]):
    """A collection that is fetched or there."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[Callable[[Items[Any]], None]] = []
        """What was entered while it was fetched, whether the answer has it or not."""


class Listings:
    """The vendor's collections by path, each fetched once however many threads ask for it at the same time.

    What this process itself writes is entered as the vendor answered it, so that creating two hundred objects does not
    mean reading the list two hundred times. Whatever is not certain drops the list. The objects belong to everyone:
    callers read them and do not change them.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_path: dict[str, _Listing] = {}
        self._under_way: defaultdict[str, list[_Listing]] = defaultdict(list)
        """Fetches that are not over, and that nothing has made useless for those who come later."""
        self._below: defaultdict[str, set[str]] = defaultdict(set)
        """The paths of collections by those above them."""

    def get(self, path: str, fetch: Callable[[], list[Item]]) -> list[Item]:
        """The collection at the path, from memory or fetched now. All who wait for one fetch share its failure too."""
        with self._lock:
            listing = self._by_path.get(path)
            ours = listing is None
            if listing is None:
                listing = _Listing()
                self._serve(path, listing)
                self._under_way[path].append(listing)
        if ours:
            try:
                self._came(path, listing, Items(fetch()))
            except BaseException as error:
                with self._lock:
                    if self._by_path.get(path) is listing:
                        self._forget(path)
                    if listing in self._under_way[path]:
                        self._under_way[path].remove(listing)
                listing.set_exception(error)
        items = listing.result()
        return cast("list[Item]", items) if _shared.get() else items.all()

    def fresh(self, path: str, fetch: Callable[[], list[Item]]) -> list[Item]:
        """The collection as it is now: fetched, or waited for where somebody fetches it at this moment.

        A fetch that was under way when this process wrote to the collection is not waited for.
        """
        with self._lock:
            listing = self._by_path.get(path)
            if listing is not None and listing.done():
                self._forget(path)
        return self.get(path, fetch)

    def put(self, path: str, id_field: str, item: Json) -> None:
        """Enter an object as the vendor has just answered it."""
        self._write(path, lambda items: items.put(id_field, item))

    def change(self, path: str, id_field: str, id_: str, changes: Json) -> None:
        """Enter what a write is certain to have changed about an object. What is below that is read anew."""
        self.drop(f"{path}/{id_}")
        self._write(path, lambda items: items.change(id_field, id_, changes))

    def take_out(self, path: str, id_field: str, id_: str) -> None:
        """Let an object go that was deleted. What is below the collection is read anew."""
        self.drop(path, itself=False)
        self._write(path, lambda items: items.take_out(id_field, id_))

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            for known in (self._by_path, self._under_way, self._below):
                known.clear()

    def drop(self, path: str, *, itself: bool = True, below: bool = True) -> None:
        """Forget the collection, and everything below it where that may be another now too."""
        with self._lock:
            known = list(self._below.get(path, ())) if below else []
            for one in [*known, path] if itself else known:
                self._under_way.pop(one, None)
                self._forget(one)

    def _write(self, path: str, change: Callable[[Items[Any]], None]) -> None:
        with self._lock:
            listing = self._by_path.get(path)
            if listing is not None and listing.done():
                change(listing.result())
            elif listing is not None:  # it may have missed the write: it serves only those who wait for it now
                self._by_path.pop(path)
            for one in self._under_way.get(path, ()):
                one.written.append(change)

    def _came(self, path: str, listing: _Listing, items: Items[Any]) -> None:
        with self._lock:
            if listing in self._under_way[path]:
                self._under_way[path].remove(listing)
                now = self._by_path.get(path)
                if listing.written and (now is None or not now.done()):
                    # With what was written meanwhile: else each of many writes would have somebody fetch it again.
                    self._serve(path, whole := _Listing())
                    whole.set_result(Items(items))
                    for change in listing.written:
                        change(whole.result())
            listing.set_result(items)

    def _serve(self, path: str, listing: _Listing) -> None:
        self._by_path[path] = listing
        for above in _above(path):
            self._below[above].add(path)

    def _forget(self, path: str) -> None:
        self._by_path.pop(path, None)
        for above in _above(path):
            if above in self._below:
                self._below[above].discard(path)


def _above(path: str) -> Iterator[str]:
    """The paths above this one."""
    at = path.rfind("/")
    while at >= 0:
        yield path[:at]
        at = path.rfind("/", 0, at)
