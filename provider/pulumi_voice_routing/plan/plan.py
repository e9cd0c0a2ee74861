"""What a preview says would happen to a stack."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from .facts import UNKNOWN, Before, Facts, Resource, entries_of, plain, saved_resources, token_of
from .fleets import declared_rows, engine_urn, is_fleet, key_of, row_op
from .preview import HOW, Entry, PlanError, PolicyViolation, Preview, checked_state, read_preview
from .rows import made_of_rows

__all__ = ["Plan", "PlanError", "PlanHash", "Step", "plan_of", "read_plan"]

_NOT_A_CHANGE = frozenset({"same", "refresh", "read"})
_ENDS = frozenset({"delete", "delete-replaced", "discard", "discard-replaced", "remove-pending-replace"})
"""Steps whose new state, if there is one, is not what the program declares."""
_REPLACEMENT = frozenset(
    {"replace", "create-replacement", "read-replacement", "import-replacement"}
    | {"delete-replaced", "discard-replaced", "remove-pending-replace"}
)
"""The steps of which a resource may have several."""
_DEFAULT_PROVIDER = re.compile(r"::pulumi:providers:[^:]+::default[^:]*$")
"""What only some forms of a preview show: the engine makes it, and no program."""
_DIGITS = 32


@dataclass(frozen=True)
class Step:
    """What the engine would do to one resource."""

    urn: str
    ops: tuple[str, ...]
    """``same``, ``create``, ``update``, ``delete``; a replacement has several, such as ``replace``."""
    before: Resource | None = None
    after: Resource | None = None
    source: str = ""
    """Where in the project the program declares it, such as ``__main__.py#12``; empty when that is not known."""

    @property
    def changes(self) -> bool:
        """Whether anything would be done."""
        return not _NOT_A_CHANGE.issuperset(self.ops)

    @property
    def changes_protection(self) -> bool:
        """Whether it would be protected or kept otherwise from now on, which the engine may call no change."""
        before, after = self.before, self.after
        return bool(before and after and (before.kept, before.protected) != (after.kept, after.protected))

    @property
    def replaces(self) -> bool:
        """Whether the object would end and another one be made in its place."""
        return any("replace" in op for op in self.ops)

    @property
    def op(self) -> str:
        """In one word: ``create``, ``update``, ``replace``, ``delete``, ``same`` and the engine's rarer ones."""
        if self.replaces:
            return "replace"
        return next((op for op in self.ops if op not in _NOT_A_CHANGE), "same")


class PlanHash(NamedTuple):
    """A plan in few characters: the same for two previews of which the second one finds and plans the same.

    Times, places in the program and the order of the steps have no part in it. Nor has the value of a secret, which
    no preview shows.
    """

    state: str
    """Of what there is before."""
    changes: str
    """Of what would be done."""

    def __str__(self) -> str:
        return f"{self.state}-{self.changes}"


