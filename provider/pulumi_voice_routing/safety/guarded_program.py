"""What a guarded program has declared so far, beside what the state of its stack holds."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, NamedTuple

import pulumi
from pulumi.output import Unknown

from ..call_flow.judgement import CallChange
from ..lifecycle import meaning as means
from ..lifecycle import references
from ..lifecycle.fleet_resource import Fleet
from ..lifecycle.fleet_rows import row_urn
from ..lifecycle.provider import PROVIDER_KEY
from ..lifecycle.saved_rows import before_the_run
from ..lifecycle.writes import Declared, Write
from ..permission.approvals import Change
from ..plan.facts import Resource, plain, saved_resources, token_of
from ..plan.fleets import member_of
from ..plan.holdings import numbers_of
from ..plan.pulumi_cli import EngineError
from ..plan.queues import Named, named_by
from ..plan.roles import roles_of
from ..plan.rows import rows_in
from ..registry import provider_for
from .after_write import After, Key
from .before_write import is_asked_about, worse
from .extension_rules import not_there_yet

__all__ = ["Declaration", "GuardedProgram", "arguments", "known"]


_FIRST_NEW = 10**18
"""Where the numbers begin that stand for what the run is to make: no vendor counts so far."""


class Declaration(NamedTuple):
    """A resource as the program gives it."""

    resource: Resource
    args: dict[str, Any]
    """Its arguments in canonical form, with what is not known yet."""
    loose: frozenset[str] = frozenset()
    """The arguments that are made of no other resource of this package."""


class GuardedProgram:
    """One run of a program."""

    def __init__(self) -> None:
        self.declared: dict[str, Declaration] = {}
        """By URN."""
        self.ids: dict[str, str] = {}
        """The ids that the engine has told of what is declared, by URN."""
        self._given: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
        """The arguments as the program gives them, by the engine's type and the name: of those with different parents
        all that have the same."""
        self._new: dict[str, str] = {}
        """Ids that stand for what the run is to make, by URN. Nobody has told them yet; a preview never does."""
        self.ended: set[str] = set()
        """The URNs of what was deleted in this run."""
        self.made: set[str] = set()
        """The URNs of what was created in this run."""
        self._in_use: frozenset[Named] | None = None
        self._state: asyncio.Future[list[Resource] | None] | None = None
        self._reader = ThreadPoolExecutor(max_workers=1)
        """A thread of its own: those of the program may all wait for resources, and these wait for the guard."""

    async def declares(self, token: str, args: pulumi.ResourceTransformArgs) -> list[Declaration]:
        """The program declares a resource of this package, or a fleet of many."""
        given_as = self._given.get((args.type_, args.name)) or [args.props]
        given = {name: await known(value) for name, value in args.props.items() if name != PROVIDER_KEY}
        if len(given_as) == 1 and _hands_out_calls(token):
            given = {name: await self._with_new(given_as[0].get(name), value) for name, value in given.items()}
        urn = await _urn(args)
        aliases = frozenset(_was(alias, urn) for alias in args.opts.aliases or ())
        loose = frozenset(
            [name for name in args.props if not any([await _made_of_others(one.get(name)) for one in given_as])]
        )
        provider = provider_for(member_of(token))
        found = []
        for one in rows_in(Resource(token, args.name, urn, given, aliases=aliases)):
            checked, _ = provider.checked(one.props)  # the engine asks for that later, and says what is wrong
            found.append(Declaration(replace(one, props=plain(checked)), checked, loose))
        self.declared.update((one.resource.urn, one) for one in found)
        return found

    def hears(self, resource: pulumi.CustomResource, given: Mapping[str, Any]) -> None:
        """The program declares a resource of this package with these arguments."""
        key = (resource.pulumi_resource_type, resource.pulumi_resource_name)
        self._given.setdefault(key, []).append(given)

    async def _with_new(self, given: Any, told: Any) -> Any:
        """What is told of a value, with ids that stand for the objects in it that the run is to make."""
        if isinstance(told, Unknown):
            made = await given.resources() if isinstance(given, pulumi.Output) else ()
            ids = [await self._stands_for(await known(one.urn)) for one in made if token_of(one.pulumi_resource_type)]
            return ids[0] if len(ids) == 1 and ids[0] else told
        if isinstance(told, dict) and isinstance(given, Mapping):
            return {name: await self._with_new(given.get(name), value) for name, value in told.items()}
        if isinstance(told, list) and isinstance(given, list | tuple) and len(told) == len(given):
            return [await self._with_new(one, value) for one, value in zip(given, told, strict=True)]
        return told

    async def _stands_for(self, urn: str) -> str | None:
        """The id that stands for an object; nothing for one that the state knows, or whose parent is not known yet."""
        one = self.declared.get(urn)
        if urn in self._new or one is None:
            return self._new.get(urn)
        there = {saved.urn for saved in await self.saved() or ()}
        parent = one.resource.role(means.Inside)
        if not isinstance(parent, str) or not there.isdisjoint((urn, *one.resource.aliases)):
            return None
        self._new[urn] = references.join(parent, _FIRST_NEW + len(self._new))
        return self._new[urn]

    async def learns(self, resource: pulumi.CustomResource) -> None:
        """The engine has run a resource of the program: what it is called at the vendor.

        Whether the state tells that as well depends on when it was asked for.
        """
        try:
            urn = await resource.urn.future()
            found = await (resource.ids if isinstance(resource, Fleet) else resource.id).future()
        except Exception:  # it failed, which the engine tells
            return
        if urn and isinstance(found, Mapping):
            self.ids.update((row_urn(urn, key), str(id_)) for key, id_ in found.items())
        elif urn and found:
            self.ids[urn] = str(found)

    async def saved(self) -> list[Resource] | None:
        """The state as it was when it was first asked for; nothing when it cannot be read from here."""
        if self._state is None:
            run = contextvars.copy_context().run  # the SDK keeps what it knows of the run in there
            self._state = asyncio.get_running_loop().run_in_executor(self._reader, run, _exported)
        return await self._state

    def saved_now(self) -> list[Resource] | None:
        """The same, outside of the program's own thread."""
        done = self._state is not None and self._state.done()
        return self._state.result() if self._state is not None and done else _exported()

    def leaving(self, saved: Sequence[Resource]) -> list[Resource]:
        """What the state has and the program does not declare."""
        stay = {urn for one in self.declared.values() for urn in (one.resource.urn, *one.resource.aliases)}
        return [one for one in saved if one.urn not in stay and one.urn not in self.ended]

    def worse(self, saved: Sequence[Resource], writes: Sequence[Write]) -> list[tuple[Change, CallChange]]:
        """What would become worse for callers by these writes and all else that is declared: the same question that
        the provider asks, about what the state has."""
        new = [not_there_yet(one.provider.token, one.urn, one.args or {}) for one in writes if one.olds is None]
        there = [one for one in saved if one.urn not in self.ended]
        there += [one for one in new if one is not None]
        ids = {one.urn: one for one in there}
        declared = []
        for urn, one in self.declared.items():
            was = next((ids[name] for name in (urn, *one.resource.aliases) if name in ids), None)
            id_ = self.ids.get(urn) or (was.id if was else None)
            made = None if id_ else self._new.get(urn)
            there_as = was.urn if was else urn
            declared.append(Declared(one.resource.type, there_as, one.args, id_ or made, new=made is not None))
        writes = [replace(one, id=self._new.get(one.urn)) if one.id is None else one for one in writes]
        # What is made in the place of an old copy ends that as well.
        olds = [(one, ids[one.urn]) for one in writes if one.olds is None and one.urn in ids]
        ends = [Write(one.provider, one.urn, old.id, old.props, None) for one, old in olds]
        after = After(there, declared, [*ends, *writes])
        # For numbers that are given up, or go to whom the state does not know, there are permissions of their own.
        told = {number for number, owner in after.moved.items() if not after.knows(owner)}
        told |= _answered(there) - _answered(after.resources)
        # No permission of its own is asked for when a number ends that only the telephone system knows. It goes on when
        # another resource of the program has it.
        stay = {(one.type, one.id) for one in after.resources}
        named = {(one.resource.type, one.resource.role(means.Extension)) for one in self.declared.values()}
        groups = [one for one in there if one.roles.has(means.Extension) and (one.type, one.id) not in stay]
        ended = [one for one in groups if (one.type, one.role(means.Extension)) not in named]
        found = worse(there, after.resources, self._named(saved), ended)
        return [
            (change, calls)
            for change, calls in found
            if is_asked_about(calls) and calls.number not in told and not _named_by_its_move(calls, after.moved)
        ]

    def _named(self, saved: Sequence[Resource]) -> frozenset[Named]:
        """The queues and IVRs to which calls went before the run."""
        if self._in_use is None:
            self._in_use = named_by(saved)
        return self._in_use


