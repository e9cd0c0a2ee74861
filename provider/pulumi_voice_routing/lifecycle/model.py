"""A resource type's arguments as one model: read from the class that users see, used by every lifecycle step."""

from __future__ import annotations

import functools
import re
import reprlib
import types
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated, Any, NotRequired, Required, TypeVar, Union, get_args, get_origin

import pulumi
from pulumi.output import Unknown
from pydantic import (
    ConfigDict,
    Discriminator,
    FiniteFloat,
    Tag,
    TypeAdapter,
    ValidationError,
    with_config,
)
from typing_extensions import TypedDict, get_type_hints, is_typeddict

from ..errors import one_line
from ..telephony.hours import hours_meant
from .fields import CreateOnly, Decisive, Immutable, Secret, VendorWord, Wire
from .meaning import DECIDES, Existing, Inside, Meaning, Needs, Owner, Target
from .mistakes import Problem, nearest, told_once

Values = dict[str, Any]
_NAMES_AN_OBJECT = (Existing, Inside, Needs, Owner, Target)


@dataclass(frozen=True)
class Failure:
    """One thing wrong with what was declared: where, and why."""

    path: str
    reason: str


@dataclass(frozen=True)
class FieldFacts:
    """What a type's arguments say of one field."""

    name: str
    required: bool
    wire: str | None
    immutable: bool
    create_only: bool
    secret: bool
    decisive: bool
    hint: Any
    """Its type, without what says whether it is required."""
    vendor_word: bool = False
    meanings: tuple[Meaning, ...] = ()
    """What it means to callers, as the field and the types of its values say it."""

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        """What makes values canonical; built when a value comes, which takes time."""
        return TypeAdapter(_plain(self.hint))

    @cached_property
    def takes_resources(self) -> bool:
        """Whether a program may give a resource of its own in the place of an id."""
        return any(_resources(self.hint))

    @cached_property
    def stands_for(self) -> frozenset[str]:
        """The types of the resources that it names, where it says which they are."""
        named = [getattr(part, "lifecycle").token for part in _resources(self.hint)]  # noqa: B009 - known there only
        for meaning in self.meanings:
            match meaning:
                case Inside(what) if ":" in what:
                    named.append(what)
                case Owner(type=type_) if type_:
                    named.append(type_)
                case Target(to=to) if to:
                    named.append(to)
                case Needs(types):
                    named += types
        return frozenset(named)

    @property
    def names_something(self) -> bool:
        """Whether it holds the id of an object, so that a resource may stand for it."""
        named = self.takes_resources or any(isinstance(one, _NAMES_AN_OBJECT) for one in self.meanings)
        return named or self.name == "id" or self.name.endswith("_id")

    @cached_property
    def decides(self) -> bool:
        """Whether it says who is called; rows do when one of their fields does."""
        if self.decisive or any(isinstance(meaning, DECIDES) for meaning in self.meanings):
            return True
        return self.rows is not None and any(field.decides for field in self.rows.values())

    @cached_property
    def rows(self) -> Model | None:
        """The fields of the rows in it, or of the one object that it is; of all their kinds, when it has several."""
        nested = tuple(_typed_dicts(self.hint))
        return model_of(*nested) if nested else None

    def names_at(self, place: Sequence[int | str]) -> list[str]:
        """The names that a row at this place in the value may have; none where that cannot be told."""
        rows = self.rows
        for step in place:
            if rows is not None and isinstance(step, str) and not step.startswith("<"):
                rows = rows[step].rows if step in rows else None
        return [] if rows is None else list(rows)

    @property
    def is_a_list(self) -> bool:
        """Whether it takes nothing but a list."""
        try:
            self.canonical("")
        except ValidationError as error:
            return {one["type"] for one in error.errors(include_url=False)} == {"list_type"}
        return False

    @property
    def has_keys(self) -> bool:
        """Whether it holds values by keys of the program's choice, and no fields with names."""
        return any(get_origin(one) in _WITH_KEYS for one in _layers(self.hint))

    def canonical(self, value: Any) -> Any:
        """The value in the form in which it is compared and stored. Raises ``ValidationError``."""
        return self.adapter.validate_python(value)

    def as_far_as_known(self, value: Any) -> Any:
        """The same where a part is not known yet: what is known in rows is made canonical, the rest stays."""
        if not unknown(value):
            return self.canonical(value)
        if self.rows is None or _not_known(value):
            return value
        return [self._known_in(row) for row in value] if isinstance(value, list | tuple) else self._known_in(value)

    def _known_in(self, row: Any) -> Any:
        if self.rows is None or not isinstance(row, Mapping):
            return row
        return {
            name: self.rows[name].as_far_as_known(value) if name in self.rows else value for name, value in row.items()
        }


