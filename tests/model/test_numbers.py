"""Telephone numbers have one form."""

from __future__ import annotations

import re

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_voice_routing.telephony.number import Number

COUNTRIES = sorted(phonenumbers.SUPPORTED_REGIONS)


@pytest.mark.parametrize(
    "written",
    ["+13035551234", "13035551234", "+1 (303) 555-1234", "+1.303.555.1234", " +1 303\u00a0555 1234 ", "1-303-555-1234"],
)
def test_the_usual_ways_to_write_a_number(written: str) -> None:
    assert Number.parse(written) == "+13035551234"


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "is not a telephone number"),
        ("support", "is not a telephone number"),
        ("sip:line@pbx.example", "is not a telephone number"),
        ("+1303555CALL", "is not a telephone number"),
        ("+1303+5551234", "is not a telephone number"),
        ("+1303555123\u0664", "is not a telephone number"),
        ("+1303555123²", "is not a telephone number"),
        ("+13035551234;ext=5", "is not a telephone number"),
        ("0013035551234", "has no country code that exists"),
        ("+9993035551234", "has no country code that exists"),
        ("+1303555123", "has the wrong number of digits"),
        ("+130355512345", "has the wrong number of digits"),
        ("+15551234", "has the wrong number of digits"),
        ("1001", "has the wrong number of digits"),
        ("+44 (0)20 7946 0958", "is +442079460958 meant?"),
    ],
)
def test_what_is_no_number(written: str, why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)):
        Number.parse(written)


@given(st.from_regex(r"\+1[2-9][0-9]{9}", fullmatch=True, alphabet="+0123456789"))
def test_what_is_certain_is_what_the_library_says(written: str) -> None:
    number = phonenumbers.parse(written)
    assert phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
    assert phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) == Number.parse(written) == written


@pytest.mark.parametrize("country", COUNTRIES)
def test_numbers_of_every_country_are_kept(country: str) -> None:
    example = phonenumbers.example_number(country)
    assert example is not None
    written = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    assert Number.parse(written) == written
    international = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    if set(international) <= set("+0123456789 -()."):
        assert Number.parse(international) == written


@given(st.text(alphabet="+0123456789 -().", max_size=20) | st.from_regex(r"\+?[1-9][0-9]{6,14}", fullmatch=True))
def test_the_canonical_form_is_its_own_and_loses_no_digit(written: str) -> None:
    try:
        canonical = Number.parse(written)
    except ValueError:
        return
    assert Number.parse(canonical) == canonical
    assert canonical == "+" + "".join(filter(str.isdigit, written))
