"""RingCX remote HTTP services and external auth configurations, one method for each operation.

Operation numbers are this project's own: ``HT`` is HTTP services, a ``b`` after it marks those that only the vendor's
contract lists. The vendor calls a service active in ``setIsActive`` and enabled everywhere else.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Final

from ..client.answers import an_object, objects, parts
from ..client.http import below
from ..client.listings import Json
from ..client.together import Together
from ..lifecycle.calls import Calls
from . import shapes_http_services as shapes
from .client_switches import SwitchesApi

SERVICE_GROUP_ID: Final = "serviceGroupId"
SERVICE_ID: Final = "serviceId"
INPUT_ID: Final = "inputId"
AUTH_CONFIG_ID: Final = "authConfigId"
AUTH_TYPE: Final = "authType"

_PAGE = 100
_HIGHEST_FIRST_PAGE = 1
_ROUND = 5


class HttpServicesApi(SwitchesApi):
    """The remote HTTP services of one account, and the auth configurations that they sign in with."""

    account_id: str
    _account: str

    # Groups

    def list_service_groups(self) -> list[shapes.RemoteHttpServiceGroup]:
        """HT-01 ``GET httpServiceGroups``."""
        return self._pages("HT-01", self._service_groups, SERVICE_GROUP_ID)

    def create_service_group(self, body: Json) -> shapes.RemoteHttpServiceGroup | None:
        """HT-02 ``POST httpServiceGroups``."""
        return self._create("HT-02", self._service_groups, SERVICE_GROUP_ID, body)

    def list_service_groups_with_services(self, *, permissions: bool = False) -> list[shapes.RemoteHttpServiceGroup]:
        """HT-03 ``GET httpServiceGroups/withChildren``: every service of the account, as it is right now."""
        path = below(self._service_groups, "withChildren")
        which = {"includePermissions": "true"} if permissions else None
        return objects(self.request("HT-03", "GET", path, params=which), self.vendor, "HT-03", SERVICE_GROUP_ID)

    @cached_property
    def services_by_auth(self) -> Together[list[shapes.RemoteHttpService]]:
        """The services that sign in with auth configurations, by these, right now (HT-03)."""

        def of(configs: list[str]) -> dict[str, list[shapes.RemoteHttpService]]:
            groups = self.list_service_groups_with_services()
            services = [one for group in groups for one in parts(group.get("services"))]
            return {config: [one for one in services if one.get(AUTH_CONFIG_ID) == config] for config in configs}

        return Together(of)

    def get_service_group(self, group: str) -> shapes.RemoteHttpServiceGroup:
        """HT-04 ``GET httpServiceGroups/{id}``."""
        return self._get("HT-04", below(self._service_groups, group), SERVICE_GROUP_ID)

    def update_service_group(self, group: str, body: Json) -> shapes.RemoteHttpServiceGroup:
        """HT-05 ``PUT httpServiceGroups/{id}``: the whole object."""
        return self._replace("HT-05", self._service_groups, group, SERVICE_GROUP_ID, body)

    # Services

    def list_services(self, group: str) -> list[shapes.RemoteHttpService]:
        """HT-06 ``GET .../httpServices``."""
        return self._pages("HT-06", self._services(group), SERVICE_ID)

    def create_service(self, group: str, body: Json) -> shapes.RemoteHttpService | None:
        """HT-07 ``POST .../httpServices``."""
        return self._create("HT-07", self._services(group), SERVICE_ID, body)

    def get_service(self, group: str, service: str) -> shapes.RemoteHttpService:
        """HT-08 ``GET .../httpServices/{id}``."""
        return self._get("HT-08", below(self._services(group), service), SERVICE_ID)

    def update_service(self, group: str, service: str, body: Json) -> shapes.RemoteHttpService:
        """HT-09 ``PUT .../httpServices/{id}``: the whole object."""
        return self._replace("HT-09", self._services(group), service, SERVICE_ID, body)

    def clone_service(self, group: str, service: str, name: str) -> shapes.RemoteHttpService | None:
        """HT-10 ``POST .../httpServices/{id}/clone?newName=``."""
        path = self._services(group)
        return self._create("HT-10", path, SERVICE_ID, None, at=below(path, service, "clone"), params={"newName": name})

    def set_service_active(self, group: str, service: str, active: bool) -> None:
        """HT-11 ``PUT .../httpServices/{id}/setIsActive``: whether calls may use it."""
        self._switched("HT-11", self._services(group), service, SERVICE_ID, "isEnabled", active)

    def delete_service(self, group: str, service: str) -> None:
        """HTb-05 ``DELETE /voice/api/v2/.../httpServices/{id}``; for good, and refused while it is in use."""
        path = self._services(group)
        self._written(path, "HTb-05", "DELETE", below(path, service).replace("/v1/", "/v2/", 1))
        self.listings.take_out(path, SERVICE_ID, service)

    # Inputs of a service

    def list_inputs(self, group: str, service: str) -> list[shapes.RemoteHttpServiceInput]:
        """HT-12 ``GET .../inputs``."""
        return self._list("HT-12", self._inputs(group, service), INPUT_ID)

    def create_inputs(self, group: str, service: str, bodies: Sequence[Json]) -> None:
        """HT-13 ``POST .../inputs``: several at once."""
        path = self._inputs(group, service)
        self._written(path, "HT-13", "POST", path, json=list(bodies))
        self.listings.drop(path)

    def get_input(self, group: str, service: str, input_: str) -> shapes.RemoteHttpServiceInput:
        """HT-14 ``GET .../inputs/{id}``."""
        return self._get("HT-14", below(self._inputs(group, service), input_), INPUT_ID)

    def delete_input(self, group: str, service: str, input_: str) -> None:
        """HT-15 ``DELETE .../inputs/{id}``."""
        self._delete("HT-15", self._inputs(group, service), input_, INPUT_ID)

    # Auth configurations. Their ids are chosen by the caller, so that a create may be repeated; a change names only
    # what changes, and no answer shows a secret.

    def list_auth_configs(self) -> list[shapes.ExternalAuthConfig]:
        """HT-16 ``GET external/authConfigs``."""
        return self._pages("HT-16", self._auth_configs, AUTH_CONFIG_ID, self._auth_records)

    def get_auth_config(self, id_: str) -> shapes.ExternalAuthConfig:
        """HT-17 ``GET external/authConfigs/{id}``."""
        return self._get("HT-17", below(self._auth_configs, id_), AUTH_CONFIG_ID)

    def delete_auth_config(self, id_: str) -> None:
        """HT-18 ``DELETE external/authConfigs/{id}``; for good."""
        self._delete("HT-18", self._auth_configs, id_, AUTH_CONFIG_ID)

    def create_api_key_auth(self, id_: str, body: Json) -> shapes.ExternalAuthConfig | None:
        """HT-19 ``POST external/authConfigs/{id}/apiKey``."""
        return self._create_auth("HT-19", id_, "apiKey", body)

    def create_basic_auth(self, id_: str, body: Json) -> shapes.ExternalAuthConfig | None:
        """HT-20 ``POST external/authConfigs/{id}/basic``."""
        return self._create_auth("HT-20", id_, "basic", body)

    def create_oauth_auth(self, id_: str, body: Json) -> shapes.ExternalAuthConfig | None:
        """HT-21 ``POST external/authConfigs/{id}/oauth``."""
        return self._create_auth("HT-21", id_, "oauth", body)

    def create_jwt_auth(self, id_: str, body: Json) -> shapes.ExternalAuthConfig | None:
        """HTb-06 ``POST external/authConfigs/{id}/jwt``."""
        return self._create_auth("HTb-06", id_, "jwt", body)

    def create_custom_auth(self, id_: str, body: Json) -> shapes.ExternalAuthConfig | None:
        """HTb-07 ``POST external/authConfigs/{id}/customAuth``."""
        return self._create_auth("HTb-07", id_, "customAuth", body)

    def update_api_key_auth(self, id_: str, body: Json) -> None:
        """HTb-08 ``PATCH external/authConfigs/{id}/apiKey``."""
        self._update_auth("HTb-08", id_, "apiKey", body)

    def update_basic_auth(self, id_: str, body: Json) -> None:
        """HTb-09 ``PATCH external/authConfigs/{id}/basic``."""
        self._update_auth("HTb-09", id_, "basic", body)

    def update_oauth_auth(self, id_: str, body: Json) -> None:
        """HTb-10 ``PATCH external/authConfigs/{id}/oauth``."""
        self._update_auth("HTb-10", id_, "oauth", body)

    def update_jwt_auth(self, id_: str, body: Json) -> None:
        """HTb-11 ``PATCH external/authConfigs/{id}/jwt``."""
        self._update_auth("HTb-11", id_, "jwt", body)

    def update_custom_auth(self, id_: str, body: Json) -> None:
        """HTb-12 ``PATCH external/authConfigs/{id}/customAuth``."""
        self._update_auth("HTb-12", id_, "customAuth", body)

    # Steps

    def _create_auth(self, operation: str, id_: str, kind: str, body: Json) -> shapes.ExternalAuthConfig | None:
        path = self._auth_configs
        return self._create(operation, path, AUTH_CONFIG_ID, body, at=below(path, id_, kind), repeatable=True)

    def _update_auth(self, operation: str, id_: str, kind: str, body: Json) -> None:
        path = self._auth_configs
        self._written(path, operation, "PATCH", below(path, id_, kind), json=body)
        self.listings.drop(path)

    def _pages(
        self,
        operation: str,
        path: str,
        id_field: str,
        rows_of: Callable[[Any, str], Any] | None = None,
    ) -> list[Any]:
        """A list that comes in pages, whole. Whether the vendor counts them from 0 or from 1 is not documented.

        Nor is the most that it gives in one page, or a total. A page that is shorter than was asked for is the last,
        but for one with a round number of rows, which may be as long as the vendor makes them.
        """

        def fetch() -> list[Json]:
            found: dict[str, Json] = {}
            for page in itertools.count():
                which = {"page": page} if page else {}
                answer = self.request(operation, "GET", path, params={**which, "maxRows": _PAGE})
                rows = objects(rows_of(answer, operation) if rows_of else answer, self.vendor, operation, id_field)
                new = {str(row.get(id_field)): row for row in rows if str(row.get(id_field)) not in found}
                found |= new
                short = len(rows) < _PAGE and len(rows) % _ROUND != 0
                if not rows or short or (not new and page > _HIGHEST_FIRST_PAGE):
                    break
            return list(found.values())

        return self.listings.get(path, fetch)

    def _auth_records(self, answer: Any, operation: str) -> Any:
        return an_object(answer, self.vendor, operation).get("records")

    @property
    def _service_groups(self) -> str:
        return f"{self._account}/httpServiceGroups"

    @property
    def _auth_configs(self) -> str:
        return f"{self._account}/external/authConfigs"

    def _services(self, group: str) -> str:
        return below(self._service_groups, group, "httpServices")

    def _inputs(self, group: str, service: str) -> str:
        return below(self._services(group), service, "inputs")


# What is asked about each kind of object

SERVICE_GROUPS = Calls(
    path=("group",),
    id_field=SERVICE_GROUP_ID,
    list=HttpServicesApi.list_service_groups,
    get=HttpServicesApi.get_service_group,
    create=HttpServicesApi.create_service_group,
    update=HttpServicesApi.update_service_group,
    why_left="the vendor cannot delete a group of services",
)
SERVICES = Calls(
    path=("group", "service"),
    id_field=SERVICE_ID,
    list=HttpServicesApi.list_services,
    get=HttpServicesApi.get_service,
    create=HttpServicesApi.create_service,
    update=HttpServicesApi.update_service,
    switch_field="isEnabled",
    switch=HttpServicesApi.set_service_active,
    clone=HttpServicesApi.clone_service,
    delete=HttpServicesApi.delete_service,
)
SERVICE_INPUTS = Calls(
    path=("group", "service", "input"),
    id_field=INPUT_ID,
    list=HttpServicesApi.list_inputs,
    get=HttpServicesApi.get_input,
    delete=HttpServicesApi.delete_input,
)


def _auth_configs(
    auth_type: str,
    create: Callable[[HttpServicesApi, str, Json], shapes.ExternalAuthConfig | None],
    update: Callable[[HttpServicesApi, str, Json], None],
) -> Calls[HttpServicesApi, shapes.ExternalAuthConfig]:
    return Calls(
        path=("auth config",),
        id_field=AUTH_CONFIG_ID,
        list=HttpServicesApi.list_auth_configs,
        get=HttpServicesApi.get_auth_config,
        create_as=create,
        starts_with={AUTH_TYPE: auth_type},
        update=update,
        delete=HttpServicesApi.delete_auth_config,
    )


API_KEY_AUTHS = _auth_configs("APIKEY", HttpServicesApi.create_api_key_auth, HttpServicesApi.update_api_key_auth)
BASIC_AUTHS = _auth_configs("BASIC", HttpServicesApi.create_basic_auth, HttpServicesApi.update_basic_auth)
OAUTH_AUTHS = _auth_configs("OAUTH", HttpServicesApi.create_oauth_auth, HttpServicesApi.update_oauth_auth)
JWT_AUTHS = _auth_configs("JWT", HttpServicesApi.create_jwt_auth, HttpServicesApi.update_jwt_auth)
CUSTOM_AUTHS = _auth_configs("CUSTOM_AUTH", HttpServicesApi.create_custom_auth, HttpServicesApi.update_custom_auth)
