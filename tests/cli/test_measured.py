"""The memory of a command is told as it is, however large the process is that starts it."""

from __future__ import annotations

from pathlib import Path

from tests.measured import measured_python


def test_the_memory_of_whoever_starts_it_does_not_count(tmp_path: Path) -> None:
    large = bytearray(b"x" * (300 << 20))
    done = measured_python(["-c", "print(len(bytearray(b'x' * (60 << 20))))"], cwd=tmp_path, env={})
    assert len(large) == 300 << 20
    assert (done.code, done.said) == (0, f"{60 << 20}\n")
    assert 60 < done.megabytes < 150
