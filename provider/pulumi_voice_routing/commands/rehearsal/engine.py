"""The user's program and the user's own engine, on a state that is thrown away afterwards."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ... import counting
from ...errors import VoiceRoutingError, one_line
from ...lifecycle.fleet_rows import ROWS
from ...plan import pulumi_cli
from ...plan.engine_records import written, written_in
from ...plan.facts import token_of
from ...plan.fleets import is_fleet, member_of
from ...plan.preview import read_preview
from ...plan.roles import tokens_of
from ..stand_in import VENDORS

_LOOK_SECONDS = 0.5
_STEP_DONE = b'"resOutputsEvent"'
_NOTHING_DONE = frozenset({"same", "refresh", "read"})
_LAST_WORDS = ("update failed", "preview failed", "Resource monitor has terminated, shutting down")
"""What is said after the reason."""


@dataclass
class Program:
    """A program with its stack, as it is now."""

    folder: Path
    project: str
    stack: str
    state: dict[str, Any]
    """As ``pulumi stack export --show-secrets`` prints it."""
    config: dict[str, Any] = field(default_factory=dict)
    """As ``pulumi config --show-secrets --json`` prints it."""
    others: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The states of stacks that it refers to, by their names."""


@dataclass
class Run:
    """One run of the engine."""

    failed: bool
    errors: list[str]
    done: dict[str, str]
    """What it did to each resource, by URN."""
    custom: set[str] = field(default_factory=set)
    """The resources of a preview that something is done for outside of the engine: what is none is a component."""
    inputs: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    """What a preview shows that the program declares, with the type."""


def program_of(folder: Path, stack: str | None) -> Program:
    """The program in a folder. Raises :class:`VoiceRoutingError` when there is none, or no stack."""
    chosen = ("--stack", stack) if stack else ()
    state = _json("stack", "export", "--show-secrets", *chosen, cwd=folder)
    config = _json("config", "--show-secrets", "--json", *chosen, cwd=folder)
    name = stack or pulumi_cli.pulumi("stack", "--show-name", cwd=folder).strip()
    project = _project(state) or _named(folder)
    return Program(folder, project, name.rpartition("/")[2], state, config, _referred(state, folder))


def _referred(state: Mapping[str, Any], folder: Path) -> dict[str, dict[str, Any]]:
    """The stacks that the state has references to."""
    names = {one.id for one in written_in(state) if one.type == "pulumi:pulumi:StackReference"}
    return {name: _json("stack", "export", "--show-secrets", "--stack", name, cwd=folder) for name in sorted(names)}


def _project(state: Mapping[str, Any]) -> str:
    return next((one.urn.split("::")[1] for one in written_in(state) if one.urn.count("::") > 2), "")


def _named(folder: Path) -> str:
    """The project's name in its own file, which says it when the state is empty still."""
    from pulumi.automation import LocalWorkspace

    try:
        return LocalWorkspace(work_dir=str(folder)).project_settings().name
    except Exception as error:  # what the file may hold is up to the library
        raise VoiceRoutingError(f"the project of {folder} cannot be read: {one_line(str(error))[:200]}") from None


def _json(*words: str, cwd: Path) -> dict[str, Any]:
    said = pulumi_cli.pulumi(*words, cwd=cwd)
    try:
        document = json.loads(said)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise VoiceRoutingError(f"`pulumi {' '.join(words)}` prints something else")
    return document


