"""A rehearsal of a small change in an account of some 5,000 objects: every number is looked at, in bounded memory."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.adopting.account import living
from tests.emulated import ADMIN, Emulated, settings_for
from tests.measured import measured_python

_MOST_MEGABYTES = 300
LOOK = """
import json, sys, urllib.request
from pathlib import Path

from pulumi_voice_routing.client.heard import heard, listen
from pulumi_voice_routing.commands.rehearsal.callers import compare, world
from pulumi_voice_routing.commands.rehearsal.rehearse import _moved
from pulumi_voice_routing.commands.rehearsal.stage import TOKEN, stage

admin, folder, changes = sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[3])
listen()
objects = len(world())
with stage() as there:
    assert there.take(heard()) == []
    with _moved(there, folder):
        before = world()
        there.begin()
        for path, body in changes:
            headers = {"Authorization": f"Bearer {TOKEN}", "content-type": "application/json"}
            url, sent = f"{there.url}{admin}{path}", json.dumps(body).encode()
            request = urllib.request.Request(url, sent, headers, method="PUT")
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request).read()
        looked = compare(there, there.end(), before)
print(json.dumps([objects, looked.moments, looked.numbers, [gap.numbers for gap in looked.gaps]]))
"""


@pytest.mark.whole_run
def test_a_large_account(emulator: Emulated, tmp_path: Path) -> None:
    living(emulator, size=14)
    used = {one["cloudDestinationId"] for one in emulator.records("CloudRouteAssignedDestination")}
    there = next(one for one in emulator.records("CloudRouteDestination") if one["cloudDestinationId"] in used)
    number, group = there["cloudDestinationId"], there["cloudGroupId"]
    path = f"/cloudRouteDestinationGroups/{group}/cloudRouteDestinations/{number}"
    known = emulator.api("GET", path)
    changes = [[path, {**known, "routeDestination": target}] for target in ("+13039990001", "+13039990002")]
    done = measured_python(
        ["-c", LOOK, ADMIN, str(tmp_path), json.dumps(changes)],
        cwd=tmp_path,
        env={**settings_for(emulator.url), "VOICE_ROUTING_CACHE_DIR": str(tmp_path / "cache")},
    )
    assert done.code == 0, done.complained
    objects, moments, numbers, gaps = json.loads(done.said)
    assert objects > 5_000
    assert moments == 2
    assert 0 < len({number for some in gaps for number in some}) < numbers
    assert done.megabytes < _MOST_MEGABYTES
