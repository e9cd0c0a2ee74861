"""Every resource type that there is."""

from __future__ import annotations

from pulumi_voice_routing import portsip, ringcx, ringex
from pulumi_voice_routing.lifecycle.resource import Resource

TYPES: dict[str, type[Resource]] = {
    kind.lifecycle.token: kind
    for package in (ringcx, ringex, portsip)
    for name in package.__all__
    if isinstance(kind := getattr(package, name), type) and issubclass(kind, Resource)
}
