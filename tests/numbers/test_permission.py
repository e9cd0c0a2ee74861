"""Which changes need a permission, what one looks like, and what a user reads without it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_voice_routing.errors import Refused, SettingsError
from pulumi_voice_routing.permission.approvals import Approvals, Change
from pulumi_voice_routing.permission.needed import (
    INACTIVE,
    NOBODY,
    REASSIGN,
    RELEASE,
    TAKE_FOREIGN,
    NumberFacts,
    needed_permission,
)
from pulumi_voice_routing.permission.require import require_permission

NUMBER = "+13035550100"
OLD, NEW, OTHER = "profile 1001", "profile 1002", "queue 1000"
MOVE = Change(REASSIGN, NUMBER, OLD, NEW)

owners = st.sampled_from([OLD, NEW, OTHER, NOBODY])


@pytest.mark.parametrize(
    ("known", "live", "active", "to", "rule"),
    [
        (OLD, OLD, True, NEW, REASSIGN),
        (OLD, OLD, True, NOBODY, RELEASE),
        (OLD, OLD, True, INACTIVE, RELEASE),
        (OLD, OLD, False, NEW, None),
        (OLD, OLD, False, NOBODY, None),
        (OLD, OTHER, True, NEW, TAKE_FOREIGN),
        (OLD, OTHER, False, NEW, TAKE_FOREIGN),
        (NOBODY, OTHER, True, NEW, TAKE_FOREIGN),
        (OLD, NEW, True, NEW, None),
        (NOBODY, NOBODY, False, NEW, None),
        (OLD, NOBODY, False, NEW, None),
    ],
)
def test_rule(known: str, live: str, active: bool, to: str, rule: str | None) -> None:
    needed = needed_permission(NumberFacts(NUMBER, known, live, active), to)

    assert (needed and needed.rule) == rule
    assert needed is None or (needed.object, needed.from_, needed.to) == (NUMBER, live, to)


@given(known=owners, live=owners, active=st.booleans(), to=st.sampled_from([OLD, NEW, OTHER, NOBODY, INACTIVE]))
def test_no_caller_is_moved_unasked(known: str, live: str, active: bool, to: str) -> None:
    needed = needed_permission(NumberFacts(NUMBER, known, live, active), to)

    callers_are_reached = live != NOBODY and active
    if callers_are_reached and to != live:
        assert needed is not None


def approvals(tmp_path: Path, **changes: str) -> None:
    entry = {
        "rule": f'"{REASSIGN}"',
        "objects": f'["{NUMBER}"]',
        "from": f'"{OLD}"',
        "to": f'"{NEW}"',
        "reason": '"Denver moves"',
        "ticket": '"OPS-1"',
        "until": "2999-12-31",
    }
    lines = [f"{name} = {value}" for name, value in {**entry, **changes}.items()]
    (tmp_path / "approvals.toml").write_text("\n".join(["[[approval]]", *lines]))


class TestApproval:
    @pytest.fixture(autouse=True)
    def here(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("VOICE_ROUTING_CACHE_DIR", str(tmp_path / "cache"))

    def test_without_one_nothing_goes(self) -> None:
        with pytest.raises(Refused) as refused:
            require_permission([MOVE])
        line = str(refused.value)
        for part in (NUMBER, OLD, NEW, REASSIGN, "it is not approved", "approvals.toml", "VOICE_ROUTING_BREAK_GLASS"):
            assert part in line

    def test_it_covers_exactly_its_change(self, tmp_path: Path) -> None:
        approvals(tmp_path)
        require_permission([MOVE])
        for other in (
            Change(REASSIGN, "+13035550101", OLD, NEW),
            Change(REASSIGN, NUMBER, OLD, OTHER),
            Change(REASSIGN, NUMBER, OTHER, NEW),
            Change(RELEASE, NUMBER, OLD, NOBODY),
        ):
            with pytest.raises(Refused):
                require_permission([MOVE, other])

    def test_an_owner_that_the_stack_does_not_know_is_told(self) -> None:
        with pytest.raises(Refused) as refused:
            require_permission([Change(TAKE_FOREIGN, NUMBER, OLD, NEW)])
        assert f"this stack does not know {OLD} as the owner" in str(refused.value)
        with pytest.raises(Refused) as refused:
            require_permission([MOVE])
        assert "does not know" not in str(refused.value)

    def test_it_ends(self, tmp_path: Path) -> None:
        approvals(tmp_path, until="2020-01-31")
        with pytest.raises(Refused, match="its approval expired on 2020-01-31"):
            require_permission([MOVE])

    def test_another_target_is_told(self, tmp_path: Path) -> None:
        approvals(tmp_path, to='"profile 1003"')
        with pytest.raises(Refused, match="its approval is for 'profile 1001' to 'profile 1003'"):
            require_permission([MOVE])

    @pytest.mark.parametrize(
        ("bad", "said"),
        [
            ({"reason": '""'}, "reason must be given, as text"),
            ({"rule": "1", "to": '" "'}, "rule, to must be given, as text"),
            ({"until": '"soon"'}, "until must be a day"),
            ({"until": "2999-12-31T10:00:00"}, "until must be a day without a time"),
            ({"colour": '"red"'}, "colour is not part of an approval"),
            ({"objects": "[]"}, "must name what is approved"),
            ({"objects": f'"{NUMBER}"'}, "must name what is approved"),
            ({"objects": "5"}, "must name what is approved"),
            ({"objects": f'["{NUMBER}", 5]'}, "5 is a quantity"),
            ({"object": f'"{NUMBER}"'}, "object and objects are both there"),
            ({"objects": '["the hotline"]'}, "the hotline"),
        ],
    )
    def test_one_that_cannot_be_read_is_none(self, tmp_path: Path, bad: dict[str, str], said: str) -> None:
        approvals(tmp_path, **bad)
        with pytest.raises(SettingsError, match=rf"^approvals: approvals\.toml, entry 1: .*{said}"):
            require_permission([MOVE])

    @pytest.mark.parametrize("content", ["approval = 5\n", "approval = [5]\n", "[approval]\n", "other = 1\n"])
    def test_a_file_of_something_else_permits_nothing(self, tmp_path: Path, content: str) -> None:
        (tmp_path / "approvals.toml").write_text(content)
        with pytest.raises(SettingsError, match=r"may hold \[\[approval\]\] entries only"):
            require_permission([MOVE])

    def test_the_second_entry_counts_as_well(self, tmp_path: Path) -> None:
        approvals(tmp_path, to='"profile 1003"')
        other = (tmp_path / "approvals.toml").read_text()
        approvals(tmp_path, objects='["1 303 555 0100"]')
        (tmp_path / "approvals.toml").write_text(f"{other}\n{(tmp_path / 'approvals.toml').read_text()}")
        require_permission([MOVE])

    @pytest.mark.parametrize("object_", ["8000", "the numbers of 'team'", "+13035550100"])
    def test_numbers_of_all_kinds_are_named_as_changes_name_them(self, tmp_path: Path, object_: str) -> None:
        approvals(tmp_path, objects=f'["{object_}"]')
        assert Approvals.here().allow(Change(REASSIGN, object_, OLD, NEW))
        assert not Approvals.here().allow(Change(REASSIGN, "8001", OLD, NEW))

    @pytest.mark.parametrize(("day", "allowed"), [("2026-12-30", True), ("2026-12-31", True), ("2027-01-01", False)])
    def test_its_last_day_is_one_of_its_days(self, tmp_path: Path, day: str, allowed: bool) -> None:
        approvals(tmp_path, until="2026-12-31")
        given, today = Approvals.here(), date.fromisoformat(day)
        assert given.allow(MOVE, today) is allowed
        assert given.why_not(MOVE, today).startswith("its approval is for" if allowed else "its approval expired")

    def test_many_are_one_line_and_a_file_to_complete(self, tmp_path: Path) -> None:
        changes = [Change(REASSIGN, f"+1303555{place:04}", OLD, NEW) for place in range(100, 300)]
        with pytest.raises(Refused, match="200 numbers would change hands") as refused:
            require_permission(changes)
        assert "and 197 more from profile 1001 to profile 1002" in str(refused.value)
        (file,) = (tmp_path / "cache").glob("approvals-needed-*.toml")
        assert str(file) in str(refused.value)

        text = file.read_text()
        done = text.replace('reason = ""', 'reason = "Denver moves"').replace('ticket = ""', 'ticket = "OPS-1"')
        file.write_text(done)
        assert all(Approvals.read(file).allow(change) for change in changes)

    def test_break_glass_is_loud(self, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
        monkeypatch.setenv("VOICE_ROUTING_BREAK_GLASS", REASSIGN)
        require_permission([MOVE])
        said = capfd.readouterr().err
        assert f"VOICE_ROUTING_BREAK_GLASS={REASSIGN} is set" in said
        assert NUMBER in said

    @pytest.mark.parametrize("tell", [True, False])
    def test_what_is_permitted_is_told_on_demand(
        self, tmp_path: Path, capfd: pytest.CaptureFixture[str], tell: bool
    ) -> None:
        approvals(tmp_path)
        require_permission([MOVE], tell=tell)
        assert (f"approved: {NUMBER} from {OLD} to {NEW}" in capfd.readouterr().err) is tell

    @pytest.mark.parametrize("named", [f"x,{REASSIGN}", f"{REASSIGN} x", f"{RELEASE}, {REASSIGN}"])
    def test_break_glass_names_rules_with_commas_or_spaces(self, monkeypatch: pytest.MonkeyPatch, named: str) -> None:
        monkeypatch.setenv("VOICE_ROUTING_BREAK_GLASS", named)
        require_permission([MOVE])

    def test_break_glass_is_for_the_rule_that_it_names(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("VOICE_ROUTING_BREAK_GLASS", RELEASE)
        with pytest.raises(Refused):
            require_permission([MOVE])
