"""Whoever reads states and programs sees the rows of a fleet as resources."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pulumi_policy
import pytest
from pulumi_policy import proxy

from pulumi_voice_routing.plan.facts import PREFIX, UNKNOWN, Before, saved_resources
from pulumi_voice_routing.plan.fleets import engine_urn, row_op
from pulumi_voice_routing.plan.plan import Plan
from pulumi_voice_routing.plan.rows import saved_outputs
from pulumi_voice_routing.safety.pack import pack_policies
from pulumi_voice_routing.safety.rules import OVERRIDE_WIPE
from pulumi_voice_routing.safety.run import Run
from tests.rules.plans import LINE, NUMBER, id_of, overrides, saved
from tests.tokens import DESTINATION, DNIS_OVERRIDES

FLEET = f"urn:pulumi:dev::line::{PREFIX}{DESTINATION}Fleet::desks"
ROW = {"group_id": "1/2", "name": "Denver", "kind": "DID", "target": "+13035551234"}
ENTRY: dict[str, Any] = {
    "urn": FLEET,
    "type": f"{PREFIX}{DESTINATION}Fleet",
    "id": "desks",
    "protect": False,
    "inputs": {"rows": {"denver": ROW, "aspen": ROW}, "protected": ["denver"]},
    "outputs": {
        "rows": {"denver": ROW},
        "ids": {"denver": "1/2/3"},
        "__rows": {"denver": {"__owed": True}},
        "__stored_as": {"denver": {"name": "DENVER"}},
    },
}
STATE = {"version": 3, "deployment": {"resources": [ENTRY]}}


def test_a_state_holds_the_rows_that_were_made() -> None:
    (one,) = saved_resources(STATE)

    assert (one.type, one.name, one.id, one.protected) == (DESTINATION, 'desks["denver"]', "1/2/3", True)
    assert one.urn == f'urn:pulumi:dev::line::{PREFIX}{DESTINATION}::desks["denver"]'
    assert engine_urn(one.urn) == FLEET
    assert one.props["target"] == "+13035551234"
    outs = saved_outputs(STATE)[one.urn]
    assert (outs["__managed"], outs["__owed"]) == (sorted(ROW), True)
    assert outs["__stored_as"] == {"name": "DENVER"}
    (step,) = Plan().completed(STATE).steps
    assert (step.op, step.before, step.after and step.after.id) == ("same", one, "1/2/3")


@pytest.mark.parametrize("rows", [{"4dabf18193072939515e22adb298388d": "x"}, "[secret]", {"denver": "[secret]"}])
def test_rows_that_nobody_can_read_are_no_empty_fleet(rows: Any) -> None:
    hidden = {**ENTRY, "outputs": {**ENTRY["outputs"], "rows": rows}}
    with pytest.raises(ValueError, match="its rows cannot be read"):
        list(saved_resources({"deployment": {"resources": [hidden]}}))


@pytest.mark.parametrize(
    ("before", "after", "op"),
    [
        (None, ROW, "create"),
        (ROW, None, "delete"),
        (ROW, dict(ROW), "same"),
        (ROW, {**ROW, "target": "1 303 555 1234"}, "same"),
        (ROW, {**ROW, "target": "+13035559999"}, "update"),
        ({**ROW, "active": True}, ROW, "update"),
        (ROW, {**ROW, "target": UNKNOWN}, "update"),
        (ROW, {**ROW, "group_id": UNKNOWN}, "replace"),
        (ROW, {**ROW, "group_id": "1/9"}, "replace"),
        ({**ROW, "auth_key": UNKNOWN}, {**ROW, "auth_key": UNKNOWN}, "same"),
    ],
)
def test_what_becomes_of_a_row(before: Any, after: Any, op: str) -> None:
    assert row_op(DESTINATION, before, after) == op


def test_the_pack_judges_rows_and_tells_of_the_fleet() -> None:
    fleet = f"urn:pulumi:dev::line::{PREFIX}{DNIS_OVERRIDES}Fleet::all"
    old = overrides('all["denver"]', id_of("denver"), NUMBER, replace_all=True)
    run = Run(before=Before(saved(one) for one in [*LINE, old]))
    row = {
        "destination": id_of("denver"),
        "replace_all": True,
        "overrides": [{"dnis": proxy.UNKNOWN_STRING_VALUE, "target": "+13035559999"}],
    }
    options = pulumi_policy.PolicyResourceOptions(
        False, [], None, [], pulumi_policy.PolicyCustomTimeouts(0, 0, 0), [], None
    )
    args = pulumi_policy.ResourceValidationArgs(
        f"{PREFIX}{DNIS_OVERRIDES}Fleet",
        proxy.unknown_checking_proxy({"rows": {"denver": row}}),
        fleet,
        "all",
        options,
        None,
        {},
    )
    said: list[tuple[str, str | None]] = []
    for policy in pack_policies([OVERRIDE_WIPE], run):
        if isinstance(policy, pulumi_policy.ResourceValidationPolicy):
            policy.validate(args, lambda message, urn=None: said.append((message, urn)))

    ((message, where),) = said
    assert message.startswith('all["denver"]: ')
    assert NUMBER in message
    assert where == fleet


def test_a_program_declares_rows(tmp_path: Path) -> None:
    (tmp_path / "__main__.py").write_text(
        "import pulumi\n"
        "from pulumi_voice_routing import ringcx\n"
        "group = ringcx.RouteGroup('g', name='G')\n"
        "rows = [{'name': 'denver', 'phone': '+13035551234'}, {'name': 'aspen', 'phone': '+13035551235'}]\n"
        "desks = ringcx.Destination.fleet('desks', rows, group_id=group, name='{name}', kind='DID', target='{phone}',\n"
        "                                 auth_key=pulumi.Output.secret('hush-hush'))\n"
        "shares = [{'destination': desk, 'allocation_percent': 50} for desk in desks.values()]\n"
        "line = ringcx.Profile('p', group_id=group, name='P', routing_type='PERCENT_ALLOCATION',\n"
        "                      percent_alloc_type='DAILY')\n"
        "ringcx.ProfileDestinations('split', profile=line, destinations=shares)\n"
    )
    command = [sys.executable, "-m", "pulumi_voice_routing.commands.compare.declared"]
    done = subprocess.run(command, cwd=tmp_path, env=dict(os.environ), capture_output=True, text=True, check=True)

    declared = {one["name"]: one for one in json.loads(done.stdout)}
    assert declared.keys() == {"g", 'desks["denver"]', 'desks["aspen"]', "p", "split"}
    assert declared['desks["denver"]']["type"] == DESTINATION
    assert declared['desks["denver"]']["props"]["target"] == "+13035551234"
    named = [row["destination"] for row in declared["split"]["props"]["destinations"]]
    assert named == [declared['desks["denver"]']["id"], declared['desks["aspen"]']["id"]]
