"""Approvals written from a report, so that they name exactly what was found."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from ...errors import DeclarationError, SettingsError, one_line
from ...permission.approvals import Approvals, Change
from ...permission.needed import NOT_KNOWN
from ...telephony.number import as_declared
from ...text_files import UnreadableText, in_encoding_of, read_whole, text_of
from ...toml_entries import with_zone
from .document import VERSION
from .entry import Entry, toml

LONGEST_DAYS = 90
"""A permission that lasts longer is forgotten."""


def read_report(path: Path) -> Mapping[str, Any]:
    """The findings that ``voice-routing gate --format json`` wrote. Raises :class:`DeclarationError`."""
    try:
        report = json.loads(read_whole(path))
    except (OSError, ValueError, RecursionError) as error:
        raise DeclarationError(f"report: {path} cannot be read as JSON: {one_line(str(error))}") from None
    findings = report.get("findings") if isinstance(report, dict) and report.get("version") == VERSION else None
    if not isinstance(findings, list) or not all(map(_whole, findings)):
        raise DeclarationError(
            f"report: {path} is no report of this version; write one with `voice-routing gate --format json`"
        )
    return {"findings": findings}


def _whole(finding: Any) -> bool:
    texts = ("rule", "object", "from", "to")
    return isinstance(finding, dict) and all(isinstance(finding.get(name), str) for name in texts)


def objects_of(report: Mapping[str, Any], rule: str) -> list[str]:
    """Everything that a rule found something about. Raises :class:`DeclarationError` when that is nothing."""
    found = [one["object"] for one in report["findings"] if one["rule"] == rule]
    if not found:
        raise DeclarationError(f"approve: {rule} did not find anything in this report")
    return found


def entries(report: Mapping[str, Any], rule: str, objects: Sequence[str]) -> list[Entry]:
    """The entries that permit what a rule found about objects. Raises :class:`DeclarationError`."""
    found: dict[tuple[str, str], list[str]] = {}
    for name in dict.fromkeys(objects):
        there = [
            one
            for one in report["findings"]
            if one["rule"] == rule and one["object"] in (name, as_declared(name))  # a number in whatever form
        ]
        if not there:
            told = sorted({str(one["object"]) for one in report["findings"] if one["rule"] == rule})
            shown = f"; it found {', '.join(told[:5])}" if told else ""
            raise DeclarationError(f"approve: {rule} did not find anything about {name!r} in this report{shown}")
        for one in there:
            if not all(one[part].strip() for part in ("object", "from", "to")):
                raise DeclarationError(
                    f"approve: what {rule} found has no object, from or to, so that no approval can name it"
                )
            if NOT_KNOWN in (one["from"], one["to"]):
                raise DeclarationError(
                    f"approve: {name} would go to what is not known yet, which no approval can name: make it in one "
                    "up, and change this in the next"
                )
            if one.get("approval") is None:
                found.setdefault((one["from"], one["to"]), []).append(one["object"])
    if not found:
        raise DeclarationError(f"approve: all that {rule} found about {', '.join(objects)} is approved already")
    return [Entry(rule, tuple(names), from_, to) for (from_, to), names in found.items()]


def add(path: Path, new: Sequence[Entry], *, reason: str, ticket: str, until: date, today: date) -> str:
    """Write entries at the end of a file, of which nothing else changes, and return them as they are written.

    Raises :class:`DeclarationError` for a day that has passed or is too far away, for an empty reason or ticket and
    for what is permitted already, and :class:`SettingsError` when the file is none of approvals.
    """
    if not today <= until <= today + timedelta(days=LONGEST_DAYS):
        raise DeclarationError(
            f"approve: until must be from {today} to {with_zone(today + timedelta(days=LONGEST_DAYS))}, not {until}"
        )
    said = {"reason": one_line(reason), "ticket": one_line(ticket)}
    for name, value in said.items():
        if not value:
            raise DeclarationError(f"approve: {name} must say something")
    there = Approvals.read(path) if path.exists() else Approvals()
    for entry in new:
        for name in entry.objects:
            if there.covering(Change(entry.rule, name, entry.from_, entry.to), today):
                raise DeclarationError(f"approve: {path} permits {entry.rule} for {name} already")
    text = "\n".join(toml(entry, said["reason"], said["ticket"], until) for entry in new)
    _append(path, text)
    return text


def _append(path: Path, text: str) -> None:
    """Whole or not at all: the file is put in place when it has been read as approvals."""
    real = path.resolve()
    before = real.read_bytes() if real.exists() else b""
    there = _text_there(path, before)
    line_end = "\r\n" if "\r\n" in there else "\n"
    gap = line_end * (0 if not there else 1 if there.endswith("\n") else 2)
    whole = before + in_encoding_of(before, gap + text.replace("\n", line_end))
    try:
        handle, name = tempfile.mkstemp(dir=real.parent, prefix=".approvals-", suffix=".toml")
        written = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(whole)
            _require_approvals(written, path)
            written.chmod(real.stat().st_mode & 0o777 if before else 0o644)
            written.replace(real)
        finally:
            with suppress(FileNotFoundError):
                written.unlink()
    except OSError as error:
        raise DeclarationError(f"approve: {path} cannot be written: {error.strerror or error}") from None


def _text_there(path: Path, content: bytes) -> str:
    try:
        return text_of(content)
    except UnreadableText as error:
        raise DeclarationError(f"approve: {path} cannot be read: {error}") from None


def _require_approvals(written: Path, path: Path) -> None:
    try:
        Approvals.read(written)
    except SettingsError:
        raise DeclarationError(
            f"approve: nothing can be added to {path} as it is; write its entries as [[approval]], then try again"
        ) from None
