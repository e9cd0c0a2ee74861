"""Where the two sides of a comparison come from.

======================= ==========================================================================================
``live``                the accounts that the settings lead to
``live:FILE``           the accounts that the settings in a file of ``NAME=value`` lines lead to
a folder                what the program in it declares, such as an exported one
a file                  a state, a preview as JSON, or the state or the seed of an emulator; its content tells
anything else           the stack of that name
======================= ==========================================================================================
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ...call_flow.routing import Routing
from ...errors import SettingsError, VoiceRoutingError, one_line
from ...lifecycle import meaning as means
from ...lifecycle.model import Values
from ...lifecycle.provider import MANAGED
from ...plan.facts import Facts, Resource, plain, saved_resources
from ...plan.preview import LARGEST_FILE_BYTES
from ...plan.sources import exported, planned, read_state
from ...registry import provider_for
from ...text_files import read_text, read_whole
from ..export.account import Found, read
from ..export.wanted import Wanted
from ..stand_in import environment, forget_clients
from ..terminal import Told

LIVE = "live"
_MOST_SECONDS = 120.0
_EMULATED = {"RINGCX_ACCOUNT_ID": "123456", "RINGCX_REQUESTS_PER_MINUTE": "0", "RINGEX_REQUESTS_PER_MINUTE": "0"}


@dataclass
class Side:
    """One of the two."""

    name: str
    resources: list[Resource]
    routing: Routing
    known: list[Resource] = field(default_factory=list)
    """Resources with ids that others may name, beside :attr:`resources`."""
    errors: list[str] = field(default_factory=list)
    """What could not be read, one line each."""


def side(name: str, cwd: Path, told: Told) -> Side:
    """What a name on the command line stands for. Raises :class:`VoiceRoutingError`."""
    told(*((0, 0) if name.partition(":")[0] == LIVE else (1, 1)), name)
    if name == LIVE:
        return _live(name, told)
    if name.startswith(f"{LIVE}:"):
        with _settings(_read_settings(Path(name.removeprefix(f"{LIVE}:")))):
            return _live(name, told)
    path = Path(name)
    if path.is_dir():
        return _saved(name, declared_in(path))
    if path.exists() or path.suffix:
        return _file(name, path, cwd, told)
    return _saved(name, saved_resources(exported(cwd, name)))


def _saved(name: str, resources: Iterator[Resource]) -> Side:
    there = [one for one in resources if not one.lookup]
    return Side(name, there, Routing.of_state(there))


def _live(name: str, told: Told) -> Side:
    account = read(Wanted(), told=told)
    there = [
        Resource(one.token, one.label, f"{one.token}::{one.id}", plain({**_off(one), **one.outputs(one.args)}), one.id)
        for one in account.objects
    ]
    return Side(name, there, Routing.of_state(there), errors=account.failures)


def _off(one: Found) -> Values:
    """The switch of an object that is off: an export leaves it out, as it begins so, but to callers it matters."""
    switch = one.roles.top(means.Switch)
    if switch is None or switch.mark.first or switch.field in one.args:
        return {}
    shown = (provider_for(one.token).look(one.id, {MANAGED: [switch.field]}) or {}).get(switch.field)
    return {switch.field: shown} if isinstance(shown, bool) else {}


def _file(name: str, path: Path, cwd: Path, told: Told) -> Side:
    try:
        document = json.loads(read_whole(path, LARGEST_FILE_BYTES))
    except OSError as error:
        raise SettingsError(f"compare: {path} cannot be read: {error.strerror or error}") from None
    except (ValueError, RecursionError):
        document = None  # a preview may be a log, which is no document
    if isinstance(document, dict) and "deployment" in document:
        return _saved(name, saved_resources(read_state(path)))
    if isinstance(document, dict) and "objects" in document:
        with _emulator(path) as settings, _settings(settings):
            return _live(name, told)
    plan = planned(path, cwd=cwd)
    facts: Facts = plan.facts()
    known = facts.before.resources if facts.before is not None else []
    return Side(name, facts.declared, Routing(facts), known)


# A program


def declared_in(folder: Path) -> Iterator[Resource]:
    """What the program in a folder declares, told without an engine. Raises :class:`VoiceRoutingError`."""
    if not (folder / "__main__.py").is_file():
        raise SettingsError(f"compare: {folder} holds no program: there is no __main__.py in it")
    command = [sys.executable, "-m", f"{__package__}.declared"]
    try:
        done = subprocess.run(  # noqa: S603 - the user's own program
            command, cwd=folder, capture_output=True, text=True, timeout=_MOST_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise VoiceRoutingError(f"compare: the program in {folder} does not run: {one_line(str(error))}") from None
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["it says nothing"])[-1]
        raise VoiceRoutingError(
            f"compare: the program in {folder} fails: {one_line(why)[:300]}{_line_of(done.stderr, folder)}"
        )
    for one in json.loads(done.stdout):
        yield Resource(**{**one, "props": plain(one["props"])})


def _line_of(traceback: str, folder: Path) -> str:
    """The line of the program that a traceback ends at; nothing where the reason names one, or none is its own."""
    if re.match(r"[\w./]+\.py:\d+: ", traceback.strip().rpartition("\n")[2].partition(": ")[2]):
        return ""
    places = [(folder / name, line) for name, line in re.findall(r'File "([^"<]+)", line (\d+)', traceback)]
    own = [(path, line) for path, line in places if folder.resolve() in path.resolve().parents]
    return f" ({own[-1][0].resolve().relative_to(folder.resolve())}, line {own[-1][1]})" if own else ""


# Settings


def _read_settings(path: Path) -> dict[str, str]:
    try:
        lines = read_text(path).splitlines()
    except (OSError, ValueError) as error:
        raise SettingsError(f"compare: {path} cannot be read: {error}") from None
    found: dict[str, str] = {}
    for place, line in enumerate(lines, 1):
        name, is_set, value = line.strip().removeprefix("export ").partition("=")
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not is_set or not name.strip().isidentifier():
            raise SettingsError(f"compare: {path}, line {place}: a line is NAME=value")
        found[name.strip()] = value.strip().strip("\"'")
    return found


@contextmanager
def _settings(settings: Mapping[str, str]) -> Iterator[None]:
    """Other settings than those of this process; what is signed in and read with them ends with them."""
    vendors = ("RINGCX_", "RINGEX_", "PORTSIP_")
    with environment({}):
        forget_clients()
        for name in list(os.environ):
            if name.startswith(vendors):
                del os.environ[name]  # one account's token is not sent to another one's host
        os.environ.update(settings)
        try:
            yield
        finally:
            forget_clients()


@contextmanager
def _emulator(path: Path) -> Iterator[dict[str, str]]:
    """An emulator that begins with what a file holds, and the settings that lead to it."""
    command = [sys.executable, "-m", "pulumi_voice_routing", "emulate", "--until-eof", "--no-rate-limits"]
    with subprocess.Popen(  # noqa: S603
        [*command, "--seed", str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            first = process.stdout.readline() if process.stdout is not None else ""
            url = first.split()[-1] if first.startswith("listening on ") else ""
            if not url:
                why = process.communicate()[1].strip().splitlines() or ["it does not start"]
                raise VoiceRoutingError(f"compare: {path}: {one_line(why[-1]).removeprefix('error: ')}")
            hosts = {f"{vendor}_BASE_URL": url for vendor in ("RINGCX", "RINGEX", "PORTSIP")}
            tokens = {f"{vendor}_ACCESS_TOKEN": "emulator-token" for vendor in ("RINGCX", "RINGEX", "PORTSIP")}
            yield {**hosts, **tokens, **_EMULATED}
        finally:
            process.terminate()


__all__ = ["LIVE", "Side", "declared_in", "side"]
