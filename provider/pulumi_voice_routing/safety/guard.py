"""Judging a program's numbers while the engine runs it: a hook for changes and ends, and protection.

Hooks are functions of the running program, which the engine calls right before it updates or deletes a resource, in
previews too. The state notes their names, so that nothing that is guarded can be deleted without the program.
"""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar

import pulumi
from pulumi.runtime import settings as engine

from ..call_flow.judgement import CallChange
from ..errors import Refused, SettingsError
from ..lifecycle.provider import PROVIDER_KEY
from ..lifecycle.writes import Declared, Write, carries, matters
from ..permission.approvals import RELEASE, Approvals, Change, broken_glass
from ..permission.needed import HIDDEN, NOT_KNOWN
from ..permission.require import require_permission
from ..plan.facts import UNKNOWN, Facts, Resource, plain, saved_resources, token_of
from ..plan.holdings import Holding, end_of, holdings, left_with
from ..plan.number_changes import handed_on, may_silence, silenced
from ..plan.pulumi_cli import EngineError, exported
from ..plan.roles import roles_of
from ..registry import provider_for
from ..settings import Setting
from .after_write import After
from .before_write import refuse, worse

T = TypeVar("T")

__all__ = ["ends_calls", "guard"]

IN_PREVIEW = Setting("VOICE_ROUTING_GUARD_PREVIEW", "What guard() does in a preview", "refuse")
"""``refuse``; or ``tell``, for a preview that the gate is to judge as a whole. In the run itself it always refuses."""

_HOOK = "number-safety"
"""What the engine calls the hook, in its messages and in the state of every stack that is guarded."""

_PAUSE, _PAUSES = 0.25, 12
"""Seconds in which the program may declare more before something is refused, and how often that is waited for."""

_guards: weakref.WeakKeyDictionary[Any, _Guard] = weakref.WeakKeyDictionary()
"""One for each run of a program: hooks and transforms belong to the engine that runs it."""


def guard() -> None:
    """What :func:`pulumi_voice_routing.guard` does."""
    monitor = engine.get_monitor()
    if monitor is None:
        raise pulumi.RunError("guard: there is no engine; run the program with `pulumi`")
    if monitor in _guards:
        return
    try:
        approvals, in_preview = Approvals.here(), IN_PREVIEW.get()
        if in_preview not in ("refuse", "tell"):
            raise SettingsError(f"{IN_PREVIEW.variable} is {in_preview!r}, and must be refuse or tell")
    except SettingsError as error:
        raise pulumi.RunError(f"guard: {error}") from None
    _guards[monitor] = one = _Guard(approvals, tells=pulumi.runtime.is_dry_run() and in_preview == "tell")
    pulumi.runtime.register_resource_transform(one.transform)


class _Declaration(NamedTuple):
    """A resource as the program gives it."""

    resource: Resource
    args: dict[str, Any]
    """Its arguments in canonical form, with what is not known yet."""


