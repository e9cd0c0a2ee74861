"""What is measured: scenarios of steps, each with the least that the vendor's API allows for it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory

from .account import Account
from .measure import Cost, measured
from .stack import Stack
from .stacks import Provider, numbers_on_the_wire

PER_MINUTE = 120
_NUMBERS_PER_CALL = 250
_NUMBERS_PER_PAGE = 1000

_UP = ("up", "--yes", "--skip-preview")
_PREVIEW = ("preview",)
_LOOK = ("preview", "--refresh")
_REFRESH = ("refresh", "--yes", "--skip-preview")
_DESTROY = ("destroy", "--yes", "--skip-preview")


@dataclass(frozen=True)
class Network:
    """Between the provider and the vendor."""

    latency_ms: int
    limited: bool
    """Whether the vendor allows 120 calls a minute, or any number of them."""

    @property
    def name(self) -> str:
        """As tables show it."""
        return f"{self.latency_ms} ms" + (f", {PER_MINUTE} a minute" if self.limited else "")


@dataclass(frozen=True)
class Floor:
    """The least that one step takes: requests, and how many of them have to wait for one another."""

    requests: int
    rounds: int

    def seconds(self, network: Network) -> float:
        """The time that those requests take at the network's latency and the allowed rate, and nothing else."""
        waits = 60 * max(0, ceil(self.requests / PER_MINUTE) - 1) if network.limited else 0
        return waits + self.rounds * network.latency_ms / 1000


@dataclass(frozen=True)
class Figures:
    """One step, measured once."""

    scenario: str
    step: str
    provider: Provider
    network: Network
    requests: int
    cost: Cost
    floor: Floor


Steps = Generator[Figures, None, None]
Run = Callable[[Provider, Network], Steps]


@dataclass(frozen=True)
class Scenario:
    """Steps that follow one another on one stack."""

    name: str
    run: Run
    slow_when_plain: bool = False
    """Whether the plain provider needs minutes: it runs once then, and not where calls are limited."""
    without_calls: bool = False
    """Whether no call is made, so that one network is like another."""


def scenarios(scale: float = 1) -> list[Scenario]:
    """All of them. ``scale`` makes them smaller, to try the benchmark out."""
    destinations, numbers, planned = (max(2, round(size * scale)) for size in (200, 1000, 5000))
    return [
        Scenario(f"{destinations} destinations", _destinations(destinations)),
        Scenario(f"{numbers} numbers", _numbers(numbers), slow_when_plain=True),
        Scenario(f"{planned} resources planned", _planned(planned), without_calls=True),
    ]


def rows_of_a_fleet(count: int) -> Scenario:
    """The same destinations as one fleet."""
    return Scenario(f"{count} rows of a fleet", _destinations(count, "fleet"))


def _destinations(count: int, program: str = "destinations") -> Run:
    changed = min(10, count)

    def run(provider: Provider, network: Network) -> Steps:
        with _stack(provider, network, f"{count} destinations") as bench:
            bench.stack.declare(f"{program}({provider!r}, {count})")
            yield bench.step("create", _UP, Floor(count, 1))
            yield bench.step("empty preview", _PREVIEW, Floor(0, 0))
            yield bench.step("preview with refresh", _LOOK, Floor(1, 1))
            yield bench.step("refresh", _REFRESH, Floor(1, 1))
            bench.stack.declare(f"{program}({provider!r}, {count}, {changed})")
            # A whole object is written, so that each has to be read first.
            yield bench.step(f"{changed} changed", _UP, Floor(2 * changed, 2))
            # Destinations that are inactive are let go: the vendor has no call that deletes them.
            yield bench.step("destroy", _DESTROY, Floor(0, 0))

    return run


def _numbers(count: int) -> Run:
    calls, pages = ceil(count / _NUMBERS_PER_CALL), ceil(count / _NUMBERS_PER_PAGE)

    def run(provider: Provider, network: Network) -> Steps:
        with _stack(provider, network, f"{count} numbers", profiles=2) as bench:
            first, second = bench.profiles
            bench.stack.declare(f"numbers({provider!r}, {count}, {first!r})")
            # Whether they are there, the records, the assignments, and whether every assignment took.
            yield bench.step("create and assign", _UP, Floor(2 * pages + 2 * calls, 4))
            yield bench.step("empty preview", _PREVIEW, Floor(0, 0))
            yield bench.step("preview with refresh", _LOOK, Floor(pages, 1))
            yield bench.step("refresh", _REFRESH, Floor(pages, 1))
            bench.stack.declare(f"numbers({provider!r}, {count}, {second!r})")
            bench.approve_moves(count, first, second)
            # Who has them, one number ahead, the others, and whether every assignment took.
            yield bench.step("move", _UP, Floor(2 * pages + 1 + calls, 4))

    return run


def _planned(count: int) -> Run:
    def run(provider: Provider, network: Network) -> Steps:
        with _stack(provider, network, f"{count} resources planned") as bench:
            bench.stack.declare(f"destinations({provider!r}, {count})")
            yield bench.step("preview", _PREVIEW, Floor(0, 0))
            if provider == "voice-routing":
                bench.stack.run("preview", "--json")
                yield bench.gate("gate")

    return run


class _Bench:
    """A stack of its own at a vendor of its own."""

    def __init__(
        self, folder: Path, account: Account, provider: Provider, network: Network, scenario: str, profiles: int
    ) -> None:
        self._provider: Provider = provider
        self._account, self._network, self._scenario = account, network, scenario
        self.stack = Stack(folder, account.settings)
        self.profiles = [account.profile(f"Plan {place}") for place in range(profiles)]
        account.go()

    def step(self, name: str, command: tuple[str, ...], floor: Floor) -> Figures:
        return self._figures(name, self.stack.run(*command), floor)

    def gate(self, name: str) -> Figures:
        """The judgement of the preview that the stack has printed last."""
        plan = self.stack.work / "preview.json"
        plan.write_text(self.stack.output(), encoding="utf-8")
        # It may find something in this program; what counts is that it has gone through it.
        command = ("sh", "-c", 'voice-routing gate "$0"; test $? -le 1', str(plan))
        return self._figures(name, measured(command, self.stack.work, self.stack.env), Floor(0, 0))

    def approve_moves(self, count: int, source: str, target: str) -> None:
        """Permit what the safety rules would refuse: that numbers go from one profile to the other."""
        objects = ", ".join(f'"+{one}"' for one in numbers_on_the_wire(count))
        entry = {"rule": "reassign-active-dnis", "from": f"profile {source}", "to": f"profile {target}"}
        words = {**entry, "reason": "the benchmark", "ticket": "BENCH-1"}
        lines = [f'{name} = "{value}"' for name, value in words.items()]
        text = "\n".join(["[[approval]]", *lines, f"objects = [{objects}]", "until = 2099-12-31", ""])
        (self.stack.work / "approvals.toml").write_text(text, encoding="utf-8")

    def _figures(self, name: str, cost: Cost, floor: Floor) -> Figures:
        requests = len(self._account.requests())
        return Figures(self._scenario, name, self._provider, self._network, requests, cost, floor)


@contextmanager
def _stack(provider: Provider, network: Network, scenario: str, profiles: int = 0) -> Iterator[_Bench]:
    with (
        TemporaryDirectory(prefix="bench-") as folder,
        Account(network.latency_ms / 1000, limited=network.limited) as account,
    ):
        yield _Bench(Path(folder), account, provider, network, scenario, profiles)
