"""What ``make mutants`` tells of the changes that nobody notices."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from tools import mutants


def test_a_quick_one_of_every_test_function_comes_first() -> None:
    seconds = {"tests/gate/a.py::test[1]": 0.1, "tests/gate/a.py::test[2]": 0.2, "tests/rules/b.py::other": 9.0}
    first, second, near = seconds
    assert mutants.few("p.safety.pack.x_f", seconds, seconds) == [first, near, second]
    assert mutants.few("p.safety.rules.shares.x_f", seconds, seconds) == [near, first, second]
    many = {f"a.py::test[{place}]": 0.1 for place in range(100)}
    assert len(mutants.few("p.safety.pack.x_f", many, many)) == mutants.FIRST


def test_what_is_said_of_the_function_as_it_is_refuses_no_change(tmp_path: Path) -> None:
    names = [f"x_f__mutmut_{place}" for place in ("orig", 1, 2, 3)]
    spans = {name: [10 * place, 10 * place + 5] for place, name in enumerate(names, 1)}
    (tmp_path / "m.py.spans").write_text(json.dumps({"version": 1, "spans": spans}))
    (tmp_path / "m.py.meta").write_text(json.dumps({"exit_code_by_key": {f"m.{name}": None for name in names[1:]}}))
    said = [(12, "old"), (22, "old"), (32, "old"), (33, "new"), (48, "between two functions"), (5, "before all")]
    errors = [{"line": line, "message": message} for line, message in said]
    assert list(mutants._refused(tmp_path / "m.py", errors)) == ["m.x_f__mutmut_2"]


def test_a_survivor_is_told_by_its_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bodies = {"orig": 'say("a b", 1)', "1": 'say("a b", 2)', "2": 'say("XXa bXX", 1)', "3": 'say("XXa bXX", 2)'}
    texts = {f"x_f__mutmut_{which}": f"def x_f__mutmut_{which}():\n    {body}\n" for which, body in bodies.items()}
    monkeypatch.setattr(mutants, "functions", lambda _: texts)
    names = [f"pulumi_voice_routing.call_flow.week.x_f__mutmut_{which}" for which in (1, 2, 3)]
    name, *lines = mutants.changed(names[0])
    assert (name, lines) == ("call_flow.week.x_f__mutmut_1", ['- say("a b", 1)', '+ say("a b", 2)'])
    assert [mutants.about_words(one) for one in names] == [False, True, False]


def test_a_reason_is_about_a_line_that_is_there() -> None:
    for survivor in tomllib.loads(mutants.REASONS.read_text()).get("survivor", []):
        where, *lines = survivor["lines"]
        module = where.rpartition(".")[0].replace(".", "/")
        text = (mutants.ROOT / "provider" / mutants.PACKAGE / f"{module}.py").read_text()
        there = {line.strip() for line in text.splitlines()}
        assert survivor["reason"]
        assert {line[2:] for line in lines if line.startswith("- ")} <= there, where
