"""PortSIP PBX, one method for each operation of the vendor's API.

Operation numbers are this project's own: ``RG`` is ring groups, a ``b`` after it marks those beyond the core, and
``PI`` is what calls from outside pass. The API knows GET and POST only, and ids are opaque. A collection's list is
read once in a process, all its pages.

Reference: https://support.portsip.com (PortSIP PBX REST API, ring groups)
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, TypedDict, cast
from urllib.parse import urlsplit

from ..client.answers import Refusal, an_object, another, each_once, objects, part, parts
from ..client.http import ApiClient, below
from ..client.listings import Json
from ..client.pacing import pause
from ..client.tokens import BearerAuth
from ..errors import ApiError, Forbidden, NotFound, SettingsError, UnexpectedAnswer
from ..lifecycle.calls import Calls
from ..settings import Setting
from .auth import BASE_URL, DOMAIN, PortSipTokens
from .refusals import refusal
from .shapes import BlockedNumber, Extension, Member, RingGroup, Trunk

if TYPE_CHECKING:
    from ..client.transport import httpx

RATE = Setting("PORTSIP_REQUESTS_PER_MINUTE", "The number of PortSIP calls allowed in a minute", "5000")

ID: Final = "id"
_OF_THE_TRUNK = frozenset({"provider_name", "provider_brand", "provider_did_numbers"})
MEMBERS: Final = "members"

_TOP = 100
_A_LIST_IS_LATE_BY = 2.0
_GROUPS = "/api/ring_groups"
_BLOCKED = "/api/blacklisted_numbers"


class Query(TypedDict, total=False):
    """What of a list is asked for, in the server's words."""

    filter: str
    """A condition on fields, such as ``startswith(name, 'Sup')``."""
    search: str
    """Words to look for."""
    orderby: str
    """The field that decides the order, and ``asc`` or ``desc``."""
    skip: int
    """How many are left out at the beginning."""
    top: int
    """How many at the most."""


