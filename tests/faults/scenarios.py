"""Every program, with a change to make to it afterwards, in an account where others have things as well.

Types that no program has come in one of their own, from their examples, so that a new type is among them by itself.
"""

from __future__ import annotations

import csv
import json
import runpy
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pulumi

from pulumi_voice_routing import ringcx
from tests.emulated import Emulated
from tests.examples import Instance, examples
from tests.faults.watch import Identity
from tests.lifecycle.test_nine_cases import TYPES, VENDORS, households
from tests.numbers.account import Account, digits, e164
from tests.stacks import Program

PROGRAMS = Path(__file__).parents[2] / "programs"
NEWER_USER = "123456/100003"
PERMITTED = {"VOICE_ROUTING_BREAK_GLASS": "release-active-dnis"}
"""Examples say nothing about who answers calls."""
RULES = "/restapi/v1.0/account/~/extension/~/answering-rule"


@dataclass(frozen=True)
class Scenario:
    """A program and what it is brought to, one after the other."""

    name: str
    program: Callable[[Path, int], Program]
    """The program at a phase, given a folder for files of its own."""
    settings: tuple[Mapping[str, str], ...]
    """The configuration of each phase."""
    secrets: Mapping[str, str] = field(default_factory=dict)
    ours: tuple[Identity, ...] = ()
    """What is there before and belongs to it all the same."""
    kinds: tuple[str, ...] = ()
    """Kinds of which everything that is there before belongs to it."""
    env: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[Emulated], None] = lambda _portal: None
    """Makes by hand what the program needs."""


def _run(folder: Path) -> Program:
    def program() -> None:
        runpy.run_path(str(folder / "__main__.py"))

    return program


def program_of(name: str) -> Program:
    """A program of `programs`, to be run in this process."""
    return _run(PROGRAMS / name)


def _of_folder(name: str) -> Callable[[Path, int], Program]:
    return lambda _folder, _phase: program_of(name)


