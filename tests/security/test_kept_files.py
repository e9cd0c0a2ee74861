"""What is written to this machine lies where it should, for its owner only; what is read is what the program names."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pulumi
import pytest

from pulumi_voice_routing import registry, ringcx
from pulumi_voice_routing.errors import SettingsError
from pulumi_voice_routing.lifecycle.create_notes import Intent
from pulumi_voice_routing.settings import keep


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    folder = tmp_path / "of the user" / "cache"
    monkeypatch.setenv("VOICE_ROUTING_CACHE_DIR", str(folder))
    return folder


HOSTILE = ["../../escaped", "/etc/passwd", "a/b", "..", ".", "", "\x00", "a\nb", "C:\\x", "~root", "$(x)", "\ud800"]
HOSTILE.append("x" * 5_000)


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_no_name_leads_out_of_the_cache_folder(cache: Path, name: str) -> None:
    kept = keep(f"overrides-{name}", ".csv", "text")
    assert kept.parent == cache
    assert kept.read_text(encoding="utf-8") == "text"
    assert [file for file in cache.parent.rglob("*") if file.is_file()] == [kept]


def test_files_and_folders_are_for_their_owner_only(cache: Path) -> None:
    before = os.umask(0)
    try:
        kept = keep("hours-7", ".csv", "text")
        Intent("ringcx:Destination", ("123456", "1000", "Denver")).note()
    finally:
        os.umask(before)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    for folder in (cache, cache / "intents"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_two_files_of_one_moment_are_two(cache: Path) -> None:
    first, second = keep("hours-7", ".csv", "one"), keep("hours-7", ".csv", "two")
    assert (first.read_text(), second.read_text()) == ("one", "two")


def test_text_that_has_no_encoding_is_kept_all_the_same(cache: Path) -> None:
    assert keep("hours-7", ".csv", "a\ud800\r\n").read_bytes() == b"a\\ud800\r\n"


def test_a_folder_that_cannot_be_written_is_one_line(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(*_: object) -> tuple[int, str]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pulumi_voice_routing.settings.tempfile.mkstemp", no_room)
    with pytest.raises(SettingsError, match=r"cannot be written \(No space left on device\)\. Set VOICE_ROUTING_CACHE"):
        keep("hours-7", ".csv", "text")


def test_a_name_of_an_object_is_no_name_of_a_file(cache: Path) -> None:
    for name in HOSTILE:
        Intent("ringcx:Destination", ("123456", "1000", name)).note()
    assert {file.parent for file in cache.parent.rglob("*") if file.is_file()} == {cache / "intents"}


# Files of the program


@pytest.fixture
def secret_file(tmp_path: Path) -> Path:
    file = tmp_path / "secret.txt"
    file.write_text("canary-of-a-file")
    return file


@pytest.mark.parametrize(
    "kind", [pulumi.FileAsset, pulumi.FileArchive, lambda path: pulumi.RemoteAsset(f"file://{path}")]
)
@pytest.mark.parametrize("token", ["ringcx:DnisPool", "ringcx:AllocationHours"])
def test_the_provider_opens_no_file(secret_file: Path, kind: Any, token: str) -> None:
    """An asset is read in the program, as what it declares; what reaches the provider as an asset is refused."""
    checked = registry.provider_for(token).check({}, {"file": kind(str(secret_file)), "profile": "123456/1000/1001"})
    assert any(failure.reason.startswith("file: ") for failure in checked.failures)
    assert "canary" not in repr([vars(failure) for failure in checked.failures])


@pytest.mark.parametrize(
    "asset",
    [
        pulumi.RemoteAsset("https://files.example.com/numbers.csv"),
        pulumi.RemoteAsset("file:///etc/passwd"),
        pulumi.FileArchive("/"),
        pulumi.AssetArchive({"numbers.csv": pulumi.StringAsset("dnis\n13035550100")}),
        pulumi.FileAsset("/nowhere/at/all.csv"),
        pulumi.FileAsset("/"),
    ],
    ids=["an address", "an address of a file", "a folder", "an archive", "a file that is not there", "no file"],
)
def test_only_files_that_can_be_read_are_files(asset: Any) -> None:
    with pytest.raises(pulumi.RunError, match=r"ringcx\.DnisPool 'pool': file"):
        ringcx.DnisPool("pool", file=asset)
