"""The only way to change who answers a number.

First everything is looked at and nothing is sent: a number that is not in the pool, one that somebody else owns, one
that callers reach and that nobody has approved to move, a target that cannot answer - each stops all of them, in one
line. Then numbers that nobody answers are assigned, a few chunks at the same time, and those that move go one ahead of
the others, and then chunk by chunk. All that was sent is read back before more is, and whatever does not have its new
owner gets the old one back.

A number that callers reach goes from owner to owner in one call, so that there is no moment without one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from ... import say
from ...client.answers import is_hidden
from ...client.concurrency import each
from ...client.listings import Json
from ...errors import Conflict, DeclarationError, Incomplete, NotFound, Refused, VoiceRoutingError, some_of
from ...lifecycle import turns, writes
from ...lifecycle.portal_edits import Edit, refuse_unseen
from ...permission.approvals import Change
from ...permission.needed import INACTIVE, NOBODY, needed_permission
from ...permission.require import require_permission
from ...telephony.number import as_declared
from ..client import RingCX, in_account, ringcx_client
from ..cloud_routing.readiness import why_profile_not_ready
from ..pool_directory import OWNER_FIELDS, chunks, is_there, waves
from ..shapes_numbers import PoolRecord
from .owner import PATHS, PRODUCT_CODES, Live, Owner, lives, named

RECORD_SERVER_FIELDS = frozenset(
    {
        "dnisE164",
        "assignedDnis",
        "assignedSmsDnis",
        "reservedAccount",
        "dnisManagedByRC",
        "dateCreated",
        "lastModified",
        "lastModifiedBy",
    }
)
"""Fields of a pool record that the vendor sets and that are not sent back to it."""
_ASSIGNMENT_SERVER_FIELDS = OWNER_FIELDS | {"dnisE164"}
_OF_THE_OLD_OWNER = frozenset({"endPointId", "endPointType"})


@dataclass(frozen=True)
class Last:
    """How numbers were at the last look."""

    owners: Mapping[str, Owner] = field(hash=False)
    """Their owners, by digits."""
    active: bool | None
    """Whether callers reached them; nothing where the program left that alone."""
    description: str | None
    owner: Owner | None = None
    """Whose numbers it speaks of; of those that were with somebody else it knows the owner alone."""
    unfinished: Collection[str] = field(default=(), hash=False)
    """The digits of those that an interrupted run did not bring to what it wanted: their owner alone is known too."""

    def knows(self, live: Live) -> bool:
        """Whether it says anything of a number, which has its owner still."""
        if live.owner is None or live.digits in self.unfinished:
            return False
        return self.owners.get(live.digits) == live.owner == self.owner


@dataclass(frozen=True)
class Wanted:
    """How numbers are to be answered."""

    owner: Owner
    active: bool | None = None
    """Whether callers reach the owner; nothing leaves it as it is, and on where there is no assignment yet."""
    description: str | None = None
    """Nothing leaves it as it is."""
    last: Last | None = None
    """What the state's last look saw; nothing when the assignments are new."""
    account: str = ""
    """The account of the numbers and of their owner; empty for the configured one."""

    def body(self, live: Live) -> Json:
        """The assignment of a number, with what is not declared as it is."""
        dropped = _ASSIGNMENT_SERVER_FIELDS | (_OF_THE_OLD_OWNER if live.owner != self.owner else set())
        body = {name: value for name, value in live.assignment.items() if name not in dropped}
        body |= {"dnis": live.digits, "isActive": self.wants_active(live)}
        description = self.describes(live)
        return body | ({} if description is None else {"dnisDescription": description})

    def describes(self, live: Live) -> str | None:
        """The description that a number is to get; nothing where somebody wrote another one than the state knows, and
        the program says what it said before."""
        if self.last is None or not self.last.knows(live) or self.description != self.last.description:
            return self.description
        there = live.assignment.get("dnisDescription") or ""
        return self.description if there == self.description else None

    def wants_active(self, live: Live) -> bool:
        """Whether callers are to reach the number."""
        if self.active is not None:
            return self.active
        return live.active or live.owner is None

    def changes_calls(self, live: Live) -> bool:
        """Whether callers of a number would get to somebody else, or to somebody at all."""
        return live.owner != self.owner or live.active != self.wants_active(live)

    def fulfilled(self, live: Live | None, before: Live) -> bool:
        """Whether a number is as it should be, given how it was."""
        if live is None or live.owner != self.owner or live.active != self.wants_active(before):
            return False
        description = self.describes(before)
        return description is None or (live.assignment.get("dnisDescription") or "") == description


