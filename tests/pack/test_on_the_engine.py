"""The pack on the real engine: it stops what it should before anything is written, and lets the rest through."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pytest

from pulumi_voice_routing import ringcx
from tests.approvals import filled_in
from tests.emulated import Emulated, operations
from tests.stacks import Program

from .conftest import JudgedStack

NUMBER, OTHER = "+13035550100", "+13035550199"


@dataclass
class Line:
    """A support line, with the changes that a test makes to it."""

    go_live: str = "go-live"
    """The name of its activation."""
    live: tuple[str, ...] = ("denver", "austin", "support")
    shares: Mapping[str, int] = field(default_factory=lambda: {"denver": 70, "austin": 30})
    also: Callable[[dict[str, Any]], Any] = lambda line: None
    """Declares more, from the resources by their names."""
    aliases: tuple[str, ...] = ()

    def __call__(self) -> None:
        group = ringcx.RouteGroup("group", name="Denver")
        line: dict[str, Any] = {"group": group}
        for name, target in (("denver", "+13035551234"), ("austin", "+13035551235"), ("reno", "+13035551236")):
            if name in self.shares or name in self.live:
                line[name] = ringcx.Destination(name, group_id=group.id, name=name, kind="DID", target=target)
        line["support"] = ringcx.Profile(
            "support",
            group_id=group.id,
            name="Support",
            routing_type="PERCENT_ALLOCATION",
            percent_alloc_type="DAILY",
        )
        split = ringcx.ProfileDestinations(
            "split",
            profile=line["support"],
            destinations=[
                {"destination": line[name], "allocation_percent": share} for name, share in self.shares.items()
            ],
        )
        self.also(line)
        if self.live:
            ringcx.Activation(
                self.go_live,
                targets=[line[name] for name in self.live],
                opts=pulumi.ResourceOptions(
                    depends_on=[split], aliases=[pulumi.Alias(name=name) for name in self.aliases]
                ),
            )


def overrides(*numbers: str, replace_all: bool | None = None) -> Callable[[dict[str, Any]], Any]:
    rows: list[ringcx.Override] = [{"dnis": number, "target": "+13035559999"} for number in numbers]
    said: dict[str, Any] = {} if replace_all is None else {"replace_all": replace_all}
    return lambda line: ringcx.DnisOverrides("all", destination=line["denver"], overrides=rows, **said)


def twin(line: dict[str, Any]) -> None:
    group = line["group"]
    ringcx.Destination("twin", group_id=group.id, name="denver", kind="DID", target="+13035551239")


def called(line: dict[str, Any]) -> None:
    pool = ringcx.DnisPool("pool", numbers=[{"dnis": NUMBER}])
    after = pulumi.ResourceOptions(depends_on=[pool])
    ringcx.DnisAssignment("hotline", dnis=NUMBER, profile=line["support"], opts=after)


NEW = Line(live=("denver", "support"), also=twin)
SAID_OF_NEW = {
    "calls-unanswered": ["profile 'Support' sends calls to 'austin', which is not active"],
    "duplicates": ["destination 'denver' of route group 'Denver' is declared by 'denver' and 'twin'"],
}

STANDING = Line(also=called)
CHANGED = Line(live=("denver", "support"), also=called)
SAID_OF_CHANGED = {
    "calls-unknown": [f"whether calls to {NUMBER} are answered could not be told any more"],
    "unprotected-number": [f"{NUMBER} takes calls, and 'hotline' is not protected"],
}


@pytest.mark.parametrize("operation", ["preview", "up"])
@pytest.mark.parametrize(
    ("before", "program", "said"),
    [(None, NEW, SAID_OF_NEW), (STANDING, CHANGED, SAID_OF_CHANGED)],
    ids=["a new line", "a line that stands"],
)
def test_each_violation_stops_the_run_with_its_entry_and_nothing_is_written(
    before: Program | None,
    program: Program,
    said: dict[str, list[str]],
    operation: str,
    judged_stack: JudgedStack,
    emulator: Emulated,
) -> None:
    if before:
        judged_stack.up(before, quiet=False)

    with emulator.recording() as calls:
        run, verdicts = judged_stack.judged(operation, program, *(["--yes"] if operation == "up" else []))

    assert run.failed
    assert "Traceback" not in run.console
    assert sorted(verdict.policy for verdict in verdicts) == sorted(said), run.console
    for verdict in verdicts:
        assert verdict.level == "mandatory"
        assert verdict.line.startswith(*said[verdict.policy])
        assert "[[approval]]" in filled_in(f"{verdict.line}\nIn an emergency")
    assert operations(calls, writes=True) == []


def test_a_support_line_comes_up_and_changes_without_harm(judged_stack: JudgedStack) -> None:
    start = Line(also=overrides(NUMBER, replace_all=True))
    moved = Line(
        live=("denver", "reno", "support"),
        shares={"denver": 70, "reno": 30},
        also=overrides(NUMBER, replace_all=True),
        go_live="live",
        aliases=("go-live",),
    )
    for program, options in ((start, ("--yes",)), (start, ()), (moved, ("--yes",))):
        run, verdicts = judged_stack.judged("up" if options else "preview", program, *options)
        assert not run.failed, run.console
        assert verdicts == []


def test_a_renamed_activation_is_seen_for_what_it_is_and_the_config_decides_its_level(
    judged_stack: JudgedStack,
) -> None:
    judged_stack.up(Line(), quiet=False)
    judged_stack.up(Line(also=called), quiet=False)

    config = {"calls-unanswered": "advisory", "unprotected-number": "disabled"}
    run, verdicts = judged_stack.judged("preview", Line(go_live="live", also=called), config=config)
    assert not run.failed, run.console
    assert [(verdict.policy, verdict.level) for verdict in verdicts] == [("approvals", "advisory")]
    assert "'go-live' becomes 'live' without an alias" in verdicts[0].line

    run, verdicts = judged_stack.judged("preview", Line(live=("denver", "austin"), also=called), config=config)
    assert not run.failed, run.console
    assert [(verdict.policy, verdict.level) for verdict in verdicts] == [("calls-unanswered", "advisory")]
    assert f"fewer calls to {NUMBER} would be answered" in verdicts[0].line


def test_settings_that_no_rule_has_or_of_another_type_stop_the_run(judged_stack: JudgedStack) -> None:
    run, _ = judged_stack.judged("preview", Line(), config={"critical-number-unanswered": {"critical": "many"}})
    assert run.failed
    assert "critical" in run.console


def test_a_saved_state_is_judged_without_program_and_stack(judged_stack: JudgedStack) -> None:
    judged_stack.up(Line(), quiet=False)
    state = judged_stack.export()

    code, said = judged_stack.analyze(state)
    assert code == 0, said

    for one in state["deployment"]["resources"]:
        if one["urn"].endswith("::split"):
            for props in (one["inputs"], one["outputs"]):
                props["destinations"][1]["allocation_percent"] = 20
        if one["urn"].endswith("::denver"):
            for props in (one["inputs"], one["outputs"]):
                props["target"] = "303-555-1234"
    code, said = judged_stack.analyze(state)
    assert code != 0
    assert "the shares of profile 'Support' make 90 percent, not 100" in said
    assert "destination 'denver' would send calls where no call may go" in said
    assert "Traceback" not in said


# Numbers


@dataclass
class Numbers:
    """Numbers and who answers them, with the changes that a test makes."""

    numbers: tuple[str, ...] = (NUMBER, OTHER)
    queue: bool = True
    active: bool | None = None
    protect: bool = True

    def __call__(self) -> None:
        pool = ringcx.DnisPool("pool", numbers=[{"dnis": number} for number in (NUMBER, OTHER)])
        said: dict[str, Any] = {} if self.active is None else {"active": self.active}
        target: dict[str, Any] = {"queue_id": "1000"} if self.queue else {"visual_ivr_id": "1000"}
        opts = pulumi.ResourceOptions(depends_on=[pool], protect=self.protect)
        ringcx.DnisAssignments("hotlines", numbers=list(self.numbers), **target, **said, opts=opts)


def test_numbers_keep_their_owner_until_the_move_is_approved(judged_stack: JudgedStack, emulator: Emulated) -> None:
    judged_stack.up(Numbers(), quiet=False)

    for program, options, policies in (
        (Numbers(queue=False), ("preview",), {"reassign-active-dnis"}),
        (Numbers(queue=False), ("up", "--yes", "--skip-preview"), {"reassign-active-dnis"}),
        (Numbers(active=False), ("up", "--yes", "--skip-preview"), {"release-active-dnis"}),
        (Numbers(numbers=(NUMBER,)), ("preview",), {"release-active-dnis"}),
        (Numbers(protect=False), ("preview",), {"unprotected-number"}),
    ):
        operation, *more = options
        with emulator.recording() as calls:
            run, verdicts = judged_stack.judged(operation, program, *more)
        assert run.failed
        assert {(verdict.policy, verdict.level) for verdict in verdicts} == {(name, "mandatory") for name in policies}
        assert operations(calls, writes=True) == []

    for number in (NUMBER, OTHER):
        judged_stack.approve("reassign-active-dnis", number, "queue 1000", "Visual IVR 1000")
    run, verdicts = judged_stack.judged("up", Numbers(queue=False), "--yes")
    assert not run.failed, run.console
    assert {verdict.policy for verdict in verdicts} == {"approvals"}
