"""RingCX: accounts, cloud routing, tracking numbers, HTTP services and auth configurations."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from tests.second_server.calls import GONE, Answerer, Call, Refused, Reply, answers
from tests.second_server.store import Record, without
from tests.second_server.tables import KINDS, Kind

ACCOUNT = "123456"
ADMIN = "/voice/api/v1/admin"
A = f"{ADMIN}/accounts/{{account}}"
_DESTINATIONS = "{group}/cloudRouteDestinations"
_PROFILE = "{group}/cloudRouteProfiles/{profile}"
_TRACKING = f"{A}/tracGroups/{{group}}/tracNumbers"
_PAGE = 1000
HOURS = 24

FIRST_OBJECTS: dict[str, list[Record]] = {
    "CloudRouteGroup": [{"cloudGroupId": 1000, "groupName": "Main", "isDefault": True}],
    "TracGroup": [{"accountId": ACCOUNT, "tracGroupId": 1000, "groupName": "Main", "isDefault": True}],
    "RemoteHttpServiceGroup": [{"serviceGroupId": 1000, "groupName": "Main", "isDefault": True}],
    "GateSkinnyAssignable": [{"accountId": ACCOUNT, "gateId": 1000, "gateName": "Support"}],
    "VisualIvrSkinny": [{"accountId": ACCOUNT, "visualIvrId": 1000, "visualIvrName": "Menu"}],
}


def missing() -> Refused:
    """There is no such object."""
    said = {"errorCode": "resource.not.found", "generalMessage": "The resource you have requested does not exist"}
    return Refused(Reply(404, {**said, "timestamp": 1_780_000_000_000}))


def refused(status: int, message: str) -> Refused:
    """The server will not do it."""
    return Refused(Reply(status, {"errorCode": "refused", "generalMessage": message, "timestamp": 1_780_000_000_000}))


def found(call: Call, kind: str, id_: object, **holders: object) -> Record:
    """A record that lies where the path says. Raises :class:`Refused`."""
    one = call.store.find(kind, KINDS[kind].id_field, id_)
    if one is None or any(str(one.get(name)) != str(value) for name, value in holders.items()):
        raise missing()
    return one


def written(call: Call, kind: Kind, shown: Record, *, made: bool = False) -> Reply:
    """The answer to a write."""
    if "silent_writes" in call.ways:
        return Reply(201, empty=True) if made else Reply(200, None)
    if "bare_writes" in call.ways:
        shown = {kind.id_field: shown[kind.id_field]}
    return Reply(200, call.answers.object(kind, shown))


def done(call: Call) -> Reply:
    """The answer to a deletion or to a switch."""
    return GONE if "silent_writes" in call.ways else Reply(200, True)


def paged(call: Call, rows: list[Any]) -> list[Any]:
    """The page of a list that was asked for, where pages can be asked for."""
    first = 0 if "pages_from_zero" in call.ways else 1
    size = int(call.query.get("maxRows", call.query.get("size", _PAGE)))
    return call.answers.page(rows, int(call.query.get("page", first)), size, first)


# Collections: each has a list, a create, and mostly a read, an update and a deletion


class Collection:
    """Objects of one kind that lie in another object. ``holders`` are the steps of the path and the records' fields."""

    whole_in_lists = False
    """Whether a list never shows less than the objects: those that make up a set have no names to show."""

    def __init__(self, path: str, kind: str, *, verbs: str = "list make get put end", item: str = "", **holders: str):
        self.kind, self.holders = KINDS[kind], holders
        at = f"{path}/{item or '{id}'}"
        calls: dict[str, tuple[str, str, Answerer]] = {
            "list": ("GET", path, self.listed),
            "make": ("POST", path, self.made),
            "get": ("GET", at, self.shown_one),
            "put": ("PUT", at, self.updated),
            "end": ("DELETE", at, self.ended),
        }
        for verb in verbs.split():
            method, where, answer = calls[verb]
            answers(method, where)(answer)

    # What a kind may do otherwise

    def shown(self, call: Call, one: Record) -> Record:
        """A record as the contract shows it."""
        return one

    def taken(self, call: Call, body: Record) -> Record:
        """A body as it is kept."""
        return body

    def after(self, call: Call, one: Record) -> None:
        """What else a write does."""

    # The calls

    def inside(self, steps: dict[str, str]) -> Record:
        return {field: int(steps[step]) for step, field in self.holders.items()}

    def rows(self, call: Call, inside: Record, *, late: bool) -> list[Record]:
        everything = call.store.listed(self.kind.name, self.kind.id_field, late=late)
        return [one for one in everything if all(str(one.get(name)) == str(inside[name]) for name in inside)]

    def listed(self, call: Call, **steps: str) -> Reply:
        rows = [self.shown(call, one) for one in self.rows(call, self.inside(steps), late=call.late)]
        shown = call.answers.rows(self.kind, rows, whole=self.whole_in_lists)
        return Reply(200, paged(call, shown) if {"page", "maxRows"} & call.query.keys() else shown)

    def made(self, call: Call, **steps: str) -> Reply:
        one = self.make(call, call.record, self.inside(steps))
        return written(call, self.kind, self.shown(call, one), made=True)

    def make(self, call: Call, body: Record, inside: Record) -> Record:
        """A new record."""
        id_ = call.store.new_id()
        finish = call.store.writing(self.kind.name, self.kind.id_field, id_)
        taken = call.store.as_kept(self.kind.name, self.taken(call, without(body, self.kind.id_field)))
        one = {**taken, self.kind.id_field: id_, **inside}
        call.store.all(self.kind.name).append(one)
        self.after(call, one)
        finish()
        return one

    def shown_one(self, call: Call, id: str, **steps: str) -> Reply:
        one = found(call, self.kind.name, id, **self.inside(steps))
        return Reply(200, call.answers.object(self.kind, self.shown(call, one)))

    def updated(self, call: Call, id: str, **steps: str) -> Reply:
        one = found(call, self.kind.name, id, **self.inside(steps))
        self.update(call, one, call.record)
        return written(call, self.kind, self.shown(call, one))

    def update(self, call: Call, one: Record, body: Record) -> None:
        """Write a record: what is left out stays, unless the server replaces."""
        finish = call.store.writing(self.kind.name, self.kind.id_field, one[self.kind.id_field])
        taken = self.taken(call, without(body, self.kind.id_field, *self.holders.values()))
        if "put_replaces" in call.ways:
            secrets = {name for name, type_ in self.kind.fields.items() if type_ == "*"}
            kept = {self.kind.id_field, "isDeleted", *self.holders.values(), *secrets}
            for name in [name for name in one if name not in kept]:
                del one[name]
        one.update(call.store.as_kept(self.kind.name, taken))
        self.after(call, one)
        finish()

    def ended(self, call: Call, id: str, **steps: str) -> Reply:
        one = found(call, self.kind.name, id, **self.inside(steps))
        finish = call.store.writing(self.kind.name, self.kind.id_field, id)
        call.store.all(self.kind.name).remove(one)
        finish()
        return done(call)


