"""The kinds of objects in the contracts: id, name, and fields with their types.

A field without a type is a text. ``b`` is a boolean, ``i`` an integer, ``n`` a number, ``o`` anything with a form of
its own, ``*`` a secret, ``~`` a word of a list that the vendor does not publish, ``!`` a word of a list that the
contract closes, and ``=Kind`` another object.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One kind of object."""

    name: str
    id_field: str
    called: str
    """The field that people know it by."""
    fields: Mapping[str, str]
    """Field names and types, the id among them."""


_TABLE = """
CloudRouteGroup cloudGroupId:i groupName isDefault:b permissions:o cloudRouteDestinations:o cloudRouteProfiles:o

CloudRouteDestination cloudDestinationId:i destinationName destinationType:! routeDestination destinationDesc isActive:b
 isDeleted:b active:b deleted:b address authKey:* city cloudRouteGroup:=CloudRouteGroup countryCode:o endDate:o
 forceAcdQueue:b lat:n lon:n maxConcurrent:i maxConcurrentHours maxConcurrentType monSched tueSched wedSched thuSched
 friSched satSched sunSched permissions:o prerouteHttpUrl ringDuration:i startDate:o state ttAccept:b ttAcceptTime:i zip

CloudRouteProfile cloudProfileId:i profileName routingType:~ percentAllocType:~ profileDesc isActive:b isDeleted:b
 billingCode billingKey callConnSoapService:=RemoteHttpService callEndSoapService:=RemoteHttpService
 callStartSoapService:=RemoteHttpService cloudRouteGroup:=CloudRouteGroup dequeueDelay:i endcallMsg geoMaxDistance:i
 introMsg longCall:i outboundCallerId permissions:o recordCall:b repeatCount:i repeatDelay:i revMatch:b
 routeExhaustedAction:~ shortCall:i stickyDestinationType:~ takeBackMsg voicemailEmail whisperMsg

CloudRouteAssignedDestination assignedDestinationId:i rank:i cloudDestination:=CloudRouteDestination
 cloudProfile:=CloudRouteProfile allocationPercent:i allocationPercentHours countryCode:o destinationType:!
 dtmfEventsEnabled:b enablePrerouteHttp:b forceAcdQueue:b outboundCallerId overrideFlag:b permissions:o
 repeatIndexStart:i ringDuration:i routeDestination takeBackDtmf ttAccept:b ttAcceptTime:i

CloudRouteDestinationOverride destOverrideId:i dnis routeDestination countryId cloudDestination:=CloudRouteDestination

CloudRouteAssignedOverride assignedOverrideId:i dnis routeDestination countryId
 assignedDestination:=CloudRouteAssignedDestination

DnisPool dnis dnisDescription active:b assignedDnis:=AssignedDnis assignedSmsDnis:o carrier customAppString
 dateCreated:o dnisCategory dnisE164 dnisManagedByRC:b inboundContext lastModified:o lastModifiedBy mediaCode
 mediaFormat mediaIsci mediaLength mediaMarket mediaNetwork mediaUrl mediaVersion mediaWebSourcecode notes
 originatingDnis phoneNumbersI18nEnabled:b platformId reservedAccount:o reservedAccountId resporg smsEnabled:b
 twilioApiKey:* vendorId vruNetworkId:i

AssignedDnis dnis dnisDescription isActive:b cloudRouteProfile:=CloudRouteProfileSkinny dnisE164 endDate:o endPointId
 endPointType gate:=GateSkinnyAssignable originatingDnis phoneNumbersI18nEnabled:b startDate:o
 tracNumber:=TracNumberSkinny visualIvr:=VisualIvrSkinny

GateSkinnyAssignable gateId:i gateName accountId gateGroup:o gateGroupId:i groupId:i isActive:b
VisualIvrSkinny visualIvrId:i visualIvrName accountId groupId:i isActive:b isDeleted:b visualIvrDesc visualIvrGroupId:i
CloudRouteProfileSkinny cloudProfileId:i profileName accountId cloudGroupId:i groupId:i isActive:b isDeleted:b
TracNumberSkinny tracId:i description accountId groupId:i tracGroupId:i

TracGroup tracGroupId:i groupName isDefault:b permissions:o tracNumbers:o

TracNumber tracId:i description accountId assignedDnis:=AssignedDnis billingCode billingKey closeLocatorId:i closeType:!
 dequeueDelay:i endcallMsg friSched introMsg monSched openLocatorId:i openType:! outboundCallerId permissions:o
 postCallSoapService:=RemoteHttpService recordCall:i revMatch:i satSched shortCallTime:i sunSched surveyId:i thuSched
 tracGroup:=TracGroup tueSched voicemailEnabled:i wedSched whisperMsg

TracRoutingRule ruleId:i rank:i description destination openRule:b parallelDelay:i ringDuration:i ruleType:!
 tracNumber:=TracNumber ttAccept:b xferGateId:i xferTracId:i

TracScheduleOverride scheduleOverrideId:i overrideLabel overrideClosedEvent overrideDate:o overrideSched

RemoteHttpServiceGroup serviceGroupId:i groupName isDefault:b permissions:o services:o

RemoteHttpService serviceId:i serviceDescription accountId enableMappings:b httpPassword:* httpServiceConfig
 httpServiceGroup:=RemoteHttpServiceGroup httpServiceInputs:o httpUsername isDebug:b isEnabled:b permissions:o
 returntype sendAllSurveyData:b serviceType:! soapAction soapEndpoint soapOperationname soapPortname soapServicename
 targetNamespace authConfigId

RemoteHttpServiceInput inputId:i name rank simpleDataType:~ type:~ value

ExternalAuthConfig authConfigId providerName authType:! addTokenTo:! algorithm apiKey:* assertion:*
 clientCredentialsSupplyIn:! clientId createdTime description expirationTime:i grantType:! headerPrefix
 isIncludeIssueAt:b isSecretEncoded:b jwtHeaders oauthProvider:! otherParameters:* password:* payload privateKey:*
 queryParamName scope secret:* tokenUrl updatedTime username allowedBaseUrl wcgFunctionId inputParams:*
"""


def _read(table: str) -> dict[str, Kind]:
    kinds = {}
    for line in table.replace("\n ", " ").splitlines():
        if not line.strip():
            continue
        name, *given = line.split()
        fields = {field: type_ for field, _, type_ in (one.partition(":") for one in given)}
        id_field, called = list(fields)[:2]
        kinds[name] = Kind(name, id_field, called, fields)
    return kinds


KINDS = _read(_TABLE)
"""Every kind of RingCX, by the contract's name of it."""
