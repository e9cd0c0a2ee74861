"""From single resources to a fleet and back, in the state alone: nothing goes to a vendor, and no object ends."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from pulumi.dynamic.dynamic import serialize_provider

from .. import counting
from ..errors import VoiceRoutingError, some_of
from ..lifecycle.fleet_rows import PROTECTED, ROWS, Kept, packed, unpacked, why_no_key
from ..lifecycle.state_keys import STORED_AS
from ..plan.facts import PREFIX, token_of
from ..registry import FLEET, provider_for
from .stack_state import StackState

_PROVIDER_KEY = "__provider"
_KEPT = ("custom", "parent", "provider", "retainOnDelete", "deletedWith", "resourceHooks")
_NAMED = ("parent", "deletedWith")


class FleetState(StackState):
    """The state of a stack whose single resources become rows of a fleet, or the other way round."""

    def gather(
        self, token: str, fleet: str, only: str = "*", of: Collection[str] | None = None
    ) -> dict[str, dict[str, Any]]:
        """Make the single resources of a type the rows of a new fleet; their names become its keys.

        ``of`` are their names, when they are known. Returns the arguments of each row. Raises
        :class:`VoiceRoutingError` when they cannot be one resource.
        """
        provider = provider_for(token)
        if provider.no_fleet:
            raise VoiceRoutingError(f"there are no fleets of {token}: {provider.no_fleet}")
        singles = {_name(one): one for one in self._resources if self._is_single(one, token, only)}
        # A state lists them as they came to be ready, which is another order each time.
        found = {name: one for name, one in sorted(singles.items()) if of is None or name in of}
        if not found:
            raise VoiceRoutingError(f"the stack has no {token} whose name fits {only!r}")
        wrong = next((name for name in found if why_no_key(name)), "")
        if wrong:
            raise VoiceRoutingError(f"{wrong!r} cannot be a key: it {why_no_key(wrong)}")
        first = next(iter(found.values()))
        alike = {(one.get("parent"), one.get("provider"), bool(one.get("retainOnDelete"))) for one in found.values()}
        if len(alike) > 1:
            raise VoiceRoutingError("they differ in parent, provider or retain_on_delete, so that they cannot be one")
        type_ = f"{PREFIX}{token}{FLEET}"
        start, project, types, _ = first["urn"].split("::", 3)
        urn = "::".join((start, project, types.removesuffix(f"{PREFIX}{token}") + type_, fleet))
        self._require_free(urn)
        gone = {one["urn"] for one in found.values()}
        behind = [urn for one in found.values() for urn in _behind(one)]
        if gone & set(behind):
            raise VoiceRoutingError("some of them depend on others of them: make fleets of those that do not")
        rows: dict[str, dict[str, Any]] = {}
        for place, (name, one) in enumerate(found.items(), 1):
            counting.count(place, len(found), "rows")
            rows[name] = _bare(one["inputs"])
        kept = {name: Kept(str(one["id"]), _bare(one["outputs"])) for name, one in found.items()}
        pickled = {_PROVIDER_KEY: serialize_provider(provider_for(token + FLEET))}
        protected = [name for name, one in found.items() if one.get("protect")]
        entry = {
            **{name: first[name] for name in _KEPT if name in first},
            **{name: one[name] for one in found.values() for name in ("resourceHooks",) if one.get(name)},
            "urn": urn,
            "id": fleet,
            "type": type_,
            "inputs": {ROWS: rows, **({PROTECTED: protected} if protected else {}), **pickled},
            "outputs": {**packed(kept, provider.model), **pickled},
            "dependencies": list(dict.fromkeys(behind)),
            "propertyDependencies": {ROWS: list(dict.fromkeys(behind))},
            "additionalSecretOutputs": [STORED_AS],
        }
        self._exchange({old: [urn] for old in gone}, [entry])
        return rows

    def spread(self, fleet: str) -> dict[str, str]:
        """Make the rows of a fleet single resources, named by their keys; returns their URNs."""
        there = [one for one in self._resources if _name(one) == fleet and _is_fleet(one) and not one.get("delete")]
        if len(there) != 1:
            raise VoiceRoutingError(f"the stack has {'no fleet' if not there else 'several fleets'} named {fleet!r}")
        old = there[0]
        token = str(token_of(old["type"])).removesuffix(FLEET)
        rows, kept = old["inputs"].get(ROWS) or {}, unpacked(old["outputs"])
        unmade = [key for key in rows if key not in kept]
        if unmade:
            raise VoiceRoutingError(f"rows were never made: {some_of(unmade)}; run `pulumi up` first")
        pickled = {_PROVIDER_KEY: serialize_provider(provider_for(token))}
        protected = old["inputs"].get(PROTECTED) or []
        start, project, types, _ = old["urn"].split("::", 3)
        new, urns = [], {}
        for place, (key, row) in enumerate(rows.items(), 1):
            counting.count(place, len(rows), "rows")
            urns[key] = "::".join((start, project, types.removesuffix(FLEET), key))
            self._require_free(urns[key])
            new.append(
                {
                    **{name: old[name] for name in _KEPT if name in old},
                    "urn": urns[key],
                    "id": kept[key].id,
                    "type": f"{PREFIX}{token}",
                    "inputs": {**row, **pickled},
                    "outputs": {**kept[key].outs, **pickled},
                    "protect": bool(old.get("protect")) or key in protected,
                    "dependencies": old.get("dependencies") or [],
                    "propertyDependencies": {name: _behind(old) for name in row} if _behind(old) else {},
                    "additionalSecretOutputs": [STORED_AS],
                }
            )
        self._exchange({old["urn"]: list(urns.values())}, new)
        return urns

    def _is_single(self, one: Mapping[str, Any], token: str, only: str) -> bool:
        ours = one["type"] == f"{PREFIX}{token}" and not (one.get("delete") or one.get("external"))
        return ours and fnmatchcase(_name(one), only)

    def _require_free(self, urn: str) -> None:
        if any(one["urn"] == urn for one in self._resources):
            raise VoiceRoutingError(f"the stack has {urn.rpartition('::')[2]!r} of that type already")

    def _exchange(self, became: Mapping[str, list[str]], new: list[dict[str, Any]]) -> None:
        """Put entries in the place of others; ``became`` says by which URNs each one goes from now on."""
        rest = [_repointed(one, became) for one in self._resources if one["urn"] not in became or one.get("delete")]
        self._document["deployment"]["resources"] = list(_in_order([*rest, *new]))


def _repointed(one: dict[str, Any], became: Mapping[str, list[str]]) -> dict[str, Any]:
    def now(urns: Iterable[str]) -> list[str]:
        return list(dict.fromkeys(new for urn in urns for new in became.get(urn, [urn])))

    found = {**one}
    if one.get("dependencies"):
        found["dependencies"] = now(one["dependencies"])
    if one.get("propertyDependencies"):
        found["propertyDependencies"] = {name: now(urns or []) for name, urns in one["propertyDependencies"].items()}
    if any(one.get(name) in became for name in _NAMED):
        raise VoiceRoutingError(f"{_name(one)!r} hangs below what would be another resource; move it first")
    return found


def _in_order(entries: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every entry after all that it names, as the engine wants it, and as they were where that leaves a choice."""
    waiting = {one["urn"]: one for one in entries if not one.get("delete")}
    done: set[str] = set()

    def take(one: dict[str, Any]) -> Iterator[dict[str, Any]]:
        if one["urn"] in done:
            return
        done.add(one["urn"])
        provider = str(one.get("provider") or "").rpartition("::")[0]
        for urn in (one.get("parent"), provider, *(one.get("dependencies") or ()), *_behind(one)):
            if urn in waiting:
                yield from take(waiting[urn])
        yield one

    for one in entries:
        if one.get("delete"):
            yield one
        else:
            yield from take(one)


def _behind(one: Mapping[str, Any]) -> list[str]:
    of_properties = (urn for urns in (one.get("propertyDependencies") or {}).values() for urn in urns or ())
    return list(dict.fromkeys([*(one.get("dependencies") or ()), *of_properties]))


def _bare(bag: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in bag.items() if name != _PROVIDER_KEY}


def _name(one: Mapping[str, Any]) -> str:
    return str(one["urn"]).rpartition("::")[2]


def _is_fleet(one: Mapping[str, Any]) -> bool:
    return str(one["type"]).endswith(FLEET) and token_of(one["type"]) is not None


__all__ = ["FleetState"]
