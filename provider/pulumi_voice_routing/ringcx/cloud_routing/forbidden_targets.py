"""Whether numbers that are given to a profile would be led where no call may go.

Before it gets its first number, nobody is hurt by such a target. So it is looked at when the number comes, in the lists
that were read for the profile anyway.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from ...client.answers import is_on, part, text
from ...errors import Forbidden, NotFound
from ...permission.approvals import FORBIDDEN_TARGET, Approvals, Change
from ...permission.require import require_allowed_targets
from ...telephony.number import as_declared, digits_of
from ...telephony.outside_numbers import NUMBER_KINDS, allowed_countries, why_number_not_allowed
from .. import client, shapes
from ..client import RingCX
from ..numbers.owner import Owner

__all__ = ["require_allowed_ends"]


def require_allowed_ends(api: RingCX, owner: Owner, numbers: Sequence[str]) -> None:
    """None of the numbers, given by their digits, would be led to such a target, or it is permitted. Raises
    :class:`Refused`. A user who may not see the profile is not told."""
    countries = allowed_countries()
    try:
        targets = dict.fromkeys(_targets(api, owner, numbers, countries))
    except (Forbidden, NotFound):
        return
    why = {
        Change(FORBIDDEN_TARGET, f"+{digits}", str(owner), target): "; ".join(reasons)
        for target in targets
        if (reasons := list(why_number_not_allowed(target, countries)))
        for digits in numbers
    }
    require_allowed_targets(f"calls to {owner} would go", why, Approvals.here())


def _targets(api: RingCX, owner: Owner, numbers: Sequence[str], countries: Collection[int] | None) -> Iterator[str]:
    """The telephone numbers to which the profile's destinations send these calls, in E.164."""
    there = {str(one.get(client.DESTINATION_ID)): one for one in api.list_destinations(owner.group)}
    for assigned in api.list_assigned(owner.group, owner.number):
        number = str(part(assigned.get("cloudDestination")).get(client.DESTINATION_ID))
        one = there.get(number)
        target = _target(assigned, one) if one is not None else ""
        if not any(why_number_not_allowed(target, countries)):
            continue
        rows = api.list_overrides(owner.group, number)  # one for each of the numbers says otherwise
        instead = {digits_of(text(row.get("dnis"))): as_declared(text(row.get("routeDestination"))) for row in rows}
        yield from (instead.get(digits, target) for digits in numbers)


def _target(assigned: shapes.CloudRouteAssignedDestination, one: shapes.CloudRouteDestination) -> str:
    """Where a destination sends calls, in E.164; empty when that is no telephone number."""
    if one.get("destinationType") not in NUMBER_KINDS:
        return ""
    own = text(assigned.get("routeDestination")) if is_on(assigned.get("overrideFlag")) else ""
    return as_declared(own or text(one.get("routeDestination")))
