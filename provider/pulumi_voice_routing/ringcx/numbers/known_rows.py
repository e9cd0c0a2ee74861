"""What the state knew of numbers that a resource declares anew, by way of whichever resources of whichever type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ... import registry
from ...lifecycle import keeping, plugin
from ...lifecycle.model import Values


def rows_before(asking: Any, args: Values) -> dict[str, Values]:
    """The rows by digits, as the resource's old copy and others of the state had them."""
    olds: list[tuple[str, Mapping[str, Any]]] = [(asking.token, keeping.before(plugin.urn()))]
    olds += [(one.type, one.props) for one in keeping.sharing(asking, "", args)]
    known: dict[str, Values] = {}
    for token, props in olds:
        provider = registry.provider_for(token)
        known |= provider.items(provider.declared(dict(props)))
    return known


__all__ = ["rows_before"]
