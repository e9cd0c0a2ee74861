"""What only the engine can show: renames, two claims to one number, a run that goes on where the last one stopped."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pulumi
import pytest

from pulumi_voice_routing import ringcx
from tests.emulated import Emulated, operations
from tests.numbers.account import Account, digits, e164
from tests.stacks import Stack

NUMBERS = digits(20)


@pytest.fixture
def by_hand(emulator: Emulated) -> Account:
    """The account, without a provider in this process."""
    return Account(emulator)


def approve(stack: Stack, rule: str, from_: str, to: str) -> None:
    """Write an approval for all the numbers beside the program."""
    entry = {"rule": rule, "objects": e164(NUMBERS), "from": from_, "to": to, "reason": "a test", "ticket": "T-1"}
    lines = [f"{name} = {json.dumps(value)}" for name, value in entry.items()]
    file = Path(stack.folder, "work", "approvals.toml")
    before = file.read_text() if file.exists() else ""
    file.write_text("\n".join([before, "[[approval]]", *lines, "until = 2999-12-31", ""]))


def each_with_its_own(profile: str, prefix: str) -> Callable[[], None]:
    """A record and an assignment for each number; tracking and many assignments at once."""

    def program() -> None:
        for number in NUMBERS[:10]:
            record = ringcx.Dnis(f"{prefix}-{number}", dnis=number, description="Support")
            ringcx.DnisAssignment(f"{prefix}-answer-{number}", dnis=record.dnis, profile=profile)
        pool = ringcx.DnisPool(f"{prefix}-pool", numbers=[{"dnis": number} for number in NUMBERS[10:]])
        after = pulumi.ResourceOptions(depends_on=[pool])
        ringcx.DnisAssignments(f"{prefix}-many", numbers=NUMBERS[10:19], profile=profile, opts=after)
        ringcx.TrackingNumber(f"{prefix}-campaign", group_id="123456/1000", dnis=NUMBERS[19], opts=after)

    return program


def test_renamed_numbers_keep_their_owners(by_hand: Account, stack: Stack) -> None:
    profile = by_hand.profile("Support")
    stack.up(each_with_its_own(profile, "old"))
    before = by_hand.owners()
    by_hand.portal.forget_journal()

    stack.up(each_with_its_own(profile, "new"))  # which finds the next preview empty

    assert operations([call for call in by_hand.portal.journal() if call["method"] in ("PUT", "DELETE")]) == []
    assert {"NM-03", "NM-16"} & set(operations(by_hand.portal.journal())) == set()
    assert all(moment == before for moment in by_hand.history(before))
    assert None not in before.values()
    assert all(name.startswith("new") for name in stack.state())


def test_two_resources_for_one_number(by_hand: Account, stack: Stack) -> None:
    profile = by_hand.profile("Support")
    by_hand.pool(NUMBERS)

    def program() -> None:
        ringcx.DnisAssignment("support", dnis="+1 303 555 0100", profile=profile)
        ringcx.DnisAssignments("campaign", numbers=NUMBERS, queue_id="1000")

    line = stack.preview_fails(program).error
    claims = "ringcx:DnisAssignments 'campaign'", "ringcx:DnisAssignment 'support'"
    assert any(f"+13035550100 is declared by {one} and by {other}" in line for one, other in (claims, claims[::-1]))
    assert set(by_hand.owners().values()) == {None}


def test_a_move_that_stops_goes_on(by_hand: Account, stack: Stack) -> None:
    first, second = by_hand.profile("First"), by_hand.profile("Second")
    by_hand.pool(NUMBERS)

    def program(profile: str) -> Callable[[], None]:
        def declared() -> None:
            ringcx.DnisAssignments("support", numbers=NUMBERS, profile=profile)

        return declared

    stack.up(program(first))
    before = by_hand.owners()
    by_hand.portal.forget_journal()

    assert "20 numbers would change hands" in stack.fails(program(second)).error
    assert by_hand.owners() == before

    approve(stack, "reassign-active-dnis", "profile 1001", "profile 1002")
    by_hand.portal.faults({"match": {"operation": "NM-09"}, "fault": "status", "code": 500, "after": 1})
    line = stack.fails(program(second)).error
    assert "1 of 20 numbers are with profile 1002" in line
    assert sorted(set(by_hand.owners().values()), key=str) == ["profile 1001", "profile 1002"]

    stack.up(program(second))
    for moment in by_hand.history(before):
        assert set(moment.values()) <= {"profile 1001", "profile 1002"}
    assert set(by_hand.owners().values()) == {"profile 1002"}

    assert "release-active-dnis" in stack.destroy_fails().error
    approve(stack, "release-active-dnis", "profile 1002", "nobody")
    stack.destroy()
    assert set(by_hand.owners().values()) == {None}


def test_drift_is_shown_and_not_taken_back(by_hand: Account, stack: Stack) -> None:
    profile = by_hand.profile("First")
    by_hand.pool(NUMBERS[:1])

    def program() -> None:
        ringcx.DnisAssignment("support", dnis=NUMBERS[0], profile=profile)

    stack.up(program)
    by_hand.move(NUMBERS[:1], "queue 1000")

    seen = stack.refresh()
    assert seen.changes == {"support": "update"}
    assert any("is answered by queue 1000 'Support' now, and not by profile 1001" in line for line in seen.said)
    assert "+13035550100 from queue 1000 to profile 1001" in stack.fails(program).error
    assert by_hand.owners() == {NUMBERS[0]: "queue 1000"}


def test_the_preview_finds_what_is_wrong_in_a_file(by_hand: Account, stack: Stack, tmp_path: Path) -> None:
    file = tmp_path / "numbers.csv"
    by_hand.portal.forget_journal()

    def program() -> None:
        ringcx.DnisPool("denver", file=pulumi.FileAsset(str(file)))

    file.write_bytes("dnis,notes\r\n13035550100.0,a\r\n13035550101,b\r\n+13035550101,c\r\n".encode("utf-16"))
    said = stack.preview_fails(program).lines
    assert [line.partition("file: ")[2].partition(":")[0] for line in said] == ["line 2", "line 4"]
    assert "a number with a decimal point" in said[0]
    assert "+13035550101 is in line 3 already" in said[1]
    assert operations(by_hand.portal.journal()) == []

    file.write_bytes("dnis,notes\r\n13035550100,a\r\n+1 303 555 0101,b\r\n".encode("utf-16"))
    stack.up(program)  # which finds the next preview empty
    assert {one["dnis"]: one["notes"] for one in by_hand.portal.records("DnisPool")} == {
        "13035550100": "a",
        "13035550101": "b",
    }
    file.write_bytes(b"dnis,notes\n")
    stack.up(program, refresh=True)
    assert stack.refresh().changes == {}
    stack.is_quiet(program)
