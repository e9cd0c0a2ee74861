"""What engineers do to an office, and what is to come of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pulumi_voice_routing import ringcx

from .office import (
    BRANCHES,
    EVERY_NUMBER,
    FREE,
    HOTLINE,
    LIVE,
    OF_THE_EXTENSION,
    SALES_1,
    SALES_2,
    VIP,
    VIP_2,
    Declared,
    Edit,
    Later,
    Ref,
    activation,
    answering,
    assigned,
    assigned_list,
    destination,
    overrides,
    profile,
    ring_group,
    service,
    shares,
)

PROTECTION = "unprotected-number"
"""The one rule that a change breaks by what it leaves undone; it is off in the changes for other rules."""


@dataclass(frozen=True)
class Harm:
    """A change that hurts callers: stopped, stopped again when its approval has expired, and let through by one."""

    rule: str
    what: str
    edit: Edit
    also: Sequence[str] = ()
    """Other rules that it breaks."""
    gate_also: Sequence[str] = ()
    """Rules that only the gate has, and that it breaks."""
    approvable: bool = True
    """Whether an approval can name it."""
    held_by_provider: bool = False
    """Whether the provider refuses it even when pack and gate have an approval: it cannot be meant, or the provider
    sees what they do not, and wants that approved."""
    held_by_preview: str = ""
    """What every preview says that refuses it, so that there is no plan for pack and gate."""


@dataclass(frozen=True)
class Harmless:
    """A change that looks like one that hurts callers, or the safe way to what that one wants."""

    rule: str
    what: str
    edit: Edit
    steps: Sequence[Edit] = field(default_factory=tuple)
    """Further changes, each in an up of its own."""


def arguments(name: str, **args: Any) -> Edit:
    """Other arguments for one resource."""
    return Edit(args={name: args})


def options(name: str, **opts: Any) -> Edit:
    """Other options for one resource."""
    return Edit(options={name: opts})


def new(**declared: Declared) -> Edit:
    """More resources."""
    return Edit(new={name.replace("_", "-"): one for name, one in declared.items()})


def rows(*numbers: str, **active: Any) -> list[dict[str, Any]]:
    """Records of a pool."""
    return [{"dnis": number, **({"active": False} if number in active.get("off", ()) else {})} for number in numbers]


EMPTY = {"empty": profile("empty"), "go-live": activation("empty")}
QUIET: Mapping[str, Any] = {"forward_to": [], "notify_soft_phones": False, "voicemail_enabled": False}

HARMS = [
    Harm("reassign-active-dnis", "a hotline gets another profile", arguments("hotline", profile=Ref("sales"))),
    Harm("reassign-active-dnis", "a list gets another profile", arguments("team", profile=Ref("support"))),
    Harm(
        "reassign-active-dnis",
        "a number that is a secret gets another profile",
        arguments("secret-line", profile=Ref("support")),
    ),
    Harm(
        "reassign-active-dnis",
        "a hotline gets a profile that is not made yet",
        Edit(
            args={"hotline": {"profile": Ref("fresh")}},
            new={
                "fresh": profile("fresh"),
                "fresh-split": shares("fresh", denver=100),
                "go-live": Declared(ringcx.Activation, {"targets": [Ref("fresh")]}, after=("fresh-split",)),
                "hotline": assigned(HOTLINE, "fresh"),
            },
            without=["hotline"],
        ),
        approvable=False,
    ),
    Harm("release-active-dnis", "a hotline leaves the program", Edit(without=["hotline"])),
    Harm("release-active-dnis", "a number that is a secret leaves the program", Edit(without=["secret-line"])),
    Harm(
        "release-active-dnis",
        "a number with a secret owner leaves the program",
        Edit(without=["desk-line"]),
        held_by_provider=True,
    ),
    Harm("release-active-dnis", "a number leaves its list", arguments("team", numbers=[SALES_1])),
    Harm("release-active-dnis", "a hotline is switched off", arguments("hotline", active=False)),
    Harm(
        "release-active-dnis",
        "the record of a hotline is switched off",
        arguments("pool", numbers=rows(*EVERY_NUMBER, off=[HOTLINE])),
    ),
    Harm(
        "take-foreign-dnis",
        "a number goes from one list to another one",
        Edit(
            args={"team": {"numbers": [SALES_2]}},
            options={"team": {"after": ("pool", "live")}},
            new={"joined": assigned_list(SALES_1, to="support")},
        ),
    ),
    Harm("replacing-live-objects", "a hotline gets another name", Edit(renamed={"hotline": "support-line"})),
    Harm(PROTECTION, "a hotline is declared without protection", Edit()),
    Harm("calls-unanswered", "a profile goes live without destinations", Edit(new=EMPTY), held_by_provider=True),
    Harm(
        "calls-unknown",
        "a destination that gets calls is switched off",
        Edit(new={"live": activation("denver", "support", "sales", "night")}, without=["live"]),
        held_by_provider=True,
    ),
    Harm(
        "calls-unanswered",
        "a profile is switched off",
        Edit(new={"live": activation("denver", "austin", "support", "night")}, without=["live"]),
        held_by_provider=True,
    ),
    Harm(
        "in-use-elsewhere",
        "a service that a profile calls leaves",
        Edit(args={"support": {"call_start_service": None}}, without=["crm"]),
        held_by_provider=True,
    ),
    Harm(
        "duplicates",
        "a destination is declared twice",
        new(twin=destination("denver", "+13035551009")),
        held_by_preview="two resources of this program stand for the destination 'Denver'",
    ),
    Harm(
        "calls-unanswered",
        "a rule rings nothing",
        Edit(args={"vip-rule": QUIET}),
        held_by_preview="answering rule 'Vip' forwards calls to nothing",
    ),
    Harm(
        "calls-unanswered",
        "ring groups forward in a circle",
        Edit(args={"night-desk": {"no_answer": {"action": "FORWARD_TO_NUMBER", "number": "8100"}}}),
    ),
    Harm(
        "plain-secrets",
        "a password in an address",
        arguments("idle", url="https://crm:hush-hush@crm.example.com/callers"),
    ),
]

HARMLESS = [
    Harmless(
        "reassign-active-dnis",
        "a number that nobody reaches gets another profile",
        arguments("spare", profile=Ref("sales")),
    ),
    Harmless(
        "reassign-active-dnis", "a hotline is written in another way", arguments("hotline", dnis="+1 303-555-0100")
    ),
    Harmless("reassign-active-dnis", "a hotline gets a description", arguments("hotline", description="Main line")),
    Harmless("release-active-dnis", "a number that nobody reaches leaves", Edit(without=["spare"])),
    Harmless(
        "release-active-dnis", "a list is written in another order", arguments("team", numbers=[SALES_2, SALES_1])
    ),
    Harmless(
        "release-active-dnis",
        "a hotline is let go and keeps its owner",
        options("hotline", retain=True),
        steps=[Edit(without=["hotline"])],
    ),
    Harmless("take-foreign-dnis", "a number that nobody answers is assigned", new(free=assigned(FREE, "sales"))),
    Harmless(
        "replacing-live-objects",
        "a hotline gets another name, with an alias",
        Edit(renamed={"hotline": "support-line"}, options={"hotline": {"aliases": ["hotline"]}}),
    ),
    Harmless(
        "replacing-live-objects", "a number that nobody reaches gets another name", Edit(renamed={"spare": "reserve"})
    ),
    Harmless(
        PROTECTION,
        "hotline and list are protected",
        Edit(options={name: {"protect": True} for name in ("hotline", "team", "secret-line", "desk-line")}),
    ),
    Harmless(
        "calls-unanswered",
        "twelve of fifteen destinations are described anew",
        Edit(args={name: {"description": "Renovated"} for name in BRANCHES}),
    ),
    Harmless(
        "calls-unanswered",
        "ten destinations are new",
        new(**{f"shop-{n}": destination(f"shop-{n}", f"+1303555{3000 + n}") for n in range(10)}),
    ),
    Harmless(
        "calls-unknown",
        "a destination gets no calls for now",
        Edit(new={"support-split": shares("support", denver=100, austin=0)}, without=["support-split"]),
    ),
    Harmless(
        "calls-unanswered",
        "a profile goes live with its destinations",
        Edit(
            new={
                "fresh": profile("fresh"),
                "fresh-split": shares("fresh", denver=100),
                "go-live": Declared(ringcx.Activation, {"targets": [Ref("fresh")]}, after=("fresh-split",)),
            }
        ),
    ),
    Harmless("calls-unanswered", "a profile without destinations stays off", new(empty=profile("empty"))),
    Harmless(
        "calls-unanswered",
        "a destination is taken out of the profile, and then switched off",
        Edit(new={"support-split": shares("support", denver=100)}, without=["support-split"]),
        steps=[Edit(new={"live": activation("denver", "support", "sales", "night")}, without=["live"])],
    ),
    Harmless(
        "calls-unanswered",
        "the activation gets another name, with an alias",
        Edit(renamed={"live": "go-live"}, options={"live": {"aliases": ["live"]}}),
    ),
    Harmless(
        "calls-unanswered",
        "one more destination goes live",
        Edit(new={"live": activation(*LIVE, "reno")}, without=["live"]),
    ),
    Harmless("in-use-elsewhere", "a service that nothing calls leaves", Edit(without=["idle"])),
    Harmless(
        "in-use-elsewhere",
        "a profile gets another service",
        Edit(args={"support": {"call_start_service": Ref("idle")}}),
    ),
    Harmless(
        "calls-unanswered",
        "a list that replaces all gets one more",
        Edit(new={"vips": overrides(VIP, VIP_2, "+18005550133", replace_all=True)}, without=["vips"]),
    ),
    Harmless(
        "calls-unanswered",
        "an override goes from its list to a resource of its own",
        Edit(
            new={
                "vips": overrides(VIP),
                "own": Declared(
                    ringcx.DnisOverride,
                    {"destination": Ref("austin"), "dnis": VIP_2, "target": "+13035559999"},
                    after=("vips",),
                ),
            },
            without=["vips"],
        ),
    ),
    Harmless(
        "forbidden-target",
        "an override in E.164",
        new(more=Declared(ringcx.DnisOverride, {"destination": Ref("denver"), "dnis": VIP, "target": "+13035559999"})),
    ),
    Harmless(
        "duplicates",
        "one name in two groups",
        Edit(
            new={
                "west": Declared(ringcx.RouteGroup, {"name": "West"}),
                "twin": Declared(
                    ringcx.Destination,
                    {"group_id": Ref("west", id=True), "name": "Denver", "kind": "DID", "target": "+13035551009"},
                ),
            }
        ),
    ),
    Harmless(
        "calls-unanswered",
        "a rule that rings nothing is switched off",
        Edit(args={"vip-rule": {**QUIET, "enabled": False}}),
    ),
    Harmless(
        "calls-unanswered",
        "a rule is for numbers, and rings some, that are not known yet",
        new(
            west=Declared(ringcx.RouteGroup, {"name": "West"}),
            late_rule=answering(
                "late",
                "+13035553300",
                called_numbers=Later("west", [OF_THE_EXTENSION]),
                forward_to=[{"numbers": Later("west", [Ref("mobile", id=True)])}],
            ),
        ),
    ),
    Harmless(
        "calls-unanswered",
        "a ring group without members is meant",
        new(quiet=ring_group("8300", allow=["no_members", "release"])),
    ),
    Harmless("calls-unknown", "a rule for another caller", new(owner_rule=answering("owner", "+13035553200"))),
    Harmless(
        "plain-secrets",
        "an address without a password",
        new(lookup=service("lookup", url="https://crm.example.com/v2?by=number")),
    ),
]
