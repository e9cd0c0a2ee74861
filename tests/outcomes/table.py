"""Changes by what they do to callers, each with what pack and gate are to say."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pulumi_voice_routing.plan.facts import UNKNOWN, Resource
from tests.call_flow.line import (
    AUSTIN,
    DENVER,
    GROUP,
    LINE,
    NUMBER,
    assignment,
    built_in,
    but,
    destination,
    hours,
    one,
    profile,
    ring_group,
    split,
)

PREMIUM, PARIS = "+19005550100", "+33142685300"
TRACKED = "+13035550111"
UNANSWERED, UNKNOWN_END, FORBIDDEN = "calls-unanswered", "calls-unknown", "forbidden-target"
ELSEWHERE = "calls-go-elsewhere"
PROTECTION = "unprotected-number"


@dataclass(frozen=True)
class Case:
    """A change, and the rules that say something of it."""

    what: str
    before: Sequence[Resource]
    after: Sequence[Resource]
    refuses: frozenset[str] = frozenset()
    warns: bool = False
    countries: str = ""


def protected(line: Sequence[Resource]) -> list[Resource]:
    """Numbers are protected, as they should be."""
    return [replace(there, protected="dnis" in there.props) for there in line]


def case(
    what: str,
    before: Sequence[Resource],
    after: Sequence[Resource],
    *refuses: str,
    warns: bool = False,
    countries: str = "",
) -> Case:
    return Case(what, protected(before), protected(after), frozenset(refuses), warns, countries)


def override(target: str, at: int = 2001) -> Resource:
    there = f"{GROUP}/{at}"
    return one("ringcx:DnisOverride", f"vip-{at}", f"{there}/1", destination=there, dnis=NUMBER, target=target)


def rule(name: str, target: str, *, open_: bool) -> Resource:
    at = "123456/700/9"
    given = {"tracking_number": at, "rank": 1, "open_rule": open_, "kind": "STANDARD", "destination": target}
    return one("ringcx:TrackingRoutingRule", name, f"{at}/{name}", **given)


CAMPAIGN = one("ringcx:TrackingNumber", "campaign", "123456/700/9", group_id="123456/700", dnis=TRACKED, active=True)
TRACKING = [CAMPAIGN, rule("day", DENVER, open_=True), rule("night", AUSTIN, open_=False)]
RINGING = {"action": "ForwardCalls", "forward_to": [], "notify_soft_phones": True}
EXTENSION = [built_in("business-hours", **RINGING), built_in("after-hours")]
BY_HOUR = but(LINE, split((2001, None), (2002, None)), hours((2001, [100] * 24), (2002, [0] * 24)))
BRANCHES = [destination(f"branch-{n}", 2100 + n, f"+130355522{n:02}") for n in range(16)]
SPARE = [destination("reno", 2003, "+13035551003"), profile("spare", 3002), split((2003, 100), of=3002)]
MORE = [*LINE, *SPARE]
TO_GROUP = but(LINE, destination("denver", 2001, "sip:8000@acme.example.com", kind="SIP"))
WAS = {"callHandlingAction": "PlayAnnouncementOnly"}
WITH_WAS = but(EXTENSION, built_in("business-hours", **RINGING, __before=json.dumps(WAS)))


def desk(**props: object) -> list[Resource]:
    return but(EXTENSION, built_in("business-hours", **{**RINGING, **props}))


HARMS = [
    case("one wrong digit in a target", LINE, but(LINE, destination("denver", 2001, "+13035551003")), warns=True),
    case("a share of 99 to a destination by id", LINE, but(LINE, split((2001, 1), (2009, 99))), UNKNOWN_END),
    case("all of it", LINE, but(LINE, split((2009, 100))), UNKNOWN_END),
    case("by the hour", BY_HOUR, but(BY_HOUR, hours((2001, [1] * 24), (2009, [99] * 24))), UNKNOWN_END),
    case("overrides at every destination", LINE, but(LINE, override(PARIS), override(PARIS, 2002)), warns=True),
    case("a built-in rule leaves, and does what it did a year ago", WITH_WAS, WITH_WAS[1:], UNANSWERED),
    case("a tracking number loses its rule for opening hours", TRACKING, but(TRACKING, without=["day"]), UNKNOWN_END),
    case("the rule is turned over", TRACKING, but(TRACKING, rule("day", DENVER, open_=False)), UNKNOWN_END),
    case("the rule dials the number itself", TRACKING, but(TRACKING, rule("day", TRACKED, open_=True)), UNANSWERED),
    case("a premium-rate target", LINE, but(LINE, destination("denver", 2001, PREMIUM)), FORBIDDEN),
    case("a premium-rate override", LINE, but(LINE, override(PREMIUM)), FORBIDDEN),
    case("a premium-rate tracking rule", TRACKING, but(TRACKING, rule("day", PREMIUM, open_=True)), FORBIDDEN),
    case("a country", LINE, but(LINE, destination("denver", 2001, PARIS)), FORBIDDEN, countries="1,44"),
    case("the number itself", LINE, but(LINE, destination("denver", 2001, NUMBER)), UNANSWERED),
    case(
        "a circle over another vendor",
        [*TO_GROUP, ring_group("8000", ["101"], "FORWARD_TO_VOICEMAIL")],
        [*TO_GROUP, ring_group("8000", ["101"], "FORWARD_TO_NUMBER", NUMBER)],
        UNANSWERED,
    ),
    case(
        "messages only, and no voicemail",
        EXTENSION,
        desk(action="TakeMessagesOnly", voicemail_enabled=False),
        UNANSWERED,
    ),
    case("business hours are disabled", EXTENSION, desk(enabled=False), UNKNOWN_END),
    case("an announcement only", EXTENSION, desk(action="PlayAnnouncementOnly"), UNANSWERED),
    case("another type of profile", LINE, but(LINE, profile(routing_type="PRIORITY")), UNKNOWN_END),
    case("a target that is known at apply", LINE, but(LINE, destination("denver", 2001, UNKNOWN)), UNKNOWN_END),
    case("both tracking rules leave", TRACKING, [CAMPAIGN], UNKNOWN_END),
]

HARMLESS = [
    case(
        "12 of 16 destinations are described anew",
        [*LINE, *BRANCHES],
        but(
            [*LINE, *BRANCHES],
            *(replace(there, props={**there.props, "description": "Renovated"}) for there in BRANCHES[:12]),
        ),
    ),
    case("a profile that nobody calls is retired", MORE, but(MORE, profile("spare", 3002, active=False))),
    case("a destination leaves with its only profile, which nobody calls", [*LINE, *SPARE], LINE),
    case(
        "a standby without a share in any hour",
        [*BY_HOUR, destination("reno", 2003, "+13035551003", active=False)],
        but(
            [*BY_HOUR, destination("reno", 2003, "+13035551003", active=False)],
            split((2001, None), (2002, None), (2003, None)),
            hours((2001, [100] * 24), (2002, [0] * 24), (2003, [0] * 24)),
        ),
    ),
    case("nothing", LINE, LINE),
    case("a new number", LINE, but(LINE, assignment("+13035550177"))),
]
