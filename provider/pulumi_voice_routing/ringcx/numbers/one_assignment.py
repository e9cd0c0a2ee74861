"""Who answers one number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ...lifecycle import plugin, references
from ...lifecycle.model import Values
from ...lifecycle.provider import MANAGED
from ...telephony.number import as_declared
from .dialled_number import wire
from .moves import assign, release
from .one_number import OneNumber
from .owner import lives
from .pool_fields import ACCOUNT
from .target import TARGETS, AssignmentLifecycle, managed_as, with_elsewhere


class OneAssignment(AssignmentLifecycle, OneNumber):
    """The assignment of one number."""

    id_form = "ACCOUNT/DIGITS"

    def ids(self, home: str) -> Iterator[str]:
        for digits, live in lives(self.api.pool.everything()).items():
            if live.owner is not None and self.target(live.owner, self._in_account(digits)):
                yield references.join(self.api.account_id, digits)

    def _in_account(self, digits: str) -> Values:
        """The account that a number is reserved for, as an argument, where it is not the configured one."""
        account = str((self.api.pool.known([digits]).get(digits) or {}).get(ACCOUNT) or "")
        return {} if account in ("", self.api.account_id) else {"reserved_account_id": account}

    def called_elsewhere(self, id_: str) -> Mapping[str, str]:
        (digits,) = references.below(id_, self.api.account_id, ("number",))
        live = self.there([digits], self._in_account(digits)).get(digits)
        if live is None or live.owner is None:
            return {}
        return dict.fromkeys(self.target(live.owner, {}), live.owner.name) if live.owner.name else {}

    def make(self, args: Values) -> tuple[str, Values]:
        assign(self.api, {wire(args["dnis"]): args["dnis"]}, self.wanted(args), {})
        return references.join(self.api.account_id, wire(args["dnis"])), self.outputs(args, {})

    def look(self, id_: str, olds: Values) -> Values | None:
        (digits,) = references.below(id_, self.api.account_id, ("number",))
        if not olds.get(MANAGED):  # nobody has said yet whose it is
            olds = {**olds, **self._in_account(digits)}
        live = self.there([digits], olds).get(digits)
        if live is None or live.owner is None:
            return None
        number = olds.get("dnis") or as_declared(digits)
        self.tell_of_strangers([(number, live)], self.known(olds))
        target = self.target(live.owner, olds)
        seen = {
            "dnis": number,
            "active": live.active,
            "description": live.assignment.get("dnisDescription") or "",
            **({} if number.startswith("+") else {"internal": True}),
            **self.account_shown(olds),
            **target,
        }
        if not olds.get(MANAGED):
            return self.refreshed(olds, seen)
        outs = self.refreshed(managed_as(olds, target), seen)
        return with_elsewhere(outs, {} if target else {digits: live.owner})

    def change(self, id_: str, olds: Values, args: Values) -> Values:
        self.refuse_another_number(olds, args)
        digits, wanted, known = wire(args["dnis"]), self.wanted(args, olds), self.known(olds)
        if plugin.ignored() & set(TARGETS):
            live = lives(self.api.pool.fresh([digits])).get(digits)
            if live is None or live.owner is None:
                return self.outputs(args, {})  # whoever has the last word lets nobody answer it
            wanted, known = replace(wanted, owner=live.owner), {digits: live.owner}
        assign(self.api, {digits: args["dnis"]}, wanted, known)
        return self.outputs(args, {})

    def remove(self, id_: str, olds: Values) -> None:
        (digits,) = references.below(id_, self.api.account_id, ("number",))
        number = olds.get("dnis") or as_declared(digits)
        if self.without_renamed([number]):
            release(self.api, {digits: number}, self.known(olds))
