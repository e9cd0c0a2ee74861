"""Judging a program's numbers while the engine runs it: a hook for changes and ends, and protection.

Hooks are functions of the running program, which the engine calls right before it creates, updates or deletes a
resource, in previews too. The state notes the names of those before deletes, so that no number that is guarded can be
deleted without the program. What else leaves the program is judged when all of it is declared.
"""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, TypeVar

import pulumi
from pulumi.runtime import settings as engine
from pulumi.runtime.mocks import MockMonitor

from .. import say
from ..errors import Refused, SettingsError, some_of
from ..lifecycle import standing
from ..lifecycle.declaring import hear_of_declared
from ..lifecycle.fleet_rows import PROTECTED
from ..lifecycle.model import unknown
from ..lifecycle.writes import Write, carries, hands_on, matters
from ..permission.approvals import RELEASE, Approval, Approvals, Change, broken_glass
from ..permission.needed import HIDDEN, NOT_KNOWN
from ..permission.owner_names import Names
from ..permission.require import require_permission
from ..permission.wording import ways_out
from ..plan.facts import UNKNOWN, Facts, Resource, noun_of, token_of
from ..plan.fleets import is_fleet, key_of, member_of
from ..plan.holdings import Holding, end_of, holdings, left_with
from ..plan.number_changes import handed_on, may_silence, silenced
from ..plan.owner_names import names_in
from ..plan.roles import roles_of
from ..registry import provider_for
from ..settings import Setting
from .before_write import refuse
from .emergency import emergency
from .guarded_program import GuardedProgram, arguments, known
from .hooked import hooked
from .new_targets import require_allowed

T = TypeVar("T")

__all__ = ["ends_calls", "guard"]

IN_PREVIEW = Setting("VOICE_ROUTING_GUARD_PREVIEW", "What guard() does in a preview", "refuse")
"""``refuse``; or ``tell``, for a preview that the gate is to judge as a whole. In the run itself it always refuses."""

_HOOK = "number-safety"
"""What the engine calls the hook, in its messages and in the state of every stack that is guarded."""
HOW_TO_END = (
    "callers reach its numbers: have their release approved, and then run `pulumi up`, or `pulumi destroy "
    "--run-program`, with a program that calls guard() (docs/destroying.md)"
)
"""What it calls another hook, which does nothing and stands first. The engine refuses to delete what has hooks that no
program has registered: it names them, and ends. So this is the only line of ours that users can read there."""

_PAUSE, _PAUSES = 0.25, 12
"""Seconds in which the program may declare more before something is refused, and how often that is waited for."""

_MOST_NAMED = 3

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
    for line in emergency("unset it when the emergency is over"):
        say.warn(f"guard: {line}.")
    pulumi.runtime.register_resource_transform(one.transform)
    hear_of_declared(one.hear)
    _at_the_end(monitor, one.judge_what_leaves)


def _at_the_end(monitor: Any, act: Callable[[], None]) -> None:
    """Act when all of the program is declared: the SDK then tells the engine, which deletes what is left."""
    tell: Callable[..., Any] | None = getattr(monitor, "SignalAndWaitForShutdown", None)
    if tell is None or isinstance(monitor, MockMonitor):
        return

    def act_and_tell(*args: Any, **kwargs: Any) -> Any:
        act()
        return tell(*args, **kwargs)

    monitor.SignalAndWaitForShutdown = act_and_tell