class Model(Mapping[str, FieldFacts]):
    """The fields of one ``<Type>Args``, by name."""

    def __init__(self, *kinds: type) -> None:
        """``kinds`` are one class, or those of rows that are of one kind or another."""
        self._fields = _together([dict(_fields(kind)) for kind in kinds])
        self._meant_by: dict[tuple[type[Meaning], ...], str | None] = {}

    def __getitem__(self, name: str) -> FieldFacts:
        return self._fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def meant_by(self, *kinds: type[Meaning]) -> str | None:
        """The first field that means one of these, the first kind before the others; nothing when none does."""
        if kinds not in self._meant_by:
            found = (name for kind in kinds for name, field in self.items() if _means(field, kind))
            self._meant_by[kinds] = next(found, None)
        return self._meant_by[kinds]

    def all_meant_by(self, kind: type[Meaning]) -> frozenset[str]:
        """The fields that mean this."""
        return frozenset(name for name, field in self.items() if _means(field, kind))

    def validate(self, given: Mapping[str, Any]) -> tuple[Values, list[Failure]]:
        """Canonical values, and every failure at once.

        Values that are not known yet pass through untouched. What they stand in may not have the form of the field
        because of them: that is no failure, but no value either, as nothing can be read from it. Null and absent are
        the same thing, as they are to the engine.
        """
        given = {name: value for name, value in given.items() if value is not None}
        values: Values = {}
        failures: list[Failure] = []
        for name, value in given.items():
            if name not in self:
                near = self.nearest(name)
                hint = f"; did you mean {near}?" if near else ""
                failures.append(Failure("", f"{one_line(name)} is not an argument of this resource{hint}"))
                continue
            try:
                canonical = self[name].canonical(value)
            except ValidationError as error:
                problems = told_once(error.errors(include_url=False, include_context=False), self[name].names_at)
                wrong = [problem for problem in problems if _is_certain(problem)]
                failures += [
                    Failure("" if self[name].secret else _path(name, problem["loc"]), _reason(self[name], problem))
                    for problem in wrong
                ]
                if not wrong and all(_not_known(problem["input"]) for problem in problems):
                    values[name] = self[name].as_far_as_known(value)
            else:
                values[name] = self[name].as_far_as_known(value) if unknown(value) else canonical
        meant = {self.nearest(name) for name in given if name not in self}  # one mistake is told once
        failures += [
            Failure("", f"{name} is missing")
            for name, field in self.items()
            if field.required and name not in given and name not in meant
        ]
        return values, failures

    def nearest(self, name: str) -> str | None:
        """The field that a name which is none is most like."""
        return nearest(name, list(self))


def _means(field: FieldFacts, kind: type[Meaning]) -> bool:
    return any(isinstance(one, kind) for one in field.meanings)


@functools.cache
def model_of(*kinds: type) -> Model:
    """The model of an arguments class, built once."""
    return Model(*kinds)


def unknown(value: Any) -> bool:
    """Whether the value, or anything in it, is not known yet."""
    if _not_known(value):
        return True
    if isinstance(value, Mapping):
        return any(unknown(item) for item in value.values())
    return isinstance(value, list | tuple) and any(unknown(item) for item in value)


def _not_known(value: Any) -> bool:
    return isinstance(value, Unknown | pulumi.Output)


def _is_certain(problem: Problem) -> bool:
    """Whether it is one whatever is not known yet; that may have any form in the end, but not another name."""
    if problem["type"] in _OF_NAMES and not any(isinstance(step, str) and "[" in step for step in problem["loc"]):
        return True
    return not (_not_known(problem["input"]) if problem["type"] == "list_type" else unknown(problem["input"]))


_OF_NAMES = ("missing", "extra_forbidden")


# pulumi.Input names Output as text, which has to be looked up where the hints are read.
_NAMES = {"Output": pulumi.Output, "T": TypeVar("T")}


