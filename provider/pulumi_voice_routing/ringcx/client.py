"""RingCX, one method for each operation of the vendor's API.

Operation numbers are this project's own: ``CR`` is cloud routing, a ``b`` after it marks those that only the vendor's
contract lists. Ids are the vendor's own numbers as strings. A collection's list is read once in a process.

Reference: https://developers.ringcentral.com/engage/voice/api-reference
"""

from __future__ import annotations

import contextlib
import math
import threading
from collections.abc import Iterator
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

from ..client.answers import Refusal, objects, without_nulls, words
from ..client.http import below
from ..client.listings import Json
from ..errors import ApiError, Forbidden, RateLimited, SettingsError, Unauthorized, some_of
from ..lifecycle.calls import Calls
from ..settings import Setting
from . import shapes
from .auth import EXCHANGES, BearerAuth, Tokens
from .client_http_services import HttpServicesApi
from .client_numbers import PERMISSIONS, NumbersApi
from .pool_directory import PoolDirectory

if TYPE_CHECKING:
    from ..client.transport import httpx

BASE_URL = Setting(
    "RINGCX_BASE_URL",
    "The address of RingCX",
    "https://ringcx.ringcentral.com",
    example="https://ringcx.ringcentral.com",
)
ACCOUNT_ID = Setting("RINGCX_ACCOUNT_ID", "The RingCX account id", example="123456")
RATE = Setting("RINGCX_REQUESTS_PER_MINUTE", "The number of RingCX calls allowed in a minute", "120")

ADMIN: Final = "/voice/api/v1/admin"
GROUP_ID: Final = "cloudGroupId"
DESTINATION_ID: Final = "cloudDestinationId"
PROFILE_ID: Final = "cloudProfileId"
ASSIGNMENT_ID: Final = "assignedDestinationId"
OVERRIDE_ID: Final = "destOverrideId"
ASSIGNMENT_OVERRIDE_ID: Final = "assignedOverrideId"
DTMF_EVENT_ID: Final = "cloudRouteDtmfId"


_MOST_SHOWN = 10
_SAID_BY_THE_VENDOR = ("errorCode", "generalMessage", "developerMessage", "details")


