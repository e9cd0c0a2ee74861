"""What the members of a RingEX extension share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from ..lifecycle import reaching, references
from ..lifecycle.calls import Calls
from ..lifecycle.member import Member
from ..lifecycle.model import FieldFacts, Values
from ..settings import Setting
from .client import SELF, RingEX, ringex_client

EXTENSIONS = Setting(
    "RINGEX_EXTENSIONS", "The list of RingEX extensions that an export reads", example="400123456,400123457"
)


class ExtensionMember(Member):
    """An object of an extension. Ids are ``ACCOUNT/EXTENSION/NUMBER``, and always the real ones.

    ``~`` means whoever signs in when the object is created. The object then stays where it is, whoever signs in later.
    """

    calls: ClassVar[Calls[RingEX, Any, *tuple[str, ...]]]

    @property
    def api(self) -> RingEX:
        """The client of the signed-in account."""
        return ringex_client()

    def at_home(self, id_: str) -> None:
        reaching.reach(self.vendor, self.reach)  # which tells whose account it is
        references.at_home(id_, self.account, self.noun)

    def reach(self) -> None:
        self.api.whoami()

    @property
    def account(self) -> str:
        return self.api.account_id

    def meant(self, args: Values) -> Values:
        if args.get("extension_id") != SELF:
            return args
        return {**args, "extension_id": references.join(*self.api.whoami())}

    def homes(self) -> Iterator[str]:
        account, own = self.api.whoami()
        for extension in (EXTENSIONS.get() or own).replace(",", " ").split():
            yield references.join(account, references.last(extension))

    def same(self, field: FieldFacts, old: object, new: object) -> bool:
        return (field.name == self.parent and new == SELF and old is not None) or super().same(field, old, new)
