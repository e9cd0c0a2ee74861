"""All that the page shows, as plain values: each way, week and outcome once, however many numbers share it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...call_flow.impact import STRANGER, Impact, changes_between
from ...call_flow.judgement import unanswered, untold
from ...call_flow.outcome import Outcome, percent
from ...call_flow.route import Route, Via
from ...call_flow.routing import EXTENSION, Routing
from ...call_flow.tracer import Tracer
from ...call_flow.week import Week
from ...plan.facts import SIGNED_IN, Resource, noun_of
from ...registry import PRODUCTS
from ...ringcx.cloud_routing.views import ProfileView
from ...telephony.number import as_declared, digits_of
from ..naming import Names, at_home, spoken
from .pool import Pool
from .ways import Plain, label_of, way

Progress = Callable[[int, int], None]
"""How many numbers are done, of how many."""


@dataclass
class Shown:
    """What the page is about."""

    title: str
    source: str
    """Where it comes from, in words."""
    before: Routing
    after: Routing
    """The same as before, when nothing is planned."""
    findings: Sequence[Plain] = ()
    drift: Sequence[Plain] | None = None
    """What was changed outside the program; nothing when that was not asked for."""
    verdict: str = ""
    """What the gate says of the plan; empty when there is none."""
    names: Names | None = None
    errors: Sequence[str] = field(default_factory=list)
    """What could not be read, one line each."""

    @property
    def planned(self) -> bool:
        """Whether there is a before and an after."""
        return self.before is not self.after


def document(shown: Shown, made: str, progress: Progress = lambda _done, _all: None) -> Plain:
    """The page's values; ``made`` says when it was made."""
    return _Document(shown, progress).plain(made)


