"""What a Python language host owes the engine. Tests with `project` hold for the official host as well."""

from __future__ import annotations

import http.server
import io
import json
import os
import select
import signal
import subprocess
import sys
import tarfile
import threading
import venv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.crash.processes import Processes

from .conftest import Project

SECRET = "canary-7f3a"

RESOURCE = """
import os, pulumi
from pulumi.dynamic import CreateResult, Resource, ResourceProvider

class Echo(ResourceProvider):
    def create(self, props):
        return CreateResult("1", {**props, "echo": props["text"]})

class Echoed(Resource, module="demo", name="Echoed"):
    echo: pulumi.Output[str]
    def __init__(self, name, text):
        super().__init__(Echo(), name, {"text": text, "echo": None})
"""

POLICY = """
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy

def no_shouting(args, report):
    if args.props.get("text", "").isupper():
        report("do not shout")

PolicyPack("manners", policies=[
    ResourceValidationPolicy("no-shouting", "Texts are quiet.", no_shouting, EnforcementLevel.MANDATORY)
])
"""


def shown(done: subprocess.CompletedProcess[str]) -> str:
    return done.stdout + done.stderr


def diagnostics(done: subprocess.CompletedProcess[str]) -> str:
    """The part of the output that sums up what went wrong; before it, errors scroll by as they happen."""
    return shown(done).partition("Diagnostics:")[2]


def test_a_program_creates_resources_and_its_outputs_arrive(project: Project) -> None:
    project.program(
        RESOURCE
        + """
config = pulumi.Config()
pulumi.export("echo", Echoed("one", config.require("text")).echo)
pulumi.export("names", [pulumi.get_organization(), pulumi.get_project(), pulumi.get_stack()])
pulumi.export("folders", [os.getcwd(), pulumi.get_root_directory()])
"""
    )
    project.ok("config", "set", "text", "hello")

    project.ok("up", "--yes")

    assert json.loads(project.ok("stack", "output", "--json")) == {
        "echo": "hello",
        "names": ["organization", "demo", "dev"],
        "folders": [str(project.folder), str(project.folder)],
    }


def test_a_preview_tells_the_program_that_it_is_one(project: Project) -> None:
    project.program("import pulumi; pulumi.log.info(f'dry run: {pulumi.runtime.is_dry_run()}')")

    assert "dry run: True" in project.ok("preview")
    assert "dry run: False" in project.ok("up", "--yes", "--skip-preview")


def test_what_a_program_prints_reaches_the_user(project: Project) -> None:
    project.program("import sys; print('to stdout'); print('to stderr', file=sys.stderr)")

    text = project.ok("preview", "--suppress-progress")

    assert "to stdout" in text
    assert "to stderr" in text


def test_a_secret_setting_stays_secret(project: Project) -> None:
    project.program(
        """
import pulumi
config = pulumi.Config()
pulumi.export("token", config.require_secret("token"))
pulumi.export("known", [pulumi.runtime.is_config_secret(f"demo:{key}") for key in ("token", "plain")])
"""
    )
    project.ok("config", "set", "--secret", "token", SECRET)
    project.ok("config", "set", "plain", "yes")

    done = project.pulumi("up", "--yes", "--diff")

    assert done.returncode == 0, shown(done)
    assert SECRET not in shown(done)
    assert SECRET not in json.dumps(project.state())
    assert json.loads(project.ok("stack", "output", "--json", "--show-secrets")) == {
        "token": SECRET,
        "known": [True, False],
    }


def test_an_error_of_the_program_is_shown_once_without_a_traceback(project: Project) -> None:
    project.program("import pulumi; raise pulumi.RunError('the line is engaged')")

    done = project.pulumi("preview", "--suppress-progress")

    assert done.returncode != 0
    assert diagnostics(done).count("the line is engaged") == 1
    assert "in <module>" not in shown(done)


def test_an_exception_in_the_program_is_shown_once(project: Project) -> None:
    project.program("raise ValueError('crossed wires')")

    done = project.pulumi("preview", "--suppress-progress")

    assert done.returncode != 0
    assert diagnostics(done).count("ValueError: crossed wires") == 1
    assert diagnostics(done).count("Program failed with an unhandled exception") == 1


def test_a_failed_program_is_ended_without_a_traceback_of_its_end(our_project: Project) -> None:
    our_project.program(RESOURCE + "Echoed('one', 'hello')\nraise ValueError('crossed wires')")

    done = our_project.pulumi("preview", "--suppress-progress")

    assert diagnostics(done).count("Traceback") == 1
    assert "KeyboardInterrupt" not in shown(done)


