"""What single types promise beyond the nine cases."""

from __future__ import annotations

import base64
import csv
import io
import json
import pickle
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi.dynamic.dynamic import serialize_provider

from pulumi_voice_routing import registry, ringcx
from tests.conftest import NewStack
from tests.emulated import Emulated, Json, operations
from tests.examples import ref
from tests.lifecycle.golden import PROVIDERS
from tests.stacks import Program, Stack

# Destinations of a profile


class Line:
    """A live profile that splits its calls 70 to 30, made by hand, and two more destinations that are ready."""

    def __init__(self, portal: Emulated) -> None:
        self.denver, self.boulder, self.aspen, self.vail = (
            portal.destination(name, active=True) for name in ("Denver", "Boulder", "Aspen", "Vail")
        )
        self.profile = portal.profile("Support")
        portal.assign(self.profile, self.denver, 70, rank=1)
        portal.assign(self.profile, self.boulder, 30, rank=2)
        portal.switch("Profile", self.profile, on=True)

    def split(self, **shares: int) -> Program:
        """A program that gives these shares of the calls to these destinations."""

        def program() -> None:
            ringcx.ProfileDestinations(
                "split",
                profile=ref("1000", self.profile),
                destinations=[
                    {"destination": ref("1000", getattr(self, name)), "allocation_percent": share}
                    for name, share in shares.items()
                ],
                adopt=True,
            )

        return program


def totals(calls: list[Json], shares: dict[int, int]) -> Iterator[int]:
    """The sum of an active profile's shares after each write, found by doing the writes again.

    ``shares`` are those before the first call, by the number of the assignment.
    """
    for call in calls:
        if call["status"] != 200:
            continue
        match call["operation"]:
            case "CR-15":
                shares[call["response"]["assignedDestinationId"]] = call["response"]["allocationPercent"]
            case "CR-16":
                shares.update({one["assignedDestinationId"]: one["allocationPercent"] for one in call["response"]})
            case "CRb-21":
                del shares[int(call["path"].rpartition("/")[2])]
            case _:
                continue
        yield sum(shares.values())


def test_an_active_profile_is_never_off_100_percent(emulator: Emulated, stack: Stack) -> None:
    line = Line(emulator)
    before = {one["assignedDestinationId"]: one["allocationPercent"] for one in emulator.assigned(line.profile)}

    with emulator.recording() as calls:
        stack.up(line.split(denver=70, boulder=30))
        stack.up(line.split(aspen=50, vail=30, boulder=20))
        stack.up(line.split(denver=100))

    writes = [one for one in operations(calls, writes=True) if one != "CR-08"]
    assert writes == ["CR-15", "CR-15", "CR-16", "CRb-21", "CR-15", "CR-16", "CRb-21", "CRb-21", "CRb-21"]
    assert [one["request"]["allocationPercent"] for one in calls if one["operation"] == "CR-15"] == [0, 0, 0]
    assert set(totals(calls, before)) == {100}


def test_the_checker_of_totals_sees_a_profile_off_100_percent(emulator: Emulated) -> None:
    line = Line(emulator)
    before = {one["assignedDestinationId"]: one["allocationPercent"] for one in emulator.assigned(line.profile)}

    with emulator.recording() as calls:
        emulator.assign(line.profile, line.aspen, 10, rank=3)

    assert list(totals(calls, before)) == [110]


def test_a_destination_that_somebody_else_added_stops_the_change(emulator: Emulated, stack: Stack) -> None:
    line = Line(emulator)
    stack.up(line.split(denver=70, boulder=30))
    emulator.assign(line.profile, line.vail, 0, rank=9)

    with emulator.recording() as calls:
        error = stack.fails(line.split(denver=60, boulder=40)).error

    assert "'Vail'" in error
    assert "pulumi refresh" in error
    assert operations(calls, writes=True) == []
    assert stack.refresh().changes == {"split": "update"}
    stack.up(line.split(denver=60, boulder=40))
    assert len(emulator.assigned(line.profile)) == 2


def test_an_active_profile_keeps_its_destinations(emulator: Emulated, stack: Stack) -> None:
    line = Line(emulator)
    stack.up(line.split(denver=70, boulder=30))

    error = stack.destroy_fails().error

    assert "is active, so it keeps its destinations" in error
    assert len(emulator.assigned(line.profile)) == 2