def _inventory(folder: Path, _phase: int) -> Program:
    """The program beside a shorter file."""
    copy = folder / "inventory"
    if not copy.exists():
        copy.mkdir()
        shutil.copy(PROGRAMS / "number_inventory" / "__main__.py", copy)
        with (PROGRAMS / "number_inventory" / "numbers.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        uses = {"support": 12, "sales": 8, "campaign": 2}
        some = [row for use, count in uses.items() for row in [row for row in rows if row["notes"] == use][:count]]
        with (copy / "numbers.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(some)
    return _run(copy)


class Examples:
    """A program of some types: first as their examples are made, then changed."""

    def __init__(self, tokens: Iterable[str]) -> None:
        self.examples = {token: examples()[token] for token in tokens}
        self._instances: dict[str, dict[str, Instance]] = {}

    @property
    def kinds(self) -> tuple[str, ...]:
        """What the vendors keep for them."""
        return tuple(one.kind for one in self.examples.values() if one.kind)

    def prepare(self, portal: Emulated) -> None:
        """Make what they need, and what they adopt."""
        self._instances = {token: one.instances(portal) for token, one in self.examples.items()}

    def program(self, _folder: Path, phase: int) -> Program:
        """All of them, at a phase."""

        def program() -> None:
            for token, instances in self._instances.items():
                vendor, _, kind = token.partition(":")
                for name, one in instances.items():
                    args = {**one.args, **(one.updates if phase else {})}
                    getattr(VENDORS[vendor], kind)(f"{kind}-{name}", **args)

        return program


NUMBERS = digits(9)


def _moving(_folder: Path, phase: int) -> Program:
    """Numbers that callers reach go from one profile to the other."""

    def program() -> None:
        group = ringcx.RouteGroup("group", name="Moves")
        desk = ringcx.Destination("desk", group_id=group.id, name="Desk", kind="DID", target="+13035551234")
        profiles = []
        splits = []
        for name in ("First", "Second"):
            profile = ringcx.Profile(
                name,
                group_id=group.id,
                name=name,
                routing_type="PERCENT_ALLOCATION",
                percent_alloc_type="DAILY",
            )
            split = ringcx.ProfileDestinations(
                f"{name}-split", profile=profile, destinations=[{"destination": desk, "allocation_percent": 100}]
            )
            profiles.append(profile)
            splits.append(split)
        pool = ringcx.DnisPool("pool", numbers=[{"dnis": number} for number in NUMBERS])
        live = ringcx.Activation("live", targets=[desk, *profiles], opts=pulumi.ResourceOptions(depends_on=splits))
        after = pulumi.ResourceOptions(depends_on=[pool, live])
        ringcx.DnisAssignments("many", numbers=e164(NUMBERS[1:]), profile=profiles[phase], opts=after)
        ringcx.DnisAssignment("one", dnis=f"+{NUMBERS[0]}", profile=profiles[phase], opts=after)

    return program


PROGRAM_SCENARIOS = (
    Scenario(
        "contact_center",
        _of_folder("contact_center"),
        (
            {"numbers": '["+13035550181", "+13035550182"]'},
            {"denverShare": "60", "denverTeams": json.dumps({"+18005550111": "+13035550133"})},
        ),
    ),
    Scenario(
        "crm_lookup",
        _of_folder("crm_lookup"),
        ({}, {"keyRotation": "2", "crmUrl": "https://crm.example.com/v2/callers"}),
        secrets={"crmApiKey": "key-of-the-crm"},
    ),
    Scenario("number_inventory", _inventory, ({}, {"live": "true"})),
    Scenario(
        "small_office",
        _of_folder("small_office"),
        ({}, {"importantCallers": '["+13035550172"]', "frontDesk": '["102", "106"]'}),
        ours=(
            ("RingExAnsweringRule", "100001/business-hours-rule"),
            ("RingExAnsweringRule", "100001/after-hours-rule"),
        ),
    ),
    Scenario(
        "small_office_of_newer_users",
        _of_folder("small_office"),
        ({"extension": NEWER_USER}, {"importantCallers": '["+13035550172"]', "mobileNumber": "+13035550161"}),
        kinds=("RingExStateRule",),
    ),
    Scenario(
        "three_vendors",
        _of_folder("three_vendors"),
        ({}, {"pbxNumber": "+13035550191", "branchExtensions": '["106"]'}),
    ),
    Scenario(
        "moving_numbers",
        _moving,
        ({}, {}),
        env={"VOICE_ROUTING_BREAK_GLASS": "reassign-active-dnis"},
    ),
)
_IN_PROGRAMS = "".join(one.read_text(encoding="utf-8") for one in PROGRAMS.glob("*/__main__.py"))
WITHOUT_PROGRAM = [token for token in TYPES if f".{token.partition(':')[2]}(" not in _IN_PROGRAMS]


def _of_examples(name: str, examples: Examples) -> Scenario:
    return Scenario(name, examples.program, ({}, {}), kinds=examples.kinds, prepare=examples.prepare, env=PERMITTED)


SCENARIOS = (
    *PROGRAM_SCENARIOS,
    *(_of_examples(f"types_{n}", Examples(tokens)) for n, tokens in enumerate(households(WITHOUT_PROGRAM), start=1)),
)


def furnish(portal: Emulated) -> None:
    """What others have in the account, some of it with names that the programs use in places of their own."""
    account = Account(portal)
    theirs = portal.group("Somebody's routing")
    desk = portal.destination("Support Denver", theirs, active=True)
    profile = portal.profile("Support business hours", theirs)
    portal.assign(profile, desk, 100, 1, theirs)
    portal.override(desk, "13035559101", "+13035559102", theirs)
    portal.switch("Profile", profile, on=True, group=theirs)
    account.give(account.pool(digits(3, start=9100)), f"profile {profile}")
    account.give(account.pool(digits(1, start=9200)), "queue 1000")
    account.pool(digits(1, start=9300))
    portal.http_service("Support caller look-up")
    forwarding = "/restapi/v1.0/account/~/extension/~/forwarding-number"
    portal.call("POST", forwarding, {"phoneNumber": "+13035559160", "label": "Somebody", "type": "Other"})
    rule = {"name": "Somebody's rule", "enabled": True, "type": "Custom", "callers": [{"callerId": "+13035559170"}]}
    portal.call("POST", RULES, {**rule, "callHandlingAction": "TakeMessagesOnly"})
