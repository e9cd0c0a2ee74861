"""The examples of cloud routing."""

from __future__ import annotations

from typing import ClassVar

from tests.emulated import Emulated, Json
from tests.examples import Example, Instance, Values, number, ref


def target(args: Values) -> str:
    """Where calls go, as the vendor is told: numbers without a plus sign."""
    return str(args["target"]).removeprefix("+")


def _targeted(args: Values) -> Values:
    return {**args, "target": target(args)} if "target" in args else args


def _renamed(args: Values, names: dict[str, str]) -> Json:
    return {wire: args[name] for name, wire in names.items() if name in args}


class RouteGroupExample(Example):
    token = "ringcx:RouteGroup"
    kind, id_field, key = "CloudRouteGroup", "cloudGroupId", ("accountId", "groupName")
    creates = "CRb-01"

    def instances(self, portal: Emulated) -> dict[str, Instance]:
        return {
            "made": Instance({"name": "Denver", "is_default": False}, {"name": "Denver and Boulder"}),
            "adopted": Instance(
                {"name": "Austin", "adopt": True}, {"name": "Austin South"}, existing=ref(portal.group("Austin"))
            ),
            "named": Instance(
                {"name": "Boston", "adopt_id": (id_ := ref(portal.group("Bostn")))},
                {"name": "Boston North"},
                existing=id_,
            ),
        }

    def wire(self, args: Values) -> Json:
        return _renamed(args, {"name": "groupName", "is_default": "isDefault"})

    def drift(self, portal: Emulated, id_: str, args: Values) -> Values:
        portal.api("PUT", f"/cloudRouteDestinationGroups/{number(id_)}", {"groupName": "By hand"})
        return {"name": "By hand"}

    def remove(self, portal: Emulated, id_: str) -> None:
        portal.api("DELETE", f"/cloudRouteDestinationGroups/{number(id_)}")


