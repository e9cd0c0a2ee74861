"""The provider's calls in the engine's order, without an engine, so that every type can go through every way to change.

The engine checks and makes what the program declares, one after another, and deletes last: old copies of what was
replaced, and what left the program. What a run that ended early left to delete, the next run deletes.
"""

from __future__ import annotations

import copy
import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pulumi.dynamic import DiffResult

from pulumi_voice_routing.lifecycle import adoption, keeping, plugin, standing, writes
from pulumi_voice_routing.lifecycle.provider import Partly
from pulumi_voice_routing.plan.facts import saved_resources
from pulumi_voice_routing.portsip.client import portsip_client
from pulumi_voice_routing.registry import provider_for
from pulumi_voice_routing.ringcx.client import ringcx_client
from pulumi_voice_routing.ringcx.cloud_routing import going_live
from pulumi_voice_routing.ringex.client import ringex_client

Values = dict[str, Any]


class Stopped(Exception):
    """The run ended before it was through."""


@dataclass
class Declared:
    """A resource of the program."""

    token: str
    args: Values
    was: str = ""
    """The name that it had before, as an alias says."""
    delete_first: bool = False
    """Whether the program says that its old copy ends before the new one begins (``delete_before_replace``)."""


@dataclass
class Entry:
    """A resource of the state."""

    token: str
    id: str
    inputs: Values
    outs: Values
    leaving: bool = False
    """Whether it is the old copy of a resource that was replaced."""
    tainted: bool = False
    made: int = 0
    """When it came to the state."""
    by_option: bool = False
    """Whether an option of the program has it replaced, such as ``replace_on_changes``: then it is asked about."""


Program = dict[str, Declared]