class Engine:
    """Runs of one program, each from a state that is given. The environment says where the state lies."""

    def __init__(self, program: Program, folder: Path, options: Sequence[str] = ()) -> None:
        self._program, self._folder, self._options = program, folder, options
        self._settings = folder / "settings.yaml"
        project = folder / "project"
        project.mkdir()
        (project / "Pulumi.yaml").write_text(json.dumps({"name": program.project, "runtime": "python"}), "utf-8")
        self._project = project
        self._pulumi("stack", "init", program.stack, cwd=project)
        (project / f"Pulumi.{program.stack}.yaml").replace(self._settings)
        if program.config:
            words = ("config", "set-all", "--json", json.dumps(program.config), *self._on_stack)
            self._pulumi(*words, "--config-file", str(self._settings), cwd=project)

    @property
    def _on_stack(self) -> tuple[str, ...]:
        return ("--stack", self._program.stack)

    def begin(self, state: Mapping[str, Any]) -> None:
        """Have this state."""
        self._pulumi("stack", "import", *self._on_stack, cwd=self._project, sent=_resealed(state, self._settings))

    def know(self, stacks: Mapping[str, Mapping[str, Any]]) -> None:
        """Have other stacks as well, which the program refers to, by their full names."""
        for place, (name, state) in enumerate(stacks.items()):
            folder = self._folder / f"other-{place}"
            folder.mkdir()
            project, _, stack = name.rpartition("/")
            settings = {"name": project.rpartition("/")[2] or self._program.project, "runtime": "python"}
            (folder / "Pulumi.yaml").write_text(json.dumps(settings), "utf-8")
            self._pulumi("stack", "init", stack, cwd=folder)
            self._pulumi(
                "stack", "import", "--stack", stack, cwd=folder, sent=_resealed(state, folder / f"Pulumi.{stack}.yaml")
            )

    def state(self) -> dict[str, Any]:
        """The state as it is now."""
        said = self._pulumi("stack", "export", "--show-secrets", *self._on_stack, cwd=self._project)
        state: dict[str, Any] = json.loads(said)
        return state

    def preview(self) -> Run:
        """What a run would do. Raises :class:`VoiceRoutingError` when there is no telling."""
        words = ("preview", "--json", *self._on_stack, "--config-file", str(self._settings))
        said = self._pulumi(*words, cwd=self._program.folder, may_fail=True)
        with tempfile.NamedTemporaryFile("w", suffix=".json", dir=self._folder, encoding="utf-8") as file:
            file.write(said)
            file.flush()
            preview = read_preview(Path(file.name))
        if preview.errors or preview.stopped:
            raise VoiceRoutingError(f"the preview fails: {one_line('; '.join(preview.errors) or 'a policy stops it')}")
        done = {entry.urn: entry.op for entry in preview.entries if entry.op not in _NOTHING_DONE}
        new = [written(entry.new) for entry in preview.entries if entry.new]
        steps = json.loads(said).get("steps") or []
        states = [(step["urn"], written(step.get(name) or {})) for step in steps for name in ("oldState", "newState")]
        custom = {urn for urn, state in states if state.custom}
        return Run(False, [], done, custom, [said for one in new if one.token for said in _said(one.token, one.inputs)])

    def up(self, targets: Sequence[str] = (), steps: int = 0) -> Run:
        """Carry it out, which is so many steps."""
        events = self._folder / "events.jsonl"
        events.unlink(missing_ok=True)
        words = ["up", "--yes", "--skip-preview", *self._on_stack, "--config-file", str(self._settings)]
        words += [*self._options, "--event-log", str(events), *(word for urn in targets for word in ("--target", urn))]
        command = ["pulumi", *words, "--non-interactive", "--color", "never"]
        with _watched(events, steps):
            done = self._run(command, self._program.folder)
        run = Run(done.returncode != 0, [], {})
        for line in events.read_text("utf-8").splitlines() if events.exists() else ():
            _note(run, json.loads(line))
        if run.failed and not run.errors:
            run.errors.append(one_line(done.stdout)[-300:])
        return run

    def _pulumi(self, *words: str, cwd: Path, sent: str = "", may_fail: bool = False) -> str:
        command = ["pulumi", *words, "--non-interactive", "--color", "never"]
        done = self._run(command, cwd, sent)
        if done.returncode and not may_fail:
            raise VoiceRoutingError(f"`pulumi {words[0]}` fails: {one_line(done.stderr or done.stdout)[-300:]}")
        return done.stdout

    @staticmethod
    def _run(command: Sequence[str], cwd: Path, sent: str = "") -> subprocess.CompletedProcess[str]:
        try:
            return subprocess.run(  # noqa: S603 - the user's own engine
                command,
                cwd=cwd,
                input=sent,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                env={**os.environ, "PULUMI_DEBUG_COMMANDS": "true"},
            )
        except OSError as error:
            raise VoiceRoutingError(f"pulumi does not run: {error.strerror or error}") from None


@contextmanager
def _watched(events: Path, steps: int) -> Iterator[None]:
    """Count what the engine has done by what it notes, while it is at work."""
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(_LOOK_SECONDS):
            with suppress(OSError):
                done = events.read_bytes().count(_STEP_DONE)
                counting.count(min(done, steps), steps, "carrying it out")

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    try:
        yield
    finally:
        ended.set()
        looking.join()


def _said(token: str, inputs: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """What is declared, each with its type; a fleet declares its rows."""
    return [(member_of(token), row) for row in inputs[ROWS].values()] if is_fleet(token) else [(token, inputs)]


def _resealed(state: Mapping[str, Any], settings: Path) -> str:
    """A state whose secrets are in plain text, for the engine to keep them with the key of a new stack.

    It would else try the key of the stack that the state comes from. Raises :class:`VoiceRoutingError`.
    """
    salt = re.search(r"(?m)^encryptionsalt: *(\S+)", settings.read_text("utf-8"))
    if salt is None:
        raise VoiceRoutingError("`pulumi stack init` makes a stack without a passphrase, where a new one was given")
    provider = {"type": "passphrase", "state": {"salt": salt[1]}}
    return json.dumps({**state, "deployment": {**state["deployment"], "secrets_providers": provider}})


def is_ours(urn: str) -> bool:
    """Whether a resource is of this package, by its type."""
    token = token_of(urn.split("::")[2].rpartition("$")[2]) or ""
    vendor = token.partition(":")[0]
    return vendor in VENDORS and member_of(token) in tokens_of(vendor)


def _note(run: Run, event: Mapping[str, Any]) -> None:
    metadata = (event.get("resOutputsEvent") or {}).get("metadata")
    if metadata and metadata["op"] not in _NOTHING_DONE:
        run.done[metadata["urn"]] = metadata["op"]
    said = event.get("diagnosticEvent")
    if said and said.get("severity") == "error" and not said.get("ephemeral"):
        line = one_line(pulumi_text(said["message"]))
        if line not in _LAST_WORDS and line not in run.errors:
            run.errors.append(line)


def pulumi_text(message: str) -> str:
    """The first line of what the engine says, without its marks."""
    while "<{%" in message and "%}>" in message:
        begin = message.index("<{%")
        message = message[:begin] + message[message.index("%}>", begin) + 3 :]
    return message.strip().partition("\n")[0]


__all__ = ["Engine", "Program", "Run", "is_ours", "program_of"]
