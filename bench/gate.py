"""How long the gate takes for a preview of 5,000 resources, and how much memory.

    python bench/gate.py [--resources 5000] [--keep FILE]

The preview is made up, and as large as a real one: unchanged resources shown, with the stack traces of the program.
In it are 1,200 numbers, whose calls are divided by the hour, and some go elsewhere. The whole command is measured,
from its start to its end. The targets are 5 s and 300 MB.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

STACK = "urn:pulumi:prod::contact-center::"
PREFIX = "pulumi-python:dynamic/"
PICKLED = (
    "gASVSwAAAAAAAACMHXB1bHVtaV92b2ljZV9yb3V0aW5nLnJlZ2lzdHJ5lIwMcHJvdmlkZXJfZm9ylJOUjBJyaW5nY3g6UHJvZmlsZZSFlFKULg=="
)
TRACE = [
    {"sourcePosition": f"project:///../../../usr/lib/python3.11/site-packages/pulumi/runtime/stack.py#{line}"}
    for line in range(230, 250)
]

NUMBERS = 12
"""Numbers of each profile."""

Json = dict[str, Any]


def write_preview(path: Path, resources: int) -> None:
    """A preview in which one in a hundred resources changes, written step by step.

    This process stays small: the system counts its memory as that of the command that it starts.
    """
    ops: Counter[str] = Counter()
    with path.open("w", encoding="utf-8") as file:
        file.write('{"steps": [')
        for place, one in enumerate(declared(resources)):
            planned = step(place, *one)
            ops[planned["op"]] += 1
            file.write(("," if place else "") + json.dumps(planned, indent=4))
        file.write(f'], "duration": 1000000, "changeSummary": {json.dumps(ops)}}}')


def declared(resources: int) -> Iterator[tuple[str, str, str, Json, dict[str, list[str]]]]:
    """Type, name, id, inputs and links: for every profile twenty destinations, and numbers that lead to it."""
    parts, made = resources // (25 + 2 * NUMBERS), 0
    for part in range(parts):
        group = f"123456/{1000 + part}"
        yield "RouteGroup", f"group-{part}", group, {"name": f"Group {part}"}, {}
        profile, at = f"{group}/{part + 1}", {"group_id": [urn("RouteGroup", f"group-{part}")]}
        inputs: Json = {"group_id": group, "name": f"Profile {part}", "routing_type": "PERCENT_ALLOCATION"}
        yield "Profile", f"profile-{part}", profile, inputs, at
        rows, hours, targets = [], [], [{"kind": "profile", "id": profile}]
        for place in range(20):
            number, id_ = f"+1303555{(part * 20 + place) % 10000:04}", f"{group}/{part * 20 + place + 1000}"
            inputs = {"group_id": group, "name": f"Destination {place}", "kind": "DID", "target": number}
            yield "Destination", f"destination-{part}-{place}", id_, inputs, at
            rows.append({"destination": id_, "rank": 1, "allocation_percent": 5})
            hours.append({"destination": id_, "percent": [5 if hour % 2 else 10 * (place % 2) for hour in range(24)]})
            targets.append({"kind": "destination", "id": id_})
        behind = [urn("Destination", f"destination-{part}-{place}") for place in range(20)]
        links = {"profile": [urn("Profile", f"profile-{part}")], "destinations": behind}
        yield "ProfileDestinations", f"split-{part}", profile, {"profile": profile, "destinations": rows}, links
        yield "AllocationHours", f"hours-{part}", profile, {"profile": profile, "hours": hours}, links
        yield "Activation", f"live-{part}", f"live-{part}", {"targets": targets}, {"targets": behind}
        for place in range(NUMBERS):
            dnis = f"+1{720_0000000 + part * NUMBERS + place}"
            yield "Dnis", f"number-{part}-{place}", f"123456/{dnis[1:]}", {"dnis": dnis}, {}
            inputs = {"dnis": dnis, "profile": profile}
            links = {"dnis": [urn("Dnis", f"number-{part}-{place}")], "profile": [urn("Profile", f"profile-{part}")]}
            yield "DnisAssignment", f"answer-{part}-{place}", dnis[1:], inputs, links
        made += 25 + 2 * NUMBERS
    for place in range(resources - made):
        dnis = f"+1{970_0000000 + place}"
        yield "Dnis", f"spare-{place}", f"123456/{dnis[1:]}", {"dnis": dnis}, {}


def step(place: int, type_: str, name: str, id_: str, inputs: Json, behind: dict[str, list[str]]) -> Json:
    """A step as the engine prints it; of every hundred resources one is updated."""
    changed = place % 100 in (12, 99)
    state: Json = {
        "urn": urn(type_, name),
        "custom": True,
        "type": f"{PREFIX}ringcx:{type_}",
        "inputs": {"__provider": PICKLED, **inputs},
        "parent": f"{STACK}pulumi:pulumi:Stack::contact-center-prod",
        "dependencies": sorted({one for those in behind.values() for one in those}),
        "provider": f"{STACK}pulumi:providers:pulumi-python::default::9eff8ef7-82cf-4c3b-814a-a8e267752fb8",
        "propertyDependencies": {"__provider": [], **{key: behind.get(key, []) for key in inputs}},
        "protect": type_ == "DnisAssignment",
        "created": "2026-11-21T13:44:57.356533712Z",
        "modified": "2026-11-21T13:44:57.356533712Z",
        "sourcePosition": TRACE[0]["sourcePosition"],
        "stackTrace": [*TRACE[:2], {"sourcePosition": f"project:///__main__.py#{place}"}, *TRACE[2:]],
    }
    old = {**state, "id": id_, "outputs": {"__managed": sorted(inputs), **state["inputs"]}}
    new = {**state, "inputs": {**state["inputs"], **(_another(type_) if changed else {})}}
    op = "update" if changed else "same"
    return {"op": op, "urn": state["urn"], "oldState": old, "newState": new, "detailedDiff": None}


def _another(type_: str) -> Json:
    """Other arguments: a destination sends its calls elsewhere."""
    return {"target": "+13035559999"} if type_ == "Destination" else {"description": "new"}


def urn(type_: str, name: str) -> str:
    """The URN of one of our resources."""
    return f"{STACK}{PREFIX}ringcx:{type_}::{name}"


def measured(path: Path) -> tuple[int, str, str]:
    """Exit code, costs and the first line of the gate for a preview."""
    command = [sys.executable, "-m", "pulumi_voice_routing", "gate", str(path), "--format", "text"]
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, cwd=path.parent)  # noqa: S603
    seconds = time.perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    peak = used.ru_maxrss / (1 << 10 if sys.platform != "darwin" else 1 << 20)
    costs = f"{seconds:.2f} s ({used.ru_utime + used.ru_stime:.2f} s of processor), {peak:.0f} MB"
    return done.returncode, costs, (done.stdout or done.stderr).partition("\n")[0]


def main() -> None:
    """Make the preview, run the gate, print one line."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--resources", type=int, default=5000)
    options.add_argument("--keep", type=Path, help="write the preview to this file and leave it there")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = (given.keep or Path(folder, "preview.json")).resolve()
        write_preview(path, given.resources)
        size = path.stat().st_size / 1e6
        code, costs, said = measured(path)
    if code != 0:
        sys.exit(f"gate: exit code {code}: {said}")
    print(f"gate: {given.resources} resources, {size:.0f} MB: {costs} ({said})")


if __name__ == "__main__":
    main()
