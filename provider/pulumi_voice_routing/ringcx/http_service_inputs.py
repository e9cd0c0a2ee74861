"""The inputs of a remote HTTP service, as one set, in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Annotated, Any, ClassVar, Required

import pulumi
from pulumi import Input
from typing_extensions import TypedDict, Unpack

from ..client.listings import Json
from ..client.waits import pause
from ..errors import Exists, NotFound, OutcomeUnknown, Refused, UnexpectedAnswer
from ..lifecycle import references
from ..lifecycle.fields import Code, CreateOnly, Immutable, Name, Reference
from ..lifecycle.intents import Intent
from ..lifecycle.model import Failure, FieldFacts, Values, unknown
from ..lifecycle.provider import MANAGED, Lifecycle, Partly
from ..lifecycle.resource import Resource
from . import http_client
from .client import RingCX, ringcx_client
from .http_service import HttpService
from .set_notes import forget_refused


class HttpServiceInput(TypedDict, total=False):
    """A value that a call flow hands to a service."""

    name: Required[Input[Name]]
    """What the service calls it; unique in the set."""
    kind: Input[Code]
    """Where it goes in the request; the vendor's words are not documented. Default: ``PARAMETER``. Vendor: ``type``."""
    data_type: Input[Code]
    """What it is; the vendor's words are not documented. Default: ``STRING``. Vendor: ``simpleDataType``."""
    value: Input[str]
    """Its value when the call flow gives none. Default: empty."""


class HttpServiceInputsArgs(TypedDict, total=False):
    """All inputs of a service."""

    service: Required[Annotated[HttpService | Input[Reference], Immutable()]]
    """The service, or its id; another service means another set."""
    inputs: Required[Input[Sequence[HttpServiceInput]]]
    """Every input that the service has, in order; those that are not here are removed."""
    adopt: Annotated[Input[bool], CreateOnly()]
    """Adopt the inputs that the service has already, and bring them to this set. Default: false."""


Items = list[dict[str, Any]]

_WIRES = {"name": "name", "kind": "type", "data_type": "simpleDataType", "value": "value"}
_DEFAULTS = {"kind": "PARAMETER", "data_type": "STRING", "value": ""}
_TRIES = 3


