"""The exported objects in a stack's state, as the program would have made them; nothing is sent to a vendor."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ...errors import SettingsError, VoiceRoutingError
from ...lifecycle.state_keys import MARKED
from ...plan import pulumi_cli as engine
from ...plan.facts import PREFIX, Resource
from ...safety.guard import ends_calls
from ..fleet_state import FleetState
from ..stack_state import Entered, StackState
from .account import Found
from .names import name_all
from .program import Program

_SECRET = {MARKED: "1b47061264138c4ac30d75fd1eb44270"}
"""The engine's mark of a secret in a state."""


def make_stack(folder: Path, stack: str) -> None:
    """Have the stack, as a new one if it is missing."""
    engine.pulumi("stack", "select", "--create", stack, cwd=folder)


def name_as_known(objects: Iterable[Found], state: StackState) -> list[Found]:
    """Give the objects that the state knows their names there, and the others names that it does not use. Returns
    the others."""
    there, names = list(objects), state.names()
    taken: defaultdict[str, set[str]] = defaultdict(set)
    for (type_, _), name in names.items():
        taken[type_.removeprefix(PREFIX)].add(name)
    for one in there:
        one.name = names.get((f"{PREFIX}{one.token}", one.id), "")
    name_all(there, taken)
    return [one for one in there if (f"{PREFIX}{one.token}", one.id) not in names]


def adopt(program: Program, folder: Path, stack: str | None) -> tuple[int, int]:
    """Enter all of a program; how many were entered, and how many the state had already.

    Raises :class:`VoiceRoutingError` when the state has one of them under another name.
    """
    secrets = _secrets(program, folder, stack)
    state = FleetState.read(folder, stack)
    known = state.names()
    for one in program.in_order():
        ours = program.name_in_state(one)
        if (name := known.get((f"{PREFIX}{one.token}", one.id), ours)) != ours:
            row = (f"{PREFIX}{one.token}", one.id) in state.rows()
            named = (
                f"as {name}, a row of a fleet"
                if row
                else f"named {name!r} and not {ours!r}: declare it under that name"
            )
            raise VoiceRoutingError(f"the stack's state has {one.token} {one.id} already, {named}")
    new = [one for one in program.in_order() if (f"{PREFIX}{one.token}", one.id) not in known]
    state.enter([entered(program, one, secrets) for one in new])
    for unit in program.fleets():
        rows = {one.name for one in unit.objects if one in new}
        if rows:
            state.gather(unit.token, unit.fleet, of=rows)
    if new:
        state.write(folder, stack)
    return len(new), len(program.objects) - len(new)


def _secrets(program: Program, folder: Path, stack: str | None) -> dict[str, str]:
    if not program.secrets:
        return {}
    words = ("config", "--show-secrets", "--json", *(("--stack", stack) if stack else ()))
    try:
        config = json.loads(engine.pulumi(*words, cwd=folder))
        values = {name.rpartition(":")[2]: one["value"] for name, one in config.items() if "value" in one}
    except (AttributeError, TypeError, ValueError):
        raise VoiceRoutingError("`pulumi config --json` prints something else") from None
    missing = sorted(set(program.secrets.values()) - set(values))
    if missing:
        raise SettingsError(
            f"{len(missing)} secrets are not set, which no vendor shows: {', '.join(missing)}. In {folder}, set each "
            f"to the value that is in use with `pulumi config set --secret {missing[0]}`, and run this again"
        )
    return values


def entered(program: Program, one: Found, secrets: Mapping[str, str]) -> Entered:
    """An object as the state holds it; ``secrets`` are those of the configuration."""
    hidden = {name: secrets[program.secrets[one, name]] for name in one.secrets}
    inputs = {**program.inputs(one), **hidden}
    outputs = one.outputs(inputs)
    shown = Resource(one.token, one.name, f"{one.token}::{one.name}", inputs, one.id)
    return Entered(
        one.token,
        one.name,
        one.id,
        _with_secrets(inputs, hidden),
        _with_secrets(outputs, hidden),
        [(f"{PREFIX}{it.token}", it.name) for it in program.named_by(one)],
        protect=one.roles.answers and ends_calls(shown),
    )


def _with_secrets(values: Mapping[str, Any], hidden: Mapping[str, str]) -> dict[str, Any]:
    return {
        name: {**_SECRET, "plaintext": json.dumps(value)} if name in hidden else value for name, value in values.items()
    }
