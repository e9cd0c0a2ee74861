"""The inputs of a remote HTTP service, as one set, in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Required, Unpack

from pulumi import Input, Output
from typing_extensions import TypedDict

from ...client.listings import Json
from ...client.pacing import pause
from ...errors import Exists, NotFound, OutcomeUnknown, Refused, UnexpectedAnswer
from ...lifecycle import meaning as means
from ...lifecycle.fields import Code, CreateOnly, Immutable, Name, Reference
from ...lifecycle.model import Failure, Values
from ...lifecycle.resource import Options, Resource
from .. import client_http_services as http_client
from ..whole_set import At, Entries, WholeSet
from .http_service import HttpService


class HttpServiceInput(TypedDict, total=False):
    """A value that a call flow hands to a service."""

    name: Required[Input[Name]]
    """What the service calls it; unique in the set."""
    kind: Annotated[Input[Code], means.Aside()]
    """Where it goes in the request; the vendor's words are not documented. Default: ``PARAMETER``. Vendor: ``type``."""
    data_type: Annotated[Input[Code], means.Aside()]
    """What it is; the vendor's words are not documented. Default: ``STRING``. Vendor: ``simpleDataType``."""
    value: Annotated[Input[str], means.Aside()]
    """Its value when the call flow gives none. Default: empty."""


class HttpServiceInputsArgs(TypedDict, total=False):
    """All inputs of a service."""

    service: Required[Annotated[HttpService | Input[Reference], Immutable(), means.Inside("ringcx:HttpService")]]
    """The service, or its id; another service means another set."""
    inputs: Required[Annotated[Input[Sequence[HttpServiceInput]], means.Entries()]]
    """Every input that the service has, in order; those that are not here are removed."""
    adopt: Annotated[Input[bool], CreateOnly(), means.Existing()]
    """Adopt the inputs that the service has already, and bring them to this set. Default: false."""


_WIRES = {"name": "name", "kind": "type", "data_type": "simpleDataType", "value": "value"}
_DEFAULTS = {"kind": "PARAMETER", "data_type": "STRING", "value": ""}
_TRIES = 3


class HttpServiceInputsProvider(WholeSet):
    token = "ringcx:HttpServiceInputs"  # noqa: S105
    args = HttpServiceInputsArgs
    noun = "inputs of an HTTP service"
    owner = "service"
    path = ("group", "service")
    entries = "inputs"
    entry_id = http_client.INPUT_ID

    def there(self, at: At) -> list[Json]:
        return self.api.list_inputs(*at)

    def end(self, at: At, number: str) -> None:
        self.api.delete_input(*at, number)

    def called(self, entry: Json) -> str:
        return str(entry.get("name"))

    def shown(self, olds: Values, live: list[Json]) -> Entries:
        managed = {item.get("name"): item for item in olds.get("inputs") or []}
        return [_shown(one, managed.get(str(one.get("name")), {})) for one in _in_order(live)]

    def alike(self, old: Entries, new: Entries) -> bool:
        return [{**_DEFAULTS, **item} for item in old] == [{**_DEFAULTS, **item} for item in new]

    def problems(self, args: Values) -> Iterable[Failure]:
        return self.repeated(args.get("inputs"), "name", "is the name of two inputs")

    def make(self, args: Values) -> tuple[str, Values]:
        at = self.at(args["service"])
        live, wanted, intent = self.there(at), _bodies(args["inputs"]), self.intent(at)
        strangers = [one for one in live if _facts(one) not in wanted or not intent.claims(self.number(one))]
        if strangers and not args.get("adopt"):
            names = ", ".join(map(self.called, live))
            raise Exists(
                f"service {at[1]} has inputs already: {names}. Say adopt=True to take them over and bring them to this "
                "set; nothing was changed."
            )
        with self.kept(at, args, self.noted(at, strangers)):
            self._reconcile(at, args["inputs"])
        return self.id_at(at), self.outputs(args, {})

    def change(self, id_: str, olds: Values, args: Values) -> Values:
        at = self.at(id_)
        self.intent(at).forget()
        if "inputs" in self.changed(olds, args):
            with self.kept(at, args):
                self._reconcile(at, args["inputs"])
        return self.outputs(args, {})

    def remove(self, id_: str, olds: Values) -> None:
        at = self.at(id_)
        self.intent(at).forget()
        try:
            live = self.there(at)
            if live and self.api.get_service(*at).get("isEnabled"):
                raise Refused(
                    f"service {at[1]} is active, so it keeps its inputs: its requests would go out without them. "
                    "Deactivate it first (take it out of its Activation, or set active=False); nothing was changed."
                )
            self.end_all(at, live)
        except NotFound:
            return

    # Steps

    def _reconcile(self, at: At, items: Entries) -> None:
        """Bring the set to the declared one. The vendor cannot change an input: it goes, and a new one comes."""
        wanted = _bodies(items)
        self.end_all(at, _too_many(self.there(at), wanted))
        for tries_left in reversed(range(_TRIES)):
            there = [_facts(one) for one in self.there(at)]
            new = [body for body in wanted if body not in there]
            if not new:
                break
            try:
                self.api.create_inputs(*at, new)
                break
            except OutcomeUnknown:
                if not tries_left:
                    raise
                pause(1, f"ringcx: looking whether service {at[1]} has got its inputs")
        if [_facts(one) for one in _in_order(self.there(at))] != wanted:
            raise UnexpectedAnswer(
                f"ringcx: service {at[1]} does not have the inputs that were sent. Run `pulumi refresh` to see them, "
                "then `pulumi up` to set them again."
            )


class HttpServiceInputs(Resource, lifecycle=HttpServiceInputsProvider):
    """All inputs of one remote HTTP service, in order.

    It owns the whole set. The vendor cannot change an input, so that one that differs is deleted and made anew. An
    active service keeps its inputs: deactivate it before they are destroyed. Calls: HT-12, HT-13, HT-15 (``inputs``).

    Refuses: to adopt inputs that exist already without ``adopt``, and to take the inputs away from an active service.
    """

    service: Output[str]

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[HttpServiceInputsArgs]) -> None:
        self._declare(resource_name, args, opts)


def _body(item: Mapping[str, Any], rank: int) -> Json:
    whole = {**_DEFAULTS, **item}
    return {**{wire: whole[name] for name, wire in _WIRES.items()}, "rank": str(rank)}


def _bodies(items: Entries) -> list[Json]:
    return [_body(item, rank) for rank, item in enumerate(items)]


def _facts(live: Json) -> Json:
    return {wire: _text(live.get(wire)) for wire in (*_WIRES.values(), "rank")}


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _shown(live: Json, managed: Mapping[str, Any]) -> dict[str, Any]:
    item = {name: _text(live.get(wire)) for name, wire in _WIRES.items()}
    return {name: value for name, value in item.items() if name in managed or _DEFAULTS.get(name) != value}


def _too_many(live: Iterable[Json], wanted: Iterable[Json]) -> list[Json]:
    """Inputs that are not wanted, and those that are there twice, as after a request whose answer was lost."""
    missing = list(wanted)
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