@dataclass(frozen=True)
class Plan:
    """Everything that would happen to the resources of this package, and what they are before and after."""

    steps: list[Step] = field(default_factory=list)
    urn: str = "::"
    """Of any resource of the stack, also of other packages; empty when the plan shows none."""
    unchanged_missing: int = 0
    """How many unchanged resources the preview counts and does not show (it shows them with ``--show-sames``)."""
    others: tuple[Entry, ...] = ()
    """The steps for resources of other packages."""
    stopped: bool = False
    """Whether a policy stopped the preview; all the steps are there all the same."""
    policies: tuple[PolicyViolation, ...] = ()
    """What policy packs said, when the preview is in a form that tells."""
    fleets: frozenset[str] = frozenset()
    """The URNs of fleets, whose rows are resources here."""
    streamed: bool = False
    """Whether it comes from events, which do not say of which resources a property is made."""
    partial: bool = False
    """Whether the preview left out what the program says of some resources, as it does with ``--target``."""

    @property
    def before(self) -> list[Resource]:
        """The resources as the state holds them."""
        return [step.before for step in self.steps if step.before is not None]

    @property
    def after(self) -> list[Resource]:
        """The resources as the program declares them."""
        return [step.after for step in self.steps if step.after is not None]

    @property
    def stack(self) -> str:
        """The name of the stack; empty when the plan shows no resource."""
        return self.urn.split("::")[0].removeprefix("urn:pulumi:")

    @property
    def project(self) -> str:
        """The name of the project; empty when the plan shows no resource."""
        return self.urn.split("::")[1]

    def facts(
        self,
        live: Mapping[str, str | None] | None = None,
        taken_over: Iterable[Resource] = (),
        beside: Iterable[Resource] = (),
    ) -> Facts:
        """What rules judge.

        ``live`` says who answers numbers at the vendor now, where the vendor was asked; ``taken_over`` are objects of
        the vendor that resources of the program take over, or whole ones that those of the state stand for, and
        ``beside`` those that calls pass as well.
        """
        changed = {step.urn for step in self.steps if step.changes}
        replaced = {step.before.urn for step in self.steps if step.replaces and step.before is not None}
        there, taken = list(beside), {one.urn: one for one in taken_over}
        before = Before([*(one for one in self.before if one.urn not in taken), *taken.values(), *there])
        after = [
            replace(one, props={**taken[one.urn].props, **one.props}) if one.urn in taken else one for one in self.after
        ]  # what a program leaves as it is
        return Facts([*after, *there], before, preview=True, live=live, changed=changed, replaced=replaced)

    def completed(self, state: Mapping[str, Any]) -> Plan:
        """The plan with the unchanged resources that only the state (``pulumi stack export``) shows.

        Raises :class:`PlanError` when the preview was not made from this state.
        """
        try:
            return self._completed((state.get("deployment") or {}).get("resources") or [])
        except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
            raise PlanError(f"state: it is not what `pulumi stack export` prints: {error!r}") from None

    def _completed(self, entries: list[Mapping[str, Any]]) -> Plan:
        known = {step.urn for step in self.steps} | {other.urn for other in self.others}
        known |= {step.before.urn for step in self.steps if step.before is not None}
        known |= {engine_urn(urn) for urn in known} | self.fleets
        states = [checked_state(one) or {} for one in entries if not one.get("delete")]
        rest = [one for one in states if one["urn"] not in known]
        counted = [one for one in rest if not _DEFAULT_PROVIDER.search(one["urn"])]
        if self.urn != "::":
            self._require_same_start(states, len(counted))
        same = [step for one in rest if token_of(one["type"]) for step in _same(one)]
        return replace(self, steps=[*self.steps, *same], unchanged_missing=0)

    def _require_same_start(self, entries: Iterable[Mapping[str, Any]], left: int) -> None:
        stacks = {tuple(one["urn"].split("::")[:2]) for one in entries}
        if stacks - {tuple(self.urn.split("::")[:2])}:
            raise PlanError(f"state: it is the state of another stack than {self.stack} of {self.project}")
        if left != self.unchanged_missing:
            raise PlanError(
                f"state: it has {left} resources that the preview does not show, and the preview leaves out "
                f"{self.unchanged_missing}: it was made from another state; {HOW}"
            )

    @cached_property
    def hash(self) -> PlanHash:
        """What tells this plan from others."""
        state = [_saved_form(one) for one in self.before]
        changes = [_planned_form(step) for step in self.steps if step.changes or step.changes_protection]
        for other in self.others:
            if other.op not in _NOT_A_CHANGE:
                old, new = other.old or {}, other.new or {}
                state.append([other.urn, old.get("id"), plain(old.get("inputs")), plain(old.get("outputs"))])
                changes.append([other.urn, other.op, plain(new.get("inputs"))])
        return PlanHash(_digest(state), _digest(changes))

    @property
    def leads_unseen(self) -> bool:
        """Whether it is not told where something that is not known yet leads: two such plans cannot be compared."""
        return self.streamed and any(
            _unknown_in(value)
            for step in self.steps
            if step.changes and step.after
            for value in step.after.props.values()
        )

    def same_as(self, other: Plan) -> bool:
        """Whether it is the same plan, as far as every form of a preview tells it."""
        return self._as_events().hash == other._as_events().hash

    def _as_events(self) -> Plan:
        steps = [replace(step, after=step.after and replace(step.after, behind={})) for step in self.steps]
        return replace(self, steps=steps)


