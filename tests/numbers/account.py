"""An account with numbers, as an administrator would set it up by hand, and who answers them at every moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from tests.emulated import ACCOUNT, Emulated, Json

MANAGER = "/voice/api/v1/admin/utilities/tnManager"
BLOCK = 13035550000
"""The first of the fictitious numbers."""

Owners = dict[str, str | None]
"""By digits: ``profile 1001``, or nothing."""


def digits(count: int, start: int = 100) -> list[str]:
    """As many numbers as the vendor writes them."""
    return [str(BLOCK + start + place) for place in range(count)]


def e164(numbers: Iterable[str]) -> list[str]:
    """As users write them."""
    return [f"+{number}" for number in numbers]


class Account:
    """What is there before a test begins; everything is done by hand."""

    def __init__(self, portal: Emulated) -> None:
        self.portal = portal

    def pool(self, numbers: Sequence[str], **fields: Any) -> list[str]:
        """Numbers of the pool."""
        bodies = [{"dnis": number, "reservedAccountId": ACCOUNT, **fields} for number in numbers]
        self._manager("POST", "/dnisPool", bodies)
        return list(numbers)

    def profile(self, name: str, *, active: bool = True) -> str:
        """The id of a profile that answers, or is able to."""
        destination = self.portal.destination(f"{name} desk", active=True)
        profile = self.portal.profile(name)
        self.portal.assign(profile, destination, 100, 1)
        if active:
            path = f"/cloudRouteProfileGroups/1000/cloudRouteProfiles/{profile}/setIsActive"
            self.portal.api("PUT", path, {"isActive": True})
        return f"{ACCOUNT}/1000/{profile}"

    def give(self, numbers: Sequence[str], owner: str, *, active: bool = True) -> None:
        """Assign numbers to ``profile 1001``, ``queue 1000`` or ``Visual IVR 1000``."""
        product, _, number = owner.rpartition(" ")
        path = {"profile": "cloudRouteProfiles", "queue": "gates", "Visual IVR": "visualIvrs"}[product]
        bodies = [{"dnis": one, "isActive": active} for one in numbers]
        self._manager("PUT", f"/assignedDnis/{path}/{number}", bodies)

    def move(self, numbers: Sequence[str], owner: str) -> None:
        """Take numbers from whoever answers them, and assign them."""
        for one in numbers:
            self._manager("DELETE", f"/assignedDnis/{one}")
        self.give(numbers, owner)

    def tracking_number(self, number: str, group: str = "1000") -> str:
        """A new tracking number's own number."""
        return str(self.portal.api("POST", f"/tracGroups/{group}/tracNumbers", {"dnis": number})["tracId"])

    def owners(self) -> Owners:
        """Who answers each number of the pool now."""
        state = self.portal.state()["objects"]
        assigned = {one["dnis"]: one for one in state["AssignedDnis"]}
        return {one["dnis"]: _owner(assigned.get(one["dnis"], {})) for one in state["DnisPool"]}

    def assignment(self, number: str) -> Json | None:
        """The assignment of a number."""
        return self.portal.record("AssignedDnis", "dnis", number)

    def record(self, number: str) -> Json | None:
        """The pool record of a number."""
        return self.portal.record("DnisPool", "dnis", number)

    def history(self, before: Owners) -> Iterator[Owners]:
        """Who answered each number after each request of the journal; the last must be what is now."""
        now = dict(before)
        for call in self.portal.journal():
            if took_effect(call):
                now.update(_effect(call))
                yield dict(now)
        there = self.owners()
        assert {one: now[one] for one in now if one in there} == {one: there[one] for one in now if one in there}

    def _manager(self, method: str, path: str, body: Any = None) -> Any:
        return self.portal.manage(method, f"{MANAGER}{path}", body)


_LINKS = {"gateId": "queue", "visualIvrId": "Visual IVR", "cloudProfileId": "profile", "tracId": "tracking number"}
_PATHS = {"NM-07": "queue", "NM-08": "Visual IVR", "NM-09": "profile"}
_PRODUCTS = {"ACD": "queue", "VISUAL_IVR": "Visual IVR", "CLOUD_PROFILE": "profile", "TRAC_NUMBER": "tracking number"}
_NO_EFFECT = frozenset({"reset", "status", "html", "unauthorized", "rate_limit"})


def _owner(assigned: Json) -> str | None:
    return next((f"{product} {assigned[link]}" for link, product in _LINKS.items() if link in assigned), None)


def took_effect(call: Json) -> bool:
    """Whether a call of the journal changed anything at the vendor."""
    return call["fault"] not in _NO_EFFECT and (call["status"] is None or call["status"] < 300)


def _effect(call: Json) -> Owners:
    operation, last = call["operation"], call["path"].rpartition("/")[2]
    if operation in _PATHS:
        return {one["dnis"]: f"{_PATHS[operation]} {last}" for one in call["request"]}
    if operation == "NM-11":
        return {last: None}
    if operation == "NMb-05":
        return {one["dnisPool"]["dnis"]: _moved(one) for one in call["request"] if _touches(one)}
    return {}


def _touches(item: Json) -> bool:
    return bool(item.get("unassignProduct") or "product" in item)


def _moved(item: Json) -> str | None:
    return f"{_PRODUCTS[item['product']]} {item['productId']}" if "product" in item else None
