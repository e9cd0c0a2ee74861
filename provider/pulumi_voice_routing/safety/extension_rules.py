"""What an extension does with its calls now, as far as it has to be known for a write to one of its rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from ..errors import DeclarationError, Forbidden, NotFound
from ..lifecycle import meaning as means
from ..lifecycle import references, standing
from ..lifecycle.provider import MANAGED
from ..lifecycle.writes import Write, declared_in
from ..plan.facts import Resource, plain
from ..plan.roles import roles_of, tokens_of
from ..registry import provider_for
from ..ringex.views import ForwardingNumberView

_EXTENSION = "extension"

__all__ = ["about_rules", "all_rules", "extension_of", "known_rules", "listed_whole", "not_there_yet", "telephones"]


def about_rules(token: str) -> bool:
    """Whether a type says what an extension does with its calls."""
    inside = roles_of(token).top(means.Inside)
    return inside is not None and inside.mark.what == _EXTENSION


def known_rules(write: Write, id_: str | None) -> list[Resource]:
    """The rule as the vendor has it, beside those that the program declares for the same extension.

    Whatever else the extension does counts as an answer, so that nobody has to be asked for it.
    """
    token, new = write.provider.token, _new_rules(write, id_)
    if id_ is None:
        itself = new
    else:
        shown = write.provider.look(id_, {MANAGED: sorted(write.provider.model)})
        if shown is None:
            return []
        itself = [_live(token, id_, shown), *new]
    others = [
        _live(one.token, one.id, standing.before(one.urn) or one.args)
        for one in declared_in(extension_of(write, id_))
        if one.id not in (None, id_) and references.same(references.parent(str(one.id)), extension_of(write, id_))
    ]
    return [*itself, *(one for one in others if about_rules(one.type))]


def all_rules(write: Write, id_: str | None) -> list[Resource]:
    """Every rule that the extension has at the vendor now, one request for each and one for each list."""
    there = _new_rules(write, id_)
    own = write.provider.token
    for token in filter(about_rules, tokens_of(write.provider.vendor)):
        if all(map(_is_timed, (token, own))) and listed_whole(token) != listed_whole(own):
            continue  # an extension has the older types of rules, or the newer ones
        with suppress(DeclarationError, Forbidden, NotFound):
            there += _of_type(token, extension_of(write, id_))
    return there


def telephones(extension: str) -> list[Resource]:
    """The numbers that rules of the extension can ring, which one list tells."""
    with suppress(DeclarationError, Forbidden, NotFound):
        return list(_of_type(ForwardingNumberView.token, extension))
    return []


def listed_whole(token: str) -> bool:
    """Whether a list shows all of such rules, so that all of them cost no more than one."""
    return _is_timed(token) and not provider_for(token).summaries


def _is_timed(token: str) -> bool:
    """Whether it says when it is for calls, as rules and states do, and telephones do not."""
    return roles_of(token).has(means.Hours)


def not_there_yet(token: str, name: str, args: Mapping[str, Any]) -> Resource | None:
    """What stands for a new rule before it is made: it is for no call. Nothing for other types."""
    switch = roles_of(token).top(means.Switch)
    if not about_rules(token) or switch is None:
        return None
    return _live(token, f"not there yet: {name}", {**args, switch.field: False})


def _new_rules(write: Write, id_: str | None) -> list[Resource]:
    """What stands for the rules of the extension that the run has not made yet."""
    made = [] if write.args is None or id_ is not None else [not_there_yet(write.provider.token, "", write.args)]
    made += [
        not_there_yet(one.token, one.urn, one.args)
        for one in declared_in(extension_of(write, id_))
        if one.id is None
        and one.urn != write.urn
        and references.same(_given(one.token, one.args), extension_of(write, id_))
    ]
    return [one for one in made if one is not None]


def extension_of(write: Write, id_: str | None) -> str:
    """The extension whose rule is written."""
    return references.parent(id_) if id_ is not None else _given(write.provider.token, write.args or {})


def _of_type(token: str, extension: str) -> Iterator[Resource]:
    provider = provider_for(token)
    for id_ in provider.ids(extension):
        shown = provider.look(id_, {MANAGED: sorted(provider.model)})
        if shown is not None:
            yield _live(token, id_, shown)


def _given(token: str, args: Mapping[str, Any]) -> str:
    """What contains an object, as its arguments say it."""
    inside = roles_of(token).top(means.Inside)
    return str(args.get(inside.field)) if inside is not None else ""


def _live(token: str, id_: str | None, props: Mapping[str, Any]) -> Resource:
    return Resource(token, str(id_), f"live:{token}:{id_}", plain(dict(props)), id_)
