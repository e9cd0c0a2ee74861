"""What an object that is given back will be again: the values that the state keeps of the time before."""

from __future__ import annotations

import json
from dataclasses import replace

from ..lifecycle import meaning as means
from .facts import Resource, plain


def kept(saved: Resource) -> dict[str, object]:
    """The vendor's fields as they were before; none when the state does not tell."""
    from ..lifecycle.built_in import BEFORE  # slow to import, as the rest of what providers need

    try:
        values = json.loads(saved.get(BEFORE))
    except (TypeError, ValueError):  # a secret, or a state without it
        return {}
    return values if isinstance(values, dict) else {}


def given_back(saved: Resource) -> Resource:
    """A built-in rule as the vendor has it when its resource has left the stack.

    Nothing is put back when the state keeps nothing, or when the program says that the object is only to be forgotten.
    """
    from ..lifecycle.built_in import Fixture
    from ..lifecycle.wire import get_at
    from ..registry import provider_for

    before = kept(saved)
    place = next(iter(saved.roles.places(means.AtEnd)), None)
    if not before or saved.at(place) == "forget":
        return saved
    provider = provider_for(saved.type)
    live = provider.readable(before, str(saved.role(means.Inside))) if isinstance(provider, Fixture) else before
    values = {name: (field, get_at(live, field.wire)) for name, field in provider.model.items() if field.wire}
    back = {name: plain(provider.lenient(field, value)) for name, (field, value) in values.items() if value is not None}
    return replace(saved, props={**saved.props, **back})
