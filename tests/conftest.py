"""What tests on the real engine share: an engine, an emulator, and stacks that lead to it.

def test_it(emulator: Emulated, stack: Stack) -> None:
    run = stack.up(lambda: pulumi.export("id", ringcx.RouteGroup("denver", name="Denver").id))
    assert emulator.api("GET", "/cloudRouteDestinationGroups/1001")["groupName"] == "Denver"
"""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

# Its pytest plugin would import it at the very end, where clearing up after failed programs upsets the parser.
import hypothesis  # noqa: F401
import pytest

from pulumi_voice_routing import portsip, ringcx, ringex, settings
from pulumi_voice_routing.lifecycle import keeping, reaching, standing, turns, writes
from tests import chance, parsing
from tests.apart import apart, grpc_runs_here
from tests.drift.states import forget_clients
from tests.emulated import Emulated, settings_for
from tests.spare import Spare
from tests.stacks import Stack, engine_path
from tests.traffic import checks

# Types are loaded as they are used; tests that go through all of them find them in the registry.
for _vendor in (ringcx, ringex, portsip):
    for _name in _vendor.__all__:
        getattr(_vendor, _name)

chance.same_in_every_run()
parsing.undisturbed()

NewStack = Callable[..., Stack]

_TESTS = count()
_SETTINGS = ("PULUMI_", "RINGCX_", "RINGEX_", "PORTSIP_", "VOICE_ROUTING_")
_OURS = ("VOICE_ROUTING_ENGINE_DIR", "VOICE_ROUTING_CONTRACTS")


def pytest_configure(config: pytest.Config) -> None:
    checks.configure(config)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests that need an engine are those whose fixtures do; ``-m "not engine"`` leaves them out."""
    for item in items:
        if "found_engine" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.engine)
    if hasattr(config, "workerinput"):  # the long ones first, so that at the end no worker waits for another
        items.sort(key=lambda item: [item.get_closest_marker(long) is None for long in ("engine", "whole_run")])


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a test that is marked ``apart`` in a copy of this process; its fixtures are made and ended here."""
    if pyfuncitem.get_closest_marker("apart") is None:
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in inspect.signature(pyfuncitem.obj).parameters}
    apart(lambda: pyfuncitem.obj(**arguments))
    return True


@pytest.fixture(autouse=True)
def a_new_run(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """What a process has learned of a program and of vendors, and which words are secret, ends with the test; so do
    its notes. The emulator keeps its address, so that a client would take one test's lists for another one's.
    """
    monkeypatch.setenv("VOICE_ROUTING_CACHE_DIR", str(tmp_path_factory.getbasetemp() / f"cache-{next(_TESTS)}"))
    monkeypatch.setattr(settings, "_secrets", set())
    turns.forget()
    reaching.forget()
    writes.forget()
    standing.forget()
    keeping.forget()
    forget_clients()


@pytest.fixture(autouse=True)
def no_test_starts_grpc_here() -> Iterator[None]:
    """It would hang a test that comes later; which one, and whether, is left to chance."""
    before = grpc_runs_here()
    yield
    assert before or not grpc_runs_here(), "the test started gRPC in the process of the tests: mark it `apart`"


@pytest.fixture(scope="session")
def found_engine(pytestconfig: pytest.Config) -> Path:
    """The engine's folder: ``VOICE_ROUTING_ENGINE_DIR``, else what ``tools/engine/find.py`` finds."""
    if "not engine" in pytestconfig.getoption("markexpr"):
        pytest.fail("a test asks for the engine in a way that no list of its fixtures tells", pytrace=False)
    if given := os.environ.get("VOICE_ROUTING_ENGINE_DIR"):
        return Path(given)
    find = Path(__file__).parents[1] / "tools" / "engine" / "find.py"
    found = subprocess.run([sys.executable, find], stdout=subprocess.PIPE, text=True, check=True)
    return Path(found.stdout.strip())


@pytest.fixture(scope="session")
def engine_on_path(found_engine: Path) -> Iterator[Path]:
    """The engine's folder. It and this interpreter come first on PATH.

    No setting of whoever runs the tests gets through.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ:
            if name.startswith(_SETTINGS) and name not in _OURS:
                patch.delenv(name)
        patch.setenv("PATH", engine_path(found_engine))
        yield found_engine


@pytest.fixture(scope="session")
def pulumi_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The engine's own folder, for all stacks of this process."""
    return tmp_path_factory.mktemp("pulumi-home")


@pytest.fixture(scope="session")
def spare() -> Iterator[Spare]:
    """An interpreter that the engine gets its providers and packs from."""
    spare = Spare()
    yield spare
    spare.stop()


@pytest.fixture(scope="session")
def emulator_process() -> Iterator[Emulated]:
    """One process for all tests of this one; use :func:`emulator`."""
    emulated = Emulated()
    yield emulated
    emulated.stop()


@pytest.fixture(scope="session")
def journals(pytestconfig: pytest.Config) -> Path:
    """The folder for what the emulator noted. When all tests are over, :mod:`tests.traffic.checks` judges it."""
    return pytestconfig.stash[checks.FOLDER]


@pytest.fixture
def emulator(emulator_process: Emulated, journals: Path) -> Iterator[Emulated]:
    """The emulator with an empty account. Its journal is kept when the test ends."""
    emulator_process.start_over()
    yield emulator_process
    emulator_process.clear()
    emulator_process.save_journal(journals)


@pytest.fixture
def emulator_env(emulator: Emulated) -> dict[str, str]:
    """The settings that lead to the emulator."""
    return settings_for(emulator.url)


@pytest.fixture
def new_stack(
    engine_on_path: Path, pulumi_home: Path, spare: Spare, emulator_env: dict[str, str], tmp_path: Path
) -> NewStack:
    """Makes stacks whose provider talks to the emulator; keyword arguments are further settings."""
    made = 0

    def make(**env: str) -> Stack:
        nonlocal made
        made += 1
        folder = tmp_path / f"stack-{made}"
        folder.mkdir()
        return Stack(folder, pulumi_home, {**emulator_env, **env}, python=spare.python)

    return make


@pytest.fixture
def stack(new_stack: NewStack) -> Stack:
    """A new stack whose provider talks to the emulator."""
    return new_stack()
