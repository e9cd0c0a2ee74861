"""The page of errors by their text: every line that the package can say when something is wrong, read from the source.

What to do stands in docs/troubleshooting.md; a line that has no row there gets what is true of all errors of its kind.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pulumi_voice_routing
from pulumi_voice_routing import errors

ROOT = Path(__file__).resolve().parents[1]
GUIDE = ROOT / "docs" / "troubleshooting.md"
PROGRAM, WARNING = "In the program", "Warnings"
KINDS = {
    "SettingsError": ("Settings", "Set or correct what the line names ([settings](settings.md)); nothing was sent."),
    "DeclarationError": ("What cannot be", "Correct what the line names, in the program or on the command line."),
    PROGRAM: (PROGRAM, "Correct the argument at the line of the program that stands before the text."),
    "Refused": (
        "Refused, to protect callers",
        "Nothing was changed. Do first what the line says, or [approve](approvals.md) what it would do.",
    ),
    "Exists": ("There already", "Choose another name, or [adopt](adopting.md) what is there."),
    "Missing": ("Not found", "Correct the name or the id; the line says what there is."),
    "Ambiguous": ("Found more than once", "Name one of those in the line by its id."),
    "Incomplete": ("Done in part", "Run again: what is done is in the state, and the next run does the rest."),
    "Interrupted": ("Interrupted", "Run again ([interrupted runs](interruptions.md))."),
    "Unreachable": ("Not reached", "Check base URL, network and proxy; nothing was sent."),
    "OutcomeUnknown": ("No answer", "Run again: it looks first whether the call took effect."),
    "UnexpectedAnswer": (
        "An answer that is not as documented",
        "Run `pulumi refresh`, and run again. If it comes again, check base URL and proxy, then report the line.",
    ),
    "ApiError": ("Refused by the vendor", "Do what the end of the line says."),
    "VoiceRoutingError": ("Commands", "Do what the line says; nothing else was changed."),
    WARNING: (WARNING, "The run goes on. Do what the line says, so that it does not come again."),
}
"""What the kinds of errors are called on the page, and what to do about any error of the kind."""
_OWN = {
    "Failure": PROGRAM,
    "ValueError": PROGRAM,
    "NotANumber": PROGRAM,
    "BadParameter": "DeclarationError",
    "RunError": "VoiceRoutingError",
    "EngineError": "VoiceRoutingError",
    "Unapproved": "Refused",
    "Unseen": "OutcomeUnknown",
    "Unreadable": "VoiceRoutingError",
    "UnreadableText": PROGRAM,
    "PlanError": "DeclarationError",
    "warn": WARNING,
}
"""Other names that a line is said by, and the kinds that they belong to."""
_GAP = "..."
_MOST_ANSWERS = 12
"""A function that answers more is no function of ours alone: its name is a common one."""

Behind = Callable[[ast.AST], list[ast.expr]]


class Line(NamedTuple):
    """What the package says, with gaps where values go."""

    text: str
    kind: str


def page() -> list[str]:
    known = [(line, advice(line.text)) for line in sorted(set(lines()), key=lambda one: one.text.strip(". ").lower())]
    found = [
        "# Errors by their text",
        "",
        "Every line that the package can say when something is wrong; `...` stands for the part that differs. Search",
        "for words of your line. Lines of Pulumi, and how to see every call, are among the",
        "[error lines](troubleshooting.md); what rules find is on [number safety](safety.md).",
    ]
    for kind, (heading, do) in KINDS.items():
        ours = [(line.text, said) for line, said in known if line.kind == kind]
        if ours:
            found += ["", f"## {heading}", "", "| Line | Do |", "|---|---|"]
            found += [f"| `{text.replace('|', chr(92) + '|')}` | {said or do} |" for text, said in ours]
    return found


def lines() -> Iterator[Line]:
    """All of them, in the order of the source."""
    package = Path(pulumi_voice_routing.__path__[0])
    paths = (path for path in sorted(package.rglob("*.py")) if "emulator" not in path.parts)
    modules = [ast.parse(path.read_text(encoding="utf-8")) for path in paths]
    functions = Functions(modules)
    for module in modules:
        for scope in (module, *(node for node in ast.walk(module) if isinstance(node, ast.FunctionDef))):
            for node in own(scope):
                if isinstance(node, ast.Call) and (kind := kind_of(called(node))):
                    yield from (Line(text, kind) for text in said(node, functions.behind(scope)))
    for name in errors.__all__:
        one = getattr(errors, name)
        if isinstance(one, type) and issubclass(one, errors.ApiError) and one.advice:
            yield Line(f"{one.status} ... {one.advice}".replace("`", ""), "ApiError")


def own(scope: ast.AST) -> Iterator[ast.AST]:
    """What is in a function or a module, without the functions in it."""
    for node in ast.iter_child_nodes(scope):
        if not isinstance(node, ast.FunctionDef):
            yield node
            yield from own(node)


class Functions:
    """The functions of the package, by name, with what they answer."""

    def __init__(self, modules: list[ast.Module]) -> None:
        self._answers: dict[str, list[ast.expr]] = {}
        for module in modules:
            for function in (node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)):
                answers = [one.value for one in own(function) if isinstance(one, ast.Return | ast.Yield) and one.value]
                self._answers.setdefault(function.name, []).extend(answers)

    def behind(self, scope: ast.AST) -> Behind:
        """What stands behind a name or a call in a function: what was assigned, or what is answered."""
        assigned: dict[str, list[ast.expr]] = {}
        for node in own(scope):
            if isinstance(node, ast.Assign | ast.NamedExpr):
                for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                    assigned.setdefault(ast.unparse(target), []).append(node.value)

        def behind(node: ast.AST) -> list[ast.expr]:
            if isinstance(node, ast.Call):
                answers = self._answers.get(called(node), [])
                return answers if len(answers) <= _MOST_ANSWERS else []
            return assigned.get(node.id, []) if isinstance(node, ast.Name) else []

        return behind


def called(node: ast.Call) -> str:
    """The last name of what is called."""
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def kind_of(name: str) -> str | None:
    """The kind of what has this name in the source, if it is an error of ours or says a line."""
    one = getattr(errors, name, None) if name in errors.__all__ else None
    if isinstance(one, type) and issubclass(one, errors.ApiError):
        return "ApiError"
    return _OWN.get(name) or (name if isinstance(one, type) else None)


def said(node: ast.Call, behind: Behind = lambda node: []) -> Iterator[str]:
    """The texts of a call that say something by themselves, and those that are put into them."""
    given = [*node.args, *(word.value for word in node.keywords)]
    for one in [*given, *(found for part in given for inner in ast.walk(part) for found in deeper(inner, behind))]:
        for text in texts(one):
            text = re.sub(r"\.\.\.( ?\.\.\.)+", _GAP, " ".join(text.split())).replace("`", "").lstrip(";:, ")
            if len(re.findall(r"(?<!\S)[A-Za-z][a-z'-]*(?![^\s,;:.])", text.replace(_GAP, " "))) >= 3:
                yield text


def deeper(node: ast.AST, behind: Behind, steps: int = 3) -> Iterator[ast.expr]:
    """What stands behind a name or a call, and behind that."""
    for found in behind(node) if steps else ():
        yield found
        for inner in ast.walk(found):
            yield from deeper(inner, behind, steps - 1)


def texts(node: ast.expr) -> Iterator[str]:
    """What an expression can be as a text, with a gap for each value that is worked out."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else _GAP for part in parts)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield from (f"{one}{other}" for one in texts(left) for other in texts(right))
        case ast.IfExp(body=body, orelse=other):
            yield from texts(body)
            yield from texts(other)
        case _:
            yield _GAP


def advice(text: str) -> str:
    """What to do about a line: what the guide says of the line that fits it best; nothing when none fits."""
    best, found = 0, ""
    for parts, do in rows():
        size = sum(map(len, parts))
        if size > best and all(part in text for part in parts):
            best, found = size, do
    return found


@functools.cache
def rows() -> list[tuple[list[str], str]]:
    """The lines of the guide: what tells each of them, and what to do."""
    found = []
    for row in re.findall(r"^\| (`.*) \|$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE):
        shown, _, do = row.partition(" | ")
        led = do.replace("](#", "](troubleshooting.md#")
        found += [(fragments(line), led) for line in re.findall(r"`([^`]+)`", shown)]
    return found


def fragments(line: str) -> list[str]:
    """What is left of a line without its gaps and the vendor's status, where that is enough to be looked for."""
    parts = (part.strip(" ,;?.") for part in re.sub(r"^\d{3}( -)? ", "", line).split(_GAP))
    return [part for part in parts if len(part.split()) >= 2]
