"""What the engine writes about a preview, in its two forms, cut down to what is needed to judge it.

``pulumi preview --json`` prints one document; with ``PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true``, and in the file of
``--event-log``, each event is a line. What is large and of no use, such as stack traces, is dropped step by step.
"""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import DeclarationError, one_line
from ..permission.wording import TO_ALLOW
from ..text_files import UnreadableText, read_whole, text_of
from .diagnostics import LAST_WORDS, STYLE, reason
from .facts import require_types, token_of

LARGEST_FILE_BYTES = 1 << 29
"""What is larger is no preview."""

_SPACE = re.compile(r"[ \t\n\r]*")
_EVENT = re.compile(rb'\s*\{\s*"sequence"\s*:')
_TEXTS = ("urn", "type", "id")
_OBJECTS = ("inputs", "outputs", "propertyDependencies")
_FLAGS = ("protect", "retainOnDelete", "external")
_BOTH = frozenset({"same", "update", "replace"})
_OLD = _BOTH | {"delete", "delete-replaced", "refresh", "discard", "discard-replaced", "remove-pending-replace"}
"""The steps that tell what was there before."""
_NEW = _BOTH | {"create", "create-replacement", "read", "read-replacement", "import", "import-replacement"}
"""The steps that tell what is declared."""
_COUNTED = ("create", "update", "delete", "replace")
"""The steps that the engine counts one by one."""
_SHOWN = ("import", "create-replacement", "import-replacement", "delete-replaced")
"""Others that it shows when it counts them."""
HOW = "make it with `pulumi preview --json --show-sames`"


class PlanError(DeclarationError):
    """A file that is no preview, or not all of it; the message says what to do."""


@dataclass(frozen=True)
class Entry:
    """What the engine says of one step for one resource."""

    op: str
    urn: str
    old: Mapping[str, Any] | None = None
    new: Mapping[str, Any] | None = None
    source: str = ""
    """Where in the project the program declares it, such as ``__main__.py#12``."""
    replaced: bool = False
    """Whether it is for an object in whose place another one is already. Only some forms of a preview show that."""

    @property
    def types(self) -> set[str]:
        """That in the URN and those of the states."""
        states = [state["type"] for state in (self.old, self.new) if state]
        return {self.urn.split("::")[2].rpartition("$")[2], *states}

    @property
    def ours(self) -> bool:
        """Whether it is for a resource of this package, as far as anything in it says so."""
        return any(map(token_of, self.types))


@dataclass(frozen=True)
class PolicyViolation:
    """What a policy of a pack said."""

    pack: str
    policy: str
    level: str
    """``mandatory`` or ``advisory``."""
    message: str
    urn: str


@dataclass
class Preview:
    """A preview as it was written down."""

    entries: list[Entry] = field(default_factory=list)
    unchanged: int = 0
    """How many resources stay as they are, whether they are shown or not."""
    errors: list[str] = field(default_factory=list)
    """Why it failed, one line each."""
    stopped: bool = False
    """Whether it failed and gives no reason, which is how a policy stops it."""
    policies: list[PolicyViolation] = field(default_factory=list)
    """What policies said; the one document does not tell."""
    streamed: bool = False
    """Whether it is a log of events, which do not say of which resources a property is made."""


def read_preview(path: Path) -> Preview:
    """The preview in a file of either form. Raises :class:`PlanError`."""
    try:
        text = _in_utf8(_text(path))
        return _streamed(text) if _EVENT.match(text[:200]) else _document(text.decode())
    except OSError as error:
        raise PlanError(f"plan: {path} cannot be read: {error.strerror or error}") from None
    except (UnicodeError, UnreadableText, json.JSONDecodeError) as error:
        raise PlanError(f"plan: {path} is not JSON, or not all of it ({one_line(str(error))}); {HOW}") from None
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError, RecursionError) as error:
        why = one_line(f"{type(error).__name__}: {error}")[:200]
        raise PlanError(f"plan: {path} is not what the engine writes ({why}); {HOW}") from None


def _text(path: Path) -> bytes:
    """All of the file, read once: it may be a pipe, or have no end."""
    try:
        return read_whole(path, LARGEST_FILE_BYTES)
    except ValueError as error:
        raise PlanError(f"plan: {path} is no preview, because {error}; {HOW}") from None


