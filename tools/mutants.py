"""Change what judges calls in one place after another, and tell how many of the changes are noticed.

    python tools/mutants.py [--every N] [--children N] [MODULE ...]

``mutmut`` makes the changes, in a copy under ``build``; of which files, and with which tests, is in ``pyproject.toml``.
Changes that the type checker refuses are not tried, nor are those of the words of a text, which no test pins. For each
of the others a few of the quick tests run that reach the function, and all of them if it is still alive. With
``--every 5`` every fifth is tried. Modules are named as in ``call_flow.judgement``; without any, all are tried.

It ends with a table, and with what survived and has no reason in ``tests/mutants.toml``. It fails when less than 95 %
of what was tried died, whatever the reasons.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import unified_diff
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
COPY = ROOT / "build" / "mutants"
MADE = COPY / "mutants"
REASONS = ROOT / "tests" / "mutants.toml"
PACKAGE = "pulumi_voice_routing"

LEAST = 95
"""Of a hundred changes that are tried, so many must die."""
FIRST = 60
"""So many tests are tried on a change before all of them."""

_DIED = {1, 3, 24, -24, 36, 152, 255, -9, -11}
"""How tests end that notice a change: they fail, or do not come to an end."""
_MYPY = ("--package", PACKAGE, "--output", "json", "--no-warn-unused-ignores", "--disable-error-code", "no-redef")
"""Without what is about the copies that the tool makes."""
_HERE = f"{PACKAGE}.permission.needed.*_1"
"""The first run is for one change, so that the tool makes all of them and learns which tests reach what."""


def main() -> int:
    """Try the changes and tell of them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("modules", nargs="*", metavar="MODULE")
    parser.add_argument("--every", type=int, default=1, metavar="N")
    parser.add_argument("--children", type=int, default=2, metavar="N")
    asked = parser.parse_args()
    copy()
    mutmut("run", f"--max-children={asked.children}", _HERE)
    made = {module_of(meta): sorted(codes(meta), key=_order) for meta in modules(asked.modules)}
    refused = refused_by_types()
    chosen = {
        module: [one for one in names if one not in refused and not about_words(one)][:: asked.every]
        for module, names in made.items()
    }
    tried = [name for names in chosen.values() for name in names]
    run_few(tried, asked.children)
    ended = all_codes()
    alive = [name for name in tried if ended[name] not in _DIED]
    if alive:
        mutmut("run", f"--max-children={asked.children}", *alive)
    return tell(made, chosen)


def copy() -> None:
    """What the tool works on, without anything of the last time."""
    shutil.rmtree(COPY, ignore_errors=True)
    for folder in ("tests", "policies", "docs", "programs"):
        shutil.copytree(ROOT / folder, COPY / folder)
    shutil.copytree(ROOT / "provider", COPY / "src")  # the tool knows packages in src only
    shutil.copy2(ROOT / "pyproject.toml", COPY)


