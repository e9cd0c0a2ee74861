"""The objects of an account by the names that approvals may give them, each kind from one list."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ..permission.owner_names import Named, Names
from .client import DESTINATION_ID, GROUP_ID, PROFILE_ID, ringcx_client
from .numbers.owner import PRODUCT_CODES, Live, Product

TOLD_BY_NUMBERS: tuple[Product, ...] = ("queue", "Visual IVR")
"""What no list of the vendor has, so that the numbers tell its name that lead to it; and what no state tells."""


def account_names() -> Names:
    """Those of the configured account."""
    return Names(
        {
            "route group": _groups,
            "profile": _profiles,
            "destination": _destinations,
            **{product: partial(_leading_to, product) for product in TOLD_BY_NUMBERS},
        }
    )


def _groups() -> Iterator[Named]:
    for group in ringcx_client().list_groups():
        yield Named("route group", str(group.get("groupName")), str(group.get(GROUP_ID)))


def _profiles() -> Iterator[Named]:
    for group in ringcx_client().list_groups_with_profiles():
        for one in group.get("cloudRouteProfiles") or ():
            if not one.get("isDeleted"):
                yield Named(
                    "profile", str(one.get("profileName")), str(one.get(PROFILE_ID)), str(group.get("groupName"))
                )


def _destinations() -> Iterator[Named]:
    for group in ringcx_client().list_groups_with_destinations():
        for one in group.get("cloudRouteDestinations") or ():
            if not one.get("isDeleted"):
                name, number = str(one.get("destinationName")), str(one.get(DESTINATION_ID))
                yield Named("destination", name, number, str(group.get("groupName")))


def _leading_to(product: Product) -> Iterator[Named]:
    api = ringcx_client()
    found = api.pool.search({"accountId": api.account_id, "product": PRODUCT_CODES[product]})
    for live in map(Live, found.values()):
        if live.owner is not None and live.owner.product == product and live.owner.name:
            yield Named(product, live.owner.name, live.owner.number)


__all__ = ["TOLD_BY_NUMBERS", "account_names"]
