"""What a fleet costs grows as its rows do: requests, and how often each function of this package is called."""

from __future__ import annotations

import json
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import _lru_cache_wrapper, partial
from typing import Any

import pytest

import pulumi_voice_routing
from pulumi_voice_routing import registry
from pulumi_voice_routing.call_flow import judgement
from pulumi_voice_routing.lifecycle import plugin
from pulumi_voice_routing.lifecycle.fleet_rows import IDS, ROWS
from pulumi_voice_routing.telephony import number
from tests.emulated import Emulated
from tests.examples import ref
from tests.examples.ringex_users import VOICEMAIL
from tests.fleets.test_every_type import another_process, the_emulator_is_the_vendor  # noqa: F401 - used by all

Values = dict[str, Any]

PACKAGE = next(iter(pulumi_voice_routing.__path__))
SIZES = (2, 10, 20, 40)
"""The first one is for what is loaded and worked out once."""
SOME = 40
"""So many calls more or less say nothing: threads meet or not."""


def destination(at: int, now: str) -> Values:
    return {"group_id": ref("1000"), "name": f"Desk {at}", "kind": "DID", "target": f"+1303{now}{at:04}"}


def blocked_number(at: int, now: str) -> Values:
    return {"number": f"+1720{now[:2]}0{at:04}", "description": now}


def interaction_rule(at: int, now: str) -> Values:
    target = {**VOICEMAIL, "extension_id": ref("100002" if now[-1] == "0" else "100004")}
    rule = {"name": f"Caller {at}", "callers": [{"caller_id": f"+1415{now}{at:04}"}], "immediate_target": target}
    return {"extension_id": f"123456/{300001 + at}", "dispatching": "Terminate", **rule}


def state_rule(at: int, now: str) -> Values:
    target = {**VOICEMAIL, "extension_id": ref("100002" if now[-1] == "0" else "100004")}
    rings = {"ring_groups": [{"targets": [{"type": "AllMobileRingTarget"}]}], "dispatching": "RingInOrder"}
    return {"extension_id": f"123456/{300001 + at}", "state": "after-hours", **rings, "no_answer_target": target}


ROW: dict[str, Callable[[int, str], Values]] = {
    "ringcx:Destination": destination,
    "portsip:BlockedNumber": blocked_number,
    "ringex:InteractionRule": interaction_rule,
    "ringex:CallHandlingStateRule": state_rule,
}


