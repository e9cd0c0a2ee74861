"""RingEX: answering rules and forwarding numbers of extension 100001."""

from __future__ import annotations

from typing import Any

from tests.emulated import ACCOUNT, Emulated, Json
from tests.examples import Example, Instance, Values, number, ref

EXTENSION = "100001"
ROOT = f"/restapi/v1.0/account/{ACCOUNT}/extension"


def api(portal: Emulated, method: str, path: str, body: Any = None) -> Any:
    """One call of RingEX, below an extension, as the portal would make it."""
    return portal.call(method, f"{ROOT}/{path}", body)


def forwarding_number(portal: Emulated, phone_number: str, extension: str = EXTENSION, **fields: Any) -> str:
    """A new forwarding number's id."""
    body = {"phoneNumber": phone_number, "type": "Other", "label": phone_number, **fields}
    return str(api(portal, "POST", f"{extension}/forwarding-number", body)["id"])


def rule(portal: Emulated, name: str, **fields: Any) -> str:
    """A new custom rule's id; it is for one caller."""
    body = {"type": "Custom", "name": name, "callers": [{"callerId": "+13035550150"}], **fields}
    return str(api(portal, "POST", f"{EXTENSION}/answering-rule", body)["id"])


def put_rule(portal: Emulated, id_: str, **fields: Any) -> None:
    api(portal, "PUT", f"{EXTENSION}/answering-rule/{number(id_)}", fields)


def stored_rule(portal: Emulated, extension: str, id_: str) -> Json | None:
    """A rule as the vendor keeps it."""
    records = portal.records("RingExAnsweringRule")
    return next((one for one in records if (one["extensionId"], one["id"]) == (extension, id_)), None)


def _wire_of_rule(args: Values) -> Json:
    """What the vendor must keep; lists of steps with the vendor's defaults."""
    names = {
        "name": "name",
        "enabled": "enabled",
        "action": "callHandlingAction",
        "screening": "screening",
    }
    body: Json = {wire: args[name] for name, wire in names.items() if name in args}
    forwarding = {
        "ringing_mode": "ringingMode",
        "notify_soft_phones": "notifyMySoftPhones",
        "notify_admin_soft_phones": "notifyAdminSoftPhones",
        "soft_phones_ring_count": "softPhonesRingCount",
    }
    body["forwarding"] = {wire: args[name] for name, wire in forwarding.items() if name in args}
    if "forward_to" in args:
        body["forwarding"]["rules"] = [
            {
                "index": step.get("index", place),
                "ringCount": step.get("ring_count", 4),
                "enabled": step.get("enabled", True),
                "forwardingNumbers": [number(id_) for id_ in step["numbers"]],
            }
            for place, step in enumerate(args["forward_to"], 1)
        ]
    if "forward_all_to" in args:
        body["unconditionalForwarding"] = {"phoneNumber": args["forward_all_to"]}
    if "transfer_to" in args:
        body["transfer"] = {"extension": {"id": number(args["transfer_to"])}}
    body["voicemail"] = {}
    if "voicemail_enabled" in args:
        body["voicemail"]["enabled"] = args["voicemail_enabled"]
    if "voicemail_recipient_id" in args:
        body["voicemail"]["recipient"] = {"id": int(args["voicemail_recipient_id"])}
    if "callers" in args:
        body["callers"] = [
            {"callerId": "+" + "".join(filter(str.isdigit, one["caller_id"])), **_name(one)} for one in args["callers"]
        ]
    if "called_numbers" in args:
        body["calledNumbers"] = [{"phoneNumber": one} for one in args["called_numbers"]]
    if "schedule" in args:
        wires = {"weekly": "weeklyRanges", "ranges": "ranges", "ref": "ref"}
        body["schedule"] = {wires[name]: value for name, value in args["schedule"].items()}
    return body


def _name(caller: Values) -> Values:
    return {"name": caller["name"]} if "name" in caller else {}


class AnsweringRuleExample(Example):
    token = "ringex:AnsweringRule"
    kind, id_field, key = "RingExAnsweringRule", "id", ("extensionId", "type", "name")
    creates = "EXb-01"

    def instances(self, portal: Emulated) -> dict[str, Instance]:
        mobile, home = forwarding_number(portal, "+13035550160"), forwarding_number(portal, "+13035550161")
        here = ref(EXTENSION)
        return {
            "made": Instance(
                {
                    "extension_id": here,
                    "name": "VIPs",
                    "callers": [{"caller_id": "+1 303 555 0170", "name": "Zoe"}, {"caller_id": "13035550169"}],
                    "forward_to": [{"numbers": [ref(EXTENSION, mobile)]}],
                },
                {
                    "name": "Very important",
                    "enabled": True,
                    "action": "ForwardCalls",
                    "callers": [{"caller_id": "+13035550171"}, {"caller_id": "+13035550168", "name": "Adam"}],
                    "called_numbers": ["+13035550102", "+13035550101"],
                    "schedule": {"weekly": {"monday": [{"from": "09:00", "to": "17:00"}]}},
                    "forward_to": [
                        {"numbers": [ref(EXTENSION, home)], "ring_count": 6},
                        {"numbers": [ref(EXTENSION, mobile)], "enabled": False},
                    ],
                    "ringing_mode": "Simultaneously",
                    "notify_soft_phones": False,
                    "notify_admin_soft_phones": True,
                    "soft_phones_ring_count": 3,
                    "voicemail_enabled": False,
                    "voicemail_recipient_id": "100002",
                    "greetings": [{"type": "Voicemail", "preset_id": "1"}, {"type": "Introductory", "custom_id": "2"}],
                    "screening": "Always",
                },
            ),
            "forwards_all": Instance(
                {
                    "extension_id": "~",
                    "name": "To the desk",
                    "schedule": {"ref": "AfterHours"},
                    "action": "UnconditionalForwarding",
                    "forward_all_to": "+13035550180",
                },
                {"forward_all_to": "+13035550181"},
            ),
            "transfers": Instance(
                {
                    "extension_id": EXTENSION,
                    "name": "To a colleague",
                    "schedule": {"ranges": [{"from": "2030-12-24T00:00:00Z", "to": "2030-12-26T00:00:00Z"}]},
                    "action": "TransferToExtension",
                    "transfer_to": ref("100002"),
                },
                {"transfer_to": "100003"},
                {"extension_id": ref("100002")},
            ),
            "adopted": Instance(
                {"extension_id": here, "name": "Sales", "callers": [{"caller_id": "+13035550151"}], "adopt": True},
                {"enabled": False},
                existing=ref(EXTENSION, rule(portal, "Sales")),
            ),
            "named": Instance(
                {
                    "extension_id": here,
                    "name": "Billing",
                    "callers": [{"caller_id": "+13035550150"}],
                    "adopt_id": (id_ := ref(EXTENSION, rule(portal, "Biling"))),
                },
                {"screening": "NoCallerId"},
                existing=id_,
            ),
        }

    def wire(self, args: Values) -> Json:
        return _wire_of_rule(args)

    def held(self, portal: Emulated, id_: str) -> Json | None:
        _, extension, rule_id = id_.split("/")
        return stored_rule(portal, extension, rule_id)

    def drift(self, portal: Emulated, id_: str, args: Values) -> Values:
        steps = [
            {"index": 1, "ringCount": 9, "forwardingNumbers": [{"id": number(args["forward_to"][0]["numbers"][0])}]}
        ]
        put_rule(
            portal,
            id_,
            enabled=False,
            forwarding={"rules": steps, "ringingMode": "Sequentially"},
            callers=[{"callerId": "+13035550199"}],
        )
        return {
            "enabled": False,
            "ringing_mode": "Sequentially",
            "forward_to": [{"numbers": args["forward_to"][0]["numbers"], "ring_count": 9}],
            "callers": [{"caller_id": "+13035550199"}],
        }

    def remove(self, portal: Emulated, id_: str) -> None:
        api(portal, "DELETE", f"{EXTENSION}/answering-rule/{number(id_)}")