def test_a_program_that_exits_by_itself_has_failed(project: Project) -> None:
    project.program("import os; os._exit(7)")

    done = project.pulumi("preview", "--suppress-progress")

    assert done.returncode != 0
    assert "exited with non-zero exit code: 7" in shown(done)


@pytest.fixture
def pack(tmp_path: Path) -> str:
    """A policy pack that refuses texts in capitals."""
    folder = tmp_path / "pack"
    folder.mkdir()
    runtime = {"name": "python", "options": {"virtualenv": sys.prefix}}
    (folder / "PulumiPolicy.yaml").write_text(json.dumps({"runtime": runtime, "version": "0.1.0"}))
    (folder / "__main__.py").write_text(POLICY)
    return str(folder)


@pytest.mark.parametrize(("text", "passes"), [("hello", True), ("HELLO", False)])
def test_a_mandatory_policy_decides(project: Project, pack: str, text: str, passes: bool) -> None:
    project.program(RESOURCE + f"Echoed('one', {text!r})")

    done = project.pulumi("up", "--yes", "--policy-pack", pack, "--suppress-progress")

    assert (done.returncode == 0) is passes, shown(done)
    assert ("do not shout" in shown(done)) is not passes
    created = [r["type"] for r in project.state()["deployment"].get("resources", [])]
    assert ("pulumi-python:dynamic/demo:Echoed" in created) is passes


def test_a_policy_pack_runs_on_a_saved_state(project: Project, pack: str, tmp_path: Path) -> None:
    project.program(RESOURCE + "Echoed('one', 'HELLO')")
    project.ok("up", "--yes", "--skip-preview")
    saved = tmp_path / "state.json"
    saved.write_text(json.dumps(project.state()))

    done = project.pulumi("policy", "analyze", "--file", str(saved), "--policy-pack", pack)

    assert done.returncode != 0
    assert "do not shout" in shown(done)


def plugin_archive() -> bytes:
    """A provider plugin as a release has it: a tar file with the executable."""
    script = b"#!/bin/sh\nexit 1\n"
    entry = tarfile.TarInfo("pulumi-resource-demo")
    entry.size, entry.mode = len(script), 0o755
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        archive.addfile(entry, io.BytesIO(script))
    return packed.getvalue()


@contextmanager
def plugin_server() -> Iterator[str]:
    """Serves one provider plugin, whatever is asked for."""
    body = plugin_archive()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def provider_package(server: str) -> dict[str, str]:
    """The files of an installed provider package that needs the plugin `demo`."""
    plugin = {"resource": True, "name": "demo", "version": "1.2.3", "server": server}
    return {
        "pulumi_demo/__init__.py": "",
        "pulumi_demo/pulumi-plugin.json": json.dumps(plugin),
        "pulumi_demo-1.2.3.dist-info/METADATA": "Metadata-Version: 2.1\nName: pulumi-demo\nVersion: 1.2.3\n",
        "pulumi_demo-1.2.3.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "pulumi_demo-1.2.3.dist-info/RECORD": "",
    }


def installed_plugins(project: Project) -> list[tuple[str, str]]:
    return [(plugin["name"], plugin["version"]) for plugin in json.loads(project.ok("plugin", "ls", "--json"))]


def test_the_plugins_of_installed_packages_are_installed(project: Project, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    project.options(virtualenv=str(tmp_path / "venv"))
    (site,) = (tmp_path / "venv" / "lib").glob("python*/site-packages")
    with plugin_server() as server:
        for name, text in provider_package(server).items():
            (site / name).parent.mkdir(exist_ok=True)
            (site / name).write_text(text)

        project.ok("install")

    assert installed_plugins(project) == [("demo", "1.2.3")]


def test_install_makes_the_virtual_environment_with_its_requirements(our_project: Project) -> None:
    our_project.options(virtualenv="venv")
    wheel = our_project.folder / "pulumi_demo-1.2.3-py3-none-any.whl"
    (our_project.folder / "requirements.txt").write_text(f"./{wheel.name}\n")
    with plugin_server() as server:
        with zipfile.ZipFile(wheel, "w") as archive:
            for name, text in provider_package(server).items():
                archive.writestr(name, text)

        our_project.ok("install")

    python = our_project.folder / "venv" / "bin" / "python"
    subprocess.run([python, "-c", "import pulumi_demo"], check=True)
    assert installed_plugins(our_project) == [("demo", "1.2.3")]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"virtualenv": "nowhere"}, "run `pulumi install` to create it"),
        ({"toolchain": "uv"}, ".venv: run `pulumi install` to create it"),
        ({"toolchain": "poetry"}, "toolchain 'poetry' needs the official Pulumi engine, or set 'virtualenv'"),
        ({"virtualenv": sys.prefix, "typechecker": "mypy"}, "'typechecker' needs the official Pulumi engine"),
    ],
)
def test_what_our_host_cannot_do_it_refuses_in_one_line(
    our_project: Project, options: dict[str, str], reason: str
) -> None:
    our_project.options(**options)

    done = our_project.pulumi("preview", "--suppress-progress")

    assert done.returncode != 0
    assert [line for line in shown(done).splitlines() if reason in line]
    assert "Traceback" not in shown(done)


