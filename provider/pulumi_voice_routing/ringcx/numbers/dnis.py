"""A DNIS: one record of the number pool."""

from __future__ import annotations

from typing import Annotated, Required, Unpack

from pulumi import Input, Output

from ...lifecycle import meaning as means
from ...lifecycle.fields import CreateOnly, Secret
from ...lifecycle.resource import Options, Resource
from .dialled_number import Dialled
from .one_record import OneRecord
from .pool_fields import PoolFields
from .pool_records import LEAVES, OnDelete


class DnisArgs(PoolFields, total=False):
    """What a number in the pool is."""

    dnis: Required[Annotated[Input[Dialled], CreateOnly(), means.Dialled(in_id=True), means.Key()]]
    """The number, in E.164. It never changes: another number is another resource. Vendor: ``dnis``, digits only."""
    internal: Annotated[Input[bool], CreateOnly(), means.Internal()]
    """The number is short, or exists inside the vendor's network only, and is taken as it is. Default: false."""
    twilio_api_key: Annotated[Input[str], Secret()]
    """Secret. Vendor: ``twilioApiKey``."""
    on_delete: Annotated[Input[OnDelete], means.AtEnd(LEAVES)]
    """What happens to the record when the resource is destroyed: it stays as it is (``keep``), it stays inactive
    (``deactivate``), or it is deleted (``delete``), which takes the role ``SUPER_USER`` and a number that is assigned
    to nothing. Default: ``keep``."""


class DnisProvider(OneRecord):
    token = "ringcx:Dnis"  # noqa: S105
    args = DnisArgs
    noun = "number"


class Dnis(Resource, lifecycle=DnisProvider):
    """A number that callers dial, as a record of the account's pool ("DNIS pool" in the portal).

    A record that exists already is taken in, and only what is declared otherwise is changed. The record says nothing
    about who answers the number: that is a ``DnisAssignment``. Calls: NM-02 to NM-04, NM-06, NMb-02
    (``tnManager/dnisPool``).

    Refuses: to deactivate or delete the record of a number that callers reach, without an approval, and to delete one
    that is assigned or that the vendor manages.
    """

    dnis: Output[str]
    """The number, in E.164."""
    managed_by_vendor: Output[bool]
    """Whether the vendor keeps the record to itself, so that its fields cannot be changed here."""

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[DnisArgs]) -> None:
        self._declare(resource_name, args, opts)
