"""Making, changing and ending records of the DNIS pool, many in one call.

What is there is looked up first: records that exist are taken in and only what is declared otherwise is changed, the
others are made. The vendor takes an array as a whole or not at all, so that one bad number would keep hundreds out: it
is found by halving the array, named, and left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from ... import say
from ...client.answers import is_off, is_on, part, words
from ...client.concurrency import AT_ONCE, each
from ...client.listings import Json
from ...errors import ApiError, BadRequest, Conflict, Forbidden, Incomplete, NotFound, Refused, some_of
from ...lifecycle.lost_answers import create_all_once
from ...lifecycle.model import spelled_alike
from ...lifecycle.plugin import ignored as ignored_fields
from ...lifecycle.portal_edits import Edit, refuse_unseen
from ...permission.approvals import Change
from ...permission.needed import INACTIVE, needed_permission
from ...permission.require import require_permission
from ..client import RingCX
from ..pool_directory import chunks, is_there, waves
from ..shapes_numbers import PoolRecord
from .moves import require_as_before, whole_record
from .owner import Live, lives, owners
from .pool_fields import (
    ACCOUNT,
    QUOTE,
    Row,
    account_of,
    body,
    differing,
    is_in_account,
    record_fields,
    seen_in,
)
from .pool_file import file_of

OnDelete: TypeAlias = Literal["keep", "deactivate", "delete"]
"""What happens to a record: it stays as it is, it stays and becomes inactive, or it is deleted."""
LEAVES: Mapping[str, Literal["inactive", "nobody"]] = {"deactivate": "inactive", "delete": "nobody"}
"""What callers of its number find after that."""
Rows: TypeAlias = Mapping[str, Row]
"""Declared fields by digits."""


_ABOUT_THE_DATA = (BadRequest, Conflict)
_MOST_BAD = 10


class Unseen(Incomplete):
    """Everything was sent and taken, and then the vendor could not be asked what came of it."""


@dataclass
class _Work:
    """What the vendor would not take, by digits, and why."""

    api: RingCX
    bad: dict[str, ApiError] = field(default_factory=dict)


def bring(
    api: RingCX,
    rows: Rows,
    names: Mapping[str, str],
    extra: Mapping[str, str],
    *,
    before: Callable[[], Rows] = dict,
    by_file: bool = False,
) -> dict[str, PoolRecord]:
    """Have a record for every row, with the declared fields, and return them as they were read back.

    ``names`` are the numbers as users write them; ``extra`` are fields beyond the common ones, by their wire names;
    ``before`` tells the rows as the state has them, so that what somebody changed since then is not put back unseen.
    Raises :class:`Refused` when nothing was sent, :class:`Incomplete` when some of it was done, and :class:`Unseen`.
    """
    silencing = any(row.get("active") is False for row in rows.values())
    there = lives(api.pool.fresh(rows, owners=silencing))
    edits: list[Edit] = []
    known = before() if any(differing(rows[digits], live.record) for digits, live in there.items()) else {}
    rows = {
        digits: _with_edits(row, known[digits], there[digits], names[digits], edits)
        if digits in there and digits in known
        else row
        for digits, row in rows.items()
    }
    refuse_unseen("ringcx", "the pool of account", api.account_id, edits)
    changed = [
        live for digits, live in there.items() if differing(rows[digits], live.record) or _writes(rows[digits], extra)
    ]
    _refuse_what_is_not_ours(api, there.values(), changed, names, rows)
    require_permission(
        [
            change
            for live in changed
            if (change := _silencing(live, names[live.digits], rows[live.digits].get("active")))
        ]
    )
    new = [
        {"dnis": digits, **body(row, extra), ACCOUNT: account_of(row, api.account_id)}
        for digits, row in rows.items()
        if digits not in there
    ]
    overlaid = [{**whole_record(live), **body(rows[live.digits], extra)} for live in changed]
    work = _Work(api)
    try:
        _in_chunks(
            work,
            new,
            lambda some: _create(api, some, by_file),
            f"of {len(new)} numbers made in the pool",
            concurrency=1 if by_file else AT_ONCE,  # the vendor does not say what it makes of two files
        )
        _in_chunks(work, overlaid, api.update_pool, f"of {len(overlaid)} numbers changed in the pool")
    finally:
        api.pool.forget()
    try:
        now = api.pool.settled(
            rows,
            lambda digits, record: digits in work.bad or not _not_applied(rows[digits], record),
            owners=False,
        )
    except Exception as error:
        raise Unseen(f"ringcx: written, but what came of it cannot be seen: {error}") from error
    said = [f"{names[digits]}: {error}" for digits, error in work.bad.items()]
    said += [
        f"{names[digits]}: the vendor said yes, but {off}"
        for digits in rows
        if digits not in work.bad and (off := _not_applied(rows[digits], now.get(digits)))
    ]
    if said:
        raise Incomplete(
            f"ringcx: {len(said)} of {len(rows)} numbers were not taken, the others are there: "
            f"{some_of(said, between='; ')}"
        )
    return now


def end(api: RingCX, names: Mapping[str, str], how: OnDelete) -> None:
    """End records (digits, and how users write them) in the way that was declared.

    Raises :class:`Refused`, with the owners, when callers would lose a number; then nothing was sent.
    """
    if how == "keep":
        say.info(f"ringcx: {len(names)} numbers stay in the pool: {some_of(list(names.values()))}.")
        return
    there = lives(api.pool.settled(names, is_there))
    try:
        if how == "delete":
            _delete(api, there, names)
        else:
            _deactivate(api, there, names)
        over = _gone if how == "delete" else _out_of_use
        now = api.pool.settled(there, lambda _, record: over(record), owners=False) if there else {}
        left = [digits for digits, record in now.items() if not over(record)]
        if left:
            done = "deleted" if how == "delete" else "deactivated"
            raise Incomplete(
                f"ringcx: {len(left)} of {len(there)} numbers were not {done}, although the vendor said yes: "
                f"{some_of([names[digits] for digits in left])}. Run again."
            )
    finally:
        api.pool.forget()


# Looking


def _with_edits(row: Row, last: Row, live: Live, number: str, edits: list[Edit]) -> Row:
    """The declared fields that are to be written, without what somebody changed since the last look and stays.

    What decides about calls is added to ``edits`` instead.
    """
    there, ignored = seen_in(live.record, row, row), ignored_fields()
    left: list[str] = []
    for name, facts in record_fields().items():
        if name not in row or name not in there:
            continue
        now = there[name]
        if name in ignored:
            left.append(name)
        elif name not in last or now in (last[name], row[name]) or _blank(now, last[name]):
            continue
        elif facts.decides:
            edits.append(Edit(f"{name} of {number}", now, row[name]))
        elif row[name] == last[name]:
            left.append(name)
    if set(left) - ignored:
        say.warn(
            f"ringcx: {', '.join(left)} of {number} was changed by somebody since the last look, and stays; the next "
            "preview shows the difference."
        )
    return {name: value for name, value in row.items() if name not in left}


def _blank(one: Any, other: Any) -> bool:
    """Whether both are empty, which the vendor does not tell from absent; or the same in the vendor's own spelling."""
    return (not one and not other) or spelled_alike(one, other)


