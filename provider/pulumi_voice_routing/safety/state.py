"""The state of the stack as it was before the run, for rules that ask what callers have now."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pulumi_policy import policy as sdk

from ..errors import one_line
from .facts import Before, saved_resources

LONGEST_EXPORT_SECONDS = 120.0


@dataclass
class Run:
    """What the pack knows of the run that it judges.

    The state is read once, before anything is done: by the time that a stack policy runs in ``pulumi up
    --skip-preview``, the state is the new one already.
    """

    before: Before | None = None
    """Nothing when there is no stack, as in ``pulumi policy analyze``, or when its state cannot be read."""
    unreadable: str = ""
    """Why the state of a stack that there is cannot be read."""
    preview: bool = False

    def starts(self, stack: str, project: str, organization: str, preview: bool) -> None:
        """The engine says which stack is judged. Raises nothing: rules fail closed when the state cannot be read."""
        self.preview = preview
        try:
            self.before, self.unreadable = exported("/".join(filter(None, (organization, project, stack)))), ""
        except Unreadable as error:
            self.before, self.unreadable = None, str(error)


class Unreadable(Exception):
    """The state cannot be read; the message says why, in one line."""


def exported(stack: str) -> Before:
    """What ``pulumi stack export`` says of a stack. A stack that was never deployed is empty."""
    command = ["pulumi", "stack", "export", "--stack", stack, "--non-interactive"]
    try:
        done = subprocess.run(  # noqa: S603 - the engine that runs this pack is asked about its own stack
            command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=LONGEST_EXPORT_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unreadable(one_line(str(error))) from None
    if done.returncode:
        raise Unreadable(one_line(done.stderr)[:300] or f"`{' '.join(command)}` fails")
    try:
        return Before(saved_resources(json.loads(done.stdout)))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unreadable(f"`{' '.join(command)}` prints something else: {one_line(str(error))[:200]}") from None


def listen() -> Run:
    """A run that learns from the engine which stack is judged, as soon as the pack is loaded."""
    run = Run()
    if "PULUMI_DRY_RUN" in os.environ:  # older engines say it in the environment
        run.starts(
            os.environ.get("PULUMI_STACK", ""),
            os.environ.get("PULUMI_PROJECT", ""),
            os.environ.get("PULUMI_ORGANIZATION", "organization"),
            os.environ["PULUMI_DRY_RUN"] == "true",
        )
        return run
    # The engine says it in a call that the policy SDK answers and does not hand on.
    servicer = getattr(sdk, "_PolicyAnalyzerServicer", None)
    answer: Callable[..., Any] | None = getattr(servicer, "ConfigureStack", None)
    if answer is None:
        run.unreadable = "this version of pulumi-policy does not say which stack it judges"
        return run

    def configure_stack(self: Any, request: Any, context: Any) -> Any:
        run.starts(request.stack, request.project, request.organization, request.dry_run)
        return answer(self, request, context)

    servicer.ConfigureStack = configure_stack  # type: ignore[union-attr]
    return run