class _Document:
    def __init__(self, shown: Shown, progress: Progress) -> None:
        self._shown, self._progress = shown, progress
        self._names = shown.names or Names(shown.after, shown.before)
        self._impact = Impact(shown.before, shown.after)
        self._ways, self._weeks, self._outcomes, self._calls = Pool(), Pool(), Pool(), Pool()
        self._of_route: dict[int, int] = {}
        self._of_week: dict[int, int] = {}
        self._of_outcome: dict[Outcome, int] = {}
        self._compared: dict[tuple[int, int], list[Plain]] = {}
        self._kept: list[object] = []  # what is told by its identity must live as long

    def plain(self, made: str) -> Plain:
        """Everything."""
        numbers = []
        subjects = self._impact.subjects
        for done, digits in enumerate(subjects, 1):
            numbers.append(self._number(digits))
            self._progress(done, len(subjects))
        numbers += self._without_numbers({node.get("urn") for one in self._ways.values for node in one["nodes"]})
        numbers.sort(key=lambda one: (not one.get("changed"), "s" not in one, one.get("s", one["n"])))
        shown = self._shown
        passed = {node.get("urn") for one in self._ways.values for node in one["nodes"]}
        passed |= {one.get("urn") for one in numbers}
        about = {one["urn"] for one in (*shown.findings, *(shown.drift or ())) if one.get("urn")}
        for one in (*(node for kept in self._ways.values for node in kept["nodes"]), *numbers):
            if one.get("urn") not in about:
                one.pop("urn", None)  # long, and asked for by nothing
        return {
            "title": shown.title,
            "source": shown.source,
            "made": made,
            "planned": shown.planned,
            "verdict": shown.verdict,
            "numbers": numbers,
            "calls": self._calls.values,
            "ways": self._ways.values,
            "weeks": self._weeks.values,
            "outcomes": self._outcomes.values,
            "findings": list(shown.findings),
            "drift": None if shown.drift is None else list(shown.drift),
            "unused": _unused(shown.after, passed),
            "errors": list(shown.errors),
        }

    def _number(self, digits: str) -> Plain:
        """A row of the list, and the calls to it that go different ways."""
        impact = self._impact
        written = impact.after.shown(digits) or impact.before.shown(digits) or digits
        calls: list[list[Any]] = []
        first: Resource | None = None
        them = impact.calls(digits)
        for call, what in them:
            routes = impact.routes(digits, call)
            peeled = [_peeled(route, digits) for route in routes]
            first = first or peeled[1][0] or peeled[0][0]
            one = self._sides(what, [route for _, route in peeled], impact.weeks(digits, call))
            if not calls or one[1:] != calls[0][1:]:  # what is like all other calls is not said again
                calls.append(one)
        row = self._row(written, calls, impact.weeks(digits, them[0][0])[1], first)
        number = written if digits in impact.after.groups or digits in impact.before.groups else as_declared(written)
        if number.startswith("+"):
            row["s"] = spoken(number)
            if home := at_home(number):
                row["h"] = home
        return row

    def _without_numbers(self, passed: set[str | None]) -> Iterator[Plain]:
        """The profiles that no number of the configuration leads to: numbers from elsewhere may."""
        shown = self._shown
        sides = [shown.before, shown.after]
        tracers = [Tracer(side) for side in sides]
        things = [{one.urn: side.facts.thing(one) for one in side.of(ProfileView.token)} for side in sides]
        there = {one.urn: one for side in sides for one in side.of(ProfileView.token) if one.urn not in passed}
        for urn, one in sorted(there.items()):
            found = [
                tracer.object(of[urn], frozenset()) if urn in of else None
                for tracer, of in zip(tracers, things, strict=True)
            ]
            week, new = [route.week if route is not None else _NOT_THERE for route in found]
            row = self._row(f"profile {one.called}", [self._sides("", found, (week, new))], new, one)
            yield {**row, "elsewhere": True}

    def _sides(
        self, what: str, routes: Sequence[Route | None], weeks: tuple[Week[Outcome], Week[Outcome]]
    ) -> list[Any]:
        """Which calls, their ways and their weeks, before and after where something is planned, and what changes."""
        planned = self._shown.planned
        sides = slice(None) if planned else slice(1, None)
        ways, of_weeks = [self._way(one) for one in routes[sides]], [self._week(one) for one in list(weeks)[sides]]
        return [what, ways, of_weeks, self._changes(*weeks) if planned else []]

    def _row(self, written: str, calls: list[list[Any]], week: Week[Outcome], first: Resource | None) -> Plain:
        row: Plain = {"n": written, "c": self._calls.place(calls), "to": self._short(week)}
        if any(one[3] for one in calls):
            row["changed"] = True
        if first is not None:
            vendor = PRODUCTS.get(first.type.partition(":")[0], "")
            kind = f"{vendor} number" if first.roles.dialled is not None else label_of(first.type)
            row |= {"urn": first.urn, "type": kind, "name": first.name}
        elif written.startswith(EXTENSION):
            row["type"] = f"{PRODUCTS['ringex']} extension"
            if SIGNED_IN in written.split():
                row["name"] = "of the user who signs in"
        return row

    def _way(self, route: Route | None) -> int:
        """The way behind the number, by its place; -1 where there is none."""
        if route is None:
            return -1
        if id(route) not in self._of_route:
            self._kept.append(route)
            self._of_route[id(route)] = self._ways.place(way(route, self._names))
        return self._of_route[id(route)]

    def _week(self, week: Week[Outcome]) -> int:
        if id(week) not in self._of_week:
            self._kept.append(week)
            spans = [[start, self._outcome(outcome)] for start, _, outcome in week.spans]
            self._of_week[id(week)] = self._weeks.place(spans)
        return self._of_week[id(week)]

    def _outcome(self, outcome: Outcome) -> int:
        if outcome not in self._of_outcome:
            nobody = unanswered(outcome)
            dark = untold(outcome) == 1 or self._names.untold(outcome)
            tone = "gap" if nobody == 1 else "part" if nobody else "unknown" if dark else "ok"
            said: Plain = {"t": self._names.short(outcome), "w": self._names.outcome(outcome), "tone": tone}
            if tone == "part":
                said["nobody"] = percent(nobody)
            self._of_outcome[outcome] = self._outcomes.place(said)
        return self._of_outcome[outcome]

    def _changes(self, before: Week[Outcome], after: Week[Outcome]) -> list[Plain]:
        key = (id(before), id(after))
        if key not in self._compared:
            self._kept += [before, after]
            self._compared[key] = [
                {"when": one.when, "before": self._outcome(one.before), "after": self._outcome(one.after)}
                for one in changes_between(before, after)
            ]
        return self._compared[key]

    def _short(self, week: Week[Outcome]) -> int:
        """Where most of the week's calls go, for the list."""
        longest: dict[int, int] = {}
        for start, end, outcome in week.spans:
            place = self._outcome(outcome)
            longest[place] = longest.get(place, 0) + end - start
        return max(longest, key=lambda place: longest[place])


_NOT_THERE = Week.always(STRANGER)


def _peeled(route: Route | None, digits: str) -> tuple[Resource | None, Route | None]:
    """A route without the step for the number itself, so that numbers that are answered alike share the rest."""
    if isinstance(route, Via) and digits_of(route.step.what.partition(" ")[0]) == digits:
        return route.step.resource, route.next
    return None, route


def _unused(routing: Routing, passed: Iterable[str | None]) -> dict[str, list[str]]:
    """What takes calls and that no call reaches, by the word for it."""
    there = set(passed)
    found: dict[str, list[str]] = {}
    for one in routing.resources:
        if one.roles.begins_off and one.urn not in there:
            found.setdefault(noun_of(one.type), []).append(one.called)
    return {noun: sorted(names) for noun, names in sorted(found.items())}
