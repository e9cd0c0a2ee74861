"""Field tables and the strict check of a request against them.

A field table says what the vendor's reference says of an object: name, JSON type, whether creation needs it, its
default, who may write it. Bodies and query strings are checked against the same tables, and every problem of a
request is reported at once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal

from .problems import FieldProblem, Problem, invalid_fields

Record = dict[str, Any]
JsonType = Literal["string", "integer", "number", "boolean", "object", "array"]
Needs = Literal["create", "update", "nothing"]
"""Which required fields a body must hold: all, those an update sets, none."""


class Write(Enum):
    """Who may write a field."""

    ALWAYS = "create and update"
    ON_CREATE = "create; an update with another value is refused"
    OWN_CALL = "create, then only by a call of its own; an update does not change it"
    NEVER = "the server; what a request says is ignored"


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of an object, or one parameter of a query string.

    `default` None means the field is absent until it is set. `fields` is the table of a nested object, or of the
    objects in an array; `link` is the id field of a reference such as `{"cloudDestinationId": 7}`, of which only the
    id is kept. Where the table of an object depends on its kind, `variants` holds one for each value of the member
    that `by` names. `least` and `most` count the items of an array.
    """

    name: str
    type: JsonType
    required: bool = False
    default: Any = None
    write: Write = Write.ALWAYS
    enum: tuple[str, ...] = ()
    pattern: str = ""
    minimum: int | None = None
    maximum: int | None = None
    secret: bool = False
    fields: tuple[Field, ...] = ()
    items: JsonType | None = None
    link: str = ""
    by: str = ""
    variants: Mapping[str, tuple[Field, ...]] = field(default_factory=dict)
    least: int = 0
    most: int | None = None


def text(name: str, **facts: Any) -> Field:
    return Field(name=name, type="string", **facts)


def texts(*names: str) -> tuple[Field, ...]:
    return tuple(text(name) for name in names)


def whole(name: str, **facts: Any) -> Field:
    return Field(name=name, type="integer", **facts)


def wholes(*names: str) -> tuple[Field, ...]:
    return tuple(whole(name) for name in names)


def real(name: str, **facts: Any) -> Field:
    return Field(name=name, type="number", **facts)


def flag(name: str, **facts: Any) -> Field:
    return Field(name=name, type="boolean", **facts)


def flags(*names: str) -> tuple[Field, ...]:
    return tuple(flag(name) for name in names)


def thing(name: str, **facts: Any) -> Field:
    return Field(name=name, type="object", **facts)


def many(name: str, **facts: Any) -> Field:
    return Field(name=name, type="array", **facts)


def server_sets(*fields: Field) -> tuple[Field, ...]:
    """The same fields, written by the server only."""
    return tuple(Field(**{**vars(field), "write": Write.NEVER}) for field in fields)


