"""A rule that is made anew takes calls of its extension at once, so that it is judged like a change."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from pulumi_voice_routing.errors import Refused
from tests.emulated import operations
from tests.examples.ringex_users import DESK

from .conftest import Live
from .run import Stack

RULES = "/restapi/v1.0/account/123456/extension/100001/answering-rule"
CALLER = "+13035550150"
TO_PREMIUM = {"type": "PhoneNumberTerminatingTarget", "phone_number": "+19005550100"}
ANNOUNCED = {"type": "PlayAnnouncementTerminatingTarget", "preset_id": "1"}


def rule(**args: Any) -> tuple[str, dict[str, Any]]:
    """A rule of the older call handling, for one caller unless it says otherwise."""
    given = {"extension_id": "123456/100001", "name": "VIP", **args}
    return "ringex:AnsweringRule", {"callers": [{"caller_id": CALLER}], **given}


def newer(**args: Any) -> tuple[str, dict[str, Any]]:
    """A rule of the newer one."""
    given = {"extension_id": f"123456/{DESK}", "name": "VIP", "callers": [{"caller_id": CALLER}]}
    return "ringex:InteractionRule", {**given, **args}


HARMS = {
    "messages without voicemail": rule(action="TakeMessagesOnly", voicemail_enabled=False),
    "an announcement": rule(action="PlayAnnouncementOnly"),
    "for some hours": rule(action="PlayAnnouncementOnly", schedule={"ref": "BusinessHours"}),
    "back to the number that was called": rule(
        action="UnconditionalForwarding", forward_all_to="+13035550177", called_numbers=["+13035550177"]
    ),
    "the newer call handling": newer(dispatching="Terminate", immediate_target=ANNOUNCED),
    "a premium-rate number there": newer(dispatching="Terminate", immediate_target=TO_PREMIUM),
}
HARMLESS = {
    "as the vendor makes it": rule(),
    "forwarding as the vendor makes it": rule(action="ForwardCalls"),
    "to a number that answers": rule(action="UnconditionalForwarding", forward_all_to="+13035550178"),
    "to another extension": rule(action="TransferToExtension", transfer_to="123456/100002"),
    "an announcement, switched off": rule(action="PlayAnnouncementOnly", enabled=False),
    "voicemail, in the newer call handling": newer(
        dispatching="Terminate", immediate_target={"type": "VoiceMailTerminatingTarget"}
    ),
}


@pytest.mark.parametrize("new", HARMS.values(), ids=HARMS)
def test_what_takes_calls_and_does_not_answer_them_is_refused(live: Live, new: tuple[str, dict[str, Any]]) -> None:
    live.portal.forget_journal()
    with pytest.raises(Refused):
        Stack().up(new=new)
    assert operations(live.portal.journal(), writes=True) == []


@pytest.mark.parametrize("new", HARMLESS.values(), ids=HARMLESS)
def test_what_answers_them_passes_and_costs_no_more_than_lists(
    live: Live, new: tuple[str, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked() -> list[str]:
        live.restore()
        live.portal.forget_journal()
        Stack().up(new=new)
        return operations(live.portal.journal())

    judged = asked()
    monkeypatch.setattr("pulumi_voice_routing.lifecycle.writes.ask", lambda _: None)
    lists = Counter(judged) - Counter(asked())
    # Where a list shows whole rules; and the list of numbers tells whether a number is one of the account.
    assert set(lists) <= {
        "EV-01",
        "EV-04",
        "EV-07",
        "EXb-02",
        *(["NM-02", "AUTH-accounts"] if "forward_all_to" in new[1] else []),
    }
    assert set(lists.values()) <= {1}


def test_where_nobody_answers_anyway_nothing_is_lost(live: Live) -> None:
    for name in ("business-hours-rule", "after-hours-rule"):
        live.portal.call("PUT", f"{RULES}/{name}", {"callHandlingAction": "PlayAnnouncementOnly"})
    Stack().up(new=rule(action="PlayAnnouncementOnly"))


def test_another_rule_of_the_run_that_the_new_one_leads_to(live: Live) -> None:
    """They are one change, whichever comes first."""
    number = "+13035550177"
    there = rule(called_numbers=[number], action="TakeMessagesOnly", voicemail_enabled=False)
    back = rule(
        name="Back", callers=[{"caller_id": "+13035550151"}], action="TransferToExtension", transfer_to="100002"
    )
    for names in (("there", "back"), ("back", "there")):
        live.restore()
        live.portal.forget_journal()
        with pytest.raises(Refused, match=r"from \+13035550150 would be worse off"):
            Stack().up(**{name: {"there": there, "back": back}[name] for name in names})
        assert operations(live.portal.journal(), writes=True) == []
