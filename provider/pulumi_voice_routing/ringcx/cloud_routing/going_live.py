"""What a live profile is about to send calls to is switched on, and read back, before it gets a share.

An ``Activation`` comes last, because nothing new may take calls before all of it is complete. A line that is live
already sends calls as soon as a share is written, so that its new destinations cannot wait for that.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress

from ... import say
from ...client.answers import is_off, is_on
from ...errors import NotFound, Refused, UnexpectedAnswer
from ...lifecycle import references, turns
from .. import client
from ..client import RingCX
from ..shapes import CloudRouteDestination
from .readiness import refuse_unready, why_destination_not_ready

Shares = Mapping[str, float]
"""How many of the calls go to each destination, by its full id. They need not make 100."""

declared: dict[str, bool | None] = {}
"""What the program says of ``active`` for the destinations that it declares, by their full ids: the engine runs one
process for one operation, and asks about a destination before it asks about what sends calls there."""


def full_id(api: RingCX, destination: str) -> str:
    """The id of a destination with its account, however the program gave it."""
    return references.join(api.account_id, *references.below(destination, api.account_id, ("group", "destination")))


def is_live(api: RingCX, group: str, profile: str) -> bool:
    """Whether the profile routes calls; so does one that does not tell."""
    return not is_off(api.get_profile(group, profile).get("isActive"))


def active_among(api: RingCX, destinations: Iterable[str]) -> dict[str, bool]:
    """Which destinations of the account are active, by full id."""
    wanted = set(destinations)
    found: dict[str, bool] = {}
    for group in sorted({_at(one)[0] for one in wanted}):
        for one in api.list_destinations(group):
            number = str(one.get(client.DESTINATION_ID))
            id_ = references.join(api.account_id, group, number)
            if id_ in wanted:
                found[id_] = _is_active(api, group, number, one)
    return found


def to_wake(active: Mapping[str, bool], before: Shares, after: Shares) -> list[str]:
    """The destinations that get more calls than before, are off, and are this program's to switch on."""
    return [
        id_
        for id_, share in after.items()
        if share > before.get(id_, 0) and not active.get(id_) and declared.get(id_, False) is not False
    ]


def refuse_fewer_answers(
    profile: str, active: Mapping[str, bool], waking: Iterable[str], before: Sequence[Shares], after: Sequence[Shares]
) -> None:
    """A live profile does not send more of its calls to destinations that are off, at any of the times that are given.

    Raises :class:`Refused`.
    """
    on = {**active, **dict.fromkeys(waking, True)}
    # A destination of which nothing is known was not looked at, and counts as one that answers.
    worse = [then for now, then in zip(before, after, strict=True) if _answered(then, on) < _answered(now, on)]
    silent = dict.fromkeys(id_ for then in worse for id_, share in then.items() if share and not on.get(id_, True))
    if silent:
        off = [one for one in silent if one in declared]
        hint = (
            "Take active=False away from it, or its share"
            if off
            else "Declare it in this program, or let these shares depend on an Activation that switches it on"
        )
        raise Refused(
            f"profile {profile} is active and would send calls to what is not active: destination "
            f"{', '.join(map(references.last, off or silent))}. More of the calls to it would reach nobody. {hint}; "
            "nothing was changed."
        )


def wake(api: RingCX, profile: str, destinations: Collection[str]) -> None:
    """Switch them on when all that belongs to them is there, such as their overrides, and see that they are.

    Raises :class:`Refused` when one cannot take calls; then the shares are as they were.
    """
    if destinations:
        turns.until_still()
        api.listings.clear()  # what was read before the wait is not to be relied on
    lives = {id_: api.get_destination(*_at(id_)) for id_ in destinations}
    refuse_unready([reason for live in lives.values() for reason in why_destination_not_ready(live)])
    for id_, live in lives.items():
        if is_on(live.get("isActive")):
            continue
        api.set_destination_active(*_at(id_), True)
        if not is_on(api.get_destination(*_at(id_)).get("isActive")):
            raise UnexpectedAnswer(
                f"ringcx: destination {id_} was switched on, but is not active; it gets no share of profile {profile}."
            )
        say.info(
            f"ringcx: destination {references.last(id_)} is switched on before it gets calls of profile {profile}, "
            "which is live"
        )


def _answered(shares: Shares, on: Mapping[str, bool]) -> float:
    total = sum(shares.values())
    return sum(share for id_, share in shares.items() if on.get(id_, True)) / total if total else 0


def _at(destination: str) -> tuple[str, str]:
    _, group, number = destination.split("/")
    return group, number


def _is_active(api: RingCX, group: str, number: str, listed: CloudRouteDestination) -> bool:
    active = listed.get("isActive")
    if not isinstance(active, bool):  # the list may show less than the destination itself
        with suppress(NotFound):
            active = api.get_destination(group, number).get("isActive")
    return is_on(active)