class Halted(Incomplete):
    """It stopped half-way: some numbers are as they should be, the others where they were."""

    def __init__(self, message: str, arrived: Iterable[str], elsewhere: Mapping[str, Owner]) -> None:
        super().__init__(message)
        self.arrived = frozenset(arrived)
        """The digits of those that have their new owner."""
        self.elsewhere = dict(elsewhere)
        """The owners of the others; those that nobody answers are not in it."""


@dataclass
class _Work:
    """What is to be done, and how far it is."""

    api: RingCX
    wanted: Wanted
    before: dict[str, Live]
    arrived: set[str] = field(default_factory=set)

    @property
    def elsewhere(self) -> dict[str, Owner]:
        left = {digits: live.owner for digits, live in self.before.items() if digits not in self.arrived}
        return {digits: owner for digits, owner in left.items() if owner is not None}


def assign(api: RingCX, numbers: Mapping[str, str], wanted: Wanted, known: Mapping[str, Owner]) -> None:
    """Give numbers (digits, and how users write them) to an owner.

    ``known`` are the owners that the stack knows of. Raises :class:`Refused` and :class:`DeclarationError` when nothing
    was sent, and :class:`Halted`.
    """
    before = lives(api.pool.settled(numbers, is_there))
    _require_in_pool(numbers, before, wanted.account or api.account_id)
    work = _Work(api, wanted, before)
    work.arrived = {digits for digits, live in before.items() if wanted.fulfilled(live, live)}
    todo = [live for digits, live in before.items() if digits not in work.arrived]
    _tell_what_stays(before.values(), numbers, wanted)
    refuse_unseen("ringcx", "the assignments to", str(wanted.owner), _done_by_others(todo, numbers, wanted))
    require_permission([change for live in todo for change in _changes(live, numbers[live.digits], wanted, known)])
    _require_movable(numbers, wanted, todo)
    owners = ringcx_client(wanted.account) if wanted.account else api
    _require_an_answer(owners, wanted, todo)
    coming = [live.digits for live in todo if live.owner != wanted.owner]
    if wanted.owner.product == "profile" and coming:
        with in_account(wanted.account):
            writes.ask_about_numbers(wanted.owner, coming)
    moving = [live for live in todo if live.owner not in (None, wanted.owner)]
    staying = [live for live in todo if live.owner in (None, wanted.owner)]
    if moving and wanted.owner.product == "profile":
        # The vendor takes no condition with a write: the last look comes right before it, after all others.
        require_as_before(
            moving, lives(api.pool.fresh([live.digits for live in moving])), f"{wanted.owner} was checked"
        )
    try:
        steps = [*waves(staying), *([some] for some in _canary_first(moving))]
        for place, step in enumerate(steps, 1):
            _carry_out(work, step, steps[place] if place < len(steps) else [])
            if len(work.arrived) < len(numbers) or len(todo) > len(step[0]):
                say.info(f"ringcx: {len(work.arrived)} of {len(numbers)} numbers are with {wanted.owner}")
    except Exception as error:
        raise Halted(_halted(work, error, numbers), work.arrived, work.elsewhere) from error
    finally:
        api.pool.forget()


def release(api: RingCX, numbers: Mapping[str, str], ours: Mapping[str, Owner]) -> None:
    """Let nobody answer numbers any more, as far as their owner is the one in ``ours``; others are left alone.

    Raises :class:`Refused` when callers reach one of them and nobody approved it; then nothing was sent.
    """
    # A number that goes to another list of the program is that one's as soon as it has taken it.
    there, going = turns.until_allowed(lambda: _to_release(api, numbers, ours))
    for digits, live in there.items():
        if live.owner is not None and live not in going:
            say.warn(
                f"ringcx: {numbers[digits]} is left alone: {live.owner.called} answers it, not "
                f"{named(ours.get(digits))} as this stack knows."
            )
    try:
        steps = list(chunks(going))
        for place, some in enumerate(steps, 1):
            upcoming = steps[place] if place < len(steps) else []
            _unassign(api, some)
            after = _as_meant(api, some, upcoming, lambda _, now: now is None or now.owner is None)
            left = [after[one.digits] for one in some if one.digits in after and after[one.digits].owner]
            if left:
                shown = some_of([numbers[live.digits] for live in left])
                raise Incomplete(
                    f"ringcx: {len(left)} numbers were released and still have an owner: {shown}. Run again."
                )
            require_as_before(upcoming, after)
    finally:
        api.pool.forget()


