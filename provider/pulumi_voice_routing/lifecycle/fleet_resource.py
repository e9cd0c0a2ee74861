"""What a program writes for many objects of one type: a fleet, and its rows, each of which reads as a resource."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Generic, TypeVar

import pulumi
from pulumi.dynamic.dynamic import serialize_provider

from .. import registry, say
from ..errors import short_line, some_of
from .declaring import (
    Many,
    refuse_misplaced,
    refuse_other_options,
    sent,
    short_stack_traces,
    tell_of_declared,
    users_line,
    warn_of_unknown,
)
from .ended_runs import hear_the_end
from .fleet_rows import IDS, NOTES, ROWS, SOURCE, Kept, argument_of, kept_of, path_start, row_name
from .fleet_table import Given, Rows, Table, never_used, rows_with
from .meaning import Existing
from .model import unknown
from .provider import PROVIDER_KEY, STORED_AS, Lifecycle
from .saved_rows import saved_keys, saved_outputs
from .taking_over import told

R = TypeVar("R", bound=pulumi.CustomResource)

_MOST_SAID = 20
"""How many problems of rows are told one by one."""
_ID = "id"
_OF_ONE = ("replace_on_changes", "additional_secret_outputs")
"""Options that name arguments to the engine, which looks for them in the fleet itself, and finds none."""


class Fleet(pulumi.CustomResource, Many, Generic[R]):
    """Many objects of one type, as one resource. ``fleet["denver"]`` is one of them."""

    rows: pulumi.Output[dict[str, Any]]
    """The arguments of each, by key."""
    ids: pulumi.Output[dict[str, str]]
    """The id of each, by key."""

    def __init__(
        self,
        type_: type[R],
        provider: Lifecycle,
        resource_name: str,
        rows: Rows,
        key: str,
        opts: pulumi.ResourceOptions | None,
        shared: Mapping[str, Any],
    ) -> None:
        """What ``fleet`` of a resource type does."""
        what = f"{provider.vendor}.{type_.__name__}.fleet {resource_name!r}"
        try:
            refuse_other_options(opts)
            if provider.no_fleet:
                raise ValueError(f"there are no fleets of this type: {provider.no_fleet}")
            if opts is not None and opts.import_ is not None:
                raise ValueError("import_ names one object; give each row an adopt_id, or say adopt=True")
            table = Table.of(rows)
            given: dict[str, Given] = {}
            for one in rows_with(table, key, shared, provider.model):
                _refuse_misplaced(provider, one)
                given[one.key] = one._replace(args={name: sent(what, it) for name, it in one.args.items()})
        except ValueError as error:
            raise pulumi.RunError(f"{users_line()}{what}: {error}") from None
        if problems := list(_problems(provider, given.values())):
            more = [f"and {len(problems) - _MOST_SAID} more problems"] if len(problems) > _MOST_SAID else []
            lines = [*map(short_line, problems[:_MOST_SAID]), *more]
            raise pulumi.RunError("\n".join(f"{users_line()}{what}: {line}" for line in lines))
        warn_of_unknown(what, provider, opts)
        for option in _OF_ONE:
            if getattr(opts, option, None):
                say.warn(f"{users_line()}{what}: {option} is about one object, and does nothing for rows")
        for why in never_used(table, shared):
            say.warn(f"{users_line()}{what}: {why}")
        self._of, self._lifecycle = type_, provider
        self._keys = dict.fromkeys(given)
        self._made: dict[str, R] = {}
        self._saved: asyncio.Future[Mapping[str, Any]] | None = None
        secret = {name for name, field in provider.model.items() if field.secret}
        declared = {
            one.key: {name: pulumi.Output.secret(it) if name in secret else it for name, it in one.args.items()}
            for one in given.values()
        }
        self._made_of = {
            key: made
            for key, args in declared.items()
            if (made := {name: it for name, it in args.items() if _later(it)})
        }
        self._ignored = set(map(argument_of, (opts.ignore_changes if opts else None) or ()))
        props: dict[str, Any] = {ROWS: declared, IDS: None, NOTES: None}
        if table.source:
            props[SOURCE] = {"file": table.source, "key": key}
        props[PROVIDER_KEY] = serialize_provider(registry.provider_for(provider.token + registry.FLEET))
        vendor, _, name = provider.token.partition(":")
        fleet = f"pulumi-python:dynamic/{vendor}:{name}{registry.FLEET}"
        hear_the_end()
        with short_stack_traces():
            super().__init__(fleet, resource_name, props, _options(opts, given, fleet))
        tell_of_declared(self, props)
        if pulumi.runtime.is_dry_run():
            first = provider.model.all_meant_by(Existing) & {"adopt", "adopt_id"}
            for one in given.values():
                if any(one.args.get(name) for name in first):
                    told().expect(self[one.key].id.is_known, pulumi.Output.all(**one.args), provider)

    def __getitem__(self, key: str) -> R:
        """One of them, as a resource of its own: its ``id``, its arguments, and itself where a resource is taken."""
        if key not in self._keys:
            import difflib

            near = difflib.get_close_matches(str(key), list(self._keys), n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise pulumi.RunError(f"{users_line()}the fleet {self._name!r} has no row {key!r}{hint}")
        if key not in self._made:
            row = self._of.__new__(self._of)
            row.__dict__.update(
                id=self._output(key, _ID),
                urn=self.urn,
                _name=row_name(self._name, key),
                _type=self._of.__name__,
                _childResources=set(),
                _read=lambda name: self._output(key, name),
            )
            self._made[key] = row
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, key: object) -> bool:
        return key in self._keys

    def keys(self) -> list[str]:
        """The keys of all rows, in their order."""
        return list(self._keys)

    def values(self) -> list[R]:
        """All rows, in their order."""
        return [self[key] for key in self._keys]

    def items(self) -> list[tuple[str, R]]:
        """All rows with their keys, in their order."""
        return [(key, self[key]) for key in self._keys]

    def _output(self, key: str, name: str) -> pulumi.Output[Any]:
        found = asyncio.ensure_future(self._find(key, name))

        async def part(place: int) -> Any:
            return (await found)[place]

        value, is_known, is_secret = (asyncio.ensure_future(part(place)) for place in range(3))
        return pulumi.Output({self}, value, is_known, is_secret)

    async def _find(self, key: str, name: str) -> tuple[Any, bool, bool]:
        """A value of a row, whether it is known, and whether it is secret.

        In the preview of an update the engine tells outputs no more than for a new resource. Which ids rows have is in
        the state of the stack, and an object that stays keeps its id.
        """
        bags = {one: pulumi.get(self, one) for one in (ROWS, IDS, NOTES)}
        outs = {one: await bag.future(with_unknowns=True) for one, bag in bags.items()}
        row: Mapping[str, Any] = (outs[ROWS] or {}).get(key) or {}
        if name in row:
            value, hidden = row[name], await bags[ROWS].is_secret() and await self._is_secret(key, name)
            return (None, False, hidden) if unknown(value) else (value, True, hidden)
        # A preview of what changes tells no more than the arguments.
        told = not pulumi.runtime.is_dry_run() or await bags[IDS].is_known()
        kept = kept_of(outs if told else await self._before_the_run(), key)
        if kept is None:
            return None, told, False
        if name == _ID:
            goes_on = told or _goes_on(self._lifecycle, kept, row)
            return (kept.id, True, False) if goes_on else (None, False, False)
        return (kept.outs.get(name), True, False) if told else (None, False, False)

    async def _is_secret(self, key: str, name: str) -> bool:
        """Whether that value is secret; the SDK calls all rows secret when one value of them is."""
        if name in self._ignored:  # it is what the state has, and not what the program says
            return True
        made_of = self._made_of.get(key, {}).get(name)
        return made_of is not None and await pulumi.Output.from_input(made_of).is_secret()

    async def _before_the_run(self) -> Mapping[str, Any]:
        """The outputs in the state, looked up once for all rows."""

        async def look() -> Mapping[str, Any]:
            return await saved_outputs(await self.urn.future() or "")

        if self._saved is None:
            self._saved = asyncio.ensure_future(look())
        return await self._saved


def _goes_on(provider: Lifecycle, saved: Kept, row: Mapping[str, Any]) -> bool:
    """Whether the run leaves a row's object in its place: nothing that never changes is another one."""
    fixed = [field for field in provider.model.values() if field.immutable]
    return all(
        not unknown(row.get(one.name)) and provider.means_same(one, saved.outs.get(one.name), row.get(one.name))
        for one in fixed
        if one.name in row
    )


