"""Every family of operations that is served: the `FAMILY` of each module in the vendors' packages."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

from . import portsip, ringcx, ringex
from .routing import Family


def families_of(package: ModuleType) -> Iterator[Family]:
    """Those of a vendor's package. A new file in it needs no entry anywhere."""
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        family = getattr(import_module(module.name), "FAMILY", None)
        if isinstance(family, Family):
            yield family


FAMILIES: tuple[Family, ...] = tuple(family for vendor in (ringcx, ringex, portsip) for family in families_of(vendor))
