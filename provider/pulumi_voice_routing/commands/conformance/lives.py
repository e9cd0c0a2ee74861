"""The lives of resources that harm nobody: inactive, with a mark in their names, ended as far as the vendor allows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ...errors import VoiceRoutingError, one_line
from ...lifecycle import adoption, references, standing, turns, writes
from ...lifecycle.member import Member
from ...lifecycle.provider import MANAGED
from ...plan.roles import roles_of
from ...registry import provider_for
from ..terminal import Told
from .specimens import SPECIMENS, Specimen, Subjects, Values


@dataclass
class Life:
    """What became of one."""

    token: str
    id: str = ""
    steps: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    left: bool = False
    skipped: str = ""


def live(vendor: str, subjects: Subjects, told: Told, between: Callable[[], None] = lambda: None) -> Iterator[Life]:
    """Make each, look, change, look; and when all are there and have been asked about, end them in the other order."""
    lives: list[tuple[Specimen, Life, Values]] = []
    for place, specimen in enumerate(SPECIMENS[vendor]):
        life = Life(specimen.token)
        outs: Values = {}
        if not specimen.when(subjects):
            life.skipped = specimen.why_not
        else:
            told(place, len(SPECIMENS[vendor]), f"{specimen.token}: made, changed, looked at")
            outs = _begin(specimen, life, subjects)
        lives.append((specimen, life, outs))
    between()
    for place, (specimen, life, outs) in enumerate(reversed(lives)):
        if life.id:
            told(place, len(lives), f"{specimen.token}: ended")
            _end(specimen, life, outs)
    yield from (life for _, life, _ in lives)


def is_there(token: str, id_: str) -> bool:
    """Whether an object is there: its list knows, also where a vendor has no clear word for what is gone."""
    provider = provider_for(token)
    if isinstance(provider, Member):
        inside = roles_of(token).inside
        homes = [references.parent(id_)] if inside is not None else provider.homes()
        return any(id_ in provider.ids(home) for home in homes)
    return provider.look(id_, {}) is not None


def begin_anew() -> None:
    """As in a run of its own: what a resource of this one stood for may end."""
    for learned in (standing, turns, writes):
        learned.forget()
    adoption.ours.clear()


def _begin(specimen: Specimen, life: Life, subjects: Subjects) -> Values:
    provider = provider_for(specimen.token)
    outs: Values = {}
    try:
        args = specimen.args(subjects)
        there = _there(specimen, args, subjects.mark)
        if there:
            args = {**args, "adopt_id": there}
        inputs = _checked(provider, args)
        made = provider.create(inputs)
        life.id, outs = str(made.id), dict(made.outs or {})
        subjects.made[specimen.token] = life.id
        life.steps.append("taken over" if there else "created")
        _look(provider, life, outs, args)
        changes = specimen.changes(subjects)
        if changes:
            inputs = _checked(provider, {**args, **changes})
            outs = dict(provider.update(life.id, outs, inputs).outs or {})
            life.steps.append("changed")
            _look(provider, life, outs, {**args, **changes})
    except KeyError as error:
        life.problems.append(f"not tried: there is no {error.args[0]} for it")
    except Exception as error:  # the provider's own errors are of no common kind: the engine is to print them
        life.problems.append(one_line(str(error)))
    return outs


def _checked(provider: Any, args: Values) -> Values:
    values, failures = provider.checked(args)
    if failures:
        raise VoiceRoutingError("; ".join(f"{one.path}: {one.reason}" for one in failures))
    return {**args, **values}


def _there(specimen: Specimen, args: Values, mark: str) -> str:
    """One that an earlier run has left: its name has the mark, so that it is nobody else's."""
    provider, roles = provider_for(specimen.token), roles_of(specimen.token)
    if not isinstance(provider, Member) or "adopt_id" not in provider.model or mark not in roles.called(args):
        return ""
    inside = roles.inside
    homes = [str(args[inside.field])] if inside is not None else list(provider.homes())
    for id_ in (one for home in homes for one in provider.ids(home)):
        if roles.called(provider.look(id_, {}) or {}) == roles.called(args):
            return id_
    return ""


def _look(provider: Any, life: Life, outs: Values, args: Values) -> None:
    """What is there is what was declared."""
    seen = provider.look(life.id, {**outs, MANAGED: sorted(set(outs.get(MANAGED) or ()) & set(args))})
    if seen is None:
        life.problems.append("it is not there when it is looked for")
        return
    life.steps.append("looked at")
    for name in provider.changed(seen, {key: args[key] for key in args if key in provider.model and key in seen}):
        if not provider.model[name].secret:
            life.problems.append(f"{name} comes back otherwise than it was sent")


def _end(specimen: Specimen, life: Life, outs: Values) -> None:
    provider = provider_for(specimen.token)
    if specimen.stays:
        life.left = True
        return
    begin_anew()
    try:
        provider.delete(life.id, outs)
        life.steps.append("ended")
        life.left = is_there(life.token, life.id)
    except Exception as error:  # as above
        life.problems.append(one_line(str(error)))
        life.left = True


__all__ = ["Life", "begin_anew", "is_there", "live"]
