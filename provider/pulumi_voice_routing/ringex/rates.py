"""RingEX's limit groups: each counts its own calls, and a call too many silences the whole group.

Every call during the penalty starts the penalty anew, so that after a 429 no thread may call in that group. The groups
and their limits are what the answers say; the documented ones are only what is assumed before the first answer.

Reference: https://developers.ringcentral.com/guide/basics/rate-limits
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..client.pacing import Budget
from ..client.retry import retry_after

if TYPE_CHECKING:
    from ..client.transport import httpx

DOCUMENTED: Mapping[str, int] = {"light": 50, "medium": 40, "heavy": 10}
_PENALTY_SECONDS = 30.0
"""How long to wait after a 429 that does not say."""


class RateGroups:
    """The budget of each limit group, for all threads of the process together."""

    def __init__(self, group_of: Mapping[str, str], limit: int | None = None) -> None:
        """``group_of`` names the documented group of each operation; ``limit`` stands in for every group's own."""
        self._limit = limit
        self._lock = threading.Lock()
        self._group_of = dict(group_of)
        self._budgets: dict[str, Budget] = {}

    def of(self, operation: str) -> Budget:
        """The budget that an operation counts against."""
        with self._lock:
            return self._budget(self._group_of.get(operation, "medium"))

    @property
    def budgets(self) -> list[Budget]:
        """Those of the groups that were called."""
        with self._lock:
            return list(self._budgets.values())

    def heard(self, operation: str, response: httpx.Response) -> None:
        """Learn from an answer."""
        group = response.headers.get("x-rate-limit-group", "").lower()
        with self._lock:
            if group:
                self._group_of[operation] = group
                self._learn(self._budget(group), response)
            if response.status_code == 429:
                # Without a group it is another kind of limit, such as one of the account or the address.
                silenced = [self._budget(group)] if group else list(self._budgets.values())
                for budget in silenced:
                    budget.silence(retry_after(response) or _PENALTY_SECONDS)

    def _learn(self, budget: Budget, response: httpx.Response) -> None:
        limit, remaining, window = (
            _number(response, f"x-rate-limit-{name}") for name in ("limit", "remaining", "window")
        )
        if limit and self._limit is None:
            budget.limit = limit
        budget.vendor_left = remaining
        if remaining == 0 and response.status_code != 429:
            budget.silence(window or 60)

    def _budget(self, group: str) -> Budget:
        if group not in self._budgets:
            limit = DOCUMENTED.get(group, DOCUMENTED["medium"]) if self._limit is None else self._limit
            self._budgets[group] = Budget(f"ringex ({group} calls)", limit)
        return self._budgets[group]


def _number(response: httpx.Response, header: str) -> int | None:
    value = response.headers.get(header, "")
    return int(value) if value.isascii() and value.isdigit() else None