def known(kind: Kind, body: Record, *more: str) -> Record:
    """The fields of a body that the contract knows, without those that show other objects; null says nothing."""
    fields = {name for name, type_ in kind.fields.items() if not type_.startswith("=")} | set(more)
    return {name: value for name, value in body.items() if name in fields and value is not None}


class Plain(Collection):
    """A kind that is kept as it comes."""

    def taken(self, call: Call, body: Record) -> Record:
        return known(self.kind, body)


# Cloud routing


class Groups(Plain):
    def taken(self, call: Call, body: Record) -> Record:
        return without(super().taken(call, body), "cloudRouteDestinations", "cloudRouteProfiles", "permissions")


GROUPS = Groups(f"{A}/cloudRouteDestinationGroups", "CloudRouteGroup")
Groups(f"{A}/cloudRouteProfileGroups", "CloudRouteGroup", verbs="get put end")


class InGroup(Plain):
    """A destination or a profile."""

    def shown(self, call: Call, one: Record) -> Record:
        group = call.store.find("CloudRouteGroup", "cloudGroupId", one["cloudGroupId"])
        return {**one, "cloudRouteGroup": group}

    def taken(self, call: Call, body: Record) -> Record:
        services = {
            name: {"serviceId": int(value["serviceId"])}
            for name, value in body.items()
            if name.endswith("SoapService") and isinstance(value, dict) and value.get("serviceId")
        }
        return {**super().taken(call, body), **services}

    def make(self, call: Call, body: Record, inside: Record) -> Record:
        return super().make(call, {"isActive": False, "isDeleted": False, **body}, inside)


DESTINATIONS = InGroup(
    f"{A}/cloudRouteDestinationGroups/{_DESTINATIONS}",
    "CloudRouteDestination",
    verbs="list make get put",
    group="cloudGroupId",
)
PROFILES = InGroup(
    f"{A}/cloudRouteProfileGroups/{{group}}/cloudRouteProfiles",
    "CloudRouteProfile",
    verbs="list make get put",
    group="cloudGroupId",
)


