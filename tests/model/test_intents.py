"""Notes of creates that are under way."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from pulumi_voice_routing.errors import SettingsError
from pulumi_voice_routing.lifecycle import plugin
from pulumi_voice_routing.lifecycle.create_notes import Intent


@pytest.fixture(autouse=True)
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("VOICE_ROUTING_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def intent(*key: str, before: list[str] | None = None) -> Intent:
    return Intent("ringcx:Destination", key or ("1", "2", "Denver"), before or [])


def note_file(cache: Path) -> Path:
    (file,) = (cache / "intents").iterdir()
    return file


def test_without_a_note_nothing_is_ours() -> None:
    assert not intent().claims("5")


def test_what_was_under_way_is_ours_until_it_is_forgotten() -> None:
    intent(before=["4"]).note()
    assert intent().claims("5")
    assert not intent().claims("4")
    intent().forget()
    assert not intent().claims("5")


def test_once_answered_only_that_id_is_ours() -> None:
    intent().note()
    intent().answered("5")
    assert intent().claims("5")
    assert not intent().claims("6")


def test_objects_are_told_apart_by_type_and_key() -> None:
    intent("1", "2", "Denver").note()
    assert not intent("1", "2", "Austin").claims("5")
    assert not intent("1", "2/Denver").claims("5")
    assert not Intent("ringcx:Profile", ("1", "2", "Denver")).claims("5")


def test_a_note_is_for_the_resource_that_wrote_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugin, "urn", lambda: "urn:one")
    intent().note()
    assert intent().claims("5")
    monkeypatch.setattr(plugin, "urn", lambda: "urn:another")
    assert not intent().claims("5")


def test_a_note_without_an_answer_ends_after_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    intent().note()
    later = time.time() + 25 * 3600
    monkeypatch.setattr(time, "time", lambda: later)
    assert not intent().claims("5")


def test_a_note_with_an_answer_does_not_end(monkeypatch: pytest.MonkeyPatch) -> None:
    intent().answered("5")
    later = time.time() + 25 * 3600
    monkeypatch.setattr(time, "time", lambda: later)
    assert intent().claims("5")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"null", b'{"urn": "", "id": ""}', b"\xff"])
@pytest.mark.parametrize("end", [b"", b"\n"])
def test_a_broken_note_claims_nothing(cache: Path, content: bytes, end: bytes) -> None:
    intent().note()
    note_file(cache).write_bytes(content + end)
    assert not intent().claims("5")
    intent().note()
    assert intent().claims("5")


def test_an_answer_that_was_cut_off_leaves_the_note(cache: Path) -> None:
    intent(before=["4"]).note()
    whole = note_file(cache).read_bytes()
    intent().answered("5")
    answered = note_file(cache).read_bytes()
    for length in range(len(whole), len(answered)):
        note_file(cache).write_bytes(answered[:length])
        assert intent().claims("6")
        assert not intent().claims("4")
    note_file(cache).write_bytes(answered)
    assert intent().claims("5")
    assert not intent().claims("6")


def test_a_new_note_takes_the_place_of_an_old_one(cache: Path) -> None:
    intent().answered("5")
    intent(before=["5"]).note()
    assert not intent().claims("5")
    assert len(note_file(cache).read_text().splitlines()) == 1


def test_a_note_that_cannot_be_written_stops_the_create_before_it_begins(cache: Path) -> None:
    cache.mkdir()
    (cache / "intents").touch()
    with pytest.raises(SettingsError, match=r"cannot be written .* Set VOICE_ROUTING_CACHE_DIR"):
        intent().note()


def test_what_the_vendor_answered_is_not_lost_for_want_of_a_note(cache: Path) -> None:
    intent().note()
    note_file(cache).unlink()
    (cache / "intents").rmdir()
    cache.rmdir()
    cache.touch()
    intent().answered("5")
    intent().forget()
    assert not intent().claims("5")
