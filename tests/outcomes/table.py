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
    OTHER,
    assignment,
    built_in,
    but,
    destination,
    hours,
    hours_file,
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
MOVED = "reassign-active-dnis"


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


def override(target: object, at: int = 2001) -> Resource:
    there = f"{GROUP}/{at}"
    return one("ringcx:DnisOverride", f"vip-{at}", f"{there}/1", destination=there, dnis=NUMBER, target=target)


def rule(name: str, target: str, *, open_: bool, **props: object) -> Resource:
    at = "123456/700/9"
    given = {"tracking_number": at, "rank": 1, "open_rule": open_, "kind": "STANDARD", "destination": target, **props}
    return one("ringcx:TrackingRoutingRule", name, f"{at}/{name}", **given)


CAMPAIGN = one("ringcx:TrackingNumber", "campaign", "123456/700/9", group_id="123456/700", dnis=TRACKED, active=True)
TRACKING = [CAMPAIGN, rule("day", DENVER, open_=True), rule("night", AUSTIN, open_=False)]
RINGING = {"action": "ForwardCalls", "forward_to": [], "notify_soft_phones": True}
EXTENSION = [built_in("business-hours", **RINGING), built_in("after-hours")]
BY_HOUR = but(LINE, split((2001, None), (2002, None)), hours((2001, [100] * 24), (2002, [0] * 24)))
LINKS = {"71": "2001", "72": "2002"}
BY_FILE = but(LINE, split((2001, None), (2002, None)), hours_file(("71", [100] * 24), ("72", [0] * 24), links=LINKS))
"""A file whose rows the state can tell."""
AUSTIN_OFF = but(BY_FILE, destination("austin", 2002, AUSTIN, active=False))
UNTOLD = but(BY_FILE, hours_file(("71", [100] * 24), ("72", [0] * 24)))
"""The same before the state has noted what the rows are for."""
BRANCHES = [destination(f"branch-{n}", 2100 + n, f"+130355522{n:02}") for n in range(16)]
SPARE = [destination("reno", 2003, "+13035551003"), profile("spare", 3002), split((2003, 100), of=3002)]
MORE = [*LINE, *SPARE]
TO_GROUP = but(LINE, destination("denver", 2001, "sip:8000@acme.example.com", kind="SIP"))
WAS = {"callHandlingAction": "PlayAnnouncementOnly"}
WITH_WAS = but(EXTENSION, built_in("business-hours", **RINGING, __before=json.dumps(WAS)))


def desk(**props: object) -> list[Resource]:
    return but(EXTENSION, built_in("business-hours", **{**RINGING, **props}))


OF_VIP = {"callers": [{"caller_id": "+13035550170"}], "name": "vip"}
SILENT = {"forward_to": [], "notify_soft_phones": False, "voicemail_enabled": False}
TO_PREMIUM = {"action": "UnconditionalForwarding", "forward_all_to": PREMIUM}
MOBILE = one("ringex:ForwardingNumber", "mobile", "1/101/7", extension_id="1/101", phone_number=AUSTIN, type="Mobile")
TWO = (("denver", 2001, DENVER), ("austin", 2002, AUSTIN))
TO_QUEUE = but(LINE, destination("denver", 2001, "1000", kind="ACD"))
DESKS = [
    ring_group("8000", ["101"], "FORWARD_TO_VOICEMAIL"),
    ring_group("8001", ["102"], "FORWARD_TO_VOICEMAIL"),
]


def vip(**props: object) -> Resource:
    """A rule for one caller, which says what rings and leaves the action to the vendor."""
    given = {"extension_id": "1/101", "called_numbers": [OTHER], "forward_to": [{"numbers": ["1/101/7"]}], **OF_VIP}
    return one("ringex:AnsweringRule", "vip", "1/101/vip", **{**given, **props})


RINGS = [*EXTENSION, MOBILE, vip()]


