"""Changes of extensions and ring groups: rules that ring nobody, that hide each other, and switches that stay on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pulumi_voice_routing.plan.facts import UNKNOWN, Resource
from tests.rules.plans import NUMBER, OTHER, assignment, resource, saved
from tests.tokens import (
    ANSWERING_RULE,
    BUILT_IN_RULE,
    CALL_HANDLING_STATE,
    FORWARDING_NUMBER,
    INTERACTION_RULE,
    RING_GROUP,
)

from .numbers import case
from .saying import Case

AT: dict[str, Any] = {"extension_id": "1/101"}
PHONE = replace(resource(FORWARDING_NUMBER, "phone", **AT, phone_number="+13035551001", type="Home"), id="1/101/7")
STEP = {"numbers": ["1/101/7"]}
SILENT: dict[str, Any] = {"forward_to": [], "notify_soft_phones": False, "voicemail_enabled": False}
ZOE, ADA = {"caller_id": "+13035550170"}, {"caller_id": "+13035550171"}


def built_in(rule: str = "business-hours", **props: Any) -> Resource:
    return resource(BUILT_IN_RULE, rule, **{**AT, "rule": rule, "action": "ForwardCalls", **props})


def custom(name: str, **props: Any) -> Resource:
    return resource(ANSWERING_RULE, name, **{**AT, "name": name.upper(), "callers": [ZOE], **props})


def state(which: str, **props: Any) -> Resource:
    return resource(CALL_HANDLING_STATE, which, **{**AT, "state": which, **props})


def state_rule(which: str, **props: Any) -> Resource:
    return resource("ringex:CallHandlingStateRule", f"{which}-rule", **{**AT, "state": which, **props})


def newer(name: str, **props: Any) -> Resource:
    return resource(INTERACTION_RULE, name, **{**AT, "name": name.upper(), "callers": [ZOE], **props})


def group(number: Any, *members: str, to: Any = None, **props: Any) -> Resource:
    no_answer = {"action": "FORWARD_TO_VOICEMAIL"} if to is None else {"action": "FORWARD_TO_NUMBER", "number": to}
    rows = [{"extension_number": member} for member in members]
    given = {"name": f"G{number}", "extension_number": number, "members": rows, "no_answer": no_answer, **props}
    return resource(RING_GROUP, f"group-{number}", **given)


def _of(what: str, before: Sequence[Resource], after: Sequence[Resource], **more: Any) -> Case:
    return case(what, before, after, in_the_run=False, **more)


def _rules(what: str, before: Sequence[Resource], after: Sequence[Resource], **more: Any) -> Case:
    """Rules of an extension that has hours and a telephone."""
    there = [PHONE, built_in(forward_to=[STEP]), built_in("after-hours", action="TakeMessagesOnly")]
    named = {one.name for one in after}
    kept = [one for one in there if one.name not in named]
    other = [one for one in there if one.name not in {it.name for it in before}]
    return _of(what, [*other, *before], [*kept, *after], **more)


VOICEMAIL, ANNOUNCED = {"type": "VoiceMailTerminatingTarget"}, {"type": "PlayAnnouncementTerminatingTarget"}
ALWAYS = {"daily": {"from": "00:00", "to": "24:00"}}
MOBILE = {"targets": [{"type": "AllMobileRingTarget"}]}
TO_PREMIUM = {"type": "PhoneNumberTerminatingTarget", "phone_number": "+19005550100"}
RINGS: dict[str, Any] = {"dispatching": "RingInOrder", "ring_groups": [MOBILE], "no_answer_target": VOICEMAIL}
WORK = [state("work-hours", enabled=True, schedule=ALWAYS), state_rule("work-hours", **RINGS)]
AGENT = state_rule("agent", **RINGS)
TO_ANNOUNCED: dict[str, Any] = {"dispatching": "Terminate", "immediate_target": ANNOUNCED}
OWN: dict[str, Any] = {"called_numbers": [OTHER]}

EXTENSIONS = [
    _rules("nothing rings in the business hours", [], [built_in(**SILENT)]),
    _rules("nothing rings, and the rule is off", [], [built_in(**SILENT, enabled=False)]),
    _rules("a step is off", [], [built_in(**{**SILENT, "forward_to": [{**STEP, "enabled": False}]})]),
    _rules("what rings is not known yet", [], [built_in(**{**SILENT, "forward_to": UNKNOWN})]),
    _rules("whether the apps ring is not known yet", [], [built_in(**{**SILENT, "notify_soft_phones": UNKNOWN})]),
    _rules("an announcement", [], [built_in(action="PlayAnnouncementOnly")]),
    _rules("the extension is transferred to itself", [], [built_in(action="TransferToExtension", transfer_to="101")]),
    _rules(
        "the extension is transferred to another", [], [built_in(action="TransferToExtension", transfer_to="1/102")]
    ),
    _rules("an action is not known yet", [], [built_in(action=UNKNOWN)]),
    _rules("a rule to a paid line", [], [built_in(action="UnconditionalForwarding", forward_all_to="+19005550100")]),
    _rules("both rules say nothing", [], [built_in(**SILENT), built_in("after-hours", **SILENT)]),
    _rules("a custom rule that rings nothing", [custom("vip", forward_to=[STEP])], [custom("vip", **SILENT)]),
    _rules("a custom rule leaves", [custom("vip", **OWN, action="TakeMessagesOnly")], []),
    _rules(
        "a custom rule would be made again", [custom("vip")], [custom("vip", extension_id="1/102")], replaced=["vip"]
    ),
    _rules(
        "a rule that is off would be made again",
        [custom("vip", enabled=False)],
        [custom("vip", extension_id="1/102")],
        replaced=["vip"],
    ),
    _rules(
        "a telephone would be made again",
        [],
        [replace(PHONE, props={**PHONE.props, "type": "Mobile"})],
        replaced=["phone"],
    ),
    _rules("two rules for one caller", [custom("a")], [custom("a"), custom("b")]),
    _rules("three rules for one caller", [], [custom("c"), custom("b"), custom("a")]),
    _rules("rules for callers in common", [], [custom("a", callers=[ADA, ZOE]), custom("b")]),
    _rules("rules for a caller and for a number", [], [custom("a"), custom("b", callers=None, **OWN)]),
    _rules("rules for other callers", [], [custom("a", callers=[ADA]), custom("b")]),
    _rules(
        "rules whose callers are not known yet",
        [],
        [custom("a", callers=[{"caller_id": UNKNOWN}]), custom("b"), custom("c", callers=UNKNOWN)],
    ),
    _rules("rules of two extensions", [], [custom("a", extension_id="1/102"), custom("b")]),
    _rules(
        "rules of hours in common",
        [],
        [custom("a", schedule={"ref": "BusinessHours"}), custom("b", schedule={"ref": "BusinessHours"})],
    ),
    _rules(
        "rules of other hours",
        [],
        [custom("a", schedule={"ref": "BusinessHours"}), custom("b", schedule={"ref": "AfterHours"})],
    ),
    _rules(
        "rules of one day and of a part of it",
        [],
        [
            custom("a", schedule={"ranges": [{"from": "2030-01-01T00:00", "to": "2030-01-02T00:00"}]}),
            custom("b", schedule={"ranges": [{"from": "2030-01-01T12:00", "to": "2030-01-01T13:00"}]}),
        ],
    ),
    _rules("one of two is off", [], [custom("a", enabled=False), custom("b")]),
    _of("do-not-disturb stays on", [state("dnd", enabled=True)], [state("dnd", enabled=True)]),
    _of("do-not-disturb comes on", [state("dnd", enabled=False)], [state("dnd", enabled=True)]),
    _of("do-not-disturb is left behind", [state("dnd", enabled=True, on_delete="forget")], [PHONE]),
    _of("do-not-disturb leaves", [state("dnd", enabled=True)], [PHONE]),
    _of("do-not-disturb is kept", [replace(saved(state("dnd", enabled=True)), kept=True)], [PHONE]),
    _of("do-not-disturb is not known yet", [state("dnd", enabled=True)], [state("dnd", enabled=UNKNOWN)]),
    _of(
        "all calls are forwarded still",
        [state("forward-all-calls", enabled=True)],
        [state("forward-all-calls", enabled=True, target={"type": "VoiceMailTerminatingTarget"})],
    ),
    _of("work hours are on", [state("work-hours", enabled=True)], [state("work-hours", enabled=True)]),
    _of(
        "both switches stay on",
        [state("dnd", enabled=True), state("forward-all-calls", enabled=True)],
        [state("dnd", enabled=True), state("forward-all-calls", enabled=True)],
    ),
    _of(
        "the work hours end in an announcement",
        WORK,
        [WORK[0], state_rule("work-hours", dispatching="Terminate", immediate_target=ANNOUNCED)],
    ),
    _of(
        "the work hours end in voicemail",
        WORK,
        [WORK[0], state_rule("work-hours", dispatching="Terminate", immediate_target=VOICEMAIL)],
    ),
    _of(
        "the work hours end at a paid line",
        WORK,
        [WORK[0], state_rule("work-hours", dispatching="Terminate", immediate_target=TO_PREMIUM)],
    ),
    _of("the work hours are off", WORK, [state("work-hours", enabled=False, schedule=ALWAYS), WORK[1]]),
    _of("the rule for the work hours leaves", WORK, WORK[:1]),
    _of("do-not-disturb comes on for an agent", [*WORK, AGENT], [*WORK, AGENT, state("dnd", enabled=True)]),
    _of("the rule of an agent leaves", [*WORK, AGENT], WORK),
    _of("an agent rings nobody", [*WORK, AGENT], [*WORK, state_rule("agent", **TO_ANNOUNCED)]),
    _of("a rule takes calls of queues", [*WORK, AGENT], [*WORK, AGENT, newer("vip", **TO_ANNOUNCED, queue_calls=True)]),
    _of("a newer rule comes", WORK, [*WORK, newer("vip", dispatching="Terminate", immediate_target=ANNOUNCED)]),
    _of("a newer rule leaves", [*WORK, newer("vip", dispatching="Terminate", immediate_target=VOICEMAIL)], WORK),
    _of("two newer rules for one caller", WORK, [*WORK, newer("a", **RINGS), newer("b", **RINGS)]),
    _of(
        "a newer rule is renamed",
        [*WORK, newer("vip", **RINGS)],
        [*WORK, replace(newer("best", **RINGS), props=newer("vip", **RINGS).props)],
    ),
]
"""Rules of the older and the newer call handling."""

TO_8001 = [group("8000", "101", to="8001"), group("8001", "102")]

GROUPS = [
    _of("a group loses its members", [group("8000", "101")], [group("8000")]),
    _of("a group without members is meant", [group("8000", "101")], [group("8000", allow=["no_members"])]),
    _of(
        "whether it is meant is not known yet",
        [group("8000", "101")],
        [group("8000", allow=UNKNOWN), group("8001", allow=[UNKNOWN])],
    ),
    _of("members are not known yet", [group("8000", "101")], [group("8000", members=UNKNOWN)]),
    _of("new groups without members", [], [group("8000"), group("8001", to="8000")]),
    _of(
        "three groups in a circle",
        [*TO_8001, group("8002", "103")],
        [group("8000", "101", to="8001"), group("8001", "102", to="8002"), group("8002", "103", to="8000")],
    ),
    _of("a group goes on to itself", [group("8000", "101")], [group("8000", "101", to="8000")]),
    _of("a group without members goes on to one without members", TO_8001, [group("8000", to="8001"), group("8001")]),
    _of("a group goes on to a paid line", [group("8000", "101")], [group("8000", "101", to="+19005550100")]),
    _of("a group goes on to what is not known yet", TO_8001, [group("8000", "101", to=UNKNOWN), TO_8001[1]]),
    _of("a group leaves to which another goes on", TO_8001, TO_8001[:1]),
    _of("a group leaves", [group("8000", "101")], [PHONE]),
    _of(
        "a group gets another number",
        [group("8000", "101")],
        [replace(group("8010", "101"), name="group-8000", urn=group("8000").urn)],
        replaced=["group-8000"],
    ),
    _of(
        "a group that another needs would be made again",
        TO_8001,
        [TO_8001[0], group("8001", "102", strategy="RING_SIMULTANEOUSLY")],
        replaced=["group-8001"],
    ),
    _of("a group is renamed", TO_8001, [TO_8001[0], replace(TO_8001[1], name="night", urn=TO_8001[1].urn + "-2")]),
    _of(
        "a group rings for no time",
        [group("8000", "101", ring_time_seconds=20)],
        [group("8000", "101", ring_time_seconds=0)],
    ),
    _of(
        "a number leads to a group that hangs up",
        [assignment("hotline", NUMBER, "700"), group("8000", "101")],
        [assignment("hotline", NUMBER, "700"), group("8000", "101", no_answer={"action": "HANGUP"})],
    ),
]