def test_a_project_whose_lock_file_names_its_toolchain(our_project: Project) -> None:
    our_project.options()
    (our_project.folder.parent / "poetry.lock").touch()

    done = our_project.pulumi("preview", "--suppress-progress")

    assert done.returncode != 0
    assert "toolchain 'poetry' needs the official Pulumi engine, or set 'virtualenv'" in shown(done)


@pytest.mark.parametrize(("options", "above"), [({"toolchain": "uv"}, False), ({}, True)])
def test_a_project_of_uv_runs_in_the_environment_of_uv(
    our_project: Project, options: dict[str, str], above: bool
) -> None:
    our_project.options(**options)
    home = our_project.folder.parent if above else our_project.folder
    if above:
        (home / "uv.lock").touch()
    (home / ".venv").symlink_to(sys.prefix)

    our_project.ok("preview", "--suppress-progress")


UV = """
import os, sys, venv
print("uv", *sys.argv[1:])
if sys.argv[1] == "venv":
    venv.create(sys.argv[-1])
else:
    assert os.environ["VIRTUAL_ENV"].endswith(".venv")
"""


@pytest.mark.parametrize(
    ("file", "asks"), [("pyproject.toml", "uv sync --inexact"), ("requirements.txt", "uv pip install -r")]
)
def test_install_has_uv_make_and_fill_its_environment(
    our_project: Project, tmp_path: Path, file: str, asks: str
) -> None:
    our_project.options(toolchain="uv")
    (our_project.folder / file).touch()
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "uv").write_text(f"#!{sys.executable}{UV}")
    (tmp_path / "bin" / "uv").chmod(0o755)
    our_project.env["PATH"] = f"{tmp_path / 'bin'}{os.pathsep}{our_project.env['PATH']}"

    said = our_project.ok("install")

    assert "uv venv" in said
    assert asks in said
    assert (our_project.folder / ".venv" / "bin" / "python").exists()


def test_install_without_uv_says_so(our_project: Project) -> None:
    our_project.options(toolchain="uv")
    done = our_project.pulumi("install", PATH=our_project.env["PATH"].partition(os.pathsep)[0])
    assert done.returncode != 0
    assert "the toolchain is uv, which is not on PATH: install uv, or leave out 'toolchain'" in shown(done)


class Waiting:
    """A `pulumi preview` whose program waits for ever, holding a named pipe open until it ends."""

    PROGRAM = """
import os, time
pipe = open({pipe!r}, "w")
print(os.getpid(), os.getppid(), file=pipe, flush=True)
time.sleep(86400)
"""

    def __init__(self, project: Project) -> None:
        pipe = project.folder / "alive"
        os.mkfifo(pipe)
        project.program(self.PROGRAM.format(pipe=str(pipe)))
        self.cli = project.start("preview")
        self._pipe = open(pipe)  # noqa: SIM115 - closed by `close`
        self.program, self.host = map(int, self._pipe.readline().split())

    def program_ended(self) -> bool:
        """Waits until the pipe has lost its last writer."""
        ready, _, _ = select.select([self._pipe], [], [], 60)
        return bool(ready) and self._pipe.read() == ""

    def close(self) -> None:
        self._pipe.close()
        if self.cli.poll() is None:
            self.cli.kill()
        self.cli.communicate()


@pytest.fixture
def waiting(project: Project) -> Iterator[Waiting]:
    started = Waiting(project)
    yield started
    started.close()


def test_an_interrupt_ends_the_program_and_the_host(waiting: Waiting) -> None:
    with Processes([waiting.host]) as host:
        waiting.cli.send_signal(signal.SIGINT)

        output, _ = waiting.cli.communicate(timeout=60)

        assert waiting.cli.returncode != 0
        assert "preview canceled" in output
        assert waiting.program_ended()
        host.await_ends()


def test_the_program_does_not_outlive_an_engine_that_was_killed(our_project: Project) -> None:
    waiting = Waiting(our_project)
    waiting.cli.kill()

    ended = waiting.program_ended()
    waiting.close()

    assert ended


def test_nobody_outlives_a_host_that_was_killed(our_project: Project) -> None:
    waiting = Waiting(our_project)
    os.kill(waiting.host, signal.SIGKILL)

    ended = waiting.program_ended()
    waiting.cli.communicate(timeout=60)
    waiting.close()

    assert ended
    assert waiting.cli.returncode != 0
