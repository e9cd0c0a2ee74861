"""Changes of numbers: moved, released, taken, renamed, replaced, and not protected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from pulumi_voice_routing.lifecycle.fleet_rows import ROWS, row_name, row_urn
from pulumi_voice_routing.plan.facts import UNKNOWN, Resource
from pulumi_voice_routing.registry import FLEET
from tests.rules.numbers import GIVEN_AWAY, MANY, ONE, TRACKED, hidden
from tests.rules.plans import (
    LINE,
    NUMBER,
    OTHER,
    SALES,
    SUPPORT,
    THIRD,
    activation,
    assignment,
    assignments,
    but,
    id_of,
    pool,
    protected,
    record,
    renamed,
    resource,
    saved,
    split,
    tracking,
    urn,
)
from tests.tokens import DNIS_ASSIGNMENT

from .saying import Case


def case(what: str, before: Iterable[Resource], after: Iterable[Resource], *, bare: bool = False, **more: Any) -> Case:
    """A change whose state has ids, and whose numbers are protected unless it is about that."""
    there = [saved(one) if one.id is None else one for one in before]
    return Case(what, [_protected(one) for one in there], [one if bare else _protected(one) for one in after], **more)


def _protected(one: Resource) -> Resource:
    return protected(one) if one.roles.answers else one


SOLD = [*LINE, SALES, split("sales-split", "sales", denver=100), activation("sell", "sales")]
"""A line with two profiles that take calls."""
QUEUE = assignment("hotline", NUMBER, "700")
HIDDEN = hidden(ONE, "dnis")
NIGHT = resource(SUPPORT.type, "night", name="Night")
GIVEN = {
    key: {"dnis": number, "profile": id_of("support")}
    for key, number in {"one": NUMBER, "two": OTHER, "three": THIRD}.items()
}
ROWS_SAVED = [
    Resource(
        DNIS_ASSIGNMENT,
        row_name("desk", key),
        row_urn(urn(DNIS_ASSIGNMENT + FLEET, "desk"), key),
        row,
        f"123456/{row['dnis'][1:]}",
    )
    for key, row in GIVEN.items()
]


def _fleet(without: Sequence[str] = (), **rows: dict[str, Any]) -> Resource:
    now = {key: {**row, **rows.get(key, {})} for key, row in GIVEN.items() if key not in without}
    return resource(DNIS_ASSIGNMENT + FLEET, "desk", **{ROWS: now})


def _numbers(
    what: str, before: Sequence[Resource], after: Sequence[Resource], *, bare: bool = False, **more: Any
) -> Case:
    return case(what, but(SOLD, *before), but(SOLD, *after), bare=bare, **more)


def _live(what: str, owner: str | None, *after: Resource) -> Case:
    return _numbers(what, [ONE], after, live={NUMBER: owner})


NUMBERS = [
    _numbers("a hotline goes to another profile", [ONE], [assignment("hotline", NUMBER, "sales")]),
    _numbers("a hotline goes to a queue", [ONE], [QUEUE]),
    _numbers(
        "a queue's number goes to an IVR", [QUEUE], [resource(ONE.type, "hotline", dnis=NUMBER, visual_ivr_id="9")]
    ),
    _numbers("the new owner is not known yet", [ONE], [assignment("hotline", NUMBER, UNKNOWN)]),
    _numbers(
        "the new owner is a profile that is still to be made",
        [ONE],
        [
            NIGHT,
            resource(ONE.type, "hotline", behind={"profile": [NIGHT]}, dnis=NUMBER, profile=UNKNOWN),
        ],
    ),
    _numbers("a list goes to another profile", [MANY], [assignments("numbers", [NUMBER, OTHER], "sales")]),
    _numbers("a hotline leaves", [ONE], []),
    _numbers("a hotline is switched off", [ONE], [assignment("hotline", NUMBER, active=False)]),
    _numbers("whether it is on is not known yet", [ONE], [assignment("hotline", NUMBER, active=UNKNOWN)]),
    _numbers("a number that was off is switched on", [assignment("hotline", NUMBER, active=False)], [ONE]),
    _numbers(
        "two numbers leave a list of three",
        [assignments("numbers", [NUMBER, OTHER, THIRD])],
        [assignments("numbers", [THIRD])],
    ),
    _numbers("a list leaves", [assignments("numbers", [NUMBER, OTHER, THIRD])], []),
    _numbers("the numbers of a list are not known yet", [MANY], [assignments("numbers", UNKNOWN)]),
    _numbers("one of a list is not known yet", [MANY], [assignments("numbers", [NUMBER, UNKNOWN])]),
    _numbers(
        "a list that is a secret goes to another profile",
        [assignments("team", UNKNOWN)],
        [assignments("team", UNKNOWN, "sales")],
        secret=True,
    ),
    _numbers("a list that is a secret leaves", [assignments("team", UNKNOWN)], [], secret=True),
    _numbers(
        "a list that is a secret is not protected",
        [assignments("team", UNKNOWN)],
        [assignments("team", UNKNOWN)],
        bare=True,
        secret=True,
    ),
    _numbers(
        "a number that is a secret goes to another profile",
        [HIDDEN],
        [hidden(assignment("hotline", NUMBER, "sales"), "dnis")],
        secret=True,
    ),
    _numbers("a number that is a secret leaves", [HIDDEN], [], secret=True),
    _numbers("a number whose owner is a secret leaves", [hidden(ONE, "profile")], [], secret=True),
    _numbers(
        "a number whose owner is a secret goes to a profile",
        [hidden(ONE, "profile")],
        [assignment("hotline", NUMBER, "sales")],
        secret=True,
    ),
    _numbers(
        "a number goes from one list to another",
        [MANY, assignments("selling", [], "sales")],
        [assignments("numbers", [OTHER]), assignments("selling", [NUMBER], "sales")],
    ),
    _numbers("a hotline is renamed and moved", [ONE], [renamed(ONE, "line", profile=id_of("sales"))]),
    _numbers(
        "a hotline is renamed and moved to an owner that is not known yet",
        [ONE],
        [renamed(ONE, "line", profile=UNKNOWN)],
    ),
    _numbers("a hotline is renamed", [ONE], [renamed(ONE, "line")]),
    _numbers("a hotline is renamed with an alias", [ONE], [renamed(ONE, "line", alias=True)]),
    _numbers(
        "a hotline is renamed with an alias, and moved",
        [ONE],
        [renamed(ONE, "line", alias=True, profile=id_of("sales"))],
    ),
    _numbers("a number goes into a list", [ONE], [assignments("numbers", [NUMBER, OTHER])]),
    _numbers("a hotline is kept when it leaves", [replace(saved(ONE), kept=True)], []),
    _numbers(
        "a hotline would be made again",
        [ONE],
        [assignment("hotline", NUMBER, reserved_account_id="7")],
        replaced=["hotline"],
    ),
    _numbers("a list would be made again", [MANY], [MANY], replaced=["numbers"]),
    _numbers(
        "a number whose owner is a secret would be made again",
        [hidden(ONE, "profile")],
        [hidden(ONE, "profile")],
        replaced=["hotline"],
        secret=True,
    ),
    _numbers(
        "a hotline that is off would be made again",
        [assignment("hotline", NUMBER, active=False)],
        [ONE],
        replaced=["hotline"],
    ),
    _numbers(
        "two lists are not protected",
        [ONE, assignments("numbers", [OTHER, THIRD])],
        [ONE, assignments("numbers", [OTHER, THIRD])],
        bare=True,
    ),
    _numbers("a new number is not protected", [], [ONE], bare=True),
    _numbers(
        "a number that is off is not protected",
        [assignment("hotline", NUMBER, active=False)],
        [assignment("hotline", NUMBER, active=False)],
        bare=True,
    ),
    _numbers("a tracking number is switched off", [TRACKED], [tracking("campaign", NUMBER, active=False)]),
    _numbers("a tracking number leaves", [TRACKED], []),
    _numbers("a tracking number is not protected", [TRACKED], [TRACKED], bare=True),
    _numbers("a tracking number becomes a hotline", [TRACKED], [ONE]),
    _numbers("a tracking number is renamed", [TRACKED], [renamed(TRACKED, "spring")]),
    _numbers("a record is switched off", [ONE, record("r", NUMBER)], [ONE, record("r", NUMBER, active=False)]),
    _numbers("a record ends as inactive", [ONE, record("r", NUMBER, on_delete="deactivate")], [ONE]),
    _numbers("a record ends deleted", [ONE, record("r", NUMBER, on_delete="delete")], [ONE]),
    _numbers("a record ends in a way that is not known yet", [ONE, record("r", NUMBER, on_delete=UNKNOWN)], [ONE]),
    _numbers(
        "a record is renamed",
        [ONE, record("r", NUMBER, on_delete="delete")],
        [ONE, record("s", NUMBER, on_delete="delete")],
    ),
    _numbers(
        "a record goes to a pool",
        [ONE, record("r", NUMBER, on_delete="deactivate")],
        [ONE, pool("p", {"dnis": NUMBER})],
    ),
    _numbers(
        "rows of a pool are switched off",
        [MANY, pool("p", {"dnis": NUMBER}, {"dnis": OTHER})],
        [MANY, pool("p", {"dnis": NUMBER, "active": False}, {"dnis": OTHER, "active": False})],
    ),
    _numbers(
        "a row leaves a pool that deletes",
        [MANY, pool("p", {"dnis": NUMBER}, {"dnis": OTHER}, on_delete="delete")],
        [MANY, pool("p", {"dnis": OTHER}, on_delete="delete")],
    ),
    _numbers(
        "a pool that is a secret leaves", [MANY, pool("p", {"dnis": UNKNOWN}, on_delete="delete")], [MANY], secret=True
    ),
    _numbers("a number that was given away comes back", [GIVEN_AWAY], [MANY]),
    _numbers("a number that was given away leaves", [GIVEN_AWAY], [assignments("numbers", [NUMBER])]),
    _live("the vendor has it with a queue, and nothing changes", "queue 17", ONE),
    _live("the vendor has it with a queue, and it moves", "queue 17", assignment("hotline", NUMBER, "sales")),
    _live("nobody answers it at the vendor", None, ONE),
    _live("the vendor has it where it is to go", "profile 3002", assignment("hotline", NUMBER, "sales")),
    _live(
        "the vendor has it with a queue, and it is switched off",
        "queue 17",
        assignment("hotline", NUMBER, active=False),
    ),
    _live("the vendor has it with a queue, and it leaves", "queue 17"),
    _numbers(
        "a new number that a queue answers at the vendor",
        [],
        [ONE, assignment("other", OTHER, UNKNOWN)],
        live={NUMBER: "queue 17", OTHER: "Visual IVR 9"},
    ),
    case("a first deployment", [], [*LINE, ONE], bare=True),
    case("a number beside an empty state", [], [ONE]),
    _numbers("the state cannot be read", [], [ONE, MANY], unreadable="`pulumi stack export` ended with 1"),
    _numbers("nothing changes", [ONE], [ONE]),
    _numbers("a row of a fleet goes to another profile", ROWS_SAVED, [_fleet(one={"profile": id_of("sales")})]),
    _numbers("rows of a fleet leave", ROWS_SAVED, [_fleet(without=["one", "two"])]),
    _numbers("a fleet is not protected", ROWS_SAVED, [_fleet()], bare=True),
    _numbers("a fleet leaves", ROWS_SAVED, []),
]
