"""The client runs with either HTTP library."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pulumi_voice_routing.client import transport

CALLS = """
import sys
sys.modules["httpx"] = None  # as if it were not installed
from pulumi_voice_routing.client.connection import open_http
from pulumi_voice_routing.client.transport import httpx

def answer(request):
    return httpx.Response(200, json={"asked": str(request.url)})

with open_http("https://vendor.test", None, httpx.MockTransport(answer)) as http:
    print(httpx.__name__, http.get("/path").json())
"""

LOADED = """
import sys
import pulumi_voice_routing.client.connection
print([name for name in ("click", "rich") if name in sys.modules])
import click
print(click.__name__)
"""


def ran(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_these_tests_run_with_the_library_that_they_mean(pytestconfig: pytest.Config) -> None:
    successor = pytestconfig.pluginmanager.has_plugin("tests.client.successor")
    assert transport.httpx.__name__ == ("httpx2" if successor else "httpx")


def test_where_httpx_is_not_installed_its_successor_is_used() -> None:
    assert ran(CALLS) == "httpx2 {'asked': 'https://vendor.test/path'}\n"


def test_the_library_brings_no_command_line_and_hides_none() -> None:
    assert ran(LOADED) == "[]\nclick\n"