class PortSIP(ApiClient):
    """The PortSIP PBX API of one tenant."""

    vendor = "portsip"
    public = frozenset({"RG-info"})

    def __init__(
        self,
        base_url: str,
        tokens: PortSipTokens,
        domain: str | None = None,
        requests_per_minute: int = 5000,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        super().__init__(base_url, BearerAuth(tokens), requests_per_minute, transport)
        self._host = urlsplit(base_url).hostname or ""
        self._domain = domain
        self._asking = threading.Lock()
        self._told: str | None = None

    def read_refusal(self, body: Json, text: str) -> Refusal:
        return refusal(body, text)

    # Which server, which tenant

    @property
    def tenant(self) -> str:
        """Host and domain, which every id of this tenant starts with.

        The configured domain is the one that signs in, so that the session is in it. Without one there is a ready
        token, and RG-info ``GET /api/info`` is a hint: it is public, and may name the server's own domain.
        """
        return f"{self._host}/{self._domain or self._told_domain()}"

    @property
    def has_domain(self) -> bool:
        """Whether the settings name the domain."""
        return self._domain is not None

    def _told_domain(self) -> str:
        with self._asking:
            if self._told is None:
                self._told = self._ask_domain()
            return self._told

    def _ask_domain(self) -> str:
        try:
            answer = an_object(self.request("RG-info", "GET", "/api/info"), self.vendor, "RG-info")
        except ApiError as error:
            if error.status == 401:
                raise
            answer = {}
        found = str(answer.get("domain") or "")
        if not found:
            raise SettingsError(
                f"portsip: the server does not say which tenant the session belongs to. Set {DOMAIN.variable}, or run: "
                f"pulumi config set voice-routing:{DOMAIN.key} {DOMAIN.example}"
            )
        return found

    def reach(self) -> None:
        """Raises why no call can work: RG-01 for one group, which needs a valid session."""
        if self.proven:
            return
        with contextlib.suppress(Forbidden):  # whoever is known there, and may do other things
            self.list_groups({"top": 1})

    # Ring groups

    def list_groups(self, query: Query | None = None) -> list[RingGroup]:
        """RG-01 ``GET /api/ring_groups``: summaries."""
        return self._items("RG-01", _GROUPS, ID, query)

    def create_group(self, body: Json) -> RingGroup | None:
        """RG-02 ``POST /api/ring_groups``, which answers the id alone; nothing when it does not even answer that."""
        answer = part(self._written(_GROUPS, "RG-02", "POST", _GROUPS, json=body))
        made = cast(RingGroup, {**body, ID: str(answer.get(ID) or "")})
        return made if self._entered(_GROUPS, ID, made) else None

    def get_group(self, group: str) -> RingGroup:
        """RG-03 ``GET /api/ring_groups/{id}``: all of it but its members. Raises :class:`NotFound`."""
        with self._or_gone(_GROUPS, group, self.list_groups):
            return self._get("RG-03", below(_GROUPS, group), ID)

    @contextmanager
    def _or_gone(
        self, path: str, id_: str, everything: Callable[[], Sequence[RingGroup | BlockedNumber]]
    ) -> Iterator[None]:
        """Servers answer 404 or 400 for what is gone, and for other things too: the list has the last word.

        What it still shows is looked for once more: it may have been deleted a moment ago.
        """
        try:
            yield
        except ApiError as error:
            if error.status not in (400, 404):
                raise

            def is_listed() -> bool:
                self.listings.drop(path)
                return any(str(one.get(ID)) == id_ for one in everything())

            if is_listed():
                pause(_A_LIST_IS_LATE_BY, f"{self.vendor}: {error.call}: looking once more whether it is gone")
                if is_listed():
                    raise
            raise NotFound(self.vendor, error.call, error.status, error.code, error.message) from None

    def update_group(self, group: str, body: Json) -> None:
        """RG-04 ``POST /api/ring_groups/{id}``: the whole group but its number, and but what the server sets itself."""
        self._posted(_GROUPS, "RG-04", below(_GROUPS, group), json=_without_server_fields(body))
        self.listings.drop(_GROUPS)

    def delete_group(self, group: str) -> None:
        """RGb-01 ``POST /api/ring_groups/{id}/destroy``. Raises :class:`NotFound`, after a lost answer too."""
        with self._or_gone(_GROUPS, group, self.list_groups):
            self._posted(_GROUPS, "RGb-01", below(_GROUPS, group, "destroy"))
        self.listings.take_out(_GROUPS, ID, group)

    def list_members(self, group: str) -> list[Member]:
        """RGb-02 ``GET /api/ring_groups/{id}/agents``. Raises :class:`NotFound` when the group is gone."""
        with self._or_gone(_GROUPS, group, self.list_groups):
            answer = an_object(self.request("RGb-02", "GET", self._members(group)), self.vendor, "RGb-02")
        return objects(_items_in(answer), self.vendor, "RGb-02")

    def replace_members(self, group: str, members: list[Json]) -> None:
        """RGb-03 ``POST /api/ring_groups/{id}/agents``: the whole list, in ring order."""
        self._posted(_GROUPS, "RGb-03", self._members(group), json={"items": members})

    def get_member(self, group: str, extension_number: str) -> Member:
        """RGb-04 ``GET /api/ring_groups/{id}/agents/{agent_number}``."""
        return self._get("RGb-04", below(self._members(group), extension_number), "extension_number")

    def list_my_groups(self) -> list[RingGroup]:
        """RGb-05 ``GET /api/user/ring_groups``: those of the signed-in user."""
        answer = an_object(self.request("RGb-05", "GET", "/api/user/ring_groups"), self.vendor, "RGb-05")
        return objects(_items_in(answer), self.vendor, "RGb-05")

    def whole_groups(self) -> list[RingGroup]:
        """Every group as a whole (RG-01, then RG-03 for each), once for a process."""
        return self.listings.get(f"{_GROUPS}/whole", lambda: list(self._each_group()))

    def _each_group(self) -> Iterator[RingGroup]:
        for one in self.list_groups():
            with contextlib.suppress(NotFound):  # destroyed since it was listed
                yield self.get_group(str(one[ID]))

    # Blocked numbers

    def list_blocked_numbers(self) -> list[BlockedNumber]:
        """PI-48 ``GET /api/blacklisted_numbers``: whole entries."""
        return self._items("PI-48", _BLOCKED, ID)

    def create_blocked_number(self, body: Json) -> BlockedNumber | None:
        """PI-49 ``POST /api/blacklisted_numbers``, which answers the id alone."""
        answer = part(self._written(_BLOCKED, "PI-49", "POST", _BLOCKED, json=body))
        made = cast(BlockedNumber, {**body, ID: str(answer.get(ID) or "")})
        return made if self._entered(_BLOCKED, ID, made) else None

    def get_blocked_number(self, blocked: str) -> BlockedNumber:
        """PI-50 ``GET /api/blacklisted_numbers/{id}``. Raises :class:`NotFound`."""
        with self._or_gone(_BLOCKED, blocked, self.list_blocked_numbers):
            return self._get("PI-50", below(_BLOCKED, blocked), ID)

    def update_blocked_number(self, blocked: str, body: Json) -> None:
        """PI-51 ``POST /api/blacklisted_numbers/{id}``: the whole entry, without what is null."""
        said = {name: value for name, value in body.items() if value is not None}
        self._posted(_BLOCKED, "PI-51", below(_BLOCKED, blocked), json=said)
        self.listings.drop(_BLOCKED)

    def delete_blocked_number(self, blocked: str) -> None:
        """PI-52 ``POST /api/blacklisted_numbers/{id}/destroy``. Raises :class:`NotFound`, after a lost answer too."""
        with self._or_gone(_BLOCKED, blocked, self.list_blocked_numbers):
            self._posted(_BLOCKED, "PI-52", below(_BLOCKED, blocked, "destroy"))
        self.listings.take_out(_BLOCKED, ID, blocked)

    # What groups refer to

    def list_trunks(self, query: Query | None = None) -> list[Trunk]:
        """RG-trunks ``GET /api/providers``."""
        return self._items("RG-trunks", "/api/providers", query=query)

    def list_extensions(self, query: Query | None = None) -> list[Extension]:
        """RG-extensions ``GET /api/users``."""
        return self._items("RG-extensions", "/api/users", query=query)

    # Paths and pages

    def _posted(self, collection: str, operation: str, path: str, **options: object) -> None:
        """A POST that may come twice. What comes with its 2xx does not matter, as long as it comes from the server."""
        said = self._written(collection, operation, "POST", path, repeatable=True, answer="text", **options)
        if str(said).lstrip().startswith("<"):
            raise UnexpectedAnswer(
                f"portsip: {operation} POST {path}: a page instead of an answer. Check the base URL, and whether a "
                "proxy answers in the server's place."
            )

    def _members(self, group: str) -> str:
        return below(_GROUPS, group, "agents")

    def _items(self, operation: str, path: str, id_field: str | None = None, query: Query | None = None) -> list[Any]:
        """The whole list, read once; with a query what fits it, as it is right now."""
        asked = query or {}
        skip, top = asked.get("skip", 0), asked.get("top")

        def fetch() -> list[Json]:
            found: list[Json] = []
            page: list[Json] = []
            while top is None or len(found) < top:
                most = _TOP if top is None else min(_TOP, top - len(found))
                which = {**asked, "skip": skip + len(found), "top": most}
                answer = an_object(self.request(operation, "GET", path, params=which), self.vendor, operation)
                items = objects(_items_in(answer), self.vendor, operation, id_field)
                count = answer.get("count")
                if count is None and items == page:
                    break  # neither counted nor paged
                page = another(items, page, self.vendor, operation)
                found += page
                if not items or (isinstance(count, int) and skip + len(found) >= count):
                    break
            return each_once(found, id_field)[:top]

        return fetch() if query else self.listings.get(path, fetch)

    def _written(self, collection: str, operation: str, method: str, path: str, **options: Any) -> Any:
        self.listings.drop(f"{collection}/whole")
        return super()._written(collection, operation, method, path, **options)


def _without_server_fields(body: Json) -> Json:
    """From version 22.8 on, an outbound caller id shows its trunk's name, brand and numbers."""
    if not isinstance(body.get("outbound_caller_ids"), list):
        return body
    rows = [
        {name: value for name, value in one.items() if name not in _OF_THE_TRUNK}
        for one in parts(body["outbound_caller_ids"])
    ]
    return {**body, "outbound_caller_ids": rows}


def _items_in(answer: Json) -> object:
    """Null stands for none; an answer without the word at all is another one than was asked for."""
    return [] if "items" in answer and answer["items"] is None else answer.get("items")


def _changed(api: PortSIP, blocked: str, body: Json) -> BlockedNumber:
    """The update says nothing of what came of it, so that the entry is asked for."""
    api.update_blocked_number(blocked, body)
    return api.get_blocked_number(blocked)


BLOCKED_NUMBERS = Calls(
    path=("blocked number",),
    id_field=ID,
    list=PortSIP.list_blocked_numbers,
    get=PortSIP.get_blocked_number,
    create=PortSIP.create_blocked_number,
    update=_changed,
    delete=PortSIP.delete_blocked_number,
)


_clients: dict[tuple[str, str | None], PortSIP] = {}
_clients_lock = threading.Lock()


def forget() -> None:
    """Close the clients of this process, with all that they have read."""
    with _clients_lock:
        for client in _clients.values():
            client.close()
        _clients.clear()


def portsip_client() -> PortSIP:
    """The client of this process for the tenant that the settings name."""
    base_url, domain = BASE_URL.url(), DOMAIN.get()
    with _clients_lock:
        if (base_url, domain) not in _clients:
            _clients[base_url, domain] = PortSIP(base_url, PortSipTokens(base_url), domain, int(RATE.number()))
        return _clients[base_url, domain]
