"""What RingCX answers about cloud routing, field by field; see :mod:`.shapes_http_services` for how to read it."""

from __future__ import annotations

from typing import Any, Required, TypedDict

from .shapes_http_services import Id, RemoteHttpService


class Account(TypedDict, total=False):
    """An account that the token may administer."""

    accountId: Id
    accountName: str


class CloudRouteGroup(TypedDict, total=False):
    """A route group (CR-01, CRb-01 to CRb-05, CRb-15)."""

    cloudGroupId: Required[Id]
    cloudRouteDestinations: list[CloudRouteDestination]
    cloudRouteProfiles: list[CloudRouteProfile]
    groupName: str
    isDefault: bool
    permissions: list[str]


class CloudRouteDestination(TypedDict, total=False):
    """A destination (CR-03 to CR-08)."""

    cloudDestinationId: Required[Id]
    active: bool
    address: str
    authKey: str
    city: str
    cloudRouteGroup: CloudRouteGroup
    countryCode: Any
    deleted: bool
    destinationDesc: str
    destinationName: str
    destinationType: str
    endDate: Any
    forceAcdQueue: bool
    friSched: str
    isActive: bool
    isDeleted: bool
    lat: float
    lon: float
    maxConcurrent: int
    maxConcurrentHours: str
    maxConcurrentType: str
    monSched: str
    permissions: list[str]
    prerouteHttpUrl: str
    ringDuration: int
    routeDestination: str
    satSched: str
    startDate: Any
    state: str
    sunSched: str
    thuSched: str
    ttAccept: bool
    ttAcceptTime: int
    tueSched: str
    wedSched: str
    zip: str


class CloudRouteProfile(TypedDict, total=False):
    """A profile (CR-02, CR-09 to CR-13)."""

    cloudProfileId: Required[Id]
    billingCode: str
    billingKey: str
    callConnSoapService: RemoteHttpService
    callEndSoapService: RemoteHttpService
    callStartSoapService: RemoteHttpService
    cloudRouteGroup: CloudRouteGroup
    dequeueDelay: int
    endcallMsg: str
    geoMaxDistance: int
    introMsg: str
    isActive: bool
    isDeleted: bool
    longCall: int
    outboundCallerId: str
    percentAllocType: str
    permissions: list[str]
    profileDesc: str
    profileName: str
    recordCall: bool
    repeatCount: int
    repeatDelay: int
    revMatch: bool
    routeExhaustedAction: str
    routingType: str
    shortCall: int
    stickyDestinationType: str
    takeBackMsg: str
    voicemailEmail: str
    whisperMsg: str


class CloudRouteAssignedDestination(TypedDict, total=False):
    """A destination in a profile (CR-14 to CR-16, CRb-07, CRb-19, CRb-20)."""

    assignedDestinationId: Required[Id]
    allocationPercent: int
    allocationPercentHours: str
    cloudDestination: CloudRouteDestination
    cloudProfile: CloudRouteProfile
    countryCode: Any
    destinationType: str
    dtmfEventsEnabled: bool
    enablePrerouteHttp: bool
    forceAcdQueue: bool
    outboundCallerId: str
    overrideFlag: bool
    permissions: list[str]
    rank: int
    repeatIndexStart: int
    ringDuration: int
    routeDestination: str
    takeBackDtmf: str
    ttAccept: bool
    ttAcceptTime: int


class CloudRouteAssignedOverride(TypedDict, total=False):
    """What a profile's destination is for one dialled number (CRb-22)."""

    assignedOverrideId: Required[Id]
    assignedDestination: CloudRouteAssignedDestination
    countryId: str
    dnis: str
    routeDestination: str


class CloudRouteDestinationOverride(TypedDict, total=False):
    """What a destination is for one dialled number (CR-19, CR-20, CRb-12, CRb-13)."""

    destOverrideId: Required[Id]
    cloudDestination: CloudRouteDestination
    countryId: str
    dnis: str
    routeDestination: str
