"""RingEX, one method for each operation of the vendor's API.

Operation numbers are this project's own: ``EX`` is RingEX call handling, a ``b`` after it marks those beyond the core.
Account, extension and object ids are the vendor's own, as strings; ``~`` stands for the signed-in one. A collection's
list is read once in a process, all its pages.

Reference: https://developers.ringcentral.com/api-reference/Answering-Rules
"""

from __future__ import annotations

import contextlib
import itertools
import re
import threading
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from .. import say
from ..client.answers import Refusal, an_object, another, each_once, objects, part, parts
from ..client.http import Shape, below
from ..client.listings import Json
from ..client.pacing import Budget
from ..client.tokens import BearerAuth
from ..errors import ApiError, DeclarationError, NotFound, SettingsError, UnexpectedAnswer
from ..lifecycle.calls import Calls
from ..settings import Setting
from .auth import BASE_URL, RingExTokens, ringex_tokens
from .rates import RateGroups
from .refusals import MOVED, WHAT_NOW, refusal
from .shapes import AnsweringRule, ForwardingNumber
from .shapes_user_calls import Feature
from .user_calls import GROUPS as USER_GROUPS
from .user_calls import UserCalls

if TYPE_CHECKING:
    from ..client.transport import httpx

ACCOUNT_ID = Setting("RINGEX_ACCOUNT_ID", "The RingEX account id", example="400123456")
RATE = Setting("RINGEX_REQUESTS_PER_MINUTE", "The number of RingEX calls allowed in a minute in each limit group")

SELF = "~"
ID: Final = "id"

_ROOT = "/restapi/v1.0"
_PER_PAGE = 1000
"""The most that the vendor allows; larger pages mean fewer requests."""
LIMIT_GROUPS = {
    "EX-01": "medium",
    "EX-02": "light",
    "EX-03": "medium",
    "EX-04": "medium",
    "EX-05": "medium",
    "EXb-01": "medium",
    "EXb-02": "light",
    "EXb-03": "medium",
    "EXb-04": "light",
    "EXb-05": "medium",
    **USER_GROUPS,
}
"""The documented limit group of each operation."""
_NOT_FOUND = "CMN-102"
"""Comes with 404 and with 400; a call that the server does not know is another 404."""
_NEW_CALL_HANDLING = "NewCallHandlingAndForwarding"
_EXTENSION_IN = re.compile(r"/extension/(\d+)")
_REAL_IDS = re.compile(r"/account/(\d+)/extension/(\d+)")


