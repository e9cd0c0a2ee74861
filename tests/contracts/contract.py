"""Recorded traffic against the vendors' OpenAPI contracts.

A journal entry is one exchange as the emulator recorded it. `Contract.problems` says what in it the vendor's contract
does not allow. Four rules shape the verdict:

- Objects are closed, in requests and in answers: a property that the contract does not name is a problem, unless the
  contract leaves the whole object open. A misspelt field would otherwise pass for ever.
- A request is judged only when the vendor took it (status below 400). Wrong requests are how tests show that the
  emulator refuses them; the refusal itself is judged like any answer.
- Answers that an injected fault forged are nobody's contract.
- Masked secrets (`***`) have lost their value, so nothing about them is judged.

Where the vendors' own sources disagree, the project does not always follow the contract. Each such point is one line of
`differences.EXCEPTIONS`, and `Contract.unused` names the lines that no entry has needed.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend
from openapi_schema_validator import OAS30Validator, OAS31Validator, oas30_format_checker, oas31_format_checker

from tests.contracts.differences import EXCEPTIONS, KnownDifference

CONTRACTS_VARIABLE = "VOICE_ROUTING_CONTRACTS"
FILES = {
    "ringcx": ("ringcx.openapi.json",),
    "ringex": ("ringcentral.openapi.json", "ringex-call-handling.openapi.json"),
    "portsip": ("portsip.openapi.json", "portsip-inbound.openapi.json"),
}
"""The documents of each vendor's contract. Where two have the same call, the first is followed."""
MASKED = "***"
FORGING_FAULTS = {"status", "html"}
"""Faults that answer with whatever the test asked for."""
JSON = "application/json"

Json = dict[str, Any]

_ANYTHING: Json = {}


@dataclass(frozen=True)
class Problem:
    """One thing in an exchange that the contract does not allow."""

    call: str
    """Method and path; the path is the contract's template where it has one."""
    where: str
    """The place: `path`, `query.page`, `request.rank`, `response[].id`, `status 409`, `body of 404`."""
    rule: str
    """What is broken: a JSON Schema keyword, or `unknown`, `null`, `missing`, `undeclared`, `media type`."""
    text: str
    """The problem in words, without the value's place."""
    value: Any = field(compare=False, repr=False, default=None)
    """The value at fault; the whole body when the answer as such is not declared."""


@dataclass(frozen=True)
class _Operation:
    method: str
    template: str
    pattern: re.Pattern[str]
    definition: Json

    @property
    def call(self) -> str:
        return f"{self.method} {self.template}"

    @property
    def literal_first(self) -> list[bool]:
        """Sort key: at the first segment where two templates differ in kind, the literal one wins."""
        return [segment.startswith("{") for segment in self.template.split("/")]

    def body(self, status: str) -> Json | None:
        """The declared content of an answer by media type; empty: declared without a body; None: not declared."""
        responses = self.definition["responses"]
        answer = responses.get(status) or responses.get(f"{status[0]}XX") or responses.get("default")
        return None if answer is None else answer.get("content", {})


