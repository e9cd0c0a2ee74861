"""Where plans come from on a command line: a preview, a saved state, or the state of a stack."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..text_files import read_whole
from . import pulumi_cli as engine
from .plan import Plan, PlanError, read_plan
from .preview import LARGEST_FILE_BYTES


def planned(preview: Path, *, state: Path | None = None, cwd: Path = Path(), stack: str | None = None) -> Plan:
    """A preview with all resources of its stack.

    What the preview leaves out because it does not change is taken from a state file, or else from the stack itself.
    Raises :class:`PlanError` when it can be had from neither.
    """
    plan = read_plan(preview)
    if state is not None:
        return plan.completed(read_state(state))
    if not plan.unchanged_missing:
        return plan
    try:
        return plan.completed(exported(cwd, stack or plan.stack))
    except PlanError as error:
        raise PlanError(
            f"plan: {preview} leaves out {plan.unchanged_missing} resources that do not change, and {error}; make it "
            "with `pulumi preview --json --show-sames`, or give the state with --state"
        ) from None


def present(*, state: Path | None = None, cwd: Path = Path(), stack: str | None = None) -> Plan:
    """A stack as it is, as a plan that changes nothing. Raises :class:`PlanError`."""
    return Plan().completed(read_state(state) if state is not None else exported(cwd, stack))


def read_state(path: Path) -> Mapping[str, Any]:
    """What ``pulumi stack export`` wrote to a file. Raises :class:`PlanError`."""
    try:
        return _state(read_whole(path, LARGEST_FILE_BYTES))
    except OSError as error:
        raise PlanError(f"state: {path} cannot be read: {error.strerror or error}") from None
    except (ValueError, RecursionError) as error:
        raise PlanError(f"state: {path} is not what `pulumi stack export` prints: {error}") from None


def exported(cwd: Path, stack: str | None) -> Mapping[str, Any]:
    """What ``pulumi stack export`` prints in a folder, of the selected stack by default. Raises :class:`PlanError`."""
    try:
        return _with_deployment(engine.exported(stack, cwd))
    except engine.EngineError as error:
        raise PlanError(str(error)) from None
    except ValueError as error:
        raise PlanError(f"`pulumi stack export` prints something else: {error}") from None


def _state(text: bytes) -> Mapping[str, Any]:
    return _with_deployment(json.loads(text))


def _with_deployment(document: Any) -> Mapping[str, Any]:
    if not isinstance(document, dict) or not isinstance(document.get("deployment"), dict):
        raise ValueError("there is no deployment in it")
    return document
