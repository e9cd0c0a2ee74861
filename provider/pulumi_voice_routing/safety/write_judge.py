"""What a provider asks right before it writes: whether callers of live numbers would be worse off by it.

Before is what the vendor has now. After is the same with the write, and with all else that the program has declared so
far: a change that takes two writes is judged as a whole, at the first of them. Who is refused asks again when more has
been declared. What lifecycles see to by themselves, such as switching on what is about to get calls, counts as done.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from ..call_flow.extensions import UNTOLD_TELEPHONE
from ..call_flow.first_calls import first_called, first_ends, left_to_more
from ..call_flow.impact import Impact
from ..call_flow.judgement import CallChange
from ..call_flow.routing import EXTENSION, Routing
from ..errors import NotFound
from ..lifecycle import keeping, references, standing
from ..lifecycle import meaning as means
from ..lifecycle.writes import (
    Declared,
    Write,
    declaration,
    declared,
    declared_in,
    declared_objects,
    declared_of,
    declared_types,
    ending_with,
    permit,
)
from ..permission.approvals import Change
from ..plan.facts import Resource, plain
from ..plan.limits import without_own_zeros
from ..plan.live_calls import calls_through, closely, lines_with, with_overrides
from ..plan.number_changes import handed_on
from ..plan.pulumi_cli import EngineError
from ..plan.queues import Named, named_by
from ..plan.roles import roles_of
from ..plan.saved_state import saved
from ..ringcx.numbers.owner import Owner
from .after_write import After, in_groups
from .before_write import is_asked_about, refuse, worse_of
from .coming_numbers import require_allowed_ends
from .extension_rules import about_rules, all_rules, extension_of, known_rules, listed_whole, telephones


def judge(write: Write, *, in_order: bool = False) -> bool:
    """Whether calls of live numbers pass there, which lose nothing by the write.

    Raises :class:`Refused` when callers would be worse off and nobody has approved it; then nothing was sent.
    ``in_order`` is for what may have to wait for other writes: nor may callers be worse off until these are done.
    """
    try:
        id_ = write.id if write.id is not None else write.provider.existing(dict(write.args or {}))
        if write.args is None and _goes_on(write):
            return False
        before = _live(write, id_)
        if (old := _old_copy(write)) is not None:
            before = _together(before, _live(old, old.id))
        before = _as_set(write, id_, before)
    except NotFound:  # the write itself says what is gone
        return False
    # New ring groups may send calls round in a circle among themselves.
    if before or (write.args is not None and roles_of(write.provider.token).has(means.Extension)):
        _judge(write, id_, before, in_order=in_order)
    return bool(before)


def _judge(write: Write, id_: str | None, before: list[Resource], *, in_order: bool) -> None:
    harmless: list[Resource] | None = None
    asked: set[str] = set()
    for by_itself in (False, True) if in_order else (False,):
        while True:
            after = _after(write, id_, before, by_itself=by_itself)
            if after.resources == harmless:
                return  # nothing else of the run changes what these calls pass
            impact = _compared(before, after)
            found = _worse_of(write, before, after, impact)
            unseen = set() if found else _unseen(write, impact) - asked
            if not unseen:
                break
            before = _as_set(write, id_, _with(write, id_, before, unseen))
            asked |= unseen
        if not found:
            harmless = after.resources
            continue
        before = _as_set(write, id_, _closely(write, id_, before))
        found = _worse(write, before, _after(write, id_, before, by_itself=by_itself))
        refuse(found, before, tell=True, meanwhile=by_itself)
        if found:  # what is permitted for good is permitted on the way there
            permit(write)
            return


def _after(write: Write, id_: str | None, before: Sequence[Resource], *, by_itself: bool) -> After:
    old = None if by_itself else _old_copy(write)
    writes = [*_leaving(write, id_, before), *([] if old is None else [old]), replace(write, id=id_)]
    return After(before, _declared(write), writes, others=not by_itself)


def _compared(before: Sequence[Resource], after: After) -> Impact:
    return Impact(Routing.of_state(before), Routing.of_state(after.resources))


def _worse(write: Write, before: Sequence[Resource], after: After) -> list[tuple[Change, CallChange]]:
    return _worse_of(write, before, after, _compared(before, after))


def _worse_of(
    write: Write, before: Sequence[Resource], after: After, impact: Impact
) -> list[tuple[Change, CallChange]]:
    found = worse_of(impact, _InUse(write, before))
    return [(change, calls) for change, calls in found if is_asked_about(calls) and calls.number not in after.moved]


def _unseen(write: Write, impact: Impact) -> set[str]:
    """What is to be looked at as well, because calls would come to it that do not now: the ids of destinations, which
    may send those of single numbers elsewhere; or the extension with all its rules, or its telephones, and the numbers
    that these call. What other extensions do with calls is theirs."""
    unseen = {str(one.id) for one in first_called(impact) if one.id}
    if about_rules(write.provider.token):
        own = f"{EXTENSION}{references.last(extension_of(write, write.id))}"
        unseen |= left_to_more(impact) & {own, UNTOLD_TELEPHONE}
        unseen |= {to for to in first_ends(impact) if to.startswith("+")}
    return unseen


def _with(write: Write, id_: str | None, before: list[Resource], unseen: set[str]) -> list[Resource]:
    """The same with that."""
    numbers = sorted(one for one in unseen if one.startswith("+"))
    if numbers:
        before = _together(before, lines_with(numbers))
    if any(one.startswith(EXTENSION) for one in unseen):
        before = _together(before, _closely(write, id_, before))
    elif UNTOLD_TELEPHONE in unseen:
        before = _together(before, telephones(extension_of(write, id_)))
    destinations = sorted(one for one in unseen if "/" in one)
    return with_overrides(before, destinations) if destinations else before


def _old_copy(write: Write) -> Write | None:
    """The end of the old copy, where the write makes a new one in its place: that is the second half of the change."""
    if write.args is None or write.id is not None or not write.urn:
        return None
    there = declaration(write.urn)
    if there is None or there.id is None:
        return None
    return Write(write.provider, write.urn, there.id, standing.before(write.urn), None)


def _declared(write: Write) -> list[Declared]:
    """What the program has declared so far, and who else stands for what the write may let go of."""
    there: Iterable[Declared] = declared()
    if about_rules(write.provider.token):  # those of other extensions are of no concern, and may be thousands
        others = (one for token in declared_types() if not about_rules(token) for one in declared_of(token))
        there = (*declared_in(extension_of(write, write.id)), *others)
    return [*there, *(Declared(one.type, one.urn, one.props, one.id) for one in _beside(write))]


def _beside(write: Write) -> Iterable[Resource]:
    """Who else stands for what the write may let go of, as the state tells."""
    roles = roles_of(write.provider.token)
    lets_go = write.args is None or roles.has(means.Switches) or roles.overrides is not None
    return keeping.sharing(write.provider, write.id or "", dict(write.olds or {})) if lets_go else ()


def _goes_on(write: Write) -> bool:
    """Whether another resource of the program stands for what this one leaves, so that nothing ends."""
    if roles_of(write.provider.token).overrides is not None:
        return False  # several resources may stand for the overrides at one place: they are counted one by one
    itself = (write.provider.token, write.id)
    if any(one.id == write.id for one in declared_objects(*itself)):
        return True
    return any((one.type, one.id) == itself for one in _beside(write))


# What there is


def _live(write: Write, id_: str | None) -> list[Resource]:
    token = write.provider.token
    versions = [version for version in (write.olds, write.args) if version is not None]
    if about_rules(token):
        return all_rules(write, id_) if listed_whole(token) else known_rules(write, id_)
    if roles_of(token).has(means.Extension):
        return in_groups(token, versions)
    return calls_through(token, id_, [plain(version) for version in versions])


def _as_set(write: Write, id_: str | None, before: Iterable[Resource]) -> list[Resource]:
    """What the vendor has, without limits of zero that nobody has set."""
    itself = {**(write.olds or {}), **(write.args or {})}
    return [
        without_own_zeros(one, itself if (one.type, one.id) == (write.provider.token, id_) else _said(one))
        for one in before
    ]


def _said(one: Resource) -> dict[str, Any]:
    there = next((it for it in reversed(declared_objects(one.type, one.id)) if it.id == one.id), None)
    return {} if there is None else {**standing.before(there.urn), **there.args}


def _closely(write: Write, id_: str | None, before: list[Resource]) -> list[Resource]:
    """The same, with what is not asked for at first."""
    if not about_rules(write.provider.token):
        return closely(before)
    old, others = _old_copy(write), [one for one in before if not about_rules(one.type)]
    rules = _together(all_rules(write, id_), [] if old is None else all_rules(old, old.id))
    return _together(rules, closely(others) if others else ())


def _together(one: Iterable[Resource], other: Iterable[Resource]) -> list[Resource]:
    return list({(it.type, it.id): it for it in (*one, *other)}.values())


class _InUse:
    """The queues and IVRs to which calls go before the run. The state is read only when the vendor's answers at hand do
    not name one; all of them count when it cannot be read from here."""

    def __init__(self, write: Write, before: Sequence[Resource]) -> None:
        self._urn, self._before = write.urn, before

    def __contains__(self, named: object) -> bool:
        if named in named_by(self._before) or not self._urn:
            return True
        try:
            return named in _named_by_state(self._urn)
        except EngineError:
            return True


def _named_by_state(urn: str) -> frozenset[Named]:
    """Those that the state named before this run, which may have written to it by now. Raises :class:`EngineError`."""
    olds = {one.urn: standing.before(one.urn) for one in declared()}
    there = ((one, olds.get(one.urn, one.props)) for one in saved(urn))
    return named_by(replace(one, props=plain(dict(props))) for one, props in there if props)


# What leaves with it


def _leaving(write: Write, id_: str | None, before: Iterable[Resource]) -> list[Write]:
    """What ends in this run beside what is about to end: halves of one change are not judged one by one.

    A destroy runs no program. Then the rest of the state is taken to end as well, whatever the engine asks first.
    """
    if write.args is not None or not write.urn:
        return []
    stands = {(one.token, one.id) for one in declared()}
    alike = {(one.type, str(one.id)) for one in before if one.type == write.provider.token and one.id != id_} - stands
    if not alike:
        return []
    try:
        there = saved(write.urn)
    except EngineError:
        return [other for key, other in ending_with(alike).items() if key in alike]
    urns = {one.urn for one in declared()}
    gone = [one for one in there if (one.type, one.id) in alike and one.urn not in urns and not one.kept]
    return [Write(write.provider, one.urn, one.id, one.props, None) for one in gone]


def judge_numbers(owner: Owner, numbers: Sequence[str]) -> None:
    """Whether numbers, given by their digits, may come to an owner. Raises :class:`Refused`."""
    require_allowed_ends(owner, numbers)


def needed_to_end(urns: Iterable[str]) -> dict[str, list[Change]]:
    """What has to be approved before the numbers of resources of the state may end, by URN; nothing when the state
    cannot be read from here."""
    asked = set(urns)
    try:
        there = [one for urn in sorted(asked)[:1] for one in saved(urn)]
    except EngineError:
        return {}
    return {one.urn: handed_on(one, None, ()) for one in there if one.urn in asked}


__all__ = ["judge", "judge_numbers", "needed_to_end"]
