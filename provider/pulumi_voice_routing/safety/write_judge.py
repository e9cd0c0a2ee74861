"""What a provider asks right before it writes: whether callers of live numbers would be worse off by it.

Before is what the vendor has now. After is the same with the write, and with all else that the program has declared so
far: a change that takes two writes is judged as a whole, at the first of them. Who is refused asks again when more has
been declared. What lifecycles see to by themselves, such as switching on what is about to get calls, counts as done.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import cache

from ..call_flow.judgement import CallChange
from ..errors import NotFound
from ..lifecycle import meaning as means
from ..lifecycle import references, standing
from ..lifecycle.writes import Write, declared, ending
from ..permission.approvals import Change
from ..plan.facts import Resource, plain, saved_resources
from ..plan.live_calls import calls_through, closely
from ..plan.pulumi_cli import EngineError, exported
from ..plan.roles import roles_of
from ..ringex.whole_extension import whole_extension
from .after_write import After, about_rules, in_groups
from .before_write import refuse, worse

_MORE_TO_COME = 0.25
"""Seconds in which the engine may ask for more deletes."""


def judge(write: Write) -> None:
    """Raises :class:`Refused` when callers would be worse off and nobody has approved it; then nothing was sent."""
    try:
        id_ = write.id if write.id is not None else write.provider.existing(dict(write.args or {}))
        if write.args is None and _goes_on(write):
            return
        before = _live(write, id_)
    except NotFound:  # the write itself says what is gone
        return
    if before:
        _judge(write, id_, before)


def _judge(write: Write, id_: str | None, before: list[Resource]) -> None:
    if _worse(write, id_, before):
        before = closely(before)
        refuse(_worse(write, id_, before), before, tell=True)


def _worse(write: Write, id_: str | None, before: Sequence[Resource]) -> list[tuple[Change, CallChange]]:
    after = After(before, write, id_, declared(), _leaving(write, id_, before))
    found = worse(before, after.resources)
    return [(change, calls) for change, calls in found if not calls.new and calls.number not in after.moved]


def _goes_on(write: Write) -> bool:
    """Whether another resource of the program stands for what this one leaves, so that nothing ends."""
    if roles_of(write.provider.token).overrides is not None:
        return False  # several resources may stand for the overrides at one place: they are counted one by one
    return any((one.token, one.id) == (write.provider.token, write.id) for one in declared())


# What there is


def _live(write: Write, id_: str | None) -> list[Resource]:
    token = write.provider.token
    versions = [version for version in (write.olds, write.args) if version is not None]
    if about_rules(token):
        return _rules(write, id_)
    if roles_of(token).has(means.Extension):
        return in_groups(token, versions)
    return calls_through(token, id_, [plain(version) for version in versions])


def _rules(write: Write, id_: str | None) -> list[Resource]:
    """A rule as the vendor has it, beside all that it tells of the extension, and what the program declares for it."""
    provider = write.provider
    shown = provider.look(id_, {"__managed": sorted(provider.model)}) if id_ is not None else None
    if id_ is not None and shown is None:
        return []
    extension = references.parent(id_) if id_ is not None else str((write.args or {}).get(provider.parent))
    whole = [(token, at, plain(values)) for token, at, values in whole_extension(provider.token, extension)]
    if id_ is None and not whole:
        return []
    there = {(token, at): values for token, at, values in whole}
    for one in declared():
        if one.id is not None and references.same(references.parent(one.id), extension) and about_rules(one.token):
            was = plain(standing.before(one.urn) or one.args)
            there[one.token, one.id] = {**there.get((one.token, one.id), {}), **was}
    if id_ is not None and shown is not None:
        there[provider.token, id_] = plain(shown)
    return [Resource(token, at, f"live:{token}:{at}", props, at) for (token, at), props in there.items()]


# What leaves with it


def _leaving(write: Write, id_: str | None, before: Iterable[Resource]) -> set[tuple[str, str]]:
    """What ends in this run beside what is about to end: halves of one change are not judged one by one."""
    if write.args is not None or not write.urn:
        return set()
    stands = {(one.token, one.id) for one in declared()}
    alike = [one for one in before if one.type == write.provider.token and one.id != id_]
    others = {(one.type, str(one.id)) for one in alike} - stands
    if not others:
        return set()
    if declared():
        with suppress(EngineError):
            urns = {one.urn for one in declared()}
            return others & {
                (one.type, str(one.id)) for one in _saved(_stack(write.urn)) if one.urn not in urns and not one.kept
            }
    time.sleep(_MORE_TO_COME)  # the engine asks for them all at once
    return others & ending()


def _stack(urn: str) -> str:
    return urn.removeprefix("urn:pulumi:").partition("::")[0]


@cache
def _saved(stack: str) -> list[Resource]:
    """What the state of a stack has, before the first delete of this run. Raises :class:`EngineError`."""
    try:
        return list(saved_resources(exported(stack)))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise EngineError(str(error)) from None


__all__ = ["judge"]