class Contract:
    """One vendor's contract: an OpenAPI 3.0 or 3.1 document with local references only."""

    def __init__(self, document: Json, differences: Iterable[KnownDifference] = ()) -> None:
        self._document = document = _closed(_flat(document, document))
        newer = document["openapi"].startswith("3.1")
        dialect, formats = (OAS31Validator, oas31_format_checker) if newer else (OAS30Validator, oas30_format_checker)
        self._validator = extend(dialect, {"$ref": _once(dialect.VALIDATORS["$ref"])})(document, format_checker=formats)
        self._validators: dict[int, Any] = {}
        self._differences = tuple(differences)
        self._used: set[KnownDifference] = set()
        base = _base_path(document)
        self._operations = sorted(
            (
                _Operation(method.upper(), base + path, _path_pattern(base + path), definition)
                for path, methods in document["paths"].items()
                for method, definition in methods.items()
            ),
            key=lambda operation: operation.literal_first,
        )

    @property
    def unused(self) -> list[KnownDifference]:
        """The known differences that no entry has needed so far."""
        return [difference for difference in self._differences if difference not in self._used]

    def knows(self, method: str, path: str) -> bool:
        """Whether the contract has an operation for this method and path (without query)."""
        return self._find(method, path)[0] is not None

    def answered(self, method: str, path: str) -> dict[str, Json]:
        """The properties of what a call answers with, of each object where it answers with a list or with a page."""
        operation, _ = self._find(method, path)
        told = [status for status in ("200", "201") if operation and status in operation.definition["responses"]]
        body = next(filter(None, map(operation.body, told)), None) if operation else None
        schema = self.resolved((body or {}).get(JSON, {}).get("schema", {}))
        for name in ("records", "items"):
            inner = schema.get("properties", {}).get(name)
            schema = self.resolved(inner) if inner is not None and "id" not in schema["properties"] else schema
        found: dict[str, Json] = self.resolved(schema.get("items", schema)).get("properties", {})
        return found

    def resolved(self, schema: Json) -> Json:
        """What a schema refers to, or the schema itself."""
        return _resolved(schema, self._document)

    def problems(self, entry: Mapping[str, Any]) -> list[Problem]:
        """What the contract does not allow in one journal entry, each told once, known differences left out."""
        operation, parameters = self._find(entry["method"], entry["path"])
        if operation is None:
            return [] if _refused(entry) else list(self._excuse(self._unknown_call(entry), None))
        found = [] if _refused(entry) else [*self._request_problems(operation, parameters, entry)]
        found += self._answer_problems(operation, entry)
        return list(dict.fromkeys(problem for each in found for problem in self._excuse(each, operation)))

    def _find(self, method: str, path: str) -> tuple[_Operation | None, dict[str, str]]:
        """The operation and its path parameters. A literal path hides a template, whatever their methods are."""
        hit = next((operation for operation in self._operations if operation.pattern.fullmatch(path)), None)
        if hit is None:
            return None, {}
        for operation in self._operations:
            if operation.template == hit.template and operation.method == method:
                match = operation.pattern.fullmatch(path)
                assert match is not None
                return operation, {name: unquote(value) for name, value in match.groupdict().items()}
        return None, {}

    def _unknown_call(self, entry: Mapping[str, Any]) -> Problem:
        known_path = any(operation.pattern.fullmatch(entry["path"]) for operation in self._operations)
        text = "the contract has no such method here" if known_path else "the contract has no such path"
        return Problem(f"{entry['method']} {entry['path']}", "method" if known_path else "path", "unknown", text)

    def _request_problems(
        self, operation: _Operation, in_path: dict[str, str], entry: Mapping[str, Any]
    ) -> Iterator[Problem]:
        query = entry.get("query") or {}
        declared = {(each["in"], each["name"]): each for each in operation.definition.get("parameters", ())}
        for position, given in (("path", in_path), ("query", query)):
            yield from self._parameter_problems(operation, declared, position, given)
        body, media_type = entry.get("request"), _media_type(entry.get("content_type"))
        expected = operation.definition.get("requestBody", {})
        content = expected.get("content", {})
        if body is None and not media_type:
            if expected.get("required"):
                yield Problem(operation.call, "request", "missing", "the body is required")
        elif not content:
            yield Problem(operation.call, "request", "undeclared", "the contract declares no body", body)
        elif media_type not in content:
            yield Problem(
                operation.call, "request", "media type", f"{media_type or 'no type'}, not {', '.join(content)}"
            )
        elif media_type == JSON:
            yield from self._value_problems(operation.call, content[JSON].get("schema", _ANYTHING), body, "request")

    def _parameter_problems(
        self, operation: _Operation, declared: Mapping[tuple[str, str], Json], position: str, given: Mapping[str, Any]
    ) -> Iterator[Problem]:
        for name, raw in given.items():
            where = f"{position}.{name}"
            if (position, name) not in declared:
                yield Problem(operation.call, where, "unknown", "the contract has no such parameter", raw)
                continue
            schema = declared[position, name]["schema"]
            yield from self._value_problems(operation.call, schema, _typed(raw, schema), where)
        for (place, name), parameter in declared.items():
            if place == position and parameter.get("required") and name not in given:
                yield Problem(operation.call, f"{position}.{name}", "missing", "the parameter is required")

    def _answer_problems(self, operation: _Operation, entry: Mapping[str, Any]) -> Iterator[Problem]:
        status, body = entry["status"], entry.get("response")
        if status is None or entry.get("fault") in FORGING_FAULTS:  # None: cut off before it was looked at
            return
        content = operation.body(str(status))
        if content is None:
            yield Problem(operation.call, f"status {status}", "undeclared", "the contract has no such status", body)
        elif not content:
            if body not in (None, ""):
                yield Problem(operation.call, f"body of {status}", "undeclared", "the contract has no body here", body)
        elif body is None:
            yield Problem(operation.call, f"body of {status}", "missing", "the contract has a body here")
        else:
            yield from self._value_problems(operation.call, content[JSON].get("schema", _ANYTHING), body, "response")

    def _value_problems(self, call: str, schema: Json, value: Any, where: str) -> Iterator[Problem]:
        for error in self._validator_of(schema).iter_errors(value):
            if error.instance != MASKED:
                yield from _described(call, where, error)

    def _validator_of(self, schema: Json) -> Any:
        """The validator of one schema object; it keeps the schema alive, so that the identity stays its own."""
        if id(schema) not in self._validators:
            self._validators[id(schema)] = self._validator.evolve(schema=schema)
        return self._validators[id(schema)]

    def _excuse(self, problem: Problem, operation: _Operation | None) -> Iterator[Problem]:
        """The problem itself, or, when a known difference excuses it, what is wrong by that difference."""
        difference = next((each for each in self._differences if _applies(each, problem)), None)
        if difference is None:
            yield problem
            return
        self._used.add(difference)
        schema = difference.instead
        if operation is not None and difference.as_status:
            schema = (operation.body(difference.as_status) or {}).get(JSON, {}).get("schema")
        if schema is None or problem.value is None:
            return
        where = "response" if problem.where.startswith(("status", "body of")) else problem.where
        for again in self._value_problems(problem.call, schema, problem.value, where):
            yield from self._excuse(again, operation)


