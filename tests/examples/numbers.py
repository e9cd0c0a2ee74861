"""The examples of numbers and tracking numbers."""

from __future__ import annotations

from typing import Any, ClassVar

from tests.emulated import ACCOUNT, Emulated, Json
from tests.examples import Example, Instance, Values, number, ref

MANAGER = "/voice/api/v1/admin/utilities/tnManager"

_TEXTS = {
    "description": "dnisDescription",
    "category": "dnisCategory",
    "notes": "notes",
    "carrier": "carrier",
    "resporg": "resporg",
    "custom_app_string": "customAppString",
    "inbound_context": "inboundContext",
    "originating_dnis": "originatingDnis",
    "platform_id": "platformId",
    "vendor_id": "vendorId",
    "media_code": "mediaCode",
    "media_format": "mediaFormat",
    "media_isci": "mediaIsci",
    "media_length": "mediaLength",
    "media_market": "mediaMarket",
    "media_network": "mediaNetwork",
    "media_url": "mediaUrl",
    "media_version": "mediaVersion",
    "media_websource_code": "mediaWebSourcecode",
}
_RECORD = {
    **_TEXTS,
    "active": "active",
    "vru_network_id": "vruNetworkId",
    "sms_enabled": "smsEnabled",
    "reserved_account_id": "reservedAccountId",
}
EVERYTHING: Values = {
    **{name: f"new {name}" for name in _TEXTS},
    "active": False,
    "vru_network_id": 7,
    "sms_enabled": True,
    "reserved_account_id": ACCOUNT,
}


def digits(written: str) -> str:
    """A number as the vendor writes it."""
    return "".join(filter(str.isdigit, written))


def pool(portal: Emulated, *numbers: str, **fields: Any) -> None:
    """Numbers of the account's pool."""
    bodies = [{"dnis": digits(one), "reservedAccountId": ACCOUNT, **fields} for one in numbers]
    portal.manage("POST", f"{MANAGER}/dnisPool", bodies)


def ready_profile(portal: Emulated, name: str) -> str:
    """The id of an active profile that can answer."""
    profile = portal.profile(name)
    portal.assign(profile, portal.destination(f"{name} desk", active=True), 100, rank=1)
    portal.api("PUT", f"/cloudRouteProfileGroups/1000/cloudRouteProfiles/{profile}/setIsActive", {"isActive": True})
    return ref("1000", profile)


def assign(portal: Emulated, written: str, gate: str = "1000") -> None:
    """Give a number to a queue, from whoever has it."""
    if portal.record("AssignedDnis", "dnis", digits(written)):
        portal.manage("DELETE", f"{MANAGER}/assignedDnis/{digits(written)}")
    portal.manage("PUT", f"{MANAGER}/assignedDnis/gates/{gate}", [{"dnis": digits(written), "isActive": True}])


def unassign(portal: Emulated, written: str) -> None:
    """Let nobody answer a number."""
    portal.manage("DELETE", f"{MANAGER}/assignedDnis/{digits(written)}")


def forget(portal: Emulated, kind: str, id_field: str, ids: set[str]) -> None:
    """Take records away that no call can delete."""
    state = portal.state()
    state["objects"][kind] = [one for one in state["objects"][kind] if str(one[id_field]) not in ids]
    portal.put_state(state)


def more_targets(portal: Emulated) -> None:
    """A second queue and a second Visual IVR, which no call makes."""
    state = portal.state()
    state["objects"]["GateSkinnyAssignable"].append({"accountId": ACCOUNT, "gateId": 1001, "gateName": "Sales"})
    state["objects"]["VisualIvrSkinny"].append({"accountId": ACCOUNT, "visualIvrId": 1001, "visualIvrName": "Menu"})
    portal.put_state(state)


def _wire(args: Values, names: dict[str, str]) -> Json:
    return {wire: args[name] for name, wire in names.items() if name in args}


