"""``voice-routing view``."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from ...errors import VoiceRoutingError


def view(
    output: Annotated[Path, typer.Option(help="The page.")] = Path("routing.html"),
    plan: Annotated[
        Path | None, typer.Option(help="What `pulumi preview --json` printed: before and after, side by side.")
    ] = None,
    state: Annotated[
        Path | None, typer.Option(help="What `pulumi stack export` printed, instead of asking Pulumi.")
    ] = None,
    export: Annotated[
        Path | None, typer.Option(help="A program that `voice-routing export` wrote, or any other, without an engine.")
    ] = None,
    live: Annotated[bool, typer.Option("--live", help="Ask the vendors, instead of a stack.")] = False,
    stack: Annotated[str | None, typer.Option(help="The stack; by default the one that is selected.")] = None,
    cwd: Annotated[Path, typer.Option(help="The folder of the Pulumi program.")] = Path(),
    approvals: Annotated[
        Path | None, typer.Option(help="The file of approvals; by default approvals.toml beside the program.")
    ] = None,
    drift: Annotated[
        bool, typer.Option("--drift", help="Ask the vendors what was changed outside the program.")
    ] = False,
    names: Annotated[bool, typer.Option("--names", help="Ask RingCX what queues and IVRs are called.")] = False,
    json_: Annotated[bool, typer.Option("--json", help="Print what the page shows as JSON.")] = False,
    open_: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    serve: Annotated[
        bool, typer.Option("--serve", help="Serve the page on this machine, make it anew when the program changes.")
    ] = False,
    port: Annotated[int, typer.Option(help="Of --serve; 0 takes a free one.", min=0, max=65535)] = 0,
) -> None:
    """Write one HTML page that shows where calls go: every number, who answers when, and what a preview changes.

    The page is a single file that needs no network and no server.
    """
    from ..printing import answer, note
    from ..terminal import progress
    from ..writing import write
    from .making import made, read
    from .sources import Asked

    asked = Asked(plan, state, export, live, stack, cwd, approvals, drift, names)
    if serve and json_:
        raise VoiceRoutingError("view: --json prints one document, and --serve serves a page: leave out one of them")
    if serve:
        from .serving import serve_page

        serve_page(asked, port, open_=open_)
        return
    if json_:
        with progress("view") as told:
            values = read(asked, told)
        answer(values)
        return
    if output.suffix.lower() not in (".html", ".htm"):
        raise VoiceRoutingError(f"view: {output} is to be a page; name a file that ends in .html")
    with progress("view") as told:
        text = made(asked, told)
    write(output, text)
    note(f"wrote {output}")
    if open_:
        webbrowser.open(output.resolve().as_uri())
