"""The page while somebody edits: made anew after each save, and what is wrong is said on it."""

from __future__ import annotations

import http.client
import json
import os
import threading
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from pulumi_voice_routing.commands.view import serving
from pulumi_voice_routing.commands.view.serving import Served, page_of, serve_page
from pulumi_voice_routing.commands.view.sources import Asked
from pulumi_voice_routing.errors import VoiceRoutingError
from tests.call_flow.test_commands import NUMBER, PROGRAM
from tests.stacks import Stack
from tests.view.test_document import values_in


def made(asked: Asked) -> str:
    """A page that is what the program says, which breaks when it says so."""
    text = (asked.cwd / "__main__.py").read_text()
    if "oops" in text:
        raise VoiceRoutingError("the program is broken")
    (asked.cwd / "notes.txt").write_text("what is no part of a program makes nothing new")
    return text


def saved(folder: Path, text: str, at: int) -> None:
    path = folder / "__main__.py"
    path.write_text(text)
    os.utime(path, (at, at))


def test_a_save_makes_another_page_and_a_mistake_keeps_the_last_one(tmp_path: Path) -> None:
    saved(tmp_path, "one", 1)
    served = Served(Asked(cwd=tmp_path), made)
    assert served.look()
    assert not served.look()
    assert (served.page, served.version, served.error) == ("one", 1, "")
    saved(tmp_path, "oops", 2)
    assert served.look()
    assert (served.page, served.version, served.error) == ("one", 1, "the program is broken")
    saved(tmp_path, "two", 3)
    assert served.look()
    assert (served.page, served.version, served.error) == ("two", 2, "")


def test_only_this_machine_is_answered(tmp_path: Path) -> None:
    saved(tmp_path, "one", 1)
    served = Served(Asked(cwd=tmp_path), made)
    served.look()
    with ThreadingHTTPServer(("127.0.0.1", 0), serving._answering(served)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()

        def ask(path: str, host: str) -> tuple[int, str]:
            connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=10)
            connection.request("GET", path, headers={"Host": host})
            answer = connection.getresponse()
            said = answer.status, answer.read().decode()
            connection.close()
            return said

        assert ask("/", "127.0.0.1:1") == (200, "one")
        assert json.loads(ask("/version", "localhost:1")[1]) == {"version": 1, "error": ""}
        assert ask("/", "evil.example.com:1")[0] == 403
        assert ask("/other", "localhost:1")[0] == 404
        server.shutdown()


def test_a_program_that_is_broken_from_the_start_is_one_line(tmp_path: Path) -> None:
    saved(tmp_path, "oops", 1)
    with pytest.raises(VoiceRoutingError, match="the program is broken"):
        serve_page(Asked(cwd=tmp_path), 0, open_=False, make=made)


def test_what_is_served_of_a_program_is_its_preview(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    stack.write_program(PROGRAM.format(denver="denver", share=70))
    stack.cli("up", "--yes", "--skip-preview")
    stack.write_program(PROGRAM.format(denver="denver", share=60))
    for name, value in stack.where["env"].items():
        monkeypatch.setenv(name, value)
    values = values_in(page_of(Asked(cwd=stack.folder / "work", stack="dev")))
    assert values["planned"]
    assert [row["n"] for row in values["numbers"] if row.get("changed")] == [NUMBER]
    stack.write_program("this is no Python")
    with pytest.raises(VoiceRoutingError, match=r"fails: SyntaxError: invalid syntax \(__main__\.py, line 1\)$"):
        page_of(Asked(cwd=stack.folder / "work", stack="dev"))


@pytest.mark.whole_run
def test_a_program_without_an_engine_is_told_by_its_line_and_a_folder_that_has_gone_by_its_name(tmp_path: Path) -> None:
    asked = Asked(export=tmp_path / "prog")
    with pytest.raises(VoiceRoutingError, match=r"^view: there is no folder .*/prog$"):
        page_of(asked)
    (tmp_path / "prog").mkdir()
    saved(tmp_path / "prog", "hours = {}\n\ndef who(:\n", 1)
    with pytest.raises(VoiceRoutingError, match=r"^view: .* fails: SyntaxError: .* \(__main__\.py, line 3\)$"):
        page_of(asked)
    saved(tmp_path / "prog", "hours = {}\nhours['night']\n", 2)
    with pytest.raises(VoiceRoutingError, match=r"^view: .* fails: KeyError: 'night' \(__main__\.py, line 2\)$"):
        page_of(asked)
