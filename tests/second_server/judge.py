"""Whether the second server's exchanges fit the contracts, but for what its ways are about."""

from __future__ import annotations

from functools import cache
from typing import Any

from tests.contracts.contract import Contract, Problem, load_contracts
from tests.second_server.answers import UNKNOWN_FIELD
from tests.second_server.portsip import PROVIDER
from tests.second_server.ways import Ways

Entry = dict[str, Any]

ADDED_FIELDS = {UNKNOWN_FIELD, *PROVIDER}


@cache
def _contracts() -> dict[str, Contract]:
    return load_contracts() or {}


def contracts_at_hand() -> bool:
    """Whether there is anything to judge by."""
    return bool(_contracts())


def violations(journal: list[Entry], ways: Ways) -> list[str]:
    """What the contracts do not allow, each once; nothing when they are not at hand."""
    found: dict[str, None] = {}
    for entry in journal:
        contract = _contracts().get(entry["vendor"])
        for problem in contract.problems(_as_meant(entry, ways)) if contract is not None else ():
            if not _is_meant(problem, ways, entry):
                found[f"{problem.call}: {problem.where}: {problem.text}"] = None
    return list(found)


def _as_meant(entry: Entry, ways: Ways) -> Entry:
    """The exchange without what its ways add to each object. Whole objects are sent back with all that they showed."""
    sent = _plain(entry["request"], ways - {"nulls"})
    return {**entry, "request": sent, "response": _plain(entry["response"], ways)}


def _plain(value: Any, ways: Ways) -> Any:
    if isinstance(value, list):
        return [_plain(one, ways) for one in value]
    if not isinstance(value, dict):
        return value
    one = {name: _plain(inner, ways) for name, inner in value.items()}
    if "extra_fields" in ways:
        one = {name: inner for name, inner in one.items() if name not in ADDED_FIELDS}
    if "nulls" in ways:
        one = {name: inner for name, inner in one.items() if inner is not None}
    if "ids_as_numbers" in ways and isinstance(one.get("id"), int):
        one["id"] = str(one["id"])
    return one


def _is_meant(problem: Problem, ways: Ways, entry: Entry) -> bool:
    """Whether a way goes beyond the contract here on purpose."""
    name = problem.where.rpartition(".")[2].removesuffix("[]")
    if problem.rule == "type" and (name == "id" or name.endswith("Id")):
        return "ids_as_text" in ways
    if problem.rule == "format" and (name == "id" or name.endswith("Id")):
        return True  # servers count further than a contract's int32 does
    if not problem.where.startswith(("body", "status", "response")):
        return False
    if problem.call.endswith("/features"):
        return "features_unwrapped" in ways
    if problem.call.endswith("/tnManager/search"):
        return "array" in ways
    if problem.call.endswith(
        "GET /restapi/v2/accounts/{accountId}/extensions/{extensionId}/comm-handling/voice/interaction-rules"
    ):
        return "summaries" in ways and name in ("dispatching", "dispatchingRef")
    written = entry["status"] < 300 and entry["method"] != "GET"
    if written and problem.rule == "undeclared":
        return "silent_writes" in ways
    if written and problem.rule == "missing" and problem.where.startswith("response"):
        shown = entry["response"]
        null = "nulls" in ways and isinstance(shown, dict) and name in shown  # a secret, which no answer shows
        return null or "bare_writes" in ways
    silent = entry["empty"] or entry["response"] is None
    return bool(silent and entry["status"] < 300 and {"silent_writes", "nobody_is_null", "nobody_is_empty"} & ways)
