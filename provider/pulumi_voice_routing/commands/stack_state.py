"""A stack's state, as it is after the program has made or taken over what is entered here; nothing goes to a vendor."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from pulumi.dynamic.dynamic import serialize_provider

from ..errors import VoiceRoutingError, one_line
from ..lifecycle.provider import PROVIDER_KEY, STORED_AS
from ..plan import pulumi_cli as engine
from ..plan.facts import PREFIX, entries_of
from ..plan.fleets import engine_urn, is_fleet
from ..registry import provider_for
from ..text_files import UnreadableText, read_text

_PROVIDER_TYPE = "pulumi:providers:pulumi-python"
_STACK_TYPE = "pulumi:pulumi:Stack"


@dataclass(frozen=True)
class Entered:
    """A resource as the state holds it once the program has been run."""

    token: str
    name: str
    id: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]
    depends_on: Sequence[tuple[str, str]] = ()
    """The types and names of the resources that it names."""
    protect: bool = False

    @property
    def type(self) -> str:
        """As the engine writes it."""
        return f"{PREFIX}{self.token}"


class StackState:
    """A stack's state, as `pulumi stack export` gives it."""

    def __init__(self, document: dict[str, Any], project: str, stack: str) -> None:
        self._document, self._project, self._stack = document, project, stack

    @classmethod
    def read(cls, cwd: Path, stack: str | None) -> Self:
        """Raises :class:`VoiceRoutingError` when there is no such stack or no Pulumi."""
        document = _document(engine.exported(stack, cwd))
        name = stack or engine.pulumi("stack", "--show-name", cwd=cwd).strip()
        project = _project_in(document) or _project_of(cwd / "Pulumi.yaml")
        return cls(document, project, name.rpartition("/")[2])

    @property
    def _resources(self) -> list[dict[str, Any]]:
        resources: list[dict[str, Any]] = self._document["deployment"]["resources"]
        return resources

    def names(self) -> dict[tuple[str, str], str]:
        """What the program calls the objects that a resource of the state stands for, by type and id."""
        entries = (one for entry in self._resources for one in entries_of(entry))
        return {(one["type"], str(one["id"])): one["urn"].rpartition("::")[2] for one in entries if one.get("id")}

    def rows(self) -> set[tuple[str, str]]:
        """The types and ids of the objects that are rows of a fleet."""
        fleets = (one for one in self._resources if is_fleet(one["type"]))
        return {(one["type"], str(one["id"])) for fleet in fleets for one in entries_of(fleet)}

    def enter(self, resources: Iterable[Entered]) -> None:
        """Enter resources as the program makes them. Raises :class:`VoiceRoutingError` for a name that is taken."""
        parent, provider = self._root(), self._provider()
        taken = {one["urn"] for one in self._resources}
        there = (one for entry in self._resources if not entry.get("delete") for one in entries_of(entry))
        known = {(one["type"], one["urn"].rpartition("::")[2]): engine_urn(one["urn"]) for one in there}
        for one in resources:
            urn = self._urn(one.type, one.name)
            if urn in taken:
                raise VoiceRoutingError(f"the stack has another {one.type} named {one.name!r} already")
            taken.add(urn)
            pickled = {PROVIDER_KEY: serialize_provider(provider_for(one.token))}
            self._resources.append(
                {
                    "urn": urn,
                    "custom": True,
                    "id": one.id,
                    "type": one.type,
                    "inputs": {**one.inputs, **pickled},
                    "outputs": {**one.outputs, **pickled},
                    "parent": parent,
                    "dependencies": list(dict.fromkeys(known.get(it) or self._urn(*it) for it in one.depends_on)),
                    "provider": provider,
                    "protect": one.protect,
                    "additionalSecretOutputs": [STORED_AS],
                }
            )

    def write(self, cwd: Path, stack: str | None) -> None:
        """Replace the stack's state by this one."""
        engine.replace_state(stack, cwd, self._document)

    def _urn(self, type_: str, name: str) -> str:
        return f"urn:pulumi:{self._stack}::{self._project}::{type_}::{name}"

    def _root(self) -> str:
        for one in self._resources:
            if one["type"] == _STACK_TYPE:
                return str(one["urn"])
        urn = self._urn(_STACK_TYPE, f"{self._project}-{self._stack}")
        self._resources.append({"urn": urn, "custom": False, "type": _STACK_TYPE})
        return urn

    def _provider(self) -> str:
        for one in self._resources:
            if one["type"] == _PROVIDER_TYPE:
                return f"{one['urn']}::{one.get('id', '')}"
        urn, id_ = self._urn(_PROVIDER_TYPE, "default"), str(uuid.uuid4())
        self._resources.append(
            {"urn": urn, "custom": True, "id": id_, "type": _PROVIDER_TYPE, "inputs": {}, "outputs": {}}
        )
        return f"{urn}::{id_}"


def _project_in(document: dict[str, Any]) -> str:
    """The project, as the resources of a state name it; empty where there are none."""
    urns = (one["urn"].split("::") for one in document["deployment"]["resources"])
    return next((parts[1] for parts in urns if len(parts) > 1), "")


def _project_of(settings: Path) -> str:
    try:
        found = re.search(r"^name:[ \t]*[\"']?([^\s\"']+)", read_text(settings), re.MULTILINE)
    except (OSError, UnreadableText) as error:
        said = error.strerror if isinstance(error, OSError) else error
        raise VoiceRoutingError(f"{settings} cannot be read: {said}") from None
    if found is None:
        raise VoiceRoutingError(f"{settings} has no name")
    return found[1]


def _document(document: dict[str, Any]) -> dict[str, Any]:
    """A state with all that is read from it in its place. Raises :class:`VoiceRoutingError`."""
    try:
        deployment = {**(document.get("deployment") or {})}
        resources = [
            {**one, "urn": str(one["urn"]), "type": str(one["type"])} for one in deployment.get("resources") or []
        ]
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        said = one_line(f"{type(error).__name__}: {error}")[:200]
        raise VoiceRoutingError(f"`pulumi stack export` prints something that is no state ({said})") from None
    return {**document, "deployment": {**deployment, "resources": resources}}


__all__ = ["Entered", "StackState"]