@contextmanager
def counted() -> Iterator[Counter[str]]:
    """How often functions of the package are called in here, in all threads that begin in here."""
    calls: Counter[str] = Counter()

    def count(frame: Any, event: str, _: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(PACKAGE):
            calls[f"{code.co_filename.removeprefix(PACKAGE)}:{code.co_firstlineno} {code.co_name}"] += 1

    threading.setprofile(count)
    sys.setprofile(count)
    try:
        yield calls
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


def asked_about(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on all that is asked is asked in a request about a fleet of this type."""
    vendor, name = token.split(":")
    fleet = f"urn:pulumi:s::p::pulumi-python:dynamic/{vendor}:{name}{registry.FLEET}::f"
    monkeypatch.setattr(plugin, "urn", lambda: fleet if (row := plugin._row.get()) is None else row.urn)


def with_users(emulator: Emulated, count: int) -> Values:
    """An account with so many users more, who have the newer call handling."""
    state = emulator.state()
    users = ({"extensionId": str(300001 + at), "newCallHandling": True, "limitedHours": True} for at in range(count))
    state["objects"]["RingExExtension"] += users
    return state


def life(token: str, rows: int, before: str, after: str, emulator: Emulated) -> dict[str, Counter[str]]:
    """What each step in the life of a fleet with so many rows takes."""
    provider, row = registry.provider_for(token + registry.FLEET), ROW[token]
    first, second = ({str(at): row(at, now) for at in range(rows)} for now in (before, after))
    took: dict[str, Counter[str]] = {}

    def step(name: str, do: Callable[[], Any]) -> Any:
        another_process()
        for one in (*vars(number).values(), *vars(judgement).values()):
            if isinstance(one, _lru_cache_wrapper):
                one.cache_clear()
        emulator.forget_journal()
        with counted() as took[name]:
            done = do()
        sent = [one["operation"] for one in emulator.journal()]
        took[name]["requests"] = len(sent)
        took[name].update(sent)
        return json.loads(json.dumps(done))

    def create() -> Values:
        outs: Values = provider.create(provider.check({}, {ROWS: first}).inputs).outs
        return outs

    def compare(outs: Values, news: Values) -> Values:
        checked: Values = provider.check({ROWS: first}, {ROWS: news}).inputs
        assert provider.diff("f", outs, checked).changes is (news is second)
        return checked

    now = step("create", create)
    step("preview", partial(compare, now, first))
    step("refresh", lambda: provider.read("f", now).outs)
    now = step("change", lambda: provider.update("f", now, compare(now, second)).outs)
    assert len(now[IDS]) == rows
    step("destroy", lambda: provider.delete("f", now))
    return took


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(one, marks=pytest.mark.whole_run)
        for one in ("ringcx:Destination", "portsip:BlockedNumber", "ringex:InteractionRule")
    ],
)
def test_nothing_grows_faster_than_the_rows(token: str, emulator: Emulated, monkeypatch: pytest.MonkeyPatch) -> None:
    asked_about(token, monkeypatch)
    state = with_users(emulator, SIZES[-1])
    took: list[dict[str, Counter[str]]] = []
    for place, rows in enumerate(SIZES, 5):  # with other numbers each time, as they are read once
        emulator.put_state(state)
        took.append(life(token, rows, f"{place}20", f"{place}21", emulator))
    _, few, more, many = took
    for step in many:
        grown = {
            what: (more[step][what] - few[step][what], times - more[step][what]) for what, times in many[step].items()
        }
        assert {what: both for what, both in grown.items() if both[1] > 2.2 * max(both[0], 0) + SOME} == {}, step


CALLS: dict[str, Any] = {
    # Read, written, and read again to see that it took.
    "ringex:CallHandlingStateRule": {
        "list": "EV-04",
        "create": {"EV-05": 2, "EV-06": 1},
        "change": {"EV-05": 2, "EV-06": 1},
        "destroy": {"EV-06": 1, "EV-05": 1},
    },
    "ringex:InteractionRule": {
        "list": "EV-07",
        "create": {"EV-08": 1},
        "change": {"EV-09": 2, "EV-10": 1},
        "destroy": {"EV-11": 1},
    },
}
"""What each rule costs beside the lists that tell what its extension does, one of each for an extension."""


def test_the_same_rules_for_many_extensions_cost_few_requests(
    emulator: Emulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 3
    emulator.put_state(with_users(emulator, count))
    for token in ("ringex:CallHandlingStateRule", "ringex:InteractionRule"):
        asked_about(token, monkeypatch)
        took = life(token, count, "520", "521", emulator)
        calls = {
            step: {name: of for name, of in those.items() if name[:2] in ("EV", "EX")} for step, those in took.items()
        }
        told = dict.fromkeys(("EV-01", "EV-04", "EV-07", "EXb-02"), count)  # all that the extension does with calls
        one = CALLS[token]
        if calls["create"]["EXb-02"] == count + 1:  # the one that proves the sign-in, unless another test has had it
            calls["create"]["EXb-02"] = count
        assert calls == {
            "create": {**told, **{call: count * times for call, times in one["create"].items()}},
            "preview": {},
            "refresh": {one["list"]: count},
            "change": {**told, **{call: count * times for call, times in one["change"].items()}},
            "destroy": {**told, **{call: count * times for call, times in one["destroy"].items()}},
        }