def _hints(args: type) -> dict[str, Any]:
    return get_type_hints(args, localns=_NAMES, include_extras=True)


def _fields(args: type) -> Iterator[tuple[str, FieldFacts]]:
    for name, hint in _hints(args).items():
        required = _is_required(args, hint)
        hint = _without_requiredness(hint)
        markers = list(getattr(hint, "__metadata__", ()))
        wire = next((mark.name for mark in markers if isinstance(mark, Wire)), None)

        def marked(kind: type, markers: list[Any] = markers) -> bool:
            return any(isinstance(mark, kind) for mark in markers)

        yield (
            name,
            FieldFacts(
                name=name,
                required=required,
                wire=wire,
                immutable=marked(Immutable),
                create_only=marked(CreateOnly),
                secret=marked(Secret),
                decisive=marked(Decisive),
                hint=hint,
                vendor_word=any(isinstance(mark, VendorWord) for mark in _metadata(hint)),
                meanings=tuple(mark for mark in _metadata(hint) if isinstance(mark, Meaning)),
            ),
        )


def _together(kinds: list[dict[str, FieldFacts]]) -> dict[str, FieldFacts]:
    """The fields of rows of several kinds; a field is required that all of them require."""
    fields: dict[str, FieldFacts] = {}
    for name, field in ((name, field) for kind in kinds for name, field in kind.items()):
        others = [kind[name] for kind in kinds if name in kind]
        required = len(others) == len(kinds) and all(one.required for one in others)
        hint = field.hint if len(others) == 1 else Union[tuple(one.hint for one in others)]  # noqa: UP007
        fields.setdefault(name, field if len(kinds) == 1 else replace(field, required=required, hint=hint))
    return fields


def _metadata(hint: Any) -> Iterator[Any]:
    """All that is said in ``Annotated``, by the field and by the types of its values, outermost first."""
    if get_origin(hint) is Annotated:
        yield from hint.__metadata__
    for part in _parts(hint):
        yield from _metadata(part)


def _resources(hint: Any) -> Iterator[type[pulumi.Resource]]:
    """The resources that may be given as themselves."""
    for part in get_args(hint)[:1] if get_origin(hint) is Annotated else get_args(hint):
        if isinstance(part, type) and issubclass(part, pulumi.Resource):
            yield part
        yield from _resources(part)


def _typed_dicts(hint: Any) -> Iterator[Any]:
    if is_typeddict(hint):
        yield hint
    for part in _parts(hint):
        yield from _typed_dicts(part)


_WITH_KEYS: tuple[Any, ...] = (dict, Mapping)


def _layers(hint: Any) -> Iterator[Any]:
    """A type, and what it is once its markers and its alternatives are taken off."""
    yield hint
    if get_origin(hint) in (Annotated, Union, types.UnionType):
        for part in _parts(hint):
            yield from _layers(part)


def _parts(hint: Any) -> list[Any]:
    """The types that a type is made of; those of rows are no parts of the field that holds them."""
    inner = get_args(hint)[:1] if get_origin(hint) is Annotated else get_args(hint)
    return [part for part in inner if not _arrives_later(part)]


def _is_required(args: Any, hint: Any) -> bool:
    # Not __required_keys__: where annotations are text, that cannot see what they say.
    return get_origin(hint) is Required or (args.__total__ and get_origin(hint) is not NotRequired)


def _without_requiredness(hint: Any) -> Any:
    return get_args(hint)[0] if get_origin(hint) in (Required, NotRequired) else hint


def _plain(hint: Any) -> Any:
    """The type without Pulumi's wrappers: ``Input[T]`` is ``T`` by the time a provider sees it."""
    hint = _without_requiredness(hint)
    if is_typeddict(hint):
        return _plain_typed_dict(hint)
    if hint is float:
        return FiniteFloat  # JSON has no others
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return Annotated[(_plain(inner[0]), *inner[1:])]
    if origin in (Union, types.UnionType):
        kept = [part for part in inner if not _arrives_later(part)]
        if len(kept) > 1 and all(is_typeddict(part) for part in kept):
            return _one_of_kinds(kept)
        return Union[tuple(_plain(part) for part in kept)]  # noqa: UP007  # as many as there are
    if origin is not None and inner and origin is not type:
        base: Any = {list: list, dict: dict}.get(origin)
        if base is None:
            base = list if origin.__module__ == "collections.abc" and origin.__name__ == "Sequence" else None
        if base is not None:
            return base[tuple(_plain(part) for part in inner)]
    return hint


