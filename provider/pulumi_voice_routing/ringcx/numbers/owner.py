"""Who answers a number: a queue, a Visual IVR, a profile or a tracking number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from ...client.answers import is_id, is_off, is_on, part
from ...errors import UnexpectedAnswer
from ...permission.needed import NOBODY, NumberFacts
from ..client_numbers import AssignmentPath
from ..pool_directory import dnis_of
from ..shapes_numbers import AssignedDnis, PoolRecord

Product: TypeAlias = Literal["queue", "Visual IVR", "profile", "tracking number"]

PATHS: Mapping[Product, AssignmentPath] = {
    "queue": "gates",
    "Visual IVR": "visualIvrs",
    "profile": "cloudRouteProfiles",
}
"""Where numbers are assigned to a product. A tracking number takes its one number when it is made."""
PRODUCT_CODES: Mapping[Product, str] = {
    "queue": "ACD",
    "Visual IVR": "VISUAL_IVR",
    "profile": "CLOUD_PROFILE",
    "tracking number": "TRAC_NUMBER",
}
"""The vendor's words for the products."""
_SHOWN_AS: tuple[tuple[str, Product, str, str, str], ...] = (
    ("gate", "queue", "gateId", "gateName", "gateGroupId"),
    ("visualIvr", "Visual IVR", "visualIvrId", "visualIvrName", "visualIvrGroupId"),
    ("cloudRouteProfile", "profile", "cloudProfileId", "profileName", "cloudGroupId"),
    ("tracNumber", "tracking number", "tracId", "description", "tracGroupId"),
)


@dataclass(frozen=True)
class Owner:
    """What answers a number."""

    product: Product
    number: str
    """The vendor's id."""
    group: str = field(default="", compare=False)
    name: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.product} {self.number}"

    @property
    def called(self) -> str:
        """With its name, when the vendor shows one."""
        return f"{self} {self.name!r}" if self.name else str(self)

    @classmethod
    def of(cls, assignment: AssignedDnis | None) -> Owner | None:
        """The one owner that an assignment names. Raises :class:`UnexpectedAnswer` when it cannot be told which."""
        for place, product, id_field, name_field, group_field in _SHOWN_AS:
            shown = (assignment or {}).get(place)
            if isinstance(shown, dict) and shown.get(id_field) is not None:
                group = shown.get(group_field)
                if not is_id(shown[id_field]):
                    raise UnexpectedAnswer(f"ringcx: a {product} answers a number, and its {id_field} is no id.")
                name = str(shown.get(name_field) or "")
                return cls(product, str(shown[id_field]), str(group) if is_id(group) else "", name)
        return None


@dataclass(frozen=True)
class Live:
    """A number as it is at the vendor now."""

    record: PoolRecord
    """The pool record."""

    @property
    def digits(self) -> str:
        """As the vendor writes it."""
        return dnis_of(self.record)

    @property
    def assignment(self) -> AssignedDnis:
        """The assignment; empty when there is none."""
        return part(self.record.get("assignedDnis"))

    @property
    def owner(self) -> Owner | None:
        """Who answers it."""
        return Owner.of(self.assignment)

    @property
    def active(self) -> bool:
        """Whether callers reach its owner."""
        return self.owner is not None and not is_off(self.assignment.get("isActive"))

    @property
    def managed(self) -> bool:
        """Whether the vendor keeps the record to itself."""
        return is_on(self.record.get("dnisManagedByRC"))

    def facts(self, number: str, known: Owner | None) -> NumberFacts:
        """What decides whether it may change its owner."""
        return NumberFacts(number, named(known), named(self.owner), self.active)


def named(owner: Owner | None) -> str:
    """An owner for a message and for an approval: ``profile 1001``, or ``nobody``."""
    return str(owner) if owner is not None else NOBODY


def lives(records: Mapping[str, PoolRecord]) -> dict[str, Live]:
    """Pool records as live numbers, by digits."""
    return {digits: Live(record) for digits, record in records.items()}


def owners(found: Iterable[Live]) -> str:
    """Who answers them, for a message, each owner once."""
    return ", ".join(dict.fromkeys(live.owner.called for live in found if live.owner is not None)) or NOBODY