class HttpServiceInputsProvider(Lifecycle):
    token = "ringcx:HttpServiceInputs"  # noqa: S105
    args = HttpServiceInputsArgs
    noun = "inputs of an HTTP service"
    path: ClassVar[tuple[str, ...]] = ("group", "service")

    @property
    def api(self) -> RingCX:
        """The client of the configured account."""
        return ringcx_client()

    def problems(self, args: Values) -> Iterable[Failure]:
        items = args.get("inputs")
        seen: set[str] = set()
        for place, item in enumerate(items if isinstance(items, list) else []):
            if not isinstance(item, dict) or unknown(item.get("name")):
                continue
            if item["name"] in seen:
                yield Failure(f"inputs[{place}].name", "is the name of two inputs")
            seen.add(item["name"])

    def same(self, field: FieldFacts, old: Any, new: Any) -> bool:
        if field.name == "service":
            return references.same(old, new)
        if field.name == "inputs" and isinstance(old, list) and isinstance(new, list):
            return [{**_DEFAULTS, **item} for item in old] == [{**_DEFAULTS, **item} for item in new]
        return super().same(field, old, new)

    def make(self, args: Values) -> tuple[str, Values]:
        at = self._at(args["service"])
        live = self.api.list_inputs(*at)
        intent = self._intent(at)
        wanted = _bodies(args["inputs"])
        strangers = [one for one in live if _facts(one) not in wanted or not intent.claims(_number(one))]
        if strangers and not args.get("adopt"):
            names = ", ".join(str(one.get("name")) for one in live)
            raise Exists(
                f"service {at[1]} has inputs already: {names}. Say adopt=True to take them over and bring them to this "
                "set; nothing was changed."
            )
        intent.before = [_number(one) for one in strangers]
        intent.note()
        id_ = references.join(self.api.account_id, *at)
        with self._kept(id_, at, args, intent):
            self._reconcile(at, args["inputs"])
        return id_, self.outputs(args, {})

    def adoptable(self, args: Values) -> str | None:
        at = self._at(args["service"])
        live = self.api.list_inputs(*at)
        return f"a service {at[1]} with inputs: {', '.join(str(one.get('name')) for one in live)}" if live else None

    def look(self, id_: str, olds: Values) -> Values | None:
        try:
            live = self.api.list_inputs(*self._at(id_))
        except NotFound:
            return None
        return self._outs({MANAGED: ["inputs", "service"], "service": id_, **olds}, live) if live else None

    def change(self, id_: str, olds: Values, args: Values) -> Values:
        at = self._at(id_)
        self._intent(at).forget()
        if "inputs" in self.changed(olds, args):
            with self._kept(id_, at, args):
                self._reconcile(at, args["inputs"])
        return self.outputs(args, {})

    def remove(self, id_: str, olds: Values) -> None:
        at = self._at(id_)
        self._intent(at).forget()
        try:
            live = self.api.list_inputs(*at)
            if live and self.api.get_service(*at).get("isEnabled"):
                raise Refused(
                    f"service {at[1]} is active, so it keeps its inputs: its requests would go out without them. "
                    "Deactivate it first (take it out of its Activation, or set active=False); nothing was changed."
                )
            self._delete(at, live)
        except NotFound:
            return

    # Steps

    def _at(self, service: str) -> tuple[str, str]:
        group, number = references.below(service, self.api.account_id, self.path)
        return group, number

    def _intent(self, at: tuple[str, str]) -> Intent:
        return Intent(self.token, (self.api.account_id, *at))

    def _reconcile(self, at: tuple[str, str], items: Items) -> None:
        """Bring the set to the declared one. The vendor cannot change an input: it goes, and a new one comes."""
        wanted = _bodies(items)
        self._delete(at, _too_many(self.api.list_inputs(*at), wanted))
        for tries_left in reversed(range(_TRIES)):
            there = [_facts(one) for one in self.api.list_inputs(*at)]
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
        if [_facts(one) for one in _in_order(self.api.list_inputs(*at))] != wanted:
            raise UnexpectedAnswer(
                f"ringcx: service {at[1]} does not have the inputs that were sent. Run `pulumi refresh` to see them, "
                "then `pulumi up` to set them again."
            )

    def _delete(self, at: tuple[str, str], going: Iterable[Json]) -> None:
        for one in going:
            with suppress(NotFound):
                self.api.delete_input(*at, _number(one))

    def _outs(self, olds: Values, live: list[Json]) -> Values:
        """The set as the vendor has it, with the fields that the program gave."""
        managed = {item.get("name"): item for item in olds.get("inputs") or []}
        shown = [_shown(one, managed.get(str(one.get("name")), {})) for one in _in_order(live)]
        return self.refreshed(olds, {"inputs": shown})

    @contextmanager
    def _kept(self, id_: str, at: tuple[str, str], args: Values, intent: Intent | None = None) -> Iterator[None]:
        try:
            yield
        except BaseException as error:
            try:
                live = self.api.list_inputs(*at)
            except Exception:
                raise error from None  # the next run compares with the vendor before it writes
            if not live:
                if intent is not None:
                    forget_refused(intent, error)
                raise
            raise Partly(id_, self._outs({MANAGED: sorted(args), **args}, live), error) from error


class HttpServiceInputs(Resource, module="ringcx", name="HttpServiceInputs"):
    """All inputs of one remote HTTP service, in order.

    It owns the whole set. The vendor cannot change an input, so that one that differs is deleted and made anew. An
    active service keeps its inputs: deactivate it before they are destroyed. Calls: HT-12, HT-13, HT-15 (``inputs``).

    Refuses: to adopt inputs that exist already without ``adopt``, and to take the inputs away from an active service.
    """

    lifecycle = HttpServiceInputsProvider
    service: pulumi.Output[str]

    def __init__(
        self, resource_name: str, opts: pulumi.ResourceOptions | None = None, **args: Unpack[HttpServiceInputsArgs]
    ) -> None:
        super().__init__(resource_name, args, opts)


def _body(item: Mapping[str, Any], rank: int) -> Json:
    whole = {**_DEFAULTS, **item}
    return {**{wire: whole[name] for name, wire in _WIRES.items()}, "rank": str(rank)}


def _bodies(items: Items) -> list[Json]:
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


def _number(live: Json) -> str:
    return str(live.get(http_client.INPUT_ID))


def _in_order(live: Iterable[Json]) -> list[Json]:
    return sorted(live, key=lambda one: int(rank) if (rank := _text(one.get("rank"))).isdigit() else 0)
