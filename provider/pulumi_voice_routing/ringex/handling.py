"""What state rules and interaction rules share: what is wrong with one, and how it is compared, shown and written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from ..client.answers import part
from ..client.listings import Json
from ..errors import Refused
from ..lifecycle import references
from ..lifecycle.calls import At
from ..lifecycle.model import Failure, FieldFacts, Values, unknown
from ..lifecycle.wire import get_at
from ..telephony.hours import overlaps_in_week, why_no_period, wrong_in_week
from ..telephony.outside_numbers import allowed_countries, why_number_not_allowed
from . import dispatching_form
from .dispatching_form import ENDS, PROMPTS
from .member import ExtensionMember

_ONLY = {
    "ring_groups": ("RingInOrder", "RingAtOnce"),
    "always_ring": ("RingInOrder", "RingAtOnce"),
    "no_answer_target": ("RingInOrder", "RingAtOnce"),
    "immediate_target": ("Terminate",),
}
"""Arguments that count for some kinds of dispatching alone."""
_MOST_ROWS_A_DAY = 20


class HandlingMember(ExtensionMember):
    """A rule that says what happens to calls."""

    whole_lists: ClassVar[frozenset[str]] = frozenset({"ring_groups", "always_ring"})

    def problems(self, args: Values) -> Iterable[Failure]:
        type_ = args.get("dispatching")
        if type_ is not None and not unknown(type_):
            for name, only in _ONLY.items():
                if name in args and type_ not in only:
                    yield Failure(name, f"counts only with {' or '.join(only)}, and this rule's dispatching is {type_}")
            if type_ == "Terminate" and "immediate_target" not in args:
                yield Failure("", "immediate_target is missing: Terminate needs it")
        if "ring_groups" in args and type_ is None:
            yield Failure("", "dispatching is missing: it says whether ring_groups ring in order or all at once")
        yield from _group_problems(args.get("ring_groups"), args.get("always_ring"))
        yield from _own_problems(args)
        for name in (*ENDS, *PROMPTS):
            one = args.get(name)
            if isinstance(one, dict) and "preset_id" in one and "custom_id" in one:
                yield Failure(name, "give either preset_id or custom_id")
        ends = [one for name in ENDS if isinstance(one := args.get(name), dict)]
        if len(ends) == 2 and all(one.get("type") == dispatching_form.VOICEMAIL for one in ends) and ends[0] != ends[1]:
            yield Failure("immediate_target", "a rule has one voicemail; say the same in no_answer_target")

    def canonical(self, args: Values) -> Values:
        own = args.get("extension_id")
        targets = {name: args[name] for name in ("ring_groups", *ENDS) if name in args}
        args = {**args, **dispatching_form.without_own_extension(targets, own)}
        groups = args.get("ring_groups")
        if args.get("dispatching") != "RingAtOnce" or not isinstance(groups, list) or unknown(groups):
            return args
        return {**args, "ring_groups": dispatching_form.in_any_order(groups)}

    def same(self, field: FieldFacts, old: Any, new: Any) -> bool:
        said = dispatching_form.alike(field.name, old, new)
        return super().same(field, old, new) if said is None else said

    def shown(self, at: At, live: Json) -> Values:
        form = dispatching_form.readable(dispatching_form.dispatching_of(live), at[0])
        if form.get("type") == "RingAtOnce" and "ringGroups" in form:
            form["ringGroups"] = dispatching_form.in_any_order(form["ringGroups"])
        return super().shown(at, {**live, "dispatching": form})

    def write(self, at: At, number: str, body: Json) -> Json:
        """A yes is believed when the rule shows it."""
        super().write(at, number, body)
        return self.get(at, number)

    def may_write(self, at: At, number: str, body: Json) -> None:
        self.refuse(body)

    def refuse(self, body: Json) -> None:
        """Raises :class:`Refused` when a rule would send calls where no call may go, or nowhere."""
        nowhere = dispatching_form.why_nowhere(part(body.get("dispatching")))
        if nowhere:
            raise Refused(
                f"{self.vendor}: {self.noun}: {nowhere}. Set it in the vendor's portal first; nothing was changed."
            )
        numbers = dict.fromkeys(_outside_numbers(get_at(body, "dispatching.actions")))
        said = "; ".join(why for one in numbers for why in why_number_not_allowed(one, allowed_countries()))
        if said:
            raise Refused(f"{self.vendor}: {said}; nothing was changed.")


def _outside_numbers(actions: Any) -> Iterable[str]:
    for action in actions or ():
        for target in action.get("targets", ()):
            number = get_at(target, "destination.phoneNumber")
            if number:
                yield str(number)


def _own_problems(args: Values) -> Iterable[Failure]:
    """Calls that would go back to the extension that they have come to."""
    groups = args.get("ring_groups")
    targets = {name: args.get(name) for name in ENDS}
    for place, group in enumerate(groups if isinstance(groups, list) else []):
        rows = group["targets"] if isinstance(group, dict) and not unknown(group) else []
        targets |= {f"ring_groups[{place}].targets[{n}]": one for n, one in enumerate(rows)}
    for where, one in targets.items():
        if isinstance(one, dict) and not unknown(one) and one.get("type") in dispatching_form.TO_OTHERS:
            to = one.get("extension_id")
            if isinstance(to, str) and references.same(to, args.get("extension_id")):
                yield Failure(f"{where}.extension_id", "is the extension itself, to which calls have come already")


def _group_problems(groups: Any, always: Any) -> Iterable[Failure]:
    apps = always if isinstance(always, list) and not unknown(always) else []
    for number, app in enumerate(apps):
        if app in apps[:number]:
            yield Failure(f"always_ring[{number}]", "is there twice")
    seen: list[list[str]] = [[app, "", "", "", ""] for app in apps]
    for place, group in enumerate(groups if isinstance(groups, list) else []):
        if unknown(group) or not isinstance(group, dict):
            continue
        if not group["targets"]:
            yield Failure(f"ring_groups[{place}].targets", "a group without targets rings nothing")
        for number, target in enumerate(group["targets"]):
            key = dispatching_form.key_of(target)
            if key in seen:
                yield Failure(f"ring_groups[{place}].targets[{number}]", "rings already, in a group or all the time")
            seen.append(key)


def schedule_problems(schedule: Mapping[str, Any], allowed: Sequence[str], of: str) -> Iterable[Failure]:
    """What is wrong with hours and periods, as far as they are known."""
    if unknown(schedule):
        return
    kinds = [name for name in schedule if name not in ("starts", "ends")]
    if len(kinds) > 1:
        yield Failure("schedule", f"give one of {', '.join(allowed)}, not {' and '.join(kinds)}")
    for name in kinds:
        if name not in allowed:
            yield Failure(f"schedule.{name}", f"{of} takes {' or '.join(allowed)}")
    daily = schedule.get("daily")
    week = {"daily": [daily]} if daily else schedule.get("weekly") or {}
    for place, why in wrong_in_week(week):
        yield Failure("schedule.daily" if daily else f"schedule.weekly.{place}", why)
    for place, why in overlaps_in_week(week):
        yield Failure(f"schedule.weekly.{place}", why)
    if "ranges" in schedule and not unknown(schedule["ranges"]) and not schedule["ranges"]:
        yield Failure("schedule.ranges", "holds no period; give one or more")
    for day, rows in week.items():
        if isinstance(rows, list) and len(rows) > _MOST_ROWS_A_DAY:
            yield Failure(f"schedule.weekly.{day}", f"{len(rows)} stretches; the vendor takes {_MOST_ROWS_A_DAY} a day")
    bounds = why_no_period(schedule.get("starts"), schedule.get("ends"))
    if bounds:
        yield Failure("schedule", bounds)
    for number, one in enumerate(schedule.get("ranges") or []):
        why = why_no_period(one["from"], one["to"])
        if why:
            yield Failure(f"schedule.ranges[{number}]", why)
    if not schedule:
        yield Failure("schedule", f"says nothing; give one of {', '.join(allowed)}")
