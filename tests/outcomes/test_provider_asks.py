"""Right before a write, the provider asks what callers would get by it; pack and guard are absent."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from pulumi_voice_routing.errors import Refused
from pulumi_voice_routing.plan.live import Looking
from pulumi_voice_routing.ringcx import client as ringcx_client
from tests.approvals import filled_in
from tests.emulated import operations
from tests.numbers.resources import Managed

from .conftest import AUSTIN, DENVER, NUMBER, Live
from .run import Stack

PREMIUM = "+19005550100"
WAS = f"70 % number {DENVER}; 30 % number {AUSTIN}"

Try = Callable[[Live], Callable[[], Any]]
"""What is to be tried, after what must be there for it."""


def nothing_sent(live: Live) -> None:
    assert operations(live.portal.journal(), writes=True) == []


def destination(**changes: Any) -> Try:
    def ready(live: Live) -> Callable[[], Any]:
        one = live.adopted("ringcx:Destination", **live.destination(), adopt=True)
        return lambda: one.up(**live.destination(**changes))

    return ready


def profile(**changes: Any) -> Try:
    def ready(live: Live) -> Callable[[], Any]:
        given = {"group_id": "123456/1000", "name": "Support", "routing_type": "PERCENT_ALLOCATION"}
        one = live.adopted("ringcx:Profile", **given, adopt=True)
        return lambda: one.up(**{**given, **changes})

    return ready


def shares(*rows: tuple[str, int]) -> Try:
    """By the names of the destinations."""

    def ready(live: Live) -> Callable[[], Any]:
        ids = {"denver": live.denver, "austin": live.austin, "spare": live.spare()}
        whole = {"profile": live.id(live.profile)}
        first = live.rows((live.denver, 70), (live.austin, 30))
        one = live.adopted("ringcx:ProfileDestinations", **whole, destinations=first, adopt=True)
        wanted = live.rows(*((ids[name], share) for name, share in rows))
        return lambda: one.up(**whole, destinations=wanted)

    return ready


def adopting(target: str) -> Try:
    return lambda live: lambda: Managed("ringcx:Destination").up(**live.destination(target=target), adopt=True)


def adopting_shares(*rows: tuple[str, int]) -> Try:
    def ready(live: Live) -> Callable[[], Any]:
        ids = {"denver": live.denver, "austin": live.austin, "spare": live.spare()}
        wanted = live.rows(*((ids[name], share) for name, share in rows))
        one = Managed("ringcx:ProfileDestinations")
        return lambda: one.up(profile=live.id(live.profile), destinations=wanted, adopt=True)

    return ready


def override(target: str, number: str = NUMBER) -> Try:
    def ready(live: Live) -> Callable[[], Any]:
        at = live.id(live.denver)
        return lambda: Managed("ringcx:DnisOverride").up(destination=at, dnis=f"+{number}", target=target)

    return ready


def overrides(target: str) -> Try:
    def ready(live: Live) -> Callable[[], Any]:
        rows = [{"dnis": f"+{NUMBER}", "target": target}]
        return lambda: Managed("ringcx:DnisOverrides").up(destination=live.id(live.denver), overrides=rows)

    return ready


def hours(*rows: tuple[str, int]) -> Try:
    def ready(live: Live) -> Callable[[], Any]:
        ids = {"denver": live.denver, "austin": live.austin, "spare": live.spare()}
        live.portal.assign(live.profile, ids["spare"], 0, rank=3)
        live.portal.forget_journal()
        table = [{"destination": live.id(ids[name]), "percent": [share] * 24} for name, share in rows]
        return lambda: Managed("ringcx:AllocationHours").up(profile=live.id(live.profile), hours=table)

    return ready


def hours_file(*rows: tuple[str, int]) -> Try:
    """The same with the vendor's own file, whose rows are for assignments."""

    def ready(live: Live) -> Callable[[], Any]:
        ids = {"denver": live.denver, "austin": live.austin, "spare": live.spare()}
        live.portal.assign(live.profile, ids["spare"], 0, rank=3)
        api, group = ringcx_client.ringcx_client(), live.id(live.denver).split("/")[-2]
        named = {destination: name for name, destination in ids.items()}
        links = {
            named[str(one["cloudDestination"]["cloudDestinationId"])]: str(one["assignedDestinationId"])
            for one in api.list_assigned(group, live.profile)
        }
        header, *_ = api.export_hours(group, live.profile).splitlines()
        text = "\n".join([header, *(",".join([links[name], name, *([str(share)] * 24)]) for name, share in rows)])
        live.portal.forget_journal()
        return lambda: Managed("ringcx:AllocationHours").up(profile=live.id(live.profile), file=text)

    return ready


