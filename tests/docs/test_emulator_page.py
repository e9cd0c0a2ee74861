"""What docs/emulator.md offers works as it stands there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pulumi_voice_routing.emulator import StateError, create_app
from pulumi_voice_routing.emulator.families import FAMILIES
from tests.docs.conftest import ROOT, python_blocks
from tests.emulator.conftest import ACCOUNT, Api, client_of

PAGE = ROOT / "docs" / "emulator.md"
TEXT = PAGE.read_text(encoding="utf-8")
FIXTURE, TEST = python_blocks(PAGE)


def snippet(pattern: str) -> str:
    """The one place of the page that looks like this."""
    (found,) = re.findall(pattern, TEXT, re.MULTILINE)
    return str(found)


SEED = snippet(r"^```json\n([^`]*)^```$")
USAGE = snippet(r"^    (voice-routing emulate .*)$")
FAULT = snippet(r"^    (curl .*)$")
REFUSAL = snippet(r"^    error: (.*)$")


def test_no_snippet_is_without_a_test() -> None:
    assert len(re.findall(r"^```\w+$", TEXT, re.MULTILINE)) == len([FIXTURE, TEST, SEED])
    assert len(re.findall(r"\n\n {4}\S", TEXT)) == len([USAGE, FAULT, REFUSAL])


def test_the_usage_names_every_option() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "pulumi_voice_routing.emulator", "--help"], capture_output=True, text=True, check=True
    )
    assert set(re.findall(r"--[a-z-]+", USAGE)) == set(re.findall(r"--[a-z-]+", shown.stdout)) - {"--help"}


def test_every_read_serves_the_seed(tmp_path: Path) -> None:
    """Also of what the seed says nothing about."""
    seed = tmp_path / "seed.json"
    seed.write_text(SEED, encoding="utf-8")
    queries: dict[str, Any] = {"HTb-13": {"oauthProvider": "x"}}
    with client_of(create_app(seed_file=seed)) as client:
        api = Api(client)
        for operation in (one for family in FAMILIES for one in family.operations if one.method == "GET"):
            path = operation.path.replace("{accountId}", "123456").replace("{cloudRouteGroupId}", "1001")
            path = path.replace("{cloudRouteDestinationId}", "1001")
            if "{" not in path:
                assert api.ok("GET", path, params=queries.get(operation.number)) is not None
        destination = f"{ACCOUNT}/cloudRouteDestinationGroups/1001/cloudRouteDestinations/1001"
        shown = api.ok("GET", destination)
        assert (shown["destinationName"], shown["isActive"], shown["isDeleted"]) == ("Denver", True, False)
        (account,) = api.ok("GET", "/voice/api/v1/admin/accounts")
        assert (account["accountName"], account["mainAccountId"]) == ("Example", "123456")


def test_a_wrong_seed_is_refused_as_the_page_says(tmp_path: Path) -> None:
    document = json.loads(SEED)
    (destination,) = document["objects"]["CloudRouteDestination"]
    destination["destinationTyp"] = destination.pop("destinationType")
    seed = tmp_path / "seed.json"
    seed.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(StateError) as refused:
        create_app(seed_file=seed)
    assert str(refused.value) == REFUSAL


def test_the_fault_happens(tmp_path: Path) -> None:
    sent = re.fullmatch(r"curl -d '(.*)' http://127.0.0.1:PORT(/\S+)", FAULT)
    assert sent is not None
    with client_of(create_app()) as client:
        (rule,) = Api(client).ok("POST", sent[2], content=sent[1])["rules"]
        assert (rule["match"], rule["fault"]) == ({"operation": "CR-04"}, "lost_answer")


def test_the_fixture_and_the_test_work_together(engine_on_path: Path, pulumi_home: Path, tmp_path: Path) -> None:
    """In a folder of its own, with the first program of the README beside them."""
    readme = ROOT / "README.md"
    program = tmp_path / "support-line"
    program.mkdir()
    (program / ".venv").symlink_to(sys.prefix)
    settings = re.search(r"^```yaml\n(.*?)^```$", readme.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert settings is not None
    (program / "Pulumi.yaml").write_text(settings[1], encoding="utf-8")
    (program / "__main__.py").write_text(python_blocks(readme)[0].text, encoding="utf-8")
    (tmp_path / "conftest.py").write_text(FIXTURE.text, encoding="utf-8")
    (tmp_path / "test_support_line.py").write_text(TEST.text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        cwd=tmp_path,
        env={**os.environ, "PULUMI_HOME": str(pulumi_home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout
