"""Operations of the vendors' APIs that the emulator knows by number and does not serve: they answer 501.

A family that is served from its own module has no rows here.
"""

from __future__ import annotations

from typing import Any

from .routing import Call, Family, Operation
from .vendors import RINGCX

_V1 = "/voice/api/v1/admin"
_A = _V1 + "/accounts/{accountId}"
_TN = _V1 + "/utilities/tnManager"
_TG = _A + "/tracGroups/{tracGroupId}"
_TR = _TG + "/tracNumbers/{tracId}"
_HG = _A + "/httpServiceGroups/{serviceGroupId}"
_HS = _HG + "/httpServices/{serviceId}"
_H2 = "/voice/api/v2/admin/accounts/{accountId}/httpServiceGroups/{serviceGroupId}/httpServices"
_AC = _A + "/external/authConfigs"
_E = "/restapi/v1.0/account/{accountId}/extension/{extensionId}"
_RG = "/api/ring_groups"

SIGN_IN = (
    ("AUTH-direct", "POST", "/api/auth/login/admin"),
    ("AUTH-permanent-create", "POST", f"{_V1}/token"),
    ("AUTH-permanent-list", "GET", f"{_V1}/token"),
    ("AUTH-permanent-delete", "DELETE", f"{_V1}/token/{{token}}"),
)

NUMBERS = (
    ("NM-01", "POST", f"{_TN}/searchDnis"),
    ("NM-02", "POST", f"{_TN}/search"),
    ("NM-03", "POST", f"{_TN}/dnisPool"),
    ("NM-04", "PUT", f"{_TN}/dnisPool"),
    ("NM-05", "POST", f"{_TN}/uploadDnisPool"),
    ("NM-06", "PUT", f"{_TN}/updateBulkDnisPool"),
    ("NM-07", "PUT", f"{_TN}/assignedDnis/gates/{{gateId}}"),
    ("NM-08", "PUT", f"{_TN}/assignedDnis/visualIvrs/{{visualIvrId}}"),
    ("NM-09", "PUT", f"{_TN}/assignedDnis/cloudRouteProfiles/{{cloudRouteProfileId}}"),
    ("NM-10", "GET", f"{_TN}/assignedDnis/{{dnis}}"),
    ("NM-11", "DELETE", f"{_TN}/assignedDnis/{{dnis}}"),
    ("NM-12", "GET", f"{_A}/tracGroups/withChildren"),
    ("NM-13", "GET", _TG),
    ("NM-14", "PUT", _TG),
    ("NM-15", "GET", f"{_TG}/tracNumbers"),
    ("NM-16", "POST", f"{_TG}/tracNumbers"),
    ("NM-17", "PUT", _TR),
    ("NMb-01", "GET", f"{_TN}/dnisPool/{{dnis}}"),
    ("NMb-02", "DELETE", f"{_TN}/dnisPool/{{dnis}}"),
    ("NMb-03", "PUT", f"{_TN}/dnisPool/bulkDelete"),
    ("NMb-04", "POST", f"{_TN}/checkNewDnisList"),
    ("NMb-05", "PUT", f"{_TN}/updatePoolAndAssignment"),
    ("NMb-06", "PUT", f"{_TN}/assignedDnis"),
    ("NMb-07", "DELETE", f"{_TN}/assignedDnis"),
    ("NMb-08", "PUT", f"{_TN}/updateCustomerDnisBulk"),
    ("NMb-09", "POST", f"{_TN}/report"),
    ("NMb-10", "GET", f"{_TN}/accounts"),
    ("NMb-11", "GET", f"{_TN}/mediaValues"),
    ("NMb-12", "POST", "/voice/api/v2/admin/utilities/tnManager/searchDnis"),
    ("NMb-17", "DELETE", _TG),
    ("NMb-18", "GET", _TR),
    ("NMb-19", "GET", f"{_TR}/routingRules"),
    ("NMb-20", "POST", f"{_TR}/routingRules"),
    ("NMb-21", "GET", f"{_TR}/routingRules/{{ruleId}}"),
    ("NMb-22", "PUT", f"{_TR}/routingRules/{{ruleId}}"),
    ("NMb-23", "DELETE", f"{_TR}/routingRules/{{ruleId}}"),
    ("NMb-24", "GET", f"{_TR}/scheduleOverrides"),
    ("NMb-25", "POST", f"{_TR}/scheduleOverrides"),
    ("NMb-26", "GET", f"{_TR}/scheduleOverrides/{{overrideId}}"),
    ("NMb-27", "PUT", f"{_TR}/scheduleOverrides/{{overrideId}}"),
    ("NMb-28", "DELETE", f"{_TR}/scheduleOverrides/{{overrideId}}"),
)

NUMBERS_TWINS = (
    ("NMb-13", "POST", "/v1/admin/utilities/tnManager/searchDnis"),
    ("NMb-14", "PUT", "/v1/admin/utilities/tnManager/updateBulkDnisPool"),
    ("NMb-15", "PUT", "/v1/admin/utilities/tnManager/updateCustomerDnisBulk"),
    ("NMb-16", "POST", "/v1/admin/utilities/tnManager/uploadDnisPool"),
)