class DestinationExample(Example):
    token = "ringcx:Destination"
    kind, id_field, key = "CloudRouteDestination", "cloudDestinationId", ("cloudGroupId", "destinationName")
    creates = "CR-04"

    def instances(self, portal: Emulated) -> dict[str, Instance]:
        group = ref("1000")
        plain = {"group_id": group, "name": "Denver", "kind": "DID", "target": "+1 (303) 555-1234"}
        texts = [
            "description",
            "max_concurrent_hours",
            "max_concurrent_type",
            *(f"{day}day_schedule" for day in ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun")),
            "preroute_http_url",
            "auth_key",
            "country_id",
            "address",
            "city",
            "state",
            "zip",
        ]
        everything: Values = {
            **{name: f"new {name}" for name in texts},
            "ring_duration": 25,
            "max_concurrent": 12,
            "tt_accept_time": 8,
            "latitude": 39.74,
            "longitude": -104.99,
            "force_acd_queue": True,
            "tt_accept": True,
            "active": True,
            "name": "Denver office",
            "kind": "SIP",
            "target": "sip:support@denver.example.com",
        }
        return {
            "made": Instance(plain, everything, {"group_id": ref(portal.group("Elsewhere"))}),
            "adopted": Instance(
                {**plain, "name": "Austin", "adopt": True},
                {"description": "adopted"},
                existing=ref("1000", portal.destination("Austin", routeDestination="+15125550100", active=True)),
            ),
            "named": Instance(
                {**plain, "name": "Boston", "adopt_id": (id_ := ref("1000", portal.destination("Bostn")))},
                {"target": "+16175550100"},
                existing=id_,
            ),
        }

    def wire(self, args: Values) -> Json:
        names = {
            "name": "destinationName",
            "kind": "destinationType",
            "active": "isActive",
            "description": "destinationDesc",
            "ring_duration": "ringDuration",
            "max_concurrent": "maxConcurrent",
            "max_concurrent_hours": "maxConcurrentHours",
            "max_concurrent_type": "maxConcurrentType",
            "monday_schedule": "monSched",
            "tuesday_schedule": "tueSched",
            "wednesday_schedule": "wedSched",
            "thursday_schedule": "thuSched",
            "friday_schedule": "friSched",
            "saturday_schedule": "satSched",
            "sunday_schedule": "sunSched",
            "force_acd_queue": "forceAcdQueue",
            "tt_accept": "ttAccept",
            "tt_accept_time": "ttAcceptTime",
            "preroute_http_url": "prerouteHttpUrl",
            "auth_key": "authKey",
            "address": "address",
            "city": "city",
            "state": "state",
            "zip": "zip",
            "latitude": "lat",
            "longitude": "lon",
        }
        body = _renamed(args, names)
        body["routeDestination"] = "13035551234" if args["target"].startswith("+1 (") else target(args)
        body["cloudGroupId"] = int(number(args["group_id"]))
        if "country_id" in args:
            body["countryCode"] = {"countryId": args["country_id"]}
        return body

    def held(self, portal: Emulated, id_: str) -> Json | None:
        one = portal.record("CloudRouteDestination", "cloudDestinationId", number(id_))
        return None if one is None or one["isDeleted"] else one

    def drift(self, portal: Emulated, id_: str, args: Values) -> Values:
        path = f"/cloudRouteDestinationGroups/1000/cloudRouteDestinations/{number(id_)}"
        portal.api("PUT", path, {**portal.api("GET", path), "routeDestination": "sip:wrong", "ringDuration": 99})
        portal.switch("Destination", number(id_), on=False)
        return {"target": "sip:wrong", "ring_duration": 99, "active": False}

    def remove(self, portal: Emulated, id_: str) -> None:
        portal.change_record("CloudRouteDestination", "cloudDestinationId", number(id_), isDeleted=True)


class ProfileExample(Example):
    token = "ringcx:Profile"
    kind, id_field, key = "CloudRouteProfile", "cloudProfileId", ("cloudGroupId", "profileName")
    creates = "CR-09"

    SERVICES: ClassVar[Json] = {
        "call_start_service": "callStartSoapService",
        "call_connect_service": "callConnSoapService",
        "call_end_service": "callEndSoapService",
    }

    def instances(self, portal: Emulated) -> dict[str, Instance]:
        plain = {"group_id": ref("1000"), "name": "Support", "routing_type": "ROUND_ROBIN"}
        texts = [
            *("description", "route_exhausted_action", "sticky_destination_type", "outbound_caller_id"),
            *("voicemail_email", "billing_code", "billing_key"),
            *("intro_message", "whisper_message", "take_back_message", "end_call_message"),
        ]
        wholes = ["repeat_count", "repeat_delay", "dequeue_delay", "short_call", "long_call", "geo_max_distance"]
        everything: Values = {
            **{name: f"new {name}" for name in texts},
            **{name: value for value, name in enumerate(wholes, 3)},
            "record_call": True,
            "reverse_match": True,
            "name": "Support line",
            "routing_type": "SEQUENTIAL",
            "percent_alloc_type": "DAILY",
            **{name: ref("1000", portal.http_service(name)) for name in self.SERVICES},
        }
        ready = portal.profile("Biling")
        portal.assign(ready, portal.destination("Denver", active=True), 100, rank=1)
        return {
            "made": Instance(plain, everything, {"group_id": ref(portal.group("Elsewhere"))}),
            "adopted": Instance(
                {**plain, "name": "Sales", "adopt": True},
                {"description": "adopted"},
                existing=ref("1000", portal.profile("Sales", billingCode="kept")),
            ),
            "named": Instance(
                {**plain, "name": "Billing", "adopt_id": ref("1000", ready)},
                {"active": True},
                existing=ref("1000", ready),
            ),
        }

    def wire(self, args: Values) -> Json:
        names = {
            "name": "profileName",
            "routing_type": "routingType",
            "percent_alloc_type": "percentAllocType",
            "active": "isActive",
            "description": "profileDesc",
            "route_exhausted_action": "routeExhaustedAction",
            "sticky_destination_type": "stickyDestinationType",
            "outbound_caller_id": "outboundCallerId",
            "voicemail_email": "voicemailEmail",
            "billing_code": "billingCode",
            "billing_key": "billingKey",
            "intro_message": "introMsg",
            "whisper_message": "whisperMsg",
            "take_back_message": "takeBackMsg",
            "end_call_message": "endcallMsg",
            "record_call": "recordCall",
            "reverse_match": "revMatch",
            "repeat_count": "repeatCount",
            "repeat_delay": "repeatDelay",
            "dequeue_delay": "dequeueDelay",
            "short_call": "shortCall",
            "long_call": "longCall",
            "geo_max_distance": "geoMaxDistance",
        }
        services = {
            wire: {"serviceId": int(number(args[name]))} for name, wire in self.SERVICES.items() if name in args
        }
        return {**_renamed(args, names), **services, "cloudGroupId": int(number(args["group_id"]))}

    def drift(self, portal: Emulated, id_: str, args: Values) -> Values:
        path = f"/cloudRouteProfileGroups/1000/cloudRouteProfiles/{number(id_)}"
        portal.api("PUT", path, {**portal.api("GET", path), "profileName": "By hand", "recordCall": False})
        return {"name": "By hand", "record_call": False}

    def remove(self, portal: Emulated, id_: str) -> None:
        state = portal.state()
        profiles = state["objects"]["CloudRouteProfile"]
        state["objects"]["CloudRouteProfile"] = [one for one in profiles if str(one["cloudProfileId"]) != number(id_)]
        portal.put_state(state)


class ProfileDestinationsExample(Example):
    token = "ringcx:ProfileDestinations"
    kind, id_field, key = (
        "CloudRouteAssignedDestination",
        "assignedDestinationId",
        ("cloudProfileId", "cloudDestinationId"),
    )

    def instances(self, portal: Emulated) -> dict[str, Instance]:
        first, second, third = (ref("1000", portal.destination(name)) for name in ("Denver", "Boulder", "Aspen"))
        split = [
            {"destination": first, "allocation_percent": 70},
            {"destination": second, "allocation_percent": 30},
        ]
        other = [
            {
                "destination": third,
                "rank": 5,
                "allocation_percent": 45,
                "kind": "DID",
                "ring_duration": 15,
                "override": True,
                "target": "+13035550177",
                "outbound_caller_id": "13035550188",
                "force_acd_queue": True,
            },
            {"destination": second, "rank": 7, "allocation_percent": 55},
        ]
        taken = portal.profile("Sales")
        portal.assign(taken, number(third), 100, rank=1)
        return {
            "made": Instance(
                {"profile": ref("1000", portal.profile("Support")), "destinations": split},
                {"destinations": other},
                {"profile": ref("1000", portal.profile("Elsewhere"))},
            ),
            "adopted": Instance(
                {"profile": ref("1000", taken), "destinations": split, "adopt": True},
                {"destinations": [{"destination": first, "allocation_percent": 100}]},
                existing=ref("1000", taken),
            ),
        }

    def wire(self, args: Values) -> Json:
        names = {
            "rank": "rank",
            "allocation_percent": "allocationPercent",
            "kind": "destinationType",
            "ring_duration": "ringDuration",
            "override": "overrideFlag",
            "target": "routeDestination",
            "outbound_caller_id": "outboundCallerId",
            "force_acd_queue": "forceAcdQueue",
        }
        return {
            number(one["destination"]): {"rank": place, **_renamed(_targeted(one), names)}
            for place, one in enumerate(args["destinations"], 1)
        }

    def held(self, portal: Emulated, id_: str) -> Json | None:
        links = portal.assigned(number(id_))
        return {str(one["cloudDestination"]["cloudDestinationId"]): one for one in links} or None

    def drift(self, portal: Emulated, id_: str, args: Values) -> Values:
        links = portal.assigned(number(id_))
        path = f"/cloudRouteProfileGroups/1000/cloudRouteProfiles/{number(id_)}/assignedDestinations/batch"
        portal.api("PUT", path, [{**one, "allocationPercent": 50} for one in links])
        return {"destinations": [{**one, "allocation_percent": 50} for one in args["destinations"]]}

    def remove(self, portal: Emulated, id_: str) -> None:
        path = f"/cloudRouteProfileGroups/1000/cloudRouteProfiles/{number(id_)}/assignedDestinations"
        for one in portal.assigned(number(id_)):
            portal.api("DELETE", f"{path}/{one['assignedDestinationId']}")


class AllocationHoursExample(Example):
    token = "ringcx:AllocationHours"

    def instances(self, portal: Emulated) -> dict[str, Instance]:
        first, second = (ref("1000", portal.destination(name)) for name in ("Denver", "Boulder"))
        profiles = [portal.profile(name, percentAllocType="HOURLY") for name in ("Support", "Sales", "Elsewhere")]
        for profile in profiles:
            self._assign(portal, profile)
        day, night = [60] * 24, [10] * 8 + [90] * 12 + [10] * 4
        return {
            "made": Instance(
                {"profile": ref("1000", profiles[0]), "hours": _table({first: day, second: _rest(day)})},
                {"hours": _table({first: night, second: _rest(night)}), "on_delete": "restore"},
                {"profile": ref("1000", profiles[2])},
            ),
            "from_file": Instance(
                {"profile": ref("1000", profiles[1]), "file": self._file(portal, profiles[1], day)},
                {"file": self._file(portal, profiles[1], night)},
            ),
        }

    def wire(self, args: Values) -> Json:
        if "hours" in args:
            return {number(row["destination"]): row["percent"] for row in args["hours"]}
        _, *rows = (line.split(",") for line in args["file"].split())
        return {row[1]: [int(share) for share in row[2:]] for row in rows}

    def held(self, portal: Emulated, id_: str) -> Json | None:
        rows = {}
        for one in portal.assigned(number(id_)):
            if "allocationPercentHours" not in one:
                return None
            shares = [int(share) for share in one["allocationPercentHours"].split(",")]
            destination = one["cloudDestination"]
            rows[str(destination["cloudDestinationId"])] = rows[destination["destinationName"]] = shares
        return rows or None

    def drift(self, portal: Emulated, id_: str, args: Values) -> Values:
        first, second = (row["destination"] for row in args["hours"])
        shares = [25] * 24
        self._import(portal, number(id_), self._file(portal, number(id_), shares))
        return {"hours": _table({first: shares, second: _rest(shares)})}

    def remove(self, portal: Emulated, id_: str) -> None:
        path = f"/cloudRouteProfileGroups/1000/cloudRouteProfiles/{number(id_)}/assignedDestinations"
        for one in portal.assigned(number(id_)):
            portal.api("DELETE", f"{path}/{one['assignedDestinationId']}")

    def is_over(self, portal: Emulated, id_: str, args: Values) -> bool:
        held = self.held(portal, id_) or {}
        if args.get("on_delete") == "restore":
            return set(map(tuple, held.values())) == {(50,) * 24}
        return all(held[name] == shares for name, shares in self.wire(args).items())

    def prepare_again(self, portal: Emulated, id_: str) -> None:
        self._assign(portal, number(id_))

    def _assign(self, portal: Emulated, profile: str) -> None:
        desks = [
            one for one in portal.records("CloudRouteDestination") if one["destinationName"] in ("Denver", "Boulder")
        ]
        for rank, one in enumerate(desks, 1):
            portal.assign(profile, str(one["cloudDestinationId"]), 50, rank)

    def _file(self, portal: Emulated, profile: str, shares: list[int]) -> str:
        hours = ",".join(f"H{hour:02}" for hour in range(24))
        lines = [f"assignedDestinationId,destinationName,{hours}"]
        for one, row in zip(portal.assigned(profile), (shares, _rest(shares)), strict=True):
            cells = [str(one["assignedDestinationId"]), one["cloudDestination"]["destinationName"], *map(str, row)]
            lines.append(",".join(cells))
        return "\r\n".join([*lines, ""])

    def _import(self, portal: Emulated, profile: str, text: str) -> None:
        path = f"/cloudRouteProfileGroups/1000/cloudRouteProfiles/{profile}/assignedDestinations"
        file = {"file": ("hours.csv", text.encode(), "text/csv")}
        portal.api("POST", f"{path}/percentAllocationHours/import", params={"extension": "COMMA"}, files=file)


def _table(rows: dict[str, list[int]]) -> list[Values]:
    return [{"destination": destination, "percent": shares} for destination, shares in rows.items()]


def _rest(shares: list[int]) -> list[int]:
    return [100 - share for share in shares]


class DnisOverrideExample(Example):
    token = "ringcx:DnisOverride"
    kind, id_field, key = "CloudRouteDestinationOverride", "destOverrideId", ("cloudDestinationId", "dnis")
    creates = "CR-20"

    def instances(self, portal: Emulated) -> dict[str, Instance]:
        destination = portal.destination("Denver")
        plain = {"destination": ref("1000", destination), "dnis": "+1 303 555 0101", "target": "+13035550177"}
        changes = {"target": "+13035550178", "country_id": "1"}
        return {
            "made": Instance(plain, changes, {"dnis": "+13035550109"}),
            "adopted": Instance(
                {**plain, "dnis": "+13035550102", "adopt": True},
                changes,
                {"destination": ref("1000", portal.destination("Boulder"))},
                existing=ref("1000", destination, portal.override(destination, "13035550102", "+13035550170")),
            ),
            "named": Instance(
                {
                    **plain,
                    "dnis": "+13035550103",
                    "adopt_id": (id_ := ref("1000", destination, portal.override(destination, "13035550103", "x"))),
                },
                changes,
                existing=id_,
            ),
        }

    def wire(self, args: Values) -> Json:
        return {
            "dnis": "".join(filter(str.isdigit, args["dnis"])),
            "cloudDestinationId": int(number(args["destination"])),
            **_renamed(_targeted(args), {"target": "routeDestination", "country_id": "countryId"}),
        }

    def drift(self, portal: Emulated, id_: str, args: Values) -> Values:
        one = self.held(portal, id_) or {}
        body = {"dnis": one["dnis"], "routeDestination": "+13035550199", "countryId": "44"}
        portal.api("PUT", self._path(id_), body, params={"cloudDestinationType": "DID"})
        return {"target": "+13035550199", "country_id": "44"}

    def remove(self, portal: Emulated, id_: str) -> None:
        portal.api("DELETE", self._path(id_))

    def _path(self, id_: str) -> str:
        _, group, destination, override = id_.split("/")
        return f"/cloudRouteDestinationGroups/{group}/cloudRouteDestinations/{destination}/dnisOverrides/{override}"


class DnisOverridesExample(Example):
    token = "ringcx:DnisOverrides"
    kind, id_field, key = "CloudRouteDestinationOverride", "destOverrideId", ("cloudDestinationId", "dnis")

    def instances(self, portal: Emulated) -> dict[str, Instance]:
        first, taken, elsewhere = (portal.destination(name) for name in ("Denver", "Boulder", "Elsewhere"))
        portal.override(taken, "13035550101", "+13035550170")
        rows = [
            {"dnis": "+1 303 555 0101", "target": "+13035550171"},
            {"dnis": "+13035550102", "target": "+13035550172", "country_id": "1"},
        ]
        other = [
            {"dnis": "+13035550103", "target": "+13035550173"},
            {"dnis": "+13035550102", "target": "+13035550174", "country_id": "44"},
        ]
        return {
            "made": Instance(
                {"destination": ref("1000", first), "overrides": rows},
                {"overrides": other, "replace_all": True},
                {"destination": ref("1000", elsewhere)},
            ),
            "adopted": Instance(
                {"destination": ref("1000", taken), "overrides": rows, "adopt": True},
                {"overrides": other},
                existing=ref("1000", taken),
            ),
        }

    def wire(self, args: Values) -> Json:
        return {
            "".join(filter(str.isdigit, row["dnis"])): _renamed(
                _targeted(row), {"target": "routeDestination", "country_id": "countryId"}
            )
            for row in args["overrides"]
        }

    def held(self, portal: Emulated, id_: str) -> Json | None:
        return {one["dnis"]: one for one in portal.overrides(number(id_))} or None

    def drift(self, portal: Emulated, id_: str, args: Values) -> Values:
        one = portal.overrides(number(id_))[0]
        body = {"dnis": one["dnis"], "routeDestination": "+13035550199", "countryId": "1"}
        path = f"{self._path(id_)}/{one['destOverrideId']}"
        portal.api("PUT", path, body, params={"cloudDestinationType": "DID"})
        changed = [
            {**row, "target": "+13035550199", **({"country_id": "1"} if "country_id" in row else {})}
            if row["dnis"].endswith(one["dnis"])
            else row
            for row in args["overrides"]
        ]
        return {"overrides": changed}

    def remove(self, portal: Emulated, id_: str) -> None:
        for one in portal.overrides(number(id_)):
            portal.api("DELETE", f"{self._path(id_)}/{one['destOverrideId']}")

    def _path(self, id_: str) -> str:
        return f"/cloudRouteDestinationGroups/1000/cloudRouteDestinations/{number(id_)}/dnisOverrides"


class ActivationExample(Example):
    """An activation has an id of its own, so that what it has switched on is looked up by what is declared."""

    token = "ringcx:Activation"

    def instances(self, portal: Emulated) -> dict[str, Instance]:
        targets = [
            {"kind": "destination", "id": ref("1000", portal.destination(name))}
            for name in ("Denver", "Boulder", "Aspen")
        ]
        profile = portal.profile("Support")
        portal.assign(profile, number(targets[0]["id"]), 100, rank=1)
        whole = {"kind": "profile", "id": ref("1000", profile)}
        return {
            "made": Instance(
                {"targets": [targets[0], targets[1], whole]},
                {"targets": [targets[2], whole, targets[0]]},
            )
        }

    def wire(self, args: Values) -> Json:
        return {one["id"]: True for one in args["targets"]}

    def held(self, portal: Emulated, id_: str) -> Json | None:
        kinds = {"CloudRouteDestination": "cloudDestinationId", "CloudRouteProfile": "cloudProfileId"}
        return {
            ref("1000", str(one[id_field])): True
            for kind, id_field in kinds.items()
            for one in portal.records(kind)
            if one["isActive"]
        } or None

    def drift(self, portal: Emulated, id_: str, args: Values) -> Values:
        off = args["targets"][0]
        portal.switch(off["kind"].title(), number(off["id"]), on=False)
        return {"targets": [one for one in args["targets"] if one != off]}

    def remove(self, portal: Emulated, id_: str) -> None:
        for kind in ("Destination", "Profile"):
            for one in portal.records(f"CloudRoute{kind}"):
                portal.switch(kind, str(one[f"cloud{kind}Id"]), on=False)
