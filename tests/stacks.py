"""A stack on the real engine, with a program that is a function of the test."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import pytest
from pulumi.automation._server import LanguageServer
from pulumi.automation.events import EngineEvent, StepEventMetadata
from pulumi.runtime.proto import language_pb2_grpc

from tests.apart import serving

Program = Callable[[], None]
Values = dict[str, Any]

SECRETS = ("emulator-token",)
"""What must never be in anything that a user reads."""


_SHUT_DOWN = "Resource monitor has terminated, shutting down"
"""The SDK says it of a program that goes on after the engine has ended the run for the reason in another line."""

_PARTS = ("backend", "work")
"""The folders of a stack that the engine writes into."""
_LONGEST_RUN_SECONDS = 600
"""What runs for longer hangs."""


@dataclass
class Step:
    """What the engine did, or would do, to one resource."""

    op: str
    name: str
    type: str
    old: Values
    """The old inputs."""
    new: Values
    """The new inputs."""
    outputs_changed: bool = False

    @property
    def changed(self) -> dict[str, tuple[Any, Any]]:
        """The inputs that differ, old and new."""
        return {
            name: (self.old.get(name), self.new.get(name))
            for name in sorted({*self.old, *self.new})
            if self.old.get(name) != self.new.get(name)
        }


@dataclass
class Run:
    """One operation of the engine, as its events tell it."""

    steps: list[Step] = field(default_factory=list)
    looks: list[Step] = field(default_factory=list)
    """What a refresh that is part of a preview or an up found."""
    errors: list[str] = field(default_factory=list)
    """What was wrong with resources and the program."""
    said: list[str] = field(default_factory=list)
    """Everything else that was said: warnings, information."""
    console: str = ""
    outputs: Values = field(default_factory=dict)
    failed: bool = False

    @property
    def changes(self) -> dict[str, str]:
        """What happened to resources, by name, for those that something happened to."""
        return {step.name: step.op for step in self.steps if step.op not in ("same", "refresh", "read")}

    @property
    def lines(self) -> list[str]:
        """What a run that failed says: no traceback, and no secret."""
        assert self.failed, f"the run succeeded:\n{self.console}"
        assert "Traceback" not in self.console, self.console
        for secret in SECRETS:
            assert secret not in self.console, self.console
        said = [line for error in self.errors for line in error.splitlines()]
        return [line for line in said if line != _SHUT_DOWN] or said

    @property
    def error(self) -> str:
        """The one line of a run that failed; nothing but what would permit it may stand below it."""
        first, *below = self.lines
        permits = bool(below) and below[0].startswith("To allow it, ") and below[-1].startswith("In an emergency set ")
        assert permits or not below, self.lines or self.console
        return first


class Stack:
    """A stack ``dev`` on a file backend of its own.

    The program is a function of the test and runs in a copy of its process. The language server and the events are
    those of the Automation API, whose stack class would ask the engine three more things after each operation.

    Whatever :meth:`up` succeeds with is checked at once: a refresh finds nothing, and a second preview plans nothing.
    """

    def __init__(self, folder: Path, home: Path, env: Mapping[str, str], python: str | Path = sys.executable) -> None:
        """``python`` runs the provider, and packs that ask for no other."""
        self.folder = folder
        self.cache = folder / "cache"
        self.env = {
            "PULUMI_BACKEND_URL": f"file://{folder / 'backend'}",
            "PULUMI_HOME": str(home),
            "PULUMI_CONFIG_PASSPHRASE": "for tests",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DEBUG_COMMANDS": "true",
            "PULUMI_PYTHON_CMD": str(python),
            "PULUMI_SKIP_CHECKPOINTS": "true",
            "VOICE_ROUTING_CACHE_DIR": str(self.cache),
            **env,
        }
        self.cache.mkdir()
        self._init(home.with_name(f"{home.name}-new-stack"))

    def _init(self, first: Path) -> None:
        """A new stack is a copy of the first one of this process."""
        if not first.exists():
            for part in _PARTS:
                (self.folder / part).mkdir()
            (self.folder / "work" / "Pulumi.yaml").write_text("name: lines\nruntime: python\n")
            self.cli("stack", "init", "dev")
            self._copy(self.folder, first)
        else:
            self._copy(first, self.folder)

    def keep(self, folder: Path) -> None:
        """Put a copy of everything that the engine has written into a new folder."""
        self._copy(self.folder, folder)

    def put_back(self, folder: Path) -> None:
        """Make the stack what it was when it was kept."""
        for part in _PARTS:
            shutil.rmtree(self.folder / part)
        self._copy(folder, self.folder)

    @staticmethod
    def _copy(there: Path, here: Path) -> None:
        for part in _PARTS:
            shutil.copytree(there / part, here / part)

    def up(self, program: Program, *, quiet: bool = True, refresh: bool = False) -> Run:
        """Bring the stack to the program. ``quiet=False`` leaves the check of the second preview to the test."""
        run = _good(self._run("up", program, "--yes", "--skip-preview", *_refresh(refresh)))
        if quiet:
            self.is_quiet(program)
        return run

    def fails(self, program: Program, *, refresh: bool = False) -> Run:
        """An up that must not succeed."""
        return _bad(self._run("up", program, "--yes", "--skip-preview", *_refresh(refresh)))

    def tried(self, program: Program) -> Run:
        """An up that may end either way."""
        return self._run("up", program, "--yes", "--skip-preview")

    def is_quiet(self, program: Program) -> None:
        """A refresh finds nothing that the state does not say, and a preview plans nothing."""
        run = self.preview(program, refresh=True)
        drift = {step.name: step.changed or "outputs" for step in run.looks if step.changed or step.outputs_changed}
        assert drift == {}, f"a refresh finds changes: {drift}"
        assert run.changes == {}, f"a second preview plans changes: {run.changes}\n{run.console}"

    def preview(self, program: Program, *, refresh: bool = False) -> Run:
        """What an up would do."""
        return _good(self._run("preview", program, *_refresh(refresh)))

    def preview_json(self, program: Program, *options: str) -> str:
        """What ``pulumi preview --json`` prints with these options, unchanged resources included. It must succeed."""
        with _served(program) as client:
            command = self.command("preview", "--json", "--show-sames", *options, *client)
            done = self._done(command)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def preview_fails(self, program: Program) -> Run:
        """A preview that must not succeed."""
        return _bad(self._run("preview", program))

    def refresh(self) -> Run:
        """Write into the state what is there at the vendor."""
        return _good(self._run("refresh", None, "--yes", "--skip-preview"))

    def refresh_fails(self) -> Run:
        """A refresh that must not succeed."""
        return _bad(self._run("refresh", None, "--yes", "--skip-preview"))

    def destroy(self) -> Run:
        """Take the stack down."""
        return _good(self._run("destroy", None, "--yes", "--skip-preview"))

    def destroy_fails(self) -> Run:
        """A destroy that must not succeed."""
        return _bad(self._run("destroy", None, "--yes", "--skip-preview"))

    def state(self) -> dict[str, Values]:
        """The resources in the state, by name; without the stack and its provider."""
        return {
            name_of(one["urn"]): one
            for one in self.export()["deployment"].get("resources", [])
            if one["type"].startswith("pulumi-python:")
        }

    def export(self) -> Values:
        """The state as the engine writes it."""
        exported: Values = json.loads(self.cli("stack", "export"))
        return exported

    def restore(self, exported: Values) -> None:
        """Put an earlier state back, as if what was done since had never been noted."""
        self.cli("stack", "import", "--force", text=json.dumps(exported))

    def config(self, name: str, value: str, *, secret: bool = False) -> None:
        """Set a key of the stack's configuration."""
        self.cli("config", "set", *(["--secret"] if secret else []), name, value)

    def files(self) -> list[Path]:
        """Every file that the stack has left: states, their backups, history, cache."""
        return [file for file in self.folder.rglob("*") if file.is_file()]

    def cli(self, *arguments: str, text: str | None = None) -> str:
        """What a command of the engine prints. It must succeed."""
        done = self._done(self.command(*arguments), text)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def command(self, *arguments: str) -> list[str]:
        """A command of the engine for this stack."""
        on_stack = [] if arguments[:2] == ("stack", "init") else ["--stack", "dev"]
        return ["pulumi", "--non-interactive", "--color=never", *arguments, *on_stack]

    def write_program(self, source: str) -> None:
        """A program of its own, for commands that are given no function of the test."""
        settings = {"name": "lines", "runtime": {"name": "python", "options": {"virtualenv": sys.prefix}}}
        (self.folder / "work" / "Pulumi.yaml").write_text(json.dumps(settings))
        (self.folder / "work" / "__main__.py").write_text(source)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command, in a process group of its own as a shell would."""
        return subprocess.Popen(
            self.command(*arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            **self.where,
        )

    @property
    def where(self) -> dict[str, Any]:
        """Where and with what settings its commands run."""
        return {"cwd": self.folder / "work", "env": {**os.environ, **self.env}}

    def _done(self, command: list[str], text: str | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, input=text, capture_output=True, text=True, timeout=_LONGEST_RUN_SECONDS, **self.where
        )

    def _run(self, operation: str, program: Program | None, *options: str) -> Run:
        events = self.folder / "events.jsonl"
        events.unlink(missing_ok=True)
        with _served(program) as client:
            command = self.command(operation, *options, *client, "--event-log", str(events))
            done = self._done(command)
        run = Run(console=done.stdout + done.stderr, failed=done.returncode != 0)
        for line in events.read_text(encoding="utf-8").splitlines() if events.exists() else ():
            _record(run, EngineEvent.from_json(json.loads(line)))
        return run


def _good(run: Run) -> Run:
    assert not run.failed, run.console
    return run


def _bad(run: Run) -> Run:
    assert run.failed, run.console
    return run


def _refresh(wanted: bool) -> list[str]:
    return ["--refresh"] if wanted else []


@contextmanager
def _served(program: Program | None) -> Iterator[list[str]]:
    """The options that let the engine run a function of the test as its program, in a copy of this process."""
    if program is None:
        yield []
        return

    def serve(ready: Callable[[int], None]) -> None:
        server = grpc.server(ThreadPoolExecutor(max_workers=4))
        language_pb2_grpc.add_LanguageRuntimeServicer_to_server(LanguageServer(program), server)
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        ready(port)
        server.wait_for_termination()

    with serving(serve) as port:
        yield [f"--client=127.0.0.1:{port}", "--exec-kind=auto.inline"]


def name_of(urn: str) -> str:
    """The name that the program gave the resource."""
    return urn.rpartition("::")[2]


def engine_path(engine: Path) -> str:
    """A PATH on which the engine and this interpreter come first."""
    return os.pathsep.join([str(engine), str(Path(sys.executable).parent), os.environ["PATH"]])


_LAST_WORDS = {f"{operation} failed" for operation in ("update", "preview", "refresh", "destroy")}
"""What the engine adds to every failure, in the name of the stack."""
_INLINE_AGAIN = "an unhandled error occurred: "
"""What the engine says of an inline program's error, after the program has said it itself."""
_PARTLY = "1 error occurred:\n\t* "
"""How the engine starts the one error of an object that exists all the same."""
_STYLE = re.compile(r"<\{%.*?%\}>")


