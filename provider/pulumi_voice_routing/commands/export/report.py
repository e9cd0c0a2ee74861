"""What was found, exported and left out, by type; and the files that say so beside the program."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ...errors import some_of
from ...markdown_text import escaped
from .account import Account
from .program import Program


def lines(account: Account) -> Iterator[str]:
    """What the command prints when it is done."""
    yield f"{'type':<34}{'found':>7}{'exported':>10}  left out"
    for token, count in sorted(account.counts.items()):
        if count.found or count.why_none:
            why = "; ".join(one for one in (some_of(count.left_out, 3), count.why_none) if one)
            yield f"{token:<34}{count.found:>7}{count.exported:>10}  {why}".rstrip()
    none = sorted(token for token, count in account.counts.items() if not count.found and not count.why_none)
    if none:
        yield f"none there: {', '.join(none)}"
    for vendor, why in sorted(account.vendors_without_settings.items()):
        yield f"{vendor} left out: {why}"
    for failure in account.failures:
        yield f"cannot be read: {failure}"
    yield f"coverage: {account.coverage:.4g} %"


def commands(program: Program) -> list[str]:
    """What sets the secrets that no vendor shows."""
    return [f"pulumi config set --secret {key}" for key in sorted(program.secrets.values())]


def settings(name: str) -> str:
    """The project's ``Pulumi.yaml``."""
    return f'name: "{name[:100]}"\nruntime: python\ndescription: The phone routing of a living account\n'


def readme(program: Program) -> str:
    """The folder's ``README.md``."""
    account = program.account
    said = [
        f"# {program.name}",
        "",
        "The phone routing of a living account, as `voice-routing export` has read it. Each module declares a family",
        "of objects; tables hold what is long. `guard()` in `__main__.py` protects numbers that callers reach.",
        "",
    ]
    if program.secrets:
        said += ["No vendor shows secrets. Set them once, each to the value that is in use:", ""]
        said += [*(f"    {line}" for line in commands(program)), ""]
    said += [
        "`voice-routing export --adopt` enters the objects into a stack without a write to the vendors.",
        "`pulumi preview` is empty then.",
        "",
        "| Type | Found | Exported |",
        "|---|---|---|",
    ]
    for token, count in sorted(account.counts.items()):
        if count.found:
            said.append(f"| `{token}` | {count.found} | {count.exported} |")
    left_out = [one for _, count in sorted(account.counts.items()) for one in count.left_out]
    if left_out or account.failures:
        said += ["", "Left out:", "", *(f"- {escaped(one)}" for one in sorted({*left_out, *account.failures}))]
    return "\n".join(said) + "\n"


def as_json(account: Account) -> str:
    """The report for other programs."""
    types = {
        token: {"found": count.found, "exported": count.exported, "left_out": count.left_out, "why": count.why_none}
        for token, count in sorted(account.counts.items())
    }
    said = {"types": types, "failures": account.failures, "coverage": round(account.coverage, 2)}
    return json.dumps(said, indent=2) + "\n"
