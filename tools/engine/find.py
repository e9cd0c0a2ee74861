"""Finds a Pulumi engine, or makes one, and prints the folder to put first on PATH.

    PATH="$(.venv/bin/python tools/engine/find.py):$PATH"

The order: `pulumi` on PATH, the one in the checkout, the one in the user's cache, the official installer, a build from
the Go modules that `go.mod` pins. See README.md in this folder. The checkout's copy is `.pulumi-engine/bin`; the user's
cache is `$VOICE_ROUTING_CACHE_DIR`, else `$XDG_CACHE_HOME/pulumi-voice-routing`, else `~/.cache/pulumi-voice-routing`.

Standard output is that one folder. Progress goes to standard error. Without an engine: one line there, exit code 1.
"""
# ruff: noqa: S101, S603 - asserts narrow types; every command is one of this file's own

from __future__ import annotations

import os
import platform
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
CHECKOUT_BIN = HERE.parents[1] / ".pulumi-engine" / "bin"
"""What the engine needs, for this checkout: nothing outside it but Python."""

CLI_MODULE = "github.com/pulumi/pulumi/pkg/v3"
SDK_MODULE = "github.com/pulumi/pulumi/sdk/v3"
ENGINE, HOST, EXECUTOR, DYNAMIC = (
    "pulumi",
    "pulumi-language-python",
    "pulumi-language-python-exec",
    "pulumi-resource-pulumi-python",
)
BUILT_FILES = (ENGINE, EXECUTOR, DYNAMIC)
"""What a build leaves in the user's cache. The language host is this project's own, so it belongs to a checkout."""

HEARTBEAT_SECONDS = 10.0
INSTALL_LIMIT_SECONDS = 600.0

INSTALLER = """
import socket, sys, semver
from pulumi.automation import PulumiCommand
socket.setdefaulttimeout(15)
PulumiCommand.install(root=sys.argv[1], version=semver.VersionInfo.parse(sys.argv[2]))
"""


class NotThisWay(Exception):
    """One way to an engine is closed; the message says why in a few words."""


def say(text: str) -> None:
    print(f"engine: {text}", file=sys.stderr, flush=True)


def pinned_version() -> str:
    """The version in `go.mod`, such as "3.259.0": what is installed or built, and the oldest accepted on PATH."""
    found = re.search(rf"{re.escape(CLI_MODULE)} v(\d+\.\d+\.\d+)", (HERE / "go.mod").read_text())
    if not found:
        raise NotThisWay(f"{HERE / 'go.mod'} does not pin {CLI_MODULE}")
    return found[1]


VERSION = pinned_version()


def cache() -> Path:
    """The user's cache folder for engines."""
    if own := os.environ.get("VOICE_ROUTING_CACHE_DIR"):
        return Path(own).absolute() / "engine"
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base, "pulumi-voice-routing", "engine").absolute()


def built_folder() -> Path:
    """Where a build goes, named as Go names the machine."""
    machine = platform.machine().lower()
    goarch = {"x86_64": "amd64", "aarch64": "arm64"}.get(machine, machine)
    return cache() / f"v{VERSION}-{sys.platform}-{goarch}"


def installed_folder() -> Path:
    """Where the official installer puts its engine; the programs are in `bin`."""
    return built_folder().with_name(f"{built_folder().name}-official")