@answers("GET", f"{A}/cloudRouteDestinationGroups/withChildren", children="cloudRouteDestinations", of=DESTINATIONS)
@answers("GET", f"{A}/cloudRouteProfileGroups/withChildren", children="cloudRouteProfiles", of=PROFILES)
def groups_with_children(call: Call, account: str, children: str, of: InGroup) -> Reply:
    groups = []
    for group in call.store.listed("CloudRouteGroup", "cloudGroupId", late=call.late):
        rows = of.rows(call, {"cloudGroupId": group["cloudGroupId"]}, late=call.late)
        groups.append({**group, children: call.answers.rows(of.kind, [of.shown(call, one) for one in rows])})
    return Reply(200, call.answers.rows(GROUPS.kind, groups))


@answers("PUT", f"{A}/cloudRouteDestinationGroups/{_DESTINATIONS}/{{id}}/setIsActive", of=DESTINATIONS)
@answers("PUT", f"{A}/cloudRouteProfileGroups/{{group}}/cloudRouteProfiles/{{id}}/setIsActive", of=PROFILES)
def set_active(call: Call, account: str, group: str, id: str, of: Collection) -> Reply:
    return switched(call, of.kind, found(call, of.kind.name, id, cloudGroupId=group), "isActive")


def switched(call: Call, kind: Kind, one: Record, field: str) -> Reply:
    finish = call.store.writing(kind.name, kind.id_field, one[kind.id_field])
    one[field] = bool(call.record.get("isActive"))
    finish()
    return done(call)


@answers(
    "POST", f"{A}/cloudRouteDestinationGroups/{_DESTINATIONS}/{{id}}/clone", of=DESTINATIONS, name="newDestinationName"
)
@answers(
    "POST",
    f"{A}/cloudRouteProfileGroups/{{group}}/cloudRouteProfiles/{{id}}/clone",
    of=PROFILES,
    name="newCloudRouteProfileName",
)
def clone(call: Call, account: str, group: str, id: str, of: Collection, name: str) -> Reply:
    source = found(call, of.kind.name, id, cloudGroupId=group)
    made = of.make(call, {**source, of.kind.called: call.query[name]}, {"cloudGroupId": int(group)})
    return written(call, of.kind, of.shown(call, made), made=True)


class Assigned(Plain):
    """A destination of a profile."""

    whole_in_lists = True

    def shown(self, call: Call, one: Record) -> Record:
        destination = call.store.find("CloudRouteDestination", "cloudDestinationId", one["cloudDestinationId"])
        profile = call.store.find("CloudRouteProfile", "cloudProfileId", one["cloudProfileId"])
        return {**one, "cloudDestination": destination, "cloudProfile": profile}

    def taken(self, call: Call, body: Record) -> Record:
        destination = body.get("cloudDestination") or {}
        link = {"cloudDestinationId": int(destination["cloudDestinationId"])} if destination else {}
        return {**super().taken(call, body), **link}

    def update(self, call: Call, one: Record, body: Record) -> None:
        link = one["cloudDestinationId"]
        super().update(call, one, body)
        one.setdefault("cloudDestinationId", link)


ASSIGNED = Assigned(
    f"{A}/cloudRouteProfileGroups/{_PROFILE}/assignedDestinations",
    "CloudRouteAssignedDestination",
    profile="cloudProfileId",
)


def _inside_profile(self: Collection, steps: dict[str, str]) -> Record:
    return {"cloudProfileId": int(steps["profile"])}


@answers("PUT", f"{A}/cloudRouteProfileGroups/{_PROFILE}/assignedDestinations/batch")
def update_batch(call: Call, account: str, group: str, profile: str) -> Reply:
    links = [
        found(call, ASSIGNED.kind.name, one["assignedDestinationId"], cloudProfileId=profile) for one in call.records
    ]
    for link, body in zip(links, call.records, strict=True):
        ASSIGNED.update(call, link, body)
    return many_written(call, ASSIGNED, links)


def many_written(call: Call, of: Collection, records: Iterable[Record]) -> Reply:
    """The answer to a write of several objects."""
    if "silent_writes" in call.ways:
        return Reply(200, None)
    return Reply(200, call.answers.rows(of.kind, [of.shown(call, one) for one in records], whole=True))


