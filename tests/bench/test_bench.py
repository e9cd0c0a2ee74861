"""The benchmark runs, and what it counts is as little as promised; how long anything takes is not judged here."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from bench import measure, memory
from bench.cases import Figures, Floor, Network, scenarios
from bench.report import markdown, rows

LOCAL = Network(latency_ms=0, limited=False)


@pytest.fixture
def engine(engine_on_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICE_ROUTING_ENGINE_DIR", str(engine_on_path))


def requests(figures: list[Figures]) -> Mapping[str, int]:
    return {one.step: one.requests for one in figures}


@pytest.mark.usefixtures("engine")
def test_destinations_cost_one_request_each_and_one_for_all_looks() -> None:
    destinations = scenarios(0.06)[0]
    ours = list(destinations.run("voice-routing", LOCAL))
    # One more to see whether the account is the right one, one list that tells of twins, and one of the numbers, to
    # which of them the changes matter.
    assert requests(ours) == {
        "create": 12 + 2,
        "empty preview": 1,  # whether the vendor can be reached
        "preview with refresh": 1,
        "refresh": 1,
        "10 changed": 20 + 2,
        "destroy": 1,
    }
    table = rows(ours)
    assert [row["step"] for row in table] == list(requests(ours))
    assert all(row["seconds"] > 0 and row["cpu_seconds"] > 0 and row["peak_megabytes"] > 0 for row in table)


@pytest.mark.usefixtures("engine")
def test_numbers_go_in_batches() -> None:
    numbers = scenarios(0.3)[1]
    counted = requests(list(numbers.run("voice-routing", LOCAL)))
    # Three of them look at where calls of the profile go: overrides of its destination and of its link, and whether
    # they come back to a number of the account.
    assert counted["create and assign"] <= 12 + 3
    assert counted["preview with refresh"] == counted["refresh"] == 1
    assert counted["move"] <= 13 + 3


@pytest.mark.usefixtures("engine")
def test_the_plain_provider_makes_one_call_for_each_object() -> None:
    with closing(scenarios(0.01)[0].run("plain", LOCAL)) as steps:
        assert next(steps).requests == 2


def test_floors_follow_rate_and_latency() -> None:
    late, limited = Network(50, limited=False), Network(50, limited=True)
    assert Floor(200, 1).seconds(late) == pytest.approx(0.05)
    assert Floor(120, 1).seconds(limited) == pytest.approx(0.05)
    assert Floor(200, 1).seconds(limited) == pytest.approx(60.05)
    assert Floor(0, 0).seconds(limited) == 0


def test_table_has_medians_and_ratios() -> None:
    def one(requests: int, seconds: float) -> Figures:
        cost = measure.Cost(seconds, cpu_seconds=1.0, peak_bytes=2_000_000)
        return Figures("2 things", "create", "plain", Network(50, limited=False), requests, cost, Floor(2, 1))

    table = rows([one(2, 0.1), one(4, 0.2), one(4, 9.0)])
    assert table[0]["runs"] == 3
    assert (table[0]["requests"], table[0]["requests_ratio"]) == (4, 2.0)
    assert (table[0]["seconds"], table[0]["seconds_ratio"]) == (0.2, 4.0)
    assert "| create | plain | 4 | 2 | 2.0 | 0.2 | 0.05 | 4.0 | 1.0 | 2 |" in markdown(table)


def test_every_process_below_a_command_counts(tmp_path: Path) -> None:
    busy = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'sum(range(10**7))'], check=True)"
    alone = measure.measured(["sh", "-c", "true"], tmp_path, dict(os.environ))
    family = measure.measured(["python3", "-c", busy], tmp_path, dict(os.environ))
    assert family.cpu_seconds > alone.cpu_seconds
    assert family.peak_bytes > 1_000_000


def test_a_command_that_fails_says_what_it_printed(tmp_path: Path) -> None:
    with pytest.raises(measure.Failed, match="no such luck"):
        measure.measured(["sh", "-c", "echo no such luck; exit 3"], tmp_path, dict(os.environ))


def test_memory_is_that_of_each_process() -> None:
    command = [sys.executable, "-c", "import sys; print(1, flush=True); sys.stdin.read()", "-m", "pulumi.dynamic"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as provider:
        assert provider.stdout is not None
        provider.stdout.readline()
        used = memory.of_now(provider.pid)
        provider.communicate()
    assert used.keys() == {"provider"}
    resident, shared = used["provider"]
    assert 1000 < shared <= resident
