"""From answering rules to the rules of the newer call handling, for extensions that RingCentral has moved.

The vendor has moved the rules already. What is left is the program and the stack's state: each answering rule's entry
becomes that of the rule that stands in its place now, with the values that the vendor shows. Nothing is written to the
vendor, and nothing is deleted there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pulumi.dynamic.dynamic import serialize_provider

from ..errors import one_line
from ..lifecycle.provider import PROVIDER_KEY
from ..plan import pulumi_cli as engine
from ..plan.facts import PREFIX, entries_of, token_of
from ..plan.fleets import is_fleet
from ..registry import provider_for
from ..ringex.moved_rules import successor
from .export.account import Account, Found, found_of
from .export.program import Program
from .stack_state import StackState
from .terminal import Told, nothing

_DYNAMIC = "pulumi-python:dynamic"
_OPTIONS = {"protect": "protect", "retainOnDelete": "retain_on_delete"}
"""What a state says of a resource, and what a program says for it."""
_KEPT = ("custom", "parent", "provider", "protect", "retainOnDelete", "deletedWith")


@dataclass(frozen=True)
class Step:
    """What becomes of one resource of the state."""

    urn: str
    token: str
    id: str
    new: Found | None
    """What stands in its place; nothing when the state just forgets it, or has to keep it."""
    kept_because: str = ""
    inside: str = ""
    """The name of the resource that it is a part of."""
    forgotten_because: str = "the rules hold the number now"

    @property
    def becomes(self) -> str:
        """The same in words."""
        if self.kept_because:
            return f"stays, as {self.kept_because}"
        where = f", a part of {self.inside!r}" if self.inside else ""
        return f"{self.new.token} {self.new.id}{where}" if self.new else f"leaves the state: {self.forgotten_because}"

    def as_json(self) -> dict[str, Any]:
        """The same as plain values."""
        new = {"type": self.new.token, "id": self.new.id} if self.new else None
        old = {"type": self.token, "name": self.name, "id": self.id, "urn": self.urn}
        return {**old, "new": new, "inside": self.inside, "becomes": self.becomes}

    @property
    def forgotten(self) -> bool:
        """Whether the state just forgets it."""
        return not (self.new or self.kept_because)

    @property
    def name(self) -> str:
        """What the program calls the resource."""
        return self.urn.rpartition("::")[2]


class MovedState(StackState):
    """The state of a stack with answering rules."""

    def steps(self, told: Told = nothing) -> list[Step]:
        """What becomes of each answering rule and forwarding number of an extension that was moved."""
        found: list[Step] = []
        above = {one.get("parent") for one in self._resources}
        stands = {(one["type"], str(one.get("id"))) for one in self._resources}
        for step in _steps(self._resources, told):
            of = (f"{PREFIX}{step.new.token}", step.new.id) if step.new else ("", "")
            if step.new and of in stands:
                why = f"the stack has {step.new.token} {step.new.id} already"
                found.append(replace(step, new=None, forgotten_because=why))
            else:
                stands.add(of)
                found.append(step)
        return [
            replace(one, kept_because="the stack has resources below it") if one.forgotten and one.urn in above else one
            for one in found
        ]

    def exchange(self, steps: Sequence[Step]) -> None:
        """Put what stands in the place of each resource into the state instead of it."""
        new = {step.urn: step.new for step in steps if step.new}
        forgotten = {step.urn for step in steps if step.forgotten}
        left = [one for one in self._resources if one["urn"] not in forgotten or one.get("delete")]
        urns = dict.fromkeys(forgotten, "")
        for one in left:  # parents come before their parts, whose names hold their types
            if not one.get("delete") and (one["urn"] in new or urns.get(one.get("parent", ""))):
                entry = new.get(one["urn"])
                type_ = f"{PREFIX}{entry.token}" if entry else one["type"]
                urns[one["urn"]] = _called(one["urn"], type_, urns.get(one.get("parent", "")))
        self._document["deployment"]["resources"] = [
            one if one.get("delete") else _repointed(_exchanged(one, new.get(one["urn"])), urns) for one in left
        ]


def _called(urn: str, type_: str, parent: str | None) -> str:
    """The URN of a resource that has another type now, or whose parent has."""
    start, name = urn.split("::", 3)[:2], urn.split("::", 3)[3]
    kinds = urn.split("::", 3)[2].split("$")[:-1]
    above = [parent.split("::", 3)[2]] if parent else kinds
    return "::".join([*start, "$".join([*above, type_]), name])


def program_of(moved: Sequence[Found]) -> str:
    """A program that declares the moved rules."""
    return Program("moved", Account([*moved]), one_file=True).text(
        "Moved by the vendor; `voice-routing migrate ringex`."
    )


def changes_left(stack: str | None, cwd: Path) -> str:
    """What `pulumi preview` still wants to change, in its own words; nothing when there is nothing.

    Raises :class:`EngineError` when there is no preview at all.
    """
    words = ("preview", "--expect-no-changes", "--diff", "--color", "never", *(("--stack", stack) if stack else ()))
    try:
        engine.pulumi(*words, cwd=cwd)
    except engine.EngineError as error:
        if "no changes were expected" in str(error):
            return str(error)
        raise
    return ""


def _steps(resources: Sequence[dict[str, Any]], told: Told) -> Iterator[Step]:
    for place, one in enumerate(resources, 1):
        told(place, len(resources), "resources")
        if one.get("delete"):  # the rest of an older run: the engine ends it
            continue
        if is_fleet(one["type"]) and token_of(one["type"]):
            yield from _of_rows(one)
            continue
        kind, _, token = one["type"].rpartition("/")
        found = successor(token, str(one.get("id")), one.get("outputs") or {}) if kind == _DYNAMIC else None
        if found is None:
            continue
        parent = str(one.get("parent") or "")
        inside = "" if "::pulumi:pulumi:Stack::" in parent else parent.rpartition("::")[2]
        step = Step(one["urn"], token, str(one.get("id")), None, found.unknown_because, inside)
        if found.id:
            provider = provider_for(found.token)
            outputs = provider.look(found.id, {})
            if outputs is None:
                step = replace(step, kept_because=f"there is no {provider.noun} {found.id}")
            else:
                step = replace(step, **_declared(found.token, found.id, step.name, outputs))
                if step.new is not None:
                    step.new.options = {option: True for name, option in _OPTIONS.items() if one.get(name)}
        yield step


def _of_rows(fleet: dict[str, Any]) -> Iterator[Step]:
    """The rows of a fleet that would be exchanged if they were resources of their own."""
    name = fleet["urn"].rpartition("::")[2]
    why = f"it is a row of a fleet; run `voice-routing fleet spread {name} --write` first"
    for row in entries_of(fleet):
        token = str(token_of(row["type"]))
        if successor(token, str(row["id"]), row.get("outputs") or {}) is not None:
            yield Step(row["urn"], token, str(row["id"]), None, why)


def _declared(token: str, id_: str, name: str, outputs: dict[str, Any]) -> dict[str, Any]:
    """What stands in the place of a resource, without what counts for nothing and what a program must not say, such as
    the end of a call that is never reached; or why that cannot be declared."""
    said = {field: value for field, value in outputs.items() if value not in ([], {})}
    try:
        return {"new": found_of(token, id_, said, name)}
    except ValueError as error:
        return {"kept_because": f"it cannot be declared: {one_line(str(error))}"}


def _exchanged(old: dict[str, Any], new: Found | None) -> dict[str, Any]:
    if new is None:
        return old
    pickled = {PROVIDER_KEY: serialize_provider(provider_for(new.token))}
    return {
        **{name: old[name] for name in _KEPT if name in old},
        "urn": old["urn"],
        "id": new.id,
        "type": f"{PREFIX}{new.token}",
        "inputs": {**new.args, **pickled},
        "outputs": {**new.outputs(new.args), **pickled},
    }


def _repointed(one: dict[str, Any], urns: dict[str, str]) -> dict[str, Any]:
    """A resource that names others by the URNs that they have now, and those no more that the state forgets."""

    def now(named: Iterable[str]) -> list[str]:
        return [urn for old in named if (urn := urns.get(old, old))]

    result = {**one, "urn": urns.get(one["urn"], one["urn"])}
    if one.get("dependencies"):
        result["dependencies"] = now(one["dependencies"])
    if one.get("propertyDependencies"):
        result["propertyDependencies"] = {name: now(some or []) for name, some in one["propertyDependencies"].items()}
    for name in ("parent", "deletedWith"):
        if urns.get(one.get(name, "")):
            result[name] = urns[one[name]]
        elif one.get(name) in urns:
            del result[name]
    return result


__all__ = ["MovedState", "Step", "changes_left", "program_of"]