def test_a_destination_that_an_active_profile_uses_stays_on(emulator: Emulated, stack: Stack) -> None:
    line = Line(emulator)

    def program(active: bool) -> Program:
        return lambda: pulumi.export(
            "denver",
            ringcx.Destination(
                "denver",
                group_id=ref("1000"),
                name="Denver",
                kind="DID",
                target="+13035551234",
                active=active,
                adopt_id=ref("1000", line.denver),
            ).id,
        )

    stack.up(program(True))

    for error in (stack.fails(program(False)).error, stack.destroy_fails().error):
        assert f"destination {line.denver} stays active" in error
        assert "'Support'" in error
    assert emulator.record("CloudRouteDestination", "cloudDestinationId", line.denver) is not None


# Hours


class Hours:
    """A profile with two destinations, made by hand, and its table of shares."""

    def __init__(self, portal: Emulated) -> None:
        self.portal = portal
        self.first, self.second = portal.destination("Denver"), portal.destination("Boulder, downtown")
        self.profile = portal.profile("Support", percentAllocType="HOURLY")
        for rank, destination in enumerate((self.first, self.second), 1):
            portal.assign(self.profile, destination, 50, rank)
        self._path = f"/cloudRouteProfileGroups/1000/cloudRouteProfiles/{self.profile}/assignedDestinations"

    def export(self) -> str:
        """The vendor's file."""
        text: str = self.portal.api("POST", f"{self._path}/percentAllocationHours/export")
        return text

    def shares(self) -> list[set[str]]:
        """The distinct shares of each destination."""
        rows = list(csv.reader(io.StringIO(self.export())))[1:]
        return [set(row[2:]) for row in rows]

    def table(self, share: int, **more: Any) -> Program:
        """A program that gives the first destination this share in every hour."""

        def program() -> None:
            ringcx.AllocationHours(
                "hours",
                profile=ref("1000", self.profile),
                hours=[
                    {"destination": ref("1000", self.first), "percent": [share] * 24},
                    {"destination": ref("1000", self.second), "percent": [100 - share] * 24},
                ],
                **more,
            )

        return program


def test_an_import_that_fails_leaves_the_hours_as_they_were(emulator: Emulated, stack: Stack) -> None:
    hours = Hours(emulator)
    before = hours.export()
    emulator.faults({"match": {"operation": "CR-18"}, "fault": "status", "code": 400})

    error = stack.fails(hours.table(60)).error

    assert "The shares are as they were before" in error
    assert hours.export() == before
    stack.up(hours.table(60))
    assert hours.shares() == [{"60"}, {"40"}]


def test_when_the_old_hours_cannot_be_put_back_they_are_kept_in_a_file(emulator: Emulated, stack: Stack) -> None:
    hours = Hours(emulator)
    before = hours.export()
    # The import takes effect, the export that is to verify it fails, and so does the way back.
    emulator.faults({"match": {"operation": "CR-17"}, "fault": "status", "code": 400, "times": 9, "after": 1})

    error = stack.fails(hours.table(60)).error

    (kept,) = stack.cache.glob("hours-*.csv")
    assert str(kept) in error
    assert kept.read_bytes().split() == before.encode().split()
    emulator.clear()
    stack.up(hours.table(60))
    assert hours.shares() == [{"60"}, {"40"}]


def test_the_hours_of_before_come_back_when_that_was_asked_for(emulator: Emulated, stack: Stack) -> None:
    hours = Hours(emulator)
    before = hours.export()
    stack.up(hours.table(60, on_delete="restore"), quiet=False)
    stack.up(hours.table(80, on_delete="restore"))

    stack.destroy()

    assert hours.export() == before


def test_hours_from_a_file_in_another_order_and_with_another_delimiter(
    emulator: Emulated, stack: Stack, tmp_path: Path
) -> None:
    hours = Hours(emulator)
    header, *rows = csv.reader(io.StringIO(hours.export()))
    file = tmp_path / "hours.csv"
    (denver, boulder) = ([*row[:2], *[share] * 24] for row, share in zip(rows, ("75", "25"), strict=True))
    with file.open("w", newline="") as out:
        csv.writer(out, delimiter="|").writerows([header, boulder, denver])

    def program() -> None:
        ringcx.AllocationHours("hours", profile=ref("1000", hours.profile), file=pulumi.FileAsset(file))

    stack.up(program)

    assert hours.shares() == [{"75"}, {"25"}]
    file.unlink()
    assert "hours.csv cannot be read" in stack.preview_fails(program).error


# Overrides


