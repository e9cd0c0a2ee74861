"""Activation: switches on what is complete, last of all, and off again first of all."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, Required

import pulumi
from pulumi import Input
from typing_extensions import TypedDict, Unpack

from ..client.listings import Json
from ..errors import NotFound, Refused, UnexpectedAnswer
from ..lifecycle import references
from ..lifecycle.fields import Reference
from ..lifecycle.model import Failure, FieldFacts, Values, unknown
from ..lifecycle.provider import Lifecycle, Partly
from ..lifecycle.resource import Resource
from ..safety.completeness import DestinationFacts, why_incomplete_destination, why_incomplete_profile
from . import client
from .client import RingCX, ringcx_client
from .destination import Destination, refuse_while_used
from .profile import Profile

TargetKind = Literal["destination", "profile"]
_KINDS: tuple[TargetKind, ...] = ("destination", "profile")
"""In the order in which they are switched on; off is the other way round."""


class ActivationTarget(TypedDict):
    """Something to switch on that is no resource of the program."""

    kind: TargetKind
    """What it is."""
    id: Input[Reference]
    """Its id, such as ``123456/1001/1002``."""


class ActivationArgs(TypedDict, total=False):
    """What goes live together."""

    targets: Required[Sequence[Destination | Profile | ActivationTarget]]
    """Destinations and profiles. Destinations are switched on before profiles, and off after them."""


class ActivationProvider(Lifecycle):
    token = "ringcx:Activation"  # noqa: S105
    args = ActivationArgs
    noun = "activation"

    @property
    def api(self) -> RingCX:
        """The client of the configured account."""
        return ringcx_client()

    def problems(self, args: Values) -> Iterable[Failure]:
        targets = args.get("targets")
        if isinstance(targets, list) and not targets:
            yield Failure("targets", "is empty: there is nothing to switch on")
        seen: set[tuple[str, str]] = set()
        for place, target in enumerate(targets if isinstance(targets, list) else []):
            if not isinstance(target, dict) or unknown(target.get("id")):
                continue
            if _key(target) in seen:
                yield Failure(f"targets[{place}]", f"{target['kind']} {target['id']} is in the list twice")
            seen.add(_key(target))

    def same(self, field: FieldFacts, old: Any, new: Any) -> bool:
        if isinstance(old, list) and isinstance(new, list):
            return _keys(old) == _keys(new)
        return super().same(field, old, new)

    def make(self, args: Values) -> tuple[str, Values]:
        id_ = uuid.uuid4().hex
        self._verify(args["targets"])
        on: list[Values] = []
        self._switch_on(id_, args, on)
        return id_, self.outputs(args, {})

    def look(self, id_: str, olds: Values) -> Values | None:
        on = []
        for target in olds.get("targets") or []:
            try:
                live = self._listed(target)
            except NotFound:
                continue
            if live is not None and live.get("isActive"):
                on.append(target)
        # Switched off by hand, all of it: as good as gone, so that the next run makes it anew.
        return self.refreshed(olds, {"targets": on}) if on else None

    def change(self, id_: str, olds: Values, args: Values) -> Values:
        before, wanted = olds.get("targets") or [], args["targets"]
        new = [target for target in wanted if _key(target) not in _keys(before)]
        gone = [target for target in before if _key(target) not in _keys(wanted)]
        self._verify(new, also_on=before)
        done = [target for target in before if _key(target) in _keys(wanted)]
        self._switch_on(id_, {**args, "targets": new}, done, managed=args)
        try:
            self._switch_off(gone)
        except Exception as error:
            raise Partly(id_, {**self.outputs(args, {}), "targets": [*wanted, *gone]}, error) from error
        return self.outputs(args, {})

    def remove(self, id_: str, olds: Values) -> None:
        self._switch_off(olds.get("targets") or [])

    # Steps

    def _verify(self, targets: Sequence[Mapping[str, Any]], also_on: Sequence[Mapping[str, Any]] = ()) -> None:
        """Everything that is to go live can take calls; else nothing is switched on."""
        destinations = {references.last(one["id"]) for one in (*targets, *also_on) if one["kind"] == "destination"}
        why = [reason for target in targets for reason in self._why_incomplete(target, destinations)]
        if why:
            raise Refused(
                f"not activated, because calls would reach nobody: {'; '.join(why)}. "
                "Let the activation depend on everything it needs (opts with depends_on); nothing was switched on."
            )

    def _why_incomplete(self, target: Mapping[str, Any], going_on: set[str]) -> Iterable[str]:
        group, number = self._at(target)
        try:
            live = self._get(target)
            if target["kind"] == "destination":
                yield from why_incomplete_destination(_destination_facts(live, going_on))
                return
            assigned = self.api.list_assigned(group, number)
            there = {str(one.get(client.DESTINATION_ID)): one for one in self.api.list_destinations(group)}
        except NotFound:
            yield f"{target['kind']} {target['id']} does not exist"
            return
        facts = [_destination_facts(_whole(one, there), going_on, one.get("allocationPercent")) for one in assigned]
        yield from why_incomplete_profile(str(live.get("profileName")), live.get("routingType"), facts)

    def _switch_on(self, id_: str, args: Values, done: list[Values], managed: Values | None = None) -> None:
        for target in _in_order(args["targets"]):
            try:
                self._set(target, True)
                if self._get(target).get("isActive") is not True:
                    raise UnexpectedAnswer(
                        f"ringcx: {target['kind']} {target['id']} was switched on, but is not active."
                    )
            except Exception as error:
                if not done:
                    raise
                raise Partly(id_, {**self.outputs(managed or args, {}), "targets": done}, error) from error
            done.append(target)

    def _switch_off(self, targets: Sequence[Mapping[str, Any]]) -> None:
        for target in reversed(_in_order(targets)):
            group, number = self._at(target)
            try:
                live = self._listed(target)
                if live is None or not live.get("isActive"):
                    continue
                if target["kind"] == "destination":
                    refuse_while_used(self.api, (group,), number)
                self._set(target, False)
            except NotFound:
                continue

    def _at(self, target: Mapping[str, Any]) -> tuple[str, str]:
        group, number = references.below(target["id"], self.api.account_id, ("group", str(target["kind"])))
        return group, number

    def _get(self, target: Mapping[str, Any]) -> Json:
        group, number = self._at(target)
        if target["kind"] == "destination":
            return self.api.get_destination(group, number)
        return self.api.get_profile(group, number)

    def _listed(self, target: Mapping[str, Any]) -> Json | None:
        group, number = self._at(target)
        if target["kind"] == "destination":
            return _numbered(self.api.list_destinations(group), client.DESTINATION_ID, number)
        return _numbered(self.api.list_profiles(group), client.PROFILE_ID, number)

    def _set(self, target: Mapping[str, Any], on: bool) -> None:
        group, number = self._at(target)
        if target["kind"] == "destination":
            self.api.set_destination_active(group, number, on)
        else:
            self.api.set_profile_active(group, number, on)


class Activation(Resource, module="ringcx", name="Activation"):
    """Switches destinations and profiles on, together and last, and off first when it is destroyed.

    Nothing is switched on before all of it can take calls: a destination needs a target; a profile needs destinations
    that are active or about to be, and shares that make 100 percent. Let it depend on the sets of its profiles with
    ``opts=ResourceOptions(depends_on=[...])``. Calls: CR-08, CR-13 (``setIsActive``).
    """

    lifecycle = ActivationProvider

    def __init__(
        self, resource_name: str, opts: pulumi.ResourceOptions | None = None, **args: Unpack[ActivationArgs]
    ) -> None:
        targets = [_as_target(target) for target in args.get("targets", ())]
        super().__init__(resource_name, {**args, "targets": targets}, opts)


def _as_target(target: Any) -> Any:
    if isinstance(target, Destination):
        return {"kind": "destination", "id": target.id}
    if isinstance(target, Profile):
        return {"kind": "profile", "id": target.id}
    return target


def _key(target: Mapping[str, Any]) -> tuple[str, str]:
    return str(target["kind"]), references.last(str(target["id"]))


def _keys(targets: Iterable[Mapping[str, Any]]) -> set[tuple[str, str]]:
    return {_key(target) for target in targets}


def _in_order(targets: Iterable[Any]) -> list[Any]:
    return sorted(targets, key=lambda target: _KINDS.index(target["kind"]))


def _numbered(items: Iterable[Json], id_field: str, number: str) -> Json | None:
    return next((one for one in items if str(one.get(id_field)) == number), None)


def _whole(assigned: Json, there: Mapping[str, Json]) -> Json:
    embedded = assigned.get("cloudDestination") or {}
    return there.get(str(embedded.get(client.DESTINATION_ID)), embedded)


def _destination_facts(live: Json, going_on: set[str], percent: int | None = None) -> DestinationFacts:
    number = str(live.get(client.DESTINATION_ID))
    return DestinationFacts(
        name=str(live.get("destinationName") or number),
        target=live.get("routeDestination"),
        active=True if number in going_on else live.get("isActive"),
        percent=percent,
    )
