"""A small Python language host for a Pulumi engine that was built from its Go modules.

It exists only for machines that cannot get the official engine: the Go modules hold no Python language host. Wherever
there is an official `pulumi-language-python`, that one is used (see `find.py`), and whatever this host does not do is
refused in one line that says so.

The engine starts it as `language_host.py EXECUTOR [FLAGS] ENGINE_ADDRESS`, reads the port from the first line of its
output, and ends it with SIGINT or by closing its standard input. EXECUTOR is the script of the Pulumi SDK that runs a
program (`pulumi-language-python-exec`). Nothing here interprets a program: it is started, watched and stopped.
"""
# ruff: noqa: S101, S603 - asserts narrow types; starting what the user's project names is what a language host is for

from __future__ import annotations

import base64
import json
import os
import queue
import re
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import IO, Any, NoReturn

import grpc  # type: ignore[import-untyped]
from google.protobuf import empty_pb2  # type: ignore[import-untyped]


def leave_out_the_sdk() -> None:
    """Have the packages that hold the SDK's messages load nothing else.

    The engine starts this host twice for each operation, and loading the whole SDK would be most of what that takes.
    """
    sdk = find_spec("pulumi")
    for folder in (sdk.submodule_search_locations or ()) if sdk else ():
        for name, path in (("pulumi", Path(folder)), ("pulumi.runtime", Path(folder, "runtime"))):
            sys.modules[name] = ModuleType(name)
            sys.modules[name].__path__ = [str(path)]


leave_out_the_sdk()

from interpreter import HostError, Python  # noqa: E402
from pulumi.runtime.proto import language_pb2 as messages  # noqa: E402
from pulumi.runtime.proto import plugin_pb2  # noqa: E402
from pulumi.runtime.proto.language_pb2_grpc import (  # noqa: E402
    LanguageRuntimeServicer,
    add_LanguageRuntimeServicer_to_server,
)

ERROR_ALREADY_SHOWN = 32
"""Exit code by which the executor says that it has shown the program's error to the user."""

STOP_SECONDS = 3.0
"""How long a process may take to end after SIGTERM; the engine itself gives up on this host after 5 seconds."""

MESSAGE_BYTES = 400 * 1024 * 1024
"""The engine's own limit for one message."""

INSTALLED_PACKAGES = """
import importlib.metadata, importlib.util, json, pathlib, re
packages = {}
for one in importlib.metadata.distributions():
    name = one.metadata["Name"] or ""
    fact = {"name": re.sub("[-_.]+", "-", name).lower(), "version": one.version, "requires": one.requires or []}
    try:
        module = importlib.util.find_spec(name.replace("-", "_"))
        folders = module.submodule_search_locations or [] if module else []
        files = [pathlib.Path(folder, "pulumi-plugin.json") for folder in folders]
        fact["plugin"] = next((file.read_text() for file in files if file.is_file()), None)
    except Exception:
        fact["plugin"] = None
    packages.setdefault(fact["name"], fact)
print(json.dumps(list(packages.values())))
"""
"""Run by the program's interpreter: what is installed there, and what each package says of its plugin."""

WITHOUT_PLUGIN = {"pulumi-policy", "pulumi-esc-sdk"}
"""Packages that have no plugin and do not say so; the official host knows them by name."""

RELEASE = re.compile(
    r"(?P<release>\d+(\.\d+)*)((?P<stage>a|b|rc)(?P<count>\d*))?(\.(?P<post>post\d*))?(\.(?P<dev>dev\d*))?"
)
STAGES = {"a": "alpha", "b": "beta", "rc": "rc"}

GUARD = ["sh", "-c", 'read -r ended || kill -9 "-$0"']
"""Kills the process group that its argument names, unless it is told that the group has ended before we have."""

INTERPRETER = "import json, sys; print(json.dumps([sys.executable, sys.version.split()[0]]))"


