"""The way of a call as boxes and arrows, for every hour of the week at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ...call_flow.outcome import End
from ...call_flow.route import Rings, Route, Split, Step, Stop, Then, Undecided, Via
from ...plan.facts import noun_of
from ...registry import PRODUCTS
from ..naming import Names
from ..shares_in_words import shares_in_words

Plain: TypeAlias = dict[str, Any]

START = "start"
"""The box that stands for the number or the extension that is called."""
_MOST_BOXES = 120
_TAKEN = frozenset({"number", "queue", "ivr", "sip"})
"""Ends that say nothing of what happens next, so that they need no box of their own."""
_LETTERS = re.compile(r"\b(?:dnis|http|api)\b")
_NO_ANSWER = "if nobody takes it"
_TONES = {
    "unanswered": "nobody",
    "announcement": "nobody",
    "loop": "nobody",
    "unknown": "unknown",
    "voicemail": "voicemail",
}


def way(route: Route, names: Names) -> Plain:
    """The boxes and arrows of a route, as plain values; the first arrow begins at :data:`START`."""
    drawing = _Way(names)
    drawing.draw(START, route, "", ())
    edges = [
        _without_empty(source=source, target=target, label="; ".join(one.labels), more=one.more, later=one.dashed)
        for (source, target), one in drawing.arrows.items()
    ]
    return {"nodes": list(drawing.nodes.values()), "edges": edges}


_Later: TypeAlias = tuple[Then, ...]
"""Where a call goes on to when nobody takes it, the nearest first."""


@dataclass
class _Way:
    names: Names
    nodes: dict[Any, Plain] = field(default_factory=dict)
    arrows: dict[tuple[str, str], _Arrow] = field(default_factory=dict)
    _done: set[Any] = field(default_factory=set)

    def draw(
        self, source: str, route: Route, label: str, later: _Later, *, more: str = "", dashed: bool = False
    ) -> None:
        """Draw a route from a box on; the label is what sends calls there."""
        if isinstance(route, Split):
            for odds, branch in route.branches:
                share, all_of_it = shares_in_words(odds)
                if share is not None:
                    both = ", ".join(filter(None, (label, share)))
                    self.draw(
                        source, branch, both, later, more=", ".join(filter(None, (more, all_of_it))), dashed=dashed
                    )
        elif isinstance(route, Then):
            self.draw(source, route.first, label, (route, *later), more=more, dashed=dashed)
        elif isinstance(route, Via) and route.step.resource is None and route.place is None:
            self.draw(
                source, route.next, ", ".join(filter(None, (label, route.step.what))), later, more=more, dashed=dashed
            )
        elif len(self.nodes) >= _MOST_BOXES:
            self._join(source, self._box("more", {"kind": "end", "title": "and so on", "tone": "unknown"}), label, more)
        else:
            self._at(source, route, label, later, more, dashed)

    def _at(self, source: str, route: Route, label: str, later: _Later, more: str, dashed: bool) -> None:
        if isinstance(route, Stop):
            self._stop(source, route.end, label, later, more, dashed)
            return
        place = (id(route), *map(id, later))
        if isinstance(route, Via):
            on, what = route.next, [route.step]
            while (
                isinstance(on, Via | Rings) and on.step.resource is not None and on.step.resource is route.step.resource
            ):
                what.append(on.step)  # one resource is one box
                if isinstance(on, Rings):
                    break
                on = on.next
            if isinstance(on, Stop) and on.end.kind in _TAKEN and not later:
                title, *lines = self.names.end_lines(on.end, named=False)
                here = self._box(place, _card(what, (title, *lines)))  # who takes the call is a line of that box
                self._join(source, here, label, more, dashed)
                return
            here = self._box(place, _card(what))
            self._join(source, here, label, more, dashed)
            if place not in self._done:
                self._done.add(place)
                if isinstance(on, Rings) and on.step is what[-1]:
                    self.draw(here, on.otherwise, _NO_ANSWER, later, dashed=True)
                else:
                    self.draw(here, on, "", later)
        elif isinstance(route, Rings):
            here = self._box(place, _card([route.step]))
            self._join(source, here, label, more, dashed)
            if place not in self._done:
                self._done.add(place)
                self.draw(here, route.otherwise, _NO_ANSWER, later, dashed=True)
        elif isinstance(route, Undecided):
            self._undecided(source, route, place, label, later, more, dashed)

    def _undecided(
        self, source: str, route: Undecided, place: Any, label: str, later: _Later, more: str, dashed: bool
    ) -> None:
        here = self._box(place, {"kind": "fork", "label": "Not certain", "title": route.reason})
        self._join(source, here, label, more, dashed)
        if place in self._done:
            return
        self._done.add(place)
        for option in route.options:
            self.draw(here, option, "perhaps", later, dashed=True)
        if route.more and route.options:
            self._join(here, self._end(End("unknown", "something else")), "or", "", True)

    def _stop(self, source: str, end: End, label: str, later: _Later, more: str, dashed: bool) -> None:
        here = self._end(end, later if self._goes_on(end, later) else ())
        self._join(source, here, label, more, dashed)
        place = (here, "later")
        if later and self._goes_on(end, later) and place not in self._done:
            self._done.add(place)
            self.draw(here, later[0].later, _NO_ANSWER, later[1:], dashed=True)

    @staticmethod
    def _goes_on(end: End, later: _Later) -> bool:
        return bool(later) and end.kind in later[0].ringing and end.otherwise is None

    def _end(self, end: End, later: _Later = ()) -> str:
        title, *lines = self.names.end_lines(end, named=False)  # the destination is the box before it
        tone = _TONES.get(end.kind, "answered")
        return self._box(
            (end.kind, title, *lines, *map(id, later)), _without_empty(kind="end", title=title, lines=lines, tone=tone)
        )

    def _box(self, place: Any, said: Plain) -> str:
        if place not in self.nodes:
            self.nodes[place] = {"key": f"b{len(self.nodes)}", **said}
        return str(self.nodes[place]["key"])

    def _join(self, source: str, target: str, label: str, more: str = "", dashed: bool = False) -> None:
        there = self.arrows.setdefault((source, target), _Arrow(more, dashed))
        if label and label not in there.labels:
            there.labels.append(label)


@dataclass
class _Arrow:
    more: str
    """What decides, in full."""
    dashed: bool
    labels: list[str] = field(default_factory=list)


def _card(steps: Sequence[Step], taken: Sequence[str] = ()) -> Plain:
    """What a call passes: the words of the object, what it does, and who takes the call there."""
    one = steps[0].resource
    if one is None:
        title = steps[0].what[:1].upper() + steps[0].what[1:]
        return _without_empty(kind="step", title=title, lines=list(taken), tone="answered" if taken else "")
    vendor, noun = one.type.partition(":")[0], noun_of(one.type)
    quoted = repr(one.called)
    named = quoted in steps[0].what or any(quoted in step.what for step in steps)
    lines = [_rest(step.what, noun, quoted) for step in steps]
    title = one.called if named else lines.pop(0)
    return _without_empty(
        kind="step",
        vendor=vendor,
        label=label_of(one.type),
        title=title,
        lines=[line for line in dict.fromkeys((*lines, *taken)) if line],
        tone="answered" if taken else "",
        off="is not active" in steps[0].what or "is disabled" in steps[0].what,
        type=one.type,
        name=one.name,
        urn=one.urn,
    )


def label_of(type_: str) -> str:
    """A type as people say it: ``RingCX destination``."""
    vendor = type_.partition(":")[0]
    return f"{PRODUCTS.get(vendor, vendor)} {_LETTERS.sub(lambda one: one[0].upper(), noun_of(type_))}"


def _rest(what: str, noun: str, quoted: str) -> str:
    """What a step says besides the kind and the name of its object."""
    said = " ".join(what.replace(quoted, " ").split())
    return said.removeprefix(noun).strip().removeprefix(",").strip()


def _without_empty(**said: Any) -> Plain:
    return {name: value for name, value in said.items() if value not in ("", [], None, False)}
