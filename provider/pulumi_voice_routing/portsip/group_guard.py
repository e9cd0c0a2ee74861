"""What a ring group is refused, and how its members are written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast, get_args

from .. import say
from ..client.answers import without_nulls
from ..client.listings import Json
from ..errors import ApiError, Refused, SettingsError
from ..lifecycle import writes
from ..lifecycle.calls import At
from ..lifecycle.model import Failure, FieldFacts, Values, unknown
from ..settings import Setting
from ..telephony.outside_numbers import COUNTRIES, allowed_countries, why_number_not_allowed
from . import group_calls, group_form
from .client import ID, MEMBERS
from .fields import Meant
from .group_facts import FORWARD, PAGING, SKILLS, RingGroupFacts, ordered, why_dialled, why_nobody
from .shapes import RingGroup
from .tenant import InTenant

QUOTA = Setting("PORTSIP_RING_GROUP_QUOTA", "The number of ring groups that the tenant may have", "20")


class GuardedGroup(InTenant):
    """A ring group."""

    calls = group_calls.CALLS
    summaries = True
    permits = "allow"
    whole_lists = frozenset({"members", "outbound_caller_ids"})
    server_fields = frozenset({ID, "extension_number", MEMBERS})

    # What can be declared

    def problems(self, args: Values) -> Iterable[Failure]:
        allowed = get_args(Meant) if unknown(args.get("allow")) else args.get("allow", [])
        strategy, members, no_answer = args.get("strategy"), args.get("members"), args.get("no_answer")
        if strategy == PAGING and "paging" not in allowed:
            yield Failure("strategy", f'{PAGING} makes every member\'s telephone answer by itself; allow=["paging"]')
        if isinstance(members, list) and not unknown(members):
            yield from _member_problems(members, args, "no_members" in allowed)
        if isinstance(no_answer, dict) and not unknown(no_answer):
            yield from _no_answer_problems(no_answer, args, "outside_number" in allowed)

    def canonical(self, args: Values) -> Values:
        members = args.get("members")
        if unknown(members) or unknown(args.get("strategy")) or not isinstance(members, list):
            return args
        return {**args, "members": ordered(members, args.get("strategy"))}

    def same(self, field: FieldFacts, old: Any, new: Any) -> bool:
        return group_form.alike(field.name, old, new) or super().same(field, old, new)

    def may_be_created(self, at: At, args: Values) -> None:
        self._refuse(self._why_full())
        self._refuse(self._why_unknown([one["extension_number"] for one in args["members"]]))
        self._refuse(self._why_taken(str(args[self.key])))

    def may_become(self, id_: str, olds: Values, news: Values) -> None:
        super().may_become(id_, olds, news)
        members = news.get("members")
        if not unknown(members) and members != olds.get("members"):
            self._refuse(self._why_unknown([one["extension_number"] for one in members or ()]))

    def may_create(self, at: At, body: Json) -> None:
        self._refuse(self._why_full())
        self._refuse(self._why_unknown([one["extension_number"] for one in body[MEMBERS]]))

    def rewritten(self, at: At, live: Json, args: Values) -> Json:
        """The whole group, since nobody says what becomes of fields that are left out; unknown fields stay in it."""
        changed = [name for name in self.changed(self.shown(at, live), args) if name not in ("members", self.key)]
        body = self.body({name: args[name] for name in changed})
        if not body:
            return {}
        if "outbound_caller_ids" in body:
            body["outbound_caller_ids"] = group_form.with_unknown_fields(body["outbound_caller_ids"], live)
        present = {name: value for name, value in live.items() if name not in self.server_fields}
        return {**group_calls.ON_CREATE, **without_nulls(present), **body}

    def completed(self, at: At, live: Json, args: Values) -> Json:
        """The members, which have a list of their own."""
        number = self.number(live)
        field = self.model["members"]
        if not self.means_same(field, self.shown(at, live).get("members"), args["members"]):
            self.api.replace_members(number, group_form.sent_members(args["members"]))
            live = self.get(at, number)
        if live.get("ring_time") == 0:
            say.warn(f"{self.vendor}: ring group {self.id_of(at, live)} rings each member for 0 seconds.")
        return live

    def may_end(self, at: At, live: Json, olds: Values) -> None:
        group = group_form.group_facts(cast(RingGroup, live))
        users = self._forwarding_to(group, at)
        if users and writes.others_are_over([(self.token, id_) for id_ in users]):  # in the same run
            users = self._forwarding_to(group, at)
        self._refuse(why_dialled(group, users.values()))
        self.may_replace(self.id_of(at, live), olds)

    def _forwarding_to(self, group: RingGroupFacts, at: At) -> dict[str, RingGroupFacts]:
        """The groups that forward calls to a group, by their ids."""
        there = {self.id_of(at, cast(Json, one)): group_form.group_facts(one) for one in self.api.whole_groups()}
        return {
            id_: one
            for id_, one in there.items()
            if one.extension_number != group.extension_number and any(why_dialled(group, [one]))
        }

    def may_replace(self, id_: str, olds: Values) -> None:
        if "release" not in (olds.get("allow") or []):
            raise Refused(
                f"{self.vendor}: ring group {olds.get('extension_number')} ({id_}) stays: whether inbound rules, IVRs "
                'or queues still dial it cannot be seen from here. When none does, let it hold allow=["release"], run '
                "`pulumi up`, and then take it out or give it another number; nothing was changed."
            )

    # Between the program's fields and the vendor's

    def shown(self, at: At, live: Json) -> Values:
        return super().shown(at, group_form.readable(live))

    # Guards

    def _why_full(self) -> Iterable[str]:
        there, most = len(self.api.list_groups()), int(QUOTA.number())
        if there >= most:
            yield f"the tenant has {there} ring groups, and {most} is the most ({QUOTA.variable} is for other quotas)"

    def _why_unknown(self, members: Sequence[str]) -> Iterable[str]:
        there = self._extensions()
        unknown_ones = [member for member in members if there and member not in there]
        if unknown_ones:
            yield f"members that are no extensions of the tenant: {', '.join(unknown_ones)}"

    def _why_taken(self, number: str) -> Iterable[str]:
        if number in self._extensions():
            yield f"{number} is an extension of the tenant already, and no group can have its number"

    def _extensions(self) -> set[str]:
        """The numbers of all extensions; none for a user who may not list them: the vendor itself will tell."""
        try:
            return {str(one.get("extension_number")) for one in self.api.list_extensions()}
        except ApiError as error:
            if error.status == 401:
                raise
            return set()

    def _refuse(self, why: Iterable[str]) -> None:
        said = "; ".join(why)
        if said:
            raise Refused(f"{self.vendor}: {said}; nothing was changed.")


def _member_problems(members: list[Values], args: Values, empty_is_meant: bool) -> Iterable[Failure]:
    strategy, no_answer = args.get("strategy"), args.get("no_answer")
    group = RingGroupFacts(
        name="" if unknown(args.get("name")) else str(args.get("name")),
        extension_number="",
        members=[one["extension_number"] for one in members],
        no_answer="" if unknown(no_answer) or not no_answer else no_answer["action"],
    )
    if not empty_is_meant:
        yield from (Failure("members", f'{why}; allow=["no_members"] if it is meant') for why in why_nobody(group))
    seen: set[str] = set()
    for place, one in enumerate(members):
        if one["extension_number"] in seen:
            yield Failure(f"members[{place}].extension_number", f"{one['extension_number']} is there twice")
        seen.add(one["extension_number"])
        if "skill_level" in one and not unknown(strategy) and not str(strategy).startswith(SKILLS):
            yield Failure(f"members[{place}].skill_level", f"counts only with a strategy that starts with {SKILLS}")


def _no_answer_problems(no_answer: Values, args: Values, outside_is_meant: bool) -> Iterable[Failure]:
    number = no_answer.get("number")
    if (no_answer["action"] == FORWARD) != (number is not None):
        yield Failure("no_answer", f"number belongs to {FORWARD}, and {FORWARD} needs it")
    if number is None:
        return
    if number == args.get("extension_number"):
        yield Failure("no_answer.number", f"calls would come back to {number} itself")
    if number.startswith("+") and not outside_is_meant:
        yield from (Failure("no_answer.number", why) for why in _why_outside(number))


def _why_outside(number: str) -> Iterable[str]:
    try:
        allowed = allowed_countries()
    except SettingsError as error:
        yield str(error)
        return
    if allowed is None:
        ways = f'allow=["outside_number"], or list its country code in {COUNTRIES.variable}'
        yield f"{number} is outside the telephone system; {ways}"
    else:
        yield from why_number_not_allowed(number, allowed)