class Children:
    """The processes that this host has started and not yet seen the end of.

    Each leads a session of its own. So a signal for this host does not reach a program, which would print a traceback
    over the real error, and everything that a program has started can be ended with it. Nor does it reach the guard
    that ends a program when this host is killed: without it the engine would wait for that program for ever.
    """

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._closed = False

    @contextmanager
    def start(
        self, context: grpc.ServicerContext, command: list[str], **options: object
    ) -> Iterator[subprocess.Popen[bytes]]:
        """Runs `command` until it ends, or until the call that it serves is cancelled."""
        with self._lock:
            if self._closed:
                raise HostError("the language host is shutting down")
            child: subprocess.Popen[bytes] = subprocess.Popen(  # type: ignore[call-overload]
                command, stdin=subprocess.DEVNULL, start_new_session=True, **options
            )
            self._running.add(child)
        guard = subprocess.Popen(
            [*GUARD, str(child.pid)], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True
        )
        if not context.add_callback(lambda: self._signal(child, signal.SIGTERM)):
            self._signal(child, signal.SIGTERM)
        try:
            yield child
        finally:
            child.wait()
            guard.communicate(b"ended\n")
            with self._lock:
                self._running.discard(child)

    def stop(self) -> None:
        """Asks every process to end."""
        with self._lock:
            running = list(self._running)
        for child in running:
            self._signal(child, signal.SIGTERM)

    def close(self) -> None:
        """Ends every process, by force if it takes too long, and starts no more."""
        with self._lock:
            self._closed = True
            running = list(self._running)
        self.stop()
        for child in running:
            try:
                child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._signal(child, signal.SIGKILL)

    @staticmethod
    def _signal(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
        if child.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, number)


