"""What PortSIP PBX answers, field by field.

Fields are the vendor's, by its names. Any of them may be absent, as servers leave out what they like, and others may be
there; ``Required`` is what our client looks for itself.
"""

from __future__ import annotations

from typing import Required, TypedDict


class NoAnswerRule(TypedDict, total=False):
    """Where calls go when no member answers."""

    action: str
    number: str


class OutboundCallerId(TypedDict, total=False):
    """What callees see of calls over one trunk."""

    provider_id: str
    caller_id: str
    description: str
    provider_name: str
    provider_brand: str
    provider_did_numbers: str


class RingGroup(TypedDict, total=False):
    """A ring group (RG-01 to RG-03, RGb-05). Lists show less of it, and its members come by another call."""

    id: Required[str]
    name: str
    extension_number: str
    ring_time: int
    ring_strategy: str
    skip_busy_member: bool
    enable_paid: bool
    enable_prid: bool
    extension_number_as_to_header: bool
    no_answer_forward_rule: NoAnswerRule
    outbound_caller_ids: list[OutboundCallerId]


class Member(TypedDict, total=False):
    """An extension of a ring group (RGb-02, RGb-04)."""

    extension_number: str
    display_name: str
    skill_level: int


class WholeRingGroup(RingGroup, total=False):
    """A ring group with its members, as our client puts the two together."""

    members: list[Member]


class BlockedNumber(TypedDict, total=False):
    """A number whose calls are turned away (PI-48 to PI-50)."""

    id: Required[str]
    number: str
    expire_at: str
    created_at: str
    updated_at: str
    description: str


class Trunk(TypedDict, total=False):
    """A trunk (RG-trunks)."""

    id: str
    name: str
    enabled: bool
    brand: str
    hostname: str
    port: int
    did_numbers: str
    shared: bool


class Extension(TypedDict, total=False):
    """An extension of the tenant (RG-extensions)."""

    id: str
    name: str
    enabled: bool
    email: str
    display_name: str
    role: str
    extension_number: str
    created_at: str
