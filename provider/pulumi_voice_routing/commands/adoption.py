"""Taking live objects into a stack's state, without writing anything to the vendor.

Each becomes an entry of the state as if the stack had created it, with the values that the vendor shows. The next
preview compares these with what the program declares.
"""

from __future__ import annotations

import keyword
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Self

from pulumi.dynamic.dynamic import serialize_provider

from .. import ringcx
from ..errors import Missing, VoiceRoutingError, one_line
from ..lifecycle import meaning as means
from ..lifecycle import references
from ..lifecycle.member import Member
from ..lifecycle.model import FieldFacts
from ..lifecycle.provider import MANAGED, PROVIDER_KEY, STORED_AS
from ..plan import pulumi_cli as engine
from ..plan.facts import PREFIX
from ..plan.roles import Roles, roles_of, tokens_of
from ..registry import provider_for
from ..text_files import UnreadableText, read_text

ROOT = "ringcx:RouteGroup"
"""What is adopted, with everything in it."""
_PROVIDER_TYPE = "pulumi:providers:pulumi-python"
_STACK_TYPE = "pulumi:pulumi:Stack"


@dataclass(frozen=True)
class Entry:
    """A live object, and the resource that it becomes."""

    token: str
    id: str
    label: str
    """What administrators call it."""
    resource_name: str
    outputs: dict[str, Any]

    @property
    def vendor(self) -> str:
        """The package that has its type."""
        return self.token.partition(":")[0]

    @property
    def type(self) -> str:
        """The resource's type as the engine writes it."""
        return f"{PREFIX}{self.token}"

    @property
    def inputs(self) -> dict[str, Any]:
        """What the program would declare to have it just so."""
        return {name: self.outputs[name] for name in self.outputs[MANAGED] if self.outputs.get(name) is not None}


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


def find(groups: Sequence[str]) -> list[Entry]:
    """Everything in the named route groups (all, when none is named), parents before children.

    Raises :class:`Missing` for a group that does not exist.
    """
    names: set[str] = set()
    return [
        Entry(one.token, one.id, one.label, unused(_slug(one.label), names), one.outputs)
        for root in _roots(groups)
        for one in _with_parts(root)
    ]


def program_of(entries: Iterable[Entry]) -> str:
    """A program that declares the entries."""
    declared = list(entries)
    vendors = sorted({entry.vendor for entry in declared}) or [ROOT.partition(":")[0]]
    lines = [
        '"""Adopted from the live account by `voice-routing adopt`."""',
        "",
        f"from pulumi_voice_routing import {', '.join(vendors)}",
        "",
    ]
    variables: dict[tuple[str, str], str] = {}
    for entry in declared:
        variable = _variable(entry.resource_name, vendors)
        inputs, model = entry.inputs, provider_for(entry.token).model
        arguments = [_quoted(entry.resource_name)]
        arguments += [f"{name}={_code(model[name], inputs[name], variables)}" for name in model if name in inputs]
        variables[entry.token, entry.id] = variable
        kind = entry.token.partition(":")[2]
        lines += [f"{variable} = {entry.vendor}.{kind}(", *(f"    {argument}," for argument in arguments), ")"]
    return "\n".join(lines) + "\n"


