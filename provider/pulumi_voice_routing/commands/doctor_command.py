"""``voice-routing doctor`` on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def doctor(
    stack: Annotated[str | None, typer.Option(help="The stack; by default the one that is selected.")] = None,
    cwd: Annotated[Path, typer.Option(help="The folder of the Pulumi program.")] = Path(),
    json_: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Look whether a run can work: versions, sign-ins, accounts, rights, approvals, protection. Only reads.

    Exit code: 0 all is well, 2 there are warnings, 1 a run cannot work.
    """
    from ..masking import masked
    from .doctor import as_json, as_text, examined
    from .printing import answer, say
    from .terminal import fitted, progress

    findings = []
    with progress("doctor") as told:
        for finding in examined(cwd, stack, told):
            findings.append(finding)
            if not json_:
                say(fitted(f"{masked(as_text(finding))}\n"))
    if json_:
        answer(as_json(findings))
    levels = {finding.level for finding in findings}
    if levels - {"ok"}:
        raise typer.Exit(1 if "error" in levels else 2)
