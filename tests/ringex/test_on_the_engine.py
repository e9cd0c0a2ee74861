"""What RingEX types promise beyond the nine cases, on the real engine."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from pulumi_voice_routing import ringex
from tests.conftest import NewStack
from tests.emulated import Emulated, Json, operations
from tests.examples import ref
from tests.examples.ringex import EXTENSION, api, forwarding_number, put_rule, rule, stored_rule
from tests.stacks import Program, Stack

HERE = ref(EXTENSION)
VIP = [{"caller_id": "+13035550170"}]


def a_rule(name: str = "VIPs", **args: Any) -> Program:
    def program() -> None:
        declared = {"extension_id": HERE, "name": name, "callers": VIP, **args}
        pulumi.export("id", ringex.AnsweringRule("rule", **declared).id)

    return program


def a_built_in(**args: Any) -> Program:
    def program() -> None:
        declared = {"extension_id": HERE, "rule": "business-hours", **args}
        pulumi.export("id", ringex.BuiltInAnsweringRule("hours", **declared).id)

    return program


def a_number(**args: Any) -> Program:
    def program() -> None:
        declared = {"extension_id": HERE, "type": "Mobile", "phone_number": "+13035550160", **args}
        pulumi.export("id", ringex.ForwardingNumber("number", **declared).id)

    return program


def sent(calls: list[Json], operation: str) -> list[Json]:
    return [call["request"] for call in calls if call["operation"] == operation]


class TestRules:
    def test_an_update_sends_what_changes_and_nothing_else(self, emulator: Emulated, stack: Stack) -> None:
        mobile = forwarding_number(emulator, "+13035550160")
        id_ = rule(
            emulator,
            "VIPs",
            callers=[{"callerId": "+13035550171"}, {"callerId": "+13035550170"}],
            forwarding={"rules": [{"index": 1, "ringCount": 7, "forwardingNumbers": [{"id": mobile}]}]},
            greetings=[{"type": "Voicemail", "preset": {"id": "77"}}],
        )
        callers = [{"caller_id": "+13035550170"}, {"caller_id": "+13035550171"}]
        before = stored_rule(emulator, EXTENSION, id_)
        with emulator.recording() as calls:
            stack.up(a_rule(callers=callers, adopt=True))
        assert operations(calls, writes=True) == []
        assert stored_rule(emulator, EXTENSION, id_) == before

        with emulator.recording() as calls:
            stack.up(a_rule(callers=callers, adopt=True, screening="Always", soft_phones_ring_count=4))
        (body,) = sent(calls, "EX-03")
        assert set(body) == {"screening", "forwarding", "showInactiveNumbers"}
        after = stored_rule(emulator, EXTENSION, id_)
        assert before is not None
        assert after is not None
        forwarding = {**before["forwarding"], "softPhonesRingCount": 4}
        assert after == {**before, "screening": "Always", "forwarding": forwarding}

    def test_entries_made_by_people_stop_a_change_until_they_were_seen(self, emulator: Emulated, stack: Stack) -> None:
        mobile, shed = forwarding_number(emulator, "+13035550160"), forwarding_number(emulator, "+13035550161")
        ours = [{"numbers": [ref(EXTENSION, mobile)]}]
        id_ = stack.up(a_rule(forward_to=ours)).outputs["id"]
        steps = [{"index": n, "forwardingNumbers": [{"id": one}]} for n, one in enumerate((mobile, shed), 1)]
        put_rule(emulator, id_, forwarding={"rules": steps})
        before = emulator.state()

        run = stack.fails(a_rule(forward_to=ours, screening="Always"))

        assert "forward_to of answering rule" in run.error
        assert "was changed by somebody since the last look" in run.error
        assert emulator.state() == before

        assert stack.refresh().changes == {"rule": "update"}
        theirs = [*ours, {"numbers": [ref(EXTENSION, shed)]}]
        stack.up(a_rule(forward_to=theirs, screening="Always"))
        held = stored_rule(emulator, EXTENSION, id_.rpartition("/")[2])
        assert held is not None
        assert [step["forwardingNumbers"] for step in held["forwarding"]["rules"]] == [[mobile], [shed]]

    def test_a_lost_answer_does_not_make_a_second_rule(self, emulator: Emulated, stack: Stack) -> None:
        emulator.faults({"match": {"operation": "EXb-01"}, "fault": "lost_answer"})
        with emulator.recording() as calls:
            stack.up(a_rule())
        assert operations(calls).count("EXb-01") == 1

    def test_nothing_is_written_to_an_upgraded_extension(self, emulator: Emulated, stack: Stack) -> None:
        with emulator.recording() as calls:
            run = stack.fails(a_rule(extension_id=ref("100003")))
        assert run.error.startswith("ringex: extension 100003 was moved to the vendor's new call handling")
        assert operations(calls, writes=True) == []

    def test_a_rule_is_not_taken_for_gone_when_its_extension_is_upgraded(
        self, emulator: Emulated, stack: Stack
    ) -> None:
        stack.up(a_rule())
        emulator.change_record("RingExExtension", "extensionId", EXTENSION, newCallHandling=True)
        assert "was moved to the vendor's new call handling" in stack.refresh_fails().error
        assert "rule" in stack.state()

    def test_two_enabled_rules_for_one_call_are_told(self, emulator: Emulated, stack: Stack) -> None:
        rule(emulator, "Family", callers=[{"callerId": "+13035550170"}])
        rule(emulator, "Others", callers=[{"callerId": "+13035550155"}])
        run = stack.up(a_rule())
        (told,) = [line for line in run.said if "is for calls that" in line]
        assert "'Family'" in told
        assert "'Others'" not in told

    @pytest.mark.parametrize(
        ("args", "line"),
        [
            ({"notify_soft_phones": False, "voicemail_enabled": False}, "forwards calls to nothing"),
            (
                {"action": "TransferToExtension", "transfer_to": EXTENSION},
                "transfers calls of extension 100001 to that same extension",
            ),
            (
                {"action": "UnconditionalForwarding", "forward_all_to": "+19005550100"},
                "+19005550100 is a premium-rate number",
            ),
        ],
    )
    def test_what_would_hurt_callers_is_refused(
        self, emulator: Emulated, stack: Stack, args: dict[str, Any], line: str
    ) -> None:
        before = emulator.state()
        assert line in stack.fails(a_rule(**args)).error
        assert emulator.state() == before

    def test_an_update_that_would_silence_a_rule_is_refused(self, emulator: Emulated, stack: Stack) -> None:
        """What the program does not declare counts as well."""
        rule(emulator, "VIPs", voicemail={"enabled": False}, callers=[{"callerId": "+13035550170"}])
        stack.up(a_rule(adopt=True))
        before = emulator.state()
        assert "forwards calls to nothing" in stack.fails(a_rule(adopt=True, notify_soft_phones=False)).error
        assert emulator.state() == before

    def test_countries_can_be_limited(self, emulator: Emulated, new_stack: NewStack) -> None:
        stack = new_stack(VOICE_ROUTING_COUNTRY_CODES="44, 353")
        args = {"action": "UnconditionalForwarding", "forward_all_to": "+13035550100"}
        assert "no country that VOICE_ROUTING_COUNTRY_CODES allows (+44, +353)" in stack.fails(a_rule(**args)).error
        stack.up(a_rule(**{**args, "forward_all_to": "+353209100100"}))


class TestWhereItIs:
    def test_whoever_signs_in_stands_in_no_id(self, emulator: Emulated, stack: Stack) -> None:
        program = a_rule(extension_id="~")
        assert stack.up(program).outputs["id"].startswith(f"{HERE}/")
        outs = stack.state()["rule"]["outputs"]
        assert outs["extension_id"] == HERE

        # The same extension by its real id is no change of the rule.
        with emulator.recording() as calls:
            stack.up(a_rule())
        assert operations(calls, writes=True) == []

    def test_another_account_is_noticed(self, emulator: Emulated, new_stack: NewStack) -> None:
        run = new_stack(RINGEX_ACCOUNT_ID="999").fails(a_rule())
        assert "account 999 is configured, but the sign-in belongs to account 123456" in run.error

    def test_an_id_of_another_account_is_noticed(self, emulator: Emulated, stack: Stack) -> None:
        run = stack.fails(a_rule(extension_id="999/100001"))
        assert "extension 999/100001 belongs to account 999, but account 123456 is configured" in run.error


class TestBuiltInRules:
    def test_destroy_forgets_when_told_so_and_never_deletes(self, emulator: Emulated, stack: Stack) -> None:
        stack.up(a_built_in(screening="Always", on_delete="forget"))
        with emulator.recording() as calls:
            stack.destroy()
        assert operations(calls, writes=True) == []
        held = stored_rule(emulator, EXTENSION, "business-hours-rule")
        assert held is not None
        assert held["screening"] == "Always"

    def test_destroy_restores_what_was_there_before_the_first_change(self, emulator: Emulated, stack: Stack) -> None:
        put_rule(emulator, "business-hours-rule", screening="NoCallerId", voicemail={"enabled": False})
        first = stored_rule(emulator, EXTENSION, "business-hours-rule")
        stack.up(a_built_in(screening="Always"))
        stack.up(a_built_in(screening="UnknownCallerId", voicemail_enabled=True))
        with emulator.recording() as calls:
            stack.destroy()
        assert operations(calls, writes=True) == ["EX-03"]
        assert stored_rule(emulator, EXTENSION, "business-hours-rule") == first

    def test_an_extension_that_is_open_around_the_clock(self, emulator: Emulated, stack: Stack) -> None:
        run = stack.fails(a_built_in(extension_id=ref("100002"), rule="after-hours"))
        assert "has no after-hours rule, because it is open around the clock" in run.error

    def test_two_resources_for_one_rule(self, emulator: Emulated, stack: Stack) -> None:
        def program() -> None:
            a_built_in(screening="Always")()
            ringex.BuiltInAnsweringRule("again", extension_id=HERE, rule="business-hours", screening="Off")

        assert "two resources of this program stand for" in stack.fails(program).error


class TestForwardingNumbers:
    @pytest.mark.parametrize("switched_off", ["rule", "step"])
    def test_it_stays_while_a_rule_names_it(self, emulator: Emulated, stack: Stack, switched_off: str) -> None:
        id_ = stack.up(a_number()).outputs["id"]
        step = {"index": 1, "enabled": switched_off != "step", "forwardingNumbers": [{"id": id_.rpartition("/")[2]}]}
        rule_id = rule(emulator, "By hand", enabled=switched_off != "rule", forwarding={"rules": [step]})

        run = stack.destroy_fails()

        assert f"stays: answering rules name it: 'By hand' ({rule_id})" in run.error
        api(emulator, "DELETE", f"{EXTENSION}/answering-rule/{rule_id}")
        stack.destroy()

    def test_a_new_telephone_changes_it_in_place(self, emulator: Emulated, stack: Stack) -> None:
        id_ = stack.up(a_number()).outputs["id"]
        with emulator.recording() as calls:
            assert stack.up(a_number(phone_number="+13035550166")).outputs["id"] == id_
        assert sent(calls, "EX-05") == [{"phoneNumber": "+13035550166"}]

    def test_what_the_vendor_would_refuse_is_not_sent(self, emulator: Emulated, stack: Stack) -> None:
        forwarding_number(emulator, "+13035550161", type="Mobile", label="Mobile")
        with emulator.recording() as calls:
            run = stack.fails(a_number())
        assert "has a number of type Mobile already, and one is the most" in run.error
        assert operations(calls, writes=True) == []

    def test_an_extension_holds_ten(self, emulator: Emulated, stack: Stack) -> None:
        for n in range(7):
            forwarding_number(emulator, f"+1303555017{n}")
        other = {"type": "Other", "label": "One more"}
        assert "has 7 numbers of type Other, which is the most" in stack.fails(a_number(**other)).error
        forwarding_number(emulator, "+13035550180", type="Home", label="Home")
        assert "has 10 forwarding numbers, and 10 is the most" in stack.fails(a_number()).error

    def test_a_number_of_the_same_account_is_explained(self, emulator: Emulated, stack: Stack) -> None:
        run = stack.fails(a_number(phone_number="+13035550103"))
        assert "400 FPN-105" in run.error
        assert "would send its own calls in a circle" in run.error

    def test_devices_are_not_deleted(self, emulator: Emulated, stack: Stack) -> None:
        device = {"type": "PhoneLine", "phone_number": "+13035550111", "adopt": True}
        stack.up(a_number(**device))
        assert "403 FPN-107" in stack.destroy_fails().error


def test_what_cannot_be_is_told_at_once(emulator: Emulated, stack: Stack) -> None:
    def program() -> None:
        ringex.AnsweringRule(
            "rule",
            extension_id=HERE,
            name="VIPs",
            action="TransferToExtension",
            forward_all_to="+13035550100",
            forward_to=[{"numbers": ["1001"], "index": 2}, {"numbers": []}],
            greetings=[{"type": "Voicemail"}],
        )

    said = "\n".join(stack.preview_fails(program).lines)
    for problem in (
        "forward_all_to: counts only with the action UnconditionalForwarding",
        "transfer_to is missing: the action TransferToExtension needs it",
        "forward_to: the indexes must count from 1, each once; these are [2, 2]",
        "forward_to[1].numbers: a step without numbers rings nothing",
        "greetings[0]: give either preset_id or custom_id",
        "a custom rule needs a condition: one of callers, called_numbers, schedule",
    ):
        assert problem in said


def test_what_others_manage_can_be_looked_at(emulator: Emulated, stack: Stack) -> None:
    id_ = ref(EXTENSION, rule(emulator, "VIPs"))

    def program() -> None:
        seen = ringex.AnsweringRule.get("seen", id=id_)
        hours = ringex.BuiltInAnsweringRule.get("hours", id=f"{HERE}/business-hours-rule")
        desk = ringex.ForwardingNumber.get("desk", id=f"{HERE}/901")
        pulumi.export("seen", [seen.name, hours.rule, desk.phone_number])

    before = emulator.state()
    assert stack.up(program).outputs["seen"] == ["VIPs", "business-hours", "+13035550111"]
    stack.destroy()
    assert emulator.state() == before
