"""An account as the vendor's own answers tell it: from what somebody heard there to a state that the emulator loads.

Each family says in its `tells` which of its operations tell of which objects. Names that the tables do not have are
left out, as are members that only repeat other objects.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import parse_qs

from .problems import Problem
from .routing import Family, Match, Router
from .schema import Check, Field, Record, Write, text, thing, whole
from .store import Kind

Named: TypeAlias = tuple[str, Any, Record]
"""The name of a kind, what tells its objects apart, and what is known of one of them."""
Teller = Callable[["Told"], Iterable[Named]]

_ANSWER = (
    text("method", required=True),
    text("path", required=True),
    text("query"),
    text("sent"),
    whole("status", required=True),
    text("answer"),
)


@dataclass(frozen=True)
class Told:
    """One answer, with the operation that gave it."""

    match: Match
    query: Mapping[str, Sequence[str]]
    sent: Any
    answer: Any
    """JSON as values, anything else as text."""

    def rows(self) -> Iterator[Record]:
        """The objects in it, whatever is around them."""
        answer = self.answer
        if isinstance(answer, dict):
            found = next((answer[name] for name in ("records", "items") if isinstance(answer.get(name), list)), None)
            answer = [answer] if found is None else found
        for row in answer if isinstance(answer, list) else ():
            if isinstance(row, dict):
                yield row

    def one(self, kind: Kind, row: Record, **links: Any) -> Named:
        """An object of a kind whose id the vendor shows."""
        return kind.name, row.get(kind.id_field), {**self.known(kind, row), **links}

    def known(self, kind: Kind, row: Record) -> Record:
        """What a row says of an object of this kind, with the objects that it hangs under."""
        record = {field.name: _known(field, row[field.name]) for field in kind.fields if _tells(kind, field, row)}
        links = {link: self._link(link, target, row) for link, target in kind.links.items()}
        return record | {link: id for link, id in links.items() if id is not None}

    def _link(self, link: str, target: str, row: Record) -> Any:
        for name, kind in self.match.path_kinds.items():
            if kind.name == target and name in self.match.params:
                said = self.match.params[name]
                return int(said) if kind.id.type == "integer" and said.isdigit() else said
        if link in row and not isinstance(row[link], dict):
            return row[link]
        nested = (value[link] for value in row.values() if isinstance(value, dict) and link in value)
        return next(nested, None)


def tells(kind: Kind, **children: Kind) -> Teller:
    """The objects of a kind, and of other kinds in these members of them."""

    def teller(told: Told) -> Iterator[Named]:
        for row in told.rows():
            yield told.one(kind, row)
            for member, child in children.items():
                for inner in row.get(member) or ():
                    own = {link: row.get(kind.id_field) for link, target in child.links.items() if target == kind.name}
                    yield told.one(child, inner, **own)

    return teller


def learned(families: Sequence[Family], sent: Any) -> Record:
    """A state document of all that the answers tell. Raises `Problem` for what is no list of answers."""
    router = Router(families)
    tellers = {number: teller for family in families for number, teller in family.tells.items()}
    objects: dict[str, dict[Any, Record]] = {}
    for told in map(_told(router), _answers(sent)):
        if told is None:
            continue
        for name, key, record in tellers.get(told.match.operation.number, _nothing)(told):
            known = objects.setdefault(name, {})
            known[key] = _together(known.get(key, {}), record)
        for name, id in told.match.params.items():
            kind = told.match.path_kinds.get(name)
            if kind is not None and kind.name == "Account":
                objects.setdefault(kind.name, {}).setdefault(id, {"accountId": id, "accountName": f"Account {id}"})
    return {"objects": {name: list(records.values()) for name, records in objects.items()}}


def _answers(sent: Any) -> Iterator[Record]:
    if not isinstance(sent, list):
        raise Problem(400, "send an array of answers")
    check = Check()
    answers = [check.object(_ANSWER, one, needs="create", where=f"[{n}]") for n, one in enumerate(sent)]
    check.done()
    yield from answers


def _told(router: Router) -> Callable[[Record], Told | None]:
    def read(answer: Record) -> Told | None:
        match = None
        with suppress(Problem):
            match = router.find(answer["method"], answer["path"])
        if match is None or answer["status"] != 200:
            return None
        query = parse_qs(answer.get("query", ""), keep_blank_values=True)
        return Told(match, query, _parsed(answer.get("sent", "")), _parsed(answer.get("answer", "")))

    return read


def _parsed(said: str) -> Any:
    try:
        return json.loads(said)
    except ValueError:
        return said


def _together(known: Record, more: Record) -> Record:
    """What two answers tell of one object. Of texts in a list, each tells some."""
    joined = {
        name: [*there, *(one for one in more[name] if one not in there)]
        for name, there in known.items()
        if isinstance(there, list) and isinstance(more.get(name), list) and all(isinstance(one, str) for one in there)
    }
    return known | more | joined


def _nothing(_told: Told) -> Iterable[Named]:
    return ()


def _tells(kind: Kind, field: Field, row: Record) -> bool:
    if field.name not in row or field.secret or (field.link and field.link in kind.links):
        return False
    repeats = field.write is Write.NEVER and field.type in ("object", "array")
    return not repeats or field.items == "string"


def _known(field: Field, value: Any) -> Any:
    """The part of a value that the table has."""
    if isinstance(value, dict):
        if field.link:
            return {field.link: value.get(field.link)}
        table = field.variants.get(str(value.get(field.by)), ()) if field.variants else field.fields
        by = (text(field.by),) if field.variants else ()
        if not table:
            return value
        return {one.name: _known(one, value[one.name]) for one in (*by, *table) if value.get(one.name) is not None}
    if isinstance(value, list) and (field.fields or field.variants):
        inner = thing(field.name, fields=field.fields, by=field.by, variants=field.variants)
        return [_known(inner, one) for one in value]
    return value


def digits_of(said: Any) -> str:
    """The digits in a text."""
    return re.sub(r"\D", "", str(said))


__all__ = ["Named", "Told", "digits_of", "learned", "tells"]