class _Guard:
    """The hook and the transform of one run."""

    def __init__(self, approvals: Approvals, *, tells: bool) -> None:
        self._written = approvals
        self._tells = tells
        self._program = GuardedProgram()
        self._learning: set[asyncio.Future[None]] = set()
        self._hook = pulumi.ResourceHook(_HOOK, self.judge, pulumi.ResourceHookOptions(on_dry_run=True))
        self._tells_how = pulumi.ResourceHook(HOW_TO_END, _nothing)

    @cached_property
    def _approvals(self) -> Approvals:
        """What is approved; the state tells the ids of what is named, and the vendor those of queues and IVRs."""
        return self._written.resolved(self._names)

    def _names(self) -> Names:
        from ..ringcx.owner_names import TOLD_BY_NUMBERS, account_names  # it loads the vendor's client

        return names_in(self._program.saved_now() or ()).besides(account_names().only(*TOLD_BY_NUMBERS))

    def hear(self, resource: pulumi.CustomResource, given: Mapping[str, Any]) -> None:
        """The program declares a resource of this package."""
        self._program.hears(resource, given)
        learning = asyncio.ensure_future(self._program.learns(resource))
        self._learning.add(learning)  # the loop itself does not keep it
        learning.add_done_callback(self._learning.discard)

    async def transform(self, args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        """Guard a resource that carries calls, says who answers numbers, or which numbers there are."""
        token = token_of(args.type_)
        if token is None or not self._guards(member_of(token)):
            return None
        rows = [one.resource for one in await self._program.declares(token, args)]
        # A stack without numbers can be destroyed without its program: the provider looks at the rest.
        kept = args.opts.retain_on_delete
        ending = [one for one in rows if one.roles.dialled is not None and ends_calls(one) and not kept]
        ends = bool(ending)
        hooks = pulumi.ResourceHookBinding(
            before_create=[self._hook],
            before_update=[self._hook],
            before_delete=[self._tells_how, self._hook] if ends else None,
        )
        opts = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(hooks=hooks))
        protected = [one for one in ending if one.roles.answers and not self._may_go(one)]
        if not is_fleet(token):
            opts.protect = opts.protect or bool(protected)
            return pulumi.ResourceTransformResult(args.props, opts)
        # Each row by itself: the engine knows the fleet alone.
        keys = [key_of(one.urn) for one in protected]
        return pulumi.ResourceTransformResult({**args.props, PROTECTED: keys} if keys else args.props, opts)

    @staticmethod
    def _guards(token: str) -> bool:
        return bool(roles_of(token).dialled or carries(provider_for(token).model))

    async def judge(self, args: pulumi.ResourceHookArgs) -> None:
        """Right before a create, an update or a delete. Raises :class:`Refused` when callers would lose by it."""
        token = token_of(args.type) or ""
        was, is_ = await known(args.old_outputs), await known(args.new_inputs)  # secrets come as outputs
        saved = await self._program.saved() if is_fleet(token) else None
        found = hooked(token, args, was, is_, saved or [], self._program.declared)
        try:
            await self._judge_owners(
                [(one.old, one.new or self._new_copy(one.old)) for one in found if one.old is not None]
            )
            writes = [
                self._write(one.new, one.was, one.given)
                for one in found
                if one.new is not None and one.given is not None
            ]
            if writes:
                await self._require_answers(writes)
            for write in writes:
                require_allowed(write, self._approvals)
        except Refused as refused:
            if not self._tells:
                raise
            say.warn(f"guard: {refused}")
        self._program.made |= {one.new.urn for one in found if one.old is None and one.new is not None}
        self._program.ended |= {one.old.urn for one in found if one.old is not None and one.new is None}

    def _write(self, new: Resource, was: Mapping[str, Any] | None, given: Mapping[str, Any]) -> Write:
        provider = provider_for(new.type)
        checked, _ = provider.checked(arguments(given))
        there = self._program.declared.get(new.urn)
        loose = there.loose if there is not None else frozenset()
        told = there.args if there is not None else {}  # where calls go to what the run is to make, an id stands for it
        args = {name: told.get(name, value) if unknown(value) else value for name, value in checked.items()}
        return Write(provider, new.urn, new.id or None, was, args, loose)

    def _new_copy(self, old: Resource) -> Resource | None:
        """What stands for the same numbers from now on, where this run has made a new copy of what ends. A destroy
        that runs the program has not."""
        there = self._program.declared.get(old.urn) if old.urn in self._program.made else None
        return there.resource if there is not None else None

    async def _judge_owners(self, pairs: Sequence[tuple[Resource, Resource | None]]) -> None:
        """The rows of a fleet are judged together, so that a refusal names the numbers of all of them."""
        changes: list[Change] = []
        for old, new in pairs:
            if old.roles.records:
                # Who answers a number is in the state, whether the program has come to it already or not.
                owners = await self._owners() if may_silence(old, new) else []
                changes += silenced(old, new, owners)
        answers = [(old, new) for old, new in pairs if old.roles.answers]

        def handed() -> list[Change]:
            return [change for old, new in answers for change in handed_on(old, new, self._others(old))]

        if answers:
            changes += await self._when_all_is_said(handed)
        self._require(list(dict.fromkeys(changes)))

    async def _require_answers(self, writes: Sequence[Write]) -> None:
        matter = [write for write in writes if matters(write, off_too=True) or hands_on(write)]
        saved = await self._program.saved() if matter else None
        if saved is not None:
            found = await self._when_all_is_said(lambda: self._program.worse(saved, matter))
            there = {one.urn for one in saved}
            copies = [_named(write) for write in matter if write.id is None and write.urn in there]
            because = f"{some_of(copies, _MOST_NAMED)} would be replaced" if copies else ""
            refuse(found, saved, self._approvals, tell=pulumi.runtime.is_dry_run(), because=because)

    def judge_what_leaves(self) -> None:
        """When the program has declared everything, and before the engine deletes the rest.

        Raises :class:`pulumi.RunError` when callers would lose by it: then the engine deletes nothing.
        """
        saved = self._program.saved_now()
        leaving = self._program.leaving(saved or [])
        for one in leaving:
            if one.protected:
                needed = handed_on(one, None, self._others(one))
                say.warn(
                    f"guard: {one.type} {one.name!r} is protected, because callers reach its numbers, and leaves the "
                    "program. A new name takes an alias. To delete it: declare it still, have the release of its "
                    "numbers approved, and run `pulumi up`; then take it out."
                    + "".join(f"\n{line}" for line in ways_out(needed).splitlines())
                )
        ends = [Write(provider_for(one.type), one.urn, one.id, one.props, None) for one in leaving if not one.kept]
        carrying = [_named(write) for write in ends if carries(write.provider.model)]
        if carrying:
            because = f"the program declares no more: {some_of(carrying, _MOST_NAMED)}"
            try:
                refuse(self._program.worse(saved or [], ends), saved or [], self._approvals, because=because)
            except Refused as refused:
                if not self._tells:
                    raise pulumi.RunError(f"guard: {refused}") from None
                say.warn(f"guard: {refused}")

    async def _when_all_is_said(self, found: Callable[[], list[T]]) -> list[T]:
        """What is found when the program has declared nothing more for a moment.

        What makes up for a change may be declared right after it, so that the order must not decide.
        """
        first = found()
        for _ in range(_PAUSES if first else 0):
            so_far = len(self._program.declared)
            await asyncio.sleep(_PAUSE)
            first = found()
            if not first or len(self._program.declared) == so_far:
                break
        return first

    def _others(self, one: Resource) -> list[Resource]:
        """Who answers numbers beside a resource. What has its name is itself, or its new copy, which begins first."""
        there = (other.resource for urn, other in self._program.declared.items() if urn != one.urn)
        return [other for other in there if other.roles.answers]

    async def _owners(self) -> list[Resource]:
        """Who answers numbers now: the state's resources, without those that have ended in this run."""
        saved = await self._program.saved()
        if saved is None:
            return [one.resource for one in self._program.declared.values() if one.resource.roles.answers]
        return [one for one in saved if one.roles.answers and one.urn not in self._program.ended]

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
        return change.from_ == HIDDEN and any(entry.names(change) for entry in self._in_force(change.rule, change.to))

    def _may_go(self, one: Resource) -> bool:
        """Whether all the numbers may be released: each with an approval that says so, or in an emergency."""
        if RELEASE in broken_glass():
            return True
        given = one.at(one.roles.dialled)
        if given is UNKNOWN or (isinstance(given, list) and UNKNOWN in given):
            return False
        return all(self._releasable(held) for held in holdings(Facts([one]), [one]))

    def _releasable(self, held: Holding) -> bool:
        return any(
            held.number in entry.objects and (held.owner is UNKNOWN or entry.from_ == held.owner)
            for entry in self._in_force(RELEASE, left_with(held.resource))
        )

    def _in_force(self, rule: str, to: str) -> list[Approval]:
        """The approvals of a rule that give something to somebody, and have not expired."""
        today = datetime.now(UTC).date()
        there = self._approvals.entries
        return [entry for entry in there if (entry.rule, entry.to) == (rule, to) and not entry.expired(today)]


def _nothing(args: pulumi.ResourceHookArgs) -> None:
    """What a hook does that is there for its name."""


def _named(write: Write) -> str:
    return f"{noun_of(write.provider.token)} {standing.name(write.urn)!r}"


def ends_calls(one: Resource) -> bool:
    """Whether callers could lose by the end of a resource; what is not known yet counts as yes."""
    if one.roles.answers:
        return one.switch() is not False
    return bool(end_of(one)[1])
