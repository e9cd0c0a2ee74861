"""What is drawn: who answers which numbers, and where calls go from there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

from ...call_flow.ring_groups import address
from ...call_flow.routing import World, digits_of, texts
from ...call_flow.signed_in_extension import with_extensions
from ...errors import some_of
from ...lifecycle import references
from ...plan.facts import (
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
from ...plan.holdings import ANSWERED_BY, numbers_of
from ...plan.plan import Plan

Change: TypeAlias = Literal["", "new", "changed", "replaced", "gone"]
_Place: TypeAlias = tuple[str, str, str]
Kind: TypeAlias = Literal["number", "profile", "destination", "rule", "group", "service", "end"]

_MOST_NUMBERS = 3
_NOT_DIALLED = ("ACD", "IVR", "IVR_STUDIO")
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
    basis: str = ""
    """What else decides, and is too long to be drawn."""


@dataclass
class Graph:
    """Boxes and arrows, in an order that depends on what is drawn only."""

    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    starts: dict[str, set[str]] = field(default_factory=dict)
    """The boxes that calls to a number come to first, by its digits."""

    def only_changed(self) -> Graph:
        """What changes, and what it is joined to."""
        new = {node.key for node in self.nodes if node.change}
        return self._with(new, [edge for edge in self.edges if edge.change or new & {edge.source, edge.target}])

    def behind(self, digits: str) -> Graph:
        """What calls to one number can come to."""
        found, todo = set(self.starts[digits]), list(self.starts[digits])
        onward: dict[str, list[str]] = {}
        for edge in self.edges:
            onward.setdefault(edge.source, []).append(edge.target)
        while todo:
            new = set(onward.get(todo.pop(), ())) - found
            found |= new
            todo += new
        return self._with(found, [edge for edge in self.edges if edge.source in found])

    def _with(self, keys: set[str], edges: list[Edge]) -> Graph:
        there = keys | {key for edge in edges for key in (edge.source, edge.target)}
        return Graph([node for node in self.nodes if node.key in there], edges, self.starts)

    @property
    def meanings(self) -> dict[Change, str]:
        """The colours in it, in words."""
        words: dict[Change, str] = {"new": "new", "changed": "changes", "replaced": "is replaced", "gone": "goes"}
        return {change: words[change] for change in self.changes}

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
    drawing = Graph([nodes[key] for key in sorted(nodes)], [edges[place] for place in sorted(edges)])
    for side in (before, after):
        for digits, boxes in side.starts():
            drawing.starts.setdefault(digits, set()).update(boxes)
    return drawing


def _of_node(key: str, before: _Drawing, after: _Drawing, done: Mapping[str, Change]) -> Change:
    if key not in before.nodes:
        return "new"
    return done.get(key, "") or ("changed" if before.nodes[key] != after.nodes[key] else "")


def _edge(edge: Edge, old: Edge | None) -> Edge:
    if old is None:
        return replace(edge, change="new")
    if (old.label, old.basis) == (edge.label, edge.basis):
        return edge
    if old.label == edge.label:
        return replace(edge, change="changed")
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
        self.numbers: dict[str, set[str]] = {}
        self._world = World(facts)
        self._hours = {facts.link(one, "profile", PROFILE): one for one in facts.of(ALLOCATION_HOURS)}
        declared = with_extensions(facts)
        for one in declared:
            self._box(one)
        for one in declared:
            self._arrows(one)
        self._overrides(facts.of(DNIS_OVERRIDE, DNIS_OVERRIDES))

    def starts(self) -> Iterator[tuple[str, set[str]]]:
        """The boxes that calls to each number come to first."""
        yield from self.numbers.items()
        yield from ((number, {one.urn}) for number, one in self._world.groups.items())

    # Boxes

    def _box(self, one: Resource) -> None:
        if one.type == PROFILE:
            self._add(one, "profile", one.called, _words(one.get("routing_type")), *self._unsaid(one))
        elif one.type == DESTINATION:
            self._add(one, "destination", one.called, _words(one.get("target")), *self._unsaid(one))
        elif one.type == RING_GROUP:
            rings = [str(row.get("extension_number")) for row in one.rows("members")]
            self._add(one, "group", one.called, _words(one.get("strategy")), f"rings {_some(rings)}")
        elif one.type in (ANSWERING_RULE, BUILT_IN_RULE):
            where = f"extension {references.last(_words(one.get('extension_id')))}"
            mail = "then voicemail" if one.get("voicemail_enabled") is True else ""
            name = _words(one.get("rule") or one.called)
            self._add(one, "rule", name, where, mail, off=one.get("enabled") is False)
            self._reached_by(one, texts(one, "called_numbers"))
        elif one.type == FORWARDING_NUMBER:
            self._add(one, "end", _words(one.get("phone_number")), _words(one.get("label") or one.get("type")))
        elif one.type == HTTP_SERVICE:
            self._add(one, "service", one.called, off=one.get("active") is False)
        elif one.type in ANSWERED_BY:
            self._numbers(one)

    def _numbers(self, one: Resource) -> None:
        numbers = sorted(numbers_of(one))
        title = numbers[0] if len(numbers) == 1 else f"{len(numbers)} numbers"
        shown = [] if len(numbers) == 1 else numbers[:_MOST_NUMBERS]
        more = len(numbers) - len(shown)
        rest = f"and {more} more" if shown and more else ""
        what = "tracking number" if one.type == TRACKING_NUMBER else ""
        unused = [number for number in numbers if self._world.records.get(digits_of(number), (None,))[0] is False]
        some = f"not in use: {_some(unused)}" if unused and len(unused) < len(numbers) else ""
        off = one.get("active") is False or (bool(unused) and not some)
        self._add(one, "number", title, what, *shown, rest, some, off=off)
        self._reached_by(one, numbers)

    def _reached_by(self, one: Resource, numbers: Iterable[str]) -> None:
        """What answers a number wins over rules that are for it, since calls to the number go there first."""
        for digits in map(digits_of, numbers):
            if one.type in ANSWERED_BY or digits not in self._world.answered_by:
                self.numbers.setdefault(digits, set()).add(one.urn)

    def _unsaid(self, one: Resource) -> list[str]:
        return ["on or off: not declared"] if self._world.active(self.facts.thing(one)) is None else []

    def _add(self, one: Resource, kind: Kind, title: str, *lines: str, off: bool = False) -> None:
        off = off or (kind in ("profile", "destination") and self._world.active(self.facts.thing(one)) is False)
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
            number = said.get("number") if isinstance(said, dict) else None
            if number is not None:
                group = self._world.groups.get(_words(number))
                targets = [group.urn] if group is not None else self._dialled(number) or [self._end(_words(number))]
                self._join_all(one.urn, targets, "when nobody answers")
        elif one.type == DESTINATION:  # a target that leads nowhere here is written in the box
            self._join_all(one.urn, self._reached(one.get("kind"), one.get("target")))

    def _shares(self, one: Resource) -> None:
        profile = self.facts.link(one, "profile", PROFILE)
        rows = one.rows("destinations")
        links = self.facts.links(one, "destinations", [row.get("destination") for row in rows], DESTINATION)
        table = self._hours.get(profile)
        hours = self._hours_of(table) if table is not None else {}
        labels = [f"{'by the hour' if table is not None else _share(row)}{_instead(row)}" for row in rows]
        # The engine says what new destinations the rows are made of, and not which row has which.
        new = [place for place, row in enumerate(rows) if row.get("destination") is UNKNOWN]
        if len({labels[place] for place in new}) > 1:
            either = f"one of {', '.join(sorted(labels[place] for place in new))}"
            labels = [either if place in new else label for place, label in enumerate(labels)]
        for link, label in zip(links, labels, strict=True):
            self._join(self._thing(profile), self._thing(link), label, basis=hours.get(link, ""))

    def _hours_of(self, table: Resource) -> dict[Thing | UnknownValue, str]:
        rows = table.rows("hours")
        links = self.facts.links(table, "hours", [row.get("destination") for row in rows], DESTINATION)
        return {link: _words(row.get("percent")) for link, row in zip(links, rows, strict=True)}

    def _overrides(self, them: Iterable[Resource]) -> None:
        numbers: dict[tuple[str, str, str], set[str]] = {}
        for one in them:
            link = self.facts.link(one, "destination", DESTINATION)
            there = self.facts.resource(link) if link is not UNKNOWN else None
            kind = _words(there.get("kind")) if there is not None else ""
            rows: Iterable[Mapping[str, Any]] = [one.props] if one.type == DNIS_OVERRIDE else one.rows("overrides")
            for row in rows:
                place = self._thing(link), kind, _words(row.get("target"))
                numbers.setdefault(place, set()).add(_words(row.get("dnis")))
        for (destination, kind, target), callers in sorted(numbers.items()):
            label = f"callers of {_some(sorted(callers))}"
            basis = " ".join(sorted(callers))
            targets = self._reached(kind, target) or [self._end(target)]
            self._join_all(destination, targets, label, "override", basis)

    def _tracking_rule(self, one: Resource) -> None:
        source = self._thing(self.facts.link(one, "tracking_number", TRACKING_NUMBER))
        hours = {True: " when open", False: " when closed"}.get(one.get("open_rule"), "")
        if one.get("queue_id") is not None:
            targets = [self._end(f"queue {_words(one.get('queue_id'))}")]
        elif one.get("to_tracking_id") is not None:
            targets = [self._end(f"tracking number {_words(one.get('to_tracking_id'))}")]
        else:
            kind = "SIP" if _words(one.get("kind")).endswith("SIP") else one.get("kind")
            to = one.get("destination")
            targets = self._reached("IVR" if kind == "VIVR" else kind, to) or [self._end(_words(to))]
        self._join_all(source, targets, f"rank {_words(one.get('rank'))}{hours}", one.urn)

    def _answering(self, one: Resource) -> None:
        for place, step in enumerate(one.rows("forward_to"), 1):
            numbers = step.get("numbers")
            ids = numbers if isinstance(numbers, list) else []
            for link in self.facts.links(one, "forward_to", ids, FORWARDING_NUMBER):
                self._join(one.urn, self._thing(link), f"step {_words(step.get('index') or place)}")
        if one.get("forward_all_to") is not None:
            to = one.get("forward_all_to")
            self._join_all(one.urn, self._dialled(to) or [self._end(_words(to))], "all calls")
        if one.get("transfer_to") is not None:
            extension = references.last(_words(one.get("transfer_to")))
            self._join(one.urn, self._end(f"extension {extension}"), "all calls")

    # What arrows end at

    def _join(
        self, source: str, target: str, label: str = "", way: str = "", *, aside: bool = False, basis: str = ""
    ) -> None:
        """Add an arrow. Those between two boxes are told apart by ``way``; the labels of one are put together."""
        there = self.edges.get((source, target, way))
        labels, bases = ({label}, {basis}) if there is None else ({label, there.label}, {basis, there.basis})
        self.edges[source, target, way] = Edge(source, target, _together(labels), aside=aside, basis=_together(bases))

    def _join_all(self, source: str, targets: Iterable[str], label: str = "", way: str = "", basis: str = "") -> None:
        for target in targets:
            self._join(source, target, label, way, basis=basis)

    def _thing(self, thing: Thing | UnknownValue) -> str:
        if thing is UNKNOWN:
            return self._end("not known yet")
        return thing.key if thing.key in self.nodes else self._end(self.facts.called(thing))

    def _reached(self, kind: Any, target: Any) -> list[str]:
        """The boxes that a target of a kind of destinations leads to; none when it ends there."""
        if kind == "SIP":
            found = address(_words(target))
            group = self._world.groups.get(found[0]) if found is not None else None
            names = self._world.pbx_names
            here = found is not None and group is not None and (found[1] in names or (group.id is None and not names))
            return [group.urn] if here and group is not None else []
        return [] if kind in _NOT_DIALLED else self._dialled(target)

    def _dialled(self, number: Any) -> list[str]:
        return sorted(self.numbers.get(digits_of(_words(number)), ()))

    def _end(self, title: str) -> str:
        key = f"~ {title}"
        self.nodes.setdefault(key, Node(key, "end", title))
        return key


def _together(said: Iterable[str]) -> str:
    return "; ".join(sorted({part for one in said for part in one.split("; ")} - {""}))


def _instead(row: Mapping[str, Any]) -> str:
    target = row.get("target")
    return f" to {_words(target)}" if row.get("override") is True and target is not None else ""


def _share(row: Mapping[str, Any]) -> str:
    share = row.get("allocation_percent")
    return f"rank {_words(row.get('rank'))}" if share is None else f"{_words(share)} %"


def _words(value: Any) -> str:
    return "not known yet" if value is UNKNOWN else "" if value is None else str(value)


def _some(words: Sequence[str]) -> str:
    return some_of(words, _MOST_NUMBERS) or "nobody"
