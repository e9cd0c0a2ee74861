"""Run the program for every row of a table: one stack each, several at once, with one summary.

    python run.py up accounts.csv --at-once 4

What a run has done is in the summary file from the beginning on, so that `--resume` goes on after a run that was
killed: stacks that are through are left alone, and the lock of one that was at work is taken away with `pulumi cancel`.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pulumi import automation as auto

FOLDER = Path(__file__).parent
COLUMNS = ("stack", "account", "token", "line", "desk", "night")
SETTINGS = ("line", "desk", "night")
ONE_BY_ONE = threading.Lock()
"""For making stacks: the first one in a database makes its tables, and two at once would get in each other's way."""
PER_MINUTE = 120
"""The requests that RingCX allows an account in a minute."""


@dataclass
class Result:
    """What has become of a stack."""

    stack: str
    account: str
    operation: str
    state: str = "waiting"
    """`waiting`, `running`, `done`, `failed` or `locked`."""
    changes: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    why: str = ""
    runner: str = ""
    """The machine and the process that had it at work."""


class Summary:
    """The results, kept in a file from the beginning on."""

    def __init__(self, file: Path, rows: Sequence[dict[str, str]], operation: str) -> None:
        self.file, self.operation = file, operation
        self.results = {row["stack"]: Result(row["stack"], row["account"], operation) for row in rows}
        self._lock = threading.Lock()

    def before(self) -> dict[str, str]:
        """The state of each stack when the run before this one ended, however it ended. One that goes on is refused.

        What another operation has done is not done for this one.
        """
        try:
            known = json.loads(self.file.read_text(encoding="utf-8"))
            alive = next((one["runner"] for one in known if one["state"] == "running" and is_alive(one["runner"])), "")
            if alive:
                raise SystemExit(f"error: {self.file} is of a run that is at work still: {alive}")
            return {
                str(one["stack"]): str(one["state"])
                for one in known
                if one["state"] != "done" or one["operation"] == self.operation
            }
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SystemExit(f"error: {self.file} is no summary of a run: {error}") from None

    def note(self, result: Result) -> None:
        """Keep a result, and tell it."""
        with self._lock:
            self.results[result.stack] = result
            half = self.file.with_name(f"{self.file.name}.new")
            half.write_text(json.dumps([asdict(one) for one in self.results.values()], indent=2) + "\n", "utf-8")
            half.replace(self.file)
            if result.state != "waiting":
                print(f"{result.stack}: {result.state}{f': {result.why}' if result.why else ''}", flush=True)


def here() -> str:
    """This machine and process."""
    return f"{platform.node()} {os.getpid()}"


