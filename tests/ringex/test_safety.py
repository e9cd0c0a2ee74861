"""What is refused of answering rules and numbers, and forms that mean the same."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_voice_routing.errors import SettingsError
from pulumi_voice_routing.ringex.rule_facts import RuleFacts, overlaps, why_number_used, why_numbers_full
from pulumi_voice_routing.ringex.rule_form import alike, readable, rule_facts, without_echoes
from pulumi_voice_routing.telephony.outside_numbers import allowed_countries, why_number_not_allowed


class TestNumbers:
    def test_every_rule_that_names_a_number_keeps_it(self) -> None:
        rules = [
            RuleFacts("1", "Day", rings=[("7", "8")]),
            RuleFacts("2", "Night", enabled=False, idle=[("7",)]),
            RuleFacts("3", "Other", rings=[("9",)]),
        ]
        (why,) = why_number_used("+13035550100", "7", rules)
        assert "'Day' (1), 'Night' (2)" in why
        assert list(why_number_used("+13035550100", "70", rules)) == []

    @pytest.mark.parametrize(
        ("type_", "there", "full"),
        [
            ("Other", ["Other"] * 6, False),
            ("Other", ["Other"] * 7, True),
            ("Home", ["Other"] * 7, False),
            ("Home", ["Home"], True),
            ("PhoneLine", ["PhoneLine"] * 3, False),
            ("PhoneLine", ["PhoneLine"] * 10, True),
        ],
    )
    def test_room(self, type_: str, there: list[str], full: bool) -> None:
        assert bool(list(why_numbers_full(type_, there))) is full

    @pytest.mark.parametrize(
        ("number", "allowed", "refused"),
        [
            ("+13035550100", None, False),
            ("+13035550100", {1}, False),
            ("+13035550100", {44}, True),
            ("+19005550100", None, True),
            ("+19005550100", {1}, True),
            ("11234", {44}, False),
            ("", {44}, False),
        ],
    )
    def test_where_calls_may_go(self, number: str, allowed: set[int] | None, refused: bool) -> None:
        assert bool(list(why_number_not_allowed(number, allowed))) is refused

    @pytest.mark.parametrize(("said", "codes"), [("1", {1}), ("+1, 44 ,353", {1, 44, 353})])
    def test_countries(self, ready_token: None, monkeypatch: pytest.MonkeyPatch, said: str, codes: set[int]) -> None:
        assert allowed_countries() is None
        monkeypatch.setenv("VOICE_ROUTING_COUNTRY_CODES", said)
        assert allowed_countries() == codes

    def test_countries_that_are_none(self, ready_token: None, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("VOICE_ROUTING_COUNTRY_CODES", "US")
        with pytest.raises(SettingsError, match="write country codes such as 1,44,353"):
            allowed_countries()


class TestForms:
    @pytest.mark.parametrize(
        ("name", "there", "wanted", "same"),
        [
            ("callers", [{"caller_id": "+1"}, {"caller_id": "2"}], [{"caller_id": "+2"}, {"caller_id": "1"}], True),
            ("callers", [{"caller_id": "1", "name": "Zoe"}], [{"caller_id": "1"}], False),
            ("called_numbers", ["2", "+1"], ["+1", "+2"], True),
            ("called_numbers", ["+1"], ["+1", "+2"], False),
            ("forward_to", [{"numbers": ["1", "2"]}], [{"numbers": ["a/b/2", "1"], "ring_count": 4, "index": 1}], True),
            ("forward_to", [{"numbers": ["1"]}], [{"numbers": ["1"], "enabled": False}], False),
            ("forward_to", [{"numbers": ["1"]}, {"numbers": ["2"]}], [{"numbers": ["2"]}, {"numbers": ["1"]}], False),
            (
                "greetings",
                [{"type": "A", "preset_id": "1"}, {"type": "B", "preset_id": "2"}],
                [{"type": "B", "preset_id": "2"}],
                True,
            ),
            ("greetings", [{"type": "A", "preset_id": "1"}], [{"type": "A", "preset_id": "2"}], False),
            ("schedule", {"weekly": {"monday": [1], "friday": []}}, {"weekly": {"monday": [1]}}, True),
            ("forward_all_to", "13035550100", "+13035550100", True),
            ("transfer_to", "100002", "123456/100002", True),
            ("screening", "Off", "Off", True),
            ("screening", None, "Off", False),
        ],
    )
    def test_what_means_the_same(self, name: str, there: Any, wanted: Any, same: bool) -> None:
        assert alike(name, there, wanted) is same

    def test_older_words_are_understood(self) -> None:
        live = {"screening": "Never", "greetings": [{"type": "Voicemail", "prompt": {"id": 5}}]}
        shown = readable(live, "123456/100001")
        assert shown == {"screening": "Off", "greetings": [{"type": "Voicemail", "preset_id": "5"}]}

    def test_echoes_are_not_sent_back(self) -> None:
        number = {"id": "7", "uri": "x", "phoneNumber": "+1", "label": "Shed"}
        block = {"rules": [{"index": 1, "forwardingNumbers": [number]}], "recipient": {"id": 1, "uri": "x"}}
        assert without_echoes(block) == {
            "rules": [{"index": 1, "forwardingNumbers": [{"id": "7"}]}], "recipient": {"id": 1}
        }  # fmt: skip

    def test_the_facts_of_a_rule(self) -> None:
        steps = [
            {"index": 1, "forwardingNumbers": [{"id": "7"}]},
            {"index": 2, "enabled": False, "forwardingNumbers": [{"id": "8"}]},
        ]
        facts = rule_facts({"id": "5", "enabled": "true", "forwarding": {"rules": steps}})
        assert (facts.enabled, facts.rings, facts.idle, facts.soft_phones) == (True, [("7",)], [("8",)], True)
        assert overlaps(facts, facts)
        assert not overlaps(facts, rule_facts({"id": "5", "enabled": False}))