HARMS: dict[str, Try] = {
    "a premium-rate target": destination(target=PREMIUM),
    "the number itself": destination(target=f"+{NUMBER}"),
    "a destination that takes no call": destination(max_concurrent=0),
    "one that rings for no time": destination(ring_duration=0),
    "another type of profile": profile(routing_type="MANUAL"),
    "adoption that gives another target": adopting(PREMIUM),
    "a premium-rate override": override(PREMIUM),
    "a premium-rate override among many": overrides(PREMIUM),
    "an override that dials the number itself": override(f"+{NUMBER}"),
}
OFF: dict[str, Try] = {
    "most calls to a destination that is off": shares(("denver", 1), ("spare", 99)),
    "all calls to one": shares(("spare", 100)),
    "adoption that sends calls to one": adopting_shares(("denver", 1), ("spare", 99)),
    "hours that send calls to one": hours(("denver", 1), ("austin", 0), ("spare", 99)),
    "a file of hours that sends calls to one": hours_file(("denver", 1), ("austin", 0), ("spare", 99)),
}
HARMLESS: dict[str, Try] = {
    "another number that answers": destination(target="+13035551003"),
    "a description": destination(description="Renovated"),
    "another name": destination(name="Denver desk"),
    "other shares": shares(("denver", 50), ("austin", 50)),
    "all to one that answers": shares(("austin", 100)),
    "a file of hours that sends none to one that is off": hours_file(("austin", 60), ("denver", 40), ("spare", 0)),
    "adoption with another number that answers": adopting("+13035551003"),
    "an override for a number that nobody has": override(PREMIUM, "13035559999"),
    "an override that answers": override("+13035551003"),
}


@pytest.mark.parametrize("ready", HARMS.values(), ids=HARMS)
def test_what_hurts_callers_is_refused_and_nothing_is_sent(live: Live, ready: Try) -> None:
    attempt = ready(live)
    before = live.portal.state()
    with pytest.raises(Refused, match="would be worse off") as why:
        attempt()
    assert live.portal.state() == before
    nothing_sent(live)
    assert f'objects = ["+{NUMBER}"]' in str(why.value).splitlines()
    assert f"before: {WAS}" in str(why.value)


@pytest.mark.parametrize("ready", OFF.values(), ids=OFF)
def test_calls_to_what_is_off_are_refused(live: Live, ready: Try) -> None:
    attempt = ready(live)
    live.portal.forget_journal()
    before = live.portal.state()
    with pytest.raises(Refused):
        attempt()
    assert live.portal.state() == before
    nothing_sent(live)


@pytest.mark.parametrize("ready", HARMLESS.values(), ids=HARMLESS)
def test_what_hurts_nobody_passes_without_a_word(live: Live, ready: Try, capfd: pytest.CaptureFixture[str]) -> None:
    attempt = ready(live)
    capfd.readouterr()
    attempt()
    assert operations(live.portal.journal(), writes=True)
    assert "worse" not in capfd.readouterr().err


