"""Where calls to extensions with the newer call handling go is what each minute of the week says."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pulumi_voice_routing.ringex as ringex
from pulumi_voice_routing.call_flow.onward import Hours
from pulumi_voice_routing.call_flow.outcome import End, Outcome
from pulumi_voice_routing.call_flow.routing import Routing
from pulumi_voice_routing.call_flow.tracer import Call, Tracer
from pulumi_voice_routing.telephony.number import digits_of
from tests.call_flow import handlings
from tests.call_flow.handlings import GOES_ON, LOOP, OTHER, QUEUE, UNKNOWN, World, answers, resources, world

TYPES = (ringex.CallHandlingState, ringex.CallHandlingStateRule, ringex.InteractionRule)
"""Loaded here, so that their providers are known."""
APPS = {"AllMobileRingTarget": "its mobile apps", "AllDesktopRingTarget": "its desktop apps"}


def in_plain_words(outcome: Outcome) -> Any:
    """An outcome in the words of the plain answer. No odds are in these worlds."""
    ((end, _),) = outcome.shares
    return of_end(end)


def of_end(end: End) -> Any:
    if end.kind == "unknown":
        return GOES_ON if end.what.startswith("the call queue goes on") else UNKNOWN
    if end.kind == "loop":
        return LOOP
    if end.kind == "extension":
        assert end.otherwise is not None
        return (end.what, in_plain_words(end.otherwise))
    return (end.kind, end.what.rpartition(" ")[2])


def expected(end: Any) -> Any:
    """What rings, in words."""
    if end[0] != "rings":
        return end
    _, extension, always, steps, later = end
    words = ", then ".join(" and ".join(sorted(map(word, step))) for step in steps)
    if always:
        apps = " and ".join(sorted(APPS[one] for one in always))
        words = f"{apps} all the time" + (f", and {words}" if words else "")
    return (f"extension {extension} rings {words}", expected(later))


def word(target: tuple[str, str]) -> str:
    type_, what = target
    return {"DeviceRingTarget": f"device {what}", "CoworkerRingTarget": f"extension {what}"}.get(
        type_, APPS.get(type_, what)
    )


def week_of(there: World) -> list[tuple[int, int, Outcome]]:
    hours = Hours("extension 101", there.working) if there.working is not None else None
    call = Call(digits_of(there.caller), there.moment, hours)
    subject = {QUEUE: "extension 101 in call queues", OTHER: "extension 101"}.get(there.called, there.called)
    found = Tracer(Routing.of_state(resources(there)), call).route(subject)
    return list(found.week.spans) if found is not None else []


@settings(max_examples=200)
@given(st.integers(0, 2**40))
@pytest.mark.whole_run
def test_every_minute_is_what_the_vendor_does(seed: int) -> None:
    there = world(seed)
    minutes = list(answers(there))
    assert len(minutes) == handlings.MINUTES
    spans = week_of(there)
    if not spans:  # no rule names the number, so that nothing here knows it
        assert handlings.holder(there, there.called) is None
        return
    for start, end, outcome in spans:
        said = in_plain_words(outcome)
        for found in set(minutes[start:end]):
            assert expected(found) == said, (seed, start, end)


def test_the_extensions_have_everything_in_them() -> None:
    """Chance has made every kind of end, and hours that matter."""
    weeks = [set(answers(world(seed))) for seed in range(60)]
    kinds = {end[0] for week in weeks for end in week}
    later = {end[4][0] for week in weeks for end in week if end[0] == "rings"}
    both = {"voicemail", "announcement", "number", "loop", "unknown", "rings", "the queue goes on"}
    assert (kinds, later) == (both, both)
    assert sum(len(week) > 1 for week in weeks) > 20