class LanguageHost(LanguageRuntimeServicer):
    """The calls that the engine makes to run Python programs and policy packs."""

    def __init__(self, executor: str, engine_address: str) -> None:
        self._executor = executor
        self._engine_address = engine_address
        self._children = Children()

    def close(self) -> None:
        self._children.close()

    def Handshake(
        self, request: messages.LanguageHandshakeRequest, context: grpc.ServicerContext
    ) -> messages.LanguageHandshakeResponse:
        self._engine_address = request.engine_address
        return messages.LanguageHandshakeResponse()

    def GetPluginInfo(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo()

    def GetRequiredPackages(
        self, request: messages.GetRequiredPackagesRequest, context: grpc.ServicerContext
    ) -> messages.GetRequiredPackagesResponse:
        with refused(context):
            installed = Python(request.info).ask(INSTALLED_PACKAGES)
            needed = [plugin_of(package) for package in installed]
        return messages.GetRequiredPackagesResponse(packages=filter(None, needed))

    def GetProgramDependencies(
        self, request: messages.GetProgramDependenciesRequest, context: grpc.ServicerContext
    ) -> messages.GetProgramDependenciesResponse:
        with refused(context):
            installed = Python(request.info).ask(INSTALLED_PACKAGES)
        required = {named_in(text) for package in installed for text in package["requires"]}
        return messages.GetProgramDependenciesResponse(
            dependencies=[
                messages.DependencyInfo(name=package["name"], version=package["version"])
                for package in installed
                if request.transitiveDependencies or package["name"] not in required
            ]
        )

    def About(self, request: messages.AboutRequest, context: grpc.ServicerContext) -> messages.AboutResponse:
        with refused(context):
            executable, version = Python(request.info).ask(INTERPRETER)
        return messages.AboutResponse(executable=str(executable), version=str(version))

    def Run(self, request: messages.RunRequest, context: grpc.ServicerContext) -> messages.RunResponse:
        if request.attach_debugger:
            return messages.RunResponse(error="attaching a debugger needs the official Pulumi engine")
        try:
            python = Python(request.info)
            command = [python.command(), "-u", self._executor, *self._program_arguments(request)]
            env = python.environment(os.environ) | {
                "PULUMI_CONFIG": json.dumps(dict(request.config)),
                "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
            }
            with self._children.start(context, command, env=env, cwd=request.pwd) as program:
                code = program.wait()
        except (HostError, OSError) as error:
            return messages.RunResponse(error=str(error))
        if code == ERROR_ALREADY_SHOWN:
            return messages.RunResponse(bail=True)
        return messages.RunResponse(error=how_it_ended(code))

    def _program_arguments(self, request: messages.RunRequest) -> list[str]:
        given = {
            "monitor": request.monitor_address,
            "engine": self._engine_address,
            "project": request.project,
            "root_directory": request.info.root_directory,
            "stack": request.stack,
            "organization": request.organization,
            "pwd": request.pwd,
            "dry_run": "true" if request.dryRun else "false",
            "parallel": str(request.parallel),
        }
        flags = [part for name, value in given.items() if value for part in (f"--{name}", value)]
        return [*flags, request.info.entry_point or ".", *request.args]

    def RunPlugin(
        self, request: messages.RunPluginRequest, context: grpc.ServicerContext
    ) -> Iterator[messages.RunPluginResponse]:
        with refused(context):
            directory = request.info.program_directory
            python = Python(request.info)
            if request.kind == "analyzer":
                command, cwd = [python.command(), "-u", "-m", "pulumi.policy", *request.args, directory], directory
            else:
                command, cwd = [python.command(), "-u", directory, *request.args], request.pwd
            env = python.environment(dict(entry.split("=", 1) for entry in request.env))
            with self._children.start(
                context, command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE
            ) as plugin:
                for stream, chunk in output_of(plugin):
                    yield messages.RunPluginResponse(**{stream: chunk})  # type: ignore[arg-type]
                yield messages.RunPluginResponse(exitcode=plugin.wait())

    def InstallDependencies(
        self, request: messages.InstallDependenciesRequest, context: grpc.ServicerContext
    ) -> Iterator[messages.InstallDependenciesResponse]:
        with refused(context):
            python = Python(request.info)
            directory = request.info.program_directory or request.directory
            if python.to_create():
                yield messages.InstallDependenciesResponse(stdout=f"Creating {python.virtualenv}\n".encode())
                yield from self._install(context, python.to_make_one(), directory, python)
            command = python.to_install(directory)
            if command is not None:
                yield from self._install(context, command, directory, python)
            else:
                yield messages.InstallDependenciesResponse(stdout=b"No requirements.txt: nothing to install\n")

    def _install(
        self, context: grpc.ServicerContext, command: list[str], directory: str, python: Python
    ) -> Iterator[messages.InstallDependenciesResponse]:
        env = python.environment(os.environ)
        with self._children.start(
            context, command, cwd=directory, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as installer:
            for stream, chunk in output_of(installer):
                yield messages.InstallDependenciesResponse(**{stream: chunk})
            if installer.wait():
                raise HostError(f"`{' '.join(command)}` failed: {how_it_ended(installer.returncode)}")

    def Cancel(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> empty_pb2.Empty:
        self._children.stop()
        return empty_pb2.Empty()


@contextmanager
def refused(context: grpc.ServicerContext) -> Iterator[None]:
    """Answers a call with the one line of a `HostError` instead of a traceback."""
    try:
        yield
    except (HostError, OSError) as error:
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))


def plugin_of(package: Mapping[str, Any]) -> plugin_pb2.PackageDependency | None:
    """The plugin that an installed package needs, by the official host's rules. Raises `HostError`.

    A package is one of Pulumi's if it has a `pulumi-plugin.json`, or if its name starts with `pulumi-`: then its plugin
    has the rest of the name and the package's version, unless the file says otherwise, or that there is none. The
    engine downloads what is named here from a public place and runs it.
    """
    name, said = package["name"], package["plugin"]
    if name in WITHOUT_PLUGIN or (said is None and not name.startswith("pulumi-")):
        return None
    try:
        plugin: dict[str, Any] = {"resource": True} if said is None else json.loads(said)
        if not plugin.get("resource"):
            return None
        version = plugin.get("version") or plugin_version(package["version"])
        if not version:
            return None
        parameters = {
            ours: plugin_pb2.PackageParameterization(
                name=plugin[theirs]["name"],
                version=plugin[theirs]["version"],
                value=base64.b64decode(plugin[theirs]["value"]),
            )
            for ours, theirs in (("parameterization", "parameterization"), ("extension", "extensionParameterization"))
            if plugin.get(theirs)
        }
        return plugin_pb2.PackageDependency(
            name=plugin.get("name") or name.removeprefix("pulumi-"),
            kind="resource",
            version=version if version.startswith("v") else f"v{version}",
            server=plugin.get("server") or "",
            **parameters,
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise HostError(f"the pulumi-plugin.json of {name} cannot be used: {error}") from None


def plugin_version(version: str) -> str:
    """The version of the plugin that belongs to a package's version, such as 1.2.3-alpha.4; empty if there is none."""
    parts = RELEASE.fullmatch(version)
    if not parts:
        return ""
    numbers = [*parts["release"].split("."), "0", "0"]
    release = ".".join(numbers[: max(3, len(numbers) - 2)])
    stage = f"-{STAGES[parts['stage']]}.{parts['count']}" if parts["stage"] else ""
    build = f"{parts['post'] or ''}{parts['dev'] or ''}"
    return f"{release}{stage}{'+' if build else ''}{build}"


def named_in(requirement: str) -> str:
    """The package that a requirement such as `typing_extensions>=4 ; ...` names."""
    return re.sub("[-_.]+", "-", re.split(r"[^\w.-]", requirement, maxsplit=1)[0]).lower()


def how_it_ended(code: int) -> str:
    """A process's failure in one line, empty for success."""
    if code == 0:
        return ""
    if code < 0:
        return f"Program was ended by {signal.Signals(-code).name}"
    return f"Program exited with non-zero exit code: {code}"


def output_of(process: subprocess.Popen[bytes]) -> Iterator[tuple[str, bytes]]:
    """What `process` writes, as it comes: ("stdout" or "stderr", bytes), until it has closed both."""
    chunks: queue.SimpleQueue[tuple[str, bytes]] = queue.SimpleQueue()

    def read(name: str, stream: IO[bytes]) -> None:
        while chunk := os.read(stream.fileno(), 65536):
            chunks.put((name, chunk))
        stream.close()
        chunks.put((name, b""))

    assert process.stdout
    assert process.stderr
    streams = {"stdout": process.stdout, "stderr": process.stderr}
    for name, stream in streams.items():
        threading.Thread(target=read, args=(name, stream), daemon=True).start()
    open_streams = len(streams)
    while open_streams:
        name, chunk = chunks.get()
        if chunk:
            yield name, chunk
        else:
            open_streams -= 1


def quiet_signals() -> int:
    """Turns SIGINT and SIGTERM into something to read from the file descriptor that it returns."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    return reading


def wait_until_told_to_stop(signals: int) -> None:
    """Returns on a signal, or when the engine has closed our standard input by ending, however it ended."""
    engine = sys.stdin.fileno()
    while True:
        ready, _, _ = select.select([signals, engine], [], [])
        if signals in ready or not os.read(engine, 4096):
            return


def main(executor: str, engine_address: str) -> NoReturn:
    signals = quiet_signals()
    host = LanguageHost(executor, engine_address)
    # Each running program, pack and installation holds one worker for as long as it runs.
    workers = ThreadPoolExecutor(max_workers=64)
    size = [("grpc.max_send_message_length", MESSAGE_BYTES), ("grpc.max_receive_message_length", MESSAGE_BYTES)]
    server = grpc.server(workers, options=size)
    add_LanguageRuntimeServicer_to_server(host, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    wait_until_told_to_stop(signals)
    host.close()
    server.stop(grace=None).wait()
    # What is left are threads that serve calls of an engine that has gone.
    os._exit(0)


if __name__ == "__main__":
    main(executor=sys.argv[1], engine_address=sys.argv[-1])
