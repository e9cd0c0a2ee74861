"""How the objects of a type are found in an account that somebody reads, and what is needed to make them in another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from .references import parent


class Listed:
    """What a type says of all its objects."""

    token: ClassVar[str] = ""
    """``vendor:Type``; part of every stack's state, so that it never changes."""
    listed_as: ClassVar[str] = ""
    """Why an account that is read has no resources of this type; what stands for the objects instead."""
    no_fleet: ClassVar[str] = ""
    """Why there are no fleets of the type."""
    after: ClassVar[tuple[str, ...]] = ()
    """The types whose objects, in what contains this one as well, must be as they are declared before this one is."""

    permits: ClassVar[str] = ""
    """The argument that lists what is meant although it looks wrong; empty where a type has none."""

    def own_id(self, args: Mapping[str, Any]) -> str | None:
        """The last step of the id, where the arguments tell it, so that the resource takes over what is there without
        being told; empty when they are not known yet."""
        return None

    def homes(self) -> Iterable[str]:
        """The ids of what contains the objects, where that is no resource; one empty id is the account itself."""
        return ("",)

    def ids(self, home: str) -> Iterable[str]:
        """The ids of all objects of the type that there are in what contains them, be they managed or not."""
        raise NotImplementedError(f"{self.token} does not say how its objects are listed")

    def is_there(self, id_: str) -> bool:
        """Whether there is an object of the type with this id."""
        return id_ in self.ids(parent(id_))

    def labels(self, home: str) -> Mapping[str, str]:
        """What people call the objects in what contains them, by id, as far as their list says it."""
        return {}

    def called_elsewhere(self, id_: str) -> Mapping[str, str]:
        """The names of things that arguments of the object name by their ids and no resource stands for."""
        return {}

    def always_there(self, id_: str) -> str:
        """What a program writes to find the object in any account, when every account has it from the start, so that
        no program makes it; empty otherwise. The names of arguments in braces stand for what the program says there."""
        return ""

    def no_object(self, outs: dict[str, Any]) -> str:
        """Why something in the list of the type's objects is none of them, such as what the vendor keeps to itself."""
        return ""


__all__ = ["Listed"]