def _writes(row: Row, extra: Mapping[str, str]) -> bool:
    """Whether a row has a field that the vendor never shows, so that it cannot be compared."""
    return any(name in row for name in extra)


def _not_applied(row: Row, now: PoolRecord | None) -> str:
    """What a write has not brought about, though the vendor took it; empty when nothing is missing.

    Other letters and other spaces for the same words are the vendor's own way to write them.
    """
    if now is None:
        return "it is not in the pool"
    wanted = body(row)
    seen: Mapping[str, Any] = now
    off = [wire for wire in differing(row, now) if not spelled_alike(seen.get(wire), wanted[wire])]
    return ", ".join(f"{wire} is {seen.get(wire)!r} there, not {wanted[wire]!r}" for wire in off)


def _refuse_what_is_not_ours(
    api: RingCX, there: Iterable[Live], changed: Iterable[Live], names: Mapping[str, str], rows: Rows
) -> None:
    for live in there:
        row = rows[live.digits]
        if not is_in_account(live.record, row, api.account_id):
            raise Refused(
                f"{names[live.digits]} is in the pool of account {live.record.get(ACCOUNT)}, not of account "
                f"{account_of(row, api.account_id)}; nothing was changed."
            )
    managed = [names[live.digits] for live in changed if live.managed]
    if managed:
        raise Refused(
            f"the vendor manages the records of {some_of(managed)} itself: leave out the fields that differ, or change "
            "them there; nothing was changed."
        )


def _silencing(live: Live, number: str, active: bool | None) -> Change | None:
    if active is not False or is_off(live.record.get("active")):
        return None
    return needed_permission(live.facts(number, live.owner), INACTIVE)


# Writing


