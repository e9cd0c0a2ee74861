"""`make demo` does what it promises, and leaves nothing behind, however it ends."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.programs.conftest import ROOT

# They keep stack files in one folder and look for what is left there: one after the other.
pytestmark = pytest.mark.xdist_group("programs")


def files_around() -> set[Path]:
    """What a demo could leave: settings of its stack, and its folder. Other tests run at the same time."""
    return {*ROOT.glob("Pulumi.demo-*"), *(ROOT / "build").glob("demo-*")}


def start_demo(engine: Path, **env: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, ROOT / "tools" / "demo.py"],
        env={**os.environ, "CI": "true", "LC_ALL": "C", **env},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )


def assert_nothing_answers(said: str) -> None:
    address = re.search(r"http://127\.0\.0\.1:\d+", said)
    assert address
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"{address[0]}/_emulator/health")


@pytest.mark.xdist_group("demo")
def test_demo_shows_everything_and_leaves_nothing(engine_on_path: Path) -> None:
    before = files_around()
    with start_demo(engine_on_path, RINGCX_BASE_URL="http://127.0.0.1:9", PULUMI_ACCESS_TOKEN="of-somebody") as demo:
        said, _ = demo.communicate()
    assert demo.returncode == 0, said
    assert re.findall(r"^(\d)\. ", said, re.MULTILINE) == list("1234567")
    business_hours = re.search(r'output business_hours_profile: "123456/1001/(100[12])"', said)
    assert business_hours
    for shown in (
        "Support Denver               ACTIVE",
        "15 unchanged",
        "[mandatory]  calls-unknown",
        "ok: the provider refused",
        "[mandatory]  reassign-active-dnis",
        "ok: the program refused",
        f"number       +18005550111                 answered by profile {business_hours[1]}",
        "until = ",
        "was left in place",
        "Support Denver               inactive",
    ):
        assert shown in said
    assert files_around() == before
    assert_nothing_answers(said)


@pytest.mark.xdist_group("demo")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_demo_stops_what_it_started(how: signal.Signals, engine_on_path: Path) -> None:
    before = files_around()
    said = ""
    with start_demo(engine_on_path) as demo:
        assert demo.stdout is not None
        for line in demo.stdout:
            said += line
            if "Updating (" in line:
                demo.send_signal(how)
    assert demo.returncode == 130, said
    assert said.splitlines()[-1] == "demo: interrupted; everything it started is stopped"
    assert files_around() == before
    assert_nothing_answers(said)


@pytest.mark.xdist_group("demo")
def test_demo_that_cannot_go_on_says_so_in_one_line(tmp_path: Path) -> None:
    with start_demo(tmp_path, PATH=str(tmp_path)) as demo:
        said, _ = demo.communicate()
    assert demo.returncode == 1
    assert said == "demo: there is no pulumi on PATH; run it as `make demo`\n"
