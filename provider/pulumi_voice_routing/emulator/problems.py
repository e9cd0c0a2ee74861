"""Why a call is refused, in terms that every vendor can put into its own error body."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FieldProblem:
    """One field of a request that was not accepted. `value` is what was sent; leave it out for secrets."""

    attribute: str
    message: str
    value: Any = None


class Problem(Exception):
    """A call is refused. `code` is the vendor's error code where one is fixed; without it the status decides."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str | None = None,
        fields: Iterable[FieldProblem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.fields = tuple(fields)
        self.headers = dict(headers or {})


def invalid(attribute: str, message: str, value: Any = None) -> Problem:
    """400 for one field."""
    return invalid_fields([FieldProblem(attribute, message, value)])


def invalid_fields(fields: Iterable[FieldProblem]) -> Problem:
    """400 for several fields at once."""
    fields = tuple(fields)
    return Problem(400, "; ".join(f"{field.attribute}: {field.message}" for field in fields), fields=fields)


def not_found(what: str) -> Problem:
    """404; `what` names the object that is not there."""
    return Problem(404, f"{what} does not exist here")


def conflict(message: str) -> Problem:
    """409."""
    return Problem(409, message)