def _to_release(
    api: RingCX, numbers: Mapping[str, str], ours: Mapping[str, Owner]
) -> tuple[dict[str, Live], list[Live]]:
    """The numbers as they are now, and those that are still ours. Raises :class:`Refused`."""
    there = lives(api.pool.settled(numbers, is_there))
    going = [live for digits, live in there.items() if live.owner is not None and live.owner == ours.get(digits)]
    facts = [live.facts(numbers[live.digits], live.owner) for live in going]
    require_permission([change for one in facts if (change := needed_permission(one, NOBODY))])
    return there, going


def whole_record(live: Live) -> Json:
    """A pool record as it is sent back."""
    return {
        name: value for name, value in live.record.items() if name not in RECORD_SERVER_FIELDS and not is_hidden(value)
    }


# Looking


def _require_in_pool(numbers: Mapping[str, str], before: Mapping[str, Live], account: str) -> None:
    missing = [shown for digits, shown in numbers.items() if digits not in before]
    if missing:
        raise DeclarationError(
            f"ringcx: not in the pool: {some_of(missing)}. Declare them in a Dnis or DnisPool and let the assignment "
            "depend on it, or check the account; nothing was changed."
        )
    for digits, live in before.items():
        there = str(live.record.get("reservedAccountId") or account)
        if there != account:
            raise Refused(
                f"{numbers[digits]} belongs to account {there}, not to account {account}; nothing was changed. If it "
                f"is to be answered there, say reserved_account_id={there!r}, with a target of that account."
            )


def _changes(live: Live, number: str, wanted: Wanted, known: Mapping[str, Owner]) -> list[Change]:
    """The permissions that a number needs to become as wanted."""
    stays = live.owner == wanted.owner
    # What stays where it is was put there by the program, whatever the state remembers.
    facts = live.facts(number, live.owner if stays else known.get(live.digits))
    needed = [needed_permission(facts, named(wanted.owner))]
    if not wanted.wants_active(live):
        needed.append(needed_permission(facts, INACTIVE))
    return list(dict.fromkeys(change for change in needed if change is not None))


def _tell_what_stays(there: Iterable[Live], numbers: Mapping[str, str], wanted: Wanted) -> None:
    kept = [numbers[live.digits] for live in there if wanted.description is not None and wanted.describes(live) is None]
    if kept:
        say.warn(
            f"ringcx: the description of {some_of(kept)} was changed by somebody since the last look, and stays; "
            "`pulumi refresh` shows it."
        )


def _done_by_others(todo: Iterable[Live], numbers: Mapping[str, str], wanted: Wanted) -> Iterator[Edit]:
    """What somebody did to numbers since the last look, but for another owner, which is a rule of its own."""
    last = wanted.last
    if last is None:
        return
    for live in todo:
        if live.owner is None and live.digits in last.owners and live.digits not in last.unfinished:
            yield Edit(f"the owner of {numbers[live.digits]}", NOBODY, named(wanted.owner))
        if last.active is None or wanted.active is None or not last.knows(live):
            continue
        if live.active not in (last.active, wanted.active):
            yield Edit(f"active of {numbers[live.digits]}", live.active, wanted.active)


def _require_movable(numbers: Mapping[str, str], wanted: Wanted, todo: Sequence[Live]) -> None:
    """A record that the vendor keeps to itself takes no part in the one call from product to product."""
    stuck = [
        numbers[live.digits]
        for live in todo
        if live.managed and live.active and live.owner is not None and live.owner.product != wanted.owner.product
    ]
    if stuck:
        raise Refused(
            f"{some_of(stuck)} cannot go from one product to another without a moment in which nobody answers: the "
            f"vendor manages the record. Move it to {wanted.owner} in the portal, then run `pulumi refresh`; nothing "
            "was changed."
        )