KIND = "type"
"""The field that tells which kind a row is of, where there are several."""


def _one_of_kinds(kinds: list[Any]) -> Any:
    """Rows of one kind or another, so that what is wrong with one is said of its own kind alone.

    Tags stand in brackets: then they are no steps of a path.
    """
    words = {kind: get_args(_plain(_without_markers(_hints(kind)[KIND]))) for kind in kinds}
    tags = {word: f"<{at}>" for at, kind in enumerate(kinds) for word in words[kind]}

    def tag(row: Any) -> str | None:
        word = row.get(KIND) if isinstance(row, Mapping) else None
        return tags.get(word) if isinstance(word, str) else None

    tagged = [Annotated[_plain(kind), Tag(f"<{at}>")] for at, kind in enumerate(kinds)]
    said = f"{KIND} must be one of {', '.join(tags)}"
    form = Discriminator(tag, custom_error_type="kind", custom_error_message=said)
    return Annotated[Union[tuple(tagged)], form]  # noqa: UP007  # as many as there are


def _without_markers(hint: Any) -> Any:
    hint = _without_requiredness(hint)
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


def _arrives_later(hint: Any) -> bool:
    origin = get_origin(hint)
    if origin is Annotated:
        return _arrives_later(get_args(hint)[0])
    if isinstance(origin, type) and issubclass(origin, pulumi.Output | Awaitable):
        return True
    return isinstance(hint, type) and issubclass(hint, pulumi.Resource | pulumi.Asset)


@functools.cache
def _plain_typed_dict(hint: Any) -> Any:
    fields = {
        name: Required[_plain(item)] if _is_required(hint, item) else NotRequired[_plain(item)]
        for name, item in _hints(hint).items()
    }
    return with_config(ConfigDict(extra="forbid"))(TypedDict(hint.__name__, fields))  # type: ignore[operator]


def _path(name: str, loc: tuple[int | str, ...]) -> str:
    # pydantic names the branches of unions in the location; only keys and positions mean something to users.
    steps = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in loc if _is_key(step)]
    return name + "".join(steps)


def _is_key(step: int | str) -> bool:
    return isinstance(step, int) or step.isidentifier()


_PREFIXES = ("Value error, ", "Assertion failed, ")


def _reason(field: FieldFacts, problem: Any) -> str:
    message = one_line(problem["msg"])
    for prefix in _PREFIXES:
        message = message.removeprefix(prefix)
    if field.secret:
        return f"{field.name}: {message}"
    value = problem["input"]
    message += _instead(problem["type"], message, value)
    said = message[0].lower() + message[1:] if not message[:2].isupper() else message
    if _not_known(value) or isinstance(value, dict | list) or repr(value) in said:
        return said
    return f"{reprlib.repr(value)} will not do: {said}"


def _instead(kind: str, message: str, value: Any) -> str:
    """What may be meant by a value of another form; empty when nothing can be told."""
    if not isinstance(value, str):
        return ""
    if kind == "literal_error":
        import difflib

        words = {word.lower(): word for word in re.findall(r"'([^']*)'", message)}
        near = difflib.get_close_matches(value.strip().lower(), list(words), n=1, cutoff=0.5)
        return f"; did you mean {words[near[0]]!r}?" if near else ""
    row = hours_meant(value) if kind in ("dict_type", "list_type") else ""
    return f"; write {f'[{row}]' if kind == 'list_type' else row}" if row else ""


def spelled_alike(shown: Any, value: Any) -> bool:
    """Whether a vendor shows a value in a spelling of its own: other capitals and spaces, more fields in its rows."""
    if isinstance(shown, str) and isinstance(value, str):
        return "".join(shown.split()).casefold() == "".join(value.split()).casefold()
    if isinstance(shown, Mapping) and isinstance(value, Mapping):
        return value.keys() <= shown.keys() and all(spelled_alike(shown[name], value[name]) for name in value)
    if isinstance(shown, list) and isinstance(value, list):
        return len(shown) == len(value) and all(map(spelled_alike, shown, value))
    return bool(shown == value)
