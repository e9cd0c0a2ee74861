"""RingCX numbers, one method for each operation: the DNIS pool, assignments, tracking numbers.

Operation numbers are this project's own: ``NM`` is numbers, a ``b`` after it marks those that only the vendor's
contract lists. The number manager's paths name no account: the token and ``reservedAccountId`` say whose numbers are
meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal

from ..client.answers import an_object, objects, parts
from ..client.http import ApiClient, below
from ..client.listings import Json
from ..errors import NotFound
from ..lifecycle.calls import Calls
from . import shapes_numbers as shapes

PERMISSIONS: Final = {"includePermissions": "true"}
"""Lists of groups with their children tell what the token may do with each, when they are asked to."""
MANAGER: Final = "/voice/api/v1/admin/utilities/tnManager"
TRACKING_GROUP_ID: Final = "tracGroupId"
TRACKING_ID: Final = "tracId"
RULE_ID: Final = "ruleId"
SCHEDULE_OVERRIDE_ID: Final = "scheduleOverrideId"

_ROWS = ("records", "content", "items")
_TOTALS = ("totalElements", "totalCount", "total")

AssignmentPath = Literal["gates", "visualIvrs", "cloudRouteProfiles"]


class NumbersApi(ApiClient):
    """The number manager and the tracking numbers of one account."""

    account_id: str
    _account: str

    # The pool

    def search_dnis(self, dnis: str) -> list[shapes.PoolRecord]:
        """NM-01 ``POST tnManager/searchDnis``: pool records of one number, with their assignments."""
        answer = self.request("NM-01", "POST", f"{MANAGER}/searchDnis", json={"dnis": dnis}, repeatable=True)
        return self._records(answer, "NM-01")[0]

    def search_pool(
        self, criteria: Json, page: int, size: int, sort: str | None = None
    ) -> tuple[list[shapes.PoolRecord], int | None]:
        """NM-02 ``POST tnManager/search?page=&size=``: a page of pool records, and how many there are if it says so."""
        which = {"page": page, "size": size} | ({} if sort is None else {"sort": sort})
        answer = self.request("NM-02", "POST", f"{MANAGER}/search", params=which, json=criteria, repeatable=True)
        return self._records(answer, "NM-02")

    def create_pool(self, records: Sequence[Json]) -> list[shapes.PoolRecord]:
        """NM-03 ``POST tnManager/dnisPool``: all of them or none."""
        return self._many("NM-03", "POST", f"{MANAGER}/dnisPool", records)

    def update_pool(self, records: Sequence[Json]) -> list[shapes.PoolRecord]:
        """NM-04 ``PUT tnManager/dnisPool``: whole records."""
        return self._many("NM-04", "PUT", f"{MANAGER}/dnisPool", records)

    def upload_pool(self, file: str, *, quote_character: str | None = None) -> shapes.DnisListPreviewResponse:
        """NM-05 ``POST tnManager/uploadDnisPool?fileType=COMMA``: the answer tells how it was read, no more.

        Without ``quoteCharacter`` the vendor takes quotes for text, and a comma between them for the end of a field.
        """
        self.check_account()
        quoted = {} if quote_character is None else {"quoteCharacter": quote_character}
        answer = self.request(
            "NM-05",
            "POST",
            f"{MANAGER}/uploadDnisPool",
            params={"fileType": "COMMA", **quoted},
            files={"file": ("numbers.csv", file.encode(), "text/csv")},
        )
        return {} if answer is None else self._one(answer, "NM-05")

    def update_pool_in_bulk(self, records: Sequence[Json]) -> shapes.DnisBulkUpdateRespose:
        """NM-06 ``PUT tnManager/updateBulkDnisPool``: like NM-04, but it may touch assignments as well."""
        self.check_account()
        answer = self.request("NM-06", "PUT", f"{MANAGER}/updateBulkDnisPool", json=list(records))
        return {} if answer is None else self._one(answer, "NM-06")

    def get_pool(self, dnis: str) -> shapes.PoolRecord:
        """NMb-01 ``GET tnManager/dnisPool/{dnis}``."""
        return self._get("NMb-01", below(MANAGER, "dnisPool", dnis))

    def delete_pool(self, dnis: str) -> None:
        """NMb-02 ``DELETE tnManager/dnisPool/{dnis}``; for good, and for a user with the role ``SUPER_USER``."""
        self.check_account()
        self.request("NMb-02", "DELETE", below(MANAGER, "dnisPool", dnis))

    def delete_pool_in_bulk(self, numbers: Sequence[str]) -> None:
        """NMb-03 ``PUT tnManager/dnisPool/bulkDelete``; for good, and for a user with the role ``SUPER_USER``."""
        self.check_account()
        self.request("NMb-03", "PUT", f"{MANAGER}/dnisPool/bulkDelete", json=list(numbers))

    def update_pool_and_assignment(self, requests: Sequence[Json]) -> None:
        """NMb-05 ``PUT tnManager/updatePoolAndAssignment``: from one owner to another without a moment in between."""
        self.check_account()
        self.request("NMb-05", "PUT", f"{MANAGER}/updatePoolAndAssignment", json=list(requests))

    # Assignments

    def assign(self, to: AssignmentPath, id_: str, assignments: Sequence[Json]) -> list[shapes.AssignedDnis]:
        """NM-07, NM-08, NM-09 ``PUT tnManager/assignedDnis/{to}/{id}``: these numbers; others keep their owner."""
        operation = {"gates": "NM-07", "visualIvrs": "NM-08", "cloudRouteProfiles": "NM-09"}[to]
        return self._many(operation, "PUT", below(MANAGER, "assignedDnis", to, id_), assignments)

    def get_assignment(self, dnis: str) -> shapes.AssignedDnis | None:
        """NM-10 ``GET tnManager/assignedDnis/{dnis}``: who answers the number; nothing when nobody does.

        The contract does not say how the vendor answers then: 404, null and an empty answer all mean nobody.
        """
        try:
            answer = self.request("NM-10", "GET", below(MANAGER, "assignedDnis", dnis))
        except NotFound:
            return None
        return None if answer is None else self._one(answer, "NM-10")

    def delete_assignment(self, dnis: str) -> None:
        """NM-11 ``DELETE tnManager/assignedDnis/{dnis}``: nobody answers the number any more."""
        self.check_account()
        self.request("NM-11", "DELETE", below(MANAGER, "assignedDnis", dnis))

    # Tracking numbers

    def list_tracking_groups(self, *, permissions: bool = False) -> list[shapes.TracGroup]:
        """NM-12 ``GET tracGroups/withChildren``: groups with their numbers."""
        return self._list("NM-12", self._tracking_tree, TRACKING_GROUP_ID, PERMISSIONS if permissions else None)

    def get_tracking_group(self, group: str) -> shapes.TracGroup:
        """NM-13 ``GET tracGroups/{id}``."""
        return self._get("NM-13", below(self._tracking_groups, group), TRACKING_GROUP_ID)

    def update_tracking_group(self, group: str, body: Json) -> shapes.TracGroup:
        """NM-14 ``PUT tracGroups/{id}``."""
        with self._read_anew(self._tracking_tree):
            return self._replace("NM-14", self._tracking_groups, group, TRACKING_GROUP_ID, body)

    def list_tracking_numbers(self, group: str) -> list[shapes.TracNumber]:
        """NM-15 ``GET tracGroups/{id}/tracNumbers``."""
        return self._list("NM-15", self._tracking(group), TRACKING_ID)

    def create_tracking_number(self, group: str, body: Json) -> shapes.TracNumber | None:
        """NM-16 ``POST tracGroups/{id}/tracNumbers``."""
        with self._read_anew(self._tracking_tree):
            return self._create("NM-16", self._tracking(group), TRACKING_ID, body)

    def update_tracking_number(self, group: str, tracking: str, body: Json) -> shapes.TracNumber:
        """NM-17 ``PUT tracGroups/{id}/tracNumbers/{id}``."""
        with self._read_anew(self._tracking_tree):
            return self._replace("NM-17", self._tracking(group), tracking, TRACKING_ID, body)

    def get_tracking_number(self, group: str, tracking: str) -> shapes.TracNumber:
        """NMb-18 ``GET tracGroups/{id}/tracNumbers/{id}``."""
        return self._get("NMb-18", below(self._tracking(group), tracking), TRACKING_ID)

    def list_routing_rules(self, group: str, tracking: str) -> list[shapes.TracRoutingRule]:
        """NMb-19 ``GET .../routingRules``."""
        return self._list("NMb-19", self._rules(group, tracking), RULE_ID)

    def create_routing_rule(self, group: str, tracking: str, body: Json) -> shapes.TracRoutingRule | None:
        """NMb-20 ``POST .../routingRules``."""
        return self._create("NMb-20", self._rules(group, tracking), RULE_ID, body)

    def get_routing_rule(self, group: str, tracking: str, rule: str) -> shapes.TracRoutingRule:
        """NMb-21 ``GET .../routingRules/{id}``."""
        return self._get("NMb-21", below(self._rules(group, tracking), rule), RULE_ID)

    def update_routing_rule(self, group: str, tracking: str, rule: str, body: Json) -> shapes.TracRoutingRule:
        """NMb-22 ``PUT .../routingRules/{id}``."""
        return self._replace("NMb-22", self._rules(group, tracking), rule, RULE_ID, body)

    def delete_routing_rule(self, group: str, tracking: str, rule: str) -> None:
        """NMb-23 ``DELETE .../routingRules/{id}``."""
        self._delete("NMb-23", self._rules(group, tracking), rule, RULE_ID)

    def list_schedule_overrides(self, group: str, tracking: str) -> list[shapes.TracScheduleOverride]:
        """NMb-24 ``GET .../scheduleOverrides``."""
        return self._list("NMb-24", self._schedule(group, tracking), SCHEDULE_OVERRIDE_ID)

    def create_schedule_override(self, group: str, tracking: str, body: Json) -> shapes.TracScheduleOverride | None:
        """NMb-25 ``POST .../scheduleOverrides``."""
        return self._create("NMb-25", self._schedule(group, tracking), SCHEDULE_OVERRIDE_ID, body)

    def get_schedule_override(self, group: str, tracking: str, override: str) -> shapes.TracScheduleOverride:
        """NMb-26 ``GET .../scheduleOverrides/{id}``."""
        return self._get("NMb-26", below(self._schedule(group, tracking), override), SCHEDULE_OVERRIDE_ID)

    def update_schedule_override(
        self, group: str, tracking: str, override: str, body: Json
    ) -> shapes.TracScheduleOverride:
        """NMb-27 ``PUT .../scheduleOverrides/{id}``."""
        return self._replace("NMb-27", self._schedule(group, tracking), override, SCHEDULE_OVERRIDE_ID, body)

    def delete_schedule_override(self, group: str, tracking: str, override: str) -> None:
        """NMb-28 ``DELETE .../scheduleOverrides/{id}``."""
        self._delete("NMb-28", self._schedule(group, tracking), override, SCHEDULE_OVERRIDE_ID)

    # Steps

    def check_account(self) -> None:
        """The configured account is one of the token's; see :meth:`RingCX.check_account`."""
        raise NotImplementedError

    def _many(self, operation: str, method: str, path: str, bodies: Sequence[Json]) -> list[Any]:
        self.check_account()
        answer = self.request(operation, method, path, json=list(bodies))
        # A yes without a body is a yes: whoever writes reads back what came of it.
        return [] if answer is None else objects(answer, self.vendor, operation)

    def _records(self, answer: Any, operation: str) -> tuple[list[shapes.PoolRecord], int | None]:
        """The records of a search, and how many there are in all. Raises :class:`UnexpectedAnswer`.

        The contract leaves the form of the answer open. Read are the forms of the vendor's other searches and lists.
        """
        body: Json = {"records": answer} if isinstance(answer, list) else an_object(answer, self.vendor, operation)
        shown = [body[name] for name in _ROWS if name in body]
        if isinstance(body.get("entries"), dict):
            shown.append(
                [one for account in parts(list(body["entries"].values())) for one in parts(account.get("records"))]
            )
        rows: Any = next((rows for rows in shown if rows is not None), [] if shown else None)
        total = next((body[name] for name in _TOTALS if isinstance(body.get(name), int)), None)
        return objects(rows, self.vendor, operation, "dnis"), total

    @property
    def _tracking_groups(self) -> str:
        return below(self._account, "tracGroups")

    @property
    def _tracking_tree(self) -> str:
        return below(self._tracking_groups, "withChildren")

    def _tracking(self, group: str) -> str:
        return below(self._tracking_groups, group, "tracNumbers")

    def _rules(self, group: str, tracking: str) -> str:
        return below(self._tracking(group), tracking, "routingRules")

    def _schedule(self, group: str, tracking: str) -> str:
        return below(self._tracking(group), tracking, "scheduleOverrides")


