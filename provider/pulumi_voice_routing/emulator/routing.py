"""Tables of operations, and what an operation's handler is given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from .clock import Clock
from .problems import Problem, invalid, not_found
from .schema import Check, Field, Needs, Record, parse_json, read_query, whole_number
from .store import Kind, Store
from .tokens import Tokens
from .vendors import Vendor

Form = Mapping[str, "str | Upload"]


@dataclass(frozen=True)
class Upload:
    """One file of a multipart body."""

    filename: str
    content: bytes

    def text(self) -> str:
        try:
            return self.content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise invalid("file", "is not UTF-8 text") from None


@dataclass
class Switches:
    """What can be changed while the emulator runs; see docs/emulator.md."""

    rate_limits: bool = True
    retry_after: bool = False
    latency_seconds: float = 0
    put: str = "replace"
    token_lifetime_seconds: float = 300
    portsip_version: str = "22.1"
    portsip_token_seconds: float = 1800
    ringex_features: str = "told"
    queue_rules_blocked: bool = False
    interaction_rules_by_reference: bool = False
    daily_for_equal_days: bool = False
    created_status: int = 200
    plus_in_targets: str = "kept"
    put_sets_active: bool = False
    search_form: str = "records"
    lists_late_seconds: float = 0


@dataclass
class World:
    """Everything that outlives a call."""

    store: Store
    tokens: Tokens
    clock: Clock
    switches: Switches


@dataclass
class Request:
    """One HTTP request, read completely. `form` is the parsed form or multipart body, or the problem of parsing it."""

    method: str
    path: str
    query: Mapping[str, Sequence[str]]
    headers: Mapping[str, str]
    raw: bytes = b""
    form: Form | Problem | None = None

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")

    @property
    def uri(self) -> str:
        return f"{self.path} - {self.method}"


@dataclass
class Call:
    """A request whose operation, path objects and query string are known to be right."""

    world: World
    request: Request
    params: Mapping[str, str]
    query: Record
    on_path: list[tuple[Kind, Record]]
    flip_is_active: bool = False

    @property
    def store(self) -> Store:
        return self.world.store

    def record(self, kind: Kind) -> Record:
        """The object of this kind that the path names."""
        return next(record for known, record in reversed(self.on_path) if known is kind)

    def json(self) -> Any:
        if self.request.content_type.partition(";")[0].strip().lower() != "application/json":
            raise Problem(415, "the body must be application/json")
        return parse_json(self.request.raw)

    def body(self, fields: Iterable[Field], needs: Needs = "create") -> Record:
        """The accepted JSON body: an object with these fields."""
        check = Check()
        body = check.object(fields, self.json(), needs=needs)
        check.done()
        return body

    def object(self, kind: Kind, *, creating: bool) -> Record:
        """The accepted JSON body: one object of `kind`."""
        return self.body(kind.fields, self.needs(creating))

    def objects(self, fields: Sequence[Field], *, creating: bool) -> list[Record]:
        """The accepted JSON body: an array of objects."""
        sent = self.json()
        if not isinstance(sent, list):
            raise invalid("body", "must be an array", sent)
        check = Check()
        needs = self.needs(creating)
        bodies = [check.object(fields, item, needs=needs, where=f"[{n}]") for n, item in enumerate(sent)]
        check.done()
        return bodies

    def needs(self, creating: bool) -> Needs:
        """Which required fields the body must hold."""
        return "create" if creating else "nothing" if self.merges else "update"

    @property
    def merges(self) -> bool:
        return self.world.switches.put == "merge"

    def form(self, *parts: str) -> Form:
        """The accepted form or multipart body; no other parts than these."""
        form = self.request.form
        if isinstance(form, Problem):
            raise form
        if form is None:
            raise Problem(415, "the body must be a form")
        check = Check()
        for name in form:
            if name not in parts:
                check.refuse(name, "unknown part")
        check.done()
        return form

    def upload(self) -> Upload:
        """The part `file` of a multipart body."""
        file = self.form("file").get("file")
        if not isinstance(file, Upload):
            raise invalid("file", "is required, as a file")
        return file

    def parent_link(self, kind: Kind) -> tuple[str, Any]:
        """The link of `kind` to the innermost object of the path that it hangs under, and that object's id."""
        for parent, record in reversed(self.on_path):
            for link, target in kind.links.items():
                if target == parent.name:
                    return link, record[parent.id_field]
        raise LookupError(f"{kind.name} hangs under nothing in {self.request.path}")

    def siblings(self, kind: Kind) -> list[Record]:
        """The objects of a kind under the path's innermost object."""
        return self.store.where(kind, *self.parent_link(kind))


Handler = Callable[[Call], Any]
"""Answers a `Reply`, or the JSON value of a 200 answer."""


Control = Callable[[World, Any], Any]
"""A control call: from the JSON body to the JSON answer."""


