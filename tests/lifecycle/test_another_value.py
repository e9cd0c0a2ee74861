"""A vendor that says yes and keeps another value than the one that was sent, whatever the type.

Where that decides who is called, the run fails; everywhere else the state has what is there, and the next preview shows
the difference.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from pulumi_voice_routing.client.http import ApiClient
from pulumi_voice_routing.errors import ApiError, Refused, UnexpectedAnswer
from pulumi_voice_routing.lifecycle.provider import Partly
from tests.emulated import Emulated
from tests.lifecycle.test_portal_edits import (
    EXAMPLES,
    QUICK,
    TYPES,
    Case,
    cases,
    forget,
    more_cases,
    the_emulator_is_the_vendor,
)
from tests.numbers.resources import Failed, Managed

__all__ = ["the_emulator_is_the_vendor"]

_ASK = ApiClient.request
_TRIES = 12
"""So many values of a kind are looked at for one that goes together with the others."""


def keeps_what_it_has(self: ApiClient, operation: str, method: str, path: str, **more: Any) -> Any:
    """A call that writes is answered with what is there, where the vendor can be asked for that."""
    if (method in ("PUT", "PATCH") or self.vendor == "portsip") and more.get("json") is not None:
        with suppress(ApiError):
            return _ASK(self, operation, "GET", path)
    return _ASK(self, operation, method, path, **more)


def of_each_kind(token: str, emulator: Emulated) -> Iterator[Case]:
    """Changes of fields that decide who is called, and of others."""
    instances = EXAMPLES[token].instances(emulator)
    every = [*more_cases(token, instances["made"].args)]
    every += [case for one in instances.values() for case in cases(token, one.args, one.updates)]
    for decisive in (True, False):
        yield from [case for case in every if case.field.decisive is decisive][:_TRIES]


def became_of(case: Case, token: str, emulator: Emulated, monkeypatch: pytest.MonkeyPatch) -> str:
    """What a run says of it; empty when the vendor does not answer a change of the field with the object."""
    name, ours = case.field.name, Managed(token)
    wanted = {**case.before, name: case.portal}
    try:
        ours.up(**case.before)
        before = emulator.state()
        copy.copy(ours).up(**wanted)
    except (Failed, Refused, ApiError, AssertionError, Partly):
        return ""  # the values do not go together
    emulator.put_state(before)
    forget()
    with monkeypatch.context() as patch:
        patch.setattr(ApiClient, "request", keeps_what_it_has)
        try:
            ours.up(**wanted)
        except (Partly, UnexpectedAnswer) as error:
            return f"error: {error}"
    if emulator.state()["objects"] != before["objects"]:
        return ""
    changed = ours.provider.changed(ours.provider.declared(ours.outs), ours.provider.declared(wanted))
    return "drift" if name in changed else "lost"


@pytest.mark.parametrize(
    "token", [pytest.param(one, marks=() if one in QUICK else pytest.mark.whole_run) for one in TYPES]
)
def test_it_is_told(token: str, emulator: Emulated, monkeypatch: pytest.MonkeyPatch) -> None:
    every = list(of_each_kind(token, emulator))
    ready = emulator.state()
    done: set[bool] = set()
    for case in every:
        if case.field.decisive in done:
            continue
        emulator.put_state(ready)
        forget()
        became = became_of(case, token, emulator, monkeypatch)
        if became:
            done.add(case.field.decisive)
            assert became.startswith("error" if case.field.decisive else ("drift", "error")), case.field.name
            assert became == "drift" or case.field.name in became