class BuiltInAnsweringRuleExample(Example):
    """What is there already is never made and never ends: it is over when it is as it was at first."""

    token = "ringex:BuiltInAnsweringRule"
    kind, id_field, key = "RingExAnsweringRule", "id", ("extensionId", "type", "name")

    _first: Json

    def instances(self, portal: Emulated) -> dict[str, Instance]:
        self._first = {f"{one['extensionId']}/{one['id']}": one for one in portal.records("RingExAnsweringRule")}
        mobile = ref(EXTENSION, forwarding_number(portal, "+13035550160"))
        everything: Values = {
            "enabled": True,
            "action": "ForwardCalls",
            "forward_to": [{"numbers": [mobile], "ring_count": 2}],
            "ringing_mode": "Simultaneously",
            "notify_soft_phones": False,
            "notify_admin_soft_phones": True,
            "soft_phones_ring_count": 5,
            "voicemail_enabled": True,
            "voicemail_recipient_id": "100002",
            "greetings": [{"type": "Voicemail", "preset_id": "1"}],
            "screening": "UnknownCallerId",
            "on_delete": "restore",
        }
        return {
            "made": Instance(
                {"extension_id": "~", "rule": "after-hours", "action": "TakeMessagesOnly"},
                everything,
                existing=ref(EXTENSION, "after-hours-rule"),
            ),
            "transfers": Instance(
                {
                    "extension_id": ref("100002"),
                    "rule": "business-hours",
                    "action": "TransferToExtension",
                    "transfer_to": EXTENSION,
                },
                {"transfer_to": "100003"},
                existing=ref("100002", "business-hours-rule"),
            ),
            "forwards_all": Instance(
                {
                    "extension_id": ref(EXTENSION),
                    "rule": "business-hours",
                    "action": "UnconditionalForwarding",
                    "forward_all_to": "+13035550180",
                },
                {"forward_all_to": "+13035550181"},
                {"extension_id": ref("100004"), "rule": "after-hours"},
                existing=ref(EXTENSION, "business-hours-rule"),
            ),
        }

    def wire(self, args: Values) -> Json:
        return _wire_of_rule(args)

    def held(self, portal: Emulated, id_: str) -> Json | None:
        _, extension, rule_id = id_.split("/")
        return stored_rule(portal, extension, rule_id)

    def is_over(self, portal: Emulated, id_: str, args: Values) -> bool:
        _, extension, rule_id = id_.split("/")
        there = stored_rule(portal, extension, rule_id) or {}
        return _still_has(there, self._first[f"{extension}/{rule_id}"])

    def drift(self, portal: Emulated, id_: str, args: Values) -> Values:
        put_rule(portal, id_, forwarding={"rules": []}, screening="Off")
        return {"forward_to": [], "screening": "Off"}

    def remove(self, portal: Emulated, id_: str) -> None:
        """Opened around the clock, an extension has no after-hours rule."""
        gone = (EXTENSION, "after-hours-rule")
        state = portal.state()
        rules = state["objects"]["RingExAnsweringRule"]
        state["objects"]["RingExAnsweringRule"] = [one for one in rules if (one["extensionId"], one["id"]) != gone]
        _opened(state, around_the_clock=True)
        portal.put_state(state)

    def prepare_again(self, portal: Emulated, id_: str) -> None:
        state = portal.state()
        state["objects"]["RingExAnsweringRule"].append(self._first[f"{EXTENSION}/after-hours-rule"])
        _opened(state, around_the_clock=False)
        portal.put_state(state)


def _opened(state: Json, *, around_the_clock: bool) -> None:
    """As the server says it that knows of extensions and not of their rules alone."""
    for extension in state["objects"].get("RingExExtension", []):
        if extension["extensionId"] == EXTENSION:
            extension["limitedHours"] = not around_the_clock


class ForwardingNumberExample(Example):
    token = "ringex:ForwardingNumber"
    kind, id_field, key = "RingExForwardingNumber", "number", ("extensionId", "phoneNumber")
    creates = "EXb-03"

    def instances(self, portal: Emulated) -> dict[str, Instance]:
        here = ref(EXTENSION)
        plain = {"extension_id": here, "type": "Other"}
        return {
            "made": Instance(
                {**plain, "phone_number": "+1 (303) 555-0160", "label": "Garage"},
                {"phone_number": "+13035550166", "label": "Workshop", "flip_number": 7},
                {"extension_id": ref("100002"), "type": "Other"},
            ),
            "mobile": Instance(
                {"extension_id": "~", "phone_number": "+13035550163", "type": "Mobile"},
                {"phone_number": "+13035550167"},
                {"type": "Home"},
            ),
            "adopted": Instance(
                {**plain, "phone_number": "+13035550161", "label": "Shed", "adopt": True},
                {"label": "New shed"},
                existing=ref(EXTENSION, forwarding_number(portal, "+13035550161", label="Shed")),
            ),
            "named": Instance(
                {
                    **plain,
                    "phone_number": "+13035550162",
                    "label": "Barn",
                    "adopt_id": (id_ := ref(EXTENSION, forwarding_number(portal, "+13035550169", label="Barn"))),
                },
                {"phone_number": "+13035550168"},
                existing=id_,
            ),
        }

    def wire(self, args: Values) -> Json:
        body = {"phoneNumber": "+" + "".join(filter(str.isdigit, args["phone_number"])), "type": args["type"]}
        if "flip_number" in args:
            body["flipNumber"] = args["flip_number"]
        return {**body, "label": args.get("label", args["type"])}

    def drift(self, portal: Emulated, id_: str, args: Values) -> Values:
        path = f"{EXTENSION}/forwarding-number/{number(id_)}"
        api(portal, "PUT", path, {"phoneNumber": "+13035550199", "flipNumber": "9"})
        return {"phone_number": "+13035550199", "flip_number": 9}

    def remove(self, portal: Emulated, id_: str) -> None:
        api(portal, "DELETE", f"{EXTENSION}/forwarding-number/{number(id_)}")


def _still_has(there: Any, first: Any) -> bool:
    """Whether all is there that was there first. What was not shown then has nothing that could be put back."""
    if isinstance(there, dict) and isinstance(first, dict):
        return all(name in there and _still_has(there[name], value) for name, value in first.items())
    return bool(there == first)
