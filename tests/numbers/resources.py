"""A resource as the engine would treat it, without one: check, then create, update, read or delete, and a state."""

from __future__ import annotations

import json
from typing import Any

from pulumi.dynamic import DiffResult

from pulumi_voice_routing.lifecycle import adoption
from pulumi_voice_routing.lifecycle.provider import Partly
from pulumi_voice_routing.registry import provider_for

Values = dict[str, Any]


class Failed(AssertionError):
    """A check that was not passed."""


class Managed:
    """One resource of a stack. What fails leaves the state as the engine would leave it, and is raised."""

    def __init__(self, token: str) -> None:
        self.provider = provider_for(token)
        self.id = ""
        self.outs: Values = {}

    @property
    def object_id(self) -> str:
        """The vendor's id of it."""
        return self.id

    def up(self, **args: Any) -> bool:
        """Bring it to the arguments; whether there was anything to do."""
        checked = self.provider.check({}, _over_the_wire(args))
        if checked.failures:
            raise Failed("; ".join(failure.reason for failure in checked.failures))
        news = _over_the_wire(checked.inputs)
        try:
            if not self.id:
                made = self.provider.create(news)
                self.id, self.outs = made.id, _over_the_wire(made.outs)
                return True
            pickled = {"__provider": self.outs.get("__provider")}
            found: DiffResult = self.provider.diff(self.id, self.outs, {**news, **pickled})
            assert not found.replaces
            if found.changes:
                self.outs = _over_the_wire(self.provider.update(self.id, self.outs, news).outs)
            return bool(found.changes)
        except Partly as part:
            self.id, self.outs = part.id, _over_the_wire(part.outs)
            raise

    def refresh(self) -> Values:
        """Read it; the inputs that the engine would show."""
        read = self.provider.read(self.id, self.outs)
        self.id, self.outs = read.id, _over_the_wire(read.outs)
        return dict(read.inputs or {})

    def destroy(self) -> None:
        """End it, in another run than the one that made it."""
        adoption.ours.clear()
        self.provider.delete(self.id, self.outs)
        self.id, self.outs = "", {}


def _over_the_wire(values: Any) -> Any:
    """The values as the engine hands them over: numbers are floats, and nothing is left of tuples."""
    return json.loads(json.dumps(values), parse_int=float)
