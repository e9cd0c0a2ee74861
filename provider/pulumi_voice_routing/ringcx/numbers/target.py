"""What one assignment and many have in common: a target, and what the state knows of numbers that are not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal, get_args

from pulumi import Input
from typing_extensions import TypedDict

from ... import say
from ...errors import DeclarationError
from ...lifecycle import meaning as means
from ...lifecycle import plugin, references
from ...lifecycle.fields import Id, Reference
from ...lifecycle.model import Failure, FieldFacts, Values, unknown
from ...lifecycle.provider import MANAGED
from ..cloud_routing.going_off import switched_off
from ..cloud_routing.profile import Profile
from .dialled_number import NumberLifecycle, by_digits
from .moves import Last, Wanted
from .owner import Live, Owner, Product, lives, named
from .pool_fields import account_of, is_in_account

ELSEWHERE = "__elsewhere"
"""Output: numbers that were last seen with another owner, or not yet as wanted with this one, and their owner
(``{digits: [product, number]}``)."""

TargetField = Literal["profile", "queue_id", "visual_ivr_id"]
_FIELDS: Mapping[Product, TargetField] = {"profile": "profile", "queue": "queue_id", "Visual IVR": "visual_ivr_id"}
TARGETS: tuple[TargetField, ...] = get_args(TargetField)


class Target(TypedDict, total=False):
    """What answers calls. Exactly one of ``profile``, ``queue_id`` and ``visual_ivr_id`` is given."""

    profile: Annotated[Profile | Input[Reference], means.Owner("profile", "ringcx:Profile")]
    """A profile of cloud routing, or its id, such as ``123456/1001/1002``."""
    queue_id: Annotated[Input[Id], means.Owner("queue", reads="queue")]
    """The vendor's number of a queue ("gate")."""
    visual_ivr_id: Annotated[Input[Id], means.Owner("Visual IVR", reads="ivr")]
    """The vendor's number of a Visual IVR."""
    reserved_account_id: Annotated[Input[Id], means.Aside(), means.Elsewhere("account")]
    """The account that the numbers are reserved for and the target is in, such as a sub-account, where that is not the
    configured one. Numbers of another account are refused. Vendor: ``reservedAccountId``, of the number's record."""


NOTHING: Mapping[str, Any] = MappingProxyType({})