class DnisExample(Example):
    token = "ringcx:Dnis"
    kind, id_field, key = "DnisPool", "dnis", ("dnis",)
    creates = "NM-03"

    def instances(self, portal: Emulated) -> dict[str, Instance]:
        return {
            "made": Instance(
                {"dnis": "+1 303 555 0101", "description": "Denver"},
                {**EVERYTHING, "twilio_api_key": "canary-twilio", "on_delete": "deactivate"},
            ),
            "internal": Instance({"dnis": "9990001", "internal": True}, {"on_delete": "delete"}),
        }

    def wire(self, args: Values) -> Json:
        return {"dnis": digits(args["dnis"]), **_wire(args, {**_RECORD, "twilio_api_key": "twilioApiKey"})}

    def drift(self, portal: Emulated, id_: str, args: Values) -> Values:
        portal.change_record("DnisPool", "dnis", number(id_), dnisDescription="By hand", smsEnabled=False)
        return {"description": "By hand", "sms_enabled": False}

    def remove(self, portal: Emulated, id_: str) -> None:
        portal.manage("DELETE", f"{MANAGER}/dnisPool/{number(id_)}")

    def is_over(self, portal: Emulated, id_: str, args: Values) -> bool:
        held = self.held(portal, id_)
        return held is None if args["on_delete"] == "delete" else held is not None and held["active"] is False


class DnisPoolExample(Example):
    """A pool has an id of its own, so that its numbers are looked up by what is declared."""

    token = "ringcx:DnisPool"
    kind, id_field, key = "DnisPool", "dnis", ("dnis",)

    def instances(self, portal: Emulated) -> dict[str, Instance]:
        pool(portal, "+13035550102", dnisDescription="There already")
        rows = [{"dnis": "+1 303 555 0101", "description": "Denver"}, {"dnis": "+13035550102"}]
        other = [{"dnis": "+13035550101", **EVERYTHING}, {"dnis": "+13035550103"}]
        file = "dnis,dnisDescription\n13035550111,Boulder\n13035550112,Boulder\n"
        return {
            "made": Instance({"numbers": rows}, {"numbers": other, "on_delete": "delete"}),
            "uploaded": Instance({"file": file}, {"file": file.replace("Boulder", "Aspen")}),
        }

    def wire(self, args: Values) -> Json:
        if "file" in args:
            lines = [line.split(",") for line in args["file"].split()[1:]]
            return {line[0]: {"dnisDescription": line[1]} for line in lines}
        return {digits(row["dnis"]): _wire(row, _RECORD) for row in args["numbers"]}

    def held(self, portal: Emulated, id_: str) -> Json | None:
        return {one["dnis"]: one for one in portal.records("DnisPool")}

    def drift(self, portal: Emulated, id_: str, args: Values) -> Values:
        portal.change_record("DnisPool", "dnis", "13035550101", notes="By hand")
        return {"numbers": [{**args["numbers"][0], "notes": "By hand"}, *args["numbers"][1:]]}

    def remove(self, portal: Emulated, id_: str) -> None:
        forget(portal, "DnisPool", "dnis", {"13035550101", "13035550103"})

    def is_over(self, portal: Emulated, id_: str, args: Values) -> bool:
        there = self.held(portal, id_) or {}
        return (set(self.wire(args)) <= set(there)) is ("file" in args)


class DnisAssignmentExample(Example):
    token = "ringcx:DnisAssignment"
    kind, id_field, key = "AssignedDnis", "dnis", ("dnis",)

    def instances(self, portal: Emulated) -> dict[str, Instance]:
        more_targets(portal)
        self.first, self.second = (ready_profile(portal, name) for name in ("First", "Second"))
        pool(portal, "+13035550101", "+13035550102", "+13035550103")
        return {
            "made": Instance(
                {"dnis": "+1 303 555 0101", "profile": self.first, "active": True},
                {"profile": self.second, "description": "Denver", "active": False},
            ),
            "at a queue": Instance(
                {"dnis": "+13035550102", "queue_id": "1000"}, {"queue_id": "1001", "reserved_account_id": ACCOUNT}
            ),
            "at an IVR": Instance(
                {"dnis": "+13035550103", "visual_ivr_id": "1000", "active": False}, {"visual_ivr_id": "1001"}
            ),
        }

    def wire(self, args: Values) -> Json:
        return {
            "dnis": digits(args["dnis"]),
            "isActive": args.get("active", True),
            **({"cloudProfileId": int(number(args["profile"]))} if "profile" in args else {}),
            **({"gateId": int(args["queue_id"])} if "queue_id" in args else {}),
            **({"visualIvrId": int(args["visual_ivr_id"])} if "visual_ivr_id" in args else {}),
            **_wire(args, {"description": "dnisDescription"}),
        }

    def drift(self, portal: Emulated, id_: str, args: Values) -> Values:
        path = f"{MANAGER}/assignedDnis/cloudRouteProfiles/{number(self.first)}"
        portal.manage("PUT", path, [{"dnis": number(id_), "isActive": True, "dnisDescription": "By hand"}])
        return {"profile": self.first, "active": True, "description": "By hand"}

    def remove(self, portal: Emulated, id_: str) -> None:
        unassign(portal, number(id_))


