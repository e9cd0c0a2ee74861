"""Lists that were read once and serve everyone in the process."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

Json = dict[str, Any]
Item = TypeVar("Item")


class Items(list[Item]):
    """A collection as it is shared, with what readers work out about it once for as long as it stays the same."""

    known: dict[Any, Any]


class _Listing(Future[list[Any]]):
    """A collection that is fetched or there."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[Any, Any] = {}


class Listings:
    """The vendor's collections by path, each fetched once however many threads ask for it at the same time.

    What this process itself writes is entered as the vendor answered it, so that creating two hundred objects does not
    mean reading the list two hundred times. Whatever is not certain drops the list. The objects belong to everyone:
    callers read them and do not change them.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_path: dict[str, _Listing] = {}

    def get(self, path: str, fetch: Callable[[], list[Item]]) -> list[Item]:
        """The collection at the path, from memory or fetched now. All who wait for one fetch share its failure too."""
        with self._lock:
            listing = self._by_path.get(path)
            ours = listing is None
            if listing is None:
                listing = self._by_path[path] = _Listing()
        if ours:
            try:
                listing.set_result(fetch())
            except BaseException as error:
                with self._lock:
                    if self._by_path.get(path) is listing:
                        del self._by_path[path]
                listing.set_exception(error)
        items = Items(listing.result())
        items.known = listing.known
        return items

    def fresh(self, path: str, fetch: Callable[[], list[Item]]) -> list[Item]:
        """The collection as it is now: fetched, or waited for where somebody fetches it at this moment.

        A fetch that was under way when this process wrote to the collection is not waited for.
        """
        with self._lock:
            listing = self._by_path.get(path)
            if listing is not None and listing.done():
                del self._by_path[path]
        return self.get(path, fetch)

    def put(self, path: str, id_field: str, item: Json) -> None:
        """Enter an object as the vendor has just answered it."""
        with self._lock:
            listing = self._by_path.pop(path, None)
            # A list that is being fetched may hold the object or not: then it serves only those who wait for it now.
            if listing is not None and listing.done():
                others = [one for one in listing.result() if str(one.get(id_field)) != str(item.get(id_field))]
                self._by_path[path] = _done([*others, item])

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._by_path.clear()

    def drop(self, path: str, *, below: bool = True) -> None:
        """Forget the collection, and everything below it where that may be another now too."""
        with self._lock:
            for known in list(self._by_path):
                if known == path or (below and known.startswith(path + "/")):
                    del self._by_path[known]


def _done(items: list[Any]) -> _Listing:
    listing = _Listing()
    listing.set_result(items)
    return listing
