"""What the documents show works, what they point at exists, and what they list is all there is."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import pulumi_voice_routing
from pulumi_voice_routing import registry
from pulumi_voice_routing.settings import Setting
from tests.docs.conftest import ROOT, Block, documents, name, python_blocks, written_by_hand
from tests.emulated import Emulated
from tests.stacks import Stack

BLOCKS = [block for path in documents() for block in python_blocks(path)]


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_python_compiles(block: Block) -> None:
    compile(block.text, str(block), "exec")


@pytest.mark.parametrize("block", [block for block in BLOCKS if block.complete], ids=str)
def test_whole_programs_run_and_stay_quiet(
    block: Block, stack: Stack, emulator: Emulated, emulator_env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in emulator_env.items():
        monkeypatch.setenv(variable, value)  # look-ups ask the vendor from the program, which runs in this process
    if block.path.name == "adopting.md":
        group = emulator.group("Support routing")
        emulator.destination("Dublin", group)
        emulator.destination("Denver", group)
    code = compile(block.text, str(block), "exec")

    def program() -> None:
        exec(code, {})

    stack.up(program, quiet=False)
    planned = stack.preview(program, refresh=True).changes
    assert {name: op for name, op in planned.items() if op != "read"} == {}


def test_there_is_a_whole_program_in_the_readme() -> None:
    assert any(block.complete for block in python_blocks(ROOT / "README.md"))


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 150


def test_every_guide_can_be_found_from_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for guide in (ROOT / "docs").glob("*.md"):
        assert f"(docs/{guide.name})" in readme


def all_settings() -> dict[str, Setting]:
    found: dict[str, Setting] = {}
    for module in pkgutil.walk_packages(pulumi_voice_routing.__path__, f"{pulumi_voice_routing.__name__}."):
        if not module.name.endswith(".__main__"):
            values = vars(importlib.import_module(module.name)).values()
            found |= {value.variable: value for value in values if isinstance(value, Setting)}
    return found


def test_the_settings_page_lists_every_setting() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `([A-Z_]+)` \| (.*) \|$", page, re.MULTILINE))
    settings = all_settings()
    assert set(listed) == set(settings)
    for variable, row in listed.items():
        setting = settings[variable]
        assert row.startswith("secret: ") == setting.secret, variable
        assert setting.default is None or row.endswith(f"| `{setting.default}`"), variable
    secrets = [settings[variable].secret for variable in listed]
    assert secrets == sorted(secrets, reverse=True), "secrets come first"


def test_the_page_on_destroying_says_what_becomes_of_every_type() -> None:
    page = (ROOT / "docs" / "destroying.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`[A-Z].*) \| .+ \|$", page, re.MULTILINE)
    listed = [kind for row in rows for kind in re.findall(r"`(\w+)`", row)]
    assert sorted(listed) == sorted(token.partition(":")[2] for token in registry.providers)


@pytest.mark.parametrize("path", documents(), ids=name)
def test_nothing_is_left_open(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"(?i)\b(?:todo|fixme|tbd|coming soon|lorem ipsum)\b", text) == []
    assert re.findall(r"/(?:home|root|Users|tmp)/", text) == [], "a path of somebody's machine"
    assert "img.shields.io" not in text


def test_commands_exist() -> None:
    targets = set(re.findall(r"^(\w+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for path in written_by_hand():
        for target in re.findall(r"`make (\w+)`|^    make (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE):
            assert "".join(target) in targets, path


def test_the_changelog_has_the_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\n## [{pulumi_voice_routing.__version__}]" in changelog