def read_plan(path: Path) -> Plan:
    """The plan in a file. Raises :class:`PlanError`, also for a preview that failed."""
    preview = read_preview(path)
    if preview.errors:
        more = f" (and {len(preview.errors) - 1} more errors)" if len(preview.errors) > 1 else ""
        raise PlanError(f"plan: {path} is of a preview that failed: {preview.errors[0][:500]}{more}")
    try:
        return plan_of(preview)
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise PlanError(f"plan: {path} is not what the engine writes ({error!r}); {HOW}") from None


def plan_of(preview: Preview) -> Plan:
    """The plan that a preview describes."""
    stacks = {"::".join(one.urn.split("::")[:2]) for one in preview.entries}
    if len(stacks) > 1:
        raise ValueError(f"it has steps of several stacks: {', '.join(sorted(stacks))}")
    entries = [one for one in preview.entries if not (one.replaced or _DEFAULT_PROVIDER.search(one.urn))]
    planned = _by_urn(one for one in entries if one.op != "refresh")
    looks = {one.urn: one for one in entries if one.op == "refresh" and one.urn not in planned and one.new is not None}
    shown = sum(entries[0].op == "same" for entries in planned.values())
    missing = max(0, preview.unchanged - shown)
    if missing:  # what a refresh has just looked at and what is not planned to change is there, as it looks
        planned |= {urn: [replace(look, op="same", old=look.new)] for urn, look in looks.items()}
        missing -= len(looks)
    elif forgotten := next((urn for urn, look in looks.items() if look.ours), ""):
        raise ValueError(f"{forgotten} is looked at, and nothing says what becomes of it")
    ours = {urn for urn, entries in planned.items() if any(entry.ours for entry in entries)}
    steps = [step for urn, entries in planned.items() if urn in ours for step in _steps(urn, entries)]
    return Plan(
        steps=_made_of_rows(steps),
        fleets=frozenset(urn for urn in ours if is_fleet(urn.split("::")[2])),
        urn=next(iter(planned), "::"),
        unchanged_missing=max(0, missing),
        others=tuple(_merged(entries) for urn, entries in planned.items() if urn not in ours),
        stopped=preview.stopped,
        policies=tuple(preview.policies),
        streamed=preview.streamed,
        # A resource that is left out shows as one that stays the same, with the outputs that it has; of one that the
        # program declares, the engine does not tell outputs before the run.
        partial=any(one.op == "same" and one.ours and one.new and one.new["outputs"] for one in preview.entries),
    )


def _by_urn(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.urn, []).append(entry)
    for urn, those in found.items():
        ops = [entry.op for entry in those if entry.ours]
        if len(ops) > 1 and not (_REPLACEMENT.issuperset(ops) and len(set(ops)) == len(ops)):
            raise ValueError(f"{urn} has several steps: {', '.join(ops)}")
    return found


