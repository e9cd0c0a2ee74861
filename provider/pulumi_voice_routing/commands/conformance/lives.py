"""The lives of resources that harm nobody: inactive, with a mark in their names, ended as far as the vendor allows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...errors import VoiceRoutingError, one_line
from ...lifecycle import adoption, references, standing, turns, writes
from ...lifecycle.member import Member
from ...lifecycle.provider import MANAGED
from ...plan.roles import roles_of
from ...registry import provider_for

MARK = "voice-routing-conformance"
_FICTION = "+12025550142"
_OTHER_FICTION = "+12025550143"
"""Numbers that are nobody's, by the numbering plan."""

Values = dict[str, Any]


@dataclass
class Subjects:
    """What may be touched, and what was made so far."""

    mark: str
    numbers: list[str] = field(default_factory=list)
    """The numbers that were named: only these are given to anything, and none of them is written itself."""
    extension: str = ""
    """A PortSIP extension number that is free, when one was named."""
    own_extension: str = ""
    """The RingEX extension that is signed in."""
    moved: bool = False
    """Whether it has the newer call handling."""
    made: dict[str, str] = field(default_factory=dict)
    """Ids by type."""


@dataclass(frozen=True)
class Specimen:
    """One resource of a type: what it is made with, and what is then changed."""

    token: str
    args: Callable[[Subjects], Values]
    changes: Callable[[Subjects], Values] = lambda subjects: {}
    when: Callable[[Subjects], bool] = lambda subjects: True
    why_not: str = ""
    """What has to be named on the command line."""
    stays: bool = False
    """Whether others live in it, and the vendor has no call that removes it."""


@dataclass
class Life:
    """What became of one."""

    token: str
    id: str = ""
    steps: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    left: bool = False
    skipped: str = ""


def _name(what: str) -> Callable[[Subjects], str]:
    return lambda subjects: f"{subjects.mark} {what}"


def _weekly() -> Values:
    return {"weekly": {"monday": [{"from": "09:00", "to": "10:00"}]}}


_NUMBER = "name a number with --number: it is given to objects that nobody reaches, and is not written itself"

SPECIMENS: Mapping[str, tuple[Specimen, ...]] = {
    "ringcx": (
        Specimen("ringcx:RouteGroup", lambda it: {"name": f"{it.mark} home"}, stays=True),
        Specimen(
            "ringcx:Destination",
            lambda it: {
                "group_id": it.made["ringcx:RouteGroup"],
                "name": f"{it.mark} destination",
                "kind": "DID",
                "target": _FICTION,
                "description": "made by voice-routing conformance",
            },
            lambda it: {"target": _OTHER_FICTION, "description": "changed by voice-routing conformance"},
            stays=True,
        ),
        Specimen(
            "ringcx:Profile",
            lambda it: {
                "group_id": it.made["ringcx:RouteGroup"],
                "name": f"{it.mark} profile",
                "routing_type": "PERCENT_ALLOCATION",
                "percent_alloc_type": "DAILY",
            },
            lambda it: {"description": "changed by voice-routing conformance"},
            stays=True,
        ),
        Specimen(
            "ringcx:ProfileDestinations",
            lambda it: {
                "profile": it.made["ringcx:Profile"],
                "destinations": [{"destination": it.made["ringcx:Destination"], "rank": 1, "allocation_percent": 100}],
            },
            lambda it: {
                "destinations": [{"destination": it.made["ringcx:Destination"], "rank": 2, "allocation_percent": 100}]
            },
        ),
        Specimen(
            "ringcx:DnisOverride",
            lambda it: {"destination": it.made["ringcx:Destination"], "dnis": it.numbers[0], "target": _FICTION},
            lambda it: {"target": _OTHER_FICTION},
            lambda it: bool(it.numbers),
            _NUMBER,
        ),
        Specimen("ringcx:HttpServiceGroup", lambda it: {"name": f"{it.mark} services"}, stays=True),
        Specimen(
            "ringcx:BasicAuth",
            lambda it: {"name": f"{it.mark} credentials", "username": "nobody", "password": "made-for-conformance"},
            lambda it: {"description": "changed by voice-routing conformance"},
        ),
        Specimen(
            "ringcx:HttpService",
            lambda it: {
                "group_id": it.made["ringcx:HttpServiceGroup"],
                "name": f"{it.mark} service",
                "kind": "HTTP",
                "url": "https://conformance.invalid/",
            },
            lambda it: {"url": "https://conformance.invalid/changed"},
        ),
        Specimen(
            "ringcx:HttpServiceInputs",
            lambda it: {"service": it.made["ringcx:HttpService"], "inputs": [{"name": "ani"}]},
            lambda it: {"inputs": [{"name": "ani"}, {"name": "dnis", "value": "none"}]},
        ),
    ),
    "ringex": (
        Specimen(
            "ringex:ForwardingNumber",
            lambda it: {
                "extension_id": it.own_extension,
                "type": "Other",
                "phone_number": it.numbers[0],
                "label": it.mark[:40],
            },
            when=lambda it: bool(it.numbers),
            why_not=_NUMBER,
        ),
        Specimen(
            "ringex:AnsweringRule",
            lambda it: {
                "extension_id": it.own_extension,
                "name": f"{it.mark} rule",
                "enabled": False,
                "schedule": _weekly(),
                "action": "TakeMessagesOnly",
            },
            lambda it: {"name": f"{it.mark} rule, changed"},
            lambda it: not it.moved,
            "the extension has the newer call handling",
        ),
        Specimen(
            "ringex:InteractionRule",
            lambda it: {
                "extension_id": it.own_extension,
                "name": f"{it.mark} rule",
                "enabled": False,
                "callers": [{"caller_id": _FICTION, "name": "Nobody"}],
                "dispatching": "Terminate",
                "target": {"type": "VoiceMailTerminatingTarget"},
            },
            lambda it: {"name": f"{it.mark} rule, changed"},
            lambda it: it.moved,
            "the extension has the older call handling",
        ),
    ),
    "portsip": (
        Specimen(
            "portsip:RingGroup",
            lambda it: {
                "name": it.mark,
                "extension_number": it.extension,
                "strategy": "CYCLIC_HUNT",
                "members": [],
                "allow": ["release", "no_members"],
            },
            lambda it: {"ring_time_seconds": 25},
            lambda it: bool(it.extension),
            "name a free extension number with --extension: a ring group has no switch",
        ),
        Specimen(
            "portsip:BlockedNumber",
            lambda it: {"number": _FICTION, "description": it.mark},
            lambda it: {"description": f"{it.mark}, changed"},
        ),
    ),
}
"""The types whose lives harm nobody, in an order in which nothing comes before what it lives in."""


