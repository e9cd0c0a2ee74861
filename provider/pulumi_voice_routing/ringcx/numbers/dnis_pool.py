"""Many records of the number pool in one resource."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Required, Unpack

import pulumi
from pulumi import Input, Output
from typing_extensions import TypedDict

from ...lifecycle import meaning as means
from ...lifecycle.fields import CreateOnly
from ...lifecycle.resource import Options, Resource
from .dialled_number import Dialled
from .many_records import ManyRecords
from .pool_fields import PoolFields
from .pool_file import read_rows
from .pool_records import LEAVES, OnDelete


class PoolNumber(PoolFields, total=False):
    """One number of a pool."""

    dnis: Required[Annotated[Input[Dialled], means.Dialled()]]
    """The number, in E.164. Vendor: ``dnis``, digits only."""


class DnisPoolArgs(TypedDict, total=False):
    """Numbers of the account's pool. Exactly one of ``numbers`` and ``file`` is given."""

    numbers: Annotated[Input[Sequence[PoolNumber]], means.Entries()]
    """The numbers. Others that the account has are left alone."""
    file: Annotated[Input[str] | pulumi.FileAsset, means.EntriesFile(read_rows)]
    """The numbers as a file, as an asset or as text: separated by commas, with the vendor's names of the fields in the
    first line, ``dnis`` among them. New ones are sent to the vendor as a file as well."""
    internal: Annotated[Input[bool], CreateOnly(), means.Internal()]
    """The numbers are short, or exist inside the vendor's network only, and are taken as they are. Default: false."""
    on_delete: Annotated[Input[OnDelete], means.AtEnd(LEAVES)]
    """What happens to a record whose number leaves the list, and to all of them when the resource is destroyed: they
    stay as they are (``keep``), they stay inactive (``deactivate``), or they are deleted (``delete``), which takes the
    role ``SUPER_USER`` and numbers that are assigned to nothing. Default: ``keep``."""


class DnisPoolProvider(ManyRecords):
    token = "ringcx:DnisPool"  # noqa: S105
    args = DnisPoolArgs
    noun = "DNIS pool"


class DnisPool(Resource, lifecycle=DnisPoolProvider):
    """Hundreds or thousands of numbers of the account's pool in one resource.

    Records that exist already are taken over. New ones are made in batches of ``RINGCX_NUMBERS_PER_CALL``, changed ones
    updated in batches; a number that the vendor will not take is named, and the others stand. Calls: NM-02 to NM-06,
    NMb-02, NMb-03 (``tnManager``).

    Refuses: to deactivate or delete records of numbers that callers reach, without an approval, and to delete those
    that are assigned or that the vendor manages.
    """

    records: Output[dict[str, Any]]
    """By number: ``id``, ``active``, ``managed_by_vendor``."""

    def __init__(self, resource_name: str, opts: Options = None, **args: Unpack[DnisPoolArgs]) -> None:
        self._declare(resource_name, args, opts)
