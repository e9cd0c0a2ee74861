"""Draws the pictures of `programs/` and `docs/` from what the programs declare; a test keeps them fresh.

.venv/bin/python tools/pictures.py
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from pulumi_voice_routing.commands.compare.sides import declared_in
from pulumi_voice_routing.commands.diagram.graph import Graph, graph_of
from pulumi_voice_routing.commands.diagram.mermaid import mermaid
from pulumi_voice_routing.commands.diagram.parts import grouped, reached
from pulumi_voice_routing.commands.diagram.svg import svg
from pulumi_voice_routing.plan.facts import Resource
from pulumi_voice_routing.plan.plan import Plan, Step

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = {
    "contact_center": ("routing.svg", "Two profiles share calls between two sites and an answering service"),
    "crm_lookup": ("lookup.svg", "A profile asks a service about the caller when a call starts"),
    "number_inventory": ("numbers.svg", "Numbers in five cities lead to support, to sales and to tracking numbers"),
    "small_office": ("routing.svg", "What rings for the owner and for the office, and what happens after that"),
    "three_vendors": (
        "routing.svg",
        "RingCX sends calls to a RingEX number, whose answering rule forwards them to a PortSIP ring group",
    ),
}
"""The picture of each program, and what it says to those who do not see it."""
CHANGE = ROOT / "docs" / "diagram.svg"
_MERMAID = re.compile(r"```mermaid\n.*?```", re.DOTALL)


def pictures() -> Iterator[tuple[Path, str]]:
    """Every picture with its text. The environment leads to an emulator, which look-ups ask."""
    for name, (picture, title) in PROGRAMS.items():
        folder = ROOT / "programs" / name
        graph = _drawn(list(declared_in(folder)))
        yield folder / picture, svg(graph, title)
        readme = (folder / "README.md").read_text(encoding="utf-8")
        if _MERMAID.search(readme):
            before, after = _MERMAID.split(readme, maxsplit=1)
            yield folder / "README.md", f"{before}```mermaid\n{mermaid(graph)}```{after}"
    yield CHANGE, svg(_change(), "Denver's share goes from 70 to 60 percent, and its overrides are removed")


def _drawn(there: list[Resource], after: list[Resource] | None = None) -> Graph:
    new = {one.urn: one for one in (there if after is None else after)}
    steps = [
        Step(one.urn, ("same",) if new[one.urn].props == one.props else ("update",), one, new[one.urn])
        if one.urn in new
        else Step(one.urn, ("delete",), one)
        for one in there
    ]
    return grouped(reached(graph_of(Plan(steps))))


def _change() -> Graph:
    """The main program with another share for Denver, and without the overrides of Denver."""
    there = list(declared_in(ROOT / "programs" / "contact_center"))
    # Denver's and Dublin's are declared side by side, in no order.
    after, override = [], min((one for one in there if one.roles.overrides is not None), key=lambda one: one.name)
    for one in there:
        if one is override:
            continue
        place = one.roles.shares
        rows = [dict(row) for row in one.rows(place.field)] if place is not None else []
        if place is not None and [row.get("allocation_percent") for row in rows] == [70, 30]:
            rows[0]["allocation_percent"], rows[1]["allocation_percent"] = 60, 40
            after.append(replace(one, props={**one.props, place.field: rows}))
        else:
            after.append(one)
    return _drawn(there, after)


@contextmanager
def _emulator() -> Iterator[None]:
    sys.path.insert(0, str(ROOT))
    from tests.emulated import Emulated, settings_for

    emulator = Emulated()
    try:
        os.environ.update(settings_for(emulator.url))
        yield
    finally:
        emulator.stop()


def main() -> None:
    with _emulator():
        for path, text in pictures():
            path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