def _create(api: RingCX, some: Sequence[Json], by_file: bool) -> None:
    """All of them, once: after a lost answer, or when one is there meanwhile, only those that are missing go again."""

    def missing(sent: list[Json]) -> list[Json]:
        there = api.pool.settled([one["dnis"] for one in sent], is_there, owners=False)
        return [one for one in sent if one["dnis"] not in there]

    create_all_once(
        some,
        lambda left: _send(api, left, by_file),
        missing,
        said=lambda count: f"ringcx: looking which of {count} numbers were made",
        in_the_way=(Conflict,),
    )


def _send(api: RingCX, some: Sequence[Json], by_file: bool) -> None:
    if not by_file:
        api.create_pool(some)
        return
    file = file_of(some)
    said = part(api.upload_pool(file, quote_character=QUOTE if QUOTE in file else None).get("uploadStatus"))
    there = api.pool.settled([one["dnis"] for one in some], is_there, owners=False)
    missing = [one["dnis"] for one in some if one["dnis"] not in there]
    if missing:
        raise Incomplete(
            f"ringcx: the file was taken, but {len(missing)} of {len(some)} numbers are not in the pool: "
            f"{some_of(missing)}. {words(said.get('errorMessage'))} Declare them as numbers=[...] instead."
        )


def _in_chunks(
    work: _Work, bodies: Sequence[Json], send: Callable[[list[Json]], object], said: str, concurrency: int = AT_ONCE
) -> None:
    done = 0
    for wave in waves(bodies, concurrency):
        done += sum(each(lambda some: _taken(work, some, send), wave))
        if len(bodies) > len(wave[0]):
            say.info(f"ringcx: {done} {said}")


def _taken(work: _Work, some: list[Json], send: Callable[[list[Json]], object]) -> int:
    """How many of them the vendor took; those that it will not take are found by halving."""
    try:
        send(some)
    except _ABOUT_THE_DATA as error:
        if len(work.bad) >= _MOST_BAD:
            raise
        if len(some) == 1:
            work.bad[some[0]["dnis"]] = error
            return 0
        middle = len(some) // 2
        return _taken(work, some[:middle], send) + _taken(work, some[middle:], send)
    return len(some)


def _deactivate(api: RingCX, there: Mapping[str, Live], names: Mapping[str, str]) -> None:
    """The records and whatever is assigned to them, together."""
    managed = [names[live.digits] for live in there.values() if live.managed]
    if managed:
        say.warn(f"ringcx: left as they are, because the vendor manages them: {some_of(managed)}.")
    going = [live for live in there.values() if not live.managed and not is_off(live.record.get("active"))]
    require_permission([change for live in going if (change := _silencing(live, names[live.digits], False))])
    for place, some in enumerate(chunks(going)):
        if place:
            require_as_before(some, lives(api.pool.fresh([live.digits for live in some])))
        api.update_pool_in_bulk([{**whole_record(live), "active": False} for live in some])


def _delete(api: RingCX, there: Mapping[str, Live], names: Mapping[str, str]) -> None:
    held = [live for live in there.values() if live.owner is not None]
    managed = [live for live in there.values() if live.managed]
    if held or managed:
        why = (
            f"{some_of([names[live.digits] for live in held])}: assigned to {owners(held)}; release them first. "
            if held
            else ""
        )
        why += f"{some_of([names[live.digits] for live in managed])}: managed by the vendor. " if managed else ""
        raise Refused(f"numbers stay in the pool: {why}Nothing was deleted.")
    try:
        if len(there) == 1:
            api.delete_pool(next(iter(there)))
            return
        for place, some in enumerate(chunks(sorted(there))):
            if place:
                require_as_before([there[digits] for digits in some], lives(api.pool.fresh(some)))
            _delete_in_bulk(api, some)
    except NotFound:
        return
    except Forbidden as error:
        raise Refused(f'{error} Deleting numbers takes the role SUPER_USER; without it say on_delete="keep".') from None


def _delete_in_bulk(api: RingCX, some: Sequence[str]) -> None:
    """All of them; when some are gone already, those that are left."""
    left = list(some)
    while left:
        try:
            api.delete_pool_in_bulk(left)
            return
        except NotFound:
            there = sorted(api.pool.settled(left, lambda _, record: record is None, owners=False))
            if len(there) == len(left):
                raise Incomplete(
                    f"ringcx: the vendor finds none of {some_of(left)}, but lists them. Run again."
                ) from None
            left = there


def _gone(record: PoolRecord | None) -> bool:
    return record is None


def _out_of_use(record: PoolRecord | None) -> bool:
    return record is None or not is_on(record.get("active")) or _managed(record)


def _managed(record: PoolRecord) -> bool:
    return is_on(record.get("dnisManagedByRC"))
