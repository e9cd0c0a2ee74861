"""The extension behind ``~``, which programs may write for whoever signs in."""

from __future__ import annotations

from dataclasses import replace

from ..lifecycle import references
from ..plan.facts import ANSWERING_RULE, BUILT_IN_RULE, FORWARDING_NUMBER, Facts, Resource

_OWN = "~"
_OF_EXTENSIONS = (ANSWERING_RULE, BUILT_IN_RULE, FORWARDING_NUMBER)


def with_extensions(facts: Facts) -> list[Resource]:
    """What is declared, with the extension's id in place of ``~`` where the state has it.

    A state holds the id and a program the sign, and both are the same extension. Whoever signs in for one resource of a
    stack signs in for all of them, the new ones included.
    """
    own = {one.urn for one in facts.declared if one.type in _OF_EXTENSIONS and one.get("extension_id") == _OWN}
    if not own:
        return facts.declared
    known = {one.urn: extension for one in facts.declared if one.urn in own and (extension := _saved(facts, one))}
    (signed_in,) = set(known.values()) if len(set(known.values())) == 1 else (_OWN,)
    return [
        _of(one, known.get(one.urn, signed_in), signed_in) if one.type in _OF_EXTENSIONS else one
        for one in facts.declared
    ]


def _saved(facts: Facts, one: Resource) -> str:
    there = facts.saved_as(facts.thing(one))
    said = there.get("extension_id") if there is not None else None
    if isinstance(said, str) and said != _OWN:
        return said
    return references.parent(one.id or (there.id if there is not None else None) or "")


def _of(one: Resource, own: str, signed_in: str) -> Resource:
    ids = {"extension_id": own, "transfer_to": signed_in}
    found = {name: id_ for name, id_ in ids.items() if one.get(name) == _OWN}
    return replace(one, props={**one.props, **found}) if found else one
