"""The account's pool records, read in as few calls as possible."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any, TypeVar, cast

from ..client.answers import part
from ..client.concurrency import AT_ONCE, each
from ..client.listings import Json
from ..client.pacing import pause
from ..client.together import Together
from ..errors import Forbidden, NotFound, SettingsError, UnexpectedAnswer
from ..settings import Setting
from .client_numbers import NumbersApi
from .shapes_numbers import PoolRecord

CHUNK = Setting("RINGCX_NUMBERS_PER_CALL", "The number of telephone numbers in one RingCX call", "250")

_PAGE = 1000
_MOST_PAGES = 5
_NUMBERS_IN_A_SEARCH = 500
_FEW = 2
_MOST_ASKED_FOR = 20
"""More numbers than these are not asked for one by one."""
_A_SEARCH_IS_LATE_BY = 2.0

OWNER_FIELDS = frozenset({"gate", "visualIvr", "cloudRouteProfile", "tracNumber"})
"""Where an assignment shows its owner; exactly one of them is filled."""

Item = TypeVar("Item")


def chunks(items: Sequence[Item]) -> Iterator[list[Item]]:
    """The items, as many at a time as one call takes."""
    size = int(CHUNK.number())
    if size < 1:
        raise SettingsError(f"{CHUNK.variable} is {size}; at least one number goes into a call")
    return batches(items, size)


def waves(items: Sequence[Item], concurrency: int = AT_ONCE) -> Iterator[list[list[Item]]]:
    """The items in chunks, as many of them at a time as are sent together."""
    return batches(list(chunks(items)), concurrency)


def batches(items: Sequence[Item], size: int) -> Iterator[list[Item]]:
    """The items, at most ``size`` at a time."""
    return (list(items[start : start + size]) for start in range(0, len(items), size))


def is_there(_: str, record: PoolRecord | None) -> bool:
    """What is meant of a number that must be in the pool; see :meth:`PoolDirectory.settled`."""
    return record is not None


def dnis_of(record: Mapping[str, Any]) -> str:
    """The number of a record as the vendor writes it on the wire, without a plus sign."""
    return str(record.get("dnis") or "").removeprefix("+")


class PoolDirectory:
    """Pool records, with the assignments that they show, by their digits; one for each client.

    Safe to use from many threads.
    """

    def __init__(self, api: NumbersApi) -> None:
        self._api = api
        self._lock = threading.Lock()
        self._account: Future[dict[str, PoolRecord] | None] | None = None
        self._asked: dict[str, PoolRecord | None] = {}
        self._together = {owners: Together(partial(self._read, owners=owners)) for owners in (True, False)}

    def known(self, numbers: Collection[str], *, owners: bool = True) -> dict[str, PoolRecord]:
        """Those of the numbers that are in the pool, from memory where this process has read them already.

        The whole account is read at once unless it is big. Good enough to show what is there; before a write use
        :meth:`fresh`. ``owners`` says whether it matters who answers them.
        """
        account = self._whole_account()
        if account is not None:
            there = {number: account[number] for number in numbers if number in account}
            others = [number for number in numbers if number not in account]
            if len(others) > _MOST_ASKED_FOR:  # of another account that the user sees
                there |= self.fresh(others, owners=False)
        else:
            with self._lock:
                new = [number for number in numbers if number not in self._asked]
            found = self.fresh(new, owners=False) if new else {}
            with self._lock:
                self._asked.update({number: found.get(number) for number in new})
                records = {number: self._asked.get(number) for number in numbers}
            there = {number: record for number, record in records.items() if record is not None}
        gone = [number for number in numbers if number not in there]
        if len(gone) <= _MOST_ASKED_FOR:  # a search alone is no proof
            there = self._asked_for(gone, there, owners=False)
        if not owners:
            return there
        whole = self.with_owners(there)
        with self._lock:
            (self._asked if account is None else account).update(whole)
        return whole

    def everything(self) -> dict[str, PoolRecord]:
        """Every record of the account with who answers it, however many there are; read once."""
        account = self._whole_account(None)
        if account is None:
            raise UnexpectedAnswer("ringcx: NM-02: the vendor does not show the numbers of the account.")
        whole = self.with_owners(account)
        with self._lock:
            account.update(whole)
        return account

    def account(self) -> dict[str, PoolRecord] | None:
        """Every record of the account by its digits, with who answers it, read once for the whole process.

        Nothing when there are too many, or when the vendor's list does not show who answers them.
        """
        account = self._whole_account()
        return account if account is not None and all(map(_tells_owner, account.values())) else None

    def account_if_read(self) -> dict[str, PoolRecord] | None:
        """The same, where this process has read it already."""
        with self._lock:
            read = self._account is not None and self._account.done()
        return self.account() if read else None

    def fresh(self, numbers: Collection[str], *, owners: bool = True) -> dict[str, PoolRecord]:
        """Those of the numbers that are in the pool of any account that the user sees, as they are right now.

        Resources of one number each are looked at side by side, and those that wait share one search. ``owners`` says
        whether it matters who answers them.
        """
        return (self._together[owners].ask if len(numbers) <= _FEW else partial(self._read, owners=owners))(numbers)

    def _read(self, numbers: Collection[str], *, owners: bool) -> dict[str, PoolRecord]:
        found: dict[str, PoolRecord] = {}
        for records in each(self._found, batches(sorted(set(numbers)), _NUMBERS_IN_A_SEARCH)):
            found |= records
        return self.with_owners(found) if owners else found

    def settled(
        self, numbers: Collection[str], as_meant: Callable[[str, PoolRecord | None], bool], *, owners: bool = True
    ) -> dict[str, PoolRecord]:
        """Like :meth:`fresh`, where a search alone is no proof, as a vendor's search may show what was a moment ago.

        Numbers whose record is not ``as_meant`` are asked for by themselves; when they are many, the search is asked
        once more first.
        """
        found = self.fresh(numbers, owners=owners)
        off = [number for number in numbers if not as_meant(number, found.get(number))]
        if len(off) > _MOST_ASKED_FOR:
            pause(_A_SEARCH_IS_LATE_BY, f"ringcx: looking once more at {len(off)} numbers")
            found = {number: one for number, one in found.items() if number not in off} | self.fresh(off, owners=owners)
            off = [number for number in off if not as_meant(number, found.get(number))]
        return self._asked_for(off, found, owners) if len(off) <= _MOST_ASKED_FOR else found

    def _asked_for(self, numbers: Sequence[str], found: dict[str, PoolRecord], owners: bool) -> dict[str, PoolRecord]:
        """What was found, with these numbers as they say themselves that they are (NMb-01, NM-10)."""
        told = dict(zip(numbers, each(self._alone, numbers), strict=True))
        sure = {number: one for number, one in told.items() if not isinstance(one, Forbidden)}
        there = {number: one for number, one in sure.items() if one is not None}
        if owners:
            there = self.with_owners({number: _without_owner(one) for number, one in there.items()})
        return {number: one for number, one in found.items() if number not in sure} | there

    def _alone(self, number: str) -> PoolRecord | Forbidden | None:
        try:
            return self._api.get_pool(number)
        except NotFound:
            return None
        except Forbidden as error:  # then the search has the last word
            return error

    def search(
        self, criteria: Json, *, sort: str | None = None, page: int | None = None, size: int | None = None
    ) -> dict[str, PoolRecord]:
        """What the vendor finds, right now, with who answers it; all of it, unless one page is asked for."""
        if page is None:
            return self.with_owners(self._search(criteria, size or _PAGE, sort=sort)[0])
        records, _ = self._api.search_pool(criteria, page, size or _PAGE, sort)
        return self.with_owners({dnis_of(one): one for one in records})

    def with_owners(self, records: dict[str, PoolRecord]) -> dict[str, PoolRecord]:
        """The records with their assignments; those that the vendor's search leaves out are asked for one by one.

        The contract does not say what a search shows of a record, so that a record without the field, or with an
        assignment that names no owner, is no proof that nobody answers the number.
        """
        untold = [number for number, record in records.items() if not _tells_owner(record)]
        free = self._unassigned(untold) if len(untold) > _FEW else set()
        asked = [number for number in untold if number not in free]
        owners = {**dict.fromkeys(free), **dict(zip(asked, each(self._api.get_assignment, asked), strict=True))}
        told: dict[str, PoolRecord] = {number: {**records[number], "assignedDnis": owners[number]} for number in untold}
        return {**records, **told}

    def forget(self) -> None:
        """Something was written: ask again."""
        with self._lock:
            self._account, self._asked = None, {}

    def _whole_account(self, most_pages: int | None = _MOST_PAGES) -> dict[str, PoolRecord] | None:
        """Every record of the account; nothing when it has too many. Read once, however many threads ask."""
        with self._lock:
            reading = self._account
            ours = reading is None
            if reading is None:
                reading = self._account = Future()
        if ours:
            try:
                records, whole = self._search({"accountId": self._api.account_id}, _PAGE, most_pages)
                reading.set_result(records if whole else None)
            except UnexpectedAnswer:
                reading.set_result(None)  # each number is asked for by itself
            except BaseException as error:
                with self._lock:
                    self._account = None
                reading.set_exception(error)
        return reading.result()

    def _found(self, some: list[str]) -> dict[str, PoolRecord]:
        """Those of a few numbers that are in the pool, without what the search leaves out about them."""
        try:
            records, _ = self._search({"dnis": some}, size=len(some))
        except UnexpectedAnswer:
            if len(some) > _MOST_ASKED_FOR:
                raise
            return self._asked_for(some, {}, owners=False)
        if set(records) - set(some):
            # The filter was not honoured, so that the answer says nothing about the numbers that it lacks.
            records = {dnis_of(one): one for number in some for one in self._api.search_dnis(number)}
        return {number: records[number] for number in some if number in records}

    def _unassigned(self, numbers: Collection[str]) -> set[str]:
        """Those that nobody answers, when the search can tell them from the others; it need not honour a filter."""
        free: set[str] = set()
        for some in batches(sorted(numbers), _NUMBERS_IN_A_SEARCH):
            without, with_owner = (
                set(self._search({"dnis": some, "assigned": assigned}, len(some))[0]) for assigned in (False, True)
            )
            free |= without - with_owner
        return free

    def _search(
        self, criteria: Json, size: int, most_pages: int | None = None, sort: str | None = None
    ) -> tuple[dict[str, PoolRecord], bool]:
        """What fits the criteria, and whether that is all of it; one page only when there are too many."""
        sorting = {} if sort is None else {"sort": sort}
        found: dict[str, PoolRecord] = {}
        # The vendor does not say whether pages count from 0 or 1. Where they count from 0, the first one comes last.
        for page in itertools.count(1):
            records, total = self._api.search_pool(criteria, page, size, **sorting)
            new = {dnis_of(one): one for one in records if dnis_of(one) not in found}
            found.update(new)
            if total is not None and len(found) >= total:
                return found, True
            if most_pages is not None and (len(found) if total is None else total) > most_pages * size:
                return found, False
            if not new:
                break
        records, total = self._api.search_pool(criteria, 0, size, **sorting)
        first = {dnis_of(one): one for one in records}
        return {**first, **found, **first}, True


def _tells_owner(record: PoolRecord) -> bool:
    """Whether a record says who answers its number, or that nobody does."""
    if "assignedDnis" not in record:
        return False
    assigned = record["assignedDnis"]
    return assigned is None or any(isinstance(part(assigned).get(place), dict) for place in OWNER_FIELDS)


def _without_owner(record: PoolRecord) -> PoolRecord:
    return cast(PoolRecord, {name: value for name, value in record.items() if name != "assignedDnis"})
