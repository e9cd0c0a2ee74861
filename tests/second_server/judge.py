"""Whether the second server's exchanges fit the contracts, but for what its ways are about."""

from __future__ import annotations

from functools import cache
from typing import Any

from tests.contracts.contract import Contract, Problem, load_contracts
from tests.second_server.answers import UNKNOWN_FIELD
from tests.second_server.ways import Ways

Entry = dict[str, Any]


@cache
def _contracts() -> dict[str, Contract]:
    return load_contracts() or {}


def violations(journal: list[Entry], ways: Ways) -> list[str]:
    """What the contracts do not allow, each once; nothing when they are not at hand."""
    found: dict[str, None] = {}
    for entry in journal:
        contract = _contracts().get(entry["vendor"])
        for problem in contract.problems(entry) if contract is not None else ():
            if not _is_meant(problem, ways, entry):
                found[f"{problem.call}: {problem.where}: {problem.text}"] = None
    return list(found)


def _is_meant(problem: Problem, ways: Ways, entry: Entry) -> bool:
    """Whether a way goes beyond the contract here on purpose."""
    name = problem.where.rpartition(".")[2].removesuffix("[]")
    if name == UNKNOWN_FIELD:  # whole objects are sent back with all that they showed
        return "extra_fields" in ways
    if problem.rule == "null":
        return "nulls" in ways
    if problem.rule == "type" and (name == "id" or name.endswith("Id")):
        return "ids_as_text" in ways
    if not problem.where.startswith(("body", "status", "response")):
        return False
    silent = entry["empty"] or entry["response"] is None
    return bool(silent and entry["status"] < 300 and {"silent_writes", "nobody_is_null", "nobody_is_empty"} & ways)