def is_alive(runner: str) -> bool:
    """Whether that process is at work on this machine; of another machine's nothing is known."""
    machine, _, process = runner.rpartition(" ")
    if machine != platform.node() or not process.isdigit():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def read_table(file: Path) -> list[dict[str, str]]:
    """The rows, each with all columns. Ends with one line when the table cannot be read."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            table = csv.DictReader(lines)
            missing = [name for name in COLUMNS if name not in (table.fieldnames or ())]
            rows = [{name: (row.get(name) or "").strip() for name in COLUMNS} for row in table]
    except (OSError, UnicodeError, csv.Error) as error:
        raise SystemExit(f"error: {file} cannot be read: {error}") from None
    problems = [f"there is no column {name}" for name in missing]
    twice = [name for name, count in Counter(row["stack"] for row in rows).items() if name and count > 1]
    problems += [f"stack {name!r} is there twice" for name in twice]
    problems += [f"stack {row['stack']!r} has no account" for row in rows if row["stack"] and not row["account"]]
    problems += [f"row {place} has no stack" for place, row in enumerate(rows, 1) if not row["stack"]]
    if problems:
        raise SystemExit(f"error: {file}: {'; '.join(problems)}")
    return rows


def shares(rows: Sequence[dict[str, str]], at_once: int, per_minute: int) -> dict[str, int]:
    """The requests a minute for each stack: those that share an account share what it allows, as far as they run at
    the same time."""
    stacks = Counter(row["account"] for row in rows)
    return {row["stack"]: max(1, per_minute // min(stacks[row["account"]], at_once)) for row in rows}


def environment(row: dict[str, str], share: int) -> dict[str, str]:
    """What the engine and the provider of one stack get to see; the rest is that of this process."""
    token = os.environ.get(row["token"], "")
    if not token:
        raise ValueError(f"{row['token'] or 'the column token'} is not set")
    return {
        "RINGCX_ACCOUNT_ID": row["account"],
        "RINGCX_ACCESS_TOKEN": token,
        "RINGCX_REQUESTS_PER_MINUTE": str(share),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }


def run(operation: str, row: dict[str, str], share: int, *, was_running: bool, parallel: int) -> Result:
    """Run one stack to its end."""
    result, began = Result(row["stack"], row["account"], operation), time.monotonic()
    try:
        options = auto.LocalWorkspaceOptions(env_vars=environment(row, share))
        with ONE_BY_ONE:
            stack = opened(row["stack"], options)
        if was_running:
            stack.cancel()
        values = {f"many-accounts:{name}": auto.ConfigValue(row[name]) for name in SETTINGS if row[name]}
        stack.set_all_config(values)
        if operation == "preview":
            result.changes = counted(stack.preview(parallel=parallel).change_summary)
        elif operation == "up":
            result.changes = counted(stack.up(parallel=parallel).summary.resource_changes)
        else:
            result.changes = counted(stack.destroy(parallel=parallel).summary.resource_changes)
        result.state = "done"
    except auto.ConcurrentUpdateError:
        result.state = "locked"
        result.why = f"another run is at work, or was killed; if none is: pulumi cancel --stack {row['stack']}"
    except (auto.CommandError, ValueError, OSError) as error:
        result.state, result.why = "failed", reason(str(error))
    result.seconds = round(time.monotonic() - began, 1)
    return result


def opened(name: str, options: auto.LocalWorkspaceOptions) -> auto.Stack:
    """A stack, made if it is not there."""
    try:
        return auto.create_or_select_stack(name, work_dir=str(FOLDER), opts=options)
    except auto.CommandError as error:
        if "failed to create table" not in str(error):
            raise
    # The run of another process made the tables of an empty database at the same moment. Now they are there.
    return auto.create_or_select_stack(name, work_dir=str(FOLDER), opts=options)


def counted(changes: Mapping[Any, int] | None) -> dict[str, int]:
    """How many resources each operation was for."""
    return {str(getattr(operation, "value", operation)): count for operation, count in (changes or {}).items()}


def reason(said: str) -> str:
    """The first error among all that the engine has said, in one line."""
    errors = [line.partition("error: ")[2] for line in said.splitlines() if "error: " in line]
    return re.sub(r"\s+", " ", (errors or [said])[0]).strip()[:300]


def table(results: Sequence[Result]) -> Iterator[str]:
    """The summary, a line for each stack."""
    yield f"{'stack':<20} {'account':<12} {'state':<8} {'seconds':>7}  changes"
    for one in results:
        changes = ", ".join(f"{count} {op}" for op, count in sorted(one.changes.items())) or one.why
        yield f"{one.stack:<20} {one.account:<12} {one.state:<8} {one.seconds:>7}  {changes}"


def positive(said: str) -> int:
    """A number of the command line. Raises :class:`ValueError` for one that is less than 1."""
    if int(said) < 1:
        raise ValueError(said)
    return int(said)


def main() -> int:
    """The command line; 0 when all stacks are done, 1 when not."""
    line = argparse.ArgumentParser(description="Run the program for every row of a table.")
    line.add_argument("operation", choices=("preview", "up", "destroy"))
    line.add_argument("table", type=Path, help=f"a CSV file with {', '.join(COLUMNS)}; token names a variable")
    line.add_argument("--at-once", type=positive, default=4, help="so many stacks run at the same time")
    line.add_argument("--parallel", type=positive, default=8, help="so many resources of a stack")
    line.add_argument("--per-minute", type=positive, default=PER_MINUTE, help="the requests that an account allows")
    line.add_argument("--summary", type=Path, default=Path("summary.json"), help="where the results are kept")
    line.add_argument("--resume", action="store_true", help="go on after a run that was killed or failed")
    options = line.parse_args()
    rows = read_table(options.table)
    if options.summary.is_dir() or not options.summary.absolute().parent.is_dir():
        raise SystemExit(f"error: {options.summary} cannot be written: name a file in a folder that is there")
    summary = Summary(options.summary, rows, options.operation)
    before = summary.before() if options.resume else {}
    rate = shares(rows, options.at_once, options.per_minute)
    waiting = [row for row in rows if before.get(row["stack"]) != "done"]
    for row in rows:
        if row not in waiting:
            summary.results[row["stack"]].state = "done"

    def one(row: dict[str, str]) -> None:
        was_running = before.get(row["stack"]) in ("running", "locked")
        summary.note(Result(row["stack"], row["account"], options.operation, "running", runner=here()))
        summary.note(
            run(options.operation, row, rate[row["stack"]], was_running=was_running, parallel=options.parallel)
        )

    with ThreadPoolExecutor(max(1, options.at_once)) as pool:
        list(pool.map(one, waiting))
    results = list(summary.results.values())
    print("\n".join(table(results)))
    return 0 if all(one.state == "done" for one in results) else 1


if __name__ == "__main__":
    sys.exit(main())