class DnisAssignmentsExample(Example):
    """The set has an id of its own, so that its numbers are looked up by what is declared."""

    token = "ringcx:DnisAssignments"
    kind, id_field, key = "AssignedDnis", "dnis", ("dnis",)

    def instances(self, portal: Emulated) -> dict[str, Instance]:
        more_targets(portal)
        self.first, self.second = (ready_profile(portal, name) for name in ("First", "Second"))
        pool(portal, *(f"+1303555010{last}" for last in range(1, 8)))
        return {
            "made": Instance(
                {"numbers": ["+1 303 555 0101", "+13035550102"], "profile": self.first, "active": True},
                {
                    "numbers": ["+13035550103", "+13035550101"],
                    "profile": self.second,
                    "description": "Denver",
                    "active": False,
                },
            ),
            "at a queue": Instance(
                {"numbers": ["+13035550104"], "queue_id": "1000"}, {"queue_id": "1001", "reserved_account_id": ACCOUNT}
            ),
            "at an IVR": Instance({"numbers": ["+13035550105"], "visual_ivr_id": "1000"}, {"visual_ivr_id": "1001"}),
        }

    def wire(self, args: Values) -> Json:
        one = DnisAssignmentExample()
        return {digits(dnis): one.wire({**args, "dnis": dnis}) for dnis in args["numbers"]}

    def held(self, portal: Emulated, id_: str) -> Json | None:
        return {one["dnis"]: one for one in portal.records("AssignedDnis")}

    def drift(self, portal: Emulated, id_: str, args: Values) -> Values:
        assign(portal, "13035550101")
        return {"numbers": ["+13035550103"]}

    def remove(self, portal: Emulated, id_: str) -> None:
        for one in ("13035550101", "13035550103"):
            unassign(portal, one)

    def is_over(self, portal: Emulated, id_: str, args: Values) -> bool:
        return not set(self.wire(args)) & set(self.held(portal, id_) or {})


class TrackingGroupExample(Example):
    token = "ringcx:TrackingGroup"
    kind, id_field, key = "TracGroup", "tracGroupId", ("accountId", "groupName")

    def instances(self, portal: Emulated) -> dict[str, Instance]:
        state = portal.state()
        for id_, name in enumerate(("Campaigns", "Surveys", "Othr"), 2001):
            group = {"accountId": ACCOUNT, "tracGroupId": id_, "groupName": name, "isDefault": False}
            state["objects"]["TracGroup"].append(group)
        portal.put_state(state)
        return {
            "made": Instance({"name": "Campaigns"}, {"name": "All campaigns"}),
            "named": Instance({"name": "Other", "adopt_id": ref("2003")}, {"name": "Others"}, existing=ref("2003")),
        }

    def wire(self, args: Values) -> Json:
        return {"groupName": args["name"]}

    def drift(self, portal: Emulated, id_: str, args: Values) -> Values:
        portal.api("PUT", f"/tracGroups/{number(id_)}", {"groupName": "By hand"})
        return {"name": "By hand"}

    def remove(self, portal: Emulated, id_: str) -> None:
        portal.api("DELETE", f"/tracGroups/{number(id_)}")

    def prepare_again(self, portal: Emulated, id_: str) -> None:
        state = portal.state()
        group = {"accountId": ACCOUNT, "tracGroupId": 2009, "groupName": "All campaigns", "isDefault": False}
        state["objects"]["TracGroup"].append(group)
        portal.put_state(state)

    def is_over(self, portal: Emulated, id_: str, args: Values) -> bool:
        return self.held(portal, id_) is not None


