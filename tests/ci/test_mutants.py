"""What ``make mutants`` tells of the changes that nobody notices."""

from __future__ import annotations

import json
import subprocess
import tomllib
from pathlib import Path

import pytest

from tools import mutant_runs, mutants

NAMES = [f"pulumi_voice_routing.safety.pack.x_f__mutmut_{place}" for place in range(100)]


def test_quick_tests_come_first_and_some_of_every_test_function() -> None:
    seconds = {"tests/gate/a.py::test[1]": 0.1, "tests/gate/a.py::test[2]": 0.2, "tests/rules/b.py::other": 0.3}
    first, second, other = seconds
    assert mutant_runs.order([second, other, first], seconds) == [first, other, second]
    assert mutant_runs.order([other], seconds) == [other]
    assert mutant_runs.order([second, other, first], {**seconds, other: 9.0}) == [first, second, other]
    long = {**seconds, other: 2.0 * mutant_runs.MOST_SECONDS}
    assert mutant_runs.order([second, other, first], long) == [first, second]


def test_a_sample_is_the_same_with_the_same_seed_and_has_what_the_types_allow(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    refused = set(NAMES[:60])

    def refused_by_types(names: list[str]) -> set[str]:
        asked.append(names)
        return refused & set(names)

    monkeypatch.setattr(mutants, "refused_by_types", refused_by_types)
    first, again, other = (mutants.drawn(NAMES, 20, seed) for seed in (1, 1, 2))
    assert first == again != other
    assert len(set(first)) == 20
    assert not refused & {*first, *other}
    assert max(map(len, asked)) == 60, "no more are looked at than is likely to be enough"
    assert mutants.drawn(NAMES, 1000, 1) == mutants.drawn(NAMES, None, 1) == sorted(NAMES[60:])


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


MODULE = """
import os

def smaller(one: int, two: int) -> bool:
    return one < two

def leave(code: int) -> None:
    if code == 1:
        os._exit(9)

def reached_by_no_test() -> int:
    return 1
"""
TESTS = """
from pulumi_voice_routing.safety import rule

seen = []

def test_smaller():
    assert not seen, "what one change leaves behind is known to the next"
    seen.append(1)
    assert rule.smaller(1, 2)
    assert not rule.smaller(3, 2)

def test_leave():
    rule.leave(0)
"""


def test_each_change_is_tried_in_a_process_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some are noticed, some are not, and one ends the process."""
    monkeypatch.setattr(mutants, "COPY", tmp_path)
    module = tmp_path / "src" / mutants.PACKAGE / "safety" / "rule.py"
    module.parent.mkdir(parents=True)
    packages = (module.parent.parent / "__init__.py", module.parent / "__init__.py")
    for file, text in (*((one, "") for one in packages), (module, MODULE), (tmp_path / "test_it.py", TESTS)):
        file.write_text(text)
    (tmp_path / "pyproject.toml").write_text(
        '[tool.mutmut]\npytest_add_cli_args = ["-p", "no:cacheprovider"]\n'
        'pytest_add_cli_args_test_selection = ["test_it.py"]\n'
    )
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    made = mutants.change(module)
    noticed = mutants.noticed(made, 2)
    lines = {mutants.changed(name)[-1]: name in noticed for name in made}
    assert lines == {
        "+ return one <= two": False,
        "+ if code != 1:": True,
        "+ if code == 2:": False,
        "+ os._exit(10)": False,
        "+ os._exit(None)": False,
        "+ return 2": False,
    }


def test_a_test_that_fails_without_a_change_ends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutants, "COPY", tmp_path)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    (tmp_path / "test_it.py").write_text("def test_it():\n    assert False\n")
    (tmp_path / "pyproject.toml").write_text(
        '[tool.mutmut]\npytest_add_cli_args = []\npytest_add_cli_args_test_selection = ["test_it.py"]\n'
    )
    with pytest.raises(subprocess.CalledProcessError):
        mutants.noticed(["pulumi_voice_routing.safety.rule.x_f__mutmut_1"], 1)


def test_what_is_said_of_the_function_as_it_is_refuses_no_change(tmp_path: Path) -> None:
    names = [f"x_f__mutmut_{place}" for place in ("orig", 1, 2, 3)]
    spans = {name: [10 * place, 10 * place + 5] for place, name in enumerate(names, 1)}
    (tmp_path / "m.py.spans").write_text(json.dumps(spans))
    said = [(12, "old"), (22, "old"), (32, "old"), (33, "new"), (48, "between two functions"), (5, "before all")]
    errors = [{"line": line, "message": message} for line, message in said]
    assert mutants.refused(tmp_path / "m.py", errors) == {"x_f__mutmut_2"}


def test_what_is_not_drawn_is_left_out_and_the_lines_keep_their_numbers(tmp_path: Path) -> None:
    file = tmp_path / "m.py"
    file.write_text("first\norig\none\none\ntwo\nlast")
    spans = {"x_f__mutmut_orig": [2, 2], "x_f__mutmut_1": [3, 4], "x_f__mutmut_2": [5, 5]}
    file.with_name("m.py.spans").write_text(json.dumps(spans))
    mutants.only(file, {"x_f__mutmut_2"})
    assert file.read_text() == "first\norig\n\n\ntwo\nlast"


def test_a_survivor_is_told_by_its_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    bodies = {
        "orig": 'say("a", "a b", 1)',
        "1": 'say("a", "a b", 2)',
        "2": 'say("a", "XXa bXX", 1)',
        "3": 'say("b", "A B", 1)',
    }
    zips = {"orig": "zip(a, strict=True)", "1": "zip(a, strict=False)", "2": "zip(a, )", "3": "zip(b, strict=True)"}
    texts = {
        f"x_{function}__mutmut_{which}": f"def x_{function}__mutmut_{which}():\n    {body}\n"
        for function, all_ in (("f", bodies), ("zips", zips))
        for which, body in all_.items()
    }
    monkeypatch.setattr(mutants, "functions", lambda _: texts)
    names = [f"pulumi_voice_routing.call_flow.week.x_f__mutmut_{which}" for which in (1, 2, 3)]
    name, *lines = mutants.changed(names[0])
    assert (name, lines) == ("call_flow.week.x_f__mutmut_1", ['- say("a", "a b", 1)', '+ say("a", "a b", 2)'])
    assert [mutants.about_words(one) for one in names] == [False, True, False]
    assert [mutants.about_words(one.replace("x_f", "x_zips")) for one in names] == [True, True, False]


def test_a_reason_is_about_a_line_that_is_there() -> None:
    for survivor in tomllib.loads(mutants.REASONS.read_text()).get("survivor", []):
        where, *lines = survivor["lines"]
        module = where.rpartition(".")[0].replace(".", "/")
        text = (mutants.ROOT / "provider" / mutants.PACKAGE / f"{module}.py").read_text()
        there = {line.strip() for line in text.splitlines()}
        assert survivor["reason"]
        assert {line[2:] for line in lines if line.startswith("- ")} <= there, where
