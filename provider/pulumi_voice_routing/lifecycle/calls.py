"""The vendor's calls for one kind of object, as facts: which method of its client lists, gets, creates and so on.

The methods stand here by their names, so that a type checker sees one that does not exist, takes other ids or
answers another shape::

    DESTINATIONS = Calls(
        path=("group", "destination"),
        id_field=DESTINATION_ID,
        list=RingCX.list_destinations,
        get=RingCX.get_destination,
        ...
    )
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeAlias, TypeVar, TypeVarTuple

from ..client.listings import Json

Api = TypeVar("Api", contravariant=True)
Live = TypeVar("Live", bound=Mapping[str, Any])
"""The shape of the object as the vendor answers it."""
Ids = TypeVarTuple("Ids")

At: TypeAlias = tuple[str, ...]
"""The vendor's ids of what holds an object, outermost first, without the account."""

Answer = TypeVar("Answer")


@dataclass(frozen=True, kw_only=True)
class Calls(Generic[Api, Live, *Ids]):
    """Each call takes the client, and then the ids of what holds the object. What is absent, the vendor does not have.

    A function that makes more than one request, or adds to one, may stand in the place of a method.
    """

    path: tuple[str, ...]
    """What each step of the object's id is, without the account: ``("group", "destination")``."""
    id_field: str
    """The vendor's field for the object's own id."""
    list: Callable[[Api, *Ids], list[Live]]
    """Everything in the collection."""
    get: Callable[[Api, *Ids, str], Live]
    """One object, fresh. Raises :class:`NotFound`."""
    create: Callable[[Api, *Ids, Json], Live | None] | None = None
    """Create one; nothing when the vendor said yes without showing it."""
    starts_with: Json = field(default_factory=dict)
    """What a new object is sent beside its declared fields."""
    create_as: Callable[[Api, *Ids, str, Json], Live | None] | None = None
    """Create one with an id that the caller chooses; it may be sent twice."""
    update: Callable[[Api, *Ids, str, Json], Live | None] | None = None
    """Write one as a whole; nothing when the vendor does not show what came of it."""
    switch: Callable[[Api, *Ids, str, bool], None] | None = None
    """Set the switch."""
    switch_field: str | None = None
    """The vendor's field that only ``switch`` can change; objects start with it off."""
    clone: Callable[[Api, *Ids, str, str], Live | None] | None = None
    """Copy the object with this id under another name."""
    delete: Callable[[Api, *Ids, str], None] | None = None
    """Remove it for good."""
    why_left: str | Callable[[Api, *Ids, Live], str] = ""
    """Why an object that a stack ends is left in place; when a function finds no reason, it is deleted."""

    @property
    def makes_none(self) -> bool:
        """Whether the vendor has no call that makes one, so that each is taken over."""
        return self.create is None and self.create_as is None


def ask(call: Callable[..., Answer] | None, api: Any, *given: Any) -> Answer:
    """What the vendor answers to a call that the type is known to have.

    A method of the client is looked up by its name, so that a client that does it in another way is heard.
    """
    if call is None:
        raise NotImplementedError("the type declares no such call")
    name = call.__name__
    if any(vars(kind).get(name) is call for kind in type(api).__mro__):
        answer: Answer = getattr(api, name)(*given)
        return answer
    return call(api, *given)
