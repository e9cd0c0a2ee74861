"""How each type is used, changed, interfered with and ended, in the vendor's own words.

Nothing here is taken from the package: names of fields on the wire and what an administrator can do by hand come from
the vendor's API, so that the two can disagree.

Each type has a class here, in any module of this package. Tests that go through all types find it by its token.
"""

from __future__ import annotations

import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any, ClassVar

from tests.emulated import ACCOUNT, Emulated, Json

Values = dict[str, Any]


def ref(*numbers: str) -> str:
    """The id of a resource."""
    return "/".join([ACCOUNT, *numbers])


def number(id_: str) -> str:
    """The vendor's own number in an id."""
    return id_.rpartition("/")[2]


@dataclass
class Instance:
    """One resource of a type, from its first declaration to its last."""

    args: Values
    updates: Values
    """A new value for fields that can change in place."""
    replacement: Values = field(default_factory=dict)
    """A new value for a field that cannot."""
    existing: str = ""
    """The id of the object that it takes over."""


class Example(ABC):
    """What a test must know about a type. Tests find it: a class with a token, in a module of this package."""

    token: ClassVar[str] = ""
    """The type; a class without one is the base of others."""
    kind: ClassVar[str] = ""
    """What the vendor keeps for it, by the emulator's name; nothing where it only changes what others make."""
    id_field: ClassVar[str] = ""
    """The vendor's field that its id ends with, or that tells the parts of a set."""
    key: ClassVar[tuple[str, ...]] = ()
    """The vendor's fields that tell two of a kind apart for people."""
    creates: ClassVar[str] = ""
    """The operation that makes one, where each instance makes exactly one."""

    @abstractmethod
    def instances(self, portal: Emulated) -> dict[str, Instance]:
        """The resources to declare. What they need, and what they adopt, is made by hand; ``made`` adopts nothing."""

    @abstractmethod
    def wire(self, args: Values) -> Json:
        """What the vendor must hold when these are declared."""

    def held(self, portal: Emulated, id_: str) -> Json | None:
        """What the vendor holds; nothing when calls cannot meet it any more."""
        return portal.record(self.kind, self.id_field, number(id_))

    @abstractmethod
    def drift(self, portal: Emulated, id_: str, args: Values) -> Values:
        """Change it by hand. The inputs that a refresh must show then, and no others."""

    @abstractmethod
    def remove(self, portal: Emulated, id_: str) -> None:
        """Take it away by hand."""

    def is_over(self, portal: Emulated, id_: str, args: Values) -> bool:
        """Whether it has gone the way that the type promises: away, or where the vendor knows no end, without calls."""
        held = self.held(portal, id_)
        return held is None or held.get("isActive") is False

    def prepare_again(self, portal: Emulated, id_: str) -> None:  # noqa: B027
        """Make what it needs, where :meth:`remove` took that away as well."""


@cache
def examples() -> dict[str, Example]:
    """The example of each type, by token."""
    for module in pkgutil.iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return {kind.token: kind() for kind in _below(Example) if kind.token}


def _below(kind: type[Example]) -> Iterator[type[Example]]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)
