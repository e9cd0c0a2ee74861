"""Drift among five thousand objects: each list is asked once, the worst comes first, and memory is bounded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pulumi_voice_routing.registry import provider_for
from tests.drift.states import entry, forget_clients, state
from tests.emulated import Emulated, settings_for
from tests.examples import ref
from tests.measured import measured
from tests.numbers.account import Account, digits

pytestmark = pytest.mark.whole_run

MANY, MOVED, LINES = 5000, 60, 3
CALLERS = "PortSipBlacklistedNumber"


def look(token: str, name: str, id_: str) -> dict[str, Any]:
    outs = provider_for(token).look(id_, {})
    assert outs is not None
    return entry(token, name, id_, outs)


def blocked_callers(emulator: Emulated) -> list[str]:
    """As many as there are to be, and their ids."""
    emulator.call("POST", "/api/blacklisted_numbers", {"number": "13035559999"})
    everything = emulator.state()
    (first,) = everything["objects"][CALLERS]
    everything["objects"][CALLERS] = [
        {**first, "entry": first["entry"] + place, "id": f"id-{place}", "number": str(13035600000 + place)}
        for place in range(MANY)
    ]
    emulator.put_state(everything)
    return [str(one["id"]) for one in everything["objects"][CALLERS]]


def test_five_thousand_objects(emulator: Emulated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {**settings_for(emulator.url), "VOICE_ROUTING_CACHE_DIR": str(tmp_path)}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    forget_clients()
    account = Account(emulator)
    account.pool(digits(LINES))
    lines: list[tuple[str, str, str]] = []
    for line, number in enumerate(digits(LINES)):
        desk = emulator.destination(f"Desk {line}", active=True)
        profile = emulator.profile(f"Line {line}")
        emulator.assign(profile, desk, 100, 1)
        emulator.switch("Profile", profile, on=True)
        account.give([number], f"profile {profile}")
        lines.append((desk, profile, number))
    saved = []
    for desk, profile, number in lines:
        saved += [
            look("ringcx:Destination", f"desk-{desk}", ref("1000", desk)),
            look("ringcx:Profile", f"line-{profile}", ref("1000", profile)),
            look("ringcx:ProfileDestinations", f"split-{profile}", ref("1000", profile)),
            look("ringcx:DnisAssignment", f"number-{profile}", ref(number)),
        ]
    ids = blocked_callers(emulator)
    outs = look("portsip:BlockedNumber", "first", f"127.0.0.1/acme.example.com/{ids[0]}")["outputs"]
    for place, id_ in enumerate(ids):
        known = {**outs, "number": str(13035600000 + place)}
        saved.append(entry("portsip:BlockedNumber", f"caller-{place}", f"127.0.0.1/acme.example.com/{id_}", known))
    (tmp_path / "state.json").write_text(json.dumps(state(*saved)))
    everything = emulator.state()
    for place, one in enumerate(everything["objects"][CALLERS][: MOVED - LINES]):
        one["number"] = str(17205600000 + place)
    for one in everything["objects"]["CloudRouteDestination"]:
        one["routeDestination"] = "+13035559999"
    emulator.put_state(everything)

    with emulator.recording() as calls:
        done = measured("drift", "--state", "state.json", "--json", cwd=tmp_path, env=settings)

    forget_clients()
    assert (done.code, done.complained) == (2, "")
    drifts = json.loads(done.said)["drifts"]
    assert len(drifts) == MOVED
    assert [bool(one["calls"]) for one in drifts] == [place < LINES for place in range(MOVED)]
    pages = [call["path"] + str(call.get("query")) for call in calls if call["method"] == "GET"]
    assert len(pages) == len(set(pages))
    assert done.megabytes < 200
