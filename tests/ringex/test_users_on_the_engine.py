"""Extensions that are moved to the newer call handling while a stack stands for their rules, on the real engine."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from typing import Any

import httpx

from pulumi_voice_routing import ringex
from tests.emulated import Emulated, operations, settings_for
from tests.examples import ref
from tests.examples.ringex import EXTENSION, forwarding_number
from tests.examples.ringex_users import DESK, OTHER, api, with_users
from tests.stacks import Program, Stack

HERE = ref(EXTENSION)
VIP = [{"caller_id": "+13035550170", "name": "Zoe"}]
WHAT_NOW = "`voice-routing migrate ringex`"


def move(url: str, extension: str) -> None:
    httpx.post(f"{url}/_emulator/ringex/move", json={"extensionId": extension}).raise_for_status()


def old_rules(url: str, number: str) -> Program:
    def program() -> None:
        os.environ.update(settings_for(url))  # a program asks as well
        steps = [{"numbers": [ref(EXTENSION, number)], "ring_count": 6}]
        ringex.AnsweringRule("vips", extension_id=HERE, name="VIPs", callers=VIP, forward_to=steps)
        ringex.BuiltInAnsweringRule("late", extension_id=HERE, rule="after-hours", action="TakeMessagesOnly")

    return program


def voice_routing(stack: Stack, *words: str) -> str:
    command = [sys.executable, "-m", "pulumi_voice_routing.cli", *words, "--stack", "dev"]
    done = subprocess.run(command, capture_output=True, text=True, **stack.where)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class TestMoved:
    def test_between_two_runs_and_migrated_without_a_write(self, emulator: Emulated, stack: Stack) -> None:
        program = old_rules(emulator.url, forwarding_number(emulator, "+13035550160", label="Home"))
        stack.up(program)
        move(emulator.url, EXTENSION)

        with emulator.recording() as calls:
            run = stack.preview(program)
        (line,) = [one for one in run.said if "was moved to the vendor's new call handling" in one]
        assert WHAT_NOW in line
        assert "ringex.InteractionRule" in line
        assert "ringex.CallHandlingStateRule" in line
        assert operations(calls).count("EV-17") == 1

        with emulator.recording() as calls:
            shown = voice_routing(stack, "migrate", "ringex")
            assert "2 to exchange" in shown
            source = shown[shown.index('"""') :]
            stack.write_program(source)
            settings = f"name: lines\nruntime:\n  name: python\n  options:\n    virtualenv: {sys.prefix}\n"
            (stack.folder / "work" / "Pulumi.yaml").write_text(settings)
            assert "wants to change nothing" in voice_routing(stack, "migrate", "ringex", "--write")
            assert "no answering rule of the stack" in voice_routing(stack, "migrate", "ringex")
        assert operations(calls, writes=True) == []
        with emulator.recording() as calls:
            stack.destroy()
        assert operations(calls, writes=True) == ["EV-11"]

    def test_in_the_middle_of_an_up(self, emulator: Emulated, stack: Stack) -> None:
        def program() -> None:
            first = ringex.AnsweringRule("first", extension_id=HERE, name="First", callers=VIP)

            def after(_: Any) -> str:
                move(emulator.url, EXTENSION)
                return "Second"

            others = [{"caller_id": "+13035550171"}]
            ringex.AnsweringRule("second", extension_id=HERE, name=first.id.apply(after), callers=others)

        run = stack.fails(program)
        assert WHAT_NOW in run.error
        assert run.error.count("moved to the vendor's new call handling") == 1
        assert [one["displayName"] for one in emulator.records("RingExInteractionRule")] == ["First"]

        def new() -> None:
            for name, number in (("First", "+13035550170"), ("Second", "+13035550171")):
                ringex.InteractionRule(
                    f"new-{name}",
                    extension_id=HERE,
                    name=name,
                    callers=[{"caller_id": number}],
                    dispatching="RingInOrder",
                    ring_groups=[{"targets": [{"type": "AllMobileRingTarget"}]}],
                    no_answer_target={"type": "VoiceMailTerminatingTarget"},
                    adopt=True,
                )

        stack.up(new)
        assert sorted(one["displayName"] for one in emulator.records("RingExInteractionRule")) == ["First", "Second"]


class TestKindsOfExtensions:
    def test_new_types_need_an_extension_that_was_moved(self, emulator: Emulated, stack: Stack) -> None:
        def program() -> None:
            ringex.CallHandlingStateRule(
                "rule", extension_id=HERE, state="work-hours", screening="Always", on_delete="forget"
            )

        with emulator.recording() as calls:
            run = stack.fails(program)
        assert run.error.startswith(f"ringex: extension {EXTENSION} has the vendor's older call handling still")
        assert operations(calls, writes=True) == []

    def test_a_refresh_reads_the_rules_of_an_extension_once(self, emulator: Emulated, stack: Stack) -> None:
        with_users(emulator)
        users = 50
        state = emulator.state()
        state["objects"]["RingExExtension"] += [
            {"extensionId": str(200_001 + n), "newCallHandling": True, "limitedHours": True, "inQueue": True}
            for n in range(users)
        ]
        emulator.put_state(state)

        def program() -> None:
            for extension in (ref(str(200_001 + n)) for n in range(users)):
                for name in ("work-hours", "after-hours"):
                    ringex.CallHandlingStateRule(
                        f"{extension}-{name}", extension_id=extension, state=name, on_delete="forget"
                    )
                ringex.CallHandlingState(f"{extension}-dnd", extension_id=extension, state="dnd", enabled=False)
                ringex.CallHandlingState(f"{extension}-agent", extension_id=extension, state="agent")
                ringex.InteractionRule(
                    f"{extension}-vips",
                    extension_id=extension,
                    name="VIPs",
                    callers=VIP,
                    dispatching="Terminate",
                    immediate_target={"type": "VoiceMailTerminatingTarget"},
                )

        stack.up(program, quiet=False)
        with emulator.recording() as calls:
            assert stack.refresh().changes == {}
        seen = operations(calls)
        assert len(stack.state()) == 5 * users
        assert seen.count("EV-04") <= users
        assert seen.count("EV-05") == 0
        assert len(seen) <= 4 * users + 5, Counter(seen)


def test_own_apps_and_devices_stay_in_a_rule_without_being_declared(emulator: Emulated, stack: Stack) -> None:
    def program() -> None:
        ringex.CallHandlingStateRule(
            "rule",
            extension_id=ref(DESK),
            state="work-hours",
            dispatching="RingInOrder",
            ring_groups=[{"targets": [{"type": "PhoneNumberRingTarget", "phone_number": "+13035550160"}]}],
        )

    stack.up(program)
    actions = api(emulator, "GET", DESK, "voice/state-rules/work-hours")["dispatching"]["actions"]
    rings = [(one["targets"][0]["type"], one["enabled"]) for one in actions if one["type"] == "RingGroupAction"]
    assert rings == [
        ("PhoneNumberRingTarget", True),
        ("AllMobileRingTarget", False),
        ("AllDesktopRingTarget", False),
        ("DeviceRingTarget", False),
    ]


def test_around_the_clock_is_told_to_cost_the_rule_for_after_hours(emulator: Emulated, stack: Stack) -> None:
    with_users(emulator)

    def program() -> None:
        always: ringex.StateSchedule = {"daily": {"from": "00:00", "to": "24:00"}}
        ringex.CallHandlingState("hours", extension_id=ref(OTHER), state="work-hours", schedule=always)

    run = stack.up(program)
    assert [line for line in run.said if "the vendor deletes its after-hours rule" in line]
