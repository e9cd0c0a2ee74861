"""Packages whose modules are loaded when their names are first used.

A stack seldom has every type, and each operation starts one process or two: what is not used is not to cost time.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any


def names_of(package: str, file: str) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """``__getattr__`` and ``__dir__`` of a package, whose own ``__init__.py`` is the file.

    What the file imports under ``if TYPE_CHECKING:`` are the names, so that type checkers and running programs see the
    same ones.
    """
    modules = dict(_imported(Path(file).read_text(encoding="utf-8")))

    def find(name: str) -> Any:
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(importlib.import_module(f"{package}.{modules[name]}"), name)
        setattr(importlib.import_module(package), name, value)  # found without us from now on
        return value

    return find, lambda: sorted(modules)


def _imported(source: str) -> Iterator[tuple[str, str]]:
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.If):
            for line in statement.body:
                if isinstance(line, ast.ImportFrom):
                    yield from ((name.name, str(line.module)) for name in line.names)