class StackState:
    """A stack's state, as `pulumi stack export` gives it."""

    def __init__(self, document: dict[str, Any], project: str, stack: str) -> None:
        self._document, self._project, self._stack = document, project, stack

    @classmethod
    def read(cls, cwd: Path, stack: str | None) -> Self:
        """Raises :class:`VoiceRoutingError` when there is no such stack or no Pulumi."""
        document = _document(engine.exported(stack, cwd))
        name = stack or engine.pulumi("stack", "--show-name", cwd=cwd).strip()
        settings = cwd / "Pulumi.yaml"
        try:
            found = re.search(r"^name:[ \t]*[\"']?([^\s\"']+)", read_text(settings), re.MULTILINE)
        except (OSError, UnreadableText) as error:
            said = error.strerror if isinstance(error, OSError) else error
            raise VoiceRoutingError(f"{settings} cannot be read: {said}") from None
        if found is None:
            raise VoiceRoutingError(f"{settings} has no name")
        return cls(document, found[1], name.rpartition("/")[2])

    @property
    def _resources(self) -> list[dict[str, Any]]:
        resources: list[dict[str, Any]] = self._document["deployment"]["resources"]
        return resources

    def without_known(self, entries: Iterable[Entry]) -> list[Entry]:
        """The entries that no resource of the state stands for."""
        known = {(one["type"], str(one.get("id"))) for one in self._resources}
        return [entry for entry in entries if (entry.type, entry.id) not in known]

    def knows(self, type_: str, id_: str) -> bool:
        """Whether a resource of the state stands for an object."""
        return any((one["type"], str(one.get("id"))) == (type_, id_) for one in self._resources)

    def enter(self, resources: Iterable[Entered]) -> None:
        """Enter resources as the program makes them. Raises :class:`VoiceRoutingError` for a name that is taken."""
        parent, provider = self._root(), self._provider()
        taken = {one["urn"] for one in self._resources}
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
                    "dependencies": [self._urn(type_, name) for type_, name in one.depends_on],
                    "provider": provider,
                    "protect": one.protect,
                    "additionalSecretOutputs": [STORED_AS],
                }
            )

    def add(self, entries: Iterable[Entry]) -> None:
        """Enter them below the stack."""
        parent = self._root()
        provider = self._provider()
        taken = {one["urn"] for one in self._resources}
        for entry in entries:
            name = entry.resource_name
            while (urn := self._urn(entry.type, name)) in taken:
                name += "-adopted"
            taken.add(urn)
            pickled = {PROVIDER_KEY: serialize_provider(provider_for(entry.token))}
            self._resources.append(
                {
                    "urn": urn,
                    "custom": True,
                    "id": entry.id,
                    "type": entry.type,
                    "inputs": {**entry.inputs, **pickled},
                    "outputs": {**entry.outputs, **pickled},
                    "parent": parent,
                    "provider": provider,
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


class _Live(NamedTuple):
    """An object at the vendor."""

    token: str
    id: str
    label: str
    outputs: dict[str, Any]


def _roots(groups: Sequence[str]) -> Iterator[_Live]:
    there = [group for group in ringcx.get_destination_groups() if not groups or {group.name, group.id} & set(groups)]
    known = {word for group in there for word in (group.name, group.id)}
    missing = [group for group in groups if group not in known]
    if missing:
        raise Missing(f"there is no route group {', '.join(map(repr, missing))}")
    for group in there:
        outputs = None if group.is_default and not groups else provider_for(ROOT).look(group.id, {})
        if outputs is not None:
            yield _Live(ROOT, group.id, group.name, outputs)


def _with_parts(whole: _Live) -> Iterator[_Live]:
    """An object and everything in it, as the types say what contains what; parents come before their parts."""
    yield whole
    for token in tokens_of(whole.token.partition(":")[0]):
        roles = roles_of(token)
        if roles.inside is not None and roles.inside.mark.what == whole.token:
            for part in _parts(token, roles, whole):
                yield from _with_parts(part)


def _parts(token: str, roles: Roles, whole: _Live) -> Iterator[_Live]:
    """The objects of one type in another object: those that the vendor lists, or the one set that it is."""
    provider = provider_for(token)
    if isinstance(provider, Member):
        steps = references.below(whole.id, provider.account, provider.path[:-1])
        for live in provider.everything(steps):
            id_ = references.join(provider.account, *steps, provider.number(live))
            outputs = provider.look(id_, {})
            if outputs is not None:
                label = roles.top(means.Label)
                called = outputs.get(label.field) if label is not None else None
                yield _Live(token, id_, str(called or f"{whole.label} {outputs.get(roles.key or '')}"), outputs)
    elif roles.shares is not None:  # other sets are parts of what stands for them one by one, or of the portal
        outputs = provider.look(whole.id, {})
        if outputs and outputs.get(roles.shares.field):
            yield _Live(token, whole.id, f"{whole.label} {roles.shares.field}", outputs)


def _slug(label: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-") or "unnamed"


def unused(name: str, names: set[str]) -> str:
    """The name, or with a number the first that is not among the names; it is among them afterwards."""
    free = next(one for one in (name, *(f"{name}-{count}" for count in range(2, len(names) + 3))) if one not in names)
    names.add(free)
    return free


def _variable(resource_name: str, vendors: Sequence[str]) -> str:
    name = resource_name.replace("-", "_")
    return f"_{name}" if not name.isidentifier() or keyword.iskeyword(name) or name in vendors else name


def _code(field: FieldFacts, value: Any, variables: Mapping[tuple[str, str], str]) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_code(field, item, variables) for item in value) + "]"
    if isinstance(value, dict):
        rows: Mapping[str, FieldFacts] = field.rows or {}
        pairs = (f"{_quoted(key)}: {_code(rows.get(key, field), item, variables)}" for key, item in value.items())
        return "{" + ", ".join(pairs) + "}"
    variable = next((variables[type_, str(value)] for type_ in _names(field) if (type_, str(value)) in variables), None)
    if variable is None:
        return _quoted(value) if isinstance(value, str) else repr(value)
    return variable if field.takes_resources else f"{variable}.id"


def _names(field: FieldFacts) -> Iterator[str]:
    """The types of the resources that a field may name."""
    for mark in field.meanings:
        if isinstance(mark, means.Inside):
            yield mark.what
        elif isinstance(mark, means.Target):
            yield mark.to
        elif isinstance(mark, means.Owner):
            yield mark.type
        elif isinstance(mark, means.Needs):
            yield from mark.types


def _quoted(text: str) -> str:
    """The text as a formatter leaves it: in double quotes, unless that takes a backslash."""
    said = repr(text)
    return said if said[0] == '"' or '"' in text else f'"{said[1:-1]}"'


__all__ = ["Entered", "Entry", "StackState", "find", "program_of", "unused"]
