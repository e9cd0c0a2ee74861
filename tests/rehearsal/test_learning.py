"""What the emulator makes of a vendor's answers is the account that gave them; and it can go back to any request."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pulumi_voice_routing.client import heard
from pulumi_voice_routing.commands.export.account import read
from pulumi_voice_routing.commands.export.wanted import Wanted
from pulumi_voice_routing.commands.rehearsal.stage import Stage, stage
from pulumi_voice_routing.commands.stand_in import forget_clients
from tests.adopting.account import living
from tests.emulated import Emulated, settings_for

_RECORDED = sorted((Path(__file__).parents[1] / "recorded" / "0.1.0").glob("*.json"))


@pytest.fixture(scope="module")
def there() -> Iterator[Stage]:
    with stage() as there:
        yield there


@pytest.fixture
def listening(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(heard, "_heard", {})
    yield
    forget_clients()


def _account(url: str, monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], Any]:
    for name, value in settings_for(url).items():
        monkeypatch.setenv(name, value)
    forget_clients()
    port = url.rpartition(":")[2]
    found = read(Wanted(), lambda line: None)
    assert found.failures == []
    return {(one.token, one.id.replace(port, "PORT")): one.seen for one in found.objects}


def _is_the_same(emulator: Emulated, there: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    known = _account(emulator.url, monkeypatch)
    assert there.take(heard.heard()) == []
    assert _account(there.url, monkeypatch) == known


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(one, id=one.stem, marks=[] if one.stem == "three_vendors" else pytest.mark.whole_run)
        for one in _RECORDED
    ],
)
@pytest.mark.usefixtures("listening")
def test_a_recorded_account(file: Path, emulator: Emulated, there: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    emulator.start_over(json.loads(file.read_text())["emulator"])
    _is_the_same(emulator, there, monkeypatch)


@pytest.mark.whole_run
@pytest.mark.usefixtures("listening")
def test_a_living_account(emulator: Emulated, there: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    living(emulator)
    _is_the_same(emulator, there, monkeypatch)


@pytest.mark.usefixtures("listening")
def test_what_does_not_fit_is_left_out_with_what_hangs_under_it(emulator: Emulated, there: Stage) -> None:
    path = "/voice/api/v1/admin/accounts/5/cloudRouteDestinationGroups"
    answers = {
        path: [{"cloudGroupId": 7, "groupName": "Denver"}],
        f"{path}/7/cloudRouteDestinations": [{"cloudDestinationId": 8, "destinationName": "There", "lat": "north"}],
        f"{path}/7/cloudRouteDestinations/8/dnisOverrides": [
            {"destOverrideId": 9, "dnis": "18005550100", "routeDestination": "+13035550100", "news": "of today"}
        ],
    }
    told = {
        heard.Asked("GET", path, "", b""): heard.Answer(200, "application/json", json.dumps(answer).encode())
        for path, answer in answers.items()
    }
    left_out = there.take(told)
    assert left_out == [
        "objects.CloudRouteDestination 8: lat: must be a number",
        "objects.CloudRouteDestination 8: destinationType: is required",
        "objects.CloudRouteDestination 8: routeDestination: is required",
        "objects.CloudRouteDestinationOverride 9: cloudDestinationId: 8 is no CloudRouteDestination of this state",
    ]
    objects = there.state()["objects"]
    assert [one["accountId"] for one in objects["CloudRouteGroup"]] == ["5"]
    assert objects["CloudRouteDestination"] == objects["CloudRouteDestinationOverride"] == []


def test_every_moment_can_be_gone_back_to(emulator: Emulated) -> None:
    here = Stage(emulator.url)
    here.begin()
    group = emulator.group("Denver")
    made = emulator.destination("There", group)
    emulator.switch("Destination", made, on=True, group=group)
    emulator.api("DELETE", f"/cloudRouteDestinationGroups/{emulator.group('Gone')}")
    moments = here.end()
    assert [moment.operation for moment in moments] == ["CRb-01", "CR-04", "CR-08", "CRb-01", "CRb-05"]
    assert [[change.kind for change in moment.changes] for moment in moments] == [
        ["CloudRouteGroup"],
        ["CloudRouteDestination"],
        ["CloudRouteDestination"],
        ["CloudRouteGroup"],
        ["CloudRouteGroup"],
    ]
    assert {"Gone"} <= moments[-1].changes[0].words
    seen = []
    for number in (0, 1, 2, 3, 4, 5, 2):
        here.go_to(number)
        (*_, last), there = emulator.records("CloudRouteGroup"), emulator.records("CloudRouteDestination")
        seen.append((last["groupName"], [one["isActive"] for one in there]))
    assert seen == [
        ("Default", []),
        ("Denver", []),
        ("Denver", [False]),
        ("Denver", [True]),
        ("Gone", [True]),
        ("Denver", [True]),
        ("Denver", [False]),
    ]
