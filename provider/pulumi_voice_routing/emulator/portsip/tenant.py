"""The tenant, and its extensions and trunks, which are there for others to name."""

from __future__ import annotations

from ..learning import tells
from ..routing import Call, Family, Operation
from ..schema import Record, text
from ..store import Kind
from ..vendors import PORTSIP
from .lists import LISTING, listed

DOMAIN = "acme.example.com"
NUMBER = r"[0-9]{3,64}"

EXTENSION = Kind(
    name="PortSipExtension",
    id_field="extension_number",
    fields=(text("extension_number", pattern=NUMBER), text("display_name")),
    complete=lambda _store, extension: {"display_name": None, **extension},
)
TRUNK = Kind(name="PortSipTrunk", id_field="id", fields=(text("id"), text("name", required=True)))


def _info(call: Call) -> Record:
    return {"name": "Acme", "domain": DOMAIN, "web_domain": DOMAIN}


def _list_extensions(call: Call) -> Record:
    return listed(call, [EXTENSION.own(one) for one in call.store.all(EXTENSION)])


def _list_trunks(call: Call) -> Record:
    return listed(call, [TRUNK.own(one) for one in call.store.all(TRUNK)])


FAMILY = Family(
    vendor=PORTSIP,
    tells={"RG-extensions": tells(EXTENSION), "RG-trunks": tells(TRUNK)},
    operations=(
        Operation("RG-info", "GET", "/api/info", _info, query=(text("domain"),)),
        Operation("RG-extensions", "GET", "/api/users", _list_extensions, query=LISTING),
        Operation("RG-trunks", "GET", "/api/providers", _list_trunks, query=LISTING),
    ),
    kinds=(EXTENSION, TRUNK),
    first_objects={
        EXTENSION.name: tuple(
            {"extension_number": str(number), "display_name": f"Extension {number}"} for number in range(101, 109)
        ),
        TRUNK.name: (
            {"id": "NzAwNTUxOTA5NzczMTQ4MDAx", "name": "Main"},
            {"id": "NzAwNTUxOTA5NzczMTQ4MDAy", "name": "Backup"},
        ),
    },
)
