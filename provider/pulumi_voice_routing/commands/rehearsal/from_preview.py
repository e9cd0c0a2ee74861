"""A program of what a preview says, for a rehearsal where the program itself is not at hand.

A preview holds the arguments of every resource. What it cannot hold is which new object an id will be of that only the
run makes: it says of which resources an argument is made. Where that leaves one possibility it is taken. Where it
leaves several, the rehearsal is refused: the program's folder knows. Of fleets it says no rows: where an argument is
made of as many ids as a fleet has new rows, they are taken in their order.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ...errors import VoiceRoutingError
from ...lifecycle import meaning as means
from ...lifecycle.fleet_rows import PROTECTED, ROWS, unpacked
from ...lifecycle.model import FieldFacts
from ...lifecycle.state_keys import MARKED
from ...permission.approvals import APPROVALS_FILE
from ...plan import pulumi_cli
from ...plan.engine_records import Written, written, written_in
from ...plan.facts import plain, token_of
from ...plan.fleets import is_fleet, member_of, row_op
from ...plan.preview import HOW, Entry, Preview, read_preview
from ...registry import provider_for
from .engine import Program, is_ours

REFERENCE = "__the id of"
"""A member that stands for the id of another resource."""
ROW = "__the row"
"""A member beside it: the key of the row, where that resource is a fleet."""
_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What the engine writes for what only the run will tell."""
_HIDDEN = "[secret]"
_PLACEHOLDER = "only for the rehearsal"
_HOLDER = "__the field of the row"
_ENDS = ("delete", "delete-replaced", "discard", "discard-replaced", "remove-pending-replace")
_NEW = ("create", "replace", "create-replacement")


@dataclass(frozen=True)
class Declared:
    """What the program of a rehearsal declares, as it stands in its file."""

    urn: str
    token: str
    """Empty for a component."""
    type: str
    name: str
    parent: str
    inputs: Mapping[str, Any]
    """For a fleet its rows, by key."""
    protected_rows: list[str]
    depends_on: list[str]
    protect: bool
    retain_on_delete: bool


@contextmanager
def program_of_preview(preview: Path, cwd: Path, stack: str | None) -> Iterator[Program]:
    """The program, in a folder of its own. Raises :class:`VoiceRoutingError` when the preview does not say enough."""
    said = read_preview(preview)
    if said.streamed:
        raise VoiceRoutingError(
            f"{preview} is a log of events, which do not say what arguments are made of; {HOW}, or rehearse the "
            "program's folder"
        )
    if said.errors or said.stopped:
        raise VoiceRoutingError(f"{preview} is of a preview that failed: there is nothing to rehearse")
    if not said.entries:
        raise VoiceRoutingError(f"{preview} shows no resource; {HOW}")
    project, name = said.entries[0].urn.split("::")[1], said.entries[0].urn.split("::")[0].rpartition(":")[2]
    chosen = stack or name
    state = json.loads(pulumi_cli.pulumi("stack", "export", "--show-secrets", "--stack", chosen, cwd=cwd))
    config = json.loads(pulumi_cli.pulumi("config", "--show-secrets", "--json", "--stack", chosen, cwd=cwd))
    with tempfile.TemporaryDirectory(prefix="voice-routing-preview-") as folder:
        settings = {"name": project, "runtime": {"name": "python", "options": {"virtualenv": sys.prefix}}}
        Path(folder, "Pulumi.yaml").write_text(json.dumps(settings), encoding="utf-8")
        source = "from pulumi_voice_routing.commands.rehearsal.replay import declare\n\ndeclare('declared.json')\n"
        Path(folder, "__main__.py").write_text(source, encoding="utf-8")
        declared = [asdict(one) for one in _Reading(preview, said, state).declared()]
        Path(folder, "declared.json").write_text(json.dumps(declared), encoding="utf-8")
        _copy_approvals(cwd, Path(folder))
        state["deployment"]["resources"] = _ours(state)
        yield Program(Path(folder), project, name, state, config)


def _copy_approvals(cwd: Path, folder: Path) -> None:
    """The file that lies beside the program lies beside this one as well."""
    named = Path(APPROVALS_FILE.get() or "approvals.toml")
    if not named.is_absolute() and (cwd / named).is_file():
        (folder / named).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(cwd / named, folder / named)


