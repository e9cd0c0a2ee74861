"""Groups of remote HTTP services."""

from __future__ import annotations

from ...crud import PAGING, PERMISSIONS, creates, gets, lists_pages, updates
from ...learning import tells
from ...routing import Family, Operation
from ...schema import Write, flag, many, text, whole
from ...store import Kind
from ...vendors import RINGCX
from ..accounts import ACCOUNT

GROUP = Kind(
    name="RemoteHttpServiceGroup",
    id_field="serviceGroupId",
    fields=(
        whole("serviceGroupId", write=Write.NEVER),
        text("groupName", required=True),
        flag("isDefault", default=False),
        many("services", write=Write.NEVER),
        PERMISSIONS,
    ),
    links={"accountId": ACCOUNT.name},
    path_name="serviceGroupId",
)

GROUPS = "/voice/api/v1/admin/accounts/{accountId}/httpServiceGroups"
GROUP_PATH = f"{GROUPS}/{{serviceGroupId}}"

FAMILY = Family(
    vendor=RINGCX,
    tells={"HT-01": tells(GROUP), "HT-04": tells(GROUP)},
    kinds=(GROUP,),
    first_objects={
        GROUP.name: ({"accountId": "123456", "serviceGroupId": 1000, "groupName": "Default", "isDefault": True},)
    },
    operations=(
        Operation("HT-01", "GET", GROUPS, lists_pages(GROUP), query=PAGING),
        Operation("HT-02", "POST", GROUPS, creates(GROUP), takes="json"),
        Operation("HT-04", "GET", GROUP_PATH, gets(GROUP)),
        Operation("HT-05", "PUT", GROUP_PATH, updates(GROUP), takes="json"),
    ),
)
