"""What vendors and the state have around a write, and what the judge of writes asks of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pulumi_voice_routing.lifecycle import keeping, standing, writes
from pulumi_voice_routing.lifecycle.writes import Declared, Write
from pulumi_voice_routing.plan.facts import Resource
from pulumi_voice_routing.plan.pulumi_cli import EngineError
from pulumi_voice_routing.registry import provider_for
from pulumi_voice_routing.safety import write_judge
from pulumi_voice_routing.safety.write_judge import judge
from tests.call_flow.line import (
    DENVER,
    GROUP,
)
from tests.outcomes.test_after_write import rows
from tests.tokens import (
    DESTINATION,
    PROFILE_DESTINATIONS,
)

from .cases import Here

Values = Mapping[str, Any]


class Provider:
    """A provider of which it is told which object a new resource takes over."""

    def __init__(self, token: str, existing: str | None = None) -> None:
        self._real, self._existing = provider_for(token), existing
        self.asked: list[Values] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def existing(self, args: Values) -> str | None:
        self.asked.append(args)
        return self._existing


class World:
    """What vendors and the state have, and what is asked of them."""

    def __init__(
        self,
        there: Here,
        live: Sequence[Resource] | Exception,
        *,
        closely: Sequence[Resource] = (),
        overrides: Sequence[Resource] = (),
        others: Mapping[str, Sequence[Resource]] | None = None,
    ) -> None:
        self.there, self.live, self.more, self.overrides = there, live, closely, overrides
        self.others = others or {}
        """What is there of some other ids."""
        self.asked: list[str] = []
        self.state: list[Resource] | None = None
        self.ending: list[Write] = []
        self.sharing: list[Resource] = []
        self.before: dict[str, dict[str, Any]] = {}
        there.in_short = True
        for name in (
            "calls_through",
            "in_groups",
            "all_rules",
            "known_rules",
            "closely",
            "with_overrides",
            "telephones",
            "saved",
        ):
            there.patch.setattr(write_judge, name, getattr(self, name))
        there.patch.setattr(writes, "ending", lambda: {(it.provider.token, str(it.id)): it for it in self.ending})
        there.patch.setattr(
            "pulumi_voice_routing.lifecycle.writes.time.sleep",
            lambda seconds: self.asked.append(f"waits for {seconds} s"),
        )
        there.patch.setattr(keeping, "sharing", self._sharing)
        there.patch.setattr(standing, "before", lambda urn: self.before.get(urn, {}))
        self.declares()

    def declares(self, *declared: Declared) -> None:
        writes.forget()
        for said in declared:
            writes.declares(said.urn, said.token, said.args)
            if said.id is not None:
                writes.stands_for(said.urn, said.id)
            if said.stays:
                writes.stays(said.urn)

    def _there(self, id_: str | None) -> list[Resource]:
        if isinstance(self.live, Exception):
            raise self.live
        return list(self.others.get(str(id_), self.live))

    def calls_through(self, token: str, id_: str | None, versions: Iterable[Values]) -> list[Resource]:
        self.asked.append(f"calls through {token} {id_} in {len(list(versions))} versions")
        return self._there(id_)

    def in_groups(self, token: str, versions: Iterable[Values]) -> list[Resource]:
        self.asked.append(f"groups of {token} in {len(list(versions))} versions")
        return self._there(None)

    def all_rules(self, write: Write, id_: str | None) -> list[Resource]:
        self.asked.append(f"all rules beside {id_}")
        return [*self._there(id_), *self.more]

    def known_rules(self, write: Write, id_: str | None) -> list[Resource]:
        self.asked.append(f"known rules beside {id_}")
        return self._there(id_)

    def closely(self, before: Iterable[Resource]) -> list[Resource]:
        there = [*before, *self.more]
        self.asked.append(f"closely {len(there)} objects")
        return there

    def with_overrides(self, before: Iterable[Resource], destinations: Iterable[str]) -> list[Resource]:
        wanted = list(destinations)
        self.asked.append(f"overrides of {', '.join(wanted)}")
        return [*before, *(it for it in self.overrides if it.props["destination"] in wanted)]

    def telephones(self, extension: str) -> list[Resource]:
        self.asked.append(f"telephones of {extension}")
        return [it for it in self.overrides if it.props.get("extension_id") == extension]

    def saved(self, urn: str) -> list[Resource]:
        self.asked.append("the state")
        if self.state is None:
            raise EngineError("there is no state")
        return self.state

    def _sharing(self, provider: Any, id_: str, olds: Values) -> list[Resource]:
        self.asked.append(f"who shares {provider.token} {id_ or '(none)'}, of {len(olds)} arguments")
        return self.sharing

    def judged(self, write: Write, *, in_order: bool | None = None) -> Iterator[str]:
        """What is said of a write, the whole of it, with and without the need for an order."""
        told = []
        for order in (False, True) if in_order is None else (in_order,):
            self.asked.clear()
            said = list(self.there.tries(judge, write, in_order=order))
            if isinstance(write.provider, Provider) and write.provider.asked:
                said.append(f"asked what exists, of {[len(it) for it in write.provider.asked]} arguments")
                write.provider.asked.clear()
            told.append([*said, f"looked at: {'; '.join(dict.fromkeys(self.asked))}"])
        yield from told[0]
        if len(told) > 1 and told[1] != told[0]:
            yield "in order:"
            yield from (f"  {it}" for it in told[1])


def write(
    token: str,
    id_: str | None,
    olds: Values | None,
    args: Values | None,
    urn: str = "urn:it",
    existing: str | None = None,
) -> Write:
    return Write(Provider(token, existing), urn, id_, olds, args)


def desk(target: str, **more: Any) -> Write:
    was = {"group_id": GROUP, "name": "Denver", "target": DENVER}
    return write(DESTINATION, f"{GROUP}/2001", was, {**was, "target": target, **more})


def shares(*given: tuple[int, int]) -> Write:
    return write(PROFILE_DESTINATIONS, f"{GROUP}/3001", rows((2001, 70), (2002, 30)), rows(*given))


def end_of(it: Resource, urn: str | None = None) -> Write:
    return write(it.type, it.id, dict(it.props), None, it.urn if urn is None else urn)


def said_of(it: Resource, *, id_: bool = True, **more: Any) -> Declared:
    return Declared(it.type, it.urn, {**it.props, **more}, it.id if id_ else None)
