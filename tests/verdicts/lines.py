"""Changes of a support line: overrides, shares, switches, targets, and what goes live."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from pulumi_voice_routing.plan.facts import UNKNOWN, Resource
from tests.rules.plans import (
    AUSTIN,
    DENVER,
    LINE,
    NUMBER,
    OTHER,
    RENO,
    SALES,
    SUPPORT,
    THIRD,
    activation,
    assignment,
    but,
    destination,
    first_activation,
    first_line,
    hours,
    id_of,
    override,
    overrides,
    profile,
    renamed,
    resource,
    saved,
    split,
)
from tests.tokens import GROUP, PROFILE_DESTINATIONS

from .numbers import SOLD, case
from .saying import Case

PREMIUM, PARIS, LONDON, NONE = "+19005550100", "+33142685300", "+442079460000", "+1303555"
HOTLINE = assignment("hotline", NUMBER)
CALLED = but(LINE, HOTLINE)
"""A line that a number leads to."""


def _line(what: str, before: Iterable[Resource], *after: Resource, without: Iterable[str] = (), **more: Any) -> Case:
    """The line with other resources; what stands before is there as well unless it is left out."""
    there = but(CALLED, *before)
    return case(what, there, but(there, *after, without=without), **more)


def _rows(*rows: dict[str, Any], name: str = "split", of: Any = None) -> Resource:
    return resource(PROFILE_DESTINATIONS, name, profile=id_of("support") if of is None else of, destinations=list(rows))


def _row(of: str, share: Any, **more: Any) -> dict[str, Any]:
    return {"destination": id_of(of), "allocation_percent": share, **more}


VIPS = overrides("vips", id_of("denver"), NUMBER, OTHER)
VIP = override("vip", id_of("austin"), THIRD)
WHOLE = overrides("all", id_of("denver"), NUMBER, OTHER, replace_all=True)
LATE = renamed(VIPS, "vips", overrides=UNKNOWN)

OVERRIDES = [
    _line("a list of overrides leaves", [VIPS, VIP], without=["vips"]),
    _line("an override leaves", [VIPS, VIP], without=["vip"]),
    _line("a row leaves a list", [VIPS, VIP], overrides("vips", id_of("denver"), NUMBER)),
    _line("rows are not known yet", [VIPS], overrides("vips", id_of("denver"), NUMBER, UNKNOWN)),
    _line("no row is known yet", [VIPS], LATE),
    _line("a list goes to another destination", [VIPS], renamed(VIPS, "vips", destination=id_of("austin"))),
    _line("an override is for another number", [VIP], override("vip", id_of("austin"), NUMBER)),
    _line("an override is taken over without an alias", [VIP], renamed(VIP, "rest", adopt=True), without=["vip"]),
    _line(
        "an override goes into a whole list",
        [VIP],
        overrides("rest", id_of("austin"), THIRD, replace_all=True),
        without=["vip"],
    ),
    _line("an override is renamed", [VIP], renamed(VIP, "rest"), without=["vip"]),
    _line("an override is renamed with an alias", [VIP], renamed(VIP, "rest", alias=True), without=["vip"]),
    _line("an override goes into a list", [VIP], overrides("rest", id_of("austin"), THIRD), without=["vip"]),
    _line("a whole list loses a row", [WHOLE], overrides("all", id_of("denver"), NUMBER, replace_all=True)),
    _line("a whole list of unknown rows", [WHOLE], overrides("all", id_of("denver"), UNKNOWN, replace_all=True)),
    _line("whether it is whole is not known", [WHOLE], overrides("all", id_of("denver"), OTHER, replace_all=UNKNOWN)),
    _line("a list becomes whole", [VIPS], overrides("vips", id_of("denver"), NUMBER, OTHER, replace_all=True)),
    _line("a whole list comes new", [], WHOLE),
    _line("a whole list comes beside an override", [override("vip", id_of("denver"), THIRD)], WHOLE),
    _line(
        "a whole list for a destination by its id", [], overrides("all", "123456/1001/2009", NUMBER, replace_all=True)
    ),
    _line(
        "the destination leaves with its overrides",
        [VIP],
        split("split", "support", denver=100),
        activation("go-live", "denver", "support"),
        without=["vip", "austin"],
    ),
    _line("a list that is a secret leaves", [renamed(VIPS, "vips", overrides=UNKNOWN)], without=["vips"], secret=True),
    _line(
        "a list that is a secret has one row",
        [renamed(VIPS, "vips", overrides=[UNKNOWN, UNKNOWN])],
        renamed(VIPS, "vips", overrides=[UNKNOWN]),
        secret=True,
    ),
    _line("a kept list leaves", [replace(saved(VIPS), kept=True)], without=["vips"]),
    _line("an override to a paid line", [], override("vip", id_of("denver"), NUMBER, target=PREMIUM)),
    _line(
        "two overrides abroad",
        [],
        override("vip", id_of("denver"), NUMBER, target=PARIS),
        override("too", id_of("austin"), NUMBER, target=LONDON),
        countries="1",
    ),
    _line("an override to what is no number", [], override("vip", id_of("denver"), NUMBER, target=NONE)),
]

TABLE = hours([100] * 24)
FLAT = _rows(_row("denver", None), _row("austin", None))


def _hourly(*shares: tuple[str, list[Any]], of: str = "support") -> Resource:
    rows = [{"destination": id_of(name), "percent": row} for name, row in shares]
    return resource(TABLE.type, "hours", profile=id_of(of), hours=rows)


FOREIGN = _rows(_row("denver", 100), name="foreign", of="123456/1001/9999")
OFF = profile("support", active=False)
NIGHT = [RENO, profile("sales"), split("sales-split", "sales", denver=50, reno=50)]
UNTOLD = resource(PROFILE_DESTINATIONS, "a-set", profile=id_of("sales"), destinations=UNKNOWN)
WEST = resource(GROUP, "west", name="West")


def _new(what: str, *after: Resource, without: Iterable[str] = ()) -> Case:
    """A line that is still to be made."""
    return case(what, [], but(first_line(), *after, without=without))


FIRST = first_line()

SHARES = [
    _line("shares make 99", [], split("split", "support", denver=70, austin=29)),
    _line("shares make 101", [], split("split", "support", denver=70, austin=31)),
    _line("a share is missing", [], _rows(_row("denver", 70), {"destination": id_of("austin")})),
    _line("no share is given", [], _rows({"destination": id_of("denver")})),
    _line("a share is not known yet", [], _rows(_row("denver", UNKNOWN), _row("austin", 30))),
    _line("all calls to one of two", [], split("split", "support", denver=0, austin=100)),
    _line(
        "three hours are off",
        [FLAT, _hourly(("denver", [60] * 24), ("austin", [40] * 24))],
        _hourly(("denver", [60] * 20 + [50] * 4), ("austin", [40] * 24)),
    ),
    _line(
        "an hour is not known yet",
        [FLAT, _hourly(("denver", [60] * 24), ("austin", [40] * 24))],
        _hourly(("denver", [UNKNOWN] * 24), ("austin", [40] * 24)),
    ),
    _line(
        "a table comes as a file that is off",
        [FLAT],
        resource(
            TABLE.type,
            "hours",
            profile=id_of("support"),
            file="key," + ",".join(f"H{hour:02}" for hour in range(24)) + "\nDenver," + ",".join(["90"] * 24) + "\n",
        ),
    ),
    _line(
        "a table gives nothing to a destination that is off",
        [_hourly(("denver", [100] * 24), ("austin", [0] * 24)), FLAT],
        activation("go-live", "denver", "support"),
    ),
    _new(
        "shares of a new line make 90",
        FIRST[4].__class__(
            **{
                **FIRST[4].__dict__,
                "props": {
                    **FIRST[4].props,
                    "destinations": [{"destination": UNKNOWN, "allocation_percent": share} for share in (60, 30)],
                },
            }
        ),
    ),
]

SWITCHES = [
    _line("a destination is left out of the activation", [], activation("go-live", "denver", "support")),
    _line("both destinations are left out", [], activation("go-live", "support")),
    _line("the profile is left out", [], activation("go-live", "denver", "austin")),
    _line("the activation leaves", [], without=["go-live"]),
    _line("the activation is renamed", [], activation("live", "denver", "austin", "support"), without=["go-live"]),
    _line("the activation is renamed with an alias", [], renamed(CALLED[5], "live", alias=True), without=["go-live"]),
    _line("the profile says that it is off", [], OFF, activation("go-live", "denver", "austin")),
    _line(
        "the profile is off, and four numbers lead to it",
        [assignment(f"n{place}", f"+1303555012{place}") for place in range(4)],
        activation("go-live", "denver", "austin"),
    ),
    _line(
        "whether the profile is on is not known yet",
        [profile("support", active=True)],
        profile("support", active=UNKNOWN),
        without=["go-live"],
    ),
    _line(
        "a destination says that it is off",
        [destination("denver", active=True)],
        destination("denver", active=False),
        activation("go-live", "austin", "support"),
    ),
    _line(
        "a destination leaves that two profiles use",
        [*NIGHT, activation("sell", "reno", "sales"), assignment("shop", OTHER, "sales")],
        activation("go-live", "austin", "support"),
        without=["denver"],
    ),
    _line("the profile leaves with all it has", [], without=["support", "split", "go-live", "denver", "austin"]),
    _line("the profile and its number leave", [], without=["support", "split", "go-live", "hotline"]),
    _line("the group gets another id", [], resource(GROUP, "g", name="West"), replaced=["g"]),
    _line(
        "a destination would be made again elsewhere",
        [],
        destination("denver", group_id="123456/1002"),
        replaced=["denver"],
    ),
    _line("a destination would be made again for nothing", [], replaced=["denver"]),
    _line(
        "the profile would be made again in another group",
        [],
        profile("support", group_id="123456/1002"),
        replaced=["support"],
    ),
    _line(
        "the profile would be made again in a group that is not known yet",
        [],
        profile("support", group_id=UNKNOWN),
        replaced=["support"],
    ),
    _line("the activation would be made again", [], replaced=["go-live"]),
    _line(
        "a spare destination would be made again",
        [RENO],
        destination("reno", group_id="123456/1002"),
        replaced=["reno"],
    ),
    _line("the destinations of the profile would be made again", [], replaced=["split"]),
    _line("a destination is renamed", [], renamed(DENVER, "mile-high"), without=["denver"]),
    _line(
        "a destination and the profile are renamed",
        [],
        renamed(DENVER, "mile-high"),
        renamed(SUPPORT, "care"),
        without=["denver", "support"],
    ),
    _line("a destination is renamed with an alias", [], renamed(DENVER, "mile-high", alias=True), without=["denver"]),
    _line("a target is a paid line", [], destination("denver", target=PREMIUM)),
    _line("a target is abroad", [], destination("denver", target=PARIS), countries="1,44"),
    _line(
        "two targets are abroad",
        [],
        destination("denver", target=PARIS),
        destination("austin", target=LONDON),
        countries="1",
    ),
    _line("a target is abroad, and nobody is sent there", [], destination("reno", target=PARIS), countries="1"),
    _line("a spare target changes to a paid line", [RENO], destination("reno", target=PREMIUM)),
    _line("a target is not known yet", [], destination("denver", target=UNKNOWN)),
    _line("a target is no number", [], destination("denver", target=NONE)),
    _line("a destination has no target", [], destination("denver", target="")),
    _line(
        "the targets come back to the number",
        [],
        destination("denver", target=NUMBER),
        destination("austin", target=NUMBER),
    ),
    _line("the state cannot be read", [], activation("go-live", "denver"), unreadable="it is locked"),
    _line("a profile without destinations goes live", [SALES], activation("sell", "sales")),
    _line(
        "a profile with a number goes live without destinations",
        [SALES, assignment("shop", OTHER, "sales")],
        activation("sell", "sales"),
    ),
    _line("a profile goes live beside destinations of another", [SALES, FOREIGN], activation("sell", "sales")),
    _line("a profile that was there goes live", [], profile("sales", adopt=True), activation("sell", "sales")),
    _line("a profile goes live with a destination that stays off", NIGHT, activation("sell", "sales")),
    case(
        "a profile goes live with two sets, and nobody knows what is in the first",
        [*CALLED, *NIGHT],
        [UNTOLD, *CALLED, *NIGHT, activation("sell", "sales")],
    ),
    _line(
        "a profile goes live with a destination by its id",
        NIGHT,
        split("sales-split", "sales", denver=50),
        _rows(
            _row("denver", 50),
            {"destination": "123456/1001/2009", "allocation_percent": 50},
            name="sales-split",
            of=id_of("sales"),
        ),
        activation("sell", "sales"),
    ),
    _line(
        "a profile goes live by rank",
        [
            RENO,
            profile("sales", routing_type="PRIORITY"),
            _rows({"destination": id_of("reno"), "rank": 1}, name="sales-split", of=id_of("sales")),
        ],
        activation("sell", "sales", "reno"),
    ),
    _line("a destination without target goes live", [destination("reno", target="")], activation("sell", "reno")),
    _line("a profile says that it is on", [], profile("sales", active=True)),
    _line("a profile that is on loses its destinations", [profile("support", adopt=True)], without=["split"]),
    _line(
        "destinations of a profile that is not known yet",
        [SALES],
        _rows(_row("denver", 100), name="late", of=UNKNOWN),
        activation("sell", "sales"),
    ),
    _new("a new line goes live"),
    _new("a new line goes live without one of its destinations", first_activation(FIRST[1], FIRST[3])),
    _new("a new line goes live without its destinations", without=["split"]),
    _new(
        "profiles of one name in two groups go live",
        WEST,
        replace(renamed(FIRST[3], "other"), behind={"group_id": frozenset({WEST.urn})}),
        first_activation(FIRST[3], replace(renamed(FIRST[3], "other"))),
        without=["split"],
    ),
    case(
        "two profiles change their owners and their switches",
        [*SOLD, HOTLINE],
        but(SOLD, assignment("hotline", NUMBER, "sales"), activation("go-live", "denver"), activation("sell")),
    ),
    case("two things in a circle", CALLED, but(CALLED, destination("denver", target=NUMBER))),
    case("the first run", [], but(CALLED, AUSTIN)),
]
