"""What the stack does not know takes calls as well: whose, and what would become of them without it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pulumi_voice_routing.commands import drift
from pulumi_voice_routing.commands.drift import UNMANAGED, Drift, drifted
from pulumi_voice_routing.commands.drift_report import as_text
from pulumi_voice_routing.registry import provider_for
from pulumi_voice_routing.ringex.dispatching_form import sendable
from tests.drift.states import entry, forget_clients, state
from tests.emulated import Emulated
from tests.examples import ref
from tests.examples.ringex_users import OTHER, api, with_users

HOURS = "ringex:CallHandlingState"
RULE = "ringex:CallHandlingStateRule"
CUSTOM = "ringex:InteractionRule"


@pytest.fixture(autouse=True)
def settings(emulator_env: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    for name, value in {**emulator_env, "VOICE_ROUTING_CACHE_DIR": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    forget_clients()
    yield
    forget_clients()


def strangers(*known: tuple[str, str], everything: bool = False) -> list[Drift]:
    """What is found beside these objects of the user, which a stack has as they are now; in the order of harm."""
    saved = []
    for token, number in known:
        id_ = f"{ref(OTHER)}/{number}"
        outs = provider_for(token).look(id_, {})
        assert outs is not None
        saved.append(entry(token, number, id_, outs))
    forget_clients()
    found = drifted(state(*saved), everything=everything)
    assert {one.kind for one in found.drifts} <= {UNMANAGED}
    for one in found.drifts:
        assert (f"calls to extension {OTHER}" in as_text(found)) is any(other.calls for other in found.drifts), one
    return found.drifts


def test_what_the_vendor_made_and_nothing_comes_to_is_no_drift(emulator: Emulated) -> None:
    with_users(emulator)
    assert not strangers((RULE, "work-hours"))
    everything = strangers((RULE, "work-hours"), everything=True)
    assert len(everything) == 6
    assert not [one for one in everything if one.calls]


@pytest.mark.parametrize("at_most", [50, 0])
def test_a_switch_that_somebody_has_turned_on(
    emulator: Emulated, monkeypatch: pytest.MonkeyPatch, at_most: int
) -> None:
    monkeypatch.setattr(drift, "_MOST_JUDGED", at_most)
    with_users(emulator)
    api(emulator, "PATCH", OTHER, "states/forward-all-calls", {"enabled": True})
    found = strangers((HOURS, "work-hours"), (RULE, "work-hours"), (RULE, "after-hours"))
    told = {(one.token, one.label): one for one in found}
    assert (HOURS, "forward-all-calls") in told
    for change in told[HOURS, "forward-all-calls"].calls:
        assert str(change.before).startswith(f"extension {OTHER} rings ")
        assert str(change.after) == f"voicemail of extension {OTHER}"
    if at_most:
        assert len(told) == 1


def test_a_rule_that_somebody_has_made(emulator: Emulated) -> None:
    with_users(emulator)
    dispatching = api(emulator, "GET", OTHER, "voice/state-rules/work-hours")["dispatching"]
    body = {
        "displayName": "Cousin",
        "enabled": True,
        "conditions": [{"type": "Interaction", "from": [{"phoneNumber": "+13035550170", "name": "Cousin"}], "to": []}],
        "dispatching": {**sendable(dispatching, OTHER), "type": "Terminate"},  # answers show more than may be sent
    }
    api(emulator, "POST", OTHER, "voice/interaction-rules", body)
    known = ((HOURS, "work-hours"), (RULE, "work-hours"), (RULE, "after-hours"))
    (told,) = strangers(*known)
    assert (told.token, told.label) == (CUSTOM, "Cousin")
    assert {change.who for change in told.calls} == {f"extension {OTHER} from +13035550170"}


def test_an_extension_is_a_place_with_the_older_call_handling_too(emulator: Emulated) -> None:
    path = "/restapi/v1.0/account/123456/extension/100001/answering-rule"
    body = {"type": "Custom", "name": "Cousin", "callers": [{"callerId": "13035550170"}], "enabled": True}
    emulator.call("POST", path, body)
    id_ = "123456/100001/business-hours-rule"
    outs = provider_for("ringex:BuiltInAnsweringRule").look(id_, {})
    assert outs is not None
    forget_clients()
    found = drifted(state(entry("ringex:BuiltInAnsweringRule", "day", id_, outs)))
    assert not found.errors
    made = {"ringex:AnsweringRule": "Cousin", "ringex:ForwardingNumber": "+13035550111"}
    assert {one.token: one.label for one in found.drifts} == made


def test_what_a_list_of_the_stack_holds_is_no_stranger_and_a_namesake_is_one(emulator: Emulated) -> None:
    desk, twin = emulator.destination("Desk", active=True), emulator.destination("Desk", active=True)
    path = f"/cloudRouteDestinationGroups/1000/cloudRouteDestinations/{desk}/dnisOverrides"
    for dnis in ("13035550100", "13035550101"):
        body = {"dnis": dnis, "routeDestination": "13035551299"}
        emulator.api("POST", path, body, params={"cloudDestinationType": "DID"})
    id_, saved = ref("1000", desk), []
    listed = {"destination": id_, "overrides": [{"dnis": "+13035550100", "target": "+13035551299"}]}
    for token, known in (
        ("ringcx:Destination", {}),
        ("ringcx:DnisOverrides", listed),
        ("ringcx:Activation", {"targets": [{"kind": "destination", "id": ref("1000", one)} for one in (desk, twin)]}),
    ):
        outs = provider_for(token).look(id_, known)
        assert outs is not None
        saved.append(entry(token, "desk", id_, outs))
    forget_clients()
    found = drifted(state(*saved)).drifts
    assert {(one.token, one.label) for one in found} == {
        ("ringcx:Destination", "Desk"),
        ("ringcx:DnisOverride", "+13035550101"),
    }
