"""Lists that were read once and serve everyone in the process."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]


class Listings:
    """The vendor's collections by path, each fetched once however many threads ask for it at the same time.

    What this process itself writes is entered as the vendor answered it, so that creating two hundred objects does not
    mean reading the list two hundred times. Whatever is not certain drops the list.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_path: dict[str, _Listing] = {}

    def get(self, path: str, fetch: Callable[[], list[Json]]) -> list[Json]:
        """The collection at the path, from memory or fetched now."""
        listing = self._of(path)
        with listing.flight:
            with self._lock:
                if listing.items is not None:
                    return list(listing.items)
                version = listing.version
            items = fetch()
            with self._lock:
                # A write that ended during the fetch may be in the answer or not: then it serves this caller only.
                if listing.version == version:
                    listing.items = list(items)
            return items

    def put(self, path: str, id_field: str, item: Json) -> None:
        """Enter an object as the vendor has just answered it."""
        with self._lock:
            listing = self._written(path)
            if listing.items is not None:
                kept = [one for one in listing.items if one.get(id_field) != item.get(id_field)]
                listing.items = [*kept, item]

    def drop(self, path: str) -> None:
        """Forget the collection and everything below it."""
        with self._lock:
            for known in list(self._by_path):
                if known == path or known.startswith(path + "/"):
                    self._written(known).items = None

    def _of(self, path: str) -> _Listing:
        with self._lock:
            return self._by_path.setdefault(path, _Listing())

    def _written(self, path: str) -> _Listing:
        listing = self._by_path.setdefault(path, _Listing())
        listing.version += 1
        return listing


class _Listing:
    def __init__(self) -> None:
        self.flight = threading.Lock()
        self.version = 0
        self.items: list[Json] | None = None
