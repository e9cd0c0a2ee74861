"""The steps of a path, and the resource that each is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from pulumi_voice_routing.call_flow.route import Line
from pulumi_voice_routing.call_flow.routing import Routing
from pulumi_voice_routing.call_flow.tracer import Tracer
from pulumi_voice_routing.plan.facts import LINK_OVERRIDES, UNKNOWN, Before, Facts, Resource
from tests.call_flow.line import (
    AUSTIN,
    DENVER,
    GROUP,
    LINE,
    NUMBER,
    OTHER,
    built_in,
    but,
    destination,
    hours_file,
    one,
    profile,
    ring_group,
    route,
    rule,
    split,
)


def steps(lines: Iterable[Line], depth: int = 0) -> Iterator[str]:
    for line in lines:
        about = f" [{line.resource.name}]" if line.resource is not None else ""
        yield f"{'  ' * depth}{line.what}{about}"
        yield from steps(line.lines, depth + 1)


def path(line: list[Resource], number: str = NUMBER, before: Iterable[Resource] = ()) -> list[str]:
    found = Tracer(Routing(Facts(line, Before(before)))).route(number) if before else route(line, number)
    assert found is not None
    return list(steps(found.lines(0)))


def with_row(**more: Any) -> Resource:
    set_ = split((2001, 100))
    (row,) = set_.props["destinations"]
    return replace(set_, props={**set_.props, "destinations": [{**row, **more}]})


LATER: Any = UNKNOWN
OVER = one("ringcx:DnisOverride", "over", f"{GROUP}/2001/1", destination=f"{GROUP}/2001", dnis=NUMBER, target=OTHER)
TO_GROUP = destination("denver", 2001, "sip:8000@acme.example.com", kind="SIP")
RECORD = one("ringcx:Dnis", "record", "1", dnis=NUMBER, active=False)
TRACKING = one("ringcx:TrackingNumber", "spring", "123456/5/6", dnis=NUMBER)
DAY = one(
    "ringcx:TrackingRoutingRule",
    "day",
    "1/5/6/1",
    tracking_number="123456/5/6",
    rank=1,
    open_rule=True,
    kind="STANDARD",
    destination=DENVER,
)
NIGHT = replace(DAY, name="night", urn="urn:night", id="1/5/6/2", props={**DAY.props, "open_rule": False})
MOBILE = one("ringex:ForwardingNumber", "mobile", "1/101/7", extension_id="1/101", phone_number="+13035550177")
FORWARD = {"action": "ForwardCalls", "forward_to": [{"numbers": ["1/101/7"]}]}

SUPPORT = [f"{NUMBER} is answered by profile 'Support' [n00]", "  profile 'Support', PERCENT_ALLOCATION [support]"]
IN_DENVER, IN_AUSTIN = (
    f"    destination '{name.title()}' (rank {rank}) [{name}]" for rank, name in enumerate(("denver", "austin"), 1)
)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (LINE, [*SUPPORT, IN_DENVER, f"      number {DENVER}", IN_AUSTIN, f"      number {AUSTIN}"]),
        (
            but(LINE, destination("denver", 2001, DENVER, active=False)),
            [
                *SUPPORT,
                "    destination 'Denver' is not active [denver]",
                "      unknown (what becomes of calls whose destination is not active, while another one is, is not "
                "documented)",
                IN_AUSTIN,
                f"      number {AUSTIN}",
            ],
        ),
        (
            but(LINE, destination("denver", 2001, DENVER, active=False), split((2001, 100)), without=["austin"]),
            [
                *SUPPORT,
                "    destination 'Denver' is not active [denver]",
                "      nobody (the profile has no destination that takes calls)",
            ],
        ),
        (
            but(LINE, destination("denver", 2001, DENVER, active=None), split((2001, 100))),
            [
                *SUPPORT,
                IN_DENVER,
                "      unknown: whether the destination is active is not declared",
                f"        number {DENVER}",
            ],
        ),
        (
            but(LINE, profile(active=False)),
            [
                f"{NUMBER} is answered by profile 'Support' [n00]",
                "  profile 'Support' is not active [support]",
                "    nobody (the profile is not active)",
            ],
        ),
        (
            but(LINE, profile(active=None)),
            [
                f"{NUMBER} is answered by profile 'Support' [n00]",
                "  unknown: whether the profile is active is not declared",
                "    profile 'Support', PERCENT_ALLOCATION [support]",
                "      destination 'Denver' (rank 1) [denver]",
                f"        number {DENVER}",
                "      destination 'Austin' (rank 2) [austin]",
                f"        number {AUSTIN}",
                "    nobody (it is not active)",
            ],
        ),
        (
            but(LINE, profile(routing_type="PRIORITY")),
            [
                f"{NUMBER} is answered by profile 'Support' [n00]",
                "  profile 'Support', PRIORITY [support]",
                "    unknown: how PRIORITY chooses among destinations is not documented [split-3001]",
                "      destination 'Denver' (rank 1) [denver]",
                f"        number {DENVER}",
                "      destination 'Austin' (rank 2) [austin]",
                f"        number {AUSTIN}",
            ],
        ),
        (
            but(LINE, split((2001, None), (2002, None)), hours_file(("71", [100] * 24), ("72", [0] * 24))),
            [
                *SUPPORT,
                "    unknown: which destination a share of the file is for is in a form that is not documented "
                "[split-3001]",
                "      destination 'Denver' (rank 1) [denver]",
                f"        number {DENVER}",
                "      destination 'Austin' (rank 2) [austin]",
                f"        number {AUSTIN}",
            ],
        ),
        (
            but(LINE, OVER, split((2001, 100))),
            [*SUPPORT, IN_DENVER, f"      override for {NUMBER} [over]", f"        number {OTHER}"],
        ),
        (
            but(LINE, with_row(**{LINK_OVERRIDES: [(NUMBER, OTHER)]})),
            [*SUPPORT, IN_DENVER, f"      the profile's override for {NUMBER} [split-3001]", f"        number {OTHER}"],
        ),
        (
            but(LINE, with_row(override=True, target=OTHER)),
            [*SUPPORT, IN_DENVER, "      the profile's own target for it [split-3001]", f"        number {OTHER}"],
        ),
        (
            but(LINE, with_row(ring_duration=0)),
            [
                *SUPPORT,
                IN_DENVER,
                "      unknown: what ring_duration of 0 does to calls is not documented [denver]",
                f"        number {DENVER}",
            ],
        ),
        (
            but(LINE, RECORD),
            [f"{NUMBER} has a record that is not in use [record]", "  nobody (its number is not in use)"],
        ),
        (
            [replace(RECORD, props={"dnis": NUMBER, "active": True})],
            [
                f"{NUMBER} is in the pool [record]",
                "  unknown (who answers the number is not part of this configuration)",
            ],
        ),
        (
            [TRACKING, DAY, NIGHT],
            [
                f"{NUMBER} is answered by a tracking number [spring]",
                f"  tracking number {NUMBER} [spring]",
                "    unknown: when a tracking number is open is in a form that is not documented",
                "      routing rule 1 [day]",
                f"        number {DENVER}",
                "      routing rule 1 [night]",
                f"        number {DENVER}",
            ],
        ),
        (
            [
                replace(TRACKING, props={"dnis": OTHER, "active": False}),
                *but(LINE, destination("denver", 2001, OTHER), split((2001, 100))),
            ],
            [
                *SUPPORT,
                IN_DENVER,
                f"      dials {OTHER}",
                f"        {OTHER} is answered by a tracking number [spring]",
                "          nobody (the assignment is not active)",
            ],
        ),
        (
            but(LINE, TO_GROUP, split((2001, 100)), ring_group("8000", ["101"])),
            [
                *SUPPORT,
                IN_DENVER,
                "      dials 8000",
                "        ring group 8000 'Group 8000' rings 101 (PRIORITIZED_HUNT) [g8000]",
                "          if nobody takes it",
                "            nobody (the call is ended)",
            ],
        ),
    ],
)
def test_a_path_of_the_number(line: list[Resource], expected: list[str]) -> None:
    assert path(line) == expected


@pytest.mark.parametrize(
    ("line", "number", "expected"),
    [
        (
            [
                ring_group("8000", [], "FORWARD_TO_NUMBER", "8001"),
                ring_group("8001", ["102"], "FORWARD_TO_NUMBER", DENVER),
            ],
            "8000",
            [
                "ring group 8000 'Group 8000' has no members [g8000]",
                "  forwards to 8001",
                "    ring group 8001 'Group 8001' rings 102 (PRIORITIZED_HUNT) [g8001]",
                "      if nobody takes it",
                f"        forwards to {DENVER}",
                f"          number {DENVER}",
            ],
        ),
        (
            [ring_group("8000", [LATER])],
            "8000",
            [
                "unknown: who rings is not known before the run [g8000]",
                "  ring group 8000 'Group 8000' rings somebody who is not known yet (PRIORITIZED_HUNT) [g8000]",
                "    if nobody takes it",
                "      nobody (the call is ended)",
            ],
        ),
        (
            [replace(ring_group("8000", []), props={**ring_group("8000", []).props, "members": UNKNOWN})],
            "8000",
            [
                "ring group 8000 'Group 8000' [g8000]",
                "  unknown: who rings is not known before the run",
                "    nobody (the call is ended)",
            ],
        ),
        (
            [rule("all", **FORWARD), MOBILE, built_in("business-hours")],
            OTHER,
            [
                "extension 101",
                "  answering rule 'all' [all]",
                "    extension 101 rings its apps, then +13035550177 [all]",
                "      if nobody takes it",
                "        voicemail of extension 101",
            ],
        ),
        (
            [
                rule("off", enabled=False),
                built_in("business-hours", enabled=False),
                built_in("after-hours", action=None),
            ],
            OTHER,
            [
                "extension 101",
                "  unknown: the business hours of the extension are not part of this configuration",
                "    answering rule 'business-hours' is disabled [business-hours]",
                "      unknown (what becomes of calls whose built-in rule is disabled is not documented)",
                "    answering rule 'after-hours' [after-hours]",
                "      unknown (what the rule does is not part of this configuration)",
            ],
        ),
    ],
)
def test_a_path_of_an_extension(line: list[Resource], number: str, expected: list[str]) -> None:
    assert path(line, number) == expected


def test_a_path_of_a_number_that_leaves() -> None:
    assert path(but(LINE, without=["n00"]), NUMBER, LINE) == [
        f"{NUMBER} is released",
        "  nobody (nobody answers the number any more)",
    ]


def handled(type_: str, called: str, /, **props: Any) -> Resource:
    return one(f"ringex:{type_}", called, f"1/101/{called}", extension_id="1/101", **props)


ALL_DAY = {"daily": {"from": "00:00", "to": "24:00"}}
VOICEMAIL = {"type": "VoiceMailTerminatingTarget"}
DESK = {"targets": [{"type": "DeviceRingTarget", "device_id": "801"}]}
AT_WORK = handled("CallHandlingState", "hours", state="work-hours", schedule=ALL_DAY)
RINGING = {"dispatching": "RingInOrder", "ring_groups": [DESK], "no_answer_target": VOICEMAIL}
WORK = handled("CallHandlingStateRule", "work", state="work-hours", **RINGING)
TO_VOICEMAIL = {"dispatching": "Terminate", "immediate_target": VOICEMAIL}
MAIL = "voicemail of extension 101"
RUNG = ["extension 101 rings device 801 [{}]", "  if nobody takes it", f"    {MAIL}"]


def rung(by: str, depth: int = 0) -> list[str]:
    return [f"{'  ' * depth}{step.format(by)}" for step in RUNG]


def vip(**props: Any) -> Resource:
    return handled("InteractionRule", "vip", name="vip", **props)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ([], ["rule for work-hours [work]", *rung("work", 1)]),
        ([vip(**TO_VOICEMAIL)], ["interaction rule 'vip' [vip]", f"  {MAIL}"]),
        ([vip(**RINGING)], ["interaction rule 'vip' [vip]", *rung("vip", 1)]),
        (
            [vip(dispatching=UNKNOWN)],
            ["interaction rule 'vip' [vip]", "  unknown (where it leads is not known before the run)"],
        ),
        (
            [vip(dispatching="Juggle")],
            ["interaction rule 'vip' [vip]", "  unknown (what Juggle does is not documented)"],
        ),
        (
            [vip()],
            ["interaction rule 'vip' [vip]", "  unknown (what the rule does is not part of this configuration)"],
        ),
        ([replace(vip(), id=None)], ["interaction rule 'vip' [vip]", "  rule for work-hours [work]", *rung("work", 2)]),
        (
            [
                handled("CallHandlingState", "dnd", state="dnd", enabled=True),
                handled("CallHandlingStateRule", "silent", state="dnd", immediate_target=VOICEMAIL),
            ],
            ["do not disturb is on [dnd]", "  rule for dnd [silent]", f"    {MAIL}"],
        ),
        (
            [
                handled("CallHandlingState", "dnd", state="dnd", enabled=UNKNOWN),
                handled("CallHandlingStateRule", "silent", state="dnd", immediate_target=VOICEMAIL),
            ],
            [
                "unknown: whether do not disturb is on is not known before the run [dnd]",
                "  rule for dnd [silent]",
                f"    {MAIL}",
                "  rule for work-hours [work]",
                *rung("work", 2),
            ],
        ),
    ],
)
def test_a_path_of_an_extension_with_the_newer_call_handling(more: list[Resource], expected: list[str]) -> None:
    first, *rest = path([AT_WORK, WORK, *more], "extension 101")
    assert (first, rest) == ("extension 101", [f"  {step}" for step in expected])


def test_a_destination_without_a_rank_has_none_in_the_path() -> None:
    step = path(but(LINE, with_row(rank=None)))[2]
    assert step == "    destination 'Denver' [denver]"
