"""Ring groups in the vendor's form and in ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..client.answers import part, parts, text, without_nulls
from ..client.listings import Json
from ..lifecycle.model import Values
from .client import MEMBERS
from .group_facts import RingGroupFacts, ordered
from .shapes import RingGroup

_DEFAULT_SKILL = 1

_KNOWN = {
    "no_answer_forward_rule": ("action", "number"),
    "outbound_caller_ids": ("provider_id", "caller_id", "description"),
}
"""What of nested objects an administrator declares; newer servers show more."""


def readable(live: Json) -> Json:
    """The vendor's group as an administrator would declare it."""
    group: Json = without_nulls(live)
    for name, known in _KNOWN.items():
        if isinstance(group.get(name), list):
            group[name] = [_only(one, known) for one in parts(group[name])]
        elif isinstance(group.get(name), dict):
            group[name] = _only(group[name], known)
    if MEMBERS in group:
        group[MEMBERS] = ordered([_shown_member(one) for one in parts(group[MEMBERS])], live.get("ring_strategy"))
    return group


def alike(name: str, there: Any, wanted: Any) -> bool:
    """Whether what is there means what is wanted."""
    form = _MEANING.get(name)
    return form is not None and there is not None and wanted is not None and bool(form(there) == form(wanted))


def _only(one: Json, known: Sequence[str]) -> Json:
    return {name: one[name] for name in known if one.get(name) not in (None, "")}


def with_unknown_fields(wanted: list[Json], live: Json) -> list[Json]:
    """Outbound caller ids with the fields that a newer server has for them."""
    there = {_names(one): one for one in parts(live.get("outbound_caller_ids"))}
    return [{**without_nulls(there.get(_names(one), {})), **one} for one in wanted]


def _names(caller_id: Json) -> tuple[str, str]:
    return str(caller_id.get("provider_id")), str(caller_id.get("caller_id"))


def _shown_member(one: Json) -> Values:
    member: Values = {"extension_number": one.get("extension_number")}
    skill = one.get("skill_level")
    return member if skill in (None, _DEFAULT_SKILL) else {**member, "skill_level": skill}


def sent_members(members: list[Values]) -> list[Json]:
    """Members in the vendor's form, with the skill that is the default."""
    return [
        {"extension_number": one["extension_number"], "skill_level": int(one.get("skill_level", _DEFAULT_SKILL))}
        for one in members
    ]


_MEANING: Mapping[str, Callable[[Any], Any]] = {
    "members": lambda members: [(one["extension_number"], one.get("skill_level", _DEFAULT_SKILL)) for one in members],
    "outbound_caller_ids": lambda ids: sorted(
        (one["provider_id"], one["caller_id"], one.get("description", "")) for one in ids
    ),
}


def group_facts(group: RingGroup) -> RingGroupFacts:
    """What the safety rules ask of a group in the vendor's form."""
    no_answer = part(group.get("no_answer_forward_rule"))
    return RingGroupFacts(
        name=text(group.get("name")),
        extension_number=text(group.get("extension_number")),
        strategy=text(group.get("ring_strategy")),
        no_answer=text(no_answer.get("action")),
        forwards_to=text(no_answer.get("number")),
    )
