"""A change, carried out on the emulator with the account in it: the real engine, the real provider, no vendor."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ... import settings
from ...client.heard import Answer, Asked, heard, listen
from ...errors import SettingsError, VoiceRoutingError, one_line, some_of
from ...lifecycle import meaning as means
from ...plan import pulumi_cli
from ...plan.facts import Resource, saved_resources
from ...plan.roles import roles_of
from ...plan.rows import saved_outputs
from ...portsip import client as portsip
from ...portsip.auth import DOMAIN as portsip_domain
from ...registry import provider_for
from ..export.account import read
from ..export.wanted import Wanted
from ..stand_in import alone, environment, forget_clients, settings_for
from ..terminal import Told
from .callers import Gap, Key, Looked, compare, differ, unanswered, world
from .engine import Engine, Program, Run, is_ours
from .rates import limits, minutes
from .stage import TOKEN, Moment, Stage, stage

_SIGN_IN = ("/restapi/oauth/", "/api/auth/", "/api/account/")


@dataclass
class Stop:
    """What is left when a run is stopped after a request."""

    after: Moment
    """The last request that was carried out."""
    written: int
    """How many requests had changed something by then."""
    done: list[str]
    """The resources that the engine had finished, by name."""
    unanswered: list[str]
    """The numbers of which fewer calls are taken than before the change and after it."""
    left: list[str]
    """The resources that the next run still does something to."""
    healed: bool
    """Whether the next run brings everything to where the change wanted it."""
    why_not: str = ""


@dataclass
class Rehearsal:
    """What was found out about a change."""

    steps: dict[str, str] = field(default_factory=dict)
    """What the run does to each resource, by URN."""
    others: dict[str, str] = field(default_factory=dict)
    """The same of resources of other packages, which were left alone."""
    moments: list[Moment] = field(default_factory=list)
    minutes: float = 0.0
    rates: dict[tuple[str, str], int] = field(default_factory=dict)
    looked: Looked = field(default_factory=Looked)
    stops: list[Stop] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    """Why the run does not come to its end, where it does not."""
    assumed: list[str] = field(default_factory=list)
    """What the program names and no reading tells of; it is taken to be there."""
    left_out: list[str] = field(default_factory=list)
    """What of the account the rehearsal is without."""

    @property
    def writes(self) -> list[Moment]:
        """The requests that changed something."""
        return [moment for moment in self.moments if moment.changes]

    @property
    def gaps(self) -> list[Gap]:
        """What callers would meet only in between."""
        return self.looked.gaps

    @property
    def broken(self) -> list[Stop]:
        """The stops after which the next run does not bring things in order."""
        return [stop for stop in self.stops if not stop.healed]

    @property
    def clean(self) -> bool:
        """Whether callers meet nothing in between, and the run can be stopped anywhere."""
        return not self.errors and not self.gaps and not self.broken


def rehearsed(program: Program, told: Told, *, stops: int, options: Sequence[str] = ()) -> Rehearsal:
    """Carry a change out where it harms nobody. Raises :class:`VoiceRoutingError` when that cannot be done.

    Of two in one process, the second one waits until the first one has its end.
    """
    with alone():
        return _rehearsed(program, told, stops, options)


def _rehearsed(program: Program, told: Told, stops: int, options: Sequence[str]) -> Rehearsal:
    settings.use_stack_config(pulumi_cli.settings_in(program.config).get)
    found = Rehearsal()
    answers, known = _account(program, found, told)
    with tempfile.TemporaryDirectory(prefix="voice-routing-rehearsal-") as name, stage() as there:
        folder = Path(name)
        (folder / "state").mkdir()
        found.left_out += there.take(answers)
        with _moved(there, folder):
            before = world()
            found.left_out += _not_as_read(known, before)
            engine = Engine(program, folder, options)
            engine.know(program.others)
            engine.begin(program.state)
            targets = _targets(there, engine, found, told)
            if not found.steps:
                return found
            account = there.state()
            told(0, len(found.steps), "carrying it out")
            there.begin()
            run = engine.up(targets, len(found.steps))
            found.moments = there.end()
            found.errors = run.errors if run.failed else []
            found.looked = compare(there, found.moments, before)
            after = world()
            chosen = _chosen(found.writes[:-1], stops) if not run.failed else []
            for place, moment in enumerate(chosen, 1):
                told(place, len(chosen), f"stopped after request {moment.number}")
                engine.begin(program.state)
                there.begin(account)
                found.stops.append(_stopped(there, engine, targets, moment, before, after))
    found.rates = limits(found.moments)
    found.minutes = minutes(found.moments, found.rates)
    return found


def _account(
    program: Program, found: Rehearsal, told: Told
) -> tuple[dict[Asked, Answer], dict[Key, Mapping[str, Any]]]:
    """What the vendors say of their accounts, and of what the state holds beside that."""
    listen()
    forget_clients()
    account = read(Wanted(), told=told)
    found.left_out += account.failures
    known: dict[Key, Mapping[str, Any]] = {(one.token, one.id): one.seen for one in account.objects}
    outputs = saved_outputs(program.state)
    for one in saved_resources(program.state):
        if not one.id or (one.type, one.id) in known:
            continue
        try:
            provider_for(one.type).look(one.id, dict(outputs[one.urn]))
        except SettingsError:
            raise
        except VoiceRoutingError as error:
            found.left_out.append(one_line(f"{one.type} {one.name}: {error}"))
    answers = {asked: answer for asked, answer in heard().items() if not asked.path.startswith(_SIGN_IN)}
    return answers, known


@contextmanager
def _moved(there: Stage, folder: Path) -> Iterator[None]:
    """Everything that asks a vendor asks the stage."""
    try:
        domain = portsip.portsip_client().tenant.partition("/")[2]
    except VoiceRoutingError:
        domain = ""
    env = {
        **settings_for(there.port, folder),
        "RINGCX_ACCESS_TOKEN": TOKEN,
        "RINGEX_ACCESS_TOKEN": TOKEN,
        "PORTSIP_ACCESS_TOKEN": TOKEN,
        **({portsip_domain.variable: domain} if domain else {}),
    }
    if os.environ.get("PULUMI_PYTHON_CMD"):
        del env["PULUMI_PYTHON_CMD"]
    with environment({**os.environ, **env}):
        forget_clients()
        try:
            yield
        finally:
            forget_clients()


def _not_as_read(known: Mapping[Key, Mapping[str, Any]], there: Mapping[Key, Resource]) -> list[str]:
    """What the emulator does not show as the vendor does."""
    missing = [f"{token} {id_}" for token, id_ in known if (token, id_) not in there]
    return [f"{some_of(missing, 5)}: the emulator has no place for it"] if missing else []


def _targets(there: Stage, engine: Engine, found: Rehearsal, told: Told) -> list[str]:
    """The steps; and what the run is kept to, when it would touch resources of other packages."""
    told(0, 0, "preview")
    run = engine.preview()
    planned = run.done
    found.assumed = there.assume(_owners(run.inputs))
    found.steps = {urn: op for urn, op in planned.items() if is_ours(urn)}
    found.others = {
        urn: op for urn, op in planned.items() if urn in run.custom and not is_ours(urn) and not _harmless(urn)
    }
    return sorted(found.steps) if found.others else []


def _owners(declared: Sequence[tuple[str, Mapping[str, Any]]]) -> set[tuple[str, str]]:
    """Who answers numbers and is no resource, such as a queue: what it is called, and its id."""
    return {
        (place.mark.called, str(inputs[place.field]))
        for token, inputs in declared
        for place in roles_of(token).places(means.Owner)
        if not place.mark.type and isinstance(inputs.get(place.field), str)
    }


def _harmless(urn: str) -> bool:
    """Whether it is the engine's own, or a provider of this package's kind."""
    type_ = urn.split("::")[2].rpartition("$")[2]
    return type_.startswith(("pulumi:pulumi:", "pulumi:providers:pulumi-python"))


def _chosen(moments: Sequence[Moment], most: int) -> list[Moment]:
    """All of them, or so many, spread evenly."""
    if len(moments) <= most:
        return list(moments)
    return [moments[place * len(moments) // most] for place in range(most)]


def _stopped(
    there: Stage,
    engine: Engine,
    targets: Sequence[str],
    moment: Moment,
    before: Mapping[Key, Resource],
    after: Mapping[Key, Resource],
) -> Stop:
    """Stop the run after a request, look, and run again."""
    there.stop_after(moment.number)
    run = engine.up(targets)
    there.stop_after(None)
    written = sum(bool(one.changes) for one in there.end())
    lost = unanswered(before.values(), world().values(), after.values())
    again = engine.up(targets)
    elsewhere = not again.failed and differ(after.values(), world().values())
    why = "; ".join(again.errors) if again.failed else "calls end elsewhere than after the whole change"
    healed = not again.failed and not elsewhere
    return Stop(moment, written, _names(run), lost, _names(again), healed, "" if healed else why)


def _names(run: Run) -> list[str]:
    return sorted(urn.rpartition("::")[2] for urn in run.done if is_ours(urn))


def counted(found: Rehearsal) -> Counter[str]:
    """How many resources there are of each step."""
    return Counter(found.steps.values())


__all__ = ["Rehearsal", "Stop", "counted", "rehearsed"]
