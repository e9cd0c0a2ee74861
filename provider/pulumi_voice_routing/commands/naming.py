"""Where calls end in the words of people: names of destinations beside numbers, queues and IVRs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

import phonenumbers

from ..call_flow.outcome import End, Outcome, percent
from ..call_flow.routing import Routing
from ..lifecycle import meaning as means
from ..plan.facts import UNKNOWN
from ..plan.targets import readings
from ..telephony.number import as_declared, digits_of

_READS = {"number": "number", "dialled": "number", "queue": "queue", "ivr": "ivr", "sip": "sip"}
_WORDS = {"queue": "queue", "ivr": "IVR", "sip": "SIP address"}
_MOST_NAMES = 2
_NOT_KNOWN = "Not known"
_RING_GROUP = re.compile(r"(ring group \d+), ([A-Z_]+): (.+)")
_IN_WORDS = {"RING_SIMULTANEOUSLY": "together", "PRIORITIZED_HUNT": "in order", "CYCLIC_HUNT": "in turn"}


@cache
def spoken(number: str) -> str:
    """A telephone number as people write it: ``+1 303 555 0100``."""
    if not number.startswith("+"):
        return number
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL).replace("-", " ")


@cache
def at_home(number: str) -> str:
    """The digits that are dialled within the country, where they are no part of the number: ``8...`` in some, not
    ``0...``."""
    if not number.startswith("+") or number.startswith("+1"):
        return ""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return ""
    said = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    digits = "".join(one for one in said if one.isdigit())
    return "" if digits.lstrip("0") in number else digits


class Names:
    """What people call the ends of calls, as far as the destinations of some routings and the account tell."""

    def __init__(self, *routings: Routing, known: Mapping[tuple[str, str], str] | None = None) -> None:
        found: defaultdict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        for routing in routings:
            for key, name in _named(routing):
                found[key][name] = None
        self._by_target = {key: list(names) for key, names in found.items()}
        self._known = dict(known or {})
        self._said: dict[Outcome, str] = {}

    def end_lines(self, end: End, *, named: bool = True) -> list[str]:
        """An end in one line or two: what people call it, and what it is; ``named`` by the destination, too."""
        what = end.note or end.what
        if end.kind in ("number", "queue", "ivr", "sip"):
            plain = spoken(as_declared(end.what)) if end.kind == "number" else end.what
            called = self._known.get((end.kind, end.what)) or (self._called(end) if named else "")
            kind = _WORDS.get(end.kind, "")
            if called:
                return [called, " ".join(filter(None, (kind, plain)))]
            return [" ".join(filter(None, (kind, plain)))]
        if found := _RING_GROUP.fullmatch(what):
            group, strategy, members = found.groups()
            return [f"{group[:1].upper()}{group[1:]}: {members} {_IN_WORDS.get(strategy, '')}".rstrip()]
        return {
            "voicemail": [f"Voicemail of {what}"],
            "announcement": ["Announcement, then the end", what],
            "unanswered": ["Nobody", what],
            "loop": ["Goes round in a loop", what],
            "unknown": [_NOT_KNOWN, what],
        }.get(end.kind, [what[:1].upper() + what[1:]])

    def end(self, end: End) -> str:
        """An end in a few words, with what comes after it."""
        first, *rest = self.end_lines(end)
        if end.kind in ("voicemail", "announcement", "unanswered", "loop", "unknown"):
            first = first[:1].lower() + first[1:]
        said = f"{first} ({', '.join(rest)})" if rest else first
        if end.kind in ("extension", "ring group"):
            said = said[:1].lower() + said[1:]
        return said if end.otherwise is None else f"{said}, then {self.outcome(end.otherwise)}"

    def outcome(self, outcome: Outcome) -> str:
        """Where calls end, with their shares."""
        if outcome not in self._said:
            odds = outcome.odds
            certain = len(odds) == 1
            self._said[outcome] = "; ".join(
                self.end(end) if certain else f"{percent(share)} {self.end(end)}" for end, share in odds.items()
            )
        return self._said[outcome]

    def short(self, outcome: Outcome) -> str:
        """The same without what comes after and without what it is: a title."""
        odds = outcome.odds
        certain = len(odds) == 1
        return ", ".join(
            self._title(end) if certain else f"{percent(share)} {self._title(end)}" for end, share in odds.items()
        )

    def _title(self, end: End) -> str:
        """An end, or the few that it is one of."""
        options = dict.fromkeys(self.short(one) for one in end.options) if end.complete else {}
        return " or ".join(options) if 0 < len(options) <= _MOST_NAMES else self.end_lines(end)[0]

    def untold(self, outcome: Outcome) -> bool:
        """Whether its title says no more than that it is not known."""
        return all(end.kind == "unknown" and self._title(end) == _NOT_KNOWN for end in outcome.odds)

    def _called(self, end: End) -> str:
        key = digits_of(end.what) if end.kind == "number" else end.what
        names = self._by_target.get((end.kind, key), [])
        return " / ".join(names) if 0 < len(names) <= _MOST_NAMES else ""


def _named(routing: Routing) -> Iterator[tuple[tuple[str, str], str]]:
    """The targets of what has a name of its own."""
    for one in routing.resources:
        if not one.roles.begins_off or one.roles.top(means.Target) is None:
            continue
        for value, reads in readings(routing.facts, one):
            if reads is UNKNOWN or reads is None or not isinstance(value.value, str):
                continue
            kind = _READS.get(str(reads))
            if kind is not None:
                yield (kind, digits_of(value.value) if kind == "number" else value.value), one.called
