"""Cases with names, what surrounds them, and how what they tell is kept."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

import pytest
from pulumi.output import Unknown

from pulumi_voice_routing import settings
from pulumi_voice_routing.errors import Refused, VoiceRoutingError
from pulumi_voice_routing.permission import approvals, owner_names, wording
from pulumi_voice_routing.plan.facts import UNKNOWN
from pulumi_voice_routing.safety import before_write

HERE = Path(__file__).parent

Lines: TypeAlias = Iterable[str]
Cases: TypeAlias = Mapping[str, Callable[["Here"], Lines]]
"""What is told of each case, line by line, by its name."""

NOW = datetime(2026, 11, 29, 23, 30, tzinfo=UTC)


class _Clock(datetime):
    """A day of UTC that is over already where this machine is."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Any:
        return NOW.astimezone(tz or timezone(timedelta(hours=1)))


class Here:
    """The folder of a program, with the settings that one case has, and what the user was told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.patch = monkeypatch
        self.said: list[str] = []
        self.in_short = False
        """Whether the entries below a refusal are left out, because another case shows them."""

    def told(self) -> Iterator[str]:
        """What the user was told since this was asked last."""
        yield from self.said
        self.said.clear()

    def without_names(self, text: str) -> str:
        """The text without what differs from run to run: the name of a file that was written."""
        return re.sub(r"\S*/approvals-needed-[0-9]+-[0-9]+-\w+\.toml", "FOLDER/approvals-needed-NAME.toml", text)

    def tries(self, attempt: Callable[..., Any], *given: Any, **named: Any) -> Iterator[str]:
        """What comes of it: the answer, or the whole text of what is raised, and what the user was told."""
        try:
            answer = attempt(*given, **named)
        except VoiceRoutingError as error:
            first, *more = self.without_names(str(error)).splitlines()
            yield f"{'Refused' if isinstance(error, Refused) else type(error).__name__}: {first}"
            yield from () if self.in_short else (f"  {line}".rstrip() for line in more)
        else:
            yield f"passes: {answer}" if answer is not None else "passes"
        yield from self.told()


@contextmanager
def here() -> Iterator[Here]:
    """A folder without approvals, a day that does not change, and no settings."""
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as folder:
        there = Here(patch)
        for name in [name for name in os.environ if name.startswith("VOICE_ROUTING_")]:
            patch.delenv(name)
        patch.setenv("VOICE_ROUTING_CACHE_DIR", str(Path(folder) / "cache"))
        patch.setattr(settings, "_stack_config", lambda key: None)
        patch.chdir(folder)
        for module in (approvals, wording, before_write):
            patch.setattr(module, "datetime", _Clock)
        patch.setattr(owner_names, "_known", lambda: owner_names.Names({}))
        for level in ("info", "warn"):
            patch.setattr(
                f"pulumi_voice_routing.say.{level}", lambda text, level=level: there.said.append(f"{level}: {text}")
            )
        yield there


def case(cases: Cases, name: str) -> str:
    """What is told of one case."""
    with here() as there:
        return "\n".join(f"  {line}".rstrip() for line in cases[name](there)) + "\n"


def recorded(name: str) -> str:
    """Record all cases of a recording, and say what was done."""
    from .all import RECORDINGS

    cases = RECORDINGS[name]
    text = "\n".join(f"# {one}\n\n{case(cases, one)}" for one in cases)
    (HERE / f"{name}.txt").write_text(text, encoding="utf-8")
    return f"{name}: {len(cases)} cases, {len(text)} letters"


def held(name: str) -> dict[str, str]:
    """What a recording holds of each case."""
    text = (HERE / f"{name}.txt").read_text(encoding="utf-8")
    parts = re.split(r"^# (.*)\n\n", text, flags=re.MULTILINE)
    return {title: body.rstrip("\n") + "\n" for title, body in zip(parts[1::2], parts[2::2], strict=True)}


def words(value: Any) -> str:
    """A value in full, on one line; sets in order, and fields that say nothing left out."""
    if isinstance(value, frozenset | set):
        return f"{{{', '.join(sorted(map(words, value)))}}}"
    if value is UNKNOWN or isinstance(value, Unknown):
        return "not known"
    if isinstance(value, date):
        return str(value)
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{name}: {words(it)}' for name, it in value.items())}}}"
    if isinstance(value, list) and len(value) > 6 and all(isinstance(it, int) for it in value):
        return f"[{', '.join(f'{it} x {len(list(same))}' for it, same in groupby(value))}]"
    if isinstance(value, list | tuple) and not hasattr(value, "_fields"):
        return f"[{', '.join(map(words, value))}]"
    if is_dataclass(value) and not isinstance(value, type):
        said = ((one.name, getattr(value, one.name)) for one in fields(value))
        return f"{type(value).__name__}({', '.join(f'{name}={words(it)}' for name, it in said)})"
    return str(value) if isinstance(value, Fraction) else repr(value)


__all__ = ["NOW", "Cases", "Here", "Lines", "case", "held", "here", "recorded", "words"]
