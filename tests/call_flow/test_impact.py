"""Whose fate changes, and when."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pulumi_voice_routing import counting
from pulumi_voice_routing.call_flow.first_calls import first_called
from pulumi_voice_routing.call_flow.impact import Impact, NumberImpact
from pulumi_voice_routing.call_flow.signed_in_extension import with_extensions
from pulumi_voice_routing.call_flow.week import MINUTES, Week, in_words
from pulumi_voice_routing.commands.diagram.graph import graph_of
from pulumi_voice_routing.commands.impact_report import as_json, as_markdown, as_text
from pulumi_voice_routing.plan.facts import Before, Facts, Resource
from pulumi_voice_routing.plan.plan import Plan
from tests.call_flow.accounts import account, resources
from tests.call_flow.line import (
    AUSTIN,
    DENVER,
    GROUP,
    LINE,
    NUMBER,
    OTHER,
    assignment,
    built_in,
    but,
    destination,
    hours,
    impact,
    in_percent,
    new,
    one,
    profile,
    renamed,
    rule,
    split,
)

RECORDED = Path(__file__).parents[1] / "recorded"
NIGHTS = hours((2001, [0] * 8 + [100] * 10 + [0] * 6), (2002, [100] * 8 + [0] * 10 + [100] * 6))
EVENINGS = hours((2001, [0] * 8 + [100] * 9 + [0] * 7), (2002, [100] * 8 + [0] * 9 + [100] * 7))
BY_HOUR = but(LINE, split((2001, None), (2002, None)), NIGHTS)


def only(impacts: list[NumberImpact]) -> NumberImpact:
    (found,) = impacts
    return found


def test_only_the_hours_that_change() -> None:
    found = only(impact(BY_HOUR, but(BY_HOUR, EVENINGS)))
    (change,) = found.changes
    assert (found.number, found.calls, change.when) == (NUMBER, "", "every day 17:00-18:00")
    assert change.intervals == tuple((day * 1440 + 17 * 60, day * 1440 + 18 * 60) for day in range(7))
    assert in_percent(change.before) == {f"number {DENVER}": 100}
    assert in_percent(change.after) == {f"number {AUSTIN}": 100}


def called_first(before: list[Resource], after: list[Resource]) -> list[str]:
    return [one.name for one in first_called(Impact.of(Facts(after, Before(before), preview=True)))]


def test_a_destination_to_which_calls_come_in_some_hours_is_called_first() -> None:
    line = but(LINE, destination("austin", 2002, DENVER), split((2001, None), (2002, None)))
    noon = [100 * (hour != 12) for hour in range(24)]
    before = [*line, hours((2001, [100] * 24), (2002, [0] * 24))]
    after = [*line, hours((2001, noon), (2002, [100 - share for share in noon]))]
    assert impact(before, after) == []  # both dial one number
    assert called_first(before, after) == ["austin"]
    assert called_first(after, before) == ["denver"]


def test_destinations_behind_a_rule_for_some_hours_are_called_first() -> None:
    monday = {"weekly": {"monday": [{"from": "09:10", "to": "09:50"}]}}
    there = [*LINE, built_in("business-hours"), built_in("after-hours"), rule("monday", schedule=monday)]
    to = rule("monday", schedule=monday, action="UnconditionalForwarding", forward_all_to=NUMBER)
    assert called_first(there, but(there, to)) == ["denver", "austin"]
    assert called_first(but(there, to), there) == []


def test_numbers_are_counted() -> None:
    told: list[tuple[int, int, str]] = []

    class Counted:
        def __call__(self, done: int, of: int, what: str) -> None:
            told.append((done, of, what))

        def answered(self) -> None: ...

    with counting.shown_by(Counted()):
        impact([*LINE, assignment(OTHER)], LINE)
    assert told == [(1, 2, "numbers"), (2, 2, "numbers")]


def test_only_the_numbers_that_change() -> None:
    line = but(LINE, assignment(OTHER, queue_id="1000"))
    assert [one.number for one in impact(line, but(line, assignment(OTHER, queue_id="1001")))] == [OTHER]
    assert impact(line, line) == []


def test_numbers_that_come_together_are_compared_each_with_where_it_was() -> None:
    night = destination("night", 2003, "+13035551003")
    two = but(
        LINE, night, profile("night", 3002), split((2003, 100), of=3002), assignment(OTHER, profile=f"{GROUP}/3002")
    )
    joined = but(two, assignment(OTHER))
    assert [one.number for one in impact(two, joined)] == [OTHER]
    swapped = but(two, assignment(profile=f"{GROUP}/3002"), assignment(OTHER))
    assert [one.number for one in impact(two, swapped)] == [NUMBER, OTHER]
    parted = but(LINE, assignment(OTHER))
    assert [one.number for one in impact(parted, but(parted, assignment(OTHER, queue_id="1")))] == [OTHER]


def test_new_and_released_numbers() -> None:
    more = but(LINE, assignment(OTHER, queue_id="1000"))
    added = only(impact(LINE, but(LINE, new(assignment(OTHER, queue_id="1000")))))
    assert added.number == OTHER
    assert str(added.changes[0].before) == "unknown (the number is not part of this configuration)"
    plain_ = only(impact(but(more, assignment("13035550101", queue_id="1001")), more))
    assert plain_.number == OTHER  # as the program writes it now
    released = only(impact(more, LINE))
    assert (released.number, str(released.changes[0].after)) == (OTHER, "nobody (nobody answers the number any more)")


def test_callers_and_periods_that_rules_name_are_told_apart() -> None:
    always = [built_in("business-hours"), built_in("after-hours")]
    vip = {"callers": [{"caller_id": "+13035550170"}], "action": "UnconditionalForwarding"}
    before = [rule("vip", **vip, forward_all_to=DENVER), *always]
    found = only(impact(before, but(before, rule("vip", **vip, forward_all_to=AUSTIN))))
    assert (found.number, found.calls) == (OTHER, "from +13035550170")
    holiday = {"ranges": [{"from": "2026-12-24T00:00", "to": "2026-12-27T00:00"}]}
    after = but(before, new(rule("holiday", schedule=holiday, action="PlayAnnouncementOnly")))
    calls = [there.calls for there in impact(before, after) if there.number == OTHER]
    assert calls == ["from +13035550170 in the period from 2026-12-24 00:00", "in the period from 2026-12-24 00:00"]


def test_periods_that_overlap_are_told_apart() -> None:
    def period(start: str, end: str) -> dict[str, Any]:
        return {"schedule": {"ranges": [{"from": f"2026-12-{start}T00:00", "to": f"2026-12-{end}T00:00"}]}}

    always = [built_in("business-hours"), built_in("after-hours")]
    one, other = rule("a", **period("24", "26")), rule("b", **period("25", "27"))
    quiet = rule("b", **period("25", "27"), action="PlayAnnouncementOnly")
    found = impact([one, other, *always], [one, quiet, *always])
    assert [str(there.changes[0].after) for there in found if "from 2026-12-26" in there.calls] == [
        "an announcement (of extension 101)"
    ]


def test_extensions_with_rules_are_looked_at_themselves() -> None:
    def both(**props: Any) -> list[Resource]:
        return [built_in("business-hours", **props), built_in("after-hours", **props)]

    found = only(impact(both(), both(action="PlayAnnouncementOnly")))
    assert found.number == "extension 101"
    assert str(found.changes[0].after) == "an announcement (of extension 101)"
    named = [rule("off", enabled=False)]  # its number is known by a rule
    assert [one.number for one in impact([*named, *both()], [*named, *both(action="PlayAnnouncementOnly")])] == [
        OTHER,
        "extension 101",
    ]
    vip = {"called_numbers": None, "callers": [{"caller_id": "+13035550170"}]}
    (one,) = impact([rule("vip", **vip)], [rule("vip", **vip, action="PlayAnnouncementOnly")])
    assert (one.number, one.calls) == ("extension 101", "from +13035550170")


def test_the_extension_of_whoever_signs_in_is_the_one_that_the_state_has() -> None:
    always = [built_in("business-hours"), built_in("after-hours")]
    before = [rule("all"), *always]
    after = [replace(one, id=None, props={**one.props, "extension_id": "~"}) for one in before]
    assert impact(before, after) == []
    more = replace(rule("new"), id=None)
    more = replace(more, props={**more.props, "extension_id": "~", "action": "PlayAnnouncementOnly"})
    (found,) = impact(before, [*after, more])
    assert str(found.changes[0].after) == "unknown (which of the extension's rules is for the call cannot be told)"


def test_a_transfer_to_whoever_signs_in_leads_to_the_extension_that_the_state_has() -> None:
    always = [built_in("business-hours"), built_in("after-hours")]
    there = replace(rule("all", extension_id="1/102"), id="1/102/all")
    after = [replace(one, id=None, props={**one.props, "extension_id": "~"}) for one in always]
    to = replace(there, props={**there.props, "action": "TransferToExtension", "transfer_to": "~"})
    (found,) = [one for one in impact([there, *always], [to, *after]) if one.number == OTHER]
    assert {str(change.after) for change in found.changes} == {"voicemail of extension 101"}


def test_a_number_that_rules_of_two_extensions_name() -> None:
    there = rule("x"), replace(rule("y", extension_id="1/102"), id="1/102/y")
    assert impact(there, there[::-1]) == []


def test_a_telephone_is_known_by_its_id() -> None:
    desk = one("ringex:ForwardingNumber", "desk", "1/101/7", extension_id="1/101", type="PhoneLine", device_id="9")
    all_ = rule("a", action="ForwardCalls", forward_to=[{"numbers": ["1/101/7"]}])
    assert impact([all_, desk], [all_, *renamed([desk], aliases=True)]) == []


def test_two_overrides_in_another_order() -> None:
    def override(name: str, target: str) -> Resource:
        at = "123456/1001/2001"
        return one("ringcx:DnisOverride", name, f"{at}/{name}", destination=at, dnis=NUMBER, target=target)

    there = override("a", DENVER), override("b", AUSTIN)
    assert impact([*LINE, *there], [*LINE, *there[::-1]]) == []


def test_another_unknown_is_another_fate() -> None:
    closed = but(LINE, destination("denver", 2001, DENVER, monday_schedule="9-5"))
    later = but(LINE, destination("denver", 2001, DENVER, monday_schedule="9-6"))
    (change,) = only(impact(closed, later)).changes
    assert change.when == "Mon 00:00-24:00"
    assert impact(closed, closed) == []


@pytest.mark.parametrize("chunk", [0, pytest.param(1, marks=pytest.mark.whole_run)])
def test_a_rename_changes_nobodys_fate(chunk: int) -> None:
    for seed in range(chunk, 60, 2):
        there = resources(account(seed))
        assert impact(there, renamed(there, aliases=True)) == [], seed


def test_a_rename_of_a_number_without_an_alias_changes_nobodys_fate() -> None:
    (number,) = renamed([LINE[-1]], aliases=False)
    assert impact(LINE, [*LINE[:-1], replace(number, id=None)]) == []


def test_the_order_of_a_program_changes_nobodys_fate() -> None:
    for seed in range(20):
        there = resources(account(seed))
        assert impact(there, there[::-1]) == [], seed


@pytest.mark.parametrize("path", sorted(RECORDED.glob("*/*.json")), ids=lambda path: path.stem)
def test_a_stack_that_stays_as_it_is_changes_nothing(path: Path) -> None:
    plan = Plan().completed(json.loads(path.read_text(encoding="utf-8"))["state"])
    assert list(Impact.of(plan.facts()).numbers()) == []
    assert graph_of(plan).changes == []


def test_many_numbers_share_one_way() -> None:
    """The way through the profile is worked out once, and so is what changes on it."""
    numbers = [f"+1303556{one:04}" for one in range(2000)]
    many = replace(
        assignment(), type="ringcx:DnisAssignments", props={"numbers": numbers, "profile": "123456/1001/3001"}
    )
    before = [*LINE[:-1], many]
    found = Impact.of(Facts(but(before, split((2001, 60), (2002, 40))), Before(before)))
    impacts = list(found.numbers())
    assert len(impacts) == 2000
    assert len({id(one.changes) for one in impacts}) == 1
    assert as_text(impacts).startswith(
        "+13035560000, +13035560001, +13035560002, +13035560003, +13035560004 and 1995 more\n"
    )


# In words


def test_as_text() -> None:
    assert as_text([]) == "Nobody's calls end elsewhere."
    assert as_text(impact(BY_HOUR, but(BY_HOUR, EVENINGS))) == (
        f"{NUMBER}\n  every day 17:00-18:00\n    before: number {DENVER}\n    after:  number {AUSTIN}"
    )


def test_as_markdown() -> None:
    assert as_markdown([]) == ""
    assert as_markdown(impact(LINE, but(LINE, split((2001, 60), (2002, 40))))).splitlines() == [
        "| calls to | when | before | after |",
        "| --- | --- | --- | --- |",
        f"| {NUMBER} | always | 70 % number {DENVER}; 30 % number {AUSTIN} | "
        f"60 % number {DENVER}; 40 % number {AUSTIN} |",
    ]


def test_a_table_is_no_longer_than_a_comment() -> None:
    (one,) = impact(LINE, but(LINE, split((2001, 60), (2002, 40))))
    table = as_markdown([replace(one, calls=f"from +1303555{place:04}") for place in range(2000)])
    assert 60_000 < len(table.encode()) < 65_000
    assert table.splitlines()[-1].endswith("more rows are cut off here**; the impact as JSON or text has all of them.")


def test_as_json() -> None:
    assert as_json(impact(BY_HOUR, but(BY_HOUR, assignment(queue_id="1000")))) == [
        {
            "number": NUMBER,
            "calls": "",
            "changes": [
                {
                    "when": "every day 00:00-08:00 and 18:00-24:00",
                    "minutes": [
                        [0, 480],
                        *[[day * 1440 - 360, day * 1440 + 480] for day in range(1, 7)],
                        [9720, 10080],
                    ],
                    "before": [{"end": "number", "what": AUSTIN, "odds": "1", "percent": 100.0}],
                    "after": [{"end": "queue", "what": "1000", "odds": "1", "percent": 100.0}],
                },
                {
                    "when": "every day 08:00-18:00",
                    "minutes": [[day * 1440 + 480, day * 1440 + 1080] for day in range(7)],
                    "before": [{"end": "number", "what": DENVER, "odds": "1", "percent": 100.0}],
                    "after": [{"end": "queue", "what": "1000", "odds": "1", "percent": 100.0}],
                },
            ],
        }
    ]


@pytest.mark.parametrize(
    ("intervals", "words"),
    [
        ([(0, MINUTES)], "always"),
        ([(0, 1440)], "Mon 00:00-24:00"),
        ([(540, 1020), (1440 + 540, 1440 + 1020), (5 * 1440, 5 * 1440 + 60)], "Mon-Tue 09:00-17:00, Sat 00:00-01:00"),
        ([(23 * 60, 25 * 60)], "Mon 23:00-24:00, Tue 00:00-01:00"),
        ([(540, 600), (2 * 1440 + 540, 2 * 1440 + 600)], "Mon and Wed 09:00-10:00"),
    ],
)
def test_intervals_in_words(intervals: list[tuple[int, int]], words: str) -> None:
    assert in_words(intervals) == words


def test_weeks_are_equal_when_all_their_minutes_are() -> None:
    assert Week.by_hour([1] * 24) == Week.always(1) == Week.inside([(0, MINUTES)]).map(int)
    assert Week.inside([(10, 20), (20, 30)]) == Week.inside([(10, 30)])
    assert [Week.inside([(10, 30)]).at(minute) for minute in (9, 10, 29, 30)] == [False, True, True, False]


# Rules


def own(name: str, at: str = "~", id_: str | None = None, **props: Any) -> Resource:
    given = {"extension_id": at, "name": name, "action": "TakeMessagesOnly", **props}
    return one("ringex:AnsweringRule", name, id_, **given)


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ([own("a", "1/101", "1/101/7")], ["1/101", "1/101", "1/102", "1/101"]),
        ([own("a", "~", "1/101/7")], ["1/101", "1/101", "1/102", "1/101"]),
        ([own("a", "1/101", "1/101/7"), own("b", "1/101", "1/101/8")], ["1/101", "1/101", "1/102", "1/101"]),
        ([own("a", "1/101", "1/101/7"), own("b", "1/103", "1/103/8")], ["1/101", "1/103", "1/102", "~"]),
        ([own("c", "1/102", "1/102/9")], ["~", "~", "1/102", "~"]),
        ([], ["~", "~", "1/102", "~"]),
    ],
)
def test_the_sign_for_who_signs_in_is_the_extension_that_the_state_has(
    before: list[Resource], expected: list[str]
) -> None:
    declared = [own("a"), own("b"), own("c", "1/102", transfer_to="~")]
    *at, transfers = with_extensions(Facts(declared, Before(before)))
    assert [*(rule.get("extension_id") for rule in (*at, transfers)), transfers.get("transfer_to")] == expected
    alone = [own("c", "1/102", transfer_to="~")]
    assert with_extensions(Facts(alone, Before(before))) == alone


CALLER, HOLIDAY = "+13035550170", {"from": "2026-12-24T00:00:00", "to": "2026-12-26T00:00:00"}


def test_a_caller_in_a_period_is_told_of_when_what_is_behind_an_unchanged_rule_changes() -> None:
    vip = rule(
        "vip",
        callers=[{"caller_id": CALLER}],
        schedule={"ranges": [HOLIDAY]},
        action="UnconditionalForwarding",
        forward_all_to=NUMBER,
    )
    line = but(LINE, vip, rule("all"))
    found = impact(line, but(line, split((2001, 100))))
    told = {(one.number, one.call.caller != "", one.call.moment is not None) for one in found}
    assert told == {(NUMBER, False, False), (OTHER, True, True)}


def test_a_caller_whom_rules_named_only_on_the_way_that_calls_took_before() -> None:
    vip = rule("vip", callers=[{"caller_id": CALLER}], action="UnconditionalForwarding", forward_all_to=AUSTIN)
    there = [vip, assignment(), profile(), split((2001, 100))]
    found = impact([*there, destination("denver", 2001, OTHER)], [*there, destination("denver", 2001, DENVER)])
    befores = {one.calls: in_percent(one.changes[0].before) for one in found if one.number == NUMBER}
    assert befores[f"from {CALLER}"] == {f"number {AUSTIN}": 100}
    assert len(befores) == 2
