"""Whether numbers that come to a profile would be led where no call may go.

Nobody was hurt by such a line before it gets its first number, nor by what sends the calls of single numbers elsewhere.
So both are looked at when the number comes, with all that its calls pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..call_flow.first_calls import first_called
from ..call_flow.impact import STRANGER, Impact
from ..call_flow.judgement import CallChange, judged, numbers_in
from ..call_flow.routing import Routing, subject_of
from ..errors import Forbidden, NotFound, one_line
from ..lifecycle import meaning as means
from ..lifecycle import references
from ..permission.approvals import FORBIDDEN_TARGET, Approvals, Change
from ..permission.require import require_allowed_targets
from ..plan.facts import Resource
from ..plan.holdings import numbers_of
from ..plan.live import Looking, owner_field
from ..plan.live_calls import with_overrides
from ..plan.roles import roles_of
from ..ringcx.numbers.owner import Owner
from ..ringcx.numbers.views import DnisAssignmentView
from ..telephony.number import as_declared, digits_of
from ..telephony.outside_numbers import allowed_countries, why_number_not_allowed
from .before_write import RULES_OF_VERDICTS

__all__ = ["require_allowed_ends"]


def require_allowed_ends(owner: Owner, numbers: Sequence[str]) -> None:
    """None of the numbers, given by their digits, would be led to such a target, or it is permitted. Raises
    :class:`Refused`. A user who may not see the profile is not told."""
    try:
        forbidden = list(_forbidden(owner, numbers))
    except (Forbidden, NotFound):
        return
    approvals = Approvals.here()
    why = {
        change: reason
        for one, those in forbidden
        for change, reason in _why(
            owner, one, [it for it in those if not any(map(approvals.covering, _as_told(one, it)))]
        )
    }
    require_allowed_targets(f"calls to {owner} would go", why, approvals)


def _forbidden(owner: Owner, numbers: Sequence[str]) -> Iterator[tuple[CallChange, list[str]]]:
    """What would become of calls to some of the numbers that may not become of any."""
    looking = Looking(thorough=False)
    profile = looking.profile_of(owner)
    looking.profile(profile, ())
    there, asked = list(looking.found.values()), set[str]()
    while True:
        apart = _apart(there)
        alone = [digits for digits in numbers if digits in apart]
        alike = [digits for digits in numbers if digits not in apart]
        come = [_assigned(looking.api.account_id, digits, profile) for digits in (*alone, *alike[:1])]
        digits_come = {digits_of(number) for one in come for number in numbers_of(one)}
        stay = [one for one in there if not digits_come.intersection(map(digits_of, numbers_of(one)))]
        impact = Impact(Routing.of_state(there), Routing.of_state([*stay, *come]))
        unseen = {str(one.id) for one in first_called(impact) if one.id} - asked
        if not unseen:
            break
        asked |= unseen
        there = with_overrides(there, sorted(unseen), numbers)
    for change in judged(impact, allowed_countries()):
        if change.forbidden and subject_of(change.number) in digits_come:
            yield change, [subject_of(change.number)] if subject_of(change.number) in apart else alike


def _apart(there: Sequence[Resource]) -> frozenset[str]:
    """The numbers whose calls may end otherwise than those of others, by their digits: what sends single numbers
    elsewhere names them, or calls are sent to them, which may go round then."""
    targets = (value.value for one in there for value in one.values(means.Target))
    dialled = {digits_of(said) for said in targets if isinstance(said, str)}
    return (Routing.of_state(there).overridden or frozenset()) | dialled


def _assigned(account: str, digits: str, profile: str) -> Resource:
    """The number, as it will be answered."""
    token, roles = DnisAssignmentView.token, roles_of(DnisAssignmentView.token)
    id_ = references.join(account, digits)
    props = {str(roles.key): as_declared(digits), owner_field(): profile}
    return Resource(token, id_, f"live:{token}:{id_}", props, id_)


def _as_told(change: CallChange, digits: str) -> Iterator[Change]:
    """What an approval names to which the gate's entry led: of a number that comes, it may know nothing before."""
    rule = RULES_OF_VERDICTS["fewer answered" if "fewer answered" in change.verdicts else "forbidden"]
    for before in (change.before, STRANGER):
        yield Change(rule, f"+{digits}", one_line(str(before)), one_line(str(change.after)))


def _why(owner: Owner, change: CallChange, numbers: Sequence[str]) -> Iterator[tuple[Change, str]]:
    """What an approval has to name, a target or a circle, and what is said against it."""
    countries = allowed_countries()
    against = {number: "; ".join(why_number_not_allowed(number, countries)) for number in numbers_in(change.after)}
    told = {target: reasons for target, reasons in against.items() if reasons}
    for digits in numbers:
        for target, reasons in (told or {one_line(str(change.after)): "; ".join(change.forbidden)}).items():
            yield Change(FORBIDDEN_TARGET, f"+{digits}", str(owner), target), reasons