def _steps(urn: str, entries: list[Entry]) -> Iterator[Step]:
    """What the engine would do to a resource; for a fleet, what that means for each row."""
    olds = [entry.old for entry in entries if entry.old]
    news = [entry.new for entry in entries if entry.new and entry.op not in _ENDS]
    ops = tuple(entry.op for entry in entries)
    source = next((entry.source for entry in entries if entry.source), "")
    goes_on = not any("replace" in op for op in ops)
    before = next(({"": one} for one in olds[:1]), {})
    after = next(({"": one} for one in news[:1]), {})
    if is_fleet(urn.split("::")[2]):
        before = {key_of(row["urn"]): row for one in before.values() for row in entries_of(one)}
        after = {key_of(row["urn"]): row for one in after.values() for row in declared_rows(one)}
    for key in dict.fromkeys([*after, *before]) if before or after else [""]:
        old = next(saved_resources({"deployment": {"resources": [before[key]] if key in before else []}}), None)
        new = _declared(after[key]) if key in after else None
        row_ops = _of_row(ops, old, new) if key else ops
        if new is not None and old is not None and (goes_on or row_ops in (("same",), ("update",))):
            new = _declared(after[key], old)
        yield Step(new.urn if new else old.urn if old and key else urn, row_ops, old, new, source)


def _made_of_rows(steps: list[Step]) -> list[Step]:
    known = {step.urn for step in steps if step.before is not None and not step.replaces}
    after = {one.urn: one for one in made_of_rows((step.after for step in steps if step.after is not None), known)}
    return [replace(step, after=after[step.after.urn]) if step.after is not None else step for step in steps]


def _of_row(ops: tuple[str, ...], before: Resource | None, after: Resource | None) -> tuple[str, ...]:
    """What becomes of a row when this becomes of its fleet."""
    if _NOT_A_CHANGE.issuperset(ops):
        return ops
    type_ = (before or after or Resource("", "", "")).type
    return (row_op(type_, before.props if before else None, after.props if after else None),)


def _same(state: Mapping[str, Any]) -> Iterator[Step]:
    """A resource that the state alone shows, with all rows when it is a fleet."""
    given = {row["urn"]: row for row in declared_rows(state)} if is_fleet(state["type"]) else {state["urn"]: state}
    for one in saved_resources({"deployment": {"resources": [state]}}):
        yield Step(one.urn, ("same",), one, _declared(given.get(one.urn, state), one))


def _merged(entries: list[Entry]) -> Entry:
    """The steps for one resource of another package as one; the forms of a preview tell a replacement differently."""
    op = "replace" if any("replace" in entry.op for entry in entries) else entries[0].op
    old = next((entry.old for entry in entries if entry.old), None)
    new = next((entry.new for entry in entries if entry.new and entry.op not in _ENDS), None)
    return Entry(op, entries[0].urn, old, new)


def _declared(state: Mapping[str, Any], goes_on: Resource | None = None) -> Resource:
    """What the program declares, with the id of the resource that it goes on with."""
    behind = state.get("propertyDependencies") or {}
    return Resource(
        type=token_of(state["type"]) or "",
        name=state["urn"].rpartition("::")[2],
        urn=state["urn"],
        props=plain(state.get("inputs") or {}),
        id=goes_on.id if goes_on else None,
        behind={name: frozenset(urns) for name, urns in behind.items() if urns},
        aliases=frozenset({goes_on.urn} - {state["urn"]}) if goes_on else frozenset(),
        kept=bool(state.get("retainOnDelete")),
        protected=bool(state.get("protect")),
    )


def _saved_form(one: Resource) -> list[Any]:
    return [one.urn, one.id, one.props, one.kept, one.protected]


def _planned_form(step: Step) -> list[Any]:
    after = step.after
    if after is None:
        return [step.urn, step.op, None]
    leads = {name: sorted(after.behind.get(name, ())) for name, value in after.props.items() if _unknown_in(value)}
    return [step.urn, step.op, [after.props, after.kept, after.protected, leads]]


def _digest(rows: Iterable[list[Any]]) -> str:
    texts = sorted(json.dumps(row, sort_keys=True, default=_unknown) for row in rows)
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:_DIGITS]


def _unknown_in(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_unknown_in, value.values()))
    return any(map(_unknown_in, value)) if isinstance(value, list) else value is UNKNOWN


def _unknown(value: Any) -> dict[str, bool]:
    if value is not UNKNOWN:
        raise TypeError(f"{type(value).__name__} has no form in JSON")
    return {"unknown": True}
