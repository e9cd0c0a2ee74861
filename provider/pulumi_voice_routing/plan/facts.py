"""What a stack declares and what its state holds, as plain facts that rules can judge.

Two traps of the engine end here. A value that is not known in a preview is :data:`UNKNOWN`, and reading it never
raises: in a policy an exception for an unknown value would turn a mandatory rule into advice. And numbers, which the
engine hands over as floats, are whole again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, TypeVar, cast

from ..lifecycle import meaning as means
from ..lifecycle import references
from ..lifecycle.state_keys import MARKED
from ..lifecycle.view import UNKNOWN, Unknown, UnknownValue, View
from .fleets import is_fleet, saved_rows
from .roles import M, Mark, Place, Roles, Value, roles_of

__all__ = [
    "LINK_ID",
    "LINK_OVERRIDES",
    "NOT_KNOWN_YET",
    "PREFIX",
    "SIGNED_IN",
    "UNKNOWN",
    "Before",
    "Facts",
    "Resource",
    "Thing",
    "Unknown",
    "UnknownValue",
    "entries_of",
    "listed",
    "noun_of",
    "plain",
    "require_types",
    "saved_resources",
    "token_of",
]

T = TypeVar("T")
V = TypeVar("V", bound=View)

PREFIX = "pulumi-python:dynamic/"

SIGNED_IN = "~"
"""The extension of whoever signs in, as programs may write it."""
LINK_ID = "__link"
"""Where a live row of a set keeps the vendor's id of the link that it stands for."""
LINK_OVERRIDES = "__overrides"
"""Where a live row of a set keeps the overrides that the vendor holds below it: numbers and targets."""
NOT_KNOWN_YET = frozenset(
    {
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
        "[secret]",
    }
)
"""What the engine writes for an unknown boolean, number, string, list, asset, archive and object, and for a secret."""


def plain(value: Any) -> Any:
    """The value as lists, dictionaries and scalars, with :data:`UNKNOWN` where it is not known. Raises nothing."""
    if isinstance(value, str):
        return UNKNOWN if value in NOT_KNOWN_YET else value
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, Mapping):
        items = {str(key): _item(value, key) for key in value}
        return UNKNOWN if MARKED in items else items
    if isinstance(value, Sequence):
        return [_item(value, place) for place in range(len(value))]
    return UNKNOWN


def _item(holder: Any, key: Any) -> Any:
    try:
        return plain(holder[key])
    except Exception:  # the policy SDK raises for what is unknown; whatever cannot be read is not known
        return UNKNOWN


def listed(value: Any) -> list[Any]:
    """A list, or none when the value is not known."""
    return value if isinstance(value, list) else []


