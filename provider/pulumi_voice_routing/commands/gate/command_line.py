"""``voice-routing gate``, from what the command line asks for to its exit code.

It is to answer at once, and imports what is slow when it is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from ...errors import VoiceRoutingError
from ..printing import say, tell
from ..terminal import fitted, progress

if TYPE_CHECKING:
    from ...permission.approvals import Approvals
    from ...plan.plan import Plan
    from ...plan.preview import PolicyViolation
    from ...plan.taken_over import TakenOver
    from .levels import Levels
    from .verdict import Verdict

VIOLATION, WOULD_CHANGE, ERROR = 1, 2, 3
"""Exit codes; 0 is a plan that passes."""


class Format(StrEnum):
    """How a report is written."""

    text = "text"
    json = "json"
    markdown = "markdown"
    sarif = "sarif"


@dataclass(frozen=True)
class Asked:
    """What the command line asks for."""

    preview: Path
    event_log: Path | None = None
    state: Path | None = None
    cwd: Path = Path()
    stack: str | None = None
    config: Path | None = None
    approvals: Path | None = None
    live: bool = False
    expect: str | None = None
    fail_on_change: bool = False
    format: Format = Format.text
    output: Sequence[tuple[Format, Path]] = ()


def run(asked: Asked) -> int:
    """Judge a preview, print the report, and return the exit code. Any failure is one line, and passes nothing."""
    try:
        with progress("gate") as told:
            told(*((0, 0) if asked.live else (1, 1)), "the plan")
            verdict = _verdict(asked)
        for form, path in asked.output:
            _write(path, _report(verdict, form, asked.cwd))
        report = _report(verdict, asked.format, asked.cwd)
        say(fitted(report) if asked.format is Format.text else report)
    except Exception as error:
        tell(error)
        return ERROR
    if not verdict.passes:
        return VIOLATION
    if asked.fail_on_change and (verdict.changed or verdict.plan_changes_elsewhere):
        return WOULD_CHANGE
    return 0


def _verdict(given: Asked) -> Verdict:
    from ...plan.plan import PlanError
    from ...plan.sources import planned
    from .live import answering
    from .verdict import judged

    plan = planned(given.preview, state=given.state, cwd=given.cwd, stack=given.stack)
    if not plan.steps:
        raise PlanError(
            f"plan: {given.preview} shows no resource of pulumi-voice-routing, so that there is nothing to judge; is "
            "it the preview of the right stack?"
        )
    if plan.partial:
        raise PlanError(
            f"plan: {given.preview} was made with --target or --exclude, or not from the program, so that it does not "
            "show all that an `up` would do; make it without them"
        )
    if given.expect is not None and plan.leads_unseen:
        raise PlanError(
            f"plan: {given.preview} is a log of events, which do not tell where what is not known yet leads, so that "
            "it cannot be compared with what was reviewed; give the document of `pulumi preview --json --show-sames`"
        )
    live = answering(plan) if given.live else None
    return judged(
        plan,
        levels=_levels(given.config, plan),
        approvals=_approvals(given.approvals, given.cwd),
        live=live,
        taken_over=_taken_over(plan, live) if live is not None else None,
        expected=given.expect,
        policies=_policies(plan, given.preview, given.event_log),
        today=today(),
    )


def _taken_over(plan: Plan, owners: Mapping[str, str | None]) -> TakenOver:
    from ...plan.taken_over import TakenOver, looked_at, taken_over
    from .unseen import with_unseen

    return with_unseen(plan, owners, taken_over(plan) if looked_at(plan) else TakenOver())


def _policies(plan: Plan, preview: Path, event_log: Path | None) -> Sequence[PolicyViolation]:
    """What policy packs said. Raises :class:`PlanError` when a preview was stopped and nothing tells by what."""
    from ...plan.plan import PlanError, read_plan

    said, stopped = list(plan.policies), plan.stopped
    if event_log is not None:
        log = read_plan(event_log)
        if not log.streamed:
            raise PlanError(f"plan: {event_log} is no log of events; `pulumi preview --event-log FILE` writes one")
        if not log.same_as(plan):
            raise PlanError(
                f"plan: {event_log} is of another plan than {preview}; write both in one run, with --show-sames"
            )
        said += log.policies
        stopped = stopped or log.stopped
    if stopped and not any(one.level == "mandatory" for one in said):
        raise PlanError(
            f"plan: {preview} is of a preview that failed, as a policy pack makes it fail; give the engine's event log "
            "of it with --event-log, or make the preview without the pack"
        )
    return said


def _levels(config: Path | None, plan: Plan) -> Levels:
    from ...safety.rules import RULES
    from ...safety.rules.plan_rules import plan_rules
    from .levels import Levels, read_levels

    return Levels() if config is None else read_levels(config, (*RULES, *plan_rules(plan)))


def _approvals(given: Path | None, cwd: Path) -> Approvals:
    from ...permission.approvals import APPROVALS_FILE, Approvals

    return Approvals.of(APPROVALS_FILE.get(), cwd) if given is None else Approvals.read(given)


def _report(verdict: Verdict, form: Format, cwd: Path) -> str:
    from .document import document
    from .markdown import markdown
    from .sarif import sarif
    from .text import text

    forms: dict[Format, Callable[[], str]] = {
        Format.text: lambda: text(verdict),
        Format.json: lambda: document(verdict),
        Format.markdown: lambda: markdown(verdict),
        Format.sarif: lambda: sarif(verdict, _seen_from_here(cwd)),
    }
    return forms[form]()


def output_of(text: str) -> tuple[Format, Path]:
    """A further report, as it is asked for: ``markdown=comment.md``. Raises ``ValueError``."""
    form, _, path = text.partition("=")
    if form not in list(Format) or not path:
        raise ValueError(f"write it as FORMAT=FILE, FORMAT one of {', '.join(Format)}, not {text}")
    return Format(form), Path(path)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise VoiceRoutingError(f"{path} cannot be written: {error.strerror or error}") from None


def _seen_from_here(cwd: Path) -> PurePosixPath:
    """The folder of the program, from the root of the repository, which is where CI runs commands."""
    try:
        return PurePosixPath(cwd.resolve().relative_to(Path.cwd()).as_posix())
    except ValueError:
        return PurePosixPath()


def today() -> date:
    """The day that decides whether an approval has expired."""
    return datetime.now(UTC).date()