class RingCX(HttpServicesApi, NumbersApi):
    """The RingCX admin API of one account."""

    vendor = "ringcx"
    reads = frozenset({"CR-17", "NM-01", "NM-02"})

    def __init__(
        self,
        base_url: str,
        account_id: str,
        requests_per_minute: int = 120,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        tokens = Tokens(base_url, exchanges_per_minute=EXCHANGES if requests_per_minute else 0, transport=transport)
        super().__init__(base_url, BearerAuth(tokens, self._repeating), requests_per_minute, transport)
        self.account_id = account_id
        self._account = f"{ADMIN}/accounts/{account_id}"
        self._groups = f"{self._account}/cloudRouteDestinationGroups"
        self._profile_groups = f"{self._account}/cloudRouteProfileGroups"
        self._account_is_ours = False
        self._accounts_are_hidden = False
        self.pool = PoolDirectory(self)
        """The account's numbers."""

    def request(self, operation: str, method: str, path: str, **options: Any) -> Any:
        """One call, without what is null in its body: a whole object may be shown with nulls, which no field takes."""
        return super().request(operation, method, path, **{**options, "json": without_nulls(options.get("json"))})

    def read_refusal(self, body: Json, text: str) -> Refusal:
        problems = body.get("validationErrors")
        fields = [
            f"{words(problem.get('attributeName'))}: {words(problem.get('message'))}"
            for problem in (problems if isinstance(problems, list) else [])
            if isinstance(problem, dict)
        ]
        said = [words(body.get("generalMessage")) or words(body.get("developerMessage"))]
        said += fields or [words(body.get("details"))]
        return Refusal(words(body.get("errorCode")), "; ".join(filter(None, said)) or text)

    def is_missing(self, status: int, body: Json, said: Refusal) -> bool:
        return status == 404 and any(body.get(name) for name in _SAID_BY_THE_VENDOR)

    # Accounts

    def list_accounts(self) -> list[shapes.Account]:
        """``GET /voice/api/v1/admin/accounts``: the accounts that the token may administer."""
        return self._list("accounts", f"{ADMIN}/accounts")

    def check_account(self) -> None:
        """Once, before the first write: the configured account is one of the token's.

        Raises :class:`SettingsError` that lists the accounts there are.
        """
        if self._account_is_ours:
            return
        try:
            accounts = {words(one.get("accountId")): words(one.get("accountName")) for one in self.list_accounts()}
        except (Unauthorized, RateLimited):
            raise
        except ApiError:
            accounts = {self.account_id: ""}  # a list that is not to be had by everybody: the write itself will tell
            self._accounts_are_hidden = True
        if self.account_id not in accounts:
            shown = [f"{id_} {name}".strip() for id_, name in sorted(accounts.items())]
            raise SettingsError(
                f"ringcx: account {self.account_id} is not one that this token may administer "
                f"({some_of(shown, _MOST_SHOWN) or 'none'}). "
                f"Set {ACCOUNT_ID.variable}, or run: pulumi config set voice-routing:{ACCOUNT_ID.key} ID"
            )
        self._account_is_ours = True

    def reach(self) -> None:
        """Raises why no call can work. Where the accounts are not to be had, the account's groups have to be."""
        if self.proven:
            return
        self.check_account()
        if self._accounts_are_hidden:
            with contextlib.suppress(Forbidden):  # whoever is known there, and may do other things
                self.list_groups()

    # Groups

    def list_groups(self) -> list[shapes.CloudRouteGroup]:
        """CR-01 ``GET cloudRouteDestinationGroups``."""
        return self._list("CR-01", self._groups, GROUP_ID)

    def create_group(self, body: Json) -> shapes.CloudRouteGroup | None:
        """CRb-01 ``POST cloudRouteDestinationGroups``."""
        return self._create("CRb-01", self._groups, GROUP_ID, body)

    def list_groups_with_destinations(self, *, permissions: bool = False) -> list[shapes.CloudRouteGroup]:
        """CRb-02 ``GET cloudRouteDestinationGroups/withChildren``."""
        return self._list("CRb-02", f"{self._groups}/withChildren", GROUP_ID, PERMISSIONS if permissions else None)

    def get_group(self, group: str) -> shapes.CloudRouteGroup:
        """CRb-03 ``GET cloudRouteDestinationGroups/{id}``."""
        return self._get("CRb-03", below(self._groups, group), GROUP_ID)

    def update_group(self, group: str, body: Json) -> shapes.CloudRouteGroup:
        """CRb-04 ``PUT cloudRouteDestinationGroups/{id}``."""
        return self._replace("CRb-04", self._groups, group, GROUP_ID, body)

    def delete_group(self, group: str) -> None:
        """CRb-05 ``DELETE cloudRouteDestinationGroups/{id}``; for good."""
        self._delete("CRb-05", self._groups, group, GROUP_ID)

    def list_groups_with_profiles(self, *, permissions: bool = False) -> list[shapes.CloudRouteGroup]:
        """CRb-15 ``GET cloudRouteProfileGroups/withChildren``: the only list of profile groups."""
        return self._list(
            "CRb-15", f"{self._profile_groups}/withChildren", GROUP_ID, PERMISSIONS if permissions else None
        )

    # Destinations

    def list_destinations(self, group: str) -> list[shapes.CloudRouteDestination]:
        """CR-03 ``GET .../cloudRouteDestinations``."""
        return self._list("CR-03", self._destinations(group), DESTINATION_ID)

    def create_destination(self, group: str, body: Json) -> shapes.CloudRouteDestination | None:
        """CR-04 ``POST .../cloudRouteDestinations``."""
        return self._create("CR-04", self._destinations(group), DESTINATION_ID, body)

    def get_destination(self, group: str, destination: str) -> shapes.CloudRouteDestination:
        """CR-05 ``GET .../cloudRouteDestinations/{id}``."""
        return self._get("CR-05", below(self._destinations(group), destination), DESTINATION_ID)

    def update_destination(self, group: str, destination: str, body: Json) -> shapes.CloudRouteDestination:
        """CR-06 ``PUT .../cloudRouteDestinations/{id}``: the whole object."""
        return self._replace("CR-06", self._destinations(group), destination, DESTINATION_ID, body)

    def clone_destination(self, group: str, destination: str, name: str) -> shapes.CloudRouteDestination | None:
        """CR-07 ``POST .../cloudRouteDestinations/{id}/clone?newDestinationName=``."""
        path = self._destinations(group)
        at = below(path, destination, "clone")
        with self._read_anew(self._profile_groups):  # the copy is linked to the same profiles
            return self._create("CR-07", path, DESTINATION_ID, None, at=at, params={"newDestinationName": name})

    def set_destination_active(self, group: str, destination: str, active: bool) -> None:
        """CR-08 ``PUT .../cloudRouteDestinations/{id}/setIsActive``: whether calls reach it."""
        self._switched("CR-08", self._destinations(group), destination, DESTINATION_ID, "isActive", active)

    def list_profiles_of_destination(self, group: str, destination: str) -> list[shapes.CloudRouteAssignedDestination]:
        """CRb-07 ``GET .../cloudRouteDestinations/{id}/assignedProfiles``: who sends calls there."""
        return objects(
            self.request("CRb-07", "GET", below(self._destinations(group), destination, "assignedProfiles")),
            self.vendor,
            "CRb-07",
        )

    # Profiles

    def list_profiles(self, group: str) -> list[shapes.CloudRouteProfile]:
        """CR-02 ``GET .../cloudRouteProfiles``."""
        return self._list("CR-02", self._profiles(group), PROFILE_ID)

    def create_profile(self, group: str, body: Json) -> shapes.CloudRouteProfile | None:
        """CR-09 ``POST .../cloudRouteProfiles``."""
        return self._create("CR-09", self._profiles(group), PROFILE_ID, body)

    def get_profile(self, group: str, profile: str) -> shapes.CloudRouteProfile:
        """CR-10 ``GET .../cloudRouteProfiles/{id}``."""
        return self._get("CR-10", below(self._profiles(group), profile), PROFILE_ID)

    def update_profile(self, group: str, profile: str, body: Json) -> shapes.CloudRouteProfile:
        """CR-11 ``PUT .../cloudRouteProfiles/{id}``: the whole object."""
        return self._replace("CR-11", self._profiles(group), profile, PROFILE_ID, body)

    def clone_profile(self, group: str, profile: str, name: str) -> shapes.CloudRouteProfile | None:
        """CR-12 ``POST .../cloudRouteProfiles/{id}/clone?newCloudRouteProfileName=``."""
        path = self._profiles(group)
        return self._create(
            "CR-12", path, PROFILE_ID, None, at=below(path, profile, "clone"), params={"newCloudRouteProfileName": name}
        )

    def set_profile_active(self, group: str, profile: str, active: bool) -> None:
        """CR-13 ``PUT .../cloudRouteProfiles/{id}/setIsActive``: whether it routes calls."""
        self._switched("CR-13", self._profiles(group), profile, PROFILE_ID, "isActive", active)

    # Destinations assigned to a profile

    def list_assigned(self, group: str, profile: str) -> list[shapes.CloudRouteAssignedDestination]:
        """CR-14 ``GET .../assignedDestinations``."""
        return self._list("CR-14", self._assigned(group, profile), ASSIGNMENT_ID)

    def assigned_now(self, group: str, profile: str) -> list[shapes.CloudRouteAssignedDestination]:
        """The same, read once more."""
        self.listings.drop(self._assigned(group, profile), below=False)
        return self.list_assigned(group, profile)

    def create_assigned(self, group: str, profile: str, body: Json) -> shapes.CloudRouteAssignedDestination | None:
        """CR-15 ``POST .../assignedDestinations``."""
        with self._read_anew(self._exported_hours(group, profile)):
            return self._create("CR-15", self._assigned(group, profile), ASSIGNMENT_ID, body)

    def update_assigned_batch(self, group: str, profile: str, bodies: list[Json]) -> None:
        """CR-16 ``PUT .../assignedDestinations/batch``: present ones only, all values at once."""
        path = self._assigned(group, profile)
        self._written(path, "CR-16", "PUT", f"{path}/batch", json=bodies)
        self.listings.drop(path, below=False)  # hours come from a file alone, and no row has come or gone

    def get_assigned(self, group: str, profile: str, assigned: str) -> shapes.CloudRouteAssignedDestination:
        """CRb-19 ``GET .../assignedDestinations/{id}``."""
        return self._get("CRb-19", below(self._assigned(group, profile), assigned), ASSIGNMENT_ID)

    def update_assigned(
        self, group: str, profile: str, assigned: str, body: Json
    ) -> shapes.CloudRouteAssignedDestination:
        """CRb-20 ``PUT .../assignedDestinations/{id}``."""
        with self._read_anew(self._exported_hours(group, profile)):
            return self._replace("CRb-20", self._assigned(group, profile), assigned, ASSIGNMENT_ID, body)

    def delete_assigned(self, group: str, profile: str, assigned: str) -> None:
        """CRb-21 ``DELETE .../assignedDestinations/{id}``."""
        self._delete("CRb-21", self._assigned(group, profile), assigned, ASSIGNMENT_ID)

    def list_assigned_overrides(
        self, group: str, profile: str, assigned: str
    ) -> list[shapes.CloudRouteAssignedOverride]:
        """CRb-22 ``GET .../assignedDestinations/{id}/dnisOverrides``."""
        path = self._overrides_below(group, profile, assigned)
        return self.listings.fresh(path, lambda: objects(self.request("CRb-22", "GET", path), self.vendor, "CRb-22"))

    def shared_assigned_overrides(
        self, group: str, profile: str, assigned: str
    ) -> list[shapes.CloudRouteAssignedOverride]:
        """The same, read once for the whole process."""
        path = self._overrides_below(group, profile, assigned)
        return self.listings.get(path, lambda: objects(self.request("CRb-22", "GET", path), self.vendor, "CRb-22"))

    def export_hours(self, group: str, profile: str) -> str:
        """CR-17 ``POST .../percentAllocationHours/export``: the hour-by-hour shares as a file."""
        path = self._exported_hours(group, profile)
        return self.listings.fresh(path, lambda: [self._export(path)])[0]

    def shared_hours(self, group: str, profile: str) -> str:
        """The same as it was last read, unless this process has written to it since then."""
        path = self._exported_hours(group, profile)
        return self.listings.get(path, lambda: [self._export(path)])[0]

    def _export(self, path: str) -> str:
        return str(self.request("CR-17", "POST", path, repeatable=True, answer="text"))

    def import_hours(self, group: str, profile: str, file: str, extension: str) -> None:
        """CR-18 ``POST .../percentAllocationHours/import?extension=``: the same file back, as a whole."""
        path = self._assigned(group, profile)
        self._written(
            path,
            "CR-18",
            "POST",
            f"{path}/percentAllocationHours/import",
            params={"extension": extension},
            files={"file": ("hours.csv", file.encode(), "text/csv")},
            repeatable=True,
        )
        self.listings.drop(path, below=False)
        self.listings.drop(self._exported_hours(group, profile))

    # Overrides of a destination for one dialled number

    def list_overrides(self, group: str, destination: str) -> list[shapes.CloudRouteDestinationOverride]:
        """CR-19 ``GET .../dnisOverrides``."""
        return self._list("CR-19", self._overrides(group, destination), OVERRIDE_ID)

    def create_override(
        self, group: str, destination: str, body: Json, destination_type: str
    ) -> shapes.CloudRouteDestinationOverride | None:
        """CR-20 ``POST .../dnisOverrides?cloudDestinationType=``."""
        return self._create(
            "CR-20",
            self._overrides(group, destination),
            OVERRIDE_ID,
            body,
            params={"cloudDestinationType": destination_type},
        )

    def create_overrides(self, group: str, destination: str, file: str, replace_all: bool) -> None:
        """CR-21 ``POST .../dnisOverrides/batch?replaceAll=``: a file; ``replace_all`` drops every present one first."""
        path = self._overrides(group, destination)
        self._written(
            path,
            "CR-21",
            "POST",
            f"{path}/batch",
            params={"replaceAll": str(replace_all).lower()},
            files={"file": ("overrides.csv", file.encode(), "text/csv")},
            repeatable=replace_all,
        )
        self.listings.drop(path)

    def get_override(self, group: str, destination: str, override: str) -> shapes.CloudRouteDestinationOverride:
        """CRb-12 ``GET .../dnisOverrides/{id}``."""
        return self._get("CRb-12", below(self._overrides(group, destination), override), OVERRIDE_ID)

    def update_override(
        self, group: str, destination: str, override: str, body: Json, destination_type: str
    ) -> shapes.CloudRouteDestinationOverride:
        """CRb-13 ``PUT .../dnisOverrides/{id}?cloudDestinationType=``."""
        return self._replace(
            "CRb-13",
            self._overrides(group, destination),
            override,
            OVERRIDE_ID,
            body,
            params={"cloudDestinationType": destination_type},
        )

    def delete_override(self, group: str, destination: str, override: str) -> None:
        """CRb-14 ``DELETE .../dnisOverrides/{id}``."""
        self._delete("CRb-14", self._overrides(group, destination), override, OVERRIDE_ID)

    # Paths

    def _destinations(self, group: str) -> str:
        return below(self._groups, group, "cloudRouteDestinations")

    def _profiles(self, group: str) -> str:
        return below(self._profile_groups, group, "cloudRouteProfiles")

    def _assigned(self, group: str, profile: str) -> str:
        return below(self._profiles(group), profile, "assignedDestinations")

    def _overrides_below(self, group: str, profile: str, assigned: str) -> str:
        return below(self._assigned(group, profile), assigned, "dnisOverrides")

    def _exported_hours(self, group: str, profile: str) -> str:
        return f"{self._assigned(group, profile)}/percentAllocationHours/export"

    def _overrides(self, group: str, destination: str) -> str:
        return below(self._destinations(group), destination, "dnisOverrides")

    def _written(self, collection: str, operation: str, method: str, path: str, **options: Any) -> Any:
        self.check_account()
        try:
            return super()._written(collection, operation, method, path, **options)
        finally:
            for tree in (self._groups, self._profile_groups):
                self.listings.drop(below(tree, "withChildren"))

    def _repeating(self) -> None:
        self.budget.take()


# What is asked about each kind of object

ROUTE_GROUPS = Calls(
    path=("group",),
    id_field=GROUP_ID,
    list=RingCX.list_groups,
    get=RingCX.get_group,
    create=RingCX.create_group,
    update=RingCX.update_group,
    delete=RingCX.delete_group,
)
DESTINATIONS = Calls(
    path=("group", "destination"),
    id_field=DESTINATION_ID,
    list=RingCX.list_destinations,
    get=RingCX.get_destination,
    create=RingCX.create_destination,
    update=RingCX.update_destination,
    switch_field="isActive",
    switch=RingCX.set_destination_active,
    clone=RingCX.clone_destination,
    why_left="the vendor cannot delete a destination; it is inactive",
)
PROFILES = Calls(
    path=("group", "profile"),
    id_field=PROFILE_ID,
    list=RingCX.list_profiles,
    get=RingCX.get_profile,
    create=RingCX.create_profile,
    update=RingCX.update_profile,
    switch_field="isActive",
    switch=RingCX.set_profile_active,
    clone=RingCX.clone_profile,
    why_left="the vendor cannot delete a profile; it is inactive",
)
ASSIGNED_DESTINATIONS = Calls(
    path=("group", "profile", "assigned destination"),
    id_field=ASSIGNMENT_ID,
    list=RingCX.list_assigned,
    get=RingCX.get_assigned,
    create=RingCX.create_assigned,
    update=RingCX.update_assigned,
    delete=RingCX.delete_assigned,
)
DNIS_OVERRIDES = Calls(
    path=("group", "destination", "override"),
    id_field=OVERRIDE_ID,
    list=RingCX.list_overrides,
    get=RingCX.get_override,
    delete=RingCX.delete_override,
)

_clients: dict[tuple[str, str], RingCX] = {}
_clients_lock = threading.Lock()


def forget() -> None:
    """Close the clients of this process, with all that they have read."""
    with _clients_lock:
        for client in _clients.values():
            client.close()
        _clients.clear()


def ringcx_client(account: str = "") -> RingCX:
    """The client of this process for an account, or for the one that the settings name."""
    where = BASE_URL.url(), account or _other_account.get() or _account_id()
    with _clients_lock:
        if where not in _clients:
            _clients[where] = RingCX(*where, requests_per_minute=math.ceil(RATE.number()))
        return _clients[where]


_other_account: ContextVar[str] = ContextVar("_other_account", default="")


@contextlib.contextmanager
def in_account(account: str) -> Iterator[None]:
    """Until the end of it, look at another account than the one that the settings name."""
    token = _other_account.set(account)
    try:
        yield
    finally:
        _other_account.reset(token)


def _account_id() -> str:
    account = ACCOUNT_ID.require()
    if not (account.isascii() and account.isdigit()):
        raise SettingsError(f"{ACCOUNT_ID.variable} is {account!r}; a RingCX account id is digits only")
    return account
