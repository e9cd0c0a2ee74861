"""Many objects of one type in one resource, each with the life of a resource of its own.

Every row is handed to the lifecycle of its type, with a URN of its own, so that checks, adoption, drift, what stands
for what, and everything that is asked before a write are those of a single resource. Only the engine sees one
resource. It ends objects last, when all that used them is done. So a fleet that loses rows is replaced by a new copy
of itself: the rows that stay are not touched, and those that the new copy does not have end with the old one.
"""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pulumi import dynamic
from pulumi.output import Unknown

from .. import registry
from ..errors import VoiceRoutingError, short_line
from ..masking import masked
from . import new_copies, other_processes, plugin, standing, writes
from .fleet_rows import PROTECTED, ROWS, SOURCE, Kept, argument_of, packed, path_start, row_urn, unpacked
from .fleet_work import Work, Wrong, failed, permitted_by, said_of
from .model import Values
from .provider import MANAGED, PROVIDER_KEY, Lifecycle, Partly, reported

_PROTECTED = (
    "it is protected. To end it, keep declaring it, take its protection off (with guard(), an approval of its end does "
    "that), and run `pulumi up`; then take it out"
)
_MOST_SAID = 20
"""How many rows with something wrong a check tells one by one."""


def _protected(keys: Sequence[str]) -> dict[str, Wrong]:
    """Rows of the fleet at hand that may not end yet, with the release of their numbers."""
    urns = {key: row_urn(plugin.urn(), key) for key in keys}
    needed = writes.needed_to_end(urns.values()) if urns else {}
    return {key: Wrong(_PROTECTED, tuple(needed.get(urn, ()))) for key, urn in urns.items()}


@dataclass
class _Plan:
    """What the last diff of this process found."""

    olds: dict[str, Kept]
    ops: dict[str, str] = field(default_factory=dict)
    """By key: ``same``, ``update``, ``replace`` or ``create``."""
    ignored: dict[str, Values] = field(default_factory=dict)
    """By key: the arguments whose changes are ignored, as they stay. The engine does not ignore them in the check of a
    new copy of the fleet."""
    paths: list[str] = field(default_factory=list)
    """What the program ignores; the create of a new copy is not told."""


_lock = threading.Lock()
_plans: dict[str, _Plan] = {}
"""By URN. A create that replaces an old copy is not told what that was."""


