"""Ids that say where an object lives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_voice_routing.errors import DeclarationError, SettingsError
from pulumi_voice_routing.lifecycle import references

NAMES = ("group", "destination")
numbers = st.integers(min_value=0, max_value=2**63).map(str)


@given(numbers, numbers, numbers)
def test_what_is_joined_is_taken_apart_again(account: str, group: str, destination: str) -> None:
    reference = references.join(account, group, destination)
    assert references.below(reference, account, NAMES) == (group, destination)
    assert references.last(reference) == destination
    assert references.join(references.parent(reference), references.last(reference)) == reference


def test_the_account_may_be_left_out() -> None:
    assert references.below("1001/1002", "123456", NAMES) == ("1001", "1002")


@pytest.mark.parametrize(
    "reference", ["", "1", "1/2/3/4", "1/2/", "/1/2", "1//2", "1/x/3", "1/-2/3", "1/²/3", "1/١/3", "1/2 /3", "1/2/3\n"]
)
def test_what_is_no_reference(reference: str) -> None:
    with pytest.raises(DeclarationError) as raised:
        references.below(reference, "1", NAMES)
    assert str(raised.value).endswith("is not a destination id, which has the form ACCOUNT/GROUP/DESTINATION")


def test_another_account_is_refused() -> None:
    with pytest.raises(SettingsError) as raised:
        references.below("2/1001/1002", "1", NAMES)
    assert str(raised.value) == (
        "destination 2/1001/1002 belongs to account 2, but account 1 is configured. "
        "Select the stack that belongs to this account, or set the account back; nothing was sent."
    )


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("1/2/3", "1/2/3", True),
        ("1/2/3", "3", True),
        ("3", "1/2/3", True),
        ("3", "3", True),
        ("1/2/3", "9/2/3", False),
        ("1/2/3", "4", False),
        (None, None, True),
        (None, "3", False),
        (3, "3", False),
    ],
)
def test_sameness(one: object, other: object, same: bool) -> None:
    assert references.same(one, other) is same