class TestTracking:
    """A tracking number with a rule for opening hours, one for the others, and a second one for opening hours."""

    TRACKED = "+13035550111"

    def rule(self, live: Live, rank: int, target: str, *, open_: bool) -> tuple[str, dict[str, Any]]:
        given = {"kind": "STANDARD", "destination": target, "open_rule": open_, "rank": rank}
        return "ringcx:TrackingRoutingRule", {"tracking_number": live.tracking, **given}

    def line(self, live: Live) -> dict[str, tuple[str, dict[str, Any]]]:
        number = {"group_id": "123456/1000", "dnis": self.TRACKED, "open_type": "STANDARD", "close_type": "STANDARD"}
        return {
            "number": ("ringcx:TrackingNumber", number),
            "day": self.rule(live, 1, DENVER, open_=True),
            "second": self.rule(live, 2, AUSTIN, open_=True),
            "night": self.rule(live, 3, AUSTIN, open_=False),
        }

    @pytest.fixture
    def stack(self, live: Live) -> Stack:
        live.account.pool([self.TRACKED[1:]])
        stack = Stack()
        live.tracking = "123456/1000/1000"
        stack.up(number=self.line(live)["number"])
        live.tracking = stack.saved["number"][1]
        live.new_process()
        stack.up(**self.line(live))
        live.new_process()
        live.portal.forget_journal()
        return stack

    def without(self, live: Live, *names: str) -> dict[str, tuple[str, dict[str, Any]]]:
        return {name: one for name, one in self.line(live).items() if name not in names}

    def test_one_of_two_rules_may_leave(self, live: Live, stack: Stack) -> None:
        stack.up(**self.without(live, "second"))
        assert operations(live.portal.journal(), writes=True) == ["NMb-23"]

    @pytest.mark.parametrize("names", [("day", "second"), ("night",)])
    def test_all_rules_for_some_hours_may_not(self, live: Live, stack: Stack, names: Sequence[str]) -> None:
        with pytest.raises(Refused, match=f"calls to .{self.TRACKED[1:]} .*the opening hours of .* would be worse off"):
            stack.up(**self.without(live, *names))
        nothing_sent(live)

    def test_a_destroy_is_refused_before_the_first_rule_ends(self, live: Live, stack: Stack) -> None:
        """However few the engine asks for at once; the number's own end is another matter."""
        with pytest.raises(Refused, match=r"the opening hours of .* would be worse off"), stack.exported():
            stack.delete("second")
        nothing_sent(live)

    def test_a_rule_does_not_go_to_another_number_as_the_last_one(self, live: Live, stack: Stack) -> None:
        """It would be made there and then deleted here: nothing is made."""
        other = "+13035550112"
        live.account.pool([other[1:]])
        stack.up(**self.line(live), other=("ringcx:TrackingNumber", {"group_id": "123456/1000", "dnis": other}))
        moved = {**self.line(live), "other": ("ringcx:TrackingNumber", {"group_id": "123456/1000", "dnis": other})}
        for name in ("night", "second"):
            live.new_process()
            live.portal.forget_journal()
            there = (moved[name][0], {**moved[name][1], "tracking_number": stack.saved["other"][1]})
            if name == "second":
                stack.up(**{**moved, name: there})
                continue
            with pytest.raises(Refused, match=r"outside the opening hours of .* would be worse off"):
                stack.up(**{**moved, name: there})
            nothing_sent(live)

    def test_a_rule_for_all_hours_before_the_others_leave(self, live: Live, stack: Stack) -> None:
        swapped = {**self.without(live, "day", "second"), "new": self.rule(live, 4, DENVER, open_=True)}
        stack.up(**swapped)

    @pytest.mark.parametrize("names", [["day", "second", "night"], ["night", "day", "second"]])
    def test_two_rules_that_change_places_are_one_change(self, live: Live, stack: Stack, names: Sequence[str]) -> None:
        line = self.line(live)
        line |= {"day": self.rule(live, 1, AUSTIN, open_=False), "second": self.rule(live, 2, AUSTIN, open_=False)}
        line |= {"night": self.rule(live, 3, DENVER, open_=True)}
        stack.up(number=line["number"], **{name: line[name] for name in names})

    def test_a_rule_that_dials_the_number_itself(self, live: Live, stack: Stack) -> None:
        line = {**self.line(live), "night": self.rule(live, 3, self.TRACKED, open_=False)}
        with pytest.raises(Refused, match="a loop"):
            stack.up(**line)
        nothing_sent(live)


class TestTogether:
    """One half of a change passes when the other half makes it right, in whatever order they are declared."""

    def test_a_destination_and_its_override(self, live: Live) -> None:
        """The override takes the number away from the target that no call may go to."""
        at = live.id(live.denver)
        denver = ("ringcx:Destination", live.destination(target=PREMIUM, adopt=True))
        override = ("ringcx:DnisOverride", {"destination": at, "dnis": f"+{NUMBER}", "target": "+13035551003"})
        for names in (("denver", "override"), ("override", "denver")):
            stack, line = Stack(), {"denver": denver, "override": override}
            stack.up(**{name: line[name] for name in names})
            assert len(stack.saved) == 2
            live.new_process()
            live.restore()

    def test_the_whole_is_refused_at_its_first_write(self, live: Live) -> None:
        denver = ("ringcx:Destination", live.destination(target=PREMIUM, adopt=True))
        austin = ("ringcx:Destination", live.destination(name="Austin", target=PREMIUM, adopt=True))
        with pytest.raises(Refused, match=re.escape(f"number {PREMIUM}; before: {WAS}")):
            Stack().up(denver=denver, austin=austin)
        nothing_sent(live)


