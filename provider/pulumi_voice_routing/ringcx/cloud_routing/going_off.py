"""What the program switches off, told to those of its resources that still send calls there."""

from __future__ import annotations

from ...lifecycle import standing, writes


def declared_off(token: str, id_: str) -> writes.Declared | None:
    """The resource that stands for an object and says that it is off; nothing when there is none by now."""
    return next((one for one in writes.declared_objects(token, id_) if one.args.get("active") is False), None)


def switched_off(token: str, id_: str) -> str:
    """The name of the resource that switches an object off in this run, by the program's own words; empty when none
    does."""
    one = declared_off(token, id_)
    return standing.name(one.urn) if one is not None and standing.before(one.urn).get("active") is True else ""


__all__ = ["declared_off", "switched_off"]