def version_of(pulumi: Path) -> tuple[int, ...]:
    """What `pulumi version` says. Raises `NotThisWay` if it does not run."""
    env = os.environ | {"PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        said = subprocess.run([pulumi, "version"], capture_output=True, text=True, timeout=60, env=env).stdout
    except (OSError, subprocess.TimeoutExpired):
        said = ""
    found = re.match(r"v?(\d+)\.(\d+)\.(\d+)", said)
    if not found:
        raise NotThisWay(f"{pulumi} does not run")
    return tuple(int(part) for part in found.groups())


def on_path() -> Path:
    """The folder of a `pulumi` on PATH that is recent enough and comes with its Python language host."""
    found = shutil.which(ENGINE)
    if not found or Path(found).parent == CHECKOUT_BIN:
        raise NotThisWay("no pulumi")
    actual = version_of(Path(found))
    if actual < tuple(int(part) for part in VERSION.split(".")):
        raise NotThisWay(f"{found} is {'.'.join(map(str, actual))}, older than {VERSION}")
    if not shutil.which(HOST) and not executable(Path(found).resolve().parent / HOST):
        raise NotThisWay(f"{found} comes without {HOST}")
    return Path(found).parent


def executable(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)


def in_checkout() -> Path:
    """The checkout's own copy, if it is whole and of the pinned version."""
    shim = CHECKOUT_BIN / HOST
    if not all(executable(CHECKOUT_BIN / name) for name in BUILT_FILES) or not shim.is_file():
        raise NotThisWay("none")
    if version_line() not in shim.read_text().splitlines():
        raise NotThisWay("another version")
    write_shim()
    return CHECKOUT_BIN


def in_cache() -> Path:
    """An engine that this machine has installed or built before, for this checkout or another."""
    if executable(installed_folder() / "bin" / ENGINE):
        return installed_folder() / "bin"
    if not all(executable(built_folder() / name) for name in BUILT_FILES):
        raise NotThisWay(f"none in {cache()}")
    return copy_to_checkout()


def copy_to_checkout() -> Path:
    """Puts the built files and the language host side by side: the engine warns about a host that lies elsewhere."""
    CHECKOUT_BIN.mkdir(parents=True, exist_ok=True)
    for name in BUILT_FILES:
        with replacing(CHECKOUT_BIN / name) as new:
            link_or_copy(built_folder() / name, new)
    write_shim()
    return CHECKOUT_BIN


def link_or_copy(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)


def version_line() -> str:
    return f"# pulumi {VERSION}"


def write_shim() -> None:
    """The `pulumi-language-python` of the checkout: our host, run by the checkout's own Python where it has one.

    Whoever else runs this file may take its Python away again.
    """
    own = HERE.parents[1] / ".venv" / "bin" / "python"
    python = str(own) if executable(own) else sys.executable
    command = shlex.join([python, str(HERE / "language_host.py"), str(CHECKOUT_BIN / EXECUTOR)])
    text = f'#!/bin/sh\n{version_line()}\nexec {command} "$@"\n'
    shim = CHECKOUT_BIN / HOST
    if executable(shim) and shim.read_text() == text:
        return
    with replacing(shim) as new:
        new.write_text(text)
        new.chmod(0o755)


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A path to write, which then takes the place of `target` in one step."""
    new = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        yield new
        os.replace(new, target)
    finally:
        new.unlink(missing_ok=True)


@contextmanager
def only_one() -> Iterator[None]:
    """Lets one process at a time fill the user's cache; the others wait, and then find it full."""
    import fcntl

    cache().mkdir(parents=True, exist_ok=True)
    with open(cache() / f".v{VERSION}.lock", "w") as lock:
        started = reported = time.monotonic()
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if reported == started or time.monotonic() - reported > HEARTBEAT_SECONDS:
                    reported = time.monotonic()
                    say(f"waiting for another process that installs or builds it ({reported - started:.0f} s)")
                time.sleep(0.5)
        yield


@contextmanager
def filling(folder: Path) -> Iterator[Path]:
    """A new folder to fill, which then becomes `folder` in one step, or nothing if the filling fails."""
    with tempfile.TemporaryDirectory(dir=cache(), prefix=f".{folder.name}.", ignore_cleanup_errors=True) as scratch:
        new = Path(scratch, folder.name)
        new.mkdir()
        yield new
        shutil.rmtree(folder, ignore_errors=True)
        os.rename(new, folder)


def run(what: str, command: list[str], *, usually: str, cwd: Path, limit: float = float("inf"), unit: str = "") -> None:
    """Runs a step that may take long: a line every few seconds says how far it is, `unit` naming what its output lists.

    Raises `NotThisWay` with the last line of its output if it fails or takes more than `limit` seconds.
    """
    started = time.monotonic()
    process = subprocess.Popen(
        command,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    lines: deque[str] = deque(maxlen=1)
    count = 0

    def read() -> None:
        nonlocal count
        assert process.stdout
        for line in process.stdout:
            if line.strip():
                lines.append(line.strip())
                count += 1

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        while process.poll() is None:
            try:
                process.wait(HEARTBEAT_SECONDS)
            except subprocess.TimeoutExpired:
                elapsed = time.monotonic() - started
                so_far = f", {count} {unit}" if unit else ""
                say(f"{what}: {elapsed:.0f} s{so_far} (usually {usually})")
                if elapsed > limit:
                    raise NotThisWay(f"no answer in {limit:.0f} s") from None
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()
    reader.join()
    if process.returncode:
        raise NotThisWay(lines[-1][:160] if lines else f"exit code {process.returncode}")


def install() -> Path:
    """The official engine, by the installer that the Pulumi SDK carries."""
    with only_one():
        if not executable(installed_folder() / "bin" / ENGINE):
            with filling(installed_folder()) as folder:
                run(
                    f"downloading Pulumi {VERSION}",
                    [sys.executable, "-c", INSTALLER, str(folder), VERSION],
                    usually="under a minute",
                    cwd=folder,
                    limit=INSTALL_LIMIT_SECONDS,
                )
                version_of(folder / "bin" / ENGINE)
    return installed_folder() / "bin"


def build() -> Path:
    """The engine from its Go modules, with the SDK's own scripts beside it."""
    go = shutil.which("go")
    if not go:
        raise NotThisWay("no go on PATH")
    with only_one():
        if not all(executable(built_folder() / name) for name in BUILT_FILES):
            say(f"building Pulumi {VERSION} from its Go modules, once for this machine (usually 3 to 8 minutes)")
            with filling(built_folder()) as folder:
                stamp = f"-s -w -X {SDK_MODULE}/go/common/version.Version=v{VERSION}"
                flags = ["-v", "-buildvcs=false", "-tags", "osusergo,grpcnotrace", "-ldflags", stamp]
                run(
                    f"building Pulumi {VERSION}",
                    [go, "build", *flags, "-o", str(folder / ENGINE), f"{CLI_MODULE}/cmd/pulumi"],
                    usually="3 to 8 minutes",
                    cwd=HERE,
                    unit="modules downloaded or packages compiled",
                )
                version_of(folder / ENGINE)
                copy_sdk_scripts(go, folder)
    return copy_to_checkout()


def copy_sdk_scripts(go: str, folder: Path) -> None:
    """Takes the two Python scripts that the engine's Python support needs from the downloaded SDK module."""
    listed = subprocess.run([go, "list", "-m", "-f", "{{.Dir}}", SDK_MODULE], cwd=HERE, capture_output=True, text=True)
    if listed.returncode:
        raise NotThisWay(f"go list {SDK_MODULE} failed")
    sdk = Path(listed.stdout.strip(), "python")
    for source in (sdk / "cmd" / EXECUTOR, sdk / "dist" / DYNAMIC):
        shutil.copyfile(source, folder / source.name)
        (folder / source.name).chmod(0o755)


WAYS: dict[str, Callable[[], Path]] = {
    "PATH": on_path,
    ".pulumi-engine": in_checkout,
    "cache": in_cache,
    "official installer": install,
    "Go build": build,
}


def find() -> Path:
    """The folder of a usable engine. Raises `NotThisWay` with every reason if there is none."""
    reasons = []
    for name, way in WAYS.items():
        try:
            return way()
        except (NotThisWay, OSError) as reason:
            reasons.append(f"{name}: {reason}")
    raise NotThisWay("; ".join(reasons))


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        print(find())
    except NotThisWay as reasons:
        say(f"no usable Pulumi ({reasons}); put Pulumi {VERSION} or newer on PATH, or Go with access to its modules")
        return 1
    except KeyboardInterrupt:
        say("interrupted")
        return 128 + signal.SIGINT
    return 0


if __name__ == "__main__":
    sys.exit(main())