@dataclass(frozen=True)
class Resource:
    """A resource of this package, as a program declares it or as a state holds it."""

    type: str
    """Its token, such as ``ringcx:Destination``."""
    name: str
    """Its name in the program."""
    urn: str
    props: Mapping[str, Any] = field(default_factory=dict)
    id: str | None = None
    """The vendor's id; declared resources do not have it, however old they are."""
    behind: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The URNs of the resources that each property is made of; so links can be followed before ids are known."""
    aliases: frozenset[str] = frozenset()
    """The URNs it had before."""
    kept: bool = False
    """Whether the vendor's object is left alone when the resource leaves the stack."""
    protected: bool = False
    """Whether the engine refuses to delete or replace it."""
    made: str = ""
    """When it came to the state, as the engine writes that; empty where the state does not tell."""

    @cached_property
    def roles(self) -> Roles:
        """What the fields of its type mean."""
        return roles_of(self.type)

    def get(self, name: str) -> Any:
        """A property, or nothing."""
        return self.props.get(name)

    def at(self, place: Place[Any] | None) -> Any:
        """What a field at the top says; nothing when the type has no such field."""
        return self.props.get(place.field) if place is not None else None

    def role(self, kind: Mark[means.Meaning]) -> Any:
        """What the first field at the top says that means this."""
        return self.at(self.roles.top(kind))

    def values(self, kind: Mark[M]) -> list[Value[M]]:
        """What all fields say that mean this, those of rows included."""
        return list(self.roles.values(self.props, kind))

    def items(self, name: str) -> list[Any]:
        """The items of a list property; none when it is not known."""
        return listed(self.get(name))

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The items of a list property, without those that are not known."""
        return [item for item in self.items(name) if isinstance(item, dict)]

    def certain(self, name: str) -> bool:
        """Whether all items of a list property are there."""
        items = self.get(name)
        return isinstance(items, list) and all(isinstance(item, dict) for item in items)

    @property
    def called(self) -> str:
        """The vendor's name for it, or else the program's."""
        label = self.role(means.Label)
        return label if isinstance(label, str) else self.name

    def switch(self, of: str = "calls") -> bool | UnknownValue | None:
        """Whether it is on, as it says itself; nothing when it says nothing."""
        place = self.roles.top(means.Switch)
        said = self.at(place) if place is not None and place.mark.of == of else None
        return said if said is UNKNOWN or isinstance(said, bool) else None

    @property
    def internal(self) -> bool:
        """Whether its numbers are of the vendor's own network."""
        return self.role(means.Internal) is True

    @property
    def begins_with_another(self) -> bool:
        """Whether it takes over an object that is there, or begins with a copy of one."""
        return any(self.at(place) for place in self.roles.places(means.Existing))

    @property
    def whole_list(self) -> bool | UnknownValue:
        """Whether rows that it does not declare are taken away."""
        said = self.role(means.WholeList)
        return said if said is UNKNOWN else said is True

    @property
    def lookup(self) -> bool:
        """Whether it only looks at an object that something else manages."""
        return self.get("lookup") is not None


def token_of(type_: str) -> str | None:
    """``ringcx:Destination`` for the engine's type of it; nothing for types of other packages."""
    return type_.removeprefix(PREFIX) if type_.startswith(PREFIX) else None


def noun_of(type_: str) -> str:
    """A type in words: ``ringcx:RouteGroup`` is a route group."""
    return "".join(f" {c.lower()}" if c.isupper() else c for c in type_.partition(":")[2]).strip()


def require_types(entry: Mapping[str, Any]) -> None:
    """What the engine writes of a resource has the types that it must have. Raises ``TypeError`` and ``KeyError``."""
    texts = (entry["urn"], entry["type"], entry.get("id") or "")
    if not all(isinstance(text, str) for text in texts):
        raise TypeError("a resource whose URN, type or id is no text")
    for name in ("inputs", "outputs", "propertyDependencies"):
        if not isinstance(entry.get(name), dict | None):
            raise TypeError(f"a resource whose {name} are no object")