def _record(run: Run, event: EngineEvent) -> None:
    if event.res_outputs_event:
        step = _step(event.res_outputs_event.metadata)
        kind = run.looks if step.op == "refresh" else run.steps
        kind.append(step)
        if step.type == "pulumi:pulumi:Stack" and event.res_outputs_event.metadata.new:
            run.outputs = dict(event.res_outputs_event.metadata.new.outputs or {})
    said = event.diagnostic_event
    if said and not said.ephemeral and said.severity != "debug":
        text = _STYLE.sub("", said.message).strip().removeprefix(_PARTLY)
        if said.severity != "error":
            run.said.append(text)
        elif text not in _LAST_WORDS and text.removeprefix(_INLINE_AGAIN) not in run.errors:
            run.errors.append(text)


def _step(metadata: StepEventMetadata) -> Step:
    old, new = metadata.old, metadata.new
    return Step(
        op=metadata.op.value,
        name=name_of(metadata.urn),
        type=metadata.type,
        old=dict(old.inputs or {}) if old else {},
        new=dict(new.inputs or {}) if new else {},
        outputs_changed=bool(old and new and old.outputs != new.outputs),
    )


def by_name(run: Run, name: str) -> Step:
    """The step of one resource."""
    found = [step for step in (*run.looks, *run.steps) if step.name == name]
    if not found:
        pytest.fail(f"nothing was done to {name}:\n{run.console}")
    return found[0]
