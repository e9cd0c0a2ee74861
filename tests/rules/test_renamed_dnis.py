"""A resource of a number gets another name in the program."""

from __future__ import annotations

from pulumi_voice_routing.safety.rules import REPLACING_LIVE_OBJECTS
from tests.rules.numbers import MANY, ONE, TRACKED
from tests.rules.plans import (
    NUMBER,
    OTHER,
    assignment,
    assignments,
    changes,
    found,
    id_of,
    pool,
    record,
    renamed,
    saved,
)


def test_a_rename_fails_without_an_alias_and_passes_with_one() -> None:
    (message,) = found(REPLACING_LIVE_OBJECTS, [renamed(ONE, "line")], [ONE])
    assert message.startswith(
        f"{NUMBER} goes from dnis assignment 'hotline' to dnis assignment 'line' without an alias"
    )
    assert "aliases=[pulumi.Alias(name='hotline')]" in message
    assert found(REPLACING_LIVE_OBJECTS, [renamed(ONE, "line", alias=True)], [ONE]) == []
    assert changes(REPLACING_LIVE_OBJECTS, [renamed(TRACKED, "spring")], [TRACKED]) == [
        (NUMBER, "tracking number 'campaign'", "tracking number 'spring'")
    ]


def test_a_rename_fails_if_one_number_becomes_part_of_a_list() -> None:
    (message,) = found(REPLACING_LIVE_OBJECTS, [MANY], [ONE])
    assert "from dnis assignment 'hotline' to dnis assignments 'numbers'" in message
    assert "retain_on_delete=True" in message
    assert found(REPLACING_LIVE_OBJECTS, [MANY], [saved(ONE, kept=True)]) == []


def test_a_rename_of_a_record_fails_only_if_its_end_would_write_something() -> None:
    for on_delete, stopped in (("deactivate", 1), ("delete", 1), ("keep", 0)):
        before = record("r", NUMBER, on_delete=on_delete)
        assert len(found(REPLACING_LIVE_OBJECTS, [renamed(before, "again")], [before])) == stopped
        assert len(found(REPLACING_LIVE_OBJECTS, [pool("p", {"dnis": NUMBER})], [before])) == stopped


def test_a_rename_passes_if_nobody_is_reached_or_the_move_is_told_by_another_rule() -> None:
    off = assignment("hotline", NUMBER, active=False)
    assert found(REPLACING_LIVE_OBJECTS, [renamed(off, "line")], [off]) == []
    assert found(REPLACING_LIVE_OBJECTS, [renamed(ONE, "line", profile=id_of("sales"))], [ONE]) == []
    assert found(REPLACING_LIVE_OBJECTS, [assignments("numbers", [NUMBER]), assignments("more", [OTHER])], [MANY]) == []