def _ours(state: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The resources of this package, and what they hang below; the program of a preview has no others."""
    resources: list[dict[str, Any]] = list((state.get("deployment") or {}).get("resources") or [])
    return [entry for entry in resources if _belongs(written(entry))]


def _belongs(one: Written) -> bool:
    return not one.custom or is_ours(one.urn) or one.type == "pulumi:providers:pulumi-python"


class _Reading:
    """What each resource is declared with."""

    def __init__(self, preview: Path, said: Preview, state: Mapping[str, Any]) -> None:
        self._preview, self._said = preview, said
        self._old = {one.urn: one for one in written_in(state)}
        self._steps = {entry.urn: entry for entry in said.entries if entry.op not in _ENDS and entry.new}
        self._gone = {entry.urn for entry in said.entries if entry.op == "delete"}
        self._raw = {
            step["urn"]: written(step["newState"])
            for step in json.loads(preview.read_text(encoding="utf-8-sig")).get("steps") or []
            if step["op"] not in _ENDS and step.get("newState")
        }

    def declared(self) -> Iterator[Declared]:
        """In an order in which nothing comes before what it is made of."""
        unchanged = [urn for urn in self._old if urn not in self._steps and urn not in self._gone]
        if len([urn for urn in unchanged if is_ours(urn)]) > self._said.unchanged:
            raise VoiceRoutingError(f"{self._preview} was made from another state than that of the stack; make it anew")
        for urn in [*unchanged, *self._steps]:
            if self._is_component(urn) or is_ours(urn):
                yield self._one(urn)

    def _is_component(self, urn: str) -> bool:
        one = self._raw.get(urn) or self._old.get(urn)
        return one is not None and not one.custom and one.type != "pulumi:pulumi:Stack"

    def _one(self, urn: str) -> Declared:
        entry = self._steps.get(urn)
        raw = self._raw.get(urn) or self._old[urn]
        old = _plain(self._old[urn].inputs) if urn in self._old else {}
        inputs = old if entry is None or entry.op == "same" else self._inputs(entry, raw.inputs, old)
        protected = raw.inputs.get(PROTECTED) or [] if is_fleet(raw.token or "") else []
        return Declared(
            urn=urn,
            token=raw.token or "",
            type=raw.type,
            name=_name(urn),
            parent=raw.parent,
            inputs=inputs[ROWS] if is_fleet(raw.token or "") else _without_marks(inputs),
            protected_rows=protected,
            depends_on=[other for other in raw.depends_on if is_ours(other) or self._is_component(other)],
            protect=raw.protected,
            retain_on_delete=raw.kept,
        )

    def _inputs(self, entry: Entry, said: Mapping[str, Any], old: Mapping[str, Any]) -> dict[str, Any]:
        token = _token(entry.urn)
        made_of = self._raw[entry.urn].made_of
        if not is_fleet(token):
            by_name = {name: made_of.get(name) or () for name in said}
            return self._filled(entry.urn, [self._arguments(token, said, old, by_name)])[0]
        rows, olds = said[ROWS], old.get(ROWS) or {}
        if not isinstance(rows, dict):
            raise VoiceRoutingError(
                f"{self._preview} hides the rows of {_name(entry.urn)!r}; rehearse the program's folder"
            )
        behind = made_of.get(ROWS) or ()
        given = [
            self._arguments(member_of(token), row, olds.get(key) or {}, dict.fromkeys(row, behind))
            for key, row in rows.items()
        ]
        return {ROWS: dict(zip(rows, self._filled(entry.urn, given), strict=True))}

    def _arguments(
        self, token: str, said: Mapping[str, Any], old: Mapping[str, Any], made_of: Mapping[str, Sequence[str]]
    ) -> dict[str, Any]:
        """The arguments of one resource, with what they may be made of where they are not known."""
        model = provider_for(token).model
        return {
            name: self._known(name, model[name], _shown(value, old.get(name)), made_of[name], {})
            for name, value in said.items()
            if name in model
        }

    def _known(self, name: str, field: FieldFacts, value: Any, made_of: Sequence[str], row: Mapping[str, Any]) -> Any:
        if isinstance(value, list):
            return [self._known(name, field, one, made_of, row) for one in value]
        if isinstance(value, dict):
            rows: Mapping[str, FieldFacts] = field.rows or {}
            return {
                key: self._known(name, rows.get(key, field), one, made_of, {**value, _HOLDER: field})
                for key, one in value.items()
            }
        if value != _UNKNOWN:
            return value
        types = _types(field, row)
        fitting = [one for one in made_of if not types or member_of(_token(one)) in types]
        return _Unknown(name, made_of, [one for one in fitting if self._has_new(one)])

    def _has_new(self, urn: str) -> bool:
        """Whether the run makes it, or rows of it."""
        entry = self._steps.get(urn)
        if entry is None:
            return False
        return bool(self._new_rows(urn)) if is_fleet(_token(urn)) else entry.op in _NEW

    def _new_rows(self, fleet: str) -> list[str]:
        """The keys of the rows that the run makes."""
        token, rows = member_of(_token(fleet)), plain(self._raw[fleet].inputs.get(ROWS))
        olds = unpacked(_plain(self._old[fleet].outputs)) if fleet in self._old else {}
        return [
            key
            for key, row in (rows.items() if isinstance(rows, dict) else ())
            if key not in olds or row_op(token, olds[key].outs, row) in ("create", "replace")
        ]

    def _filled(self, urn: str, given: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The arguments with the one thing that each unknown one can be."""
        by_name: dict[str, list[_Unknown]] = {}
        for args in given:
            for name, value in args.items():
                asked = list(_unknown_in(value))
                by_name.setdefault(name, []).extend(asked)
                self._take_rows(asked)
        for asked in by_name.values():
            self._take_rows([it for it in asked if not it.meant])
        for it in (it for asked in by_name.values() for it in asked):
            if not it.meant and len(it.fitting) == 1 and not is_fleet(_token(it.fitting[0])):
                it.meant = {REFERENCE: it.fitting[0]}
            if not it.meant:
                names = ", ".join(map(_name, it.fitting or it.made_of)) or "the program alone knows what"
                raise VoiceRoutingError(
                    f"the preview does not say what {it.name} of {_name(urn)!r} will be, which is made of "
                    f"{names}; rehearse the program's folder instead"
                )
        settled: list[dict[str, Any]] = [_settled(args) for args in given]
        return settled

    def _take_rows(self, asked: Sequence[_Unknown]) -> None:
        """Take the new rows of a fleet in their order, where as many are asked for as there are."""
        for fleet in dict.fromkeys(it.fitting[0] for it in asked if len(it.fitting) == 1):
            keys = self._new_rows(fleet) if is_fleet(_token(fleet)) else []
            those = [it for it in asked if it.fitting == [fleet]]
            for it, key in zip(those, keys * len(those) if len(keys) == 1 else keys, strict=False):
                if len(keys) in (1, len(those)):
                    it.meant = {REFERENCE: fleet, ROW: key}


@dataclass
class _Unknown:
    """An argument that only the run will tell, on its way to what it stands for."""

    name: str
    made_of: Sequence[str]
    fitting: list[str]
    """The resources that it may be the id of."""
    meant: dict[str, str] = field(default_factory=dict)
    """The one that it is, as it stands in the file of the rehearsal; empty until that is clear."""


def _unknown_in(value: Any) -> Iterator[_Unknown]:
    if isinstance(value, _Unknown):
        yield value
        return
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _unknown_in(one)


def _settled(value: Any) -> Any:
    if isinstance(value, _Unknown):
        return value.meant
    if isinstance(value, dict):
        return {name: _settled(one) for name, one in value.items()}
    return [_settled(one) for one in value] if isinstance(value, list) else value


def _token(urn: str) -> str:
    return token_of(urn.split("::")[2].rpartition("$")[2]) or ""


def _name(urn: str) -> str:
    return urn.rpartition("::")[2]


def _without_marks(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in inputs.items() if not name.startswith("__")}


def _types(field: FieldFacts, row: Mapping[str, Any]) -> set[str]:
    """The types of the resources that the field may name."""
    found: set[str] = set()
    holder: FieldFacts | None = row.get(_HOLDER)
    for mark in (*field.meanings, *(holder.meanings if holder is not None else ())):
        found |= {mark.what} if isinstance(mark, means.Inside) and ":" in mark.what else set()
        found |= {mark.to} if isinstance(mark, means.Target) and mark.to else set()
        found |= {mark.type} if isinstance(mark, means.Owner) and mark.type else set()
        found |= set(mark.types) if isinstance(mark, means.Needs) else set()
        found |= {mark.kinds.get(_kind(holder, row), "")} - {""} if isinstance(mark, means.Switches) else set()
    return found


def _kind(holder: FieldFacts | None, row: Mapping[str, Any]) -> str:
    """The word in a row for what it is."""
    fields: Mapping[str, FieldFacts] = (holder.rows if holder is not None else None) or {}
    words = (
        row.get(name) for name, one in fields.items() if any(isinstance(mark, means.Kind) for mark in one.meanings)
    )
    return str(next(words, None))


def _shown(value: Any, old: Any) -> Any:
    """What a preview hides is as it was, where it was there; what is in it makes no difference to a rehearsal."""
    if value == _HIDDEN:
        return _PLACEHOLDER if old is None or isinstance(old, dict | list) else old
    if isinstance(value, dict):
        return {name: _shown(one, old.get(name) if isinstance(old, dict) else None) for name, one in value.items()}
    if isinstance(value, list):
        olds = old if isinstance(old, list) else []
        return [_shown(one, olds[place] if place < len(olds) else None) for place, one in enumerate(value)]
    return value


def _plain(value: Any) -> Any:
    """A state's values with its secrets as they are."""
    if isinstance(value, dict):
        if MARKED in value:
            return json.loads(value.get("plaintext") or "null")
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value


__all__ = ["REFERENCE", "ROW", "Declared", "program_of_preview"]