class TrackingNumberExample(Example):
    token = "ringcx:TrackingNumber"
    kind, id_field, key = "TracNumber", "tracId", ("dnis",)
    creates = "NM-16"

    _NAMES: ClassVar = {
        "dnis_description": "dnisDescription",
        "description": "description",
        "monday_schedule": "monSched",
        "tuesday_schedule": "tueSched",
        "wednesday_schedule": "wedSched",
        "thursday_schedule": "thuSched",
        "friday_schedule": "friSched",
        "saturday_schedule": "satSched",
        "sunday_schedule": "sunSched",
        "outbound_caller_id": "outboundCallerId",
        "intro_message": "introMsg",
        "whisper_message": "whisperMsg",
        "end_call_message": "endcallMsg",
        "billing_code": "billingCode",
        "billing_key": "billingKey",
    }
    _NUMBERS: ClassVar = {
        "record_call": "recordCall",
        "reverse_match": "revMatch",
        "voicemail_enabled": "voicemailEnabled",
        "short_call": "shortCallTime",
        "dequeue_delay": "dequeueDelay",
    }

    def instances(self, portal: Emulated) -> dict[str, Instance]:
        pool(portal, *(f"+1303555010{last}" for last in range(1, 4)))
        plain = {"group_id": ref("1000"), "dnis": "+1 303 555 0101", "description": "Spring"}
        everything: Values = {
            **{name: f"new {name}" for name in self._NAMES},
            **dict.fromkeys(self._NUMBERS, 1),
            "open_type": "STANDARD_PARALLEL",
            "close_type": "LOCATOR",
            "active": True,
        }
        return {
            "made": Instance(plain, everything),
            "adopted": Instance(
                {**plain, "dnis": "+13035550102", "adopt": True},
                {"active": False},
                existing=ref("1000", self._tracking(portal, "13035550102")),
            ),
            "named": Instance(
                {
                    **plain,
                    "dnis": "+13035550103",
                    "adopt_id": (id_ := ref("1000", self._tracking(portal, "13035550103"))),
                },
                {"dnis_description": "Summer"},
                existing=id_,
            ),
        }

    def wire(self, args: Values) -> Json:
        names = {**self._NAMES, **self._NUMBERS, "open_type": "openType", "close_type": "closeType", "active": "active"}
        return {"dnis": digits(args["dnis"]), **_wire(args, names)}

    def drift(self, portal: Emulated, id_: str, args: Values) -> Values:
        held = self.held(portal, id_) or {}
        body = {name: value for name, value in held.items() if name not in ("tracId", "tracGroupId")}
        path = f"/tracGroups/1000/tracNumbers/{number(id_)}"
        portal.api("PUT", path, {**body, "description": "By hand", "active": False})
        return {"description": "By hand", "active": False}

    def remove(self, portal: Emulated, id_: str) -> None:
        dnis = str((self.held(portal, id_) or {})["dnis"])
        forget(portal, "AssignedDnis", "dnis", {dnis})
        forget(portal, "TracNumber", "tracId", {number(id_)})

    def is_over(self, portal: Emulated, id_: str, args: Values) -> bool:
        return (self.held(portal, id_) or {})["active"] is False

    def _tracking(self, portal: Emulated, dnis: str) -> str:
        return str(portal.api("POST", "/tracGroups/1000/tracNumbers", {"dnis": dnis})["tracId"])


def tracking_numbers(portal: Emulated) -> tuple[str, str]:
    """Two tracking numbers, by number, that no caller reaches: their last rule may end."""
    pool(portal, "+13035550101", "+13035550102")
    bodies = [{"dnis": one, "active": False} for one in ("13035550101", "13035550102")]
    made = [portal.api("POST", "/tracGroups/1000/tracNumbers", body) for body in bodies]
    return str(made[0]["tracId"]), str(made[1]["tracId"])


class _OfTrackingNumber(Example):
    collection: ClassVar[str]

    def remove(self, portal: Emulated, id_: str) -> None:
        portal.api("DELETE", self.path(id_))

    def path(self, id_: str) -> str:
        _, group, tracking, one = id_.split("/")
        return f"/tracGroups/{group}/tracNumbers/{tracking}/{self.collection}/{one}"

    def made(self, portal: Emulated, tracking: str, body: Json) -> str:
        path = f"/tracGroups/1000/tracNumbers/{tracking}/{self.collection}"
        return ref("1000", tracking, str(portal.api("POST", path, body)[self.id_field]))


