"""A resource that is replaced by a new copy of itself, which stands for the same object.

The engine makes the new copy first, unless the program says ``delete_before_replace``. Then it deletes the old copies
of the resource and of all that is in it, before the program comes to those; and of what is tainted it shows no old
inputs. Nothing of it is taken from callers: the object goes on, and the new copy finds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .. import registry
from . import keeping, plugin, standing, writes
from .meaning import Inside
from .model import unknown


def replacing(provider: Any, changed: Iterable[str], news: Mapping[str, Any]) -> list[str]:
    """The changed arguments that replace an object.

    What is not known yet does, unless what contains the object is replaced by a copy that stands for the same: so the
    engine asks about resources that the program has not come to, before it deletes what contains them.
    """
    if standing.is_declared(plugin.urn()):
        return list(changed)
    return [name for name in changed if not (unknown(news[name]) and _owner_stays(provider, name))]


def known_before(provider: Any, id_: str, args: Mapping[str, Any]) -> dict[str, Any]:
    """What the state knew of an object that a create takes over: the resource's old copy, or one with another name."""
    replaces = provider.replaces_itself(args)
    known = keeping.before(plugin.urn()) if replaces else keeping.knew(provider.token, id_)
    return dict(provider.declared(known))


def begins_anew(provider: Any, olds: Mapping[str, Any], managed: str) -> bool:
    """Whether the program declares just what the old copy was, and the new one is to be made yet.

    ``managed`` is the output that names the arguments of the old copy.
    """
    me = plugin.urn()
    args = dict(writes.declared_as(me))
    forgotten = set(olds.get(managed) or ()) - args.keys()
    return bool(args) and not (standing.held(me) or forgotten or provider.changed(olds, args))


def _owner_stays(provider: Any, name: str) -> bool:
    types = {mark.what for mark in provider.model[name].meanings if isinstance(mark, Inside)}
    owners = [one for one in writes.declared() if one.token in types]
    return bool(owners) and all(map(_is_still_itself, owners))


def _is_still_itself(one: writes.Declared) -> bool:
    before, provider = standing.before(one.urn), registry.provider_for(one.token)
    return not before or bool(provider.is_still(provider.declared(before), dict(one.args)))


__all__ = ["begins_anew", "known_before", "replacing"]
