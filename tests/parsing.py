"""Modules are parsed with nothing in between.

When Python 3.11 finds garbage while it builds a tree, and what is said of that garbage needs a tree as well, it loses
count: "AST constructor recursion depth mismatch" (python/cpython#106905). Who prints a traceback needs one, and pytest
prints one of a connection that is collected open. The garbage may be of any test before.
"""

from __future__ import annotations

import ast
import gc
from functools import wraps


def undisturbed() -> None:
    """From now on nothing is collected while :func:`ast.parse` works."""
    parse = ast.parse

    @wraps(parse)
    def alone(*args: object, **kwargs: object) -> ast.AST:
        enabled = gc.isenabled()
        gc.disable()
        try:
            return parse(*args, **kwargs)  # type: ignore[call-overload, no-any-return]
        finally:
            if enabled:
                gc.enable()

    ast.parse = alone  # type: ignore[assignment]