# What is asked about each kind of object

TRACKING_GROUPS: Calls[NumbersApi, shapes.TracGroup] = Calls(
    path=("group",),
    id_field=TRACKING_GROUP_ID,
    list=NumbersApi.list_tracking_groups,
    get=NumbersApi.get_tracking_group,
    update=NumbersApi.update_tracking_group,
    why_left="the stack only looked after it; it stays as it is",
)
TRACKING_NUMBERS = Calls(
    path=("group", "tracking number"),
    id_field=TRACKING_ID,
    list=NumbersApi.list_tracking_numbers,
    get=NumbersApi.get_tracking_number,
    create=NumbersApi.create_tracking_number,
    update=NumbersApi.update_tracking_number,
    why_left="the vendor cannot delete a tracking number; it is inactive and keeps its number",
)
ROUTING_RULES = Calls(
    path=("group", "tracking number", "routing rule"),
    id_field=RULE_ID,
    list=NumbersApi.list_routing_rules,
    get=NumbersApi.get_routing_rule,
    create=NumbersApi.create_routing_rule,
    update=NumbersApi.update_routing_rule,
    delete=NumbersApi.delete_routing_rule,
)
SCHEDULE_OVERRIDES = Calls(
    path=("group", "tracking number", "schedule override"),
    id_field=SCHEDULE_OVERRIDE_ID,
    list=NumbersApi.list_schedule_overrides,
    get=NumbersApi.get_schedule_override,
    create=NumbersApi.create_schedule_override,
    update=NumbersApi.update_schedule_override,
    delete=NumbersApi.delete_schedule_override,
)
