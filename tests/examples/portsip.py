"""PortSIP: ring groups of the tenant acme.example.com."""

from __future__ import annotations

from urllib.parse import urlsplit

from tests.emulated import Emulated, Json
from tests.examples import Example, Instance, Values, number

DOMAIN = "acme.example.com"
TRUNK = "NzAwNTUxOTA5NzczMTQ4MDAx"


def group_ref(portal: Emulated, id_: str) -> str:
    """The id of a resource."""
    return f"{urlsplit(portal.url).hostname}/{DOMAIN}/{id_}"


def ring_group(portal: Emulated, extension_number: str, *members: str, **fields: object) -> str:
    """A new group's id."""
    body = {"name": f"Group {extension_number}", "ring_strategy": "CYCLIC_HUNT", "extension_number": extension_number}
    id_ = str(portal.call("POST", "/api/ring_groups", {**body, **fields})["id"])
    portal.call("POST", f"/api/ring_groups/{id_}/agents", {"items": [{"extension_number": one} for one in members]})
    return id_


def stored_group(portal: Emulated, id_: str) -> Json | None:
    return next((one for one in portal.records("PortSipRingGroup") if one["id"] == number(id_)), None)


class RingGroupExample(Example):
    token = "portsip:RingGroup"
    kind, id_field, key = "PortSipRingGroup", "id", ("extension_number",)
    creates = "RG-02"

    def instances(self, portal: Emulated) -> dict[str, Instance]:
        def plain(extension_number: str) -> Values:
            return {
                "name": f"Group {extension_number}",
                "extension_number": extension_number,
                "strategy": "CYCLIC_HUNT",
                "members": [{"extension_number": "102"}, {"extension_number": "101"}],
                "allow": ["release"],
            }

        return {
            "made": Instance(
                plain("8000"),
                {
                    "name": "Support",
                    "strategy": "SKILL_BASED_ROUTING_PRIORITIZED_HUNT",
                    "members": [{"extension_number": "105", "skill_level": 70}, {"extension_number": "104"}],
                    "no_answer": {"action": "FORWARD_TO_NUMBER", "number": "101"},
                    "ring_time_seconds": 35,
                    "skip_busy_members": True,
                    "enable_paid": False,
                    "enable_prid": False,
                    "extension_number_as_to_header": True,
                    "outbound_caller_ids": [
                        {"provider_id": TRUNK, "caller_id": "13035550100", "description": "Denver"},
                        {"provider_id": TRUNK, "caller_id": "13035550099"},
                    ],
                    "inbound_numbers": ["+13035550108", "+13035550107"],
                    "allow": ["release", "no_members"],
                },
                {"extension_number": "0800"},
            ),
            "adopted": Instance(
                {**plain("8001"), "adopt": True},
                {"no_answer": {"action": "FORWARD_TO_VOICEMAIL"}},
                existing=group_ref(portal, ring_group(portal, "8001", "108", "107")),
            ),
            "named": Instance(
                {**plain("8002"), "adopt_id": (id_ := group_ref(portal, ring_group(portal, "8002")))},
                {"members": [{"extension_number": "106"}]},
                existing=id_,
            ),
        }

    def wire(self, args: Values) -> Json:
        names = {
            "name": "name",
            "extension_number": "extension_number",
            "strategy": "ring_strategy",
            "no_answer": "no_answer_forward_rule",
            "ring_time_seconds": "ring_time",
            "skip_busy_members": "skip_busy_member",
            "enable_paid": "enable_paid",
            "enable_prid": "enable_prid",
            "extension_number_as_to_header": "extension_number_as_to_header",
            "outbound_caller_ids": "outbound_caller_ids",
        }
        members = [{"skill_level": 1, **one} for one in args["members"]]
        if "PRIORITIZED" not in args["strategy"]:
            members.sort(key=lambda one: str(one["extension_number"]))
        return {**{wire: args[name] for name, wire in names.items() if name in args}, "members": members}

    def held(self, portal: Emulated, id_: str) -> Json | None:
        return stored_group(portal, id_)

    def drift(self, portal: Emulated, id_: str, args: Values) -> Values:
        path = f"/api/ring_groups/{number(id_)}"
        group = portal.call("GET", path)
        body = {
            name: value for name, value in group.items() if value is not None and name not in ("id", "extension_number")
        }
        caller_ids = [{"provider_id": TRUNK, "caller_id": "13035550101"}]
        portal.call("POST", path, {**body, "ring_time": 5, "outbound_caller_ids": caller_ids})
        portal.call("POST", f"{path}/agents", {"items": [{"extension_number": "108"}]})
        return {"ring_time_seconds": 5, "outbound_caller_ids": caller_ids, "members": [{"extension_number": "108"}]}

    def remove(self, portal: Emulated, id_: str) -> None:
        portal.call("POST", f"/api/ring_groups/{number(id_)}/destroy")


class BlockedNumberExample(Example):
    token = "portsip:BlockedNumber"
    kind, id_field, key = "PortSipBlacklistedNumber", "id", ("number",)
    creates = "PI-49"

    def instances(self, portal: Emulated) -> dict[str, Instance]:
        return {
            "made": Instance(
                {"number": "+13035550166", "description": "Calls in the night"},
                {"number": "4930901820", "description": "Calls every night", "expires": "2030-01-01T00:00:00+01:00"},
            ),
            "adopted": Instance(
                {"number": "5550167", "adopt": True},
                {"description": "adopted"},
                existing=group_ref(portal, blocked_number(portal, "5550167")),
            ),
            "named": Instance(
                {"number": "5550168", "adopt_id": (id_ := group_ref(portal, blocked_number(portal, "5550169")))},
                {"expires": "2031-06-01T12:00:00Z"},
                existing=id_,
            ),
        }

    def wire(self, args: Values) -> Json:
        expires = {"2030-01-01T00:00:00+01:00": "2029-12-31T23:00:00Z"}
        said = {"number": args["number"], "description": args.get("description"), "expire_at": args.get("expires")}
        return {**said, "expire_at": expires.get(said["expire_at"], said["expire_at"])}

    def held(self, portal: Emulated, id_: str) -> Json | None:
        found = portal.call("GET", "/api/blacklisted_numbers")["items"]
        return next((one for one in found if one["id"] == number(id_)), None)

    def drift(self, portal: Emulated, id_: str, args: Values) -> Values:
        path = f"/api/blacklisted_numbers/{number(id_)}"
        kept = {
            name: value for name, value in portal.call("GET", path).items() if name in ("number", "expire_at") and value
        }
        portal.call("POST", path, {**kept, "description": "By hand"})
        return {"description": "By hand"}

    def remove(self, portal: Emulated, id_: str) -> None:
        portal.call("POST", f"/api/blacklisted_numbers/{number(id_)}/destroy")


def blocked_number(portal: Emulated, caller: str) -> str:
    """A new entry's id."""
    return str(portal.call("POST", "/api/blacklisted_numbers", {"number": caller})["id"])