def _named_by_its_move(calls: CallChange, moved: Mapping[str, Key]) -> bool:
    """Whether who approves that the number gets another owner names the queue that may not exist."""
    owner = moved.get(calls.number)
    return owner is not None and calls.only_strange and all(end.what == owner[1] for end in calls.strange)


def _answered(resources: Iterable[Resource]) -> set[str]:
    """The numbers that somebody answers."""
    return {number for one in resources if one.roles.answers for number in numbers_of(one)}


async def known(value: Any) -> Any:
    """A value as far as it is known; what is secret or made of other resources comes as an output."""
    return await pulumi.Output.from_input(value).future(with_unknowns=True)


def _hands_out_calls(token: str) -> bool:
    """Whether a type says what gets calls of another object, and when, or switches objects on."""
    roles = roles_of(token)
    return bool(roles.shares or roles.hourly_shares or roles.has(means.Switches))


async def _made_of_others(value: Any) -> bool:
    """Whether a value is made of other resources of this package."""
    if isinstance(value, pulumi.Output):
        return any(token_of(one.pulumi_resource_type) for one in await value.resources())
    parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    return any([await _made_of_others(part) for part in parts])


async def _urn(args: pulumi.ResourceTransformArgs) -> str:
    """The URN that the engine will give to a resource."""
    parent = args.opts.parent
    above = await known(parent.urn) if parent is not None else None
    start = f"urn:pulumi:{pulumi.get_stack()}::{pulumi.get_project()}"
    return f"{start}::{_inside(above)}{args.type_}::{args.name}"


