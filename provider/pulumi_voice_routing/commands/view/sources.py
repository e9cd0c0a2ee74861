"""Where the page comes from: a state, a preview, an exported program, or what the vendors have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...call_flow.judgement import CallChange
from ...call_flow.routing import Routing
from ...errors import VoiceRoutingError, one_line
from ...plan.facts import saved_resources
from ...plan.plan import Plan
from ...plan.sources import exported, planned, read_state
from ..compare.sides import LIVE, side
from ..naming import Names
from ..terminal import Told
from .document import Shown
from .ways import Plain

if TYPE_CHECKING:
    from ..drift import Drift


@dataclass(frozen=True)
class Asked:
    """What the command line asks for."""

    plan: Path | None = None
    state: Path | None = None
    export: Path | None = None
    live: bool = False
    stack: str | None = None
    cwd: Path = Path()
    approvals: Path | None = None
    drift: bool = False
    names: bool = False

    @property
    def watched(self) -> list[Path]:
        """The files and folders whose changes make another page."""
        given = [one for one in (self.plan, self.state, self.export) if one is not None]
        return given or [self.cwd]


def shown(asked: Asked, told: Told) -> Shown:
    """What the page is about. Raises :class:`VoiceRoutingError`."""
    if sum(map(bool, (asked.plan, asked.live, asked.export))) > 1:
        raise VoiceRoutingError("view: give one of --plan, --live and --export")
    if asked.drift and (asked.live or asked.export):
        raise VoiceRoutingError("view: --drift compares a state with the vendors: leave out --live and --export")
    found = _shown(asked, told)
    if asked.names or asked.live:
        _name(found)
    return found


def _name(found: Shown) -> None:
    """The names of queues and IVRs, where the account tells them."""
    from ..asked_names import asked_names

    try:
        found.names = Names(found.after, found.before, known=asked_names())
    except VoiceRoutingError as error:
        found.errors = [*found.errors, f"the names of queues and IVRs: {error}"]


def _shown(asked: Asked, told: Told) -> Shown:
    if asked.live or asked.export is not None:
        return _read(LIVE if asked.export is None else str(asked.export), asked, told)
    if asked.plan is not None:
        return _planned(planned(asked.plan, state=asked.state, cwd=asked.cwd, stack=asked.stack), asked, told)
    document = read_state(asked.state) if asked.state is not None else exported(asked.cwd, asked.stack)
    routing = Routing.of_state(one for one in saved_resources(document) if not one.lookup)
    found = Shown(_title(_any_urn(document)), "the state of the stack", routing, routing)
    return _with_drift(found, document, told) if asked.drift else found


def _read(name: str, asked: Asked, told: Told) -> Shown:
    if asked.export is not None and not asked.export.is_dir():
        raise VoiceRoutingError(f"view: there is no folder {asked.export}")
    try:
        there = side(name, asked.cwd, told)
    except VoiceRoutingError as error:
        if (said := str(error)).startswith("compare: "):
            raise VoiceRoutingError(f"view: {said.removeprefix('compare: ')}") from None
        raise
    source = "what the vendors have now" if name == LIVE else f"the program in {name}"
    title = "Live accounts" if name == LIVE else Path(name).resolve().name
    return Shown(title, source, there.routing, there.routing, errors=there.errors)


def _title(urn: str) -> str:
    stack, project, *_ = urn.split("::")
    return f"{project} / {stack.removeprefix('urn:pulumi:')}" if project else "An empty stack"


def _any_urn(document: Mapping[str, Any]) -> str:
    there = document["deployment"].get("resources") or []
    return str(there[0]["urn"]) if there else "::"


# A preview


def _planned(plan: Plan, asked: Asked, told: Told) -> Shown:
    from ...permission.approvals import APPROVALS_FILE, Approvals
    from ..gate.levels import Levels
    from ..gate.phrases import headline
    from ..gate.verdict import judged

    facts = plan.facts()
    before = Routing.of_state(facts.before.resources if facts.before else ())
    approvals = (
        Approvals.of(APPROVALS_FILE.get(), asked.cwd) if asked.approvals is None else Approvals.read(asked.approvals)
    )
    verdict = judged(plan, levels=Levels(), approvals=approvals, policies=plan.policies)
    found = Shown(
        _title(plan.urn),
        "a preview: before and after",
        before,
        Routing(facts),
        findings=[
            _finding(
                "approved" if one.approval else "refused" if one.refuses else "warning",
                one.rule.name,
                one.message,
                one.object,
                one.urn,
                one.source.replace("#", ":"),
            )
            for one in verdict.findings
        ],
        verdict=headline(verdict),
    )
    if not asked.drift:
        return found
    document = read_state(asked.state) if asked.state is not None else exported(asked.cwd, asked.stack or plan.stack)
    return _with_drift(found, document, told)


def _finding(level: str, rule: str, message: str, object: str, urn: str, where: str = "") -> Plain:
    said = {"level": level, "rule": rule, "message": one_line(message), "object": object, "urn": urn, "where": where}
    return {name: value for name, value in said.items() if value or name == "urn"}


# Drift


def _with_drift(found: Shown, document: Mapping[str, Any], told: Told) -> Shown:
    from ..drift import drifted

    there = drifted(document, told)
    found.drift = [_drift(one) for one in there.open]
    found.errors = [*found.errors, *there.errors]
    return found


def _drift(one: Drift) -> Plain:
    values = "; ".join(f"{arg.name}: {_short(arg.known)} → {_short(arg.there)}" for arg in one.arguments)
    callers = "; ".join(_callers(one.calls))
    message = ". ".join(filter(None, (values, callers))) or one.token
    return {
        **_finding(one.kind, one.label or one.id, message, "", one.urn),
        "numbers": sorted({change.number for change in one.calls}),
    }


def _callers(calls: Sequence[CallChange]) -> Iterator[str]:
    for change in calls[:3]:
        yield f"{change.who}, {change.when}: {change.before} becomes {change.after}"
    if len(calls) > 3:
        yield f"and {len(calls) - 3} more changes for callers"


def _short(value: Any) -> str:
    said = one_line(str(value))
    return said if len(said) <= 60 else f"{said[:59]}…"
