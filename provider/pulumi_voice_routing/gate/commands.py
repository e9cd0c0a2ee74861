"""``voice-routing gate`` and ``voice-routing approve``.

What is slow to import is imported when it is needed: the gate is to answer at once.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from ..errors import VoiceRoutingError

if TYPE_CHECKING:
    from ..safety.approvals import Approvals
    from ..safety.plan import Plan
    from ..safety.preview import PolicyViolation
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


class GateCommand(TyperCommand):
    """A command whose exit code for wrong options is that of an error: 2 says something about the plan."""

    def make_context(self, *arguments: Any, **options: Any) -> Any:
        """Read the options. Raises the errors of the command line library."""
        try:
            return super().make_context(*arguments, **options)
        except Exception as error:
            if getattr(error, "exit_code", 0) == WOULD_CHANGE:
                error.exit_code = ERROR  # type: ignore[attr-defined]
            raise


def gate(
    preview: Annotated[
        Path, typer.Argument(help="What `pulumi preview --json` printed, or an event log of the preview.")
    ],
    event_log: Annotated[
        Path | None, typer.Option(help="The engine's event log of the same preview, for what policy packs said.")
    ] = None,
    state: Annotated[
        Path | None, typer.Option(help="What `pulumi stack export` printed, for resources that the preview leaves out.")
    ] = None,
    cwd: Annotated[Path, typer.Option(help="The folder of the Pulumi program.")] = Path(),
    stack: Annotated[str | None, typer.Option(help="The stack; by default that of the preview.")] = None,
    config: Annotated[
        Path | None, typer.Option(help="Levels and settings of rules, as for the policy pack; all are mandatory else.")
    ] = None,
    approvals: Annotated[
        Path | None, typer.Option(help="The file of approvals; by default approvals.toml beside the program.")
    ] = None,
    live: Annotated[bool, typer.Option("--live", help="Ask RingCX who answers the numbers now.")] = False,
    expect: Annotated[
        str, typer.Option(help="The hash of the plan that was reviewed: another plan, or another state, is refused.")
    ] = "",
    fail_on_change: Annotated[
        bool, typer.Option("--fail-on-change", help="Exit with 2 when the plan passes and changes anything.")
    ] = False,
    format: Annotated[Format, typer.Option(help="Of what is printed.")] = Format.text,
    output: Annotated[
        list[str] | None, typer.Option(help="Write a further report, such as markdown=comment.md; may be repeated.")
    ] = None,
) -> None:
    """Judge what a preview would do to callers. Exit code 0: passes, 1: a violation, 2: would change, 3: an error."""
    with _one_line(ERROR), _no_collections():
        written = [_output(text) for text in output or []]
        verdict = _verdict(preview, event_log, state, cwd, stack, config, approvals, live, expect)
        for form, path in written:
            _write(path, _report(verdict, form, cwd))
        typer.echo(_report(verdict, format, cwd, colour=_colour()), nl=False)
    if not verdict.passes:
        raise typer.Exit(VIOLATION)
    if fail_on_change and (verdict.changed or verdict.plan_changes_elsewhere):
        raise typer.Exit(WOULD_CHANGE)


def approve(
    report: Annotated[Path, typer.Argument(help="What `voice-routing gate --format json` printed.")],
    rule: Annotated[str, typer.Option(help="The rule that found the change.")],
    reason: Annotated[str, typer.Option(help="Why the change is meant.")],
    ticket: Annotated[str, typer.Option(help="Where it was decided.")],
    until: Annotated[
        datetime, typer.Option(help="The last day, in UTC, within 90 days from now.", formats=["%Y-%m-%d"])
    ],
    object: Annotated[
        list[str] | None, typer.Option(help="What it found it about, such as +13035550100; may be repeated.")
    ] = None,
    all_objects: Annotated[bool, typer.Option("--all", help="Everything that the rule found.")] = False,
    file: Annotated[
        Path | None, typer.Option(help="The file of approvals; by default approvals.toml in this folder.")
    ] = None,
) -> None:
    """Permit changes that the gate refused: write them into the file of approvals, exactly as they were found."""
    from .approving import add, entries, objects_of, read_report

    with _one_line(VIOLATION):
        path = file or _named_approvals() or Path("approvals.toml")
        if bool(object) == all_objects:
            raise VoiceRoutingError("approve: name what is permitted with --object, or say --all")
        found = read_report(report)
        new = entries(found, rule, object or objects_of(found, rule))
        text = add(path, new, reason=reason, ticket=ticket, until=until.date(), today=_today())
    typer.echo(f"{text}\nis added to {path}.")


@contextmanager
def _one_line(code: int) -> Iterator[None]:
    """Every failure is one line, and nothing is passed by it."""
    try:
        yield
    except VoiceRoutingError as error:
        from ..masking import masked

        typer.echo(f"error: {masked(str(error))}", err=True)
        raise typer.Exit(code) from None


@contextmanager
def _no_collections() -> Iterator[None]:
    """A plan is large and nothing of it is let go before the end: looking for garbage takes a quarter of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _verdict(
    preview: Path,
    event_log: Path | None,
    state: Path | None,
    cwd: Path,
    stack: str | None,
    config: Path | None,
    approvals: Path | None,
    live: bool,
    expect: str,
) -> Verdict:
    from ..safety.plan import PlanError
    from ..safety.sources import planned
    from .live import numbers_in, owners
    from .verdict import judged

    plan = planned(preview, state=state, cwd=cwd, stack=stack)
    if not plan.steps:
        raise PlanError(
            f"plan: {preview} shows no resource of pulumi-voice-routing, so that there is nothing to judge; is it the "
            "preview of the right stack?"
        )
    return judged(
        plan,
        levels=_levels(config, plan),
        approvals=_approvals(approvals, cwd),
        live=owners(numbers_in(plan)) if live else None,
        expected=expect,
        policies=_policies(plan, preview, event_log),
        today=_today(),
    )