class TestQueues:
    """No list of the vendor's tells which queues there are: those to which nothing leads may be none."""

    def line(self, live: Live, queue: str) -> dict[str, tuple[str, dict[str, Any]]]:
        return {
            "denver": ("ringcx:Destination", live.destination(kind="ACD", target=queue, adopt=True)),
            "spare": ("ringcx:Destination", live.destination(name="Spare", kind="ACD", target="1001")),
        }

    @pytest.fixture
    def stack(self, live: Live) -> Stack:
        stack = Stack()
        stack.up(
            denver=("ringcx:Destination", live.destination(adopt=True)),
            spare=self.line(live, "1001")["spare"],
        )
        live.new_process()
        live.portal.forget_journal()
        return stack

    def test_one_that_may_not_exist(self, live: Live, stack: Stack) -> None:
        with stack.exported(), pytest.raises(Refused, match=r"calls-unknown.* whether queue 9999 exists"):
            stack.up(**self.line(live, "9999"))
        nothing_sent(live)

    def test_one_that_another_resource_of_the_state_names(self, live: Live, stack: Stack) -> None:
        with stack.exported():
            stack.up(**self.line(live, "1001"))

    def test_one_that_this_run_alone_has_named(self, live: Live, stack: Stack) -> None:
        """What the run has written to the state by now does not count."""
        new = ("ringcx:Destination", live.destination(name="New", kind="ACD", target="9999"))
        stack.saved["new"] = (new[0], live.id(live.spare()), new[1])
        with stack.exported():
            del stack.saved["new"]
            with pytest.raises(Refused, match="whether queue 9999 exists"):
                stack.up(**self.line(live, "9999"), new=new)

    def test_a_state_that_cannot_be_read_tells_nothing(self, live: Live, stack: Stack) -> None:
        stack.up(**self.line(live, "9999"))


class TestRules:
    """Answering rules of an extension."""

    HOURS = ("ringex:BuiltInAnsweringRule", {"extension_id": "123456/100001", "rule": "business-hours"})

    def hours(self, **args: Any) -> tuple[str, dict[str, Any]]:
        return self.HOURS[0], {**self.HOURS[1], **args}

    def test_the_values_from_before_come_back(self, live: Live) -> None:
        path = "/restapi/v1.0/account/123456/extension/100001/answering-rule/business-hours-rule"
        live.portal.call("PUT", path, {"callHandlingAction": "PlayAnnouncementOnly"})
        stack = Stack()
        stack.up(hours=self.hours(action="TakeMessagesOnly", voicemail_enabled=True))
        live.new_process()
        live.portal.forget_journal()
        with pytest.raises(Refused, match=r"calls to extension 100001 .* an announcement"):
            stack.destroy()
        nothing_sent(live)
        stack.up(hours=self.hours(action="TakeMessagesOnly", on_delete="forget"))
        live.new_process()
        stack.destroy()

    @pytest.mark.parametrize(
        "changes", [{"action": "PlayAnnouncementOnly"}, {"voicemail_enabled": False}, {"enabled": False}]
    )
    def test_a_rule_that_takes_no_call(self, live: Live, changes: dict[str, Any]) -> None:
        stack = Stack()
        answers = {"action": "TakeMessagesOnly", "voicemail_enabled": True}
        stack.up(hours=self.hours(**answers))
        live.new_process()
        live.portal.forget_journal()
        with pytest.raises(Refused, match="calls to extension 100001"):
            stack.up(hours=self.hours(**{**answers, **changes}))
        nothing_sent(live)

    def test_adopting_is_an_update(self, live: Live) -> None:
        with pytest.raises(Refused, match="calls to extension 100001"):
            Stack().up(hours=self.hours(action="PlayAnnouncementOnly"))
        nothing_sent(live)