class _Guard:
    """The hook and the transform of one run, and what the program has declared so far."""

    def __init__(self, approvals: Approvals, *, tells: bool) -> None:
        self._approvals = approvals
        self._tells = tells
        self._program: dict[str, _Declaration] = {}
        self._ended: set[str] = set()
        self._state: asyncio.Future[list[Resource] | None] | None = None
        self._hook = pulumi.ResourceHook(_HOOK, self.judge, pulumi.ResourceHookOptions(on_dry_run=True))

    async def transform(self, args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        """Guard a resource that carries calls, says who answers numbers, or which numbers there are."""
        token = token_of(args.type_)
        if token is None or not (roles_of(token).dialled or carries(provider_for(token).model)):
            return None
        given = {name: await _known(value) for name, value in args.props.items() if name != PROVIDER_KEY}
        checked, _ = provider_for(token).checked(given)  # the engine asks for that later, and says what is wrong
        one = Resource(token, args.name, _place(token, args.name), plain(checked))
        self._program[one.urn] = _Declaration(one, checked)
        # A stack without numbers can be destroyed without its program: the provider looks at the rest.
        ends = one.roles.dialled is not None and ends_calls(one) and not args.opts.retain_on_delete
        hooks = pulumi.ResourceHookBinding(before_update=[self._hook], before_delete=[self._hook] if ends else None)
        opts = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(hooks=hooks))
        if ends and one.roles.answers and not self._may_go(one):
            opts.protect = True
        return pulumi.ResourceTransformResult(args.props, opts)

    async def judge(self, args: pulumi.ResourceHookArgs) -> None:
        """Right before an update or a delete. Raises :class:`Refused` when callers would lose by it."""
        token = token_of(args.type) or ""
        was, is_ = await _known(args.old_outputs or {}), await _known(args.new_inputs)  # secrets come as outputs
        old = Resource(token, args.name, args.urn, plain(was), args.id)
        new = None if is_ is None else Resource(token, args.name, args.urn, plain(is_), args.id)
        try:
            await self._judge(old, new, was, is_)
        except Refused as refused:
            if not self._tells:
                raise
            pulumi.log.warn(f"guard: {refused}")
        if new is None:
            self._ended.add(args.urn)

    async def _judge(self, old: Resource, new: Resource | None, was: Any, is_: Any) -> None:
        if old.roles.records:
            # Who answers a number is in the state, whether the program has come to it already or not.
            owners = await self._owners() if may_silence(old, new) else []
            self._require(silenced(old, new, owners))
        elif old.roles.answers:
            changes = await self._when_all_is_said(lambda: handed_on(old, new, self._others(old)))
            self._require(changes)
        provider = provider_for(old.type)
        if new is not None:
            await self._require_answers(Write(provider, old.urn, old.id, was, provider.checked(_arguments(is_))[0]))

    async def _require_answers(self, write: Write) -> None:
        """The same question that the provider asks, about what the state has; nothing when it cannot be read."""
        saved = await self._saved() if matters(write) else None
        if saved is not None:
            there = [one for one in saved if one.urn not in self._ended]
            found = await self._when_all_is_said(lambda: self._worse(write, there))
            refuse(found, there, self._approvals, tell=pulumi.runtime.is_dry_run())

    def _worse(self, write: Write, there: list[Resource]) -> list[tuple[Change, CallChange]]:
        ids = {_place(one.type, one.name): one for one in there}
        declared = [
            Declared(one.resource.type, known.urn if known else place, one.args, known.id if known else None)
            for place, one in self._program.items()
            for known in [ids.get(place)]
        ]
        after = After(there, declared, [write])
        found = worse(there, after.resources)
        return [(change, calls) for change, calls in found if not calls.new and calls.number not in after.moved]

    async def _when_all_is_said(self, found: Callable[[], list[T]]) -> list[T]:
        """What is found when the program has declared nothing more for a moment.

        What makes up for a change may be declared right after it, so that the order must not decide.
        """
        first = found()
        for _ in range(_PAUSES if first else 0):
            known = len(self._program)
            await asyncio.sleep(_PAUSE)
            first = found()
            if not first or len(self._program) == known:
                break
        return first

    def _others(self, one: Resource) -> list[Resource]:
        """Who answers numbers beside a resource. What has its name is itself, or its new copy, which begins first."""
        there = (other.resource for place, other in self._program.items() if place != _place(one.type, one.name))
        return [other for other in there if other.roles.answers]

    async def _owners(self) -> list[Resource]:
        """Who answers numbers now: the state's resources, without those that have ended in this run."""
        saved = await self._saved()
        if saved is None:
            return [one.resource for one in self._program.values() if one.resource.roles.answers]
        return [one for one in saved if one.roles.answers and one.urn not in self._ended]

    async def _saved(self) -> list[Resource] | None:
        """The state as it was before the run; nothing when it cannot be read from here."""
        if self._state is None:
            self._state = asyncio.ensure_future(asyncio.to_thread(_exported))
        return await self._state

    def _require(self, changes: list[Change]) -> None:
        changes = [change for change in changes if not self._approved_whoever_it_is(change)]
        for change in changes:
            if change.to == NOT_KNOWN and not self._approvals.allow(change):
                raise Refused(
                    f"{change.object} would go from {change.from_} to an owner that is not known yet. Make the new "
                    "owner in one `pulumi up` and move the number in the next, so that an approval can name it; "
                    "nothing was changed."
                )
        # In the run itself the provider tells what is permitted.
        require_permission(changes, self._approvals, tell=pulumi.runtime.is_dry_run())

    def _approved_whoever_it_is(self, change: Change) -> bool:
        """Whether a release is approved of a number whose owner no approval can name; the provider sees who it is."""
        today = datetime.now(UTC).date()
        return change.from_ == HIDDEN and any(
            (entry.rule, entry.to) == (change.rule, change.to) and entry.names(change) and not entry.expired(today)
            for entry in self._approvals.entries
        )

    def _may_go(self, one: Resource) -> bool:
        """Whether all the numbers may be released: each with an approval that says so, or in an emergency."""
        if RELEASE in broken_glass():
            return True
        given = one.at(one.roles.dialled)
        if given is UNKNOWN or (isinstance(given, list) and UNKNOWN in given):
            return False
        return all(self._releasable(held) for held in holdings(Facts([one]), [one]))

    def _releasable(self, held: Holding) -> bool:
        today = datetime.now(UTC).date()
        to = left_with(held.resource)
        return any(
            (entry.rule, entry.to) == (RELEASE, to)
            and held.number in entry.objects
            and (held.owner is UNKNOWN or entry.from_ == held.owner)
            and not entry.expired(today)
            for entry in self._approvals.entries
        )


def _arguments(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in inputs.items() if not name.startswith("__") and value is not None}


def _exported() -> list[Resource] | None:
    """What the user's own ``pulumi`` says of the stack that runs."""
    try:
        stack = "/".join((pulumi.get_organization(), pulumi.get_project(), pulumi.get_stack()))
        return list(saved_resources(exported(stack)))
    except (EngineError, AttributeError, KeyError, TypeError, ValueError):
        return None


def _place(token: str, name: str) -> str:
    """What stands for the URN of a resource that the engine has not named yet."""
    return f"{token}::{name}"


async def _known(value: Any) -> Any:
    """A value as far as it is known; what is secret or made of other resources comes as an output."""
    return await pulumi.Output.from_input(value).future(with_unknowns=True)


def ends_calls(one: Resource) -> bool:
    """Whether callers could lose by the end of a resource; what is not known yet counts as yes."""
    if one.roles.answers:
        return one.switch() is not False
    return bool(end_of(one)[1])
