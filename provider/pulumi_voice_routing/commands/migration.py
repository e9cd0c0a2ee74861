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
from ..plan.facts import PREFIX
from ..registry import provider_for
from ..ringex.moved_rules import successor
from .export.account import Account, Found, found_of
from .export.program import Program
from .stack_state import StackState

_DYNAMIC = "pulumi-python:dynamic"
_KEPT = ("custom", "parent", "provider", "protect", "retainOnDelete")


@dataclass(frozen=True)
class Step:
    """What becomes of one resource of the state."""

    urn: str
    token: str
    id: str
    new: Found | None
    """What stands in its place; nothing when the state just forgets it, or has to keep it."""
    kept_because: str = ""

    @property
    def becomes(self) -> str:
        """The same in words."""
        if self.kept_because:
            return f"stays, as {self.kept_because}"
        return f"{self.new.token} {self.new.id}" if self.new else "leaves the state: the rules hold the number now"

    @property
    def name(self) -> str:
        """What the program calls the resource."""
        return self.urn.rpartition("::")[2]


class MovedState(StackState):
    """The state of a stack with answering rules."""

    def steps(self) -> list[Step]:
        """What becomes of each answering rule and forwarding number of an extension that was moved."""
        return list(_steps(self._resources))

    def exchange(self, steps: Sequence[Step]) -> None:
        """Put what stands in the place of each resource into the state instead of it."""
        new = {step.urn: step.new for step in steps if step.new}
        forgotten = {step.urn for step in steps if not step.new and not step.kept_because}
        urns = {old: self._urn(f"{PREFIX}{found.token}", found.name) for old, found in new.items()}
        urns |= dict.fromkeys(forgotten, "")
        self._document["deployment"]["resources"] = [
            _repointed(_exchanged(one, new[one["urn"]], urns[one["urn"]]) if one["urn"] in new else one, urns)
            for one in self._resources
            if one["urn"] not in forgotten
        ]


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


def _steps(resources: Iterable[dict[str, Any]]) -> Iterator[Step]:
    for one in resources:
        kind, _, token = one["type"].rpartition("/")
        found = successor(token, str(one.get("id")), one.get("outputs") or {}) if kind == _DYNAMIC else None
        if found is None:
            continue
        step = Step(one["urn"], token, str(one.get("id")), None, found.unknown_because)
        if found.id:
            provider = provider_for(found.token)
            outputs = provider.look(found.id, {})
            if outputs is None:
                step = replace(step, kept_because=f"there is no {provider.noun} {found.id}")
            else:
                step = replace(step, **_declared(found.token, found.id, step.name, outputs))
        yield step


def _declared(token: str, id_: str, name: str, outputs: dict[str, Any]) -> dict[str, Any]:
    """What stands in the place of a resource, without what counts for nothing and what a program must not say, such as
    the end of a call that is never reached; or why that cannot be declared."""
    said = {field: value for field, value in outputs.items() if value not in ([], {})}
    try:
        return {"new": found_of(token, id_, said, name)}
    except ValueError as error:
        return {"kept_because": f"it cannot be declared: {one_line(str(error))}"}


def _exchanged(old: dict[str, Any], new: Found, urn: str) -> dict[str, Any]:
    pickled = {PROVIDER_KEY: serialize_provider(provider_for(new.token))}
    kept: dict[str, Any] = {name: old[name] for name in _KEPT if name in old}
    return {
        **kept,
        "urn": urn,
        "id": new.id,
        "type": f"{PREFIX}{new.token}",
        "inputs": {**new.args, **pickled},
        "outputs": {**new.outputs(new.args), **pickled},
    }


def _repointed(one: dict[str, Any], urns: dict[str, str]) -> dict[str, Any]:
    """A resource that names others by the URNs that they have now, and those no more that the state forgets."""

    def now(named: Iterable[str]) -> list[str]:
        return [urn for old in named if (urn := urns.get(old, old))]

    result = dict(one)
    if one.get("dependencies"):
        result["dependencies"] = now(one["dependencies"])
    if one.get("propertyDependencies"):
        result["propertyDependencies"] = {name: now(some or []) for name, some in one["propertyDependencies"].items()}
    if one.get("parent") in urns and urns[one["parent"]]:
        result["parent"] = urns[one["parent"]]
    return result


__all__ = ["MovedState", "Step", "changes_left", "program_of"]