def _later(value: Any) -> bool:
    """Whether any of it is an output, as all that is secret is."""
    if isinstance(value, Mapping):
        return any(map(_later, value.values()))
    return any(map(_later, value)) if isinstance(value, list) else isinstance(value, pulumi.Output)


def _problems(provider: Lifecycle, rows: Iterable[Given]) -> Iterator[str]:
    """Everything that is wrong, each with the rows that it is wrong with."""
    wrong: dict[str, list[str]] = {}
    for one in rows:
        for failure in provider.checked(one.args)[1]:
            said = f"{failure.path}: {failure.reason}" if failure.path else failure.reason
            wrong.setdefault(said, []).append(one.place)
    for said, places in wrong.items():
        yield f"{'row' if len(places) == 1 else 'rows'} {some_of(places)}: {said}"


def _refuse_misplaced(provider: Lifecycle, one: Given) -> None:
    try:
        refuse_misplaced(provider.model, one.args)
    except ValueError as error:
        raise ValueError(f"row {one.place}: {error}") from None


def _options(opts: pulumi.ResourceOptions | None, given: Iterable[str], type_: str) -> pulumi.ResourceOptions:
    """The options with what they say of arguments said of each row; of a new row the engine would leave out what it is
    told to ignore."""
    hidden = pulumi.ResourceOptions(additional_secret_outputs=[STORED_AS])
    rest = pulumi.ResourceOptions.merge(opts, hidden)
    if rest.ignore_changes:
        there = saved_keys(type_)
        keys = [key for key in given if there is None or key in there]
        rest.ignore_changes = [path_start(key) + path for path in rest.ignore_changes for key in keys]
    return rest


__all__ = ["Fleet"]
