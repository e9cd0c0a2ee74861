"""An office with a bit of everything, as a list of declarations that a change can edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pulumi

from pulumi_voice_routing import portsip, ringcx, ringex

HOTLINE, SALES_1, SALES_2, SPARE, FREE, NIGHT, DESK = (f"+1303555010{place}" for place in range(7))
EVERY_NUMBER = (HOTLINE, SALES_1, SALES_2, SPARE, FREE, NIGHT, DESK)
VIP, VIP_2 = "+18005550111", "+18005550122"
OF_THE_EXTENSION = "+13035550101"
"""A number of whoever is signed in to RingEX."""
BRANCHES = tuple(f"branch-{place}" for place in range(1, 13))
HIDDEN = "a-key-that-nobody-may-see"


@dataclass(frozen=True)
class Ref:
    """A resource that is declared before, or its id."""

    name: str
    id: bool = False


@dataclass(frozen=True)
class Secret:
    """A value that the program gives as a secret."""

    value: Any


@dataclass(frozen=True)
class Later:
    """A value that a preview does not know, because a resource that is still to be made comes first."""

    after: str
    value: Any


@dataclass(frozen=True)
class Declared:
    """One resource of a program."""

    type: Any
    args: Mapping[str, Any]
    after: Sequence[str] = ()
    aliases: Sequence[str] = ()
    protect: bool | None = None
    retain: bool | None = None


Program = Mapping[str, Declared]


def percent(**shares: int) -> list[dict[str, Any]]:
    """The destinations of a profile."""
    return [{"destination": Ref(name.replace("_", "-")), "allocation_percent": share} for name, share in shares.items()]


def declare(program: Program) -> None:
    """Declare everything, in order."""
    made: dict[str, Any] = {}
    for name, one in program.items():
        opts = pulumi.ResourceOptions(
            depends_on=[made[other] for other in one.after if other in made],
            aliases=[pulumi.Alias(name=alias) for alias in one.aliases],
            protect=one.protect,
            retain_on_delete=one.retain,
        )
        made[name] = one.type(name, opts=opts, **_resolved(dict(one.args), made))


def _resolved(value: Any, made: Mapping[str, Any]) -> Any:
    if isinstance(value, Ref):
        return made[value.name].id if value.id else made[value.name]
    if isinstance(value, Secret):
        return pulumi.Output.secret(_resolved(value.value, made))
    if isinstance(value, Later):
        return made[value.after].id.apply(lambda _: _resolved(value.value, made))
    if isinstance(value, dict):
        return {name: _resolved(item, made) for name, item in value.items()}
    return [_resolved(item, made) for item in value] if isinstance(value, list) else value


GROUP = Ref("group", id=True)


def destination(name: str, target: str) -> Declared:
    """A telephone that calls can be sent to."""
    return Declared(ringcx.Destination, {"group_id": GROUP, "name": name.title(), "kind": "DID", "target": target})


def profile(name: str, **args: Any) -> Declared:
    """A plan that shares calls by percent."""
    share = {"routing_type": "PERCENT_ALLOCATION", "percent_alloc_type": "DAILY"}
    return Declared(ringcx.Profile, {"group_id": GROUP, "name": name.title(), **share, **args})


def shares(of: str, **percents: int) -> Declared:
    """Its destinations."""
    return Declared(ringcx.ProfileDestinations, {"profile": Ref(of), "destinations": percent(**percents)})


def assigned(dnis: str | Secret, to: str, **args: Any) -> Declared:
    """A number and the profile that answers it."""
    return Declared(ringcx.DnisAssignment, {"dnis": dnis, "profile": Ref(to), **args}, after=("pool", "live"))


def assigned_list(*numbers: str, to: str, **args: Any) -> Declared:
    """Numbers and the profile that answers them."""
    given = {"numbers": list(numbers), "profile": Ref(to), **args}
    return Declared(ringcx.DnisAssignments, given, after=("pool", "live"))


def overrides(*numbers: str, **args: Any) -> Declared:
    """The numbers that ring a telephone of their own at Austin."""
    rows = [{"dnis": number, "target": "+13035559999"} for number in numbers]
    return Declared(ringcx.DnisOverrides, {"destination": Ref("austin"), "overrides": rows, **args})


def service(name: str, **args: Any) -> Declared:
    """An HTTP service that is asked when a call starts."""
    where = {"kind": "HTTP_GET", "url": "https://crm.example.com/callers", "method": "GET"}
    return Declared(ringcx.HttpService, {"group_id": Ref("services", id=True), "name": name.title(), **where, **args})


def ring_group(number: str, *members: str, forwards_to: str | None = None, **args: Any) -> Declared:
    """Extensions that ring for one number."""
    no_answer = {"action": "FORWARD_TO_NUMBER", "number": forwards_to} if forwards_to else None
    given: dict[str, Any] = {
        "name": f"Group {number}",
        "extension_number": number,
        "strategy": "CYCLIC_HUNT",
        "members": [{"extension_number": member} for member in members],
        "no_answer": no_answer or {"action": "FORWARD_TO_VOICEMAIL"},
        **args,
    }
    return Declared(portsip.RingGroup, given)


def answering(name: str, *callers: str, **args: Any) -> Declared:
    """A rule for some callers of whoever is signed in."""
    given = {"extension_id": "~", "name": name.title(), "callers": [{"caller_id": caller} for caller in callers]}
    return Declared(ringex.AnsweringRule, {**given, "forward_to": [{"numbers": [Ref("mobile")]}], **args})


def activation(*targets: str) -> Declared:
    """What takes calls."""
    after = ("support-split", "sales-split", "night-split")
    return Declared(ringcx.Activation, {"targets": [Ref(target) for target in targets]}, after=after)


LIVE = ("denver", "austin", "support", "sales", "night")
OFFICE: Program = {
    "group": Declared(ringcx.RouteGroup, {"name": "Office"}),
    "denver": destination("denver", "+13035551001"),
    "austin": destination("austin", "+13035551002"),
    "reno": destination("reno", "+13035551003"),
    **{name: destination(name, f"+1303555{2000 + place}") for place, name in enumerate(BRANCHES)},
    "key": Declared(ringcx.ApiKeyAuth, {"name": "CRM", "api_key": HIDDEN}),
    "services": Declared(ringcx.HttpServiceGroup, {"name": "CRM"}),
    "crm": service("crm", auth_config_id=Ref("key")),
    "idle": service("idle"),
    "support": profile("support", call_start_service=Ref("crm")),
    "sales": profile("sales"),
    "night": profile("night"),
    "support-split": shares("support", denver=70, austin=30),
    "sales-split": shares("sales", denver=100),
    "night-split": shares("night", denver=100),
    "live": activation(*LIVE),
    "vips": overrides(VIP, VIP_2, replace_all=True),
    "pool": Declared(ringcx.DnisPool, {"numbers": [{"dnis": one} for one in EVERY_NUMBER]}),
    "hotline": assigned(HOTLINE, "support"),
    "team": assigned_list(SALES_1, SALES_2, to="sales"),
    "secret-line": assigned(Secret(NIGHT), "sales"),
    "desk-line": assigned(DESK, "sales", profile=Secret(Ref("sales", id=True))),
    "spare": assigned(SPARE, "support", active=False),
    "mobile": Declared(ringex.ForwardingNumber, {"extension_id": "~", "phone_number": "+13035553001", "type": "Home"}),
    "vip-rule": answering("vip", "+13035553100"),
    "night-desk": ring_group("8200", "103", allow=["release"]),
    "desk": ring_group("8100", "101", "102", forwards_to="8200", allow=["release"]),
}


@dataclass(frozen=True)
class Edit:
    """What a change does to the program: arguments of some resources, what is new, and what goes."""

    args: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Other arguments by resource; ``None`` takes one out."""
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Other options by resource, such as ``protect``."""
    new: Program = field(default_factory=dict)
    without: Sequence[str] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Resources that are declared under another name."""

    def of(self, program: Program) -> Program:
        """The program as it would be."""
        there: dict[str, Declared] = {}
        for name, one in program.items():
            given = {key: value for key, value in {**one.args, **self.args.get(name, {})}.items() if value is not None}
            changed = replace(one, args=given, **self.options.get(name, {}))
            if name not in self.without:
                there[self.renamed.get(name, name)] = changed
        return {**there, **self.new}
