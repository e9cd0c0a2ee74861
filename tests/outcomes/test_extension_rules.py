"""What an extension does with its calls, as far as a write to one of its rules has to know it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from pulumi_voice_routing.errors import DeclarationError, Forbidden, NotFound
from pulumi_voice_routing.lifecycle import standing
from pulumi_voice_routing.lifecycle.writes import Declared, Write
from pulumi_voice_routing.plan.facts import Resource
from pulumi_voice_routing.registry import provider_for
from pulumi_voice_routing.safety import extension_rules
from pulumi_voice_routing.safety.extension_rules import all_rules, known_rules, listed_whole, not_there_yet
from tests.tokens import ANSWERING_RULE, BUILT_IN_RULE, DESTINATION

RULE = {"extension_id": "1/101", "name": "VIP", "action": "TakeMessagesOnly"}
HOURS = {"extension_id": "1/101", "rule": "business-hours", "action": "ForwardCalls"}
BUILT_IN = "1/101/business-hours-rule"


def keys(found: list[Resource]) -> list[tuple[str, str | None]]:
    return [(one.type, one.id) for one in found]


@pytest.fixture
def declares(monkeypatch: pytest.MonkeyPatch) -> list[Declared]:
    """What the program has declared so far, and what the run has written of it."""
    so_far: list[Declared] = []
    monkeypatch.setattr(extension_rules, "declared_in", lambda extension: so_far)
    monkeypatch.setattr(standing, "before", lambda urn: {"action": "PlayAnnouncementOnly"} if urn == "urn:was" else {})
    return so_far


def write(id_: str | None = None, urn: str = "urn:it", args: Mapping[str, Any] | None = RULE) -> Write:
    return Write(provider_for(ANSWERING_RULE), urn, id_, None if id_ is None else RULE, args)


def test_a_rule_that_is_not_made_yet_is_for_no_call() -> None:
    there = not_there_yet(ANSWERING_RULE, "urn:it", {**RULE, "enabled": True})
    assert there is not None
    assert (there.type, there.get("enabled"), there.get("name")) == (ANSWERING_RULE, False, "VIP")
    other = not_there_yet(ANSWERING_RULE, "urn:other", RULE)
    assert other is not None
    assert other.id != there.id
    assert not_there_yet(DESTINATION, "urn:it", {"name": "Denver"}) is None
    assert not_there_yet("ringex:ForwardingNumber", "urn:it", {"extension_id": "1/101"}) is None


def test_of_what_else_is_declared_the_rules_of_the_extension_count(declares: list[Declared]) -> None:
    declares += [
        Declared(BUILT_IN_RULE, "urn:was", HOURS, BUILT_IN),
        Declared(BUILT_IN_RULE, "urn:x", {**HOURS, "extension_id": "1/102"}, "1/102/business-hours-rule"),
        Declared(DESTINATION, "urn:d", {"name": "Denver"}, "1/101/7"),
        Declared(ANSWERING_RULE, "urn:it", RULE, None),
        Declared(ANSWERING_RULE, "urn:new", {**RULE, "name": "New"}, None),
        Declared(ANSWERING_RULE, "urn:far", {**RULE, "extension_id": "1/102"}, None),
    ]
    itself, new, built_in = known_rules(write(), None)
    assert [one.get("name") for one in (itself, new)] == ["VIP", "New"]
    assert [one.get("enabled") for one in (itself, new)] == [False, False]
    assert (built_in.type, built_in.id, built_in.props) == (BUILT_IN_RULE, BUILT_IN, {"action": "PlayAnnouncementOnly"})
    declares[0] = Declared(BUILT_IN_RULE, "urn:now", HOURS, BUILT_IN)
    assert known_rules(write(), None)[-1].props == HOURS


def test_a_rule_that_is_there_is_looked_at(declares: list[Declared], monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Mapping[str, Any] | None] = [{**RULE, "action": "ForwardCalls"}, None]
    provider = type(provider_for(ANSWERING_RULE))
    monkeypatch.setattr(provider, "look", lambda self, id_, olds: shown.pop(0))
    declares.append(Declared(ANSWERING_RULE, "urn:it", RULE, "1/101/7"))
    (itself,) = known_rules(write("1/101/7"), "1/101/7")
    assert (itself.id, itself.get("action")) == ("1/101/7", "ForwardCalls")
    assert known_rules(write("1/101/7"), "1/101/7") == []


@pytest.mark.parametrize(
    "why",
    [DeclarationError("such an extension has none"), *(of("ringex", "list", 404) for of in (NotFound, Forbidden))],
)
def test_all_rules_are_those_of_one_generation(
    why: Exception, declares: list[Declared], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An extension has older rules or newer ones; telephones are for both. What cannot be listed is left out."""
    asked: list[tuple[str, str]] = []

    def of_type(token: str, extension: str) -> Iterator[Resource]:
        asked.append((token, extension))
        if len(asked) == 1:
            raise why
        yield Resource(token, "there", "urn:there", {}, "1/101/there")

    monkeypatch.setattr(extension_rules, "_of_type", of_type)
    found = all_rules(write("1/101/7"), "1/101/7")
    assert {extension for _, extension in asked} == {"1/101"}
    tokens = {token for token, _ in asked}
    assert {ANSWERING_RULE, BUILT_IN_RULE} <= tokens
    assert not any(listed_whole(token) for token in tokens)
    assert [one.type for one in found] == [token for token, _ in asked[1:]]
    asked.clear()
    all_rules(write("1/101/7", args=None), "1/101/7")
    assert {extension for _, extension in asked} == {"1/101"}