def own_target(target: str) -> Resource:
    """The line's destinations, one of them with another target for this profile."""
    rows = [
        {"destination": f"{GROUP}/2001", "rank": 1, "allocation_percent": 70, "override": True, "target": target},
        {"destination": f"{GROUP}/2002", "rank": 2, "allocation_percent": 30},
    ]
    at = f"{GROUP}/3001"
    return one("ringcx:ProfileDestinations", "split-3001", at, profile=at, destinations=rows)


def sends_to(target: str, **props: object) -> Resource:
    """One of the line's destinations, which sends calls elsewhere."""
    return destination("denver", 2001, target, **props)


def override_list(*numbers: str) -> Resource:
    at = f"{GROUP}/2001"
    rows = [{"dnis": number, "target": PARIS} for number in numbers]
    return one("ringcx:DnisOverrides", "vips", at, destination=at, overrides=rows)


def activation(name: str, *ids: int) -> Resource:
    targets = [{"kind": "profile" if at >= 3000 else "destination", "id": f"{GROUP}/{at}"} for at in ids]
    return one("ringcx:Activation", name, name, targets=targets)


def limited(share: int = 70, **link: object) -> Resource:
    """The line's destinations, one of them with limits of the profile's own."""
    rows = [
        {"destination": f"{GROUP}/2001", "rank": 1, "allocation_percent": share, **link},
        {"destination": f"{GROUP}/2002", "rank": 2, "allocation_percent": 100 - share},
    ]
    at = f"{GROUP}/3001"
    return one("ringcx:ProfileDestinations", "split-3001", at, profile=at, destinations=rows)


def group_of(seconds: object, otherwise: str) -> Resource:
    there = ring_group("8000", ["101"], otherwise)
    return replace(there, props={**there.props, "ring_time_seconds": seconds})


def phones(*ids: object, **step: object) -> dict[str, object]:
    """Telephones that ring, and nothing after them."""
    return {**SILENT, "action": "ForwardCalls", "forward_to": [{"numbers": list(ids), **step}]}


