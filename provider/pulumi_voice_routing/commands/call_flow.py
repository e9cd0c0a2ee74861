"""``voice-routing trace`` and ``voice-routing impact``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .local_time import here, zone_here
from .printing import Format, answer, as_written, say
from .terminal import fitted, progress

if TYPE_CHECKING:
    from ..call_flow.trace import Moment

_State = Annotated[Path | None, typer.Option(help="What `pulumi stack export` printed, instead of asking Pulumi.")]
_Stack = Annotated[str | None, typer.Option(help="The stack; by default the one that is selected.")]
_Cwd = Annotated[Path, typer.Option(help="The folder of the Pulumi program.")]


def trace(
    number: Annotated[str, typer.Argument(help="Who is called: +13035551234, a ring group's 8000, 'extension 101'.")],
    at: Annotated[str | None, typer.Option(help="When: '2026-12-01 19:00'. Default: now.")] = None,
    tz: Annotated[
        str | None, typer.Option(help="The time zone of that time and of the vendors' hours, such as America/Denver.")
    ] = None,
    caller: Annotated[str, typer.Option(help="Who calls, for rules that name callers. Default: none of those.")] = "",
    plan: Annotated[
        Path | None, typer.Option(help="What `pulumi preview --json` printed: the path before and after.")
    ] = None,
    state: _State = None,
    stack: _Stack = None,
    cwd: _Cwd = Path(),
    live: Annotated[bool, typer.Option("--live", help="Ask the vendors, instead of a stack.")] = False,
    json_: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show the path of a call, step by step, with odds and the resource behind each step."""
    from ..call_flow.routing import EXTENSION, Routing
    from ..call_flow.trace import moment_of, number_of, traced, why_not_found
    from ..errors import DeclarationError, Missing, some_of
    from ..plan.sources import planned, present
    from .trace_report import as_json, as_text

    if live and (plan or state or stack):
        raise DeclarationError("--live asks the vendors: leave out --plan, --state and --stack")
    dialled, moment = number_of(number), moment_of(at, tz)
    calling = _caller(caller)
    if live and dialled.startswith(EXTENSION):
        raise DeclarationError("--live does not look into extensions: no call of the vendor tells whose a number is")
    sides: dict[str, Routing]
    with as_written("what the vendors say" if live else plan or state or "the state"), progress("trace") as told:
        told(*((0, 0, "the vendors") if live else (1, 1, "the preview" if plan else "the state")))
        if live:
            from ..plan.live import live_resources

            sides = {"": Routing.of_state(live_resources(dialled))}
        elif plan is not None:
            facts = planned(plan, state=state, cwd=cwd, stack=stack).facts()
            sides = {
                "before": Routing.of_state(facts.before.resources if facts.before else ()),
                "after": Routing(facts),
            }
        else:
            sides = {"": Routing.of_state(present(state=state, cwd=cwd, stack=stack).before)}
        traces = {side: traced(routing, dialled, moment, calling) for side, routing in sides.items()}
        known = sorted({routing.shown(subject) for routing in sides.values() for subject in routing.subjects})
    if live and not traces[""]:
        why = why_not_found(dialled)
        raise Missing(f"{dialled} is no number of this configuration: no pool and no ring group has it{why}")
    if not any(traces.values()):
        why = why_not_found(dialled)
        raise Missing(f"{dialled} is no number of this configuration. There are: {some_of(known) or 'none'}{why}")
    if json_:
        paths = {side: as_json(one) if one else None for side, one in traces.items()}
        document = {"number": dialled, "at": moment.time.isoformat(timespec="minutes"), "tz": moment.zone or None}
        answer({**document, **(paths[""] or {} if "" in paths else paths)})
        return
    lines = [f"{dialled}, {_shown(moment, at)}"]
    for side, one in traces.items():
        lines += ["", f"{side}:"] if side else []
        lines.append(as_text(one) if one else "not part of this configuration")
    outcomes = [one.outcome if one else None for one in traces.values()]
    if len(outcomes) > 1:
        lines += ["", "Its outcome changes." if len(set(outcomes)) > 1 else "Its outcome does not change."]
    say(fitted("\n".join(lines) + "\n"))


def _shown(moment: Moment, at: str | None) -> str:
    """When it is and in which zone, and what this machine's clock shows then where nobody said a time of that zone."""
    if at is None and moment.time.tzinfo is None:
        return f"{moment} {zone_here()}"
    local = here(moment.time) if at is None or datetime.fromisoformat(at).tzinfo else ""
    return f"{moment} ({local} here)" if local else str(moment)


def _caller(given: str) -> str:
    from ..call_flow.trace import number_of
    from ..errors import DeclarationError

    try:
        return number_of(given) if given else ""
    except DeclarationError as error:
        raise DeclarationError(f"--caller: {error}") from None


def impact(
    preview: Annotated[Path, typer.Argument(help="What `pulumi preview --json` printed.")],
    format: Annotated[Format, typer.Option(help="Markdown is for pull requests.")] = Format.text,
    state: _State = None,
    stack: _Stack = None,
    cwd: _Cwd = Path(),
    json_: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
) -> None:
    """Show the numbers whose calls would end elsewhere, when, and where before and after."""
    from ..call_flow.impact import Impact
    from ..markdown_text import LONGEST
    from ..plan.sources import planned
    from .impact_report import as_json, as_markdown, as_text
    from .naming import Names
    from .pull_request import drawing, fitting, folded, sentences

    with as_written(preview), progress("impact"):
        plan = planned(preview, state=state, cwd=cwd, stack=stack)
        impact = Impact.of(plan.facts())
        found = list(impact.numbers())
    if json_ or format is Format.json:
        answer({"numbers": as_json(found)})
    elif format is Format.markdown:
        details = folded("Where calls end, before and after", as_markdown(found).splitlines())
        lines = [*sentences(found, Names(impact.after, impact.before)), *drawing(plan), *details] if found else []
        say("\n".join(fitting(lines, LONGEST, "the impact as JSON or text")) + "\n")
    else:
        say(fitted(f"{as_text(found)}\n"))
