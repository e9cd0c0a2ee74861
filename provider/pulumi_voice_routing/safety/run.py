"""The state of the stack as it was before the run, for rules that ask what callers have now."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pulumi_policy import policy as sdk

from ..errors import one_line
from ..permission.approvals import APPROVALS_FILE, Approvals
from ..permission.owner_names import Names
from ..plan import pulumi_cli as engine
from ..plan.facts import Before, Facts, Resource, saved_resources
from ..plan.owner_names import names_in
from ..settings import NAMESPACE, use_stack_config
from ..text_files import UnreadableText, read_text
from .judgement import Judgement

_NAME_AND_MAIN = re.compile(r"""(?m)^(name|main):\s*["']?([^"'#\n]*[^"'#\s])""")
_APPROVALS = f"{NAMESPACE}:{APPROVALS_FILE.key}"


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
    config: Mapping[str, str] = field(default_factory=dict)
    """The stack's configuration."""
    project: str = ""
    declared: dict[str, Any] = field(default_factory=dict)
    """The arguments of each resource as the program gives them, by URN."""
    settings: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Settings of rules that the policy config gives under the names that they had in earlier versions."""
    findings: list[Judgement] = field(default_factory=list)
    """What the rules have found so far."""
    stack: tuple[list[Resource], Facts] | None = None
    """What the whole stack declares, and what is worked out from it."""
    advice: list[Judgement] = field(default_factory=list)
    """The same of what was so before and stops nothing."""

    def starts(
        self, stack: str, project: str, organization: str, preview: bool, config: Mapping[str, str] | None = None
    ) -> None:
        """The engine says which stack is judged. Raises nothing: rules fail closed when the state cannot be read.

        Without a stack, as in ``pulumi policy analyze``, the official language host names an empty one.
        """
        self.preview, self.project, self.config = preview, project, dict(config or {})
        self.declared, self.findings, self.advice, self.settings, self.stack = {}, [], [], {}, None
        self.__dict__.pop("approvals", None)
        if not stack:
            self.before, self.unreadable = None, ""
            return
        try:
            self.before, self.unreadable = exported("/".join(filter(None, (organization, project, stack)))), ""
        except Unreadable as error:
            self.before, self.unreadable = None, str(error)

    def facts(self, declared: Iterable[Resource], *, whole: bool) -> Facts:
        """What is declared, beside what there was before."""
        return Facts(declared, self.before, unreadable=self.unreadable, preview=self.preview, whole=whole)

    @cached_property
    def approvals(self) -> Approvals:
        """What is approved. Raises :class:`SettingsError` when the file cannot be used, which stops the run."""
        named = os.environ.get(APPROVALS_FILE.variable, "").strip() or self.config.get(_APPROVALS, "").strip()
        before = self.before.resources if self.before is not None else []
        return Approvals.of(named or None, program_folder(self.project)).resolved(
            lambda: names_in(before).besides(self._names_at_the_vendor())
        )

    def _names_at_the_vendor(self) -> Names:
        """Queues and IVRs, which no state names. It is asked only where an approval names one."""
        from ..ringcx.owner_names import TOLD_BY_NUMBERS, account_names  # it loads the vendor's client

        use_stack_config(self.config.get)
        return account_names().only(*TOLD_BY_NUMBERS)


class Unreadable(Exception):
    """The state cannot be read; the message says why, in one line."""


def exported(stack: str) -> Before:
    """What ``pulumi stack export`` says of a stack. A stack that was never deployed is empty."""
    try:
        return Before(saved_resources(engine.exported(stack)))
    except engine.EngineError as error:
        raise Unreadable(str(error)) from None
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise Unreadable(f"`pulumi stack export` prints something else: {one_line(str(error))[:200]}") from None


def program_folder(project: str) -> Path:
    """The folder in which the engine runs the program, where a pack does not run itself.

    The engine tells a pack no folder. Its shell's own folder is in the environment, and the folder of the process that
    started the pack is known to some systems; either counts only if it lies in the project of that name.
    """
    for start in _known_folders():
        for folder in (start, *start.parents):
            main = _main_of(folder, project)
            if main is not None:
                return folder / main
    return Path(os.environ.get("PWD", ""))


def _known_folders() -> Iterator[Path]:
    if os.environ.get("PWD"):
        yield Path(os.environ["PWD"])
    with suppress(OSError):
        yield Path(f"/proc/{os.getppid()}/cwd").resolve(strict=True)


def _main_of(folder: Path, project: str) -> str | None:
    """Where the program is in a folder that holds the project."""
    try:
        text = read_text(folder / "Pulumi.yaml")
    except (OSError, UnreadableText):
        return None
    said = dict(_NAME_AND_MAIN.findall(text))
    return said.get("main", "") if said.get("name") == project else None


def listen() -> Run:
    """A run that learns from the engine which stack is judged, as soon as the pack is loaded."""
    run = Run()
    if "PULUMI_DRY_RUN" in os.environ:  # older engines say it in the environment
        run.starts(
            os.environ.get("PULUMI_STACK", ""),
            os.environ.get("PULUMI_PROJECT", ""),
            os.environ.get("PULUMI_ORGANIZATION", "organization"),
            os.environ["PULUMI_DRY_RUN"] == "true",
            json.loads(os.environ.get("PULUMI_CONFIG", "{}")),
        )
        return run
    # The engine says it in a call that the policy SDK answers and does not hand on.
    servicer = getattr(sdk, "_PolicyAnalyzerServicer", None)
    answer: Callable[..., Any] | None = getattr(servicer, "ConfigureStack", None)
    if answer is None:
        run.unreadable = "this version of pulumi-policy does not say which stack it judges"
        return run

    def configure_stack(self: Any, request: Any, context: Any) -> Any:
        run.starts(request.stack, request.project, request.organization, request.dry_run, request.config)
        return answer(self, request, context)

    servicer.ConfigureStack = configure_stack  # type: ignore[union-attr]
    return run
