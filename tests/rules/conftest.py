"""Rules that only the gate judges are tried through the gate."""

from __future__ import annotations

from tests.gate.conftest import gate

__all__ = ["gate"]