def _require_an_answer(api: RingCX, wanted: Wanted, todo: Sequence[Live]) -> None:
    """Numbers that callers reach, or would, must not go to a profile that cannot answer them."""
    active = [live for live in todo if live.owner is not None and wanted.wants_active(live)]
    reached = [live for live in active if wanted.changes_calls(live)]
    if wanted.owner.product != "profile" or not reached:
        return
    try:
        profile = api.get_profile(wanted.owner.group, wanted.owner.number)
    except NotFound:
        raise DeclarationError(f"ringcx: there is no {wanted.owner}; nothing was changed.") from None
    why = list(why_profile_not_ready(api, wanted.owner.group, profile))
    if not profile.get("isActive"):
        why.insert(0, f"{wanted.owner} is not active")
    if why:
        raise Refused(
            f"{len(reached)} numbers would go to {wanted.owner}, which cannot answer them: {'; '.join(why)}. Let them "
            "depend on its activation; nothing was changed."
        )


def _as_meant(
    api: RingCX, some: Iterable[Live], upcoming: Iterable[Live], meant: Callable[[Live, Live | None], bool]
) -> dict[str, Live]:
    """Numbers as they are after a write, given as they were before, and those that come next."""
    before = {live.digits: live for live in some}

    def as_meant(digits: str, record: PoolRecord | None) -> bool:
        return digits not in before or meant(before[digits], None if record is None else Live(record))

    return lives(api.pool.settled([*before, *(live.digits for live in upcoming)], as_meant))


def require_as_before(
    upcoming: Sequence[Live], now: Mapping[str, Live], meanwhile: str = "other numbers changed hands"
) -> None:
    """What came before took its time: nobody has given one of these to somebody else meanwhile."""
    for live in upcoming:
        owner = now[live.digits].owner if live.digits in now else None
        if owner != live.owner:
            raise Refused(f"+{live.digits} went from {named(live.owner)} to {named(owner)} while {meanwhile}.")


# Writing


def _canary_first(moving: Sequence[Live]) -> Iterable[list[Live]]:
    """One number ahead, so that whatever is wrong with the new owner is wrong for one."""
    return [list(moving[:1]), *chunks(moving[1:])] if moving else []


def _carry_out(work: _Work, step: Sequence[list[Live]], next_step: Sequence[list[Live]]) -> None:
    """Write chunks, and read them back together with the next ones; raises when a number is not as it should be."""
    some, upcoming = list(chain(*step)), list(chain(*next_step))
    problem: Exception | None = None
    try:
        each(lambda chunk: _write(work.api, work.wanted, chunk), step)
    except Exception as error:
        problem = error
    after = _as_meant(work.api, some, upcoming, lambda before, now: work.wanted.fulfilled(now, before))
    good = [live for live in some if work.wanted.fulfilled(after.get(live.digits), live)]
    work.arrived.update(live.digits for live in good)
    if len(good) == len(some):  # whatever the vendor answered, or did not
        require_as_before(upcoming, after)
        return
    strays = [live for live in some if live not in good]
    taken = [live for live in strays if _taken(live, after.get(live.digits), work.wanted.owner)]
    put_back = _put_back(work.api, [live for live in strays if live not in taken], after)
    if problem is not None and not put_back:
        raise problem
    missing = f"ringcx: {len(strays)} numbers are not with {work.wanted.owner}."
    left = "".join(
        f" +{live.digits} is left with {named(after[live.digits].owner)}, as somebody wants." for live in taken
    )
    raise Incomplete(f"{problem or missing}{left} {put_back}".rstrip()) from problem


def _write(api: RingCX, wanted: Wanted, some: Sequence[Live]) -> None:
    """Bring numbers to the owner, each of them in one call when callers reach it."""
    if wanted.owner.product not in PATHS:
        _move(api, wanted, some)
        return
    across = [live for live in some if live.owner is not None and live.owner.product != wanted.owner.product]
    for live in across:
        if not live.active:
            api.delete_assignment(live.digits)  # nobody is reached, and the one call would switch it on for a moment
    reached = [live for live in across if live.active]
    plain = [live for live in some if live not in reached]
    if plain:
        try:
            _give(api, wanted, plain)
        except Conflict:
            # A vendor that does not let one queue or profile take a number from another one; or somebody was faster.
            require_as_before(plain, lives(api.pool.fresh([live.digits for live in plain])))
            reached += [live for live in plain if live.owner not in (None, wanted.owner)]
            if not all(live in reached for live in plain):
                raise
    if reached:
        _move(api, wanted, reached)


