"""What harms nobody: what a resource of each type is made with, and what is then changed.

A meeting names types here and nowhere else: which of them harm nobody at a vendor, and made with what, no type says of
itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

MARK = "voice-routing-conformance"
_FICTION = "+12025550142"
_OTHER_FICTION = "+12025550143"
"""Numbers that are nobody's, by the numbering plan."""

DESTINATION = "ringcx:Destination"
"""The type by which the questions about whole updates are asked."""

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


def _weekly() -> Values:
    return {"weekly": {"monday": [{"from": "09:00", "to": "10:00"}]}}


_NUMBER = "name a number with --number: it is given to objects that nobody reaches, and is not written itself"

SPECIMENS: Mapping[str, tuple[Specimen, ...]] = {
    "ringcx": (
        Specimen("ringcx:RouteGroup", lambda it: {"name": f"{it.mark} home"}, stays=True),
        Specimen(
            DESTINATION,
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
                "destinations": [{"destination": it.made[DESTINATION], "rank": 1, "allocation_percent": 100}],
            },
            lambda it: {"destinations": [{"destination": it.made[DESTINATION], "rank": 2, "allocation_percent": 100}]},
        ),
        Specimen(
            "ringcx:DnisOverride",
            lambda it: {"destination": it.made[DESTINATION], "dnis": it.numbers[0], "target": _FICTION},
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
                "on_delete": "delete",
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

__all__ = ["DESTINATION", "MARK", "SPECIMENS", "Specimen", "Subjects", "Values"]