def entries_of(entry: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    """An entry of a state; for a fleet, what it says of each row. Raises what :func:`require_types` raises."""
    require_types(entry)
    return saved_rows(entry) if is_fleet(entry["type"]) and token_of(entry["type"]) else (entry,)


def saved_resources(state: Mapping[str, Any], *, leaving: bool = False) -> Iterator[Resource]:
    """This package's resources in what ``pulumi stack export`` prints; with ``leaving`` only the old copies that the
    next run ends. Raises what :func:`require_types` raises."""
    there = (state.get("deployment") or {}).get("resources") or []
    for entry in (one for each in there if each.get("delete") or not leaving for one in entries_of(each)):
        token = token_of(entry["type"])
        if token is None or bool(entry.get("delete")) != leaving or entry.get("external"):
            continue
        yield Resource(
            type=token,
            name=entry["urn"].rpartition("::")[2],
            urn=entry["urn"],
            props=plain(entry.get("outputs") or {}),
            id=entry.get("id"),
            kept=bool(entry.get("retainOnDelete")),
            protected=bool(entry.get("protect")),
            made=str(entry.get("created") or ""),
        )


class Thing(NamedTuple):
    """An object at the vendor: the resource that stands for it, or its id when the stack does not declare it."""

    type: str
    key: str


def _by_type(resources: Iterable[Resource]) -> dict[str, list[Resource]]:
    found: dict[str, list[Resource]] = {}
    for one in resources:
        found.setdefault(one.type, []).append(one)
    return found


def _that(
    by_type: Mapping[str, list[Resource]], resources: Sequence[Resource], meets: Callable[[Roles], Any]
) -> list[Resource]:
    """Those of types that mean something, in their order; a stack has thousands of resources of a few types."""
    types = [type_ for type_ in by_type if meets(roles_of(type_))]
    if len(types) < 2:
        return [one for type_ in types for one in by_type[type_]]
    return [one for one in resources if one.type in types]


class Before:
    """The state as it was before the run."""

    def __init__(self, resources: Iterable[Resource] = ()) -> None:
        self.resources = list(resources)
        self._by_number: dict[tuple[str, str], list[Resource]] = {}
        for one in self.resources:
            if one.id:
                self._by_number.setdefault((one.type, references.last(one.id)), []).append(one)

    def of(self, *types: str) -> list[Resource]:
        """The resources of these types."""
        return [one for one in self.resources if one.type in types]

    def that(self, meets: Callable[[Roles], Any]) -> list[Resource]:
        """The resources of types that mean something."""
        return _that(self._by_type, self.resources, meets)

    @cached_property
    def _by_type(self) -> dict[str, list[Resource]]:
        return _by_type(self.resources)

    def with_id(self, type_: str, id_: str) -> Resource | None:
        """The resource with this id."""
        there = self._by_number.get((type_, references.last(id_)), [])
        return next((one for one in there if references.same(one.id, id_)), None)


class Facts:
    """What a rule judges: what is declared, and what was there before."""

    def __init__(
        self,
        declared: Iterable[Resource],
        before: Before | None = None,
        *,
        unreadable: str = "",
        preview: bool = False,
        whole: bool = True,
        live: Mapping[str, str | None] | None = None,
        changed: Collection[str] | None = None,
        replaced: Collection[str] = (),
    ) -> None:
        """``before`` is nothing when there is no state to compare with; ``unreadable`` says why, if there should be.

        ``whole`` is false when ``declared`` is one resource and not all that the program declares. ``live`` says who
        answers numbers at the vendor now, as far as it was asked: ``profile 1001``, or nothing for nobody. ``changed``
        are the URNs of what the engine would write or end, where it says so, and ``replaced`` those of what it would
        end and make again.
        """
        self.declared = [one for one in declared if not one.lookup]
        self.before = before
        self.unreadable = unreadable
        self.preview = preview
        self.whole = whole
        self.live = live or {}
        self.changed = changed
        self.replaced = replaced
        self._made: dict[Any, Any] = {}
        self._by_urn = {one.urn: one for one in self.declared}
        for one in self.declared:
            for alias in one.aliases:
                self._by_urn.setdefault(alias, one)

    def but(self, declared: Iterable[Resource]) -> Facts:
        """The same, with other resources declared."""
        return Facts(
            declared,
            self.before,
            unreadable=self.unreadable,
            preview=self.preview,
            whole=self.whole,
            live=self.live,
            changed=self.changed,
            replaced=self.replaced,
        )

    def of(self, *types: str) -> list[Resource]:
        """The declared resources of these types."""
        return [one for one in self.declared if one.type in types]

    def that(self, meets: Callable[[Roles], Any]) -> list[Resource]:
        """The declared resources of types that mean something."""
        return _that(self._by_type, self.declared, meets)

    @cached_property
    def _by_type(self) -> dict[str, list[Resource]]:
        return _by_type(self.declared)

    def once(self, made: Callable[[Facts], T]) -> T:
        """What is worked out from these facts, once for all that ask for it."""
        return cast(T, self._made[made] if made in self._made else self._made.setdefault(made, made(self)))

    def unchanged(self, declared: Resource) -> bool:
        """Whether the engine says that nothing would be done to a resource; it says so in a plan only."""
        return self.changed is not None and declared.urn not in self.changed

    def successor(self, saved: Resource) -> Resource | None:
        """The declared resource that continues a saved one, under its name or with an alias."""
        return self._by_urn.get(saved.urn)

    @cached_property
    def _saved(self) -> dict[Thing, Resource]:
        return {self.thing(one): one for one in self.before.resources} if self.before else {}

    def saved_as(self, thing: Thing) -> Resource | None:
        """The saved resource that stands for an object."""
        return self._saved.get(thing)

    def declared_as(self, thing: Thing | UnknownValue) -> Resource | None:
        """The declared resource that stands for an object."""
        return None if thing is UNKNOWN else self._by_urn.get(thing.key)

    def thing(self, resource: Resource) -> Thing:
        """The object that a resource stands for; a saved one and its successor stand for the same."""
        present = self._by_urn.get(resource.urn)
        return Thing(resource.type, present.urn if present else resource.id or resource.urn)

    def with_id(self, type_: str, id_: Any) -> Thing | UnknownValue:
        """The object with this id."""
        if not isinstance(id_, str):
            return UNKNOWN
        saved = self.before.with_id(type_, id_) if self.before else None
        return self.thing(saved) if saved else Thing(type_, id_)

    def link(self, resource: Resource, name: str, type_: str) -> Thing | UnknownValue:
        """The object that a property names."""
        return self.links(resource, name, [resource.get(name)], type_)[0]

    def links(self, resource: Resource, name: str, ids: Sequence[Any], type_: str) -> list[Thing | UnknownValue]:
        """The objects that ids in a property name, in their order.

        An id that is not known yet, or that no state has, is one of the resources that the property is made of; which
        one cannot be told when there are more, and does not matter to any rule.
        """
        found = [self.with_id(type_, id_) for id_ in ids]
        among, told = self._among(resource.behind.get(name, frozenset()), type_), set(found)
        free = (one for one in among if one not in told)
        for place in sorted(range(len(found)), key=lambda place: found[place] is not UNKNOWN):
            if self.declared_as(found[place]) is None and (one := next(free, None)) is not None:
                found[place] = one
        return found

    def _among(self, urns: frozenset[str], type_: str) -> list[Thing]:
        """The declared resources of a type among some, which are the same for all rows of a fleet."""
        if (urns, type_) not in self._made:
            there = (urn for urn in urns & self._by_urn.keys() if self._by_urn[urn].type == type_)
            self._made[urns, type_] = [Thing(type_, urn) for urn in sorted(there)]
        return cast("list[Thing]", self._made[urns, type_])

    def parent(self, resource: Resource) -> Thing | UnknownValue | None:
        """The object that contains a declared resource; nothing when none does."""
        place = resource.roles.inside
        return None if place is None else self.link(resource, place.field, place.mark.what)

    def saved_parent(self, saved: Resource) -> Thing | UnknownValue | None:
        """The same for a resource of the state."""
        place = saved.roles.inside
        return None if place is None else self.with_id(place.mark.what, saved.at(place))

    def linked(
        self, resource: Resource, place: Place[means.Target]
    ) -> list[tuple[dict[str, Any], Thing | UnknownValue]]:
        """The rows of a set that is known, each with the object that it names."""
        rows = resource.rows(place.field)
        ids = [place.of(row) for row in rows]
        return list(zip(rows, self.links(resource, place.field, ids, place.mark.to), strict=True))

    def resource(self, thing: Thing) -> Resource | None:
        """The resource that stands for an object, declared or else saved."""
        return self.declared_as(thing) or self.saved_as(thing)

    def called(self, thing: Thing) -> str:
        """How messages name an object."""
        resource = self.resource(thing)
        return f"{noun_of(thing.type)} {resource.called!r}" if resource else f"{noun_of(thing.type)} {thing.key}"

    def in_approvals(self, thing: Thing) -> str:
        """How approvals name an object: ``profile 1001``, or by its name when the vendor has not numbered it yet."""
        saved = self.saved_as(thing)
        known = saved.id if saved else None if self.declared_as(thing) else thing.key
        return f"{noun_of(thing.type)} {references.last(known)}" if known else self.called(thing) + self._inside(thing)

    def _inside(self, thing: Thing) -> str:
        """What contains an object whose name is nobody else's in there only."""
        one = self.declared_as(thing)
        parent = self.parent(one) if one is not None and one.role(means.Label) is not None else None
        return "" if parent is None or parent is UNKNOWN else f" of {self.called(parent)}"

    def named(self, resource: Resource) -> str:
        """The same, for a declared or a saved resource."""
        return self.in_approvals(self.thing(resource))
