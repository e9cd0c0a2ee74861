"""Writes and declarations of many kinds, with what the vendor has: for what would be there after them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pulumi.output import Unknown

from pulumi_voice_routing.lifecycle.writes import Declared
from pulumi_voice_routing.plan.facts import UNKNOWN, Resource
from tests.call_flow.line import (
    DENVER,
    GROUP,
    LINE,
    NUMBER,
    OTHER,
    built_in,
    but,
    destination,
    one,
    profile,
    ring_group,
    rule,
    split,
)
from tests.outcomes.test_after_write import DENVER_, NEW, TO_RENO, declares, on, rows
from tests.tokens import (
    ACTIVATION,
    ALLOCATION_HOURS,
    DESTINATION,
    DNIS_ASSIGNMENT,
    DNIS_ASSIGNMENTS,
    DNIS_OVERRIDE,
    DNIS_OVERRIDES,
    PROFILE,
    PROFILE_DESTINATIONS,
    RING_GROUP,
)

LATER: Any = Unknown()  # type: ignore[no-untyped-call]

AT: dict[str, Any] = {"destination": f"{GROUP}/2001"}
QUIET = destination("reno", 2003, "+13035551003", active=False, max_concurrent=0, ring_duration=20)
RULES = [rule("all"), built_in("business-hours"), built_in("after-hours")]
TABLE: dict[str, Any] = {"profile": f"{GROUP}/3001", "hours": [{"destination": f"{GROUP}/2001", "percent": [100] * 24}]}
HELD = one(
    DNIS_OVERRIDES,
    "os",
    f"{GROUP}/2001",
    **AT,
    overrides=[{"dnis": NUMBER, "target": NEW}, {"dnis": OTHER, "target": DENVER}],
)
MORE: dict[str, tuple[Sequence[Resource], Sequence[Declared], Sequence[tuple[Any, ...]], Sequence[Resource]]] = {
    "a list of overrides": ([*LINE, HELD], [], [], ()),
    "a list of overrides that is not known": (
        [*LINE, one(DNIS_OVERRIDES, "os", "x", **AT, overrides=UNKNOWN)],
        [],
        [],
        (),
    ),
    "overrides that come": (
        LINE,
        [],
        [
            (
                DNIS_OVERRIDES,
                None,
                None,
                {**AT, "overrides": [{"dnis": "1 303 555 0100", "target": NEW}, {"dnis": LATER, "target": NEW}, LATER]},
            )
        ],
        (),
    ),
    "overrides with the id of their destination": (
        LINE,
        [],
        [(DNIS_OVERRIDES, f"{GROUP}/2001", {}, {"overrides": [{"dnis": "8000", "target": NEW}]})],
        (),
    ),
    "overrides at a number alone": (
        LINE,
        [],
        [(DNIS_OVERRIDE, None, None, {"destination": "2001", "dnis": NUMBER, "target": LATER})],
        (),
    ),
    "overrides at what nobody knows": (
        LINE,
        [],
        [(DNIS_OVERRIDE, None, None, {"destination": LATER, "dnis": NUMBER, "target": NEW})],
        (),
    ),
    "overrides of others that are not known": (
        LINE,
        [
            declares(DNIS_OVERRIDES, None, **AT, overrides=LATER),
            declares(DNIS_OVERRIDE, None, "urn:two", **AT, dnis=LATER, target=NEW),
        ],
        [(DESTINATION, f"{GROUP}/2001", {}, {})],
        (),
    ),
    "some overrides end": (
        [*LINE, HELD],
        [],
        [
            (
                DNIS_OVERRIDES,
                f"{GROUP}/2001",
                {**AT, "overrides": [{"dnis": NUMBER, "target": NEW}]},
                {**AT, "overrides": [{"dnis": OTHER, "target": NEW}]},
            )
        ],
        (),
    ),
    "an override ends, by the digits": (
        [*LINE, HELD],
        [],
        [(DNIS_OVERRIDE, "x/y", {**AT, "dnis": "1 303 555 0101"}, None)],
        (),
    ),
    "a new destination": (LINE, [], [(DESTINATION, None, None, {**DENVER_, "name": "Reno"})], ()),
    "what takes over by its id": (
        but(LINE, destination("denver", 2001, DENVER, group_id=GROUP)),
        [],
        [(DESTINATION, None, None, {**DENVER_, "adopt_id": f"{GROUP}/2001", "max_concurrent": 3})],
        (),
    ),
    "another owner of a number": (
        LINE,
        [],
        [(DNIS_ASSIGNMENT, LINE[-1].id, {}, {"dnis": NUMBER, "queue_id": "1000"})],
        (),
    ),
    "another owner that is declared": (
        LINE,
        [declares(DNIS_ASSIGNMENT, LINE[-1].id, dnis=NUMBER, queue_id="1000")],
        [(DESTINATION, f"{GROUP}/2001", {}, {"target": NEW})],
        (),
    ),
    "owners of many numbers": (
        LINE,
        [
            declares(DNIS_ASSIGNMENTS, "x", numbers=[OTHER, NUMBER], visual_ivr_id="7"),
            declares(DNIS_ASSIGNMENT, None, "urn:two", dnis=OTHER, profile=f"{GROUP}/3002"),
        ],
        [(DESTINATION, f"{GROUP}/2001", {}, {"target": NEW})],
        (),
    ),
    "an owner that is not known": (
        LINE,
        [declares(DNIS_ASSIGNMENT, LINE[-1].id, dnis=NUMBER, profile=LATER)],
        [(DESTINATION, f"{GROUP}/2001", {}, {"target": NEW})],
        (),
    ),
    "a number without an owner": (
        LINE,
        [declares(DNIS_ASSIGNMENT, LINE[-1].id, dnis=NUMBER)],
        [(DESTINATION, f"{GROUP}/2001", {}, {"target": NEW})],
        (),
    ),
    "calls come to what is declared": (
        LINE,
        [declares(DESTINATION, f"{GROUP}/2003", name="Reno", group_id="x/y", target=LATER, description="new")],
        [(PROFILE_DESTINATIONS, f"{GROUP}/3001", {}, TO_RENO)],
        [QUIET],
    ),
    "a limit of zero that is declared": (
        LINE,
        [declares(DESTINATION, f"{GROUP}/2003", max_concurrent=0, active=False)],
        [(PROFILE_DESTINATIONS, f"{GROUP}/3001", {}, TO_RENO)],
        [QUIET],
    ),
    "calls come to what is not there": (
        LINE,
        [declares(DESTINATION, f"{GROUP}/2009"), declares(DESTINATION, f"{GROUP}/2003", "urn:two")],
        [(PROFILE_DESTINATIONS, f"{GROUP}/3001", {}, rows((2009, 50), (2003, 50)))],
        (),
    ),
    "what is declared and off gets calls": (
        but(LINE, destination("denver", 2001, DENVER, active=False)),
        [declares(DESTINATION, f"{GROUP}/2001", target=DENVER)],
        [(PROFILE_DESTINATIONS, f"{GROUP}/3001", {}, rows((2001, 60)))],
        (),
    ),
    "what is declared and nobody says whether it is on": (
        but(LINE, destination("denver", 2001, DENVER, active=None)),
        [declares(DESTINATION, f"{GROUP}/2001", target=DENVER)],
        [(PROFILE_DESTINATIONS, f"{GROUP}/3001", {}, rows((2001, 60)))],
        (),
    ),
    "the same without a share before": (
        [*LINE, destination("reno", 2003, DENVER, active=None)],
        [declares(DESTINATION, f"{GROUP}/2003", target=DENVER)],
        [(PROFILE_DESTINATIONS, f"{GROUP}/3001", {}, TO_RENO)],
        (),
    ),
    "rows laid over": (
        but(LINE, split((2001, 70), (2002, 30), note="x")),
        [],
        [
            (
                PROFILE_DESTINATIONS,
                f"{GROUP}/3001",
                {},
                {
                    "profile": "y",
                    "destinations": [{"destination": "2001", "rank": 9}, {"destination": f"{GROUP}/2003"}, LATER],
                },
            )
        ],
        (),
    ),
    "rows that are not known": (LINE, [], [(PROFILE_DESTINATIONS, f"{GROUP}/3001", {}, {"destinations": LATER})], ()),
    "a target that is not known": (
        LINE,
        [],
        [(DESTINATION, f"{GROUP}/2001", {}, {"target": LATER, "name": "x", "kind": LATER})],
        (),
    ),
    "a table of hours": (LINE, [], [(ALLOCATION_HOURS, None, None, TABLE)], ()),
    "a table of hours that is there": (LINE, [], [(ALLOCATION_HOURS, f"{GROUP}/3001", TABLE, TABLE)], ()),
    "a table of hours that is declared": (
        LINE,
        [declares(ALLOCATION_HOURS, None, **TABLE)],
        [(DESTINATION, f"{GROUP}/2001", {}, {})],
        (),
    ),
    "a table of hours that is not known": (LINE, [], [(ALLOCATION_HOURS, None, None, {**TABLE, "hours": LATER})], ()),
    "a table of hours of another profile": (
        LINE,
        [],
        [(ALLOCATION_HOURS, None, None, {**TABLE, "profile": "3002"})],
        (),
    ),
    "a profile ends": (LINE, [], [(PROFILE, f"{GROUP}/3001", {}, None)], ()),
    "a destination ends": (
        LINE,
        [],
        [(DESTINATION, f"{GROUP}/2001", {}, None), (DESTINATION, f"{GROUP}/2009", {}, None)],
        (),
    ),
    "shares end": (LINE, [], [(PROFILE_DESTINATIONS, f"{GROUP}/3001", rows((2001, 70)), None)], ()),
    "an assignment ends": (LINE, [], [(DNIS_ASSIGNMENT, LINE[-1].id, {"dnis": NUMBER}, None)], ()),
    "an activation comes": (
        but(LINE, profile(active=False), destination("denver", 2001, DENVER, active=None)),
        [],
        [
            (
                ACTIVATION,
                None,
                None,
                {
                    "targets": [
                        *on(3001, 2001)["targets"],
                        {"kind": "destination", "id": "2002"},
                        {"kind": "profile", "id": LATER},
                        LATER,
                    ]
                },
            )
        ],
        (),
    ),
    "an activation that is declared": (
        but(LINE, profile(active=False)),
        [declares(ACTIVATION, None, **on(3001))],
        [(DESTINATION, f"{GROUP}/2001", {}, {})],
        (),
    ),
    "an activation ends": (
        LINE,
        [declares(ACTIVATION, "b", targets=[{"kind": "profile", "id": "3001"}])],
        [(ACTIVATION, "a", on(3001, 2001, 2002), None)],
        (),
    ),
    "an activation shrinks": (
        LINE,
        [declares(ACTIVATION, "a", "urn:it", **on(2001))],
        [(ACTIVATION, "a", on(3001, 2001, 2002), on(2001))],
        (),
    ),
    "a rule comes": (
        RULES,
        [],
        [
            (
                "ringex:AnsweringRule",
                None,
                None,
                {"extension_id": "1/101", "name": "VIP", "enabled": True, "action": "PlayAnnouncementOnly"},
            )
        ],
        (),
    ),
    "a rule of another extension comes": (
        RULES,
        [],
        [
            (
                "ringex:AnsweringRule",
                None,
                None,
                {"extension_id": "1/102", "name": "VIP", "action": "PlayAnnouncementOnly"},
            )
        ],
        (),
    ),
    "a rule of what is not known comes": (
        RULES,
        [],
        [
            (
                "ringex:AnsweringRule",
                None,
                None,
                {"extension_id": LATER, "name": "VIP", "action": "PlayAnnouncementOnly"},
            )
        ],
        (),
    ),
    "a rule that is declared": (
        RULES,
        [
            declares("ringex:AnsweringRule", None, extension_id="1/101", name="VIP", action="TakeMessagesOnly"),
            declares(
                "ringex:AnsweringRule", None, "urn:two", extension_id="1/101", name=LATER, action="TakeMessagesOnly"
            ),
        ],
        [(RULES[0].type, RULES[0].id, {}, {"enabled": False})],
        (),
    ),
    "rules end": (
        RULES,
        [],
        [
            (RULES[0].type, RULES[0].id, {}, None),
            (RULES[1].type, RULES[1].id, {"__before": '{"callHandlingAction": "PlayAnnouncementOnly"}'}, None),
            (RULES[2].type, RULES[2].id, {}, None),
        ],
        (),
    ),
    "a ring group": (
        [ring_group("8000", ["101"])],
        [declares(RING_GROUP, "pbx.example.com/acme.example.com/8000", members=[])],
        [(RING_GROUP, None, None, {"extension_number": "8001", "members": []})],
        (),
    ),
    "everything together": (
        LINE,
        [
            declares(DESTINATION, f"{GROUP}/2002", target=NEW, stays=True),
            declares(DESTINATION, f"{GROUP}/2001", "urn:it", target=OTHER),
            declares(DNIS_OVERRIDE, None, "urn:two", **AT, dnis=NUMBER, target=NEW),
        ],
        [(DESTINATION, f"{GROUP}/2001", {}, {"target": NEW}), (PROFILE, f"{GROUP}/3001", {}, {"active": False})],
        (),
    ),
}
