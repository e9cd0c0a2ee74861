"""What was found, exported and left out, by type; and the files that say so beside the program."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from ...errors import some_of
from ...markdown_text import escaped
from .account import Account
from .program import Program


def lines(account: Account) -> Iterator[str]:
    """What the command prints when it is done."""
    yield f"{'type':<34}{'found':>7}{'exported':>10}  left out"
    for token, count in sorted(account.counts.items()):
        if count.found or count.why_none:
            why = some_of(count.left_out, 3) if count.found else count.why_none
            yield f"{token:<34}{count.found:>7}{count.exported:>10}  {why}".rstrip()
    none = sorted(token for token, count in account.counts.items() if not count.found and not count.why_none)
    if none:
        yield f"none there: {', '.join(none)}"
    for vendor, why in sorted(account.vendors_without_settings.items()):
        yield f"{vendor} left out: {why}"
    for token, count in sorted(account.counts.items()):
        yield from (f"no type for {token} {one}" for one in count.apart)
    for failure in account.failures:
        yield f"cannot be read: {failure}"
    yield f"coverage: {account.coverage:.4g} %{' of what could be read' if account.failures else ''}"


def commands(program: Program) -> list[str]:
    """What sets the secrets that no vendor shows."""
    return [f"pulumi config set --secret {key}" for key in sorted(program.secrets.values())]


def settings(name: str) -> str:
    """The project's ``Pulumi.yaml``."""
    return f'name: "{name[:100]}"\nruntime: python\ndescription: The phone routing of a living account\n'


def readme(program: Program, wrong: Sequence[str] = ()) -> str:
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
        *(_elsewhere(program) if program.portable else _adopted()),
        "",
        "| Type | Found | Exported |",
        "|---|---|---|",
    ]
    for token, count in sorted(account.counts.items()):
        if count.found:
            said.append(f"| `{token}` | {count.found} | {count.exported} |")
    apart = [one for _, count in sorted(account.counts.items()) for one in count.apart]
    if apart:
        said += ["", "No type of the package is for these:", "", *(f"- {escaped(one)}" for one in apart)]
    left_out = [one for _, count in sorted(account.counts.items()) for one in count.left_out]
    if left_out or account.failures:
        said += ["", "Left out:", "", *(f"- {escaped(one)}" for one in sorted({*left_out, *account.failures}))]
    if wrong:
        said += ["", "What is wrong in the account, and stays so until somebody mends it:", ""]
        said += [f"- {escaped(line)}" for line in wrong]
    return "\n".join(said) + "\n"


def _adopted() -> list[str]:
    return [
        "`voice-routing export DIR --adopt`, with this folder as `DIR`, enters the objects into a stack without a",
        "write to the vendors. `pulumi preview` is empty then.",
    ]


def _elsewhere(program: Program) -> Iterator[str]:
    yield "This program holds no ids. It brings all of it up once more, in the account that the settings lead to:"
    yield "set what is named below, and run `pulumi up`."
    looked_up = sorted(f"{one.kind} {one.label!r}" for one in program.objects if one.found_by and one in program.used)
    keys = list(program.outside.commands())
    if keys:
        yield from (
            "",
            "No program makes these; say which ones the account has:",
            "",
            *(f"    {line}" for line in keys),
        )
    if looked_up or program.outside.looked_up:
        yield from ("", "Every account has these from the start. They are looked up, and stay as they are:", "")
        yield from (f"- {escaped(one)}" for one in looked_up)
        yield from (f"- `{one}`" for one in sorted(program.outside.looked_up))
    yield from (
        "",
        "Numbers are those of the account that was read: put the ones of the other account in their place. Extensions",
        "that are named by their numbers, built-in rules and states, and tracking groups must be there, under the same",
        "names. One `Activation` switches on what takes calls, when all of it is there; it gets its numbers then.",
        "Where the vendor had two objects of one name, one got another name: a program tells them apart by it.",
    )


def as_json(account: Account, wrong: Sequence[str] = ()) -> str:
    """The report for other programs."""
    types = {
        token: {
            "found": count.found,
            "exported": count.exported,
            "left_out": count.left_out,
            "apart": count.apart,
            "why": "" if count.found else count.why_none,
        }
        for token, count in sorted(account.counts.items())
    }
    said = {"types": types, "failures": account.failures, "coverage": round(account.coverage, 2), "advice": list(wrong)}
    return json.dumps(said, indent=2) + "\n"
