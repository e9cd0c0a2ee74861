"""What RingCX answers about numbers, field by field; see :mod:`.shapes_http_services` for how to read it."""

from __future__ import annotations

from typing import Any, Required, TypedDict

from .shapes_http_services import Id, RemoteHttpService


class PoolRecord(TypedDict, total=False):
    """A number of the pool (NM-01 to NM-04, NMb-01)."""

    active: bool
    assignedDnis: AssignedDnis | None
    assignedSmsDnis: Any
    carrier: str
    customAppString: str
    dateCreated: Any
    dnis: str
    dnisCategory: str
    dnisDescription: str
    dnisE164: str
    dnisManagedByRC: bool
    inboundContext: str
    lastModified: Any
    lastModifiedBy: str
    mediaCode: str
    mediaFormat: str
    mediaIsci: str
    mediaLength: str
    mediaMarket: str
    mediaNetwork: str
    mediaUrl: str
    mediaVersion: str
    mediaWebSourcecode: str
    notes: str
    originatingDnis: str
    phoneNumbersI18nEnabled: bool
    platformId: str
    reservedAccount: Any
    reservedAccountId: str
    resporg: str
    smsEnabled: bool
    twilioApiKey: str
    vendorId: str
    vruNetworkId: Id


class AssignedDnis(TypedDict, total=False):
    """Who answers a number (NM-07 to NM-10). Of the owners, one is filled."""

    cloudRouteProfile: CloudRouteProfileSkinny
    dnis: str
    dnisDescription: str
    dnisE164: str
    endDate: Any
    endPointId: str
    endPointType: str
    gate: GateSkinnyAssignable
    isActive: bool
    originatingDnis: str
    phoneNumbersI18nEnabled: bool
    startDate: Any
    tracNumber: TracNumberSkinny
    visualIvr: VisualIvrSkinny


class GateSkinnyAssignable(TypedDict, total=False):
    """A queue."""

    accountId: str
    gateGroup: Any
    gateGroupId: Id
    gateId: Id
    gateName: str
    groupId: Id
    isActive: bool


class VisualIvrSkinny(TypedDict, total=False):
    """An IVR."""

    accountId: str
    groupId: Id
    isActive: bool
    isDeleted: bool
    visualIvrDesc: str
    visualIvrGroupId: Id
    visualIvrId: Id
    visualIvrName: str


class CloudRouteProfileSkinny(TypedDict, total=False):
    """A profile."""

    accountId: str
    cloudGroupId: Id
    cloudProfileId: Id
    groupId: Id
    isActive: bool
    isDeleted: bool
    profileName: str


class TracNumberSkinny(TypedDict, total=False):
    """A tracking number."""

    accountId: str
    description: str
    groupId: Id
    tracGroupId: Id
    tracId: Id


class TracGroup(TypedDict, total=False):
    """A tracking group (NM-12 to NM-14)."""

    tracGroupId: Required[Id]
    groupName: str
    isDefault: bool
    permissions: list[str]
    tracNumbers: list[TracNumber]


class TracNumber(TypedDict, total=False):
    """A tracking number (NM-15 to NM-17, NMb-18)."""

    tracId: Required[Id]
    accountId: str
    active: bool
    assignedDnis: AssignedDnis
    billingCode: str
    billingKey: str
    closeLocatorId: Id
    closeType: str
    dequeueDelay: int
    description: str
    dnis: str
    dnisDescription: str
    endcallMsg: str
    friSched: str
    introMsg: str
    monSched: str
    openLocatorId: Id
    openType: str
    outboundCallerId: str
    permissions: list[str]
    postCallSoapService: RemoteHttpService
    recordCall: int
    revMatch: int
    satSched: str
    shortCallTime: int
    sunSched: str
    surveyId: Id
    thuSched: str
    tracGroup: TracGroup
    tracGroupId: Id
    tueSched: str
    voicemailEnabled: int
    wedSched: str
    whisperMsg: str


class TracRoutingRule(TypedDict, total=False):
    """A rule of a tracking number (NMb-19 to NMb-22)."""

    ruleId: Required[Id]
    description: str
    destination: str
    openRule: bool
    parallelDelay: int
    rank: int
    ringDuration: int
    ruleType: str
    tracNumber: TracNumber
    ttAccept: bool
    xferGateId: Id
    xferTracId: Id


class TracScheduleOverride(TypedDict, total=False):
    """Another opening on one day (NMb-24 to NMb-27)."""

    scheduleOverrideId: Required[Id]
    overrideClosedEvent: str
    overrideDate: Any
    overrideLabel: str
    overrideSched: str


class DnisListPreviewResponse(TypedDict, total=False):
    """How an uploaded file was read (NM-05)."""

    records: list[Any]
    uploadStatus: DnisResponseValidation


class DnisResponseValidation(TypedDict, total=False):
    """What came of an upload."""

    errorCode: str
    errorMessage: list[str]
    totalRecords: int
    validRecords: int
    validated: bool


class DnisBulkUpdateRespose(TypedDict, total=False):
    """What came of a bulk update (NM-06)."""

    message: str
    status: str
    updatedRows: str