def test_replace_all_saves_the_list_and_says_what_is_lost(emulator: Emulated, stack: Stack) -> None:
    destination = emulator.destination("Denver")
    for dnis in ("13035550101", "13035550102"):
        emulator.override(destination, dnis, "+13035550170")

    def program(**more: Any) -> Program:
        return lambda: pulumi.export(
            "id",
            ringcx.DnisOverrides(
                "own",
                destination=ref("1000", destination),
                overrides=[{"dnis": "+13035550103", "target": "+13035550173"}],
                **more,
            ).id,
        )

    stack.up(program())
    assert len(emulator.overrides(destination)) == 3, "without replace_all nothing is lost"

    run = stack.up(program(replace_all=True))

    assert [one["dnis"] for one in emulator.overrides(destination)] == ["13035550103"]
    said = " ".join(run.said)
    assert "wipes 2 overrides" in said
    assert "+13035550101 to +13035550170" in said
    (saved,) = stack.cache.glob("overrides-*.csv")
    assert str(saved) in said
    rows = csv.DictReader(saved.read_text().splitlines())
    assert sorted(row["dnis"] for row in rows) == ["13035550101", "13035550102", "13035550103"]


def test_a_wipe_that_goes_wrong_is_undone(emulator: Emulated, stack: Stack) -> None:
    destination = emulator.destination("Denver")
    emulator.override(destination, "13035550101", "+13035550170")

    def program() -> None:
        ringcx.DnisOverrides(
            "own",
            destination=ref("1000", destination),
            overrides=[{"dnis": "+13035550103", "target": "+13035550173"}],
            replace_all=True,
        )

    emulator.faults({"match": {"operation": "CR-21"}, "fault": "status", "code": 400})

    assert "CR-21" in stack.fails(program).error
    assert [one["dnis"] for one in emulator.overrides(destination)] == ["13035550101"]
    stack.up(program)
    assert [one["dnis"] for one in emulator.overrides(destination)] == ["13035550103"]


# Activation


def plan(*, shares: bool = True, live: bool = True) -> Program:
    """A small line that is switched on last."""

    def program() -> None:
        denver, boulder = (
            ringcx.Destination(name.lower(), group_id=ref("1000"), name=name, kind="DID", target="+13035551234")
            for name in ("Denver", "Boulder")
        )
        support = ringcx.Profile(
            "support",
            group_id=ref("1000"),
            name="Support",
            routing_type="PERCENT_ALLOCATION",
            percent_alloc_type="DAILY",
        )
        needs: list[pulumi.Resource] = []
        if shares:
            halves: list[ringcx.AssignedDestination] = [
                {"destination": one, "allocation_percent": 50} for one in (denver, boulder)
            ]
            needs.append(ringcx.ProfileDestinations("split", profile=support, destinations=halves))
        if live:
            after = pulumi.ResourceOptions(depends_on=needs)
            ringcx.Activation("live", targets=[support, boulder, denver], opts=after)

    return program


def active(emulator: Emulated) -> list[str]:
    """The names of what takes calls."""
    return sorted(
        one.get("destinationName") or one["profileName"]
        for kind in ("CloudRouteDestination", "CloudRouteProfile")
        for one in emulator.records(kind)
        if one["isActive"]
    )


def test_activation_refuses_what_is_incomplete_and_switches_nothing_on(emulator: Emulated, stack: Stack) -> None:
    error = stack.fails(plan(shares=False)).error

    assert "profile 'Support' has no destinations" in error
    assert "depends_on" in error
    assert active(emulator) == []
    assert {"CR-08", "CR-13"} & set(operations(emulator.journal())) == set()
    stack.up(plan())
    assert active(emulator) == ["Boulder", "Denver", "Support"]


def test_activation_comes_last_and_goes_first_and_the_profile_is_never_on_alone(
    emulator: Emulated, stack: Stack
) -> None:
    with emulator.recording() as calls:
        stack.up(plan(), quiet=False)
    assert operations(calls, writes=True)[-3:] == ["CR-08", "CR-08", "CR-13"]

    with emulator.recording() as calls:
        stack.destroy()
    assert operations(calls, writes=True)[:3] == ["CR-13", "CR-08", "CR-08"]
    assert active(emulator) == []


def test_what_is_switched_off_by_hand_is_shown_and_switched_on_again(emulator: Emulated, stack: Stack) -> None:
    stack.up(plan())
    emulator.switch("Profile", str(emulator.records("CloudRouteProfile")[0]["cloudProfileId"]), on=False)

    assert stack.preview(plan(), refresh=True).changes == {"live": "update"}

    stack.up(plan(), refresh=True)
    assert active(emulator) == ["Boulder", "Denver", "Support"]


