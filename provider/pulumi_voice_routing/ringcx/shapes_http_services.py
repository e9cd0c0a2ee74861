"""What RingCX answers about remote HTTP services and auth configurations, field by field.

Fields are the vendor's, by its names. Any of them may be absent, as vendors leave out what they like, and others may be
there; ``Required`` is what our client looks for itself. Classes are named as in the vendor's contract.
"""

from __future__ import annotations

from typing import Any, Required, TypedDict

Id = str | int
"""An id: the contract says a number, and vendors also send it as a text."""


class RemoteHttpServiceGroup(TypedDict, total=False):
    """A group of services (HT-01 to HT-05)."""

    serviceGroupId: Required[Id]
    groupName: str
    isDefault: bool
    permissions: list[str]
    services: list[RemoteHttpService]


class RemoteHttpService(TypedDict, total=False):
    """A remote HTTP service (HT-06 to HT-10)."""

    serviceId: Required[Id]
    accountId: str
    authConfigId: str
    enableMappings: bool
    httpPassword: str
    httpServiceConfig: str
    httpServiceGroup: RemoteHttpServiceGroup
    httpServiceInputs: list[RemoteHttpServiceInput]
    httpUsername: str
    isDebug: bool
    isEnabled: bool
    permissions: list[str]
    returntype: str
    sendAllSurveyData: bool
    serviceDescription: str
    serviceType: str
    soapAction: str
    soapEndpoint: str
    soapOperationname: str
    soapPortname: str
    soapServicename: str
    targetNamespace: str


class RemoteHttpServiceInput(TypedDict, total=False):
    """An input of a service (HT-12 to HT-15)."""

    inputId: Required[Id]
    name: str
    rank: str | int
    simpleDataType: str
    type: str
    value: str


class ExternalAuthConfig(TypedDict, total=False):
    """An auth configuration of any type (HT-16, HT-17, HT-19 to HT-21, HTb-06, HTb-07)."""

    authConfigId: Required[Id]
    addTokenTo: str
    algorithm: str
    allowedBaseUrl: str
    apiKey: str
    assertion: str
    authType: str
    clientCredentialsSupplyIn: str
    clientId: str
    createdTime: str
    description: str
    expirationTime: int
    grantType: str
    headerPrefix: str
    inputParams: list[dict[str, Any]]
    isIncludeIssueAt: bool
    isSecretEncoded: bool
    jwtHeaders: str
    oauthProvider: str
    otherParameters: list[dict[str, Any]]
    password: str
    payload: str
    privateKey: str
    providerName: str
    queryParamName: str
    scope: str
    secret: str
    tokenResponse: dict[str, Any]
    tokenUrl: str
    updatedTime: str
    username: str
    wcgFunctionId: str