def _in_utf8(text: bytes) -> bytes:
    """Without a byte order mark, and in UTF-8 where the shell wrote UTF-16. Raises :class:`UnreadableText`."""
    return text if text[:1] == b"{" and text[1:2] != b"\0" else text_of(text).encode()


# One document


def _once(members: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """An object of which each name is there once: of two values, neither is to win in silence."""
    found = dict(members)
    if len(found) < len(members):
        names = [name for name, _ in members]
        raise ValueError(f"it has {next(name for name in names if names.count(name) > 1)} twice")
    return found


def _no_number(said: str) -> Any:
    raise ValueError(f"{said} is no number of JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_number)
"""The engine writes no name twice, and no NaN."""


class _Reader:
    """JSON value after value, so that a large document is never there as a whole in parsed form."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._place = 0
        self._decoder = _DECODER

    def members(self) -> Iterator[str]:
        """The names in an object; after each one its value has to be read."""
        for _ in self._parts("{", "}"):
            name = self.value()
            self._take(":")
            yield str(name)

    def items(self) -> Iterator[Any]:
        """The items of an array; ``null`` has none."""
        if self._peek() == "n":
            self.value()
            return
        for _ in self._parts("[", "]"):
            yield self.value()

    def value(self) -> Any:
        """The next value, whatever it is."""
        self._peek()
        value, self._place = self._decoder.raw_decode(self._text, self._place)
        return value

    def end(self) -> None:
        """There is nothing more. Raises when there is."""
        if self._peek():
            raise json.JSONDecodeError("something follows", self._text, self._place)

    def _parts(self, begin: str, end: str) -> Iterator[None]:
        self._take(begin)
        while self._peek() != end:
            yield
            if self._peek() != end:
                self._take(",")
        self._take(end)

    def _peek(self) -> str:
        space = _SPACE.match(self._text, self._place)
        self._place = space.end() if space else self._place
        return self._text[self._place : self._place + 1]

    def _take(self, mark: str) -> None:
        if self._peek() != mark:
            raise json.JSONDecodeError(f"{mark!r} is missing", self._text, self._place)
        self._place += 1


def _document(text: str) -> Preview:
    preview, named, counted = Preview(), set(), {}
    reader = _Reader(text)
    for name in reader.members():
        if name in named:
            raise ValueError(f"it has {name} twice")
        named.add(name)
        if name == "steps":
            preview.entries = [_step(item) for item in reader.items()]
        elif name == "changeSummary":
            counted = _counts(reader.value() or {})
            preview.unchanged = counted.get("same", 0)
        elif name == "diagnostics":
            _note_errors(preview, reader.items())
        else:
            reader.value()
    reader.end()
    if not named & {"steps", "changeSummary"}:
        raise ValueError("it has no steps")
    if "changeSummary" in named and not preview.errors and not preview.stopped:
        _require_all_steps(preview, counted)
    return preview


def _counts(given: Mapping[str, Any]) -> dict[str, int]:
    for op, count in given.items():
        if op not in _OLD | _NEW:
            raise ValueError(f"it counts steps of {op!r}, which the engine does not know")
        if type(count) is not int or count < 0:
            raise ValueError(f"it counts {count!r} steps of {op}")
    return dict(given)


def _require_all_steps(preview: Preview, counted: Mapping[str, int]) -> None:
    """Raises when the steps are not those that the engine has counted: what is not there cannot be judged."""
    shown = Counter(entry.op for entry in preview.entries)
    for op in (*_COUNTED, *(op for op in _SHOWN if counted.get(op))):
        if shown[op] != counted.get(op, 0):
            raise ValueError(f"it counts {counted.get(op, 0)} steps of {op} and shows {shown[op]}")
    if shown["same"] > preview.unchanged:  # it may show fewer
        raise ValueError(f"it counts {preview.unchanged} steps of same and shows {shown['same']}")


def _step(item: Mapping[str, Any]) -> Entry:
    old, new = item.get("oldState"), item.get("newState")
    return _entry(item, old, new, _source(new))


def _entry(step: Mapping[str, Any], old: Any, new: Any, source: str = "") -> Entry:
    if not (isinstance(step["op"], str) and isinstance(step["urn"], str) and step["urn"].count("::") >= 3):
        raise ValueError("a step without operation or URN")
    # In a replacement the engine marks the old state in all steps, and only the last one is of nothing but that.
    replaced = step["op"] in ("refresh", "delete-replaced", "discard-replaced") and bool((old or {}).get("delete"))
    entry = Entry(step["op"], step["urn"], checked_state(old), checked_state(new), source, replaced)
    if entry.ours:
        _require_states(entry)
    return entry


def _require_states(entry: Entry) -> None:
    """Raises when the step does not say what it must: what is not there would look as if nobody had ever had it."""
    if entry.op not in _OLD | _NEW:
        raise ValueError(f"a step with the operation {entry.op!r}")
    if not all(map(token_of, entry.types)) or (entry.new and entry.new["urn"] != entry.urn):
        raise ValueError("a step for one resource with the state of another")
    # The engine gives every resource of this package at least its provider as an input and as an output.
    if entry.op in _OLD and not (entry.old and (entry.old["outputs"] is not None or entry.old.get("external"))):
        raise ValueError(f"the step {entry.op} without the old state")
    if entry.op in _NEW and not (entry.new and (entry.new["inputs"] is not None or entry.op.startswith("read"))):
        raise ValueError(f"the step {entry.op} without the new state")


def checked_state(state: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What is needed of a resource's state, in the types that it must have. Raises when it has others."""
    if not state:
        return None
    require_types(state)
    kept = {name: state[name] for name in (*_TEXTS, *_FLAGS) if state.get(name) is not None}
    for name in _OBJECTS:
        value = state.get(name)
        kept[name] = {key: one for key, one in value.items() if key != "__provider"} if value else None
    return kept


def _source(state: Mapping[str, Any] | None) -> str:
    """The innermost place in the project: what comes before it is this package, what comes after it Python."""
    for frame in (state or {}).get("stackTrace") or []:
        scheme, _, place = frame["sourcePosition"].partition(":///")
        if scheme == "project" and not place.startswith(("..", "/")) and "site-packages/" not in place:
            return str(place)
    return ""


# Events


def _streamed(text: bytes) -> Preview:
    preview, result = Preview(streamed=True), ""
    lines = io.TextIOWrapper(io.BytesIO(text), encoding="utf-8", newline="\n")
    for event in map(_DECODER.decode, filter(str.strip, lines)):
        if result and "cancelEvent" not in event:
            raise ValueError("it goes on after the end of the preview")
        if "resourcePreEvent" in event:
            step = event["resourcePreEvent"]
            if not step.get("planning"):
                raise ValueError("the events of an update, not of a preview")
            preview.entries.append(_entry(step["metadata"], step["metadata"].get("old"), step["metadata"].get("new")))
        elif "policyEvent" in event:
            preview.policies.append(_said_by_policy(event["policyEvent"]))
        elif "diagnosticEvent" in event:
            _note_errors(preview, [event["diagnosticEvent"]])
        elif "summaryEvent" in event:
            result = event["summaryEvent"].get("result") or "succeeded"
    if not result:
        raise ValueError("the events end before the preview did")
    if result != "succeeded" and not preview.errors:
        preview.stopped = True
    return preview


def _said_by_policy(event: Mapping[str, Any]) -> PolicyViolation:
    title, _, message = STYLE.sub("", event["message"]).strip().partition("\n")
    return PolicyViolation(
        pack=str(event.get("policyPackName") or ""),
        policy=str(event["policyName"]),
        level=str(event.get("enforcementLevel") or "mandatory"),
        message=one_line(message.partition(f"\n{TO_ALLOW}")[0]) or one_line(title),  # the gate has entries of its own
        urn=str(event.get("resourceUrn") or ""),
    )


def _note_errors(preview: Preview, diagnostics: Iterable[Mapping[str, Any]]) -> None:
    """What was an error."""
    for said in diagnostics:
        if said.get("severity") != "error":
            continue
        line = reason(said["message"])
        if line in LAST_WORDS:
            preview.stopped = True
        else:
            preview.errors.append(line)
