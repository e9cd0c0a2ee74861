"""Shares do not make 100 percent."""

from __future__ import annotations

import pytest

from pulumi_voice_routing.plan.facts import UNKNOWN, Resource
from pulumi_voice_routing.safety.rules import PERCENT_TOTALS
from tests.rules.plans import found, hours, id_of, resource, split
from tests.tokens import ALLOCATION_HOURS, PROFILE_DESTINATIONS


def test_percent_totals_fails_if_the_shares_of_a_set_make_less_than_100() -> None:
    (message,) = found(PERCENT_TOTALS, [split("split", "support", denver=70, austin=20)])
    assert message.startswith("the shares of 'split' make 90 percent")


def test_percent_totals_fails_if_one_share_is_missing_and_the_others_are_off() -> None:
    rows = [{"destination": id_of("denver"), "allocation_percent": 70}, {"destination": id_of("austin")}]
    one = resource(PROFILE_DESTINATIONS, "split", profile=id_of("support"), destinations=rows)
    assert "make 70 percent" in found(PERCENT_TOTALS, [one])[0]


def test_percent_totals_fails_if_an_hour_is_off_100() -> None:
    (message,) = found(PERCENT_TOTALS, [hours([70] * 24, [30] * 9 + [20] + [30] * 14)])
    assert "09:00 makes 90" in message


def test_percent_totals_passes_if_no_share_is_given_or_one_is_not_known() -> None:
    assert found(PERCENT_TOTALS, [split("split", "support")]) == []
    rows = [{"destination": UNKNOWN, "allocation_percent": share} for share in (70, UNKNOWN)]
    assert found(PERCENT_TOTALS, [resource(PROFILE_DESTINATIONS, "split", profile=UNKNOWN, destinations=rows)]) == []


def test_percent_totals_passes_if_every_hour_makes_100() -> None:
    assert found(PERCENT_TOTALS, [hours([70] * 24, [30] * 24)]) == []
    assert found(PERCENT_TOTALS, [hours([70] * 24, [UNKNOWN] * 24)]) == []


def file_of(*shares: int, delimiter: str = ",", quote: str = "") -> Resource:
    header = ["assignedDestinationId", "name", *(f"hour{hour}" for hour in range(24))]
    rows = [[f"{quote}{row}{quote}", f"D{row}", *[str(share)] * 24] for row, share in enumerate(shares, 4001)]
    text = "\n".join(delimiter.join(line) for line in [header, *rows])
    return resource(ALLOCATION_HOURS, "hours", profile=id_of("support"), file=text)


@pytest.mark.parametrize("quote", ["", '"'])
@pytest.mark.parametrize("delimiter", [",", "|", "\t"])
def test_percent_totals_reads_a_file_of_hours(delimiter: str, quote: str) -> None:
    assert found(PERCENT_TOTALS, [file_of(70, 30, delimiter=delimiter, quote=quote)]) == []
    (message,) = found(PERCENT_TOTALS, [file_of(70, 20, delimiter=delimiter, quote=quote)])
    assert "00:00 makes 90, 01:00 makes 90, 02:00 makes 90 and 21 more)" in message


@pytest.mark.parametrize("text", ["", "what is this", "what\nis\nthis\n"])
def test_percent_totals_leaves_a_file_in_another_form_to_the_provider(text: str) -> None:
    assert found(PERCENT_TOTALS, [resource(ALLOCATION_HOURS, "hours", profile=UNKNOWN, file=text)]) == []
