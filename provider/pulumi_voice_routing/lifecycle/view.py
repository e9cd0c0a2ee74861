"""What a resource says, as attributes with types: for code that is peculiar to one type.

A vendor's views stand beside the types that they show, and name the arguments of these. A test holds each of them
against the model of its type. What is not known yet, or has another form than the type says, reads as :data:`UNKNOWN`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar, Final, Generic, Literal, Protocol, TypeAlias, TypeVar

Said = Mapping[str, Any]


class Unknown(Enum):
    """The type of :data:`UNKNOWN`."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN
"""A value that is not known yet, or that is not to be read, such as a secret in the state."""
UnknownValue: TypeAlias = Literal[Unknown.UNKNOWN]


class Declaration(Protocol):
    """A resource, as a program declares it or as a state holds it."""

    @property
    def type(self) -> str:
        """Its token."""
        ...

    @property
    def props(self) -> Said:
        """Its arguments by name."""
        ...


class View:
    """A resource or a row, seen as one of a type."""

    token: ClassVar[str] = ""
    """The type; empty for rows."""

    def __init__(self, said: Said | Declaration) -> None:
        self.said: Said = said if isinstance(said, Mapping) else said.props


V = TypeVar("V", bound=View)
T = TypeVar("T")


class Shown(Generic[T]):
    """An argument of a view, of which one is read."""

    def __init__(self, name: str = "") -> None:
        """``name`` is the argument's, where that can be no attribute."""
        self.name = name

    def __set_name__(self, view: type[View], name: str) -> None:
        self.name = self.name or name

    def __get__(self, view: View, kind: type[View]) -> T:
        return self.read(view.said.get(self.name))

    def read(self, value: Any) -> T:
        """The value, or what stands for it."""
        raise NotImplementedError


class Text(Shown[str | UnknownValue | None]):
    """A text, or a word of a list."""

    schema = ("string",)

    def read(self, value: Any) -> str | UnknownValue | None:
        return value if value is None or isinstance(value, str) else UNKNOWN


class Flag(Shown[bool | UnknownValue | None]):
    """Yes or no."""

    schema = ("boolean",)

    def read(self, value: Any) -> bool | UnknownValue | None:
        return value if value is None or isinstance(value, bool) else UNKNOWN


class Number(Shown[float | UnknownValue | None]):
    """A number; whole numbers stay whole."""

    schema = ("integer", "number")

    def read(self, value: Any) -> float | UnknownValue | None:
        good = value is None or (isinstance(value, int | float) and not isinstance(value, bool))
        return value if good else UNKNOWN


@dataclass(frozen=True)
class Listed(Generic[T]):
    """A list, as far as it is known."""

    given: bool
    """Whether there is one, known or not."""
    certain: bool
    """Whether all that is in it is known."""
    items: tuple[T, ...] = ()
    """What is known of it."""
    missing: int = 0
    """How many more are in it that are not known, as far as their number is told."""

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __bool__(self) -> bool:
        """Whether anything is given that is more than an empty list."""
        return bool(self.items) or (self.given and not self.certain)


def _listed(value: Any, item: Callable[[Any], T | UnknownValue]) -> Listed[T]:
    if not isinstance(value, list):
        return Listed(value is not None, False)
    read = [item(one) for one in value]
    known = tuple(one for one in read if one is not UNKNOWN)
    return Listed(True, len(known) == len(value), known, len(value) - len(known))


class Texts(Shown[Listed[str]]):
    """A list of texts."""

    schema = ("array",)

    def read(self, value: Any) -> Listed[str]:
        return _listed(value, lambda one: one if isinstance(one, str) else UNKNOWN)


class Numbers(Shown[Listed[float]]):
    """A list of numbers."""

    schema = ("array",)

    def read(self, value: Any) -> Listed[float]:
        return _listed(value, lambda one: one if isinstance(one, int | float) else UNKNOWN)


class Rows(Shown[Listed[V]], Generic[V]):
    """A list of rows."""

    schema = ("array",)

    def __init__(self, row: type[V], name: str = "") -> None:
        super().__init__(name)
        self.row = row

    def read(self, value: Any) -> Listed[V]:
        return _listed(value, lambda one: self.row(one) if isinstance(one, Mapping) else UNKNOWN)


class Part(Shown[V | UnknownValue | None], Generic[V]):
    """One object of fields."""

    schema = ("object",)

    def __init__(self, row: type[V], name: str = "") -> None:
        super().__init__(name)
        self.row = row

    def read(self, value: Any) -> V | UnknownValue | None:
        if value is None:
            return None
        return self.row(value) if isinstance(value, Mapping) else UNKNOWN


class Data(Shown[Any]):
    """A value with a form of its own, as it is."""

    schema: tuple[str, ...] = ()

    def read(self, value: Any) -> Any:
        return value
