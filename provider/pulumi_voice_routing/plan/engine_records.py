"""Resources of any package, as the engine writes them into a state or a preview."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .facts import token_of


@dataclass(frozen=True)
class Written:
    """A resource of any package as the engine writes it, with its values as they are written."""

    urn: str
    type: str
    """As the engine writes it."""
    id: str
    custom: bool
    """Whether something is done for it outside of the engine: what is not custom is a component."""
    parent: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    depends_on: Sequence[str]
    made_of: Mapping[str, Sequence[str]]
    """The URNs of the resources that each input is made of."""
    protected: bool
    kept: bool

    @property
    def token(self) -> str | None:
        """Such as ``ringcx:Destination``; nothing for a type of another package."""
        return token_of(self.type)


def written(entry: Mapping[str, Any]) -> Written:
    """One resource of a state, or one state in a step of a preview."""
    return Written(
        urn=str(entry.get("urn") or ""),
        type=str(entry.get("type") or ""),
        id=str(entry.get("id") or ""),
        custom=bool(entry.get("custom")),
        parent=str(entry.get("parent") or ""),
        inputs=entry.get("inputs") or {},
        outputs=entry.get("outputs") or {},
        depends_on=entry.get("dependencies") or [],
        made_of=entry.get("propertyDependencies") or {},
        protected=bool(entry.get("protect")),
        kept=bool(entry.get("retainOnDelete")),
    )


def written_in(state: Mapping[str, Any]) -> list[Written]:
    """Everything in what ``pulumi stack export`` prints, what is still to be deleted included."""
    return [written(entry) for entry in (state.get("deployment") or {}).get("resources") or []]


__all__ = ["Written", "written", "written_in"]
