"""One meeting with a vendor: lives, questions, and the same at the emulator to hold it against."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ... import __version__
from ...errors import VoiceRoutingError
from ...plan.roles import tokens_of
from ...portsip.client import portsip_client
from ...ringcx.client import ringcx_client
from ...ringex.client import ringex_client
from ..rehearsal.stage import TOKEN, stage
from ..stand_in import environment, forget_clients
from ..terminal import Told, nothing
from .lives import Life, live
from .questions import Answer, asked, of_answers
from .recording import Exchange, Recorder
from .shapes import differences, unexpected
from .specimens import SPECIMENS, Subjects

FORMAT = "voice-routing conformance 1"
_EMULATED = "123456"


@dataclass
class Meeting:
    """What one vendor has answered."""

    vendor: str
    lives: list[Life] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)
    unexpected: dict[str, list[str]] = field(default_factory=dict)
    """What in answers is otherwise than this package's shapes have it, by operation."""
    differences: list[str] = field(default_factory=list)
    """Where the emulator answers otherwise."""

    @property
    def problems(self) -> list[str]:
        """What went wrong in the lives."""
        return [f"{life.token}: {problem}" for life in self.lives for problem in life.problems]

    @property
    def like(self) -> dict[str, Any]:
        """The switches that make the emulator answer like this vendor."""
        return {name: value for answer in self.answers for name, value in answer.like.items()}


def who(vendor: str) -> str:
    """The account that it will be. Raises :class:`VoiceRoutingError` where it cannot be asked."""
    if vendor == "ringcx":
        client = ringcx_client()
        client.check_account()
        return f"account {client.account_id} at {_host(vendor)}"
    if vendor == "ringex":
        account, extension = ringex_client().whoami()
        return f"account {account}, extension {extension} at {_host(vendor)}"
    return f"tenant {portsip_client().tenant}"


def met(vendor: str, subjects: Subjects, told: Told, *, active_flag: bool) -> Meeting:
    """Meet the vendor that the settings name, and then the emulator in the same way."""
    found = _meet(vendor, subjects, told, active_flag=active_flag)
    told(0, 0, f"{vendor}: the same at the emulator")
    with tempfile.TemporaryDirectory(prefix="voice-routing-conformance-") as folder, stage() as there:
        with environment({**os.environ, **_emulated(there.url, Path(folder))}):
            known = _meet(vendor, Subjects(subjects.mark, subjects.numbers, subjects.extension), nothing)
        forget_clients()
    found.differences = differences(found.exchanges, known.exchanges)
    return found


def _meet(vendor: str, subjects: Subjects, told: Told, *, active_flag: bool = False) -> Meeting:
    forget_clients()
    recorder, found = Recorder(subjects.mark), Meeting(vendor)

    def ask() -> None:
        told(0, 0, f"{vendor}: questions")
        found.answers = asked(vendor, subjects, recorder, active_flag=active_flag)

    with recorder.at_work():
        if vendor == "ringex":
            _, subjects.own_extension = ringex_client().whoami()
            subjects.moved = _is_moved(subjects.own_extension)
        found.lives = list(live(vendor, subjects, told, ask))
    found.answers += of_answers(vendor, recorder)
    found.exchanges = recorder.exchanges
    for one in recorder.exchanges:
        for line in unexpected(one):
            lines = found.unexpected.setdefault(one.operation, [])
            if line not in lines:
                lines.append(line)
    return found


def _is_moved(extension: str) -> bool:
    with suppress(VoiceRoutingError):
        from ...ringex.lookups import call_handling

        return bool(call_handling(extension) == "new")
    return False


def _host(vendor: str) -> str:
    return os.environ.get(f"{vendor.upper()}_BASE_URL") or "the vendor's own address"


def _emulated(url: str, folder: Path) -> dict[str, str]:
    return {
        **{f"{vendor.upper()}_BASE_URL": url for vendor in SPECIMENS},
        **{f"{vendor.upper()}_ACCESS_TOKEN": TOKEN for vendor in SPECIMENS},
        "RINGCX_ACCOUNT_ID": _EMULATED,
        "RINGEX_ACCOUNT_ID": "",
        "PORTSIP_DOMAIN": "",
        "RINGCX_REQUESTS_PER_MINUTE": "0",
        "RINGEX_REQUESTS_PER_MINUTE": "0",
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
        "VOICE_ROUTING_CACHE_DIR": str(folder),
    }


def untouched(vendor: str) -> list[str]:
    """The types whose lives are not tried: what they stand for is in use, or cannot be inactive."""
    tried = {specimen.token for specimen in SPECIMENS[vendor]}
    return [token.partition(":")[2] for token in tokens_of(vendor) if token not in tried]


def as_json(meetings: Sequence[Meeting]) -> dict[str, Any]:
    """The file: for an issue, and for `voice-routing emulate --like`."""
    return {
        "format": FORMAT,
        "package": __version__,
        "date": datetime.now(UTC).date().isoformat(),
        "like": {name: value for one in meetings for name, value in one.like.items()},
        "vendors": {
            one.vendor: {
                "lives": [vars(life) for life in one.lives],
                "untouched": untouched(one.vendor),
                "answers": [vars(answer) for answer in one.answers],
                "unexpected": one.unexpected,
                "differences": one.differences,
                "exchanges": [exchange.as_json() for exchange in one.exchanges],
            }
            for one in meetings
        },
    }


def as_text(meetings: Sequence[Meeting]) -> str:
    """What there is to know at once."""
    lines: list[str] = []
    for one in meetings:
        lines += [f"{one.vendor}: {len(one.exchanges)} calls", ""]
        for life in one.lives:
            steps = ", ".join(life.steps) or "not tried"
            left = "; it stays, inactive: the vendor has no call that removes it" if life.left else ""
            lines.append(f"  {life.token}: {f'not tried: {life.skipped}' if life.skipped else steps + left}")
            lines += [f"    problem: {problem}" for problem in life.problems]
        lines += [f"  not tried, because callers might notice: {', '.join(untouched(one.vendor))}", ""]
        for answer in one.answers:
            lines += [f"  {answer.question}", f"    {answer.answer}"]
        lines.append("")
        lines += [f"  {operation} {line}" for operation, those in one.unexpected.items() for line in those]
        lines.append(f"  {len(one.differences)} differences from the emulator, in the file")
        lines.append("")
    return "\n".join(lines)


__all__ = ["FORMAT", "Meeting", "as_json", "as_text", "met", "who"]