class AssignmentLifecycle(NumberLifecycle):
    """Numbers and the target that answers them."""

    claim = "assignment"

    def problems(self, args: Values) -> Iterable[Failure]:
        yield from super().problems(args)
        given = [name for name in TARGETS if name in args]
        if len(given) != 1:
            yield Failure("", f"give exactly one of {', '.join(TARGETS)}")
        profile = args.get("profile")
        if isinstance(profile, str) and profile.count("/") != 2:
            yield Failure("profile", f"{profile!r} is not a profile id, which has the form ACCOUNT/GROUP/PROFILE")

    def same(self, field: FieldFacts, old: Any, new: Any) -> bool:
        if field.name == "profile":
            return references.same(old, new)
        return super().same(field, old, new)

    def clashes(self, args: Values) -> Iterator[Failure]:
        yield from super().clashes(args)
        profile = args.get("profile")
        answers = isinstance(profile, str) and args.get("active") is not False
        if answers and (name := switched_off("ringcx:Profile", str(profile))):
            yield Failure(
                "profile",
                f"its calls would reach nobody: the resource {name!r} switches profile {references.last(str(profile))} "
                "off. Give the numbers to another target, or release them, in a run before",
            )

    # Between the program's fields and owners

    def wanted(self, args: Values, olds: Mapping[str, Any] = NOTHING) -> Wanted:
        """How the numbers are to be answered; ``olds`` are what the state knows of them."""
        owner = self.owner(args)
        if owner is None:
            raise DeclarationError(f"give exactly one of {', '.join(TARGETS)}")
        args = {name: value for name, value in args.items() if name not in plugin.ignored()}
        active, description = olds.get("active"), olds.get("description")
        last = Last(self.known(olds), active, description, self.owner(olds), elsewhere(olds)) if olds else None
        return Wanted(owner, args.get("active"), args.get("description"), last, self.account_of(args))

    def account_of(self, args: Mapping[str, Any]) -> str:
        """The account of the numbers and of what answers them."""
        return account_of(args, self.api.account_id)

    def account_shown(self, args: Mapping[str, Any]) -> Values:
        """The account as an argument, where the program gives it."""
        return {name: args[name] for name in ("reserved_account_id",) if name in args}

    def owner(self, args: Mapping[str, Any]) -> Owner | None:
        """The owner that the arguments or a state name."""
        for product, name in _FIELDS.items():
            if args.get(name):
                group = ""
                if name == "profile" and "/" in args[name]:
                    group, _ = references.below(args[name], self.account_of(args), ("group", "profile"))
                return Owner(product, references.last(args[name]), group)
        return None

    def target(self, owner: Owner, olds: Mapping[str, Any]) -> Values:
        """An owner as an argument; nothing when no argument can name it."""
        name = _FIELDS.get(owner.product)
        if name is None:
            return {}
        if name != "profile":
            return {name: owner.number}
        if owner.group:
            return {name: references.join(self.account_of(olds), owner.group, owner.number)}
        return {name: olds["profile"] if references.last(str(olds.get("profile"))) == owner.number else owner.number}

    def known(self, olds: Mapping[str, Any]) -> dict[str, Owner]:
        """The owners that the state knows of, by digits."""
        owner = self.owner(olds)
        numbers = by_digits(number for _, number in self.numbers(dict(olds)))
        return {**(dict.fromkeys(numbers, owner) if owner else {}), **elsewhere(olds)}

    # Looking

    def there(self, numbers: Iterable[str], olds: Mapping[str, Any] = NOTHING) -> dict[str, Live]:
        """The account's numbers, for showing; see :meth:`PoolDirectory.known`."""
        found = lives(self.api.pool.known(list(numbers)))
        configured = self.api.account_id
        return {digits: live for digits, live in found.items() if is_in_account(live.record, olds, configured)}

    def tell_of_strangers(self, there: Iterable[tuple[str, Live]], known: Mapping[str, Owner]) -> None:
        """Say which numbers somebody gave to another owner."""
        for number, live in there:
            before = known.get(live.digits)
            if live.owner is not None and before is not None and live.owner != before:
                say.warn(
                    f"ringcx: {number} is answered by {live.owner.called} now, and not by {named(before)} as this "
                    "stack knows."
                )


def elsewhere(olds: Mapping[str, Any]) -> dict[str, Owner]:
    """The numbers that a state knows to be with another owner."""
    return {digits: Owner(product, str(number)) for digits, (product, number) in (olds.get(ELSEWHERE) or {}).items()}


def with_elsewhere(outs: Values, owners: Mapping[str, Owner]) -> Values:
    """The outputs with the numbers that are with another owner."""
    kept = {name: value for name, value in outs.items() if name != ELSEWHERE}
    strangers = {digits: [owner.product, owner.number] for digits, owner in owners.items()}
    return {**kept, ELSEWHERE: strangers} if strangers else kept


def managed_as(olds: Mapping[str, Any], target: Mapping[str, Any]) -> Values:
    """The state with another target in the place of the one that it names."""
    plain = {name: value for name, value in olds.items() if name not in TARGETS}
    managed = [name for name in olds.get(MANAGED) or () if name not in TARGETS]
    return {**plain, **target, MANAGED: sorted([*managed, *target])}


def known_numbers(args: Values, field: str) -> Iterator[tuple[str, str]]:
    """The numbers of a list argument that are known, each with its place."""
    given = args.get(field)
    for place, number in enumerate(given if isinstance(given, list) else []):
        if not unknown(number):
            yield f"{field}[{place}]", number
