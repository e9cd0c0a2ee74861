"""Remote HTTP services in the vendor's form and in ours: the request's configuration travels as JSON text."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from ...client.listings import Json
from ..client_http_services import SERVICES, HttpServicesApi
from ..json_text import parsed
from ..shapes_http_services import RemoteHttpService

CONFIG = "httpServiceConfig"


def opened(live: Json) -> Json:
    """A service with its configuration as an object."""
    return {**live, CONFIG: parsed(live[CONFIG])} if live.get(CONFIG) else live


def closed(body: Json) -> Json:
    """A service with its configuration as text."""
    config = body.get(CONFIG)
    return {**body, CONFIG: json.dumps(config)} if isinstance(config, dict) else body


def header_map(headers: Any) -> Any:
    """Headers by name, as the vendor writes them; a list that says more than names and values as it is."""
    if not isinstance(headers, list):
        return headers
    rows = [row for row in headers if isinstance(row, dict) and row.keys() == {"name", "value"}]
    by_name = {str(row["name"]): row["value"] for row in rows}
    return by_name if len(by_name) == len(headers) else headers


def header_list(headers: Any) -> Any:
    """The same as a list of names and values."""
    if not isinstance(headers, dict):
        return headers
    return [{"name": name, "value": value} for name, value in headers.items()]


def _create(api: HttpServicesApi, group: str, body: Json) -> RemoteHttpService | None:
    return api.create_service(group, {"accountId": api.account_id, **body})


CALLS = replace(SERVICES, create=_create)
