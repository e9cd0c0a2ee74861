"""A preview is what there would be after it, links to what is still to be made included."""

from __future__ import annotations

import json

from pulumi_voice_routing import ringcx
from pulumi_voice_routing.commands.compare.difference import difference
from pulumi_voice_routing.commands.compare.sides import side
from tests.stacks import Stack


def line(*, target: str = "+13035551234", more: bool = False) -> None:
    group = ringcx.RouteGroup("group", name="Support")
    ringcx.Destination("desk", group_id=group.id, name="Desk", kind="DID", target=target)
    if more:
        other = ringcx.RouteGroup("other", name="Sales")
        desk = ringcx.Destination("sales", group_id=other.id, name="Desk", kind="DID", target=target)
        profile = ringcx.Profile(
            "profile", group_id=other.id, name="Plan", routing_type="PERCENT_ALLOCATION", percent_alloc_type="DAILY"
        )
        ringcx.ProfileDestinations(
            "split", profile=profile, destinations=[{"destination": desk, "allocation_percent": 100}]
        )


def test_a_preview_and_the_state_before_and_after_it(stack: Stack) -> None:
    folder = stack.folder
    stack.up(line, quiet=False)
    (folder / "before.json").write_text(json.dumps(stack.export()))
    (folder / "preview.json").write_text(stack.preview_json(lambda: line(target="+13035559999", more=True)))
    stack.up(lambda: line(target="+13035559999", more=True), quiet=False)
    (folder / "after.json").write_text(json.dumps(stack.export()))
    before, preview, after = (
        side(str(folder / f"{name}.json"), folder, print) for name in ("before", "preview", "after")
    )

    found = difference(before, preview)
    assert [(str(key), [one.name for one in fields]) for key, fields in found.changed] == [
        ("ringcx:Destination Support / Desk", ["target"])
    ]
    assert {str(key) for key in found.only_right} == {
        "ringcx:RouteGroup Sales",
        "ringcx:Destination Sales / Desk",
        "ringcx:Profile Sales / Plan",
        "ringcx:ProfileDestinations Sales / Plan",
    }
    assert not difference(preview, after).any