def _was(alias: Any, urn: str) -> str:
    """The URN that an alias stands for, as the engine is told of it."""
    if isinstance(alias, str):
        return alias
    start, project, types, name = urn.split("::", 3)
    inside, dollar, type_ = types.rpartition("$")
    inside = inside + dollar if alias.parent is ... else _inside(alias.parent)
    start = start if alias.stack is ... else f"urn:pulumi:{alias.stack}"
    given = [was if was is not ... else is_ for was, is_ in ((alias.project, project), (alias.type_, type_))]
    return f"{start}::{given[0]}::{inside}{given[1]}::{name if alias.name is ... else alias.name}"


def _inside(parent: str | None) -> str:
    """What stands before the type of a resource that has a parent; the stack itself is none."""
    types = parent.split("::")[2] if parent and parent.count("::") > 2 else ""
    return "" if types in ("", "pulumi:pulumi:Stack") else f"{types}$"


def arguments(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """What the program gives among the inputs of a resource."""
    return {name: value for name, value in inputs.items() if not name.startswith("__") and value is not None}


def _exported() -> list[Resource] | None:
    """What the user's own ``pulumi`` says of the stack that runs."""
    try:
        return list(saved_resources(before_the_run().result()))
    except (EngineError, AttributeError, KeyError, TypeError, ValueError):
        return None
