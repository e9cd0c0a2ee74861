"""RingCX: cloud routing, numbers and remote HTTP services."""

from typing import TYPE_CHECKING

from ..lazy_names import names_of

if TYPE_CHECKING:
    from .cloud_routing.activation import Activation, ActivationArgs, ActivationTarget
    from .cloud_routing.allocation_hours import AllocationHours, AllocationHoursArgs, DestinationHours
    from .cloud_routing.destination import Destination, DestinationArgs, DestinationKind
    from .cloud_routing.dnis_override import DnisOverride, DnisOverrideArgs
    from .cloud_routing.dnis_overrides import DnisOverrides, DnisOverridesArgs, Override
    from .cloud_routing.lookups import (
        AssignedDestinationInfo,
        DestinationInfo,
        DnisOverrideInfo,
        ProfileInfo,
        RouteGroupInfo,
        get_assigned_destinations,
        get_destination,
        get_destination_group,
        get_destination_groups,
        get_destinations,
        get_dnis_overrides,
        get_profile,
        get_profile_groups,
        get_profiles,
    )
    from .cloud_routing.profile import Profile, ProfileArgs
    from .cloud_routing.profile_destinations import AssignedDestination, ProfileDestinations, ProfileDestinationsArgs
    from .cloud_routing.route_group import RouteGroup, RouteGroupArgs
    from .http_services.api_key_auth import ApiKeyAuth, ApiKeyAuthArgs
    from .http_services.basic_auth import BasicAuth, BasicAuthArgs
    from .http_services.custom_auth import CustomAuth, CustomAuthArgs
    from .http_services.http_service import HttpMethod, HttpService, HttpServiceArgs, HttpServiceKind
    from .http_services.http_service_group import HttpServiceGroup, HttpServiceGroupArgs
    from .http_services.http_service_inputs import HttpServiceInput, HttpServiceInputs, HttpServiceInputsArgs
    from .http_services.jwt_auth import JwtAuth, JwtAuthArgs
    from .http_services.lookups import (
        AuthConfigInfo,
        HttpServiceGroupInfo,
        HttpServiceInfo,
        HttpServiceInputInfo,
        get_auth_config,
        get_auth_configs,
        get_http_service,
        get_http_service_group,
        get_http_service_groups,
        get_http_service_input,
        get_http_service_inputs,
        get_http_services,
    )
    from .http_services.oauth_auth import GrantType, OAuthAuth, OAuthAuthArgs
    from .numbers.dnis import Dnis, DnisArgs
    from .numbers.dnis_assignment import DnisAssignment, DnisAssignmentArgs
    from .numbers.dnis_assignments import DnisAssignments, DnisAssignmentsArgs
    from .numbers.dnis_pool import DnisPool, DnisPoolArgs, PoolNumber
    from .numbers.lookups import (
        DnisAssignmentInfo,
        DnisInfo,
        TrackingGroupInfo,
        TrackingNumberInfo,
        get_dnis_assignment,
        get_tracking_groups,
        get_tracking_numbers,
        search_dnis,
        search_dnis_pool,
    )
    from .numbers.tracking_group import TrackingGroup, TrackingGroupArgs
    from .numbers.tracking_number import TrackingNumber, TrackingNumberArgs
    from .numbers.tracking_routing_rule import TrackingRoutingRule, TrackingRoutingRuleArgs
    from .numbers.tracking_schedule_override import TrackingScheduleOverride, TrackingScheduleOverrideArgs

__all__ = [
    "Activation",
    "ActivationArgs",
    "ActivationTarget",
    "AllocationHours",
    "AllocationHoursArgs",
    "ApiKeyAuth",
    "ApiKeyAuthArgs",
    "AssignedDestination",
    "AssignedDestinationInfo",
    "AuthConfigInfo",
    "BasicAuth",
    "BasicAuthArgs",
    "CustomAuth",
    "CustomAuthArgs",
    "Destination",
    "DestinationArgs",
    "DestinationHours",
    "DestinationInfo",
    "DestinationKind",
    "Dnis",
    "DnisArgs",
    "DnisAssignment",
    "DnisAssignmentArgs",
    "DnisAssignmentInfo",
    "DnisAssignments",
    "DnisAssignmentsArgs",
    "DnisInfo",
    "DnisOverride",
    "DnisOverrideArgs",
    "DnisOverrideInfo",
    "DnisOverrides",
    "DnisOverridesArgs",
    "DnisPool",
    "DnisPoolArgs",
    "GrantType",
    "HttpMethod",
    "HttpService",
    "HttpServiceArgs",
    "HttpServiceGroup",
    "HttpServiceGroupArgs",
    "HttpServiceGroupInfo",
    "HttpServiceInfo",
    "HttpServiceInput",
    "HttpServiceInputInfo",
    "HttpServiceInputs",
    "HttpServiceInputsArgs",
    "HttpServiceKind",
    "JwtAuth",
    "JwtAuthArgs",
    "OAuthAuth",
    "OAuthAuthArgs",
    "Override",
    "PoolNumber",
    "Profile",
    "ProfileArgs",
    "ProfileDestinations",
    "ProfileDestinationsArgs",
    "ProfileInfo",
    "RouteGroup",
    "RouteGroupArgs",
    "RouteGroupInfo",
    "TrackingGroup",
    "TrackingGroupArgs",
    "TrackingGroupInfo",
    "TrackingNumber",
    "TrackingNumberArgs",
    "TrackingNumberInfo",
    "TrackingRoutingRule",
    "TrackingRoutingRuleArgs",
    "TrackingScheduleOverride",
    "TrackingScheduleOverrideArgs",
    "get_assigned_destinations",
    "get_auth_config",
    "get_auth_configs",
    "get_destination",
    "get_destination_group",
    "get_destination_groups",
    "get_destinations",
    "get_dnis_assignment",
    "get_dnis_overrides",
    "get_http_service",
    "get_http_service_group",
    "get_http_service_groups",
    "get_http_service_input",
    "get_http_service_inputs",
    "get_http_services",
    "get_profile",
    "get_profile_groups",
    "get_profiles",
    "get_tracking_groups",
    "get_tracking_numbers",
    "search_dnis",
    "search_dnis_pool",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = names_of(__name__, __file__)
