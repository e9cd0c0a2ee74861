"""Who answers the numbers of a plan at the vendor, now."""

from __future__ import annotations

from collections.abc import Collection

from ...plan.holdings import numbers_of
from ...plan.plan import Plan


def numbers_in(plan: Plan) -> set[str]:
    """Every number that the plan or the state says something about."""
    return {number for one in (*plan.before, *plan.after) for number in numbers_of(one)}


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