class Check:
    """Collects every problem of one request; `done` refuses the request if there were any."""

    def __init__(self) -> None:
        self.problems: list[FieldProblem] = []

    def done(self) -> None:
        if self.problems:
            raise invalid_fields(self.problems)

    def refuse(self, attribute: str, message: str, value: Any = None) -> None:
        self.problems.append(FieldProblem(attribute, message, value))

    def object(self, fields: Iterable[Field], body: Any, *, needs: Needs, where: str = "") -> Record:
        """The accepted part of `body`."""
        if not isinstance(body, dict):
            self.refuse(where or "body", "must be an object", body)
            return {}
        table = {field.name: field for field in fields}
        accepted: Record = {}
        for name, value in body.items():
            attribute = f"{where}.{name}" if where else name
            field = table.get(name)
            if field is None:
                self.refuse(attribute, "unknown field", value)
            elif field.write is not Write.NEVER:
                accepted[name] = self.value(field, value, attribute)
        for field in table.values():
            if field.required and field.name not in body and _needed(field, needs):
                self.refuse(f"{where}.{field.name}" if where else field.name, "is required")
        return accepted

    def value(self, field: Field, value: Any, attribute: str) -> Any:
        shown = None if field.secret else value
        if not _is(field.type, value):
            self.refuse(attribute, f"must be {_A[field.type]}", shown)
        elif field.enum and value not in field.enum:
            self.refuse(attribute, f"must be one of {', '.join(field.enum)}", shown)
        elif field.required and _is_blank(value):
            self.refuse(attribute, "must not be empty", shown)
        elif field.pattern and not re.fullmatch(field.pattern, value):
            self.refuse(attribute, f"must match {field.pattern}", shown)
        elif field.minimum is not None and value < field.minimum:
            self.refuse(attribute, f"must be at least {field.minimum}", shown)
        elif field.maximum is not None and value > field.maximum:
            self.refuse(attribute, f"must be at most {field.maximum}", shown)
        elif field.link:
            return self._link(field, value, attribute)
        elif field.type == "object" and field.variants:
            return self._variant(field, value, attribute)
        elif field.type == "object" and field.fields:
            return self.object(field.fields, value, needs="create", where=attribute)
        elif field.type == "array":
            return self._items(field, value, attribute)
        return value

    def _link(self, field: Field, value: Record, attribute: str) -> Record:
        known = {inner.name for inner in field.fields}
        for name in value:
            if known and name not in known:
                self.refuse(f"{attribute}.{name}", "unknown field", value[name])
        target = value.get(field.link)
        if not _is("integer", target):
            self.refuse(f"{attribute}.{field.link}", "must be an integer", target)
        return {field.link: target}

    def _variant(self, field: Field, value: Any, attribute: str) -> Record:
        kind = value.get(field.by) if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in field.variants:
            self.refuse(f"{attribute}.{field.by}", f"must be one of {', '.join(field.variants)}", kind)
            return {}
        table = (text(field.by, required=True), *field.variants[kind])
        return self.object(table, value, needs="create", where=attribute)

    def _items(self, field: Field, value: list[Any], attribute: str) -> list[Any]:
        if len(value) < field.least or (field.most is not None and len(value) > field.most):
            bounds = f"{field.least} or more" if field.most is None else f"{field.least} to {field.most}"
            self.refuse(attribute, f"must hold {bounds} items", len(value))
        if field.variants:
            return [self._variant(field, item, f"{attribute}[{n}]") for n, item in enumerate(value)]
        if field.fields:
            return [
                self.object(field.fields, item, needs="create", where=f"{attribute}[{n}]")
                for n, item in enumerate(value)
            ]
        for n, item in enumerate(value):
            if field.items and not _is(field.items, item):
                self.refuse(f"{attribute}[{n}]", f"must be {_A[field.items]}", item)
        return value


_A = {
    "string": "a string",
    "integer": "a 32-bit integer",
    "number": "a number",
    "boolean": "true or false",
    "object": "an object",
    "array": "an array",
}


def _is_blank(value: Any) -> bool:
    return isinstance(value, str) and not value.strip()


def _needed(field: Field, needs: Needs) -> bool:
    return needs == "create" or (needs == "update" and field.write is Write.ALWAYS)


def _is(kind: JsonType, value: Any) -> bool:
    match kind:
        case "string":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool) and -(2**31) <= value < 2**31
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "object":
            return isinstance(value, dict)
        case "array":
            return isinstance(value, list)


def whole_number(digits: str) -> int | None:
    """The number that plain digits stand for; nothing for other digits, for other text, and beyond 64 bits."""
    return int(digits) if re.fullmatch(r"[0-9]{1,18}", digits) else None


def parse_json(raw: bytes) -> Any:
    """The JSON text of a body; `NaN` and its like are not JSON, and half a pair of surrogates is no text."""
    try:
        body = json.loads(raw, parse_constant=_no_constant)
        if b"\\u" in raw:
            json.dumps(body, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise Problem(400, f"the body is not JSON: {error}") from None
    return body


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def read_query(fields: Sequence[Field], sent: Mapping[str, Sequence[str]]) -> Record:
    """A query string against its table: parsed values, with defaults filled in."""
    check = Check()
    table = {field.name: field for field in fields}
    parsed: Record = {field.name: field.default for field in fields if field.default is not None}
    for name, values in sent.items():
        field = table.get(name)
        if field is None:
            check.refuse(name, "unknown query parameter", values[0])
        elif field.type == "array":
            parsed[name] = list(values)
        elif len(values) > 1:
            check.refuse(name, "is given more than once", values[1])
        else:
            parsed[name] = check.value(field, _parsed(field, values[0]), name)
    for field in fields:
        if field.required and field.name not in sent:
            check.refuse(field.name, "is required")
    check.done()
    return parsed


def _parsed(field: Field, value: str) -> Any:
    if field.type == "boolean":
        return {"true": True, "false": False}.get(value.lower(), value)
    if field.type == "integer" and re.fullmatch(r"-?[0-9]{1,10}", value):
        return int(value)
    return value