@dataclass(frozen=True)
class Operation:
    """One row of a family's table.

    `takes` is what body the operation reads: "json", "form" (also multipart), or nothing. `group` is its rate limit
    group.
    """

    number: str
    method: str
    path: str
    handler: Handler
    query: tuple[Field, ...] = ()
    takes: str = ""
    signed_in: bool = True
    group: str = ""


@dataclass(frozen=True)
class Family:
    """A vendor's operations that belong together, with the objects they keep.

    `first_objects` is what a new emulator holds; `finish` adds to a state the records that the vendor makes by itself.
    `tells` says which operations' answers tell of which objects; see `learning`.
    `controls` are control calls of its own, `POST /_emulator/...`: what the vendor does without being called.
    """

    vendor: Vendor
    operations: tuple[Operation, ...]
    kinds: tuple[Kind, ...] = ()
    first_objects: Mapping[str, tuple[Record, ...]] = field(default_factory=dict)
    finish: Callable[[Store], None] | None = None
    tells: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    controls: Mapping[str, Control] = field(default_factory=dict)


@dataclass(frozen=True)
class Match:
    """The operation of a request; `path_kinds` says which of the vendor's path parameters are ids of objects."""

    operation: Operation
    vendor: Vendor
    params: Mapping[str, str]
    path_kinds: Mapping[str, Kind]


class _Node:
    def __init__(self) -> None:
        self.literal: dict[str, _Node] = {}
        self.parameter: dict[str, _Node] = {}
        self.operations: dict[str, tuple[Operation, Vendor]] = {}


class Router:
    """Finds operations by path. A literal segment goes before a parameter."""

    def __init__(self, families: Sequence[Family]) -> None:
        self._root = _Node()
        self._path_kinds: dict[Vendor, dict[str, Kind]] = {family.vendor: {} for family in families}
        for family in families:
            self._path_kinds[family.vendor] |= {kind.path_name: kind for kind in family.kinds if kind.path_name}
            for operation in family.operations:
                self._add(operation, family.vendor)

    def _add(self, operation: Operation, vendor: Vendor) -> None:
        node = self._root
        for segment in operation.path.strip("/").split("/"):
            if segment.startswith("{"):
                node = node.parameter.setdefault(segment[1:-1], _Node())
            else:
                node = node.literal.setdefault(segment, _Node())
        if operation.method in node.operations:
            raise ValueError(f"{operation.number}: {operation.method} {operation.path} is there twice")
        node.operations[operation.method] = (operation, vendor)

    def find(self, method: str, path: str) -> Match | None:
        """The operation; None for an unknown path. A known path with another method is refused with 405."""
        segments = [unquote(segment) for segment in path.strip("/").split("/")]
        allowed: set[str] = set()
        for node, params in self._nodes(self._root, segments, {}):
            if method in node.operations:
                operation, vendor = node.operations[method]
                return Match(operation, vendor, params, self._path_kinds[vendor])
            allowed |= node.operations.keys()
        if allowed:
            raise Problem(405, f"{method} is not allowed here", headers={"Allow": ", ".join(sorted(allowed))})
        return None

    def _nodes(self, node: _Node, segments: list[str], params: dict[str, str]) -> list[tuple[_Node, dict[str, str]]]:
        if not segments:
            return [(node, params)]
        first, rest = segments[0], segments[1:]
        found = []
        if first in node.literal:
            found += self._nodes(node.literal[first], rest, params)
        if first:
            for name, child in node.parameter.items():
                found += self._nodes(child, rest, {**params, name: first})
        return found


def open_call(world: World, request: Request, match: Match, *, flip_is_active: bool = False) -> Call:
    """The call, once query string, body and path objects are checked."""
    query = read_query(match.operation.query, request.query)
    if request.raw and not match.operation.takes:
        raise Problem(400, "this operation takes no body")
    call = Call(world, request, match.params, query, [], flip_is_active)
    for name, value in match.params.items():
        kind = match.path_kinds.get(name)
        if kind is not None:
            record = find_on_path(call, kind, _path_id(kind, name, value))
            if record.get("visible") is False:
                raise Problem(403, f"{kind.name} {value} is not open to this token")
            call.on_path.append((kind, record))
    return call


def find_on_path(call: Call, kind: Kind, id: Any) -> Record:
    """The object with this id, if it belongs to every object of the path so far that its kind links to."""
    record = call.store.get(kind, id)
    if record is not None and all(
        record.get(link) == parent[parent_kind.id_field]
        for parent_kind, parent in call.on_path
        for link, target in kind.links.items()
        if target == parent_kind.name
    ):
        return record
    raise not_found(f"{kind.name} {id}")


def _path_id(kind: Kind, name: str, value: str) -> int | str:
    if kind.id.type == "string":
        return value
    number = whole_number(value)
    if number is None:
        raise invalid(name, "must be an integer", value)
    return number
