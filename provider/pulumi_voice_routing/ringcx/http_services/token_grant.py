"""What each grant of OAuth tokens needs."""

from __future__ import annotations

from collections.abc import Iterable

from ...lifecycle.model import Failure, Values
from .auth_config import AuthConfigProvider

_NEEDS = {"PASSWORD": ("username", "password"), "JWT_BEARER": ("assertion",)}


class TokenGrant(AuthConfigProvider):
    """An auth configuration that asks for tokens."""

    def problems(self, args: Values) -> Iterable[Failure]:
        grant = args.get("grant_type")
        for name in _NEEDS.get(grant, ()) if isinstance(grant, str) else ():
            if name not in args:
                yield Failure("grant_type", f"{grant} needs {name}")