def test_a_group_that_hangs_up(live: Live) -> None:
    def group(**args: Any) -> tuple[str, dict[str, Any]]:
        given = {"name": "Support", "extension_number": "8000", "strategy": "CYCLIC_HUNT"}
        return "portsip:RingGroup", {**given, "members": [{"extension_number": "101"}], **args}

    stack = Stack()
    stack.up(group=group())
    live.new_process()
    live.portal.forget_journal()
    with pytest.raises(Refused, match="calls to 8000 would be worse off"):
        stack.up(group=group(members=[], no_answer={"action": "HANGUP"}, allow=["no_members"]))
    nothing_sent(live)
    stack.up(group=group(members=[{"extension_number": "102"}]))


class TestApprovals:
    """What permits it, one way or the other."""

    def attempt(self, live: Live) -> Callable[[], Any]:
        return destination(target=PREMIUM)(live)

    def test_the_entry_that_the_refusal_names(self, live: Live, tmp_path: Path) -> None:
        attempt = self.attempt(live)
        with pytest.raises(Refused) as why:
            attempt()
        (tmp_path / "approvals.toml").write_text(filled_in(str(why.value)))
        attempt()
        assert live.portal.record("CloudRouteDestination", "cloudDestinationId", live.denver)

    def test_an_emergency(self, live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
        attempt = self.attempt(live)
        monkeypatch.setenv("VOICE_ROUTING_BREAK_GLASS", "forbidden-target")
        attempt()


def test_hours_from_before_that_send_calls_to_what_is_off_by_now(live: Live) -> None:
    spare = live.spare()
    live.portal.assign(live.profile, spare, 0, rank=3)
    live.portal.switch("Destination", spare, on=True)
    everyone = {live.denver: 0, live.austin: 0, spare: 0}

    def table(*to: str) -> Any:
        shares = everyone | dict.fromkeys(to, 100)
        return [{"destination": live.id(one), "percent": [share] * 24} for one, share in shares.items()]

    Managed("ringcx:AllocationHours").up(profile=live.id(live.profile), hours=table(spare))
    hours = Managed("ringcx:AllocationHours")
    hours.up(profile=live.id(live.profile), hours=table(live.denver), on_delete="restore")
    live.portal.switch("Destination", spare, on=False)
    live.new_process()
    ringcx_client._clients.clear()
    before = live.portal.state()
    with pytest.raises(Refused, match="would be worse off"):
        hours.destroy()
    assert live.portal.state() == before


class TestNumbersThatCome:
    """A line that nobody called, with a target to which no call may go, gets its first number."""

    OTHER = "13035550199"

    def line(self, live: Live, *, overridden: bool = False) -> dict[str, tuple[str, Any]]:
        live.account.pool([self.OTHER])
        spare = live.portal.profile("Spare")
        paid = live.portal.destination("Paid", active=True, routeDestination=PREMIUM)
        live.portal.assign(spare, paid, 100, rank=1)
        live.portal.switch("Profile", spare, on=True)
        if overridden:
            live.portal.override(paid, self.OTHER, AUSTIN.removeprefix("+"))
        live.new_process()
        live.portal.forget_journal()
        return {"number": ("ringcx:DnisAssignment", {"dnis": f"+{self.OTHER}", "profile": live.id(spare)})}

    def test_it_is_refused_and_nothing_is_sent(self, live: Live, tmp_path: Path) -> None:
        line = self.line(live)
        with pytest.raises(Refused, match="is a premium-rate number") as why:
            Stack().up(**line)
        nothing_sent(live)
        (tmp_path / "approvals.toml").write_text(filled_in(str(why.value)))
        Stack().up(**line)
        assert live.account.owners()[self.OTHER].startswith("profile")

    def test_one_that_goes_elsewhere_passes(self, live: Live) -> None:
        Stack().up(**self.line(live, overridden=True))

    def test_so_does_any_in_an_emergency(self, live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("VOICE_ROUTING_BREAK_GLASS", "forbidden-target")
        Stack().up(**self.line(live))


def test_the_numbers_that_destinations_dial_are_looked_up_together(live: Live) -> None:
    live.spare()
    with live.portal.recording() as calls:
        Looking(thorough=False).profile(live.id(live.profile), ())
    searched = [sorted(call["request"]["dnis"]) for call in calls if call["operation"] == "NM-02"]
    assert searched == [[DENVER.removeprefix("+"), AUSTIN.removeprefix("+")]]