def _give(api: RingCX, wanted: Wanted, some: Sequence[Live]) -> None:
    api.assign(PATHS[wanted.owner.product], wanted.owner.number, [wanted.body(live) for live in some])


def _move(api: RingCX, wanted: Wanted, some: Sequence[Live]) -> None:
    """From one owner to another without a moment in between, whatever they are."""
    api.update_pool_and_assignment(
        [
            {
                "dnisPool": whole_record(live),
                "unassignProduct": True,
                "product": PRODUCT_CODES[wanted.owner.product],
                "productId": int(wanted.owner.number),
            }
            for live in some
        ]
    )
    # That call knows the owner only, not the rest of the assignment.
    after = _as_meant(api, some, [], lambda _, now: now is not None and now.owner == wanted.owner)
    off = [live for live in some if _differs(wanted.body(live), after.get(live.digits), wanted)]
    if off and wanted.owner.product in PATHS:
        _give(api, wanted, off)


def _differs(body: Json, live: Live | None, wanted: Wanted) -> bool:
    """Whether a number has come to the owner with another assignment than the one meant."""
    if live is None or live.owner != wanted.owner:
        return False
    return any(live.assignment.get(name) != value for name, value in body.items() if value not in (None, ""))


def _unassign(api: RingCX, some: Sequence[Live]) -> None:
    """One call for many, except for records that the vendor keeps to itself."""
    together = [live for live in some if not live.managed]
    if len(together) > 1:
        api.update_pool_and_assignment([{"dnisPool": whole_record(live), "unassignProduct": True} for live in together])
    for live in some if len(together) <= 1 else [live for live in some if live.managed]:
        try:
            api.delete_assignment(live.digits)
        except NotFound:
            continue


def _put_back(api: RingCX, strays: Sequence[Live], after: Mapping[str, Live]) -> str:
    """Give numbers that ended where they should not the owner that they had, and say how that went."""
    said = []
    lost = [live for live in strays if live.owner is not None and _went_astray(live, after.get(live.digits))]
    for owner in dict.fromkeys(live.owner for live in lost if live.owner is not None):
        theirs = [live for live in lost if live.owner == owner]
        shown = some_of([as_declared(live.digits) for live in theirs])
        try:
            _restore(api, owner, theirs, after)
            said.append(f"Put back to {owner}: {shown}.")
        except Exception as error:
            said.append(f"NOT put back to {owner}, so look at them at once: {shown} ({error})")
    return " ".join(said)


def _taken(before: Live, after: Live | None, wanted: Owner) -> bool:
    """Whether somebody gave it to an owner of their own meanwhile: the hand may have had a reason."""
    return after is not None and after.owner not in (None, before.owner, wanted)


def _went_astray(before: Live, after: Live | None) -> bool:
    return after is None or (after.owner, after.active) != (before.owner, before.active)


def _restore(api: RingCX, owner: Owner, theirs: Sequence[Live], after: Mapping[str, Live]) -> None:
    wanted_of = {live.digits: Wanted(owner, live.active, live.assignment.get("dnisDescription")) for live in theirs}
    for wanted in dict.fromkeys(wanted_of.values()):
        _write(api, wanted, [after.get(digits, live) for live in theirs if wanted_of[digits := live.digits] == wanted])
    back = _as_meant(api, theirs, [], lambda _, now: now is not None and now.owner == owner)
    left = [digits for digits in wanted_of if digits not in back or back[digits].owner != owner]
    if left:
        raise Incomplete(f"{len(left)} of them have another owner still")


def _halted(work: _Work, error: Exception, numbers: Mapping[str, str]) -> str:
    said = str(error) if isinstance(error, VoiceRoutingError) else f"{type(error).__name__}: {error}"
    left = [shown for digits, shown in numbers.items() if digits not in work.arrived]
    return (
        f"{said} {len(work.arrived)} of {len(numbers)} numbers are with {work.wanted.owner}; not yet: {some_of(left)}. "
        "`pulumi up` goes on with the rest."
    )
