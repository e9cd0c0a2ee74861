"""What ``make mutants`` tells of the changes that nobody notices."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tools import mutants

NAMES = [f"pulumi_voice_routing.safety.pack.x_f__mutmut_{place}" for place in range(100)]


def test_a_quick_case_of_every_test_function_comes_first() -> None:
    seconds = {"tests/gate/a.py::test[1]": 0.1, "tests/gate/a.py::test[2]": 0.2, "tests/rules/b.py::other": 9.0}
    first, second, other = seconds
    assert mutants.order([second, other, first], seconds) == [first, other, second]
    assert mutants.order([other], seconds) == [other]
    assert mutants.order([second, other, first], {**seconds, other: 2.0 * mutants.MOST_SECONDS}) == [first]


def test_a_sample_is_the_same_with_the_same_seed() -> None:
    first, again, other = (mutants.drawn(NAMES, 20, seed) for seed in (1, 1, 2))
    assert first == again != other
    assert len(set(first)) == 20
    assert mutants.drawn(NAMES, 1000, 1) == sorted(NAMES)


@pytest.mark.parametrize(
    ("alive", "explained", "code", "share"),
    [(0, 0, 0, "100.0 %"), (5, 0, 0, "95.0 %"), (6, 0, 1, "94.0 %"), (6, 1, 0, "94.0 %")],
)
def test_it_fails_when_too_much_survives_without_a_reason(
    alive: int,
    explained: int,
    code: int,
    share: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    survivors = [{"lines": ["elsewhere", f"- {name}"], "reason": "it is so"} for name in NAMES[:explained]]
    written = "".join(f"[[survivor]]\nlines = {json.dumps(one['lines'])}\nreason = 'so'\n" for one in survivors)
    reasons = tmp_path / "tests" / "mutants.toml"
    reasons.parent.mkdir()
    reasons.write_text(written)
    monkeypatch.setattr(mutants, "ROOT", tmp_path)
    monkeypatch.setattr(mutants, "REASONS", reasons)
    monkeypatch.setattr(mutants, "changed", lambda name: (name, f"- {name}"))
    assert mutants.tell(NAMES, NAMES, NAMES[alive:]) == code
    said = capsys.readouterr().out
    assert share in said
    assert said.count("has no reason") == alive - explained


def test_each_change_is_tried_in_a_process_of_its_own(tmp_path: Path) -> None:
    """One is noticed, one is not, one ends the process, and what one leaves behind is not known to the next."""
    (tmp_path / "pyproject.toml").write_text(
        '[tool.mutmut]\npytest_add_cli_args = ["-p", "no:cacheprovider"]\n'
        'pytest_add_cli_args_test_selection = ["test_it.py"]\n'
    )
    (tmp_path / "test_it.py").write_text(
        "import os\nseen = []\n"
        "def test_it():\n"
        "    change = os.environ['MUTANT_UNDER_TEST']\n    assert not seen\n    seen.append(change)\n"
        "    assert change != 'bad'\n    assert change != 'ends' or os._exit(9)\n"
    )
    orders, results = tmp_path / "orders.json", tmp_path / "results.json"
    orders.write_text(json.dumps({name: ["test_it.py::test_it"] for name in ("good", "bad", "ends", "other")}))
    command = [sys.executable, str(mutants.RUNS), str(orders), str(results), "2"]
    env = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, cwd=tmp_path, env=env, check=False, text=True, capture_output=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(results.read_text()) == {"bad": "test_it.py::test_it", "ends": "it ended with 9"}


def test_what_is_said_of_the_function_as_it_is_refuses_no_change(tmp_path: Path) -> None:
    names = [f"x_f__mutmut_{place}" for place in ("orig", 1, 2, 3)]
    spans = {name: [10 * place, 10 * place + 5] for place, name in enumerate(names, 1)}
    (tmp_path / "m.py.spans").write_text(json.dumps({"version": 1, "spans": spans}))
    (tmp_path / "m.py.meta").write_text(json.dumps({"exit_code_by_key": {f"m.{name}": None for name in names[1:]}}))
    said = [(12, "old"), (22, "old"), (32, "old"), (33, "new"), (48, "between two functions"), (5, "before all")]
    errors = [{"line": line, "message": message} for line, message in said]
    assert list(mutants._refused(tmp_path / "m.py", errors)) == ["m.x_f__mutmut_2"]


def test_a_survivor_is_told_by_its_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bodies = {
        "orig": 'say("a", "a b", 1)',
        "1": 'say("a", "a b", 2)',
        "2": 'say("a", "XXa bXX", 1)',
        "3": 'say("b", "A B", 1)',
    }
    texts = {f"x_f__mutmut_{which}": f"def x_f__mutmut_{which}():\n    {body}\n" for which, body in bodies.items()}
    monkeypatch.setattr(mutants, "functions", lambda _: texts)
    names = [f"pulumi_voice_routing.call_flow.week.x_f__mutmut_{which}" for which in (1, 2, 3)]
    name, *lines = mutants.changed(names[0])
    assert (name, lines) == ("call_flow.week.x_f__mutmut_1", ['- say("a", "a b", 1)', '+ say("a", "a b", 2)'])
    assert [mutants.about_words(one) for one in names] == [False, True, False]


def test_a_reason_is_about_a_line_that_is_there() -> None:
    for survivor in tomllib.loads(mutants.REASONS.read_text()).get("survivor", []):
        where, *lines = survivor["lines"]
        module = where.rpartition(".")[0].replace(".", "/")
        text = (mutants.ROOT / "provider" / mutants.PACKAGE / f"{module}.py").read_text()
        there = {line.strip() for line in text.splitlines()}
        assert survivor["reason"]
        assert {line[2:] for line in lines if line.startswith("- ")} <= there, where
