"""``voice-routing diagram``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Format(StrEnum):
    """How a picture is written."""

    mermaid = "mermaid"
    svg = "svg"


def diagram(
    plan: Annotated[
        Path | None, typer.Option(help="What `pulumi preview --json` printed: changes are drawn in colour.")
    ] = None,
    state: Annotated[
        Path | None, typer.Option(help="What `pulumi stack export` printed, instead of asking Pulumi.")
    ] = None,
    stack: Annotated[str | None, typer.Option(help="The stack; by default the one that is selected.")] = None,
    cwd: Annotated[Path, typer.Option(help="The folder of the Pulumi program.")] = Path(),
    format: Annotated[Format | None, typer.Option(help="By default the ending of the file decides.")] = None,
    output: Annotated[Path | None, typer.Option(help="Write to this file instead of the screen.")] = None,
    title: Annotated[str, typer.Option(help="Read out by screen readers; SVG only.")] = "Where calls go",
) -> None:
    """Draw who answers which numbers and where calls go, as Mermaid text or SVG."""
    from ..errors import VoiceRoutingError
    from ..safety.sources import planned, present
    from .graph import graph_of
    from .mermaid import mermaid
    from .svg import svg

    drawn = planned(plan, state=state, cwd=cwd, stack=stack) if plan else present(state=state, cwd=cwd, stack=stack)
    graph = graph_of(drawn)
    wanted = format or (Format.svg if output is not None and output.suffix == ".svg" else Format.mermaid)
    text = svg(graph, title) if wanted is Format.svg else mermaid(graph)
    if output is None:
        typer.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise VoiceRoutingError(f"{output} cannot be written: {error.strerror}") from None
