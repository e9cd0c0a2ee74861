"""Short ways to write down what the engine would print about a preview."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

Json = dict[str, Any]

STACK = "urn:pulumi:dev::lines::"
PICKLED = "gASVSQAAAAAAAAACMHXB1bHVtaV92b2ljZV9yb3V0aW5n"
FRAMES = (
    "project:///.venv/lib/python3.11/site-packages/pulumi_voice_routing/lifecycle/resource.py#41",
    "project:///numbers/support.py#12",
    "project:///../usr/lib/python3.11/asyncio/events.py#80",
)


def urn(type_: str, name: str) -> str:
    return f"{STACK}pulumi-python:dynamic/{type_}::{name}"


def step(
    op: str,
    type_: str,
    name: str,
    *,
    id: str = "",
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
    behind: Mapping[str, Sequence[str]] | None = None,
    **flags: Any,
) -> Json:
    """A step. ``old`` are the inputs and outputs in the state, ``new`` those that the program gives."""
    one = urn(type_, name)
    state = {"urn": one, "custom": True, "type": f"pulumi-python:dynamic/{type_}", **flags}
    known = {"propertyDependencies": {"__provider": [], **{key: list(urns) for key, urns in (behind or {}).items()}}}
    traced = {"created": "2026-11-21T13:44:57Z", "stackTrace": [{"sourcePosition": frame} for frame in FRAMES]}
    found: Json = {"op": op, "urn": one, "detailedDiff": None}
    if old is not None:
        inputs = {"__provider": PICKLED, **old}
        found["oldState"] = {**state, "id": id, "inputs": inputs, "outputs": {**inputs, "__managed": sorted(old)}}
    if new is not None:
        found["newState"] = {**state, "inputs": {"__provider": PICKLED, **new}, **known, **traced}
    return found


def same(type_: str, called: str, /, *, id: str, **inputs: Any) -> Json:
    """A resource that stays as it is; numbers are protected, as they should be."""
    return step("same", type_, called, id=id, old=inputs, new=inputs, protect="Dnis" in type_)


def preview(*steps: Json, hidden: int = 0, **members: Any) -> Json:
    """The document of a preview; ``hidden`` unchanged resources are counted and not shown."""
    ops = [one["op"] for one in steps]
    summary = {op: ops.count(op) for op in sorted(set(ops) - {"refresh"})}
    summary["same"] = summary.get("same", 0) + hidden
    return {"steps": list(steps), "duration": 2_000_000, "changeSummary": summary, **members}


def events(*steps: Json, result: str = "succeeded", said: Sequence[Json] = ()) -> str:
    """The same preview as an event log."""
    all_of_them: list[Json] = [{"preludeEvent": {"config": {}}}]
    for one in steps:
        old, new = one.get("oldState"), one.get("newState")
        metadata = {"op": one["op"], "urn": one["urn"], "old": _in_event(old), "new": _in_event(new)}
        all_of_them.append({"resourcePreEvent": {"metadata": metadata, "planning": True}})
    all_of_them += [*said, {"summaryEvent": {"isPreview": True, "result": result}}, {"cancelEvent": {}}]
    return "".join(
        json.dumps({"sequence": place, "timestamp": 1, **one}) + "\n" for place, one in enumerate(all_of_them)
    )


def _in_event(state: Json | None) -> Json | None:
    dropped = ("created", "stackTrace", "propertyDependencies")
    return state and {"id": "", "outputs": {}, **{key: value for key, value in state.items() if key not in dropped}}


def policy_event(policy: str, message: str, *, level: str = "mandatory", on: str = "") -> Json:
    return {
        "policyEvent": {
            "policyPackName": "house-rules",
            "policyName": policy,
            "enforcementLevel": level,
            "message": f"<{{%reset%}}>The title.<{{%reset%}}>\n{message}\n",
            "resourceUrn": on,
        }
    }


def written(folder: Path, document: Json | str, name: str = "preview.json") -> Path:
    """A file with it."""
    path = folder / name
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return path


def state_of(*steps: Json) -> Json:
    """What ``pulumi stack export`` would print of what is there before."""
    resources: list[Json] = [{"urn": f"{STACK}pulumi:pulumi:Stack::lines-dev", "type": "pulumi:pulumi:Stack"}]
    provider = f"{STACK}pulumi:providers:pulumi-python::default"
    resources.append({"urn": provider, "type": "pulumi:providers:pulumi-python", "id": "1"})
    return {"version": 3, "deployment": {"resources": [*resources, *(one["oldState"] for one in steps)]}}


# A support line that takes calls.

GROUP = same("ringcx:RouteGroup", "g", id="123456/1001", name="Denver")
DENVER_ARGS = {"group_id": "123456/1001", "name": "Denver", "kind": "DID", "target": "+13035550123"}
DENVER = same("ringcx:Destination", "denver", id="123456/1001/2001", **DENVER_ARGS)
PROFILE_ARGS = {"group_id": "123456/1001", "name": "Support", "routing_type": "PRIORITY"}
PROFILE = same("ringcx:Profile", "support", id="123456/1001/1001", **PROFILE_ARGS)
SPLIT = same(
    "ringcx:ProfileDestinations",
    "split",
    id="123456/1001/1001",
    profile="123456/1001/1001",
    destinations=[{"destination": "123456/1001/2001", "rank": 1}],
)
TARGETS = [{"kind": "destination", "id": "123456/1001/2001"}, {"kind": "profile", "id": "123456/1001/1001"}]
LIVE = same("ringcx:Activation", "live", id="live-1", targets=TARGETS)
NUMBER = "+13035550100"
NUMBER_ARGS = {"dnis": NUMBER, "profile": "123456/1001/1001"}
HOTLINE = same("ringcx:DnisAssignment", "hotline", id="123456/13035550100", **NUMBER_ARGS)
LINE = (GROUP, DENVER, PROFILE, SPLIT, LIVE, HOTLINE)


def line(*changes: Json) -> tuple[Json, ...]:
    """The support line with some of its steps replaced by others for the same resource, and further ones."""
    changed = {one["urn"]: one for one in changes}
    there = [changed.pop(one["urn"], one) for one in LINE]
    return (*there, *changed.values())


MOVED = step(
    "update",
    "ringcx:DnisAssignment",
    "hotline",
    id="123456/13035550100",
    old=NUMBER_ARGS,
    new={**NUMBER_ARGS, "profile": "123456/1001/1002"},
    protect=True,
)
RENAMED = step(
    "update",
    "ringcx:Destination",
    "denver",
    id="123456/1001/2001",
    old=DENVER_ARGS,
    new={**DENVER_ARGS, "name": "Denver two"},
)


def replaced(one: Json) -> Json:
    return {**one, "op": "replace"}


def deleted(one: Json) -> Json:
    return {"op": "delete", "urn": one["urn"], "oldState": one["oldState"]}


RING_GROUP = same("portsip:RingGroup", "sales", id="17", name="Sales", extension_number="8000", members=["101"])
RULE_ARGS = {"extension_id": "100001", "name": "VIP"}
ENABLED = same("ringex:AnsweringRule", "vip", id="100001/5", enabled=True, **RULE_ARGS)
DISABLED = same("ringex:AnsweringRule", "vip", id="100001/5", enabled=False, **RULE_ARGS)
SPARE = same("ringcx:Destination", "spare", id="123456/1001/2002", active=False, group_id="123456/1001", name="Spare")
IDLE = same("ringcx:RouteGroup", "idle", id="123456/1009", name="Idle")
UNUSED = same("ringcx:Destination", "unused", id="123456/1001/2003", active=True, group_id="123456/1001", name="Unused")
