"""``voice-routing gate`` and ``voice-routing approve``, as commands of the tool."""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from ...errors import VoiceRoutingError
from ..local_time import last_day
from ..printing import answer, note, say, tell
from .command_line import VIOLATION, Asked, Format, output_of, run, today


def _hash(text: str) -> str:
    if not text.strip():
        raise typer.BadParameter("there is no hash in it")
    return text.strip()


def _output(text: str) -> tuple[Format, Path]:
    try:
        return output_of(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


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
        Any,
        typer.Option(
            parser=_hash,
            metavar="HASH",
            help="The hash of the plan that was reviewed: another plan, or another state, is refused.",
        ),
    ] = None,
    fail_on_change: Annotated[
        bool, typer.Option("--fail-on-change", help="Exit with 2 when the plan passes and changes anything.")
    ] = False,
    format: Annotated[Format, typer.Option(help="Of what is printed.")] = Format.text,
    json_: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    output: Annotated[
        list[Any] | None,
        typer.Option(
            parser=_output,
            metavar="FORMAT=FILE",
            help="Write a further report, such as markdown=comment.md; may be repeated.",
        ),
    ] = None,
) -> None:
    """Judge what a preview would do to callers.

    Exit code 0: passes, 1: a violation, 2: would change, 3: an error.
    """
    form = Format.json if json_ else format
    asked = Asked(
        preview,
        event_log,
        state,
        cwd,
        stack,
        config,
        approvals,
        live,
        expect,
        fail_on_change,
        form,
        tuple(output or ()),
    )
    raise typer.Exit(run(asked))


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
    json_: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Permit changes that the gate refused: write them into the file of approvals, exactly as they were found."""
    from ...permission.approvals import APPROVALS_FILE
    from .approving import add, entries, objects_of, read_report

    try:
        path = file or Path(APPROVALS_FILE.get() or "approvals.toml")
        if bool(object) == all_objects:
            raise VoiceRoutingError("approve: name what is permitted with --object, or say --all")
        found = read_report(report)
        new = entries(found, rule, object or objects_of(found, rule))
        text = add(path, new, reason=reason, ticket=ticket, until=until.date(), today=today())
        if json_:
            answer({"file": str(path), "approvals": tomllib.loads(text)["approval"]})
        else:
            say(f"{text}\n")
            note(f"is added to {path}, in force until {last_day(until.date())}.")
    except Exception as error:
        tell(error)
        raise typer.Exit(VIOLATION) from None