def _once(refer: Any) -> Any:
    """The rule that follows references, which looks at the same value once: tests send and get much that is alike."""
    good: set[tuple[str, str]] = set()

    def follow(validator: Any, reference: str, value: Any, schema: Json) -> Iterator[ValidationError]:
        key = (reference, json.dumps(value, sort_keys=True)) if isinstance(value, dict | list) else None
        if key is not None and key in good:
            return
        wrong = list(refer(validator, reference, value, schema))
        if key is not None and not wrong:
            good.add(key)
        yield from wrong

    return follow


def load_contracts() -> dict[str, Contract] | None:
    """The contracts by vendor from the folder that `VOICE_ROUTING_CONTRACTS` names; None when it names none."""
    folder = os.environ.get(CONTRACTS_VARIABLE)
    if not folder:
        return None
    return {
        vendor: Contract(
            joined([json.loads((Path(folder) / file).read_text(encoding="utf-8")) for file in files]),
            [difference for difference in EXCEPTIONS if difference.vendor == vendor],
        )
        for vendor, files in FILES.items()
    }


def joined(documents: list[Json]) -> Json:
    """Several documents as one: components that two have under one name are kept apart, parameters are written out."""
    whole = {
        **documents[0],
        "paths": {},
        "components": {kind: {} for one in documents for kind in one.get("components", {})},
    }
    for number, document in enumerate(documents):
        own = document if number == 0 else _renamed(document, f"{number}.")
        for kind, named in own.get("components", {}).items():
            whole["components"][kind].update(named)
        for path, methods in own["paths"].items():
            written = {method: _written_out(one, own) for method, one in methods.items()}
            whole["paths"][path] = written | whole["paths"].get(path, {})
    return whole


def _renamed(node: Any, prefix: str) -> Any:
    """A copy of a document whose components, and the references to them, begin with `prefix`."""
    if isinstance(node, list):
        return [_renamed(item, prefix) for item in node]
    if not isinstance(node, dict):
        return node
    copy = {name: _renamed(value, prefix) for name, value in node.items()}
    if isinstance(copy.get("$ref"), str):
        copy["$ref"] = re.sub(r"([^/]+)$", rf"{prefix}\1", copy["$ref"])
    if isinstance(copy.get("components"), dict) and "paths" in copy:
        for kind, named in copy["components"].items():
            copy["components"][kind] = {f"{prefix}{name}": value for name, value in named.items()}
    return copy


def _written_out(operation: Json, document: Json) -> Json:
    """The operation with the parameters that it refers to."""
    parameters = [
        document["components"]["parameters"][each["$ref"].rsplit("/", 1)[1]] if "$ref" in each else each
        for each in operation.get("parameters", ())
    ]
    return operation | {"parameters": parameters}


def _refused(entry: Mapping[str, Any]) -> bool:
    return entry["status"] is not None and entry["status"] >= 400


