"""Who answers the numbers of a plan at the vendor, now."""

from __future__ import annotations

from collections.abc import Collection

from ...plan import queues
from ...plan.holdings import numbers_of
from ...plan.plan import Plan


def numbers_in(plan: Plan) -> set[str]:
    """Every number that the plan or the state says something about."""
    return {number for one in (*plan.before, *plan.after) for number in numbers_of(one)}


def answering(plan: Plan) -> dict[str, str | None]:
    """The owner of each number of the plan, and numbers that lead to queues and IVRs that are new to it, if any do.

    The vendor has no list of queues: that a number leads to one shows that it exists.
    """
    return {**_leading_to(queues.new(plan.facts())), **owners(numbers_in(plan))}


def _leading_to(named: Collection[queues.Named]) -> dict[str, str]:
    if not named:
        return {}
    from ...ringcx.client import ringcx_client
    from ...ringcx.numbers.owner import PRODUCT_CODES, Live, Owner
    from ...telephony.number import as_declared

    found: dict[str, str] = {}
    for reads, id_ in sorted(named):
        owner = Owner("queue" if reads == "queue" else "Visual IVR", id_)
        if id_.isdigit():
            criteria = {"product": PRODUCT_CODES[owner.product], "objectId": int(id_)}
            lives = map(Live, ringcx_client().pool.search(criteria).values())
            found |= {as_declared(live.digits): str(owner) for live in lives if live.owner == owner}
    return found


def owners(numbers: Collection[str]) -> dict[str, str | None]:
    """The owner of each number, such as ``profile 1001``; nothing for one that nobody answers.

    The vendor is asked for hundreds at a time. Raises :class:`VoiceRoutingError` when it does not say.
    """
    if not numbers:
        return {}
    from ...ringcx.client import ringcx_client
    from ...ringcx.numbers.dialled_number import wire
    from ...ringcx.numbers.owner import lives

    found = lives(ringcx_client().pool.fresh([wire(number) for number in numbers]))
    by_number = {number: found.get(wire(number)) for number in sorted(numbers)}
    return {number: str(live.owner) if live and live.owner else None for number, live in by_number.items()}