# Clones


def test_a_clone_is_a_copy_with_the_declared_fields_and_without_calls(emulator: Emulated, stack: Stack) -> None:
    # The vendor copies the switch as well, so that a clone of what is live comes live.
    source = emulator.destination("Denver", active=True, maxConcurrent=7, monSched="0800-1700", destinationDesc="first")
    profile = emulator.profile("Support", billingCode="42", profileDesc="first")
    emulator.assign(profile, source, 100, rank=1)
    emulator.switch("Profile", profile, on=True)

    def program() -> None:
        ringcx.Destination(
            "spare",
            group_id=ref("1000"),
            name="Denver spare",
            kind="DID",
            target="+13035559999",
            description="second",
            clone_of=ref("1000", source),
        )
        ringcx.Profile(
            "copy",
            group_id=ref("1000"),
            name="Support copy",
            routing_type="PERCENT_ALLOCATION",
            description="second",
            clone_of=ref("1000", profile),
        )

    stack.up(program)

    spare, copy = emulator.records("CloudRouteDestination")[-1], emulator.records("CloudRouteProfile")[-1]
    assert (spare["destinationName"], spare["routeDestination"]) == ("Denver spare", "13035559999")
    assert (spare["maxConcurrent"], spare["monSched"], spare["destinationDesc"]) == (7, "0800-1700", "second")
    assert (copy["profileName"], copy["billingCode"], copy["profileDesc"]) == ("Support copy", "42", "second")
    assert not spare["isActive"]
    assert not copy["isActive"]
    assert active(emulator) == ["Denver", "Support"]


def test_a_clone_is_made_in_the_group_of_its_source(emulator: Emulated, stack: Stack) -> None:
    source = emulator.destination("Denver", group=emulator.group("Elsewhere"))

    def program() -> None:
        ringcx.Destination(
            "spare", group_id=ref("1000"), name="Spare", kind="DID", target="+13035559999", clone_of=ref("1001", source)
        )

    assert "a clone is made in the group of its source" in stack.fails(program).error
    assert "CR-07" not in operations(emulator.journal())


# Objects of others


def test_an_existing_twin_is_an_error_that_names_its_id(emulator: Emulated, stack: Stack) -> None:
    denver = emulator.destination("Denver")

    def program() -> None:
        ringcx.Destination("denver", group_id=ref("1000"), name="Denver", kind="DID", target="+13035551234")

    error = stack.fails(program).error

    assert ref("1000", denver) in error
    assert "adopt=True" in error
    assert len(emulator.records("CloudRouteDestination")) == 1


def test_adopting_says_what_it_takes_over_and_what_it_changes(emulator: Emulated, stack: Stack) -> None:
    denver = emulator.destination("Denver", routeDestination="+13035550000")

    def program() -> None:
        ringcx.Destination("denver", group_id=ref("1000"), name="Denver", kind="DID", target="+13035551234", adopt=True)

    said = " ".join(stack.up(program).said)

    assert f"taking over destination {ref('1000', denver)}" in said
    assert "target '+13035550000' becomes '+13035551234'" in said


def test_get_looks_and_never_touches(emulator: Emulated, stack: Stack) -> None:
    denver = emulator.destination("Denver", active=True)

    def program() -> None:
        found = ringcx.Destination.get("denver", ref("1000", denver))
        pulumi.export("name", found.name)
        pulumi.export("target", found.target)

    run = stack.up(program)
    assert run.outputs == {"name": "Denver", "target": "+13035551234"}
    stack.destroy()

    assert active(emulator) == ["Denver"]
    assert operations(emulator.journal(), writes=True) == ["CR-04", "CR-08"], "only those by hand"


def test_get_of_what_is_not_there_fails(emulator: Emulated, stack: Stack) -> None:
    def program() -> None:
        ringcx.Destination.get("denver", ref("1000", "4242"))

    assert "there is no destination 123456/1000/4242" in stack.fails(program).error


# What users read


def test_a_wrong_literal_names_the_file_and_the_line_of_the_program(emulator: Emulated, stack: Stack) -> None:
    stack.write_program(
        "from pulumi_voice_routing import ringcx\n"
        "\n"
        'ringcx.Destination("denver", group_id="123456/1000", name="Denver", kind="PHONE", target="+13035551234")\n'
    )
    up = stack.start("up", "--yes", "--skip-preview")
    console, _ = up.communicate()

    assert up.returncode != 0
    assert "__main__.py:3: ringcx.Destination 'denver': kind: 'PHONE' will not do" in console
    assert "Traceback" not in console
    assert emulator.journal() == []


