"""Change what judges calls in one place after another, and tell how many of the changes are noticed.

    python tools/mutants.py [--sample N] [--seed N] [--children N] [MODULE ...]

``mutmut`` makes the changes, in a copy under ``build``, and learns which tests reach what; of which files, and with
which tests, is in ``pyproject.toml``. Changes that the type checker refuses are not tried, nor are those of the words
of a text, which no test pins. On each of the others the quick tests run that reach the function, until one fails.
``--sample`` tries so many of them, drawn with ``--seed``. Modules are named as in ``call_flow.judgement``, and packages
as in ``safety``; without any, all are tried.

It ends with a table, and with what survived and has no reason in ``tests/mutants.toml``. It fails when that is more
than 5 % of what was tried.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tomllib
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from difflib import unified_diff
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
COPY = ROOT / "build" / "mutants"
MADE = COPY / "mutants"
REASONS = ROOT / "tests" / "mutants.toml"
RUNS = ROOT / "tools" / "mutant_runs.py"
PACKAGE = "pulumi_voice_routing"

LEAST = 95
"""Of a hundred changes that are tried, so many must be noticed, or have a reason why not."""

MOST_SECONDS = 60
"""No change is tried on tests that take longer together, so that the whole has an end."""

_MYPY = ("--package", PACKAGE, "--output", "json", "--no-warn-unused-ignores", "--disable-error-code", "no-redef")
"""Without what is about the copies that the tool makes."""
_HERE = f"{PACKAGE}.permission.owner_names.x_is_named__mutmut_1"
"""The first run is for one change, so that the tool makes all of them and learns which tests reach what."""


def main() -> int:
    """Try the changes and tell of them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("modules", nargs="*", metavar="MODULE")
    parser.add_argument("--sample", type=int, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--children", type=int, default=2, metavar="N")
    asked = parser.parse_args()
    copy()
    mutmut("run", f"--max-children={asked.children}", _HERE)
    refused = refused_by_types()
    made = [name for meta in modules(asked.modules) for name in codes(meta)]
    worth = sorted(name for name in made if name not in refused and not about_words(name))
    tried = worth if asked.sample is None else drawn(worth, asked.sample, asked.seed)
    return tell(made, tried, noticed(tried, asked.children))


def drawn(names: Sequence[str], count: int, seed: int) -> list[str]:
    """Some of the changes: always the same ones with the same seed."""
    return sorted(random.Random(seed).sample(names, min(count, len(names))))  # noqa: S311


def copy() -> None:
    """What the tool works on, without anything of the last time."""
    shutil.rmtree(COPY, ignore_errors=True)
    for folder in ("tests", "policies", "docs", "programs", "tools"):
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
    return [one for one in known if not named or any(f"{module_of(one)}.".startswith(f"{it}.") for it in named)]


def module_of(meta: Path) -> str:
    """``call_flow.judgement``."""
    inside = meta.relative_to(MADE / "src" / PACKAGE)
    return ".".join(inside.parts).removesuffix(".py.meta")


def codes(meta: Path) -> list[str]:
    """The changes of a module."""
    return list(json.loads(meta.read_text())["exit_code_by_key"])


def noticed(tried: Sequence[str], children: int) -> set[str]:
    """The changes that a test notices."""
    known = json.loads((MADE / "mutmut-stats.json").read_text())
    reach, seconds = known["tests_by_mangled_function_name"], known["duration_by_test"]
    orders = {name: order(reach.get(name.partition("__mutmut_")[0], ()), seconds) for name in tried}
    given, results = COPY / "orders.json", COPY / "results.json"
    given.write_text(json.dumps(orders))
    command = [sys.executable, str(RUNS), str(given), str(results), str(children)]
    subprocess.run(command, cwd=MADE, check=True)  # noqa: S603
    return set(json.loads(results.read_text()))


def order(tests: Iterable[str], seconds: Mapping[str, float]) -> list[str]:
    """Of every test function the quickest case, then the next ones, for so long as is worth it."""
    functions: dict[str, list[str]] = defaultdict(list)
    for test in sorted(tests, key=lambda one: (seconds.get(one, 0.0), one)):
        functions[test.partition("[")[0]].append(test)
    turns = sorted(
        (turn, seconds.get(test, 0.0), test) for those in functions.values() for turn, test in enumerate(those)
    )
    spent = accumulate(took for _, took, _ in turns)
    return [test for (*_, test), so_far in zip(turns, spent, strict=True) if so_far <= MOST_SECONDS]


def tell(made: Sequence[str], tried: Sequence[str], died: Container[str]) -> int:
    """The table, and what survived without a reason."""
    reasons = {tuple(one["lines"][1:]) for one in tomllib.loads(REASONS.read_text()).get("survivor", [])}
    alive = {name: changed(name) for name in tried if name not in died}
    left = [name for name, (_, *lines) in alive.items() if tuple(lines) not in reasons]
    columns = [Counter(map(_module, names)) for names in (made, tried, alive, left)]
    print(f"\n{'':32}{'changes':>9}{'tried':>8}{'survived':>10}{'no reason':>11}{'noticed':>10}")
    for module in [*columns[0], "all"]:
        all_, those, living, unsaid = (one.total() if module == "all" else one[module] for one in columns)
        share = f"{100 * (1 - living / those):.1f} %" if those else "-"
        print(f"{module:32}{all_:9}{those:8}{living:10}{unsaid:11}{share:>10}")
    for name in left:
        print(f"\n{name} survived, and {REASONS.relative_to(ROOT)} has no reason:", *alive[name][1:], sep="\n  ")
    return 1 if len(left) * 100 > len(tried) * (100 - LEAST) else 0


def _module(name: str) -> str:
    return name.removeprefix(f"{PACKAGE}.").rpartition(".")[0]


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
    out, in_ = ([re.sub(r'"([^"]*)"', _no_words, one[2:]) for one in lines if one[0] == sign] for sign in "-+")
    return out == in_


def _no_words(text: re.Match[str]) -> str:
    return "" if " " in text[1] else text[0]


if __name__ == "__main__":
    raise SystemExit(main())
