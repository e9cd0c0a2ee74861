"""A run of a program as the engine does it, without one: all checks first, then writes, and deletes last."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from pulumi_voice_routing.lifecycle import plugin
from pulumi_voice_routing.plan import saved_state
from pulumi_voice_routing.plan.facts import PREFIX
from pulumi_voice_routing.registry import provider_for

Values = dict[str, Any]


_mine = threading.local()


@pytest.fixture(autouse=True)
def one_resource_for_each_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugin, "urn", lambda: getattr(_mine, "urn", ""))


class Stack:
    """What a state holds, by the names of its resources: their types, ids and outputs."""

    def __init__(self) -> None:
        self.saved: dict[str, tuple[str, str, Values]] = {}
        self.replaced: list[tuple[str, str, str, Values]] = []
        """The old copies, which end last."""

    def up(self, **program: tuple[str, Values]) -> None:
        """Bring the stack to a program: resources by name, each a type and its arguments, in order of registration."""
        checked = self.preview(**program)
        with ThreadPoolExecutor(len(program) or 1) as engine:  # it works on all of them at once
            writes = [engine.submit(self._write, name, token, checked[name]) for name, (token, _) in program.items()]
        for write in writes:
            write.result()
        with self.exported():
            while self.replaced:
                name, token, id_, outs = self.replaced.pop()
                with _asked_about(name, token):
                    provider_for(token).delete(id_, outs)
            for name in [one for one in reversed(self.saved) if one not in program]:
                self.delete(name)

    def preview(self, **program: tuple[str, Any]) -> dict[str, Values]:
        """The checked inputs of a program, whose changes were looked at as well."""
        checked: dict[str, Values] = {}
        for name, (token, args) in program.items():
            olds = self.saved.get(name, ("", "", {}))[2]
            with _asked_about(name, token):
                answer = provider_for(token).check(_inputs(olds), _wire(args))
            assert not answer.failures, answer.failures
            checked[name] = _wire(answer.inputs)
            if name in self.saved:
                with _asked_about(name, token):
                    provider_for(token).diff(self.saved[name][1], olds, checked[name])
        return checked

    def destroy(self) -> None:
        """End all of it, the newest first."""
        with self.exported():
            for name in list(reversed(self.saved)):
                self.delete(name)

    @contextmanager
    def exported(self) -> Iterator[None]:
        """The state can be read, as it can while the engine runs."""
        resources = [
            {"urn": _urn(name, token), "type": PREFIX + token, "id": id_, "outputs": outs}
            for name, (token, id_, outs) in self.saved.items()
        ]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(saved_state, "exported", lambda _: {"deployment": {"resources": resources}})
            saved_state._saved.cache_clear()
            yield
        saved_state._saved.cache_clear()

    def delete(self, name: str) -> None:
        token, id_, outs = self.saved[name]
        with _asked_about(name, token):
            provider_for(token).delete(id_, outs)
        del self.saved[name]

    def _write(self, name: str, token: str, args: Values) -> None:
        with _asked_about(name, token):
            if name not in self.saved:
                made = provider_for(token).create(args)
                self.saved[name] = token, made.id, _wire(made.outs)
                return
            _, id_, olds = self.saved[name]
            found = provider_for(token).diff(id_, olds, {**args, "__provider": olds.get("__provider")})
            if found.replaces:
                provider_for(token).check({}, args)  # the engine asks again, as if it were new
                made = provider_for(token).create(args)
                self.replaced.append((name, *self.saved[name]))
                self.saved[name] = token, made.id, _wire(made.outs)
            elif found.changes:
                self.saved[name] = token, id_, _wire(provider_for(token).update(id_, olds, args).outs)


@contextmanager
def _asked_about(name: str, token: str) -> Iterator[None]:
    _mine.urn = _urn(name, token)
    try:
        yield
    finally:
        _mine.urn = ""


def _urn(name: str, token: str) -> str:
    return f"urn:pulumi:dev::line::{PREFIX}{token}::{name}"


def _inputs(outs: Values) -> Values:
    return {name: value for name, value in outs.items() if not name.startswith("__")}


def _wire(values: Any) -> Any:
    """The values as the engine hands them over: numbers are floats."""
    return json.loads(json.dumps(values), parse_int=float)
