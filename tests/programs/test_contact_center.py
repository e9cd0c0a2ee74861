"""The main example: what its settings do, and how it comes back after a destroy."""

from __future__ import annotations

import ast
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.emulated import Emulated
from tests.programs.conftest import ROOT, Program

# They keep stack files in one folder and look for what is left there: one after the other.
pytestmark = pytest.mark.xdist_group("programs")

FOLDER = ROOT / "programs" / "contact_center"

Open = Callable[[Path], Program]


def up(program: Program) -> str:
    return program.ok("up", "--yes", "--skip-preview")


def number_of(emulator: Emulated, kind: str, name: str) -> str:
    fields = {"CloudRouteDestination": "destinationName", "CloudRouteProfile": "profileName"}
    ids = {"CloudRouteDestination": "cloudDestinationId", "CloudRouteProfile": "cloudProfileId"}
    (found,) = (one for one in emulator.records(kind) if one[fields[kind]] == name)
    return str(found[ids[kind]])


def test_the_calls_go_where_the_settings_say(open_program: Open, emulator: Emulated) -> None:
    program = open_program(FOLDER)
    program.ok("config", "set", "line", "Sales")
    program.ok("config", "set", "denverShare", "60")
    program.ok("config", "set", "denverNumber", "+13035550177")
    up(program)

    group = str(next(one["cloudGroupId"] for one in emulator.records("CloudRouteGroup") if not one["isDefault"]))
    business_hours = number_of(emulator, "CloudRouteProfile", "Sales business hours")
    denver = number_of(emulator, "CloudRouteDestination", "Sales Denver")
    links = emulator.assigned(business_hours, group)
    assert [link["allocationPercent"] for link in sorted(links, key=lambda link: int(link["rank"]))] == [60, 40]
    record = emulator.record("CloudRouteDestination", "cloudDestinationId", denver)
    assert record is not None
    assert record["routeDestination"] == "13035550177"
    assert {row["dnis"]: row["routeDestination"] for row in emulator.overrides(denver, group)} == {
        "18005550111": "13035550111",
        "18005550122": "13035550122",
    }


def test_the_overflow_plan_follows_the_clock(open_program: Open, emulator: Emulated) -> None:
    up(open_program(FOLDER))
    group = str(next(one["cloudGroupId"] for one in emulator.records("CloudRouteGroup") if not one["isDefault"]))
    links = emulator.assigned(number_of(emulator, "CloudRouteProfile", "Support overflow"), group)
    hours = {
        link["cloudDestination"]["destinationName"]: [int(share) for share in link["allocationPercentHours"].split(",")]
        for link in links
    }
    assert hours["Support Dublin"] == [0] + [100] * 9 + [0] * 14
    assert hours["Support answering service"] == [100] + [0] * 9 + [100] * 14


def test_it_comes_back_after_a_destroy_only_when_it_may_adopt(open_program: Open, emulator: Emulated) -> None:
    program = open_program(FOLDER)
    up(program)
    before = sorted(one["id"] for one in program.resources() if not one["type"].endswith(("Override", "Activation")))
    program.ok("destroy", "--yes", "--skip-preview")

    said = program.refused("up", "--yes", "--skip-preview")
    assert "named 'Support routing' exists already" in said
    assert "adopt=True" in said

    program.ok("config", "set", "adopt", "true")
    up(program)
    after = sorted(one["id"] for one in program.resources() if not one["type"].endswith(("Override", "Activation")))
    assert after == before
    assert len(emulator.records("CloudRouteDestination")) == 3
    program.ok("preview", "--expect-no-changes")


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("denverShare", "101", "101 will not do"),
        ("denverNumber", "303", "country code"),
        ("denverShare", "most", "denverShare"),
    ],
)
def test_a_bad_setting_is_one_line_and_nothing_is_made(
    setting: str, value: str, said: str, open_program: Open, emulator: Emulated
) -> None:
    program = open_program(FOLDER)
    program.ok("config", "set", setting, value)
    assert said in program.refused("up", "--yes")
    assert emulator.records("CloudRouteDestination") == []


def test_no_teams_are_no_overrides(open_program: Open) -> None:
    program = open_program(FOLDER)
    salt = program.settings.read_text(encoding="utf-8")
    none = "config:\n  contact-center:denverTeams: {}\n  contact-center:dublinTeams: {}\n"
    program.settings.write_text(salt + none, encoding="utf-8")
    said = program.ok("preview")
    assert "denver" in said
    assert "team" not in said


def settings_that_the_program_reads() -> set[str]:
    tree = ast.parse((FOLDER / "__main__.py").read_text(encoding="utf-8"))
    return {
        ast.literal_eval(node.args[0])
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("config.get")
    }


def test_every_setting_is_in_the_readme_and_in_the_example() -> None:
    example = re.findall(r"contact-center:(\w+):", (FOLDER / "Pulumi.example.yaml").read_text(encoding="utf-8"))
    table = re.findall(r"^\| `(\w+)` \|", (FOLDER / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(example) == set(table) == settings_that_the_program_reads()


def test_the_example_holds_the_defaults(open_program: Open, emulator: Emulated) -> None:
    program = open_program(FOLDER)
    up(program)
    salt = program.settings.read_text(encoding="utf-8")
    program.settings.write_text(salt + (FOLDER / "Pulumi.example.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    program.ok("preview", "--expect-no-changes")


def test_the_pictures_show_the_default_numbers() -> None:
    program = (FOLDER / "__main__.py").read_text(encoding="utf-8")
    numbers = set(re.findall(r'"(\+\d+)"', program))
    svg = (FOLDER / "routing.svg").read_text(encoding="utf-8")
    mermaid = (FOLDER / "README.md").read_text(encoding="utf-8").partition("```mermaid")[2].partition("```")[0]
    assert ElementTree.fromstring(svg).tag.endswith("svg")
    assert numbers
    for picture in (svg, mermaid):
        assert set(re.findall(r"\+\d+", picture)) == numbers
