"""What is asked of the vendor once for each row, and what once for all: a step in the life of many alike."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from pulumi_voice_routing import registry
from pulumi_voice_routing.lifecycle.fleet_rows import ROWS
from pulumi_voice_routing.ringex.client import ringex_client
from tests.emulated import Emulated
from tests.examples.numbers import pool
from tests.examples.ringex_users import as_sent
from tests.fleets.test_every_type import EXAMPLES, another_process, the_emulator_is_the_vendor  # noqa: F401 - used by all
from tests.fleets.test_growth import asked_about, with_users

Values = dict[str, Any]

COUNT = 24
"""What rows share is asked fewer times than this: who comes while a question is under way waits for the next."""

PER_ROW: dict[str, dict[str, dict[str, int]]] = {
    "ringcx:Dnis": {"create": {"NM-03": 1}, "change": {"NM-04": 1}, "destroy": {}},
    "ringcx:DnisAssignment": {"create": {"NM-09": 1}, "change": {"NM-09": 1}, "destroy": {"NM-11": 1}},
    "ringcx:TrackingNumber": {
        "create": {"NM-16": 1},
        "change": {"NMb-18": 1, "NM-17": 1},
        "destroy": {"NMb-18": 1, "NM-17": 1},
    },
    "ringcx:DnisOverride": {
        "create": {"CR-20": 1},
        "change": {"CRb-12": 1, "CRb-13": 1},
        "destroy": {"CRb-14": 1},
    },
    "ringcx:HttpServiceGroup": {"create": {"HT-02": 1}, "change": {"HT-04": 1, "HT-05": 1}, "destroy": {}},
    "ringcx:Profile": {"create": {"CR-09": 1}, "change": {"CR-10": 1, "CR-11": 1}, "destroy": {}},
    "ringcx:ApiKeyAuth": {
        "create": {"HT-19": 1},
        "change": {"HT-17": 2, "HTb-08": 1},
        "destroy": {"HT-18": 1},
    },
    "portsip:BlockedNumber": {"create": {"PI-49": 1}, "change": {"PI-50": 2, "PI-51": 1}, "destroy": {"PI-52": 1}},
}
"""The writes, and the reads of one object before and after them. A preview and a refresh ask nothing of one row."""


def row(token: str, given: Values, at: int) -> Values:
    """The arguments of another one alike."""
    model = registry.provider_for(token).model
    name = next(one for one in ("dnis", "number", "name") if one in model)
    return {**given, name: f"{given[name]} {at}" if name == "name" else f"+1303555{2000 + at}"}


@pytest.mark.parametrize(
    "token",
    [pytest.param(one, marks=() if one == "ringcx:TrackingNumber" else pytest.mark.whole_run) for one in PER_ROW],
)
def test_rows_share_what_is_no_question_of_one(token: str, emulator: Emulated, monkeypatch: pytest.MonkeyPatch) -> None:
    asked_about(token, monkeypatch)
    example = EXAMPLES[token].instances(emulator)["made"]
    rows = {str(at): row(token, example.args, at) for at in range(COUNT)}
    if "dnis" in example.args and token != "ringcx:Dnis":
        pool(emulator, *(one["dnis"] for one in rows.values()))
    emulator.faults(latency_seconds=0.02)
    provider = registry.provider_for(token + registry.FLEET)

    def asked_once_for_each(do: Callable[[], Any]) -> tuple[Any, dict[str, int]]:
        another_process()
        emulator.forget_journal()
        done = do()
        calls = Counter(one["operation"] for one in emulator.journal())
        return json.loads(json.dumps(done)), {name: of // COUNT for name, of in calls.items() if of >= COUNT}

    def checked(olds: Values, news: Values) -> Values:
        result = provider.check(olds, {ROWS: news})
        assert result.failures == []
        inputs: Values = result.inputs
        return inputs

    def create() -> Values:
        outs: Values = provider.create(checked({}, rows)).outs
        return outs

    def compare(outs: Values, news: Values) -> Values:
        inputs = checked({ROWS: rows}, news)
        provider.diff("f", outs, inputs)
        return inputs

    def change(outs: Values, news: Values) -> Values:
        now: Values = provider.update("f", outs, compare(outs, news)).outs
        return now

    of_each = PER_ROW[token]
    assert asked_once_for_each(partial(checked, {}, rows))[1] == {}
    outs, calls = asked_once_for_each(create)
    assert calls == of_each["create"]
    assert asked_once_for_each(partial(compare, outs, rows))[1] == {}
    assert asked_once_for_each(lambda: provider.read("f", outs).outs)[1] == {}
    news = {
        key: {**one, **{name: it for name, it in example.updates.items() if name != "name"}}
        for key, one in rows.items()
    }
    outs, calls = asked_once_for_each(partial(change, outs, news))
    assert calls == of_each["change"]
    assert asked_once_for_each(lambda: provider.delete("f", outs))[1] == of_each["destroy"]


@pytest.mark.parametrize(("state", "read_anew"), [("after-hours", 0), ("work-hours", 1)])
def test_the_list_of_rules_is_read_anew_when_another_rule_may_borrow(
    state: str, read_anew: int, emulator: Emulated
) -> None:
    emulator.put_state(with_users(emulator, 1))
    user, api = "300001", ringex_client()
    api.list_state_rules(user)
    rings = as_sent(api.get_state_rule(user, state)["dispatching"])
    emulator.forget_journal()
    api.update_state_rule(user, state, {"dispatching": {**rings, "type": "RingInOrder"}})
    listed = api.list_state_rules(user)
    assert [one["operation"] for one in emulator.journal()].count("EV-04") == read_anew
    api.listings.clear()
    assert listed == api.list_state_rules(user)