@answers("GET", f"{A}/cloudRouteDestinationGroups/{_DESTINATIONS}/{{id}}/assignedProfiles")
def profiles_of_destination(call: Call, account: str, group: str, id: str) -> Reply:
    found(call, "CloudRouteDestination", id, cloudGroupId=group)
    rows = ASSIGNED.rows(call, {"cloudDestinationId": int(id)}, late=call.late)
    return Reply(200, call.answers.rows(ASSIGNED.kind, [ASSIGNED.shown(call, one) for one in rows], whole=True))


_HOURS_FILE = f"{A}/cloudRouteProfileGroups/{_PROFILE}/assignedDestinations/percentAllocationHours"


@answers("POST", f"{_HOURS_FILE}/export")
def export_hours(call: Call, account: str, group: str, profile: str) -> Reply:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter="|" if "reordered" in call.ways else ",")
    writer.writerow(["assignedDestinationId", "destinationName", *(f"H{hour:02}" for hour in range(HOURS))])
    for one in call.answers.ordered(ASSIGNED.rows(call, {"cloudProfileId": int(profile)}, late=False)):
        hours = str(one.get("allocationPercentHours") or "").split(",")
        hours = hours if len(hours) == HOURS else [str(one.get("allocationPercent") or 0)] * HOURS
        destination = ASSIGNED.shown(call, one)["cloudDestination"]
        writer.writerow([one["assignedDestinationId"], destination["destinationName"], *hours])
    return Reply(200, text=out.getvalue())


@answers("POST", f"{_HOURS_FILE}/import")
def import_hours(call: Call, account: str, group: str, profile: str) -> Reply:
    delimiter = {"PIPE": "|", "COMMA": ",", "TAB": "\t"}[call.query["extension"]]
    header, *rows = [row for row in csv.reader(io.StringIO(call.file or ""), delimiter=delimiter) if row]
    key = header.index("assignedDestinationId")
    links = [found(call, ASSIGNED.kind.name, row[key], cloudProfileId=profile) for row in rows]
    for link, row in zip(links, rows, strict=True):
        finish = call.store.writing(ASSIGNED.kind.name, ASSIGNED.kind.id_field, link[ASSIGNED.kind.id_field])
        link["allocationPercentHours"] = ",".join(row[-HOURS:])
        finish()
    return many_written(call, ASSIGNED, links)


class Overrides(Plain):
    """An override of a destination for one dialled number."""

    whole_in_lists = True

    def shown(self, call: Call, one: Record) -> Record:
        destination = call.store.find("CloudRouteDestination", "cloudDestinationId", one["cloudDestinationId"])
        return {**one, "dnis": call.answers.number(one["dnis"]), "cloudDestination": destination}

    def taken(self, call: Call, body: Record) -> Record:
        body = super().taken(call, body)
        return {**body, "dnis": str(body["dnis"]).removeprefix("+")} if "dnis" in body else body

    def update(self, call: Call, one: Record, body: Record) -> None:
        dnis = one["dnis"]
        super().update(call, one, body)
        one.setdefault("dnis", dnis)


_OVERRIDES = f"{A}/cloudRouteDestinationGroups/{_DESTINATIONS}/{{destination}}/dnisOverrides"
OVERRIDES = Overrides(_OVERRIDES, "CloudRouteDestinationOverride", destination="cloudDestinationId")


@answers("POST", f"{_OVERRIDES}/batch")
def create_overrides(call: Call, account: str, group: str, destination: str) -> Reply:
    inside = {"cloudDestinationId": int(destination)}
    if call.asks("replaceAll"):
        for one in OVERRIDES.rows(call, inside, late=False):
            finish = call.store.writing(OVERRIDES.kind.name, "destOverrideId", one["destOverrideId"])
            call.store.all(OVERRIDES.kind.name).remove(one)
            finish()
    rows = csv.DictReader(io.StringIO(call.file or ""))
    made = [OVERRIDES.make(call, {name: cell for name, cell in row.items() if cell}, inside) for row in rows]
    return many_written(call, OVERRIDES, made)


_ASSIGNED_OVERRIDES = f"{A}/cloudRouteProfileGroups/{_PROFILE}/assignedDestinations/{{assigned}}/dnisOverrides"
Plain(_ASSIGNED_OVERRIDES, "CloudRouteAssignedOverride", assigned="assignedDestinationId")


@answers("GET", f"{ADMIN}/accounts")
def accounts(call: Call) -> Reply:
    return Reply(200, [{"accountId": ACCOUNT, "accountName": "Lines", "mainAccountId": "99"}])
