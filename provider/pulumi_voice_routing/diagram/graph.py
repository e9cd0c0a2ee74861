"""What is drawn: who answers which numbers, and where calls go from there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

from ..lifecycle import references
from ..safety.facts import (
    ALLOCATION_HOURS,
    ANSWERING_RULE,
    BUILT_IN_RULE,
    DESTINATION,
    DNIS_ASSIGNMENT,
    DNIS_ASSIGNMENTS,
    DNIS_OVERRIDE,
    DNIS_OVERRIDES,
    FORWARDING_NUMBER,
    HTTP_SERVICE,
    PROFILE,
    PROFILE_DESTINATIONS,
    RING_GROUP,
    TRACKING_NUMBER,
    TRACKING_ROUTING_RULE,
    UNKNOWN,
    Before,
    Facts,
    Resource,
    Thing,
    UnknownValue,
)
from ..safety.holdings import numbers_of
from ..safety.liveness import Liveness
from ..safety.plan import Plan

Change: TypeAlias = Literal["", "new", "changed", "replaced", "gone"]
_Place: TypeAlias = tuple[str, str, str]
Kind: TypeAlias = Literal["number", "profile", "destination", "rule", "group", "service", "end"]

_MOST_NUMBERS = 3
_SERVICES = {
    "call_start_service": "when a call starts",
    "call_connect_service": "when a call is connected",
    "call_end_service": "when a call ends",
}


@dataclass(frozen=True)
class Node:
    """A box."""

    key: str
    kind: Kind
    title: str
    lines: tuple[str, ...] = ()
    change: Change = ""
    off: bool = False
    """Whether it takes no calls."""


@dataclass(frozen=True)
class Edge:
    """An arrow: the way that calls go, or a service that is asked on the way."""

    source: str
    target: str
    label: str = ""
    change: Change = ""
    aside: bool = False
    """Whether no call goes there."""


@dataclass
class Graph:
    """Boxes and arrows, in an order that depends on what is drawn only."""

    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)

    @property
    def changes(self) -> list[Change]:
        """What happens to something in it."""
        there = {node.change for node in self.nodes} | {edge.change for edge in self.edges}
        order: tuple[Change, ...] = ("new", "changed", "replaced", "gone")
        return [change for change in order if change in there]


def graph_of(plan: Plan) -> Graph:
    """The routing after a plan, and in it what the plan adds, changes and takes away."""
    names = {step.before.urn: step.urn for step in plan.steps if step.before is not None}
    saved = [replace(one, urn=names[one.urn]) for one in plan.before]
    before, after = _Drawing(Facts(saved, Before(saved))), _Drawing(Facts(plan.after, Before(saved)))
    done: dict[str, Change] = {step.urn: _change(step.ops) for step in plan.steps}
    nodes = {key: replace(node, change=_of_node(key, before, after, done)) for key, node in after.nodes.items()}
    edges = {place: _edge(edge, before.edges.get(place)) for place, edge in after.edges.items()}
    nodes |= {key: replace(node, change="gone") for key, node in before.nodes.items() if key not in nodes}
    edges |= {place: replace(edge, change="gone") for place, edge in before.edges.items() if place not in edges}
    return Graph([nodes[key] for key in sorted(nodes)], [edges[place] for place in sorted(edges)])


def _of_node(key: str, before: _Drawing, after: _Drawing, done: Mapping[str, Change]) -> Change:
    if key not in before.nodes:
        return "new"
    return done.get(key, "") or ("changed" if before.nodes[key] != after.nodes[key] else "")


def _edge(edge: Edge, old: Edge | None) -> Edge:
    if old is None:
        return replace(edge, change="new")
    if old.label == edge.label:
        return edge
    return replace(edge, label=f"{old.label or 'all'} → {edge.label or 'all'}", change="changed")


def _change(ops: Sequence[str]) -> Change:
    if any("replace" in op for op in ops):
        return "replaced"
    return "changed" if "update" in ops else ""


class _Drawing:
    """The boxes and arrows of one set of resources."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.nodes: dict[str, Node] = {}
        self.edges: dict[_Place, Edge] = {}
        self._live = Liveness(facts).after
        self._hours = {facts.link(one, "profile", PROFILE) for one in facts.of(ALLOCATION_HOURS)}
        self._at_number: dict[str, str] = {}
        for one in facts.declared:
            self._box(one)
        for one in facts.declared:
            self._arrows(one)

    # Boxes

    def _box(self, one: Resource) -> None:
        if one.type == PROFILE:
            self._add(one, "profile", one.called, _words(one.get("routing_type")), off=self._off(one))
        elif one.type == DESTINATION:
            self._add(one, "destination", one.called, _words(one.get("target")), off=self._off(one))
        elif one.type == RING_GROUP:
            rings = [str(row.get("extension_number")) for row in one.rows("members")]
            self._add(one, "group", one.called, _words(one.get("strategy")), f"rings {_some(rings)}")
            self._at_number[_words(one.get("extension_number"))] = one.urn
        elif one.type in (ANSWERING_RULE, BUILT_IN_RULE):
            where = f"extension {references.last(_words(one.get('extension_id')))}"
            mail = "then voicemail" if one.get("voicemail_enabled") is True else ""
            name = _words(one.get("rule") or one.called)
            self._add(one, "rule", name, where, mail, off=one.get("enabled") is False)
            for number in one.get("called_numbers") or []:
                self._at_number[_words(number)] = one.urn
        elif one.type == FORWARDING_NUMBER:
            self._add(one, "end", _words(one.get("phone_number")), _words(one.get("label") or one.get("type")))
        elif one.type == HTTP_SERVICE:
            self._add(one, "service", one.called, off=one.get("active") is False)
        elif one.type in (DNIS_ASSIGNMENT, DNIS_ASSIGNMENTS, TRACKING_NUMBER):
            numbers = sorted(numbers_of(one))
            title = numbers[0] if len(numbers) == 1 else f"{len(numbers)} numbers"
            listed = [] if len(numbers) == 1 else numbers[:_MOST_NUMBERS]
            more = len(numbers) - len(listed)
            rest = f"and {more} more" if listed and more else ""
            what = "tracking number" if one.type == TRACKING_NUMBER else ""
            self._add(one, "number", title, what, *listed, rest, off=one.get("active") is False)
            self._at_number |= dict.fromkeys(numbers, one.urn)

    def _off(self, one: Resource) -> bool:
        return self.facts.thing(one) not in self._live

    def _add(self, one: Resource, kind: Kind, title: str, *lines: str, off: bool = False) -> None:
        said = (*filter(None, lines), *(["takes no calls"] if off else []))
        self.nodes[one.urn] = Node(one.urn, kind, title, said, off=off)

    # Arrows

    def _arrows(self, one: Resource) -> None:
        if one.type in (DNIS_ASSIGNMENT, DNIS_ASSIGNMENTS):
            if one.get("profile") is not None:
                self._join(one.urn, self._thing(self.facts.link(one, "profile", PROFILE)))
            for name, word in (("queue_id", "queue"), ("visual_ivr_id", "Visual IVR")):
                if one.get(name) is not None:
                    self._join(one.urn, self._end(f"{word} {_words(one.get(name))}"))
        elif one.type == PROFILE_DESTINATIONS:
            self._shares(one)
        elif one.type in (DNIS_OVERRIDE, DNIS_OVERRIDES):
            self._overrides(one)
        elif one.type == PROFILE:
            for name, when in _SERVICES.items():
                if one.get(name) is not None:
                    service = self.facts.link(one, name, HTTP_SERVICE)
                    self._join(one.urn, self._thing(service), when, when, aside=True)
        elif one.type == TRACKING_ROUTING_RULE:
            self._tracking_rule(one)
        elif one.type in (ANSWERING_RULE, BUILT_IN_RULE):
            self._answering(one)
        elif one.type == RING_GROUP:
            said = one.get("no_answer")
            if isinstance(said, dict) and said.get("number") is not None:
                self._join(one.urn, self._number(said["number"]), "when nobody answers")
        elif one.type == DESTINATION and self._known_number(one.get("target")):
            self._join(one.urn, self._number(one.get("target")))

    def _shares(self, one: Resource) -> None:
        profile = self.facts.link(one, "profile", PROFILE)
        rows = one.rows("destinations")
        links = self.facts.links(one, "destinations", [row.get("destination") for row in rows], DESTINATION)
        by_the_hour = profile in self._hours
        labels = ["by the hour" if by_the_hour else _share(row) for row in rows]
        # The engine says what new destinations the rows are made of, and not which row has which.
        new = [place for place, row in enumerate(rows) if row.get("destination") is UNKNOWN]
        if len({labels[place] for place in new}) > 1:
            either = f"one of {', '.join(sorted(labels[place] for place in new))}"
            labels = [either if place in new else label for place, label in enumerate(labels)]
        for link, label in zip(links, labels, strict=True):
            self._join(self._thing(profile), self._thing(link), label)

    def _overrides(self, one: Resource) -> None:
        destination = self._thing(self.facts.link(one, "destination", DESTINATION))
        rows: Iterable[Mapping[str, Any]] = [one.props] if one.type == DNIS_OVERRIDE else one.rows("overrides")
        by_target: dict[str, list[str]] = {}
        for row in rows:
            by_target.setdefault(_words(row.get("target")), []).append(_words(row.get("dnis")))
        for target, numbers in by_target.items():
            self._join(destination, self._number(target), f"callers of {_some(sorted(numbers))}", "override")

    def _tracking_rule(self, one: Resource) -> None:
        source = self._thing(self.facts.link(one, "tracking_number", TRACKING_NUMBER))
        hours = {True: " when open", False: " when closed"}.get(one.get("open_rule"), "")
        if one.get("queue_id") is not None:
            target = self._end(f"queue {_words(one.get('queue_id'))}")
        elif one.get("to_tracking_id") is not None:
            target = self._end(f"tracking number {_words(one.get('to_tracking_id'))}")
        else:
            target = self._number(one.get("destination"))
        self._join(source, target, f"rank {_words(one.get('rank'))}{hours}", one.urn)

    def _answering(self, one: Resource) -> None:
        for place, step in enumerate(one.rows("forward_to"), 1):
            numbers = step.get("numbers")
            ids = numbers if isinstance(numbers, list) else []
            for link in self.facts.links(one, "forward_to", ids, FORWARDING_NUMBER):
                self._join(one.urn, self._thing(link), f"step {_words(step.get('index') or place)}")
        if one.get("forward_all_to") is not None:
            self._join(one.urn, self._number(one.get("forward_all_to")), "all calls")
        if one.get("transfer_to") is not None:
            extension = references.last(_words(one.get("transfer_to")))
            self._join(one.urn, self._end(f"extension {extension}"), "all calls")

    # What arrows end at

    def _join(self, source: str, target: str, label: str = "", way: str = "", *, aside: bool = False) -> None:
        """Add an arrow. Arrows between two boxes are told apart by ``way``; another label is the same arrow."""
        self.edges.setdefault((source, target, way), Edge(source, target, label, aside=aside))

    def _thing(self, thing: Thing | UnknownValue) -> str:
        if thing is UNKNOWN:
            return self._end("not known yet")
        return thing.key if thing.key in self.nodes else self._end(self.facts.called(thing))

    def _known_number(self, number: Any) -> bool:
        return _words(number) in self._at_number

    def _number(self, number: Any) -> str:
        return self._at_number.get(_words(number)) or self._end(_words(number))

    def _end(self, title: str) -> str:
        key = f"~ {title}"
        self.nodes.setdefault(key, Node(key, "end", title))
        return key


def _share(row: Mapping[str, Any]) -> str:
    share = row.get("allocation_percent")
    return f"rank {_words(row.get('rank'))}" if share is None else f"{_words(share)} %"


def _words(value: Any) -> str:
    return "not known yet" if value is UNKNOWN else "" if value is None else str(value)


def _some(words: Sequence[str]) -> str:
    more = f" and {len(words) - _MOST_NUMBERS} more" if len(words) > _MOST_NUMBERS else ""
    return ", ".join(words[:_MOST_NUMBERS]) + more if words else "nobody"