def live(
    vendor: str, subjects: Subjects, tell: Callable[[str], None], between: Callable[[], None] = lambda: None
) -> Iterator[Life]:
    """Make each, look, change, look; and when all are there and have been asked about, end them in the other order."""
    lives: list[tuple[Specimen, Life, Values]] = []
    for specimen in SPECIMENS[vendor]:
        life = Life(specimen.token)
        outs: Values = {}
        if not specimen.when(subjects):
            life.skipped = specimen.why_not
        else:
            tell(f"{specimen.token}: made, changed, looked at")
            outs = _begin(specimen, life, subjects)
        lives.append((specimen, life, outs))
    between()
    for specimen, life, outs in reversed(lives):
        if life.id:
            _end(specimen, life, outs)
    yield from (life for _, life, _ in lives)


def is_there(token: str, id_: str) -> bool:
    """Whether an object is there: its list knows, also where a vendor has no clear word for what is gone."""
    provider = provider_for(token)
    if isinstance(provider, Member):
        inside = roles_of(token).inside
        homes = [references.parent(id_)] if inside is not None else provider.homes()
        return any(id_ in provider.ids(home) for home in homes)
    return provider.look(id_, {}) is not None


def begin_anew() -> None:
    """As in a run of its own: what a resource of this one stood for may end."""
    for learned in (standing, turns, writes):
        learned.forget()
    adoption.ours.clear()


def _begin(specimen: Specimen, life: Life, subjects: Subjects) -> Values:
    provider = provider_for(specimen.token)
    outs: Values = {}
    try:
        args = specimen.args(subjects)
        there = _there(specimen, args)
        if there:
            args = {**args, "adopt_id": there}
        inputs = _checked(provider, args)
        made = provider.create(inputs)
        life.id, outs = str(made.id), dict(made.outs or {})
        subjects.made[specimen.token] = life.id
        life.steps.append("taken over" if there else "created")
        _look(provider, life, outs, args)
        changes = specimen.changes(subjects)
        if changes:
            inputs = _checked(provider, {**args, **changes})
            outs = dict(provider.update(life.id, outs, inputs).outs or {})
            life.steps.append("changed")
            _look(provider, life, outs, {**args, **changes})
    except KeyError as error:
        life.problems.append(f"not tried: there is no {error.args[0]} for it")
    except Exception as error:  # the provider's own errors are of no common kind: the engine is to print them
        life.problems.append(one_line(str(error)))
    return outs


def _checked(provider: Any, args: Values) -> Values:
    values, failures = provider.checked(args)
    if failures:
        raise VoiceRoutingError("; ".join(f"{one.path}: {one.reason}" for one in failures))
    return {**args, **values}


def _there(specimen: Specimen, args: Values) -> str:
    """One that an earlier run has left, where nothing removes it."""
    if not specimen.stays:
        return ""
    provider = provider_for(specimen.token)
    if not isinstance(provider, Member):
        return ""
    inside = roles_of(specimen.token).inside
    home = str(args[inside.field]) if inside is not None else ""
    homes = [home] if home else list(provider.homes())
    for id_ in (one for home in homes for one in provider.ids(home)):
        outs = provider.look(id_, {}) or {}
        if outs.get("name") == args["name"]:
            return id_
    return ""


def _look(provider: Any, life: Life, outs: Values, args: Values) -> None:
    """What is there is what was declared."""
    seen = provider.look(life.id, {**outs, MANAGED: sorted(set(outs.get(MANAGED) or ()) & set(args))})
    if seen is None:
        life.problems.append("it is not there when it is looked for")
        return
    life.steps.append("looked at")
    for name in provider.changed(seen, {key: args[key] for key in args if key in provider.model and key in seen}):
        if not provider.model[name].secret:
            life.problems.append(f"{name} comes back otherwise than it was sent")


def _end(specimen: Specimen, life: Life, outs: Values) -> None:
    provider = provider_for(specimen.token)
    if specimen.stays:
        life.left = True
        return
    begin_anew()
    try:
        provider.delete(life.id, outs)
        life.steps.append("ended")
        life.left = is_there(life.token, life.id)
    except Exception as error:  # as above
        life.problems.append(one_line(str(error)))
        life.left = True


__all__ = ["MARK", "SPECIMENS", "Life", "Subjects", "begin_anew", "is_there", "live"]
