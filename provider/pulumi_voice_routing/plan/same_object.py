"""Whether two resources stand for one object of the vendor's."""

from __future__ import annotations

from collections.abc import Callable

from ..lifecycle import meaning as means
from ..lifecycle import references
from .facts import SIGNED_IN, UNKNOWN, Facts, Resource, noun_of
from .holdings import numbers_of
from .liveness import replaced, switched_on


def another(facts: Facts, saved: Resource, present: Resource) -> bool:
    """Whether what is declared is another object than the saved one, because something differs that never changes."""
    parent = saved.roles.inside
    if parent is not None and saved.roles.fields[parent.field].immutable and replaced(facts, saved, present):
        return True
    fixed = (name for name, field in saved.roles.fields.items() if field.immutable)
    return any(
        name in saved.props
        and present.get(name) != SIGNED_IN
        and not references.same(present.get(name), saved.get(name))
        for name in fixed
        if parent is None or name != parent.field
    )


def renamed(facts: Facts) -> list[tuple[Resource, Resource]]:
    """What leaves the stack under one name while another resource stands for the same object without an alias."""
    return facts.once(_renamed)


def goes_on_with_an_alias(facts: Facts, meant: Callable[[Resource], bool]) -> str:
    """What to write so that saved resources go on under their new names; empty when none of those that are meant has
    got one without an alias."""
    return "".join(
        f" If {noun_of(one.type)} {one.name!r} is {saved.name!r} under a new name, write there "
        f"opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name={saved.name!r})]), and nothing changes."
        for saved, one in renamed(facts)
        if meant(saved)
    )


def _renamed(facts: Facts) -> list[tuple[Resource, Resource]]:
    saved = facts.before.resources if facts.before else []
    known = {one.urn for one in saved}
    new: dict[str, list[Resource]] = {}
    for one in facts.declared:
        if one.urn not in known and known.isdisjoint(one.aliases):
            new.setdefault(one.type, []).append(one)
    leaves = [one for one in saved if one.type in new and not one.kept and facts.successor(one) is None]
    return [(one, other) for one in leaves for other in new[one.type] if _same(facts, one, other)]


def _same(facts: Facts, saved: Resource, present: Resource) -> bool:
    roles = saved.roles
    if roles.has(means.Switches):
        return bool(set(switched_on(saved.type, saved.props)) & set(switched_on(present.type, present.props)))
    if roles.dialled is not None:
        return bool(set(numbers_of(saved)) & set(numbers_of(present)))
    if another(facts, saved, present):
        return False
    inside, key = roles.inside, roles.key
    if inside is not None:
        parent = facts.saved_parent(saved)
        if parent is UNKNOWN or parent != facts.parent(present):
            return False
    if key is not None:
        return bool(saved.get(key) == present.get(key))
    return inside is not None or any(field.immutable for field in roles.fields.values())
