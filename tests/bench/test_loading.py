"""What a provider process loads: nothing that the types of its stack do not need."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from pulumi_voice_routing import portsip, ringcx, ringex

LOADED = """
import json, sys
import pulumi.dynamic
before = set(sys.modules)
from pulumi_voice_routing.registry import provider_for
provider_for("ringcx:Destination").model
print(json.dumps(sorted(set(sys.modules) - before)))
"""


def test_a_process_loads_the_types_that_it_is_asked_for() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout))
    assert "pulumi_voice_routing.ringcx.cloud_routing.destination" in loaded
    assert not {name for name in loaded if name.startswith("pulumi_voice_routing.emulator")}
    unused = {"click", "httpx", "rich", "typer", "pulumi_policy", "starlette", "uvicorn"}
    unused |= {f"pulumi_voice_routing.{name}" for name in ("cli", "ringcx.http_service", "ringcx.lookups", "portsip")}
    assert loaded & unused == set()


def test_packages_have_every_name_that_they_promise_and_no_other() -> None:
    for package in (ringcx, ringex, portsip):
        assert [name for name in package.__all__ if not hasattr(package, name)] == []
        assert not hasattr(package, "Nothing")


REGISTERED = """
import json
import pulumi
from pulumi.runtime import resource as sdk
from pulumi_voice_routing import ringcx

class Engine(pulumi.runtime.Mocks):
    def new_resource(self, args):
        return "123456/1000/1001", args.inputs

    def call(self, args):
        return {}

traces, position_in = [], sdk._get_source_position
sdk._get_source_position = lambda trace: traces.append(trace) or position_in(trace)

@pulumi.runtime.test
def program():
    desk = ringcx.Destination("desk", group_id="123456/1000", name="Desk", kind="DID", target="+13035551234")
    pool = ringcx.DnisPool("pool", numbers=[{"dnis": "+13035550100"}])
    outputs = [name for one in (desk, pool) for name, value in vars(one).items() if isinstance(value, pulumi.Output)]
    late = pulumi.Output.all(desk.name, desk.description, pool.file, pool.records)
    places = [[f"{frame.pc.uri}#{frame.pc.line}" for frame in trace.frames] for trace in traces]
    return late.apply(lambda values: print(json.dumps([places, outputs, values])))

pulumi.runtime.set_mocks(Engine())
program()
"""


def test_a_resource_weighs_little(tmp_path: Path) -> None:
    """Of the stack trace the engine keeps the user's line alone, as the place where the resource is made."""
    program = tmp_path / "program.py"
    program.write_text(REGISTERED)
    done = subprocess.run([sys.executable, program], capture_output=True, text=True, check=True)
    places, outputs, values = json.loads(done.stdout)
    lines = [number for number, line in enumerate(REGISTERED.splitlines(), 1) if " = ringcx." in line]
    assert places[1:] == [[f"{program.as_uri()}#{line}"] for line in lines]  # the first is the stack's
    assert sorted(outputs) == sorted(
        [
            "urn",
            "id",
            "group_id",
            "name",
            "kind",
            "target",
            "__provider",
            "urn",
            "id",
            "numbers",
            "records",
            "__provider",
        ]
    )
    assert values == ["Desk", None, None, None]
