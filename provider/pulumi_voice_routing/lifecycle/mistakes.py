"""What a validation finds, with each mistake told once."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, TypeAlias

Problem: TypeAlias = Any
"""One thing that pydantic finds: a type, a location, a message, an input."""


def told_once(problems: Sequence[Problem], names_at: Callable[[Sequence[int | str]], list[str]]) -> list[Problem]:
    """The same problems, each mistake once. ``names_at`` tells the names that a row at a place may have."""
    return list(_misspelt(_of_one_form(problems), names_at))


def _of_one_form(problems: Sequence[Problem]) -> list[Problem]:
    """What is wrong with a value of one form or another: what is in it where it has one of the forms, else that it has
    none of them. pydantic tells of each form by itself, and names it in the location."""
    others: list[Problem] = []
    forms: dict[tuple[int | str, ...], dict[str, list[Problem]]] = {}
    for one in problems:
        at = next((at for at, step in enumerate(one["loc"]) if isinstance(step, str) and "[" in step), None)
        if at is None:
            others.append(one)
        else:
            forms.setdefault(one["loc"][:at], {}).setdefault(one["loc"][at], []).append(one)
    for place, by_form in forms.items():
        inside = next((those for those in by_form.values() if len(those[0]["loc"]) > len(place) + 1), None)
        first, *more = (those[0] for those in by_form.values())
        said = [first["msg"], *(one["msg"].removeprefix("Input should be ") for one in more)]
        others += inside or [{**first, "msg": " or ".join(said)}]
    return others


def _misspelt(problems: Sequence[Problem], names_at: Callable[[Sequence[int | str]], list[str]]) -> Iterator[Problem]:
    """A name that no row has stands for one that the row lacks where the two are alike, or where the row has no right
    name at all; then the other is not called missing as well."""
    missing = {one["loc"]: one for one in problems if one["type"] == "missing"}
    strange = [one for one in problems if one["type"] == "extra_forbidden"]
    meant: dict[tuple[int | str, ...], str] = {}
    told: set[tuple[int | str, ...]] = set()
    for place in {one["loc"][:-1] for one in strange}:
        lacking = {loc[-1]: one for loc, one in missing.items() if loc[:-1] == place}
        names = [str(one["loc"][-1]) for one in strange if one["loc"][:-1] == place]
        for name in names:
            near = nearest(name, [str(one) for one in lacking])
            if near is None and len(names) == len(lacking) == 1 and _only(names, lacking.values()):
                near = str(next(iter(lacking)))
            if near is not None:
                told.add((*place, near))
            near = near or nearest(name, names_at(place))
            if near is not None:
                meant[*place, name] = near
        if _only(names, lacking.values()):
            told |= {(*place, name) for name in lacking}
    for one in problems:
        if one["loc"] in meant:
            yield {**one, "msg": f"{one['msg']}; did you mean {meant[one['loc']]}?"}
        elif one["type"] != "missing" or one["loc"] not in told:
            yield one


def _only(names: Collection[str], missing: Iterable[Problem]) -> bool:
    """Whether a row that lacks something holds nothing but these names."""
    return any(set(one["input"]) <= set(names) for one in missing)


def nearest(name: str, names: Sequence[str]) -> str | None:
    """The one of the names that is most like this one."""
    return next(iter(difflib.get_close_matches(name, names, n=1)), None)


__all__ = ["nearest", "told_once"]
