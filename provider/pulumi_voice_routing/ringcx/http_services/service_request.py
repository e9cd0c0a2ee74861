"""What the request of a remote HTTP service needs, and when the service can be switched on, off, or deleted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from ...client.answers import part
from ...client.listings import Json
from ...lifecycle import references, turns
from ...lifecycle.calls import At
from ...lifecycle.model import Failure, FieldFacts, Values
from ...masking import is_credential
from ..account import RingCXMember
from ..cloud_routing.readiness import refuse_unready, why_service_not_ready
from ..json_text import same_json
from ..shapes_http_services import RemoteHttpService
from . import service_form
from .http_service_use import refuse_while_called

_SOAP_ONLY = (
    *("soap_endpoint", "soap_action", "soap_operation_name", "soap_port_name", "soap_service_name", "soap_inputs"),
    "target_namespace",
)
_HTTP_ONLY = (
    *("url", "method", "content_type", "headers", "query_params", "form_data"),
    *("json_body", "text_body", "xml_body"),
)
_HEADERS = "headers"
_PARAMETERS = ("headers", "query_params", "form_data")


class ServiceRequest(RingCXMember):
    """A service."""

    def problems(self, args: Values) -> Iterable[Failure]:
        kind = args.get("kind")
        if not isinstance(kind, str):
            return
        needed, foreign = ("soap_endpoint", _HTTP_ONLY) if kind == "SOAP" else ("url", _SOAP_ONLY)
        taken_over = any(args.get(name) for name in ("adopt", "adopt_id", "clone_of"))
        if needed not in args and not taken_over:
            yield Failure("kind", f"{kind} needs {needed}")
        for name in foreign:
            if name in args:
                yield Failure(name, f"is not for a service of kind {kind}")

    def secrets(self, values: Values) -> Iterable[Any]:
        # The engine does not tell providers which values the program has marked.
        parameters = (row for name in _PARAMETERS for row in service_form.header_list(values.get(name)) or ())
        return [*super().secrets(values), *(row["value"] for row in parameters if is_credential(row))]

    def same(self, field: FieldFacts, old: Any, new: Any) -> bool:
        if field.name == "auth_config_id":
            return references.same(old, new)
        if field.name == _HEADERS:
            return _same_headers(old, new)
        return same_json(old, new) if field.name == "json_body" else super().same(field, old, new)

    def sent(self, name: str, value: Any) -> Any:
        if name == _HEADERS:
            return service_form.header_map(value)
        return references.last(value) if name == "auth_config_id" else value

    def rewritten(self, at: At, live: Json, args: Values) -> Json:
        """Headers as a whole, in the vendor's form of them unless they change."""
        config = part(live.get(service_form.CONFIG))
        if _HEADERS in args and _HEADERS in config:
            if self.means_same(self.model[_HEADERS], config[_HEADERS], args[_HEADERS]):
                args = {name: value for name, value in args.items() if name != _HEADERS}
            else:
                config = {name: value for name, value in config.items() if name != _HEADERS}
                live = {**live, service_form.CONFIG: config}
        return super().rewritten(at, live, args)

    def look(self, id_: str, olds: Values) -> Values | None:
        outs = super().look(id_, olds)
        if outs is None or _HEADERS not in outs:
            return outs
        # In the form in which the program gives them, so that secrets stay where the engine knows of them.
        form = service_form.header_map if isinstance(olds.get(_HEADERS), dict) else service_form.header_list
        return {**outs, _HEADERS: form(outs[_HEADERS])}

    def opened(self, live: Json) -> Json:
        return service_form.opened(live)

    def closed(self, body: Json) -> Json:
        return service_form.closed(body)

    def shown(self, at: At, live: Json) -> Values:
        seen = super().shown(at, live)
        if "auth_config_id" in seen:
            seen["auth_config_id"] = references.join(self.account, seen["auth_config_id"])
        return seen

    def may_switch_on(self, at: At, live: Json) -> None:
        turns.until_allowed(
            lambda: refuse_unready(list(why_service_not_ready(self.api, at[0], cast(RemoteHttpService, live))))
        )

    def may_switch_off(self, at: At, live: Json) -> None:
        turns.until_allowed(lambda: refuse_while_called(self.api, self.number(live), inactive_too=False))

    def end(self, at: At, number: str, live: Json, olds: Values) -> None:
        for_good = olds.get("on_delete") == "delete"
        refuse_while_called(self.api, number, inactive_too=for_good)
        if live.get("isEnabled"):
            self.set_switch(at, number, False)
        if for_good:
            self.api.delete_service(at[0], number)
        else:
            self.let_go(at, live, 'it is inactive; on_delete="delete" would have removed it')


def _same_headers(old: Any, new: Any) -> bool:
    """Whether headers are the same, one way or another a map: then their order says nothing."""
    if isinstance(old, list) and isinstance(new, list):
        return old == new
    old, new = service_form.header_map(old), service_form.header_map(new)
    return isinstance(old, dict) and old == new
