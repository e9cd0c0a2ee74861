"""What is drawn: who answers which numbers, and where calls go from there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal, TypeAlias

from ...call_flow.routing import Routing
from ...call_flow.signed_in_extension import with_extensions
from ...lifecycle import meaning as means
from ...lifecycle import references
from ...lifecycle.meaning import Reading
from ...plan.facts import UNKNOWN, Before, Facts, Resource, Thing, UnknownValue, noun_of
from ...plan.holdings import numbers_of
from ...plan.liveness import hourly_shares
from ...plan.plan import Plan
from ...plan.roles import Place
from ...plan.targets import readings
from ...portsip.views import NoAnswerView, RingGroupView
from ...ringcx.cloud_routing.views import AssignedDestinationView, ProfileView
from ...ringcx.numbers.views import TrackingRoutingRuleView
from ...ringex.views import (
    AnsweringRuleView,
    BuiltInAnsweringRuleView,
    CallHandlingStateRuleView,
    CallHandlingStateView,
    CallHandlingView,
    DispatchingView,
    ForwardingNumberView,
    InteractionRuleView,
    RingTargetView,
    TerminatingTargetView,
)
from ...telephony.number import digits_of
from ...telephony.sip import address
from ..shares_in_words import hours_in_words
from . import ends
from .words import MOST_NUMBERS, instead, number_of, share_of, some, together, words

Change: TypeAlias = Literal["", "new", "changed", "replaced", "gone"]
_Place: TypeAlias = tuple[str, str, str]
Kind: TypeAlias = Literal["number", "profile", "destination", "rule", "group", "service", "end"]

_READ_AS = {"queue": "queue", "ivr": "IVR"}
_VENDORS = ("ringcx", "ringex", "portsip")
_RULES = (AnsweringRuleView.token, BuiltInAnsweringRuleView.token)
_NEWER_RULES = (CallHandlingStateRuleView.token, InteractionRuleView.token)
_TARGETS = {
    "AllMobileRingTarget": "mobile apps",
    "AllDesktopRingTarget": "desktop apps",
    "DeviceRingTarget": "device",
    "HotdeskRingTarget": "hot desk",
    "IntegrationRingTarget": "integration",
    "VoiceMailTerminatingTarget": "voicemail",
    "PlayAnnouncementTerminatingTarget": "announcement",
}
"""What is rung, or takes a call, by the vendor's word; other targets are numbers and extensions."""


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
    noun: str = ""
    """The word for what it is."""
    numbers: tuple[str, ...] = field(default=(), compare=False)
    """The numbers that it stands for."""

    @property
    def vendor(self) -> str:
        """Whose it is; empty for what is no resource."""
        return next((vendor for vendor in _VENDORS if f"{vendor}:" in self.key), "")


