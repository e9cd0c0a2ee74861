"""States as the engine keeps them."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import jsonschema  # type: ignore[import-untyped]

from pulumi_voice_routing.lifecycle import adoption
from pulumi_voice_routing.portsip import client as portsip
from pulumi_voice_routing.ringcx import client as ringcx
from pulumi_voice_routing.ringcx.cloud_routing import going_live
from pulumi_voice_routing.ringex import client as ringex

SCHEMA = jsonschema.Draft202012Validator(
    json.loads(files("pulumi_voice_routing.commands").joinpath("drift.schema.json").read_text(encoding="utf-8"))
)


def entry(token: str, name: str, id_: str, outputs: dict[str, Any]) -> dict[str, Any]:
    type_ = f"pulumi-python:dynamic/{token}"
    urn = f"urn:pulumi:dev::line::{type_}::{name}"
    return {"urn": urn, "custom": True, "type": type_, "id": id_, "inputs": {}, "outputs": outputs}


def state(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"version": 3, "deployment": {"resources": list(entries)}}


def forget_clients() -> None:
    """What a process knows of a vendor ends with it."""
    adoption.ours.clear()
    going_live.declared.clear()
    for module in (ringcx, ringex, portsip):
        for one in module._clients.values():
            one.close()
        module._clients.clear()
