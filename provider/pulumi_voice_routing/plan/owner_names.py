"""The profiles of a state by the names that approvals may give them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..lifecycle import meaning as means
from ..lifecycle import references
from ..permission.owner_names import NamedOwner, OwnerNames
from ..ringcx.cloud_routing.views import ProfileView
from .facts import Resource


def names_in(resources: Iterable[Resource]) -> OwnerNames:
    """Everybody whose name, and whose group's name, the resources of a state tell."""
    return OwnerNames(_named(list(resources)))


def _named(resources: list[Resource]) -> Iterator[NamedOwner]:
    groups = {(one.type, references.last(one.id)): one.called for one in resources if one.id}
    for one in resources:
        inside = one.roles.inside
        if one.type != ProfileView.token or not one.id or inside is None:
            continue
        container, label = one.at(inside), one.role(means.Label)
        group = groups.get((inside.mark.what, references.last(container))) if isinstance(container, str) else None
        if group is not None and isinstance(label, str):
            yield NamedOwner(group, label, references.last(one.id))


__all__ = ["names_in"]