class TrackingRoutingRuleExample(_OfTrackingNumber):
    token = "ringcx:TrackingRoutingRule"
    kind, id_field, key = "TracRoutingRule", "ruleId", ("tracId", "rank")
    creates = "NMb-20"
    collection = "routingRules"

    _NAMES: ClassVar = {
        "rank": "rank",
        "kind": "ruleType",
        "destination": "destination",
        "description": "description",
        "ring_duration": "ringDuration",
        "parallel_delay": "parallelDelay",
        "open_rule": "openRule",
        "tt_accept": "ttAccept",
    }

    def instances(self, portal: Emulated) -> dict[str, Instance]:
        first, second = tracking_numbers(portal)
        plain = {"tracking_number": ref("1000", first), "rank": 1, "kind": "STANDARD", "destination": "+13035550199"}
        everything: Values = {
            "rank": 7,
            "kind": "STANDARD_SIP",
            "destination": "sip:desk@example.com",
            "description": "Desk",
            "ring_duration": 20,
            "parallel_delay": 5,
            "open_rule": True,
            "tt_accept": True,
        }
        body = {"ruleType": "STANDARD", "destination": "x"}
        return {
            "made": Instance(plain, everything, {"tracking_number": ref("1000", second)}),
            "adopted": Instance(
                {**plain, "rank": 2, "adopt": True},
                {"kind": "GATE_XFER", "queue_id": "1000"},
                existing=self.made(portal, first, {**body, "rank": 2}),
            ),
            "named": Instance(
                {**plain, "rank": 3, "adopt_id": (id_ := self.made(portal, first, {**body, "rank": 3}))},
                {"kind": "TRAC_XFER", "to_tracking_id": second},
                existing=id_,
            ),
        }

    def wire(self, args: Values) -> Json:
        return {
            **_wire(args, self._NAMES),
            **({"xferGateId": int(args["queue_id"])} if "queue_id" in args else {}),
            **({"xferTracId": int(args["to_tracking_id"])} if "to_tracking_id" in args else {}),
        }

    def drift(self, portal: Emulated, id_: str, args: Values) -> Values:
        held = self.held(portal, id_) or {}
        body = {name: value for name, value in held.items() if name not in ("ruleId", "tracId")}
        portal.api("PUT", self.path(id_), {**body, "destination": "sip:other@example.com"})
        return {"destination": "sip:other@example.com"}


class TrackingScheduleOverrideExample(_OfTrackingNumber):
    token = "ringcx:TrackingScheduleOverride"
    kind, id_field, key = "TracScheduleOverride", "scheduleOverrideId", ("tracId", "overrideLabel")
    creates = "NMb-25"
    collection = "scheduleOverrides"

    def instances(self, portal: Emulated) -> dict[str, Instance]:
        first, second = tracking_numbers(portal)
        plain = {"tracking_number": ref("1000", first), "name": "Holiday", "schedule": "0900-1200"}
        existing = self.made(portal, first, {"overrideLabel": "Fair", "overrideDate": {"year": 2030}})
        return {
            "made": Instance(
                plain,
                {"name": "Bank holiday", "schedule": "1000-1100", "closed_event": "new event"},
                {"tracking_number": ref("1000", second)},
            ),
            "adopted": Instance({**plain, "name": "Fair", "adopt": True}, {"schedule": "0800-2000"}, existing=existing),
            "named": Instance(
                {**plain, "name": "Sale", "adopt_id": (id_ := self.made(portal, first, {"overrideLabel": "Sle"}))},
                {"name": "Sales"},
                existing=id_,
            ),
        }

    def wire(self, args: Values) -> Json:
        date = {"overrideDate": {"year": 2030}} if args["name"] == "Fair" else {}
        names = {"name": "overrideLabel", "schedule": "overrideSched", "closed_event": "overrideClosedEvent"}
        return {**_wire(args, names), **date}

    def drift(self, portal: Emulated, id_: str, args: Values) -> Values:
        held = self.held(portal, id_) or {}
        body = {name: value for name, value in held.items() if name not in (self.id_field, "tracId")}
        portal.api("PUT", self.path(id_), {**body, "overrideSched": "by hand"})
        return {"schedule": "by hand"}
