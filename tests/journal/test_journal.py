"""What the whole suite did to the emulator, judged afterwards: each operation was used, and all fits the contracts.

Run after the suite, as a second invocation: `pytest tests/journal`. The suite leaves its journals as `*.json` in the
folder that `VOICE_ROUTING_JOURNALS` names (default `build/journals`); each is an array of entries.
"""

import json
import os
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.contract import CONTRACTS_VARIABLE, FORGING_FAULTS, Contract, load_contracts

COVERED = {
    "CR": 21,
    "NM": 17,
    "HT": 21,
    "EX": 5,
    "RG": 4,
}
"""The operations that must have succeeded at least once: the prefix, and the last number of its range."""

SHOWN = 20


def _journal_entries() -> Iterator[dict[str, Any]]:
    for file in sorted(_folder().glob("*.json")):
        yield from json.loads(file.read_text(encoding="utf-8"))


def _folder() -> Path:
    return Path(os.environ.get("VOICE_ROUTING_JOURNALS", "build/journals"))


def report(problems: Counter[str]) -> str:
    """The distinct problems, most frequent first, one line each."""
    lines = [f"{line}  ({count}x)" for line, count in problems.most_common(SHOWN)]
    if len(problems) > SHOWN:
        lines.append(f"... and {len(problems) - SHOWN} more")
    return "\n".join([f"{len(problems)} distinct problems:", *lines])


@pytest.fixture(scope="module")
def entries() -> list[dict[str, Any]]:
    found = list(_journal_entries())
    assert found, f"no journal entries in {_folder().absolute()}: run the whole suite first"
    return found


@pytest.fixture(scope="module")
def succeeded(entries: list[dict[str, Any]]) -> set[str]:
    """The operations that were carried out and answered with 2xx."""
    honest = (entry for entry in entries if entry["fault"] not in FORGING_FAULTS)
    return {entry["operation"] for entry in honest if entry["status"] in range(200, 300)}


@pytest.mark.parametrize(
    "operation", [f"{prefix}-{number:02}" for prefix, last in COVERED.items() for number in range(1, last + 1)]
)
def test_operation_was_used_with_success(operation: str, succeeded: set[str]) -> None:
    if operation not in succeeded:
        pytest.fail(f"no 2xx answer to {operation} in any journal", pytrace=False)


@pytest.mark.filterwarnings("always::UserWarning")
def test_all_traffic_fits_the_contracts(entries: list[dict[str, Any]]) -> None:
    contracts = load_contracts()
    if contracts is None:
        pytest.skip(f"{CONTRACTS_VARIABLE} names no folder with the vendors' contracts to compare the traffic with")
    problems = Counter(
        f"{entry['operation']}  {problem.call}  {problem.where}: {problem.text}"
        for entry in entries
        for problem in contracts[entry["vendor"]].problems(entry)
    )
    if problems:
        pytest.fail(report(problems), pytrace=False)
    _warn_of_unused(contracts, {entry["vendor"] for entry in entries})


def _warn_of_unused(contracts: dict[str, Contract], vendors: set[str]) -> None:
    """Known differences that no traffic needed: either the suite misses a case, or the line has had its day."""
    lines = [
        f"{vendor} {difference.row or '-'}  {difference.where}: {difference.reason}"
        for vendor in sorted(vendors)
        for difference in contracts[vendor].unused
    ]
    if lines:
        warnings.warn("\n".join(["known differences that no traffic needed:", *lines]), stacklevel=1)
