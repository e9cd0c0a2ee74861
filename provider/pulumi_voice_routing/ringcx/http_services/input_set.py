"""How the inputs of a remote HTTP service become others. The vendor cannot change one: it goes, and a new one comes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ...client.answers import is_on
from ...client.listings import Json
from ...errors import Refused, UnexpectedAnswer
from ...lifecycle.calls import At
from ...lifecycle.lost_answers import create_all_once
from ...lifecycle.model import Failure, Values
from ...lifecycle.owned_set import Entries
from .. import client_http_services as http_client
from ..account import RingCXSet

_WIRES = {"name": "name", "kind": "type", "data_type": "simpleDataType", "value": "value"}
_WORDS = ("type", "simpleDataType")
_DEFAULTS = {"kind": "PARAMETER", "data_type": "STRING", "value": ""}


class InputSet(RingCXSet):
    """The inputs of a service."""

    calls = http_client.SERVICE_INPUTS

    def problems(self, args: Values) -> Iterable[Failure]:
        return self.repeated(args.get(self.entries), "name", "is the name of two inputs")

    def called(self, entry: Json) -> str:
        return str(entry.get("name"))

    def shown(self, olds: Values, live: list[Json]) -> Entries:
        managed = {item.get("name"): item for item in olds.get(self.entries) or []}
        return [_shown(one, managed.get(str(one.get("name")), {})) for one in _in_order(live)]

    def alike(self, old: Entries, new: Entries) -> bool:
        return [{**_DEFAULTS, **item} for item in old] == [{**_DEFAULTS, **item} for item in new]

    def is_declared(self, entry: Json, wanted: Entries) -> bool:
        return _facts(entry) in map(_meaning, _bodies(wanted))

    def may_empty(self, at: At) -> None:
        if is_on(self.api.get_service(*at).get("isEnabled")):
            raise Refused(
                f"service {at[1]} is active, so it keeps its inputs: its requests would go out without them. "
                "Deactivate it first (take it out of its Activation, or set active=False); nothing was changed."
            )

    def with_edits(self, live: list[Json], olds: Values, args: Values) -> Values:
        """Inputs send no calls anywhere: those that the program leaves as they were stay as somebody made them."""
        before = {str(item["name"]): {**_DEFAULTS, **item} for item in olds.get(self.entries) or []}
        there = {str(item["name"]): item for item in self.shown(args, live)}
        wanted: Entries = []
        for item in args[self.entries]:
            name = str(item["name"])
            untouched = before.get(name) == {**_DEFAULTS, **item}
            wanted.append(there[name] if untouched and name in there else item)
        named = {str(item["name"]) for item in wanted}
        strangers = [item for name, item in there.items() if name not in named and name not in before]
        return {**args, self.entries: [*wanted, *strangers]}

    def bring(self, at: At, live: list[Json], olds: Values, args: Values) -> None:
        group, service = at
        wanted = _bodies(args[self.entries])

        def missing(bodies: list[Json]) -> list[Json]:
            there = [_facts(one) for one in self.there(at)]
            return [body for body in bodies if _meaning(body) not in there]

        self.end_all(at, _too_many(live, wanted))
        create_all_once(
            missing(wanted),
            lambda new: self.api.create_inputs(group, service, new),
            missing,
            said=lambda _: f"ringcx: looking whether service {at[1]} has got its inputs",
        )
        meant = [_meaning(body) for body in wanted]
        if not self.becomes(at, lambda now: [_facts(one) for one in _in_order(now)] == meant):
            raise UnexpectedAnswer(
                f"ringcx: service {at[1]} does not have the inputs that were sent. Run `pulumi refresh` to see them, "
                "then `pulumi up` to set them again."
            )


def _body(item: Mapping[str, Any], rank: int) -> Json:
    whole = {**_DEFAULTS, **item}
    return {**{wire: whole[name] for name, wire in _WIRES.items()}, "rank": str(rank)}


def _bodies(items: Entries) -> list[Json]:
    return [_body(item, rank) for rank, item in enumerate(items)]


def _facts(live: Json) -> Json:
    return _meaning({wire: _text(live.get(wire)) for wire in (*_WIRES.values(), "rank")})


def _meaning(body: Json) -> Json:
    """The vendor's own words are the same in small letters and in capitals."""
    return {wire: value.upper() if wire in _WORDS else value for wire, value in body.items()}


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _shown(live: Json, managed: Mapping[str, Any]) -> dict[str, Any]:
    item = {name: _text(live.get(wire)) for name, wire in _WIRES.items()}
    for name, wire in _WIRES.items():
        declared = str(managed.get(name, _DEFAULTS.get(name)))
        if wire in _WORDS and item[name].upper() == declared.upper():
            item[name] = declared
    return {name: value for name, value in item.items() if name in managed or _DEFAULTS.get(name) != value}


def _too_many(live: Iterable[Json], wanted: Iterable[Json]) -> list[Json]:
    """Inputs that are not wanted, and those that are there twice, as after a request whose answer was lost."""
    missing = [_meaning(body) for body in wanted]
    going = []
    for one in live:
        facts = _facts(one)
        if facts in missing:
            missing.remove(facts)
        else:
            going.append(one)
    return going


def _in_order(live: Iterable[Json]) -> list[Json]:
    return sorted(live, key=lambda one: int(rank) if (rank := _text(one.get("rank"))).isdigit() else 0)