def mutmut(*arguments: str) -> None:
    """Run the tool, which says how far it is."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "MYPYPATH": "src"}
    command = [str(Path(sys.executable).parent / "mutmut"), *arguments]
    subprocess.run(command, cwd=COPY, env=env, check=True)  # noqa: S603


def refused_by_types() -> set[str]:
    """The changes that the type checker refuses, for something that it does not say of the function as it is."""
    mypy = [str(Path(sys.executable).parent / "mypy"), *_MYPY]
    env = {**os.environ, "MYPYPATH": "src"}
    said = subprocess.run(mypy, cwd=MADE, env=env, check=False, text=True, stdout=subprocess.PIPE).stdout  # noqa: S603
    by_file: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in filter(str.strip, said.splitlines()):
        one = json.loads(line)
        if one["severity"] == "error":
            by_file[one["file"]].append(one)
    return {name for file, errors in by_file.items() for name in _refused(MADE / file, errors)}


def _refused(file: Path, errors: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    spans = json.loads(file.with_name(f"{file.name}.spans").read_text())["spans"]
    starts = sorted((start, end, name) for name, (start, end) in spans.items())
    of: dict[str, set[str]] = defaultdict(set)
    for one in errors:
        place = bisect_right(starts, one["line"], key=lambda span: span[0]) - 1
        if place >= 0 and one["line"] <= starts[place][1]:
            of[starts[place][2]].add(one["message"])
    for name in codes(file.with_name(f"{file.name}.meta")):
        function = name.rpartition(".")[2]
        if of[function] - of[f"{function.partition('__mutmut_')[0]}__mutmut_orig"]:
            yield name


def modules(named: Sequence[str]) -> list[Path]:
    """What the tool knows of each module, in a file."""
    known = sorted(MADE.glob(f"src/{PACKAGE}/**/*.meta"))
    return [one for one in known if not named or module_of(one) in named]


def module_of(meta: Path) -> str:
    """``call_flow.judgement``."""
    inside = meta.relative_to(MADE / "src" / PACKAGE)
    return ".".join(inside.parts).removesuffix(".py.meta")


def codes(meta: Path) -> dict[str, int | None]:
    """How each change of a module ended."""
    found: dict[str, int | None] = json.loads(meta.read_text())["exit_code_by_key"]
    return found


def all_codes() -> dict[str, int | None]:
    """How each change ended."""
    return {name: code for meta in modules(()) for name, code in codes(meta).items()}


def _order(name: str) -> tuple[str, int]:
    function, _, number = name.rpartition("_")
    return function, int(number)


def run_few(chosen: Sequence[str], children: int) -> None:
    """Try changes with some of the tests that reach them."""
    stats = MADE / "mutmut-stats.json"
    whole = stats.read_text()
    known: dict[str, Any] = json.loads(whole)
    reach, seconds = known["tests_by_mangled_function_name"], known["duration_by_test"]
    known["tests_by_mangled_function_name"] = {key: few(key, tests, seconds) for key, tests in reach.items()}
    stats.write_text(json.dumps(known))
    try:
        mutmut("run", f"--max-children={children}", *chosen)
    finally:
        stats.write_text(whole)


def few(function: str, tests: Iterable[str], seconds: Mapping[str, float]) -> list[str]:
    """Of every test function the quickest, then the next ones; those in the folder named as the package first."""
    folders = tuple(f"tests/{part}/" for part in function.split(".")[1:-1])
    functions: dict[str, list[str]] = defaultdict(list)
    for test in sorted(tests, key=lambda one: seconds.get(one, 0.0)):
        functions[test.partition("[")[0]].append(test)
    order = sorted(
        (turn, not test.startswith(folders), seconds.get(test, 0.0), test)
        for those in functions.values()
        for turn, test in enumerate(those)
    )
    return [test for *_, test in order[:FIRST]]


def tell(made: Mapping[str, Sequence[str]], chosen: Mapping[str, Sequence[str]]) -> int:
    """The table, and what survived without a reason."""
    ended = all_codes()
    survivors = {module: [one for one in names if ended[one] not in _DIED] for module, names in chosen.items()}
    rows = {module: (len(made[module]), len(names), len(survivors[module])) for module, names in chosen.items()}
    all_, tried, alive = (sum(numbers) for numbers in zip(*rows.values(), strict=True))
    print(f"\n{'':32}{'changes':>9}{'tried':>8}{'survived':>10}{'died':>9}")
    for module, (changes, those, left) in {**rows, "all": (all_, tried, alive)}.items():
        print(f"{module:32}{changes:9}{those:8}{left:10}{100 * (1 - left / (those or 1)):7.1f} %")
    reasons = {tuple(one["lines"][1:]) for one in tomllib.loads(REASONS.read_text()).get("survivor", [])}
    found = ((name, changed(name)) for names in survivors.values() for name in names)
    unexplained = [(name, lines) for name, lines in found if lines[1:] not in reasons]
    for name, lines in unexplained:
        print(f"\n{name} survived, and {REASONS.relative_to(ROOT)} has no reason:", *lines, sep="\n  ")
    return 1 if alive * 100 > tried * (100 - LEAST) else 0


def changed(name: str) -> tuple[str, ...]:
    """The function, and the lines that a change takes out of it and puts in."""
    module, _, function = name.rpartition(".")
    original = f"{function.partition('__mutmut_')[0]}__mutmut_orig"
    texts = functions(MADE / "src" / f"{module.replace('.', '/')}.py")
    there, made = (texts[one].replace(f"{one}(", "(").splitlines() for one in (original, function))
    lines = (line for line in unified_diff(there, made, n=0) if re.match(r"[-+](?![-+])", line))
    return (name.removeprefix(f"{PACKAGE}."), *(f"{line[0]} {line[1:].strip()}" for line in lines))


@cache
def functions(file: Path) -> dict[str, str]:
    """The text of each function that the tool has made."""
    lines = file.read_text().splitlines(keepends=True)
    spans = json.loads(file.with_name(f"{file.name}.spans").read_text())["spans"]
    return {name: "".join(lines[start - 1 : end]) for name, (start, end) in spans.items()}


def about_words(name: str) -> bool:
    """Whether a change is in the words of a text only, which no test pins."""
    _, *lines = changed(name)
    out, in_ = ([re.sub(r'"[^"]* [^"]*"', "", one[2:]) for one in lines if one[0] == sign] for sign in "-+")
    return out == in_


if __name__ == "__main__":
    raise SystemExit(main())
