"""The program of a rehearsal from a preview: it declares what is in a file."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pulumi

from ... import registry
from ...lifecycle.fleet_resource import Fleet
from ...lifecycle.fleet_rows import PROTECTED
from ...plan.fleets import is_fleet, member_of
from .from_preview import REFERENCE, ROW, Declared

_KEY = "# key"
"""The column of the keys, which is no argument."""


def declare(file: str) -> None:
    """Declare everything in the file; whatever another one is made of comes first."""
    all_of_it = [Declared(**one) for one in json.loads(Path(file).read_text(encoding="utf-8"))]
    waiting = {one.urn: one for one in all_of_it}
    made: dict[str, pulumi.Resource] = {}
    while waiting:
        ready = [one for one in waiting.values() if not (_needs(one) & waiting.keys())]
        for one in ready or list(waiting.values())[:1]:
            made[one.urn] = _make(one, made)
            del waiting[one.urn]


def _needs(one: Declared) -> set[str]:
    return {one.parent, *one.depends_on} - {one.urn}


def _make(one: Declared, made: dict[str, pulumi.Resource]) -> pulumi.Resource:
    options = pulumi.ResourceOptions(
        parent=made.get(one.parent),
        depends_on=[made[urn] for urn in one.depends_on if urn in made],
        protect=one.protect,
        retain_on_delete=one.retain_on_delete,
    )
    if not one.token:
        return pulumi.ComponentResource(one.type, one.name, {}, options)
    if is_fleet(one.token):
        return _fleet(one, options, made)
    declared: pulumi.Resource = _class(one.token)(one.name, opts=options, **_known(one.inputs, made))
    return declared


def _fleet(one: Declared, options: pulumi.ResourceOptions, made: dict[str, pulumi.Resource]) -> pulumi.Resource:
    def protect(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult:
        return pulumi.ResourceTransformResult({**args.props, PROTECTED: one.protected_rows}, args.opts)

    if one.protected_rows:
        options = pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(transforms=[protect]))
    rows = [{_KEY: key, **_known(row, made)} for key, row in one.inputs.items()]
    declared: pulumi.Resource = _class(member_of(one.token)).fleet(one.name, rows, _KEY, options)
    return declared


def _class(token: str) -> Any:
    vendor, _, name = token.partition(":")
    return getattr(importlib.import_module(f"{registry.__package__}.{vendor}"), name)


def _known(value: Any, made: dict[str, pulumi.Resource]) -> Any:
    if isinstance(value, dict):
        other = made.get(value[REFERENCE]) if REFERENCE in value else None
        if isinstance(other, Fleet) and ROW in value:
            return other[value[ROW]].id
        if isinstance(other, pulumi.CustomResource):
            return other.id
        return {name: _known(one, made) for name, one in value.items()}
    return [_known(one, made) for one in value] if isinstance(value, list) else value
