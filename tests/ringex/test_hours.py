"""Times, hours and periods of answering rules: what is read, and what is refused with the way to write it."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_voice_routing.registry import provider_for


def said(**schedule: Any) -> list[str]:
    args = {"extension_id": "~", "name": "x", "schedule": schedule}
    return [f"{one.path}: {one.reason}" for one in provider_for("ringex:AnsweringRule").checked(args)[1]]


def hours(start: str, end: str, day: str = "monday") -> list[str]:
    return said(weekly={day: [{"from": "01:00", "to": "02:00"}, {"from": start, "to": end}]})


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("9:00", "09:00"),
        ("9", "09:00"),
        ("09", "09:00"),
        ("0900", "09:00"),
        ("930", "09:30"),
        ("9.30", "09:30"),
        ("9h30", "09:30"),
        ("09:00:00", "09:00"),
        (" 09:00", "09:00"),
        ("9am", "09:00"),
        ("9 AM", "09:00"),
        ("12 a.m.", "00:00"),
        ("12:30pm", "12:30"),
        ("5:30 PM", "17:30"),
        ("13pm", ""),
        ("25:00", ""),
        ("09:60", ""),
        ("24:01", ""),
        ("noon", ""),
        ("", ""),
        ("\u0660\u0669:00", ""),
    ],
)
def test_a_time_in_another_form(written: str, meant: str) -> None:
    (line,) = hours(written, "23:00")
    assert line.startswith("schedule.weekly.monday[1].from: ")
    if meant:
        assert line.endswith(f"{written!r} is not written hh:mm; write {meant}")
    else:
        assert line.endswith(f"{written!r} is no time of day; write it like 09:00")


ROW = '{"from": "08:00", "to": "17:00"}'


@pytest.mark.parametrize("written", ["8-17", "08:00-17:00", "8 am - 5 pm", "0800\u20131700"])
def test_two_times_in_one_text(written: str) -> None:
    (line,) = hours(written, "23:00")
    assert line.endswith(f"{written!r} is two times, of which one stands here: {ROW}")
    assert said(weekly={"monday": [written]})[0].endswith(f"; write {ROW}")
    assert said(weekly={"monday": written})[0].endswith(f"; write [{ROW}]")


@pytest.mark.parametrize(("day", "meant"), [("Monday", "monday"), ("tues", "tuesday"), ("SUN", "sunday")])
def test_a_day_in_another_form(day: str, meant: str) -> None:
    (line,) = hours("08:00", "17:00", day)
    assert line.endswith(f"; did you mean {meant!r}?")


@pytest.mark.parametrize(("start", "end"), [("00:00", "24:00"), ("09:00", "17:00"), ("23:59", "24:00")])
def test_hours_that_are_fine(start: str, end: str) -> None:
    assert hours(start, end) == []


@pytest.mark.parametrize(
    ("start", "end", "day", "why"),
    [
        (
            "22:00",
            "02:00",
            "monday",
            "22:00 to 02:00 goes over midnight, and hours are kept day by day; write two rows: "
            'monday {"from": "22:00", "to": "24:00"} and tuesday {"from": "00:00", "to": "02:00"}',
        ),
        (
            "20:30",
            "06:15",
            "sunday",
            "20:30 to 06:15 goes over midnight, and hours are kept day by day; write two rows: "
            'sunday {"from": "20:30", "to": "24:00"} and monday {"from": "00:00", "to": "06:15"}',
        ),
        ("09:00", "00:00", "friday", '09:00 to 00:00 ends before it begins; write {"from": "09:00", "to": "24:00"}'),
        ("09:00", "09:00", "friday", "09:00 to 09:00 lasts no time; the whole day is 00:00 to 24:00"),
        ("24:00", "02:00", "friday", "24:00 is the end of the day; the next day begins at 00:00"),
    ],
)
def test_hours_that_are_none(start: str, end: str, day: str, why: str) -> None:
    assert hours(start, end, day) == [f"schedule.weekly.{day}[1]: {why}"]


@pytest.mark.parametrize(
    ("schedule", "line"),
    [
        ({"weekly": {}}, "schedule.weekly: holds no hours, and the rule would be for no call"),
        ({"weekly": {"monday": []}}, "schedule.weekly: holds no hours, and the rule would be for no call"),
        ({"ranges": []}, "schedule.ranges: holds no period; give one or more"),
    ],
)
def test_a_schedule_without_hours(schedule: dict[str, Any], line: str) -> None:
    assert said(**schedule) == [line]


@pytest.mark.parametrize(
    ("start", "end", "why"),
    [
        ("2030-12-24T18:00:00Z", "2030-12-24T18:00:00Z", "it ends at 2030-12-24T18:00:00Z, which is not after"),
        ("2030-12-25T00:00:00Z", "2030-12-24T18:00:00Z", "it ends at 2030-12-24T18:00:00Z, which is not after"),
        ("2030-12-24T18:00:00+02:00", "2030-12-24T15:00:00Z", "which is not after"),
        ("2030-12-24T18:00:00", "2030-12-26T18:00:00Z", "one of the two has a time zone and the other has none"),
    ],
)
def test_periods_that_are_none(start: str, end: str, why: str) -> None:
    (line,) = said(ranges=[{"from": start, "to": end}])
    assert line.startswith("schedule.ranges[0]: ")
    assert why in line


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("2030-12-24", "is no day and time of ISO 8601; write 2030-12-24T00:00:00Z"),
        ("24.12.2030", "is no day and time of ISO 8601; write like 2030-12-24T18:00:00Z"),
        ("2030-13-24T18:00:00Z", "is not in the calendar or on the clock"),
        ("2030-02-30T18:00:00Z", "is not in the calendar or on the clock"),
        ("2030-12-24T25:00:00Z", "is not in the calendar or on the clock"),
    ],
)
def test_moments_that_are_none(written: str, why: str) -> None:
    (line,) = said(ranges=[{"from": written, "to": "2031-01-01T00:00:00Z"}])
    assert line.startswith("schedule.ranges[0].from: ")
    assert why in line


def test_a_period_that_is_fine() -> None:
    assert said(ranges=[{"from": "2030-12-24T18:00:00Z", "to": "2030-12-27T08:00:00Z"}]) == []


def test_what_forwards_all_calls() -> None:
    def forwards(target: str) -> tuple[Any, list[str]]:
        args = {
            "extension_id": "~",
            "name": "x",
            "action": "UnconditionalForwarding",
            "forward_all_to": target,
            "schedule": {"ref": "BusinessHours"},
        }
        values, failures = provider_for("ringex:AnsweringRule").checked(args)
        return values.get("forward_all_to"), [one.reason for one in failures]

    assert forwards("61612345") == ("61612345", [])
    assert forwards("17001234") == ("17001234", [])
    assert forwards("+1 616 555 0100") == ("+16165550100", [])
    # A prefix of the vendor's, or an area code: it may be either.
    (why,) = forwards("6165550100")[1]
    assert "has no country code" in why
    (why,) = forwards("444.0")[1]
    assert "a number with a decimal point" in why
