"""Pipes in the place of files: read once, and never waited for in vain."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from pulumi_voice_routing import text_files
from pulumi_voice_routing.client import connection
from pulumi_voice_routing.commands.gate.approving import read_report
from pulumi_voice_routing.errors import DeclarationError, SettingsError
from pulumi_voice_routing.text_files import UnreadableText, read_whole


@pytest.fixture
def pipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(text_files, "LONGEST_WITHOUT_WRITER", 0.1)
    path = tmp_path / "pipe"
    os.mkfifo(path)
    return path


def test_a_pipe_that_nobody_writes_to(pipe: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnreadableText, match=r"^it is a pipe, and nobody writes to it$"):
        read_whole(pipe)
    with pytest.raises(DeclarationError, match="cannot be read as JSON: it is a pipe, and nobody writes to it"):
        read_report(pipe)
    monkeypatch.setenv("VOICE_ROUTING_CA_FILE", str(pipe))
    with pytest.raises(SettingsError, match=r"^VOICE_ROUTING_CA_FILE names .*, which is a pipe; name a file"):
        connection._certificates()


def test_a_pipe_whose_writer_takes_longer(pipe: Path) -> None:
    """Who has it open may take any time: a preview writes when it is done."""
    opened, waited = threading.Event(), threading.Event()

    def write() -> None:
        with pipe.open("wb") as file:
            opened.set()
            waited.wait(30)
            file.write(b"x" * 100_000)

    writer = threading.Thread(target=write)
    writer.start()
    timer = threading.Timer(0.3, waited.set)
    timer.start()
    assert read_whole(pipe) == b"x" * 100_000
    assert opened.is_set()
    writer.join(30)


def test_a_pipe_whose_writer_is_done() -> None:
    for said in (b"", b"{}"):
        ours, theirs = os.pipe()
        os.write(theirs, said)
        os.close(theirs)
        try:
            assert read_whole(Path(f"/dev/fd/{ours}")) == said
        finally:
            os.close(ours)
