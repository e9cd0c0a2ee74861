"""What the resource types of a RingCX account share: the client, and whose account it is."""

from __future__ import annotations

from typing import Any, ClassVar

from pulumi import dynamic

from ..client.answers import is_on
from ..client.listings import Json
from ..errors import Exists, with_article
from ..lifecycle import references
from ..lifecycle.calls import At, Calls
from ..lifecycle.create_notes import Intent
from ..lifecycle.member import Member
from ..lifecycle.model import Values
from ..lifecycle.owned_set import OwnedSet
from ..lifecycle.provider import Lifecycle, reported
from ..permission.owner_names import use_names
from .client import RingCX, ringcx_client
from .owner_names import account_names


class InAccount(Lifecycle):
    """Anything of an account."""

    @reported
    def configure(self, req: dynamic.ConfigureRequest) -> None:
        super().configure(req)
        use_names(account_names)

    @property
    def api(self) -> RingCX:
        """The client of the configured account."""
        return ringcx_client()

    def at_home(self, id_: str) -> None:
        references.at_home(id_, self.account, self.noun)

    def reach(self) -> None:
        self.api.reach()

    @property
    def account(self) -> str:
        """The configured account."""
        return self.api.account_id


class RingCXMember(InAccount, Member):
    """An object of an account."""

    unique = True

    calls: ClassVar[Calls[RingCX, Any, *tuple[str, ...]]]
    default_from: ClassVar[str] = ""
    """The look-up that lists the objects, of which every account has a default one; empty where none has."""

    def always_there(self, id_: str) -> str:
        live = self._found(id_) if self.default_from else None
        is_default = is_on((live or {}).get("isDefault"))
        return f"next(one for one in ringcx.{self.default_from}() if one.is_default)" if is_default else ""

    def _found(self, id_: str) -> Json | None:
        *at, number = self.below(id_)
        return self.find(tuple(at), number)

    def may_take_over(self, at: At, twin: Json, args: Values, intent: Intent) -> None:
        seen = self.shown(at, twin)
        fixed = [name for name, field in self.model.items() if field.immutable and field.wire and name in args]
        for name in fixed:
            if name in seen and not self.means_same(self.model[name], seen[name], args[name]):
                raise Exists(
                    f"{self.vendor}: {with_article(self.noun)} named {args[self.key]!r} exists already, with the id "
                    f"{self.id_of(at, twin)}, and its {name} is {seen[name]!r}, not {args[name]!r}, which never "
                    f"changes. Give the new one another {self.key}; nothing was changed."
                )
        super().may_take_over(at, twin, args, intent)


class RingCXSet(InAccount, OwnedSet):
    """A list that belongs to an object of an account."""

    calls: ClassVar[Calls[RingCX, Any, *tuple[str, ...]]]
