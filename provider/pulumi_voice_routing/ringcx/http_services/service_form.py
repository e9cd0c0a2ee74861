"""Remote HTTP services in the vendor's form and in ours: the request's configuration travels as JSON text."""

from __future__ import annotations

import json
from dataclasses import replace

from ...client.listings import Json
from ..client_http_services import SERVICES, HttpServicesApi
from ..json_text import parsed

CONFIG = "httpServiceConfig"


def opened(live: Json) -> Json:
    """A service with its configuration as an object."""
    return {**live, CONFIG: parsed(live[CONFIG])} if live.get(CONFIG) else live


def closed(body: Json) -> Json:
    """A service with its configuration as text."""
    config = body.get(CONFIG)
    return {**body, CONFIG: json.dumps(config)} if isinstance(config, dict) else body


def _create(api: HttpServicesApi, group: str, body: Json) -> Json | None:
    return api.create_service(group, {"accountId": api.account_id, **body})


CALLS = replace(SERVICES, create=_create)