HTTP_SERVICES = (
    ("HT-01", "GET", f"{_A}/httpServiceGroups"),
    ("HT-02", "POST", f"{_A}/httpServiceGroups"),
    ("HT-03", "GET", f"{_A}/httpServiceGroups/withChildren"),
    ("HT-04", "GET", _HG),
    ("HT-05", "PUT", _HG),
    ("HT-06", "GET", f"{_HG}/httpServices"),
    ("HT-07", "POST", f"{_HG}/httpServices"),
    ("HT-08", "GET", _HS),
    ("HT-09", "PUT", _HS),
    ("HT-10", "POST", f"{_HS}/clone"),
    ("HT-11", "PUT", f"{_HS}/setIsActive"),
    ("HT-12", "GET", f"{_HS}/inputs"),
    ("HT-13", "POST", f"{_HS}/inputs"),
    ("HT-14", "GET", f"{_HS}/inputs/{{inputId}}"),
    ("HT-15", "DELETE", f"{_HS}/inputs/{{inputId}}"),
    ("HT-16", "GET", _AC),
    ("HT-17", "GET", f"{_AC}/{{authConfigId}}"),
    ("HT-18", "DELETE", f"{_AC}/{{authConfigId}}"),
    ("HT-19", "POST", f"{_AC}/{{authConfigId}}/apiKey"),
    ("HT-20", "POST", f"{_AC}/{{authConfigId}}/basic"),
    ("HT-21", "POST", f"{_AC}/{{authConfigId}}/oauth"),
    ("HTb-01", "GET", _H2),
    ("HTb-02", "POST", _H2),
    ("HTb-03", "GET", f"{_H2}/{{serviceId}}"),
    ("HTb-04", "PUT", f"{_H2}/{{serviceId}}"),
    ("HTb-05", "DELETE", f"{_H2}/{{serviceId}}"),
    ("HTb-06", "POST", f"{_AC}/{{authConfigId}}/jwt"),
    ("HTb-07", "POST", f"{_AC}/{{authConfigId}}/customAuth"),
    ("HTb-08", "PATCH", f"{_AC}/{{authConfigId}}/apiKey"),
    ("HTb-09", "PATCH", f"{_AC}/{{authConfigId}}/basic"),
    ("HTb-10", "PATCH", f"{_AC}/{{authConfigId}}/oauth"),
    ("HTb-11", "PATCH", f"{_AC}/{{authConfigId}}/jwt"),
    ("HTb-12", "PATCH", f"{_AC}/{{authConfigId}}/customAuth"),
    ("HTb-13", "GET", f"{_AC}/oauth/info"),
)

RINGEX_CALL_HANDLING = (
    ("EX-01", "GET", f"{_E}/answering-rule"),
    ("EX-02", "GET", f"{_E}/answering-rule/{{ruleId}}"),
    ("EX-03", "PUT", f"{_E}/answering-rule/{{ruleId}}"),
    ("EX-04", "DELETE", f"{_E}/answering-rule/{{ruleId}}"),
    ("EX-05", "PUT", f"{_E}/forwarding-number/{{forwardingNumberId}}"),
    ("EXb-01", "POST", f"{_E}/answering-rule"),
    ("EXb-02", "GET", f"{_E}/forwarding-number"),
    ("EXb-03", "POST", f"{_E}/forwarding-number"),
    ("EXb-04", "GET", f"{_E}/forwarding-number/{{forwardingNumberId}}"),
    ("EXb-05", "DELETE", f"{_E}/forwarding-number/{{forwardingNumberId}}"),
    ("EXb-06", "DELETE", f"{_E}/forwarding-number"),
)

PORTSIP_RING_GROUPS = (
    ("RG-01", "GET", _RG),
    ("RG-02", "POST", _RG),
    ("RG-03", "GET", f"{_RG}/{{id}}"),
    ("RG-04", "POST", f"{_RG}/{{id}}"),
    ("RGb-01", "POST", f"{_RG}/{{id}}/destroy"),
    ("RGb-02", "GET", f"{_RG}/{{id}}/agents"),
    ("RGb-03", "POST", f"{_RG}/{{id}}/agents"),
    ("RGb-04", "GET", f"{_RG}/{{id}}/agents/{{agent_number}}"),
    ("RGb-05", "GET", "/api/user/ring_groups"),
)


def _never_called(call: Call) -> Any:
    raise NotImplementedError


UNSERVED = Family(
    vendor=RINGCX,
    operations=tuple(
        Operation(number, method, path, _never_called)
        for number, method, path in (
            *SIGN_IN,
            *NUMBERS,
            *NUMBERS_TWINS,
            *HTTP_SERVICES,
            *RINGEX_CALL_HANDLING,
            *PORTSIP_RING_GROUPS,
        )
    ),
)