def _applies(difference: KnownDifference, problem: Problem) -> bool:
    return (
        difference.rule == problem.rule
        and re.search(difference.call, problem.call) is not None
        and re.fullmatch(difference.where, problem.where) is not None
    )


def _flat(node: Any, document: Json) -> Any:
    """A copy in which an object that is put together from others is one object, so that it can be closed as a whole.

    Discriminators go: closed objects whose types differ are told apart without them.
    """
    if isinstance(node, list):
        return [_flat(item, document) for item in node]
    if not isinstance(node, dict):
        return node
    copy = {key: _flat(value, document) for key, value in node.items() if not _is_discriminator(key, value)}
    parts = [_resolved(part, document) for part in copy.get("allOf", ())]
    if not parts or not all("properties" in part for part in parts):
        return copy
    whole: Json = {"type": "object", "properties": {}, "required": [*copy.get("required", ())]}
    for part in parts:
        whole["required"] += part.get("required", ())
        for name, schema in part["properties"].items():
            known = whole["properties"].get(name)
            whole["properties"][name] = schema if known is None else {"allOf": [known, schema]}
    return whole if whole["required"] else {key: value for key, value in whole.items() if key != "required"}


def _is_discriminator(key: str, value: Any) -> bool:
    return key == "discriminator" and isinstance(value, dict) and "propertyName" in value


def _resolved(node: Json, document: Json) -> Json:
    if "$ref" not in node:
        return node
    target: Any = document
    for step in node["$ref"].removeprefix("#/").split("/"):
        target = target[step]
    resolved: Json = _flat(target, document)
    return resolved


def _closed(node: Any) -> Any:
    """A copy in which every object schema that names properties allows no others, unless it says so itself."""
    if isinstance(node, list):
        return [_closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    copy = {key: _closed(value) for key, value in node.items()}
    if copy.get("type") == "object" and "properties" in copy:
        copy.setdefault("additionalProperties", False)
    return copy


def _base_path(document: Json) -> str:
    """The path of the first server: what stands between the host and the paths of the contract."""
    return re.sub(r"^[^/]*//[^/]*", "", document["servers"][0]["url"]) if document.get("servers") else ""


def _path_pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", template)
    return re.compile("".join(f"(?P<{part}>[^/]+)" if i % 2 else re.escape(part) for i, part in enumerate(parts)))


def _typed(raw: Any, schema: Json) -> Any:
    """A path or query value in its schema's type; left alone, for the type check to find, if it does not read so."""
    kind = schema.get("type")
    if kind == "array":
        return [_typed(item, schema.get("items", {})) for item in (raw if isinstance(raw, list) else [raw])]
    if kind == "integer" and isinstance(raw, str) and re.fullmatch(r"-?\d+", raw):
        return int(raw)
    if kind == "boolean" and raw in ("true", "false"):
        return raw == "true"
    return raw


def _media_type(header: str | None) -> str:
    return (header or "").split(";")[0].strip().lower()


def _described(call: str, where: str, error: ValidationError) -> Iterator[Problem]:
    """One schema error as problems: an error about several unknown properties becomes one problem for each."""
    place = where + "".join("[]" if isinstance(step, int) else f".{step}" for step in error.absolute_path)
    value: Any = error.instance
    match error.validator:
        case "additionalProperties":
            for name in sorted(value.keys() - error.schema["properties"].keys()):
                yield Problem(call, f"{place}.{name}", "unknown", "the contract has no such property", value[name])
        case "required":
            missing = next(name for name in error.validator_value if error.message.startswith(repr(name)))
            yield Problem(call, f"{place}.{missing}", "missing", "the property is required")
        case "type" | "enum" if value is None:
            yield Problem(call, place, "null", "null, which the contract does not allow")
        case "type":
            yield Problem(call, place, "type", f"{_kind(value)}, not {error.validator_value}", value)
        case "enum":
            allowed = ", ".join(map(str, error.validator_value))
            yield Problem(call, place, "enum", f"{_short(value)}, not one of {allowed}", value)
        case rule:
            text = f"{_short(value)} breaks {rule} {_short(error.validator_value)}"
            yield Problem(call, place, str(rule), text, value)


def _kind(value: Any) -> str:
    kinds = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return kinds[type(value)]


def _short(value: Any, limit: int = 60) -> str:
    text = repr(value)
    return text if len(text) <= limit else f"{text[:limit]}..."
