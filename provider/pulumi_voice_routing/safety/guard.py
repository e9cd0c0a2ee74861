"""Judging a program's numbers while the engine runs it: a hook for changes and ends, and protection.

Hooks are functions of the running program, which the engine calls right before it updates or deletes a resource, in
previews too. The state notes their names, so that nothing that is guarded can be deleted without the program.
"""

from __future__ import annotations

import weakref
from datetime import UTC, datetime
from typing import Any

import pulumi
from pulumi.runtime import settings as engine

from ..errors import Refused, SettingsError
from ..lifecycle.provider import PROVIDER_KEY
from ..permission.approvals import Approvals, Change, broken_glass
from ..permission.needed import NOT_KNOWN, RELEASE
from ..permission.require import require_permission
from ..plan.facts import UNKNOWN, Before, Facts, Resource, plain, token_of
from ..plan.holdings import Holding, end_of, holdings, left_with
from ..plan.number_changes import number_changes
from ..plan.roles import roles_of
from ..registry import provider_for
from ..settings import Setting

__all__ = ["ends_calls", "guard"]

IN_PREVIEW = Setting("VOICE_ROUTING_GUARD_PREVIEW", "What guard() does in a preview", "refuse")
"""``refuse``; or ``tell``, for a preview that the gate is to judge as a whole. In the run itself it always refuses."""

_HOOK = "number-safety"
"""What the engine calls the hook, in its messages and in the state of every stack that is guarded."""

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


class _Guard:
    """The hook and the transform of one run, and what the program has declared so far."""

    def __init__(self, approvals: Approvals, *, tells: bool) -> None:
        self._approvals = approvals
        self._tells = tells
        self._answering: list[Resource] = []
        self._hook = pulumi.ResourceHook(_HOOK, self.judge, pulumi.ResourceHookOptions(on_dry_run=True))

    async def transform(self, args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
        """Guard a resource that says who answers numbers, or which numbers there are."""
        token = token_of(args.type_)
        if token is None or roles_of(token).dialled is None:
            return None
        given = {name: await _known(value) for name, value in args.props.items() if name != PROVIDER_KEY}
        checked, _ = provider_for(token).checked(given)  # the engine asks for that later, and says what is wrong
        one = Resource(token, args.name, _place(token, args.name), plain(checked))
        if one.roles.answers:
            self._answering.append(one)
        ends = ends_calls(one) and not args.opts.retain_on_delete
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
        new = [] if is_ is None else [Resource(token, args.name, args.urn, plain(is_), args.id)]
        # What has the same name is this resource itself, or what replaces it and begins before it ends.
        others = [one for one in self._answering if one.urn != _place(token, args.name)]
        before = [old] if old.roles.answers else [old, *others]
        try:
            self._require([one.change for one in number_changes(Facts([*others, *new], Before(before)))])
        except Refused as refused:
            if not self._tells:
                raise
            pulumi.log.warn(f"guard: {refused}")

    def _require(self, changes: list[Change]) -> None:
        for change in changes:
            if change.to == NOT_KNOWN and not self._approvals.allow(change):
                raise Refused(
                    f"{change.object} would go from {change.from_} to an owner that is not known yet. Make the new "
                    "owner in one `pulumi up` and move the number in the next, so that an approval can name it; "
                    "nothing was changed."
                )
        # In the run itself the provider tells what is permitted.
        require_permission(changes, self._approvals, tell=pulumi.runtime.is_dry_run())

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
