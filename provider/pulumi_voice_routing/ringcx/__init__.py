"""RingCX: cloud routing."""

from .activation import Activation, ActivationArgs, ActivationTarget
from .allocation_hours import AllocationHours, AllocationHoursArgs, DestinationHours
from .destination import Destination, DestinationArgs, DestinationKind
from .dnis_override import DnisOverride, DnisOverrideArgs
from .dnis_overrides import DnisOverrides, DnisOverridesArgs, Override
from .lookups import (
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
from .profile import Profile, ProfileArgs
from .profile_destinations import AssignedDestination, ProfileDestinations, ProfileDestinationsArgs
from .route_group import RouteGroup, RouteGroupArgs

__all__ = [
    "Activation",
    "ActivationArgs",
    "ActivationTarget",
    "AllocationHours",
    "AllocationHoursArgs",
    "AssignedDestination",
    "AssignedDestinationInfo",
    "Destination",
    "DestinationArgs",
    "DestinationHours",
    "DestinationInfo",
    "DestinationKind",
    "DnisOverride",
    "DnisOverrideArgs",
    "DnisOverrideInfo",
    "DnisOverrides",
    "DnisOverridesArgs",
    "Override",
    "Profile",
    "ProfileArgs",
    "ProfileDestinations",
    "ProfileDestinationsArgs",
    "ProfileInfo",
    "RouteGroup",
    "RouteGroupArgs",
    "RouteGroupInfo",
    "get_assigned_destinations",
    "get_destination",
    "get_destination_group",
    "get_destination_groups",
    "get_destinations",
    "get_dnis_overrides",
    "get_profile",
    "get_profile_groups",
    "get_profiles",
]