@dataclass
class Engine:
    """One stack."""

    patch: pytest.MonkeyPatch
    cache: Path
    state: list[tuple[str, Entry]] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    """What the last run did, such as ``create new``."""
    _made: int = 0

    def __post_init__(self) -> None:
        self.new_process()

    def new_process(self, *, without_cache: bool = False) -> None:
        """Whatever the provider's process knew is lost; and what this machine knew, too."""
        standing.forget()
        self.patch.setattr(keeping, "_there", None)  # which is what the tests after this one find again
        self.patch.setattr(keeping, "_seen", {})
        state = {"deployment": {"resources": [_noted(name, entry) for name, entry in self.state]}}
        there = {leaving: list(saved_resources(state, leaving=leaving)) for leaving in (False, True)}
        self.patch.setattr(keeping, "_read", lambda _, leaving=False, again=False: there[leaving])
        adoption.ours.clear()
        writes.forget()
        going_live.declared.clear()
        ringcx_client().listings.clear()
        ringcx_client().pool.forget()
        portsip_client().listings.clear()
        ringex_client().listings.clear()
        if without_cache:
            shutil.rmtree(self.cache, ignore_errors=True)
            self.cache.mkdir()

    def taint(self, *, by_option: bool = False) -> None:
        """The next run replaces everything."""
        for _, entry in self.state:
            entry.tainted, entry.by_option = True, by_option

    def up(self, program: Program, *, stop: str = "", only: str = "") -> None:
        """Bring the stack to the program; or as far as something beside it fails, or until it is killed.

        A killed run has done everything that it was to make, and has noted none of that. Of a run that is to work on
        one resource ``only`` (``--target``), the provider sees nothing else.
        """
        self.new_process()
        self.changes = []
        noted = copy.deepcopy(self.state)
        gone = self._make(program, only)
        if stop == "killed":
            self.state = noted
            raise Stopped
        if stop == "failed":
            raise Stopped
        for name, entry in gone:
            self._about(name, entry.token)
            self.changes.append(f"delete {name}")
            provider_for(entry.token).delete(entry.id, entry.outs)
            self.state.remove((name, entry))

    def refresh(self) -> None:
        """Read everything, in another process."""
        self.new_process()
        for name, entry in self.state:
            self._about(name, entry.token)
            read = provider_for(entry.token).read(entry.id, entry.outs)
            assert read.id == entry.id, f"{name} is gone"
            entry.outs = _sent(read.outs)

    def destroy(self, *, only: str = "") -> None:
        """End everything, or one resource, in another process."""
        self.new_process()
        for name, entry in reversed([one for one in self.state if only in ("", one[0])]):
            self._about(name, entry.token)
            provider_for(entry.token).delete(entry.id, entry.outs)
            self.state.remove((name, entry))

    def _make(self, program: Program, only: str) -> list[tuple[str, Entry]]:
        for name, one in program.items():
            if only in ("", name):
                self._make_one(name, one)
        declared = {(name, one.token) for name, one in program.items()}
        return [
            (name, entry)
            for name, entry in reversed(self.state)
            if only in ("", name) and (entry.leaving or (name, entry.token) not in declared)
        ]

    def _make_one(self, name: str, one: Declared) -> None:
        provider = provider_for(one.token)
        self._about(name, one.token)
        there = self._there(name, one)
        unseen = there is None or (there.tainted and not there.by_option)  # old inputs are not shown of it
        shown = {} if there is None or unseen else there.inputs
        news = self._checked(provider, shown, one.args)
        if there is None:
            self._create(name, one.token, news)
            return
        found = DiffResult(changes=True, replaces=["id"])  # nobody is asked about what is tainted
        if not unseen:
            found = provider.diff(there.id, there.outs, {**news, "__provider": there.outs.get("__provider")})
        if found.replaces or there.tainted:
            self.changes.append(f"replace {name}")
            if one.delete_first or found.delete_before_replace:
                provider.delete(there.id, there.outs)
                self.state.remove((name, there))
            else:
                there.leaving, there.tainted = True, False
            self._create(name, one.token, self._checked(provider, {}, one.args))
        elif found.changes:
            self.changes.append(f"update {name}")
            there.outs = _sent(provider.update(there.id, there.outs, news).outs)
        there.inputs = news

    def _create(self, name: str, token: str, news: Values) -> None:
        self.changes.append(f"create {name}")
        try:
            made = provider_for(token).create(news)
        except Partly as part:
            self._note(name, Entry(token, part.id, news, _sent(part.outs)))
            raise
        self._note(name, Entry(token, str(made.id), news, _sent(made.outs)))

    def _note(self, name: str, entry: Entry) -> None:
        self._made += 1
        entry.made = self._made
        self.state.append((name, entry))

    def _there(self, name: str, one: Declared) -> Entry | None:
        for place, (known, entry) in enumerate(self.state):
            if known in (name, one.was) and entry.token == one.token and not entry.leaving:
                self.state[place] = (name, entry)
                return entry
        return None

    def _checked(self, provider: Any, olds: Values, args: Values) -> Values:
        answer = provider.check(olds, _sent(args))
        assert not answer.failures, [one.reason for one in answer.failures]
        return dict(_sent(answer.inputs))

    def _about(self, name: str, token: str) -> None:
        self.patch.setattr(plugin, "urn", lambda: _urn(name, token))

    # What is so in the end

    def is_settled(self, program: Program) -> None:
        """The next run, on another machine, finds nothing to do; and a refresh finds no drift."""
        assert {name for name, _ in self.state} == set(program)
        assert len(self.state) == len(program)
        self.new_process(without_cache=True)
        self.refresh()
        self.up(program)
        assert self.changes == []


def _urn(name: str, token: str) -> str:
    return f"urn:pulumi:dev::lines::pulumi-python:dynamic/{token}::{name}"


def _noted(name: str, entry: Entry) -> Values:
    """As ``pulumi stack export`` shows it."""
    type_ = f"pulumi-python:dynamic/{entry.token}"
    props: Values = {"inputs": entry.inputs, "outputs": copy.deepcopy(entry.outs)}
    made = f"2026-11-29T10:00:{entry.made:02}.5Z"
    return {
        "urn": _urn(name, entry.token),
        "type": type_,
        "id": entry.id,
        "delete": entry.leaving,
        "created": made,
        **props,
    }


def _sent(values: Any) -> Any:
    """As the engine hands them over."""
    return json.loads(json.dumps(values), parse_int=float)
