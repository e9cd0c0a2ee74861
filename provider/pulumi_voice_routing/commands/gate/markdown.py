"""The verdict as a comment on a pull request.

It shows names that anybody may have chosen. They are written so that they stay text: no tag, no table cell, no link
and no mention comes out of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...errors import one_line
from ...markdown_text import LONGEST, escaped
from ..impact_report import as_markdown
from ..naming import Names
from ..pull_request import drawing, fitting, folded, sentences, size_of
from .document import type_of
from .phrases import approving, callers, entries, headline, permitted_by, together, would_be
from .verdict import Finding, Verdict

_MOST_NUMBERS = 50
_LONGEST_NAME, _LONGEST_HOW = 200, 2000


def markdown(verdict: Verdict) -> str:
    """The comment; empty when nothing changes and there is nothing to say."""
    if verdict.empty:
        return ""
    first = " ".join(filter(None, [callers(verdict), f"Phone routing: {headline(verdict)}"]))
    head = [f"### {escaped(one_line(first))}", ""]
    end = [*_how(verdict), "", f"Plan `{verdict.plan.hash}`", ""]
    body = fitting(list(_body(verdict)), LONGEST - size_of([*head, *end]), "the report as JSON or text")
    return "\n".join([*head, *body, *end])


def _stack(verdict: Verdict) -> str:
    stack, project = (escaped(name[:_LONGEST_NAME]) for name in (verdict.plan.stack, verdict.plan.project))
    return f"Stack **{stack}** of **{project}**"


def _body(verdict: Verdict) -> Iterator[str]:
    if verdict.impacts:
        yield from (*sentences(verdict.impacts, Names(*reversed(verdict.routings))), "")
    yield f"{_stack(verdict)}: {escaped(would_be(verdict))}."
    yield from _section("Refused", [_line(one, more, one.missing) for one, more in together(verdict.refused)])
    yield from _section(
        "Policy packs",
        [f"**{escaped(one.policy)}** ({escaped(one.level)}): {escaped(one.message)}" for one in verdict.policies],
    )
    yield from _section("Warnings", [_line(one, more, "") for one, more in together(verdict.advice)])
    yield from _section("Approved", [_line(one, more, permitted_by(one)) for one, more in together(verdict.approved)])
    yield from drawing(verdict.plan)
    yield from folded("Where calls end, before and after", list(_impacts(verdict)))
    yield from folded("Notes", [f"- {escaped(note)}" for note in verdict.notes])
    if verdict.changed:
        rows = [
            f"| {escaped(step.op)} | {escaped(type_of(step.urn))} | {_name(step.urn)} |" for step in verdict.changed
        ]
        yield from folded(f"{len(rows)} resources", ["| | Type | Name |", "|---|---|---|", *rows])


def _impacts(verdict: Verdict) -> Iterator[str]:
    yield from as_markdown(verdict.impacts[:_MOST_NUMBERS]).splitlines()
    if len(verdict.impacts) > _MOST_NUMBERS:
        yield from ("", f"and {len(verdict.impacts) - _MOST_NUMBERS} more, which the report as JSON has")


def _name(urn: str) -> str:
    return escaped(urn.rpartition("::")[2])


def _section(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield from ("", f"**{title}**", "")
        yield from (f"- {line}" for line in lines)


def _line(one: Finding, more: str, why: str) -> str:
    where = f" ({escaped(one.source.replace('#', ':'))})" if one.source else ""
    because = f" ({escaped(why)})" if why else ""
    return f"**{escaped(one.rule.name)}**: {escaped(one.message + more)}{where}{because}"


def _how(verdict: Verdict) -> list[str]:
    how = approving(verdict)
    toml = entries(verdict)
    block = [
        "",
        "Or fill in reason and ticket, and add it to the file of approvals:",
        "",
        "```toml",
        toml.rstrip(),
        "```",
    ]
    return [
        *(["", escaped(how)] if 0 < len(how) <= _LONGEST_HOW else []),
        *(block if 0 < len(toml) <= _LONGEST_HOW else []),
    ]
