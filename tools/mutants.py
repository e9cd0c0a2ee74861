"""Change what judges calls in one place after another, and tell how many of the changes are noticed.

    python tools/mutants.py [--sample N] [--seed N] [--children N] [MODULE ...]

``mutmut`` makes the changes, in a copy under ``build``; of which files, and with which tests, is in ``pyproject.toml``.
Changes that the type checker refuses are not tried, nor are those of the words of a text, which no test pins. On each
of the others the quick tests run that reach the function, until one fails (``tools/mutant_runs.py``). ``--sample``
tries so many of them, drawn with ``--seed``. Modules are named as in ``call_flow.judgement``, and packages as in
``safety``; without any, all are tried.

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
from collections.abc import Container, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from difflib import unified_diff
from functools import cache
from pathlib import Path
from typing import Any

from mutmut.mutation.file_mutation import mutate_file_contents

ROOT = Path(__file__).parents[1]
COPY = ROOT / "build" / "mutants"
TYPED = COPY / "typed"
REASONS = ROOT / "tests" / "mutants.toml"
RUNS = ROOT / "tools" / "mutant_runs.py"
PACKAGE = "pulumi_voice_routing"

LEAST = 95
"""Of a hundred changes that are tried, so many must be noticed, or have a reason why not."""

_MYPY = ("--package", PACKAGE, "--output", "json", "--no-warn-unused-ignores", "--disable-error-code", "no-redef")
"""Without what is about the copies that the tool makes."""


def main() -> int:
    """Try the changes and tell of them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("modules", nargs="*", metavar="MODULE")
    parser.add_argument("--sample", type=int, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--children", type=int, default=2, metavar="N")
    asked = parser.parse_args()
    copy()
    with ProcessPoolExecutor(asked.children) as pool:
        made = [name for names in pool.map(change, files(asked.modules)) for name in names]
    print(f"{len(made)} changes are made; which of them the types allow...", flush=True)
    tried = drawn([name for name in made if not about_words(name)], asked.sample, asked.seed)
    print(f"{len(tried)} are tried: first what each test reaches, then the changes", flush=True)
    return tell(made, tried, noticed(tried, asked.children))


def copy() -> None:
    """What the changes are made in, without anything of the last time."""
    shutil.rmtree(COPY, ignore_errors=True)
    for folder in ("tests", "policies", "docs", "programs", "tools"):
        shutil.copytree(ROOT / folder, COPY / folder)
    shutil.copytree(ROOT / "provider", COPY / "src")
    shutil.copy2(ROOT / "pyproject.toml", COPY)


def files(named: Sequence[str]) -> list[Path]:
    """The files that are changed."""
    said = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mutmut"]
    found = sorted(file for pattern in said["only_mutate"] for file in COPY.glob(pattern))
    others = {file for pattern in said["do_not_mutate"] for file in COPY.glob(pattern)}
    return [
        file
        for file in found
        if file not in others and (not named or any(f"{module_of(file)}.".startswith(f"{it}.") for it in named))
    ]


def module_of(file: Path) -> str:
    """``call_flow.judgement``."""
    return ".".join(file.relative_to(COPY / "src" / PACKAGE).parts).removesuffix(".py")


def change(file: Path) -> list[str]:
    """Write all changes of a file into it, each as a copy of its function, and name them."""
    made = mutate_file_contents(str(file), file.read_text())
    file.write_text(made.code)
    spans = {name: (span.start, span.end) for name, span in made.line_span_by_function_name.items()}
    file.with_name(f"{file.name}.spans").write_text(json.dumps(spans))
    return [f"{PACKAGE}.{module_of(file)}.{name}" for name in made.mutant_names]


def drawn(names: Sequence[str], count: int | None, seed: int) -> list[str]:
    """So many of the changes, or all, that the type checker allows: always the same ones with the same seed."""
    order = random.Random(seed).sample(sorted(names), len(names))  # noqa: S311
    if count is None:
        return sorted(set(order) - refused_by_types(order))
    found: list[str] = []
    while order and len(found) < count:
        some, order = order[: 3 * count], order[3 * count :]  # it refuses three of five
        refused = refused_by_types(some)
        found += [name for name in some if name not in refused]
    return sorted(found[:count])


def refused_by_types(names: Iterable[str]) -> set[str]:
    """The changes that the type checker refuses, for something that it does not say of the function as it is."""
    shutil.rmtree(TYPED, ignore_errors=True)
    shutil.copytree(COPY / "src", TYPED)
    of: dict[Path, set[str]] = defaultdict(set)
    for name in names:
        module, _, function = name.rpartition(".")
        of[TYPED / f"{module.replace('.', '/')}.py"].add(function)
    for file in TYPED.glob("**/*.py.spans"):
        only(file.with_suffix(""), of[file.with_suffix("")])
    mypy = [str(Path(sys.executable).parent / "mypy"), *_MYPY]
    env = {**os.environ, "MYPYPATH": str(TYPED)}
    said = subprocess.run(mypy, cwd=TYPED, env=env, check=False, text=True, stdout=subprocess.PIPE).stdout  # noqa: S603
    by_file: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in filter(str.strip, said.splitlines()):
        one = json.loads(line)
        if one["severity"] == "error":
            by_file[one["file"]].append(one)
    return {
        f"{PACKAGE}.{file.removeprefix(f'{PACKAGE}/').removesuffix('.py').replace('/', '.')}.{function}"
        for file, errors in by_file.items()
        if (TYPED / f"{file}.spans").exists()
        for function in refused(TYPED / file, errors)
    }


def only(file: Path, kept: Container[str]) -> None:
    """Leave out the other changes of a file: what there is less of takes less time. The lines keep their numbers."""
    lines = file.read_text().splitlines()
    for name, (start, end) in spans_of(file).items():
        if name not in kept and not name.endswith("__mutmut_orig"):
            lines[start - 1 : end] = [""] * (end - start + 1)
    file.write_text("\n".join(lines))


def refused(file: Path, errors: Iterable[Mapping[str, Any]]) -> set[str]:
    """The changes of a file that errors are about."""
    spans = sorted((start, end, name) for name, (start, end) in spans_of(file).items())
    of: dict[str, set[str]] = defaultdict(set)
    for one in errors:
        place = bisect_right(spans, one["line"], key=lambda span: span[0]) - 1
        if place >= 0 and one["line"] <= spans[place][1]:
            of[spans[place][2]].add(one["message"])
    return {name for name, said in of.items() if said - of.get(original_of(name), set())}


def original_of(function: str) -> str:
    """The function as it is, beside its changes."""
    return f"{function.partition('__mutmut_')[0]}__mutmut_orig"


def spans_of(file: Path) -> dict[str, tuple[int, int]]:
    """The first and the last line of each function that is there several times."""
    found: dict[str, tuple[int, int]] = json.loads(file.with_name(f"{file.name}.spans").read_text())
    return found


def noticed(tried: Sequence[str], children: int) -> set[str]:
    """The changes that a test notices."""
    given, results = COPY / "tried.json", COPY / "results.json"
    given.write_text(json.dumps(tried))
    command = [sys.executable, str(RUNS), str(given), str(results), str(children)]
    subprocess.run(command, cwd=COPY, check=True)  # noqa: S603
    return set(json.loads(results.read_text()))


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
    original = original_of(function)
    plain = original.removesuffix("__mutmut_orig").rpartition("ǁ")[2].removeprefix("x_")
    texts = functions(COPY / "src" / f"{module.replace('.', '/')}.py")
    there, made = (texts[one].replace(f"{one}(", f"{plain}(").splitlines() for one in (original, function))
    lines = (line for line in unified_diff(there, made, n=0) if re.match(r"[-+](?![-+])", line))
    return (name.removeprefix(f"{PACKAGE}."), *(f"{line[0]} {line[1:].strip()}" for line in lines))


@cache
def functions(file: Path) -> dict[str, str]:
    """The text of each function that the tool has made."""
    lines = file.read_text().splitlines(keepends=True)
    return {name: "".join(lines[start - 1 : end]) for name, (start, end) in spans_of(file).items()}


def about_words(name: str) -> bool:
    """Whether a change is in the words of a text only, or in what only asserts that two lists are equally long."""
    _, *lines = changed(name)
    out, in_ = ([_STRICT.sub("", _TEXT.sub(_no_words, one[2:])) for one in lines if one[0] == sign] for sign in "-+")
    return out == in_


_TEXT, _STRICT = re.compile(r"""(["'])(.*?)\1"""), re.compile(r", (strict=\w+)?(?=\))")


def _no_words(text: re.Match[str]) -> str:
    return "" if " " in text[2] else text[0]


if __name__ == "__main__":
    raise SystemExit(main())
