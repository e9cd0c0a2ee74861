"""What somebody changed in the portal is not put back unseen by a change of another field, whatever the type.

The portal's hand is a second copy of the same resource, which nobody else knows of.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

import pytest

from pulumi_voice_routing import registry
from pulumi_voice_routing.errors import ApiError, Refused
from pulumi_voice_routing.lifecycle.model import FieldFacts
from pulumi_voice_routing.lifecycle.portal_edits import OVERWRITE
from tests.emulated import Emulated, Json, operations, settings_for
from tests.examples import examples
from tests.examples.portsip import TRUNK
from tests.examples.ringex_users import DESK
from tests.numbers.resources import Failed, Managed, Values

EXAMPLES = examples()
TYPES = sorted(EXAMPLES)
NOT_SHOWN = {"rotation_trigger", "on_delete", "allow", "replace_all", "file", "internal", "numbers"}
"""Arguments that no vendor holds."""
OWNERS = ("profile", "queue_id", "visual_ivr_id")
"""Who answers a number: a rule of its own."""


@pytest.fixture(autouse=True)
def the_emulator_is_the_vendor(emulator: Emulated, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in settings_for(emulator.url).items():
        monkeypatch.setenv(name, value)
    forget()


@dataclass
class Case:
    """A field that somebody changes in the portal, and one that the program changes."""

    field: FieldFacts
    before: Values
    portal: Any
    program: Values


def another(value: Any, hint: Any) -> Iterator[Any]:
    """Other values than this one that may do."""
    while get_args(hint) and get_origin(hint) is not Literal:
        hint = get_args(hint)[0]
    if get_origin(hint) is Literal:
        yield from (one for one in get_args(hint) if one != value)
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield value + 1
    elif isinstance(value, str):
        yield f"{value[:-1]}{(int(value[-1]) + 1) % 10}" if value[-1:].isdigit() else f"{value} by hand"
    elif isinstance(value, list) and len(value) > 1 and all(isinstance(one, dict) for one in value):
        yield [*value[1:], value[0]]


def cases(token: str, args: Values, updates: Values) -> Iterator[Case]:
    """Each field that can change and that the vendor shows, beside another one that the program changes."""
    model = registry.provider_for(token).model
    given = {name: value for name, value in args.items() if name not in ("adopt", "adopt_id")}
    for name, value in {**updates, **given}.items():
        field = model[name]
        if field.immutable or field.create_only or field.secret or name in NOT_SHOWN:
            continue
        edits = [*([updates[name]] if name in given and name in updates else []), *another(value, field.hint)]
        # A note first, as it goes along with anything; the name is the same to every vendor.
        others = sorted((other for other in updates if other not in {name, *NOT_SHOWN}), key=lambda one: _rank(one))
        for edit in edits:
            for other in others:
                yield Case(field, {**args, name: value}, edit, {other: updates[other]})


HOURS = {"weekly": {"monday": [{"from": "09:00", "to": "17:00"}]}}
LATER = {"weekly": {"monday": [{"from": "10:00", "to": "17:00"}]}}
VOICEMAIL = {"type": "VoiceMailTerminatingTarget"}
ANNOUNCEMENT = {"type": "PlayAnnouncementTerminatingTarget"}
ENDS: Values = {"dispatching": "Terminate", "immediate_target": VOICEMAIL}
RINGING: Values = {"dispatching": "RingInOrder", "ring_groups": [{"targets": [{"type": "AllMobileRingTarget"}]}]}
FORWARDS: Values = {"action": "ForwardCalls", "ringing_mode": "Sequentially", "soft_phones_ring_count": 3}
MORE: dict[str, list[tuple[str, Values, Any]]] = {
    "portsip:RingGroup": [
        ("members", {}, [{"extension_number": "103"}]),
        (
            "no_answer",
            {"no_answer": {"action": "FORWARD_TO_NUMBER", "number": "101"}},
            {"action": "FORWARD_TO_VOICEMAIL"},
        ),
        (
            "outbound_caller_ids",
            {"outbound_caller_ids": [{"provider_id": TRUNK, "caller_id": "13035550100"}]},
            [{"provider_id": TRUNK, "caller_id": "13035550101"}],
        ),
    ],
    "ringex:AnsweringRule": [
        ("action", {"action": "TakeMessagesOnly"}, "PlayAnnouncementOnly"),
        ("forward_all_to", {"action": "UnconditionalForwarding", "forward_all_to": "+13035550180"}, "+13035550181"),
        ("transfer_to", {"action": "TransferToExtension", "transfer_to": "100002"}, "100003"),
        ("called_numbers", {"called_numbers": ["+13035550101"]}, ["+13035550102"]),
        ("schedule", {"schedule": HOURS}, LATER),
    ],
    "ringex:BuiltInAnsweringRule": [
        ("forward_all_to", {"action": "UnconditionalForwarding", "forward_all_to": "+13035550180"}, "+13035550181"),
        ("transfer_to", {"action": "TransferToExtension", "transfer_to": "100002"}, "100003"),
        ("ringing_mode", FORWARDS, "Simultaneously"),
        ("soft_phones_ring_count", FORWARDS, 5),
        ("notify_soft_phones", {**FORWARDS, "notify_soft_phones": True}, False),
        ("notify_admin_soft_phones", {**FORWARDS, "notify_admin_soft_phones": True}, False),
    ],
    "ringex:CallHandlingStateRule": [
        ("always_ring", {**RINGING, "always_ring": []}, ["AllDesktopRingTarget"]),
        ("no_answer_target", {**RINGING, "no_answer_target": VOICEMAIL}, ANNOUNCEMENT),
        ("immediate_target", {"dispatching": "Terminate", "immediate_target": VOICEMAIL}, ANNOUNCEMENT),
    ],
    "ringex:InteractionRule": [
        ("always_ring", {**RINGING, "always_ring": [], "no_answer_target": VOICEMAIL}, ["AllDesktopRingTarget"]),
        ("called_numbers", {"called_numbers": ["+13035550104"], **ENDS}, ["+13035550107"]),
        ("schedule", {"schedule": HOURS, **ENDS}, LATER),
    ],
}
"""Fields that go with some values of others alone: what is there beside what the type needs, and what the portal makes
of the field."""
PLAIN = ("extension_id", "extension_number", "members", "name", "strategy", "rule", "state", "callers", "allow")
"""What a type needs."""
ELSEWHERE = {
    "ringcx:Activation": {"targets"},
    "ringcx:AllocationHours": {"hours", "file"},
    "ringcx:DnisAssignment": {"visual_ivr_id"},  # as any owner
    "ringcx:DnisAssignments": {"numbers", *OWNERS},
    "ringcx:DnisOverrides": {"overrides", "replace_all"},
    "ringcx:DnisPool": {"numbers", "file"},
    "ringcx:ProfileDestinations": {"destinations"},
    "ringcx:Dnis": {"reserved_account_id"},  # for good: another account is another record
    "ringcx:Profile": {"active"},
    "ringex:BuiltInAnsweringRule": {"forward_to"},  # as that of an answering rule
}
"""Decisive fields with tests of their own: rows in ``test_edits_of_sets``, who answers in ``tests/numbers``, and the
switch of a profile below."""


def more_cases(token: str, args: Values) -> Iterator[Case]:
    """Fields that go together with some values of others alone: what is there, what the portal makes of it, and what
    the program changes."""
    model = registry.provider_for(token).model
    for field, before, portal in MORE.get(token, ()):
        plain = {name: args[name] for name in PLAIN if name in args}
        for program in (
            {"name": "Another"},
            {"screening": "Always"},
            {"voicemail_enabled": False},
            {"welcome": {"preset_id": "66301"}},
        ):
            if program.keys() <= model.keys() and not program.keys() & before.keys():
                yield Case(model[field], {**plain, **before}, portal, program)


def _rank(name: str) -> int:
    order = ("description", "label", "screening", "name", "notes")
    return order.index(name) if name in order else len(order)


def tried(case: Case, token: str, emulator: Emulated) -> str:
    """What became of it; empty when the values do not go together."""
    name = case.field.name
    ours = Managed(token)
    try:
        ours.up(**case.before)
        by_hand = copy.copy(ours)
        by_hand.up(**{**case.before, name: case.portal})
        if ours.provider.means_same(case.field, _shown(token, ours, name), ours.outs.get(name)):
            return ""  # no vendor shows it
        elsewhere = emulator.state()
        alone = copy.copy(by_hand)
        alone.up(**{**case.before, name: case.portal, **case.program})  # they go together
        emulator.put_state(elsewhere)
    except (Failed, Refused, ApiError, AssertionError):
        return ""
    objects, outs = emulator.state()["objects"], copy.deepcopy(ours.outs)
    forget()
    said = ""
    with emulator.recording() as calls:
        try:
            ours.up(**{**case.before, **case.program})
        except Refused as error:
            said = str(error)
    if said:
        is_refused(said, token, name)
        assert ours.outs == outs
        assert operations(calls, writes=True) == []
        assert emulator.state()["objects"] == objects
        return "refused"
    same = ours.provider.means_same(case.field, _shown(token, ours, name), _shown(token, by_hand, name))
    return "kept" if same else "put back"


def is_refused(said: str, token: str, name: str) -> None:
    """The line says what, where, and what to do."""
    if token.startswith("ringcx:DnisAssignment") and name in OWNERS:
        assert "take-foreign-dnis" in said
        return
    assert name in said
    assert "was changed by somebody since the last look" in said
    assert f'rule = "{OVERWRITE}"' in said
    assert "pulumi refresh" in said


def forget() -> None:
    """As a new process begins."""
    from pulumi_voice_routing.lifecycle import adoption
    from pulumi_voice_routing.portsip import client as portsip_client
    from pulumi_voice_routing.ringcx.client import ringcx_client
    from pulumi_voice_routing.ringex.client import ringex_client

    adoption.ours.clear()
    ringcx_client().listings.clear()
    ringcx_client().pool.forget()
    portsip_client.portsip_client().listings.clear()
    ringex_client().listings.clear()


def _shown(token: str, one: Managed, name: str) -> Any:
    provider = registry.provider_for(token)
    return provider.read(one.id, one.outs).outs.get(name)


QUICK = ("ringcx:Destination", "ringcx:ProfileDestinations", "ringex:CallHandlingStateRule", "portsip:RingGroup")
"""What the quick run tries."""


@pytest.mark.parametrize(
    "token", [pytest.param(one, marks=() if one in QUICK else pytest.mark.whole_run) for one in TYPES]
)
def test_a_change_of_another_field_leaves_it(token: str, emulator: Emulated) -> None:
    start: Json = emulator.state()
    instances = EXAMPLES[token].instances(emulator)
    emulator.change_record("RingExExtension", "extensionId", DESK, phoneNumbers=["+13035550104", "+13035550107"])
    ready = emulator.state()
    seen: dict[str, str] = {}
    given = [case for one in instances.values() for case in cases(token, one.args, one.updates)]
    for case in (*more_cases(token, instances["made"].args), *given):
        if case.field.name in seen:
            continue
        emulator.put_state(ready)
        forget()
        became = tried(case, token, emulator)
        if became:
            seen[case.field.name] = became
    emulator.put_state(start)

    provider = registry.provider_for(token)
    lists = getattr(provider, "whole_lists", ())
    refused = {name for name in seen if provider.model[name].decides or name in lists}
    assert seen == {name: "refused" if name in refused else "kept" for name in seen}
    changeable = {name for name, field in provider.model.items() if not (field.immutable or field.create_only)}
    decisive = {name for name in changeable if provider.model[name].decides or name in lists}
    assert decisive - refused == ELSEWHERE.get(token, set())


def test_a_profile_that_somebody_switched_on_is_not_switched_off_unseen(emulator: Emulated) -> None:
    ours = Managed("ringcx:Profile")
    args = {**EXAMPLES["ringcx:Profile"].instances(emulator)["made"].args, "active": False}
    ours.up(**args)
    emulator.change_record("CloudRouteProfile", "cloudProfileId", ours.id.rpartition("/")[2], isActive=True)
    forget()
    with pytest.raises(Refused) as refused:
        ours.up(**args, description="Another")
    is_refused(str(refused.value), "ringcx:Profile", "active")