SECRET_KEY = "canary-7f3a91"


@pytest.mark.parametrize("marked", [True, False], ids=["marked as secret", "forgotten to mark"])
def test_a_secret_is_nowhere_in_clear(marked: bool, emulator: Emulated, new_stack: NewStack, tmp_path: Path) -> None:
    trace = tmp_path / "trace.jsonl"
    stack = new_stack(VOICE_ROUTING_TRACE_FILE=str(trace))

    def program(key: str, **more: Any) -> Program:
        def declare() -> None:
            ringcx.Destination(
                "denver",
                group_id=ref("1000"),
                name="Denver",
                kind="DID",
                target="+13035551234",
                auth_key=pulumi.Output.secret(key) if marked else key,
                **more,
            )

        return declare

    runs = [stack.up(program(SECRET_KEY)), stack.up(program(f"{SECRET_KEY}-2")), stack.refresh()]
    # The vendor may repeat in an error what it was sent.
    echo = {"generalMessage": f"no {SECRET_KEY}-3"}
    emulator.faults({"match": {"operation": "CR-06"}, "fault": "status", "code": 400, "body": echo})
    runs.append(stack.fails(program(f"{SECRET_KEY}-3", description="x")))
    runs.append(stack.fails(program(SECRET_KEY, ring_duration="long")))

    assert emulator.records("CloudRouteDestination")[0]["authKey"] == f"{SECRET_KEY}-2"
    assert trace.stat().st_size > 0
    for run in runs:
        assert SECRET_KEY not in "".join([run.console, *run.said, *run.errors])
    for file in [trace, *stack.files()]:
        content = file.read_bytes()
        assert SECRET_KEY.encode() not in content, file
        assert b"emulator-token" not in content, file


# The state


def test_the_state_holds_one_function_of_ours_and_the_token() -> None:
    stored = {token: serialize_provider(registry.provider_for(token)) for token in registry.providers}

    assert stored == {token: PROVIDERS.get(token) or _alike(token) for token in stored}
    for token, line in stored.items():
        ours = set(re.findall(rb"pulumi_voice_routing[\w.]*", base64.b64decode(line)))
        assert ours == {b"pulumi_voice_routing.registry"}, token


def _alike(token: str) -> str:
    """What the state holds for a type that is newer than the recorded lines: one of those, with another token."""
    known, line = next(iter(PROVIDERS.items()))
    assert len(token) < 256, "longer texts are written in another way"
    old = base64.b64decode(line)
    length = int.from_bytes(old[3:11], "little") + len(token) - len(known)
    new = old[:3] + length.to_bytes(8, "little") + old[11:]
    return base64.b64encode(
        new.replace(bytes([len(known)]) + known.encode(), bytes([len(token)]) + token.encode())
    ).decode()


def test_new_lines_are_like_the_recorded_ones() -> None:
    assert {token: _alike(token) for token in PROVIDERS} == PROVIDERS


def test_a_provider_that_moves_is_found_by_its_token(monkeypatch: pytest.MonkeyPatch) -> None:
    token = "ringcx:Destination"
    moved = type("Elsewhere", (registry.providers[token],), {"__module__": "somewhere.else", "token": ""})
    monkeypatch.setitem(registry.providers, token, moved)

    assert type(pickle.loads(base64.b64decode(PROVIDERS[token]))) is moved


def test_the_state_of_a_provider_is_found_before_its_vendor_is_imported() -> None:
    load = f"import pickle, base64; print(pickle.loads(base64.b64decode({PROVIDERS['ringcx:Profile']!r})).token)"

    done = subprocess.run([sys.executable, "-c", load], capture_output=True, text=True, check=True)

    assert done.stdout == "ringcx:Profile\n"


def test_outputs_carry_no_code(emulator: Emulated, stack: Stack) -> None:
    stack.up(plan(), quiet=False)

    exported = json.dumps(stack.export())

    for one in stack.state().values():
        assert one["inputs"]["__provider"] == one["outputs"]["__provider"]
        assert one["inputs"]["__provider"] == PROVIDERS[one["type"].partition("/")[2]]
    assert set(re.findall(r"pulumi_voice_routing[\w.]*", exported)) <= {"pulumi_voice_routing"}
