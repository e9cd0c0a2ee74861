"""Reading what a vendor answers, whatever it is: wrong types become one error line, or nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar, cast

from ..errors import UnexpectedAnswer, one_line
from ..masking import masked
from .listings import Json

Shape = TypeVar("Shape", bound=Mapping[str, Any])
"""An object as a vendor answers it. Fields are read by functions that say what they take, so that a type checker sees
a misspelt one: it reads as ``object``."""

_LONGEST_READ = 20_000


@dataclass(frozen=True)
class Refusal:
    """What an error answer says, in the vendor's own words."""

    code: str = ""
    message: str = ""
    advice: str = ""
    """What to do about it, when the vendor's client knows better than the error's class."""


def parsed(content: bytes) -> Any:
    """The JSON of an answer. Raises ``ValueError`` for anything else."""
    try:
        # Left to itself, the parser would take UTF-16 and UTF-32 as well, which JSON on a network never is.
        return json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def an_object(answer: Any, vendor: str, operation: str) -> Json:
    """The answer as one object. Raises :class:`UnexpectedAnswer`."""
    if not isinstance(answer, dict):
        raise UnexpectedAnswer(f"{vendor}: {operation}: an object was expected, not {_kind(answer)}.")
    return answer


def objects(answer: Any, vendor: str, operation: str, id_field: str | None = None) -> list[Any]:
    """The answer as a list of objects, each with an id. Raises :class:`UnexpectedAnswer`."""
    if not isinstance(answer, list) or not all(isinstance(item, dict) for item in answer):
        raise UnexpectedAnswer(f"{vendor}: {operation}: a list of objects was expected, not {_kind(answer)}.")
    if id_field is not None and not all(is_id(item.get(id_field)) for item in answer):
        raise UnexpectedAnswer(f"{vendor}: {operation}: a list of objects with {id_field} was expected.")
    return answer


def another(page: list[Json], before: list[Json], vendor: str, operation: str) -> list[Json]:
    """A page of a list that goes on. Raises :class:`UnexpectedAnswer` when it is the one before, as if without end."""
    if page and page == before:
        raise UnexpectedAnswer(f"{vendor}: {operation}: the same page of the list came twice. Run again.")
    return page


def each_once(items: list[Json], id_field: str | None) -> list[Json]:
    """The objects of a list that came in pages: what came or went between two of them may have moved one to both."""
    if id_field is None:
        return items
    return list({str(one.get(id_field)): one for one in items}.values())


def part(value: Shape | None) -> Shape:
    """An object inside an answer; an empty one where the vendor has something else, or nothing."""
    return cast(Shape, value if isinstance(value, dict) else {})


def parts(value: list[Shape] | None) -> list[Shape]:
    """The objects of a list inside an answer, without whatever else is in it."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def without_nulls(value: Any) -> Any:
    """Anything in an answer; where empty fields come back as null, that means the same as their absence."""
    if isinstance(value, dict):
        return {name: without_nulls(item) for name, item in value.items() if item is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


def text(value: str | float | None) -> str:
    """What a field of a known shape holds, as a text; empty where it holds nothing."""
    return "" if value is None else str(value)


def texts(value: list[str] | None) -> tuple[str, ...]:
    """The texts of a list, without whatever else is in it."""
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def is_on(value: bool | None) -> bool:
    """Whether a switch of a known shape is on; not so where the vendor does not say."""
    return value is True


def is_off(value: bool | None) -> bool:
    """Whether a switch of a known shape is off; not so where the vendor does not say."""
    return value is False


def words(value: Any) -> str:
    """What a vendor says in a field that should hold text, whatever it does hold."""
    if isinstance(value, list):
        return "; ".join(filter(None, (words(one) for one in value if not isinstance(one, list))))
    return "" if value is None or isinstance(value, dict) else str(value)


def is_id(value: Any) -> bool:
    """Whether it can be a vendor's id: a text or a whole number."""
    if isinstance(value, str):
        return value != ""
    return isinstance(value, int) and not isinstance(value, bool)


def is_hidden(value: Any) -> bool:
    """Whether the vendor shows signs in place of a secret; sent back, they would take its place."""
    return isinstance(value, str) and value != "" and set(value) <= set("*\u2022")


def clean(text: str, longest: int) -> str:
    """A vendor's text in a form fit for an error line; masked before it is cut, so that no half of a secret stays."""
    return masked(one_line(text[:_LONGEST_READ]))[:longest]


def _kind(answer: Any) -> str:
    return "nothing" if answer is None else f"a {type(answer).__name__}"
