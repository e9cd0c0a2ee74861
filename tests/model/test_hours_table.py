"""The file of hour-by-hour shares: known as little as possible, written back as it came."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pulumi_voice_routing.errors import DeclarationError, UnexpectedAnswer
from pulumi_voice_routing.ringcx.cloud_routing.hours_table import DELIMITERS, HOURS, HoursTable, hours_off_100

HOUR_NAMES = [f"H{hour:02}" for hour in range(HOURS)]
SHARES = {"9001": [70] * HOURS, "9002": [30] * HOURS}

cells = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=8)
percents = st.lists(st.integers(0, 100), min_size=HOURS, max_size=HOURS)


def file(
    shares: dict[str, list[int]],
    delimiter: str = ",",
    newline: str = "\n",
    hours: list[str] = HOUR_NAMES,
    extra: tuple[str, ...] = ("assignedDestinationId", "destinationName"),
) -> str:
    rows = [[*extra, *hours], *([key, f"name of {key}", *map(str, row)] for key, row in shares.items())]
    return "".join(delimiter.join(row) + newline for row in rows)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(("delimiter", "extension"), DELIMITERS.items())
def test_a_file_is_written_as_it_came(delimiter: str, extension: str, newline: str) -> None:
    text = file(SHARES, delimiter, newline)
    table = HoursTable.read(text, SHARES)
    assert table.shares() == SHARES
    assert table.extension == extension
    assert table.text() == text


@given(
    shares=st.dictionaries(st.integers(1000, 10**9).map(str), percents, min_size=1, max_size=5),
    delimiter=st.sampled_from(list(DELIMITERS)),
    names=st.lists(cells, min_size=5, max_size=5),
    other=st.integers(0, 100),
    order=st.permutations(range(HOURS + 2)),
)
def test_round_trips(
    shares: dict[str, list[int]], delimiter: str, names: list[str], other: int, order: list[int]
) -> None:
    """Any names, any order of the columns: only the shares change, and they change as told."""
    assume(not any(mark in name for name in names for mark in DELIMITERS))
    header = ["assignment", "note", *HOUR_NAMES]
    rows = [[key, name, *map(str, row)] for (key, row), name in zip(shares.items(), names, strict=False)]
    moved = [[row[place] for place in order] for row in [header, *rows]]
    text = HoursTable(moved[0], moved[1:], delimiter, "\n", 0, []).text()

    table = HoursTable.read(text, shares)
    assert table.shares() == shares
    assert table.text() == text
    changed = {key: [other] * HOURS for key in shares}
    again = HoursTable.read(table.with_shares(changed).text(), shares)
    assert again.shares() == changed
    assert again.with_shares(shares).text() == text
    assert table.shares() == shares


@given(st.text(max_size=300), st.sets(st.text(max_size=5), max_size=3))
def test_any_text_is_a_table_or_an_error(text: str, assignments: set[str]) -> None:
    with contextlib.suppress(UnexpectedAnswer):
        HoursTable.read(text, assignments).shares()


@pytest.mark.parametrize(
    "hours",
    [
        [f"{hour}" for hour in range(HOURS)],
        [f"{hour:02}:00" for hour in range(HOURS)],
        [f"hour_{hour}" for hour in range(HOURS)],
        [f" Percent {hour:02} " for hour in range(HOURS)],
        HOUR_NAMES[::-1],
    ],
)
def test_names_of_hours(hours: list[str]) -> None:
    row = list(range(HOURS))
    table = HoursTable.read(file({"9001": row}, hours=hours), ["9001"])
    assert table.shares() == {"9001": row[::-1] if hours == HOUR_NAMES[::-1] else row}


@pytest.mark.parametrize(
    "hours",
    [
        HOUR_NAMES[:-1],
        [f"H{hour:02}" for hour in range(1, HOURS + 1)],
        [f"{hour:02}:00-{(hour + 1) % HOURS:02}:00" for hour in range(HOURS)],
        HOUR_NAMES + [f"old{hour}" for hour in range(HOURS)],
        ["Line1", "Line2", *HOUR_NAMES[:1], *HOUR_NAMES[3:]],
        [],
    ],
)
def test_columns_that_could_be_taken_for_other_hours_are_not_guessed(hours: list[str]) -> None:
    text = file({"9001": list(range(len(hours)))}, hours=hours)
    with pytest.raises(UnexpectedAnswer, match="columns that are not understood"):
        HoursTable.read(text, ["9001"])


def test_a_column_with_a_number_in_its_name_is_no_hour() -> None:
    text = file(SHARES, extra=("id", "address2"))
    assert HoursTable.read(text, SHARES).shares() == SHARES


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "holds no rows"),
        ("\n\n", "holds no rows"),
        (file({}), "holds no rows"),
        (file(SHARES) + "9003\n", "rows of different lengths"),
        (file({"9001": SHARES["9001"]}), "columns that are not understood"),
        (file(SHARES) + file(SHARES).splitlines()[1] + "\n", "columns that are not understood"),
        ("<html><body>sorry</body>\n</html>", "columns that are not understood"),
        (f'"{"x" * 200_000}"\n', "is not a table"),
    ],
)
def test_what_is_no_table(text: str, why: str) -> None:
    with pytest.raises(UnexpectedAnswer, match=why):
        HoursTable.read(text, SHARES)


@pytest.mark.parametrize("share", ["x", "-1", "101", "1.5", "50%"])
def test_what_is_no_share(share: str) -> None:
    text = file({**SHARES, "9002": [30] * 23}).replace("30\n", f"30,{share}\n")
    with pytest.raises(UnexpectedAnswer, match="which is no share of 0 to 100"):
        HoursTable.read(text, SHARES).shares()


def test_an_empty_share_is_none() -> None:
    text = file({**SHARES, "9002": [30] * 23}).replace("30\n", "30,\n")
    assert HoursTable.read(text, SHARES).shares()["9002"] == [30] * 23 + [0]


def test_rows_of_another_file_are_taken_in_the_form_of_this_one() -> None:
    table = HoursTable.read(file(SHARES, newline="\r\n"), SHARES)
    swapped = {"9002": [70] * HOURS, "9001": [30] * HOURS}
    given_ = HoursTable.read(file(swapped, delimiter="|"), SHARES)
    assert table.with_rows_of(given_).shares() == swapped
    assert table.with_rows_of(given_).text() == file(swapped, delimiter="|", newline="\r\n")


def test_rows_with_other_columns_are_refused() -> None:
    table = HoursTable.read(file(SHARES), SHARES)
    other = HoursTable.read(file(SHARES, extra=("id", "name")), SHARES)
    with pytest.raises(DeclarationError, match="the file's columns are id, name, H00"):
        table.with_rows_of(other)


def test_rows_of_other_destinations_are_refused() -> None:
    table = HoursTable.read(file(SHARES), SHARES)
    other = HoursTable.read(file({"9001": [100] * HOURS}), ["9001"])
    with pytest.raises(DeclarationError, match="rows are for assignments 9001, but the profile has 9001, 9002"):
        table.with_rows_of(other)


def test_hours_that_do_not_make_100() -> None:
    assert hours_off_100(SHARES.values()) == []
    assert hours_off_100([[70] * HOURS, [30] * 5 + [40] + [30] * 18]) == ["05:00 makes 110"]
