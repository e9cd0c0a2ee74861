"""What CONTRIBUTING says of a new resource type is followed to the letter, in a copy of the project."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```python\n# (?P<where>[^\n]+)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
INIT = "provider/pulumi_voice_routing/ringcx/__init__.py"

LOOKS = """
import json
import os
import tools.reference as reference
from pulumi_voice_routing import ringcx
from pulumi_voice_routing.call_flow.routing import Routing
from pulumi_voice_routing.call_flow.tracer import Tracer
from pulumi_voice_routing.commands.adoption import wanted
from pulumi_voice_routing.commands.export.account import read
from pulumi_voice_routing.commands.export.wanted import Wanted
from pulumi_voice_routing.commands.export.program import Program
from pulumi_voice_routing.plan.facts import Before, Facts, Resource
from pulumi_voice_routing.plan.roles import roles_of
from pulumi_voice_routing.safety.rules import RULES
from tests.emulated import Emulated, settings_for

pages = {str(path.relative_to(reference.ROOT)): text for path, text in reference.pages().items()}
props = {"group_id": "123456/1000", "name": "Help", "dnis": "+13035550177", "desk": "+13035551234"}
urn = "urn:pulumi:dev::line::pulumi-python:dynamic/ringcx:Hotline::help"
one = Resource("ringcx:Hotline", "help", urn, props, "123456/1000/7")
route = Tracer(Routing(Facts([one], Before([])))).route("+13035550177")
portal = Emulated()
try:
    os.environ.update(settings_for(portal.url))
    made = {"hotlineName": "Help", "dnis": "+13035550177", "desk": "+13035551234"}
    portal.api("POST", f"/cloudRouteDestinationGroups/{portal.group('Support')}/hotlines", made)
    adopted = Program("adopted", read(wanted([]), lambda said: None), one_file=True).text("Adopted.")
    exported = Program("line", read(Wanted(), lambda said: None)).files()
finally:
    portal.stop()
print(json.dumps({
    "page": pages["docs/reference/ringcx/hotline.md"],
    "index": pages["docs/reference/README.md"],
    "operations": pages["docs/reference/operations.md"],
    "rules": [rule.name for rule in RULES if rule.judges(roles_of("ringcx:Hotline"))],
    "route": str(route.at(0)),
    "adopted": adopted,
    "exported": "".join(exported.values()),
}))
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with the type of CONTRIBUTING's example in it."""
    there = tmp_path_factory.mktemp("project")
    for name in ("provider", "tests", "tools", "docs", "programs", "policies"):
        shutil.copytree(ROOT / name, there / name, ignore=shutil.ignore_patterns("__pycache__", "go.*"))
    shutil.copy(ROOT / "pyproject.toml", there)
    blocks = BLOCK.findall((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    assert len(blocks) == 7
    for where, code in blocks:
        _put(there, where, code)
    init = there / INIT
    names = '__all__ = [\n    "Hotline",\n    "HotlineArgs",\n'
    init.write_text(init.read_text(encoding="utf-8").replace("__all__ = [\n", names), encoding="utf-8")
    return there


def _put(project: Path, where: str, code: str) -> None:
    how, _, name = where.rpartition(" ")
    path = project / name
    if how == "new file:":
        assert not path.exists()
        path.write_text(code, encoding="utf-8")
        return
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    if how == "under TYPE_CHECKING in":
        place = lines.index("if TYPE_CHECKING:\n") + 1
    else:
        tree = ast.parse("".join(lines))
        (found,) = [one for one in tree.body if isinstance(one, ast.ClassDef) and one.name == how.split()[2]]
        place = int(found.end_lineno or 0)
    added = code if how.startswith("after") else code.partition("\n")[2]  # the line that shows where it goes is there
    lines.insert(place, f"\n{added}" if how.startswith(("in", "after")) else added)
    path.write_text("".join(lines), encoding="utf-8")


def _run(project: Path, *words: str) -> str:
    env = {**os.environ, "PYTHONPATH": f"{project / 'provider'}{os.pathsep}{project}"}
    done = subprocess.run([sys.executable, *words], cwd=project, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.whole_run
def test_reference_rules_call_flow_and_adoption_know_the_type(copy: Path) -> None:
    seen = json.loads(_run(copy, "-c", LOOKS))
    assert "| `desk` | [E164](../values.md#e164) | **required** | `desk` |" in seen["page"]
    assert 'ringcx.Hotline("example", ' in seen["page"]
    assert "ringcx/hotline.md" in seen["index"]
    assert "TY-04" in seen["operations"]
    assert {"release-active-dnis", "unprotected-number", "forbidden-target", "duplicates", "plain-secrets"} <= set(
        seen["rules"]
    )
    assert seen["route"] == "number +13035551234"
    assert 'ringcx.Hotline(\n    "help",' in seen["adopted"]
    assert 'dnis="+13035550177"' in seen["adopted"]
    assert 'ringcx.Hotline(\n    "help",\n    group_id=support_route_group.id,' in seen["exported"]


@pytest.mark.whole_run
def test_the_tests_of_all_types_find_it(copy: Path) -> None:
    tests = ["tests/lifecycle/test_nine_cases.py", "tests/model/test_meanings.py"]
    words = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "Hotline and not nine", *tests]
    assert "passed" in _run(copy, *words)


@pytest.mark.whole_run
def test_the_second_server_need_not_know_it(copy: Path) -> None:
    look = "from tests.second_server.known import KNOWN, TYPES; print(sorted(set(TYPES) - set(KNOWN)))"
    assert "'ringcx:Hotline'" in _run(copy, "-c", look)


@pytest.mark.whole_run
def test_what_its_calls_answer_has_its_shape(copy: Path) -> None:
    words = [
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-k",
        "hotline or Hotline",
        "tests/client/test_typed_answers.py",
    ]
    assert "passed" in _run(copy, *words)


@pytest.mark.whole_run
def test_it_is_typed(copy: Path) -> None:
    program = copy / "typed.py"
    program.write_text(
        "from pulumi_voice_routing import ringcx\n"
        'ringcx.Hotline("help", group_id="1000", name="Help", dnis="+13035550177", desk="+13035551234", opne=True)\n',
        encoding="utf-8",
    )
    env = {**os.environ, "MYPYPATH": str(copy / "provider")}
    words = [sys.executable, "-m", "mypy", "--strict", "--no-incremental", str(program)]
    done = subprocess.run(words, cwd=copy, env=env, capture_output=True, text=True)
    assert 'Unexpected keyword argument "opne" for "Hotline"' in done.stdout
    assert done.stdout.count("error") == 2  # the line, and "Found 1 error"
