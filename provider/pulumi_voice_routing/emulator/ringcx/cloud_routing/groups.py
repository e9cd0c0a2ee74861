"""Groups, one kind of object seen through two trees: destinations hang in one, profiles in the other."""

from __future__ import annotations

from collections.abc import Callable

from ...crud import PERMISSIONS, creates, deletes, gets, lists, permitted, updates
from ...learning import tells
from ...problems import conflict
from ...routing import Call, Family, Handler, Operation
from ...schema import Record, Write, flag, many, text, whole
from ...store import Kind, Store
from ...vendors import RINGCX
from ..accounts import ACCOUNT


def group_link(store: Store, group_id: int) -> Record:
    group = store.get(GROUP, group_id) or {}
    return {"cloudGroupId": group_id, "groupName": group.get("groupName", "")}


GROUP = Kind(
    name="CloudRouteGroup",
    id_field="cloudGroupId",
    fields=(
        whole("cloudGroupId", write=Write.NEVER),
        text("groupName", required=True),
        flag("isDefault", default=False, write=Write.ON_CREATE),
        many("cloudRouteDestinations", write=Write.NEVER),
        many("cloudRouteProfiles", write=Write.NEVER),
        PERMISSIONS,
    ),
    links={"accountId": ACCOUNT.name},
    path_name="cloudRouteGroupId",
)


def _refuse_removal(call: Call, group: Record, _old: Record | None) -> None:
    if group["isDefault"]:
        raise conflict("a default group cannot be deleted")
    for child in call.store.children(GROUP, group):
        raise conflict(f"the group still holds a {child.name}")


def groups_with(kind: Kind, member: str) -> Handler:
    """Groups with what hangs in one of the two trees."""

    def handler(call: Call) -> list[Record]:
        return [
            permitted(call, GROUP.own(group))
            | {
                member: [
                    permitted(call, kind.shown(call.store, child))
                    for child in call.store.where(kind, "cloudGroupId", group["cloudGroupId"])
                ]
            }
            for group in call.siblings(GROUP)
        ]

    return handler


def _skinny_groups(call: Call) -> list[Record]:
    names = ("cloudGroupId", "groupName", "accountId")
    return [{name: group[name] for name in names} for group in call.siblings(GROUP)]


def skinny_groups_with(kind: Kind, member: str, skinny: Callable[[Record, Record], Record]) -> Handler:
    """The same with few fields; `skinny` shows a child of a group."""

    def handler(call: Call) -> list[Record]:
        return [
            group
            | {
                member: [
                    skinny(group, child) for child in call.store.where(kind, "cloudGroupId", group["cloudGroupId"])
                ]
            }
            for group in _skinny_groups(call)
        ]

    return handler


ACCOUNT_PATH = "/voice/api/v1/admin/accounts/{accountId}"
DESTINATION_GROUPS = f"{ACCOUNT_PATH}/cloudRouteDestinationGroups"
PROFILE_GROUPS = f"{ACCOUNT_PATH}/cloudRouteProfileGroups"
SKINNY = "/voice/api/v2-skinny/admin/accounts/{accountId}"
_D = f"{DESTINATION_GROUPS}/{{cloudRouteGroupId}}"
_P = f"{PROFILE_GROUPS}/{{cloudRouteGroupId}}"

FAMILY = Family(
    vendor=RINGCX,
    tells={"CR-01": tells(GROUP), "CRb-03": tells(GROUP)},
    kinds=(GROUP,),
    first_objects={
        GROUP.name: (
            {"accountId": "123456", "cloudGroupId": 1000, "groupName": "Default", "isDefault": True},
            {"accountId": "654321", "cloudGroupId": 999, "groupName": "Default", "isDefault": True},
        )
    },
    operations=(
        Operation("CR-01", "GET", DESTINATION_GROUPS, lists(GROUP)),
        Operation("CRb-01", "POST", DESTINATION_GROUPS, creates(GROUP), takes="json"),
        Operation("CRb-03", "GET", _D, gets(GROUP)),
        Operation("CRb-04", "PUT", _D, updates(GROUP), takes="json"),
        Operation("CRb-05", "DELETE", _D, deletes(GROUP, _refuse_removal)),
        Operation("CRb-16", "GET", _P, gets(GROUP)),
        Operation("CRb-17", "PUT", _P, updates(GROUP), takes="json"),
        Operation("CRb-18", "DELETE", _P, deletes(GROUP, _refuse_removal)),
        Operation("CRb-35", "GET", f"{SKINNY}/cloudRouteDestinationGroups", _skinny_groups),
        Operation("CRb-37", "GET", f"{SKINNY}/cloudRouteProfileGroups", _skinny_groups),
    ),
)
