"""Changes of where calls end, and what a rule says of them."""

from __future__ import annotations

from typing import Any

from pulumi_voice_routing.plan.facts import Before, Facts, Resource
from pulumi_voice_routing.safety.rule import Rule
from tests.call_flow.line import AUSTIN, DENVER, LINE, but, destination, split


def said(rule_: Rule, before: list[Resource], after: list[Resource], **settings: Any) -> list[str]:
    facts = Facts(after, Before(before), preview=True)
    return [f"{one.object} {one.from_} {one.to}: {one.message}" for one in rule_.judge(facts, settings)]


OFF = destination("denver", 2001, DENVER, active=False), destination("austin", 2002, AUSTIN, active=False)


def behind_a_group(*groups: Resource) -> list[Resource]:
    to_group = destination("denver", 2001, "sip:8000@acme.example.com", kind="SIP")
    return but(LINE, to_group, split((2001, 100)), *groups)