def _policies(plan: Plan, preview: Path, event_log: Path | None) -> Sequence[PolicyViolation]:
    """What policy packs said. Raises :class:`PlanError` when a preview was stopped and nothing tells by what."""
    from ..safety.plan import PlanError
    from ..safety.preview import read_preview

    said = list(plan.policies)
    if event_log is not None:
        log = read_preview(event_log)
        if log.errors:
            raise PlanError(f"plan: {event_log} is of a preview that failed: {log.errors[0]}")
        said += log.policies
    if plan.stopped and not any(one.level == "mandatory" for one in said):
        raise PlanError(
            f"plan: {preview} is of a preview that failed, as a policy pack makes it fail; give the engine's event log "
            "of it with --event-log, or make the preview without the pack"
        )
    return said


def _levels(config: Path | None, plan: Plan) -> Levels:
    from ..safety.plan_rules import plan_rules
    from ..safety.rules import RULES
    from .levels import Levels, read_levels

    return Levels() if config is None else read_levels(config, (*RULES, *plan_rules(plan)))


def _approvals(given: Path | None, cwd: Path) -> Approvals:
    from ..safety.approvals import Approvals

    path = given or _named_approvals()
    if path is None:
        path = cwd / "approvals.toml"
        if not path.exists():
            return Approvals()
    return Approvals.read(path)


def _named_approvals() -> Path | None:
    from ..safety.approvals import APPROVALS_FILE

    named = APPROVALS_FILE.get()
    return Path(named) if named else None


def _report(verdict: Verdict, form: Format, cwd: Path, *, colour: bool = False) -> str:
    from .document import document
    from .markdown import markdown
    from .sarif import sarif
    from .text import text

    forms: dict[Format, Callable[[], str]] = {
        Format.text: lambda: text(verdict, colour=colour),
        Format.json: lambda: document(verdict),
        Format.markdown: lambda: markdown(verdict),
        Format.sarif: lambda: sarif(verdict, _seen_from_here(cwd)),
    }
    return forms[form]()


def _output(text: str) -> tuple[Format, Path]:
    form, _, path = text.partition("=")
    if form not in list(Format) or not path:
        raise VoiceRoutingError(f"--output {text}: write it as FORMAT=FILE, FORMAT one of {', '.join(Format)}")
    return Format(form), Path(path)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise VoiceRoutingError(f"{path} cannot be written: {error.strerror or error}") from None


def _seen_from_here(cwd: Path) -> PurePosixPath:
    """The folder of the program, from the root of the repository, which is where CI runs commands."""
    try:
        return PurePosixPath(cwd.resolve().relative_to(Path.cwd()).as_posix())
    except ValueError:
        return PurePosixPath()


def _colour() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


def _today() -> date:
    return datetime.now(UTC).date()
