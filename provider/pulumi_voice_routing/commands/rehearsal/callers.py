"""What callers would meet at each moment of a change: where their calls end after every request."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ... import counting
from ...call_flow.impact import STRANGER, Impact
from ...call_flow.outcome import Outcome
from ...call_flow.routing import Routing
from ...call_flow.tracer import Call, Tracer
from ...call_flow.week import Week, in_words, merged
from ...client.concurrency import each
from ...errors import NotFound
from ...lifecycle import references
from ...lifecycle.provider import MANAGED
from ...plan.facts import Resource, plain
from ...registry import provider_for
from ..export.account import read
from ..export.wanted import Wanted
from ..stand_in import forget_clients
from .stage import Moment, Stage

_WAVE = 40
MOST_LOOKS = 2_000_000
"""So many times a number is asked where its calls end; of more moments than that, some are left out."""

Key = tuple[str, str]


@dataclass
class Gap:
    """A time in which callers of some numbers meet what they meet neither before nor after the change."""

    numbers: list[str]
    calls: str
    """Which calls to them; empty for all that no rule names."""
    intervals: tuple[tuple[int, int], ...]
    """The minutes of the week in which that is so."""
    outcome: Outcome
    unanswered: bool
    """Whether nobody takes them, or fewer than before and after."""
    begins: Moment
    """The request that makes it so."""
    ends: Moment | None = None
    """The request that ends it; nothing when the change leaves it so."""

    @property
    def when(self) -> str:
        """In words: ``Mon-Fri 09:00-17:00``."""
        return in_words(self.intervals)


@dataclass
class Looked:
    """What was found out, and how closely."""

    gaps: list[Gap] = field(default_factory=list)
    moments: int = 0
    """How many moments were looked at."""
    of: int = 0
    """How many there were at which anything changed."""
    numbers: int = 0


def world(tell: Callable[[str], None] = lambda line: None) -> dict[Key, Resource]:
    """All that the accounts hold which the settings name, as resources; and what could not be read, as failures."""
    forget_clients()
    account = read(Wanted(), tell)
    keys = [(one.token, one.id) for one in account.objects]
    return {key: one for key, one in _seen(keys) if one is not None}


def compare(stage: Stage, moments: Sequence[Moment], before: dict[Key, Resource]) -> Looked:
    """Look at the accounts after each request that changed something. The stage is at the end of the change."""
    after = world()
    keys = sorted({*before, *after})
    impact = Impact(Routing.of_state(before.values()), Routing.of_state(after.values()))
    changing = [moment for moment in moments if moment.changes]
    looked = Looked(of=len(changing), numbers=len(impact.subjects))
    step = max(1, -(-len(changing) * max(1, looked.numbers) // MOST_LOOKS))
    watch, now, touched = _Watch(impact), dict(before), set[str]()
    for place, moment in enumerate(changing[:-1]):
        counting.count(place + 1, len(changing), "moments")
        touched |= {word for change in moment.changes for word in change.words}
        if place % step:
            continue
        looked.moments += 1
        stage.go_to(moment.number)
        forget_clients()
        concerned = [key for key in keys if _last(key[1]) in touched]
        touched = set()
        changed = [_update(now, key, one) for key, one in _seen(concerned)]
        if any(changed):
            watch.look(Routing.of_state(now.values()), moment)
    if changing:
        looked.moments += 1
        watch.over(changing[-1])
        stage.go_to(moments[-1].number)
    looked.gaps = watch.gaps
    return looked


def differ(before: Iterable[Resource], after: Iterable[Resource]) -> bool:
    """Whether any call ends elsewhere."""
    return any(True for _ in Impact(Routing.of_state(before), Routing.of_state(after)).numbers())


def unanswered(before: Iterable[Resource], here: Iterable[Resource], after: Iterable[Resource]) -> list[str]:
    """The numbers of which fewer calls are taken here than before and after."""
    impact = Impact(Routing.of_state(before), Routing.of_state(after))
    routing, tracers, found = Routing.of_state(here), dict[Call, Tracer](), list[str]()
    for digits in impact.subjects:
        for call, _ in impact.calls(digits):
            tracer = tracers.setdefault(call, Tracer(routing, call))
            if any(lost for _, _, lost in _strange(impact, digits, call, tracer)):
                found.append(impact.after.shown(digits) or impact.before.shown(digits))
                break
    return found


def _last(id_: str) -> str:
    return references.last(id_)


def _seen(keys: Sequence[Key]) -> Iterator[tuple[Key, Resource | None]]:
    """What the vendors have of these objects; a few are asked for at the same time."""
    for start in range(0, len(keys), _WAVE):
        some = keys[start : start + _WAVE]
        yield from zip(some, each(_look, some), strict=True)


def _look(key: Key) -> Resource | None:
    token, id_ = key
    provider = provider_for(token)
    try:
        outs = provider.look(id_, {MANAGED: sorted(provider.model)})  # what is empty or off is shown as well
    except NotFound:
        return None
    return None if outs is None else Resource(token, id_, f"live:{token}:{id_}", dict(plain(outs)), id_)


def _update(now: dict[Key, Resource], key: Key, one: Resource | None) -> bool:
    known = now.get(key)
    if one is None:
        return now.pop(key, None) is not None
    now[key] = one
    return known is None or known.props != one.props


class _Watch:
    """Compares moment by moment, and keeps what begins and ends."""

    def __init__(self, impact: Impact) -> None:
        self._impact = impact
        self._calls = {digits: impact.calls(digits) for digits in impact.subjects}
        self._open: dict[tuple[str, tuple[tuple[int, int], ...], Outcome], Gap] = {}
        self.gaps: list[Gap] = []

    def look(self, routing: Routing, moment: Moment) -> None:
        """The accounts after a request."""
        there: dict[tuple[str, tuple[tuple[int, int], ...], Outcome], Gap] = {}
        tracers: dict[Call, Tracer] = {}
        for digits, calls in self._calls.items():
            for call, what in calls:
                tracer = tracers.setdefault(call, Tracer(routing, call))
                for intervals, outcome, lost in _strange(self._impact, digits, call, tracer):
                    key = (what, intervals, outcome)
                    shown = self._impact.after.shown(digits) or self._impact.before.shown(digits)
                    if key not in there:
                        there[key] = Gap([], what, intervals, outcome, lost, moment)
                    there[key].numbers.append(shown)
        for key, gap in list(self._open.items()):
            if key not in there or there[key].numbers != gap.numbers:
                gap.ends = moment
                del self._open[key]
        for key, gap in there.items():
            if key not in self._open:
                self._open[key] = gap
                self.gaps.append(gap)

    def over(self, moment: Moment) -> None:
        """The last request has brought everything to its end."""
        for gap in self._open.values():
            gap.ends = moment
        self._open.clear()


def _strange(
    impact: Impact, digits: str, call: Call, tracer: Tracer
) -> Iterator[tuple[tuple[tuple[int, int], ...], Outcome, bool]]:
    """The times in which such a call ends neither where it did before nor where it does after; whether fewer are taken
    then."""
    before, after = impact.weeks(digits, call)
    route = tracer.route(digits)
    now = route.week if route else Week.always(STRANGER)
    if now in (before, after):
        return
    found: dict[tuple[Outcome, bool], list[tuple[int, int]]] = {}
    for start, end, (old, here, new) in merged([before, now, after], _three).spans:
        if here not in (old, new):
            lost = _lost(here) > max(_lost(old), _lost(new))
            found.setdefault((here, lost), []).append((start, end))
    for (outcome, lost), intervals in found.items():
        yield tuple(intervals), outcome, lost


def _three(old: Outcome, here: Outcome, new: Outcome) -> tuple[Outcome, Outcome, Outcome]:
    return old, here, new


def _lost(outcome: Outcome) -> float:
    """The part of the calls that nobody takes. A number that nobody knows of any more has no answer."""
    return 1.0 if outcome == STRANGER else float(sum(odds for end, odds in outcome.shares if end.nowhere))


__all__ = ["MOST_LOOKS", "Gap", "Looked", "compare", "differ", "unanswered", "world"]
