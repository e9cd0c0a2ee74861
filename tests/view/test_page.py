"""The page in a real browser: it opens at once, finds numbers, draws, compares, and asks for nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import phonenumbers
import pytest
from playwright.sync_api import Browser

from pulumi_voice_routing.commands.view.document import Shown, document
from pulumi_voice_routing.commands.view.page import page
from pulumi_voice_routing.plan.facts import Resource
from tests.adopting.account import living
from tests.emulated import Emulated
from tests.programs.conftest import ROOT, SECRETS
from tests.view.browser import Seen
from tests.view.lines import line, named, one, routing
from tests.view.names import NAMES

pytestmark = [pytest.mark.whole_run, pytest.mark.xdist_group("browser")]

PROGRAMS = [ROOT, *sorted(folder.parent for folder in (ROOT / "programs").glob("*/__main__.py"))]


def written(folder: Path, after: list[Resource], before: list[Resource] | None = None) -> Path:
    """A page of these resources, with a finding at the first number."""
    there = routing(*after)
    was = there if before is None else routing(*before)
    number = next(one for one in after if "dnis" in one.props)
    finding = {
        "level": "refused",
        "rule": "calls-go-elsewhere",
        "message": "calls end elsewhere",
        "object": number.props["dnis"],
        "urn": number.urn,
        "where": "__main__.py:12",
    }
    planned = before is not None
    shown = Shown(
        "acme / dev",
        "a test",
        was,
        there,
        findings=[finding] if planned else [],
        verdict="refused: 1 violation" if planned else "",
        drift=[{"level": "changed", "rule": "Denver 0", "message": "active: True → False", "urn": after[0].urn}],
    )
    path = folder / "routing.html"
    path.write_text(page(document(shown, "now"), str), encoding="utf-8")
    return path


def made(folder: Path, env: dict[str, str], *options: str) -> Path:
    """A page as the command makes it."""
    path = folder / "routing.html"
    command = [sys.executable, "-m", "pulumi_voice_routing", "view", "--output", str(path), *options]
    done = subprocess.run(command, env={**os.environ, **env}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return path


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.name)
def test_the_page_of_each_program(chrome: Browser, program: Path, emulator_env: dict[str, str], tmp_path: Path) -> None:
    config = {f"{program.name.replace('_', '-')}:{key}": value for key, value in SECRETS.get(program.name, {}).items()}
    seen = Seen(chrome, made(tmp_path, {**emulator_env, **_config(config)}, "--export", str(program)))
    for row in seen.rows()[:3]:
        seen.go(row)
        assert seen.page.locator("main h2").inner_text() == row
        assert seen.page.locator("svg.scene .box").count() > 1
        assert seen.page.locator("table.week tbody tr").count() == 7
        assert seen.apart() == []
    assert seen.faults_in_both_themes() == []
    seen.close()


def _config(settings: dict[str, str]) -> dict[str, str]:
    import json

    return {"PULUMI_CONFIG": json.dumps(settings)} if settings else {}


def test_a_living_account(chrome: Browser, emulator: Emulated, emulator_env: dict[str, str], tmp_path: Path) -> None:
    living(emulator)
    seen = Seen(chrome, made(tmp_path, emulator_env, "--live"))
    assert "Where calls go" in seen.sections()
    assert len(seen.find("(720) 555-0003")) == 1
    seen.go("(720) 555-0003")
    assert seen.page.locator("main h2").inner_text() == "+1 720 555 0003"
    assert seen.page.locator("svg.scene .box").count() >= 4
    for row in seen.find("extension")[:10]:
        seen.go(row)
        assert seen.apart() == []
    assert seen.faults_in_both_themes() == []
    seen.close()


def test_numbers_of_all_countries_are_found_in_any_notation(chrome: Browser, tmp_path: Path) -> None:
    regions = sorted(phonenumbers.SUPPORTED_REGIONS)[::6]
    assert len(regions) >= 40
    parsed = {region: phonenumbers.example_number(region) for region in [*regions, "RU", "HU"]}
    forms = phonenumbers.PhoneNumberFormat
    numbers = {region: phonenumbers.format_number(number, forms.E164) for region, number in parsed.items()}
    there = [one for one in line() if "dnis" not in one.props]
    profile = next(one.id for one in there if one.type == "ringcx:Profile")
    there += [
        one("ringcx:DnisAssignment", dnis, f"1/{dnis}", dnis=dnis, profile=profile, active=True)
        for dnis in numbers.values()
    ]
    seen = Seen(chrome, written(tmp_path, there))
    for region, number in parsed.items():
        spelt = [
            phonenumbers.format_number(number, form) for form in (forms.INTERNATIONAL, forms.NATIONAL, forms.RFC3966)
        ]
        for query in (numbers[region], f"00{numbers[region][1:]}", *spelt):
            assert spelt[0].replace("-", " ") in seen.find(query), (region, query)
    e164 = numbers["AC"]
    wide = e164.translate({ord(str(digit)): 0xFF10 + digit for digit in range(10)})
    arabic = e164.translate({ord(str(digit)): 0x0660 + digit for digit in range(10)})
    hyphens, hidden = f"{e164[:4]}\u2011{e164[4:]}", f"\u202a{e164[:4]}\u00a0{e164[4:]}\u202c"
    extension, abroad = (f"tel:{e164};ext=12", f"{e164} x12", f"{e164} ext. 12"), f"011{e164[1:]}"
    for query in (wide, arabic, hyphens, hidden, *extension, abroad):
        assert len(seen.find(query)) == 1, query
    seen.close()


def test_names_are_found_however_they_are_spelt(chrome: Browser, tmp_path: Path) -> None:
    there = routing(*named(["Großkunden Österreich"]))
    path = tmp_path / "routing.html"
    path.write_text(page(document(Shown("acme / dev", "a test", there, there), "now"), str), encoding="utf-8")
    seen = Seen(chrome, path)
    for query in ("großkunden", "GROSSKUNDEN", "osterreich", "O\u0308STERREICH"):
        assert len(seen.find(query)) >= 1, query
    seen.close()


def test_ten_thousand_numbers_stay_usable(chrome: Browser, tmp_path: Path) -> None:
    """``python -m bench.page`` says how long it takes."""
    seen = Seen(chrome, written(tmp_path, line(10_000, 300)))
    assert seen.page.locator("#list [role=option]").count() < 40
    assert seen.faults_in_both_themes() == []
    for query in ("+1 800 555 9999", "0018005559999", "1-800-555-9999", "(800) 555 99 99", "8005559999"):
        assert seen.find(query) == ["+1 800 555 9999"], query
    assert len(seen.find("night desk 299")) > 10
    seen.go("5551234")
    assert seen.page.locator("main h2").inner_text() == "+1 800 555 1234"
    seen.page.fill("#search", "")
    seen.page.focus("#list")
    seen.page.keyboard.press("End")
    seen.page.keyboard.press("Enter")
    assert seen.page.locator("main h2").inner_text() == "+1 800 555 9999"
    seen.close()


@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES)
def test_whatever_things_are_called(chrome: Browser, names: list[str], tmp_path: Path) -> None:
    there = routing(*named(names))
    path = tmp_path / "routing.html"
    path.write_text(page(document(Shown("acme / dev", "a test", there, there), "now"), str), encoding="utf-8")
    seen = Seen(chrome, path)
    if not names:
        assert seen.sections() == ["Nothing here"]
    for row in seen.rows():
        seen.go(row)
        seen.page.wait_for_function("document.querySelector('.drawing svg')")
        titles = seen.page.locator("svg.scene .box .title").all_inner_texts()
        places = [title for title in titles if title == "Agents 0" or title == "Agents 49"]
        assert places in ([], ["Agents 0", "Agents 49"])
        assert seen.page.evaluate(START_IN_SIGHT)
        assert seen.page.locator("svg.scene .box.step").count() == 1 + len(names)
    assert seen.apart() == []
    assert seen.faults_in_both_themes() == []
    seen.close()


START_IN_SIGHT = """() => new Promise((told) => setTimeout(() => {
  const [first, place] = [document.querySelector('.box.number rect'), document.querySelector('.drawing')]
    .map((one) => one.getBoundingClientRect());
  told(first.top >= place.top && first.bottom <= place.bottom);
}, 50))"""


def test_hours_in_which_nobody_answers_are_told_without_colours(chrome: Browser, tmp_path: Path) -> None:
    there = [one for one in line() if one.type != "ringcx:Destination"]
    there += [replace(one, props={**one.props, "active": False}) for one in line() if one.type == "ringcx:Destination"]
    seen = Seen(chrome, written(tmp_path, there))
    seen.go("18005550000")
    cell = seen.page.locator("table.week td.gap").first
    assert "obody" in cell.inner_text() + str(cell.get_attribute("title"))
    assert "repeating-linear-gradient" in cell.evaluate("(one) => getComputedStyle(one).backgroundImage")
    assert seen.faults_in_both_themes() == []
    seen.close()


def test_what_is_found_about_thousands_of_numbers_is_at_each_of_them(chrome: Browser, tmp_path: Path) -> None:
    before, after = line(2_000, 300), line(2_000, 300, opens=9)
    was, will = routing(*before), routing(*after)
    passed = next(one.urn for one in after if one.type == "ringcx:Profile")  # by seven of them
    said = {"level": "refused", "rule": "calls-go-elsewhere", "urn": passed}
    numbers = [f"+1800{5550000 + place}" for place in range(2_000)]
    findings = [{**said, "object": number, "message": f"calls to {number} move"} for number in numbers]
    findings.append({**said, "object": "Support 0", "message": "it is about all calls that pass it"})
    shown = Shown("acme / dev", "a test", was, will, findings=findings, verdict="refused: 2001 violations")
    (tmp_path / "routing.html").write_text(page(document(shown, "now"), str), encoding="utf-8")
    seen = Seen(chrome, tmp_path / "routing.html")
    found = seen.page.locator("main section", has=seen.page.locator("h3", has_text="Findings of the gate"))
    assert found.locator("li").count() == 2
    assert "The same for +1 800 555 0001, " in found.inner_text()
    assert "and 1994 more." in found.inner_text()
    seen.page.locator("#filters button", has_text="Findings").click()
    assert seen.page.locator("#count").inner_text() == "2,000 in the list"
    for number, many in (("8005551999", 1), ("8005551800", 2)):
        seen.go(number)
        assert f"calls to +1{number} move" in found.inner_text()
        assert found.locator("li").count() == many
    assert seen.page.locator("svg.scene").count() == seen.page.locator("table.week").count() == 2
    seen.close()


def test_gaps_that_are_alike_are_one_line_which_says_why(chrome: Browser, tmp_path: Path) -> None:
    there = [replace(one, props={**one.props, "active": "dnis" not in one.props}) for one in line(30)]
    seen = Seen(chrome, written(tmp_path, there))
    (gaps,) = seen.page.locator("main section", has=seen.page.locator("h3", has_text="nobody answers")).all()
    (row,) = gaps.locator("li").all()
    assert "and 25 more" in row.inner_text()
    assert "at all hours: nobody (the assignment is not active)" in row.inner_text()
    assert row.locator(".strip .gap").count() == 1
    now = seen.page.locator(".facts .bad", has_text="Nobody answers now (").inner_text()
    assert now.endswith("30")
    assert now.split(")")[0].split()[-1] in ("UTC", *time.tzname)
    seen.page.goto(f"{seen.url}#%E0%A4")  # somebody has cut an address off
    assert seen.page.locator("main h2").inner_text() == "acme / dev"
    seen.close()


def test_who_answers_now_is_told_with_the_zone(chrome: Browser, tmp_path: Path) -> None:
    context = chrome.new_context(timezone_id="America/Denver")
    page_ = context.new_page()
    page_.clock.set_fixed_time("2026-11-30T15:30:00Z")  # Monday 08:30 there
    page_.goto(f"{written(tmp_path, line()).as_uri()}#%2B18005550000")
    assert page_.locator(".now").inner_text() == "Monday 08:30, which it is here now (MST): Denver 0 (+1 303 555 0000)"
    (now,) = page_.locator("table.week td.present").all()
    assert str(now.get_attribute("title")).startswith("Monday 08:00–18:00: Denver 0")
    assert "clock of the account" in page_.locator("main section").last.inner_text()
    context.close()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_before_and_after_stand_side_by_side(chrome: Browser, dark: bool, tmp_path: Path) -> None:
    seen = Seen(chrome, written(tmp_path, line(3, 1, opens=9), line(3, 1)), dark=dark)
    assert seen.sections()[:2] == ["What changes for callers", "Findings of the gate"]
    assert "becomes Night desk 0 (queue 1000)" in seen.page.locator("main section").first.inner_text()
    seen.go("18005550000")
    (left, right) = seen.page.locator(".drawing").all()
    at = [one.bounding_box() for one in (left, right)]
    assert at[0] is not None
    assert at[1] is not None
    assert at[0]["x"] + at[0]["width"] < at[1]["x"]
    assert at[0]["y"] == at[1]["y"]
    assert left.locator(".arrow.gone").count() == right.locator(".arrow.new").count() == 2
    assert seen.page.locator("table.week").count() == 2
    assert "calls-go-elsewhere" in seen.page.locator("main section").nth(1).inner_text()
    box = right.locator(".box").first
    box.press("Enter")
    assert "calls-go-elsewhere" in seen.page.locator(".detail:visible").inner_text()
    assert seen.faults() == []
    assert seen.apart() == []
    seen.close()


def test_a_week_shows_half_hours_where_something_changes_in_them(chrome: Browser, tmp_path: Path) -> None:
    seen = Seen(chrome, written(tmp_path, line(night=False)))
    seen.go("18005550000")
    assert columns(seen) == [8, 10, 6]
    first = seen.page.locator("table.week tbody td").first
    assert "Monday 00:00–08:00" in str(first.get_attribute("title"))
    seen.close()
    hours = {"monday": [{"from": "09:30", "to": "17:00"}]}
    rule = one(
        "ringex:AnsweringRule",
        "office",
        "1/101/7",
        name="Office",
        extension_id="1/101",
        called_numbers=["+18005559999"],
        schedule={"weekly": hours},
        enabled=True,
        action="UnconditionalForwarding",
        forward_all_to="+13035550001",
    )
    seen = Seen(chrome, written(tmp_path, [*line(), rule]))
    seen.go("18005559999")
    assert columns(seen) == [19, 15, 14]
    assert seen.apart() == []
    seen.close()


def columns(seen: Seen) -> list[int]:
    """How many columns each part of Monday has."""
    first = seen.page.locator("table.week tbody tr").first.locator("td")
    return [int(cell.get_attribute("colspan") or 0) for cell in first.all()]


def test_it_is_used_without_a_mouse_and_fits_a_telephone_and_paper(chrome: Browser, tmp_path: Path) -> None:
    seen = Seen(chrome, written(tmp_path, line(30, 2)), width=390)
    seen.page.keyboard.press("/")
    seen.page.keyboard.type("555 0007")
    seen.page.keyboard.press("Enter")
    assert seen.page.locator("main h2").inner_text() == "+1 800 555 0007"
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert seen.faults() == []
    seen.page.emulate_media(media="print")
    assert not seen.page.locator("#list").is_visible()
    assert seen.page.locator("svg.scene").first.is_visible()
    seen.close()
