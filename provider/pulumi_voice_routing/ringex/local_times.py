"""When a state or an interaction rule is for calls: hours and periods in the user's own time zone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal, Required, TypeAlias

from pulumi import Input
from pydantic import AfterValidator
from typing_extensions import TypedDict

from ..lifecycle import meaning as means
from .fields import Hours, Weekday

_LOCAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?", re.ASCII)


def local_moment(text: str) -> str:
    """A day and time without a zone, to the second. Raises ``ValueError`` with the way to write it."""
    if not _LOCAL.fullmatch(text):
        plain = re.sub(r"(\.\d+)?(Z|[+-]\d\d:?\d\d)?$", "", text)
        like = plain if _LOCAL.fullmatch(plain) else "2030-12-24T18:00:00"
        raise ValueError(
            f"{text!r} is no day and time without a zone; write it like {like}, in the user's own time: the vendor "
            "drops a zone, which would move the hours"
        )
    try:
        return datetime.fromisoformat(text).isoformat(timespec="seconds")
    except ValueError:
        raise ValueError(f"{text!r} is not in the calendar or on the clock") from None


LocalMoment: TypeAlias = Annotated[str, AfterValidator(local_moment), means.Hours()]
"""A day and time in the user's own time zone, such as ``2030-12-24T18:00:00``."""

LocalPeriod = TypedDict("LocalPeriod", {"from": Required[Input[LocalMoment]], "to": Required[Input[LocalMoment]]})
"""One stretch of time, from one moment to another."""


class StateSchedule(TypedDict, total=False):
    """When a state counts. One of these."""

    daily: Annotated[Hours, means.Hours()]
    """The same hours every day; ``{"from": "00:00", "to": "24:00"}`` is around the clock. Vendor: ``Daily``."""
    weekly: Annotated[dict[Weekday, Sequence[Hours]], means.Hours()]
    """Hours for each day of the week; a day that is left out has none. Vendor: ``Weekly``."""
    ranges: Annotated[Sequence[LocalPeriod], means.Hours()]
    """Single periods, in the user's own time. Vendor: ``Range``."""
    same_as: Annotated[Input[Literal["work-hours"]], means.Hours()]
    """For ``agent``: the hours of that state, whatever they are. Vendor: ``State``."""


class RuleSchedule(TypedDict, total=False):
    """When an interaction rule counts."""

    daily: Annotated[Hours, means.Hours()]
    """The same hours every day. Vendor: ``Daily``."""
    weekly: Annotated[dict[Weekday, Sequence[Hours]], means.Hours()]
    """Hours for each day of the week; a day that is left out has none. Vendor: ``Weekly``."""
    ranges: Annotated[Sequence[LocalPeriod], means.Hours()]
    """Single periods, in the user's own time. Vendor: ``Range``."""
    starts: Annotated[Input[LocalMoment], means.Hours()]
    """From when on all of this counts. Vendor: ``startDateTime``."""
    ends: Annotated[Input[LocalMoment], means.Hours()]
    """Until when all of this counts. Vendor: ``endDateTime``."""
