"""Look-ups of RingEX, against the emulator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pulumi
import pytest

from pulumi_voice_routing import ringex
from pulumi_voice_routing.ringex import auth, client
from tests.emulated import TOKEN, Emulated
from tests.examples.ringex import forwarding_number, rule

HERE = "123456/100001"


@pytest.fixture(autouse=True)
def portal(ready_token: None, emulator: Emulated, monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulated]:
    monkeypatch.setenv("RINGEX_BASE_URL", emulator.url)
    monkeypatch.setenv("RINGEX_ACCESS_TOKEN", TOKEN)
    monkeypatch.setenv("RINGEX_REQUESTS_PER_MINUTE", "0")
    made: dict[Any, Any] = {}
    monkeypatch.setattr(client, "_clients", made)
    monkeypatch.setattr(auth, "_tokens", {})
    yield emulator
    for one in made.values():
        one.close()


def test_whoever_is_signed_in() -> None:
    assert ringex.get_extension() == ringex.ExtensionInfo(id=HERE, account_id="123456")


def test_rules(portal: Emulated) -> None:
    id_ = rule(portal, "VIPs", enabled=False)
    rules = ringex.get_answering_rules()
    assert [one.type for one in rules] == ["BusinessHours", "AfterHours", "Custom"]
    vip = ringex.AnsweringRuleInfo(id=f"{HERE}/{id_}", name="VIPs", type="Custom", enabled=False)
    assert rules[2] == vip
    assert ringex.get_answering_rule(name="VIPs") == vip
    assert ringex.get_answering_rule(HERE, id=id_) == vip
    assert ringex.get_answering_rule(id="business-hours-rule").type == "BusinessHours"


def test_numbers(portal: Emulated) -> None:
    id_ = forwarding_number(portal, "+13035550160", label="Shed")
    numbers = ringex.get_forwarding_numbers("100001")
    assert [(one.type, one.can_be_forwarded_to) for one in numbers] == [
        ("PhoneLine", True), ("BusinessMobilePhone", False), ("Other", True)
    ]  # fmt: skip
    shed = ringex.get_forwarding_number(phone_number="+1 303 555 0160")
    assert shed.id == f"{HERE}/{id_}"
    for found in (
        ringex.get_forwarding_number(label="Shed"),
        ringex.get_forwarding_number(type="Other"),
        ringex.get_forwarding_number(id=id_),
    ):
        assert found == shed


def test_the_backend() -> None:
    assert ringex.get_call_handling_backend() == "classic"
    assert ringex.get_call_handling_backend("123456/100003") == "new"


def test_none_and_two_list_the_candidates(portal: Emulated) -> None:
    with pytest.raises(
        pulumi.RunError, match=r"ringex: no answering rule has the name 'VIPs'\. There are: 'BusinessHours'"
    ):
        ringex.get_answering_rule(name="VIPs")
    ids = [rule(portal, "Twin") for _ in range(2)]
    client.ringex_client().listings.drop("/restapi")
    with pytest.raises(pulumi.RunError) as caught:
        ringex.get_answering_rule(name="Twin")
    assert all(id_ in str(caught.value) for id_ in ids)
    with pytest.raises(pulumi.RunError, match="give one of name, id"):
        ringex.get_answering_rule()
    with pytest.raises(pulumi.RunError, match="belongs to account 9, but account 123456"):
        ringex.get_answering_rules("9/100001")