class FleetProvider(dynamic.ResourceProvider):
    """The provider of the fleets of one type."""

    serialize_as_secret_always = False

    def __init__(self, member: Lifecycle) -> None:
        self.member = member
        self.token = member.token + registry.FLEET

    def __reduce__(self) -> tuple[Callable[[str], Any], tuple[str]]:
        return registry.provider_for, (self.token,)

    @property
    def vendor(self) -> str:
        """The vendor's name, as it starts every line."""
        return self.member.vendor

    @reported
    def configure(self, req: dynamic.ConfigureRequest) -> None:
        self.member.configure(req)

    @reported
    def check(self, _olds: Values, news: Values) -> dynamic.CheckResult:
        rows = news.get(ROWS)
        if not isinstance(rows, Mapping):  # not known yet as a whole
            return dynamic.CheckResult(news, [])
        if not _olds:
            rows = _with_ignored(rows)
        checked: Values = {}
        wrong: dict[str, Wrong] = {}
        for key, here in self._rows(rows).items():
            row = rows[key]
            with plugin.as_row(here):
                olds = (_olds.get(ROWS) or {}).get(key) or standing.before(here.urn)
                try:
                    result = self.member.check(olds, row)
                except VoiceRoutingError as error:
                    wrong[key] = Wrong.of(error)
                    continue
            checked[key] = {name: value for name, value in result.inputs.items() if name != PROVIDER_KEY}
            if result.failures:
                wrong[key] = Wrong("; ".join(failure.reason for failure in result.failures))
        kept = _olds.get(PROTECTED) or ()
        wrong |= _protected([key for key in kept if key not in rows or self._gives_way(key, _olds, checked)])
        said = [short_line(line) for line in said_of(self.vendor, wrong, news.get(SOURCE), _MOST_SAID)]
        said = ["\n".join([*said[-1:], *masked(permitted_by(wrong)).splitlines()]), *said[:-1]] if said else []
        failures = [dynamic.CheckFailure("", line) for line in said]
        return dynamic.CheckResult({**news, ROWS: {**rows, **checked}}, failures)

    @reported
    def diff(self, _id: str, _olds: Values, _news: Values) -> dynamic.DiffResult:
        rows, plan = _news.get(ROWS), _Plan(unpacked(_olds), paths=plugin.ignored_paths())
        if not isinstance(rows, Mapping):  # what it depends on is replaced, and may have to end after it
            return dynamic.DiffResult(changes=True, replaces=[ROWS] if self._goes_with_its_owner(plan) else [])
        wrong: dict[str, Wrong] = {}
        for key, here in self._rows(rows).items():
            with plugin.as_row(here):
                try:
                    plan.ops[key] = self._op(plan.olds.get(key), rows[key])
                except VoiceRoutingError as error:
                    wrong[key] = Wrong.of(error)
            if here.ignored and key in plan.olds:
                plan.ignored[key] = {name: rows[key].get(name) for name in map(argument_of, here.ignored)}
        if wrong:
            raise failed(self.vendor, wrong, _news.get(SOURCE), len(rows), wrote=False)
        leaving = plan.olds.keys() - rows.keys()
        ops = set(plan.ops.values())
        moved = isinstance(_news.get(PROVIDER_KEY), Unknown) or _olds.get(PROVIDER_KEY) != _news.get(PROVIDER_KEY)
        replaced = leaving or ("replace" in ops and not self.member.delete_before_replace)
        changes = bool(leaving or moved or ops - {"same"})
        paths = dict(_paths(plan, rows, sorted(leaving)))
        with _lock:  # of what stays as it is nobody asks again
            _plans.update({plugin.urn(): plan} if changes else {})
        return plugin.DetailedDiff(changes, [ROWS] if replaced else [], paths)

    @reported
    def create(self, props: Values) -> dynamic.CreateResult:
        name = standing.name(plugin.urn()) or uuid.uuid4().hex
        with _lock:
            plan = _plans.get(plugin.urn()) or _Plan({})
        if not plan.olds:
            return dynamic.CreateResult(name, self._brought(name, plan, props))
        try:
            outs = self._brought(name, plan, props)
        except Partly as part:
            self._tell_of(part.outs)
            raise
        self._tell_of(outs)
        return dynamic.CreateResult(name, outs)

    @reported
    def update(self, _id: str, _olds: Values, _news: Values) -> dynamic.UpdateResult:
        with _lock:
            plan = _plans.get(plugin.urn()) or _Plan(unpacked(_olds))
        return dynamic.UpdateResult(self._brought(_id, plan, _news))

    @reported
    def read(self, id_: str, props: Values) -> dynamic.ReadResult:
        given = plugin.inputs_of_rows()
        given_rows: Mapping[str, Any] = (given or {}).get(ROWS) or {}
        olds = unpacked(props)
        outs: dict[str, Kept] = {}
        inputs: dict[str, Values] = {}

        def look(key: str) -> None:
            result = self.member.read(olds[key].id, olds[key].outs)
            if result.id:
                outs[key] = Kept(result.id, result.outs or {})
                inputs[key] = dict(result.inputs or {})

        here = self._rows(olds, None if given is None else given_rows)
        work = Work(self.vendor, look, here, said=f"looking at {standing.name(plugin.urn())}")
        if work.wrong:
            raise failed(self.vendor, work.wrong, props.get(SOURCE), len(olds), wrote=False)
        if olds and not outs:
            return dynamic.ReadResult("", {})
        kept = {SOURCE: props[SOURCE]} if SOURCE in props else {}
        rest = {name: value for name, value in (given or kept).items() if name not in (ROWS, PROVIDER_KEY)}
        in_order = {key: inputs[key] for key in olds if key in inputs}
        return dynamic.ReadResult(id_, {**packed(outs, self.member.model), **kept}, {**rest, ROWS: in_order})

    @reported
    def delete(self, _id: str, _props: Values) -> None:
        olds = unpacked(_props)
        told = other_processes.told(plugin.urn())
        stays = {one.urn: one.id for one in writes.declared()} or told
        here = self._rows(olds)
        going = {key: row for key, row in here.items() if stays.get(row.urn) != olds[key].id}

        kept = _protected([key for key in (plugin.inputs_of_rows() or {}).get(PROTECTED) or () if key in going])
        if kept:
            raise failed(self.vendor, kept, _props.get(SOURCE), len(going))

        def end(key: str) -> None:
            self.member.delete(olds[key].id, olds[key].outs)

        work = Work(self.vendor, end, going, said=f"ending {standing.name(plugin.urn())}")
        if work.wrong:
            raise failed(self.vendor, work.wrong, _props.get(SOURCE), len(going))

    # Steps

    def _tell_of(self, outs: Values) -> None:
        """What a new copy has, for whoever ends the old one."""
        urn = plugin.urn()
        other_processes.tell(urn, {row_urn(urn, key): row.id for key, row in unpacked(outs).items()})

    def _goes_with_its_owner(self, plan: _Plan) -> bool:
        """Whether rows of which nothing is known are other objects, because what they name is."""
        names = [name for name, field in self.member.model.items() if field.immutable and field.stands_for]
        unsaid: Values = {name: Unknown() for name in names}  # type: ignore[no-untyped-call]
        for here in self._rows(plan.olds).values():
            with plugin.as_row(here):
                return bool(new_copies.replacing(self.member, names, unsaid))
        return False

    def _gives_way(self, key: str, olds: Values, rows: Values) -> bool:
        """Whether the object of a row is to be another one."""
        changed = self.member.changed((olds.get(ROWS) or {}).get(key) or {}, rows.get(key) or {})
        return any(self.member.model[name].immutable for name in changed)

    def _rows(
        self, keys: Iterable[str], inputs: Mapping[str, Any] | None = None, paths: Iterable[str] = ()
    ) -> dict[str, plugin.Row]:
        """What requests about the rows are told; ``inputs`` are the old ones, by key, and ``paths`` what is ignored,
        where the request does not say so."""
        urn, paths = plugin.urn(), plugin.ignored_paths() or paths
        return {
            key: plugin.Row(row_urn(urn, key), None if inputs is None else inputs.get(key), _ignored(key, paths))
            for key in keys
        }

    def _op(self, old: Kept | None, row: Values) -> str:
        if old is None:
            return "create"
        result = self.member.diff(old.id, old.outs, row)
        return "replace" if result.replaces else "update" if result.changes else "same"

    def _brought(self, id_: str, plan: _Plan, news: Values) -> Values:
        """Bring all rows to what is declared, side by side, and return the outputs.

        Raises :class:`Partly` when some of it was not done: then the state has what was.
        """
        rows: Mapping[str, Values] = news[ROWS]
        outs = {key: plan.olds[key] for key in rows if key in plan.olds}
        here = self._rows(rows, paths=plan.paths)
        for key in rows:
            if key not in plan.ops:
                with plugin.as_row(here[key]):
                    plan.ops[key] = self._op(plan.olds.get(key), rows[key])

        def bring(key: str) -> None:
            old, op = plan.olds.get(key), plan.ops[key]
            try:
                if old is not None and op == "update":
                    outs[key] = Kept(old.id, self.member.update(old.id, old.outs, rows[key]).outs or {})
                    return
                if old is not None and self.member.delete_before_replace:
                    self.member.delete(old.id, old.outs)
                    outs.pop(key)
                made = self.member.create(rows[key])
                outs[key] = Kept(made.id, made.outs or {})
            except Partly as part:
                outs[key] = Kept(part.id, part.outs)
                raise

        todo = {key: row for key, row in here.items() if plan.ops[key] != "same"}
        work = Work(self.vendor, bring, todo, said=id_)
        said = {SOURCE: news[SOURCE]} if SOURCE in news else {}
        in_order = {key: outs[key] for key in rows if key in outs}
        result = {**packed(in_order, self.member.model), **said}
        if work.wrong:
            raise Partly(id_, result, failed(self.vendor, work.wrong, news.get(SOURCE), len(todo)))
        return result


