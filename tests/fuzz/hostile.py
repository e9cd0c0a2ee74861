"""Hostile inputs, and what may become of them: a value, or clean lines, and nothing else."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pulumi
from hypothesis import settings
from hypothesis import strategies as st
from pulumi.output import Unknown

from pulumi_voice_routing.errors import VoiceRoutingError
from pulumi_voice_routing.lifecycle.provider import Partly, said_by
from tests.chance import TIMES

LONGEST_LINE = 4200
CANARY = "canary-7f3a91"
"""Part of every value that nobody may read."""


def inputs(number: int) -> settings:
    """So many inputs; with ``VOICE_ROUTING_FUZZ_TIMES`` many times as many, and others in each run."""
    return settings(max_examples=number * TIMES)


def clean(text: str) -> None:
    """A line that can be shown: printable, not long, encodable, and without a secret or a trace of our code."""
    assert 0 < len(text) <= LONGEST_LINE, len(text)
    assert text.isprintable(), repr(text)
    text.encode()
    assert CANARY not in text, text
    assert "internal error" not in text, text
    assert "Traceback" not in text, text


def value_or_lines(question: Callable[[], Any], vendor: str = "ringcx") -> Any:
    """The answer, or nothing when it is clean lines instead. Every other exception goes on, and fails the test."""
    try:
        return question()
    except Partly as part:
        clean(said_by(vendor, part.cause))
    except VoiceRoutingError as error:
        clean(said_by(vendor, error))
    except pulumi.RunError as error:
        for line in str(error).splitlines():
            clean(line)
    return None


NASTY = [
    "",
    " ",
    "\x00",
    "\ud800",
    "a\x00b",
    "a\nb\r\nc\u2028d",
    "\x1b[31mred\x1b]0;title\x07",
    "\u202eright to left",
    "x" * 20_000,
    "9" * 5_000,
    "+" + "1" * 5_000,
    "\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668",
    "\uff0b\uff11\uff13\uff10\uff13\uff15\uff15\uff15\uff11\uff12\uff13\uff14",
    "\u00b2\u00b3",
    "+\u2460\u2461",
    "+13035551234",
    "123456/1000/1001",
    "123456/../1001",
    "/",
    "~",
    "~/~",
    "123456/~",
    "../../../etc/passwd",
    "%2e%2e%2f",
    "?x=1#y",
    "https://[",
    "https://user:word@host:99999999/",
    "nan",
    "inf",
    "1e999",
    "-0",
    "true",
    "null",
    "{",
    "[" * 20_000,
    '{"a":' * 3_000,
    "%s%n{0}{x}",
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
]
NUMBERS = [0, -1, 1, 100, 101, 2**31, 2**53 + 1, -(2**63), 10**30, 0.5, -0.0, 1e308, 9007199254740993.0]


def nested(depth: int, leaf: Any = 1) -> Any:
    """Lists and objects in each other, so deep."""
    for level in range(depth):
        leaf = [leaf] if level % 2 else {"a": leaf}
    return leaf


json_scalars: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.sampled_from(NUMBERS)
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(NASTY)
    | st.text(max_size=20)
)


def json_values(keys: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Anything that JSON can say."""
    return st.recursive(
        json_scalars,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
        max_leaves=12,
    ) | st.sampled_from([30, 200]).map(nested)


def program_values(keys: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Anything that a program can hand over, or the engine."""
    odd = st.sampled_from(
        [
            float("nan"),
            float("inf"),
            Unknown(),  # type: ignore[no-untyped-call]
            [Unknown()],  # type: ignore[no-untyped-call]
            {"a": Unknown()},  # type: ignore[no-untyped-call]
            b"bytes",
            ("a", "tuple"),
            pulumi.StringAsset("text"),
            pulumi.RemoteAsset("https://files.example.com/x"),
            pulumi.FileArchive("/nowhere"),
        ]
    ) | st.sampled_from([30, 200]).map(nested)
    return st.recursive(
        json_scalars | odd,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
        max_leaves=10,
    )


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to everything inside a value."""
    yield path
    if isinstance(value, dict):
        for key, item in value.items():
            yield from places(item, (*path, key))
    if isinstance(value, list):
        for place, item in enumerate(value):
            yield from places(item, (*path, place))


def replaced(value: Any, path: tuple[Any, ...], other: Any) -> Any:
    """The value with something else in one place."""
    if not path:
        return other
    whole = copy.copy(value)
    whole[path[0]] = replaced(value[path[0]], path[1:], other)
    return whole


def spoilt(value: Any, others: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """The value with hostile ones in a few places."""

    @st.composite
    def draw_one(draw: st.DrawFn) -> Any:
        whole = value
        for _ in range(draw(st.integers(1, 3))):
            path = draw(st.sampled_from(list(places(whole))))
            whole = replaced(whole, path, draw(others))
        return whole

    return draw_one()
