"""What the engine says went wrong is one line, whatever it is."""

from __future__ import annotations

import json

import pytest

from pulumi_voice_routing.plan.diagnostics import reason, reason_in

FRAMES = """error: Program failed with an unhandled exception:
Traceback (most recent call last):
  File "/opt/pulumi/pulumi-language-python-exec", line 232, in <module>
    loop.run_until_complete(coro)
  File "/home/me/.venv/lib/python3.11/site-packages/pulumi/runtime/stack.py", line 51, in run
    await task
"""
OWN = '  File "/home/me/line/__main__.py", line 3, in <module>\n    hours["night"]\n'
LOST = '  File "/usr/lib/python3.11/json/decoder.py", line 9, in decode\n    raise it\n'


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("<{%fg 1%}>error: <{%reset%}>__main__.py:62: kind: no\n  at __main__.py", "__main__.py:62: kind: no"),
        (f"{FRAMES}{OWN}KeyError: 'night'\n", "KeyError: 'night' (__main__.py, line 3)"),
        (f"{FRAMES}{OWN}{LOST}ValueError: it is\n  no JSON", "ValueError: it is (__main__.py, line 3)"),
        (f"{FRAMES}{LOST}ValueError: no JSON", "ValueError: no JSON"),
    ],
)
def test_an_error_is_one_line(said: str, line: str) -> None:
    assert reason(said) == line
    last = {"severity": "error", "message": "error: preview failed"}
    printed = {"diagnostics": [{"severity": "info", "message": "x"}, last, {"severity": "error", "message": said}]}
    assert reason_in(json.dumps(printed)) == line


@pytest.mark.parametrize("printed", ["", "no JSON", "[]", "{}", '{"diagnostics": [1]}', '{"diagnostics": null}'])
def test_what_is_no_document_says_nothing(printed: str) -> None:
    assert reason_in(printed) == ""