def _paths(plan: _Plan, rows: Mapping[str, Values], leaving: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The paths of what differs, and how."""
    for key, op in plan.ops.items():
        if op == "create":
            yield _path(key), "add"
        elif op != "same":
            old = plan.olds[key].outs
            for name, value in rows[key].items():
                if old.get(name) != value:
                    yield f"{_path(key)}.{name}", "update" if name in old else "add"
            for name in sorted(set(old.get(MANAGED) or ()) - rows[key].keys()):
                yield f"{_path(key)}.{name}", "delete"
    yield from ((_path(key), "delete") for key in leaving)


def _path(key: str) -> str:
    return f"{ROWS}[{json.dumps(key, ensure_ascii=False)}]"


def _ignored(key: str, paths: Iterable[str]) -> frozenset[str]:
    """The arguments of a row among the paths of ``ignore_changes``, as :class:`FleetProvider` is told them."""
    start = path_start(key)
    return frozenset(path.removeprefix(start) for path in paths if path.startswith(start))


def _with_ignored(rows: Mapping[str, Values]) -> Mapping[str, Values]:
    """The rows of a new copy of a fleet, with what the program leaves to others as the last diff found it."""
    with _lock:
        plan = _plans.get(plugin.urn())
    if plan is None or not plan.ignored:
        return rows
    stays = plan.ignored
    return {
        key: {name: value for name, value in {**row, **stays.get(key, {})}.items() if value is not None}
        for key, row in rows.items()
    }


def forget() -> None:
    """Begin anew, as a new process does."""
    with _lock:
        _plans.clear()


__all__ = ["FleetProvider", "forget"]
