"""What guard() does for a program: it judges, it protects, and it lets go of what is approved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pytest

import pulumi_voice_routing
from pulumi_voice_routing import ringcx
from tests.guard.conftest import NUMBERS, Approve, changes_sent
from tests.numbers.account import Account, e164
from tests.stacks import Stack

FIRST, SECOND = "123456/1000/1001", "123456/1000/1002"

Program = Callable[[], None]


def program(numbers: pulumi.Input[list[str]] = NUMBERS, profile: pulumi.Input[str] = FIRST, **more: Any) -> Program:
    """A list of numbers under guard; ``more`` are further arguments."""

    def declared() -> None:
        pulumi_voice_routing.guard()
        pulumi_voice_routing.guard()  # as a component would that is used twice
        if numbers:
            ringcx.DnisAssignments("support", numbers=numbers, profile=profile, **more)

    return declared


def split() -> Program:
    """One number goes to a list with another owner, which the list that it leaves waits for."""

    def declared() -> None:
        pulumi_voice_routing.guard()
        joined = ringcx.DnisAssignments("sales", numbers=NUMBERS[:1], profile=SECOND)
        after = pulumi.ResourceOptions(depends_on=[joined])
        ringcx.DnisAssignments("support", numbers=NUMBERS[1:], profile=FIRST, opts=after)

    return declared


def test_secrets_are_judged_as_what_they_are(account: Account, stack: Stack, approve: Approve) -> None:
    def secret(numbers: list[str] = NUMBERS, profile: str = FIRST, **more: Any) -> Program:
        return lambda: program(pulumi.Output.secret(numbers), pulumi.Output.secret(profile), **more)()

    stack.up(secret())

    for changed, said in (
        (secret(profile=SECOND), "from profile 1001 to profile 1002 (reassign-active-dnis: it is not approved)"),
        (secret(NUMBERS[:2]), "+13035550102 from profile 1001 to nobody (release-active-dnis"),
        (secret(active=False), "from profile 1001 to inactive (release-active-dnis"),
    ):
        assert said in stack.preview_fails(changed).error

    stack.preview(secret(NUMBERS[::-1], description="Support"))
    approve("reassign-active-dnis", "profile 1001", "profile 1002")
    stack.up(secret(profile=SECOND))


def test_what_is_judged(account: Account, stack: Stack, approve: Approve, monkeypatch: pytest.MonkeyPatch) -> None:
    stack.up(program(), quiet=False)
    account.portal.forget_journal()

    def new_owner() -> None:
        plan = ringcx.Profile("plan", group_id="123456/1000", name="Plan", routing_type="MANUAL")
        program(profile=plan.id)()

    for changed, said in (
        (program(profile=SECOND), "from profile 1001 to profile 1002 (reassign-active-dnis: it is not approved)"),
        (program(NUMBERS[:2]), "+13035550102 from profile 1001 to nobody (release-active-dnis"),
        (program(active=False), "from profile 1001 to inactive (release-active-dnis"),
        (split(), "+13035550100 from profile 1001 to profile 1002 (take-foreign-dnis"),
        (new_owner, "from profile 1001 to an owner that is not known yet. Make the new owner in one `pulumi up`"),
    ):
        assert said in stack.preview_fails(changed).error

    for harmless in (program(description="Support"), program(NUMBERS[::-1])):
        stack.preview(harmless)

    approve("reassign-active-dnis", "profile 1001", "profile 1002")
    assert any("approved: +13035550100" in line for line in stack.preview(program(profile=SECOND)).said)
    approve("reassign-active-dnis", "profile 1001", "profile 1002", until="2020-01-01")
    assert "its approval expired on 2020-01-01" in stack.preview_fails(program(profile=SECOND)).error
    monkeypatch.setenv("VOICE_ROUTING_GUARD_PREVIEW", "tell")
    assert any("its approval expired" in line for line in stack.preview(program(profile=SECOND)).said)
    assert "its approval expired" in stack.fails(program(profile=SECOND)).error
    monkeypatch.setenv("VOICE_ROUTING_GUARD_PREVIEW", "trust")
    assert "VOICE_ROUTING_GUARD_PREVIEW is 'trust'" in stack.preview_fails(program()).error
    monkeypatch.delenv("VOICE_ROUTING_GUARD_PREVIEW")
    monkeypatch.setenv("VOICE_ROUTING_BREAK_GLASS", "reassign-active-dnis")
    assert any("BREAK_GLASS" in line for line in stack.preview(program(profile=SECOND)).said)
    assert changes_sent(account.portal) == []


def test_protection_follows_approvals(account: Account, stack: Stack, approve: Approve) -> None:
    def all_but_the_campaign() -> None:
        pulumi_voice_routing.guard()
        first = ringcx.Dnis("first", dnis=e164(NUMBERS)[0], twilio_api_key="canary")
        ringcx.DnisAssignment("one", dnis=first.dnis, profile=FIRST)
        ringcx.DnisAssignment("off", dnis=NUMBERS[1], profile=FIRST, active=False)

    def numbers() -> None:
        all_but_the_campaign()
        ringcx.TrackingNumber("campaign", group_id="123456/1000", dnis=NUMBERS[2])

    def protected() -> dict[str, bool]:
        stack.up(numbers)
        return {name: one.get("protect") is True for name, one in stack.state().items()}

    assert protected() == {"first": False, "one": True, "off": False, "campaign": True}
    assert "canary" not in str(stack.export())
    assert "from tracking number 1001 to inactive" in stack.preview_fails(all_but_the_campaign).error

    approve("release-active-dnis", "profile 1001", "nobody")
    assert protected() == {"first": False, "one": False, "off": False, "campaign": True}
    approve("release-active-dnis", "profile 1001", "nobody", until="2020-01-01")
    assert protected() == {"first": False, "one": True, "off": False, "campaign": True}
    approve("release-active-dnis", "tracking number 1001", "inactive")
    assert protected() == {"first": False, "one": True, "off": False, "campaign": False}


def test_a_record_that_silences_a_number_at_its_end(account: Account, stack: Stack) -> None:
    def numbers(*, record: bool = True) -> Program:
        def declared() -> None:
            pulumi_voice_routing.guard()
            ringcx.DnisAssignment("one", dnis=NUMBERS[0], profile=FIRST)
            if record:
                ringcx.DnisPool("pool", numbers=[{"dnis": number} for number in NUMBERS], on_delete="deactivate")

        return declared

    stack.up(numbers(), quiet=False)

    said = stack.preview_fails(numbers(record=False)).error
    assert "+13035550100 from profile 1001 to inactive (release-active-dnis" in said
    assert "+13035550101" not in said


def test_a_rename_takes_an_alias(account: Account, stack: Stack) -> None:
    def numbers(name: str, *aliases: str) -> Program:
        def declared() -> None:
            pulumi_voice_routing.guard()
            opts = pulumi.ResourceOptions(aliases=[pulumi.Alias(name=alias) for alias in aliases])
            ringcx.DnisAssignments(name, numbers=NUMBERS, profile=FIRST, opts=opts)

        return declared

    stack.up(numbers("old"), quiet=False)
    owners = account.owners()

    assert "cannot be deleted\nbecause it is protected" in "\n".join(stack.preview_fails(numbers("new")).lines)
    stack.up(numbers("new", "old"), quiet=False)
    assert account.owners() == owners


def test_approvals_that_cannot_be_read_end_the_program(account: Account, stack: Stack) -> None:
    Path("approvals.toml").write_text("[[approval]]\nrule = 1\n")

    line = stack.preview_fails(program()).error

    assert line.startswith("guard: approvals: approvals.toml")


class Mocks(pulumi.runtime.Mocks):
    """Answers for the engine, as tests of a program have them."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        self.made.append(args.name)
        return f"{args.name}-id", args.inputs

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        return {}, None


@pytest.mark.apart
def test_a_guarded_program_under_mocks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for _ in range(2):  # each test of a program has its own
        mocks = Mocks()
        pulumi.runtime.set_mocks(mocks)
        pulumi.runtime.test(program())()  # type: ignore[no-untyped-call]
        assert mocks.made == ["support"]