class RingEX(UserCalls):
    """The RingEX API, as one signed-in extension sees it."""

    vendor = "ringex"

    def __init__(
        self,
        base_url: str,
        tokens: RingExTokens,
        account_id: str | None = None,
        requests_per_minute: int | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._rates = RateGroups(LIMIT_GROUPS, requests_per_minute)
        auth = BearerAuth(tokens)
        super().__init__(base_url, auth, requests_per_minute=0, transport=transport)
        self._configured = account_id
        self._asking = threading.Lock()
        self._signed_in_as: tuple[str, str] | None = None
        self._backends: dict[str, bool] = {}

    def request(self, operation: str, method: str, path: str, **options: Any) -> Any:
        """One call; an answer that the extension was moved meanwhile is remembered for the calls after it."""
        try:
            return super().request(operation, method, path, **options)
        except ApiError as error:
            moved = _EXTENSION_IN.search(path) if error.code == MOVED else None
            if moved is not None:
                self._backends[moved[1]] = True
            raise

    def rate(self, operation: str) -> Budget:
        return self._rates.of(operation)

    def budgets(self) -> list[Budget]:
        return self._rates.budgets

    def heard(self, operation: str, response: httpx.Response) -> None:
        self._rates.heard(operation, response)

    def read_refusal(self, body: Json, text: str) -> Refusal:
        return refusal(body, text)

    def is_missing(self, status: int, body: Json, said: Refusal) -> bool:
        return said.code == _NOT_FOUND

    # Who and where

    @property
    def account_id(self) -> str:
        """The signed-in account. Raises :class:`SettingsError` when it is not the configured one."""
        return self.whoami()[0]

    def whoami(self) -> tuple[str, str]:
        """Account and extension of whoever is signed in, as their real ids: what ``~`` stands for.

        Asked once, by EXb-02: its ``uri`` holds the real ids even where ``~`` was asked for.
        """
        with self._asking:
            if self._signed_in_as is None:
                self._signed_in_as = self._ask_who()
            return self._signed_in_as

    def _ask_who(self) -> tuple[str, str]:
        path = f"{_extension(SELF, SELF)}/forwarding-number"
        answer = an_object(self.request("EXb-02", "GET", path, params={"page": 1, "perPage": 1}), self.vendor, "EXb-02")
        found = _REAL_IDS.search(str(answer.get("uri")))
        if found is None:
            raise UnexpectedAnswer("ringex: EXb-02: the answer does not say which account and extension is signed in.")
        account, extension = found.groups()
        if self._configured not in (None, SELF, account):
            raise SettingsError(
                f"ringex: account {self._configured} is configured, but the sign-in belongs to account {account}. "
                f"Set {ACCOUNT_ID.variable}, or sign in to the other account; nothing was sent."
            )
        return account, extension

    def has_new_call_handling(self, extension: str) -> bool:
        """Whether the extension was moved to the vendor's newer call handling, where these rules do nothing.

        Asked once for each extension, by its features. An answer without the feature tells nothing, as of other
        extensions only some features are told, and neither does a refusal: then EV-04 is tried, and EX-01 where that
        finds nothing. A server that does not know the question counts as not moved: the call itself will tell. Raises
        :class:`NotFound` when there is no such extension.
        """
        if extension not in self._backends:
            try:
                answer = self.get_features(extension, _NEW_CALL_HANDLING)
            except ApiError as error:
                if error.status not in (400, 403, 404, 501):
                    raise
                new: bool | None = None
                if error.status == 501:
                    new = False
                    say.warn(f"{error} Taken for an extension with the older call handling.")
            else:
                new = _is_new_backend(answer)
            self._backends[extension] = self._refuses_rules(extension) if new is None else new
        return self._backends[extension]

    def _refuses_rules(self, extension: str) -> bool:
        try:
            self._pages("EV-04", self._state_rules(extension))
        except ApiError:
            pass  # a server that knows nothing of them, or a user of whom they are not told
        else:
            return True
        try:
            self.request("EX-01", "GET", self._rules(extension), params={"page": 1, "perPage": 1})
        except ApiError as error:
            if error.code == _NOT_FOUND:  # neither kind: there is no such extension
                raise
            return error.code == MOVED
        return False

    def check_call_handling(self, extension: str) -> None:
        """Before the first write, and before a rule is taken for gone. Raises :class:`DeclarationError`."""
        if self.has_new_call_handling(extension):
            raise DeclarationError(
                f"ringex: extension {extension} was moved to the vendor's new call handling, where answering rules can "
                f"neither be read nor changed. {WHAT_NOW} Nothing was changed."
            )

    # Answering rules

    def list_rules(self, extension: str) -> list[AnsweringRule]:
        """EX-01 ``GET answering-rule``: summaries of all rules, the built-in ones too."""
        return self._pages("EX-01", self._rules(extension))

    def get_rule(self, extension: str, rule: str) -> AnsweringRule:
        """EX-02 ``GET answering-rule/{ruleId}``, entries that are switched off included."""
        return self._get("EX-02", below(self._rules(extension), rule), ID)

    def create_rule(self, extension: str, body: Json) -> AnsweringRule | None:
        """EXb-01 ``POST answering-rule``: a custom rule."""
        self.check_call_handling(extension)
        return self._create("EXb-01", self._rules(extension), ID, {"type": "Custom", **body})

    def update_rule(self, extension: str, rule: str, body: Json) -> AnsweringRule:
        """EX-03 ``PUT answering-rule/{ruleId}``: what is left out stays as it is; lists are replaced as a whole."""
        self.check_call_handling(extension)
        return self._replace("EX-03", self._rules(extension), rule, ID, {**body, "showInactiveNumbers": True})

    def delete_rule(self, extension: str, rule: str) -> None:
        """EX-04 ``DELETE answering-rule/{ruleId}``: custom rules only."""
        self.check_call_handling(extension)
        self._delete("EX-04", self._rules(extension), rule, ID)

    def whole_rules(self, extension: str) -> list[AnsweringRule]:
        """Every rule as a whole (EX-01, then EX-02 for each), once for a process; none where rules do nothing."""
        if self.has_new_call_handling(extension):
            return []
        return self.listings.get(f"{self._rules(extension)}/whole", lambda: list(self._each_rule(extension)))

    def _each_rule(self, extension: str) -> Iterator[AnsweringRule]:
        for one in self.list_rules(extension):
            with contextlib.suppress(NotFound):  # deleted since it was listed
                yield self.get_rule(extension, str(one[ID]))

    # Forwarding numbers

    def list_numbers(self, extension: str) -> list[ForwardingNumber]:
        """EXb-02 ``GET forwarding-number``."""
        return self._pages("EXb-02", self._numbers(extension))

    def create_number(self, extension: str, body: Json) -> ForwardingNumber | None:
        """EXb-03 ``POST forwarding-number``."""
        return self._create("EXb-03", self._numbers(extension), ID, body)

    def get_number(self, extension: str, number: str) -> ForwardingNumber:
        """EXb-04 ``GET forwarding-number/{forwardingNumberId}``."""
        return self._get("EXb-04", below(self._numbers(extension), number), ID)

    def update_number(self, extension: str, number: str, body: Json) -> ForwardingNumber:
        """EX-05 ``PUT forwarding-number/{forwardingNumberId}``."""
        return self._replace("EX-05", self._numbers(extension), number, ID, body)

    def delete_number(self, extension: str, number: str) -> None:
        """EXb-05 ``DELETE forwarding-number/{forwardingNumberId}``."""
        self._delete("EXb-05", self._numbers(extension), number, ID)

    # Paths and pages

    def _rules(self, extension: str) -> str:
        return f"{_extension(self.account_id, extension)}/answering-rule"

    def _numbers(self, extension: str) -> str:
        return f"{_extension(self.account_id, extension)}/forwarding-number"

    def _pages(self, operation: str, path: str, id_field: str | None = ID, **query: Any) -> list[Any]:
        def fetch() -> list[Json]:
            found: list[Json] = []
            records: list[Json] = []
            more: bool | None = None
            for page in itertools.count(1):
                asked = {**query, "page": page, "perPage": _PER_PAGE}
                try:
                    answer = an_object(self.request(operation, "GET", path, params=asked), self.vendor, operation)
                except ApiError as error:
                    if page == 1 or more is not None or error.status not in (400, 404):
                        raise
                    break  # the page before did not say that it was the last one
                shown = objects(answer.get("records") or [], self.vendor, operation, id_field)
                more = _goes_on(answer, page, len(found) + len(shown))
                if more is None and shown == records:
                    break  # neither counted nor paged
                records = another(shown, records, self.vendor, operation)
                found += records
                if not records or more is False:
                    break
            return each_once(found, id_field)

        return self.listings.get("/?".join([path, *(f"{name}={query[name]}" for name in sorted(query))]), fetch)

    def _get(self, operation: str, path: str, id_field: str | None = None) -> Shape:  # type: ignore[type-var]
        params = {"showInactiveNumbers": "true"} if "/answering-rule/" in path else None
        return self._one(self.request(operation, "GET", path, params=params), operation, id_field)

    def _written(self, collection: str, operation: str, method: str, path: str, **options: Any) -> Any:
        self.listings.drop(f"{collection}/whole")
        return super()._written(collection, operation, method, path, **options)


def _goes_on(answer: Json, page: int, found: int) -> bool | None:
    """Whether there are more pages; nothing when the answer does not say.

    The links to other pages are not followed: they name hosts of the vendor's choice.
    """
    paging, navigation = part(answer.get("paging")), answer.get("navigation")
    if isinstance(paging.get("totalPages"), int):
        return bool(page < paging["totalPages"])
    if isinstance(paging.get("totalElements"), int):
        return bool(found < paging["totalElements"])
    return bool(navigation.get("nextPage")) if isinstance(navigation, dict) else None


def _extension(account: str, extension: str) -> str:
    return below(_ROOT, "account", account, "extension", extension)


def _is_new_backend(features: Iterable[Feature]) -> bool | None:
    """What an answer says of the feature; nothing when it is not in it."""
    params = [
        param
        for record in features
        if record.get("id") in (None, _NEW_CALL_HANDLING)
        for param in parts(record.get("params"))
    ]
    values = [str(one.get("value")).lower() for one in params if one.get("name") == "isNewBackendAvailable"]
    return {"true": True, "false": False}.get(values[0]) if values else None


# What is asked about each kind of object

FORWARDING_NUMBERS = Calls(
    path=("extension", "number"),
    id_field=ID,
    list=RingEX.list_numbers,
    get=RingEX.get_number,
    create=RingEX.create_number,
    update=RingEX.update_number,
    delete=RingEX.delete_number,
)

_clients: dict[tuple[str, str | None], RingEX] = {}
_clients_lock = threading.Lock()


def forget() -> None:
    """Close the clients of this process, with all that they have read."""
    with _clients_lock:
        for client in _clients.values():
            client.close()
        _clients.clear()


def ringex_client() -> RingEX:
    """The client of this process for the account that the settings name."""
    base_url, account = BASE_URL.url(), ACCOUNT_ID.get()
    with _clients_lock:
        if (base_url, account) not in _clients:
            limit = None if RATE.get() is None else int(RATE.number())
            _clients[base_url, account] = RingEX(base_url, ringex_tokens(), account, limit)
        return _clients[base_url, account]
