"""Switching things on together, in the order in which they need one another, and off the other way round."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, cast

from ... import say
from ...client.listings import Json
from ...errors import NotFound, UnexpectedAnswer
from ...lifecycle import keeping, plugin, references, standing, turns, writes
from ...lifecycle import meaning as means
from ...lifecycle.calls import Calls, ask
from ...lifecycle.model import Failure, FieldFacts, Values, unknown
from ...lifecycle.portal_edits import Edit, refuse_unseen
from ...lifecycle.provider import Partly
from .. import client
from .. import client_http_services as http_client
from ..account import InAccount
from ..client import RingCX
from ..http_services.http_service_use import refuse_while_called
from ..shapes import CloudRouteDestination, CloudRouteProfile
from ..shapes_http_services import RemoteHttpService
from .readiness import (
    put_back_when_dialled,
    put_back_when_used,
    refuse_unready,
    refuse_while_dialled,
    refuse_while_used,
    why_destination_not_ready,
    why_profile_not_ready,
    why_service_not_ready,
)

_CALLS: Mapping[str, Calls[RingCX, Any, str]] = {
    "http_service": http_client.SERVICES,
    "destination": client.DESTINATIONS,
    "profile": client.PROFILES,
}
"""In the order in which they are switched on; off is the other way round."""
_ORDER = list(_CALLS)


class Switching(InAccount):
    """Targets that are on as long as the resource is there."""

    listed_as = "what is on says so itself, with active=True"
    no_fleet = "one of it switches many on already"

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

    def stands_for(self, args: Values) -> Iterator[standing.Claim]:
        targets = args.get("targets")
        for target in targets if isinstance(targets, list) else []:
            if isinstance(target, dict) and isinstance(target.get("id"), str):
                yield _claim(target)

    def make(self, args: Values) -> tuple[str, Values]:
        id_ = uuid.uuid4().hex
        self._refuse_unseen(id_, list(self._was_on(args)))
        turns.until_allowed(lambda: self._verify(args["targets"]))
        try:
            self._switch_on(args["targets"])
        except Exception as error:
            on = [target for target in _in_order(args["targets"]) if self._is_on(target)]
            if not on:
                raise
            raise Partly(id_, {**self.outputs(args, {}), "targets": on}, error) from error
        return id_, self.outputs(args, {})

    def look(self, id_: str, olds: Values) -> Values | None:
        on = [target for target in olds.get("targets") or [] if self._is_on(target)]
        # Switched off by hand, all of it: as good as gone, so that the next run makes it anew.
        return self.refreshed(olds, {"targets": on}) if on else None

    def change(self, id_: str, olds: Values, args: Values) -> Values:
        before, wanted = olds.get("targets") or [], args["targets"]
        new = [target for target in wanted if _key(target) not in _keys(before)]
        gone = [target for target in before if _key(target) not in _keys(wanted)]
        self._refuse_unseen(id_, [target for target in before if target not in gone] if new else [])
        turns.until_allowed(lambda: self._verify(new, also_on=before))
        self._switch_on(new)
        self._switch_off(gone)
        return self.outputs(args, {})

    def own_work(self, id_: str, olds: Values, own: Values) -> Values:
        before, wanted = olds.get("targets") or [], own.get("targets") or []
        both = [target for target in before if _key(target) in _keys(wanted)]
        either = [*both, *(target for target in [*before, *wanted] if _key(target) not in _keys(both))]
        return {"targets": [target for target in either if target in both or self._is_on(target)]}

    def remove(self, id_: str, olds: Values) -> None:
        self._switch_off(olds.get("targets") or [])

    # Steps

    def _was_on(self, args: Values) -> Iterator[Mapping[str, Any]]:
        """The targets that are off, and that a resource of the state has switched on before."""
        off = [one for one in args["targets"] if not self._is_new(one) and not self._is_on(one)]
        if not off:
            return
        before = [keeping.before(plugin.urn()), *(one.props for one in keeping.sharing(self, "", {"targets": off}))]
        known = {key for olds in before for key in _keys(self.declared(olds).get("targets") or [])}
        yield from (target for target in off if _key(target) in known)

    def _is_new(self, target: Mapping[str, Any]) -> bool:
        marks = self.model["targets"].meanings
        return any(
            isinstance(mark, means.Switches) and writes.is_new(mark.kinds[target["kind"]], str(target["id"]))
            for mark in marks
        )

    def _refuse_unseen(self, id_: str, staying: Sequence[Mapping[str, Any]]) -> None:
        """What goes live beside others needs them as the state has them.

        Raises :class:`Refused` when somebody switched one of them off since the last look.
        """
        off = [Edit(f"{one['kind']} {one['id']}", "inactive", "active") for one in staying if not self._is_on(one)]
        refuse_unseen(self.vendor, self.noun, id_, off)

    def _verify(self, targets: Sequence[Mapping[str, Any]], also_on: Sequence[Mapping[str, Any]] = ()) -> None:
        """Everything that is to go live can take calls; else nothing is switched on."""
        destinations = {references.last(one["id"]) for one in (*targets, *also_on) if one["kind"] == "destination"}
        refuse_unready([reason for target in targets for reason in self._why_not_ready(target, destinations)])

    def _why_not_ready(self, target: Mapping[str, Any], also_on: set[str]) -> Iterable[str]:
        group, _ = self._at(target)
        try:
            live = self._get(target)
            if target["kind"] == "http_service":
                return list(why_service_not_ready(self.api, group, cast(RemoteHttpService, live)))
            if target["kind"] == "destination":
                return list(why_destination_not_ready(cast(CloudRouteDestination, live)))
            return list(why_profile_not_ready(self.api, group, cast(CloudRouteProfile, live), also_on))
        except NotFound:
            return [f"{target['kind']} {target['id']} does not exist"]

    def _switch_on(self, targets: Sequence[Values]) -> None:
        for target in _in_order(targets):
            self._set(target, True)
            if self._get(target).get(_flag(target)) is not True:
                raise UnexpectedAnswer(f"ringcx: {target['kind']} {target['id']} was switched on, but is not active.")

    def _switch_off(self, targets: Sequence[Values]) -> None:
        turns.until(lambda: not _held_by_nobody(targets))  # another resource may be about to keep them on
        ending = _without_others(targets)
        going = [target for target in reversed(_in_order(ending)) if self._is_on(target)]
        turns.until_allowed(lambda: self._refuse_while_needed(going))
        profiles = {self._at(target)[1] for target in going if target["kind"] == "profile"}
        for target in going:
            try:
                if target["kind"] == "http_service":
                    self._refuse_while_called(target)
                self._set(target, False)
                self._look_again(target, profiles)
            except NotFound:
                if self._listed(target) is not None:
                    raise

    def _refuse_while_called(self, service: Mapping[str, Any]) -> None:
        number = self._at(service)[1]
        turns.until_allowed(lambda: refuse_while_called(self.api, number, inactive_too=False))

    def _is_on(self, target: Mapping[str, Any]) -> bool:
        live = self._listed(target)
        return live is not None and bool(live.get(_flag(target)))

    def _refuse_while_needed(self, going: Sequence[Mapping[str, Any]]) -> None:
        """Nobody needs what goes, apart from what goes with it; else nothing is switched off."""
        profiles = {self._at(target)[1] for target in going if target["kind"] == "profile"}
        for target in going:
            group, number = self._at(target)
            if target["kind"] == "profile":
                refuse_while_dialled(self.api, number)
            if target["kind"] == "destination":
                refuse_while_used(self.api, group, number, going_too=profiles)

    def _look_again(self, target: Mapping[str, Any], going_too: set[str]) -> None:
        """What somebody came to need while it was switched off is on again. Raises :class:`Refused` then."""
        if target["kind"] == "profile":
            put_back_when_dialled(self.api, *self._at(target))
        if target["kind"] == "destination":
            put_back_when_used(self.api, *self._at(target), going_too=going_too)

    def _at(self, target: Mapping[str, Any]) -> tuple[str, str]:
        group, number = references.below(target["id"], self.api.account_id, ("group", str(target["kind"])))
        return group, number

    def _get(self, target: Mapping[str, Any]) -> Json:
        live: Json = ask(_CALLS[target["kind"]].get, self.api, *self._at(target))
        return live

    def _listed(self, target: Mapping[str, Any]) -> Json | None:
        """The target; nothing when it is gone. That, and whether it is on where the list does not show it, it has to
        say itself."""
        calls = _CALLS[target["kind"]]
        group, number = self._at(target)
        with suppress(NotFound):
            there: list[Json] = ask(calls.list, self.api, group)
            for one in there:
                if str(one.get(calls.id_field)) == number and isinstance(one.get(_flag(target)), bool):
                    return one
        with suppress(NotFound):
            return self._get(target)
        return None

    def _set(self, target: Mapping[str, Any], on: bool) -> None:
        ask(_CALLS[target["kind"]].switch, self.api, *self._at(target), on)


def _flag(target: Mapping[str, Any]) -> str:
    """The vendor's field that says whether it is on."""
    return str(_CALLS[target["kind"]].switch_field)


def _key(target: Mapping[str, Any]) -> tuple[str, str]:
    return str(target["kind"]), references.last(str(target["id"]))


def _claim(target: Mapping[str, Any]) -> standing.Claim:
    return (standing.ON, *_CALLS[target["kind"]].path, references.last(str(target["id"])))


def _held_by_nobody(targets: Sequence[Values]) -> list[Values]:
    return [target for target in targets if not keeping.keepers(_claim(target))]


def _without_others(targets: Sequence[Values]) -> list[Values]:
    """The targets that no resource of the program keeps on now."""
    ending: list[Values] = []
    for target in targets:
        holders = keeping.keepers(_claim(target))
        if holders:
            say.info(
                f"ringcx: {target['kind']} {target['id']} stays on under the resource name "
                f"{standing.name(holders[0])!r}"
            )
        else:
            ending.append(target)
    return ending


def _keys(targets: Iterable[Mapping[str, Any]]) -> set[tuple[str, str]]:
    return {_key(target) for target in targets}


def _in_order(targets: Iterable[Any]) -> list[Any]:
    return sorted(targets, key=lambda target: _ORDER.index(target["kind"]))
