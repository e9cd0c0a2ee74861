"""``voice-routing diagram``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ...errors import VoiceRoutingError
from ..writing import write


class Format(StrEnum):
    """How a picture is written."""

    mermaid = "mermaid"
    svg = "svg"


_ENDINGS = {".svg": Format.svg, ".mmd": Format.mermaid, ".md": Format.mermaid}


def diagram(
    plan: Annotated[
        Path | None, typer.Option(help="What `pulumi preview --json` printed: changes are drawn in colour.")
    ] = None,
    state: Annotated[
        Path | None, typer.Option(help="What `pulumi stack export` printed, instead of asking Pulumi.")
    ] = None,
    stack: Annotated[str | None, typer.Option(help="The stack; by default the one that is selected.")] = None,
    cwd: Annotated[Path, typer.Option(help="The folder of the Pulumi program.")] = Path(),
    format: Annotated[
        Format | None, typer.Option(help="By default the file's ending decides: .svg, or .mmd and .md for Mermaid.")
    ] = None,
    output: Annotated[Path | None, typer.Option(help="Write to this file instead of the screen.")] = None,
    changed: Annotated[bool, typer.Option("--changed", help="Only what changes, and what it is joined to.")] = False,
    number: Annotated[str | None, typer.Option(help="Only what calls to this number can come to.")] = None,
    title: Annotated[str, typer.Option(help="Read out by screen readers; SVG only.")] = "Where calls go",
    names: Annotated[bool, typer.Option("--names", help="Ask RingCX what queues and IVRs are called.")] = False,
    json_: Annotated[bool, typer.Option("--json", help="Print boxes and arrows as JSON.")] = False,
    everything: Annotated[bool, typer.Option("--everything", help="Also what no call reaches.")] = False,
) -> None:
    """Draw who answers which numbers and where calls go, as Mermaid text or SVG.

    A file of more than 50 boxes is written as several pages: routing.svg, routing-2.svg and so on.
    """
    from ...call_flow.trace import number_of, why_not_found
    from ...errors import Missing, one_line
    from ...plan.sources import planned, present
    from ...telephony.number import digits_of
    from ..asked_names import asked_names
    from ..printing import answer, as_written, note, say
    from ..terminal import progress
    from .graph import graph_of
    from .mermaid import beyond, mermaid
    from .parts import grouped, named, pages, reached
    from .svg import scene, svg

    wanted = format or _format_of(output)
    with as_written(plan or state or "the state"), progress("diagram") as told:
        told(1, 1, "the preview" if plan else "the state")
        drawn = planned(plan, state=state, cwd=cwd, stack=stack) if plan else present(state=state, cwd=cwd, stack=stack)
        graph = graph_of(drawn)
    if number is not None:
        digits = digits_of(number_of(number))
        if digits not in graph.starts:
            raise Missing(f"--number: {one_line(number)} is no number of this configuration{why_not_found(digits)}")
        graph = graph.behind(digits)
    elif not everything:
        graph = reached(graph)
    if changed:
        graph = graph.only_changed()
    graph = grouped(named(graph, asked_names()) if names else graph)
    if json_:
        answer(scene(graph))
        return
    parts = pages(graph) if output is not None else [graph]
    texts = []
    with progress("diagram") as told:
        for place, one in enumerate(parts, 1):
            told(place, len(parts), "pages")
            texts.append(svg(one, title) if wanted is Format.svg else mermaid(one))
    for part, text in zip(parts, texts, strict=True):
        why = beyond(part, text) if wanted is Format.mermaid else ""
        if why:
            typer.echo(f"warning: {why}", err=True)
    if output is None:
        say(texts[0])
        return
    if output.suffix.lower() == ".md" and wanted is Format.mermaid:
        write(output, "\n".join(f"```mermaid\n{text}```\n" for text in texts))
        return
    for place, text in enumerate(texts, 1):
        write(output if place == 1 else output.with_stem(f"{output.stem}-{place}"), text)
    if len(texts) > 1:
        note(f"wrote {len(texts)} pages: {output} to {output.with_stem(f'{output.stem}-{len(texts)}')}")


def _format_of(output: Path | None) -> Format:
    if output is None:
        return Format.mermaid
    wanted = _ENDINGS.get(output.suffix.lower())
    if wanted is None:
        raise VoiceRoutingError(
            f"diagram: nothing is drawn as {output.suffix or 'a file without an ending'}; name a file that ends in "
            f"{', '.join(_ENDINGS)}, or give --format"
        )
    return wanted