@dataclass(frozen=True)
class Edge:
    """An arrow: where calls go on, or a service that is asked for something."""

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
    heading: str = ""
    notes: tuple[str, ...] = ()
    """What stands above it and below it."""

    def only_changed(self) -> Graph:
        """What changes, and what it is joined to."""
        new = {node.key for node in self.nodes if node.change}
        return self._with(new, [edge for edge in self.edges if edge.change or new & {edge.source, edge.target}])

    def behind(self, digits: str) -> Graph:
        """What calls to one number can come to."""
        return self.part(self.onward(self.starts[digits]))

    def onward(self, starts: Iterable[str]) -> set[str]:
        """The boxes that calls come to from some boxes on, these included."""
        found, todo = set(starts), list(starts)
        while todo:
            new = {edge.target for edge in self._from.get(todo.pop(), ())} - found
            found |= new
            todo += new
        return found

    @cached_property
    def _from(self) -> dict[str, list[Edge]]:
        onward: dict[str, list[Edge]] = {}
        for edge in self.edges:
            onward.setdefault(edge.source, []).append(edge)
        return onward

    def part(self, keys: set[str], *, around: bool = True) -> Graph:
        """Only some boxes, and the arrows from them, with what they lead to unless ``around`` says otherwise."""
        edges = [edge for edge in self.edges if edge.source in keys and (around or edge.target in keys)]
        return self._with(keys, edges)

    def _with(self, keys: set[str], edges: list[Edge]) -> Graph:
        there = keys | {key for edge in edges for key in (edge.source, edge.target)}
        return replace(self, nodes=[node for node in self.nodes if node.key in there], edges=edges)

    @property
    def meanings(self) -> dict[Change, str]:
        """The colours in it, in words."""
        said: dict[Change, str] = {"new": "new", "changed": "changes", "replaced": "is replaced", "gone": "goes"}
        return {change: said[change] for change in self.changes}

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
        self._rules: dict[str, list[str]] = {}
        self._routing = Routing(facts)
        self._hours = {facts.parent(one): one for one in facts.that(hourly_shares)}
        declared = with_extensions(facts)
        for one in declared:
            self._box(one)
        for one in declared:
            self._arrows(one)
        self._overrides([one for one in facts.declared if one.roles.overrides is not None])

    def starts(self) -> Iterator[tuple[str, set[str]]]:
        """The boxes that calls to each number come to first."""
        yield from self.numbers.items()
        yield from ((number, {one.urn}) for number, one in self._routing.groups.items())

    # Boxes

    def _box(self, one: Resource) -> None:
        roles = one.roles
        if roles.answers:
            self._numbers(one)
        elif one.type == RingGroupView.token:
            group = RingGroupView(one)
            rings = [str(member.extension_number) for member in group.members]
            self._add(one, "group", one.called, words(group.strategy), f"rings {some(rings)}", ends.of_group(one))
            self._called(one)
        elif one.type in _RULES:
            self._rule(one)
        elif one.type in _NEWER_RULES:
            self._newer_rule(one)
        elif one.type == ForwardingNumberView.token:
            number = ForwardingNumberView(one)
            self._add(one, "end", words(number.phone_number), words(number.label or number.type))
        elif one.type == ProfileView.token:
            self._add(one, "profile", one.called, words(ProfileView(one).routing_type), *self._unsaid(one))
        elif roles.begins_off:
            self._add(one, "destination", one.called, self._target_of(one), *self._unsaid(one))
        elif _is_service(one):
            self._add(one, "service", one.called, off=one.switch("service") is False)
        elif roles.top(means.Target) is not None and not roles.has(means.Inside):
            self._add(one, "destination", one.called, self._target_of(one), off=one.switch() is False)

    def _target_of(self, one: Resource) -> str:
        """Where it sends calls, with the word for what is a bare number otherwise."""
        for value, reads in readings(self.facts, one):
            return " ".join(filter(None, (_READ_AS.get(str(reads), ""), words(value.value))))
        return words(one.role(means.Target))

    def _rule(self, one: Resource) -> None:
        extension = references.last(words(one.role(means.Inside)))
        name = words(BuiltInAnsweringRuleView(one).rule or one.called)
        self._add(one, "rule", name, f"extension {extension}", ends.of_rule(one), off=one.switch() is False)
        self._called(one, extension)

    def _newer_rule(self, one: Resource) -> None:
        extension = references.last(words(one.role(means.Inside)))
        state = CallHandlingStateRuleView(one).state if one.type == CallHandlingStateRuleView.token else None
        there = self._routing.states.get(extension, {}).get(words(state))
        off = one.switch() is False or (there is not None and CallHandlingStateView(there).enabled is False)
        self._add(one, "rule", words(state or one.called), f"extension {extension}", off=off)
        self._called(one, extension)

    def _called(self, one: Resource, extension: str = "") -> None:
        """What calls come to it: those to its numbers, or to all of an extension."""
        called = [said.value for said in one.values(means.Called)]
        self._reached_by(one, [number for number in called if isinstance(number, str)])
        if extension and not called:
            self._rules.setdefault(extension, []).append(one.urn)

    def _numbers(self, one: Resource) -> None:
        numbers = sorted(numbers_of(one))
        title = numbers[0] if len(numbers) == 1 else f"{len(numbers)} numbers"
        shown = [] if len(numbers) == 1 else numbers[:MOST_NUMBERS]
        more = len(numbers) - len(shown)
        rest = f"and {more} more" if shown and more else ""
        unused = [number for number in numbers if self._routing.records.get(digits_of(number), (None,))[0] is False]
        idle = f"not in use: {some(unused)}" if unused and len(unused) < len(numbers) else ""
        off = one.switch() is False or (bool(unused) and not idle)
        self._add(one, "number", title, one.roles.answered_by, *shown, rest, idle, off=off)
        self._reached_by(one, numbers)

    def _reached_by(self, one: Resource, numbers: Iterable[str]) -> None:
        """What answers a number wins over rules that are for it, since calls to the number go there first."""
        for digits in map(digits_of, numbers):
            if one.roles.answers or digits not in self._routing.answered_by:
                self.numbers.setdefault(digits, set()).add(one.urn)

    def _unsaid(self, one: Resource) -> list[str]:
        return ["on or off: not declared"] if self._routing.active(self.facts.thing(one)) is None else []

    def _add(self, one: Resource, kind: Kind, title: str, *lines: str, off: bool = False) -> None:
        off = off or (one.roles.begins_off and self._routing.active(self.facts.thing(one)) is False)
        said = (*filter(None, lines), *(["takes no calls"] if off else []))
        noun = "number" if kind == "number" else noun_of(one.type)
        self.nodes[one.urn] = Node(one.urn, kind, title, said, off=off, noun=noun)

    # Arrows

    def _arrows(self, one: Resource) -> None:
        if one.roles.shares is not None:
            self._shares(one, one.roles.shares)
        elif one.type == TrackingRoutingRuleView.token:
            self._tracking_rule(one)
        elif one.type in _RULES:
            self._answering(one)
        elif one.type in _NEWER_RULES:
            self._dispatching(one)
        elif one.type == RingGroupView.token:
            self._no_answer(one)
        elif one.urn in self.nodes:
            self._owned(one)
            self._sent_on(one)
        for place in one.roles.places(means.Needs):
            if place.mark.when and one.at(place) is not None:
                service = self.facts.link(one, place.field, place.mark.types[0])
                self._join(one.urn, self._thing(service), place.mark.when, place.mark.when, aside=True)

    def _owned(self, one: Resource) -> None:
        """Arrows to whoever answers its numbers."""
        for place in one.roles.places(means.Owner):
            if one.at(place) is None:
                continue
            if place.mark.type:
                self._join(one.urn, self._thing(self.facts.link(one, place.field, place.mark.type)))
            else:
                self._join(one.urn, self._end(f"{place.mark.called} {words(one.at(place))}"))

    def _sent_on(self, one: Resource) -> None:
        """Arrows to its targets. What is a box of its own has a target that leads nowhere here in the box."""
        for value, reads in readings(self.facts, one):
            there = self._led_to if self.nodes[one.urn].kind == "number" else self._reached
            self._join_all(one.urn, there(reads, value.value))
        for place in one.roles.places(means.Target):
            if place.mark.to and not place.inner and one.at(place) is not None:
                self._join(one.urn, self._thing(self.facts.link(one, place.field, place.mark.to)))

    def _no_answer(self, one: Resource) -> None:
        said = RingGroupView(one).no_answer
        number = said.number if isinstance(said, NoAnswerView) else None
        if number is not None:
            group = self._routing.groups.get(words(number))
            targets = [group.urn] if group is not None else self._dialled(number) or [self._end(number_of(number))]
            self._join_all(one.urn, targets, "when nobody answers")

    def _shares(self, one: Resource, place: Place[means.Target]) -> None:
        divided = self.facts.parent(one)
        linked = self.facts.linked(one, place)
        table = self._hours.get(divided)
        hours = self._hours_of(table) if table is not None else {}
        rows = [(AssignedDestinationView(row), link) for row, link in linked]
        said = [hours_in_words(hours.get(link)) or "by the hour" if table else share_of(row) for row, link in rows]
        labels = [share + instead(row) for share, (row, _) in zip(said, rows, strict=True)]
        # The engine says what new destinations the rows are made of, and not which row has which.
        new = [at for at, (row, _) in enumerate(linked) if place.of(row) is UNKNOWN]
        if len({labels[at] for at in new}) > 1:
            either = f"one of {', '.join(sorted(labels[at] for at in new))}"
            labels = [either if at in new else label for at, label in enumerate(labels)]
        for (_, link), label in zip(linked, labels, strict=True):
            self._join(self._thing(divided or UNKNOWN), self._thing(link), label, basis=words(hours.get(link)))

    def _hours_of(self, table: Resource) -> dict[Thing | UnknownValue, Any]:
        """The shares by hour of each destination."""
        place, share = table.roles.hourly_shares, table.roles.places(means.Share)
        if place is None:
            return {}
        return {link: share[0].of(row) for row, link in self.facts.linked(table, place)}

    def _overrides(self, them: Iterable[Resource]) -> None:
        callers: dict[tuple[str, str, str], set[str]] = {}
        readable: dict[str, Reading | UnknownValue | None] = {}
        for one in them:
            at, place = self.facts.parent(one), one.roles.overrides
            for value, reads in readings(self.facts, one) if place is not None and at is not None else ():
                readable[str(reads)] = reads
                key = self._thing(at or UNKNOWN), str(reads), words(value.value)
                callers.setdefault(key, set()).add(words(place.of(value.beside) if place is not None else None))
        for (destination, read, target), numbers in sorted(callers.items()):
            label = f"callers of {some(sorted(numbers))}"
            self._join_all(
                destination, self._led_to(readable[read], target), label, "override", " ".join(sorted(numbers))
            )

    def _tracking_rule(self, one: Resource) -> None:
        rule = TrackingRoutingRuleView(one)
        source = self._thing(self.facts.parent(one) or UNKNOWN)
        hours = " when open" if rule.open_rule is True else " when closed" if rule.open_rule is False else ""
        if rule.queue_id is not None:
            targets = [self._end(f"queue {words(rule.queue_id)}")]
        elif rule.to_tracking_id is not None:
            place = next(place for place in one.roles.places(means.Target) if place.mark.to)
            link = self.facts.link(one, place.field, place.mark.to)
            known = link is UNKNOWN or link.key in self.nodes
            targets = [self._thing(link) if known else self._end(f"tracking number {words(rule.to_tracking_id)}")]
        else:
            found: list[Reading | UnknownValue | None] = [
                reads for value, reads in readings(self.facts, one) if value.place.mark.by
            ]
            targets = self._led_to(found[0] if found else None, rule.destination)
        self._join_all(source, targets, f"rank {words(rule.rank)}{hours}", one.urn)

    def _answering(self, one: Resource) -> None:
        rule = CallHandlingView(one)
        field = next(place.field for place in one.roles.places(means.Needs))
        for place, step in enumerate(rule.forward_to, 1):
            ids = [*step.numbers, *[UNKNOWN] * step.numbers.missing]
            for link in self.facts.links(one, field, ids, ForwardingNumberView.token):
                self._join(one.urn, self._thing(link), f"step {words(step.index or place)}")
        if rule.forward_all_to is not None:
            to = rule.forward_all_to
            self._join_all(one.urn, self._dialled(to) or [self._end(number_of(to))], "all calls")
        if rule.transfer_to is not None:
            self._join_all(one.urn, self._extension(references.last(words(rule.transfer_to))), "all calls")

    def _dispatching(self, one: Resource) -> None:
        """Arrows to what a rule of the newer call handling rings, and to where its calls end."""
        view = DispatchingView(one)
        own = references.last(words(one.role(means.Inside)))
        for place, group in enumerate(view.ring_groups, 1):
            step = f"group {place}" if view.dispatching == "RingInOrder" else "rings"
            for target in group.targets if group.enabled is not False else ():
                self._join_all(one.urn, self._target(target, own), step)
        for app in view.always_ring:
            self._join(one.urn, self._end(f"{_TARGETS.get(app, app)} of extension {own}"), "rings all the time")
        for end, label in ((view.no_answer_target, "when nobody answers"), (view.immediate_target, "all calls")):
            if end is not None:
                targets = [self._end(words(end))] if end is UNKNOWN else self._target(end, own)
                self._join_all(one.urn, targets, label)

    def _target(self, target: RingTargetView | TerminatingTargetView, own: str) -> list[str]:
        """The boxes of a target of the newer call handling; ``own`` is the extension whose rule it is."""
        if target.phone_number is not None:
            return self._dialled(target.phone_number) or [self._end(number_of(target.phone_number))]
        what = [_TARGETS.get(words(target.type), "")]
        if isinstance(target, RingTargetView):
            what += [words(target.device_id), words(target.integration)]
        extension = references.last(words(target.extension_id)) or own
        said = " ".join(filter(None, what))
        return [self._end(f"{said} of extension {extension}")] if said else self._extension(extension, own)

    def _extension(self, extension: str, own: str = "") -> list[str]:
        """The rules that calls to an extension meet, whatever number was called; or its box, where they end."""
        rules = [] if extension == own else self._rules.get(extension, [])
        return rules or [self._end(f"extension {extension}")]

    # What arrows end at

    def _join(
        self, source: str, target: str, label: str = "", route: str = "", *, aside: bool = False, basis: str = ""
    ) -> None:
        """Add an arrow. Those between two boxes are told apart by ``route``; the labels of one are put together."""
        there = self.edges.get((source, target, route))
        labels, bases = ({label}, {basis}) if there is None else ({label, there.label}, {basis, there.basis})
        self.edges[source, target, route] = Edge(source, target, together(labels), aside=aside, basis=together(bases))

    def _join_all(self, source: str, targets: Iterable[str], label: str = "", route: str = "", basis: str = "") -> None:
        for target in targets:
            self._join(source, target, label, route, basis=basis)

    def _thing(self, thing: Thing | UnknownValue) -> str:
        if thing is UNKNOWN:
            return self._end("not known yet")
        return thing.key if thing.key in self.nodes else self._end(self.facts.called(thing))

    def _reached(self, reads: Reading | UnknownValue | None, target: Any) -> list[str]:
        """The boxes that a target leads to; none when it ends there."""
        if reads == "sip":
            found = address(words(target))
            group = self._routing.groups.get(found[0]) if found is not None else None
            names = self._routing.pbx_names
            here = found is not None and group is not None and (found[1] in names or (group.id is None and not names))
            return [group.urn] if here and group is not None else []
        return [] if reads in ("queue", "ivr") else self._dialled(target)

    def _led_to(self, reads: Reading | UnknownValue | None, target: Any) -> list[str]:
        """The boxes that a target leads to, or the one where it ends, with the word for what is a bare number."""
        word = _READ_AS.get(str(reads), "")
        return self._reached(reads, target) or [self._end(f"{word} {words(target)}" if word else number_of(target))]

    def _dialled(self, number: Any) -> list[str]:
        return sorted(self.numbers.get(digits_of(words(number)), ()))

    def _end(self, title: str) -> str:
        key = f"~ {title}"
        self.nodes.setdefault(key, Node(key, "end", title))
        return key


def _is_service(one: Resource) -> bool:
    switch = one.roles.top(means.Switch)
    return switch is not None and switch.mark.of == "service"
