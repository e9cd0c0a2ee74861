"""The operations of our clients, told by the docstrings of their methods: ``CR-04 ``POST ...````."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

from pulumi_voice_routing.portsip.client import PortSIP
from pulumi_voice_routing.ringcx.client import RingCX
from pulumi_voice_routing.ringex.client import RingEX

CLIENTS = (RingCX, RingEX, PortSIP)

_NUMBER = re.compile(r"[A-Z]+b?-\w+")


def numbers_of(method: Any) -> list[str]:
    """The numbers of the operations that a method sends; one method may stand for several, others for none."""
    begin = (inspect.getdoc(method) or "").partition(" ``")[0]
    return _NUMBER.findall(begin) if _NUMBER.match(begin) else []


def methods() -> Iterator[tuple[type, str, list[str]]]:
    """Every method that sends an operation: its client, its name, and the numbers."""
    for client in CLIENTS:
        for name, method in inspect.getmembers(client, inspect.isfunction):
            if numbers := numbers_of(method):
                yield client, name, numbers


def operations() -> set[str]:
    """All of them."""
    return {number for _, _, numbers in methods() for number in numbers}