ONE_PHONE = [MOBILE, vip(**phones("1/101/7"))]
SILENT_FLAGS = [
    replace(there, props={name: said for name, said in there.props.items() if name != "active"}) for there in LINE
]
"""The line, with nothing that says of itself that it is on."""
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
    case(
        "messages are taken where voicemail stays off, as the program said before",
        but(EXTENSION, built_in("business-hours", **RINGING, voicemail_enabled=False)),
        but(EXTENSION, built_in("business-hours", action="TakeMessagesOnly")),
        UNANSWERED,
    ),
    case("nothing is left that rings, and no action is named", RINGS, but(RINGS, vip(**SILENT)), UNANSWERED),
    case(
        "an extension calls itself",
        RINGS,
        but(RINGS, vip(action="UnconditionalForwarding", forward_all_to=OTHER)),
        UNANSWERED,
    ),
    case("a premium-rate number answers for an extension", RINGS, but(RINGS, vip(**TO_PREMIUM)), FORBIDDEN),
    case(
        "a ring group goes on to a premium-rate number",
        DESKS,
        but(DESKS, ring_group("8000", ["101"], "FORWARD_TO_NUMBER", PREMIUM)),
        FORBIDDEN,
    ),
    case("a ring group that rang hangs up", DESKS, but(DESKS, ring_group("8000", ["101"])), warns=True),
    case("no voicemail after the apps", EXTENSION, desk(voicemail_enabled=False), warns=True),
    case("a ring group loses its members", DESKS, but(DESKS, ring_group("8000", [])), UNANSWERED),
    case(
        "ring groups go round",
        DESKS,
        but(
            DESKS,
            ring_group("8001", [], "FORWARD_TO_NUMBER", "8000"),
            ring_group("8000", [], "FORWARD_TO_NUMBER", "8001"),
        ),
        UNANSWERED,
    ),
    case("a premium-rate target of the profile's own", LINE, but(LINE, own_target(PREMIUM)), FORBIDDEN),
    case(
        "a country in a tracking rule",
        TRACKING,
        but(TRACKING, rule("day", PARIS, open_=True)),
        FORBIDDEN,
        countries="1",
    ),
    case("a country in an override", LINE, but(LINE, override(PARIS)), FORBIDDEN, countries="1"),
    case("an override leaves", [*LINE, override(PARIS)], LINE, warns=True),
    case(
        "a list of overrides loses a number",
        [*LINE, override_list(NUMBER)],
        [*LINE, override_list("+13035550177")],
        warns=True,
    ),
    case(
        "another queue, to which another number leads",
        [*TO_QUEUE, assignment(OTHER, queue_id="1001")],
        but([*TO_QUEUE, assignment(OTHER, queue_id="1001")], destination("denver", 2001, "1001", kind="ACD")),
        warns=True,
    ),
    case("a queue to which nothing leads", TO_QUEUE, but(TO_QUEUE, sends_to("99999", kind="ACD")), UNKNOWN_END),
    case("an IVR to which nothing leads", LINE, but(LINE, sends_to("99999", kind="IVR")), UNKNOWN_END),
    case(
        "an IVR with the id of a queue",
        [*LINE, assignment(OTHER, queue_id="1001")],
        but([*LINE, assignment(OTHER, queue_id="1001")], sends_to("1001", kind="IVR")),
        UNKNOWN_END,
    ),
    case(
        "a tracking rule for a queue to which nothing leads",
        TRACKING,
        but(TRACKING, rule("day", "", open_=True, kind="GATE_XFER", queue_id="99999")),
        UNKNOWN_END,
    ),
    case("a number becomes a queue to which nothing leads", LINE, but(LINE, assignment(queue_id="99999")), MOVED),
    case(
        "a queue that is known at apply",
        TO_QUEUE,
        but(TO_QUEUE, destination("denver", 2001, UNKNOWN, kind="ACD")),
        UNKNOWN_END,
    ),
    case(
        "a number becomes a queue that is known at apply",
        LINE,
        but(LINE, assignment(queue_id=UNKNOWN)),
        UNKNOWN_END,
        MOVED,
    ),
    case("shares that are known at apply", LINE, but(LINE, split((2001, UNKNOWN), (2002, 30))), UNKNOWN_END),
    case("shares of no documented time", LINE, but(LINE, profile(percent_alloc_type="MONTHLY")), UNKNOWN_END),
    case("shares that make 90", LINE, but(LINE, split((2001, 60), (2002, 30))), UNKNOWN_END),
    case(
        "an hour that makes 90", BY_HOUR, but(BY_HOUR, hours((2001, [90] + [100] * 23), (2002, [0] * 24))), UNKNOWN_END
    ),
    case(
        "a file sends an hour to a destination that is off",
        AUSTIN_OFF,
        but(AUSTIN_OFF, hours_file(("71", [0] + [100] * 23), ("72", [100] + [0] * 23))),
        UNKNOWN_END,
    ),
    case(
        "the same by the names of the destinations",
        but(AUSTIN_OFF, hours_file(("Denver", [100] * 24), ("Austin", [0] * 24))),
        but(AUSTIN_OFF, hours_file(("Denver", [0] + [100] * 23), ("Austin", [100] + [0] * 23))),
        UNKNOWN_END,
    ),
    case(
        "a file whose rows nobody can tell comes while one of the destinations is off",
        but(LINE, split((2001, 100), (2002, 0)), destination("austin", 2002, AUSTIN, active=False)),
        but(AUSTIN_OFF, split((2001, 100), (2002, 0)), hours_file(("71", [0] * 24), ("72", [100] * 24))),
        UNKNOWN_END,
    ),
    case(
        "a file in which an hour makes 90",
        BY_FILE,
        but(BY_FILE, hours_file(("71", [90] + [100] * 23), ("72", [0] * 24))),
        UNKNOWN_END,
    ),
    case(
        "a file shifts an hour",
        BY_FILE,
        but(BY_FILE, hours_file(("71", [0] + [100] * 23), ("72", [100] + [0] * 23))),
        warns=True,
    ),
    case(
        "a file comes to a line that has shares for the day",
        LINE,
        but(LINE, hours_file(("71", [60] * 24), ("72", [40] * 24))),
        warns=True,
    ),
    case(
        "a file that the state cannot tell shifts an hour between destinations that are on",
        UNTOLD,
        but(UNTOLD, hours_file(("71", [20] + [100] * 23), ("72", [80] + [0] * 23))),
        warns=True,
    ),
    case(
        "a destination is switched off", LINE, but(LINE, destination("denver", 2001, DENVER, active=False)), UNKNOWN_END
    ),
    case("all of them", LINE, but(LINE, *(destination(*it, active=False) for it in TWO)), UNANSWERED),
    case("the destinations leave", LINE, but(LINE, without=["split-3001"]), UNANSWERED),
    case("the profile leaves", LINE, but(LINE, without=["support"]), UNANSWERED),
    case("business hours are disabled", EXTENSION, desk(enabled=False), UNKNOWN_END),
    case("an announcement only", EXTENSION, desk(action="PlayAnnouncementOnly"), UNANSWERED),
    case("another type of profile", LINE, but(LINE, profile(routing_type="PRIORITY")), UNKNOWN_END),
    case("a target that is known at apply", LINE, but(LINE, destination("denver", 2001, UNKNOWN)), UNKNOWN_END),
    *(
        case(
            f"{limit} is known at apply",
            LINE,
            but(LINE, sends_to(DENVER, tt_accept=True, **{limit: UNKNOWN})),
            UNKNOWN_END,
        )
        for limit in ("ring_duration", "max_concurrent", "tt_accept_time")
    ),
    case(
        "whether somebody has to accept is known at apply",
        LINE,
        but(LINE, sends_to(DENVER, tt_accept=UNKNOWN, tt_accept_time=0)),
        UNKNOWN_END,
    ),
    case(
        "how long it rings in a profile is known at apply", LINE, but(LINE, limited(ring_duration=UNKNOWN)), UNKNOWN_END
    ),
    case(
        "how long a tracking rule rings is known at apply",
        TRACKING,
        but(TRACKING, rule("day", DENVER, open_=True, ring_duration=UNKNOWN)),
        UNKNOWN_END,
    ),
    case(
        "how long a ring group rings before it hangs up is known at apply",
        [group_of(20, "HANGUP")],
        [group_of(UNKNOWN, "HANGUP")],
        UNKNOWN_END,
    ),
    case(
        "who gets a share is known at apply",
        LINE,
        but(LINE, limited(destination=UNKNOWN)),
        UNKNOWN_END,
    ),
    case("an override is known at apply", LINE, but(LINE, override(UNKNOWN)), UNKNOWN_END),
    case(
        "a list of overrides is known at apply",
        [*LINE, override_list(NUMBER)],
        [*LINE, override_list(UNKNOWN)],
        UNKNOWN_END,
    ),
    case(
        "an hour is known at apply",
        BY_HOUR,
        but(BY_HOUR, hours((2001, [UNKNOWN] + [100] * 23), (2002, [0] * 24))),
        UNKNOWN_END,
    ),
    case(
        "the only member of a ring group is known at apply",
        DESKS,
        but(DESKS, ring_group("8000", [UNKNOWN], "FORWARD_TO_VOICEMAIL")),
        UNKNOWN_END,
    ),
    case(
        "the telephone that rings is known at apply",
        ONE_PHONE,
        but(ONE_PHONE, replace(MOBILE, props={**MOBILE.props, "phone_number": UNKNOWN})),
        UNKNOWN_END,
    ),
    case("which telephone rings is known at apply", ONE_PHONE, but(ONE_PHONE, vip(**phones(UNKNOWN))), UNKNOWN_END),
    case(
        "whether a telephone rings is known at apply",
        ONE_PHONE,
        but(ONE_PHONE, vip(**phones("1/101/7", enabled=UNKNOWN))),
        UNKNOWN_END,
    ),
    case("a destination rings for no time", LINE, but(LINE, sends_to(DENVER, ring_duration=0)), UNKNOWN_END),
    case("a destination takes no call", LINE, but(LINE, sends_to(DENVER, max_concurrent=0)), UNKNOWN_END),
    case("nobody has time to accept", LINE, but(LINE, sends_to(DENVER, tt_accept=True, tt_accept_time=0)), UNKNOWN_END),
    case("it rings for no time in a profile", LINE, but(LINE, limited(ring_duration=0)), UNKNOWN_END),
    case(
        "a destination that takes no call gets a share",
        but(LINE, split((2001, 100), (2002, 0)), destination("austin", 2002, AUSTIN, max_concurrent=0)),
        but(LINE, split((2001, 60), (2002, 40)), destination("austin", 2002, AUSTIN, max_concurrent=0)),
        UNKNOWN_END,
    ),
    case(
        "a tracking rule rings for no time",
        TRACKING,
        but(TRACKING, rule("day", DENVER, open_=True, ring_duration=0)),
        UNKNOWN_END,
    ),
    case(
        "a ring group rings for no time and hangs up",
        [group_of(20, "HANGUP")],
        [group_of(0, "HANGUP")],
        UNKNOWN_END,
    ),
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
    case(
        "12 of 16 destinations ring longer",
        [*LINE, *BRANCHES],
        but(
            [*LINE, *BRANCHES],
            *(replace(there, props={**there.props, "max_ring_time_seconds": 30}) for there in BRANCHES[:12]),
        ),
    ),
    case(
        "12 of 16 destinations that nobody is sent to get other targets",
        [*LINE, *BRANCHES],
        but([*LINE, *BRANCHES], *(destination(f"branch-{n}", 2100 + n, f"+130355533{n:02}") for n in range(12))),
    ),
    case("a profile that nobody calls loses its destinations", MORE, but(MORE, without=["split-3002"])),
    case(
        "a destination of a profile that nobody calls is switched off",
        MORE,
        but(MORE, destination("reno", 2003, "+13035551003", active=False)),
    ),
    case("nothing", LINE, LINE),
    case(
        "an activation is split in two",
        [*SILENT_FLAGS, activation("live", 2001, 2002, 3001)],
        [*SILENT_FLAGS, activation("live", 2001, 3001), replace(activation("more", 2002), id=None)],
    ),
    case(
        "what an activation switched on says so itself",
        [*SILENT_FLAGS, activation("live", 2001, 2002, 3001)],
        LINE,
    ),
    case("a file in another order", BY_FILE, but(BY_FILE, hours_file(("72", [0] * 24), ("71", [100] * 24)))),
    case("a file that says the same", UNTOLD, but(UNTOLD, hours_file(("72", [0] * 24), ("71", [100] * 24)))),
    case("no time to accept, where nobody has to", LINE, but(LINE, sends_to(DENVER, tt_accept_time=0))),
    case(
        "what rang for no time rings",
        but(LINE, sends_to(DENVER, ring_duration=0)),
        but(LINE, sends_to(DENVER, ring_duration=0, max_concurrent=5)),
    ),
    case(
        "a profile's own time wins",
        but(LINE, limited(override=True, ring_duration=20)),
        but(LINE, limited(override=True, ring_duration=20), sends_to(DENVER, ring_duration=0)),
    ),
    case(
        "a row says no more what it said before, which stays",
        but(LINE, limited(override=True, ring_duration=20), sends_to(DENVER, ring_duration=0)),
        but(LINE, limited(), sends_to(DENVER, ring_duration=0)),
    ),
    case("a new number", LINE, but(LINE, assignment("+13035550177"))),
]
