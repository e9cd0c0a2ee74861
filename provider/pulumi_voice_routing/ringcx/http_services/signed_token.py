"""What a token that the vendor signs needs, and which of its texts are JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...lifecycle.model import Failure, FieldFacts, Values
from ..json_text import same_json
from .auth_config import AuthConfigProvider

_JSON = ("payload", "headers")


class SignedToken(AuthConfigProvider):
    """An auth configuration that signs a token."""

    def problems(self, args: Values) -> Iterable[Failure]:
        if "secret" not in args and "private_key" not in args:
            yield Failure("", "give secret or private_key: a token is signed with one of them")
        if args.get("add_token_to") == "QUERY_PARAM" and "query_param_name" not in args:
            yield Failure("add_token_to", "QUERY_PARAM needs query_param_name")

    def same(self, field: FieldFacts, old: Any, new: Any) -> bool:
        return same_json(old, new) if field.name in _JSON else super().same(field, old, new)
